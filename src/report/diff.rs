//! What changed between two states: for people, for a pull request, for programs.

use std::fmt::Write;

use serde_json::{Value, json};

use super::escape;
use super::json::ascii_controls;
use super::markdown;
use crate::compare::{Change, Findings, Kind, What};
use crate::finding::{Finding, Severity};
use crate::source::{Sources, Span};
use crate::trace::Path;

/// Two states, and what is different.
#[derive(Debug)]
pub struct Difference<'a> {
    /// What the two are called.
    pub names: (String, String),
    /// What became of paths.
    pub changes: Vec<Change<'a>>,
    /// What became of findings.
    pub findings: Findings,
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
    for told in told(difference) {
        let (rule, severity) = (told.finding.rule.id, told.finding.severity);
        let message = escape(&told.finding.message).into_owned();
        let _ = writeln!(out, "{} {severity}[{rule}]: {message}", told.word);
        if let Some(was) = told.was {
            let _ = writeln!(out, "  was: {was}");
        }
        let _ = writeln!(out, "  at: {}", escape(&told.place()));
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
    let told = told(difference);
    if !told.is_empty() {
        out.push_str("\n| finding | severity | rule | place | message |\n|---|---|---|---|---|\n");
    }
    for told in told {
        let severity = told.finding.severity;
        let severity = match told.was {
            Some(was) => format!("{severity}, was {was}"),
            None => severity.to_string(),
        };
        let _ = writeln!(
            out,
            "| {} | {severity} | `{}` | {} | {} |",
            told.word,
            told.finding.rule.id,
            markdown::text(&told.place()),
            markdown::text(&told.finding.message)
        );
    }
    out
}

/// A finding, and what became of it.
struct Told<'d> {
    word: &'static str,
    finding: &'d Finding,
    was: Option<Severity>,
    sources: &'d Sources,
}

impl Told<'_> {
    fn place(&self) -> String {
        self.sources.place(self.finding.primary.span)
    }
}

/// What became of all findings that are not as they were.
fn told<'d>(difference: &'d Difference<'_>) -> Vec<Told<'d>> {
    let Findings { new, gone, changed } = &difference.findings;
    let (before, after) = difference.sources;
    let one = |word, sources| move |finding| Told { word, finding, was: None, sources };
    let changed = changed.iter().map(|one| {
        let was = Some(one.was);
        Told { word: "changed", finding: &one.finding, was, sources: after }
    });
    new.iter()
        .map(one("new", after))
        .chain(changed)
        .chain(gone.iter().map(one("gone", before)))
        .collect()
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
    let findings = |word: &str| -> Vec<Value> {
        let told = told(difference).into_iter().filter(|told| told.word == word);
        told.map(|told| {
            let span = told.finding.primary.span;
            let file = told.sources.file(span.file);
            let mut json = json!({
                "rule": told.finding.rule.id,
                "severity": told.finding.severity.as_str(),
                "message": told.finding.message,
                "path": file.path,
                "line": file.position(span.start).0,
            });
            if let Some(was) = told.was {
                json["was"] = json!(was.as_str());
            }
            json
        })
        .collect()
    };
    let report = json!({
        "version": 1,
        "base": difference.names.0,
        "head": difference.names.1,
        "changes": difference.changes.iter().map(change).collect::<Vec<_>>(),
        "new": findings("new"),
        "changed": findings("changed"),
        "gone": findings("gone"),
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
    let Findings { new, gone, changed } = &difference.findings;
    let changed = match changed.len() {
        0 => String::new(),
        number => format!(", {number} changed"),
    };
    let open = match difference.open {
        0 => String::new(),
        1 => "; 1 path is undecided in both".to_owned(),
        open => format!("; {open} paths are undecided in both"),
    };
    format!(
        "{} to {}: {} lost, {} gained; {} new, {} gone{changed}{open}",
        difference.names.0,
        difference.names.1,
        count(Kind::Lost),
        count(Kind::Gained),
        findings(new.len()),
        findings(gone.len()),
    )
}

fn findings(number: usize) -> String {
    if number == 1 { "1 finding".to_owned() } else { format!("{number} findings") }
}
