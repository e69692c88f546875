//! Where time goes, stage by stage, on trees of both languages: `cargo bench --bench stages -- 1000 10000 100000`.
//!
//! To read and to parse is the floor: what cannot be saved with these parsers. All stages but the whole run are timed
//! on one thread.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a bench fails and talks as tests do")]

mod allocator;
mod trees;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use eksdns_lint::checks;
use eksdns_lint::cloudformation;
use eksdns_lint::dns::{Assumptions, Dns, Origin, Question};
use eksdns_lint::graph::{Graph, Known, Look};
use eksdns_lint::network::Network;
use eksdns_lint::report::{self, Style, Subject};
use eksdns_lint::source::{Workspace, discover};
use eksdns_lint::terraform::Project;
use eksdns_lint::{Request, Run};

use trees::{Tree, floor};

fn main() {
    let words = std::env::args().skip(1).filter_map(|word| word.parse().ok());
    let mut sizes: Vec<usize> = words.collect();
    if sizes.is_empty() {
        sizes = vec![1_000, 10_000];
    }
    for lines in sizes {
        terraform(lines);
        cloudformation(lines);
    }
}

/// A tree on the disk.
fn written(tree: &Tree) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let top = folder.path().canonicalize().unwrap();
    tree.write(&top).unwrap();
    (folder, top)
}

fn terraform(lines: usize) {
    let tree = Tree::terraform(lines, 1);
    let (_folder, top) = written(&tree);
    println!("Terraform, {} lines in {} files", tree.lines, tree.files.len());
    let found = time("discovery", || discover(&[".".into()], &top));
    time("read", || read(&tree, &top));
    time("parse HCL", || parsed(&tree));
    let workspace = Workspace::new(&top, &top).unwrap();
    let parse = |workspace: &Workspace| Project::parse(workspace, &found.terraform, &[]);
    alone(|| {
        time("read, parse, and our syntax tree", || {
            parse(&Workspace::new(&top, &top).unwrap());
        });
        let project = parse(&workspace);
        let roots = project.roots();
        let graphs = time("evaluation", || -> Vec<Graph> {
            roots.iter().map(|root| project.load(&workspace, root)).collect()
        });
        analysis(&graphs);
    });
    whole(&top);
}

fn cloudformation(lines: usize) {
    let tree = Tree::cloudformation(lines, 1);
    let (_folder, top) = written(&tree);
    println!("CloudFormation, {} lines in {} files", tree.lines, tree.files.len());
    let found = time("discovery", || discover(&[".".into()], &top));
    time("read", || read(&tree, &top));
    time("parse YAML and JSON", || parsed(&tree));
    let workspace = Workspace::new(&top, &top).unwrap();
    alone(|| {
        let parse = |workspace: &Workspace| -> Vec<_> {
            let templates = found.candidates.iter().filter_map(|path| {
                let file = workspace.read(path).ok()?;
                Some((path.clone(), cloudformation::parse(workspace, file)?))
            });
            templates.collect()
        };
        time("read, parse, and our syntax tree", || {
            parse(&Workspace::new(&top, &top).unwrap());
        });
        let graphs = time("evaluation (and parse)", || -> Vec<Graph> {
            let inputs = cloudformation::Inputs::default();
            let templates = parse(&workspace);
            let stacks = cloudformation::Stacks::new(
                &workspace,
                templates,
                Vec::new(),
                inputs,
                BTreeMap::new(),
            );
            let load = |path: &PathBuf| stacks.load(path, &Known::new(), Look::at_all());
            stacks.roots().iter().filter_map(load).collect()
        });
        analysis(&graphs);
    });
    whole(&top);
}

/// The network of each graph, what it answers, and what the rules say.
fn analysis(graphs: &[Graph]) {
    let networks = time("network", || graphs.iter().map(Network::new).collect::<Vec<_>>());
    time("simulation: each cluster's name from each VPC", || {
        let mut answers = 0;
        for network in &networks {
            let dns = Dns::new(network, Assumptions::default());
            for cluster in network.clusters.iter() {
                for vpc in network.vpcs.iter() {
                    let origin = Origin::Host(vpc.id);
                    answers += dns.resolve(&Question::Endpoint(cluster.id), origin).steps.len();
                }
            }
        }
        answers
    });
    time("checks", || {
        let said = networks.iter().map(|network| {
            let dns = Dns::new(network, Assumptions::default());
            let said =
                checks::ALL.iter().filter_map(|check| checks::run(&dns, check, |_| true).ok());
            said.map(|said| said.len()).sum::<usize>()
        });
        said.sum::<usize>()
    });
}

/// The whole run on all threads, and each report of it.
fn whole(top: &Path) {
    let request = Request { paths: vec![".".into()], ..Request::default() };
    let run: Run = time("the whole run, all threads", || eksdns_lint::run(&request, top).unwrap());
    assert_eq!(run.failures, Vec::<String>::new());
    let sources = run.workspace.sources();
    let subject = Subject {
        outcome: &run.outcome,
        workspace: &run.workspace,
        rules: checks::ALL.iter().map(|check| check.rule).collect(),
        failures: &run.failures,
        warnings: &run.warnings,
    };
    time("report: text", || report::text(&run.outcome, sources, Style::default()));
    time("report: JSON", || report::json(&run.outcome, sources));
    time("report: SARIF", || report::sarif(&subject));
    time("report: GitHub", || report::github(&subject));
    time("report: GitLab", || report::gitlab(&subject));
    time("report: JUnit", || report::junit(&subject));
    time("report: Markdown", || report::markdown(&subject));
}

/// How many files parse.
fn parsed(tree: &Tree) -> usize {
    tree.files.iter().filter(|(path, text)| floor::parses(path, text)).count()
}

fn read(tree: &Tree, top: &Path) -> usize {
    tree.files.iter().map(|(path, _)| std::fs::read_to_string(top.join(path)).unwrap().len()).sum()
}

/// Does it on one thread.
fn alone(work: impl FnOnce() + Send) {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).stack_size(64 << 20).build();
    pool.unwrap().install(work);
}

/// Prints the least time of a few runs, and gives what the last one made.
fn time<T>(stage: &str, mut work: impl FnMut() -> T) -> T {
    let mut least = Duration::MAX;
    let mut last = None;
    for _ in 0..3 {
        drop(last.take());
        let started = Instant::now();
        last = Some(work());
        least = least.min(started.elapsed());
    }
    println!("{least:>12.2?}  {stage}");
    last.unwrap()
}
