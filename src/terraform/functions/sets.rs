//! Functions over sets, and conversions.

use std::sync::Arc;

use super::super::convert::{sort_set, to_bool, to_number, to_text};
use super::super::fault::{Fault, MAX_NODES, error};
use super::{Call, Outcome, equal};
use crate::graph::{Node, Value};

pub(super) fn apply(call: &Call<'_>) -> Outcome {
    match call.name {
        "toset" => toset(call),
        "tolist" => match call.arg(0)? {
            Value::Map(_) | Value::String(_) | Value::Number(_) | Value::Bool(_) => {
                error("tolist needs a list")
            }
            value => Ok(Some(value.clone())),
        },
        "tomap" => match call.arg(0)? {
            value @ (Value::Map(_) | Value::Null | Value::Unknown(_)) => Ok(Some(value.clone())),
            _ => error("tomap needs a map"),
        },
        "tostring" | "tonumber" | "tobool" => convert(call),
        "sensitive" | "nonsensitive" | "ephemeralasnull" => Ok(Some(call.arg(0)?.clone())),
        "issensitive" => Ok(Some(Value::Bool(false))),
        "sort" => sort(call),
        "setproduct" => setproduct(call),
        "setunion" => setunion(call),
        "setintersection" => filtered(call, true),
        "setsubtract" => filtered(call, false),
        "alltrue" => truths(call, true),
        "anytrue" => truths(call, false),
        _ => Ok(None),
    }
}

fn convert(call: &Call<'_>) -> Outcome {
    let value = call.arg(0)?;
    if matches!(value, Value::Null) {
        return Ok(Some(Value::Null));
    }
    Ok(Some(
        match call.name {
            "tostring" => to_text(value)?.map(Value::String),
            "tonumber" => to_number(value)?.map(Value::Number),
            _ => to_bool(value)?.map(Value::Bool),
        }
        // What a symbol converts to is the same thing as far as anyone can tell.
        .unwrap_or_else(|| value.clone()),
    ))
}

/// All known elements as text when any is, sorted, without duplicates.
fn set_of(items: &[Node]) -> Vec<Node> {
    let texts = items.iter().any(|item| matches!(item.value, Value::String(_)));
    let items = items.iter().map(|item| match (&item.value, texts) {
        (Value::Number(_) | Value::Bool(_), true) => match to_text(&item.value) {
            Ok(Some(text)) => Node::new(Value::String(text), item.span),
            _ => item.clone(),
        },
        _ => item.clone(),
    });
    sort_set(items.collect())
}

fn toset(call: &Call<'_>) -> Outcome {
    match call.arg(0)? {
        Value::List { items, rest } => {
            call.spend(items.len())?;
            let items = set_of(items);
            let rest = rest.is_some().then(|| call.unordered());
            Ok(Some(Value::List { items: items.into(), rest }))
        }
        Value::Null => Ok(Some(Value::Null)),
        Value::Unknown(_) => Ok(None), // in another order than the list

        _ => error("toset needs a list"),
    }
}

fn sort(call: &Call<'_>) -> Outcome {
    let Some(items) = call.closed(0)? else { return Ok(None) };
    let mut texts: Vec<(Arc<str>, &Node)> = Vec::new();
    for item in items {
        let Some(text) = to_text(&item.value)? else { return Ok(None) };
        texts.push((text, item));
    }
    texts.sort_by(|a, b| a.0.cmp(&b.0));
    let nodes = texts.into_iter().map(|(text, node)| Node::new(Value::String(text), node.span));
    Ok(Some(Value::list(nodes.collect::<Vec<_>>())))
}

fn setproduct(call: &Call<'_>) -> Outcome {
    let mut rows: Vec<Vec<Node>> = vec![Vec::new()];
    for at in 0..call.values.len() {
        let Some(items) = call.closed(at)? else { return Ok(None) };
        if rows.len().saturating_mul(items.len()).saturating_mul(at + 2) > MAX_NODES {
            return Err(Fault::Budget);
        }
        rows = rows
            .iter()
            .flat_map(|row| {
                items.iter().map(|item| row.iter().cloned().chain([item.clone()]).collect())
            })
            .collect();
    }
    let rows = rows.into_iter().map(|row| call.node(Value::list(row)));
    Ok(Some(Value::list(rows.collect::<Vec<_>>())))
}

fn setunion(call: &Call<'_>) -> Outcome {
    let mut all = Vec::new();
    let mut open = false;
    for at in 0..call.values.len() {
        match call.list(at)? {
            Some((items, rest)) => {
                all.extend_from_slice(items);
                open |= rest.is_some();
            }
            None => open = true,
        }
        if all.len() > MAX_NODES {
            return Err(Fault::Budget);
        }
    }
    if open && all.is_empty() {
        return Ok(None);
    }
    let rest = open.then(|| call.unordered());
    Ok(Some(Value::List { items: set_of(&all).into(), rest }))
}

/// The elements of the first set that are (or are not) in each of the others.
fn filtered(call: &Call<'_>, wanted: bool) -> Outcome {
    let Some(mut items) = call.closed(0)?.map(set_of) else { return Ok(None) };
    for at in 1..call.values.len() {
        let Some(others) = call.closed(at)?.map(set_of) else { return Ok(None) };
        call.spend(items.len() * others.len() / 8)?;
        let mut kept = Vec::new();
        for item in items {
            let found: Vec<_> =
                others.iter().map(|other| equal(&item.value, &other.value)).collect();
            if found.contains(&Some(true)) {
                if wanted {
                    kept.push(item);
                }
            } else if found.contains(&None) {
                return Ok(None);
            } else if !wanted {
                kept.push(item);
            }
        }
        items = kept;
    }
    Ok(Some(Value::list(items)))
}

fn truths(call: &Call<'_>, all: bool) -> Outcome {
    let Some((items, rest)) = call.list(0)? else { return Ok(None) };
    let mut open = rest.is_some();
    for item in items {
        let known = match &item.value {
            Value::Null => Some(false),
            value => to_bool(value)?,
        };
        match known {
            Some(known) if known != all => return Ok(Some(Value::Bool(!all))),
            Some(_) => {}
            None => open = true,
        }
    }
    Ok((!open).then_some(Value::Bool(all)))
}
