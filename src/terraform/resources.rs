//! What a resource instance is configured with: attributes, blocks, `dynamic`, `ignore_changes`.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use super::evaluator::{Asked, Evaluator};
use super::fault::{Eval, Fault};
use super::module::Declaration;
use super::scope::{ResourceInstance, Scope};
use super::syntax::{Access, Attribute, Block, Body, Expr, Kind};
use crate::graph::{Entries, Items, Map, Mode, Node, Value};
use crate::source::{Span, Workspace};
use crate::unknown::{Operand, ResourceId, Step, Symbol, Why};

/// Arguments and blocks that speak to Terraform, not to AWS.
const META: [&str; 7] =
    ["count", "for_each", "provider", "depends_on", "lifecycle", "provisioner", "connection"];

impl Evaluator<'_> {
    /// A place for what has none.
    pub(super) fn nowhere(&self) -> Span {
        let name = Workspace::display(self.workspace, &self.root);
        Span::new(self.workspace.sources().add(name, ""), 0..0)
    }

    /// An attribute of a resource instance, as other expressions see it.
    pub(super) fn attribute(&self, id: ResourceId, name: &Arc<str>) -> Value {
        let resource = Rc::clone(&self.resources.borrow()[id.0 as usize]);
        let Some((declaration, block)) = declaration(&resource) else { return Value::Null };
        let data = declaration.mode == Mode::Data;
        let whole = Symbol::attribute(id, Arc::clone(&resource.address), data, Arc::clone(name));
        if META.contains(&&**name) {
            return Value::Unknown(whole);
        }
        let title = || format!("{}.{name}", resource.address);
        let computed = || {
            let told = self.told(&resource.address, name);
            let told = told.or_else(|| self.planned(&resource.address, data, name));
            told.unwrap_or_else(|| Value::Unknown(whole.clone()))
        };
        if let Some((_, None)) =
            ignored(block).iter().find(|(top, _)| *top == *name || &**top == "*")
        {
            return Value::Unknown(Symbol::input(title(), Why::IgnoredChanges));
        }
        let body = &block.body;
        if let Some(expr) = body.attribute(name) {
            let asked = Asked::Attribute(id.0, Arc::clone(name));
            return self.once(asked, expr.span, title, || {
                Ok(match self.eval(expr, &resource.scope)? {
                    Value::Null => computed(),
                    value => self.or_planned(&resource.address, name, value),
                })
            });
        }
        if !body.blocks.iter().any(|block| block_kind(block) == Some(name)) {
            return computed();
        }
        let asked = Asked::Attribute(id.0, Arc::clone(name));
        self.once(asked, block.head, title, || {
            let blocks: Vec<&Block> =
                body.blocks.iter().filter(|block| block_kind(block) == Some(name)).collect();
            Ok(self.blocks(&blocks, &resource.scope, Some(&whole))?.value)
        })
    }

    /// Everything a resource instance is configured with.
    pub(super) fn resource_body(&self, resource: &ResourceInstance) -> Entries {
        let Some((_, block)) = declaration(resource) else { return Entries::new() };
        let mut entries = self.entries(&block.body, &resource.scope, None, &META);
        if self.setting.plan.is_some() {
            for (name, node) in &mut entries {
                node.value = self.or_planned(&resource.address, name, node.value.clone());
            }
        }
        for (name, leaf) in ignored(block) {
            let (name, leaf) = (&name, leaf.as_ref());
            ignore(&mut entries, resource, block, name, leaf);
        }
        entries
    }

    /// The entries of a body. `whole` is the symbol of which unwritten entries are parts.
    fn entries(
        &self,
        body: &Body,
        scope: &Scope,
        whole: Option<&Symbol>,
        skip: &[&str],
    ) -> Entries {
        let mut entries = Entries::new();
        for Attribute { name, expr } in &body.attributes {
            if skip.contains(&&**name) {
                continue;
            }
            let value = match self.eval(expr, scope) {
                Ok(value) => value,
                Err(fault) => self.faulty(expr.span, fault),
            };
            if value != Value::Null {
                entries.insert(Arc::clone(name), Node::new(as_blocks(value), expr.span));
            }
        }
        let mut kinds: BTreeMap<&Arc<str>, Vec<&Block>> = BTreeMap::new();
        for block in &body.blocks {
            if let Some(kind) = block_kind(block).filter(|kind| !skip.contains(&&***kind)) {
                kinds.entry(kind).or_default().push(block);
            }
        }
        for (kind, blocks) in kinds {
            let whole = whole.map(|symbol| symbol.part(Step::Name(Arc::clone(kind))));
            let node = match self.blocks(&blocks, scope, whole.as_ref()) {
                Ok(node) => node,
                Err(fault) => Node::new(self.faulty(blocks[0].head, fault), blocks[0].head),
            };
            if !matches!(&node.value, Value::List { items, rest: None } if items.is_empty()) {
                entries.insert(Arc::clone(kind), node);
            }
        }
        entries
    }

    /// The blocks of one kind, `dynamic` ones expanded.
    fn blocks(&self, blocks: &[&Block], scope: &Scope, whole: Option<&Symbol>) -> Eval<Node> {
        let mut out = Blocks { whole, items: Vec::new(), open: Vec::new() };
        for block in blocks {
            if &*block.kind == "dynamic" {
                self.dynamic(block, scope, &mut out)?;
            } else {
                self.push_block(block.head, &block.body, scope, &mut out)?;
            }
        }
        let span = blocks.first().map_or_else(|| self.nowhere(), |block| block.head);
        let rest = match (whole, out.open.as_slice()) {
            (_, []) => None,
            (Some(whole), _) => Some(whole.clone()),
            (None, [one]) => Some(one.clone()),
            (None, many) => {
                let operands = many.iter().cloned().map(Operand::Symbol).collect();
                Some(self.call("concat", operands, span))
            }
        };
        Ok(Node::new(Value::List { items: out.items.into(), rest }, span))
    }

    fn push_block(&self, head: Span, body: &Body, scope: &Scope, out: &mut Blocks<'_>) -> Eval<()> {
        self.budget.spend(1)?;
        let whole = out.whole.map(|symbol| symbol.part(Step::Index(out.items.len() as u64)));
        let entries = self.budget.nested(|| Ok(self.entries(body, scope, whole.as_ref(), &[])))?;
        let value =
            self.budget.fits(Value::Map(Arc::new(Map { uniform: false, entries, rest: whole })))?;
        out.items.push(Node::new(value, head));
        Ok(())
    }

    fn dynamic(&self, block: &Block, scope: &Scope, out: &mut Blocks<'_>) -> Eval<()> {
        let body = &block.body;
        let (Some(name), Some(for_each)) = (block_kind(block), body.attribute("for_each")) else {
            return Ok(());
        };
        let Some(content) = body.blocks("content").next() else { return Ok(()) };
        let iterator = match body.attribute("iterator").map(|expr| &expr.kind) {
            Some(Kind::Name(iterator) | Kind::Literal(Value::String(iterator))) => iterator,
            _ => name,
        };
        let collection = match self.eval(for_each, scope) {
            Ok(value) => self.force(value),
            Err(Fault::Budget) => return Err(Fault::Budget),
            Err(fault) => self.faulty(for_each.span, fault),
        };
        if collection == Value::Null {
            return Ok(());
        }
        let (items, rest) = self.elements(&collection, scope, for_each)?;
        for (key, node) in items {
            let bound = Value::map(Entries::from_iter([
                (Arc::from("key"), Node::new(key, for_each.span)),
                (Arc::from("value"), node),
            ]));
            let inner = scope.with(iterator, bound);
            self.push_block(block.head, &content.body, &inner, out)?;
        }
        out.open.extend(rest.map(|(symbol, ..)| symbol));
        Ok(())
    }
}

