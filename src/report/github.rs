//! Workflow commands of GitHub Actions: annotations, most severe first, as many as are shown.

use std::cmp::Reverse;
use std::fmt::Write;

use super::places::{fingerprinted, path, region, shown};
use super::{Subject, escape};
use crate::finding::{Finding, Severity};

/// No more annotations of a level are shown for a step; the rest vanish.
const SHOWN: usize = 10;

/// The annotations; where there are more than are shown, the last of a level says how many.
pub fn github(subject: &Subject<'_>) -> String {
    let findings = fingerprinted(subject.outcome, subject.workspace);
    let mut findings: Vec<&Finding> = findings.into_iter().map(|(finding, _)| finding).collect();
    findings.sort_by_key(|finding| Reverse(finding.severity));
    let mut out = String::new();
    for severity in [Severity::Error, Severity::Warning, Severity::Note] {
        let of: Vec<_> = findings.iter().filter(|one| one.severity == severity).collect();
        let shown = if of.len() > SHOWN { SHOWN - 1 } else { of.len() };
        for finding in &of[..shown] {
            out.push_str(&command(subject, finding));
        }
        if of.len() > shown {
            let more = of.len() - shown;
            let _ = writeln!(
                out,
                "::{} title=eksdns-lint::{more} more: the summary of the step has all",
                level(severity)
            );
        }
    }
    out
}

fn command(subject: &Subject<'_>, finding: &Finding) -> String {
    let note = shown(subject.workspace, finding);
    let place = region(subject.workspace, note.span);
    let mut text = escape(&finding.message).into_owned();
    if !finding.help.is_empty() {
        let lines: Vec<_> = finding.help.lines().map(escape).collect();
        text = format!("{text}\n{}", lines.join("\n"));
    }
    format!(
        "::{} file={},line={},endLine={},col={},endColumn={},title={}::{}\n",
        level(finding.severity),
        property(&path(subject.workspace, note.span.file)),
        place.line,
        place.end_line,
        place.column,
        place.end_column,
        property(finding.rule.id),
        data(&text),
    )
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    }
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property keeps what it names: only what steers a terminal is escaped in a file's name.
fn property(text: &str) -> String {
    let steers = |c: char| c.is_control() && c != '\r' && c != '\n';
    let text = data(text).replace(':', "%3A").replace(',', "%2C");
    if text.contains(steers) { escape(&text).into_owned() } else { text }
}
