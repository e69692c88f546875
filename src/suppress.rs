//! Comments that ignore findings, where each one holds, and what is wrong with them.

mod date;
mod directive;
mod hcl;
mod tree;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::checks::{ALL, UNUSED_SUPPRESSION};
use crate::finding::{Environments, Finding, Rule, Severity, Undecided, Unseen};
use crate::near::near;
use crate::source::{FileId, Note, SourceFile, Span};

pub use date::Date;
use directive::{Directive, Kind};

/// A parse error is never ignored: what it hides is not known. Nor is what is said of the comments.
const ALWAYS: [&str; 2] = ["unparsable-file", "unused-suppression"];

/// No more directives of a file have an effect.
const MAX_COMMENTS: usize = 1000;
/// The code that a comment is for is no more lines below it.
const MAX_LINES: usize = 1000;

/// How a file's text is laid out, as far as comments care.
#[derive(Debug, Default)]
struct Layout {
    /// The comments, each with its signs.
    comments: Vec<Range<usize>>,
    /// What spans lines: what begins on a line belongs to it up to its end.
    nodes: Vec<Range<usize>>,
    /// What is written as data: the text of a directive, its place, and what it covers.
    data: Vec<(String, Range<usize>, Range<usize>)>,
}

/// A directive and where it holds.
#[derive(Debug)]
struct Suppression {
    place: Span,
    covers: Range<u32>,
    directive: Directive,
    /// For each rule, whether it ignored something.
    used: Vec<AtomicBool>,
    fault: Option<String>,
}

/// All directives of a run.
#[derive(Debug, Default)]
pub struct Suppressions {
    files: BTreeMap<FileId, Vec<Suppression>>,
}

impl Suppressions {
    /// Reads the comments of a file. `denied` tells where it stands that they have no effect.
    pub fn read(
        &mut self,
        id: FileId,
        file: &SourceFile,
        today: Option<Date>,
        denied: Option<&str>,
    ) {
        if self.files.contains_key(&id) || !directive::may_have(&file.text) {
            return;
        }
        let mut layout =
            if is_hcl(&file.path) { hcl::layout(&file.text) } else { tree::layout(&file.text) };
        layout.nodes.sort_by_key(|node| node.start);
        let lines = Lines::new(&file.text, &layout);
        let mut found = Vec::new();
        for range in &layout.comments {
            let Some(directive) = directive::read(&file.text[range.clone()]) else { continue };
            let (covers, mut fault) = lines.covered(range, directive.kind);
            if found.len() >= MAX_COMMENTS {
                fault = Some(format!("no more than {MAX_COMMENTS} comments of a file are heeded"));
            }
            found.push(suppression(id, range.clone(), covers, directive, fault));
            if found.len() > MAX_COMMENTS {
                break;
            }
        }
        for (text, place, covers) in layout.data.iter().take(MAX_COMMENTS) {
            if let Some(directive) = directive::read(text) {
                found.push(suppression(id, place.clone(), covers.clone(), directive, None));
            }
        }
        for one in &mut found {
            one.fault = one.fault.take().or_else(|| one.directive.fault(today));
            if let Some(place) = denied {
                one.fault = Some(format!("{place} denies comments that ignore findings"));
            }
        }
        self.files.insert(id, found);
    }

    /// Whether a finding is ignored: where a comment covers any of its places, or a call that leads to it.
    pub fn ignores(&self, finding: &Finding, calls: &[Span]) -> bool {
        let labels = finding.labels.iter().map(|label| label.span);
        let places =
            std::iter::once(finding.primary.span).chain(labels).chain(calls.iter().copied());
        let mut ignored = false;
        for place in places {
            for one in self.files.get(&place.file).into_iter().flatten() {
                if one.fault.is_some()
                    || !one.covers.contains(&place.start)
                    || !one.directive.is_for(finding)
                {
                    continue;
                }
                for ((rule, _), used) in one.directive.rules.iter().zip(&one.used) {
                    if rule == finding.rule.id && !ALWAYS.contains(&rule.as_str()) {
                        used.store(true, Ordering::Relaxed);
                        ignored = true;
                    }
                }
            }
        }
        ignored
    }

    /// What is wrong with the comments, when all has been judged: those that are no directives, that
    /// name no rule, and that ignored nothing. A rule that did not run, or left something open, might yet; so
    /// might any of a file where something was not seen.
    pub fn faults(
        &self,
        undecided: &[Undecided],
        unseen: &[Unseen],
        judged: impl Fn(FileId, &Rule) -> bool,
    ) -> Vec<Finding> {
        let open: BTreeSet<&str> = undecided.iter().map(|one| one.rule.id).collect();
        let hidden: BTreeSet<FileId> = unseen.iter().map(|one| one.span.file).collect();
        let mut found = Vec::new();
        for (file, all) in &self.files {
            let is_seen = !hidden.contains(file);
            if !judged(*file, UNUSED_SUPPRESSION) {
                continue;
            }
            for one in all {
                if let Some(fault) = &one.fault {
                    found.push(finding(one.place, fault.clone(), one.directive.right()));
                    continue;
                }
                for ((id, at), used) in one.directive.rules.iter().zip(&one.used) {
                    let rule = ALL.iter().map(|check| check.rule).find(|rule| rule.id == id);
                    let start = one.place.start + u32::try_from(*at).unwrap_or(0);
                    let end = start + u32::try_from(id.len()).unwrap_or(0);
                    let place = match one.directive.kind {
                        Kind::Data => one.place,
                        _ => Span { start, end, ..one.place },
                    };
                    found.extend(
                        fault_of(id, rule, used, |rule| {
                            is_seen && !open.contains(rule.id) && judged(*file, rule)
                        })
                        .map(|(message, help)| finding(place, message, help)),
                    );
                }
            }
        }
        found
    }
}

