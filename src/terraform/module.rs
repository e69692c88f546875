//! One folder as Terraform sees it: all its files as one module.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::parse;
use super::registry::{Beyond, Summary};
use super::syntax::{Block, Body, Expr, Fault, File, Origin};
use crate::bug::guarded;
use crate::graph::{Mode, Problem};
use crate::source::{FileId, ReadError, Span, Workspace};
use crate::stages::Stage;

/// A folder's declarations.
#[derive(Debug, Default)]
pub(super) struct Module {
    pub(super) folder: PathBuf,
    pub(super) variables: BTreeMap<Arc<str>, Arc<Block>>,
    pub(super) locals: BTreeMap<Arc<str>, Arc<Expr>>,
    pub(super) outputs: BTreeMap<Arc<str>, Arc<Block>>,
    /// By file name, then by place.
    pub(super) resources: Vec<Declaration>,
    pub(super) calls: Vec<Call>,
    /// `aws`, `aws.hub`.
    pub(super) providers: BTreeMap<Arc<str>, Arc<Block>>,
    /// What does not parse, with the file's name.
    pub(super) faults: Vec<(Arc<str>, Fault)>,
    pub(super) problems: Vec<Problem>,
    /// Whether something is declared more than once: then the files are no module.
    pub(super) repeats: bool,
    /// Values that Terraform reads on its own from this folder, as a root; later ones win.
    pub(super) tfvars: BTreeMap<Arc<str>, Arc<Expr>>,
    /// Set for a summary that stands for the module.
    pub(super) beyond: Option<Beyond>,
    /// Where its state is kept, as a root: a `backend` or `cloud` block.
    pub(super) backend: Option<Block>,
    resource_index: BTreeMap<(Mode, Arc<str>, Arc<str>), usize>,
    call_index: BTreeMap<Arc<str>, usize>,
}

/// A `resource` or `data` block.
#[derive(Debug)]
pub(super) struct Declaration {
    pub(super) mode: Mode,
    pub(super) kind: Arc<str>,
    pub(super) name: Arc<str>,
    pub(super) block: Arc<Block>,
}

/// A `module` block.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) name: Arc<str>,
    pub(super) block: Arc<Block>,
    pub(super) source: Source,
}

/// Where a called module's files are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Source {
    /// A folder of the workspace.
    Folder(PathBuf),
    /// A local path that leads out of the workspace.
    Outside,
    /// A local path where nothing is, or no source at all.
    Missing,
    /// A registry, a repository, an archive.
    Remote,
}

/// A file's path, and its text or why it has none.
pub(super) type Loaded = (PathBuf, Result<FileId, ReadError>);

/// Reads the files of a folder that Terraform loads, in its order.
pub(super) fn read(workspace: &Workspace, folder: &Path) -> Vec<Loaded> {
    let paths = files(workspace, folder).into_iter();
    paths.map(|path| (path.clone(), workspace.read(&path))).collect()
}

/// The files of a folder that Terraform loads, in its order.
pub(super) fn files(workspace: &Workspace, folder: &Path) -> Vec<PathBuf> {
    let Ok(paths) = workspace.list(folder) else { return Vec::new() };
    let names: BTreeSet<String> = paths.iter().filter_map(|path| name_of(path)).collect();
    let mut wanted: Vec<PathBuf> = paths
        .into_iter()
        .filter(|path| name_of(path).is_some_and(|name| is_loaded(&name, &names)))
        .collect();
    wanted.sort();
    wanted
}

fn name_of(path: &Path) -> Option<String> {
    Some(path.file_name()?.to_str()?.to_owned())
}

/// Whether a file belongs to a module. OpenTofu prefers `a.tofu` to `a.tf`.
fn is_loaded(name: &str, all: &BTreeSet<String>) -> bool {
    if name.starts_with('.') || name.ends_with('~') || name.starts_with('#') {
        return false;
    }
    if is_tfvars(name) {
        return true;
    }
    if Path::new(name.trim_end_matches(".json")).extension().is_some_and(|it| it == "tofu") {
        return true;
    }
    match (name.strip_suffix(".tf.json"), name.strip_suffix(".tf")) {
        (Some(stem), _) => !all.contains(&format!("{stem}.tofu.json")),
        (_, Some(stem)) => !all.contains(&format!("{stem}.tofu")),
        _ => false,
    }
}

