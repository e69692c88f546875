//! Cases: what stays open because of conditions is looked at again, in the cases of just these.
//!
//! A root is read as it stands first. Each question that is left (a verdict that stays open, a property
//! or a resource under a condition) names the inputs that would decide it. Of these, the first that a
//! condition compares with something divides the question into cases, and in each of them the root is
//! read again; what is still open there, and was not before, is divided further. So conditions that have
//! nothing to do with each other are never combined, a chain of conditions costs a case for each, and
//! texts of one input exclude each other.
//!
//! What comes out in a case is certain there, whatever else is chosen. It is reported where one choice of
//! a value that the code names is enough to bring it about, or where it holds whenever what it is about
//! exists. What fails only in one combination of several switches, or for values that nobody names (a
//! stage that is not `prod`, an input that is left empty), stays an open verdict: who operates the stack
//! chooses with sense, and the code does not say what is meant.

mod reading;
mod told;

use hashbrown::{HashMap, HashSet};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use crate::finding::Undecided;
use crate::graph::Case;
use crate::unknown::{Symbol, Unknown, Why};

pub(super) use reading::{Alike, Reading};
pub(super) use told::Explored;

use reading::{Place, names, place};

/// So many cases of one root are looked at.
const MAX_CASES: usize = 256;

/// The steps that all cases of one root may take together, and those that a resource counts for. Of a
/// root with 500 resources some 150 cases are looked at.
const MAX_EFFORT: u64 = 8_000_000;
const RESOURCE: u64 = 100;

/// So often it is looked whether what is given makes a condition ask about more.
const MAX_ROUNDS: usize = 4;

/// Reads a root in a case, with what is alike in it before anything was chosen.
pub(super) type Read<'r> = dyn Fn(&Case, Option<&Alike>) -> Option<Reading> + Sync + 'r;

/// Looks at all cases of what `base` leaves open; and once more at all cases where it is open whether the
/// operator gives what `base` takes to be left out.
pub(super) fn explore(base: Reading, read: &Read<'_>) -> Explored {
    let mut optional = base.guards.optional.clone();
    let mut explored = divide(base, &BTreeSet::new(), &|case, alike| read(case, Some(alike)));
    let mut opened = None;
    for _ in 0..MAX_ROUNDS {
        let asked = opened.as_ref().map_or(&optional, |reading: &Reading| &reading.guards.optional);
        if asked.is_empty() {
            break;
        }
        optional.extend(asked.iter().cloned().collect::<Vec<_>>());
        opened = read(&Case::open(&optional), None).map(Reading::unless_refused);
    }
    if let Some(opened) = opened {
        let within = Case::open(&optional);
        let read = |case: &Case, alike: &Alike| read(&within.then(case), Some(alike));
        explored.add(divide(opened, &optional, &read), &optional);
    }
    explored
}

/// Looks at all cases of what `base` leaves open. An operator may give the symbols that are `optional`.
fn divide(
    mut base: Reading,
    optional: &BTreeSet<Symbol>,
    read: &(dyn Fn(&Case, &Alike) -> Option<Reading> + Sync),
) -> Explored {
    let alike = std::mem::take(&mut base.alike);
    let each = base.guards.effort + RESOURCE * base.resources as u64;
    let most = usize::try_from(MAX_EFFORT / each.max(1)).unwrap_or(MAX_CASES).min(MAX_CASES);
    let mut cases = Cases {
        readings: HashMap::new(),
        divided: HashMap::new(),
        order: Vec::new(),
        optional: optional.iter().flat_map(names).collect(),
    };
    cases.add(Case::ANY, base);
    cases.look(most, &|case| read(case, &alike));
    cases.told()
}

/// The cases that were looked at.
struct Cases {
    readings: HashMap<Case, Reading>,
    /// The cases that each question of a case was divided into.
    divided: HashMap<Case, BTreeMap<Place, Vec<Case>>>,
    /// In the order in which they were looked at.
    order: Vec<Case>,
    /// The inputs that an operator may give, or leave out.
    optional: BTreeSet<Arc<str>>,
}

impl Cases {
    fn add(&mut self, case: Case, reading: Reading) {
        self.order.push(case.clone());
        self.readings.insert(case, reading);
    }

