//! How many instructions the program takes for three fixed inputs, held to a baseline: no test of time.
//!
//! Valgrind counts them; where it is not there, the tests are skipped by name, and `SPEED=required` makes that an
//! error. What is counted is the program that the tests run, in the profile of the tests: the parsers and other
//! libraries are optimised a little and the project's own code is not, so that no further build is needed. Its
//! counts say nothing of seconds, and grow with the work as those of a release do. There is one thread;
//! the seeds of hash tables are the system's, and move the counts by less than a thousandth.
//!
//! `SPEED=write cargo test --test speed` writes a new baseline: in a commit that says why.

#![allow(clippy::unwrap_used, reason = "helpers of tests may fail as tests do")]
#![allow(clippy::print_stdout, reason = "the output says what ran, and what did not")]

#[path = "../../benches/trees/mod.rs"]
mod trees;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use trees::{Tree, estate};

/// A count may differ from its baseline by so many hundredths.
const MARGIN: u64 = 5;

/// An input: its name, and how it is made.
type Input = (&'static str, fn() -> Tree);

const INPUTS: &[Input] = &[
    ("terraform", || Tree::terraform(3_000, 1)),
    ("cloudformation", || Tree::cloudformation(2_000, 1)),
    ("estate", || Tree::one("main.tf", estate(24, 6))),
];

fn main() -> ExitCode {
    let filter = std::env::args().nth(1).unwrap_or_default();
    let mode = std::env::var("SPEED").unwrap_or_default();
    let mut inputs = INPUTS.iter().filter(|(name, _)| name.contains(&*filter)).peekable();
    if inputs.peek().is_none() {
        return ExitCode::SUCCESS;
    }
    if let Err(error) = Command::new("valgrind").arg("--version").output() {
        for (name, _) in inputs {
            println!("test speed::{name} ... skipped: valgrind is not here ({error})");
        }
        return if mode == "required" { ExitCode::FAILURE } else { ExitCode::SUCCESS };
    }
    let counts: BTreeMap<&str, u64> = inputs.map(|(name, tree)| (*name, count(&tree()))).collect();
    if mode == "write" {
        std::fs::write(baseline(), written(&counts)).unwrap();
        return ExitCode::SUCCESS;
    }
    if judge(&counts, &std::fs::read_to_string(baseline()).unwrap(), &toolchain()) {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn baseline() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/speed/baseline.toml")
}

/// The compiler and the machine that the counts are of.
fn toolchain() -> String {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let told = Command::new(rustc).arg("-V").output().unwrap();
    let version = String::from_utf8(told.stdout).unwrap();
    format!("{}, {}", version.trim(), std::env::consts::ARCH)
}

/// The instructions of one whole run over a tree.
fn count(tree: &Tree) -> u64 {
    let folder = tempfile::tempdir().unwrap();
    tree.write(folder.path()).unwrap();
    let ran = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(env!("CARGO_BIN_EXE_eksdns-lint"))
        .args(["--fail-on", "never", "."])
        .current_dir(folder.path())
        .env("RAYON_NUM_THREADS", "1")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success(), "{said}");
    let collected = said.lines().find_map(|line| line.split_once("Collected : "));
    collected.unwrap_or_else(|| panic!("{said}")).1.trim().parse().unwrap()
}

fn written(counts: &BTreeMap<&str, u64>) -> String {
    let counts = counts.iter().map(|(name, count)| format!("{name} = {count}\n"));
    let head = "# Instructions of a whole run, made by `SPEED=write cargo test --test speed`.\n";
    format!(
        "{head}toolchain = \"{}\"\n\n[instructions]\n{}",
        toolchain(),
        counts.collect::<String>()
    )
}

/// Tells how each count stands to its baseline, and whether all are within the margin. Counts of another
/// toolchain are told and not judged.
fn judge(counts: &BTreeMap<&str, u64>, baseline: &str, toolchain: &str) -> bool {
    let baseline: toml::Table = baseline.parse().unwrap();
    let known = baseline["toolchain"].as_str().unwrap();
    let mut holds = true;
    for (name, &count) in counts {
        let expected = baseline["instructions"].get(name).and_then(toml::Value::as_integer);
        let expected = expected.map_or(0, |count| u64::try_from(count).unwrap());
        let within = count.abs_diff(expected) * 100 <= expected * MARGIN;
        let word = match (known == toolchain, within) {
            (false, _) => format!("skipped: the baseline is of {known}, this is {toolchain}"),
            (true, true) => "ok".to_owned(),
            (true, false) => "FAILED: write a new baseline where this is meant".to_owned(),
        };
        holds &= known != toolchain || within;
        println!("test speed::{name} ... {word} ({count} instructions, {expected} expected)");
    }
    holds
}
