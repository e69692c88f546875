//! How a simulation ended, and what it met on the way: its own explanation.

use crate::source::{Note, Span};
use crate::unknown::Unknown;

/// The end of a simulation with every step that led there.
#[derive(Debug, Clone)]
pub struct Trace<T> {
    /// How it ended, or which inputs would tell.
    pub end: Result<T, Unknown>,
    /// What it met, in order; labels, hops and arrows are all these.
    pub steps: Vec<Note>,
}

impl<T> Trace<T> {
    /// A trace that ends here.
    pub fn new(end: Result<T, Unknown>, steps: Vec<Note>) -> Self {
        Self { end, steps }
    }
}

/// Collects the steps of a simulation.
#[derive(Debug, Default)]
pub(crate) struct Steps(pub(crate) Vec<Note>);

impl Steps {
    /// Adds a step; a place that was just named is not named twice.
    pub(crate) fn add(&mut self, span: Span, text: impl Into<String>) {
        let note = Note::new(span, text);
        if self.0.last() != Some(&note) {
            self.0.push(note);
        }
    }
}
