//! What a query gets: Route 53 Resolver as AWS documents it, from any place that asks.
//!
//! The most specific match wins and is terminal; a rule beats a zone of the same name; a query through
//! an inbound endpoint sees that endpoint's VPC
//! (<https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-overview-DSN-queries-to-vpc.html>).

mod assumptions;
mod best;
mod classes;
mod clients;
mod firewall;
mod forward;
mod index;
mod matching;
mod moves;
mod offers;
mod outside;
mod own;
mod query;
mod records;
mod targets;
mod trie;
mod ways;

use hashbrown::HashMap;
use std::cell::{OnceCell, RefCell};
use std::net::IpAddr;
use std::rc::Rc;
use std::time::Duration;

use crate::network::{
    BlockResponse, Cidr, ClientVpn, Cluster, HostedZone, Id, Name, Namespace, Network,
    ResolverEndpoint, ResolverRule, RuleType, Subnet, Vpc, VpcEndpoint,
};
use crate::stages::Stopwatch;
use crate::trace::Trace;
use crate::unknown::Unknown;

pub use assumptions::{
    Assertion, Assumptions, Forward, Must, Named, OnPremisesDns, OutsideNetwork, Pair, Quotas,
};
pub use clients::{Client, Intent};
pub use firewall::Filtered;
pub use forward::{Leg, all_legs};
pub use matching::{endpoint_name, is_management_name};
pub use offers::{Offer, service_name};
pub use targets::Listener;
pub use ways::{Way, Ways};

use classes::Classes;
use index::Match;

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Question {
    /// The host name of a cluster's endpoint.
    Endpoint(Id<Cluster>),
    /// Any other name.
    Name(Name),
}

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Origin {
    /// A host of a VPC.
    Host(Id<Vpc>),
    /// A forwarder that sends to an inbound endpoint.
    Inbound(Id<ResolverEndpoint>),
    /// A user of a Client VPN endpoint.
    ClientVpn(Id<ClientVpn>),
    /// A host outside AWS.
    OnPremises,
}

/// What the query gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// The private addresses of a cluster's network interfaces.
    Private(Id<Cluster>),
    /// The public addresses of a cluster's endpoint.
    Public(Id<Cluster>),
    /// Whatever public DNS says of a name that is not of EKS.
    Internet,
    /// A record of a private zone.
    Zone(Id<HostedZone>),
    /// Whatever services have written into a namespace of Cloud Map.
    Namespace(Id<Namespace>),
    /// The private addresses of an interface endpoint.
    Service(Id<VpcEndpoint>),
    /// What AWS says of instances and addresses of the VPC.
    Own(Id<Vpc>),
    /// The name does not exist.
    NxDomain,
    /// The name exists, and has no address.
    NoData,
    /// DNS Firewall answers in place of whoever knows.
    Blocked(BlockResponse),
    /// Nobody answers: there is no server, or no packet comes through.
    Timeout,
    /// The server does not answer for such names.
    Refused,
    /// Some servers or paths answer, some do not.
    Intermittent,
    /// The query comes back to the VPC where it was before.
    Loop(Id<Vpc>),
    /// A server outside the code answers; the second is what it says if it resolves public names.
    Elsewhere(String, Box<Answer>),
}

/// Who asks for which endpoint: a class of VPCs.
type Asking = (usize, Id<Cluster>);

/// The ways of a rule's queries, or why they cannot be told.
pub type Legs = Result<Vec<Leg>, Unknown>;

/// The name service of one network.
#[derive(Debug)]
pub struct Dns<'n> {
    /// The network.
    pub network: &'n Network,
    /// What is taken for true.
    pub assumptions: Assumptions,
    classes: Classes,
    legs: RefCell<HashMap<Id<ResolverRule>, Rc<Legs>>>,
    answers: RefCell<HashMap<Asking, Result<Answer, Unknown>>>,
    endpoints: OnceCell<matching::Endpoints>,
    clients: OnceCell<clients::ByCluster>,
    ways: OnceCell<Ways>,
    simulation: Stopwatch,
}

impl<'n> Dns<'n> {
    /// Of a network, with what is taken for true.
    pub fn new(network: &'n Network, assumptions: Assumptions) -> Self {
        Self {
            network,
            assumptions,
            classes: Classes::new(network),
            legs: RefCell::default(),
            answers: RefCell::default(),
            endpoints: OnceCell::new(),
            clients: OnceCell::new(),
            ways: OnceCell::new(),
            simulation: Stopwatch::default(),
        }
    }

    /// The time that has gone into following queries and packets.
    pub fn simulated(&self) -> Duration {
        self.simulation.spent()
    }

    /// Follows a query or a packet: its time counts.
    pub(crate) fn simulate<T>(&self, act: impl FnOnce() -> T) -> T {
        self.simulation.time(act)
    }

