//! From inputs to an outcome: what each step of a run hands to the next.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::checks;
use crate::cloudformation::{self, Inputs, Stacks, Template, Values};
use crate::dns::Assumptions;
use crate::finding::{Counts, Outcome, Unseen, Verdict};
use crate::graph::{Graph, Language};
use crate::network::Network;
use crate::source::{Complaint, Discovered, Named, ReadError, Workspace, discover, workspace_root};
use crate::terraform::Project;
use crate::unknown::Why;

/// What a run assumes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Whether public DNS answers for the name of a cluster whose endpoint is private only, as it does
    /// since December 2019.
    pub eks_public_dns: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { eks_public_dns: true }
    }
}

/// What a run is asked to do.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// Folders and files, relative ones below the working directory.
    pub paths: Vec<PathBuf>,
    /// What it assumes.
    pub options: Options,
    /// Values of CloudFormation's parameters.
    pub parameters: Values,
}

/// What a run has to show.
#[derive(Debug)]
pub struct Run {
    /// Findings, open verdicts, counts.
    pub outcome: Outcome,
    /// The files that the outcome points into.
    pub workspace: Workspace,
    /// Why the job, or a part of it, could not be done.
    pub failures: Vec<String>,
    /// What could not be read on the way.
    pub warnings: Vec<String>,
}

/// Stack for each thread: deep expressions are walked by recursion, within the depth caps of the parsers.
const STACK: usize = 16 * 1024 * 1024;

/// Analyses `inputs`, relative ones below `cwd`, with nothing given from outside.
pub fn check(inputs: &[PathBuf], cwd: &Path, options: Options) -> std::io::Result<Run> {
    run(&Request { paths: inputs.to_vec(), options, ..Request::default() }, cwd)
}

/// Does what is asked, as the program does.
///
/// What cannot be read, and a root whose analysis fails, are told in the result; the rest is complete.
pub fn run(request: &Request, cwd: &Path) -> std::io::Result<Run> {
    let cwd = cwd.canonicalize()?;
    let found = discover(&request.paths, &cwd);
    let paths: Vec<_> = found.named.iter().map(|named| named.path.clone()).collect();
    let workspace = Workspace::new(&workspace_root(&paths, &cwd), &cwd)?;
    let pool = rayon::ThreadPoolBuilder::new().stack_size(STACK).build();
    let pool = pool.map_err(std::io::Error::other)?;
    let mut run =
        Run { outcome: Outcome::default(), workspace, failures: vec![], warnings: vec![] };
    pool.install(|| analyse_all(&found, request, &mut run));
    Ok(run)
}

fn analyse_all(found: &Discovered, request: &Request, run: &mut Run) {
    let workspace = &run.workspace;
    let (inputs, unread) = Inputs::read(workspace, &request.parameters);
    let mut front = FrontEnds::read(workspace, found, inputs);
    let mut failures = std::mem::take(&mut front.failures);
    failures.extend(unread);
    let analysed: Vec<_> = front
        .roots
        .par_iter()
        .map(|root| {
            guarded(&workspace.display(root.path()), || {
                let graph = front.load(workspace, root);
                analyse(&graph, request.options)
            })
        })
        .collect();
    for result in analysed {
        match result {
            Ok((counts, verdicts, unseen)) => {
                run.outcome.add(counts, verdicts);
                run.outcome.unseen.extend(unseen);
            }
            Err(failure) => failures.push(failure),
        }
    }
    run.failures = found.problems.iter().map(ToString::to_string).collect();
    run.failures.extend(front.refused.iter().map(ToString::to_string));
    let empty = found.named.iter().filter(|named| !front.found_in(named, found));
    run.failures.extend(empty.map(|named| {
        Complaint::new(&named.given, "no Terraform or CloudFormation was found").to_string()
    }));
    run.failures.extend(failures);
    let warnings = found.warnings.iter().chain(&front.skipped);
    let warning = |met: &Complaint| format!("{}: {}", workspace.display(&met.path), met.reason);
    run.warnings = warnings.map(warning).collect();
    let undeclared = front.stacks.undeclared();
    run.warnings.extend(undeclared.iter().map(|name| {
        format!("no template that is analysed as a root declares the parameter {name}")
    }));
}

/// Runs `work`; a panic in it costs only what it was doing, and says so.
fn guarded<T>(what: &str, work: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|panic| {
        let message = panic.downcast_ref::<String>().map(String::as_str);
        let message = message.or_else(|| panic.downcast_ref::<&str>().copied());
        let message = message.unwrap_or("no message");
        format!("{what}: a bug in this program, nothing is said about it: {message}")
    })
}

/// One thing that is analysed by itself.
#[derive(Debug)]
enum Root {
    /// The folder of a Terraform root module.
    Terraform(PathBuf),
    /// A template that no other nests.
    CloudFormation(PathBuf),
}

impl Root {
    fn path(&self) -> &Path {
        match self {
            Self::Terraform(path) | Self::CloudFormation(path) => path,
        }
    }
}

/// What the front ends made of the files.
#[derive(Debug, Default)]
struct FrontEnds {
    terraform: Project,
    roots: Vec<Root>,
    /// Candidates that are templates.
    stacks: Stacks,
    /// Named files that could not be read.
    refused: Vec<Complaint>,
    /// Other files that could not be read.
    skipped: Vec<Complaint>,
    /// What went wrong in this program.
    failures: Vec<String>,
}

