//! When two values are equal.

use super::super::types::Type;
use crate::graph::{Items, ListKind, Value};
use crate::unknown::{Form, Symbol};

/// Whether two values are the same thing, wherever they are written.
pub(in crate::terraform) fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::List { items: a, rest: ra }, Value::List { items: b, rest: rb }) => {
            ra == rb
                && a.kind == b.kind
                && a.len() == b.len()
                && a.iter().zip(b.iter()).all(|(a, b)| same(&a.value, &b.value))
        }
        (Value::Map(a), Value::Map(b)) => {
            a.rest == b.rest
                && a.uniform == b.uniform
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

/// `a == b` as far as it can be told: what is not of one type is not equal.
pub(in crate::terraform) fn equal(a: &Value, b: &Value) -> Option<bool> {
    if same(a, b) {
        return Some(true);
    }
    if !Type::of(a).agrees(&Type::of(b)) {
        return Some(false);
    }
    match (a, b) {
        (Value::Null, Value::Unknown(symbol)) | (Value::Unknown(symbol), Value::Null) => {
            is_never_null(symbol).then_some(false)
        }
        (Value::List { items: a, rest: None }, Value::List { items: b, rest: None }) => {
            let open_set = |items: &Items| {
                items.kind == ListKind::Set && !items.iter().all(|item| item.value.is_known())
            };
            if open_set(a) || open_set(b) {
                return None;
            }
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
pub(in crate::terraform) fn is_never_null(symbol: &Symbol) -> bool {
    match symbol.form() {
        Form::Attribute { name, data, .. } => !*data && is_identifier(name) || name.is_empty(),
        Form::Call { function, .. } => matches!(&**function, "template" | "format" | "[*]" | "for"),
        _ => false,
    }
}

/// Whether an attribute holds one identifier.
pub(in crate::terraform) fn is_identifier(name: &str) -> bool {
    matches!(name, "id" | "arn")
}
