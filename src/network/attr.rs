//! Attributes as the model holds them: set, left to AWS's default, or open.

use crate::source::Span;
use crate::unknown::{Symbol, Unknown};

/// One attribute of a resource.
#[derive(Debug, Clone)]
pub enum Attr<T> {
    /// The code sets it, here.
    Set(T, Span),
    /// The code leaves it out; AWS's documented default.
    Default(T),
    /// It cannot be told; where the code sets it, the place.
    Unknown(Unknown, Option<Span>),
}

impl<T> Attr<T> {
    /// The value, or why there is none: `?` carries the reason out of a simulation.
    pub fn get(&self) -> Result<&T, Unknown> {
        match self {
            Self::Set(value, _) | Self::Default(value) => Ok(value),
            Self::Unknown(unknown, _) => Err(unknown.clone()),
        }
    }

    /// Where the code sets it.
    pub fn span(&self) -> Option<Span> {
        match self {
            Self::Set(_, span) => Some(*span),
            Self::Default(_) => None,
            Self::Unknown(_, span) => *span,
        }
    }

    /// The same attribute, as another type.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Attr<U> {
        match self {
            Self::Set(value, span) => Attr::Set(change(value), span),
            Self::Default(value) => Attr::Default(change(value)),
            Self::Unknown(unknown, span) => Attr::Unknown(unknown, span),
        }
    }
}

/// A list of attributes.
#[derive(Debug, Clone)]
pub struct Many<T> {
    /// Those that are certainly there.
    pub items: Vec<Item<T>>,
    /// Where set, further ones may be there.
    pub rest: Option<Rest>,
}

/// One element of a list.
#[derive(Debug, Clone)]
pub struct Item<T> {
    /// The element, or why it cannot be told.
    pub value: Result<T, Unknown>,
    /// Where it is written.
    pub span: Span,
}

/// The part of a list that cannot be told.
#[derive(Debug, Clone)]
pub struct Rest {
    /// Why.
    pub unknown: Unknown,
    /// What it would be taken from.
    pub symbol: Option<Symbol>,
}

/// A single value, where others may stand beside it.
impl<T> From<Attr<Option<T>>> for Many<T> {
    fn from(attr: Attr<Option<T>>) -> Self {
        match attr {
            Attr::Set(Some(value), span) => {
                Self { items: vec![Item { value: Ok(value), span }], rest: None }
            }
            Attr::Unknown(unknown, Some(span)) => {
                Self { items: vec![Item { value: Err(unknown), span }], rest: None }
            }
            Attr::Unknown(unknown, None) => {
                Self { items: Vec::new(), rest: Some(Rest { unknown, symbol: None }) }
            }
            Attr::Set(None, _) | Attr::Default(_) => Self::default(),
        }
    }
}

impl<T> Default for Many<T> {
    fn default() -> Self {
        Self { items: Vec::new(), rest: None }
    }
}

impl<T> Many<T> {
    /// A list of which nothing is known.
    pub(super) fn unknown(unknown: Unknown) -> Self {
        Self { items: Vec::new(), rest: Some(Rest { unknown, symbol: None }) }
    }

    /// The elements that are known.
    pub fn known(&self) -> impl Iterator<Item = (&T, Span)> {
        self.items.iter().filter_map(|item| Some((item.value.as_ref().ok()?, item.span)))
    }

    /// The same, to be changed.
    pub(super) fn known_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.items.iter_mut().filter_map(|item| item.value.as_mut().ok())
    }

    /// Why the list is not wholly known, if so.
    pub fn open(&self) -> Option<Unknown> {
        let rest = self.rest.iter().map(|rest| rest.unknown.clone());
        let items = self.items.iter().filter_map(|item| item.value.as_ref().err().cloned());
        Unknown::of_all(rest.chain(items))
    }

    /// Whether the code writes none at all.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty() && self.rest.is_none()
    }
}

/// Yes, no, or why it cannot be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tri {
    /// Certainly.
    Yes,
    /// Certainly not.
    No,
    /// Open.
    Maybe(Unknown),
}

impl Tri {
    /// What counts if it holds: nothing if it does not, and why it is open if that cannot be told.
    pub fn when<T>(self, what: Result<T, Unknown>) -> Option<Result<T, Unknown>> {
        match self {
            Self::Yes => Some(what),
            Self::No => None,
            Self::Maybe(unknown) => Some(Err(unknown)),
        }
    }

    /// Why it is open, if it is.
    pub fn maybe(self) -> Option<Unknown> {
        match self {
            Self::Maybe(unknown) => Some(unknown),
            Self::Yes | Self::No => None,
        }
    }

    /// True if any is (Kleene).
    pub fn any(all: impl IntoIterator<Item = Self>) -> Self {
        let mut open = Vec::new();
        for one in all {
            match one {
                Self::Yes => return Self::Yes,
                Self::No => {}
                Self::Maybe(unknown) => open.push(unknown),
            }
        }
        Unknown::of_all(open).map_or(Self::No, Self::Maybe)
    }

    /// True if all are (Kleene).
    pub fn all(all: impl IntoIterator<Item = Self>) -> Self {
        match Self::any(all.into_iter().map(Self::not)) {
            Self::Yes => Self::No,
            Self::No => Self::Yes,
            maybe @ Self::Maybe(_) => maybe,
        }
    }

    fn not(self) -> Self {
        match self {
            Self::Yes => Self::No,
            Self::No => Self::Yes,
            maybe @ Self::Maybe(_) => maybe,
        }
    }
}

impl From<bool> for Tri {
    fn from(value: bool) -> Self {
        if value { Self::Yes } else { Self::No }
    }
}
