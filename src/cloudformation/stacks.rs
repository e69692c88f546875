//! The templates of a run, and which of them are nested in which.

use hashbrown::HashMap;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use super::assembly::Assembly;
use super::deployment::Deployment;
use super::evaluate::{Evaluator, Position, Shared};
use super::inputs::Inputs;
use super::parameters::{Passed, declared};
use super::syntax::NodeId;
use super::{Template, load, parse};
use crate::bug::guarded;
use crate::graph::{Graph, Known, Look};
use crate::source::{Complaint, FileId, ReadError, Workspace};

/// No longer chain of files is read for templates that nobody named.
const MAX_READ: usize = 1000;

/// Which templates are nested is told before anything is known of imports.
static NOTHING: Known = Known::new();

/// The templates of a run: roots, and those that are nested in others.
#[derive(Debug, Default)]
pub struct Stacks {
    templates: BTreeMap<PathBuf, Template>,
    /// Where each template is.
    places: HashMap<FileId, PathBuf>,
    /// The paths of the templates with a file name.
    names: HashMap<String, Vec<PathBuf>>,
    roots: Vec<PathBuf>,
    inputs: Inputs,
    /// Those of templates that have their own.
    own: BTreeMap<PathBuf, Inputs>,
    /// What manifests say of the stacks of templates.
    deployments: HashMap<PathBuf, Arc<Deployment>>,
    /// The files behind what is uploaded from a folder, by the last part of its key.
    assets: HashMap<(PathBuf, Arc<str>), PathBuf>,
    /// Templates that stand in others.
    written: HashMap<(FileId, NodeId), Template>,
    /// The templates that each may nest, under any condition.
    nests: BTreeMap<PathBuf, Vec<PathBuf>>,
    /// What cannot be used of manifests.
    complaints: Vec<Complaint>,
    /// Where this program failed.
    pub failures: Vec<String>,
}

/// Where the template of a nested stack is said to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Target {
    /// A file, from the folder of the template that nests it.
    Path(String),
    /// The end of a URL.
    Key(String),
}

impl Target {
    /// The target of a URL or path that is wholly known.
    pub(super) fn of(text: &str) -> Option<Self> {
        let text = text.trim();
        match text.split_once("://") {
            None if text.is_empty() => None,
            None => Some(Self::Path(text.to_owned())),
            Some(("file", path)) => Some(Self::Path(path.to_owned())),
            Some(("http" | "https" | "s3", rest)) => Self::of_ending(rest.split_once('/')?.1),
            Some(_) => None,
        }
    }

    /// The target of a URL of which only the end is known.
    pub(super) fn of_ending(text: &str) -> Option<Self> {
        let key = text.split(['?', '#']).next().unwrap_or_default();
        let name = key.rsplit('/').next().unwrap_or_default();
        name.contains('.').then(|| Self::Key(key.trim_matches('/').to_owned()))
    }
}

impl Stacks {
    /// Finds out which templates are nested, and reads those that nobody named. What a root is given is
    /// its `own`, or else `inputs`.
    pub fn new(
        workspace: &Workspace,
        mut found: Vec<(PathBuf, Template)>,
        assemblies: Vec<Assembly>,
        inputs: Inputs,
        own: BTreeMap<PathBuf, Inputs>,
    ) -> Self {
        let mut stacks = Self { inputs, own, ..Self::default() };
        let folders = stacks.describe(workspace, assemblies, &mut found);
        let mut waiting: Vec<PathBuf> = found.iter().map(|(path, _)| path.clone()).collect();
        let given: BTreeSet<PathBuf> = waiting.iter().cloned().collect();
        for (path, template) in found {
            stacks.add(workspace, path, template);
        }
        let mut failures = Vec::new();
        while let Some(path) = waiting.pop() {
            let Some(template) = stacks.templates.get(&path) else { continue };
            if !may_nest(template) {
                continue;
            }
            let missing = || stacks.missing(workspace, &path, template);
            for fetched in of_one(workspace, &path, &mut failures, missing) {
                if workspace.resolve(&fetched) == Err(ReadError::Outside) {
                    let nested = workspace.display(&fetched);
                    let reason = format!("nests {nested}, which {}", ReadError::Outside);
                    let complaint = Complaint::new(&path, reason);
                    if !stacks.complaints.contains(&complaint) {
                        stacks.complaints.push(complaint);
                    }
                }
                if stacks.templates.len() < given.len() + MAX_READ
                    && let Some((path, template)) = fetch(workspace, &fetched)
                    && !stacks.templates.contains_key(&path)
                {
                    stacks.add(workspace, path.clone(), template);
                    waiting.push(path);
                }
            }
        }
        let mut nests = BTreeMap::new();
        for (path, template) in &stacks.templates {
            let nested = of_one(workspace, path, &mut failures, || stacks.nested_in(template));
            nests.insert(path.clone(), nested);
        }
        stacks.roots = roots(given, &nests, |path| {
            of_one(workspace, path, &mut failures, || stacks.loaded_by(path))
        });
        stacks.nests = nests;
        stacks.failures.extend(failures);
        stacks.leftovers(&folders);
        stacks
    }

