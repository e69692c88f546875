//! Names in a tree of their labels, from the right: what may cover a name is found without looking at all.

use hashbrown::HashMap;

use crate::network::{Label, Name};

/// A tree of names.
#[derive(Debug)]
pub(super) struct Trie<T> {
    here: Vec<T>,
    below: HashMap<Label, Trie<T>>,
    /// Whether one of the labels below is open, which may be any.
    open: bool,
}

impl<T> Default for Trie<T> {
    fn default() -> Self {
        Self { here: Vec::new(), below: HashMap::new(), open: false }
    }
}

impl<T> Trie<T> {
    pub(super) fn insert(&mut self, name: &Name, item: T) {
        let mut at = self;
        for label in name.0.iter().rev() {
            at.open |= matches!(label, Label::Open(_));
            at = at.below.entry(label.clone()).or_default();
        }
        at.here.push(item);
    }

    /// Visits whatever does not certainly stand apart from `name`: all that cover it are among them.
    pub(super) fn visit<'a>(&'a self, name: &Name, visit: &mut impl FnMut(&'a T)) {
        let mut at = self;
        let mut labels = name.0.iter().rev();
        loop {
            at.here.iter().for_each(&mut *visit);
            let label = labels.next();
            let certain = matches!(label, Some(Label::Text(_))) && !at.open;
            if !certain {
                let branches = at.below.iter();
                // Where the name ends, only an open label may still be nothing.
                let branches = branches
                    .filter(|(branch, _)| label.is_some() || matches!(branch, Label::Open(_)));
                branches.for_each(|(_, branch)| branch.visit_all(visit));
                return;
            }
            match label.and_then(|label| at.below.get(label)) {
                Some(next) => at = next,
                None => return,
            }
        }
    }

    fn visit_all<'a>(&'a self, visit: &mut impl FnMut(&'a T)) {
        self.here.iter().for_each(&mut *visit);
        self.below.values().for_each(|branch| branch.visit_all(visit));
    }
}
