//! Changes to a graph before the network is read: blocks taken out, attributes with other values.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::graph::{Graph, Node, Number, Value};
use crate::near::hint;
use crate::network::Network;
use crate::unknown::{ResourceId, Step, Symbol};

use super::Ask;

/// The changes that are asked for, and which of them found something to change.
pub(super) struct Edits<'a> {
    ask: &'a Ask,
    /// What each has done, by the option's text.
    done: BTreeMap<String, Vec<String>>,
    known: BTreeSet<String>,
    wrong: Vec<String>,
}

impl<'a> Edits<'a> {
    pub(super) fn new(ask: &'a Ask) -> Self {
        let (done, known, wrong) = (BTreeMap::new(), BTreeSet::new(), Vec::new());
        Self { ask, done, known, wrong }
    }

    /// Changes a graph; gives the addresses of what is gone.
    pub(super) fn apply(&mut self, graph: &mut Graph) -> BTreeSet<String> {
        let mut gone = BTreeSet::new();
        if self.ask.without.is_empty() && self.ask.set.is_empty() {
            return gone;
        }
        self.known.extend(graph.addresses());
        for text in &self.ask.set {
            self.set(graph, text);
        }
        for address in &self.ask.without {
            let named = graph.named(address);
            if named.is_empty() {
                continue;
            }
            let went = graph.without(&named);
            let with_it =
                went.iter().filter(|id| !named.contains(id) && is_new(graph, **id, &gone));
            let with_it: BTreeSet<_> =
                with_it.map(|id| graph.resource(*id).address.to_string()).collect();
            gone.extend(went.iter().map(|id| graph.resource(*id).address.to_string()));
            let rest = if with_it.is_empty() {
                String::new()
            } else {
                let list: Vec<_> = with_it.into_iter().collect();
                format!(", and without what cannot be there then: {}", list.join(", "))
            };
            let did = format!("without {address}{rest}");
            self.done.entry(format!("--without {address}")).or_default().push(did);
        }
        gone
    }

    fn set(&mut self, graph: &mut Graph, text: &str) {
        let option = format!("--set {text}");
        let Some((way, value)) = text.split_once('=') else { return };
        let Some((ids, path)) = attribute(graph, way) else { return };
        let value = parse(graph, value);
        for id in ids {
            let address = graph.resource(id).address.to_string();
            match graph.set(id, &path, &value) {
                Some(_) if let Some(fault) = unread(graph, id, &path) => {
                    self.wrong.push(format!("{option}: {fault}"));
                }
                Some(was) => {
                    let was = was.map_or("not written".to_owned(), |was| told(&was));
                    let did = format!("{way} = {} (was: {was})", told(&value));
                    self.done.entry(option.clone()).or_default().push(did);
                }
                None => {
                    let near = unread(graph, id, &path).map(|fault| format!(": {fault}"));
                    let near = near.unwrap_or_default();
                    let fault = format!("{option}: {address} has no such block or element{near}");
                    self.wrong.push(fault);
                }
            }
        }
    }

    /// What was changed.
    pub(super) fn told(&self) -> Vec<String> {
        let mut told: Vec<String> = Vec::new();
        for did in self.done.values().flatten() {
            if !told.contains(did) {
                told.push(did.clone());
            }
        }
        told
    }

    /// The options that found nothing to change.
    pub(super) fn faults(&self) -> Vec<String> {
        let known = || self.known.iter().map(String::as_str);
        let mut faults = self.wrong.clone();
        for address in &self.ask.without {
            let option = format!("--without {address}");
            if !self.done.contains_key(&option) {
                faults
                    .push(format!("{option}: there is no such resource{}", hint(address, known())));
            }
        }
        for text in &self.ask.set {
            let option = format!("--set {text}");
            if self.done.contains_key(&option) || !self.wrong.is_empty() {
                continue;
            }
            let Some((way, _)) = text.split_once('=') else {
                faults.push(format!("{option}: it must be ADDRESS.ATTRIBUTE=VALUE"));
                continue;
            };
            let address = way.rsplit_once('.').map_or(way, |(address, _)| address);
            faults.push(format!("{option}: there is no such resource{}", hint(address, known())));
        }
        faults
    }
}

fn is_new(graph: &Graph, id: ResourceId, gone: &BTreeSet<String>) -> bool {
    !gone.contains(&*graph.resource(id).address)
}

