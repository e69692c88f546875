//! Root causes of broken ways, for the rules that speak of them: one finding a cause, whatever it breaks.

use std::collections::BTreeMap;

use crate::checks::{Verdicts, list};
use crate::dns::{Way, Ways};
use crate::finding::Severity;
use crate::reach::{Disposition, Journey, Stage};
use crate::source::{Note, Span};

/// What one cause breaks.
pub(in crate::checks) struct Cause<'a> {
    /// An error where nothing passes on some way.
    pub(in crate::checks) severity: Severity,
    /// The faults, each once.
    pub(in crate::checks) faults: Vec<&'a Disposition>,
    /// The ways that it breaks, each once.
    ways: Vec<&'a Way>,
    back: bool,
}

/// The causes that a rule speaks of, each under its key; of an answer that does not come back the fault itself
/// is asked for.
pub(in crate::checks) fn causes<'a, K: Ord>(
    ways: &'a Ways,
    key: impl Fn(&Way, &'a Disposition) -> Option<K>,
) -> BTreeMap<K, Cause<'a>> {
    let mut causes: BTreeMap<K, Cause<'a>> = BTreeMap::new();
    for way in &ways.known {
        let broken = way.journeys.iter().filter(|journey| {
            journey.faults().any(|fault| key(way, fault.without_return()).is_some())
        });
        let all = way.complete && broken.count() == way.journeys.len();
        let severity = if all { Severity::Error } else { Severity::Warning };
        for whole in way.journeys.iter().flat_map(Journey::faults) {
            let fault = whole.without_return();
            let Some(key) = key(way, fault) else { continue };
            let cause = causes.entry(key).or_insert_with(|| Cause {
                severity,
                faults: Vec::new(),
                ways: Vec::new(),
                back: true,
            });
            cause.severity = cause.severity.max(severity);
            cause.back &= matches!(whole, Disposition::NoReturn(_));
            if !cause.faults.contains(&fault) {
                cause.faults.push(fault);
            }
            if !cause.ways.iter().any(|one| one.what == way.what) {
                cause.ways.push(way);
            }
        }
    }
    causes
}

impl Cause<'_> {
    /// `on some paths, queries of aws_route53_resolver_rule.eks get no answer`
    pub(in crate::checks) fn effect(&self) -> String {
        let some = if self.severity == Severity::Warning { "on some paths, " } else { "" };
        let effect = if self.back { "get no answer" } else { "do not arrive" };
        let uses: Vec<_> = self.ways.iter().map(|way| way.what.clone()).collect();
        format!("{some}{} {effect}", list(&uses))
    }

    /// The places that show who takes the ways.
    pub(in crate::checks) fn notes(&self) -> impl Iterator<Item = Note> + '_ {
        self.ways.iter().map(|way| way.at.clone())
    }

    /// The blocks whose verdicts it decides.
    pub(in crate::checks) fn owners(&self) -> impl Iterator<Item = Span> + '_ {
        self.ways.iter().map(|way| way.owner)
    }

    /// The addresses of those who take the ways: what is known of a cause that has no address of its own.
    pub(in crate::checks) fn takers(&self) -> Vec<String> {
        let mut all: Vec<String> = Vec::new();
        for taker in self.ways.iter().flat_map(|way| &way.takers) {
            if !all.iter().any(|one| **one == **taker) {
                all.push(taker.to_string());
            }
        }
        all
    }
}

/// Counts what is open on the ways that a rule judges.
pub(in crate::checks) fn open(
    verdicts: &mut Verdicts,
    ways: &Ways,
    stages: &[Stage],
    judges: impl Fn(&Way) -> bool,
) {
    for way in ways.known.iter().filter(|way| judges(way)) {
        for unknown in way.open(stages) {
            verdicts.undecided(unknown.clone(), way.owner);
        }
    }
    for (unknown, span) in &ways.open {
        verdicts.undecided(unknown.clone(), *span);
    }
}
