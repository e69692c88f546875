//! Markdown: a comment on a pull request, a summary of a step.

use std::fmt::Write;

use super::order::Ordered;
use super::places::{fingerprinted, path, region, shown};
use super::text::last_line;
use super::{Subject, escape};
use crate::diagram::{Picture, mermaid};
use crate::finding::Finding;

/// By this a comment is found again, to be replaced.
const MARKER: &str = "<!-- eksdns-lint -->";

/// A picture with more text is not drawn (<https://mermaid.js.org/config/schema-docs/config.html>, `maxTextSize`).
const DRAWN: usize = 50_000;

/// The same for the summary of a step, with pictures of the paths that findings are about.
pub fn summary<'p>(
    subject: &Subject<'_>,
    pictures: impl IntoIterator<Item = &'p Picture>,
) -> String {
    let mut out = markdown(subject);
    for picture in pictures {
        let drawing = mermaid(picture);
        if drawing.len() < DRAWN {
            let heading = text(&picture.heading());
            let _ = write!(out, "\n### {heading}\n\n```mermaid\n{drawing}```\n");
        }
    }
    out
}

/// A table of the findings, and what to do about each.
pub fn markdown(subject: &Subject<'_>) -> String {
    let ordered = Ordered::new(subject.outcome, subject.workspace.sources());
    let mut out = format!("{MARKER}\n## eksdns-lint\n\n");
    let _ = writeln!(out, "{}", text(&last_line(subject.outcome, &ordered)));
    let findings = fingerprinted(subject.outcome, subject.workspace);
    if !findings.is_empty() {
        out.push_str("\n| severity | rule | place | finding |\n|---|---|---|---|\n");
    }
    for (finding, _) in &findings {
        let _ = writeln!(
            out,
            "| {} | `{}` | {} | {} |",
            finding.severity,
            finding.rule.id,
            place(subject, finding),
            text(&finding.message)
        );
    }
    for (finding, _) in &findings {
        let _ = write!(out, "\n<details><summary>{}</summary>\n\n", html(&finding.message));
        for (at, note) in finding.labels.iter().enumerate() {
            let file = path(subject.workspace, note.span.file);
            let line = region(subject.workspace, note.span).line;
            let _ = writeln!(out, "{}. {}:{line}: {}", at + 1, text(&file), text(&note.text));
        }
        if !finding.help.is_empty() {
            let lines: Vec<_> =
                finding.help.lines().map(|line| format!("    {}\n", escape(line))).collect();
            let _ = write!(out, "\nTo do:\n\n{}", lines.concat());
        }
        out.push_str("\n</details>\n");
    }
    for failure in subject.failures {
        let _ = writeln!(out, "\n**error**: {}", text(failure));
    }
    out
}

fn place(subject: &Subject<'_>, finding: &Finding) -> String {
    let note = shown(subject.workspace, finding);
    let file = path(subject.workspace, note.span.file);
    format!("{}:{}", text(&file), region(subject.workspace, note.span).line)
}

/// A text inside of HTML, where Markdown does not hold.
fn html(text: &str) -> String {
    escape(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// A text that is nothing but text, in a cell of a table too.
pub(super) fn text(text: &str) -> String {
    let mut out = String::new();
    for c in escape(text).chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '|' | '*' | '_' | '`' | '[' | ']' | '\\' | '~' | '#' | '@' | '!' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out
}
