//! Terraform itself, asked for the values of many expressions.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Output};

use super::canonical;

/// What surrounds the expressions.
pub(super) const HEAD: &str = "resource \"terraform_data\" \"u\" {}\nlocals {\n  t = \"<$${a}>%%{ for x in b }[$${x}]%%{ endfor }\"\n}\n";
/// More errors at once are slow to report.
const BATCH: usize = 120;

/// What becomes of an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Answer {
    Error,
    /// The canonical text of the value, and Terraform's name of its type where it has one.
    Value {
        text: String,
        kind: String,
    },
}

/// Terraform on the `PATH`, in a version whose answers are those recorded.
pub(super) fn version() -> Option<String> {
    let output = Command::new("terraform").arg("version").arg("-json").output().ok()?;
    let value: serde_json::Value = serde_json::from_slice(&output.stdout).ok()?;
    Some(value["terraform_version"].as_str()?.to_owned())
}

pub(super) fn terraform(folder: &Path, arguments: &[&str]) -> Output {
    Command::new("terraform")
        .args(arguments)
        .current_dir(folder)
        .env("CHECKPOINT_DISABLE", "1")
        .env("TF_IN_AUTOMATION", "1")
        .env_remove("TF_CLI_CONFIG_FILE")
        .output()
        .expect("terraform runs")
}

/// The module with an output for each expression, and the byte at which each expression starts.
pub(super) fn module(expressions: &[(usize, &str)]) -> (String, Vec<usize>) {
    let mut code = HEAD.to_owned();
    let mut starts = Vec::new();
    for (id, expression) in expressions {
        write!(code, "output \"o{id:05}\" {{\n  sensitive = true\n  value     = ").unwrap();
        starts.push(code.len());
        write!(code, "{expression}\n}}\n").unwrap();
    }
    (code, starts)
}

pub(super) fn ask(expressions: &[String]) -> Vec<Answer> {
    let numbered: Vec<(usize, &str)> =
        expressions.iter().enumerate().map(|(id, text)| (id, &**text)).collect();
    let mut answers = BTreeMap::new();
    for batch in numbered.chunks(BATCH) {
        batch_of(batch.to_vec(), &mut answers);
    }
    answers.into_values().collect()
}

fn batch_of(mut todo: Vec<(usize, &str)>, answers: &mut BTreeMap<usize, Answer>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    // An error of syntax hides those of evaluation.
    for _ in 0..6 {
        let (code, starts) = module(&todo);
        std::fs::write(path.join("main.tf"), &code).unwrap();
        let output = terraform(path, &["plan", "-json", "-out=p.bin", "-input=false"]);
        let failed = failures(&String::from_utf8_lossy(&output.stdout), &code, &starts);
        if failed.is_empty() {
            break;
        }
        let ids: Vec<usize> = failed.iter().map(|at| todo[*at].0).collect();
        answers.extend(ids.iter().map(|id| (*id, Answer::Error)));
        todo.retain(|(id, _)| !ids.contains(id));
    }
    let shown = terraform(path, &["show", "-json", "p.bin"]);
    read(&String::from_utf8_lossy(&shown.stdout), &todo, answers);
}

/// The expressions that diagnostics point at.
fn failures(log: &str, code: &str, starts: &[usize]) -> Vec<usize> {
    let mut found = Vec::new();
    for line in log.lines() {
        let Ok(entry) = serde_json::from_str::<serde_json::Value>(line) else { continue };
        let diagnostic = &entry["diagnostic"];
        if diagnostic["severity"] != "error" {
            continue;
        }
        let detail = diagnostic["detail"].as_str().unwrap_or("");
        let by_name = detail.split("output value ").skip(1).filter_map(|rest| {
            let id = rest.trim_start_matches(['\\', '"']).get(1..6)?.parse::<usize>().ok()?;
            starts.iter().position(|start| {
                code[..*start]
                    .ends_with(&format!("\"o{id:05}\" {{\n  sensitive = true\n  value     = "))
            })
        });
        found.extend(by_name);
        if let Some(byte) = diagnostic["range"]["start"]["byte"].as_u64() {
            let byte = usize::try_from(byte).unwrap();
            found.push(starts.partition_point(|start| *start <= byte).saturating_sub(1));
        } else if found.is_empty() {
            panic!("an error without a place: {line}");
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

fn read(plan: &str, todo: &[(usize, &str)], answers: &mut BTreeMap<usize, Answer>) {
    use jsonc_parser::ast;
    let collect = jsonc_parser::CollectOptions::default();
    let parsed = jsonc_parser::parse_to_ast(plan, &collect, &jsonc_parser::ParseOptions::default())
        .expect("a plan in JSON");
    let kinds: serde_json::Value = serde_json::from_str(plan).unwrap();
    let Some(ast::Value::Object(plan)) = parsed.value else { panic!("no plan") };
    let changes = plan.get_object("output_changes");
    for (id, _) in todo {
        let name = format!("o{id:05}");
        let change = changes.and_then(|changes| changes.get_object(&name));
        let get = |part: &str| change.and_then(|change| change.get(part)).map(|prop| &prop.value);
        let text = canonical::theirs(get("after"), get("after_unknown"));
        let kind = &kinds["planned_values"]["outputs"][&name]["type"];
        let kind = if kind.is_null() { String::new() } else { kind.to_string() };
        answers.insert(*id, Answer::Value { text, kind });
    }
}
