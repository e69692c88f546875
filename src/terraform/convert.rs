//! Conversions between values as Terraform makes them, and type constraints.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::fault::{Eval, error};
use super::syntax::{Expr, Kind};
use crate::graph::{Map, Node, Value};
use crate::source::Span;

/// A number as Terraform prints it: all digits, no exponent.
pub(super) fn number_text(number: f64) -> String {
    if number == 0.0 { "0".to_owned() } else { number.to_string() }
}

/// Takes off the noise of binary fractions: Terraform calculates with 512 bits.
pub(super) fn round(number: f64) -> f64 {
    if number.fract() == 0.0 || !number.is_finite() {
        return number;
    }
    format!("{number:.14e}").parse().unwrap_or(number)
}

/// A string, from a primitive. `None` for what cannot be told.
pub(super) fn to_text(value: &Value) -> Eval<Option<Arc<str>>> {
    match value {
        Value::String(text) => Ok(Some(Arc::clone(text))),
        Value::Number(number) => Ok(Some(number_text(*number).into())),
        Value::Bool(value) => Ok(Some(value.to_string().into())),
        Value::Unknown(_) => Ok(None),
        Value::Null => error("a string is required, not null"),
        Value::List { .. } | Value::Map(_) => error("a string is required"),
    }
}

/// A number, from a primitive.
pub(super) fn to_number(value: &Value) -> Eval<Option<f64>> {
    match value {
        Value::Number(number) => Ok(Some(*number)),
        Value::String(text) => match parse_number(text) {
            Some(number) => Ok(Some(number)),
            None => error(format!("a number is required, not {text:?}")),
        },
        Value::Unknown(_) => Ok(None),
        _ => error("a number is required"),
    }
}

fn parse_number(text: &str) -> Option<f64> {
    let plain = text.starts_with(|c: char| c.is_ascii_digit() || c == '-' || c == '.' || c == '+');
    let allowed = text.chars().all(|c| c.is_ascii_digit() || "+-.eE".contains(c));
    (plain && allowed).then(|| text.parse().ok()).flatten()
}

/// A truth value, from a primitive.
pub(super) fn to_bool(value: &Value) -> Eval<Option<bool>> {
    match value {
        Value::Bool(value) => Ok(Some(*value)),
        Value::String(text) => match &**text {
            "true" | "1" => Ok(Some(true)),
            "false" | "0" => Ok(Some(false)),
            _ => error(format!("a bool is required, not {text:?}")),
        },
        Value::Unknown(_) => Ok(None),
        _ => error("a bool is required"),
    }
}

/// A type constraint.
#[derive(Debug, Clone)]
pub(super) enum Type {
    Any,
    String,
    Number,
    Bool,
    List(Box<Type>),
    Set(Box<Type>),
    Map(Box<Type>),
    Tuple(Vec<Type>),
    Object(BTreeMap<Arc<str>, Field>),
}

/// A member of an object type.
#[derive(Debug, Clone)]
pub(super) struct Field {
    pub(super) kind: Type,
    /// `optional(…)`, with its default.
    pub(super) optional: Option<Arc<Expr>>,
    pub(super) required: bool,
}

impl Type {
    /// Reads a constraint; what is not one is any type.
    pub(super) fn read(expr: &Expr) -> Self {
        match &expr.kind {
            Kind::Parenthesis(inner) => Self::read(inner),
            // "string", as of old
            Kind::Name(name) | Kind::Literal(Value::String(name)) => Self::named(name),
            Kind::Call { name, arguments, .. } => {
                let first = || Box::new(arguments.first().map_or(Self::Any, Self::read));
                match (&**name, arguments.first().map(|argument| &argument.kind)) {
                    ("list", _) => Self::List(first()),
                    ("set", _) => Self::Set(first()),
                    ("map", _) => Self::Map(first()),
                    ("tuple", Some(Kind::List(items))) => {
                        Self::Tuple(items.iter().map(Self::read).collect())
                    }
                    ("object", Some(Kind::Object(fields))) => Self::Object(
                        fields
                            .iter()
                            .filter_map(|(key, value)| Some((key_text(key)?, Self::field(value))))
                            .collect(),
                    ),
                    ("optional", _) => *first(),
                    _ => Self::Any,
                }
            }
            _ => Self::Any,
        }
    }

    fn named(name: &str) -> Self {
        match name {
            "string" => Self::String,
            "number" => Self::Number,
            "bool" => Self::Bool,
            "list" => Self::List(Box::new(Self::Any)),
            "set" => Self::Set(Box::new(Self::Any)),
            "map" => Self::Map(Box::new(Self::Any)),
            _ => Self::Any,
        }
    }

