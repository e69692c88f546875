//! Functions over lists and maps.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::super::convert::{number_text, to_text};
use super::super::fault::{Fault, MAX_NODES, error};
use super::{Call, Outcome, equal, is_identifier, is_never_null, same};
use crate::graph::{Map, Node, Value};
use crate::unknown::{Form, Symbol};

pub(super) fn apply(call: &Call<'_>) -> Outcome {
    match call.name {
        "length" => length(call),
        "element" => element(call),
        "lookup" => lookup(call),
        "index" => index(call),
        "contains" => contains(call),
        "concat" => concat(call),
        "flatten" => flatten(call),
        "merge" => merge(call),
        "keys" => keys(call),
        "values" => values(call),
        "slice" => slice(call),
        "reverse" => reverse(call),
        "chunklist" => chunklist(call),
        "zipmap" => zipmap(call),
        "coalesce" => coalesce(call),
        "coalescelist" => coalescelist(call),
        "compact" => compact(call),
        "distinct" => distinct(call),
        "one" => one(call),
        "matchkeys" => matchkeys(call),
        "transpose" => transpose(call),
        _ => Ok(None),
    }
}

#[allow(clippy::cast_precision_loss)] // sizes are small
fn size(count: usize) -> Value {
    Value::Number(count as f64)
}

fn length(call: &Call<'_>) -> Outcome {
    Ok(match call.arg(0)? {
        Value::List { items, rest: None } => Some(size(items.len())),
        Value::Map(map) if map.rest.is_none() => Some(size(map.entries.len())),
        Value::String(text) => Some(size(text.chars().count())),
        Value::List { .. } | Value::Map(_) | Value::Unknown(_) => None,
        _ => return error("length needs a collection or a string"),
    })
}

fn element(call: &Call<'_>) -> Outcome {
    let (items, index) = match (call.closed(0)?, call.whole(1)?) {
        (Some(items), Some(index)) => (items, index),
        // Whatever the list holds, its first element is the first.
        (None, Some(0)) => {
            let first = call.evaluator.index_value(call.arg(0)?, &size(0), call.span)?;
            return Ok(Some(first));
        }
        _ => return Ok(None),
    };
    if items.is_empty() {
        return error("element of an empty list");
    }
    let Ok(index) = usize::try_from(index) else { return error("element with a negative index") };
    Ok(Some(items[index % items.len()].value.clone()))
}

fn lookup(call: &Call<'_>) -> Outcome {
    let Some(key) = call.text(1)? else { return Ok(None) };
    match call.arg(0)? {
        Value::Map(map) => match (map.entries.get(&key), &map.rest) {
            (Some(node), _) => Ok(Some(node.value.clone())),
            (None, Some(_)) => Ok(None),
            (None, None) => match call.values.get(2) {
                Some(default) => Ok(Some(default.clone())),
                None => error(format!("there is no element {key:?}")),
            },
        },
        Value::Unknown(_) => Ok(None),
        _ => error("lookup needs a map"),
    }
}

fn index(call: &Call<'_>) -> Outcome {
    let Some((items, rest)) = call.list(0)? else { return Ok(None) };
    let wanted = call.arg(1)?;
    for (at, item) in items.iter().enumerate() {
        match equal(&item.value, wanted) {
            Some(true) => return Ok(Some(size(at))),
            Some(false) => {}
            None => return Ok(None),
        }
    }
    if rest.is_some() { Ok(None) } else { error("the list does not hold the value") }
}

fn contains(call: &Call<'_>) -> Outcome {
    let Some((items, rest)) = call.list(0)? else { return Ok(None) };
    let wanted = call.arg(1)?;
    let mut open = rest.is_some();
    for item in items {
        match equal(&item.value, wanted) {
            Some(true) => return Ok(Some(Value::Bool(true))),
            Some(false) => {}
            None => open = true,
        }
    }
    Ok((!open).then_some(Value::Bool(false)))
}

fn concat(call: &Call<'_>) -> Outcome {
    let mut items = Vec::new();
    let mut open = false;
    let mut after_open = false;
    for at in 0..call.values.len() {
        match call.list(at)? {
            None => open = true,
            Some((part, rest)) => {
                after_open |= open && !part.is_empty();
                items.extend_from_slice(part);
                open |= rest.is_some();
            }
        }
        if items.len() > MAX_NODES {
            return Err(Fault::Budget);
        }
    }
    Ok(list_with(call, items, open, after_open))
}

/// A list whose known elements come first, or at positions nobody can tell.
fn list_with(call: &Call<'_>, items: Vec<Node>, open: bool, scattered: bool) -> Option<Value> {
    if open && items.is_empty() {
        return None;
    }
    let rest = match (open, scattered) {
        (false, _) => None,
        (true, false) => Some(call.rest()),
        (true, true) => Some(call.unordered()),
    };
    Some(Value::List { items: items.into(), rest })
}