    /// Resolves a name as who asks would see it, with every step.
    pub fn resolve(&self, question: &Question, origin: Origin) -> Trace<Answer> {
        self.resolve_in(question, origin, &[])
    }

    /// The same for a host that may be in any of some subnets of its VPC.
    pub fn resolve_in(
        &self,
        question: &Question,
        origin: Origin,
        subnets: &[Id<Subnet>],
    ) -> Trace<Answer> {
        self.simulate(|| query::run(self, question, origin, subnets))
    }

    /// What the hosts of a VPC get for the endpoint of a cluster; found once for all VPCs that are alike.
    pub fn answer(&self, vpc: Id<Vpc>, cluster: Id<Cluster>) -> Result<Answer, Unknown> {
        let key = (self.classes.of(self.network.vpc(vpc).id), cluster);
        if let Some(known) = self.answers.borrow().get(&key) {
            return known.clone();
        }
        let answer = self.resolve(&Question::Endpoint(cluster), Origin::Host(vpc)).end;
        self.answers.borrow_mut().insert(key, answer.clone());
        answer
    }

    /// The rule that takes a name from the hosts of a VPC; `None` where a zone or public DNS has it.
    pub fn rule_for(
        &self,
        vpc: Id<Vpc>,
        question: &Question,
    ) -> Result<Option<Id<ResolverRule>>, Unknown> {
        let asked = self.asked(question);
        let seeker = best::Seeker { vpc: self.network.vpc(vpc).id, inbound: false, rules: true };
        Ok(match self.best_match(&asked, seeker)? {
            Some((Match::Rule(rule), _)) => Some(rule),
            _ => None,
        })
    }

    /// The VPCs whose hosts get the same for every endpoint, together; in the order of the code.
    pub fn classes(&self) -> &[Vec<Id<Vpc>>] {
        self.classes.members()
    }

    /// Every way from a rule's outbound endpoint to its targets.
    pub fn legs(&self, rule: Id<ResolverRule>) -> Rc<Legs> {
        if let Some(known) = self.legs.borrow().get(&rule) {
            return Rc::clone(known);
        }
        let legs = Rc::new(self.simulate(|| forward::legs(self.network, rule)));
        self.legs.borrow_mut().insert(rule, Rc::clone(&legs));
        legs
    }

    /// The clients of a cluster, in the order of the code; found once for all clusters.
    pub fn clients(&self, cluster: Id<Cluster>) -> Result<&[Client], Unknown> {
        let find = || clients::all(self);
        let all = self.clients.get_or_init(|| self.simulate(find));
        match all.get(&cluster) {
            Some(Ok(clients)) => Ok(clients),
            Some(Err(unknown)) => Err(unknown.clone()),
            None => Ok(&[]),
        }
    }

    /// The ways that all clusters depend on; found once for all rules that judge them.
    pub fn ways(&self) -> &Ways {
        self.ways.get_or_init(|| self.simulate(|| ways::all(self)))
    }

    /// Whether the project tells what a name server at an address does.
    pub fn tells_of(&self, address: IpAddr) -> bool {
        self.assumptions.on_premises_dns.is_some()
            && outside::Server::At(address).is_on_premises(self)
    }

    /// The blocks of the networks outside the code, or of one of them; one that is not known where none is
    /// told.
    pub fn outside_blocks(&self, network: Option<usize>) -> Vec<Option<Cidr>> {
        let networks = &self.assumptions.networks;
        let chosen =
            networks.iter().enumerate().filter(|(at, _)| network.is_none_or(|it| it == *at));
        let blocks: Vec<_> = chosen.flat_map(|(_, one)| &one.cidrs).collect();
        if blocks.is_empty() {
            vec![None]
        } else {
            blocks.into_iter().map(|block| Some(Cidr::Net(*block))).collect()
        }
    }

    fn index_of(&self, vpc: Id<Vpc>) -> &index::Index {
        self.classes.index(self.network.vpc(vpc).id)
    }

    /// Whether a match is a DELEGATE rule, which has no domain of its own.
    fn is_delegate(&self, what: Match) -> bool {
        matches!(what, Match::Rule(rule)
            if self.network.rules[rule].rule_type.get() == Ok(&RuleType::Delegate))
    }

    fn name_of(&self, what: Match) -> &str {
        let network = self.network;
        match what {
            Match::Rule(rule) => &network.rules[rule].name,
            Match::Zone(zone) => &network.zones[zone].name,
            Match::Namespace(space) => &network.namespaces[space].name,
            Match::Service(endpoint) => &network.vpc_endpoints[endpoint].name,
            Match::Managed(cluster) => &network.clusters[cluster].name,
            Match::Own => "the VPC's own names",
        }
    }
}

/// Resolves one name in a network.
pub fn resolve(
    network: &Network,
    assumptions: Assumptions,
    question: &Question,
    origin: Origin,
) -> Trace<Answer> {
    Dns::new(network, assumptions).resolve(question, origin)
}
