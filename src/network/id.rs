//! Which thing a value means: the identity of resources, declared here or only named here.

use hashbrown::HashMap;
use std::cell::RefCell;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::ops::Index;
use std::sync::Arc;

use crate::graph::{Graph, Language, Mode, Resource, Value};
use crate::source::Span;
use crate::unknown::{Form, ResourceId, Step, Symbol, Unknown};

use super::fields::Kind;
use super::name::Label;

/// One thing of a kind: an index into its [`Table`].
pub struct Id<T> {
    index: u32,
    kind: PhantomData<fn() -> T>,
}

impl<T> Id<T> {
    fn new(index: usize) -> Self {
        Self { index: u32::try_from(index).unwrap_or(u32::MAX), kind: PhantomData }
    }
}

impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Id<T> {}
impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.index == other.index
    }
}
impl<T> Eq for Id<T> {}
impl<T> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<T> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.index.cmp(&other.index)
    }
}
impl<T> Hash for Id<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.index.hash(state);
    }
}
impl<T> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.index)
    }
}

/// How a thing is known.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Key {
    /// A resource of the graph.
    Resource(ResourceId),
    /// What a resource brings along: the cluster's own security group, a VPC's main route table.
    Derived(ResourceId, &'static str),
    /// Whatever a symbol stands for.
    Symbol(Symbol),
    /// An id written out: `vpc-0123`.
    Literal(Arc<str>),
}

/// A thing of a kind, and how it is declared.
#[derive(Debug, Clone)]
pub struct Declared<T> {
    /// Its id.
    pub id: Id<T>,
    /// How it is known.
    pub key: Key,
    /// Its address, or the expression that names it.
    pub name: Arc<str>,
    /// Its block's head; for what is not declared here, the first place that names it.
    pub span: Span,
    /// Whether the code creates it, so that what is not written about it is not so.
    pub managed: bool,
    /// `Err` when it cannot be told whether it exists.
    pub exists: Result<(), Unknown>,
    /// Its Region, if there is anything to compare.
    pub region: Option<Label>,
    /// Its account: equal texts are one account; its number where that is known.
    pub account: Arc<str>,
    /// What it says.
    pub it: T,
}

impl<T> std::ops::Deref for Declared<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.it
    }
}

/// All things of a kind.
#[derive(Debug)]
pub struct Table<T> {
    items: Vec<Declared<T>>,
    by_key: HashMap<Key, Id<T>>,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self { items: Vec::new(), by_key: HashMap::new() }
    }
}

impl<T> Table<T> {
    /// In the order of the code; things that are only named come last.
    pub fn iter(&self) -> impl Iterator<Item = &Declared<T>> {
        self.items.iter()
    }

    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Declared<T>> {
        self.items.iter_mut()
    }

    /// Whether a data source of this code reads it.
    pub fn is_read(&self, id: Id<T>) -> bool {
        let by_resource = |key: &Key| matches!(key, Key::Resource(_)) && *key != self[id].key;
        self.by_key.iter().any(|(key, &other)| other == id && by_resource(key))
    }

    /// The thing known by a key.
    pub fn find(&self, key: &Key) -> Option<&Declared<T>> {
        self.by_key.get(key).map(|&id| &self[id])
    }

    pub(super) fn push(&mut self, key: Key, build: impl FnOnce(Id<T>) -> Declared<T>) {
        let id = Id::new(self.items.len());
        self.by_key.insert(key, id);
        self.items.push(build(id));
    }

    pub(super) fn alias(&mut self, key: Key, index: usize) {
        self.by_key.insert(key, Id::new(index));
    }
}

impl<T> Index<Id<T>> for Table<T> {
    type Output = Declared<T>;

    fn index(&self, id: Id<T>) -> &Declared<T> {
        &self.items[id.index as usize]
    }
}

/// What a table will hold, before its things are read: keys get their positions first, so that
/// fields can name things that come later.
#[derive(Debug, Default)]
pub(super) struct Entries {
    pub(super) order: Vec<(Key, Span)>,
    pub(super) position: HashMap<Key, usize>,
    pub(super) aliases: Vec<(Key, usize)>,
}

/// Gives every thing its place in the table of its kind.
#[derive(Debug)]
pub(super) struct Registry<'a> {
    pub(super) graph: &'a Graph,
    /// The resources of each type, in the order of the graph.
    by_type: HashMap<&'a str, Vec<ResourceId>>,
    kinds: RefCell<HashMap<&'static str, Entries>>,
}

impl<'a> Registry<'a> {
    pub(super) fn new(graph: &'a Graph) -> Self {
        let mut by_type: HashMap<&str, Vec<ResourceId>> = HashMap::new();
        for (id, resource) in (0u32..).map(ResourceId).zip(&graph.resources) {
            by_type.entry(&resource.kind).or_default().push(id);
        }
        Self { graph, by_type, kinds: RefCell::default() }
    }

    /// The resources of a kind, in the order of the graph.
    fn of_kind<K: Kind>(&self) -> Vec<(ResourceId, &'a Resource)> {
        let types = K::TERRAFORM.iter().chain(K::CLOUDFORMATION);
        let mut ids: Vec<_> = types.filter_map(|one| self.by_type.get(one)).flatten().collect();
        ids.sort();
        ids.dedup();
        ids.into_iter().map(|&id| (id, self.graph.resource(id))).collect()
    }

