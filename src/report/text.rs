//! The report for people: like a compiler's, with a last line that counts.

mod style;
mod wrap;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use codespan_reporting::diagnostic::{self, Diagnostic, Label};
use codespan_reporting::term::termcolor::Ansi;
use codespan_reporting::term::{self, Config, Styles, StylesWriter};

use super::escape::escape;
use super::excerpt::{AFTER_FIRST, BEFORE_LAST, Excerpt, Excerpts};
use super::order::Ordered;
use crate::finding::{Construct, Finding, Outcome, Severity, Undecided};
use crate::source::{FileId, Note, Sources};

pub use style::{Detail, Sort, Style};

/// Help is broken into lines of about this many characters where no width is known.
const WIDTH: usize = 72;
/// What stands before each line of help.
const BEFORE_HELP: usize = 8;
/// The last line names this many of the inputs that would decide what is open.
const INPUTS: usize = 3;
/// So many reasons why something was not seen are told.
const REASONS: usize = 4;
/// A reason in the summary is cut after this many characters.
const REASON: usize = 160;

/// The report of an outcome as text.
pub fn text(outcome: &Outcome, sources: &Sources, style: Style) -> String {
    let mut ordered = Ordered::new(outcome, sources);
    style.sort.apply(&mut ordered.findings, sources);
    let mut out = String::new();
    for finding in &ordered.findings {
        out.push_str(&snippet(finding, sources, style));
        out.push('\n');
    }
    if style.detail == Detail::Quiet {
        return out;
    }
    let open = open_verdicts(&ordered.undecided, sources, style);
    if !open.is_empty() {
        out.push_str(&open);
        out.push('\n');
    }
    out.push_str(&unseen(outcome));
    if style.detail == Detail::Verbose {
        out.push_str(&looked_at(outcome));
    }
    out.push_str(&wrap::line(&last_line(outcome, &ordered), style.width));
    out.push('\n');
    out
}

/// Every root that was looked at, a line each.
fn looked_at(outcome: &Outcome) -> String {
    let line = |out: String, root: &String| out + "looked at: " + &escape(root) + "\n";
    outcome.roots.iter().fold(String::new(), line)
}

/// One finding with its source lines.
fn snippet(finding: &Finding, sources: &Sources, style: Style) -> String {
    let (files, mut diagnostic) = diagnostic(finding, sources);
    if !finding.constructs.is_empty() {
        let named = |one: &Construct| format!("{} ({})", one.path, one.address);
        let all: Vec<_> = finding.constructs.iter().map(named).collect();
        diagnostic = diagnostic.with_note(escape(&format!("made by {}", all.join(", "))));
    }
    if !finding.environments.is_empty() {
        diagnostic = diagnostic.with_note(escape(&finding.environments.to_string()).into_owned());
    }
    if !finding.help.is_empty() {
        diagnostic = diagnostic.with_note(help(&finding.help, style.width));
    }
    let config = config();
    let mut bytes = Vec::new();
    let written = if style.colour {
        let styles = Styles::default();
        let mut writer = StylesWriter::new(Ansi::new(&mut bytes), &styles);
        term::emit_to_write_style(&mut writer, &config, &files, &diagnostic)
    } else {
        term::emit_to_io_write(&mut bytes, &config, &files, &diagnostic)
    };
    debug_assert!(written.is_ok(), "{written:?}");
    let text = String::from_utf8_lossy(&bytes);
    // The renderer leaves blanks at the end of lines, and an empty line at the end.
    let lines = text.trim_end().lines().map(str::trim_end).enumerate().map(|(at, line)| {
        if at > 0 {
            return format!("{line}\n");
        }
        let heading = wrap::line(line, style.width);
        let heading = if style.links { linked(&heading, finding) } else { heading };
        heading + "\n"
    });
    lines.collect()
}

/// A heading whose rule leads to its page, where the terminal knows such links
/// (<https://gist.github.com/egmontkob/eb114294efbcd5adb1944c9f3cb5feda>).
fn linked(heading: &str, finding: &Finding) -> String {
    let page = |id| format!("{}/blob/main/rules/{id}.md", env!("CARGO_PKG_REPOSITORY"));
    let id = finding.rule.id;
    let link = format!("[\u{1b}]8;;{}\u{1b}\\{id}\u{1b}]8;;\u{1b}\\]", page(id));
    heading.replacen(&format!("[{id}]"), &link, 1)
}