/// Blocks of one kind, as they are collected.
struct Blocks<'w> {
    whole: Option<&'w Symbol>,
    items: Vec<Node>,
    open: Vec<Symbol>,
}

/// `ingress = [{ … }]` has the shape of as many blocks: what is null is not set.
fn as_blocks(value: Value) -> Value {
    let Value::List { items, rest } = &value else { return value };
    let null = |item: &Node| match &item.value {
        Value::Map(map) => map.entries.values().any(|node| node.value == Value::Null),
        _ => false,
    };
    if !items.iter().any(null) {
        return value;
    }
    let without = |item: &Node| match &item.value {
        Value::Map(map) => {
            let mut map = Map::clone(map);
            map.entries.retain(|_, node| node.value != Value::Null);
            Node::new(Value::Map(Arc::new(map)), item.span)
        }
        _ => item.clone(),
    };
    let nodes: Vec<Node> = items.iter().map(without).collect();
    Value::List { items: Items::of(items.kind, nodes), rest: rest.clone() }
}

/// The kind of a block, or what a `dynamic` block makes.
fn block_kind(block: &Block) -> Option<&Arc<str>> {
    if &*block.kind == "dynamic" { block.labels.first() } else { Some(&block.kind) }
}

/// What `lifecycle.ignore_changes` names: an entry (`*` for all), and perhaps one of its parts.
fn ignored(block: &Block) -> Vec<(Arc<str>, Option<Arc<str>>)> {
    let lists = block.body.blocks("lifecycle").filter_map(|it| it.body.attribute("ignore_changes"));
    lists.flat_map(|expr| ignored_names(expr)).collect()
}

