//! Terraform's functions over values that may be open.

mod collections;
mod encoding;
mod network;
mod numbers;
mod sets;
mod strings;

use std::sync::Arc;

use super::evaluator::Evaluator;
use super::fault::{Eval, Fault, error};
use super::scope::Scope;
use super::syntax::Expr;
use crate::graph::{Node, Value};
use crate::source::Span;
use crate::unknown::{Form, Operand, Symbol, Why};

/// What a function may use: its arguments, and a way to name what stays open.
pub(super) struct Call<'c> {
    pub(super) name: &'c str,
    pub(super) values: &'c [Value],
    pub(super) span: Span,
    evaluator: &'c Evaluator<'c>,
}

/// `None` where the function cannot be carried out on what is known.
pub(super) type Outcome = Eval<Option<Value>>;

impl<'c> Call<'c> {
    fn arg(&self, at: usize) -> Eval<&'c Value> {
        match self.values.get(at) {
            Some(value) => Ok(value),
            None => error(format!("{} needs more arguments", self.name)),
        }
    }

    /// An argument as text; `None` when open.
    fn text(&self, at: usize) -> Eval<Option<Arc<str>>> {
        super::convert::to_text(self.arg(at)?)
    }

    fn number(&self, at: usize) -> Eval<Option<f64>> {
        super::convert::to_number(self.arg(at)?)
    }

    /// A whole number.
    #[allow(clippy::cast_possible_truncation)] // checked
    fn whole(&self, at: usize) -> Eval<Option<i64>> {
        match self.number(at)? {
            Some(number) if number.fract() == 0.0 && number.abs() < 9e15 => Ok(Some(number as i64)),
            Some(_) => error(format!("{} needs a whole number", self.name)),
            None => Ok(None),
        }
    }

    /// A list that may have an open rest; `None` when wholly open.
    fn list(&self, at: usize) -> Eval<Option<(&'c [Node], Option<&'c Symbol>)>> {
        match self.arg(at)? {
            Value::List { items, rest } => Ok(Some((items, rest.as_ref()))),
            Value::Unknown(_) => Ok(None),
            _ => error(format!("{} needs a list", self.name)),
        }
    }

    /// The elements of a list whose elements are all listed.
    fn closed(&self, at: usize) -> Eval<Option<&'c [Node]>> {
        Ok(self.list(at)?.and_then(|(items, rest)| rest.is_none().then_some(items)))
    }

    fn node(&self, value: Value) -> Node {
        Node::new(value, self.span)
    }

    /// Takes steps from the budget.
    fn spend(&self, steps: usize) -> Eval<()> {
        self.evaluator.budget.spend(steps)
    }

    /// This call on all of its arguments, as a symbol.
    fn symbol(&self) -> Symbol {
        let operands = self.values.iter().map(Value::operand).collect();
        self.evaluator.call(self.name, operands, self.span)
    }

    /// What follows elements whose positions are certain.
    fn rest(&self) -> Symbol {
        self.symbol()
    }

    /// What follows elements that are there, but at positions nobody can tell.
    fn unordered(&self) -> Symbol {
        let all = Operand::Symbol(self.symbol());
        self.evaluator.call("unordered", vec![all], self.span)
    }
}

