//! Findings and paths of one run together, and which path each finding is about.

use hashbrown::HashMap;
use std::collections::BTreeSet;
use std::path::Path as FilePath;

use crate::finding::{Finding, Outcome};
use crate::source::Span;
use crate::trace::Path;

use super::{Ask, Paths, Request, Run, judged, prepared, traces};

/// No more pictures are drawn, but for those of findings.
const MAX_PICTURES: usize = 60;
/// So many pictures of one finding are drawn on the way to the best.
const MAX_TRIES: usize = 4;

/// Everything that can be told of some code.
#[derive(Debug)]
pub struct Survey {
    /// The findings.
    pub run: Run,
    /// All paths, drawn where they are the first of their kind or a finding is about them.
    pub paths: Paths,
    /// Of each finding, in the order of the outcome, the path that it is about.
    pub about: Vec<Option<usize>>,
}

/// Judges the code and follows every path in it.
pub fn survey(request: &Request, cwd: &FilePath) -> std::io::Result<Survey> {
    let work = |prepared: &mut super::Prepared<'_>| {
        let outcome = judged(prepared);
        let mut meetings = Meetings::new(&outcome);
        let ask = Ask { every: true, estates: true, ..Ask::default() };
        let mut paths =
            traces::follow(prepared, &ask, &mut |at, path| meetings.are_to_be_drawn(at, path));
        let about = meetings.best();
        let wanted: BTreeSet<usize> = about.iter().flatten().copied().collect();
        let mut others = 0;
        paths.pictures.retain(|at, _| {
            let first = meetings.first.contains(at) && others < MAX_PICTURES;
            others += usize::from(first);
            first || wanted.contains(at)
        });
        (outcome, paths, about)
    };
    prepared(request, cwd, work).map(|((outcome, paths, about), workspace, failures, warnings)| {
        let run = Run { outcome, workspace, failures, warnings };
        Survey { run, paths, about }
    })
}

/// What a finding has in common with a path: who asks and what for, whether it fails, shared places.
type Score = (usize, bool, usize);

/// Which findings are about which paths.
struct Meetings<'o> {
    findings: Vec<Told<'o>>,
    best: Vec<Option<(Score, usize)>>,
    tries: Vec<usize>,
    /// Which findings name something.
    naming: HashMap<String, Vec<bool>>,
    kinds: BTreeSet<[String; 5]>,
    /// The first path of each kind.
    first: BTreeSet<usize>,
}

/// A finding as far as paths are concerned.
struct Told<'o> {
    finding: &'o Finding,
    spans: BTreeSet<Span>,
}

impl<'o> Meetings<'o> {
    fn new(outcome: &'o Outcome) -> Self {
        let told = |finding: &'o Finding| Told {
            finding,
            spans: finding.notes().map(|note| note.span).collect(),
        };
        let findings: Vec<_> = outcome.findings.iter().map(told).collect();
        Self {
            best: vec![None; findings.len()],
            tries: vec![0; findings.len()],
            findings,
            naming: HashMap::new(),
            kinds: BTreeSet::new(),
            first: BTreeSet::new(),
        }
    }

    /// Whether a path is the first of its kind, or more than any before what a finding is about.
    fn are_to_be_drawn(&mut self, at: usize, path: &Path) -> bool {
        let words = [&path.root, &path.to];
        let ends = [path.outcome.word, path.name.word, path.connection.word];
        let kind: Vec<String> = words.into_iter().cloned().chain(ends.map(str::to_owned)).collect();
        let is_first = kind.try_into().is_ok_and(|kind| self.kinds.insert(kind));
        if is_first {
            self.first.insert(at);
        }
        let spans: BTreeSet<Span> =
            path.name_hops.iter().chain(&path.connection_hops).map(|hop| hop.span).collect();
        let (from, to) = (self.naming(&path.from), self.naming(&path.to));
        let mut is_better = false;
        for (number, told) in self.findings.iter().enumerate() {
            if !same_place(told.finding, path) {
                continue;
            }
            let shared = spans.intersection(&told.spans).count();
            let names = usize::from(from[number]) + usize::from(to[number]);
            let score = (names, path.outcome.word != "holds", shared);
            let better = self.best[number].is_none_or(|(best, _)| score > best);
            if names + shared > 0 && better {
                self.best[number] = Some((score, at));
                self.tries[number] += 1;
                is_better |= self.tries[number] <= MAX_TRIES || names == 2;
            }
        }
        is_first || is_better
    }

    /// Of each finding, whether it names something.
    fn naming(&mut self, name: &str) -> Vec<bool> {
        if let Some(known) = self.naming.get(name) {
            return known.clone();
        }
        let names: Vec<bool> =
            self.findings.iter().map(|told| told.finding.mentions(name)).collect();
        self.naming.insert(name.to_owned(), names.clone());
        names
    }

    fn best(&self) -> Vec<Option<usize>> {
        self.best.iter().map(|best| best.map(|(_, at)| at)).collect()
    }
}

/// Whether both are of one root, or of a stack that nests it, and of one environment.
fn same_place(finding: &Finding, path: &Path) -> bool {
    let with = &finding.environments.with;
    let here = |own: &String| with.is_empty() || with.iter().any(|name| **name == **own);
    let in_root = finding.root == path.root || finding.stacks.contains(&path.root);
    in_root && path.environment.as_ref().is_none_or(here)
}
