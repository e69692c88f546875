//! What all cases together say: each finding once, with the cases in which it holds.

use hashbrown::{HashMap, HashSet};
use std::collections::BTreeSet;
use std::sync::Arc;

use crate::finding::{Finding, Rule, Severity, Undecided, Verdict};
use crate::graph::{Allowed, Case, Taken, simplified};
use crate::unknown::{Symbol, Unknown};

use super::Cases;
use super::reading::{Reading, names, place};

/// A finding, and the cases in which it holds.
#[derive(Debug)]
pub(super) struct Guarded {
    pub(super) finding: Finding,
    /// It holds in each; empty cases say that it always does.
    pub(super) cases: Vec<Case>,
    /// Whether it is reported, or left open for whoever operates the stack.
    pub(super) reported: bool,
}

/// What a root says in all cases that were looked at.
#[derive(Debug)]
pub(in crate::pipeline) struct Explored {
    pub(super) findings: Vec<Guarded>,
    pub(super) undecided: Vec<Undecided>,
    /// The addresses of the resources that exist in one of them.
    pub(in crate::pipeline) existing: HashSet<Arc<str>>,
    /// How many cases were looked at, the open one among them.
    #[cfg(test)]
    pub(super) cases: usize,
}

impl Explored {
    /// What is reported of it.
    pub(in crate::pipeline) fn verdicts(self) -> Vec<Verdict> {
        let (reported, left): (Vec<_>, Vec<_>) =
            self.findings.into_iter().partition(|one| one.reported);
        let findings = reported.into_iter().map(|one| Verdict::Finding(Box::new(one.finding)));
        let mut open = self.undecided;
        for one in left {
            let symbols = one.cases.iter().flat_map(Case::iter).map(|(symbol, _)| symbol.unknown());
            let Some(unknown) = Unknown::of_all(symbols) else { continue };
            let (rule, span): (&'static Rule, _) = (one.finding.rule, one.finding.primary.span);
            let own = Undecided { rule, unknown, span };
            if !open.iter().any(|other| place(other) == place(&own)) {
                open.push(own);
            }
        }
        findings.chain(open.into_iter().map(Verdict::Undecided)).collect()
    }

    /// Adds what is said where it is open whether `optional` inputs are given. What has been said holds
    /// where they are left out, and says so where that matters.
    pub(super) fn add(&mut self, opened: Self, optional: &BTreeSet<Symbol>) {
        let left_out = optional
            .iter()
            .fold(Case::ANY, |case, symbol| case.with(symbol.clone(), Taken::Is(Arc::from(""))));
        let same = same(&self.findings, &opened.findings);
        let mut others: Vec<Option<Guarded>> = opened.findings.into_iter().map(Some).collect();
        for (own, at) in self.findings.iter_mut().zip(same) {
            own.only(&left_out, at.and_then(|at| others[at].take()));
        }
        self.findings.extend(others.into_iter().flatten());
        self.findings = without_milder(std::mem::take(&mut self.findings));
        let known: HashSet<_> = self.undecided.iter().map(place).collect();
        let more = opened.undecided.into_iter().filter(|it| !known.contains(&place(it)));
        self.undecided.extend(more);
        self.existing.extend(opened.existing);
    }
}

impl Guarded {
    /// Whether it holds whatever is chosen.
    fn is_certain(&self) -> bool {
        self.cases.iter().any(Case::is_empty)
    }

    /// Holds in a case only, and where another says that it does.
    fn only(&mut self, case: &Case, other: Option<Self>) {
        let own: Vec<Case> = self.cases.iter().map(|one| one.then(case)).collect();
        let (theirs, under) = other.map_or_else(Default::default, |other| {
            self.reported |= other.reported;
            (other.cases, other.finding.environments.under)
        });
        let is_told = |case: &Case| theirs.iter().any(|other| case.implies(other));
        if own.iter().all(is_told) {
            (self.cases, self.finding.environments.under) = (theirs, under);
        } else {
            self.cases = own.into_iter().chain(theirs).collect();
            self.finding.environments.under = vec![format!("where {}", values(&self.cases)).into()];
        }
    }
}

/// `Env = prod or Mode = private`.
fn values(cases: &[Case]) -> String {
    let values: Vec<_> = cases.iter().map(ToString::to_string).collect();
    values.join(" or ")
}

/// For each of some findings the position of the same among others.
fn same(all: &[Guarded], others: &[Guarded]) -> Vec<Option<usize>> {
    let mut numbers = HashMap::new();
    let places: HashMap<_, _> =
        others.iter().map(|one| repeat(&one.finding, &mut numbers)).zip(0..).collect();
    let mut numbers = HashMap::new();
    all.iter().map(|one| places.get(&repeat(&one.finding, &mut numbers)).copied()).collect()
}

/// Which one a finding is among those that are alike in all that identifies a fault.
fn repeat<'f>(finding: &'f Finding, numbers: &mut HashMap<Key<'f>, usize>) -> (Key<'f>, usize) {
    let number = numbers.entry(key(finding)).or_default();
    *number += 1;
    (key(finding), *number)
}

/// Without faults that hold under a condition and are there as badly whatever is chosen.
pub(super) fn without_milder(all: Vec<Guarded>) -> Vec<Guarded> {
    let milder = |one: &Guarded, other: &Guarded| {
        other.is_certain()
            && !one.is_certain()
            && fault(&one.finding) == fault(&other.finding)
            && one.finding.severity <= other.finding.severity
    };
    let kept: Vec<bool> =
        all.iter().map(|one| !all.iter().any(|other| milder(one, other))).collect();
    all.into_iter().zip(kept).filter_map(|(one, kept)| kept.then_some(one)).collect()
}

