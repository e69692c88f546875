//! The JSON report: stable, the same bytes for the same input.

use std::collections::BTreeSet;
use std::fmt::Write;

use serde::Serialize;

use super::escape::is_unsafe;
use super::order::Ordered;
use crate::finding::{Finding, Outcome, Severity, Undecided};
use crate::source::{Note, Sources, Span};

#[derive(Serialize)]
struct Report<'a> {
    version: u32,
    findings: Vec<JsonFinding<'a>>,
    undecided: Vec<JsonUndecided<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    unseen: Vec<JsonUnseen<'a>>,
    summary: Summary,
}

#[derive(Serialize)]
struct JsonUnseen<'a> {
    name: &'a str,
    reason: &'a str,
}

#[derive(Serialize)]
struct JsonFinding<'a> {
    rule: &'a str,
    severity: &'a str,
    message: &'a str,
    #[serde(flatten)]
    place: Place,
    labels: Vec<Label<'a>>,
    help: &'a str,
    fingerprint: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    constructs: Vec<JsonConstruct<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    environments: Vec<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    conditions: Vec<&'a str>,
}

#[derive(Serialize)]
struct JsonConstruct<'a> {
    address: &'a str,
    path: &'a str,
}

#[derive(Serialize)]
struct Label<'a> {
    #[serde(flatten)]
    place: Place,
    message: &'a str,
}

#[derive(Serialize)]
struct JsonUndecided<'a> {
    rule: &'a str,
    reason: String,
    inputs: BTreeSet<&'a str>,
    #[serde(flatten)]
    place: Place,
}

#[derive(Serialize)]
pub(super) struct Place {
    path: String,
    start: Position,
    end: Position,
}

#[derive(Serialize)]
struct Position {
    line: u32,
    column: u32,
}

#[derive(Serialize)]
struct Summary {
    roots: usize,
    vpcs: usize,
    clusters: usize,
    errors: usize,
    warnings: usize,
    notes: usize,
    undecided: usize,
}

/// Each once, in order.
fn unseen(outcome: &Outcome) -> Vec<JsonUnseen<'_>> {
    let all: BTreeSet<_> = outcome.unseen.iter().map(|one| (&one.name, &one.reason)).collect();
    all.into_iter().map(|(name, reason)| JsonUnseen { name, reason }).collect()
}

/// The report of an outcome as JSON, with a line end.
///
/// Lines and columns count from 1, columns count characters, an end is the column after the last one.
pub fn json(outcome: &Outcome, sources: &Sources) -> String {
    let ordered = Ordered::new(outcome, sources);
    let findings = ordered.findings.iter().zip(ordered.fingerprints());
    let findings = findings.map(|(finding, print)| json_finding(finding, print, sources));
    let report = Report {
        version: 1,
        findings: findings.collect(),
        undecided: ordered.undecided.iter().map(|open| json_undecided(open, sources)).collect(),
        unseen: unseen(outcome),
        summary: Summary {
            roots: outcome.counts.roots,
            vpcs: outcome.counts.vpcs,
            clusters: outcome.counts.clusters,
            errors: ordered.count(Severity::Error),
            warnings: ordered.count(Severity::Warning),
            notes: ordered.count(Severity::Note),
            undecided: ordered.undecided.len(),
        },
    };
    // Structs of strings and numbers always serialise.
    let text = serde_json::to_string_pretty(&report).unwrap_or_default();
    ascii_controls(&text)
}

fn json_finding<'a>(
    finding: &'a Finding,
    fingerprint: String,
    sources: &Sources,
) -> JsonFinding<'a> {
    let label = |note: &'a Note| Label { place: place(note.span, sources), message: &note.text };
    JsonFinding {
        rule: finding.rule.id,
        severity: finding.severity.as_str(),
        message: &finding.message,
        place: place(finding.primary.span, sources),
        labels: finding.labels.iter().map(label).collect(),
        help: &finding.help,
        fingerprint,
        constructs: finding
            .constructs
            .iter()
            .map(|one| JsonConstruct { address: &one.address, path: &one.path })
            .collect(),
        environments: finding.environments.with.iter().map(|name| &**name).collect(),
        conditions: finding.environments.under.iter().map(|text| &**text).collect(),
    }
}

fn json_undecided<'a>(open: &'a Undecided, sources: &Sources) -> JsonUndecided<'a> {
    JsonUndecided {
        rule: open.rule.id,
        reason: open.unknown.to_string(),
        inputs: open.unknown.inputs().map(|input| &*input.name).collect(),
        place: place(open.span, sources),
    }
}

pub(super) fn place(span: Span, sources: &Sources) -> Place {
    let file = sources.file(span.file);
    let position = |offset| {
        let (line, column) = file.position(offset);
        Position { line, column }
    };
    Place { path: file.path.clone(), start: position(span.start), end: position(span.end) }
}