/// Why another value of an attribute changes nothing: nobody reads it, or nobody reads it in a block of which others are
/// read.
fn unread(graph: &Graph, id: ResourceId, path: &[Step]) -> Option<String> {
    let read = Network::attributes(graph, id)?;
    let (kind, is_read) = (&graph.resource(id).kind, |name: &Arc<str>| read.contains(&**name));
    let fault = |name: &Arc<str>, of: &str| {
        let near = hint(name, read.iter().map(String::as_str));
        Some(format!("no path depends on {name} of {of}{near}"))
    };
    match path {
        [Step::Name(name), ..] if !is_read(name) => fault(name, kind),
        [block @ .., Step::Name(name)] if !block.is_empty() && !is_read(name) => {
            let is_block = match graph.value(id, block)? {
                Value::Map(map) => map.entries.keys().any(is_read),
                Value::List { items, .. } => items.iter().any(
                    |item| matches!(&item.value, Value::Map(map) if map.entries.keys().any(is_read)),
                ),
                _ => false,
            };
            if is_block { fault(name, &format!("a block of {kind}")) } else { None }
        }
        _ => None,
    }
}

/// The resources and the way to an attribute: as much of the text as names a resource, and the rest.
fn attribute(graph: &Graph, way: &str) -> Option<(Vec<ResourceId>, Vec<Step>)> {
    let dots = way.match_indices('.').map(|(at, _)| at).collect::<Vec<_>>();
    dots.into_iter().rev().find_map(|at| {
        let (address, rest) = (&way[..at], &way[at + 1..]);
        let own = |id: &ResourceId| {
            let rest = graph.resource(*id).address.strip_prefix(address);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('['))
        };
        let ids: Vec<_> = graph.named(address).into_iter().filter(own).collect();
        (!ids.is_empty()).then_some(())?;
        Some((ids, steps(rest)?))
    })
}

/// `vpc_config[0].endpoint_private_access`.
fn steps(text: &str) -> Option<Vec<Step>> {
    let mut steps = Vec::new();
    for part in text.split('.') {
        let mut parts = part.split('[');
        let name = parts.next().filter(|name| !name.is_empty())?;
        steps.push(match name.parse() {
            Ok(index) => Step::Index(index),
            Err(_) => Step::Name(name.into()),
        });
        for index in parts {
            let index = index.strip_suffix(']')?;
            steps.push(match index.parse() {
                Ok(index) => Step::Index(index),
                Err(_) => Step::Name(index.trim_matches('"').into()),
            });
        }
    }
    Some(steps)
}

/// A value as JSON; what is none is the address of a resource, or a text.
fn parse(graph: &Graph, text: &str) -> Value {
    if let Ok(json) = serde_json::from_str(text) {
        return from_json(graph, &json);
    }
    let named = |address: &str, name: &str| {
        let mut all = (0..).map(ResourceId).zip(&graph.resources);
        let (id, one) = all.find(|(_, one)| &*one.address == address)?;
        let data = one.mode == crate::graph::Mode::Data;
        Some(Value::Unknown(Symbol::attribute(id, Arc::clone(&one.address), data, name)))
    };
    let whole = || named(text, "id");
    let part = || text.rsplit_once('.').and_then(|(address, name)| named(address, name));
    whole().or_else(part).unwrap_or_else(|| Value::string(text))
}

fn from_json(graph: &Graph, json: &serde_json::Value) -> Value {
    // Its places are those of what it replaces: the first resource stands for them.
    let span = graph.resources.first().map(|one| one.span);
    let node = |value: &serde_json::Value| Some(Node::new(from_json(graph, value), span?));
    match json {
        serde_json::Value::Null => Value::Null,
        serde_json::Value::Bool(it) => Value::Bool(*it),
        serde_json::Value::Number(number) => {
            number.to_string().parse::<Number>().map_or_else(|_| Value::Null, Value::number)
        }
        serde_json::Value::String(text) => parse_text(graph, text),
        serde_json::Value::Array(items) => {
            Value::list(items.iter().filter_map(node).collect::<Vec<_>>())
        }
        serde_json::Value::Object(entries) => Value::map(
            entries.iter().filter_map(|(key, it)| Some((key.as_str().into(), node(it)?))).collect(),
        ),
    }
}

/// Inside a list an address is quoted as any text is.
fn parse_text(graph: &Graph, text: &str) -> Value {
    if graph.resources.iter().any(|one| &*one.address == text) {
        parse(graph, text)
    } else {
        Value::string(text)
    }
}

fn told(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(it) => it.to_string(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => format!("{text:?}"),
        Value::Unknown(symbol) => symbol.to_string(),
        Value::List { items, .. } => {
            let items: Vec<_> = items.iter().map(|item| told(&item.value)).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Map(_) => "{…}".to_owned(),
    }
}
