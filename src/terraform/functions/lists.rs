//! Functions over lists.

use super::super::convert::{cast, one_type, to_text};
use super::super::fault::{Fault, MAX_NODES, error};
use super::super::types::Type;
use super::{Body, Call, Outcome, equal, is_identifier, is_never_null, same};
use crate::graph::{Items, ListKind, Node, Value};
use crate::unknown::{Form, Symbol};

pub(super) fn body(name: &str) -> Option<Body> {
    Some(match name {
        "length" => length,
        "element" => element,
        "index" => index,
        "contains" => contains,
        "concat" => concat,
        "flatten" => flatten,
        "slice" => slice,
        "reverse" => reverse,
        "chunklist" => chunklist,
        "coalesce" => coalesce,
        "coalescelist" => coalescelist,
        "compact" => compact,
        "distinct" => distinct,
        "one" => one,
        "matchkeys" => matchkeys,
        _ => return None,
    })
}

fn length(call: &Call<'_>) -> Outcome {
    Ok(match call.arg(0)? {
        Value::List { items, rest: None } => {
            // Elements of a set that are open may be equal.
            let open = items.kind == ListKind::Set
                && items.len() > 1
                && !items.iter().all(|item| item.value.is_known());
            (!open).then(|| Value::number(items.len()))
        }
        Value::Map(map) if map.rest.is_none() => Some(Value::number(map.entries.len())),
        Value::String(text) => Some(Value::number(super::strings::clusters(text).count())),
        Value::List { .. } | Value::Map(_) | Value::Unknown(_) => None,
        _ => return error("length needs a collection or a string"),
    })
}

fn element(call: &Call<'_>) -> Outcome {
    let index = call.whole(1)?;
    let (items, index) = match (call.ordered(0)?, index) {
        (Some((items, None)), Some(index)) => (items, index),
        // Whatever the list holds, its first element is the first.
        (_, Some(0)) => {
            let zero = Value::number(0u32);
            return Ok(Some(call.evaluator.index_value(call.arg(0)?, &zero, call.span)?));
        }
        _ => return Ok(None),
    };
    let Ok(length) = i64::try_from(items.len()) else { return Ok(None) };
    if length == 0 {
        return error("element of an empty list");
    }
    let index =
        if call.kind(0) == ListKind::List { index.rem_euclid(length) } else { index % length };
    match usize::try_from(index) {
        Ok(at) => Ok(items.get(at).map(|item| item.value.clone())),
        Err(_) => error("element with a negative index"),
    }
}

