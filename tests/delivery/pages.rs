//! Pages and pictures in the programs that show them: Chromium, Mermaid in it, Graphviz.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use eksdns_lint::diagram::{self, Picture};
use eksdns_lint::{Ask, Choice, Options, Request};
use serde_json::{Value, json};

use super::odd::{HOSTILE, address, estate, hostile};
use super::tools::{command, find, kept, run, top};

/// The program itself, in the project.
fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_eksdns-lint"));
    command.args(arguments).current_dir(top()).stdin(std::process::Stdio::null());
    command
}

/// What it prints as JSON; nothing where it prints nothing.
fn told(arguments: &[&str]) -> Value {
    let output = program(arguments).output().unwrap();
    serde_json::from_slice(&output.stdout).unwrap_or(Value::Null)
}

/// What the findings and the traces of some code say, by the program's other formats.
fn facts(path: &str, options: &[&str]) -> Value {
    let found = told(&[&["--format", "json", path], options].concat());
    let traced = told(&[&["trace", "--format", "json", path], options].concat());
    let findings = found["findings"].as_array().cloned().unwrap_or_default();
    let findings: Vec<Value> = findings
        .iter()
        .map(|one| {
            let mut texts = vec![one["message"].clone()];
            let labels = one["labels"].as_array().cloned().unwrap_or_default();
            texts.extend(labels.iter().map(|label| label["message"].clone()));
            json!({
                "fingerprint": one["fingerprint"], "severity": one["severity"], "rule": one["rule"],
                "message": one["message"], "path": one["path"], "texts": texts,
            })
        })
        .collect();
    let paths = traced["paths"].as_array().cloned().unwrap_or_default();
    json!({"findings": findings, "paths": paths})
}

/// Pages that wait for the browser.
struct Jobs {
    folder: PathBuf,
    all: Vec<Value>,
}

impl Jobs {
    fn new(name: &str) -> Self {
        let folder = kept().join(name);
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        Self { folder, all: Vec::new() }
    }

    /// The report of some code; `whole` where everything in it is to be tried.
    fn report(&mut self, path: &str, options: &[&str], whole: bool) {
        let page = self.folder.join(format!("{}.html", self.all.len()));
        let out = page.to_str().unwrap();
        run(program(&[&["report", path, "--output", out], options].concat())).ok();
        let facts = facts(path, options);
        self.all.push(json!({"kind": "report", "page": out, "facts": facts, "whole": whole}));
    }

    /// A page with a picture.
    fn picture(&mut self, arguments: &[&str]) {
        let page = self.folder.join(format!("{}.html", self.all.len()));
        let out = page.to_str().unwrap();
        run(program(&[&["draw", "--format", "html", "--output", out], arguments].concat())).ok();
        self.all.push(json!({"kind": "picture", "page": out}));
    }

    /// Does them.
    fn done(&self) {
        let list = self.folder.join("jobs.json");
        std::fs::write(&list, serde_json::to_string(&self.all).unwrap()).unwrap();
        let mut python = command("python", top());
        python.args(["tests/delivery/browser.py", list.to_str().unwrap()]);
        python.arg(find("chromium").unwrap());
        let said = run(python).ok();
        assert!(said.contains(&format!("{} pages were opened", self.all.len())), "{said}");
    }
}

/// Fixtures that something is found in: of each rule one in each language.
fn flagged() -> Vec<String> {
    let mut found: BTreeMap<(String, &str), String> = BTreeMap::new();
    for path in code(&top().join("fixtures")) {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let folder = path.parent().unwrap().file_name().unwrap().to_str().unwrap().to_owned();
        let is_tf = path.extension().is_some_and(|ending| ending == "tf");
        let ending = if is_tf { "tf" } else { "yaml" };
        if name.starts_with("flag") {
            let path = path.strip_prefix(top()).unwrap().to_str().unwrap().to_owned();
            found.entry((folder, ending)).or_insert(path);
        }
    }
    found.into_values().collect()
}

/// All code below a folder, in the order of names.
fn code(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut paths: Vec<PathBuf> = entries.collect();
    paths.sort();
    let below = paths.into_iter().flat_map(|it| if it.is_dir() { code(&it) } else { vec![it] });
    below.filter(|path| path.extension().is_some_and(|it| it == "tf" || it == "yaml")).collect()
}

