//! From inputs to an outcome: what each step of a run hands to the next.

mod cases;
mod comments;
mod environments;
mod estates;
mod front;
mod named;
mod policy;
mod settings;
mod stacks;
mod survey;
mod touched;
mod traces;
mod unseen;
mod values;

use hashbrown::HashMap;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use rayon::prelude::*;

use crate::bug::guarded;
use crate::checks::{self, Check};
use crate::cloudformation;
use crate::dns::Dns;
use crate::finding::{Construct, Counts, Outcome, Rule, Unseen, Verdict};
use crate::graph::{Graph, Look};
use crate::link::Estate;
use crate::network::Network;
use crate::source::{Complaint, Discovered, Workspace, discover, workspace_root};
use crate::stack;
use crate::stages::{Stage, Stages, Work};
use crate::suppress::{Date, Suppressions};
use crate::terraform::{Inputs, Values};

use cases::{Alike, Explored, Reading};
use comments::Comments;
use environments::{Environment, Environments};
use estates::Loaded;
use front::FrontEnds;
use named::Names;
use policy::{Policies, Policy};
use touched::Touched;

pub use settings::{Settings, settings};
pub use survey::{Survey, survey};
pub use traces::{Ask, Paths, trace};
pub use values::Explained;

/// What a run assumes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Whether public DNS answers for the name of a cluster whose endpoint is private only, as it does
    /// since December 2019.
    pub eks_public_dns: bool,
    /// The day on which it runs: comments that ignore findings until a day may have expired. Without it
    /// none has.
    pub today: Option<Date>,
}

impl Default for Options {
    fn default() -> Self {
        Self { eks_public_dns: true, today: None }
    }
}

/// What a run is asked to do.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// Folders and files, relative ones below the working directory.
    pub paths: Vec<PathBuf>,
    /// Changed files: of all roots below the paths only those are told of that have a part in them.
    pub touched: Option<Vec<PathBuf>>,
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
    /// Which configuration holds.
    pub config: Choice,
    /// Only these rules run, whatever a configuration says.
    pub select: Option<Vec<&'static Rule>>,
    /// These rules do not run.
    pub ignore: Vec<&'static Rule>,
    /// Where its time is written down, and how far it is.
    pub stages: Arc<Stages>,
}

/// Where the configuration comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Choice {
    /// For each named path the nearest file at or above it, no higher than the repository.
    #[default]
    Nearest,
    /// This file, for all of them.
    File(PathBuf),
    /// None.
    None,
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

/// Analyses `inputs`, relative ones below `cwd`, with nothing given from outside.
pub fn check(inputs: &[PathBuf], cwd: &Path, options: Options) -> std::io::Result<Run> {
    run(&Request { paths: inputs.to_vec(), options, ..Request::default() }, cwd)
}

/// Does what is asked, as the program does.
///
/// What cannot be read, and a root whose analysis fails, are told in the result; the rest is complete.
pub fn run(request: &Request, cwd: &Path) -> std::io::Result<Run> {
    run_checks(checks::ALL, request, cwd)
}

/// The same, with these checks.
fn run_checks(checks: &'static [Check], request: &Request, cwd: &Path) -> std::io::Result<Run> {
    let work = |prepared: &mut Prepared<'_>| {
        prepared.given.checks = checks;
        judged(prepared)
    };
    prepared(request, cwd, work).map(|(outcome, workspace, failures, warnings)| Run {
        outcome,
        workspace,
        failures,
        warnings,
    })
}

