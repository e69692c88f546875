//! Paths as somebody asks for them: who asks for what, and what if something were otherwise.

mod asked;
mod moves;
mod what_if;

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use crate::bug::guarded;
use crate::diagram::Picture;
use crate::dns::{Assumptions, Dns};
use crate::graph::{Graph, Mode, Node, Value, without_key};
use crate::link::Estate;
use crate::network::Network;
use crate::probe::{Probe, Prober, Verdict, probe, words};
use crate::source::{Note, Span, Workspace};
use crate::trace::{Dependence, Dependences, Ending, Path};
use crate::unknown::{Form, ResourceId, Symbol};

use super::policy::Policy;
use super::{Prepared, Request, estates, prepared};
use asked::Pair;
use what_if::Edits;

/// So many blocks of a path are taken out, one after the other.
const MAX_TRIES: usize = 256;

/// Which paths.
#[derive(Debug, Clone, Default)]
pub struct Ask {
    /// The address of a VPC, a subnet, a host or a Client VPN endpoint, or `on-premises`; all, where none is given.
    pub from: Option<String>,
    /// The address of a cluster, or a name; all clusters, where none is given.
    pub to: Option<String>,
    /// Addresses of what is to be taken out first.
    pub without: Vec<String>,
    /// Attributes that are to have other values: `aws_vpc.x.enable_dns_hostnames=true`.
    pub set: Vec<String>,
    /// Whether the paths are to be drawn.
    pub pictures: bool,
    /// Whether the estates are to be drawn.
    pub estates: bool,
    /// Everything there is: none at all is no fault.
    pub every: bool,
}

/// The paths of a run.
#[derive(Debug, Default)]
pub struct Paths {
    /// In the order of the code.
    pub paths: Vec<Path>,
    /// Of each path that is drawn, by its place among them.
    pub pictures: BTreeMap<usize, Picture>,
    /// Of each estate, where that was asked for.
    pub estates: Vec<Picture>,
    /// What was changed before.
    pub changes: Vec<String>,
    /// Why the job, or a part of it, could not be done.
    pub failures: Vec<String>,
    /// What could not be read on the way.
    pub warnings: Vec<String>,
}

/// Follows the paths that are asked for, as far as the code says.
pub fn trace(
    request: &Request,
    ask: &Ask,
    cwd: &std::path::Path,
) -> std::io::Result<(Paths, Workspace)> {
    prepared(request, cwd, |prepared| follow(prepared, ask, &mut |_, _| ask.pictures)).map(
        |(mut paths, workspace, failures, warnings)| {
            paths.failures.splice(0..0, failures);
            paths.warnings = warnings;
            (paths, workspace)
        },
    )
}

/// Whether a path, at its place among all, is to be drawn.
type Draws<'d> = dyn FnMut(usize, &Path) -> bool + 'd;

/// Follows the paths; `draws` says of each, with its place among them, whether it is to be drawn.
pub(super) fn follow(prepared: &mut Prepared<'_>, ask: &Ask, draws: &mut Draws<'_>) -> Paths {
    let mut out = Paths::default();
    let mut edits = Edits::new(ask);
    let mut faults = asked::Faults::new(ask);
    let single = ask.from.is_some() && ask.to.is_some();
    for environment in &prepared.environments.all {
        let loaded = estates::all(&prepared.given, environment, &mut prepared.failures);
        for mut estate in loaded.estates {
            let gone = edits.apply(&mut estate.graph);
            let policy = Policy::new(&estate, &prepared.given);
            let assumptions = policy.assumptions();
            let what = format!("{}: its paths", estate.graph.root);
            let done = guarded(&what, || {
                let estate = Ready { estate: &estate, assumptions, gone: &gone };
                let before = out.paths.len();
                let draws = &mut |at, path: &Path| draws(before + at, path);
                estate.paths(ask, environment.name(), single, (&mut faults, draws))
            });
            match done {
                Ok(own) => {
                    let before = out.paths.len();
                    out.paths.extend(own.paths);
                    let pictures = own.pictures.into_iter().map(|(at, it)| (before + at, it));
                    out.pictures.extend(pictures);
                    out.estates.extend(own.estates);
                }
                Err(failure) => out.failures.push(failure),
            }
        }
    }
    out.changes = edits.told();
    out.failures.extend(edits.faults());
    if !ask.every && out.paths.is_empty() && prepared.failures.is_empty() && out.failures.is_empty()
    {
        out.failures.extend(faults.told());
    }
    if !out.failures.is_empty() {
        out = Paths { changes: out.changes, failures: out.failures, ..Paths::default() };
    }
    out
}

