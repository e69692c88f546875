//! Modules whose source is not at hand: summaries of the well-known ones, and who they are.
//!
//! A call of a registry or git module that `terraform init` has not fetched is looked up here by its
//! source ([`address`]) and version ([`version`]). A **summary** is a small HCL module of our own,
//! with the inputs, outputs, defaults and resource addresses of a range of versions of the real one;
//! it is embedded and evaluated like a local module. Of the versions that a call admits, the newest
//! is taken whose summary has every argument of the call, as `terraform init` would refuse the rest.
//!
//! **Places.** A summary is no file of the user. When it is called, its syntax is rewritten so that
//! every place in it is one of the call ([`relocate`]): the argument that an expression rests on, else
//! the source string. Evaluation then cannot tell it from code that stands there, and no finding can
//! point into it.
//!
//! **What a summary leaves out** stays open, never closed by omission. A summary's `summary` block
//! sorts the real inputs that it does not declare: `irrelevant` ones only reach what the model never
//! reads; those under `leaves_out` reach what it might. An argument of the latter kind, unless it is
//! an empty value, and any that the summary has never heard of, leaves a gap that knows what the
//! module was told of and what it made. An output that is not declared is a symbol that may be anything.
//!
//! **Modules that do not matter** ([`catalogue::IRRELEVANT`]) make nothing that the model reads, and
//! are no gap at all. Every other module is one, and `unresolved-module` says so.
//!
//! **Summaries of users** ([`own`]) are asked first: a module of which one holds for a version that the
//! call admits is never looked up among the embedded ones.

mod address;
mod catalogue;
mod own;
mod relocate;
#[cfg(test)]
mod tests;
mod version;

use std::collections::BTreeSet;
use std::sync::Arc;

use super::syntax::{Block, Body, Kind};
use address::Address;
pub(super) use catalogue::Entry;
pub use own::{OwnSummary, Summaries, Wrong};
use version::Constraint;

/// What a summary says of the inputs that it does not declare.
#[derive(Debug, Clone, Default)]
pub(super) struct Beyond {
    /// They only reach what the model never reads; `*` stands for any letters.
    irrelevant: BTreeSet<Arc<str>>,
    /// They reach what it might, unless they are empty.
    leaves_out: BTreeSet<Arc<str>>,
}

/// How an argument that a summary does not declare is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Argument {
    Irrelevant,
    /// Open unless it is an empty value.
    LeftOut,
    /// Open.
    Unheard,
}

impl Beyond {
    /// How an argument that is not declared is taken.
    pub(super) fn argument(&self, name: &str) -> Argument {
        if self.irrelevant.iter().any(|known| matches(known, name)) {
            Argument::Irrelevant
        } else if self.leaves_out.iter().any(|known| matches(known, name)) {
            Argument::LeftOut
        } else {
            Argument::Unheard
        }
    }

    fn read(bodies: &[Body]) -> Self {
        let blocks = || bodies.iter().flat_map(|body| body.blocks("summary"));
        let names = |name: &str| blocks().flat_map(|block| texts(block, name)).collect();
        Self { irrelevant: names("irrelevant"), leaves_out: names("leaves_out") }
    }
}

/// Whether a name fits a pattern, where `*` stands for any letters.
fn matches(pattern: &str, name: &str) -> bool {
    let Some((head, tail)) = pattern.split_once('*') else { return pattern == name };
    let Some(rest) = name.strip_prefix(head) else { return false };
    (0..=rest.len()).any(|at| rest.get(at..).is_some_and(|rest| matches(tail, rest)))
}

/// The strings of a list.
fn texts(block: &Block, name: &str) -> Vec<Arc<str>> {
    match block.body.attribute(name).map(|expr| &expr.kind) {
        Some(Kind::List(items)) => items.iter().filter_map(|item| item.text().cloned()).collect(),
        _ => Vec::new(),
    }
}

/// A summary, put into the place of a call.
pub(super) struct Summary {
    /// Names the summary and tells it from every folder.
    pub(super) name: String,
    pub(super) bodies: Vec<Body>,
    pub(super) beyond: Beyond,
}

/// The summary of the module that a call leads to: one of the user's `own`, else an embedded one.
pub(super) fn summary(call: &Block, own: &[Entry]) -> Option<Summary> {
    let (address, constraint) = called(call)?;
    let entry = fitting(own, &address, constraint, call)
        .or_else(|| fitting(&catalogue::SUMMARIES, &address, constraint, call))?;
    let bodies = relocate::relocated(entry.bodies(), call);
    Some(Summary { name: entry.name.clone(), bodies, beyond: Beyond::read(entry.bodies()) })
}

/// The last of the summaries that a call admits which has every argument of it; else the last.
fn fitting<'a>(
    entries: &'a [Entry],
    address: &Address,
    constraint: Constraint,
    call: &Block,
) -> Option<&'a Entry> {
    let admitted = || {
        let of_module = entries.iter().filter(|entry| entry.module == address.module);
        of_module.filter(|entry| constraint.meets(entry.versions))
    };
    let fits = |entry: &&Entry| {
        let declared = Declared::of(entry);
        call.body.attributes.iter().all(|argument| declared.has(&argument.name))
    };
    admitted().rfind(fits).or_else(|| admitted().next_back())
}

/// Whether a call leads to a module that makes nothing that the model reads.
pub(super) fn is_irrelevant(call: &Block) -> bool {
    called(call).is_some_and(|(address, _)| catalogue::is_irrelevant(&address.module))
}

/// The module and the versions of it that a call asks for.
fn called(call: &Block) -> Option<(Address, Constraint)> {
    let address = Address::anywhere(call.body.attribute("source")?.text()?)?;
    let written = call.body.attribute("version").and_then(|expr| expr.text());
    let constraint = match (&address.revision, written) {
        (Some(revision), _) => Constraint::revision(revision),
        (None, Some(text)) => Constraint::read(text),
        (None, None) => Constraint::default(),
    };
    Some((address, constraint))
}

/// The inputs that a summary knows of.
struct Declared {
    variables: BTreeSet<Arc<str>>,
    beyond: Beyond,
}

impl Declared {
    fn of(entry: &Entry) -> Self {
        let blocks = entry.bodies().iter().flat_map(|body| body.blocks("variable"));
        let variables = blocks.filter_map(|block| block.labels.first().cloned()).collect();
        Self { variables, beyond: Beyond::read(entry.bodies()) }
    }

    fn has(&self, argument: &Arc<str>) -> bool {
        super::calls::META.contains(&&**argument)
            || self.variables.contains(argument)
            || self.beyond.argument(argument) != Argument::Unheard
    }
}
