//! The order of the elements of a set.

use std::cmp::Ordering;
use std::fmt::Write as _;

use super::functions::same;
use crate::graph::{ListKind, Node, Value};

/// Sorts and de-duplicates the known elements of a set; what is open follows.
pub(super) fn sort_set(items: Vec<Node>) -> Vec<Node> {
    let (mut known, open): (Vec<Node>, Vec<Node>) =
        items.into_iter().partition(|item| item.value.is_known());
    known.sort_by(|a, b| compare(&a.value, &b.value));
    known.dedup_by(|a, b| same(&a.value, &b.value));
    let mut kept: Vec<Node> = Vec::new();
    for item in open {
        if !kept.iter().any(|other| same(&other.value, &item.value)) {
            kept.push(item);
        }
    }
    known.extend(kept);
    known
}

/// Primitives by value, all else by a text of their own; null last.
fn compare(a: &Value, b: &Value) -> Ordering {
    match (a, b) {
        (Value::Null, Value::Null) => Ordering::Equal,
        (Value::Null, _) => Ordering::Greater,
        (_, Value::Null) => Ordering::Less,
        (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
        (Value::Number(a), Value::Number(b)) => a.cmp(b),
        (Value::String(a), Value::String(b)) => a.cmp(b),
        (a, b) => {
            let (mut left, mut right) = (String::new(), String::new());
            spell(a, &mut left);
            spell(b, &mut right);
            left.cmp(&right)
        }
    }
}

/// The text by which Terraform's library orders what has no order of its own.
fn spell(value: &Value, out: &mut String) {
    let (open, close, keys, items): (_, _, bool, Vec<(&str, &Value)>) = match value {
        Value::Unknown(_) => return out.push('?'),
        Value::Null => return out.push('~'),
        Value::Bool(value) => return out.push(if *value { 'T' } else { 'F' }),
        Value::Number(number) => return out.push_str(&number.general(Some(10))),
        Value::String(text) => return quote(text, out),
        Value::List { items, .. } => {
            let nodes = items.iter().map(|item| ("", &item.value)).collect();
            if items.kind == ListKind::Tuple {
                ('<', '>', false, nodes)
            } else {
                ('[', ']', false, nodes)
            }
        }
        Value::Map(map) => {
            let nodes = map.entries.iter().map(|(key, node)| (&**key, &node.value)).collect();
            if map.uniform { ('{', '}', true, nodes) } else { ('<', '>', false, nodes) }
        }
    };
    out.push(open);
    for (key, value) in items {
        if keys {
            quote(key, out);
            out.push(':');
        }
        spell(value, out);
        out.push(';');
    }
    out.push(close);
}

fn quote(text: &str, out: &mut String) {
    let _ = write!(out, "{text:?}"); // a String takes everything
}
