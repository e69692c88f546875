//! Hand-made outcomes that the formats are tested on.

use std::collections::BTreeSet;

use crate::finding::{Counts, Environments, Finding, Outcome, Rule, Severity, Undecided};
use crate::source::{FileId, Note, Sources, Span};
use crate::unknown::{Unknown, Why};

pub(super) static ROUTE: Rule = Rule {
    id: "missing-peering-route",
    summary: "a path over a peering connection lacks a route",
    severities: &[Severity::Error, Severity::Warning],
    languages: crate::source::Language::ALL,
    doc: "rules/missing-peering-route.md",
};

pub(super) const MAIN: &str = r#"resource "aws_vpc_peering_connection" "peer" {
  vpc_id      = aws_vpc.client.id
  peer_vpc_id = aws_vpc.eks.id
}

resource "aws_route_table" "client" {
  vpc_id = aws_vpc.client.id
}
"#;

/// The span of the first `text` in a file.
pub(super) fn span(sources: &Sources, file: FileId, text: &str) -> Span {
    let at = sources.file(file).text.find(text).expect("the text is there");
    Span::new(file, at..at + text.len())
}

pub(super) fn finding(primary: Span, labels: Vec<Note>) -> Finding {
    Finding {
        rule: &ROUTE,
        severity: Severity::Error,
        message: "aws_vpc.client has no route to aws_vpc.eks".to_owned(),
        primary: Note::new(primary, "no route to 10.1.0.0/16"),
        labels,
        help: "add to aws_route_table.client a route with destination 10.1.0.0/16 over \
               aws_vpc_peering_connection.peer:\n  vpc_peering_connection_id = \
               aws_vpc_peering_connection.peer.id"
            .to_owned(),
        subjects: vec!["aws_vpc.client".to_owned(), "aws_vpc.eks".to_owned()],
        root: "infra".to_owned(),
        stacks: BTreeSet::new(),
        constructs: Vec::new(),
        environments: Environments::default(),
    }
}

pub(super) fn undecided(span: Span, inputs: &[&str]) -> Undecided {
    let unknown = inputs.iter().map(|&name| Unknown::new(name, Why::NoValue));
    Undecided { rule: &ROUTE, unknown: Unknown::of_all(unknown).unwrap(), span }
}

/// Two files read in either order, a finding over both, and two open verdicts.
pub(super) fn sample(reversed: bool) -> (Outcome, Sources) {
    let sources = Sources::default();
    let dns = "resource \"aws_eks_cluster\" \"main\" {\n}\n";
    let (main, eks) = if reversed {
        let eks = sources.add("infra/eks.tf", dns);
        (sources.add("infra/main.tf", MAIN), eks)
    } else {
        (sources.add("infra/main.tf", MAIN), sources.add("infra/eks.tf", dns))
    };
    let at = |file, text| span(&sources, file, text);
    let labels = vec![
        Note::new(at(eks, r#"resource "aws_eks_cluster" "main""#), "the cluster"),
        Note::new(at(main, "aws_vpc.eks.id"), "its VPC is peered here"),
    ];
    let first = finding(at(main, r#"resource "aws_route_table" "client""#), labels);
    let mut second = finding(at(eks, "resource"), vec![]);
    second.severity = Severity::Warning;
    second.help = String::new();
    let mut findings = vec![first.clone(), second, first];
    if reversed {
        findings.reverse();
    }
    let open = vec![
        undecided(at(main, "aws_vpc.eks.id"), &["var.vpc_id", "var.a", "var.b"]),
        undecided(at(eks, "resource"), &["var.vpc_id", "var.c"]),
    ];
    let counts = Counts { roots: 2, vpcs: 3, clusters: 1 };
    (Outcome { findings, undecided: open, counts, ..Outcome::default() }, sources)
}
