//! `for` expressions and splats.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::convert::{to_bool, to_text};
use super::evaluator::Evaluator;
use super::fault::{Eval, error};
use super::scope::Scope;
use super::syntax::{Expr, For};
use crate::graph::{Items, ListKind, Map, Node, Value};
use crate::source::Span;
use crate::unknown::{Form, Operand, Step, Symbol};

/// The known elements with their keys, and the symbol, key and value of any further one.
pub(super) type Elements = (Vec<(Value, Node)>, Option<(Symbol, Value, Value)>);

impl Evaluator<'_> {
    /// What a loop goes over.
    pub(super) fn elements(
        &self,
        collection: &Value,
        scope: &Scope,
        expr: &Expr,
    ) -> Eval<Elements> {
        let span = expr.span;
        let open = |symbol: &Symbol| {
            let key = self.placeholder(symbol, "each.key", scope, span);
            let value = self.placeholder(symbol, "each.value", scope, span);
            (symbol.clone(), key, value)
        };
        match collection {
            Value::List { items, rest } => Ok((
                items
                    .iter()
                    .enumerate()
                    .map(|(index, node)| {
                        let set = items.kind == ListKind::Set;
                        let key = if set { node.value.clone() } else { Value::number(index) };
                        (key, node.clone())
                    })
                    .collect(),
                rest.as_ref().map(open),
            )),
            Value::Map(map) => Ok((
                map.entries
                    .iter()
                    .map(|(key, node)| (Value::String(Arc::clone(key)), node.clone()))
                    .collect(),
                map.rest.as_ref().map(open),
            )),
            Value::Unknown(symbol) => Ok((Vec::new(), Some(open(symbol)))),
            Value::Null => error("a loop over null"),
            _ => error("a loop over something that is no collection"),
        }
    }

    pub(super) fn for_expr(&self, it: &For, scope: &Scope, span: Span) -> Eval {
        let collection = self.force(self.eval(&it.collection, scope)?);
        let (items, rest) = self.elements(&collection, scope, &it.collection)?;
        let mut out = Collected::default();
        for (key, node) in items {
            self.budget.spend(1)?;
            self.for_item(it, &loop_scope(it, scope, key, node.value), &mut out)?;
        }
        let mut whole = None;
        if let Some((symbol, key, value)) = rest {
            let inner = loop_scope(it, scope, key, value.clone());
            let mut open = Collected::default();
            if let Err(super::fault::Fault::Budget) = self.for_item(it, &inner, &mut open) {
                return Err(super::fault::Fault::Budget);
            }
            whole = Some(if let Some(path) = plain_path(it, &open, &value) {
                // `[for x in y : x.id]` is `y[*].id`.
                self.splat_symbol(&symbol, &path, span)
            } else {
                let operands = vec![Operand::Symbol(symbol), Operand::List(open.operands().into())];
                self.call("for", operands, span)
            });
        }
        self.budget.fits(out.finish(self, it, whole, span))
    }

    fn for_item(&self, it: &For, scope: &Scope, out: &mut Collected) -> Eval<()> {
        let mut certain = true;
        let mut condition_value = Value::Bool(true);
        if let Some(condition) = &it.condition {
            condition_value = self.eval(condition, scope)?;
            match to_bool(&condition_value)? {
                Some(true) => {}
                Some(false) => return Ok(()),
                None => certain = false,
            }
        }
        let value = Node::new(self.eval(&it.value, scope)?, it.value.span);
        let key = match &it.key {
            Some(key) => Some(self.eval(key, scope)?),
            None => None,
        };
        let key_text = match &key {
            Some(key) => to_text(key)?,
            None => None,
        };
        match (certain, key, key_text) {
            (true, None, _) => out.items.push(value),
            (true, Some(_), Some(text)) => {
                let group = out.entries.entry(text).or_default();
                if !group.is_empty() && !it.group {
                    return error("two elements of the object have the same key");
                }
                group.push(value);
            }
            (_, key, _) => out.maybe.extend([
                condition_value.operand(),
                key.map_or(Operand::Literal("null".into()), |key| key.operand()),
                value.value.operand(),
            ]),
        }
        Ok(())
    }

    /// `symbol[*].path`.
    pub(super) fn splat_symbol(&self, symbol: &Symbol, path: &[Step], span: Span) -> Symbol {
        if path.is_empty() {
            return symbol.clone();
        }
        let mut operands = vec![Operand::Symbol(symbol.clone())];
        operands.extend(path.iter().map(|step| match step {
            Step::Name(name) => Operand::Text(Arc::clone(name)),
            Step::Index(index) => Operand::Literal(index.to_string().into()),
        }));
        self.call("[*]", operands, span)
    }

    /// `value[*]` with the steps that belong to it.
    pub(super) fn splat(
        &self,
        value: &Value,
        span: Span,
        each: &mut dyn FnMut(&Value) -> Eval,
        path: Option<&[Step]>,
    ) -> Eval {
        let mut kind = ListKind::Tuple;
        let (items, rest) = match value {
            Value::Null => (Vec::new(), None),
            Value::List { items, rest } => {
                if items.kind != ListKind::Tuple {
                    kind = ListKind::List;
                }
                (items.to_vec(), rest.clone())
            }
            Value::Unknown(symbol) if !self.is_single(symbol) => (Vec::new(), Some(symbol.clone())),
            single => (vec![Node::new(single.clone(), span)], None),
        };
        let mut out = Vec::with_capacity(items.len());
        for node in items {
            self.budget.spend(1)?;
            // What is taken of an element stands where it is taken, as `aws_subnet.a.id` does.
            out.push(Node::new(each(&node.value)?, span));
        }
        let rest = match (rest, path) {
            (None, _) => None,
            (Some(symbol), Some(path)) => Some(self.splat_symbol(&symbol, path, span)),
            (Some(symbol), None) => {
                let element =
                    self.call_value("each.value", &[Value::Unknown(symbol.clone())], span);
                let element = each(&element)?;
                let operands = vec![Operand::Symbol(symbol), element.operand()];
                Some(self.call("for", operands, span))
            }
        };
        self.budget.fits(Value::List { items: Items::of(kind, out), rest })
    }
}