    fn field(expr: &Expr) -> Field {
        match &expr.kind {
            Kind::Call { name, arguments, .. } if &**name == "optional" => Field {
                kind: arguments.first().map_or(Self::Any, Self::read),
                optional: arguments.get(1).map(|default| Arc::new(default.clone())),
                required: false,
            },
            _ => Field { kind: Self::read(expr), optional: None, required: true },
        }
    }
}

fn key_text(key: &Expr) -> Option<Arc<str>> {
    match &key.kind {
        Kind::Name(name) => Some(Arc::clone(name)),
        _ => key.text().cloned(),
    }
}

/// Converts a value to a type as far as it is known; `default` evaluates an `optional` default.
pub(super) fn convert(
    value: &Value,
    kind: &Type,
    at: Span,
    default: &mut dyn FnMut(&Expr) -> Eval,
) -> Eval {
    Ok(match (kind, value) {
        (Type::Any, _) | (_, Value::Null | Value::Unknown(_)) => value.clone(),
        (Type::String, _) => to_text(value)?.map_or_else(|| value.clone(), Value::String),
        (Type::Number, _) => to_number(value)?.map_or_else(|| value.clone(), Value::Number),
        (Type::Bool, _) => to_bool(value)?.map_or_else(|| value.clone(), Value::Bool),
        (Type::List(of) | Type::Set(of), Value::List { items, rest }) => {
            let mut out = Vec::with_capacity(items.len());
            for item in items.iter() {
                out.push(Node::new(convert(&item.value, of, item.span, default)?, item.span));
            }
            if matches!(kind, Type::Set(_)) {
                out = sort_set(out);
            }
            Value::List { items: out.into(), rest: rest.clone() }
        }
        (Type::Tuple(kinds), Value::List { items, rest }) => {
            let mut out = Vec::with_capacity(items.len());
            for (index, item) in items.iter().enumerate() {
                let kind = kinds.get(index).unwrap_or(&Type::Any);
                out.push(Node::new(convert(&item.value, kind, item.span, default)?, item.span));
            }
            Value::List { items: out.into(), rest: rest.clone() }
        }
        (Type::Map(of), Value::Map(map)) => {
            let mut entries = BTreeMap::new();
            for (key, node) in &map.entries {
                let value = convert(&node.value, of, node.span, default)?;
                entries.insert(Arc::clone(key), Node::new(value, node.span));
            }
            Value::Map(Arc::new(Map { entries, rest: map.rest.clone() }))
        }
        (Type::Object(fields), Value::Map(map)) => object(map, fields, at, default)?,
        _ => return error("the value does not fit the type constraint"),
    })
}

fn object(
    map: &Map,
    fields: &BTreeMap<Arc<str>, Field>,
    at: Span,
    default: &mut dyn FnMut(&Expr) -> Eval,
) -> Eval {
    let mut entries = BTreeMap::new();
    for (name, field) in fields {
        let written = map.entries.get(name).filter(|node| node.value != Value::Null);
        let node = match (written, &field.optional) {
            (Some(node), _) => {
                Node::new(convert(&node.value, &field.kind, node.span, default)?, node.span)
            }
            // A map that is open may hold it.
            (None, _) if map.rest.is_some() && !map.entries.contains_key(name) => continue,
            (None, Some(expr)) => {
                let value = default(expr)?;
                Node::new(convert(&value, &field.kind, expr.span, default)?, expr.span)
            }
            (None, None) => match map.entries.get(name) {
                Some(node) => node.clone(),
                None if field.required => return error(format!("attribute {name:?} is required")),
                None => Node::new(Value::Null, at),
            },
        };
        entries.insert(Arc::clone(name), node);
    }
    Ok(Value::Map(Arc::new(Map { entries, rest: map.rest.clone() })))
}

/// Sorts and de-duplicates the known primitives of a set; what is open follows.
pub(super) fn sort_set(items: Vec<Node>) -> Vec<Node> {
    let mut known: Vec<Node> = Vec::new();
    let mut open: Vec<Node> = Vec::new();
    for item in items {
        let primitive = matches!(item.value, Value::String(_) | Value::Number(_) | Value::Bool(_));
        if primitive {
            known.push(item);
        } else if !open.iter().any(|other| super::functions::same(&other.value, &item.value)) {
            open.push(item);
        }
    }
    known.sort_by(|a, b| {
        rank(&a.value).partial_cmp(&rank(&b.value)).unwrap_or(std::cmp::Ordering::Equal)
    });
    known.dedup_by(|a, b| a.value == b.value);
    known.extend(open);
    known
}

fn rank(value: &Value) -> (u8, f64, &str) {
    match value {
        Value::Bool(value) => (0, f64::from(u8::from(*value)), ""),
        Value::Number(number) => (1, *number, ""),
        Value::String(text) => (2, 0.0, text),
        _ => (3, 0.0, ""),
    }
}