    /// Level by level, so that a used-up budget leaves the deepest open.
    fn look(&mut self, most: usize, read: &(dyn Fn(&Case) -> Option<Reading> + Sync)) {
        let mut level: Vec<(Case, Vec<Case>)> = vec![(Case::ANY, Vec::new())];
        while !level.is_empty() {
            let mut next: Vec<(Case, Vec<Case>)> = Vec::new();
            let mut waiting = HashSet::new();
            for (at, above) in &level {
                let divided = self.division(at, above);
                for taken in divided.values() {
                    for case in taken {
                        let is_new = waiting.insert(case.clone());
                        if is_new && !self.readings.contains_key(case) {
                            let above = above.iter().chain([at]).cloned().collect();
                            next.push((case.clone(), above));
                        }
                    }
                }
                self.divided.insert(at.clone(), divided);
            }
            next.truncate(most.saturating_sub(self.order.len()));
            let found: Vec<_> = next.par_iter().map(|(case, _)| read(case)).collect();
            for ((case, _), reading) in next.iter().zip(found) {
                if let Some(reading) = reading {
                    self.add(case.clone(), reading.unless_refused());
                }
            }
            next.retain(|(case, _)| self.readings.contains_key(case));
            level = next;
        }
    }

    /// The cases of each question that is open in a case, and was not so in those that it is a part of.
    fn division(&self, case: &Case, above: &[Case]) -> BTreeMap<Place, Vec<Case>> {
        let reading = &self.readings[case];
        let asked = |place: &Place, open: &Unknown| {
            above.iter().any(|one| self.readings[one].questions.get(place) == Some(open))
        };
        let new = reading.questions.iter().filter(|(place, open)| !asked(place, open));
        let divided = new.filter_map(|(place, open)| {
            let choice =
                reading.choice(open).filter(|choice| !is_entangled(case, &choice.symbol))?;
            let taken = choice.alternatives(case).into_iter();
            let cases = taken.map(|taken| case.with(choice.symbol.clone(), taken)).collect();
            Some((place.clone(), cases))
        });
        divided.collect()
    }

    fn divided(&self, case: &Case, place: &Place) -> Option<&Vec<Case>> {
        self.divided.get(case)?.get(place)
    }

    /// Whether no verdict at a place is open in any case of a case.
    fn is_resolved(&self, case: &Case, place: &Place) -> bool {
        let Some(reading) = self.readings.get(case) else { return false };
        if !reading.open.contains(place) {
            return true;
        }
        let divided = self.divided(case, place);
        divided.is_some_and(|cases| cases.iter().all(|case| self.is_resolved(case, place)))
    }

    /// Whether the same question is resolved in all cases of one that this is a part of.
    fn is_resolved_above(&self, case: &Case, place: &Place) -> bool {
        let open = self.readings[case].questions.get(place);
        open.is_some()
            && self.order.iter().take_while(|above| *above != case).any(|above| {
                case.implies(above)
                    && self.readings[above].questions.get(place) == open
                    && self.is_resolved(above, place)
            })
    }

    /// Whether a question has cases that were not looked at.
    fn is_cut(&self, case: &Case, place: &Place) -> bool {
        if !self.readings.contains_key(case) {
            return true;
        }
        let divided = self.divided(case, place);
        divided.is_some_and(|cases| cases.iter().any(|case| self.is_cut(case, place)))
    }

    fn undecided(&self) -> Vec<Undecided> {
        let mut open: Vec<Undecided> = Vec::new();
        let mut places = HashSet::new();
        for case in &self.order {
            let mut here = Vec::new();
            for one in self.readings[case].undecided() {
                let place = place(one);
                if places.contains(&place)
                    || self.is_resolved(case, &place)
                    || self.is_resolved_above(case, &place)
                {
                    continue;
                }
                let mut one = one.clone();
                if self.is_cut(case, &place) {
                    one.unknown =
                        one.unknown.and(Unknown::new("the number of its cases", Why::Budget));
                }
                open.push(one);
                here.push(place);
            }
            places.extend(here);
        }
        open
    }
}

/// Whether a part of a symbol is taken to be something already, or is a part of what is: the two may
/// contradict each other unseen.
fn is_entangled(case: &Case, symbol: &Symbol) -> bool {
    let own: BTreeSet<_> = names(symbol).collect();
    let others = case.iter().map(|(other, _)| other).filter(|other| *other != symbol);
    others.into_iter().any(|other| names(other).any(|name| own.contains(&name)))
}

#[cfg(test)]
mod tests;
