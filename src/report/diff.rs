//! What changed between two states: for people, for a pull request, for programs.

use std::fmt::Write;

use serde_json::{Value, json};

use super::escape;
use super::json::ascii_controls;
use super::markdown;
use crate::compare::{Change, Kind, What};
use crate::finding::Finding;
use crate::source::{Sources, Span};
use crate::trace::Path;

/// Two states, and what is different.
#[derive(Debug)]
pub struct Difference<'a> {
    /// What the two are called.
    pub names: (String, String),
    /// What became of paths.
    pub changes: Vec<Change<'a>>,
    /// Findings that are new, and that are gone.
    pub findings: (Vec<Finding>, Vec<Finding>),
    /// The files that the findings of the two point into.
    pub sources: (&'a Sources, &'a Sources),
    /// The files that the paths of the second point into.
    pub hops: &'a Sources,
    /// How many paths cannot be told, before and after.
    pub open: usize,
}

/// By this a comment is found again, to be replaced.
const MARKER: &str = "<!-- eksdns-lint diff -->";

/// Like a compiler's list.
pub fn diff_text(difference: &Difference<'_>) -> String {
    let mut out = String::new();
    for kind in Kind::ALL {
        for change in difference.changes.iter().filter(|change| change.kind == kind) {
            let path = change.path();
            let _ = writeln!(out, "{}: {}", kind.as_str(), escape(&sentence(change)));
            let _ = writeln!(out, "  in {}", escape(&place(path)));
            for (word, side) in [("was", change.before), ("is", change.after)] {
                if let Some(path) = side {
                    let _ = writeln!(out, "  {word}: {}", escape(&state(path, change.what)));
                }
            }
            if let (Kind::Lost | Kind::Opened, Some(at)) = (kind, breaks(difference, change)) {
                let _ = writeln!(out, "  at: {}", escape(&at));
            }
        }
    }
    let (came, went) = &difference.findings;
    for (word, findings, sources) in
        [("new", came, difference.sources.1), ("gone", went, difference.sources.0)]
    {
        for finding in findings {
            let (rule, severity) = (finding.rule.id, finding.severity);
            let at = sources.place(finding.primary.span);
            let message = escape(&finding.message).into_owned();
            let _ = writeln!(out, "{word} {severity}[{rule}]: {message}\n  at: {}", escape(&at));
        }
    }
    let separator = if out.is_empty() { "" } else { "\n" };
    let _ = writeln!(out, "{separator}{}", last_line(difference));
    out
}

/// For a comment on a pull request.
pub fn diff_markdown(difference: &Difference<'_>) -> String {
    let mut out = format!("{MARKER}\n## eksdns-lint: what changes\n\n");
    let _ = writeln!(out, "{}", markdown::text(&last_line(difference)));
    if !difference.changes.is_empty() {
        out.push_str("\n| change | what | was | is |\n|---|---|---|---|\n");
    }
    for kind in Kind::ALL {
        for change in difference.changes.iter().filter(|change| change.kind == kind) {
            let side = |path: Option<&Path>| {
                path.map_or_else(|| "not there".to_owned(), |path| state(path, change.what))
            };
            let at = breaks(difference, change).filter(|_| kind == Kind::Lost);
            let at = at.map(|at| format!(" ({at})")).unwrap_or_default();
            let _ = writeln!(
                out,
                "| **{}** | {} in {} | {} | {} |",
                kind.as_str(),
                markdown::text(&sentence(change)),
                markdown::text(&place(change.path())),
                markdown::text(&side(change.before)),
                markdown::text(&format!("{}{at}", side(change.after)))
            );
        }
    }
    let (came, went) = &difference.findings;
    if !(came.is_empty() && went.is_empty()) {
        out.push_str("\n| finding | severity | rule | place | message |\n|---|---|---|---|---|\n");
    }
    for (word, findings, sources) in
        [("new", came, difference.sources.1), ("gone", went, difference.sources.0)]
    {
        for finding in findings {
            let _ = writeln!(
                out,
                "| {word} | {} | `{}` | {} | {} |",
                finding.severity,
                finding.rule.id,
                markdown::text(&sources.place(finding.primary.span)),
                markdown::text(&finding.message)
            );
        }
    }
    out
}

