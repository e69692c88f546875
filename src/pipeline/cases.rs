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

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use rayon::prelude::*;

use crate::finding::{Finding, Rule, Severity, Undecided, Verdict};
use crate::graph::{Allowed, Case, Choice, Graph, Guards, Node, Resource, Value, simplified};
use crate::network::Network;
use crate::source::Span;
use crate::unknown::{Form, Symbol, Unknown, Why};

/// So many cases of one root are looked at.
const MAX_CASES: usize = 256;

/// The steps that all cases of one root may take together, and those that a resource counts for. Of a
/// root with 500 resources some 150 cases are looked at.
const MAX_EFFORT: u64 = 8_000_000;
const RESOURCE: u64 = 100;

/// What may be open.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Place {
    /// A verdict of a rule.
    Verdict(&'static str, Span),
    /// Whether a resource exists.
    Resource(Arc<str>),
    /// A part of a property.
    Property(Arc<str>, Arc<str>, usize),
}

/// A root as it is in one case.
#[derive(Debug)]
pub(super) struct Reading {
    verdicts: Vec<Verdict>,
    /// What is open because of something that conditions compare.
    questions: BTreeMap<Place, Unknown>,
    /// The addresses of the resources that certainly exist.
    existing: HashSet<Arc<str>>,
    guards: Guards,
    /// The first choice that is about each input.
    choices: HashMap<Arc<str>, usize>,
    alike: Alike,
    resources: usize,
}

/// The properties with equal symbols: they stay alike in every case, and one asks for all of them.
#[derive(Debug, Default)]
pub(super) struct Alike {
    /// The resources that nothing notices: one does not ask about them.
    unnoticed: HashSet<Arc<str>>,
    /// The first that has its symbols, by resource and property.
    first: HashMap<Arc<str>, HashMap<Arc<str>, Arc<Property>>>,
}

/// A property with its symbols that stand in no other.
#[derive(Debug)]
struct Property {
    resource: Arc<str>,
    name: Arc<str>,
    symbols: Vec<Symbol>,
}

impl Alike {
    fn ignores(&self, resource: &Resource) -> bool {
        self.unnoticed.contains(&resource.address)
    }

    fn get(&self, resource: &str, name: &str) -> Option<&Arc<Property>> {
        self.first.get(resource)?.get(name)
    }
}

impl Reading {
    /// A root as it stands; `base` is what was alike in it before anything was chosen.
    pub(super) fn new(graph: &Graph, verdicts: Vec<Verdict>, base: Option<&Alike>) -> Self {
        let mut choices = HashMap::new();
        for (at, choice) in graph.guards.choices.iter().enumerate() {
            for name in names(&choice.symbol) {
                choices.entry(name).or_insert(at);
            }
        }
        let mut alike = Alike::default();
        if base.is_none() && !choices.is_empty() {
            let unnoticed = Network::unnoticed(graph).into_iter();
            let address = |id| Arc::clone(&graph.resource(id).address);
            alike.unnoticed = unnoticed.map(address).collect();
        }
        let mut reading = Self {
            choices,
            verdicts,
            questions: BTreeMap::new(),
            existing: HashSet::new(),
            guards: graph.guards.clone(),
            alike,
            resources: graph.resources.len(),
        };
        for resource in graph.resources.iter().filter(|one| Network::reads(&one.kind)) {
            match &resource.exists {
                Ok(()) => {
                    reading.existing.insert(Arc::clone(&resource.address));
                }
                Err(open) if !base.unwrap_or(&reading.alike).ignores(resource) => {
                    reading.ask(Place::Resource(Arc::clone(&resource.address)), open);
                }
                Err(_) => {}
            }
        }
        match base {
            None => reading.ask_about_all(graph),
            Some(base) => reading.ask_about_changes(graph, base),
        }
        let open = reading.undecided().map(|it| (place(it), it.unknown.clone()));
        for (place, open) in open.collect::<Vec<_>>() {
            reading.ask(place, &open);
        }
        reading
    }

    /// Asks about every property with a symbol that a choice decides.
    fn ask_about_all(&mut self, graph: &Graph) {
        let mut by_symbols: HashMap<Vec<Symbol>, Arc<Property>> = HashMap::new();
        for (resource, name, node) in properties(graph) {
            if self.alike.ignores(resource) {
                continue;
            }
            let mut open = Vec::new();
            outermost(&node.value, &mut open);
            if !open.iter().any(|symbol| self.may_divide(symbol)) {
                continue;
            }
            let symbols: Vec<Symbol> = open.into_iter().cloned().collect();
            let first = by_symbols.entry(symbols).or_insert_with_key(|symbols| {
                let property = Property {
                    resource: Arc::clone(&resource.address),
                    name: Arc::clone(name),
                    symbols: symbols.clone(),
                };
                Arc::new(property)
            });
            let of_resource = self.alike.first.entry(Arc::clone(&resource.address)).or_default();
            of_resource.insert(Arc::clone(name), Arc::clone(first));
        }
        for property in by_symbols.into_values() {
            self.ask_about(&property.resource, &property.name, property.symbols.iter());
        }
    }

