//! Where the time of a run went, and what each root and each rule said.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::time::Duration;

use unicode_width::UnicodeWidthStr;

use super::escape;
use super::order::Ordered;
use crate::finding::{Outcome, Severity};
use crate::source::Sources;
use crate::stages::{Stage, Work};

/// So many roots are told, those that took longest.
const ROOTS: usize = 20;

/// What one root or one rule took and said: errors, warnings, notes, open verdicts.
#[derive(Debug, Default, Clone, Copy)]
struct Line {
    time: Duration,
    said: [usize; 4],
}

/// The tables of stages, roots and rules; `spent` is the time of all threads together, `whole` that of the
/// clock.
pub fn statistics(
    outcome: &Outcome,
    sources: &Sources,
    spent: &BTreeMap<Work, Duration>,
    whole: Duration,
) -> String {
    let mut roots: BTreeMap<&str, Line> =
        outcome.roots.iter().map(|root| (root.as_str(), Line::default())).collect();
    let mut rules: BTreeMap<&str, Line> =
        outcome.ran.iter().map(|rule| (*rule, Line::default())).collect();
    for (work, time) in spent {
        if let Some(root) = &work.root {
            roots.entry(root).or_default().time += *time;
        }
        if let Some(rule) = work.rule {
            rules.entry(rule).or_default().time += *time;
        }
    }
    let ordered = Ordered::new(outcome, sources);
    for finding in &ordered.findings {
        let at = match finding.severity {
            Severity::Error => 0,
            Severity::Warning => 1,
            Severity::Note => 2,
        };
        roots.entry(&finding.root).or_default().said[at] += 1;
        rules.entry(finding.rule.id).or_default().said[at] += 1;
    }
    for open in &ordered.undecided {
        rules.entry(open.rule.id).or_default().said[3] += 1;
    }
    let mut out = stages(spent, whole);
    out.push_str(&table(&["root", "errors", "warnings", "notes"], roots, ROOTS));
    let all = rules.len();
    out.push_str(&table(&["rule", "errors", "warnings", "notes", "undecided"], rules, all));
    out
}

/// What each stage took.
fn stages(spent: &BTreeMap<Work, Duration>, whole: Duration) -> String {
    let of =
        |stage| spent.iter().filter(move |(work, _)| work.stage == stage).map(|(_, time)| *time);
    let row = |name: &str, time: Duration| vec![name.to_owned(), seconds(time)];
    let mut rows = vec![vec!["stage".to_owned(), "time".to_owned()]];
    rows.extend(Stage::ALL.map(|stage| row(stage.as_str(), of(stage).sum())));
    rows.push(row("all, of all threads together", spent.values().sum()));
    rows.push(row("by the clock", whole));
    columns(&rows)
}

/// What took longest first.
fn table(head: &[&str], lines: BTreeMap<&str, Line>, most: usize) -> String {
    let mut lines: Vec<_> = lines.into_iter().collect();
    lines.sort_by_key(|(_, line)| Reverse(line.time));
    let said = head.len() - 1;
    let mut rows = vec![head.iter().chain(&["time"]).map(|word| (*word).to_owned()).collect()];
    for (name, line) in lines.iter().take(most) {
        let said = line.said[..said].iter().map(ToString::to_string);
        let name = std::iter::once(escape(name).into_owned());
        rows.push(name.chain(said).chain([seconds(line.time)]).collect());
    }
    let mut out = format!("\n{}", columns(&rows));
    if let Some(more) = lines.len().checked_sub(most).filter(|more| *more > 0) {
        let _ = writeln!(out, "and {more} more");
    }
    out
}

fn seconds(time: Duration) -> String {
    format!("{:.3} s", time.as_secs_f64())
}

/// Rows with the first cell on the left of its column, the others on the right of theirs.
fn columns(rows: &[Vec<String>]) -> String {
    let widths: Vec<usize> = (0..rows[0].len())
        .map(|at| rows.iter().map(|row| row[at].width()).max().unwrap_or(0))
        .collect();
    let mut out = String::new();
    for row in rows {
        for (at, (cell, width)) in row.iter().zip(&widths).enumerate() {
            let blanks = " ".repeat(width - cell.width());
            let _ = if at == 0 {
                write!(out, "{cell}{blanks}")
            } else {
                write!(out, "  {blanks}{cell}")
            };
        }
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::samples::sample;
    use super::*;

    #[test]
    fn each_table_says_what_took_longest_first() {
        let (mut outcome, sources) = sample(false);
        outcome.roots = vec!["a".into(), "infra".into()];
        outcome.ran = vec!["missing-peering-route", "dead-target"];
        for finding in &mut outcome.findings {
            finding.root = "infra".into();
        }
        let by = |stage: Stage, rule| Work { rule: Some(rule), ..stage.of("infra") };
        let spent = [
            (Stage::Parse.into(), 4_000),
            (Stage::Network.of("a"), 1),
            (by(Stage::Checks, "dead-target"), 30),
            (by(Stage::Simulation, "missing-peering-route"), 200),
            (by(Stage::Checks, "missing-peering-route"), 20),
        ];
        let spent = spent.into_iter().map(|(work, ms)| (work, Duration::from_millis(ms))).collect();
        let text = statistics(&outcome, &sources, &spent, Duration::from_millis(3_200));
        insta::assert_snapshot!(text, @"
        stage                            time
        discovery                     0.000 s
        read                          0.000 s
        parse                         4.000 s
        evaluate                      0.000 s
        network                       0.001 s
        simulation                    0.200 s
        checks                        0.050 s
        report                        0.000 s
        all, of all threads together  4.251 s
        by the clock                  3.200 s

        root   errors  warnings  notes     time
        infra       1         1      0  0.250 s
        a           0         0      0  0.001 s

        rule                   errors  warnings  notes  undecided     time
        missing-peering-route       1         1      0          2  0.220 s
        dead-target                 0         0      0          0  0.030 s
        ");
    }

    #[test]
    fn only_the_longest_roots_are_told() {
        let roots: Vec<String> = (0..25).map(|at| format!("root-{at}")).collect();
        let outcome = Outcome { roots, ..Outcome::default() };
        let spent = [(Stage::Evaluate.of("root-7"), Duration::from_secs(1))].into();
        let text = statistics(&outcome, &Sources::default(), &spent, Duration::ZERO);
        assert_eq!(text.lines().filter(|line| line.starts_with("root-")).count(), ROOTS);
        assert!(text.contains("and 5 more\n"), "{text}");
        let first = text.lines().skip_while(|line| !line.starts_with("root ")).nth(1);
        assert!(first.is_some_and(|line| line.starts_with("root-7 ")), "{text}");
    }
}
