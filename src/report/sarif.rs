//! SARIF 2.1.0 as GitHub's code scanning takes it.

use hashbrown::HashMap;
use std::cmp::Reverse;
use std::fmt::Write;

use serde_json::{Value, json};

use super::json::ascii_controls;
use super::line_hash::line_hashes;
use super::places::{fingerprinted, path, region, shown};
use super::{Subject, escape};
use crate::finding::{Finding, Rule, Severity};
use crate::source::{FileId, Note};

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
/// More steps of a flow are not shown.
const STEPS: usize = 1000;
/// A run with more results is refused as a whole
/// (<https://docs.github.com/en/code-security/code-scanning/troubleshooting-sarif-uploads/results-exceed-limit>).
const RESULTS: usize = 25_000;
/// More characters of a description are not taken.
const DESCRIPTION: usize = 1024;

/// One run with all findings. Open verdicts and ignored findings would become alerts, and are left out.
pub fn sarif(subject: &Subject<'_>) -> String {
    let mut hashes = HashMap::new();
    let findings = fingerprinted(subject.outcome, subject.workspace);
    let (findings, left) = most_severe(findings, RESULTS);
    let results = findings.iter().map(|(finding, own)| result(subject, finding, own, &mut hashes));
    let results: Vec<Value> = results.collect();
    let notification = |level: &'static str| move |text: &String| json!({ "level": level, "message": { "text": escape(text) } });
    let failures = subject.failures.iter().map(notification("error"));
    let left = (left > 0).then(|| {
        format!(
            "{left} more findings are left out, the least severe: code scanning takes {RESULTS}"
        )
    });
    let warnings = subject.warnings.iter().chain(&left).map(notification("warning"));
    let told: Vec<Value> = failures.chain(warnings).collect();
    let rules: Vec<Value> = subject.rules.iter().map(|rule| descriptor(rule)).collect();
    let report = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "eksdns-lint",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            } },
            "columnKind": "unicodeCodePoints",
            "invocations": [{
                "executionSuccessful": subject.failures.is_empty(),
                "toolExecutionNotifications": told,
            }],
            "results": results,
        }],
    });
    ascii_controls(&format!("{report:#}"))
}

/// As many findings as are taken, in their order, and how many are left out.
fn most_severe(
    mut findings: Vec<(&Finding, String)>,
    most: usize,
) -> (Vec<(&Finding, String)>, usize) {
    let left = findings.len().saturating_sub(most);
    if left > 0 {
        findings.sort_by_key(|(finding, _)| Reverse(finding.severity));
        findings.truncate(most);
    }
    (findings, left)
}

fn descriptor(rule: &Rule) -> Value {
    let worst = rule.severities.iter().max().copied().unwrap_or(Severity::Note);
    let summary = rule.doc.lines().nth(2).unwrap_or(rule.summary);
    let full: String = summary.chars().take(DESCRIPTION).collect();
    json!({
        "id": rule.id,
        "name": rule.id,
        "shortDescription": { "text": rule.summary },
        "fullDescription": { "text": full },
        "help": { "text": rule.doc, "markdown": rule.doc },
        "defaultConfiguration": { "level": worst.as_str() },
        "properties": {
            "tags": ["eks", "dns", "network"],
            "precision": "high",
            "problem.severity": match worst {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Note => "recommendation",
            },
        },
    })
}

fn result(
    subject: &Subject<'_>,
    finding: &Finding,
    own: &str,
    hashes: &mut HashMap<FileId, Vec<String>>,
) -> Value {
    let primary = shown(subject.workspace, finding);
    let place = region(subject.workspace, primary.span);
    let file = primary.span.file;
    let lines = hashes
        .entry(file)
        .or_insert_with(|| line_hashes(&subject.workspace.sources().file(file).text));
    let line = lines.get(place.line.saturating_sub(1) as usize).cloned().unwrap_or_default();
    let mut text = format!("{}.", escape(&finding.message));
    if !finding.help.is_empty() {
        let _ = write!(text, " To do: {}.", escape(&finding.help.replace('\n', " ")));
    }
    let steps: Vec<&Note> = finding.labels.iter().take(STEPS - 1).collect();
    if !steps.is_empty() {
        let links: Vec<_> =
            steps.iter().enumerate().map(|(at, note)| link(at + 1, &note.text)).collect();
        let _ = write!(text, " See {}.", links.join(", "));
    }
    let related = steps.iter().enumerate().map(|(at, note)| {
        let mut place = location(subject, note, true);
        place["id"] = json!(at + 1);
        place
    });
    let related: Vec<Value> = related.collect();
    let flow = steps.iter().copied().chain([primary]);
    let flow: Vec<Value> =
        flow.map(|note| json!({ "location": location(subject, note, true) })).collect();
    let at = subject.rules.iter().position(|rule| rule.id == finding.rule.id);
    let mut result = json!({
        "ruleId": finding.rule.id,
        "level": finding.severity.as_str(),
        "message": { "text": text },
        "locations": [location(subject, primary, false)],
        "partialFingerprints": { "primaryLocationLineHash": line, "eksdnsLint/v1": own },
    });
    if let Some(at) = at {
        result["ruleIndex"] = json!(at);
    }
    if !related.is_empty() {
        result["relatedLocations"] = json!(related);
        result["codeFlows"] = json!([{ "threadFlows": [{ "locations": flow }] }]);
    }
    result
}

/// A link to a related place; its text has no bracket that could end it.
fn link(id: usize, text: &str) -> String {
    let text = escape(text).replace('[', "(").replace(']', ")");
    format!("[{text}]({id})")
}

fn location(subject: &Subject<'_>, note: &Note, told: bool) -> Value {
    let place = region(subject.workspace, note.span);
    let mut location = json!({
        "physicalLocation": {
            "artifactLocation": { "uri": uri(&path(subject.workspace, note.span.file)) },
            "region": {
                "startLine": place.line,
                "startColumn": place.column,
                "endLine": place.end_line,
                "endColumn": place.end_column,
            },
        },
    });
    if told {
        location["message"] = json!({ "text": escape(&note.text) });
    }
    location
}

/// A path as a relative URI: what is not plain is percent-encoded.
fn uri(path: &str) -> String {
    let mut uri = String::new();
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::super::samples::sample;
    use super::*;

    #[test]
    fn the_least_severe_are_left_out() {
        let (outcome, _) = sample(false);
        let findings = || outcome.findings.iter().map(|one| (one, String::new())).collect();
        let severities = |most| {
            let (kept, left) = most_severe(findings(), most);
            (kept.iter().map(|(one, _)| one.severity).collect::<Vec<_>>(), left)
        };
        let [error, warning] = [Severity::Error, Severity::Warning];
        assert_eq!(
            severities(3),
            (vec![error, warning, error], 0),
            "nothing is moved without need"
        );
        assert_eq!(severities(2), (vec![error, error], 1));
        assert_eq!(severities(0), (vec![], 3));
    }
}
