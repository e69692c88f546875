//! Two states of the same code: which client gains or loses what, and which findings came and went.

use std::collections::{BTreeMap, BTreeSet};

use crate::baseline::{Baseline, Entry, Seen};
use crate::finding::{Finding, Outcome, Severity};
use crate::trace::{Ending, Path};

/// What became of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// It held, or held better.
    Lost,
    /// It holds, or holds better.
    Gained,
    /// It is as good, by another answer.
    Answer,
    /// It held, at least partly, and cannot be told any more.
    Opened,
    /// It could not be told, and is decided.
    Decided,
    /// The client or the cluster is new.
    New,
    /// The client or the cluster is gone.
    Gone,
}

impl Kind {
    /// All, in the order of reports.
    pub const ALL: [Self; 7] = [
        Self::Lost,
        Self::Opened,
        Self::Gained,
        Self::Answer,
        Self::Decided,
        Self::New,
        Self::Gone,
    ];

    /// The word that stays.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Lost => "lost",
            Self::Gained => "gained",
            Self::Answer => "answer",
            Self::Opened => "opened",
            Self::Decided => "decided",
            Self::New => "new",
            Self::Gone => "gone",
        }
    }
}

/// The two things that a path is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// The name of the endpoint resolves.
    Resolution,
    /// The endpoint is reached.
    Reach,
}

/// One change of one path.
#[derive(Debug, Clone)]
pub struct Change<'p> {
    /// What became of it.
    pub kind: Kind,
    /// Of what.
    pub what: What,
    /// As it was; none where it is new.
    pub before: Option<&'p Path>,
    /// As it is; none where it is gone.
    pub after: Option<&'p Path>,
}

impl<'p> Change<'p> {
    /// The path, as it is or was.
    pub fn path(&self) -> &'p Path {
        match (self.after, self.before) {
            (Some(path), _) | (None, Some(path)) => path,
            (None, None) => unreachable!("a change has a side"),
        }
    }
}

/// How good the end of a path, or of a part of it, is; nothing where it cannot be told.
fn rank(word: &str) -> Option<u8> {
    match word {
        "holds" => Some(2),
        "partly" => Some(1),
        "fails" => Some(0),
        _ => None,
    }
}

/// How good what a name gets is: where no connection follows, the name alone decides.
fn resolution(path: &Path) -> Option<u8> {
    match (path.name.word, path.connection.word) {
        ("undecided", _) => None,
        (_, "none") => rank(path.outcome.word),
        _ => Some(2),
    }
}

/// All changes between two sets of paths, in the order of the second.
pub fn changes<'p>(before: &'p [Path], after: &'p [Path]) -> Vec<Change<'p>> {
    let mut changes = Vec::new();
    for (old, new) in pairs(before, after) {
        match (old, new) {
            (Some(old), Some(new)) => changes.extend(between(old, new)),
            (before, after) => {
                let kind = if before.is_none() { Kind::New } else { Kind::Gone };
                changes.push(Change { kind, what: What::Reach, before, after });
            }
        }
    }
    changes
}

fn between<'p>(old: &'p Path, new: &'p Path) -> Vec<Change<'p>> {
    let change = |kind, what| Change { kind, what, before: Some(old), after: Some(new) };
    let name = turn(resolution(old), resolution(new));
    let reach = turn(rank(old.outcome.word), rank(new.outcome.word));
    let mut changes = Vec::new();
    changes.extend(name.map(|kind| change(kind, What::Resolution)));
    // What follows from the name is no second change.
    changes.extend(reach.filter(|_| reach != name).map(|kind| change(kind, What::Reach)));
    let decided = resolution(old).is_some() && resolution(new).is_some();
    if changes.is_empty() && decided && differs(&old.name, &new.name) {
        changes.push(change(Kind::Answer, What::Resolution));
    }
    changes
}

fn differs(old: &Ending, new: &Ending) -> bool {
    old.word != new.word || old.text != new.text
}

fn turn(old: Option<u8>, new: Option<u8>) -> Option<Kind> {
    match (old, new) {
        (Some(old), Some(new)) if old > new => Some(Kind::Lost),
        (Some(old), Some(new)) if old < new => Some(Kind::Gained),
        (Some(old), None) if old > 0 => Some(Kind::Opened),
        (None, Some(_)) => Some(Kind::Decided),
        _ => None,
    }
}

