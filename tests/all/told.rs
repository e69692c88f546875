//! What each rule says, word by word, of the fixtures that it flags: message, places and help.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use eksdns_lint::checks::ALL;
use eksdns_lint::{Options, check};

/// All that is said of one fixture.
fn told(path: &Path) -> String {
    let mut options = Options::default();
    let text = std::fs::read_to_string(path).unwrap();
    options.eks_public_dns = !text.lines().any(|line| line == "# options: --no-eks-public-dns");
    let temp = tempfile::tempdir().unwrap();
    let top = temp.path().canonicalize().unwrap();
    let name = path.file_name().unwrap().to_str().unwrap();
    let file = if name.ends_with("yaml") { "template.yaml" } else { "main.tf" };
    std::fs::write(top.join(file), &text).unwrap();
    let config = text.lines().filter_map(|line| line.strip_prefix("# eksdns-lint.toml: "));
    let config: String = config.map(|line| format!("{line}\n")).collect::<Vec<_>>().concat();
    std::fs::write(top.join("eksdns-lint.toml"), config).unwrap();
    let run = check(std::slice::from_ref(&top), &top, options).unwrap();
    let sources = run.workspace.sources();
    let line = |span: eksdns_lint::source::Span| sources.file(span.file).position(span.start).0;
    let mut out = String::new();
    for finding in &run.outcome.findings {
        let _ = writeln!(out, "{}[{}]: {}", finding.severity, finding.rule.id, finding.message);
        let _ = writeln!(out, "  {}: {}", line(finding.primary.span), finding.primary.text);
        for label in &finding.labels {
            let _ = writeln!(out, "  {}: {}", line(label.span), label.text);
        }
        let _ = writeln!(out, "  help: {}", finding.help);
        let about: BTreeSet<_> = finding.subjects.iter().collect();
        let is_of_file = finding.rule.id == "unparsable-file";
        assert!(is_of_file || !about.is_empty(), "{}: what is it about?\n{out}", path.display());
        assert_eq!(about.len(), finding.subjects.len(), "{}: {about:?} twice", path.display());
    }
    out
}

/// The fixtures of a rule that it flags; twins are told alike, so of two the one that has something to tell.
fn flagged(rule: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(rule);
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let is_flag = |path: &Path| path.file_name().unwrap().to_str().unwrap().starts_with("flag");
    let mut paths: Vec<_> = entries.filter(|path| is_flag(path)).collect();
    paths.sort();
    let mut out = String::new();
    for twins in paths.chunk_by(|a, b| a.file_stem() == b.file_stem()) {
        if let Some(text) = twins.iter().map(|path| told(path)).find(|text| !text.is_empty()) {
            let _ = write!(out, "=== {}\n{text}", twins[0].file_stem().unwrap().display());
        }
    }
    out
}

#[test]
fn every_word_of_a_finding_is_as_reviewed() {
    for rule in ALL.iter().map(|check| check.rule.id) {
        insta::assert_snapshot!(format!("told-{rule}"), flagged(rule));
    }
}