fn is_tfvars(name: &str) -> bool {
    name == "terraform.tfvars"
        || name == "terraform.tfvars.json"
        || name.ends_with(".auto.tfvars")
        || name.ends_with(".auto.tfvars.json")
}

fn is_json(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|extension| extension == "json")
}

/// `override.tf`, `x_override.tf`: merged over the others.
fn is_override(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default();
    stem == "override" || stem.ends_with("_override")
}

/// Rank of a tfvars file: later ones win.
fn tfvars_rank(name: &str) -> (u8, &str) {
    match name {
        "terraform.tfvars" => (0, ""),
        "terraform.tfvars.json" => (1, ""),
        other => (2, other),
    }
}

/// Parses what was read; a bug that is no file's costs the folder.
pub(super) fn guarded_parse(workspace: &Workspace, folder: &Path, files: Vec<Loaded>) -> Module {
    let name: Arc<str> = workspace.display(folder).into();
    let first = files.iter().find_map(|(_, read)| read.as_ref().ok().copied());
    guarded(&format!("{name}: declarations"), || parse(workspace, folder, files)).unwrap_or_else(
        |failure| {
            let place = first.unwrap_or_else(|| workspace.sources().add(&*name, ""));
            let faults = failed(place, failure).faults.into_iter();
            let faults = faults.map(|fault| (Arc::clone(&name), fault)).collect();
            Module { folder: folder.to_owned(), faults, ..Module::default() }
        },
    )
}

/// Parses what was read.
fn parse(workspace: &Workspace, folder: &Path, files: Vec<Loaded>) -> Module {
    workspace.stages().time(Stage::Parse, || parse_by(&syntax, workspace, folder, files))
}

/// The syntax tree of a file of this name.
fn syntax(name: &str, id: FileId, text: &str) -> File {
    if is_json(name) { super::json::file(id, text, is_tfvars(name)) } else { parse::file(id, text) }
}

/// What a file parses to whose parser failed: nothing, and what it may hold is open.
fn failed(id: FileId, message: String) -> File {
    let fault = Fault { span: Span::new(id, 0..0), message, of: Origin::Bug };
    File { body: Body::default(), faults: vec![fault] }
}

/// Parses what was read, each file by `syntax`; where that fails, it costs the file alone.
fn parse_by(
    syntax: &dyn Fn(&str, FileId, &str) -> File,
    workspace: &Workspace,
    folder: &Path,
    files: Vec<Loaded>,
) -> Module {
    let mut module = Module { folder: folder.to_owned(), ..Module::default() };
    let mut overrides = Vec::new();
    let mut tfvars = Vec::new();
    for (path, read) in files {
        let name = name_of(&path).unwrap_or_default();
        let display: Arc<str> = workspace.display(&path).into();
        let id = match read {
            Ok(id) => id,
            Err(error) => {
                module.unreadable(workspace, &display, &error, is_tfvars(&name));
                continue;
            }
        };
        let text = Arc::clone(&workspace.sources().file(id).text);
        let file = guarded(&display, || syntax(&name, id, &text));
        let file = file.unwrap_or_else(|failure| failed(id, failure));
        module.faults.extend(file.faults.iter().map(|fault| (Arc::clone(&display), fault.clone())));
        if is_tfvars(&name) {
            tfvars.push((name, file));
        } else if is_override(&name) {
            overrides.push(file);
        } else {
            module.add(workspace, file.body);
        }
    }
    for file in overrides {
        module.merge(workspace, file);
    }
    tfvars.sort_by(|(a, _), (b, _)| tfvars_rank(a).cmp(&tfvars_rank(b)));
    for (_, file) in tfvars {
        let values = file.body.attributes.into_iter();
        module.tfvars.extend(values.map(|attribute| (attribute.name, attribute.expr)));
    }
    module
}