/// The same JSON, whose strings carry no character that steers or deceives a terminal.
pub(super) fn ascii_controls(json: &str) -> String {
    let mut out = String::with_capacity(json.len() + 1);
    for c in json.chars() {
        if c != '\n' && is_unsafe(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(c);
        }
    }
    out.push('\n');
    out
}

#[cfg(test)]
mod tests {
    use super::super::samples::{finding, sample};
    use super::*;

    #[test]
    #[expect(clippy::too_many_lines, reason = "the whole report, to be read")]
    fn has_the_promised_form() {
        let (outcome, sources) = sample(false);
        insta::assert_snapshot!(json(&outcome, &sources), @r#"
        {
          "version": 1,
          "findings": [
            {
              "rule": "missing-peering-route",
              "severity": "warning",
              "message": "aws_vpc.client has no route to aws_vpc.eks",
              "path": "infra/eks.tf",
              "start": {
                "line": 1,
                "column": 1
              },
              "end": {
                "line": 1,
                "column": 9
              },
              "labels": [],
              "help": "",
              "fingerprint": "f638993f259af204"
            },
            {
              "rule": "missing-peering-route",
              "severity": "error",
              "message": "aws_vpc.client has no route to aws_vpc.eks",
              "path": "infra/main.tf",
              "start": {
                "line": 6,
                "column": 1
              },
              "end": {
                "line": 6,
                "column": 36
              },
              "labels": [
                {
                  "path": "infra/eks.tf",
                  "start": {
                    "line": 1,
                    "column": 1
                  },
                  "end": {
                    "line": 1,
                    "column": 34
                  },
                  "message": "the cluster"
                },
                {
                  "path": "infra/main.tf",
                  "start": {
                    "line": 3,
                    "column": 17
                  },
                  "end": {
                    "line": 3,
                    "column": 31
                  },
                  "message": "its VPC is peered here"
                }
              ],
              "help": "add to aws_route_table.client a route with destination 10.1.0.0/16 over aws_vpc_peering_connection.peer:\n  vpc_peering_connection_id = aws_vpc_peering_connection.peer.id",
              "fingerprint": "8fe81a591ac54c5e"
            }
          ],
          "undecided": [
            {
              "rule": "missing-peering-route",
              "reason": "var.c has no value in the code; var.vpc_id has no value in the code",
              "inputs": [
                "var.c",
                "var.vpc_id"
              ],
              "path": "infra/eks.tf",
              "start": {
                "line": 1,
                "column": 1
              },
              "end": {
                "line": 1,
                "column": 9
              }
            },
            {
              "rule": "missing-peering-route",
              "reason": "var.a has no value in the code; var.b has no value in the code; var.vpc_id has no value in the code",
              "inputs": [
                "var.a",
                "var.b",
                "var.vpc_id"
              ],
              "path": "infra/main.tf",
              "start": {
                "line": 3,
                "column": 17
              },
              "end": {
                "line": 3,
                "column": 31
              }
            }
          ],
          "summary": {
            "roots": 2,
            "vpcs": 3,
            "clusters": 1,
            "errors": 1,
            "warnings": 1,
            "notes": 0,
            "undecided": 2
          }
        }
        "#);
    }

    #[test]
    fn is_the_same_whatever_the_order_of_reading() {
        let ((a, files), (b, reversed)) = (sample(false), sample(true));
        assert_eq!(json(&a, &files), json(&b, &reversed));
    }

    #[test]
    fn columns_count_characters_and_strings_are_harmless() {
        let sources = Sources::default();
        let file = sources.add("a\u{202e}.tf", "é日\u{1b}x");
        let mut finding = finding(Span::new(file, 5..7), vec![]);
        finding.message = "\u{e0041}\u{9b}\n".to_owned();
        let outcome = Outcome { findings: vec![finding.clone()], ..Outcome::default() };
        let text = json(&outcome, &sources);
        assert!(text.is_ascii(), "{text}");
        let back: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(back["findings"][0]["message"], finding.message.as_str());
        assert_eq!(back["findings"][0]["path"], "a\u{202e}.tf");
        assert_eq!(back["findings"][0]["start"]["column"], 3);
        assert_eq!(back["findings"][0]["end"]["column"], 5);
    }

    #[test]
    fn equal_faults_have_different_fingerprints() {
        let sources = Sources::default();
        let file = sources.add("a.tf", "xy");
        let at = |start| finding(Span::new(file, start..start + 1), vec![]);
        let outcome = Outcome { findings: vec![at(1), at(0), at(0)], ..Outcome::default() };
        let back: serde_json::Value = serde_json::from_str(&json(&outcome, &sources)).unwrap();
        let found = back["findings"].as_array().unwrap();
        assert_eq!(found.len(), 2);
        assert_eq!(found[0]["fingerprint"], at(0).fingerprint(0));
        assert_eq!(found[1]["fingerprint"], at(0).fingerprint(1));
    }
}
