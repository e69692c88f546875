//! GitLab's code quality report.

use serde_json::{Value, json};

use super::json::ascii_controls;
use super::places::{fingerprinted, path, region, shown};
use super::{Subject, escape};
use crate::finding::Severity;

/// A list of all findings, empty where there are none. No fingerprint knows a line number.
pub fn gitlab(subject: &Subject<'_>) -> String {
    let findings = fingerprinted(subject.outcome, subject.workspace);
    let issues = findings.into_iter().map(|(finding, fingerprint)| {
        let note = shown(subject.workspace, finding);
        json!({
            "description": escape(&finding.message),
            "check_name": finding.rule.id,
            "fingerprint": fingerprint,
            "severity": match finding.severity {
                Severity::Error => "critical",
                Severity::Warning => "major",
                Severity::Note => "info",
            },
            "location": {
                "path": path(subject.workspace, note.span.file),
                "lines": { "begin": region(subject.workspace, note.span).line },
            },
        })
    });
    let issues: Vec<Value> = issues.collect();
    ascii_controls(&format!("{:#}", Value::from(issues)))
}
