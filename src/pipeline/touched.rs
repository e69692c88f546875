//! Which roots changed files belong to: a hook before a commit looks at these alone.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::Read;
use super::front::Root;
use crate::config;
use crate::source::is_terraform;

/// Changed files and folders: absolute, links resolved as far as the paths exist.
#[derive(Debug)]
pub(super) struct Touched(Vec<PathBuf>);

impl Touched {
    pub(super) fn new(paths: &[PathBuf], cwd: &Path) -> Self {
        Self(paths.iter().map(|path| resolved(&cwd.join(path))).collect())
    }

    /// Those that are outside a folder: what they belong to is not looked at.
    pub(super) fn outside(&self, folder: &Path) -> impl Iterator<Item = &PathBuf> {
        self.0.iter().filter(move |path| !path.starts_with(folder))
    }

    /// For each root, whether anything of it has changed, or of a stack that nests it: what both have is told
    /// once. The roots have been evaluated: what they read has been read.
    pub(super) fn roots(&self, given: &Read<'_>) -> Vec<bool> {
        let all = given.front.roots.iter().map(|root| Parts::of(given, root));
        let all: Vec<Parts> = all.collect();
        let is_part = |path: &Path| all.iter().any(|parts| parts.have(given, path));
        // A file that is read and is no part of any root is read by an expression: by whose is not kept.
        let read = self.0.iter().any(|path| was_read(given, path) && !is_part(path));
        let changed = |parts: &Parts| read || self.0.iter().any(|path| parts.have(given, path));
        let changed: Vec<&Parts> = all.iter().filter(|parts| changed(parts)).collect();
        let is_in = |root: &Root| changed.iter().any(|parts| parts.files.contains(root.path()));
        given.front.roots.iter().map(is_in).collect()
    }
}

/// A file that was deleted is where its folder is.
fn resolved(path: &Path) -> PathBuf {
    let real = |above: &Path| {
        let rest = path.strip_prefix(above).ok()?;
        Some(above.canonicalize().ok()?.join(rest))
    };
    path.ancestors().find_map(real).unwrap_or_else(|| path.to_owned())
}

fn was_read(given: &Read<'_>, path: &Path) -> bool {
    let mut read = given.workspace.sources().ids().into_iter();
    read.any(|file| given.workspace.path(file) == path)
}

/// What one root consists of.
struct Parts {
    /// Its module's folder and those of the modules that it calls.
    folders: BTreeSet<PathBuf>,
    /// Its template and those nested in it, and the files that the configuration gives to it.
    files: BTreeSet<PathBuf>,
    /// Folders all of which belongs to it.
    trees: Vec<PathBuf>,
}

impl Parts {
    fn of(given: &Read<'_>, root: &Root) -> Self {
        let (front, path) = (&given.front, root.path());
        let config = given.policies.of(path);
        let settings = config.roots.iter().filter(|settings| settings.is_for(path));
        let values = settings.flat_map(|it| it.tfvars.iter().chain(&it.parameter_files));
        let mut files: BTreeSet<PathBuf> = values.map(|file| resolved(&file.value)).collect();
        files.extend(config.file.map(|file| given.workspace.path(file)));
        files.insert(path.to_owned());
        let trees = config.modules.iter().map(|module| resolved(&module.summary.value)).collect();
        let mut parts = Self { folders: BTreeSet::new(), files, trees };
        match root {
            Root::Terraform(path) => parts.folders = front.terraform.folders(path),
            Root::CloudFormation(path) => parts.files.extend(front.stacks.templates(path)),
            Root::Plan(..) => {}
        }
        parts
    }

    /// Whether a path is a part of the root, or a folder above one.
    fn have(&self, given: &Read<'_>, path: &Path) -> bool {
        let is_below = |own: &PathBuf| own.starts_with(path);
        self.folders.iter().chain(&self.files).chain(&self.trees).any(is_below)
            || self.trees.iter().any(|tree| path.starts_with(tree))
            || self.is_near(given, path)
            || path.file_name().is_some_and(|name| name == config::NAME)
                && path.parent().is_some_and(|folder| self.is_under(folder))
    }

    /// Whether the nearest folder of Terraform above a file is one of the root's.
    fn is_near(&self, given: &Read<'_>, path: &Path) -> bool {
        let own = |folder: &&Path| {
            let is_last = path.parent() == Some(*folder) && is_terraform(path);
            is_last || given.front.terraform.is_module(folder)
        };
        let nearest = path.ancestors().skip(1).find(own);
        nearest.is_some_and(|folder| self.folders.contains(folder))
    }

    /// Whether anything of the root is below a folder.
    fn is_under(&self, folder: &Path) -> bool {
        self.folders.iter().chain(&self.files).any(|own| own.starts_with(folder))
    }
}