type Key<'p> = (&'p str, Option<&'p str>, &'p str, &'p str);

fn key(path: &Path) -> Key<'_> {
    (&path.root, path.environment.as_deref(), &path.from, &path.to)
}

/// The same paths of both sides. A root that is called otherwise is the same where only one fits.
fn pairs<'p>(before: &'p [Path], after: &'p [Path]) -> Vec<(Option<&'p Path>, Option<&'p Path>)> {
    let old: BTreeMap<Key<'_>, &Path> = before.iter().map(|path| (key(path), path)).collect();
    let new: BTreeSet<Key<'_>> = after.iter().map(key).collect();
    let mut used: BTreeSet<Key<'_>> = BTreeSet::new();
    let mut pairs = Vec::new();
    for path in after {
        let own = key(path);
        let moved = || {
            let alike = |other: &&&Path| {
                let (root, rest) = (key(other).0, (key(other).1, key(other).2, key(other).3));
                root != own.0 && rest == (own.1, own.2, own.3)
            };
            let gone = |other: &&&Path| !new.contains(&key(other));
            let mut fits = old.values().filter(gone).filter(alike);
            match (fits.next(), fits.next()) {
                (Some(one), None) => Some(*one),
                _ => None,
            }
        };
        let same = old.get(&own).copied().or_else(moved).filter(|one| !used.contains(&key(one)));
        used.extend(same.map(key));
        pairs.push((same, Some(path)));
    }
    let gone = before.iter().filter(|path| !used.contains(&key(path)));
    pairs.extend(gone.map(|path| (Some(path), None)));
    pairs
}

/// What became of findings.
#[derive(Debug, Default)]
pub struct Findings {
    /// Those that the second state has alone.
    pub new: Vec<Finding>,
    /// Those that the first has alone.
    pub gone: Vec<Finding>,
    /// Those that both have, and that are not as bad as they were, or worse.
    pub changed: Vec<Changed>,
}

/// A finding of both states.
#[derive(Debug)]
pub struct Changed {
    /// How bad it was.
    pub was: Severity,
    /// As it is.
    pub finding: Finding,
}

/// What became of the findings of the first state, and what the second has.
pub fn findings(before: &Outcome, after: &Outcome) -> Findings {
    let mut found = Findings::default();
    let mut gone: Vec<Option<Finding>> = without(before, after).into_iter().map(Some).collect();
    // What became worse is not in the first as it is; what became better is not in the second as it was.
    let mut left: Vec<Option<&Finding>> = before.findings.iter().map(Some).collect();
    for finding in &after.findings {
        take(&mut left, |one| one.severity == finding.severity && finding.is_like(one));
    }
    for finding in without(after, before) {
        let was_better = |one: &Finding| one.severity < finding.severity && finding.is_like(one);
        match take(&mut left, was_better) {
            Some(old) => found.changed.push(Changed { was: old.severity, finding }),
            None => found.new.push(finding),
        }
    }
    for finding in &after.findings {
        let was_worse = |one: &Finding| one.severity > finding.severity && finding.is_like(one);
        if let Some(old) = take(&mut gone, was_worse) {
            found.changed.push(Changed { was: old.severity, finding: finding.clone() });
        }
    }
    found.gone = gone.into_iter().flatten().collect();
    found
}

/// Takes out the first that is meant.
fn take<F: std::borrow::Borrow<Finding>>(
    all: &mut [Option<F>],
    is_meant: impl Fn(&Finding) -> bool,
) -> Option<F> {
    let meant = |slot: &&mut Option<F>| slot.as_ref().is_some_and(|one| is_meant(one.borrow()));
    all.iter_mut().find(meant)?.take()
}

fn without(one: &Outcome, other: &Outcome) -> Vec<Finding> {
    let seen = Roots(&one.roots);
    let known = Baseline::of(other, &seen);
    let mut rest = Outcome { findings: one.findings.clone(), ..Outcome::default() };
    known.apply(&mut rest, &seen);
    rest.findings
}

/// The roots of one side, by the names that reports have for them.
struct Roots<'r>(&'r [String]);

impl Seen for Roots<'_> {
    fn root(&self, finding: &Finding) -> String {
        finding.root.clone()
    }

    fn exists(&self, root: &str) -> bool {
        self.0.iter().any(|own| own == root)
    }

    fn looked_for(&self, _: &Entry) -> bool {
        true
    }
}
