//! Values with their places.

use std::ops::Deref;
use std::sync::Arc;

use litemap::LiteMap;

use super::Number;
use crate::source::Span;
use crate::unknown::{Operand, Step, Symbol};

/// A value and where it is written.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// The value.
    pub value: Value,
    /// The expression that gave it, at the place that uses it; elements keep their own places.
    pub span: Span,
}

impl Node {
    /// A value at a place.
    pub fn new(value: Value, span: Span) -> Self {
        Self { value, span }
    }
}

/// What kind of sequence it is, where the language tells them apart.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ListKind {
    /// As written: each element has its own type.
    #[default]
    Tuple,
    /// All elements have one type.
    List,
    /// All elements have one type, and none is there twice; in its sorted order.
    Set,
}

/// The elements of a sequence.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Items {
    nodes: Arc<[Node]>,
    /// What kind of sequence it is.
    pub kind: ListKind,
}

impl Items {
    /// The elements of a sequence of a kind.
    pub fn of(kind: ListKind, nodes: impl Into<Arc<[Node]>>) -> Self {
        Self { nodes: nodes.into(), kind }
    }
}

impl Deref for Items {
    type Target = [Node];

    fn deref(&self) -> &[Node] {
        &self.nodes
    }
}

impl<T: Into<Arc<[Node]>>> From<T> for Items {
    fn from(nodes: T) -> Self {
        Self { nodes: nodes.into(), kind: ListKind::Tuple }
    }
}

/// Keys and values. Order is that of the keys, as in both languages.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Map {
    /// All values have one type: a map, where the language tells it from an object.
    pub uniform: bool,
    /// What is written.
    pub entries: Entries,
    /// Where set, an entry that is not written is a part of this symbol (an attribute that AWS
    /// computes, a key nobody can tell); where not, it is absent.
    pub rest: Option<Symbol>,
}

/// What is in a body or a map, by name: most have a handful, for which a sorted vector is a fraction of a B-tree.
pub type Entries = LiteMap<Arc<str>, Node>;

/// A value as far as it is known.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `null`: as if it were not written.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Number(Box<Number>),
    /// A string that is wholly known.
    String(Arc<str>),
    /// A list, tuple or set (a set in its sorted order).
    List {
        /// The elements that are known to be there.
        items: Items,
        /// Where set, any number of further elements may follow.
        rest: Option<Symbol>,
    },
    /// A map or object.
    Map(Arc<Map>),
    /// A value that cannot be told, with its identity.
    Unknown(Symbol),
}

impl Value {
    /// A string.
    pub fn string(text: impl Into<Arc<str>>) -> Self {
        Self::String(text.into())
    }

    /// A number.
    pub fn number(number: impl Into<Number>) -> Self {
        Self::Number(Box::new(number.into()))
    }

    /// A list that is wholly known.
    pub fn list(items: impl Into<Arc<[Node]>>) -> Self {
        Self::List { items: Items::from(items.into()), rest: None }
    }

    /// A sequence of a kind that is wholly known.
    pub fn sequence(kind: ListKind, items: impl Into<Arc<[Node]>>) -> Self {
        Self::List { items: Items::of(kind, items), rest: None }
    }

    /// A map of one type of values that is wholly known.
    pub fn uniform(entries: Entries) -> Self {
        Self::Map(Arc::new(Map { uniform: true, entries, rest: None }))
    }

    /// A map that is wholly known.
    pub fn map(entries: Entries) -> Self {
        Self::Map(Arc::new(Map { uniform: false, entries, rest: None }))
    }

    /// Whether no symbol stands anywhere inside.
    pub fn is_known(&self) -> bool {
        match self {
            Self::Null | Self::Bool(_) | Self::Number(_) | Self::String(_) => true,
            Self::List { items, rest } => {
                rest.is_none() && items.iter().all(|item| item.value.is_known())
            }
            Self::Map(map) => {
                map.rest.is_none() && map.entries.values().all(|node| node.value.is_known())
            }
            Self::Unknown(_) => false,
        }
    }

    /// Calls `visit` on every known text in this value.
    pub fn texts(&self, visit: &mut impl FnMut(&Arc<str>)) {
        match self {
            Self::String(text) => visit(text),
            Self::List { items, .. } => items.iter().for_each(|item| item.value.texts(visit)),
            Self::Map(map) => map.entries.values().for_each(|node| node.value.texts(visit)),
            Self::Null | Self::Bool(_) | Self::Number(_) | Self::Unknown(_) => {}
        }
    }

