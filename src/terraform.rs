//! Terraform: folders of HCL into the resource graph of each root.

mod access;
mod build;
mod calls;
mod convert;
mod eval;
mod evaluator;
mod expand;
mod fault;
mod functions;
mod gaps;
mod inputs;
mod installed;
mod json;
mod loops;
mod module;
mod names;
mod order;
mod parse;
mod plan;
mod providers;
mod recover;
mod registry;
mod resources;
mod scope;
mod shared;
mod syntax;
#[cfg(test)]
mod tests;
mod types;

use hashbrown::{HashMap, HashSet};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;

use crate::graph::{Gap, Graph, Known, Language};
use crate::source::{Span, Workspace};
use crate::stack;
use crate::stages::Stage;
use crate::unknown::{Unknown, Why};
use evaluator::Evaluator;
use module::{Module, Source};

pub use inputs::{Given, Inputs, Values};
pub use plan::{Plan, may_be_plan};
pub use registry::{OwnSummary, Summaries, Wrong};

/// What a root is given from outside its folder.
#[derive(Debug, Clone, Default)]
pub struct Setting {
    /// Values of its variables.
    pub inputs: Inputs,
    /// What is known of its data sources.
    pub known: Known,
    /// Its plan.
    pub plan: Option<Arc<Plan>>,
    /// Summaries of modules whose source is not at hand.
    pub summaries: Summaries,
}

/// The Terraform folders of a workspace, parsed.
#[derive(Debug, Default)]
pub struct Project {
    modules: HashMap<PathBuf, Arc<Module>>,
}

impl Project {
    /// Parses the folders: each as one module. A file stands for its folder; but where the files of a
    /// folder declare the same things, the folder is no module, and the file stands alone.
    pub fn parse(workspace: &Workspace, folders: &[PathBuf], files: &[PathBuf]) -> Self {
        let resolved = |paths: &[PathBuf]| -> BTreeSet<PathBuf> {
            paths.iter().filter_map(|path| workspace.resolve(path).ok()).collect()
        };
        let (walked, files) = (resolved(folders), resolved(files));
        let parents = files.iter().filter_map(|file| file.parent()).map(Path::to_owned);
        let folders: BTreeSet<PathBuf> = walked.iter().cloned().chain(parents).collect();
        let mut project = Self::of_folders(workspace, folders);
        let apart: HashSet<PathBuf> = project
            .modules
            .iter()
            .filter(|(folder, module)| module.repeats && !walked.contains(*folder))
            .map(|(folder, _)| folder.clone())
            .collect();
        for file in files {
            if let Some(folder) = file.parent().filter(|folder| apart.contains(*folder)) {
                let read = vec![(file.clone(), workspace.read(&file))];
                let module = Arc::new(module::guarded_parse(workspace, folder, read));
                project.modules.insert(file, module);
            }
        }
        project.modules.retain(|folder, _| !apart.contains(folder));
        project
    }

    fn of_folders(workspace: &Workspace, folders: BTreeSet<PathBuf>) -> Self {
        let folders: Vec<_> = folders.into_iter().collect();
        let files: Vec<_> =
            folders.par_iter().map(|folder| module::files(workspace, folder)).collect();
        // All files of all folders at once: their ids do not depend on the threads.
        let mut read = workspace.read_all(&files.concat()).into_iter();
        let loaded = files.into_iter().map(|files| files.into_iter().zip(&mut read).collect());
        let loaded: Vec<Vec<module::Loaded>> = loaded.collect();
        let modules: Vec<_> = folders
            .into_par_iter()
            .zip(loaded)
            .map(|(folder, files)| {
                let module = Arc::new(module::guarded_parse(workspace, &folder, files));
                (folder, module)
            })
            .collect();
        Self { modules: modules.into_iter().collect() }
    }

