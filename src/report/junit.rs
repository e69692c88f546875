//! `JUnit`'s XML: a test case for each rule and root, so that what passes is there, too.

use std::fmt::Write;

use super::Subject;
use super::escape;
use super::places::{fingerprinted, path, region, shown};
use crate::finding::{Finding, Rule};

/// What becomes of one case.
struct Case<'a> {
    root: &'a str,
    rule: &'static Rule,
    findings: Vec<&'a Finding>,
    open: Option<String>,
}

/// One suite a root.
pub fn junit(subject: &Subject<'_>) -> String {
    let findings = fingerprinted(subject.outcome, subject.workspace);
    let findings: Vec<&Finding> = findings.into_iter().map(|(finding, _)| finding).collect();
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let roots = &subject.outcome.roots;
    let suites: Vec<Vec<Case<'_>>> =
        roots.iter().map(|root| cases(subject, &findings, roots, root)).collect();
    let all = || suites.iter().flatten();
    let _ = writeln!(out, "<testsuites name=\"eksdns-lint\" {}>", counts(all()).0);
    for (root, cases) in roots.iter().zip(&suites) {
        let (counts, skipped) = counts(cases.iter());
        let _ =
            writeln!(out, "  <testsuite name=\"{}\" {counts} skipped=\"{skipped}\">", xml(root));
        for case in cases {
            write_case(&mut out, subject, case);
        }
        out.push_str("  </testsuite>\n");
    }
    out.push_str("</testsuites>\n");
    out
}

fn cases<'a>(
    subject: &Subject<'a>,
    findings: &[&'a Finding],
    roots: &'a [String],
    root: &'a str,
) -> Vec<Case<'a>> {
    let sources = subject.workspace.sources();
    let of_root = |file| {
        let path = &sources.file(file).path;
        let above = |root: &&String| *root == "." || path.starts_with(root.as_str());
        let own = roots.iter().filter(above).max_by_key(|root| root.len());
        own.or(roots.first()).is_some_and(|own| own == root)
    };
    let case = |rule: &&'static Rule| {
        let rule = *rule;
        let own = |one: &&&Finding| one.rule.id == rule.id && of_root(one.primary.span.file);
        let mut open = subject.outcome.undecided.iter();
        let open = open.find(|one| one.rule.id == rule.id && of_root(one.span.file));
        Case {
            root,
            rule,
            findings: findings.iter().filter(own).copied().collect(),
            open: open.map(|one| one.unknown.to_string()),
        }
    };
    subject.rules.iter().map(case).collect()
}

/// The counts that every level has, and that of what was skipped, which only a suite may tell.
fn counts<'c>(cases: impl Iterator<Item = &'c Case<'c>>) -> (String, usize) {
    let (mut tests, mut failures, mut errors, mut skipped) = (0, 0, 0, 0);
    for case in cases {
        tests += 1;
        match (case.findings.is_empty(), is_error(case.rule)) {
            (false, true) => errors += 1,
            (false, false) => failures += 1,
            (true, _) => skipped += usize::from(case.open.is_some()),
        }
    }
    let told = format!("tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\" time=\"0\"");
    (told, skipped)
}

/// What cannot be parsed is no failure of what was tested.
fn is_error(rule: &Rule) -> bool {
    rule.id == "unparsable-file"
}

fn write_case(out: &mut String, subject: &Subject<'_>, case: &Case<'_>) {
    let head = format!(
        "    <testcase classname=\"{}\" name=\"{}\" time=\"0\"",
        xml(case.root),
        case.rule.id
    );
    let Some(first) = case.findings.first() else {
        let _ = match &case.open {
            None => writeln!(out, "{head}/>"),
            Some(open) => writeln!(out, "{head}><skipped message=\"{}\"/></testcase>", xml(open)),
        };
        return;
    };
    let element = if is_error(case.rule) { "error" } else { "failure" };
    let texts = case.findings.iter().map(|finding| {
        let note = shown(subject.workspace, finding);
        let place = region(subject.workspace, note.span);
        let path = path(subject.workspace, note.span.file);
        format!("{path}:{}:{}: {}: {}", place.line, place.column, finding.severity, finding.message)
    });
    // One element a case: more are not in the schema.
    let texts: Vec<_> = texts.map(|text| xml(&text)).collect();
    let _ = writeln!(
        out,
        "{head}><{element} type=\"{}\" message=\"{}\">{}</{element}></testcase>",
        first.severity,
        xml(&first.message),
        texts.join("\n")
    );
}

/// A text in XML: no control character, no markup.
fn xml(text: &str) -> String {
    let text = escape(text);
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
