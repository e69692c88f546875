//! `eksdns-lint.toml`: what a project tells the linter, each value with its place.

mod modules;
mod read;
mod roots;
mod told;

use std::path::{Path, PathBuf};

use ignore::gitignore::Gitignore;

use crate::dns::{Assertion, OnPremisesDns, OutsideNetwork, Pair};
use crate::finding::{Rule, Severity};
use crate::source::{FileId, ReadError, Span, Workspace};

pub use modules::ModuleSummary;
pub use read::{ASSUMPTIONS, FORWARD, KEYS, MODULE, NETWORK, ON_PREMISES_DNS, PAIR, QUOTAS, ROOT};
pub use roots::RootSettings;

/// The file's name.
pub const NAME: &str = "eksdns-lint.toml";

/// A value and its place in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed<T> {
    /// The value.
    pub value: T,
    /// Its place.
    pub span: Span,
}

/// What one file says; what it does not say is empty.
#[derive(Debug, Default)]
pub struct Config {
    /// The file; none where there is no configuration.
    pub file: Option<FileId>,
    /// Only these rules run.
    pub select: Option<Placed<Vec<Placed<&'static Rule>>>>,
    /// These rules do not run.
    pub ignore: Option<Placed<Vec<Placed<&'static Rule>>>>,
    /// The severity of every finding of a rule.
    pub severities: Vec<(&'static Rule, Placed<Severity>)>,
    /// Paths that are not analysed, as written.
    pub exclude: Option<Placed<Vec<String>>>,
    /// Whether comments in the code may ignore findings.
    pub inline_suppressions: Option<Placed<bool>>,
    /// Values of some of the roots.
    pub roots: Vec<RootSettings>,
    /// Summaries of modules whose source is not at hand.
    pub modules: Vec<ModuleSummary>,
    /// Whether public DNS answers for private-only endpoints.
    pub eks_public_dns: Option<Placed<bool>>,
    /// What name servers on premises do.
    pub on_premises_dns: Option<OnPremisesDns>,
    /// Networks outside the code.
    pub networks: Vec<OutsideNetwork>,
    /// The quotas that are told, by their keys.
    pub quotas: Vec<(&'static str, Placed<usize>)>,
    /// VPCs that are meant to use the private endpoint of a cluster.
    pub clients: Vec<Pair>,
    /// What must hold, and what must not.
    pub assertions: Vec<Assertion>,
    excluded: Option<Gitignore>,
}

impl Config {
    /// Reads a file; everything that is wrong with it, as lines with their places.
    pub fn read(workspace: &Workspace, path: &Path, named: bool) -> Result<Self, Vec<String>> {
        let shown = |error: &ReadError| vec![format!("{}: {error}", path.display())];
        let file = if named { workspace.read_named(path) } else { workspace.read(path) };
        let file = file.map_err(|error| shown(&error))?;
        let source = workspace.sources().file(file);
        let path = workspace.cwd().join(path);
        let folder = path.canonicalize().ok().and_then(|path| Some(path.parent()?.to_owned()));
        let folder = folder.unwrap_or_else(|| workspace.cwd().to_owned());
        read::read(file, &source.text, &folder).map_err(|faults| {
            let line = |fault: read::Fault| {
                let (line, column) = source.position(fault.span.start);
                format!("{}:{line}:{column}: {}", source.path, fault.message)
            };
            faults.into_iter().map(line).collect()
        })
    }

    /// Whether a rule runs where this file alone decides.
    pub fn runs(&self, rule: &Rule) -> bool {
        let has = |list: &Option<Placed<Vec<Placed<&'static Rule>>>>| {
            let list = list.as_ref()?;
            Some(list.value.iter().any(|one| one.value.id == rule.id))
        };
        has(&self.select).unwrap_or(true) && !has(&self.ignore).unwrap_or(false)
    }

    /// The severity that every finding of a rule has.
    pub fn severity(&self, rule: &Rule) -> Option<Severity> {
        let own = self.severities.iter().find(|(one, _)| one.id == rule.id);
        own.map(|(_, severity)| severity.value)
    }

    /// Whether anything may be excluded.
    pub fn has_excluded(&self) -> bool {
        self.excluded.is_some()
    }

    /// Whether a file, or a folder with all in it, is excluded; the path is canonical.
    pub fn excludes(&self, path: &Path, is_folder: bool) -> bool {
        self.excluded.as_ref().is_some_and(|excluded| {
            path.starts_with(excluded.path())
                && excluded.matched_path_or_any_parents(path, is_folder).is_ignore()
        })
    }
}

/// The nearest file at or above a path, no higher than the repository or the workspace root.
pub fn nearest(workspace: &Workspace, path: &Path) -> Option<PathBuf> {
    for folder in path.ancestors().filter(|folder| folder.is_dir()) {
        if !folder.starts_with(workspace.root()) {
            return None;
        }
        let file = folder.join(NAME);
        if file.is_file() {
            return Some(file);
        }
        if folder.join(".git").exists() {
            return None;
        }
    }
    None
}
