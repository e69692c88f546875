//! Expressions: literals, operators, templates, conditionals.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::convert::{cast, to_bool, to_number, to_text};
use super::evaluator::Evaluator;
use super::fault::{Eval, Fault, MAX_TEXT, error};
use super::functions;
use super::scope::Scope;
use super::syntax::{Expr, Kind, Part};
use super::types::{Type, unify};
use crate::graph::{Map, Node, Number, Value};
use crate::source::Span;
use crate::unknown::{Form, Operand, Symbol};

impl Evaluator<'_> {
    /// Evaluates an expression.
    pub(super) fn eval(&self, expr: &Expr, scope: &Scope) -> Eval {
        self.budget.spend(1)?;
        self.budget.nested(|| self.eval_kind(expr, scope))
    }

    fn eval_kind(&self, expr: &Expr, scope: &Scope) -> Eval {
        match &expr.kind {
            Kind::Literal(value) => Ok(value.clone()),
            Kind::Parenthesis(inner) => self.eval(inner, scope),
            Kind::Name(name) => super::access::bare_name(name, scope),
            Kind::Access(base, steps) => self.access(base, steps, scope, expr.span),
            Kind::List(items) => self.list(items, scope),
            Kind::Object(items) => self.object(items, scope, expr.span),
            Kind::Template(parts) => self.template(parts, scope, expr.span),
            Kind::Conditional(arms) => self.conditional(arms, scope, expr.span),
            Kind::Unary(sign, operand) => self.unary(sign, operand, scope, expr.span),
            Kind::Binary(sign, operands) => self.binary(sign, operands, scope, expr.span),
            Kind::Call { name, arguments, expand } => {
                self.function(name, arguments, *expand, scope, expr.span)
            }
            Kind::For(it) => self.for_expr(it, scope, expr.span),
        }
    }

    fn list(&self, items: &[Expr], scope: &Scope) -> Eval {
        let mut out = Vec::with_capacity(items.len());
        for item in items {
            out.push(Node::new(self.eval(item, scope)?, item.span));
        }
        self.budget.fits(Value::list(out))
    }

    fn object(&self, items: &[(Expr, Expr)], scope: &Scope, span: Span) -> Eval {
        let mut entries = BTreeMap::new();
        let mut open = Vec::new();
        for (key, value) in items {
            let key_value = self.eval(key, scope)?;
            let node = Node::new(self.eval(value, scope)?, value.span);
            match to_text(&key_value)? {
                Some(key) => {
                    entries.insert(key, node);
                }
                None => open.extend([key_value.operand(), node.value.operand()]),
            }
        }
        let rest = (!open.is_empty()).then(|| self.call("{}", open, span));
        self.budget.fits(Value::Map(Arc::new(Map {
            uniform: false,
            entries: entries.into_iter().collect(),
            rest,
        })))
    }

    fn conditional(&self, arms: &[Expr; 3], scope: &Scope, span: Span) -> Eval {
        let [condition, then, otherwise] = arms;
        let value = self.eval(condition, scope)?;
        if let Some(known) = to_bool(&value)? {
            let (taken, other) = if known { (then, otherwise) } else { (otherwise, then) };
            let result = self.eval(taken, scope)?;
            // Only its type matters; what has none (or is too large) fits any.
            let other = self.eval(other, scope).unwrap_or(Value::Null);
            return self.alike(result, &other, span);
        }
        let then = self.arm(then, scope)?;
        let otherwise = self.arm(otherwise, scope)?;
        let (then, otherwise) =
            (self.alike(then.clone(), &otherwise, span)?, self.alike(otherwise, &then, span)?);
        if functions::same(&then, &otherwise) {
            return Ok(then);
        }
        Ok(self.call_value("?:", &[value, then, otherwise], span))
    }

    /// An arm of a conditional as the type that both arms have in common.
    fn alike(&self, arm: Value, other: &Value, span: Span) -> Eval {
        let kinds = [Type::of(&arm), Type::of(other)];
        if kinds.iter().any(|kind| matches!(kind, Type::Any)) {
            return Ok(arm);
        }
        match unify(&kinds) {
            Some(kind) => self.budget.fits(cast(&arm, &kind, span)?),
            // What is open may be of another type than it seems.
            None if !arm.is_known() || !other.is_known() => Ok(arm),
            None => error("the arms of a conditional must have the same type"),
        }
    }

    /// An arm that may not be taken: an error in it is an open value.
    fn arm(&self, expr: &Expr, scope: &Scope) -> Eval {
        match self.eval(expr, scope) {
            Err(fault @ Fault::Error(_)) => Ok(self.faulty(expr.span, fault)),
            other => other,
        }
    }

    fn unary(&self, sign: &str, operand: &Expr, scope: &Scope, span: Span) -> Eval {
        let value = self.eval(operand, scope)?;
        let known = match sign {
            "!" => to_bool(&value)?.map(|known| Value::Bool(!known)),
            _ => to_number(&value)?.map(|known| Value::number(known.neg())),
        };
        Ok(known.unwrap_or_else(|| self.call_value(sign, &[value], span)))
    }

    fn binary(&self, sign: &str, operands: &[Expr; 2], scope: &Scope, span: Span) -> Eval {
        let [left_expr, right_expr] = operands;
        let left = self.eval(left_expr, scope)?;
        if matches!(sign, "&&" | "||") {
            let decides = sign == "||";
            let left_known = to_bool(&left)?;
            if left_known == Some(decides) {
                return Ok(Value::Bool(decides));
            }
            let right = self.eval(right_expr, scope)?;
            return Ok(match (left_known, to_bool(&right)?) {
                (_, Some(known)) if known == decides => Value::Bool(decides),
                (Some(_), Some(known)) => Value::Bool(known),
                (Some(_), None) => right,
                (None, Some(_)) => left,
                (None, None) if left == right => left,
                (None, None) => self.call_value(sign, &[left, right], span),
            });
        }
        let right = self.eval(right_expr, scope)?;
        let known = match sign {
            "==" => functions::equal(&left, &right).map(Value::Bool),
            "!=" => functions::equal(&left, &right).map(|equal| Value::Bool(!equal)),
            _ => arithmetic(sign, &left, &right)?,
        };
        Ok(known.unwrap_or_else(|| self.call_value(sign, &[left, right], span)))
    }

    fn template(&self, parts: &[Part], scope: &Scope, span: Span) -> Eval {
        let mut pieces = Vec::new();
        self.template_parts(parts, scope, span, &mut pieces)?;
        Ok(match pieces.as_slice() {
            [] => Value::string(""),
            [Operand::Text(text)] => Value::String(Arc::clone(text)),
            [Operand::Symbol(symbol)] => Value::Unknown(symbol.clone()),
            _ => Value::Unknown(self.call("template", pieces, span)),
        })
    }

    fn template_parts(
        &self,
        parts: &[Part],
        scope: &Scope,
        span: Span,
        pieces: &mut Vec<Operand>,
    ) -> Eval<()> {
        for part in parts {
            self.budget.spend(1)?;
            match part {
                Part::Text(text) => self.push_text(pieces, text)?,
                Part::Value(expr) => {
                    let value = self.eval(expr, scope)?;
                    self.push_piece(pieces, &value)?;
                }
                Part::If { condition, then, otherwise } => {
                    let condition = self.eval(condition, scope)?;
                    match to_bool(&condition)? {
                        Some(true) => self.template_parts(then, scope, span, pieces)?,
                        Some(false) => self.template_parts(otherwise, scope, span, pieces)?,
                        None => {
                            let then = self.template(then, scope, span)?;
                            let otherwise = self.template(otherwise, scope, span)?;
                            let value = self.call_value("?:", &[condition, then, otherwise], span);
                            self.push_piece(pieces, &value)?;
                        }
                    }
                }
                Part::For { key_name, value_name, collection, body } => {
                    let names = (key_name.as_ref(), value_name);
                    self.template_loop(names, collection, body, scope, pieces)?;
                }
            }
        }
        Ok(())
    }

    fn template_loop(
        &self,
        (key_name, value_name): (Option<&Arc<str>>, &Arc<str>),
        collection: &Expr,
        body: &[Part],
        scope: &Scope,
        pieces: &mut Vec<Operand>,
    ) -> Eval<()> {
        let span = collection.span;
        let value = self.force(self.eval(collection, scope)?);
        let (items, rest) = self.elements(&value, scope, collection)?;
        for (key, item) in items {
            let mut inner = scope.with(value_name, item.value);
            if let Some(key_name) = key_name {
                inner = inner.with(key_name, key);
            }
            self.template_parts(body, &inner, span, pieces)?;
        }
        if let Some((whole, key, value)) = rest {
            let mut inner = scope.with(value_name, value);
            if let Some(key_name) = key_name {
                inner = inner.with(key_name, key);
            }
            let text = self.template(body, &inner, span)?;
            let operands = vec![Operand::Symbol(whole), text.operand()];
            self.push_piece(pieces, &Value::Unknown(self.call("%{for}", operands, span)))?;
        }
        Ok(())
    }

    fn push_piece(&self, pieces: &mut Vec<Operand>, value: &Value) -> Eval<()> {
        if let Some(text) = to_text(value)? {
            return self.push_text(pieces, &text);
        }
        let Value::Unknown(symbol) = value else { return Ok(()) };
        match symbol.form() {
            // A template within a template is one template.
            Form::Call { function, operands } if &**function == "template" => {
                for operand in operands {
                    match operand {
                        Operand::Text(text) => self.push_text(pieces, text)?,
                        other => pieces.push(other.clone()),
                    }
                }
            }
            _ => pieces.push(Operand::Symbol(symbol.clone())),
        }
        Ok(())
    }

    fn push_text(&self, pieces: &mut Vec<Operand>, text: &Arc<str>) -> Eval<()> {
        if text.is_empty() {
            return Ok(());
        }
        self.budget.spend(text.len() / 4)?;
        if let Some(Operand::Text(last)) = pieces.last_mut() {
            if last.len() + text.len() > MAX_TEXT {
                return Err(Fault::Budget);
            }
            *last = format!("{last}{text}").into();
        } else {
            pieces.push(Operand::Text(Arc::clone(text)));
        }
        Ok(())
    }

    /// A symbol for an element of a collection nobody can list, told apart by loop depth.
    pub(super) fn placeholder(&self, of: &Symbol, part: &str, scope: &Scope, span: Span) -> Value {
        let depth = Operand::Literal(scope.depth().to_string().into());
        Value::Unknown(self.call(part, vec![Operand::Symbol(of.clone()), depth], span))
    }
}

fn arithmetic(sign: &str, left: &Value, right: &Value) -> Eval<Option<Value>> {
    let (left, right) = (to_number(left)?, to_number(right)?);
    let (Some(left), Some(right)) = (left, right) else { return Ok(None) };
    let number = |result: Option<Number>| match result {
        Some(number) => Ok(Some(Value::number(number))),
        None => Err(Fault::Budget),
    };
    match sign {
        "+" => number(left.add(&right)),
        "-" => number(left.sub(&right)),
        "*" => number(left.mul(&right)),
        "/" if right.is_zero() && left.is_zero() => error("division of zero by zero"),
        "/" if right.is_zero() => Ok(Some(functions::infinite(&format!("{left} / 0")))),
        "%" if right.is_zero() => Ok(Some(Value::number(left))),
        "/" => number(left.div(&right)),
        "%" => number(left.rem(&right)),
        "<" => Ok(Some(Value::Bool(left < right))),
        "<=" => Ok(Some(Value::Bool(left <= right))),
        ">" => Ok(Some(Value::Bool(left > right))),
        ">=" => Ok(Some(Value::Bool(left >= right))),
        _ => error(format!("no operator {sign}")),
    }
}