    /// Asks about the properties that are not as they were: about the others it has been asked before.
    fn ask_about_changes(&mut self, graph: &Graph, base: &Alike) {
        let mut done: HashSet<*const Property> = HashSet::new();
        for (resource, name, node) in properties(graph) {
            if base.ignores(resource) {
                continue;
            }
            let before = base.get(&resource.address, name);
            if before.is_some_and(|it| !done.insert(Arc::as_ptr(it))) {
                continue;
            }
            let mut open = Vec::new();
            outermost(&node.value, &mut open);
            match before {
                Some(before) if before.symbols.iter().eq(open.iter().copied()) => {}
                Some(before) => self.ask_about(&before.resource, &before.name, open),
                None => self.ask_about(&resource.address, name, open),
            }
        }
    }

    fn ask_about<'s>(
        &mut self,
        resource: &Arc<str>,
        name: &Arc<str>,
        symbols: impl IntoIterator<Item = &'s Symbol>,
    ) {
        for (at, symbol) in symbols.into_iter().enumerate() {
            if self.may_divide(symbol) {
                let place = Place::Property(Arc::clone(resource), Arc::clone(name), at);
                self.ask(place, &symbol.unknown());
            }
        }
    }

    /// Whether a choice may be about a part of a symbol.
    fn may_divide(&self, symbol: &Symbol) -> bool {
        let mut found = false;
        symbol.walk(&mut |part| {
            if let Form::Input { name, .. } = part.form() {
                found |= self.choices.contains_key(name) || self.guards.hidden.contains_key(name);
            }
        });
        found
    }

    /// Nothing is said of what cannot be deployed.
    fn unless_refused(mut self) -> Self {
        if self.guards.refused {
            self.verdicts.clear();
            self.questions.clear();
            self.existing.clear();
            self.guards.truths.clear();
        }
        self
    }

    fn ask(&mut self, place: Place, open: &Unknown) {
        if self.choice(open).is_some() {
            let both = match self.questions.remove(&place) {
                Some(before) => before.and(open.clone()),
                None => open.clone(),
            };
            self.questions.insert(place, both);
        }
    }

    fn undecided(&self) -> impl Iterator<Item = &Undecided> {
        self.verdicts.iter().filter_map(|verdict| match verdict {
            Verdict::Undecided(open) => Some(open),
            Verdict::Finding(_) => None,
        })
    }

    fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.verdicts.iter().filter_map(|verdict| match verdict {
            Verdict::Finding(finding) => Some(finding),
            Verdict::Undecided(_) => None,
        })
    }

    /// The choice that divides a question first.
    fn choice(&self, open: &Unknown) -> Option<&Choice> {
        let hidden = |name: &Arc<str>| self.guards.hidden.get(name).into_iter().flatten();
        let first = open.first.iter().flat_map(|name| std::iter::once(name).chain(hidden(name)));
        let at = first.filter_map(|name| self.choices.get(name)).min()?;
        self.guards.choices.get(*at)
    }
}

fn place(open: &Undecided) -> Place {
    Place::Verdict(open.rule.id, open.span)
}

/// The properties of the resources that the model reads.
fn properties(graph: &Graph) -> impl Iterator<Item = (&Resource, &Arc<str>, &Node)> {
    let read = graph.resources.iter().filter(|one| Network::reads(&one.kind));
    read.flat_map(|one| one.body.iter().map(move |(name, node)| (one, name, node)))
}

/// The names of the inputs that a symbol is made of.
fn names(symbol: &Symbol) -> impl Iterator<Item = Arc<str>> {
    symbol.unknown().inputs.into_iter().map(|input| input.name)
}

/// The symbols in a value that stand in no other.
fn outermost<'v>(value: &'v Value, out: &mut Vec<&'v Symbol>) {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        Value::List { items, rest } => {
            items.iter().for_each(|item| outermost(&item.value, out));
            out.extend(rest);
        }
        Value::Map(map) => {
            map.entries.values().for_each(|node| outermost(&node.value, out));
            out.extend(&map.rest);
        }
        Value::Unknown(symbol) => out.push(symbol),
    }
}

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
pub(super) struct Explored {
    pub(super) findings: Vec<Guarded>,
    pub(super) undecided: Vec<Undecided>,
    /// How many cases were looked at, the open one among them.
    #[cfg(test)]
    pub(super) cases: usize,
}