    /// Registers the declared resources of a kind, in the order of the graph.
    pub(super) fn declare<K: Kind>(&self) {
        let of_kind = self.of_kind::<K>().into_iter();
        let (data, managed): (Vec<_>, Vec<_>) =
            of_kind.partition(|(_, resource)| resource.mode == Mode::Data);
        for (id, resource) in managed {
            self.intern::<K>(&Key::Resource(id), resource.span);
        }
        self.call::<K>();
        for (id, resource) in data {
            let managed = self.graph.reads.get(&id).map(|managed| Key::Resource(*managed));
            match managed.and_then(|key| self.position::<K>(&key)) {
                Some(position) => self.alias::<K>(Key::Resource(id), position),
                None => {
                    self.intern::<K>(&Key::Resource(id), resource.span);
                }
            }
        }
    }

    /// Lets what is called by a name be found by the value of that name, as far as only one has it.
    fn call<K: Kind>(&self) {
        let mut called: HashMap<Key, Vec<ResourceId>> = HashMap::new();
        for id in self.declared::<K>() {
            let resource = self.graph.resource(id);
            let (terraform, cloudformation) = K::CALLED;
            let field = match self.graph.language {
                Language::Terraform => terraform,
                Language::CloudFormation => cloudformation,
            };
            let name = resource.body.get(field).and_then(|node| self.key::<K>(&node.value));
            called.entry(name.unwrap_or(Key::Resource(id))).or_default().push(id);
        }
        for (name, owners) in called {
            if let [owner] = *owners
                && let Some(position) = self.position::<K>(&Key::Resource(owner))
                && name != Key::Resource(owner)
            {
                self.alias::<K>(name, position);
            }
        }
    }

    fn position<K: Kind>(&self, key: &Key) -> Option<usize> {
        self.kinds.borrow().get(K::tag())?.position.get(key).copied()
    }

    /// Registers what every managed resource of one kind brings along of another.
    pub(super) fn bring<Owner: Kind, K: Kind>(&self, role: &'static str) {
        for (id, resource) in self.of_kind::<Owner>() {
            if resource.mode == Mode::Managed {
                self.intern::<K>(&Key::Derived(id, role), resource.span);
            }
        }
    }

    fn alias<K: Kind>(&self, key: Key, position: usize) {
        let mut kinds = self.kinds.borrow_mut();
        let entries = kinds.entry(K::tag()).or_default();
        entries.position.insert(key.clone(), position);
        entries.aliases.push((key, position));
    }

    /// The id of what a key means; what is not declared is registered as named here.
    pub(super) fn intern<K: Kind>(&self, key: &Key, span: Span) -> Id<K> {
        let mut kinds = self.kinds.borrow_mut();
        let entries = kinds.entry(K::tag()).or_default();
        if let Some(&position) = entries.position.get(key) {
            return Id::new(position);
        }
        let position = entries.order.len();
        entries.order.push((key.clone(), span));
        entries.position.insert(key.clone(), position);
        Id::new(position)
    }

    pub(super) fn entries<K: Kind>(&self) -> Entries {
        self.kinds.borrow_mut().remove(K::tag()).unwrap_or_default()
    }

    /// The declared resources of a kind, in the order of the table.
    pub(super) fn declared<K: Kind>(&self) -> Vec<ResourceId> {
        let kinds = self.kinds.borrow();
        let order = kinds.get(K::tag()).map(|entries| entries.order.as_slice()).unwrap_or_default();
        order
            .iter()
            .map_while(|(key, _)| match key {
                Key::Resource(resource) => Some(*resource),
                _ => None,
            })
            .collect()
    }

    /// What a value means, as a thing of this kind; `None` for null and for what names nothing.
    pub(super) fn key<K: Kind>(&self, value: &Value) -> Option<Key> {
        match value {
            Value::String(text) if !text.is_empty() => Some(Key::Literal(Arc::clone(text))),
            Value::Unknown(symbol) => Some(self.symbol_key::<K>(symbol)),
            _ => None,
        }
    }

    fn symbol_key<K: Kind>(&self, symbol: &Symbol) -> Key {
        if let Some((resource, name)) = attribute(symbol) {
            let kind = &self.graph.resource(resource).kind;
            let own = matches!(name, "" | "id" | "arn" | "Arn");
            if K::is(kind) && (own || K::NAMES.contains(&name)) {
                return Key::Resource(resource);
            }
            if let Some((_, named)) = K::STAND_INS.iter().find(|(stand_in, _)| *stand_in == &**kind)
                && own
                && let Some(node) = self.graph.resource(resource).body.get(*named)
                && let Some(key) = self.key::<K>(&node.value)
            {
                return key;
            }
            if let Some((_, role)) = K::DERIVED.iter().find(|(attribute, _)| *attribute == name) {
                let owner = self.graph.reads.get(&resource).copied().unwrap_or(resource);
                return Key::Derived(owner, role);
            }
        }
        Key::Symbol(symbol.clone())
    }
}

/// The resource that a symbol is taken from, and the last name on the way: `vpc_id` of
/// `aws_eks_cluster.c.vpc_config[0].vpc_id`.
pub(super) fn attribute(symbol: &Symbol) -> Option<(ResourceId, &str)> {
    match symbol.form() {
        Form::Attribute { resource, name, .. } => Some((*resource, name)),
        Form::Part { of, step: Step::Name(name) } => Some((attribute(of)?.0, name)),
        Form::Part { of, step: Step::Index(_) } => attribute(of),
        Form::Input { .. } | Form::Call { .. } => None,
    }
}
