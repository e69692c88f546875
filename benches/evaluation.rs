//! How fast roots are evaluated, alone and by the whole program, and what share of their attributes is decided.
//!
//! `EKSDNS_CORPUS` names a folder of projects; without it the share is that of this project's own fixtures.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a bench fails and talks as tests do")]

mod allocator;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use eksdns_lint::Request;
use eksdns_lint::graph::Graph;
use eksdns_lint::source::Workspace;
use eksdns_lint::terraform::Project;

fn main() {
    share();
    instances_of_one_module();
    chain_of_locals();
    reference_cycle();
}

/// Prints how many attributes of the resources that the model reads are decided.
fn share() {
    let corpus = std::env::var_os("EKSDNS_CORPUS").map(PathBuf::from);
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    // A folder of the corpus is a project; each file of the fixtures stands for itself.
    let runs = match &corpus {
        Some(corpus) => below(corpus),
        None => below(&own).iter().flat_map(|folder| below(folder)).collect(),
    };
    let (mut decided, mut total) = (0, 0);
    for run in runs {
        let folder = if run.is_dir() { &*run } else { run.parent().unwrap() };
        let request = Request { paths: vec![run.clone()], ..Request::default() };
        let explained = eksdns_lint::values(&request, folder).unwrap();
        if corpus.is_some() {
            println!("{}: {} of {}", run.display(), explained.decided, explained.total);
        }
        decided += explained.decided;
        total += explained.total;
    }
    let tenths = decided * 1000 / total.max(1);
    let corpus = corpus.unwrap_or(own);
    let (whole, tenth) = (tenths / 10, tenths % 10);
    println!("{}: {decided} of {total} attributes decided ({whole}.{tenth} %)", corpus.display());
}

fn below(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

/// A folder with some files, and what is made of it.
fn load(files: &[(&str, String)]) -> (tempfile::TempDir, impl Fn() -> Graph + use<>) {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let root = folder.path().to_owned();
    let evaluate = move || {
        let workspace = Workspace::new(&root, &root).unwrap();
        Project::parse(&workspace, std::slice::from_ref(&root), &[]).load(&workspace, &root)
    };
    (folder, evaluate)
}

/// Prints the least and the greatest time of some runs.
fn time<T>(what: &str, evaluate: impl Fn() -> T) {
    let mut times = [Duration::ZERO; 5];
    for time in &mut times {
        let started = Instant::now();
        std::hint::black_box(evaluate());
        *time = started.elapsed();
    }
    times.sort();
    println!("{what}: {:?} to {:?}", times[0], times[4]);
}

fn instances_of_one_module() {
    let root = "module \"m\" {\n  source = \"./m\"\n  count = 5000\n  number = count.index\n}\n";
    let module = "variable \"number\" {}\nlocals {\n  block = cidrsubnet(\"10.0.0.0/8\", 14, \
                  var.number)\n}\nresource \"aws_subnet\" \"s\" {\n  vpc_id = \"vpc-${var.number}\"\n  \
                  cidr_block = local.block\n}\noutput \"id\" {\n  value = aws_subnet.s.id\n}\n";
    let (folder, evaluate) = load(&[("main.tf", root.into()), ("m/main.tf", module.into())]);
    assert_eq!(evaluate().resources.len(), 5000);
    time("5000 instances of one module", evaluate);
    time("the same, the whole program", || {
        let mut program = Command::new(env!("CARGO_BIN_EXE_eksdns-lint"));
        let ran = program.arg(folder.path()).output().unwrap();
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    });
}

fn chain_of_locals() {
    let mut text = "locals {\n  l0 = 1\n".to_owned();
    for at in 1..1000 {
        writeln!(text, "  l{at} = local.l{} + 1", at - 1).unwrap();
    }
    text.push_str("}\noutput \"last\" {\n  value = local.l999\n}\n");
    let (_folder, evaluate) = load(&[("main.tf", text)]);
    assert_eq!(evaluate().exports[0].value, eksdns_lint::graph::Value::number(1000u32));
    time("a chain of 1000 locals", evaluate);
}

fn reference_cycle() {
    let mut text = "locals {\n".to_owned();
    for at in 0..1000 {
        writeln!(text, "  l{at} = local.l{}", (at + 1) % 1000).unwrap();
    }
    text.push_str("}\noutput \"last\" {\n  value = local.l0\n}\n");
    let (_folder, evaluate) = load(&[("main.tf", text)]);
    assert_eq!(evaluate().problems.len(), 1);
    time("a cycle of 1000 locals", evaluate);
}
