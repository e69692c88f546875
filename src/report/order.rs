//! The order of everything printed: by place and content, never by the order of reading.

use hashbrown::HashMap;
use std::collections::BTreeMap;

use crate::finding::{Finding, Outcome, Severity, Undecided};
use crate::source::{FileId, Note, SourceFile, Sources, Span};
use std::cell::RefCell;
use std::sync::Arc;

/// What a report prints, in order, each thing once.
pub(super) struct Ordered<'a> {
    pub(super) findings: Vec<&'a Finding>,
    pub(super) undecided: Vec<&'a Undecided>,
}

impl<'a> Ordered<'a> {
    pub(super) fn new(outcome: &'a Outcome, sources: &Sources) -> Self {
        let files = Files { sources, seen: RefCell::default() };
        let findings = outcome.findings.iter().map(|finding| (files.finding(finding), finding));
        let undecided = outcome.undecided.iter().map(|open| {
            let reason = open.unknown.to_string();
            ((files.place(open.span), open.rule.id, reason), open)
        });
        Self {
            findings: findings.collect::<BTreeMap<_, _>>().into_values().collect(),
            undecided: undecided.collect::<BTreeMap<_, _>>().into_values().collect(),
        }
    }

    /// A fingerprint for each of the findings; equal ones are told apart by counting them in the order of
    /// their addresses, which no moved line changes.
    pub(super) fn fingerprints(&self) -> Vec<String> {
        let mut by_subjects: Vec<usize> = (0..self.findings.len()).collect();
        by_subjects.sort_by_key(|&at| &self.findings[at].subjects);
        let mut repeats: HashMap<String, usize> = HashMap::new();
        let mut fingerprints = vec![String::new(); self.findings.len()];
        for at in by_subjects {
            let finding = self.findings[at];
            let repeat = repeats.entry(finding.fingerprint(0)).or_default();
            fingerprints[at] = finding.fingerprint(*repeat);
            *repeat += 1;
        }
        fingerprints
    }

    pub(super) fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.severity == severity).count()
    }
}

type Place = (String, u32, u32);
type Key<'a> = (
    (String, u32),
    (&'a str, &'a str, u32),
    (Severity, &'a str, &'a str),
    (Vec<(Place, &'a str)>, &'a [String]),
);

struct Files<'a> {
    sources: &'a Sources,
    seen: RefCell<BTreeMap<FileId, Arc<SourceFile>>>,
}

impl Files<'_> {
    fn place(&self, span: Span) -> Place {
        let mut seen = self.seen.borrow_mut();
        let file = seen.entry(span.file).or_insert_with(|| self.sources.file(span.file));
        (file.path.clone(), span.start, span.end)
    }

    /// Everything a finding says: findings with equal keys are the same.
    fn finding<'f>(&self, finding: &'f Finding) -> Key<'f> {
        let (path, start, end) = self.place(finding.primary.span);
        let label = |note: &'f Note| (self.place(note.span), note.text.as_str());
        (
            (path, start),
            (finding.rule.id, &finding.message, end),
            (finding.severity, &finding.primary.text, &finding.help),
            (finding.labels.iter().map(label).collect(), &finding.subjects),
        )
    }
}