/// The module that a summary makes at a call.
pub(super) fn summarised(workspace: &Workspace, summary: Summary) -> Module {
    let mut module =
        Module { folder: summary.name.into(), beyond: Some(summary.beyond), ..Module::default() };
    for body in summary.bodies {
        module.add(workspace, body);
    }
    module
}

impl Module {
    /// The declaration of a resource.
    pub(super) fn resource(&self, mode: Mode, kind: &Arc<str>, name: &Arc<str>) -> Option<usize> {
        self.resource_index.get(&(mode, Arc::clone(kind), Arc::clone(name))).copied()
    }

    /// The module call of a name.
    pub(super) fn call(&self, name: &str) -> Option<usize> {
        self.call_index.get(name).copied()
    }

    fn unreadable(
        &mut self,
        workspace: &Workspace,
        display: &Arc<str>,
        error: &ReadError,
        tfvars: bool,
    ) {
        if matches!(error, ReadError::NotAFile) && !tfvars {
            return; // a folder called `x.tf`: Terraform passes over it
        }
        let id = workspace.sources().add(&**display, "");
        let span = Span::new(id, 0..0);
        let message = format!("a file of this folder cannot be read: it {error}");
        self.faults.push((Arc::clone(display), Fault { span, message, of: Origin::Code }));
    }

    fn add(&mut self, workspace: &Workspace, body: Body) {
        for block in body.blocks {
            let block = Arc::new(block);
            match (&*block.kind, block.labels.as_slice()) {
                ("resource", [kind, name]) => self.declare(Mode::Managed, kind, name, &block),
                ("data", [kind, name]) => self.declare(Mode::Data, kind, name, &block),
                ("module", [name]) => self.declare_call(workspace, name, &block),
                ("variable", [name]) => {
                    self.variables.entry(Arc::clone(name)).or_insert(block);
                }
                ("output", [name]) => {
                    self.outputs.entry(Arc::clone(name)).or_insert(block);
                }
                ("provider", [name]) => {
                    self.providers.insert(provider_key(name, &block), block);
                }
                ("terraform", []) => {
                    let of = |it: &&Block| matches!(&*it.kind, "backend" | "cloud");
                    let backend = block.body.blocks.iter().find(of);
                    self.backend = backend.cloned().or_else(|| self.backend.take());
                }
                ("locals", []) => {
                    for attribute in &block.body.attributes {
                        let name = Arc::clone(&attribute.name);
                        self.locals.entry(name).or_insert_with(|| Arc::clone(&attribute.expr));
                    }
                }
                _ => {}
            }
        }
    }

    fn declare(&mut self, mode: Mode, kind: &Arc<str>, name: &Arc<str>, block: &Arc<Block>) {
        let key = (mode, Arc::clone(kind), Arc::clone(name));
        if self.resource_index.contains_key(&key) {
            let what = if mode == Mode::Data { "data source" } else { "resource" };
            self.repeats = true;
            let message = format!("{what} {kind}.{name} is declared twice in this module");
            self.problems.push(Problem::new(block.head, message));
            return;
        }
        self.resource_index.insert(key, self.resources.len());
        let (kind, name, block) = (Arc::clone(kind), Arc::clone(name), Arc::clone(block));
        self.resources.push(Declaration { mode, kind, name, block });
    }

    fn declare_call(&mut self, workspace: &Workspace, name: &Arc<str>, block: &Arc<Block>) {
        if self.call_index.contains_key(name) {
            self.repeats = true;
            let message = format!("module {name} is called twice in this module");
            self.problems.push(Problem::new(block.head, message));
            return;
        }
        self.call_index.insert(Arc::clone(name), self.calls.len());
        let source = self.source(workspace, block);
        self.calls.push(Call { name: Arc::clone(name), block: Arc::clone(block), source });
    }