/// An estate with what is taken for true.
struct Ready<'e> {
    estate: &'e Estate,
    assumptions: Assumptions,
    /// Addresses of what has been taken out.
    gone: &'e BTreeSet<String>,
}

impl Ready<'_> {
    fn paths(
        &self,
        ask: &Ask,
        environment: Option<&str>,
        single: bool,
        (faults, draws): (&mut asked::Faults, &mut Draws<'_>),
    ) -> Paths {
        let graph = &self.estate.graph;
        let network = Network::new(graph);
        let dns = Dns::new(&network, self.assumptions.clone());
        let pairs = asked::pairs(&network, &self.assumptions, graph, ask);
        faults.add((&network, &self.assumptions), graph, self.gone);
        let detail = !ask.every && !ask.pictures && (single || pairs.len() == 1);
        let mut out = Paths::default();
        let prober = Prober::new(&dns);
        for pair in pairs {
            let probe = prober.probe(&pair.client, &pair.question);
            let verdict = probe.verdict(&pair.question);
            let mut path = self.path(&network, &pair, &probe, &verdict);
            path.environment = environment.map(str::to_owned);
            if draws(out.paths.len(), &path) {
                out.pictures.insert(out.paths.len(), Picture::new(&network, &path));
            }
            if detail {
                path.dependences = Some(self.dependences(&path));
            }
            out.paths.push(path);
        }
        if ask.estates && network.vpcs.iter().next().is_some() {
            let named = environment.map(|name| format!("{}, {name}", graph.root));
            let name = named.as_deref().unwrap_or(&graph.root);
            out.estates.push(Picture::estate(&network, name, &out.paths));
        }
        out
    }

    fn path(&self, network: &Network, pair: &Pair, probe: &Probe, verdict: &Verdict) -> Path {
        let once = |hops: Vec<Note>| {
            let mut out: Vec<Note> = Vec::new();
            for hop in hops {
                if !out.contains(&hop) {
                    out.push(hop);
                }
            }
            out
        };
        let name_hops = probe.compared.iter().chain(&probe.name.steps).cloned().collect();
        Path {
            root: self.estate.graph.root.clone(),
            environment: None,
            from: pair.from.clone(),
            to: pair.to.clone(),
            outcome: words::outcome(probe, verdict, &pair.question),
            name: words::name(network, probe),
            name_hops: once(name_hops),
            connection: words::connection(network, probe),
            connection_hops: once(words::hops(network, &probe.connection)),
            assumptions: words::assumptions(network, &pair.client, probe, &self.assumptions),
            undecided: words::open(verdict),
            moves: moves::of(network, probe),
            dependences: None,
        }
    }

    /// The blocks that the hops name, and those without which the path ends otherwise: worse, or better.
    fn dependences(&self, path: &Path) -> Dependences {
        let graph = &self.estate.graph;
        let hops = Hops::of(path);
        let (mut named, mut others) = (Vec::new(), Vec::new());
        let blocks = blocks(graph);
        let shared = shared(graph, &blocks);
        for block in blocks {
            let on_path = block.iter().any(|id| hops.name(graph, *id, &shared));
            if on_path { named.push((block, true)) } else { others.push((block, false)) }
        }
        named.append(&mut others);
        let untried = named.len().saturating_sub(MAX_TRIES);
        let tried = named.len() - untried;
        let blocks = named[..tried].par_iter().filter_map(|(block, on_path)| {
            let first = graph.resource(*block.first()?);
            let ids = graph.named(without_key(&first.address));
            let address = match block.len() {
                1 => &*first.address,
                _ => without_key(&first.address),
            };
            let address = address.to_owned();
            let ids = if ids.is_superset(block) { block } else { &ids };
            let without = self.end_without(ids, path)?.other_than(path);
            let told = *on_path || without.is_some();
            told.then_some(Dependence { address, span: first.span, without })
        });
        Dependences { blocks: blocks.collect(), tried, untried }
    }

    /// How the path ends without a block; nothing where the client or the cluster goes with it.
    fn end_without(&self, block: &BTreeSet<ResourceId>, path: &Path) -> Option<End> {
        let mut graph = self.estate.graph.clone();
        graph.without(block);
        let network = Network::new(&graph);
        let ask =
            Ask { from: Some(path.from.clone()), to: Some(path.to.clone()), ..Ask::default() };
        let pair = asked::pairs(&network, &self.assumptions, &graph, &ask).pop()?;
        let dns = Dns::new(&network, self.assumptions.clone());
        let probe = probe(&dns, &pair.client, &pair.question);
        let verdict = probe.verdict(&pair.question);
        let word = words::outcome(&probe, &verdict, &pair.question).word;
        let answer = words::name(&network, &probe).text;
        Some(End { end: Ending::new(word, words::why(&network, &probe)), answer })
    }
}

