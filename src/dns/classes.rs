//! VPCs whose hosts get the same answers: what holds for one of a class holds for all.

use hashbrown::HashMap;

use crate::network::{Cluster, DnsServers, FirewallRuleGroup, Id, Network, Through, Vpc};
use crate::unknown::Unknown;

use super::index::{Candidate, Index};

/// All that a VPC's answers depend on.
#[derive(PartialEq, Eq, Hash)]
struct Class {
    index: usize,
    unseen: [Option<Unknown>; 3],
    dns: [Result<bool, Unknown>; 2],
    firewall: Vec<(Id<FirewallRuleGroup>, Through, Result<i64, Unknown>)>,
    home_of: Vec<Id<Cluster>>,
    /// Where it is like no other: hosts that ask servers of their own, a VPC that is only named.
    alone: Option<Id<Vpc>>,
}

/// The classes of a network.
#[derive(Debug, Default)]
pub(super) struct Classes {
    indexes: Vec<Index>,
    /// The index and the class of each VPC.
    of: HashMap<Id<Vpc>, (usize, usize)>,
    members: Vec<Vec<Id<Vpc>>>,
    nothing: Index,
}

impl Classes {
    pub(super) fn new(network: &Network) -> Self {
        let mut homes: HashMap<Id<Vpc>, Vec<Id<Cluster>>> = HashMap::new();
        for cluster in network.clusters.iter() {
            if let Ok(home) = network.vpc_of_cluster(cluster.id) {
                homes.entry(network.vpc(home).id).or_default().push(cluster.id);
            }
        }
        let mut known: HashMap<Vec<Candidate>, usize> = HashMap::new();
        let mut classes: HashMap<Class, usize> = HashMap::new();
        let mut all = Self::default();
        for vpc in network.distinct_vpcs() {
            let candidates = Index::candidates(network, vpc.id);
            let index = *known.entry(candidates).or_insert_with_key(|candidates| {
                all.indexes.push(Index::new(network, candidates.clone()));
                all.indexes.len() - 1
            });
            let view = network.view(vpc.id);
            let like_others = vpc.managed && network.dns_servers(vpc.id) == Ok(DnsServers::Amazon);
            let firewall = view.firewall.iter();
            let class = Class {
                index,
                unseen: [
                    view.more_rules.clone(),
                    view.more_zones.clone(),
                    view.more_firewall.clone(),
                ],
                dns: [vpc.dns_support.get().copied(), vpc.dns_hostnames.get().copied()],
                firewall: firewall
                    .map(|(one, priority)| (one.thing, one.through, priority.clone()))
                    .collect(),
                home_of: homes.remove(&vpc.id).unwrap_or_default(),
                alone: (!like_others).then_some(vpc.id),
            };
            let class = *classes.entry(class).or_insert_with(|| {
                all.members.push(Vec::new());
                all.members.len() - 1
            });
            all.members[class].push(vpc.id);
            all.of.insert(vpc.id, (index, class));
        }
        all
    }

    pub(super) fn members(&self) -> &[Vec<Id<Vpc>>] {
        &self.members
    }

    /// The class of a VPC under its proper name.
    pub(super) fn of(&self, vpc: Id<Vpc>) -> usize {
        self.of.get(&vpc).map_or(usize::MAX, |(_, class)| *class)
    }

    pub(super) fn index(&self, vpc: Id<Vpc>) -> &Index {
        self.of.get(&vpc).map_or(&self.nothing, |(index, _)| &self.indexes[*index])
    }
}
