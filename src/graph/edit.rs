//! What if: a graph without some of its resources, or with another value.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Graph, Items, Language, Map, Node, Value};
use crate::unknown::{Form, ResourceId, Step, Symbol};

impl Graph {
    /// What an address means: a resource, all instances of a block, or all that a module or a nested stack
    /// holds.
    pub fn named(&self, address: &str) -> BTreeSet<ResourceId> {
        let holds = match self.language {
            Language::CloudFormation => true,
            Language::Terraform => is_module(address),
        };
        let means = |own: &str| match own.strip_prefix(address) {
            Some("") => true,
            Some(rest) => rest.starts_with('[') || (holds && rest.starts_with('.')),
            None => false,
        };
        let all = (0..).map(ResourceId).zip(&self.resources);
        all.filter(|(_, one)| means(&one.address)).map(|(id, _)| id).collect()
    }

    /// The addresses of all blocks, and of the modules and nested stacks that hold them.
    pub fn addresses(&self) -> BTreeSet<String> {
        let mut all = BTreeSet::new();
        for resource in &self.resources {
            let block = without_key(&resource.address);
            let heads = block.match_indices('.').map(|(at, _)| &block[..at]);
            // A dot may stand in the key of an instance.
            let whole = heads.filter(|head| head.matches('"').count() % 2 == 0);
            let holds = |head: &&str| self.language == Language::CloudFormation || is_module(head);
            all.extend(whole.filter(holds).map(str::to_owned));
            all.insert(block.to_owned());
        }
        all
    }

    /// As if these were not declared. What names one of them in a plain attribute cannot be there without
    /// it and goes too; of a list only the element goes. Gives all that is gone.
    ///
    /// Ids keep their meaning: what is gone is of no type and says nothing.
    pub fn without(&mut self, these: &BTreeSet<ResourceId>) -> BTreeSet<ResourceId> {
        let mut gone = these.clone();
        loop {
            let before = gone.len();
            for (id, resource) in (0..).map(ResourceId).zip(&mut self.resources) {
                let reads_it = self.reads.get(&id).is_some_and(|read| gone.contains(read));
                let lost = |node: &Node| pruned(&node.value, &gone, false).is_none();
                if reads_it || (!gone.contains(&id) && resource.body.values().any(lost)) {
                    gone.insert(id);
                }
            }
            if gone.len() == before {
                break;
            }
        }
        for (id, resource) in (0..).map(ResourceId).zip(&mut self.resources) {
            if gone.contains(&id) {
                resource.kind = "".into();
                resource.body.clear();
                continue;
            }
            for node in
                resource.body.iter_mut().map(|(_, node)| node).filter(|node| !node.value.is_known())
            {
                node.value = pruned(&node.value, &gone, false).unwrap_or(Value::Null);
            }
        }
        self.exports.retain(|node| pruned(&node.value, &gone, false).is_some());
        for gap in &mut self.gaps {
            if let Some(given) = &mut gap.given {
                given.retain(|symbol| !mentions(symbol, &gone));
            }
        }
        self.reads.retain(|data, read| !gone.contains(data) && !gone.contains(read));
        gone
    }

    /// What a resource has at the end of a way.
    pub fn value(&self, id: ResourceId, path: &[Step]) -> Option<Value> {
        let (Step::Name(name), rest) = path.split_first()? else { return None };
        at(&self.resource(id).body.get(name)?.value, rest)
    }

    /// Gives an attribute of a resource another value, and what it was; `None` where the way leads into
    /// something that is no list or block.
    pub fn set(&mut self, id: ResourceId, path: &[Step], value: &Value) -> Option<Option<Value>> {
        let resource = &mut self.resources[id.0 as usize];
        let (Step::Name(name), rest) = path.split_first()? else { return None };
        let before = resource.body.get(name);
        let span = before.map_or(resource.span, |node| node.span);
        let was = before.and_then(|node| at(&node.value, rest));
        let whole = replaced(before.map(|node| &node.value), rest, value)?;
        resource.body.insert(Arc::clone(name), Node::new(whole, span));
        Some(was)
    }
}

