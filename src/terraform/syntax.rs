//! The syntax tree of a Terraform file: compact, spanned, and free of the parser's own types.

use std::sync::Arc;

use crate::graph::Value;
use crate::source::Span;

/// What stands between a pair of braces, or in a file.
#[derive(Debug, Clone, Default)]
pub(super) struct Body {
    pub(super) attributes: Vec<Attribute>,
    pub(super) blocks: Vec<Block>,
}

/// `name = expression`.
#[derive(Debug, Clone)]
pub(super) struct Attribute {
    pub(super) name: Arc<str>,
    pub(super) expr: Arc<Expr>,
}

/// `kind "label" { … }`.
#[derive(Debug, Clone)]
pub(super) struct Block {
    pub(super) kind: Arc<str>,
    pub(super) labels: Vec<Arc<str>>,
    /// The kind and the labels, as written.
    pub(super) head: Span,
    pub(super) body: Body,
}

/// An expression and its exact text.
#[derive(Debug, Clone)]
pub(super) struct Expr {
    pub(super) kind: Kind,
    pub(super) span: Span,
}

/// The forms of expressions.
#[derive(Debug, Clone)]
pub(super) enum Kind {
    /// `null`, `true`, `1`, `"text"`.
    Literal(Value),
    /// A quoted string or heredoc that is more than text.
    Template(Vec<Part>),
    List(Vec<Expr>),
    /// Keys that are bare names have become strings.
    Object(Vec<(Expr, Expr)>),
    /// The first name of a reference.
    Name(Arc<str>),
    /// Condition, then, otherwise.
    Conditional(Box<[Expr; 3]>),
    Call {
        name: Arc<str>,
        arguments: Box<[Expr]>,
        /// `f(list...)`.
        expand: bool,
    },
    Access(Box<Expr>, Vec<Access>),
    Unary(&'static str, Box<Expr>),
    Binary(&'static str, Box<[Expr; 2]>),
    For(Box<For>),
    /// `(expression)`.
    Parenthesis(Box<Expr>),
}

/// One step of a traversal.
#[derive(Debug, Clone)]
pub(super) enum Access {
    /// `.name`.
    Name(Arc<str>),
    /// `[expression]`.
    Index(Box<Expr>),
    /// `.*`: only attributes that follow belong to it.
    AttributeSplat,
    /// `[*]`: everything that follows belongs to it.
    FullSplat,
}

/// `[for k, v in collection : value if condition]`, `{for … : key => value...}`.
#[derive(Debug, Clone)]
pub(super) struct For {
    pub(super) key_name: Option<Arc<str>>,
    pub(super) value_name: Arc<str>,
    pub(super) collection: Expr,
    /// Set for an object.
    pub(super) key: Option<Expr>,
    pub(super) value: Expr,
    pub(super) group: bool,
    pub(super) condition: Option<Expr>,
}

/// A piece of a template.
#[derive(Debug, Clone)]
pub(super) enum Part {
    Text(Arc<str>),
    /// `${…}`.
    Value(Expr),
    /// `%{ if }`.
    If {
        condition: Expr,
        then: Vec<Part>,
        otherwise: Vec<Part>,
    },
    /// `%{ for }`.
    For {
        key_name: Option<Arc<str>>,
        value_name: Arc<str>,
        collection: Expr,
        body: Vec<Part>,
    },
}

/// A place that could not be parsed, or not with this parser.
#[derive(Debug, Clone)]
pub(super) struct Fault {
    /// Where parsing stopped.
    pub(super) span: Span,
    /// What was expected there.
    pub(super) message: String,
    /// Whose fault it is.
    pub(super) of: Origin,
}

/// Whose fault it is that a place could not be parsed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// The code's.
    Code,
    /// The parser's: Terraform would take it.
    Limit,
    /// This program's.
    Bug,
}

/// One parsed file.
#[derive(Debug)]
pub(super) struct File {
    pub(super) body: Body,
    pub(super) faults: Vec<Fault>,
}

impl Body {
    /// The expression of an attribute.
    pub(super) fn attribute(&self, name: &str) -> Option<&Arc<Expr>> {
        self.attributes.iter().find(|attribute| &*attribute.name == name).map(|found| &found.expr)
    }

    /// The blocks of a kind.
    pub(super) fn blocks<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Block> {
        self.blocks.iter().filter(move |block| &*block.kind == kind)
    }
}

impl Expr {
    /// The text of a string that is wholly known by its syntax.
    pub(super) fn text(&self) -> Option<&Arc<str>> {
        match &self.kind {
            Kind::Literal(Value::String(text)) => Some(text),
            _ => None,
        }
    }

    /// `a.b.c` as names; `None` for anything else.
    pub(super) fn path(&self) -> Option<Vec<Arc<str>>> {
        match &self.kind {
            Kind::Name(name) => Some(vec![Arc::clone(name)]),
            Kind::Access(base, steps) => {
                let mut path = base.path()?;
                for step in steps {
                    match step {
                        Access::Name(name) => path.push(Arc::clone(name)),
                        _ => return None,
                    }
                }
                Some(path)
            }
            _ => None,
        }
    }
}