/// How a path ends where something is gone.
struct End {
    end: Ending,
    answer: String,
}

impl End {
    /// It, where the path itself ends otherwise or gets another answer. What fails may as well fail in another way, or
    /// not be told where a part of it is gone; what cannot be told may be so for another reason.
    fn other_than(self, path: &Path) -> Option<Ending> {
        let other = match (path.outcome.word, self.end.word) {
            ("fails", without) => matches!(without, "holds" | "partly"),
            ("undecided", without) => without != "undecided",
            (own, without) if own == without => self.answer != path.name.text,
            _ => true,
        };
        other.then_some(self.end)
    }
}

/// The resources of each block that the code manages and on which something that the model reads may depend, in the
/// order of the code.
fn blocks(graph: &Graph) -> Vec<BTreeSet<ResourceId>> {
    let needed = needed(graph);
    let mut all: BTreeMap<(Span, &str), BTreeSet<ResourceId>> = BTreeMap::new();
    for (id, one) in (0..).map(ResourceId).zip(&graph.resources) {
        if one.mode == Mode::Managed && needed.contains(&id) {
            all.entry((one.span, without_key(&one.address))).or_default().insert(id);
        }
    }
    all.into_values().collect()
}

/// What the model reads, and what that names: it cannot be there without.
fn needed(graph: &Graph) -> BTreeSet<ResourceId> {
    let all = (0..).map(ResourceId).zip(&graph.resources);
    let mut open: Vec<_> =
        all.filter(|(_, one)| Network::reads(&one.kind)).map(|(id, _)| id).collect();
    let mut needed: BTreeSet<_> = open.iter().copied().collect();
    while let Some(id) = open.pop() {
        let mut visit = |symbol: &Symbol| {
            if let Form::Attribute { resource, .. } = symbol.form()
                && needed.insert(*resource)
            {
                open.push(*resource);
            }
        };
        graph.resource(id).body.values().for_each(|node| node.value.symbols(&mut visit));
    }
    needed
}

/// The places at which several blocks stand.
fn shared(graph: &Graph, blocks: &[BTreeSet<ResourceId>]) -> BTreeSet<Span> {
    let mut once = BTreeSet::new();
    let places = blocks.iter().filter_map(|block| block.first());
    let places = places.map(|id| graph.resource(*id).span);
    places.filter(|span| !once.insert(*span)).collect()
}

/// Whether a text has an address in it, and not just one that begins so.
fn names(text: &str, address: &str) -> bool {
    let ends =
        |rest: &str| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_' || c == '-');
    text.match_indices(address).any(|(at, _)| ends(&text[at + address.len()..]))
}

/// Places that hops name, each with what they say there.
struct Hops<'p>(BTreeMap<Span, Vec<&'p str>>);

impl<'p> Hops<'p> {
    fn of(path: &'p Path) -> Self {
        let mut hops: BTreeMap<Span, Vec<&str>> = BTreeMap::new();
        for hop in path.name_hops.iter().chain(&path.connection_hops) {
            hops.entry(hop.span).or_default().push(&hop.text);
        }
        Self(hops)
    }

    /// Whether one names a place of a resource; where that is the place of others too, as in a module that stands for
    /// another's, it must name the resource.
    fn name(&self, graph: &Graph, id: ResourceId, shared: &BTreeSet<Span>) -> bool {
        let resource = graph.resource(id);
        if shared.contains(&resource.span) {
            let block = without_key(&resource.address);
            let texts = self.0.get(&resource.span);
            return texts.is_some_and(|texts| texts.iter().any(|text| names(text, block)));
        }
        self.0.contains_key(&resource.span) || resource.body.values().any(|node| self.within(node))
    }

    fn within(&self, node: &Node) -> bool {
        self.0.contains_key(&node.span)
            || match &node.value {
                Value::List { items, .. } => items.iter().any(|item| self.within(item)),
                Value::Map(map) => map.entries.values().any(|entry| self.within(entry)),
                _ => false,
            }
    }
}
