//! The front ends: which roots the files hold, and the graph of each; plans beside their roots.

use hashbrown::HashMap;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;

use super::policy::Policies;
use crate::bug::guarded;
use crate::cloudformation::{self, Assembly, Inputs, Stacks, Template, may_be_assembly};
use crate::graph::{Graph, Language, Look};
use crate::network::Network;
use crate::source::{Complaint, Discovered, FileId, Named, ReadError, Workspace, is_terraform};
use crate::stages::Stage;
use crate::terraform::{Plan, Project, Setting, Summaries, may_be_plan};

/// One thing that is analysed by itself, or joined with those that it names.
#[derive(Debug)]
pub(super) enum Root {
    /// The folder of a Terraform root module.
    Terraform(PathBuf),
    /// A template that no other nests.
    CloudFormation(PathBuf),
    /// A plan whose configuration is not at hand.
    Plan(PathBuf, Arc<Plan>),
}

impl Root {
    pub(super) fn path(&self) -> &Path {
        match self {
            Self::Terraform(path) | Self::CloudFormation(path) | Self::Plan(path, _) => path,
        }
    }
}

/// What the front ends made of the files.
#[derive(Debug, Default)]
pub(super) struct FrontEnds {
    pub(super) terraform: Project,
    pub(super) roots: Vec<Root>,
    /// The templates, and which of them are nested in which.
    pub(super) stacks: Stacks,
    /// Candidates that are templates or plans.
    recognised: Vec<PathBuf>,
    /// The plans of Terraform roots.
    plans: HashMap<PathBuf, Arc<Plan>>,
    /// The summaries that hold for each Terraform root.
    summaries: HashMap<PathBuf, Summaries>,
    /// Named files that could not be read.
    pub(super) refused: Vec<Complaint>,
    /// Other files that could not be read.
    pub(super) skipped: Vec<Complaint>,
    /// What went wrong in this program.
    pub(super) failures: Vec<String>,
}

impl FrontEnds {
    pub(super) fn read(
        workspace: &Workspace,
        found: &Discovered,
        stdin: Option<&str>,
        inputs: Inputs,
        policies: &Policies,
    ) -> Self {
        let mut front = Self::default();
        let (mut templates, mut plans) = (Vec::new(), Vec::new());
        let mut assemblies = Vec::new();
        workspace.stages().begin(Stage::Parse, found.candidates.len());
        let candidates = found.candidates.par_iter();
        let read = candidates.map(|path| {
            let what = format!("{}: reading", workspace.display(path));
            let read = guarded(&what, || read_candidate(workspace, path));
            workspace.stages().one_done();
            (path, read)
        });
        for (path, result) in read.collect::<Vec<_>>() {
            match result {
                Ok(Ok(Candidate::Nothing)) => continue,
                Ok(Ok(Candidate::Template(it))) => templates.push((path.clone(), it)),
                Ok(Ok(Candidate::Assembly(it))) => assemblies.push(it),
                Ok(Ok(Candidate::Plan(plan))) => plans.push((path.clone(), Arc::new(plan))),
                Ok(Err(error)) => {
                    front.refuse(found, path, &error);
                    continue;
                }
                Err(failure) => {
                    front.failures.push(failure);
                    continue;
                }
            }
            front.recognised.push(path.clone());
        }
        if let Some(text) = stdin {
            let file = workspace.sources().add("<stdin>", text);
            match guarded("<stdin>: reading", || plan(workspace, file)) {
                Ok(Some(plan)) => plans.push((workspace.cwd().join("<stdin>"), Arc::new(plan))),
                Ok(None) => front.refused.push(Complaint::new("-", "is no plan of Terraform")),
                Err(failure) => front.failures.push(failure),
            }
        }
        front.read_terraform(workspace, found, plans, policies);
        let mut own = BTreeMap::new();
        for (path, _) in &templates {
            let configured = policies.parameters(workspace, path, &inputs, &mut front.failures);
            own.extend(configured.map(|inputs| (path.clone(), inputs)));
        }
        let stacks = || {
            let stacks = || Stacks::new(workspace, templates, assemblies, inputs, own);
            workspace.stages().time(Stage::Evaluate, stacks)
        };
        match guarded("the templates", stacks) {
            Ok(mut stacks) => {
                front.failures.append(&mut stacks.failures);
                front.skipped.extend_from_slice(stacks.complaints());
                front.roots.extend(stacks.roots().iter().cloned().map(Root::CloudFormation));
                front.stacks = stacks;
            }
            Err(failure) => front.failures.push(failure),
        }
        // What is excluded is no root, and is still read where a root needs it.
        front.roots.retain(|root| !policies.excludes(workspace, root));
        front.roots.sort_by_cached_key(|root| {
            (!matches!(root, Root::Terraform(_)), root.path().to_owned())
        });
        front
    }