/// What is wrong with one rule of a directive, and what to do.
fn fault_of(
    id: &str,
    rule: Option<&Rule>,
    used: &AtomicBool,
    is_sure: impl Fn(&Rule) -> bool,
) -> Option<(String, String)> {
    let Some(rule) = rule else {
        let ids = ALL.iter().map(|check| check.rule.id);
        let help = match near(id, ids).first() {
            Some(right) => format!("write {right}"),
            None => "`eksdns-lint rules` lists the rules".to_owned(),
        };
        return Some((format!("there is no rule {id}: this ignores nothing"), help));
    };
    if ALWAYS.contains(&rule.id) {
        let help = "mend what it says; `exclude` in eksdns-lint.toml leaves out whole files";
        return Some((format!("{id} cannot be ignored"), help.to_owned()));
    }
    (!used.load(Ordering::Relaxed) && is_sure(rule)).then(|| {
        (
            format!("{id} finds nothing here: this ignores nothing"),
            format!("take {id} out of the comment"),
        )
    })
}

fn finding(place: Span, message: String, help: String) -> Finding {
    Finding {
        stacks: BTreeSet::new(),
        constructs: Vec::new(),
        rule: UNUSED_SUPPRESSION,
        severity: Severity::Warning,
        subjects: vec![message.clone()],
        root: String::new(),
        message,
        primary: Note::new(place, "has no effect"),
        labels: Vec::new(),
        help,
        environments: Environments::default(),
    }
}

fn suppression(
    file: FileId,
    place: Range<usize>,
    covers: Range<usize>,
    directive: Directive,
    fault: Option<String>,
) -> Suppression {
    let covers = Span::new(file, covers);
    let used = directive.rules.iter().map(|_| AtomicBool::new(false)).collect();
    Suppression {
        place: Span::new(file, place),
        covers: covers.start..covers.end,
        directive,
        used,
        fault,
    }
}

fn is_hcl(path: &str) -> bool {
    [".tf", ".tofu", ".tfvars"].iter().any(|ending| path.ends_with(ending))
}

/// The comments and nodes of a text in order, and where its code begins.
struct Lines<'t> {
    text: &'t str,
    layout: &'t Layout,
    code: usize,
}

impl<'t> Lines<'t> {
    fn new(text: &'t str, layout: &'t Layout) -> Self {
        let mut lines = Self { text, layout, code: text.len() };
        let mut at = 0;
        for comment in &layout.comments {
            if !is_head(&text[at..comment.start]) {
                break;
            }
            at = comment.end;
        }
        lines.code = at;
        lines
    }

    fn start(&self, at: usize) -> usize {
        self.text[..at].rfind('\n').map_or(0, |before| before + 1)
    }

    fn end(&self, at: usize) -> usize {
        self.text[at..].find('\n').map_or(self.text.len(), |end| at + end)
    }

    /// Whether a range of lines holds nothing but comments.
    fn is_blank(&self, range: &Range<usize>) -> bool {
        let first = self.layout.comments.partition_point(|own| own.start < range.start);
        let mut at = range.start;
        for own in &self.layout.comments[first..] {
            if own.start >= range.end {
                break;
            }
            if !self.text[at..own.start].trim().is_empty() {
                return false;
            }
            at = own.end;
        }
        at >= range.end || self.text[at..range.end].trim().is_empty()
    }

    /// The line at an offset; a comment over several lines is one.
    fn line(&self, at: usize) -> Range<usize> {
        let mut end = self.end(at);
        let after = self.layout.comments.partition_point(|own| own.start < end);
        if let Some(last) = after.checked_sub(1).map(|index| &self.layout.comments[index])
            && last.end > end
        {
            end = self.end(last.end);
        }
        at..end
    }

    /// What a comment covers: the file; its own line, or the next one that is code, with all that begins
    /// there. The second part tells that it stands in a place where it means nothing.
    fn covered(&self, comment: &Range<usize>, kind: Kind) -> (Range<usize>, Option<String>) {
        if kind == Kind::File {
            let misplaced = (comment.start >= self.code)
                .then(|| "ignore-file holds at the top of a file only".to_owned());
            return (0..self.text.len() + 1, misplaced);
        }
        let mut line = self.start(comment.start)..self.end(comment.end);
        // A comment alone on its line is for the next line that is more than comments.
        for _ in 0..MAX_LINES {
            if line.end >= self.text.len() || !self.is_blank(&line) {
                break;
            }
            line = self.line(line.end + 1);
        }
        let nodes = &self.layout.nodes;
        let first = nodes.partition_point(|node| node.start < line.start);
        let begin = nodes[first..].iter().take_while(|node| node.start < line.end);
        let end = begin.map(|node| node.end).max().unwrap_or(line.end);
        (line.start..end.max(line.end), None)
    }
}

/// What may stand before the first code, beside comments: `---` and `%YAML` of YAML.
fn is_head(text: &str) -> bool {
    text.lines()
        .map(str::trim)
        .all(|line| line.is_empty() || line == "---" || line.starts_with('%'))
}

#[cfg(test)]
mod tests;