    /// Calls `visit` on every symbol inside.
    pub fn symbols(&self, visit: &mut impl FnMut(&Symbol)) {
        match self {
            Self::Null | Self::Bool(_) | Self::Number(_) | Self::String(_) => {}
            Self::List { items, rest } => {
                items.iter().for_each(|item| item.value.symbols(visit));
                if let Some(symbol) = rest {
                    symbol.walk(visit);
                }
            }
            Self::Map(map) => {
                map.entries.values().for_each(|node| node.value.symbols(visit));
                if let Some(symbol) = &map.rest {
                    symbol.walk(visit);
                }
            }
            Self::Unknown(symbol) => symbol.walk(visit),
        }
    }

    /// The same value as what `symbol` holds: an entry of a block that is not written is a part of it.
    #[must_use]
    pub fn within(&self, symbol: &Symbol) -> Self {
        match self {
            Self::List { items, rest } => {
                let nodes = (0u64..).zip(items.iter()).map(|(at, item)| {
                    let part = symbol.part(Step::Index(at));
                    Node::new(item.value.within(&part), item.span)
                });
                let nodes: Vec<_> = nodes.collect();
                Self::List { items: Items::of(items.kind, nodes), rest: rest.clone() }
            }
            Self::Map(map) => {
                let entries = map.entries.iter().map(|(key, node)| {
                    let part = symbol.part(Step::Name(Arc::clone(key)));
                    (Arc::clone(key), Node::new(node.value.within(&part), node.span))
                });
                let rest = map.rest.clone().unwrap_or_else(|| symbol.clone());
                let (entries, uniform) = (entries.collect(), map.uniform);
                Self::Map(Arc::new(Map { uniform, entries, rest: Some(rest) }))
            }
            other => other.clone(),
        }
    }

    /// The same value with other leaves in its symbols.
    #[must_use]
    pub fn rewrite(&self, leaf: &mut dyn FnMut(&Symbol) -> Option<Symbol>) -> Self {
        let node = |node: &Node, leaf: &mut dyn FnMut(&Symbol) -> Option<Symbol>| {
            Node::new(node.value.rewrite(leaf), node.span)
        };
        match self {
            Self::Null | Self::Bool(_) | Self::Number(_) | Self::String(_) => self.clone(),
            Self::Unknown(symbol) => Self::Unknown(symbol.rewrite(leaf)),
            Self::List { items, rest } => {
                let nodes: Vec<_> = items.iter().map(|item| node(item, leaf)).collect();
                let rest = rest.as_ref().map(|symbol| symbol.rewrite(leaf));
                Self::List { items: Items::of(items.kind, nodes), rest }
            }
            Self::Map(map) => Self::Map(Arc::new(Map {
                uniform: map.uniform,
                entries: map
                    .entries
                    .iter()
                    .map(|(key, value)| (Arc::clone(key), node(value, leaf)))
                    .collect(),
                rest: map.rest.as_ref().map(|symbol| symbol.rewrite(leaf)),
            })),
        }
    }

    /// This value as an operand of a call that cannot be carried out.
    pub fn operand(&self) -> Operand {
        match self {
            Self::String(text) => Operand::Text(Arc::clone(text)),
            Self::Unknown(symbol) => Operand::Symbol(symbol.clone()),
            Self::List { items, rest } => Operand::List(
                items
                    .iter()
                    .map(|item| item.value.operand())
                    .chain(rest.iter().map(|symbol| Operand::Symbol(symbol.clone())))
                    .collect(),
            ),
            Self::Map(map) => Operand::List(
                map.entries
                    .iter()
                    .flat_map(|(key, node)| [Operand::Text(Arc::clone(key)), node.value.operand()])
                    .chain(map.rest.iter().map(|symbol| Operand::Symbol(symbol.clone())))
                    .collect(),
            ),
            Self::Null => Operand::Literal("null".into()),
            Self::Bool(value) => Operand::Literal(value.to_string().into()),
            Self::Number(value) => Operand::Literal(value.to_string().into()),
        }
    }

    /// The part of this value at a step: `None` where the code is wrong (no such key or index).
    pub fn step(&self, step: &Step) -> Option<Self> {
        match (self, step) {
            (Self::Unknown(symbol), step) => Some(Self::Unknown(symbol.part(step.clone()))),
            (Self::List { items, rest }, Step::Index(index)) => {
                match usize::try_from(*index).ok().and_then(|at| items.get(at)) {
                    Some(item) => Some(item.value.clone()),
                    None => rest.as_ref().map(|symbol| Self::Unknown(symbol.part(step.clone()))),
                }
            }
            (Self::Map(map), Step::Name(name)) => match map.entries.get(name) {
                Some(node) => Some(node.value.clone()),
                None => map.rest.as_ref().map(|symbol| Self::Unknown(symbol.part(step.clone()))),
            },
            _ => None,
        }
    }
}