    /// Takes what assemblies say, and the templates that they name. Gives their folders.
    fn describe(
        &mut self,
        workspace: &Workspace,
        assemblies: Vec<Assembly>,
        found: &mut Vec<(PathBuf, Template)>,
    ) -> BTreeSet<PathBuf> {
        let mut folders = BTreeSet::new();
        for assembly in assemblies {
            folders.extend(assembly.folders);
            self.complaints.extend(assembly.complaints);
            self.assets.extend(assembly.assets);
            for (path, deployment) in assembly.stacks {
                if found.iter().all(|(known, _)| *known != path) {
                    found.extend(fetch(workspace, &path));
                }
                self.deployments.insert(path, Arc::new(deployment));
            }
        }
        self.complaints.sort();
        self.complaints.dedup();
        folders
    }

    /// Templates in the folder of an assembly that is no stack of it: an earlier run has left them.
    fn leftovers(&mut self, folders: &BTreeSet<PathBuf>) {
        let described: BTreeSet<&Path> =
            self.deployments.keys().filter_map(|path| path.parent()).collect();
        let of_assembly = |folder: &Path| folders.contains(folder) && described.contains(folder);
        let left = self.roots.iter().filter(|path| {
            path.parent().is_some_and(of_assembly) && !self.deployments.contains_key(*path)
        });
        let reason = "is no stack of the manifest beside it, and is analysed alone";
        let complaints: Vec<_> = left.map(|path| Complaint::new(path, reason)).collect();
        self.complaints.extend(complaints);
    }

    /// What manifests say that cannot be used.
    pub fn complaints(&self) -> &[Complaint] {
        &self.complaints
    }

    fn deployment(&self, path: &Path) -> Arc<Deployment> {
        self.deployments.get(path).cloned().unwrap_or_default()
    }

    /// A template that stands in another.
    pub(super) fn written_in(&self, outer: &Template, node: NodeId) -> Option<&Template> {
        self.written.get(&(outer.file, node))
    }

    fn add(&mut self, workspace: &Workspace, path: PathBuf, template: Template) {
        let written = || template.written();
        for (node, inner) in of_one(workspace, &path, &mut self.failures, written) {
            self.written.insert((template.file, node), inner);
        }
        self.places.insert(template.file, path.clone());
        if let Some(name) = path.file_name().and_then(|name| name.to_str()) {
            self.names.entry(name.to_owned()).or_default().push(path.clone());
        }
        self.templates.insert(path, template);
    }

    /// The templates that no other nests, in order.
    pub fn roots(&self) -> &[PathBuf] {
        &self.roots
    }

    /// Whether there is a template at or below a path.
    pub fn any_below(&self, folder: &Path) -> bool {
        self.templates.keys().any(|path| path.starts_with(folder))
    }

    /// The template of a root and all that are nested in it.
    pub fn templates(&self, root: &Path) -> BTreeSet<PathBuf> {
        let mut open = vec![root.to_owned()];
        let mut reached = BTreeSet::new();
        while let Some(path) = open.pop() {
            if let Some(nested) = self.nests.get(&path)
                && reached.insert(path)
            {
                open.extend(nested.iter().cloned());
            }
        }
        reached
    }

    /// Evaluates a root with everything that is nested in it, and with what is known of imports.
    ///
    /// It is looked at as `look` says.
    pub fn load(&self, path: &Path, known: &Known, look: Look<'_>) -> Option<Graph> {
        let template = self.templates.get(path)?;
        let deployment = self.deployment(path);
        let inputs = self.inputs(path).or(&deployment.parameters);
        Some(load::graph(template, Some(self), (&inputs, &deployment), (known, look)))
    }

    /// What a root is given.
    fn inputs(&self, path: &Path) -> &Inputs {
        self.own.get(path).unwrap_or(&self.inputs)
    }

    /// Names of given parameters that no root declares, and of configured ones that no root with such
    /// declares.
    pub fn undeclared(&self) -> Vec<Arc<str>> {
        let declared = self.roots.iter().flat_map(|path| self.declared(path)).collect();
        let mut undeclared = self.inputs.undeclared(&declared);
        let declared = self.own.keys().flat_map(|path| self.declared(path)).collect();
        undeclared.extend(self.own.values().flat_map(|own| own.undeclared(&declared)));
        undeclared.sort();
        undeclared.dedup();
        undeclared
    }

