//! Types: as constraints write them, as values have them, and how several become one.

mod unify;

use std::collections::BTreeMap;
use std::sync::Arc;

use super::functions::{is_identifier, result};
use super::syntax::{Expr, Kind};
use crate::graph::{ListKind, Value};
use crate::unknown::{Form, Symbol};

pub(super) use unify::unify;

/// A type, or a type constraint.
#[derive(Debug, Clone)]
pub(super) enum Type {
    /// Any type; of a value, one that cannot be told.
    Any,
    String,
    Number,
    Bool,
    List(Box<Type>),
    Set(Box<Type>),
    Map(Box<Type>),
    Tuple(Vec<Type>),
    Object(BTreeMap<Arc<str>, Field>),
}

/// A member of an object type.
#[derive(Debug, Clone)]
pub(super) struct Field {
    pub(super) kind: Type,
    /// `optional(…)`, with its default.
    pub(super) optional: Option<Arc<Expr>>,
    pub(super) required: bool,
}

impl From<Type> for Field {
    fn from(kind: Type) -> Self {
        Self { kind, optional: None, required: true }
    }
}

impl Type {
    /// Reads a constraint; what is not one is any type.
    pub(super) fn read(expr: &Expr) -> Self {
        match &expr.kind {
            Kind::Parenthesis(inner) => Self::read(inner),
            // "string", as of old
            Kind::Name(name) | Kind::Literal(Value::String(name)) => Self::named(name),
            Kind::Call { name, arguments, .. } => {
                let first = || Box::new(arguments.first().map_or(Self::Any, Self::read));
                match (&**name, arguments.first().map(|argument| &argument.kind)) {
                    ("list", _) => Self::List(first()),
                    ("set", _) => Self::Set(first()),
                    ("map", _) => Self::Map(first()),
                    ("tuple", Some(Kind::List(items))) => {
                        Self::Tuple(items.iter().map(Self::read).collect())
                    }
                    ("object", Some(Kind::Object(fields))) => Self::Object(
                        fields
                            .iter()
                            .filter_map(|(key, value)| Some((key_text(key)?, Self::field(value))))
                            .collect(),
                    ),
                    ("optional", _) => *first(),
                    _ => Self::Any,
                }
            }
            _ => Self::Any,
        }
    }

    /// A type by its bare name.
    pub(super) fn named(name: &str) -> Self {
        match name {
            "string" => Self::String,
            "number" => Self::Number,
            "bool" => Self::Bool,
            "list" => Self::List(Box::new(Self::Any)),
            "set" => Self::Set(Box::new(Self::Any)),
            "map" => Self::Map(Box::new(Self::Any)),
            _ => Self::Any,
        }
    }

    fn field(expr: &Expr) -> Field {
        match &expr.kind {
            Kind::Call { name, arguments, .. } if &**name == "optional" => Field {
                kind: arguments.first().map_or(Self::Any, Self::read),
                optional: arguments.get(1).map(|default| Arc::new(default.clone())),
                required: false,
            },
            _ => Self::read(expr).into(),
        }
    }

    /// The type of a value, as far as it can be told.
    pub(super) fn of(value: &Value) -> Self {
        match value {
            Value::Null => Self::Any,
            Value::Unknown(symbol) => of_symbol(symbol),
            Value::Bool(_) => Self::Bool,
            Value::Number(_) => Self::Number,
            Value::String(_) => Self::String,
            Value::List { items, rest: Some(_) } if items.kind == ListKind::Tuple => Self::Any,
            Value::Map(map) if map.rest.is_some() && !map.uniform => Self::Any,
            Value::List { items, .. } => {
                let kinds = items.iter().map(|item| Self::of(&item.value));
                match items.kind {
                    ListKind::Tuple => Self::Tuple(kinds.collect()),
                    ListKind::List => Self::List(Box::new(kinds.fold(Self::Any, Self::or))),
                    ListKind::Set => Self::Set(Box::new(kinds.fold(Self::Any, Self::or))),
                }
            }
            Value::Map(map) => {
                let kinds =
                    map.entries.iter().map(|(key, node)| (Arc::clone(key), Self::of(&node.value)));
                if map.uniform {
                    Self::Map(Box::new(kinds.map(|(_, kind)| kind).fold(Self::Any, Self::or)))
                } else {
                    Self::Object(kinds.map(|(key, kind)| (key, kind.into())).collect())
                }
            }
        }
    }

    /// Two sights of one type: what either of them tells.
    fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Any, other) => other,
            (Self::List(a), Self::List(b)) => Self::List(Box::new(a.or(*b))),
            (Self::Set(a), Self::Set(b)) => Self::Set(Box::new(a.or(*b))),
            (Self::Map(a), Self::Map(b)) => Self::Map(Box::new(a.or(*b))),
            (Self::Tuple(a), Self::Tuple(b)) if a.len() == b.len() => {
                Self::Tuple(a.into_iter().zip(b).map(|(a, b)| a.or(b)).collect())
            }
            (Self::Object(mut a), Self::Object(b)) => {
                for (key, field) in b {
                    let known = a.remove(&key).map_or(Self::Any, |known| known.kind);
                    a.insert(key, known.or(field.kind).into());
                }
                Self::Object(a)
            }
            (this, _) => this,
        }
    }

    /// Whether they certainly are the same type.
    pub(super) fn is(&self, other: &Self) -> bool {
        format!("{self:?}") == format!("{other:?}")
    }

    /// Whether they may be the same type.
    pub(super) fn agrees(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Any, _) | (_, Self::Any) => true,
            (Self::String, Self::String)
            | (Self::Number, Self::Number)
            | (Self::Bool, Self::Bool) => true,
            (Self::List(a), Self::List(b))
            | (Self::Set(a), Self::Set(b))
            | (Self::Map(a), Self::Map(b)) => a.agrees(b),
            (Self::Tuple(a), Self::Tuple(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.agrees(b))
            }
            (Self::Object(a), Self::Object(b)) => {
                a.keys().eq(b.keys())
                    && a.values().zip(b.values()).all(|(a, b)| a.kind.agrees(&b.kind))
            }
            _ => false,
        }
    }
}

/// Identifiers are texts before anybody knows them, and a function gives what it gives.
fn of_symbol(symbol: &Symbol) -> Type {
    match symbol.form() {
        Form::Attribute { name, .. } if is_identifier(name) => Type::String,
        Form::Call { function, .. } if &**function == "template" => Type::String,
        Form::Call { function, .. } => result(function),
        _ => Type::Any,
    }
}

fn key_text(key: &Expr) -> Option<Arc<str>> {
    match &key.kind {
        Kind::Name(name) => Some(Arc::clone(name)),
        _ => key.text().cloned(),
    }
}