/// What is found in all environments.
fn judged(prepared: &mut Prepared<'_>) -> Outcome {
    let mut outcomes = Vec::new();
    let mut comments = Comments::default();
    let mut told: BTreeSet<usize> = BTreeSet::new();
    let mut names = Vec::new();
    for environment in &prepared.environments.all {
        let (given, failures) = (&prepared.given, &mut prepared.failures);
        let mut loaded = estates::all(given, environment, failures);
        if let Some(touched) = &given.touched {
            loaded.keep(&touched.roots(given));
        }
        told.extend(loaded.roots());
        comments.read(given, &loaded.estates, failures);
        let known = (&comments.all, &mut names);
        outcomes.push(in_environment(given, environment, &loaded, known, failures));
        stack::drop_aside(loaded);
    }
    let (failures, warnings) = named::faults(&prepared.given, &names);
    prepared.failures.extend(failures);
    prepared.warnings.extend(warnings);
    let mut outcome = prepared.environments.merged(outcomes);
    outcome.findings = stacks::once_for_nested(outcome.findings);
    let faults = comments.faults(&prepared.given, &outcome);
    outcome.findings.extend(faults);
    let Read { workspace, front, .. } = &prepared.given;
    let told = told.into_iter().map(|at| workspace.display(front.roots[at].path()));
    outcome.roots = told.collect();
    let policies = &prepared.given.policies;
    let everywhere = |rule: &Rule| front.roots.iter().all(|root| policies.runs(root.path(), rule));
    let all = prepared.given.checks.iter().map(|check| check.rule);
    outcome.ran = all.filter(|rule| everywhere(rule)).map(|rule| rule.id).collect();
    outcome
}

/// Tells every attribute of the resources that the model reads, or why it is not known.
pub fn values(request: &Request, cwd: &Path) -> std::io::Result<Explained> {
    prepared(request, cwd, |prepared| {
        let mut all = Vec::new();
        for environment in &prepared.environments.all {
            let loaded = estates::all(&prepared.given, environment, &mut prepared.failures);
            all.push((environment.name(), loaded.estates));
        }
        values::explain(&all, prepared.given.workspace)
    })
    .map(|(mut explained, _, failures, warnings)| {
        explained.failures = failures;
        explained.warnings = warnings;
        explained
    })
}

/// What has been read, before anything is evaluated.
struct Prepared<'w> {
    given: Read<'w>,
    environments: Environments,
    failures: Vec<String>,
    warnings: Vec<String>,
}

/// The files, what the front ends made of them, and what is to be done with it.
struct Read<'w> {
    workspace: &'w Workspace,
    front: FrontEnds,
    policies: Policies,
    touched: Option<Touched>,
    today: Option<Date>,
    checks: &'static [Check],
}

/// A result, the files it points into, failures and warnings.
type Done<T> = (T, Workspace, Vec<String>, Vec<String>);