impl FrontEnds {
    fn read(workspace: &Workspace, found: &Discovered, inputs: Inputs) -> Self {
        let mut front = Self::default();
        let parse = || Project::parse(workspace, &found.terraform, &found.files);
        match guarded("the Terraform files", parse) {
            Ok(project) => {
                front.roots.extend(project.roots().into_iter().map(Root::Terraform));
                front.terraform = project;
            }
            Err(failure) => front.failures.push(failure),
        }
        let candidates = found.candidates.par_iter();
        let read = candidates.map(|path| {
            let read = guarded(&workspace.display(path), || read_template(workspace, path));
            (path, read)
        });
        let mut templates = Vec::new();
        for (path, result) in read.collect::<Vec<_>>() {
            match result {
                Ok(Ok(Some(template))) => templates.push((path.clone(), template)),
                Ok(Ok(None)) => {}
                Ok(Err(error)) => front.refuse(found, path, &error),
                Err(failure) => front.failures.push(failure),
            }
        }
        match guarded("the nested stacks", || Stacks::new(workspace, templates, inputs)) {
            Ok(stacks) => {
                front.roots.extend(stacks.roots().iter().cloned().map(Root::CloudFormation));
                front.stacks = stacks;
            }
            Err(failure) => front.failures.push(failure),
        }
        front
    }

    fn refuse(&mut self, found: &Discovered, path: &Path, error: &ReadError) {
        let reason = error.to_string();
        match found.named.iter().find(|named| named.path == path) {
            Some(named) => self.refused.push(Complaint::new(&named.given, reason)),
            None => self.skipped.push(Complaint::new(path, reason)),
        }
    }

    fn load(&self, workspace: &Workspace, root: &Root) -> Graph {
        match root {
            Root::Terraform(path) => self.terraform.load(workspace, path),
            Root::CloudFormation(path) => self
                .stacks
                .load(path)
                .unwrap_or_else(|| Graph::new(workspace.display(path), Language::CloudFormation)),
        }
    }

    /// Whether there was anything to look at in a named path; a file that could not be read has been
    /// complained about.
    fn found_in(&self, named: &Named, found: &Discovered) -> bool {
        let seen = found.terraform.iter().chain(&found.files);
        seen.into_iter().any(|path| path.starts_with(&named.path))
            || self.stacks.any_below(&named.path)
            || self.refused.iter().any(|complaint| complaint.path == named.given)
    }
}

/// The template in a file, if there is one.
fn read_template(workspace: &Workspace, path: &Path) -> Result<Option<Template>, ReadError> {
    let file = workspace.read_if(path, may_be_template)?;
    Ok(file.and_then(|file| cloudformation::parse(workspace, file)))
}

/// Whether a text is worth parsing as a template: each has resources, or says that it is one.
fn may_be_template(text: &str) -> bool {
    text.contains("Resources") || text.contains("AWSTemplateFormatVersion")
}

/// One root, from its resources to its verdicts.
fn analyse(graph: &Graph, options: Options) -> (Counts, Vec<Verdict>, Vec<Unseen>) {
    let network = Network::new(graph);
    let counts = Counts {
        roots: 1,
        vpcs: network.vpcs.iter().filter(|vpc| vpc.managed).count(),
        clusters: network.clusters.iter().filter(|cluster| cluster.managed).count(),
    };
    let assumptions = Assumptions { eks_public_dns: options.eks_public_dns };
    (counts, checks::run(&network, assumptions), unseen(graph))
}

/// What could not be looked at: nothing is said of what stands there. Faults of the language are
/// findings of their own.
fn unseen(graph: &Graph) -> Vec<Unseen> {
    let inputs = graph.gaps.iter().flat_map(|gap| &gap.unknown.inputs);
    let hidden = inputs.filter(|input| !matches!(input.why, Why::Unparsable | Why::Invalid(_)));
    hidden.map(|input| Unseen { name: input.name.to_string(), why: input.why.clone() }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bug_costs_what_it_was_doing() {
        assert_eq!(guarded("a", || 1), Ok(1));
        let failure = guarded("infra", || -> u8 { panic!("number {}", 7) }).unwrap_err();
        assert!(failure.starts_with("infra: a bug") && failure.ends_with("number 7"), "{failure}");
    }

    #[test]
    fn emptiness_is_told_per_named_path() {
        let temp = tempfile::tempdir().unwrap();
        for folder in ["a", "b"] {
            std::fs::create_dir(temp.path().join(folder)).unwrap();
        }
        std::fs::write(temp.path().join("a/main.tf"), "").unwrap();
        std::fs::write(temp.path().join("b/x.json"), "{}").unwrap();
        let inputs = ["a", "b", "b/x.json", "a/main.tf", "missing"].map(PathBuf::from);
        let run = check(&inputs, temp.path(), Options::default()).unwrap();
        assert_eq!(
            run.failures,
            [
                "missing: does not exist",
                "b: no Terraform or CloudFormation was found",
                "b/x.json: no Terraform or CloudFormation was found",
            ]
        );
        assert_eq!(run.outcome.counts.roots, 1);
    }
}
