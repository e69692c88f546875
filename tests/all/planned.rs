//! Whole roots against plans of Terraform with the AWS provider, recorded and live.

mod compare;
mod generate;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use eksdns_lint::graph::Graph;
use eksdns_lint::source::Workspace;
use eksdns_lint::terraform::Project;
use serde_json::{Map, Value};

use crate::differential::Random;
use generate::Files;

/// Each line: the files of a root, and what Terraform plans for each address.
const RECORDED: &str = include_str!("planned/recorded.jsonl");

/// For each address its planned attributes; an unknown one is `{"?": true}`.
type Planned = BTreeMap<String, Value>;

fn write(folder: &Path, files: &Files) {
    for (path, text) in files {
        let path = folder.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
}

fn ours(files: &Files) -> Graph {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), files);
    // As Terraform plans them: in no workspace but the first.
    write(folder.path(), &Files::from([(".terraform/environment".into(), "default".into())]));
    let workspace = Workspace::new(folder.path(), folder.path()).unwrap();
    let root = folder.path().to_owned();
    Project::parse(&workspace, std::slice::from_ref(&root), &[]).load(&workspace, &root)
}

/// What it prints; `None` where it fails.
fn terraform(folder: &Path, arguments: &[&str]) -> Option<Vec<u8>> {
    let output = Command::new("terraform")
        .args(arguments)
        .current_dir(folder)
        .env("CHECKPOINT_DISABLE", "1")
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env_remove("TF_CLI_CONFIG_FILE")
        .output()
        .expect("terraform runs");
    output.status.success().then_some(output.stdout)
}

/// What Terraform plans; `None` where the provider refuses the root.
fn planned(files: &Files, plugins: &str) -> Option<Planned> {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), files);
    terraform(folder.path(), &["init", "-input=false", &format!("-plugin-dir={plugins}")])?;
    terraform(folder.path(), &["plan", "-refresh=false", "-input=false", "-out=p.bin"])?;
    let shown = terraform(folder.path(), &["show", "-json", "p.bin"])?;
    let plan: Value = serde_json::from_slice(&shown).unwrap();
    let changes = plan["resource_changes"].as_array().unwrap();
    let entry = |change: &Value| {
        let address = change["address"].as_str().unwrap().to_owned();
        let change = &change["change"];
        (address, compare::joined(&change["after"], &change["after_unknown"]))
    };
    Some(changes.iter().map(entry).collect())
}

/// Only what we say something about is kept.
fn kept(planned: Planned, graph: &Graph) -> Planned {
    let keep = |(address, value): (String, Value)| {
        let own = graph.resources.iter().find(|resource| *resource.address == *address);
        let entries = match (value, own) {
            (Value::Object(map), Some(own)) => {
                map.into_iter().filter(|(name, _)| own.body.contains_key(name.as_str())).collect()
            }
            _ => Map::new(),
        };
        (address, Value::Object(entries))
    };
    planned.into_iter().map(keep).collect()
}

fn recorded() -> Vec<(Files, Planned)> {
    RECORDED.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn recorded_plans_are_ours() {
    let all = recorded();
    assert!(all.len() >= 20, "the recorded plans are there");
    let wrong: Vec<String> = all
        .iter()
        .flat_map(|(files, planned)| compare::differences(&ours(files), planned))
        .collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// `SEED` and `COUNT` choose new roots; `RECORD=1` writes them where the recorded ones are.
#[test]
fn live_plans_are_ours() {
    let Ok(plugins) = std::env::var("TERRAFORM_PLUGIN_DIR") else {
        eprintln!(
            "live_plans_are_ours did not run: TERRAFORM_PLUGIN_DIR names no folder with the AWS provider"
        );
        return;
    };
    let number =
        |name: &str, or| std::env::var(name).ok().and_then(|it| it.parse().ok()).unwrap_or(or);
    let mut random = Random::new(number("SEED", 1));
    let mut lines = String::new();
    let mut wrong = Vec::new();
    let count = number("COUNT", 2);
    let roots = (0..count).map(|_| generate::root(&mut random));
    for files in roots.chain([generate::language()]) {
        let graph = ours(&files);
        let Some(planned) = planned(&files, &plugins) else {
            eprintln!("the provider refuses a root");
            continue;
        };
        let planned = kept(planned, &graph);
        wrong.extend(compare::differences(&graph, &planned));
        lines.push_str(&serde_json::to_string(&(&files, &planned)).unwrap());
        lines.push('\n');
    }
    if std::env::var_os("RECORD").is_some() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/all/planned/recorded.jsonl");
        std::fs::write(path, lines).unwrap();
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
