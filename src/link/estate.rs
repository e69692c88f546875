//! Graphs that name each other become one.

use hashbrown::HashMap;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{FOREIGN, Links, Place, of_root};
use crate::bug::guarded;
use crate::graph::{Case, Graph, Language, Node, Resource, Value, rewritten};
use crate::unknown::{Form, Input, ResourceId, Symbol, Why};

/// Roots that belong together, as one graph.
#[derive(Debug)]
pub struct Estate {
    /// The positions of the roots.
    pub roots: Vec<usize>,
    /// Everything in them.
    pub graph: Graph,
    /// Addresses that several of the roots have.
    shared: BTreeSet<Arc<str>>,
}

/// Joins the graphs that name each other's resources; the others stay alone. A bug costs the roots that
/// would be joined.
pub fn join(
    links: &Links,
    mut graphs: Vec<Option<Graph>>,
    failures: &mut Vec<String>,
) -> Vec<Estate> {
    let together = components(links, &mut graphs, failures);
    let mut graphs: BTreeMap<usize, Graph> =
        graphs.into_iter().enumerate().filter_map(|(at, graph)| Some((at, graph?))).collect();
    let members = |roots: Vec<usize>| {
        let graphs: Vec<_> =
            roots.iter().filter_map(|at| Some((*at, graphs.remove(at)?))).collect();
        if graphs.is_empty() {
            return None;
        }
        let names: Vec<_> = graphs.iter().map(|(_, graph)| graph.root.as_str()).collect();
        let what = format!("{}: joining", names.join(", "));
        guarded(&what, || estate(links, graphs, BTreeSet::new()))
            .map_err(|failure| failures.push(failure))
            .ok()
    };
    together.into_iter().filter_map(members).collect()
}

/// Joins the graphs of an estate as they are now: what is in it has the names that it had.
pub fn rejoin(links: &Links, before: &Estate, graphs: Vec<Option<Graph>>) -> Estate {
    let graphs = graphs.into_iter().enumerate().filter_map(|(at, graph)| Some((at, graph?)));
    estate(links, graphs.collect(), before.shared.clone())
}

/// A case of an estate as one of its roots has it.
pub fn case_of(case: &Case, estate: &Estate, root: &str) -> Case {
    if estate.roots.len() < 2 {
        return case.clone();
    }
    case.rewritten(&mut |symbol| match symbol.form() {
        Form::Input { name, why } => {
            let own = name.strip_prefix(root)?.strip_prefix('/')?;
            Some(Symbol::input(own, why.clone()))
        }
        _ => None,
    })
}

/// Addresses in an estate as one of its roots has them; what others have is no address there.
pub fn addresses_of<'a>(
    addresses: &'a BTreeSet<Arc<str>>,
    estate: &Estate,
    root: &str,
) -> Cow<'a, BTreeSet<Arc<str>>> {
    if estate.shared.is_empty() {
        return Cow::Borrowed(addresses);
    }
    let own = |address: &Arc<str>| {
        let rest = address.strip_prefix(root).and_then(|rest| rest.strip_prefix('/'));
        let shared = rest.map(Arc::from).filter(|own| estate.shared.contains(own));
        shared.unwrap_or_else(|| Arc::clone(address))
    };
    Cow::Owned(addresses.iter().map(own).collect())
}

/// The roots in groups, each sorted. Those of which it cannot be told are no more.
fn components(
    links: &Links,
    graphs: &mut [Option<Graph>],
    failures: &mut Vec<String>,
) -> Vec<Vec<usize>> {
    let mut group: Vec<usize> = (0..graphs.len()).collect();
    for (at, slot) in graphs.iter_mut().enumerate() {
        let Some(graph) = slot else { continue };
        let what = format!("{}: what it names of others", graph.root);
        let others = guarded(&what, || named(links, graph)).unwrap_or_else(|failure| {
            failures.push(failure);
            *slot = None;
            BTreeSet::new()
        });
        for other in others {
            let (a, b) = (group[at], group[other]);
            group.iter_mut().filter(|it| **it == a.max(b)).for_each(|it| *it = a.min(b));
        }
    }
    let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (at, group) in group.into_iter().enumerate() {
        groups.entry(group).or_default().push(at);
    }
    groups.into_values().collect()
}

