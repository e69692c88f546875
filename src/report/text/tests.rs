//! The text report on hand-made and on hostile sources.

use super::super::samples::{finding, sample, span, undecided};
use super::*;
use crate::finding::Counts;
use crate::source::Span;

const PLAIN: Style =
    Style { colour: false, links: false, width: None, sort: Sort::File, detail: Detail::Normal };
const COLOURED: Style = Style { colour: true, ..PLAIN };

fn one(path: &str, source: &str, marked: &str) -> String {
    let sources = Sources::default();
    let file = sources.add(path, source);
    let mut finding = finding(span(&sources, file, marked), vec![]);
    finding.help = String::new();
    snippet(&finding, &sources, PLAIN)
}

#[test]
fn looks_like_a_compiler() {
    let (outcome, sources) = sample(false);
    insta::assert_snapshot!(text(&outcome, &sources, PLAIN), @r#"
    warning[missing-peering-route]: aws_vpc.client has no route to aws_vpc.eks
      ┌─ infra/eks.tf:1:1
      │
    1 │ resource "aws_eks_cluster" "main" {
      │ ^^^^^^^^ no route to 10.1.0.0/16

    error[missing-peering-route]: aws_vpc.client has no route to aws_vpc.eks
      ┌─ infra/main.tf:6:1
      │
    3 │   peer_vpc_id = aws_vpc.eks.id
      │                 -------------- 2: its VPC is peered here
      ·
    6 │ resource "aws_route_table" "client" {
      │ ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ no route to 10.1.0.0/16
      │
      ┌─ infra/eks.tf:1:1
      │
    1 │ resource "aws_eks_cluster" "main" {
      │ --------------------------------- 1: the cluster
      │
      = help: add to aws_route_table.client a route with destination 10.1.0.0/16
              over aws_vpc_peering_connection.peer:
                vpc_peering_connection_id = aws_vpc_peering_connection.peer.id

    undecided[missing-peering-route]: 2 verdicts, the first at infra/eks.tf:1:1:
      var.c has no value in the code; var.vpc_id has no value in the code

    2 roots, 3 VPCs, 1 cluster: 1 error, 1 warning, 0 notes; 2 verdicts undecided: they need var.vpc_id, var.a, var.b (1 more)
    "#);
}

#[test]
fn is_the_same_whatever_the_order_of_reading() {
    let ((a, files), (b, reversed)) = (sample(false), sample(true));
    assert_eq!(text(&a, &files, PLAIN), text(&b, &reversed, PLAIN));
}

#[test]
fn colour_changes_nothing_but_colour() {
    let (outcome, sources) = sample(false);
    let coloured = text(&outcome, &sources, COLOURED);
    assert!(coloured.contains("\u{1b}[") && !text(&outcome, &sources, PLAIN).contains('\u{1b}'));
    let stripped = anstream::adapter::strip_str(&coloured).to_string();
    let blank =
        |text: &str| text.lines().map(|line| line.trim_end().to_owned()).collect::<Vec<_>>();
    assert_eq!(blank(&stripped), blank(&text(&outcome, &sources, PLAIN)));
}

#[test]
fn says_plainly_that_nothing_was_found() {
    let sources = Sources::default();
    let counts = Counts { roots: 1, vpcs: 0, clusters: 1 };
    let outcome = Outcome { counts, ..Outcome::default() };
    assert_eq!(text(&outcome, &sources, PLAIN), "1 root, 0 VPCs, 1 cluster: nothing found\n");
}

#[test]
fn one_open_verdict_is_one() {
    let sources = Sources::default();
    let file = sources.add("a.tf", "x");
    let open = undecided(Span::new(file, 0..1), &["var.x\u{1b}"]);
    let outcome = Outcome { undecided: vec![open.clone(), open], ..Outcome::default() };
    insta::assert_snapshot!(text(&outcome, &sources, PLAIN), @r#"
    undecided[missing-peering-route]: 1 verdict at a.tf:1:1:
      var.x\u{1b} has no value in the code

    0 roots, 0 VPCs, 0 clusters: nothing found; 1 verdict undecided: it needs var.x\u{1b}
    "#);
}

#[test]
fn nothing_steers_the_terminal() {
    let shown = one("\u{1b}]0;x\u{7}.tf", "a\u{1b}[2J = \"\u{202e}x\"\tb\r\n", "\u{202e}x");
    insta::assert_snapshot!(shown, @r#"
    error[missing-peering-route]: aws_vpc.client has no route to aws_vpc.eks
      ┌─ \u{1b}]0;x\u{7}.tf:1:10
      │
    1 │ a\u{1b}[2J = "\u{202e}x"  b
      │               ^^^^^^^^^ no route to 10.1.0.0/16
    "#);
    let sources = Sources::default();
    let file = sources.add("a.tf", "x");
    let mut bad = finding(Span::new(file, 0..1), vec![]);
    for text in [&mut bad.message, &mut bad.primary.text, &mut bad.help] {
        *text = "\u{1b}[31m\u{202e}\r".to_owned();
    }
    let shown = snippet(&bad, &sources, PLAIN);
    assert!(!shown.chars().any(|c| c != '\n' && super::super::escape::is_unsafe(c)), "{shown:?}");
}

#[test]
fn a_long_line_and_a_long_file_stay_small() {
    let line = format!("{}HERE{}", "x".repeat(500_000), "日".repeat(200_000));
    insta::assert_snapshot!(one("a.tf", &line, "HERE"), @r#"
    error[missing-peering-route]: aws_vpc.client has no route to aws_vpc.eks
      ┌─ a.tf:1:500001
      │
    1 │ …xxxxxxxxxxxxxxxxxxxxxxxxHERE日日日日日日日日日日日日日日日日日日日日日日日日…
      │                          ^^^^ no route to 10.1.0.0/16
    "#);
    let file = "resource\n".repeat(50_000) + "HERE";
    insta::assert_snapshot!(one("a.tf", &file, "HERE"), @r#"
    error[missing-peering-route]: aws_vpc.client has no route to aws_vpc.eks
          ┌─ a.tf:50001:1
          │
    50001 │ HERE
          │ ^^^^ no route to 10.1.0.0/16
    "#);
    insta::assert_snapshot!(one("a.tf", &file, &file), @r#"
    error[missing-peering-route]: aws_vpc.client has no route to aws_vpc.eks
          ┌─ a.tf:1:1
          │
        1 │ ╭ resource
        2 │ │ resource
        3 │ │ resource
        4 │ │ resource
          · │
    50000 │ │ resource
    50001 │ │ HERE
          │ ╰────^ no route to 10.1.0.0/16
    "#);
}

#[test]
fn every_span_can_be_shown() {
    for text in ["", "\n", "a\r\nb", "é\n\n日本\u{202e}\n"] {
        let sources = Sources::default();
        let file = sources.add("a.tf", text);
        for start in 0..text.len() + 2 {
            for end in start..text.len() + 2 {
                let here = Span::new(file, start..end);
                let shown = snippet(&finding(here, vec![Note::new(here, "x")]), &sources, PLAIN);
                assert!(shown.contains("no route"), "{text:?} {start}..{end}\n{shown}");
            }
        }
    }
}

#[test]
fn findings_stand_in_the_order_that_is_asked_for() {
    let (outcome, sources) = sample(false);
    let headings = |sort| {
        let text = text(&outcome, &sources, Style { sort, ..PLAIN });
        let heading = |line: &&str| line.starts_with("error[") || line.starts_with("warning[");
        text.lines().filter(heading).map(|line| line[..5].to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(headings(Sort::File), ["warni", "error"], "infra/eks.tf comes before infra/main.tf");
    assert_eq!(headings(Sort::Severity), ["error", "warni"]);
    assert_eq!(headings(Sort::Rule), ["warni", "error"]);

    let sources = Sources::default();
    let file = sources.add("a.tf", "x y");
    let at = |marked: &str, severity| Finding {
        severity,
        ..finding(span(&sources, file, marked), vec![])
    };
    let findings = vec![at("x", Severity::Note), at("y", Severity::Error)];
    let outcome = Outcome { findings, ..Outcome::default() };
    let text = text(&outcome, &sources, PLAIN);
    assert!(text.find("error[") < text.find("note["), "the most severe first: {text}");
    assert!(file == outcome.findings[0].primary.span.file);
}

#[test]
fn says_as_much_as_is_asked_for() {
    let (mut outcome, sources) = sample(false);
    outcome.roots = vec!["infra".into()];
    let said = |detail| text(&outcome, &sources, Style { detail, ..PLAIN });
    let (quiet, verbose) = (said(Detail::Quiet), said(Detail::Verbose));
    assert!(quiet.contains("error[") && !quiet.contains("undecided") && !quiet.contains("roots"));
    assert!(verbose.matches("undecided[").count() == 2 && verbose.contains("looked at: infra\n"));
    assert!(said(Detail::Normal).contains("2 verdicts, the first at"));
}

#[test]
fn headings_fit_and_lead_to_the_page_of_their_rule() {
    let (outcome, sources) = sample(false);
    let narrow = text(&outcome, &sources, Style { width: Some(40), ..COLOURED });
    let plain = anstream::adapter::strip_str(&narrow).to_string();
    let heading =
        "error[missing-peering-route]:\n  aws_vpc.client has no route to\n  aws_vpc.eks\n";
    assert!(plain.contains(heading), "{plain}");
    let linked = text(&outcome, &sources, Style { links: true, ..PLAIN });
    let link = "error[\u{1b}]8;;https://github.com/eksdns-lint/eksdns-lint/blob/main/rules/\
                missing-peering-route.md\u{1b}\\missing-peering-route\u{1b}]8;;\u{1b}\\]: ";
    assert!(linked.contains(link), "{linked}");
}