    fn source(&self, workspace: &Workspace, block: &Block) -> Source {
        let Some(text) = block.body.attribute("source").map(|expr| expr.text()) else {
            return Source::Missing;
        };
        let Some(text) = text else { return Source::Remote };
        let local = ["./", "../", ".\\", "..\\"].iter().any(|prefix| text.starts_with(prefix));
        if !local && &**text != "." && &**text != ".." {
            return Source::Remote;
        }
        match workspace.resolve(&self.folder.join(text.replace('\\', "/"))) {
            Ok(folder) => Source::Folder(folder),
            Err(ReadError::Outside) => Source::Outside,
            Err(_) => Source::Missing,
        }
    }

    /// Merges an override file: its attributes and blocks replace those of the same name.
    fn merge(&mut self, workspace: &Workspace, file: File) {
        let mut fresh = Body::default();
        for block in file.body.blocks {
            let target = match (&*block.kind, block.labels.as_slice()) {
                ("resource" | "data", [kind, name]) => {
                    let mode = if &*block.kind == "data" { Mode::Data } else { Mode::Managed };
                    let found = self.resource(mode, kind, name);
                    found.map(|index| &mut self.resources[index].block)
                }
                ("module", [name]) => {
                    let found = self.call(name);
                    found.map(|index| &mut self.calls[index].block)
                }
                ("variable", [name]) => self.variables.get_mut(name),
                ("output", [name]) => self.outputs.get_mut(name),
                ("provider", [name]) => self.providers.get_mut(&provider_key(name, &block)),
                ("locals", []) => {
                    for attribute in block.body.attributes {
                        self.locals.insert(attribute.name, attribute.expr);
                    }
                    continue;
                }
                _ => None,
            };
            match target {
                Some(target) => *target = Arc::new(merged(target, block)),
                None => fresh.blocks.push(block),
            }
        }
        for index in 0..self.calls.len() {
            let block = Arc::clone(&self.calls[index].block);
            self.calls[index].source = self.source(workspace, &block);
        }
        self.add(workspace, fresh);
    }
}

fn provider_key(name: &Arc<str>, block: &Block) -> Arc<str> {
    match block.body.attribute("alias").and_then(|alias| alias.text()) {
        Some(alias) => format!("{name}.{alias}").into(),
        None => Arc::clone(name),
    }
}

fn merged(base: &Block, over: Block) -> Block {
    let mut body = base.body.clone();
    for attribute in over.body.attributes {
        match body.attributes.iter_mut().find(|old| old.name == attribute.name) {
            Some(old) => *old = attribute,
            None => body.attributes.push(attribute),
        }
    }
    // A nested block of a kind replaces all of that kind, `dynamic` ones included.
    let kind_of = |block: &Block| match (&*block.kind, block.labels.first()) {
        ("dynamic", Some(label)) => Arc::clone(label),
        _ => Arc::clone(&block.kind),
    };
    let replaced: BTreeSet<_> = over.body.blocks.iter().map(kind_of).collect();
    body.blocks.retain(|block| &*block.kind == "lifecycle" || !replaced.contains(&kind_of(block)));
    body.blocks.extend(over.body.blocks);
    Block { kind: Arc::clone(&base.kind), labels: base.labels.clone(), head: base.head, body }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bug_costs_one_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().canonicalize().unwrap();
        std::fs::write(path.join("a.tf"), "resource \"aws_vpc\" \"a\" {}").unwrap();
        std::fs::write(path.join("b.tf"), "resource \"aws_vpc\" \"b\" {}").unwrap();
        let workspace = Workspace::new(&path, &path).unwrap();
        let seeded = |name: &str, id: FileId, text: &str| {
            assert_ne!(name, "a.tf", "seeded");
            syntax(name, id, text)
        };
        let files = read(&workspace, &path);
        let module = parse_by(&seeded, &workspace, &path, files);
        let names: Vec<_> = module.resources.iter().map(|it| &*it.name).collect();
        assert_eq!(names, ["b"]);
        let [(file, fault)] = &*module.faults else { panic!("{:?}", module.faults) };
        assert_eq!((&**file, fault.of), ("a.tf", Origin::Bug));
        assert!(fault.message.starts_with("a.tf: a bug in this program"), "{}", fault.message);
    }
}
