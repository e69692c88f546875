//! Functions over maps.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::super::convert::cast;
use super::super::fault::error;
use super::super::types::Type;
use super::lists::{list_with, texts};
use super::{Body, Call, Outcome};
use crate::graph::{ListKind, Map, Node, Value};

pub(super) fn body(name: &str) -> Option<Body> {
    Some(match name {
        "lookup" => lookup,
        "merge" => merge,
        "keys" => keys,
        "values" => values,
        "zipmap" => zipmap,
        "transpose" => transpose,
        _ => return None,
    })
}

fn lookup(call: &Call<'_>) -> Outcome {
    if call.values.len() > 3 {
        return error("lookup takes one default");
    }
    let (Some(map), Some(key)) = (call.map(0)?, call.text(1)?) else { return Ok(None) };
    let default = match (call.values.get(2), Type::of(call.arg(0)?)) {
        (Some(default), Type::Map(of)) => Some(cast(default, &of, call.span)?),
        (default, _) => default.cloned(),
    };
    match (map.entries.get(&key), &map.rest, default) {
        (Some(node), ..) => Ok(Some(node.value.clone())),
        (None, Some(_), _) => Ok(None),
        (None, None, Some(default)) => Ok(Some(default)),
        (None, None, None) => error(format!("there is no element {key:?}")),
    }
}

fn merge(call: &Call<'_>) -> Outcome {
    let mut entries = BTreeMap::new();
    let mut open = false;
    let mut kinds: Vec<Type> = Vec::new();
    for value in call.values {
        kinds.push(Type::of(value));
        match value {
            Value::Null => {}
            Value::Map(map) => {
                if map.rest.is_some() {
                    // A later open map may replace what was there before.
                    entries.clear();
                    open = true;
                }
                call.spend(map.entries.len())?;
                entries
                    .extend(map.entries.iter().map(|(key, node)| (Arc::clone(key), node.clone())));
            }
            Value::Unknown(_) => {
                entries.clear();
                open = true;
            }
            _ => return error("merge needs maps"),
        }
    }
    if open && entries.is_empty() {
        return Ok(None);
    }
    let rest = open.then(|| call.rest());
    let uniform = matches!(kinds.first(), Some(Type::Map(_)))
        && kinds.iter().all(|kind| matches!(kind, Type::Map(_)) && kind.is(&kinds[0]));
    Ok(Some(Value::Map(Arc::new(Map { uniform, entries: entries.into_iter().collect(), rest }))))
}

/// Of a map a list, of an object a tuple.
fn kind_of(map: &Map) -> ListKind {
    if map.uniform { ListKind::List } else { ListKind::Tuple }
}

fn keys(call: &Call<'_>) -> Outcome {
    let Some(map) = call.map(0)? else { return Ok(None) };
    let items: Vec<Node> = map
        .entries
        .iter()
        .map(|(key, node)| Node::new(Value::String(Arc::clone(key)), node.span))
        .collect();
    Ok(list_with(call, kind_of(map), items, map.rest.is_some(), true))
}

fn values(call: &Call<'_>) -> Outcome {
    let Some(map) = call.map(0)? else { return Ok(None) };
    let items: Vec<Node> = map.entries.values().cloned().collect();
    Ok(list_with(call, kind_of(map), items, map.rest.is_some(), true))
}

fn zipmap(call: &Call<'_>) -> Outcome {
    let values = call.ordered(1)?;
    let (Some(keys), Some((values, None))) = (call.closed(0)?, values) else { return Ok(None) };
    if keys.len() != values.len() {
        return error("zipmap with lists of different lengths");
    }
    let Some(keys) = texts(keys)? else { return Ok(None) };
    let entries: BTreeMap<_, _> = keys.into_iter().zip(values.iter().cloned()).collect();
    let uniform = call.kind(1) == ListKind::List;
    Ok(Some(Value::Map(Arc::new(Map {
        uniform,
        entries: entries.into_iter().collect(),
        rest: None,
    }))))
}

fn transpose(call: &Call<'_>) -> Outcome {
    let value = call.arg(0)?;
    let (Value::Map(map), true) = (value, value.is_known()) else { return Ok(None) };
    let mut out: BTreeMap<Arc<str>, Vec<Node>> = BTreeMap::new();
    for (key, node) in &map.entries {
        let Value::List { items, .. } = &node.value else { return error("transpose needs lists") };
        let Some(texts) = texts(items)? else { return Ok(None) };
        for text in texts {
            out.entry(text).or_default().push(Node::new(Value::String(Arc::clone(key)), node.span));
        }
    }
    let entries = out
        .into_iter()
        .map(|(key, nodes)| (key, call.node(Value::sequence(ListKind::List, nodes))));
    Ok(Some(Value::uniform(entries.collect())))
}