/// What a finding points at, and how it is labelled.
pub(super) fn diagnostic(finding: &Finding, sources: &Sources) -> (Excerpts, Diagnostic<usize>) {
    let (files, labels) = excerpts(finding, sources);
    let severity = match finding.severity {
        Severity::Error => diagnostic::Severity::Error,
        Severity::Warning => diagnostic::Severity::Warning,
        Severity::Note => diagnostic::Severity::Note,
    };
    let diagnostic = Diagnostic::new(severity)
        .with_code(finding.rule.id)
        .with_message(escape(&finding.message))
        .with_labels(labels);
    (files, diagnostic)
}

/// How source lines are shown.
pub(super) fn config() -> Config {
    Config {
        start_context_lines: AFTER_FIRST,
        end_context_lines: BEFORE_LAST,
        tab_width: 2,
        ..Config::default()
    }
}

/// The excerpts of all files that a finding points into, and its labels in them.
fn excerpts(finding: &Finding, sources: &Sources) -> (Excerpts, Vec<Label<usize>>) {
    let notes: Vec<&Note> = std::iter::once(&finding.primary).chain(&finding.labels).collect();
    let mut ids: Vec<FileId> = Vec::new();
    for note in &notes {
        if !ids.contains(&note.span.file) {
            ids.push(note.span.file);
        }
    }
    let mut excerpts = Vec::new();
    let mut labels = BTreeMap::new();
    for (at, &id) in ids.iter().enumerate() {
        let here: Vec<_> = (0..notes.len()).filter(|&n| notes[n].span.file == id).collect();
        let spans: Vec<_> = here.iter().map(|&n| notes[n].span).collect();
        let (excerpt, places) = Excerpt::new(&sources.file(id), &spans);
        excerpts.push(excerpt);
        for (n, place) in here.into_iter().zip(places) {
            let label =
                if n == 0 { Label::primary(at, place) } else { Label::secondary(at, place) };
            let text = escape(&notes[n].text);
            let numbered = n > 0 && finding.labels.len() > 1;
            let text = if numbered { format!("{n}: {text}") } else { text.into_owned() };
            labels.insert(n, label.with_message(text));
        }
    }
    (Excerpts(excerpts), labels.into_values().collect())
}

/// The help, broken at words; lines that begin with a blank are code and stay as they are.
fn help(text: &str, width: Option<usize>) -> String {
    let width = width.map_or(WIDTH, |width| width.saturating_sub(BEFORE_HELP).max(WIDTH / 2));
    let mut out = String::from("help:");
    let mut column = out.len();
    for (index, line) in text.lines().enumerate() {
        let is_code = line.starts_with(char::is_whitespace);
        if index > 0 {
            out.push_str("\n     ");
            column = 5;
        }
        if is_code {
            out.push(' ');
            out.push_str(&escape(line));
            continue;
        }
        for word in line.split(' ') {
            let word = escape(word);
            let length = word.chars().count();
            if column > 5 && column + 1 + length > width {
                out.push_str("\n     ");
                column = 5;
            }
            out.push(' ');
            out.push_str(&word);
            column += 1 + length;
        }
    }
    out
}

/// What each rule could not decide: the first verdict of it, or every one.
fn open_verdicts(undecided: &[&Undecided], sources: &Sources, style: Style) -> String {
    let all = style.detail == Detail::Verbose;
    let mut rules: BTreeMap<&str, Vec<&Undecided>> = BTreeMap::new();
    for open in undecided {
        rules.entry(open.rule.id).or_default().push(open);
    }
    let line = |(rule, open): (&str, &[&Undecided])| {
        let file = sources.file(open[0].span.file);
        let (line, column) = file.position(open[0].span.start);
        let first = if open.len() > 1 { ", the first" } else { "" };
        let reason = open[0].unknown.to_string();
        let (reason, cut) = if all { (&*reason, "") } else { shortened(&reason) };
        format!(
            "undecided[{rule}]: {}{first} at {}:{line}:{column}:\n  {}{cut}\n",
            count(open.len(), "verdict"),
            escape(&file.path),
            escape(reason),
        )
    };
    let at_once = |open: &[&Undecided]| if all { 1 } else { open.len() };
    let lines = rules
        .iter()
        .flat_map(|(rule, open)| open.chunks(at_once(open)).map(|some| line((*rule, some))));
    lines.collect()
}