fn ignored_names(expr: &Expr) -> Vec<(Arc<str>, Option<Arc<str>>)> {
    match &expr.kind {
        Kind::Name(all) if &**all == "all" => vec![("*".into(), None)],
        Kind::Literal(Value::String(all)) if &**all == "all" => vec![("*".into(), None)],
        Kind::List(items) => items.iter().filter_map(ignored_name).collect(),
        _ => Vec::new(),
    }
}

fn ignored_name(expr: &Expr) -> Option<(Arc<str>, Option<Arc<str>>)> {
    match &expr.kind {
        Kind::Name(name) => Some((Arc::clone(name), None)),
        Kind::Literal(Value::String(text)) if &**text == "*" => Some(("*".into(), None)),
        Kind::Literal(Value::String(text)) => {
            let mut path = text.split(['.', '[']);
            Some((path.next()?.into(), None))
        }
        Kind::Access(base, steps) => {
            let Kind::Name(name) = &base.kind else { return None };
            let leaf = steps.iter().find_map(|step| match step {
                Access::Name(leaf) if leaf.parse::<u64>().is_err() => Some(Arc::clone(leaf)),
                Access::Index(index) => index.text().cloned(),
                _ => None,
            });
            Some((Arc::clone(name), leaf))
        }
        _ => None,
    }
}

/// The node with one part replaced; `None` when there is no such place.
fn replace_leaf(node: &Node, leaf: &Arc<str>, open: &Value) -> Option<Value> {
    match &node.value {
        Value::Map(map) => {
            let mut map = Map::clone(map);
            map.entries.insert(Arc::clone(leaf), Node::new(open.clone(), node.span));
            Some(Value::Map(Arc::new(map)))
        }
        Value::List { items, rest } => {
            let items: Option<Vec<Node>> = items
                .iter()
                .map(|item| Some(Node::new(replace_leaf(item, leaf, open)?, item.span)))
                .collect();
            Some(Value::List { items: items?.into(), rest: rest.clone() })
        }
        _ => None,
    }
}

/// A resource's block.
pub(super) fn declaration(resource: &ResourceInstance) -> Option<(&Declaration, &Block)> {
    let module = resource.scope.instance.module.as_ref()?;
    let declaration = module.resources.get(resource.declaration)?;
    Some((declaration, &declaration.block))
}

/// Makes what `ignore_changes` names open.
fn ignore(
    entries: &mut Entries,
    resource: &ResourceInstance,
    block: &Block,
    name: &Arc<str>,
    leaf: Option<&Arc<str>>,
) {
    let address = &resource.address;
    let open = |name: &str| {
        let name = format!("{address}.{name}");
        Value::Unknown(Symbol::input(name, Why::IgnoredChanges))
    };
    if &**name == "*" {
        for (name, node) in entries.iter_mut() {
            node.value = open(name);
        }
        return;
    }
    if let (Some(leaf), Some(node)) = (leaf, entries.get_mut(name))
        && let Some(value) = replace_leaf(node, leaf, &open(&format!("{name}.{leaf}")))
    {
        node.value = value;
        return;
    }
    if leaf.is_some() && name.starts_with("tags") {
        return;
    }
    let span = entries.get(name).map_or(block.head, |node| node.span);
    entries.insert(Arc::clone(name), Node::new(open(name), span));
}

/// Whether a resource is managed or read.
pub(super) fn mode(resource: &ResourceInstance) -> Mode {
    declaration(resource).map_or(Mode::Managed, |(declaration, _)| declaration.mode)
}