    fn declared(&self, path: &Path) -> BTreeSet<Arc<str>> {
        let template = self.templates.get(path);
        let all = template
            .and_then(|template| Some(declared(&template.parsed.tree, template.parsed.root?)));
        all.into_iter().flatten().map(|entry| Arc::clone(&entry.key)).collect()
    }

    /// The template that a nested stack of `parent` names.
    pub(super) fn find(&self, parent: &Template, target: &Target) -> Option<&Template> {
        let parent = self.places.get(&parent.file)?;
        match target {
            Target::Path(path) => self.templates.get(&beside(parent, path)?),
            Target::Key(key) => match self.uploaded(parent, key) {
                Some(path) => self.templates.get(path),
                None => self.templates.get(&self.ending(parent, key)?),
            },
        }
        .filter(|template| template.parsed.root.is_some())
    }

    /// The file that an assembly uploads under a key.
    fn uploaded(&self, parent: &Path, key: &str) -> Option<&PathBuf> {
        let name = Arc::from(key.rsplit('/').next()?);
        self.assets.get(&(parent.parent()?.to_owned(), name))
    }

    /// The one path that shares most of its end with a key; of several, the one beside the parent.
    fn ending(&self, parent: &Path, key: &str) -> Option<PathBuf> {
        let shared = |path: &Path| {
            let parts = path.components().rev().zip(key.rsplit('/'));
            parts.take_while(|(part, name)| part.as_os_str() == *name).count()
        };
        let name = key.rsplit('/').next()?;
        let others = self.names.get(name)?.iter().filter(|path| path.as_path() != parent);
        let ranked: Vec<_> = others.map(|path| (shared(path), path)).collect();
        let most = ranked.iter().map(|(shared, _)| *shared).max()?;
        let best: Vec<_> =
            ranked.iter().filter(|(shared, _)| *shared == most).map(|(_, path)| *path).collect();
        match best.as_slice() {
            [one] => Some((*one).clone()),
            several => {
                let here = several.iter().find(|path| path.parent() == parent.parent())?;
                Some((*here).clone())
            }
        }
    }

    /// A stack with nothing nested, to see what it nests.
    fn alone<'a>(&'a self, template: &'a Template) -> Option<Evaluator<'a>> {
        let shared = Shared::new(Some(self), &NOTHING, Look::at_all());
        let path = self.places.get(&template.file)?;
        let deployment = self.deployment(path);
        let inputs = self.inputs(path).or(&deployment.parameters);
        let place = Position { prefix: "", nesting: 0, deployment };
        load::prepare(template, &shared, place, Passed::Operator(&inputs))
    }

    /// The templates that a root really nests, with its parameters and conditions.
    fn loaded_by(&self, path: &Path) -> Vec<PathBuf> {
        let template = self.templates.get(path).filter(|template| may_nest(template));
        let Some(evaluator) = template.and_then(|template| self.alone(template)) else {
            return Vec::new();
        };
        evaluator.visit_nested();
        let loaded = evaluator.shared.loaded.borrow();
        loaded.iter().filter_map(|file| self.places.get(file).cloned()).collect()
    }

    /// The templates that a template may nest, under any condition.
    fn nested_in(&self, template: &Template) -> Vec<PathBuf> {
        let Some(evaluator) = may_nest(template).then(|| self.alone(template)).flatten() else {
            return Vec::new();
        };
        let found = evaluator.nested().filter_map(|at| evaluator.nested_template(at));
        found.filter_map(|nested| self.places.get(&nested.file).cloned()).collect()
    }

    /// Files that a template nests and that are not among the templates.
    fn missing(&self, workspace: &Workspace, path: &Path, template: &Template) -> Vec<PathBuf> {
        let Some(evaluator) = self.alone(template) else { return Vec::new() };
        let mut missing = Vec::new();
        for target in evaluator.nested().flat_map(|at| evaluator.targets(at)) {
            if self.find(template, &target).is_some() {
                continue;
            }
            match target {
                Target::Path(nested) => missing.extend(beside(path, &nested)),
                Target::Key(key) if self.uploaded(path, &key).is_some() => {
                    missing.extend(self.uploaded(path, &key).cloned());
                }
                Target::Key(key) => {
                    let above = path.ancestors().skip(1);
                    let above = above.take_while(|folder| folder.starts_with(workspace.root()));
                    let ends: Vec<_> = ends(&key).collect();
                    missing.extend(
                        above
                            .flat_map(|folder| ends.iter().map(|end| folder.join(end)))
                            .find(|path| workspace.resolve(path).is_ok_and(|path| path.is_file())),
                    );
                }
            }
        }
        missing
    }
}