impl Evaluator<'_> {
    /// `name(arguments)`.
    pub(super) fn function(
        &self,
        name: &str,
        arguments: &[Expr],
        expand: bool,
        scope: &Scope,
        span: Span,
    ) -> Eval {
        match name {
            "try" => return self.try_function(arguments, scope, span),
            "can" => return self.can_function(arguments, scope, span),
            _ => {}
        }
        let mut values = Vec::with_capacity(arguments.len());
        for argument in arguments {
            values.push(self.force(self.eval(argument, scope)?));
        }
        if expand {
            match values.pop() {
                Some(Value::List { items, rest: None }) => {
                    values.extend(items.iter().map(|node| self.force(node.value.clone())));
                }
                Some(open) => {
                    values.push(open);
                    let spread = format!("{name}...");
                    return Ok(self.call_value(&spread, &values, span));
                }
                None => {}
            }
        }
        let call = Call { name, values: &values, span, evaluator: self };
        match apply(&call)? {
            Some(value) => self.budget.fits(value),
            None => Ok(self.not_carried_out(&call)),
        }
    }

    /// An open call keeps its identity; a function that is not evaluated names itself.
    fn not_carried_out(&self, call: &Call<'_>) -> Value {
        if call.name == "uuid" {
            return Value::Unknown(self.fresh(call.span));
        }
        if !call.values.iter().all(Value::is_known) {
            return Value::Unknown(call.symbol());
        }
        let known = Symbol::call(call.name, call.values.iter().map(Value::operand).collect());
        match known.map(|symbol| symbol.to_string()).filter(|text| text.len() <= 400) {
            Some(text) => {
                let why = Why::NotEvaluated(format!("the function {}", call.name).into());
                Value::Unknown(Symbol::input(text, why))
            }
            None => Value::Unknown(self.fresh(call.span)),
        }
    }

    fn try_function(&self, arguments: &[Expr], scope: &Scope, span: Span) -> Eval {
        let mut open: Vec<Value> = Vec::new();
        for argument in arguments {
            match self.eval(argument, scope) {
                Err(Fault::Budget) => return Err(Fault::Budget),
                Err(Fault::Error(_)) => {}
                Ok(value) => {
                    let sure = self.cannot_fail(&value);
                    if sure && open.is_empty() {
                        return Ok(value);
                    }
                    open.push(value);
                    if sure {
                        break;
                    }
                }
            }
        }
        match open.as_slice() {
            [] => error("no expression of try gives a value"),
            [only] => Ok(only.clone()),
            _ => Ok(self.call_value("try", &open, span)),
        }
    }

    fn can_function(&self, arguments: &[Expr], scope: &Scope, span: Span) -> Eval {
        let Some(argument) = arguments.first() else { return error("can needs an expression") };
        match self.eval(argument, scope) {
            Err(Fault::Budget) => Err(Fault::Budget),
            Err(Fault::Error(_)) => Ok(Value::Bool(false)),
            Ok(value) if self.cannot_fail(&value) => Ok(Value::Bool(true)),
            Ok(value) => Ok(self.call_value("can", &[value], span)),
        }
    }

    /// Whether a value is there whatever the open inputs are: `var.x` is, `var.x.y` may not be.
    fn cannot_fail(&self, value: &Value) -> bool {
        match value {
            Value::Unknown(symbol) => self.symbol_cannot_fail(symbol),
            _ => true,
        }
    }

    fn symbol_cannot_fail(&self, symbol: &Symbol) -> bool {
        let operand = |operand: &Operand| match operand {
            Operand::Symbol(symbol) => self.symbol_cannot_fail(symbol),
            _ => true,
        };
        match symbol.form() {
            Form::Input { why, .. } => !matches!(why, Why::Invalid(_) | Why::Unparsable),
            Form::Attribute { resource, .. } => self.is_there(*resource),
            Form::Part { of, .. } => self.computed(of),
            Form::Call { function, operands } => {
                let fallible = ["regex", "[]", "element", "index", "lookup", "one", "slice"];
                !fallible.contains(&&**function) && operands.iter().all(operand)
            }
        }
    }

    /// Whether a resource certainly exists; what another root has is not known to.
    fn is_there(&self, resource: crate::unknown::ResourceId) -> bool {
        let resources = self.resources.borrow();
        resources.get(resource.0 as usize).is_some_and(|resource| resource.open.is_none())
    }

    /// A part of a managed resource's attribute is there whenever the resource is.
    fn computed(&self, symbol: &Symbol) -> bool {
        match symbol.form() {
            Form::Attribute { resource, data: false, name, .. } => {
                !name.is_empty() && self.is_there(*resource)
            }
            Form::Part { of, .. } => self.computed(of),
            _ => false,
        }
    }
}