    /// The Terraform roots, and the plans of them.
    fn read_terraform(
        &mut self,
        workspace: &Workspace,
        found: &Discovered,
        plans: Vec<(PathBuf, Arc<Plan>)>,
        policies: &Policies,
    ) {
        // A plan brings the configuration beside it along.
        let beside = |(path, _): &(PathBuf, Arc<Plan>)| {
            let folder = path.parent()?.to_owned();
            let is_new = !found.terraform.contains(&folder)
                && found.files.iter().all(|file| file.parent() != Some(&folder));
            let files = workspace.list(&folder).unwrap_or_default();
            (is_new && files.iter().any(|file| is_terraform(file))).then_some(folder)
        };
        let beside: BTreeSet<PathBuf> = plans.iter().filter_map(beside).collect();
        let is_own = |folder: &Path| !policies.is_summary(workspace, folder);
        let folders = found.terraform.iter().chain(&beside);
        let folders: Vec<_> = folders.filter(|folder| is_own(folder)).cloned().collect();
        let files = found.files.iter().filter(|file| file.parent().is_some_and(is_own));
        let files: Vec<_> = files.cloned().collect();
        let parse = || Project::parse(workspace, &folders, &files);
        match guarded("the Terraform files", parse) {
            Ok(project) => self.terraform = project,
            Err(failure) => self.failures.push(failure),
        }
        let mut roots = self.terraform.roots();
        for (path, plan) in plans {
            let planned: Vec<&PathBuf> = roots
                .iter()
                .filter(|root| !self.plans.contains_key(*root))
                .filter(|root| self.terraform.is_planned(root, &plan))
                .collect();
            let own = planned.iter().find(|root| Some(root.as_path()) == path.parent());
            match own.or(planned.first().filter(|_| planned.len() == 1)) {
                Some(&root) => {
                    self.plans.insert(root.clone(), plan);
                }
                None => self.roots.push(Root::Plan(path, plan)),
            }
        }
        roots.retain(|root| !beside.contains(root) || self.plans.contains_key(root));
        let summaries = roots.iter().map(|root| (root.clone(), policies.summaries(root)));
        self.summaries = summaries.collect();
        self.roots.extend(roots.into_iter().map(Root::Terraform));
    }

    fn refuse(&mut self, found: &Discovered, path: &Path, error: &ReadError) {
        let reason = error.to_string();
        match found.named.iter().find(|named| named.path == path) {
            Some(named) => self.refused.push(Complaint::new(&named.given, reason)),
            None => self.skipped.push(Complaint::new(path, reason)),
        }
    }

    /// The graph of a root; a template is looked at as `look` says.
    pub(super) fn load(
        &self,
        workspace: &Workspace,
        root: &Root,
        setting: &Setting,
        look: Look<'_>,
    ) -> Graph {
        let mut graph = match root {
            Root::Terraform(path) => {
                let plan = self.plans.get(path).cloned();
                let summaries = self.summaries.get(path).cloned().unwrap_or_default();
                let setting = Setting { plan, summaries, ..setting.clone() };
                self.terraform.load_with(workspace, path, &setting)
            }
            Root::Plan(path, plan) => {
                let work = Stage::Evaluate.of(&workspace.display(path));
                workspace.stages().time(work, || plan.load(workspace))
            }
            Root::CloudFormation(path) => {
                let name = workspace.display(path);
                let load = || self.stacks.load(path, &setting.known, look);
                let graph = workspace.stages().time(Stage::Evaluate.of(&name), load);
                graph.unwrap_or_else(|| Graph::new(name, Language::CloudFormation))
            }
        };
        graph.forget_known(Network::reads);
        graph
    }

    /// Whether there was anything to look at in a named path; a file that could not be read has been
    /// complained about.
    pub(super) fn found_in(&self, named: &Named, found: &Discovered) -> bool {
        let seen = found.terraform.iter().chain(&found.files).chain(&self.recognised);
        seen.into_iter().any(|path| path.starts_with(&named.path))
            || self.stacks.any_below(&named.path)
            || self.refused.iter().any(|complaint| complaint.path == named.given)
    }
}

/// What a file that may be one turns out to be.
enum Candidate {
    Template(Template),
    Assembly(Assembly),
    Plan(Plan),
    Nothing,
}

fn read_candidate(workspace: &Workspace, path: &Path) -> Result<Candidate, ReadError> {
    let json = path.extension().is_some_and(|ending| ending == "json");
    let is_assembly = |text: &str| may_be_assembly(path, text);
    let wanted = |text: &str| may_be_template(text) || may_be_plan(text) || is_assembly(text);
    let Some(file) = workspace.read_if(path, wanted)? else { return Ok(Candidate::Nothing) };
    let text = Arc::clone(&workspace.sources().file(file).text);
    if is_assembly(&text) {
        return Ok(Candidate::Assembly(Assembly::read(workspace, path)));
    }
    if (json || text.trim_start().starts_with('{'))
        && may_be_plan(&text)
        && let Some(plan) = plan(workspace, file)
    {
        return Ok(Candidate::Plan(plan));
    }
    let template = cloudformation::parse(workspace, file);
    Ok(template.map_or(Candidate::Nothing, Candidate::Template))
}

fn plan(workspace: &Workspace, file: FileId) -> Option<Plan> {
    workspace.stages().time(Stage::Parse, || Plan::read(workspace, file))
}

/// Whether a text is worth parsing as a template: each has resources, or says that it is one.
fn may_be_template(text: &str) -> bool {
    text.contains("Resources") || text.contains("AWSTemplateFormatVersion")
}
