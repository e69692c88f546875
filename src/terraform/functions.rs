//! Terraform's functions over values that may be open.

mod csv;
mod encoding;
mod equality;
mod files;
mod format;
mod lists;
mod maps;
mod network;
mod numbers;
mod regexes;
mod sets;
mod signature;
mod strings;
mod tries;
mod yaml;

use std::sync::Arc;

use super::evaluator::Evaluator;
use super::fault::{Eval, error};
use super::scope::Scope;
use super::syntax::Expr;
use crate::graph::{ListKind, Map, Node, Number, Value};
use crate::source::Span;
use crate::unknown::{Operand, Symbol, Why};

pub(super) use equality::{equal, is_identifier, is_never_null, same};
pub(super) use files::clean;
pub(super) use numbers::infinite;
pub(super) use signature::result;

/// Functions that are not carried out, and why. Their result is open.
const OPEN: &[(&str, &[&str])] = &[
    (
        "a hash decides nothing that is asked here",
        &[
            "base64sha256",
            "base64sha512",
            "filebase64sha256",
            "filebase64sha512",
            "filemd5",
            "filesha1",
            "filesha256",
            "filesha512",
            "md5",
            "sha1",
            "sha256",
            "sha512",
            "uuidv5",
        ],
    ),
    ("what is sensitive is not followed", &["issensitive"]),
    ("it needs a secret, or gives one", &["bcrypt", "rsadecrypt"]),
    ("it differs from run to run", &["plantimestamp", "timestamp", "uuid"]),
    ("no date decides what is asked here", &["formatdate", "timeadd", "timecmp"]),
    ("it depends on the machine", &["abspath", "pathexpand"]),
    ("its text is for machines only", &["base64gzip", "textdecodebase64", "textencodebase64"]),
];

/// What a function may use: its arguments, and a way to name what stays open.
pub(super) struct Call<'c> {
    pub(super) name: &'c str,
    pub(super) values: &'c [Value],
    pub(super) span: Span,
    evaluator: &'c Evaluator<'c>,
    scope: &'c Scope,
}

/// `None` where the function cannot be carried out on what is known.
pub(super) type Outcome = Eval<Option<Value>>;

/// The function that carries a call out.
type Body = fn(&Call<'_>) -> Outcome;

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

    fn number(&self, at: usize) -> Eval<Option<Number>> {
        super::convert::to_number(self.arg(at)?)
    }

    /// A whole number.
    fn whole(&self, at: usize) -> Eval<Option<i64>> {
        match self.number(at)? {
            Some(number) => match number.to_i64() {
                Some(number) => Ok(Some(number)),
                None => error(format!("{} needs a whole number", self.name)),
            },
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

    /// What kind of sequence an argument is.
    fn kind(&self, at: usize) -> ListKind {
        match self.values.get(at) {
            Some(Value::List { items, .. }) => items.kind,
            _ => ListKind::Tuple,
        }
    }

    /// Like [`Call::list`], where a set has no places to speak of.
    fn ordered(&self, at: usize) -> Eval<Option<(&'c [Node], Option<&'c Symbol>)>> {
        if self.kind(at) == ListKind::Set {
            return error(format!("{} needs a list, and a set has no order", self.name));
        }
        self.list(at)
    }

    /// The elements of a list whose elements are all listed.
    fn closed(&self, at: usize) -> Eval<Option<&'c [Node]>> {
        Ok(self.list(at)?.and_then(|(items, rest)| rest.is_none().then_some(items)))
    }

    /// A map that may have an open rest; `None` when wholly open.
    fn map(&self, at: usize) -> Eval<Option<&'c Arc<Map>>> {
        match self.arg(at)? {
            Value::Map(map) => Ok(Some(map)),
            Value::Unknown(_) => Ok(None),
            _ => error(format!("{} needs a map", self.name)),
        }
    }

    fn node(&self, value: Value) -> Node {
        Node::new(value, self.span)
    }

    /// A list of one type of elements.
    fn sequence(&self, values: impl IntoIterator<Item = Value>) -> Value {
        let nodes: Vec<Node> = values.into_iter().map(|value| self.node(value)).collect();
        Value::sequence(ListKind::List, nodes)
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
        let mut values = self.arguments(arguments, scope)?;
        if expand && !self.expand(&mut values)? {
            let spread = format!("{name}...");
            return Ok(self.call_value(&spread, &values, span));
        }
        let Some(signature) = signature::all().get(name) else {
            if name.contains("::") {
                return Ok(self.not_carried_out(&Call {
                    name,
                    values: &values,
                    span,
                    evaluator: self,
                    scope,
                }));
            }
            return error(format!("there is no function {name}"));
        };
        let values = signature.fit(name, values, span)?;
        let call = Call { name, values: &values, span, evaluator: self, scope };
        let outcome = match body(name) {
            Some(body) => body(&call)?,
            None => None,
        };
        match outcome {
            Some(value) => self.budget.fits(value),
            None => Ok(self.not_carried_out(&call)),
        }
    }

    fn arguments(&self, arguments: &[Expr], scope: &Scope) -> Eval<Vec<Value>> {
        let value = |argument| Ok(self.force(self.eval(argument, scope)?));
        arguments.iter().map(value).collect()
    }

    /// Puts the elements of the last argument in its place. `false` where they cannot all be listed.
    fn expand(&self, values: &mut Vec<Value>) -> Eval<bool> {
        match values.pop() {
            Some(Value::List { items, rest: None }) => {
                values.extend(items.iter().map(|node| self.force(node.value.clone())));
            }
            Some(open @ (Value::List { .. } | Value::Unknown(_))) => {
                values.push(open);
                return Ok(false);
            }
            Some(_) => return error("only a list can be expanded to arguments"),
            None => {}
        }
        Ok(true)
    }

    /// An open call keeps its identity; a function that is not evaluated names itself.
    fn not_carried_out(&self, call: &Call<'_>) -> Value {
        if matches!(call.name, "uuid" | "bcrypt") {
            return Value::Unknown(self.fresh(call.span));
        }
        if !call.values.iter().all(Value::is_known) {
            return Value::Unknown(call.symbol());
        }
        let known = Symbol::call(call.name, call.values.iter().map(Value::operand).collect());
        match known.map(|symbol| symbol.to_string()).filter(|text| text.len() <= 400) {
            Some(text) => {
                let reason = OPEN.iter().find(|(_, names)| names.contains(&call.name));
                let what = match reason {
                    Some((reason, _)) => format!("the function {} ({reason})", call.name),
                    None => format!("the function {}", call.name),
                };
                let why = Why::NotEvaluated(what.into());
                Value::Unknown(Symbol::input(text, why))
            }
            None => Value::Unknown(self.fresh(call.span)),
        }
    }
}

/// The functions that are carried out. `try` and `can` are forms of the language.
fn body(name: &str) -> Option<Body> {
    [lists::body, maps::body, sets::body, numbers::body, network::body, encoding::body]
        .into_iter()
        .chain([strings::body, regexes::body, format::body, files::body, yaml::body, csv::body])
        .find_map(|room| room(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_function_is_carried_out_or_listed_with_a_reason() {
        let names: Vec<&str> = signature::all().keys().copied().collect();
        assert_eq!(names.len(), 118);
        let open: Vec<&str> = OPEN.iter().flat_map(|(_, names)| *names).copied().collect();
        for name in &names {
            let forms = matches!(*name, "try" | "can");
            let ways = [forms, body(name).is_some(), open.contains(name)];
            assert_eq!(ways.iter().filter(|way| **way).count(), 1, "{name}");
        }
        assert!(open.iter().all(|name| names.contains(name)));
    }
}
