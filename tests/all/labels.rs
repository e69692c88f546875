//! Public repositories as people read them: what must be found in them, and what must not.

use std::collections::BTreeSet;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;
use serde_json::Value;

use crate::support::program;

const RECORDED: &str = include_str!("../recorded/labels.toml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Labels {
    root: Vec<Root>,
}

/// What holds for one root of a repository.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Root {
    repository: String,
    commit: String,
    path: String,
    #[serde(default)]
    must: Vec<Label>,
    #[serde(default)]
    may: Vec<Label>,
    #[serde(default)]
    never: Vec<Label>,
}

/// A rule, or any, and some lines of a file: `unassociated-rule main.tf:244`, `* main.tf:1-20`.
#[derive(Deserialize)]
#[serde(try_from = "String")]
struct Label {
    rule: String,
    file: String,
    lines: std::ops::RangeInclusive<u64>,
}

impl TryFrom<String> for Label {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let parts = || {
            let (rule, place) = text.split_once(' ')?;
            let (file, lines) = place.rsplit_once(':')?;
            let (first, last) = lines.split_once('-').unwrap_or((lines, lines));
            let lines = first.parse().ok()?..=last.parse().ok()?;
            Some(Self { rule: rule.to_owned(), file: file.to_owned(), lines })
        };
        parts().filter(|it| !it.lines.is_empty()).ok_or_else(|| format!("no label: {text}"))
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}:{}", self.rule, self.file, self.lines.start())
    }
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Found {
    rule: String,
    severity: String,
    file: String,
    line: u64,
}

impl Found {
    fn is(&self, label: &Label) -> bool {
        (label.rule == "*" || label.rule == self.rule)
            && label.file == self.file
            && label.lines.contains(&self.line)
    }
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}:{}", self.severity, self.rule, self.file, self.line)
    }
}

/// What is found where a path in a repository is named.
fn found(repository: &Path, path: &str) -> BTreeSet<Found> {
    let mut command = program(repository);
    let output = command.args(["--no-config", "--format", "json", path]).output().unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| {
        panic!("{} {path}: {}", repository.display(), String::from_utf8_lossy(&output.stderr))
    });
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let findings = report["findings"].as_array().unwrap().iter();
    let one = |it: &Value| Found {
        rule: text(&it["rule"]),
        severity: text(&it["severity"]),
        file: text(&it["path"]),
        line: it["start"]["line"].as_u64().unwrap(),
    };
    findings.map(one).collect()
}

/// What is wrong with the findings of a root that is named alone.
fn faults(root: &Root, found: &BTreeSet<Found>) -> Vec<String> {
    let mut faults = missed(root, found);
    let any = |labels: &[Label], it: &Found| labels.iter().any(|label| it.is(label));
    for it in found {
        let never = any(&root.never, it) || it.severity != "note";
        if never && !any(&root.must, it) && !any(&root.may, it) {
            faults.push(format!("false: {it}"));
        }
    }
    faults
}

/// What is not found, in a root alone or among others.
fn missed(root: &Root, found: &BTreeSet<Found>) -> Vec<String> {
    let missed = root.must.iter().filter(|label| !found.iter().any(|it| it.is(label)));
    missed.map(|label| format!("missed: {label}")).collect()
}

/// The commit of a folder that is a clone; the labels' lines hold for theirs alone.
fn commit(folder: &Path) -> Option<String> {
    let mut git = Command::new("git");
    folder.join(".git").exists().then_some(())?;
    let output = git.args(["rev-parse", "HEAD"]).current_dir(folder).output().ok()?;
    Some(String::from_utf8(output.stdout).ok()?.trim().to_owned())
}

fn labels() -> Vec<Root> {
    toml::from_str::<Labels>(RECORDED).unwrap().root
}

/// `LABELLED` names the folder that holds the repositories, each as `owner+name` at its commit.
#[test]
fn public_repositories_are_judged_as_labelled() {
    let Some(folder) = std::env::var_os("LABELLED").map(PathBuf::from) else {
        eprintln!(
            "public_repositories_are_judged_as_labelled did not run: LABELLED names no folder of repositories"
        );
        return;
    };
    let mut wrong = Vec::new();
    for root in labels() {
        let repository = folder.join(root.repository.replace('/', "+"));
        assert!(repository.is_dir(), "{} is not there", repository.display());
        let at = commit(&repository);
        assert!(at.is_none_or(|at| at == root.commit), "{} is elsewhere", repository.display());
        let alone = faults(&root, &found(&repository, &root.path));
        let among = missed(&root, &found(&repository, "."));
        let line = |it| format!("{} {}: {it}", root.repository, root.path);
        wrong.extend(alone.into_iter().chain(among).map(line));
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn a_label_is_held_to_rule_file_and_line() {
    let root: Root = toml::from_str(
        "repository = 'a/b'\ncommit = ''\npath = '.'\nmust = ['r m.tf:4-6']\nnever = ['* n.tf:1']",
    )
    .unwrap();
    let found = |all: &[(&str, &str, &str, u64)]| {
        let one = |&(rule, severity, file, line): &(&str, &str, &str, u64)| Found {
            rule: rule.into(),
            severity: severity.into(),
            file: file.into(),
            line,
        };
        faults(&root, &all.iter().map(one).collect())
    };
    assert!(found(&[("r", "error", "m.tf", 6), ("s", "note", "m.tf", 1)]).is_empty());
    assert_eq!(found(&[]), ["missed: r m.tf:4"]);
    assert_eq!(found(&[("s", "note", "m.tf", 4)]), ["missed: r m.tf:4"]);
    assert_eq!(found(&[("r", "note", "m.tf", 7)]), ["missed: r m.tf:4"]);
    let right = ("r", "error", "m.tf", 4);
    assert_eq!(found(&[right, ("s", "warning", "m.tf", 4)]), ["false: warning s m.tf:4"]);
    assert_eq!(found(&[right, ("s", "note", "n.tf", 1)]), ["false: note s n.tf:1"]);
    assert!(
        toml::from_str::<Root>("repository = ''\ncommit = ''\npath = ''\nmay = ['r']").is_err()
    );
}

#[test]
fn the_labels_name_rules_that_exist() {
    let rules: BTreeSet<_> = eksdns_lint::checks::ALL.iter().map(|it| it.rule.id).collect();
    let all = labels();
    assert!(all.len() > 10, "the labels are there");
    for label in all.iter().flat_map(|root| &root.must) {
        assert!(rules.contains(&*label.rule), "{label}");
    }
}
