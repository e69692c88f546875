//! Parameters with their defaults, and what plain scalars stand for.

use hashbrown::HashMap;
use std::collections::BTreeSet;
use std::net::IpAddr;
use std::sync::Arc;

use super::compared::Compared;
use super::deployment::Deployment;
use super::evaluate::{Shared, text};
use super::inputs::Inputs;
use super::syntax::{Content, Entry, NodeId, Tree};
use super::text::split_symbol;
use crate::graph::{Node, Number, Value};
use crate::source::Span;
use crate::unknown::{Operand, Symbol, Why};

/// Where the values of parameters come from.
#[derive(Debug, Clone, Copy)]
pub(super) enum Passed<'a> {
    /// Nowhere but the command line: a default may be no more than an example.
    Operator(&'a Inputs),
    /// From the stack that nests this one: what it does not pass has its default.
    Parent(&'a HashMap<Arc<str>, Value>),
}

/// What is in the mapping of the section, by name.
pub(super) fn declared(tree: &Tree, root: NodeId) -> &[Entry] {
    tree.get(root, "Parameters").map_or(&[][..], |section| tree.entries(section))
}

/// Whether a value must be passed, because there is no default.
pub(super) fn is_required(tree: &Tree, entry: &Entry) -> bool {
    tree.get(entry.value, "Default").is_none()
}

/// All parameters by name; `prefix` is the address of the stack, for the names of open ones.
pub(super) fn read(
    tree: &Tree,
    root: NodeId,
    (prefix, deployment): (&str, &Deployment),
    passed: Passed<'_>,
    shared: &Shared<'_>,
) -> HashMap<Arc<str>, Value> {
    let reader = Reader { tree, prefix, deployment, shared };
    let value = |entry: &Entry| (Arc::clone(&entry.key), reader.value(entry, passed));
    declared(tree, root).iter().map(value).collect()
}

/// Reads the parameters of one stack.
struct Reader<'a> {
    tree: &'a Tree,
    prefix: &'a str,
    deployment: &'a Deployment,
    shared: &'a Shared<'a>,
}

impl Reader<'_> {
    fn value(&self, entry: &Entry, passed: Passed<'_>) -> Value {
        let tree = self.tree;
        let kind = tree.get(entry.value, "Type").and_then(|kind| tree.text(kind));
        let kind = kind.map_or("String", |kind| &**kind);
        let value = match of_stored(kind) {
            Some(kind) => self.stored(entry, passed, kind),
            None => self.given(entry, passed, kind),
        };
        // An empty value hides nothing.
        if let Some(value) = value.as_ref().filter(|it| is_secret(tree, entry) && !is_empty(it)) {
            let name = format!("{}{}", self.prefix, entry.key);
            return kept_secret(name, value, &mut self.shared.compared.borrow_mut());
        }
        value.unwrap_or_else(|| self.open(entry, kind))
    }

    /// What the operator or the parent says, or else the default.
    fn given(&self, entry: &Entry, passed: Passed<'_>, kind: &str) -> Option<Value> {
        let default = || self.known(self.tree.get(entry.value, "Default")?, kind);
        match passed {
            Passed::Operator(inputs) => match inputs.get(&entry.key) {
                Some(text) => Some(self.typed(text, kind, entry.key_span)),
                None => default().filter(|default| {
                    keeps_default(kind, default)
                        && (!is_empty(default) || self.is_left_out(&entry.key))
                }),
            },
            Passed::Parent(values) => match values.get(&entry.key) {
                Some(value) => Some(of_type(value.clone(), kind, entry.key_span)),
                None => default(),
            },
        }
    }

    /// What Systems Manager stores under the name that is given, where some root makes it.
    fn stored(&self, entry: &Entry, passed: Passed<'_>, kind: &str) -> Option<Value> {
        let name = self.given(entry, passed, "String")?;
        let value = self.shared.stored(&text(&name)?, self.deployment)?;
        Some(of_type(value, kind, entry.key_span))
    }

    /// A parameter without a value, unless the case says what it is.
    fn open(&self, entry: &Entry, kind: &str) -> Value {
        let symbol = Symbol::input(format!("{}{}", self.prefix, entry.key), Why::NoValue);
        if of_stored(kind).is_some() {
            return Value::Unknown(symbol);
        }
        if let Some(text) = self.shared.look.case.text(&symbol) {
            return self.typed(text, kind, entry.key_span);
        }
        if let Some(texts) = allowed(self.tree, entry).filter(|_| !is_list(kind)) {
            self.shared.compared.borrow_mut().allow(symbol.clone(), texts);
        }
        Value::Unknown(symbol)
    }

    /// Whether an empty default stands. It says that the parameter is optional; the case may say that it is given.
    fn is_left_out(&self, name: &str) -> bool {
        let name = format!("{}{name}", self.prefix);
        let symbol = Symbol::input(&*name, Why::NoValue);
        let stands = self.shared.look.case.get(&symbol).is_none();
        if stands {
            self.shared.compared.borrow_mut().leave_out(name.into(), symbol);
        }
        stands
    }

    /// A text that is passed to a parameter of a type.
    fn typed(&self, text: &Arc<str>, kind: &str, span: Span) -> Value {
        if text.contains("{{resolve:") {
            return of_type(self.shared.resolved(text, self.deployment), kind, span);
        }
        of_type(Value::String(Arc::clone(text)), kind, span)
    }

    fn known(&self, default: NodeId, kind: &str) -> Option<Value> {
        let (tree, span) = (self.tree, self.tree.span(default));
        match tree.content(default) {
            Content::Sequence(items) if is_list(kind) => {
                let item = |text: &Arc<str>| Node::new(Value::String(Arc::clone(text)), span);
                let items: Option<Vec<_>> =
                    items.iter().map(|&id| tree.text(id).map(item)).collect();
                Some(Value::list(items?))
            }
            Content::Scalar { text, plain } if *plain && !is_list(kind) => {
                Some(self.typed(&plain_text(text), kind, span))
            }
            Content::Scalar { text, .. } => Some(self.typed(text, kind, span)),
            // YAML's empty value: `Default:`.
            Content::Null if kind == "String" => Some(Value::string("")),
            _ => None,
        }
    }
}