impl Explored {
    /// What is reported of it.
    pub(super) fn verdicts(self) -> Vec<Verdict> {
        let (reported, left): (Vec<_>, Vec<_>) =
            self.findings.into_iter().partition(|one| one.reported);
        let findings = reported.into_iter().map(|one| Verdict::Finding(one.finding));
        let mut open = self.undecided;
        for one in left {
            let symbols = one.cases.iter().flat_map(Case::iter).map(|(symbol, _)| symbol.unknown());
            let Some(unknown) = symbols.reduce(Unknown::and) else { continue };
            let (rule, span): (&'static Rule, _) = (one.finding.rule, one.finding.primary.span);
            let own = Undecided { rule, unknown, span };
            if !open.iter().any(|other| place(other) == place(&own)) {
                open.push(own);
            }
        }
        findings.chain(open.into_iter().map(Verdict::Undecided)).collect()
    }
}

/// Reads a root in a case, with what is alike in it.
pub(super) type Read<'r> = dyn Fn(&Case, &Alike) -> Option<Reading> + Sync + 'r;

/// Looks at all cases of what `base` leaves open.
pub(super) fn explore(mut base: Reading, read: &Read<'_>) -> Explored {
    let alike = std::mem::take(&mut base.alike);
    let each = base.guards.effort + RESOURCE * base.resources as u64;
    let most = usize::try_from(MAX_EFFORT / each.max(1)).unwrap_or(MAX_CASES).min(MAX_CASES);
    let mut cases = Cases { readings: HashMap::new(), divided: HashMap::new(), order: Vec::new() };
    cases.add(Case::ANY, base);
    cases.look(most, &|case| read(case, &alike));
    let findings = cases.findings();
    let undecided = cases.undecided();
    Explored {
        findings,
        undecided,
        #[cfg(test)]
        cases: cases.order.len(),
    }
}

/// The cases that were looked at.
struct Cases {
    readings: HashMap<Case, Reading>,
    /// The cases that a question was divided into.
    divided: HashMap<(Case, Place), Vec<Case>>,
    /// In the order in which they were looked at.
    order: Vec<Case>,
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
            for (case, above) in &level {
                for (place, taken) in self.division(case, above) {
                    for case in &taken {
                        let is_new = waiting.insert(case.clone());
                        if is_new && !self.readings.contains_key(case) {
                            let above = above.iter().chain([&place.0]).cloned().collect();
                            next.push((case.clone(), above));
                        }
                    }
                    self.divided.insert(place, taken);
                }
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
    fn division(&self, case: &Case, above: &[Case]) -> Vec<((Case, Place), Vec<Case>)> {
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
            Some(((case.clone(), place.clone()), cases))
        });
        divided.collect()
    }

    /// Whether no verdict at a place is open in any case of a case.
    fn is_resolved(&self, case: &Case, place: &Place) -> bool {
        let Some(reading) = self.readings.get(case) else { return false };
        if !reading.undecided().any(|open| self::place(open) == *place) {
            return true;
        }
        let divided = self.divided.get(&(case.clone(), place.clone()));
        divided.is_some_and(|cases| cases.iter().all(|case| self.is_resolved(case, place)))
    }

    /// Whether a question has cases that were not looked at.
    fn is_cut(&self, case: &Case, place: &Place) -> bool {
        if !self.readings.contains_key(case) {
            return true;
        }
        let divided = self.divided.get(&(case.clone(), place.clone()));
        divided.is_some_and(|cases| cases.iter().any(|case| self.is_cut(case, place)))
    }

