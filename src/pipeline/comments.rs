//! Comments that ignore findings: which files have them read, and which calls lead to a finding.

use hashbrown::{HashMap, HashSet};
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use super::Read;
use crate::bug::guarded;
use crate::finding::{Finding, Outcome, Rule};
use crate::graph::Graph;
use crate::link::Estate;
use crate::source::{FileId, Span};
use crate::suppress::Suppressions;

/// The comments of all files that a run has analysed.
#[derive(Debug, Default)]
pub(super) struct Comments {
    pub(super) all: Suppressions,
    /// The folders of Terraform, and the templates, that belong to a root.
    seen: HashSet<PathBuf>,
}

impl Comments {
    /// Reads the comments of what has been loaded; a bug costs those of a file.
    pub(super) fn read(
        &mut self,
        given: &Read<'_>,
        estates: &[Estate],
        failures: &mut Vec<String>,
    ) {
        let Read { workspace, policies, .. } = given;
        for root in &given.front.roots {
            self.seen.insert(root.path().to_owned());
        }
        let mut places: BTreeSet<FileId> = BTreeSet::new();
        for graph in estates.iter().map(|estate| &estate.graph) {
            for resource in &graph.resources {
                places.insert(resource.span.file);
                places.extend(resource.calls.iter().map(|call| call.file));
            }
            places.extend(graph.gaps.iter().map(|gap| gap.span.file));
            places.extend(graph.problems.iter().map(|problem| problem.span.file));
        }
        for file in places {
            let path = workspace.path(file);
            self.seen.extend(path.parent().map(std::path::Path::to_owned));
            self.seen.insert(path);
        }
        for file in workspace.sources().ids() {
            let path = workspace.path(file);
            let is_fetched = path.iter().any(|part| part == ".terraform");
            if is_fetched || !self.is_seen(&path) {
                continue;
            }
            let denied = policies.of(&path).inline_suppressions.as_ref().filter(|it| !it.value);
            let denied = denied.map(|denied| {
                let file = workspace.sources().file(denied.span.file);
                format!("{}:{}", file.path, file.position(denied.span.start).0)
            });
            let source = workspace.sources().file(file);
            let what = format!("{}: its comments", source.path);
            let read = || self.all.read(file, &source, given.today, denied.as_deref());
            failures.extend(guarded(&what, read).err());
        }
    }

    fn is_seen(&self, path: &PathBuf) -> bool {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        let is_terraform =
            name.is_some_and(|name| crate::source::is_terraform(path) || name.contains(".tfvars"));
        self.seen.contains(path)
            || is_terraform && path.parent().is_some_and(|folder| self.seen.contains(folder))
    }

    /// What is wrong with the comments.
    pub(super) fn faults(&self, given: &Read<'_>, outcome: &Outcome) -> Vec<Finding> {
        let runs =
            |file: FileId, rule: &Rule| given.policies.runs(&given.workspace.path(file), rule);
        let mut faults = self.all.faults(&outcome.undecided, &outcome.unseen, runs);
        for fault in &mut faults {
            let path = given.workspace.path(fault.primary.span.file);
            let above = given.front.roots.iter().map(super::front::Root::path);
            let above = above.filter(|root| path.starts_with(root));
            if let Some(root) = above.max_by_key(|root| root.components().count()) {
                fault.root = given.workspace.display(root);
            }
            if let Some(severity) = given.policies.of(&path).severity(fault.rule) {
                fault.severity = severity;
            }
        }
        faults
    }
}

/// The module calls, or nested stacks, that lead to each resource.
pub(super) struct Calls<'g>(HashMap<&'g str, &'g [Span]>);

impl<'g> Calls<'g> {
    pub(super) fn new(graph: &'g Graph) -> Self {
        let resources = graph.resources.iter().filter(|resource| !resource.calls.is_empty());
        let calls = |resource: &'g crate::graph::Resource| {
            (Arc::as_ref(&resource.address), resource.calls.as_slice())
        };
        Self(resources.map(calls).collect())
    }

    /// Those that lead to what a finding is about.
    pub(super) fn to(&self, finding: &Finding) -> Vec<Span> {
        let all = finding.subjects.iter().filter_map(|subject| self.0.get(subject.as_str()));
        let mut calls: Vec<Span> = all.flat_map(|calls| calls.iter().copied()).collect();
        calls.sort();
        calls.dedup();
        calls
    }
}
