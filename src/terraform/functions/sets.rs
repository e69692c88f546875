//! Functions over sets, and conversions.

use super::super::convert::{cast, one_type, to_bool, to_number, to_text};
use super::super::fault::{Eval, Fault, MAX_NODES, error};
use super::super::order::sort_set;
use super::super::types::Type;
use super::lists::texts;
use super::{Body, Call, Outcome, equal};
use crate::graph::{Items, ListKind, Node, Value};

pub(super) fn body(name: &str) -> Option<Body> {
    Some(match name {
        "toset" => toset,
        "tolist" => tolist,
        "tomap" => |call| {
            let any = Type::Map(Box::new(Type::Any));
            cast(call.arg(0)?, &any, call.span).map(Some)
        },
        "tostring" | "tonumber" | "tobool" => convert,
        "sensitive" | "nonsensitive" | "ephemeralasnull" => |call| Ok(Some(call.arg(0)?.clone())),
        "sort" => sort,
        "setproduct" => setproduct,
        "setunion" => setunion,
        "setintersection" => |call| filtered(call, true),
        "setsubtract" => |call| filtered(call, false),
        "alltrue" => |call| truths(call, true),
        "anytrue" => |call| truths(call, false),
        _ => return None,
    })
}

fn convert(call: &Call<'_>) -> Outcome {
    let value = call.arg(0)?;
    if matches!(value, Value::Null) {
        return Ok(Some(Value::Null));
    }
    Ok(match call.name {
        // What a symbol converts to is the same thing as far as anyone can tell.
        "tostring" => Some(to_text(value)?.map_or_else(|| value.clone(), Value::String)),
        "tonumber" => to_number(value)?.map(Value::number),
        _ => to_bool(value)?.map(Value::Bool),
    })
}

fn toset(call: &Call<'_>) -> Outcome {
    let any = Type::Set(Box::new(Type::Any));
    match cast(call.arg(0)?, &any, call.span)? {
        Value::Unknown(_) => Ok(None), // in another order than the list
        Value::List { items, rest } => {
            call.spend(items.len())?;
            let rest = rest.is_some().then(|| call.unordered());
            Ok(Some(Value::List { items, rest }))
        }
        value => Ok(Some(value)),
    }
}

fn tolist(call: &Call<'_>) -> Outcome {
    let any = Type::List(Box::new(Type::Any));
    let value = call.arg(0)?;
    let open_set = call.kind(0) == ListKind::Set && !value.is_known();
    match cast(value, &any, call.span)? {
        // The open elements of a set may stand anywhere in the list.
        Value::List { items, rest } if open_set && items.len() > 1 => {
            let known: Vec<Node> =
                items.iter().filter(|item| item.value.is_known()).cloned().collect();
            let rest = rest.or_else(|| Some(call.unordered()));
            Ok(Some(Value::List { items: Items::of(ListKind::List, known), rest }))
        }
        value => Ok(Some(value)),
    }
}

fn sort(call: &Call<'_>) -> Outcome {
    let Some(items) = call.closed(0)? else { return Ok(None) };
    let Some(texts) = texts(items)? else { return Ok(None) };
    let mut pairs: Vec<_> = texts.into_iter().zip(items).collect();
    pairs.sort_by(|a, b| a.0.cmp(&b.0));
    let nodes = pairs.into_iter().map(|(text, node)| Node::new(Value::String(text), node.span));
    Ok(Some(Value::sequence(ListKind::List, nodes.collect::<Vec<_>>())))
}

fn setproduct(call: &Call<'_>) -> Outcome {
    if call.values.len() < 2 {
        return error("setproduct needs at least two lists");
    }
    let mut rows: Vec<Vec<Node>> = vec![Vec::new()];
    let mut set = false;
    for at in 0..call.values.len() {
        set |= call.kind(at) == ListKind::Set;
        let any = match call.kind(at) {
            ListKind::Set => Type::Set(Box::new(Type::Any)),
            _ => Type::List(Box::new(Type::Any)),
        };
        let items = match cast(call.arg(at)?, &any, call.span)? {
            Value::List { items, rest: None } => items,
            Value::List { .. } | Value::Unknown(_) => return Ok(None),
            _ => return error("setproduct needs lists"),
        };
        if rows.len().saturating_mul(items.len()).saturating_mul(at + 2) > MAX_NODES {
            return Err(Fault::Budget);
        }
        let longer = |row: &Vec<Node>| -> Vec<Vec<Node>> {
            items.iter().map(|item| row.iter().cloned().chain([item.clone()]).collect()).collect()
        };
        rows = rows.iter().flat_map(longer).collect();
    }
    let rows: Vec<Node> = rows.into_iter().map(|row| call.node(Value::list(row))).collect();
    let (kind, rows) = if set { (ListKind::Set, sort_set(rows)) } else { (ListKind::List, rows) };
    Ok(Some(Value::sequence(kind, rows)))
}

/// The sets, all of one type; `None` for one that is wholly open.
fn sets(call: &Call<'_>) -> Eval<Vec<Option<Value>>> {
    let mut kinds = Vec::new();
    for value in call.values {
        if let Type::Set(of) = Type::of(value) {
            kinds.push(*of);
        }
    }
    let kind = Type::Set(Box::new(one_type(&kinds)?));
    let set = |value: &Value| match cast(value, &kind, call.span)? {
        Value::Unknown(_) => Ok(None),
        value => Ok(Some(value)),
    };
    call.values.iter().map(set).collect()
}

fn setunion(call: &Call<'_>) -> Outcome {
    let mut all = Vec::new();
    let mut open = false;
    for set in sets(call)? {
        match set {
            Some(Value::List { items, rest }) => {
                all.extend_from_slice(&items);
                open |= rest.is_some();
            }
            _ => open = true,
        }
        if all.len() > MAX_NODES {
            return Err(Fault::Budget);
        }
    }
    if open && all.is_empty() {
        return Ok(None);
    }
    let rest = open.then(|| call.unordered());
    Ok(Some(Value::List { items: Items::of(ListKind::Set, sort_set(all)), rest }))
}

/// The elements of the first set that are (or are not) in each of the others.
fn filtered(call: &Call<'_>, wanted: bool) -> Outcome {
    let mut sets = sets(call)?.into_iter();
    let Some(Some(Value::List { items, rest: None })) = sets.next() else { return Ok(None) };
    let mut items = items.to_vec();
    for set in sets {
        let Some(Value::List { items: others, rest: None }) = set else { return Ok(None) };
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
    Ok(Some(Value::sequence(ListKind::Set, items)))
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