    /// The folders that no other folder calls as a module, sorted. Of folders that are only called
    /// in a cycle, all of the cycle.
    pub fn roots(&self) -> Vec<PathBuf> {
        let called: HashSet<&PathBuf> = self
            .modules
            .iter()
            .flat_map(|(folder, module)| callees(module).filter(move |callee| *callee != folder))
            .collect();
        let mut roots: HashSet<&PathBuf> =
            self.modules.keys().filter(|folder| !called.contains(folder)).collect();
        let mut reached = self.reach(roots.iter().copied());
        for folder in self.modules.keys() {
            if !reached.contains(folder) && self.calls_itself(folder) {
                roots.insert(folder);
            }
        }
        // What a cycle calls is reached through it.
        reached = self.reach(roots.iter().copied());
        roots.extend(self.modules.keys().filter(|folder| !reached.contains(folder)));
        let mut roots: Vec<PathBuf> = roots.into_iter().cloned().collect();
        roots.sort();
        roots
    }

    /// The folder of a root and of all modules that it calls.
    pub fn folders(&self, root: &PathBuf) -> BTreeSet<PathBuf> {
        self.reach(std::iter::once(root)).into_iter().cloned().collect()
    }

    /// Whether a folder is a module.
    pub fn is_module(&self, folder: &Path) -> bool {
        self.modules.contains_key(folder)
    }

    fn reach<'a>(&'a self, from: impl Iterator<Item = &'a PathBuf>) -> HashSet<&'a PathBuf> {
        let mut open: Vec<&PathBuf> = from.collect();
        let mut reached = HashSet::new();
        while let Some(folder) = open.pop() {
            if reached.insert(folder)
                && let Some(module) = self.modules.get(folder)
            {
                open.extend(callees(module));
            }
        }
        reached
    }

    fn calls_itself(&self, folder: &PathBuf) -> bool {
        let module = self.modules.get(folder);
        module.is_some_and(|module| self.reach(callees(module)).contains(folder))
    }

    /// Whether a plan is one of this root: it declares all that the plan has.
    pub fn is_planned(&self, root: &Path, plan: &Plan) -> bool {
        let Some(module) = self.modules.get(root) else { return false };
        let resources = module.resources.iter().map(|it| {
            let data = if it.mode == crate::graph::Mode::Data { "data." } else { "" };
            format!("{data}{}.{}", it.kind, it.name)
        });
        let calls = module.calls.iter().map(|call| format!("module.{}", call.name));
        plan.is_of(&resources.chain(calls).collect())
    }

    /// What is wrong with the values that the user gives `own` roots of `all`: warnings, and failures.
    pub fn judge(
        &self,
        workspace: &Workspace,
        (own, all): (&[&PathBuf], &[&PathBuf]),
        inputs: &Inputs,
    ) -> (Vec<String>, BTreeSet<String>) {
        let modules = |roots: &[&PathBuf]| -> Vec<&Module> {
            roots.iter().filter_map(|root| Some(&**self.modules.get(*root)?)).collect()
        };
        let (own, all) = (modules(own), modules(all));
        (inputs.undeclared(workspace, &own, &all), inputs.malformed(workspace, &all))
    }

    /// Evaluates one root with everything it calls.
    pub fn load(&self, workspace: &Workspace, root: &Path) -> Graph {
        self.load_with(workspace, root, &Setting::default())
    }

    /// Evaluates one root with what it is given from outside.
    pub fn load_with(&self, workspace: &Workspace, root: &Path, setting: &Setting) -> Graph {
        let root = workspace.resolve(root).unwrap_or_else(|_| root.to_owned());
        let work = Stage::Evaluate.of(&workspace.display(&root));
        let evaluate = || {
            let evaluate = || Evaluator::new(workspace, self, &root, setting).graph();
            workspace.stages().time(work, evaluate)
        };
        stack::on_large(evaluate).unwrap_or_else(|| failed(workspace, &root))
    }
}

/// The folders that a module calls.
fn callees(module: &Module) -> impl Iterator<Item = &PathBuf> {
    module.calls.iter().filter_map(|call| match &call.source {
        Source::Folder(folder) => Some(folder),
        _ => None,
    })
}

/// The graph of a root for which the system has no thread: nothing of it is known.
fn failed(workspace: &Workspace, root: &Path) -> Graph {
    let name: Arc<str> = workspace.display(root).into();
    let mut graph = Graph::new(&*name, Language::Terraform);
    let file = workspace.sources().add(&*name, "");
    graph.gaps.push(Gap {
        unknown: Unknown::new(Arc::clone(&name), Why::Budget),
        name,
        span: Span::new(file, 0..0),
        given: None,
    });
    graph
}
