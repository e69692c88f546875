//! One text for a value, whether Terraform says it or this program.

use eksdns_lint::graph::{ListKind, Number, Value};
use jsonc_parser::ast;

/// A value that nobody can tell.
pub(super) const OPEN: &str = "?";

pub(super) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn joined(open: char, parts: impl Iterator<Item = String>, close: char) -> String {
    format!("{open}{}{close}", parts.collect::<Vec<_>>().join(","))
}

/// Plans keep a number as a machine float where that is exact.
fn number(number: &Number) -> String {
    match Number::from_f64(number.to_f64()) {
        Some(machine) if machine == *number && !number.is_whole() => machine.to_string(),
        _ => number.to_string(),
    }
}

/// The text of our value.
pub(super) fn ours(value: &Value) -> String {
    match value {
        Value::Null => "null".into(),
        Value::Bool(value) => value.to_string(),
        Value::Number(number) => self::number(number),
        Value::String(text) => quoted(text),
        Value::List { rest: Some(_), .. } | Value::Unknown(_) => OPEN.into(),
        Value::Map(map) if map.rest.is_some() => OPEN.into(),
        Value::List { items, .. } => joined('[', items.iter().map(|item| ours(&item.value)), ']'),
        Value::Map(map) => {
            let entries = map.entries.iter();
            joined(
                '{',
                entries.map(|(key, node)| format!("{}:{}", quoted(key), ours(&node.value))),
                '}',
            )
        }
    }
}

/// The text of Terraform's value, with what it does not know.
pub(super) fn theirs(value: Option<&ast::Value<'_>>, unknown: Option<&ast::Value<'_>>) -> String {
    if let Some(ast::Value::BooleanLit(it)) = unknown
        && it.value
    {
        return OPEN.into();
    }
    match value {
        None | Some(ast::Value::NullKeyword(_)) if unknown.is_none_or(is_false) => "null".into(),
        Some(ast::Value::BooleanLit(it)) => it.value.to_string(),
        Some(ast::Value::NumberLit(it)) => it.value.to_owned(),
        Some(ast::Value::StringLit(it)) => quoted(&it.value),
        Some(ast::Value::Array(items)) => {
            let elements = items.elements.iter().enumerate();
            joined('[', elements.map(|(at, item)| theirs(Some(item), element(unknown, at))), ']')
        }
        _ => object(value, unknown),
    }
}

fn is_false(value: &ast::Value<'_>) -> bool {
    matches!(value, ast::Value::BooleanLit(it) if !it.value)
}

fn element<'a, 't>(unknown: Option<&'a ast::Value<'t>>, at: usize) -> Option<&'a ast::Value<'t>> {
    match unknown {
        Some(ast::Value::Array(items)) => items.elements.get(at),
        _ => None,
    }
}

/// Keys that are wholly unknown stand in `unknown` only.
fn object(value: Option<&ast::Value<'_>>, unknown: Option<&ast::Value<'_>>) -> String {
    let part = |of: Option<&ast::Value<'_>>| -> Vec<String> {
        match of {
            Some(ast::Value::Object(it)) => {
                it.properties.iter().map(|prop| prop.name.as_str().to_owned()).collect()
            }
            _ => Vec::new(),
        }
    };
    let mut names = part(value);
    names.extend(part(unknown));
    names.sort();
    names.dedup();
    let get = |of: Option<&ast::Value<'_>>, name: &str| -> Option<usize> {
        match of {
            Some(ast::Value::Object(it)) => {
                it.properties.iter().position(|prop| prop.name.as_str() == name)
            }
            _ => None,
        }
    };
    let entries = names.iter().map(|name| {
        let inner = |of: Option<&ast::Value<'_>>| get(of, name);
        let text = match (value, inner(value), unknown, inner(unknown)) {
            (Some(ast::Value::Object(v)), Some(a), Some(ast::Value::Object(u)), Some(b)) => {
                theirs(Some(&v.properties[a].value), Some(&u.properties[b].value))
            }
            (Some(ast::Value::Object(v)), Some(a), ..) => {
                theirs(Some(&v.properties[a].value), None)
            }
            (_, _, Some(ast::Value::Object(u)), Some(b)) => {
                theirs(None, Some(&u.properties[b].value))
            }
            _ => "null".into(),
        };
        format!("{}:{text}", quoted(name))
    });
    joined('{', entries.collect::<Vec<_>>().into_iter(), '}')
}

/// Whether our value may have the type that Terraform names.
pub(super) fn has_type(value: &Value, kind: &serde_json::Value) -> bool {
    let (name, inner) = match kind {
        serde_json::Value::Array(parts) => (parts[0].as_str().unwrap_or(""), &parts[1]),
        other => (other.as_str().unwrap_or(""), &serde_json::Value::Null),
    };
    match value {
        Value::Null | Value::Unknown(_) => true,
        Value::Bool(_) => name == "bool",
        Value::Number(_) => name == "number",
        Value::String(_) => name == "string",
        Value::List { items, .. } => match items.kind {
            ListKind::Tuple => {
                let kinds = inner.as_array().map_or(&[][..], |kinds| kinds);
                name == "tuple"
                    && kinds.len() == items.len()
                    && items.iter().zip(kinds).all(|(item, kind)| has_type(&item.value, kind))
            }
            ListKind::List => name == "list" && items.iter().all(|it| has_type(&it.value, inner)),
            ListKind::Set => name == "set" && items.iter().all(|it| has_type(&it.value, inner)),
        },
        Value::Map(map) if map.uniform => {
            name == "map" && map.entries.values().all(|node| has_type(&node.value, inner))
        }
        Value::Map(map) => {
            let kinds = inner.as_object();
            name == "object"
                && kinds.is_some_and(|kinds| {
                    kinds.len() == map.entries.len()
                        && map.entries.iter().all(|(key, node)| {
                            kinds.get(&**key).is_some_and(|kind| has_type(&node.value, kind))
                        })
                })
        }
    }
}
