//! Summaries that a user writes for modules of their own.

use std::path::PathBuf;

use super::address::Address;
use super::catalogue::Entry;
use super::version::Constraint;
use crate::source::{ReadError, Workspace};
use crate::terraform::parse;

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

impl OwnSummary {
    /// Reads it, or says why it cannot stand for a module.
    pub(in crate::terraform) fn read(&self, workspace: &Workspace) -> Result<Entry, String> {
        let module =
            Address::anywhere(&self.source).ok_or("its source is that of a local module")?;
        let versions = match self.versions.trim() {
            "" => Constraint::default(),
            text => Constraint::read_whole(text).ok_or("its versions are no constraint")?,
        };
        let unreadable = |error: &ReadError| format!("{} {error}", workspace.display(&self.folder));
        let mut paths = workspace.list(&self.folder).map_err(|error| unreadable(&error))?;
        paths.retain(|path| path.extension().is_some_and(|end| end == "tf"));
        paths.sort();
        let mut bodies = Vec::new();
        for path in paths {
            let name = workspace.display(&path);
            let file = workspace.read(&path).map_err(|error| format!("{name} {error}"))?;
            let text = workspace.sources().file(file).text.clone();
            let parsed = parse::file(file, &text);
            if let Some(fault) = parsed.faults.first() {
                let at = workspace.sources().file(file).position(fault.span.start);
                return Err(format!("{name}:{}:{}: {}", at.0, at.1, fault.message));
            }
            bodies.push(parsed.body);
        }
        if bodies.is_empty() {
            return Err(format!("{} holds no .tf file", workspace.display(&self.folder)));
        }
        let name = workspace.display(&self.folder);
        Ok(Entry::own(module.module, versions, bodies, &name))
    }
}