/// The way from the loop variable to the loop's value, where that is all the loop does.
fn plain_path(it: &For, open: &Collected, variable: &Value) -> Option<Vec<Step>> {
    if it.key.is_some() || it.condition.is_some() {
        return None;
    }
    let ([node], Value::Unknown(variable)) = (open.items.as_slice(), variable) else { return None };
    let Value::Unknown(symbol) = &node.value else { return None };
    let mut path = Vec::new();
    let mut at = symbol;
    while at != variable {
        let Form::Part { of, step } = at.form() else { return None };
        path.push(step.clone());
        at = of;
    }
    path.reverse();
    Some(path)
}

/// What a loop has produced so far.
#[derive(Default)]
struct Collected {
    items: Vec<Node>,
    entries: BTreeMap<Arc<str>, Vec<Node>>,
    /// Condition, key and value of elements that may or may not be there.
    maybe: Vec<Operand>,
}

impl Collected {
    fn operands(self) -> Vec<Operand> {
        let mut out: Vec<Operand> = self.items.iter().map(|node| node.value.operand()).collect();
        for (key, nodes) in &self.entries {
            out.push(Operand::Text(Arc::clone(key)));
            out.extend(nodes.iter().map(|node| node.value.operand()));
        }
        out.extend(self.maybe);
        out
    }

    fn finish(
        self,
        evaluator: &Evaluator<'_>,
        it: &For,
        whole: Option<Symbol>,
        span: Span,
    ) -> Value {
        let maybe = (!self.maybe.is_empty()).then(|| evaluator.call("for", self.maybe, span));
        let rest = match (maybe, whole) {
            (None, None) => None,
            (None, Some(whole)) => Some(whole),
            (Some(maybe), None) if it.key.is_some() => Some(maybe),
            // What is certain may stand at other positions than its own.
            (Some(maybe), whole) => {
                let mut operands: Vec<Operand> =
                    self.items.iter().map(|node| node.value.operand()).collect();
                operands.push(Operand::Symbol(maybe));
                operands.extend(whole.map(Operand::Symbol));
                let all = evaluator.call("for", operands, span);
                Some(evaluator.call("unordered", vec![Operand::Symbol(all)], span))
            }
        };
        if it.key.is_none() {
            return Value::List { items: self.items.into(), rest };
        }
        let entries = self.entries.into_iter().filter_map(|(key, mut nodes)| {
            let first_span = nodes.first()?.span;
            let node =
                if it.group { Node::new(Value::list(nodes), first_span) } else { nodes.pop()? };
            Some((key, node))
        });
        Value::Map(Arc::new(Map { uniform: false, entries: entries.collect(), rest }))
    }
}

/// A key that is written, where a step can be told from the syntax.
pub(super) fn literal_step(expr: &Expr) -> Option<Step> {
    match &expr.kind {
        super::syntax::Kind::Literal(Value::String(name)) => Some(Step::Name(Arc::clone(name))),
        super::syntax::Kind::Literal(Value::Number(number)) => {
            super::access::index_of(number).map(Step::Index)
        }
        _ => None,
    }
}

/// The scope of a loop's body.
fn loop_scope(it: &For, scope: &Scope, key: Value, value: Value) -> Scope {
    let inner = scope.with(&it.value_name, value);
    match &it.key_name {
        Some(name) => inner.with(name, key),
        None => inner,
    }
}