/// Folders with code that is hard to show.
fn odd(jobs: &Jobs) -> Vec<PathBuf> {
    let long = "x".repeat(5000);
    let names = HOSTILE.into_iter().chain([long.as_str()]);
    let texts = names.map(hostile).chain([estate(300, 12)]);
    texts
        .enumerate()
        .map(|(at, text)| {
            let folder = jobs.folder.join(format!("odd{at}"));
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(folder.join("main.tf"), text).unwrap();
            folder
        })
        .collect()
}

pub(crate) fn in_a_browser() {
    let mut jobs = Jobs::new("pages/browser");
    for number in 1..=4 {
        for file in ["main.tf", "template.yaml"] {
            let path = format!("fixtures/figures/{number}/{file}");
            jobs.report(&path, &[], false);
            jobs.report(&path, &["--no-eks-public-dns"], file == "main.tf");
        }
    }
    let rules = flagged();
    assert!(rules.len() > 80, "{rules:?}");
    for path in rules {
        jobs.report(&path, &[], path.starts_with("fixtures/blocked-api-port"));
    }
    for folder in odd(&jobs) {
        let path = folder.to_str().unwrap().to_owned();
        jobs.report(&path, &[], true);
        jobs.picture(&[&path]);
    }
    let odd = jobs.folder.join("odd0");
    let from = address(HOSTILE[0]);
    jobs.picture(&[odd.to_str().unwrap(), "--from", &from, "--to", "aws_eks_cluster.main"]);
    let one =
        ["fixtures/figures/4/main.tf", "--from", "aws_vpc.shared", "--to", "aws_eks_cluster.main"];
    jobs.picture(&one);
    jobs.done();
}

/// Every picture of the figures, the fixtures and what is hard to show, as text.
fn drawn(jobs: &Jobs, draw: impl Fn(&Picture) -> String) -> Vec<String> {
    let odd = odd(jobs);
    // Of hundreds of paths a few tell as much as all.
    let most = |path: &Path| if odd.contains(&path.to_path_buf()) { 20 } else { usize::MAX };
    let all = code(&top().join("fixtures")).into_iter().chain(odd.clone());
    let texts = all.flat_map(|path| {
        let request = Request {
            paths: vec![path.clone()],
            config: Choice::None,
            options: Options { eks_public_dns: false, today: None },
            ..Request::default()
        };
        let ask = Ask { pictures: true, estates: true, every: true, ..Ask::default() };
        let (drawn, _) = eksdns_lint::trace(&request, &ask, top()).unwrap();
        let paths = drawn.pictures.values().take(most(&path));
        drawn.estates.iter().chain(paths).map(&draw).collect::<Vec<_>>()
    });
    let texts: Vec<String> = texts.collect();
    assert!(texts.len() > 700, "{}", texts.len());
    texts
}

pub(crate) fn mermaid() {
    let mut jobs = Jobs::new("pages/mermaid");
    let texts = drawn(&jobs, diagram::mermaid);
    let page = jobs.folder.join("mermaid.html");
    let library = find("mermaid.min.js").unwrap();
    let library = library.to_str().unwrap();
    let text = format!(
        "<!DOCTYPE html><meta charset=\"utf-8\"><script src=\"file://{library}\"></script>"
    );
    std::fs::write(&page, text).unwrap();
    let page = page.to_str().unwrap();
    jobs.all.push(json!({"kind": "mermaid", "page": page, "texts": texts}));
    jobs.done();
}

pub(crate) fn graphviz() {
    let jobs = Jobs::new("pages/graphviz");
    for (at, text) in drawn(&jobs, diagram::dot).iter().enumerate() {
        std::fs::write(jobs.folder.join(format!("{at}.dot")), text).unwrap();
    }
    // One process for each: a fault of one is not that of the next.
    let mut dot = command("bash", &jobs.folder);
    dot.args(["-c", "set -o pipefail; ls *.dot | xargs -P 2 -n 1 dot -Tsvg -o /dev/null 2>&1 && ls *.dot | wc -l"]);
    let said = run(dot).ok();
    // Not a word of warning but the number of pictures.
    assert!(said.trim().parse::<usize>().is_ok_and(|count| count > 700), "{said}");
}
