//! Where an expression is evaluated: a module instance, and the names bound around it.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use super::module::Module;
use super::syntax::Block;
use crate::graph::Value;
use crate::source::Span;
use crate::unknown::{ResourceId, Symbol, Unknown};

/// A module as called once.
#[derive(Debug)]
pub(super) struct Instance {
    pub(super) id: usize,
    /// Empty for the root, else `module.a["x"].` with its dot.
    pub(super) prefix: Arc<str>,
    /// `None` when its source is not at hand.
    pub(super) module: Option<Arc<Module>>,
    /// `None` for the root.
    pub(super) caller: Option<Caller>,
    /// Set when it cannot be told whether it exists.
    pub(super) open: Option<Unknown>,
    /// Module call heads that lead here, outermost first.
    pub(super) calls: Vec<Span>,
    /// Which configuration of the caller each provider name stands for.
    pub(super) providers: BTreeMap<Arc<str>, Arc<str>>,
}

/// The call that made an instance.
#[derive(Debug)]
pub(super) struct Caller {
    /// The caller with `each` and `count` of the call.
    pub(super) scope: Scope,
    pub(super) name: Arc<str>,
    pub(super) block: Arc<Block>,
}

/// One resource block, expanded once.
#[derive(Debug)]
pub(super) struct ResourceInstance {
    pub(super) id: ResourceId,
    pub(super) scope: Scope,
    /// Its place among the module's declarations.
    pub(super) declaration: usize,
    pub(super) address: Arc<str>,
    pub(super) open: Option<Unknown>,
}

/// What a name means inside an expression.
#[derive(Debug)]
pub(super) struct Binding {
    name: Arc<str>,
    value: Value,
    next: Option<Rc<Binding>>,
}

/// A module instance and the names bound in it: `each`, `count`, iterators, `for` variables.
#[derive(Debug, Clone)]
pub(super) struct Scope {
    pub(super) instance: Rc<Instance>,
    bindings: Option<Rc<Binding>>,
    depth: u32,
    /// The names of the module are not seen: a template knows only what it is given.
    closed: bool,
}

impl Scope {
    /// A scope without bindings.
    pub(super) fn new(instance: &Rc<Instance>) -> Self {
        Self { instance: Rc::clone(instance), bindings: None, depth: 0, closed: false }
    }

    /// This scope with one more name.
    pub(super) fn with(&self, name: &Arc<str>, value: Value) -> Self {
        let binding = Binding { name: Arc::clone(name), value, next: self.bindings.clone() };
        Self {
            instance: Rc::clone(&self.instance),
            bindings: Some(Rc::new(binding)),
            depth: self.depth + 1,
            closed: self.closed,
        }
    }

    /// The same place without any names.
    pub(super) fn closed(&self) -> Self {
        let instance = Rc::clone(&self.instance);
        Self { instance, bindings: None, depth: self.depth + 1, closed: true }
    }

    /// Whether only bound names are seen.
    pub(super) fn is_closed(&self) -> bool {
        self.closed
    }

    /// The value of a bound name.
    pub(super) fn lookup(&self, name: &str) -> Option<&Value> {
        let mut at = self.bindings.as_deref();
        while let Some(binding) = at {
            if &*binding.name == name {
                return Some(&binding.value);
            }
            at = binding.next.as_deref();
        }
        None
    }

    /// How many names are bound: tells nested loops over the same collection apart.
    pub(super) fn depth(&self) -> u32 {
        self.depth
    }
}

/// Which member of a family.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Key {
    /// Neither `count` nor `for_each`.
    Only,
    /// `[0]`.
    Index(u64),
    /// `["name"]`.
    Name(Arc<str>),
    /// A key that is not known.
    Symbol(Symbol),
    /// Whatever members there are beyond the others.
    Rest,
}

/// How a block is repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Repeat {
    Single,
    Count,
    ForEach,
}

/// The instances of one block of one module instance.
#[derive(Debug)]
pub(super) struct Family {
    pub(super) repeat: Repeat,
    /// With the position among resources or module instances.
    pub(super) members: Vec<(Key, usize)>,
    /// The family's address, without a key.
    pub(super) address: Arc<str>,
}

/// One instance to be made of a block.
#[derive(Debug)]
pub(super) struct Slot {
    pub(super) key: Key,
    /// Bound around its body: `each` or `count`.
    pub(super) binding: Option<(Arc<str>, Value)>,
    pub(super) open: Option<Unknown>,
}

impl Slot {
    /// What follows the family's address.
    pub(super) fn suffix(&self) -> String {
        match &self.key {
            Key::Only => String::new(),
            Key::Index(index) => format!("[{index}]"),
            Key::Name(name) => format!("[{}]", quote(name)),
            Key::Symbol(symbol) => format!("[{symbol}]"),
            Key::Rest => "[?]".to_owned(),
        }
    }
}

/// A key as Terraform prints it.
fn quote(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            other => out.push(other),
        }
    }
    out.push('"');
    out
}