/// An address without the key of its instance.
pub fn without_key(address: &str) -> &str {
    match address.rfind('[') {
        Some(at) if address.ends_with(']') => &address[..at],
        _ => address,
    }
}

/// Whether the last part of an address is a module call.
fn is_module(address: &str) -> bool {
    let mut parts = address.rsplit('.');
    parts.next().is_some() && parts.next() == Some("module")
}

fn mentions(symbol: &Symbol, gone: &BTreeSet<ResourceId>) -> bool {
    gone.iter().any(|id| symbol.mentions(*id))
}

/// What is left of a value, if anything; an element of a list goes as a whole.
fn pruned(value: &Value, gone: &BTreeSet<ResourceId>, element: bool) -> Option<Value> {
    let keep = |rest: &Option<Symbol>| rest.clone().filter(|symbol| !mentions(symbol, gone));
    match value {
        Value::Unknown(symbol) => (!mentions(symbol, gone)).then(|| value.clone()),
        Value::List { items, rest } => {
            let left = |item: &Node| Some(Node::new(pruned(&item.value, gone, true)?, item.span));
            let nodes: Vec<_> = items.iter().filter_map(left).collect();
            Some(Value::List { items: Items::of(items.kind, nodes), rest: keep(rest) })
        }
        Value::Map(map) => {
            let mut entries = std::collections::BTreeMap::new();
            for (name, node) in &map.entries {
                match pruned(&node.value, gone, element) {
                    Some(value) => {
                        entries.insert(Arc::clone(name), Node::new(value, node.span));
                    }
                    // What is computed of it may be without it, what names it may not.
                    None if element && !is_computed(&node.value) => return None,
                    None => {}
                }
            }
            let (uniform, rest) = (map.uniform, keep(&map.rest));
            Some(Value::Map(Arc::new(Map {
                uniform,
                entries: entries.into_iter().collect(),
                rest,
            })))
        }
        known => Some(known.clone()),
    }
}

fn is_computed(value: &Value) -> bool {
    matches!(value, Value::Unknown(symbol) if matches!(symbol.form(), Form::Call { .. }))
}

/// The value at the end of a way.
fn at(value: &Value, path: &[Step]) -> Option<Value> {
    let Some((step, rest)) = path.split_first() else { return Some(value.clone()) };
    match (value, step) {
        (Value::List { items, .. }, Step::Name(_)) if items.len() == 1 => at(&items[0].value, path),
        _ => at(&value.step(step)?, rest),
    }
}

/// A value with another one at the end of a way.
fn replaced(value: Option<&Value>, path: &[Step], new: &Value) -> Option<Value> {
    let Some((step, rest)) = path.split_first() else { return Some(new.clone()) };
    match (value, step) {
        (Some(Value::List { items, rest: more }), Step::Index(index)) => {
            let at = usize::try_from(*index).ok()?;
            let mut nodes = items.to_vec();
            let node = nodes.get_mut(at)?;
            node.value = replaced(Some(&node.value), rest, new)?;
            Some(Value::List { items: Items::of(items.kind, nodes), rest: more.clone() })
        }
        // A block that is there once needs no index.
        (Some(Value::List { items, .. }), Step::Name(_)) if items.len() == 1 => {
            let way: Vec<_> = std::iter::once(Step::Index(0)).chain(path.iter().cloned()).collect();
            replaced(value, &way, new)
        }
        (Some(Value::Map(map)), Step::Name(name)) => {
            let mut map = (**map).clone();
            let inner = map.entries.get(name);
            let span = inner.or_else(|| map.entries.values().next())?.span;
            let value = replaced(inner.map(|node| &node.value), rest, new)?;
            map.entries.insert(Arc::clone(name), Node::new(value, span));
            Some(Value::Map(Arc::new(map)))
        }
        _ => None,
    }
}