    fn undecided(&self) -> Vec<Undecided> {
        let mut open: Vec<Undecided> = Vec::new();
        let mut places = HashSet::new();
        for case in &self.order {
            let mut here = Vec::new();
            for one in self.readings[case].undecided() {
                let place = place(one);
                if places.contains(&place) || self.is_resolved(case, &place) {
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

    fn findings(&self) -> Vec<Guarded> {
        let mut all: Vec<(&Finding, Vec<Case>)> = Vec::new();
        let mut at: HashMap<_, usize> = HashMap::new();
        for case in &self.order {
            let mut repeats: HashMap<_, usize> = HashMap::new();
            for finding in self.readings[case].findings() {
                let repeat = repeats.entry(key(finding)).or_default();
                *repeat += 1;
                let at = *at.entry((key(finding), *repeat)).or_insert_with(|| {
                    all.push((finding, Vec::new()));
                    all.len() - 1
                });
                all[at].1.push(case.clone());
            }
        }
        let allowed = self.allowed();
        let guarded = all.iter().map(|(finding, found)| {
            let cases = simplified(found.clone(), &allowed);
            let always = cases.iter().any(Case::is_empty);
            let mut finding = (*finding).clone();
            if !always {
                finding.environments.under = vec![self.spell(&finding, &cases)];
            }
            let reported = always || self.is_reported(&finding, &cases, found);
            Guarded { finding, cases, reported }
        });
        let guarded: Vec<_> = guarded.collect();
        let worse = |one: &Guarded, other: &Guarded| {
            other.cases.iter().any(Case::is_empty)
                && !one.cases.iter().any(Case::is_empty)
                && fault(&one.finding) == fault(&other.finding)
                && one.finding.severity <= other.finding.severity
        };
        let mut kept: Vec<bool> = Vec::new();
        for one in &guarded {
            kept.push(!guarded.iter().any(|other| worse(one, other)));
        }
        guarded.into_iter().zip(kept).filter_map(|(one, kept)| kept.then_some(one)).collect()
    }

    fn allowed(&self) -> Allowed {
        let readings = self.order.iter().map(|case| &self.readings[case]);
        let choices = readings.flat_map(|reading| &reading.guards.choices);
        let closed = choices.filter_map(|it| Some((it.symbol.clone(), it.allowed.clone()?)));
        closed.collect()
    }

    /// Whether one choice brings it about, or it is there whenever what it is about exists.
    fn is_reported(&self, finding: &Finding, cases: &[Case], found: &[Case]) -> bool {
        let symbols: BTreeSet<_> =
            cases.iter().flat_map(Case::iter).map(|(symbol, _)| symbol).collect();
        let all = || self.readings.values();
        let is_declared = |it: &&String| all().any(|reading| reading.existing.contains(&***it));
        let about: Vec<_> = finding.subjects.iter().filter(is_declared).collect();
        let comes_along = |reading: &Reading| {
            !about.iter().all(|it| reading.existing.contains(&***it))
                || reading.findings().any(|other| key(other) == key(finding))
                || reading.undecided().any(|open| open.rule.id == finding.rule.id)
        };
        let one = symbols.len() <= 1 && found.iter().any(Case::is_named);
        one || !about.is_empty() && all().all(comes_along)
    }

    /// `Condition UseResolver (Env = prod)`, or only the values where no condition says just this.
    fn spell(&self, finding: &Finding, cases: &[Case]) -> Arc<str> {
        let names: BTreeSet<&Arc<str>> =
            self.readings.values().flat_map(|reading| reading.guards.truths.keys()).collect();
        let exact = |name: &Arc<str>, truth: bool| {
            let told = |reading: &Reading| reading.guards.truths.get(name).map(|it| *it == truth);
            cases.iter().all(|case| self.told(case, name) == Some(truth))
                && self.readings.values().all(|reading| {
                    let holds = reading.findings().any(|other| key(other) == key(finding));
                    match told(reading) {
                        Some(true) => holds,
                        Some(false) => !holds,
                        None => true,
                    }
                })
        };
        let values: Vec<_> = cases.iter().map(ToString::to_string).collect();
        let values = values.join(" or ");
        let named = |truth| names.iter().find(|name| exact(name, truth));
        match (named(true), named(false)) {
            (Some(name), _) => format!("under Condition {name} ({values})").into(),
            (None, Some(name)) => format!("where Condition {name} is false ({values})").into(),
            (None, None) => format!("where {values}").into(),
        }
    }

    /// The truth of a condition in a case, or in all cases looked at that it consists of.
    fn told(&self, case: &Case, name: &Arc<str>) -> Option<bool> {
        if let Some(reading) = self.readings.get(case) {
            return reading.guards.truths.get(name).copied();
        }
        let mut within = self.readings.iter().filter(|(other, _)| other.implies(case));
        let first = within.next()?.1.guards.truths.get(name).copied()?;
        within.all(|(_, it)| it.guards.truths.get(name) == Some(&first)).then_some(first)
    }
}

/// Whether a part of a symbol is taken to be something already, or is a part of what is: the two may
/// contradict each other unseen.
fn is_entangled(case: &Case, symbol: &Symbol) -> bool {
    let own: BTreeSet<_> = names(symbol).collect();
    let others = case.iter().map(|(other, _)| other).filter(|other| *other != symbol);
    others.into_iter().any(|other| names(other).any(|name| own.contains(&name)))
}

/// One fault, whatever its message and its first place are in a case.
fn key(finding: &Finding) -> (Fault<'_>, Severity) {
    (fault(finding), finding.severity)
}

fn fault(finding: &Finding) -> Fault<'_> {
    (finding.rule.id, &finding.subjects[..finding.subjects.len().min(2)])
}

/// A rule, and what identifies the fault: further names come and go with the cases.
type Fault<'f> = (&'static str, &'f [String]);

#[cfg(test)]
mod tests;
