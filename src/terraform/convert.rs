//! Conversions between values as Terraform makes them.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::fault::{Eval, error};
use super::syntax::Expr;
use super::types::{Field, Type, unify};
use crate::graph::{Items, ListKind, Map, Node, Number, Value};
use crate::source::Span;

/// A string, from a primitive. `None` for what cannot be told.
pub(super) fn to_text(value: &Value) -> Eval<Option<Arc<str>>> {
    match value {
        Value::String(text) => Ok(Some(Arc::clone(text))),
        Value::Number(number) => Ok(Some(number.to_string().into())),
        Value::Bool(value) => Ok(Some(value.to_string().into())),
        Value::Unknown(_) => Ok(None),
        Value::Null => error("a string is required, not null"),
        Value::List { .. } | Value::Map(_) => error("a string is required"),
    }
}

/// A number, from a primitive.
pub(super) fn to_number(value: &Value) -> Eval<Option<Number>> {
    match value {
        Value::Number(number) => Ok(Some((**number).clone())),
        Value::String(text) => match text.parse() {
            Ok(number) => Ok(Some(number)),
            Err(_) => error(format!("a number is required, not {text:?}")),
        },
        Value::Unknown(_) => Ok(None),
        _ => error("a number is required"),
    }
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

/// What evaluates the default of an optional attribute.
pub(super) type Default<'d> = &'d mut dyn FnMut(&Expr) -> Eval;

/// Converts a value to a type that has no defaults.
pub(super) fn cast(value: &Value, kind: &Type, at: Span) -> Eval {
    convert(value, kind, at, &mut |_| Ok(Value::Null))
}

/// Converts a value to a type as far as it is known; `default` evaluates an `optional` default.
pub(super) fn convert(value: &Value, kind: &Type, at: Span, default: Default<'_>) -> Eval {
    Ok(match (kind, value) {
        (Type::Any, _) | (_, Value::Null | Value::Unknown(_)) => value.clone(),
        (Type::String, _) => to_text(value)?.map_or_else(|| value.clone(), Value::String),
        (Type::Number, _) => to_number(value)?.map_or_else(|| value.clone(), Value::number),
        (Type::Bool, _) => to_bool(value)?.map_or_else(|| value.clone(), Value::Bool),
        (Type::List(of), Value::List { items, rest }) => {
            let items = Items::of(ListKind::List, elements(items, of, default)?);
            Value::List { items, rest: rest.clone() }
        }
        (Type::Set(of), Value::List { items, rest }) => {
            let sorted = super::order::sort_set(elements(items, of, default)?);
            Value::List { items: Items::of(ListKind::Set, sorted), rest: rest.clone() }
        }
        (Type::Tuple(kinds), Value::List { items, rest }) => {
            if rest.is_none() && items.len() != kinds.len() {
                return error("the tuple has another length");
            }
            let mut out = Vec::with_capacity(items.len());
            for (item, kind) in items.iter().zip(kinds) {
                out.push(Node::new(convert(&item.value, kind, item.span, default)?, item.span));
            }
            Value::List { items: out.into(), rest: rest.clone() }
        }
        (Type::Map(of), Value::Map(map)) => to_map(map, of, default)?,
        (Type::Object(fields), Value::Map(map)) => object(map, fields, at, default)?,
        _ => return error("the value does not fit the type constraint"),
    })
}

/// All elements as one type: the wanted one, or one that fits them all.
fn elements(items: &Items, wanted: &Type, default: Default<'_>) -> Eval<Vec<Node>> {
    let found;
    let wanted = if matches!(wanted, Type::Any) && items.kind == ListKind::Tuple {
        let kinds: Vec<Type> = items.iter().map(|item| Type::of(&item.value)).collect();
        found = one_type(&kinds)?;
        &found
    } else {
        wanted
    };
    let mut out = Vec::with_capacity(items.len());
    for item in items.iter() {
        out.push(Node::new(convert(&item.value, wanted, item.span, default)?, item.span));
    }
    Ok(out)
}

/// The type that values of these types have in common.
pub(super) fn one_type(kinds: &[Type]) -> Eval<Type> {
    match unify(kinds) {
        Some(kind) => Ok(kind),
        None => error("all elements must have the same type"),
    }
}

fn to_map(map: &Map, wanted: &Type, default: Default<'_>) -> Eval {
    let found;
    let wanted = if matches!(wanted, Type::Any) && !map.uniform {
        let kinds: Vec<Type> = map.entries.values().map(|node| Type::of(&node.value)).collect();
        found = one_type(&kinds)?;
        &found
    } else {
        wanted
    };
    let mut entries = BTreeMap::new();
    for (key, node) in &map.entries {
        let value = convert(&node.value, wanted, node.span, default)?;
        entries.insert(Arc::clone(key), Node::new(value, node.span));
    }
    Ok(Value::Map(Arc::new(Map {
        uniform: true,
        entries: entries.into_iter().collect(),
        rest: map.rest.clone(),
    })))
}

fn object(map: &Map, fields: &BTreeMap<Arc<str>, Field>, at: Span, default: Default<'_>) -> Eval {
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
    Ok(Value::Map(Arc::new(Map {
        uniform: false,
        entries: entries.into_iter().collect(),
        rest: map.rest.clone(),
    })))
}