fn flatten(call: &Call<'_>) -> Outcome {
    let Some((parts, rest)) = call.list(0)? else { return Ok(None) };
    let mut flat = Flat { items: Vec::new(), open: false, scattered: false };
    flat.add(parts)?;
    flat.open |= rest.is_some();
    Ok(list_with(call, flat.items, flat.open, flat.scattered))
}

struct Flat {
    items: Vec<Node>,
    open: bool,
    scattered: bool,
}

impl Flat {
    fn add(&mut self, parts: &[Node]) -> super::Eval<()> {
        for part in parts {
            match &part.value {
                Value::List { items, rest } => {
                    self.add(items)?;
                    self.open |= rest.is_some();
                }
                // It may be a list itself.
                Value::Unknown(symbol) if !is_one(symbol) => self.open = true,
                _ => {
                    self.scattered |= self.open;
                    self.items.push(part.clone());
                }
            }
            if self.items.len() > MAX_NODES {
                return Err(Fault::Budget);
            }
        }
        Ok(())
    }
}

/// Whether a symbol is one thing and no list: an identifier, a text, a whole resource.
fn is_one(symbol: &Symbol) -> bool {
    match symbol.form() {
        Form::Attribute { name, .. } => {
            name.is_empty() || is_identifier(name) || name.ends_with("_id")
        }
        Form::Call { function, .. } => matches!(&**function, "template" | "format"),
        _ => false,
    }
}