/// What is asked of one template; a bug costs that, and is told.
fn of_one<T: Default>(
    workspace: &Workspace,
    path: &Path,
    failures: &mut Vec<String>,
    ask: impl FnOnce() -> T,
) -> T {
    let what = format!("{}: what it nests", workspace.display(path));
    guarded(&what, ask).unwrap_or_else(|failure| {
        failures.push(failure);
        T::default()
    })
}

/// A key, and what is left of it without its first part, without its first two, and so on.
fn ends(key: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(key), |key| key.split_once('/').map(|(_, rest)| rest))
}

/// A path from the folder of a file, as written.
fn beside(file: &Path, path: &str) -> Option<PathBuf> {
    let mut out = file.parent()?.to_owned();
    for part in Path::new(path).components() {
        match part {
            Component::ParentDir => {
                out.pop();
            }
            Component::CurDir => {}
            other => out.push(other),
        }
    }
    Some(out)
}

fn may_nest(template: &Template) -> bool {
    let text = &template.source.text;
    // Stack sets too.
    text.contains("AWS::CloudFormation::Stack") || text.contains("AWS::Serverless::Application")
}

/// A template that nobody named; nothing outside the workspace is read.
fn fetch(workspace: &Workspace, path: &Path) -> Option<(PathBuf, Template)> {
    let path = workspace.resolve(path).ok()?;
    let file = workspace.read(&path).ok()?;
    Some((path, parse(workspace, file)?))
}

/// Those that no other loads. One that is nested only where a condition is false is a root; of templates
/// that nest each other in a circle it is the first.
fn roots(
    mut left: BTreeSet<PathBuf>,
    nests: &BTreeMap<PathBuf, Vec<PathBuf>>,
    mut loaded_by: impl FnMut(&Path) -> Vec<PathBuf>,
) -> Vec<PathBuf> {
    let mut roots = Vec::new();
    while let Some(first) = left.first().cloned() {
        let nesting = left.iter().filter_map(|path| Some((path, nests.get(path)?)));
        let nested: BTreeSet<&PathBuf> = nesting
            .flat_map(|(path, nested)| nested.iter().filter(move |other| *other != path))
            .collect();
        let free: Vec<_> = left.iter().filter(|path| !nested.contains(path)).cloned().collect();
        for root in if free.is_empty() { vec![first] } else { free } {
            if left.remove(&root) {
                for path in loaded_by(&root) {
                    left.remove(&path);
                }
                roots.push(root);
            }
        }
    }
    roots.sort();
    roots
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_files_from_urls() {
        let (path, key) = (|it: &str| Target::Path(it.into()), |it: &str| Target::Key(it.into()));
        for (text, target) in [
            ("./vpc.yaml", Some(path("./vpc.yaml"))),
            ("file://a/vpc.yaml", Some(path("a/vpc.yaml"))),
            ("https://b.s3.amazonaws.com/p/vpc.yaml?v=1", Some(key("p/vpc.yaml"))),
            ("s3://b/p/vpc.yaml", Some(key("p/vpc.yaml"))),
            ("https://b.s3.amazonaws.com/p/folder/", None),
            ("https://b.s3.amazonaws.com", None),
            ("ftp://b/vpc.yaml", None),
            ("", None),
        ] {
            assert_eq!(Target::of(text), target, "{text}");
        }
    }

    #[test]
    fn a_circle_has_one_root() {
        let paths = |names: &[&str]| names.iter().map(PathBuf::from).collect::<Vec<_>>();
        let nests = [
            ("a", vec!["b"]),
            ("b", vec!["c"]),
            ("c", vec!["b"]),
            ("x", vec!["y"]),
            ("y", vec!["x"]),
        ];
        let nests: BTreeMap<_, _> =
            nests.iter().map(|(name, nested)| (PathBuf::from(name), paths(nested))).collect();
        let all = |from: &Path| {
            let mut seen: Vec<PathBuf> = vec![from.to_owned()];
            for at in 0.. {
                let Some(path) = seen.get(at).cloned() else { break };
                let more: Vec<_> =
                    nests[&path].iter().filter(|it| !seen.contains(it)).cloned().collect();
                seen.extend(more);
            }
            seen
        };
        let given = |names: &[&str]| names.iter().map(PathBuf::from).collect();
        assert_eq!(roots(given(&["a", "b", "c", "x", "y"]), &nests, all), paths(&["a", "x"]));
        let none = |_: &Path| Vec::new();
        assert_eq!(roots(given(&["a", "b"]), &nests, none), paths(&["a", "b"]));
    }
}
