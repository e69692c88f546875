//! From inputs to an outcome: what each step of a run hands to the next.

mod environments;
mod estates;
mod front;
mod values;

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;

use crate::checks;
use crate::cloudformation;
use crate::dns::Assumptions;
use crate::finding::{Construct, Counts, Outcome, Unseen, Verdict};
use crate::graph::Graph;
use crate::link::Estate;
use crate::network::Network;
use crate::source::{Complaint, Discovered, Workspace, discover, workspace_root};
use crate::terraform::{Inputs, Values};
use crate::unknown::Why;

use environments::{Environment, Environments};
use front::FrontEnds;

pub use values::Explained;

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
    pub parameters: cloudformation::Values,
    /// Values of Terraform's variables.
    pub values: Values,
    /// A pattern of files with values: the roots are analysed once with each.
    pub matrix: Option<String>,
    /// A plan that came over the standard input.
    pub stdin: Option<String>,
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
    prepared(request, cwd, |prepared| {
        let mut outcomes = Vec::new();
        for environment in &prepared.environments.all {
            let (workspace, front) = (prepared.workspace, &prepared.front);
            let failures = &mut prepared.failures;
            outcomes.push(in_environment(workspace, front, environment, request.options, failures));
        }
        prepared.environments.merged(outcomes)
    })
    .map(|(outcome, workspace, failures, warnings)| Run {
        outcome,
        workspace,
        failures,
        warnings,
    })
}

/// Tells every attribute of the resources that the model reads, or why it is not known.
pub fn values(request: &Request, cwd: &Path) -> std::io::Result<Explained> {
    prepared(request, cwd, |prepared| {
        let mut all = Vec::new();
        for environment in &prepared.environments.all {
            let (workspace, front) = (prepared.workspace, &prepared.front);
            let estates = estates::all(workspace, front, environment, &mut prepared.failures);
            all.push((environment.name(), estates));
        }
        values::explain(&all, prepared.workspace)
    })
    .map(|(mut explained, _, failures, warnings)| {
        explained.failures = failures;
        explained.warnings = warnings;
        explained
    })
}

/// What has been read, before anything is evaluated.
struct Prepared<'w> {
    workspace: &'w Workspace,
    front: FrontEnds,
    environments: Environments,
    failures: Vec<String>,
}

/// A result, the files it points into, failures and warnings.
type Done<T> = (T, Workspace, Vec<String>, Vec<String>);

/// Reads everything, does the work, and tells what went wrong in both.
fn prepared<T: Send>(
    request: &Request,
    cwd: &Path,
    work: impl FnOnce(&mut Prepared<'_>) -> T + Send,
) -> std::io::Result<Done<T>> {
    let cwd = cwd.canonicalize()?;
    let found = discover(&request.paths, &cwd);
    let paths: Vec<_> = found.named.iter().map(|named| named.path.clone()).collect();
    let workspace = Workspace::new(&workspace_root(&paths, &cwd), &cwd)?;
    let pool = rayon::ThreadPoolBuilder::new().stack_size(STACK).build();
    let pool = pool.map_err(std::io::Error::other)?;
    let (result, failures, warnings) = pool.install(|| {
        let (parameters, unread) = cloudformation::Inputs::read(&workspace, &request.parameters);
        let stdin = request.stdin.as_deref();
        let mut front = FrontEnds::read(&workspace, &found, stdin, parameters);
        let mut failures = std::mem::take(&mut front.failures);
        failures.extend(unread);
        let (inputs, unread) = Inputs::read(&workspace, &request.values);
        failures.extend(unread);
        let matrix = request.matrix.as_deref();
        let environments = Environments::new(&workspace, &front, &inputs, matrix, &mut failures);
        let warnings = environments.judge(&workspace, &front, &mut failures);
        let mut prepared = Prepared { workspace: &workspace, front, environments, failures };
        let result = work(&mut prepared);
        let failures = failures_of(&found, &prepared);
        (result, failures, warnings_of(&found, &prepared, warnings))
    });
    Ok((result, workspace, failures, warnings))
}

fn failures_of(found: &Discovered, prepared: &Prepared<'_>) -> Vec<String> {
    let front = &prepared.front;
    let mut failures: Vec<String> = found.problems.iter().map(ToString::to_string).collect();
    failures.extend(front.refused.iter().map(ToString::to_string));
    let empty = found.named.iter().filter(|named| !front.found_in(named, found));
    failures.extend(empty.map(|named| {
        Complaint::new(&named.given, "no Terraform or CloudFormation was found").to_string()
    }));
    for failure in &prepared.failures {
        if !failures.contains(failure) {
            failures.push(failure.clone());
        }
    }
    failures
}

fn warnings_of(found: &Discovered, prepared: &Prepared<'_>, more: Vec<String>) -> Vec<String> {
    let met = found.warnings.iter().chain(&prepared.front.skipped);
    let warning =
        |met: &Complaint| format!("{}: {}", prepared.workspace.display(&met.path), met.reason);
    let undeclared = prepared.front.stacks.undeclared().into_iter().map(|name| {
        format!("no template that is analysed as a root declares the parameter {name}")
    });
    met.map(warning).chain(more).chain(undeclared).collect()
}

/// All roots with the values of one environment.
fn in_environment(
    workspace: &Workspace,
    front: &FrontEnds,
    environment: &Environment,
    options: Options,
    failures: &mut Vec<String>,
) -> Outcome {
    let estates = estates::all(workspace, front, environment, failures);
    let analysed: Vec<_> = estates
        .par_iter()
        .map(|estate| guarded(&estate.graph.root, || analyse(estate, options)))
        .collect();
    let mut outcome = Outcome::default();
    for result in analysed {
        match result {
            Ok((counts, verdicts, unseen)) => {
                outcome.add(counts, verdicts);
                outcome.unseen.extend(unseen);
            }
            Err(failure) => failures.push(failure),
        }
    }
    outcome
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

/// One estate, from its resources to its verdicts.
fn analyse(estate: &Estate, options: Options) -> (Counts, Vec<Verdict>, Vec<Unseen>) {
    let network = Network::new(&estate.graph);
    let counts = Counts {
        roots: estate.roots.len(),
        vpcs: network.vpcs.iter().filter(|vpc| vpc.managed).count(),
        clusters: network.clusters.iter().filter(|cluster| cluster.managed).count(),
    };
    let assumptions = Assumptions { eks_public_dns: options.eks_public_dns };
    let mut verdicts = checks::run(&network, assumptions);
    name_constructs(&estate.graph, &mut verdicts);
    (counts, verdicts, unseen(&estate.graph))
}

/// Tells for each finding what the author of a generated template calls its subjects.
fn name_constructs(graph: &Graph, verdicts: &mut [Verdict]) {
    let paths =
        graph.resources.iter().filter_map(|it| Some((&*it.address, it.construct.as_ref()?)));
    let paths: HashMap<&str, &Arc<str>> = paths.collect();
    for verdict in verdicts {
        let Verdict::Finding(finding) = verdict else { continue };
        let named = |address: &String| {
            let path = paths.get(address.as_str())?.to_string();
            Some(Construct { address: address.clone(), path })
        };
        finding.constructs = finding.subjects.iter().filter_map(named).collect();
    }
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