fn index(call: &Call<'_>) -> Outcome {
    let Some((items, rest)) = call.ordered(0)? else { return Ok(None) };
    let wanted = call.arg(1)?;
    for (at, item) in items.iter().enumerate() {
        match equal(&item.value, wanted) {
            Some(true) => return Ok(Some(Value::number(at))),
            Some(false) => {}
            None => return Ok(None),
        }
    }
    let open = rest.is_some() || !wanted.is_known();
    if open { Ok(None) } else { error("the list does not hold the value") }
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
        match call.ordered(at)? {
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
    if call.values.is_empty() {
        return error("concat needs a list");
    }
    let typed = (0..call.values.len()).all(|at| call.kind(at) == ListKind::List);
    if typed && !open {
        let kinds: Vec<Type> = call.values.iter().map(Type::of).collect();
        if let Ok(kind @ Type::List(_)) = one_type(&kinds) {
            return cast(&Value::list(items), &kind, call.span).map(Some);
        }
    }
    Ok(list_with(call, ListKind::Tuple, items, open, after_open))
}

/// A list whose known elements come first, or at positions nobody can tell.
pub(super) fn list_with(
    call: &Call<'_>,
    kind: ListKind,
    items: Vec<Node>,
    open: bool,
    scattered: bool,
) -> Option<Value> {
    if open && items.is_empty() {
        return None;
    }
    let rest = match (open, scattered) {
        (false, _) => None,
        (true, false) => Some(call.rest()),
        (true, true) => Some(call.unordered()),
    };
    Some(Value::List { items: Items::of(kind, items), rest })
}

fn flatten(call: &Call<'_>) -> Outcome {
    let Some((parts, rest)) = call.list(0)? else { return Ok(None) };
    let mut flat = Flat { items: Vec::new(), open: false, scattered: false };
    flat.add(parts)?;
    flat.open |= rest.is_some();
    Ok(list_with(call, ListKind::Tuple, flat.items, flat.open, flat.scattered))
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

fn slice(call: &Call<'_>) -> Outcome {
    let (items, rest) = match call.ordered(0)? {
        Some((items, rest)) => (items, rest.is_some()),
        None => (&[][..], true),
    };
    let (Some(from), Some(to)) = (call.whole(1)?, call.whole(2)?) else { return Ok(None) };
    let (Ok(from), Ok(to)) = (usize::try_from(from), usize::try_from(to)) else {
        return error("slice with a negative index");
    };
    if from > to {
        return error("slice ends before it starts");
    }
    if rest {
        return open_slice(call, from, to);
    }
    match items.get(from..to) {
        Some(part) => Ok(Some(Value::sequence(call.kind(0), part.to_vec()))),
        None => error("slice beyond the end of the list"),
    }
}

/// A slice that succeeds has as many elements as it names, whatever the list holds.
fn open_slice(call: &Call<'_>, from: usize, to: usize) -> Outcome {
    if to - from > 256 {
        return Ok(None);
    }
    let mut out = Vec::with_capacity(to - from);
    for at in from..to {
        let value = call.evaluator.index_value(call.arg(0)?, &Value::number(at), call.span)?;
        out.push(call.node(value));
    }
    Ok(Some(Value::sequence(call.kind(0), out)))
}

fn reverse(call: &Call<'_>) -> Outcome {
    let Some(items) = call.closed(0)? else { return Ok(None) };
    let kind = match call.kind(0) {
        ListKind::Set => ListKind::List,
        kind => kind,
    };
    Ok(Some(Value::sequence(kind, items.iter().rev().cloned().collect::<Vec<_>>())))
}

fn chunklist(call: &Call<'_>) -> Outcome {
    let (Some(items), Some(size)) = (call.closed(0)?, call.whole(1)?) else { return Ok(None) };
    let Ok(size) = usize::try_from(size) else { return error("chunklist with a negative size") };
    let size = if size == 0 { items.len().max(1) } else { size };
    let chunks = items.chunks(size).map(|chunk| Value::sequence(ListKind::List, chunk.to_vec()));
    Ok(Some(call.sequence(chunks)))
}

fn coalesce(call: &Call<'_>) -> Outcome {
    let kinds: Vec<Type> = call.values.iter().map(Type::of).collect();
    let kind = one_type(&kinds)?;
    for value in call.values {
        match cast(value, &kind, call.span)? {
            Value::Null => {}
            Value::String(known) if known.is_empty() => {}
            Value::Unknown(symbol) if is_never_null(&symbol) => return Ok(Some(value.clone())),
            Value::Unknown(_) => return Ok(None),
            found => return Ok(Some(found)),
        }
    }
    error("coalesce finds no value")
}

fn coalescelist(call: &Call<'_>) -> Outcome {
    for at in 0..call.values.len() {
        if *call.arg(at)? != Value::Null {
            call.ordered(at)?;
        }
    }
    for at in 0..call.values.len() {
        if *call.arg(at)? == Value::Null {
            continue;
        }
        match call.ordered(at)? {
            Some(([], None)) => {}
            Some((items, _)) if !items.is_empty() => return Ok(Some(call.arg(at)?.clone())),
            _ => return Ok(None),
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
            _ => {
                scattered |= open;
                out.push(item.clone());
            }
        }
    }
    Ok(list_with(call, ListKind::List, out, open || rest.is_some(), scattered))
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
    // What is open may be equal to something else here; an id that AWS has yet to give is its own.
    let may_repeat = |item: &Node| !item.value.is_known() && !is_new_id(&item.value);
    let open = out.len() > 1 && out.iter().any(may_repeat);
    Ok(list_with(call, ListKind::List, out, rest.is_some() || open, true))
}

/// The id of a resource that this configuration makes: no other value is equal to it.
fn is_new_id(value: &Value) -> bool {
    let Value::Unknown(symbol) = value else { return false };
    matches!(symbol.form(), Form::Attribute { data: false, name, .. }
        if matches!(&**name, "id" | "arn"))
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
        _ => error("one needs a list"),
    }
}

fn matchkeys(call: &Call<'_>) -> Outcome {
    let (Some(values), Some(keys), Some(wanted)) =
        (call.closed(0)?, call.closed(1)?, call.closed(2)?)
    else {
        return Ok(None);
    };
    if values.len() != keys.len() {
        return error("matchkeys needs as many keys as values");
    }
    let all: Vec<Type> = keys.iter().chain(wanted).map(|node| Type::of(&node.value)).collect();
    let kind = one_type(&all)?;
    let mut out = Vec::new();
    for (value, key) in values.iter().zip(keys) {
        let key = cast(&key.value, &kind, key.span)?;
        let mut found = Some(false);
        for other in wanted {
            let here = equal(&key, &cast(&other.value, &kind, other.span)?);
            found = match (found, here) {
                (Some(true), _) | (_, Some(true)) => Some(true),
                (None, _) | (_, None) => None,
                _ => Some(false),
            };
        }
        match found {
            Some(true) => out.push(value.clone()),
            Some(false) => {}
            None => return Ok(None),
        }
    }
    Ok(Some(Value::sequence(ListKind::List, out)))
}

/// All elements as texts; `None` when one is open.
pub(super) fn texts(items: &[Node]) -> super::Eval<Option<Vec<std::sync::Arc<str>>>> {
    let mut out = Vec::with_capacity(items.len());
    for item in items {
        let Some(text) = to_text(&item.value)? else { return Ok(None) };
        out.push(text);
    }
    Ok(Some(out))
}