/// The other roots whose resources a graph names.
fn named(links: &Links, graph: &Graph) -> BTreeSet<usize> {
    let place = |id: ResourceId| links.places.get((id.0 - FOREIGN) as usize);
    foreign(links, graph).into_iter().filter_map(place).map(|(other, _)| *other).collect()
}

/// The foreign ids that a graph has.
fn foreign(links: &Links, graph: &Graph) -> BTreeSet<ResourceId> {
    let mut ids = BTreeSet::new();
    if !links.places.is_empty() {
        symbols(graph, &mut |symbol| match symbol.form() {
            Form::Attribute { resource, .. } if resource.0 >= FOREIGN => {
                ids.insert(*resource);
            }
            _ => {}
        });
    }
    ids
}

fn symbols(graph: &Graph, visit: &mut impl FnMut(&Symbol)) {
    for resource in &graph.resources {
        resource.body.values().for_each(|node| node.value.symbols(visit));
    }
    graph.exports.iter().for_each(|node| node.value.symbols(visit));
    graph.gaps.iter().flat_map(|gap| gap.given.iter().flatten()).for_each(|it| it.walk(visit));
}

/// Where the resources of the joined graphs end up.
struct Plan<'a> {
    links: &'a Links,
    /// The path of each root.
    roots: BTreeMap<usize, Arc<str>>,
    /// The first id of each root's resources.
    offsets: HashMap<usize, u32>,
    /// The new ids by place.
    ids: HashMap<Place, ResourceId>,
    /// The addresses in their own graphs, by new id.
    own: Vec<Arc<str>>,
    /// Addresses that several of the roots have.
    shared: BTreeSet<Arc<str>>,
}

fn estate(links: &Links, mut graphs: Vec<(usize, Graph)>, shared: BTreeSet<Arc<str>>) -> Estate {
    // What names nothing of another graph, and is told of no data source of its own, stays as it is.
    if let [(at, graph)] = &mut *graphs
        && links.reads.range((*at, "".into())..).next().is_none_or(|((root, _), _)| root != at)
        && foreign(links, graph).is_empty()
    {
        graph.reads.clear();
        let roots = vec![*at];
        return Estate { roots, graph: graphs.remove(0).1, shared };
    }
    let plan = plan(links, &graphs, shared);
    let roots: Vec<usize> = graphs.iter().map(|(at, _)| *at).collect();
    let mut all: Option<Graph> = None;
    for (at, mut graph) in graphs {
        plan.apply(at, &mut graph);
        match &mut all {
            None => all = Some(graph),
            Some(all) => {
                all.root = format!("{}, {}", all.root, graph.root);
                all.resources.append(&mut graph.resources);
                all.gaps.append(&mut graph.gaps);
                all.problems.append(&mut graph.problems);
                all.exports.append(&mut graph.exports);
                all.guards.add(graph.guards);
            }
        }
    }
    let mut graph = all.unwrap_or_else(|| Graph::new("", crate::graph::Language::Terraform));
    let id = |place: &Place| plan.ids.get(place).copied();
    graph.reads =
        links.reads.iter().filter_map(|(data, managed)| Some((id(data)?, id(managed)?))).collect();
    Estate { roots, graph, shared: plan.shared }
}

fn plan<'a>(links: &'a Links, graphs: &[(usize, Graph)], shared: BTreeSet<Arc<str>>) -> Plan<'a> {
    let mut plan = Plan {
        links,
        roots: graphs.iter().map(|(at, graph)| (*at, graph.root.as_str().into())).collect(),
        offsets: HashMap::new(),
        ids: HashMap::new(),
        own: Vec::new(),
        shared,
    };
    let mut uses: HashMap<&Arc<str>, usize> = HashMap::new();
    let mut next = 0;
    for (at, graph) in graphs {
        plan.offsets.insert(*at, next);
        for resource in &graph.resources {
            let own = &resource.address;
            if *uses.entry(own).or_insert(*at) != *at {
                plan.shared.insert(Arc::clone(own));
            }
            plan.ids.entry((*at, Arc::clone(own))).or_insert(ResourceId(next));
            plan.own.push(Arc::clone(own));
            next += 1;
        }
    }
    plan
}