fn merge(call: &Call<'_>) -> Outcome {
    let mut entries = BTreeMap::new();
    let mut open = false;
    for value in call.values {
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
    Ok(Some(Value::Map(Arc::new(Map { entries, rest }))))
}

fn keys(call: &Call<'_>) -> Outcome {
    match call.arg(0)? {
        Value::Map(map) => {
            let items: Vec<Node> = map
                .entries
                .iter()
                .map(|(key, node)| Node::new(Value::String(Arc::clone(key)), node.span))
                .collect();
            Ok(list_with(call, items, map.rest.is_some(), true))
        }
        Value::Unknown(_) => Ok(None),
        _ => error("keys needs a map"),
    }
}

fn values(call: &Call<'_>) -> Outcome {
    match call.arg(0)? {
        Value::Map(map) => {
            let items: Vec<Node> = map.entries.values().cloned().collect();
            Ok(list_with(call, items, map.rest.is_some(), true))
        }
        Value::Unknown(_) => Ok(None),
        _ => error("values needs a map"),
    }
}

fn slice(call: &Call<'_>) -> Outcome {
    let (items, rest) = match call.list(0)? {
        Some((items, rest)) => (items, rest.is_some()),
        None => (&[][..], true),
    };
    let (Some(from), Some(to)) = (call.whole(1)?, call.whole(2)?) else { return Ok(None) };
    let (Ok(from), Ok(to)) = (usize::try_from(from), usize::try_from(to)) else {
        return error("slice with a negative index");
    };
    if rest {
        return open_slice(call, from, to);
    }
    match items.get(from..to) {
        Some(part) => Ok(Some(Value::list(part.to_vec()))),
        None => error("slice beyond the end of the list"),
    }
}

/// A slice that succeeds has as many elements as it names, whatever the list holds.
fn open_slice(call: &Call<'_>, from: usize, to: usize) -> Outcome {
    if to < from || to - from > 256 {
        return Ok(None);
    }
    let mut out = Vec::with_capacity(to - from);
    for at in from..to {
        let value = call.evaluator.index_value(call.arg(0)?, &size(at), call.span)?;
        out.push(call.node(value));
    }
    Ok(Some(Value::list(out)))
}

fn reverse(call: &Call<'_>) -> Outcome {
    let Some(items) = call.closed(0)? else { return Ok(None) };
    Ok(Some(Value::list(items.iter().rev().cloned().collect::<Vec<_>>())))
}

fn chunklist(call: &Call<'_>) -> Outcome {
    let (Some(items), Some(size)) = (call.closed(0)?, call.whole(1)?) else { return Ok(None) };
    let Ok(size) = usize::try_from(size) else { return error("chunklist with a negative size") };
    if items.is_empty() {
        return Ok(Some(Value::list(Vec::new())));
    }
    let size = if size == 0 { items.len() } else { size };
    let chunks = items.chunks(size).map(|chunk| call.node(Value::list(chunk.to_vec())));
    Ok(Some(Value::list(chunks.collect::<Vec<_>>())))
}

fn zipmap(call: &Call<'_>) -> Outcome {
    let (Some(keys), Some(values)) = (call.closed(0)?, call.closed(1)?) else { return Ok(None) };
    if keys.len() != values.len() {
        return error("zipmap with lists of different lengths");
    }
    let mut entries = BTreeMap::new();
    for (key, value) in keys.iter().zip(values) {
        let Some(key) = to_text(&key.value)? else { return Ok(None) };
        entries.insert(key, value.clone());
    }
    Ok(Some(Value::map(entries)))
}

fn coalesce(call: &Call<'_>) -> Outcome {
    let text = call.values.iter().any(|value| matches!(value, Value::String(_)));
    for value in call.values {
        match value {
            Value::Null => {}
            Value::String(known) if known.is_empty() => {}
            Value::Unknown(symbol) if is_never_null(symbol) => return Ok(Some(value.clone())),
            Value::Unknown(_) => return Ok(None),
            Value::Number(_) | Value::Bool(_) if text => {
                return Ok(to_text(value)?.map(Value::String));
            }
            found => return Ok(Some(found.clone())),
        }
    }
    error("coalesce finds no value")
}

fn coalescelist(call: &Call<'_>) -> Outcome {
    for value in call.values {
        match value {
            Value::Null => {}
            Value::List { items, rest: None } if items.is_empty() => {}
            Value::List { items, .. } if !items.is_empty() => return Ok(Some(value.clone())),
            Value::List { .. } | Value::Unknown(_) => return Ok(None),
            _ => return error("coalescelist needs lists"),
        }
    }
    error("coalescelist finds no value")
}

fn compact(call: &Call<'_>) -> Outcome {
    let Some((items, rest)) = call.list(0)? else { return Ok(None) };
    let mut out = Vec::new();
    let mut open = false;
    let mut scattered = false;
    for item in items {
        match &item.value {
            Value::Null => {}
            Value::String(text) if text.is_empty() => {}
            Value::Unknown(symbol) if !is_never_null(symbol) => open = true,
            Value::Number(number) => {
                scattered |= open;
                out.push(Node::new(Value::string(number_text(*number)), item.span));
            }
            _ => {
                scattered |= open;
                out.push(item.clone());
            }
        }
    }
    Ok(list_with(call, out, open || rest.is_some(), scattered))
}

fn distinct(call: &Call<'_>) -> Outcome {
    let Some((items, rest)) = call.list(0)? else { return Ok(None) };
    let mut out: Vec<Node> = Vec::new();
    for item in items {
        call.spend(out.len() / 8 + 1)?;
        if !out.iter().any(|other| same(&other.value, &item.value)) {
            out.push(item.clone());
        }
    }
    Ok(list_with(call, out, rest.is_some(), true))
}

fn one(call: &Call<'_>) -> Outcome {
    match call.arg(0)? {
        Value::List { items, rest: None } => match &**items {
            [] => Ok(Some(Value::Null)),
            [only] => Ok(Some(only.value.clone())),
            _ => error("one needs a list of at most one element"),
        },
        // If there is one, nothing else can be there.
        Value::List { items, .. } if items.len() == 1 => Ok(Some(items[0].value.clone())),
        Value::List { .. } | Value::Unknown(_) => Ok(None),
        Value::Null => error("one of null"),
        value => Ok(Some(value.clone())),
    }
}

fn matchkeys(call: &Call<'_>) -> Outcome {
    let (Some(values), Some(keys), Some(wanted)) =
        (call.closed(0)?, call.closed(1)?, call.closed(2)?)
    else {
        return Ok(None);
    };
    let mut out = Vec::new();
    for (value, key) in values.iter().zip(keys) {
        let found: Vec<_> = wanted.iter().map(|other| equal(&key.value, &other.value)).collect();
        if found.contains(&Some(true)) {
            out.push(value.clone());
        } else if found.contains(&None) {
            return Ok(None);
        }
    }
    Ok(Some(Value::list(out)))
}

fn transpose(call: &Call<'_>) -> Outcome {
    let value = call.arg(0)?;
    let (Value::Map(map), true) = (value, value.is_known()) else { return Ok(None) };
    let mut out: BTreeMap<Arc<str>, Vec<Node>> = BTreeMap::new();
    for (key, node) in &map.entries {
        let Value::List { items, .. } = &node.value else { return error("transpose needs lists") };
        for item in items.iter() {
            let Some(text) = to_text(&item.value)? else { return Ok(None) };
            out.entry(text).or_default().push(Node::new(Value::String(Arc::clone(key)), node.span));
        }
    }
    let entries = out.into_iter().map(|(key, nodes)| (key, call.node(Value::list(nodes))));
    Ok(Some(Value::map(entries.collect())))
}
