//! Runs the library on one text, and tells what it says in the terms of the fixtures.

use std::fmt;
use std::path::PathBuf;

use eksdns_lint::finding::Severity;
use eksdns_lint::{Options, check};

/// A finding as a fixture's mark has it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Seen {
    pub(crate) line: u32,
    pub(crate) rule: String,
    pub(crate) severity: Severity,
    pub(crate) text: String,
}

impl fmt::Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { line, rule, severity, text } = self;
        write!(f, "line {line}: {rule} {severity} {text}")
    }
}

/// What the library says about one root.
#[derive(Debug)]
pub(crate) struct Analysis {
    pub(crate) findings: Vec<Seen>,
    /// The rules with an open verdict.
    pub(crate) undecided: Vec<&'static str>,
    pub(crate) failures: Vec<String>,
}

/// What a fixture wants to have in `eksdns-lint.toml`: each on the line that it has in the fixture.
const CONFIG: &str = "# eksdns-lint.toml: ";

/// Analyses `text` as the only file of a root; `ending` tells the language.
pub(crate) fn analyse(ending: &str, text: &str, options: Options) -> Analysis {
    let temp = tempfile::tempdir().unwrap();
    let name = if ending == "tf" { "main.tf" } else { "template.yaml" };
    std::fs::write(temp.path().join(name), text).unwrap();
    if text.contains(CONFIG) {
        let line = |line: &str| line.strip_prefix(CONFIG).unwrap_or_default().to_owned() + "\n";
        let config: String = text.lines().map(line).collect();
        std::fs::write(temp.path().join("eksdns-lint.toml"), config).unwrap();
    }
    let run = check(&[PathBuf::from(".")], temp.path(), options).unwrap();
    let sources = run.workspace.sources();
    let findings = run.outcome.findings.iter().map(|finding| {
        let span = finding.primary.span;
        let text = sources.text(span);
        Seen {
            line: sources.file(span.file).position(span.start).0,
            rule: finding.rule.id.to_owned(),
            severity: finding.severity,
            text: text.lines().next().unwrap_or_default().to_owned(),
        }
    });
    let mut findings: Vec<_> = findings.collect();
    findings.sort();
    let undecided = run.outcome.undecided.iter().map(|open| open.rule.id).collect();
    Analysis { findings, undecided, failures: run.failures }
}
