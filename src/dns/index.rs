//! What resolvers match names with, built once for all VPCs that have the same.

use hashbrown::HashMap;

use crate::network::{
    Cluster, Domain, HostedZone, Id, Name, Namespace, Network, ResolverRule, Through, Vpc,
    VpcEndpoint,
};
use crate::unknown::Unknown;

use super::matching::Asked;
use super::trie::Trie;

/// What a VPC's resolver can match a name with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Match {
    Rule(Id<ResolverRule>),
    Zone(Id<HostedZone>),
    Namespace(Id<Namespace>),
    /// The private zone that an interface endpoint brings.
    Service(Id<VpcEndpoint>),
    /// The zone that EKS keeps for the endpoint in the cluster's own VPC.
    Managed(Id<Cluster>),
    /// Names that AWS keeps for every VPC.
    Own,
}

impl Match {
    pub(super) fn is_rule(self) -> bool {
        matches!(self, Self::Rule(_))
    }

    /// Among equal names a custom rule beats a zone, and a zone beats what AWS makes by itself
    /// (<https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zone-private-considerations.html>).
    pub(super) fn strength(self) -> u8 {
        match self {
            Self::Rule(_) => 2,
            Self::Own => 0,
            _ => 1,
        }
    }
}

/// One thing with a domain.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Candidate {
    pub(super) what: Match,
    pub(super) through: Through,
    /// Why it may not be there.
    pub(super) maybe: Option<Unknown>,
    /// Whether it answers only what comes in through an inbound endpoint.
    pub(super) inbound_only: bool,
}

/// The things of a class of VPCs by their domains.
#[derive(Debug, Default)]
pub(super) struct Index {
    all: Vec<(Candidate, Domain)>,
    names: Trie<usize>,
    hosts: HashMap<Id<Cluster>, Vec<usize>>,
    /// Things whose domain cannot be told.
    pub(super) loose: Vec<(Candidate, Unknown)>,
}

impl Index {
    /// What acts in a VPC, whatever its name.
    pub(super) fn candidates(network: &Network, vpc: Id<Vpc>) -> Vec<Candidate> {
        let view = network.view(vpc);
        let plain = |what, through| Candidate { what, through, maybe: None, inbound_only: false };
        let rules = view.rules.iter().map(|one| plain(Match::Rule(one.thing), one.through));
        let zones = view.zones.iter().map(|one| plain(Match::Zone(one.thing), one.through));
        let perhaps = view.perhaps_zones.iter().map(|(zone, unknown)| Candidate {
            maybe: Some(unknown.clone()),
            ..plain(Match::Zone(*zone), Through::Vpc)
        });
        let spaces =
            view.namespaces.iter().map(|one| plain(Match::Namespace(one.thing), one.through));
        let services = view.endpoints.iter().map(|(one, maybe)| {
            let only = network.vpc_endpoints[one.thing].inbound_only.get().copied();
            Candidate {
                what: Match::Service(one.thing),
                through: one.through,
                maybe: maybe.clone().or_else(|| only.clone().err()),
                inbound_only: only == Ok(true),
            }
        });
        let mut all: Vec<_> =
            rules.chain(zones).chain(perhaps).chain(spaces).chain(services).collect();
        all.sort_by_key(|one| (one.what, one.through));
        all.dedup();
        all
    }

    pub(super) fn new(network: &Network, candidates: Vec<Candidate>) -> Self {
        let mut index = Self::default();
        for candidate in candidates {
            let domain = match candidate.what {
                Match::Rule(rule) => network.rules[rule].domain.get().cloned(),
                Match::Zone(zone) => network.zones[zone].it.name.get().cloned(),
                Match::Namespace(space) => network.namespaces[space].it.name.get().cloned(),
                Match::Service(endpoint) => network.vpc_endpoints[endpoint]
                    .private_name()
                    .map(|name| Some(Domain::Name(name))),
                Match::Managed(_) | Match::Own => Ok(None),
            };
            match domain {
                Ok(Some(domain)) => index.add(candidate, domain),
                Ok(None) => {}
                Err(unknown) => index.loose.push((candidate, unknown)),
            }
        }
        index
    }

    fn add(&mut self, candidate: Candidate, domain: Domain) {
        let at = self.all.len();
        match &domain {
            Domain::Name(name) => self.names.insert(name, at),
            Domain::EndpointHost(cluster) => self.hosts.entry(*cluster).or_default().push(at),
            Domain::EndpointUrl(_) | Domain::Malformed(..) => return,
        }
        self.all.push((candidate, domain));
    }

    /// What may take a question, in the order of the code.
    pub(super) fn near(&self, asked: &Asked) -> Vec<&(Candidate, Domain)> {
        let mut found: Vec<usize> = Vec::new();
        let mut seek = |name: &Name| self.names.visit(name, &mut |at| found.push(*at));
        asked.names().for_each(&mut seek);
        if let super::Question::Endpoint(cluster) = asked.question {
            found.extend(self.hosts.get(&cluster).into_iter().flatten());
        }
        found.sort_unstable();
        found.dedup();
        found.into_iter().map(|at| &self.all[at]).collect()
    }
}