/// Reads everything, does the work, and tells what went wrong in both.
fn prepared<T: Default + Send>(
    request: &Request,
    cwd: &Path,
    work: impl FnOnce(&mut Prepared<'_>) -> T + Send,
) -> std::io::Result<Done<T>> {
    let cwd = cwd.canonicalize()?;
    let stages = &request.stages;
    stages.begin(Stage::Discovery, 0);
    let mut found = stages.time(Stage::Discovery, || discover(&request.paths, &cwd));
    let paths: Vec<_> = found.named.iter().map(|named| named.path.clone()).collect();
    let workspace = Workspace::new(&workspace_root(&paths, &cwd), &cwd)?;
    let workspace = workspace.timed_by(Arc::clone(stages));
    let policies = match Policies::read(&workspace, &found, request) {
        Ok(policies) => policies,
        // What a wrong configuration means is not guessed.
        Err(failures) => return Ok((T::default(), workspace, failures, Vec::new())),
    };
    policies.exclude_named(&workspace, &mut found);
    let (result, failures, warnings) = stack::on_all_cores(|| {
        let (parameters, unread) = cloudformation::Inputs::read(&workspace, &request.parameters);
        let stdin = request.stdin.as_deref();
        let mut front = FrontEnds::read(&workspace, &found, stdin, parameters, &policies);
        let mut failures = std::mem::take(&mut front.failures);
        failures.extend(unread);
        let (inputs, unread) = Inputs::read(&workspace, &request.values);
        failures.extend(unread);
        let inputs = policies.inputs(&workspace, &front, &inputs, &mut failures);
        let matrix = request.matrix.as_deref();
        let environments = Environments::new(&workspace, &front, &inputs, matrix, &mut failures);
        let mut warnings = environments.judge(&workspace, &front, &mut failures);
        warnings.extend(policies.unused(&workspace, &front.roots));
        let today = request.options.today;
        let touched = request.touched.as_ref().map(|paths| Touched::new(paths, &cwd));
        let checks = checks::ALL;
        let given = Read { workspace: &workspace, front, policies, touched, today, checks };
        let mut prepared = Prepared { given, environments, failures, warnings };
        let result = work(&mut prepared);
        let failures = failures_of(&found, &prepared);
        let warnings = std::mem::take(&mut prepared.warnings);
        let warnings = warnings_of(&found, &prepared, warnings);
        stack::drop_aside(prepared.given.front);
        (result, failures, warnings)
    })?;
    Ok((result, workspace, failures, warnings))
}

fn failures_of(found: &Discovered, prepared: &Prepared<'_>) -> Vec<String> {
    let front = &prepared.given.front;
    let mut failures: Vec<String> = found.problems.iter().map(ToString::to_string).collect();
    failures.extend(front.refused.iter().map(ToString::to_string));
    // Where only what changed is looked at, nothing is a good answer.
    let all = found.named.iter().filter(|_| prepared.given.touched.is_none());
    let empty = all.filter(|named| !front.found_in(named, found));
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
    let Read { workspace, front, .. } = &prepared.given;
    let met = found.warnings.iter().chain(&front.skipped);
    let warning = |met: &Complaint| format!("{}: {}", workspace.display(&met.path), met.reason);
    let undeclared = front.stacks.undeclared().into_iter().map(|name| {
        format!("no template that is analysed as a root declares the parameter {name}")
    });
    let touched =
        prepared.given.touched.iter().flat_map(|touched| touched.outside(workspace.cwd()));
    let outside = touched.map(|path| {
        let path = workspace.display(path);
        format!("{path}: lies outside the working directory, what it belongs to is not looked at")
    });
    met.map(warning).chain(more).chain(undeclared).chain(outside).collect()
}

/// All roots with the values of one environment.
fn in_environment(
    given: &Read<'_>,
    environment: &Environment,
    loaded: &Loaded,
    (comments, names): (&Suppressions, &mut Vec<Names>),
    failures: &mut Vec<String>,
) -> Outcome {
    given.workspace.stages().begin(Stage::Checks, loaded.estates.len());
    let analysed: Vec<_> = loaded
        .estates
        .par_iter()
        .map(|estate| {
            let again = |look: Look<'_>| loaded.again(given, environment, (estate, look));
            let what = format!("{}: analysis", estate.graph.root);
            let analysed = guarded(&what, || analyse(estate, given, comments, &again));
            given.workspace.stages().one_done();
            analysed
        })
        .collect();
    let mut outcome = Outcome::default();
    for (estate, result) in loaded.estates.iter().zip(analysed) {
        match result {
            Ok((judged, unseen, own, bugs)) => {
                failures.extend(bugs);
                outcome.add(&first_root(given, estate), judged.0, judged.1);
                outcome.unseen.extend(unseen);
                names.push(own);
            }
            Err(failure) => failures.push(failure),
        }
    }
    outcome
}

/// What findings of an estate are said to be of: the first of its roots.
fn first_root(given: &Read<'_>, estate: &Estate) -> String {
    let root = estate.roots.first().map(|&at| given.front.roots[at].path());
    root.map(|path| given.workspace.display(path)).unwrap_or_default()
}

/// One estate, from its resources to its verdicts; `again` gives it as it is in a case.
fn analyse(
    estate: &Estate,
    given: &Read<'_>,
    comments: &Suppressions,
    again: &(dyn Fn(Look<'_>) -> Option<Estate> + Sync),
) -> ((Counts, Vec<Verdict>), Vec<Unseen>, Names, BTreeSet<String>) {
    let (stages, root) = (given.workspace.stages(), first_root(given, estate));
    let network = stages.time(Stage::Network.of(&root), || Network::new(&estate.graph));
    let counts = Counts {
        roots: estate.roots.len(),
        vpcs: network.vpcs.iter().filter(|vpc| vpc.managed).count(),
        clusters: network.clusters.iter().filter(|cluster| cluster.managed).count(),
    };
    let names = Names::new(&network, &Policy::new(estate, given));
    let bugs = Mutex::default();
    let explored = explored(estate, &network, (given, comments, &bugs), again);
    let bugs = bugs.into_inner().unwrap_or_else(PoisonError::into_inner);
    let hidden = unseen::all(&estate.graph, &explored.existing);
    ((counts, explored.verdicts()), hidden, names, bugs)
}

/// The verdicts of an estate in all cases of its conditions.
fn explored(
    estate: &Estate,
    network: &Network,
    (given, comments, bugs): (&Read<'_>, &Suppressions, &Mutex<BTreeSet<String>>),
    again: &(dyn Fn(Look<'_>) -> Option<Estate> + Sync),
) -> Explored {
    let policy = Policy::new(estate, given);
    let (stages, root) = (given.workspace.stages(), first_root(given, estate));
    let judged = |graph: &Graph, network: &Network, alike: Option<&Alike>| {
        let chosen = given.checks.iter().filter(|check| policy.may_run(check.rule));
        let calls = comments::Calls::new(graph);
        let keeps = |verdict: &Verdict| match verdict {
            Verdict::Finding(finding) => !comments.ignores(finding, &calls.to(finding)),
            Verdict::Undecided(_) => true,
        };
        let new = || Dns::new(network, policy.assumptions());
        let dns = stages.time(Stage::Simulation.of(&root), new);
        let mut verdicts = Vec::new();
        for check in chosen {
            let (before, since) = (dns.simulated(), Instant::now());
            match checks::run(&dns, check, keeps) {
                Ok(said) => verdicts.extend(said.into_iter().filter_map(|one| policy.judge(one))),
                Err(bug) => {
                    let mut bugs = bugs.lock().unwrap_or_else(PoisonError::into_inner);
                    bugs.insert(format!("{}: {bug}", estate.graph.root));
                }
            }
            let (whole, simulated) = (since.elapsed(), dns.simulated().saturating_sub(before));
            let by_rule = |stage: Stage| Work { rule: Some(check.rule.id), ..stage.of(&root) };
            stages.add(|| by_rule(Stage::Simulation), simulated);
            stages.add(|| by_rule(Stage::Checks), whole.saturating_sub(simulated));
        }
        name_constructs(graph, &mut verdicts);
        Reading::new(graph, verdicts, alike)
    };
    let base = judged(&estate.graph, network, None);
    cases::explore(base, &|case, alike| {
        let graph = again(Alike::look(alike, case))?.graph;
        let network = stages.time(Stage::Network.of(&root), || Network::new(&graph));
        Some(judged(&graph, &network, alike))
    })
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

#[cfg(test)]
mod tests {
    use super::*;

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

    /// A root with a fault, in the language of its file.
    fn faulty(path: &str) -> String {
        if crate::source::is_terraform(Path::new(path)) {
            "resource \"aws_eks_cluster\" \"c\" {\n  vpc_config {\n    endpoint_private_access = false\n    \
             endpoint_public_access = false\n  }\n}\n"
                .to_owned()
        } else {
            "Resources:\n  C: {Type: AWS::EKS::Cluster, Properties: {ResourcesVpcConfig: {EndpointPrivateAccess: \
             false, EndpointPublicAccess: false}}}\n"
                .to_owned()
        }
    }

    #[test]
    fn a_bug_costs_one_file_or_root() {
        // Where the bug is, the file, and whether its root is still told of.
        for (at, file, told) in [
            ("parsed/main.tf", "parsed/main.tf", false),
            ("declared: declarations", "declared/main.tf", false),
            ("evaluated: evaluation", "evaluated/main.tf", false),
            ("told: what it is told of others", "told/main.tf", true),
            ("naming: what it names of others", "naming/main.tf", false),
            ("joined: joining", "joined/main.tf", false),
            ("analysed: analysis", "analysed/main.tf", false),
            ("comments/main.tf: its comments", "comments/main.tf", true),
            ("read.yaml: reading", "read.yaml", false),
            ("nesting.yaml: what it nests", "nesting.yaml", true),
            ("evaluated.yaml: evaluation", "evaluated.yaml", false),
            ("joined.yaml: joining", "joined.yaml", false),
            ("analysed.yaml: analysis", "analysed.yaml", false),
        ] {
            crate::bug::seeds::plant(at);
            let temp = tempfile::tempdir().unwrap();
            for file in ["sound/main.tf", "sound.yaml", file] {
                let path = temp.path().join(file);
                std::fs::create_dir_all(path.parent().unwrap()).unwrap();
                std::fs::write(path, faulty(file)).unwrap();
            }
            let run = check(&[".".into()], temp.path(), Options::default()).unwrap();
            let [failure] = run.failures.as_slice() else { panic!("{at}: {:?}", run.failures) };
            let bug = format!(
                "{at}: a bug in this program, nothing is said about it: seeded; please report it at"
            );
            assert!(failure.starts_with(&bug), "{failure}");
            let found = run.outcome.findings.iter().filter(|it| it.rule.id == "no-endpoint-access");
            let found: BTreeSet<&str> = found.map(|it| it.root.as_str()).collect();
            let root = file.strip_suffix("/main.tf").unwrap_or(file);
            let expected = ["sound", "sound.yaml"].into_iter().chain(told.then_some(root));
            assert_eq!(found, expected.collect(), "{at}");
        }
    }

    #[test]
    fn a_bug_costs_one_rule() {
        fn fails(_: &crate::dns::Dns<'_>) -> Vec<Verdict> {
            panic!("seeded")
        }
        let [seeded, sound] = ["single-zone-endpoint", "no-endpoint-access"]
            .map(|id| checks::ALL.iter().find(|check| check.rule.id == id).unwrap());
        let seeded = Check { rule: seeded.rule, run: fails };
        let both = vec![seeded, Check { rule: sound.rule, run: sound.run }];
        let temp = tempfile::tempdir().unwrap();
        let code = "resource \"aws_eks_cluster\" \"c\" {\n  vpc_config {\n    subnet_ids = [\"subnet-1\"]\n    \
                    endpoint_private_access = false\n    endpoint_public_access = false\n  }\n}\n";
        for root in ["a", "b"] {
            std::fs::create_dir(temp.path().join(root)).unwrap();
            std::fs::write(temp.path().join(root).join("main.tf"), code).unwrap();
        }
        let request = Request { paths: vec![".".into()], ..Request::default() };
        let run = run_checks(both.leak(), &request, temp.path()).unwrap();
        let found: Vec<_> = run.outcome.findings.iter().map(|it| it.rule.id).collect();
        assert_eq!(found, ["no-endpoint-access", "no-endpoint-access"]);
        assert_eq!(run.failures.len(), 2, "{:?}", run.failures);
        for (root, told) in ["a", "b"].into_iter().zip(&run.failures) {
            let bug = "a bug in this program, nothing is said about it: seeded; please report";
            let expected = format!("{root}: rule single-zone-endpoint: {bug}");
            assert!(told.starts_with(&expected), "{told}");
        }
    }
}