/// As much of a reason as one reads, and what stands for the rest.
fn shortened(reason: &str) -> (&str, &str) {
    match reason.char_indices().nth(REASON) {
        Some((at, _)) => (&reason[..at], "…"),
        None => (reason, ""),
    }
}

/// What could not be looked at, a line for each reason, so that silence is not taken for safety.
pub(super) fn unseen(outcome: &Outcome) -> String {
    let mut reasons: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for unseen in &outcome.unseen {
        reasons.entry(&unseen.reason).or_default().insert(&unseen.name);
    }
    let line = |(reason, names): (&str, BTreeSet<&str>)| {
        let shown: Vec<_> = names.iter().take(INPUTS).map(|name| escape(name)).collect();
        let more = match names.len().saturating_sub(INPUTS) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let (reason, cut) = shortened(reason);
        format!("not seen: {}{more} ({}{cut})\n", shown.join(", "), escape(reason))
    };
    // Those that most hangs on come first, and the rest is counted.
    let mut reasons: Vec<_> = reasons.into_iter().collect();
    reasons.sort_by_key(|(_, names)| Reverse(names.len()));
    let rest = reasons.split_off(reasons.len().min(REASONS));
    let more: usize = rest.iter().map(|(_, names)| names.len()).sum();
    let last = match rest.len() {
        0 => String::new(),
        others => format!("not seen: {more} more ({})\n", count(others, "other reason")),
    };
    reasons.into_iter().map(line).chain([last]).collect()
}

/// What was looked at, what was found, and what would decide the rest.
pub(super) fn last_line(outcome: &Outcome, ordered: &Ordered<'_>) -> String {
    let counts = outcome.counts;
    let looked_at =
        [count(counts.roots, "root"), count(counts.vpcs, "VPC"), count(counts.clusters, "cluster")];
    let found = if ordered.findings.is_empty() {
        "nothing found".to_owned()
    } else {
        let severities = [Severity::Error, Severity::Warning, Severity::Note];
        let counted = severities.map(|severity| count(ordered.count(severity), severity.as_str()));
        counted.join(", ")
    };
    format!("{}: {found}{}", looked_at.join(", "), needs(&ordered.undecided))
}

fn needs(undecided: &[&Undecided]) -> String {
    if undecided.is_empty() {
        return String::new();
    }
    let mut uses: BTreeMap<&str, usize> = BTreeMap::new();
    for input in undecided.iter().flat_map(|open| open.unknown.inputs()) {
        *uses.entry(&input.name).or_default() += 1;
    }
    // The input that decides most comes first.
    let mut inputs: Vec<_> = uses.into_iter().collect();
    inputs.sort_by_key(|&(name, uses)| (std::cmp::Reverse(uses), name));
    let names: Vec<_> = inputs.iter().take(INPUTS).map(|(name, _)| escape(name)).collect();
    let more = match inputs.len().saturating_sub(INPUTS) {
        0 => String::new(),
        more => format!(" ({more} more)"),
    };
    // Several rules stumble over one and the same open path.
    let reasons: BTreeSet<_> =
        undecided.iter().map(|open| (open.span, open.unknown.to_string())).collect();
    let why = match reasons.len() {
        all if all == undecided.len() => String::new(),
        fewer => format!(" for {}", count(fewer, "reason")),
    };
    let they = if undecided.len() == 1 { "it needs" } else { "they need" };
    let verdicts = count(undecided.len(), "verdict");
    format!("; {verdicts} undecided{why}: {they} {}{more}", names.join(", "))
}

fn count(number: usize, noun: &str) -> String {
    let s = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{s}")
}

#[cfg(test)]
mod tests;