/// For programs, stable from version 1 on.
pub fn diff_json(difference: &Difference<'_>) -> String {
    let side = |path: Option<&Path>| {
        path.map(|path| {
            json!({
                "outcome": path.outcome.word,
                "name": { "outcome": path.name.word, "message": path.name.text },
                "connection": { "outcome": path.connection.word, "message": path.connection.text },
            })
        })
    };
    let change = |change: &Change<'_>| {
        let path = change.path();
        json!({
            "kind": change.kind.as_str(),
            "what": match change.what { What::Resolution => "resolution", What::Reach => "reach" },
            "root": path.root,
            "environment": path.environment,
            "from": path.from,
            "to": path.to,
            "before": side(change.before),
            "after": side(change.after),
        })
    };
    let findings = |findings: &[Finding], sources: &Sources| -> Vec<Value> {
        let one = |finding: &Finding| {
            let file = sources.file(finding.primary.span.file);
            json!({
                "rule": finding.rule.id,
                "severity": finding.severity.as_str(),
                "message": finding.message,
                "path": file.path,
                "line": file.position(finding.primary.span.start).0,
            })
        };
        findings.iter().map(one).collect()
    };
    let (came, went) = &difference.findings;
    let report = json!({
        "version": 1,
        "base": difference.names.0,
        "head": difference.names.1,
        "changes": difference.changes.iter().map(change).collect::<Vec<_>>(),
        "new": findings(came, difference.sources.1),
        "gone": findings(went, difference.sources.0),
        "undecided": difference.open,
    });
    ascii_controls(&format!("{report:#}"))
}

fn sentence(change: &Change<'_>) -> String {
    let path = change.path();
    let (from, to) = (&path.from, &path.to);
    match (change.kind, change.what) {
        (Kind::Lost, What::Resolution) => format!("{from} no longer resolves {to}"),
        (Kind::Lost, What::Reach) => format!("{from} no longer reaches {to}"),
        (Kind::Gained, What::Resolution) => format!("{from} resolves {to}"),
        (Kind::Gained, What::Reach) => format!("{from} reaches {to}"),
        (Kind::Answer, _) => format!("{from} gets another answer for {to}"),
        (Kind::Opened, What::Resolution) => {
            format!("whether {from} resolves {to} cannot be told any more")
        }
        (Kind::Opened, What::Reach) => {
            format!("whether {from} reaches {to} cannot be told any more")
        }
        (Kind::Decided, What::Resolution) => format!("what {from} gets for {to} can be told"),
        (Kind::Decided, What::Reach) => format!("whether {from} reaches {to} can be told"),
        (Kind::New, _) => format!("{from} and {to} are new"),
        (Kind::Gone, _) => format!("{from} or {to} is gone"),
    }
}

fn place(path: &Path) -> String {
    match &path.environment {
        Some(environment) => format!("{} ({environment})", path.root),
        None => path.root.clone(),
    }
}

fn state(path: &Path, what: What) -> String {
    match (what, path.connection.word) {
        (What::Resolution, _) | (What::Reach, "none") => path.name.text.clone(),
        (What::Reach, _) => path.connection.text.clone(),
    }
}

/// The last place on the way, as it is.
fn breaks(difference: &Difference<'_>, change: &Change<'_>) -> Option<String> {
    let after = change.after?;
    let hops = match change.what {
        What::Reach if !after.connection_hops.is_empty() => &after.connection_hops,
        _ => &after.name_hops,
    };
    let span: Span = hops.last()?.span;
    Some(difference.hops.place(span))
}

fn last_line(difference: &Difference<'_>) -> String {
    let count = |kind| difference.changes.iter().filter(|change| change.kind == kind).count();
    let (came, went) = &difference.findings;
    let open = match difference.open {
        0 => String::new(),
        1 => "; 1 path is undecided in both".to_owned(),
        open => format!("; {open} paths are undecided in both"),
    };
    format!(
        "{} to {}: {} lost, {} gained; {} new, {} gone{open}",
        difference.names.0,
        difference.names.1,
        count(Kind::Lost),
        count(Kind::Gained),
        findings(came.len()),
        findings(went.len()),
    )
}

fn findings(number: usize) -> String {
    if number == 1 { "1 finding".to_owned() } else { format!("{number} findings") }
}
