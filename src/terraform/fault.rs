//! Why an expression gives no value, and how much work a root may cost.

use std::cell::Cell;
use std::sync::Arc;

use crate::graph::Value;
use crate::unknown::{Symbol, Why};

/// What `try` catches, and what it must not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fault {
    /// Terraform would report this error.
    Error(String),
    /// The budget ran out.
    Budget,
}

/// A value, or why there is none.
pub(super) type Eval<T = Value> = Result<T, Fault>;

/// An error that Terraform would report.
pub(super) fn error<T>(message: impl Into<String>) -> Eval<T> {
    Err(Fault::Error(message.into()))
}

impl Fault {
    /// The open value of something that has none; the name must be its own.
    pub(super) fn named(self, name: impl Into<Arc<str>>) -> Value {
        Value::Unknown(Symbol::input(name, self.why()))
    }

    /// The reason, for messages.
    pub(super) fn why(self) -> Why {
        match self {
            Self::Error(message) => Why::Invalid(message.into()),
            Self::Budget => Why::Budget,
        }
    }
}

/// No value has more nodes than this.
pub(super) const MAX_NODES: usize = 65_536;
/// No string is longer than this.
pub(super) const MAX_TEXT: usize = 1 << 20;
/// No value is nested deeper than this.
const MAX_NESTING: usize = 100;
/// Evaluation is not nested deeper than this: the stack of the evaluating thread holds it.
const MAX_DEPTH: u32 = 12_000;
/// Steps that one root may take.
const MAX_STEPS: u64 = 30_000_000;

/// What is left of the steps and of the stack.
#[derive(Debug)]
pub(super) struct Budget {
    steps: Cell<u64>,
    depth: Cell<u32>,
}

impl Default for Budget {
    fn default() -> Self {
        Self { steps: Cell::new(MAX_STEPS), depth: Cell::new(0) }
    }
}

impl Budget {
    /// Takes some steps.
    pub(super) fn spend(&self, steps: usize) -> Eval<()> {
        let left = self.steps.get().saturating_sub(steps as u64);
        self.steps.set(left);
        if left == 0 { Err(Fault::Budget) } else { Ok(()) }
    }

    /// Goes one level down for the time of `inner`.
    pub(super) fn nested<T>(&self, inner: impl FnOnce() -> Eval<T>) -> Eval<T> {
        let depth = self.depth.get();
        if depth >= MAX_DEPTH {
            return Err(Fault::Budget);
        }
        self.depth.set(depth + 1);
        let result = inner();
        self.depth.set(depth);
        result
    }

    /// Refuses a value that is too large, so that every later walk over it is short.
    pub(super) fn fits(&self, value: Value) -> Eval {
        let mut nodes = 0;
        if measure(&value, MAX_NESTING, &mut nodes).is_none() {
            return Err(Fault::Budget);
        }
        self.spend(nodes / 4)?;
        Ok(value)
    }
}

fn measure(value: &Value, depth: usize, nodes: &mut usize) -> Option<()> {
    *nodes += 1;
    if *nodes > MAX_NODES || depth == 0 {
        return None;
    }
    match value {
        Value::List { items, .. } => {
            items.iter().try_for_each(|item| measure(&item.value, depth - 1, nodes))
        }
        Value::Map(map) => {
            map.entries.values().try_for_each(|node| measure(&node.value, depth - 1, nodes))
        }
        Value::String(text) if text.len() > MAX_TEXT => None,
        Value::String(text) => {
            *nodes += text.len() / 64 / 16; // long texts count a little
            Some(())
        }
        _ => Some(()),
    }
}
