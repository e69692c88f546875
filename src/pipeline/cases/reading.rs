//! A root as it is in one case: what it says, and what conditions leave open in it.

use hashbrown::{HashMap, HashSet};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::finding::{Finding, Undecided, Verdict};
use crate::graph::{Case, Choice, Graph, Guards, Look, Node, Resource, Value};
use crate::network::Network;
use crate::source::Span;
use crate::unknown::{Form, Symbol, Unknown};

/// What may be open.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Place {
    /// A verdict of a rule.
    Verdict(&'static str, Span),
    /// Whether a resource exists.
    Resource(Arc<str>),
    /// A part of a property.
    Property(Arc<str>, Arc<str>, usize),
}

/// A root as it is in one case.
#[derive(Debug)]
pub(in crate::pipeline) struct Reading {
    pub(super) verdicts: Vec<Verdict>,
    /// The places of those that are open.
    pub(super) open: HashSet<Place>,
    /// What is open because of something that conditions compare.
    pub(super) questions: BTreeMap<Place, Unknown>,
    /// The addresses of the resources that certainly exist.
    pub(super) existing: HashSet<Arc<str>>,
    pub(super) guards: Guards,
    /// The first choice that is about each input.
    choices: HashMap<Arc<str>, usize>,
    pub(super) alike: Alike,
    pub(super) resources: usize,
}

/// The properties with equal symbols: they stay alike in every case, and one asks for all of them.
#[derive(Debug, Default)]
pub(in crate::pipeline) struct Alike {
    /// The resources that nothing notices: one does not ask about them, and looks at them no more.
    unnoticed: BTreeSet<Arc<str>>,
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
    /// How a root is looked at in a case, once it is known what nothing notices in it.
    pub(in crate::pipeline) fn look<'a>(known: Option<&'a Self>, case: &'a Case) -> Look<'a> {
        let at_all = Look { case, ..Look::at_all() };
        known.map_or(at_all, |alike| Look { unnoticed: &alike.unnoticed, ..at_all })
    }

    fn ignores(&self, resource: &Resource) -> bool {
        self.unnoticed.contains(&resource.address)
    }

    fn get(&self, resource: &str, name: &str) -> Option<&Arc<Property>> {
        self.first.get(resource)?.get(name)
    }
}

impl Reading {
    /// A root as it stands; `base` is what was alike in it before anything was chosen.
    pub(in crate::pipeline) fn new(
        graph: &Graph,
        verdicts: Vec<Verdict>,
        base: Option<&Alike>,
    ) -> Self {
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
            open: HashSet::new(),
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
            reading.open.insert(place.clone());
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
    pub(super) fn unless_refused(mut self) -> Self {
        if self.guards.refused {
            self.verdicts.clear();
            self.open.clear();
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

    pub(super) fn undecided(&self) -> impl Iterator<Item = &Undecided> {
        self.verdicts.iter().filter_map(|verdict| match verdict {
            Verdict::Undecided(open) => Some(open),
            Verdict::Finding(_) => None,
        })
    }

    pub(super) fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.verdicts.iter().filter_map(|verdict| match verdict {
            Verdict::Finding(finding) => Some(&**finding),
            Verdict::Undecided(_) => None,
        })
    }

    /// The choice that divides a question first.
    pub(super) fn choice(&self, open: &Unknown) -> Option<&Choice> {
        let hidden = |name: &Arc<str>| self.guards.hidden.get(name).into_iter().flatten();
        let first = open.first().flat_map(|name| std::iter::once(name).chain(hidden(name)));
        let at = first.filter_map(|name| self.choices.get(name)).min()?;
        self.guards.choices.get(*at)
    }
}

pub(super) fn place(open: &Undecided) -> Place {
    Place::Verdict(open.rule.id, open.span)
}

/// The properties of the resources that the model reads.
fn properties(graph: &Graph) -> impl Iterator<Item = (&Resource, &Arc<str>, &Node)> {
    let read = graph.resources.iter().filter(|one| Network::reads(&one.kind));
    read.flat_map(|one| one.body.iter().map(move |(name, node)| (one, name, node)))
}

/// The names of the inputs that a symbol is made of.
pub(super) fn names(symbol: &Symbol) -> impl Iterator<Item = Arc<str>> {
    let open = symbol.unknown();
    let names: Vec<_> = open.inputs().map(|input| Arc::clone(&input.name)).collect();
    names.into_iter()
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
