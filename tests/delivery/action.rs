//! The steps of the action that run a shell, as a runner would run them.

use std::collections::HashMap;
use std::path::Path;

use regex::{Captures, Regex};

use super::tools::{ROOT, Ran, command, read, run, top, tree};
use super::wheel::offline;

/// One step: what it is called, its id, what it is given, what it runs.
struct Step {
    name: String,
    id: String,
    variables: Vec<(String, String)>,
    script: String,
}

/// The steps with a script. The file is ours: its layout is known.
fn steps() -> Vec<Step> {
    let text = read("action.yml");
    let (_, steps) = text.split_once("\n  steps:\n").unwrap();
    let steps = steps.split("    - name: ").skip(1).filter(|step| step.contains("      run: |\n"));
    let step = |step: &str| {
        let field = |name: &str| {
            let line = step.lines().find_map(|line| line.strip_prefix(&format!("      {name}: ")));
            line.unwrap_or_default().to_owned()
        };
        let (head, script) = step.split_once("      run: |\n").unwrap();
        let given = head.split_once("      env:\n").map_or("", |(_, given)| given);
        let given =
            given.lines().filter_map(|line| line.strip_prefix("        ")?.split_once(": "));
        Step {
            name: step.lines().next().unwrap().to_owned(),
            id: field("id"),
            variables: given.map(|(name, text)| (name.to_owned(), text.to_owned())).collect(),
            script: script.replace("\n        ", "\n").trim_start().to_owned(),
        }
    };
    steps.map(step).collect()
}

/// Runs them in a folder; what each printed, and what they left as outputs.
fn act(folder: &Path, inputs: &[(&str, &str)]) -> (Vec<(String, Ran)>, HashMap<String, String>) {
    let expression = Regex::new(r"\$\{\{ *([a-z._-]+) *\}\}").unwrap();
    let temp = folder.join("temp");
    std::fs::create_dir_all(&temp).unwrap();
    let mut known: HashMap<String, String> =
        inputs.iter().map(|(name, text)| (format!("inputs.{name}"), (*text).to_owned())).collect();
    known.insert("github.action_path".to_owned(), top().display().to_string());
    let mut all = Vec::new();
    for step in steps() {
        if step.name.starts_with("Fail")
            && known.get("steps.run.outputs.exit-code").is_some_and(|code| code == "0")
        {
            continue;
        }
        let (output, summary) = (temp.join("output"), temp.join("summary"));
        std::fs::write(&output, "").unwrap();
        let mut shell = command("bash", folder);
        shell.args(["--noprofile", "--norc", "-eo", "pipefail", "-c", &step.script]);
        shell
            .env("RUNNER_TEMP", &temp)
            .env("GITHUB_OUTPUT", &output)
            .env("GITHUB_STEP_SUMMARY", &summary);
        offline(&mut shell);
        for (name, text) in &step.variables {
            let value = expression.replace_all(text, |it: &Captures<'_>| {
                known.get(&it[1]).cloned().unwrap_or_default()
            });
            shell.env(name, &*value);
        }
        let ran = run(shell);
        for line in std::fs::read_to_string(&output).unwrap().lines() {
            let (name, text) = line.split_once('=').unwrap();
            known.insert(format!("steps.{}.outputs.{name}", step.id), text.to_owned());
        }
        all.push((step.name, ran));
    }
    (all, known)
}

const DEFAULTS: [(&str, &str); 2] = [("paths", "."), ("fail-on", "warning")];

pub(crate) fn run_all() {
    let folder = tree(&[("infra/main.tf", ROOT), ("clean dir/main.tf", "")]);
    let (ran, known) = act(folder.path(), &DEFAULTS);
    let codes: Vec<_> = ran.iter().map(|(name, ran)| (name.as_str(), ran.code)).collect();
    let expected = [
        ("Install eksdns-lint", Some(0)),
        ("Run eksdns-lint", Some(0)),
        ("Fail on findings", Some(1)),
    ];
    assert_eq!(codes, expected, "{ran:?}");
    assert!(ran[1].1.text.contains("::error file=infra/main.tf,line=1"), "{}", ran[1].1.text);
    assert_eq!(known["steps.run.outputs.exit-code"], "1");
    let sarif = std::fs::read_to_string(&known["steps.run.outputs.sarif-file"]).unwrap();
    assert!(sarif.contains("unassociated-rule"), "{sarif}");
    let summary = std::fs::read_to_string(folder.path().join("temp/summary")).unwrap();
    assert!(summary.contains("unassociated-rule"), "{summary}");

    let clean = [
        ("paths", "clean dir\n"),
        ("fail-on", "warning"),
        ("arguments", "--ignore\nunused-endpoint"),
    ];
    let (ran, known) = act(folder.path(), &clean);
    assert_eq!(ran.len(), 2, "{ran:?}");
    assert_eq!(known["steps.run.outputs.exit-code"], "0", "{ran:?}");

    let (ran, _) = act(folder.path(), &[("paths", "missing"), ("fail-on", "never")]);
    assert_eq!(ran.last().unwrap().1.code, Some(2), "{ran:?}");
}
