//! Joins roots: remote state, exports and imports, parameters; and data sources with what they read.
//!
//! A root is evaluated, what its data sources and imports ask for is looked up among what all roots offer,
//! and it is evaluated again with the answers, until nothing new is learned. An answer that names a
//! resource of another graph, or of this one, names it by a *foreign* id; in the end the graphs that name
//! each other become one estate, where each id is a resource's own.
//!
//! Only an exact key links, and only where it has one meaning: anything else stays a symbol.

mod estate;
mod lookup;

use hashbrown::{HashMap, HashSet};
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::bug::guarded;
use crate::graph::{Asked, Graph, Known, Offer, Value, Want, is_account};
use crate::unknown::{Form, ResourceId, Symbol};

pub use estate::{Estate, addresses_of, case_of, join, rejoin};

/// Ids from here on are foreign.
const FOREIGN: u32 = 1 << 30;

/// What linked roots have in common.
const OF_DEPLOYMENT: [&str; 4] =
    ["AWS::AccountId", "AWS::Partition", "AWS::Region", "AWS::URLSuffix"];

/// The root of a resource, by its position, and the address there.
type Place = (usize, Arc<str>);

/// What is known of links so far. Foreign ids keep their meaning from one round to the next.
#[derive(Debug, Clone, Default)]
pub struct Links {
    places: Vec<Place>,
    ids: HashMap<Place, ResourceId>,
    /// Inputs of one root as others see them.
    inputs: HashSet<Arc<str>>,
    /// The resources that data sources read, by place.
    reads: BTreeMap<Place, Place>,
}

impl Links {
    /// What each root is told of the others, and of its own data sources. A root that was not loaded is
    /// `None`. A bug costs what one root is told.
    pub fn known(&mut self, graphs: &[Option<Graph>], failures: &mut Vec<String>) -> Vec<Known> {
        self.reads.clear();
        let offers = all_offers(graphs);
        let mut all = Vec::new();
        for (at, graph) in graphs.iter().enumerate() {
            let mut known = Known::new();
            if let Some(graph) = graph {
                let what = format!("{}: what it is told of others", graph.root);
                let told = guarded(&what, || self.told(graphs, &offers, (at, graph)));
                match told {
                    Ok(told) => known = told,
                    Err(failure) => failures.push(failure),
                }
            }
            all.push(known);
        }
        all
    }

    fn told(
        &mut self,
        graphs: &[Option<Graph>],
        offers: &Offers<'_>,
        (at, graph): (usize, &Graph),
    ) -> Known {
        let mut known = Known::new();
        for want in &graph.wants {
            known.extend(self.answer(graphs, offers, at, want));
        }
        self.look_up(graphs, at, graph, &mut known);
        known
    }

    fn answer(
        &mut self,
        graphs: &[Option<Graph>],
        offers: &Offers<'_>,
        at: usize,
        want: &Want,
    ) -> Option<(Asked, Value)> {
        let fits = |(_, offer): &&(usize, &Offer)| {
            fits(&offer.region, &want.region) && are_one(&offer.account, &want.account)
        };
        let mut found = offers.get(&want.name)?.iter().filter(fits);
        let (Some((from, offer)), None) = (found.next(), found.next()) else { return None };
        let (own, other) = (graphs[at].as_ref()?, graphs[*from].as_ref()?);
        let is_state = want.name.starts_with("state ");
        // Two languages have two graphs: only what names no resource passes between them.
        let crossing = own.language != other.language && !offer.value.is_known();
        if (is_state && *from == at) || crossing {
            return None;
        }
        let value = self.seen_from(at, *from, other, &offer.value);
        Some((want.asked.clone(), value))
    }

    /// A value of the graph `from` as the root `at` sees it.
    fn seen_from(&mut self, at: usize, from: usize, graph: &Graph, value: &Value) -> Value {
        value.rewrite(&mut |symbol| match symbol.form() {
            Form::Attribute { resource, address, data, name } => {
                if resource.0 >= FOREIGN {
                    return None;
                }
                let own = Arc::clone(&graph.resources.get(resource.0 as usize)?.address);
                let id = self.foreign((from, own));
                Some(Symbol::attribute(id, Arc::clone(address), *data, Arc::clone(name)))
            }
            Form::Input { name, why } if at != from && self.is_own(name) => {
                let name = of_root(&graph.root, name);
                self.inputs.insert(Arc::clone(&name));
                Some(Symbol::input(name, why.clone()))
            }
            _ => None,
        })
    }

    /// Whether an input is a root's own: that of another has a name that says so, and stacks that share
    /// their exports are in one account and Region.
    fn is_own(&self, name: &Arc<str>) -> bool {
        !self.inputs.contains(name) && !OF_DEPLOYMENT.contains(&&**name)
    }

    fn foreign(&mut self, place: Place) -> ResourceId {
        if let Some(id) = self.ids.get(&place) {
            return *id;
        }
        let id = ResourceId(FOREIGN + u32::try_from(self.places.len()).unwrap_or(0));
        self.places.push(place.clone());
        self.ids.insert(place, id);
        id
    }

    /// Where the resource of an id is, as the graph `at` uses it.
    fn place(&self, graphs: &[Option<Graph>], at: usize, id: ResourceId) -> Option<Place> {
        if id.0 >= FOREIGN {
            return self.places.get((id.0 - FOREIGN) as usize).cloned();
        }
        let resource = graphs[at].as_ref()?.resources.get(id.0 as usize)?;
        Some((at, Arc::clone(&resource.address)))
    }
}

type Offers<'g> = HashMap<Arc<str>, Vec<(usize, &'g Offer)>>;

fn all_offers(graphs: &[Option<Graph>]) -> Offers<'_> {
    let mut offers = Offers::new();
    for (at, graph) in graphs.iter().enumerate() {
        for offer in graph.iter().flat_map(|graph| &graph.offers) {
            offers.entry(Arc::clone(&offer.name)).or_default().push((at, offer));
        }
    }
    offers
}

/// Whether two Regions may be one.
fn fits(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::String(a), Value::String(b)) => a == b,
        _ => true,
    }
}

/// Whether two accounts may be one: their numbers tell.
fn are_one(a: &str, b: &str) -> bool {
    a == b || !(is_account(a) && is_account(b))
}

/// An input or address of a root, as told from equal ones of others.
fn of_root(root: &str, name: &str) -> Arc<str> {
    format!("{root}/{name}").into()
}
