//! Summaries that a user writes for modules of their own.

use std::path::PathBuf;
use std::sync::Arc;

use super::address::Address;
use super::catalogue::Entry;
use super::version::Constraint;
use crate::source::{ReadError, Workspace};
use crate::terraform::parse;
use crate::terraform::syntax::Body;

/// A folder of HCL that stands for versions of a module whose source is not at hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnSummary {
    /// The module, as calls write their `source`; a `?ref=` of it says nothing.
    pub source: String,
    /// The versions that it holds for, as calls write their `version`: `">= 2.0, < 4.0"`. Empty for all.
    pub versions: String,
    /// Its folder, of which the `.tf` files are read.
    pub folder: PathBuf,
}

/// What of a summary is wrong, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wrong {
    /// Its source.
    Source(String),
    /// Its versions.
    Versions(String),
    /// Its folder, or what is in it.
    Folder(String),
}

/// Summaries of a user's own, which are asked before the embedded ones; among them the later ones first.
#[derive(Debug, Clone, Default)]
pub struct Summaries(Arc<Vec<Entry>>);

impl Summaries {
    /// Reads summaries; each that is wrong, by its place in the list.
    pub fn read(
        workspace: &Workspace,
        summaries: &[OwnSummary],
    ) -> Result<Self, Vec<(usize, Wrong)>> {
        let (mut entries, mut wrong) = (Vec::new(), Vec::new());
        for (at, summary) in summaries.iter().enumerate() {
            match summary.read(workspace) {
                Ok(entry) => entries.push(entry),
                Err(reason) => wrong.push((at, reason)),
            }
        }
        if wrong.is_empty() { Ok(Self(Arc::new(entries))) } else { Err(wrong) }
    }

    pub(in crate::terraform) fn entries(&self) -> &[Entry] {
        &self.0
    }
}

impl OwnSummary {
    fn read(&self, workspace: &Workspace) -> Result<Entry, Wrong> {
        let Some(module) = Address::anywhere(&self.source) else {
            let reason = "a summary stands for a registry or git module, never for a local one";
            return Err(Wrong::Source(reason.to_owned()));
        };
        let versions = match self.versions.trim() {
            "" => Constraint::default(),
            text => Constraint::read_whole(text).ok_or_else(|| {
                Wrong::Versions("not a version constraint that some version meets".to_owned())
            })?,
        };
        let bodies = self.bodies(workspace).map_err(Wrong::Folder)?;
        Ok(Entry::own(module.module, versions, bodies, &self.name(workspace)))
    }

    fn name(&self, workspace: &Workspace) -> String {
        workspace.display(&workspace.cwd().join(&self.folder))
    }

    fn bodies(&self, workspace: &Workspace) -> Result<Vec<Body>, String> {
        let folder = self.name(workspace);
        let mut paths = workspace.list(&self.folder).map_err(|error| match error {
            ReadError::Io(_) => format!("{folder} is no folder that can be read"),
            error => format!("{folder} {error}"),
        })?;
        paths.retain(|path| path.extension().is_some_and(|end| end == "tf"));
        let mut bodies = Vec::new();
        for path in paths {
            let name = workspace.display(&path);
            let file = workspace.read(&path).map_err(|error| format!("{name} {error}"))?;
            let text = workspace.sources().file(file).text.clone();
            let parsed = parse::file(file, &text);
            let fault = parsed.faults.first().map(|fault| (fault.span, &*fault.message));
            // A summary that called its own module would never end.
            let call = || parsed.body.blocks("module").next().map(|block| block.head);
            let call = || call().map(|span| (span, "a summary calls no module"));
            if let Some((span, message)) = fault.or_else(call) {
                return Err(format!("{}: {message}", workspace.sources().place(span)));
            }
            bodies.push(parsed.body);
        }
        if bodies.is_empty() {
            return Err(format!("{folder} holds no .tf file"));
        }
        Ok(bodies)
    }
}