fn apply(call: &Call<'_>) -> Outcome {
    match call.name {
        "length" | "element" | "lookup" | "index" | "contains" | "concat" | "flatten" | "merge"
        | "keys" | "values" | "slice" | "reverse" | "chunklist" | "zipmap" | "coalesce"
        | "coalescelist" | "compact" | "distinct" | "one" | "matchkeys" | "transpose" => {
            collections::apply(call)
        }
        "toset" | "tolist" | "tomap" | "sort" | "setproduct" | "setunion" | "setintersection"
        | "setsubtract" | "alltrue" | "anytrue" | "tostring" | "tonumber" | "tobool"
        | "sensitive" | "nonsensitive" | "ephemeralasnull" | "issensitive" => sets::apply(call),
        "min" | "max" | "abs" | "ceil" | "floor" | "sum" | "range" | "parseint" | "pow"
        | "signum" => numbers::apply(call),
        "cidrsubnet" | "cidrsubnets" | "cidrhost" | "cidrnetmask" => network::apply(call),
        "jsonencode" | "jsondecode" | "base64encode" | "base64decode" => encoding::apply(call),
        _ => strings::apply(call),
    }
}

/// Whether two values are the same thing, wherever they are written.
pub(super) fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::List { items: a, rest: ra }, Value::List { items: b, rest: rb }) => {
            ra == rb
                && a.len() == b.len()
                && a.iter().zip(b.iter()).all(|(a, b)| same(&a.value, &b.value))
        }
        (Value::Map(a), Value::Map(b)) => {
            a.rest == b.rest
                && a.entries.len() == b.entries.len()
                && a.entries
                    .iter()
                    .zip(&b.entries)
                    .all(|((ka, a), (kb, b))| ka == kb && same(&a.value, &b.value))
        }
        (Value::Unknown(a), Value::Unknown(b)) => a == b,
        (a, b) => a == b,
    }
}

/// `a == b` as far as it can be told.
pub(super) fn equal(a: &Value, b: &Value) -> Option<bool> {
    if same(a, b) {
        return Some(true);
    }
    match (a, b) {
        (Value::Null, Value::Unknown(symbol)) | (Value::Unknown(symbol), Value::Null) => {
            is_never_null(symbol).then_some(false)
        }
        (Value::List { items: a, rest: None }, Value::List { items: b, rest: None }) => {
            if a.len() != b.len() {
                return Some(false);
            }
            all_equal(a.iter().zip(b.iter()).map(|(a, b)| equal(&a.value, &b.value)))
        }
        (Value::Map(a), Value::Map(b)) if a.rest.is_none() && b.rest.is_none() => {
            if !a.entries.keys().eq(b.entries.keys()) {
                return Some(false);
            }
            let pairs = a.entries.values().zip(b.entries.values());
            all_equal(pairs.map(|(a, b)| equal(&a.value, &b.value)))
        }
        (Value::Unknown(_), _)
        | (_, Value::Unknown(_))
        | (Value::List { .. }, Value::List { .. })
        | (Value::Map(_), Value::Map(_)) => None,
        _ => Some(false),
    }
}

fn all_equal(pairs: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut result = Some(true);
    for pair in pairs {
        match pair {
            Some(false) => return Some(false),
            Some(true) => {}
            None => result = None,
        }
    }
    result
}

/// Identifiers that AWS gives are never null or empty, and neither is a text around them.
pub(super) fn is_never_null(symbol: &Symbol) -> bool {
    match symbol.form() {
        Form::Attribute { name, data, .. } => !data && is_identifier(name) || name.is_empty(),
        Form::Call { function, .. } => matches!(&**function, "template" | "format" | "[*]" | "for"),
        _ => false,
    }
}

/// Whether an attribute holds one identifier.
pub(super) fn is_identifier(name: &str) -> bool {
    matches!(name, "id" | "arn")
}