impl Plan<'_> {
    fn apply(&self, at: usize, graph: &mut Graph) {
        let joined = self.roots.len() > 1;
        let leaf = &mut |symbol: &Symbol| self.leaf(at, symbol);
        for resource in &mut graph.resources {
            self.resource(at, resource, leaf);
        }
        if joined && graph.language == Language::CloudFormation {
            self.open(at, graph, leaf);
        }
        for node in &mut graph.exports {
            *node = Node::new(node.value.rewrite(leaf), node.span);
        }
        for gap in &mut graph.gaps {
            for symbol in gap.given.iter_mut().flatten() {
                *symbol = symbol.rewrite(leaf);
            }
            // Its outputs are inputs that begin with its name.
            if joined && gap.given.is_some() {
                gap.name = of_root(&graph.root, &gap.name);
            }
        }
    }

    /// Renames the inputs of what is open, and of what may be chosen.
    fn open(&self, at: usize, graph: &mut Graph, leaf: &mut dyn FnMut(&Symbol) -> Option<Symbol>) {
        let named = |name: &Arc<str>| self.input(at, name).unwrap_or_else(|| Arc::clone(name));
        let input = |input: &Input| match input.why {
            Why::KnownAfterApply => Arc::clone(&input.name),
            _ => named(&input.name),
        };
        for resource in &mut graph.resources {
            if let Err(open) = &mut resource.exists {
                *open = open.renamed(input);
            }
        }
        let guards = &mut graph.guards;
        for choice in &mut guards.choices {
            choice.symbol = rewritten(&choice.symbol, leaf);
        }
        let of_root = |(name, of): (&Arc<str>, &BTreeSet<Arc<str>>)| {
            (named(name), of.iter().map(named).collect())
        };
        guards.hidden = guards.hidden.iter().map(of_root).collect();
        guards.optional = guards.optional.iter().map(|it| it.rewrite(leaf)).collect();
        guards.truths = guards.truths.iter().map(|(name, truth)| (named(name), *truth)).collect();
        let offset = self.offsets.get(&at).copied().unwrap_or(0);
        guards.named = guards.named.iter().map(|id| ResourceId(id.0 + offset)).collect();
    }

    /// What an input of a root is called in the estate, where that is another name.
    fn input(&self, at: usize, name: &Arc<str>) -> Option<Arc<str>> {
        let renamed = self.roots.len() > 1 && self.links.is_own(name);
        renamed.then(|| self.roots.get(&at).map(|root| of_root(root, name))).flatten()
    }

    fn resource(
        &self,
        at: usize,
        resource: &mut Resource,
        leaf: &mut dyn FnMut(&Symbol) -> Option<Symbol>,
    ) {
        for (_, node) in resource.body.iter_mut() {
            if !matches!(node.value, Value::String(_) | Value::Bool(_) | Value::Number(_)) {
                node.value = node.value.rewrite(leaf);
            }
        }
        resource.region = resource.region.rewrite(leaf);
        resource.address = self.address(at, &resource.address, &resource.address);
    }

    /// An address of a resource, or of its whole family, as it is called in the estate.
    fn address(&self, at: usize, own: &Arc<str>, called: &Arc<str>) -> Arc<str> {
        match self.roots.get(&at) {
            Some(root) if self.shared.contains(own) => of_root(root, called),
            _ => Arc::clone(called),
        }
    }

    /// What a symbol of the graph `at` is in the estate.
    fn leaf(&self, at: usize, symbol: &Symbol) -> Option<Symbol> {
        match symbol.form() {
            Form::Attribute { resource, address, data, name } if resource.0 >= FOREIGN => {
                let place = self.links.places.get((resource.0 - FOREIGN) as usize);
                let found = place.and_then(|place| Some((place, *self.ids.get(place)?)));
                Some(match found {
                    Some(((from, own), id)) => {
                        let address = self.address(*from, own, address);
                        Symbol::attribute(id, address, *data, Arc::clone(name))
                    }
                    // It was there before more was known.
                    None => Symbol::input(format!("{address}.{name}"), Why::ReadAtApply),
                })
            }
            Form::Attribute { resource, address, data, name } => {
                let id = ResourceId(resource.0 + self.offsets.get(&at).copied().unwrap_or(0));
                let own = self.own.get(id.0 as usize).unwrap_or(address);
                let address = self.address(at, own, address);
                Some(Symbol::attribute(id, address, *data, Arc::clone(name)))
            }
            Form::Input { name, why } => Some(Symbol::input(self.input(at, name)?, why.clone())),
            _ => None,
        }
    }
}