impl Cases {
    pub(super) fn told(&self) -> Explored {
        Explored {
            findings: self.findings(),
            undecided: self.undecided(),
            existing: self.readings.values().flat_map(|it| &it.existing).cloned().collect(),
            #[cfg(test)]
            cases: self.order.len(),
        }
    }

    fn findings(&self) -> Vec<Guarded> {
        let mut all: Vec<(&Finding, Vec<Case>)> = Vec::new();
        let mut at: HashMap<_, usize> = HashMap::new();
        for case in &self.order {
            let mut numbers = HashMap::new();
            for finding in self.readings[case].findings() {
                let at = *at.entry(repeat(finding, &mut numbers)).or_insert_with(|| {
                    all.push((finding, Vec::new()));
                    all.len() - 1
                });
                all[at].1.push(case.clone());
            }
        }
        let allowed = self.allowed();
        let said: Vec<_> = self.readings.values().map(Said::in_reading).collect();
        let names: BTreeSet<&Arc<str>> =
            said.iter().flat_map(|said| said.reading.guards.truths.keys()).collect();
        let guarded = all.iter().map(|(finding, found)| {
            let cases = simplified(found.clone(), &allowed);
            let always = cases.iter().any(Case::is_empty);
            let mut finding = (*finding).clone();
            if !always {
                finding.environments.under = vec![self.spell(&finding, &cases, (&said, &names))];
            }
            let reported = always || self.is_reported(&finding, &cases, (found, &said));
            Guarded { finding, cases, reported }
        });
        without_milder(guarded.collect())
    }

    fn allowed(&self) -> Allowed {
        let readings = self.order.iter().map(|case| &self.readings[case]);
        let choices = readings.flat_map(|reading| &reading.guards.choices);
        let closed = choices.filter_map(|it| Some((it.symbol.clone(), it.allowed.clone()?)));
        closed.collect()
    }

    /// Whether one choice brings it about, or it is there whenever what it is about exists.
    fn is_reported(
        &self,
        finding: &Finding,
        cases: &[Case],
        (found, said): (&[Case], &[Said<'_>]),
    ) -> bool {
        let symbols: BTreeSet<_> =
            cases.iter().flat_map(Case::iter).map(|(symbol, _)| symbol).collect();
        let exists = |said: &Said<'_>, it: &String| said.reading.existing.contains(&**it);
        let is_declared = |it: &&String| said.iter().any(|said| exists(said, it));
        let about: Vec<_> = finding.subjects.iter().filter(is_declared).collect();
        let comes_along = |said: &Said<'_>| {
            !about.iter().all(|it| exists(said, it))
                || said.finds(finding)
                || said.open.contains(finding.rule.id)
        };
        let is_one =
            found.iter().any(Case::is_named) || cases.iter().any(|case| self.is_given(case));
        symbols.len() <= 1 && is_one || !about.is_empty() && said.iter().all(comes_along)
    }

    /// Whether a case is that an operator gives what may be left out.
    fn is_given(&self, case: &Case) -> bool {
        case.iter().all(|(symbol, taken)| {
            let is_given =
                matches!(taken, Taken::NoneOf(texts) if texts.iter().all(|it| it.is_empty()));
            is_given && names(symbol).all(|name| self.optional.contains(&name))
        })
    }

    /// `Condition UseResolver (Env = prod)`, or only the values where no condition says just this.
    fn spell(
        &self,
        finding: &Finding,
        cases: &[Case],
        (said, names): (&[Said<'_>], &BTreeSet<&Arc<str>>),
    ) -> Arc<str> {
        let exact = |name: &Arc<str>, truth: bool| {
            let told =
                |said: &Said<'_>| said.reading.guards.truths.get(name).map(|it| *it == truth);
            cases.iter().all(|case| self.truth(case, name) == Some(truth))
                && said.iter().all(|said| match told(said) {
                    Some(holds) => holds == said.finds(finding),
                    None => true,
                })
        };
        let values = values(cases);
        let named = |truth| names.iter().find(|name| exact(name, truth));
        match (named(true), named(false)) {
            (Some(name), _) => format!("under Condition {name} ({values})").into(),
            (None, Some(name)) => format!("where Condition {name} is false ({values})").into(),
            (None, None) => format!("where {values}").into(),
        }
    }

    /// The truth of a condition in a case, or in all cases looked at that it consists of.
    fn truth(&self, case: &Case, name: &Arc<str>) -> Option<bool> {
        if let Some(reading) = self.readings.get(case) {
            return reading.guards.truths.get(name).copied();
        }
        let mut within = self.readings.iter().filter(|(other, _)| other.implies(case));
        let first = within.next()?.1.guards.truths.get(name).copied()?;
        within.all(|(_, it)| it.guards.truths.get(name) == Some(&first)).then_some(first)
    }
}

/// What a reading says, by what identifies it.
struct Said<'r> {
    reading: &'r Reading,
    found: HashSet<Key<'r>>,
    /// The rules that leave something open.
    open: HashSet<&'static str>,
}

impl<'r> Said<'r> {
    fn in_reading(reading: &'r Reading) -> Self {
        let open = reading.undecided().map(|open| open.rule.id).collect();
        Self { reading, found: reading.findings().map(key).collect(), open }
    }

    fn finds(&self, finding: &Finding) -> bool {
        self.found.contains(&key(finding))
    }
}

/// One fault, whatever its message and its first place are in a case.
fn key(finding: &Finding) -> Key<'_> {
    (fault(finding), finding.severity)
}

pub(super) fn fault(finding: &Finding) -> Fault<'_> {
    (finding.rule.id, &finding.subjects[..finding.subjects.len().min(2)])
}

type Key<'f> = (Fault<'f>, Severity);

/// A rule, and what identifies the fault: further names come and go with the cases.
pub(super) type Fault<'f> = (&'static str, &'f [String]);