/// Whether a value says nothing.
pub(super) fn is_empty(value: &Value) -> bool {
    match value {
        Value::String(text) => text.is_empty(),
        Value::List { items, rest: None } => items.iter().all(|item| is_empty(&item.value)),
        _ => false,
    }
}

/// Whether AWS masks the value of a parameter.
fn is_secret(tree: &Tree, entry: &Entry) -> bool {
    let text = tree.get(entry.value, "NoEcho").and_then(|it| tree.text(it));
    text.is_some_and(|text| text.eq_ignore_ascii_case("true"))
}

/// A value that nothing may print: conditions compare it, and all else knows no more than its name.
fn kept_secret(name: String, value: &Value, compared: &mut Compared) -> Value {
    if let Value::Unknown(_) = value {
        return value.clone();
    }
    let symbol = Symbol::input(name, Why::NotEvaluated("a value that NoEcho hides".into()));
    if let Some(text) = text(value) {
        compared.keep_secret(symbol.clone(), text);
    }
    Value::Unknown(symbol)
}

/// All texts that a parameter takes, where it says so.
fn allowed(tree: &Tree, entry: &Entry) -> Option<BTreeSet<Arc<str>>> {
    let texts = tree.elements(tree.get(entry.value, "AllowedValues")?)?.iter();
    let text = |&node| match tree.content(node) {
        Content::Scalar { text, plain: true } => Some(plain_text(text)),
        Content::Scalar { text, .. } => Some(Arc::clone(text)),
        _ => None,
    };
    texts.map(text).collect()
}

/// The type of a value that Systems Manager stores: the parameter is given its name there.
fn of_stored(kind: &str) -> Option<&str> {
    kind.strip_prefix("AWS::SSM::Parameter::Value<")?.strip_suffix('>')
}

/// Whether a default is more than an example, where nobody says what the operator passes. Ids are those
/// of some account, and addresses of hosts (unlike networks, which are the design) those of some site.
fn keeps_default(kind: &str, value: &Value) -> bool {
    let element = kind.strip_prefix("List<").unwrap_or(kind);
    let of_account = element.starts_with("AWS::")
        && !element.starts_with("AWS::EC2::AvailabilityZone::Name")
        && element != "AWS::SSM::Parameter::Name";
    !of_account && !is_address(value)
}

fn is_address(value: &Value) -> bool {
    match value {
        Value::String(text) => text.trim().parse::<IpAddr>().is_ok(),
        Value::List { items, .. } => items.iter().any(|item| is_address(&item.value)),
        _ => false,
    }
}

fn is_list(kind: &str) -> bool {
    kind == "CommaDelimitedList" || kind.starts_with("List<")
}

/// A value as one of a type.
fn of_type(value: Value, kind: &str, span: Span) -> Value {
    match (text(&value), value) {
        (Some(text), _) if is_list(kind) => {
            let item = |part: &str| Node::new(Value::string(part.trim()), span);
            Value::list(text.split(',').map(item).collect::<Vec<_>>())
        }
        (Some(text), _) => Value::String(text),
        (None, Value::Unknown(symbol)) if is_list(kind) => split_symbol(&symbol, ",", span)
            .unwrap_or_else(|| {
                let operands = vec![Operand::Text(",".into()), Operand::Symbol(symbol.clone())];
                Value::Unknown(Symbol::call("split", operands).unwrap_or(symbol))
            }),
        (None, value) => value,
    }
}

/// A plain scalar as a string: Booleans lose their capitals, all else stays as written.
pub(super) fn plain_text(text: &Arc<str>) -> Arc<str> {
    match &**text {
        "True" | "TRUE" => "true".into(),
        "False" | "FALSE" => "false".into(),
        _ => Arc::clone(text),
    }
}

/// The value of a scalar. Only a number that is written canonically is one, so that no text is lost.
pub(super) fn scalar(text: &Arc<str>, plain: bool) -> Value {
    if !plain {
        return Value::String(Arc::clone(text));
    }
    match &**text {
        "true" | "True" | "TRUE" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => Value::Bool(true),
        "false" | "False" | "FALSE" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => {
            Value::Bool(false)
        }
        other => match other.parse::<Number>() {
            Ok(number) if number.to_string() == other => Value::number(number),
            _ => Value::String(Arc::clone(text)),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_scalars_are_typed_without_loss() {
        for (text, value) in [
            ("true", Value::Bool(true)),
            ("no", Value::Bool(false)),
            ("53", Value::number("53".parse::<Number>().unwrap())),
            ("-1", Value::number("-1".parse::<Number>().unwrap())),
            ("1.5", Value::number("1.5".parse::<Number>().unwrap())),
        ] {
            assert_eq!(scalar(&text.into(), true), value, "{text}");
            assert_eq!(scalar(&text.into(), false), Value::string(text), "{text}");
        }
        for text in ["010", "1_000", "1.10", "1e3", ".5", "0x10", "1:30", "nan", "inf", "+1"] {
            assert_eq!(scalar(&text.into(), true), Value::string(text), "{text}");
        }
        let long = "123456789012345678901";
        assert_eq!(scalar(&long.into(), true), Value::number(long.parse::<Number>().unwrap()));
    }
}
