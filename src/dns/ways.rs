//! The ways that clusters depend on: of queries from a rule's endpoint to its targets, and of connections from
//! clients, or from networks outside AWS, to a cluster.

use std::net::IpAddr;
use std::sync::Arc;

use ipnet::IpNet;

use crate::network::{
    Attached, Cidr, Cluster, Declared, Destination, Id, Network, Peer, Protocol, ResolverRule,
    RuleTarget, RuleType, Tri, Vpc,
};
use crate::reach::{
    Flow, Guard, Interface, Journey, Stage, bounded, interfaces_to_cluster, reach, to_cluster,
};
use crate::source::{Note, Span};
use crate::unknown::Unknown;

use super::clients::doors;
use super::forward::interfaces;
use super::{Dns, Intent, Leg, all_legs};

/// What somebody is meant to do over the network, with every pair of interfaces that serves it.
#[derive(Debug)]
pub struct Way {
    /// What takes it: `queries of aws_route53_resolver_rule.eks`.
    pub what: String,
    /// The addresses of what takes it, whatever is said of it.
    pub takers: Vec<Arc<str>>,
    /// The place that shows that it is meant.
    pub at: Note,
    /// The block whose verdicts it decides.
    pub owner: Span,
    /// The VPCs of its ends, where both are in the code.
    pub ends: Option<(Id<Vpc>, Id<Vpc>)>,
    /// Each pair of interfaces; without steps.
    pub journeys: Vec<Journey>,
    /// Whether there are no further pairs.
    pub complete: bool,
}

impl Way {
    /// Why stages cannot be told.
    pub fn open<'a>(&'a self, stages: &'a [Stage]) -> impl Iterator<Item = &'a Unknown> {
        self.journeys
            .iter()
            .flat_map(|journey| stages.iter().filter_map(|stage| journey.open(*stage)))
    }
}

/// All ways, and those that cannot be followed at all.
#[derive(Debug, Default)]
pub struct Ways {
    /// In the order of the code: rules first.
    pub known: Vec<Way>,
    /// Why not, and the block whose verdicts it leaves open.
    pub open: Vec<(Unknown, Span)>,
}

/// The ways of all rules and clusters that the code manages.
pub(super) fn all(dns: &Dns<'_>) -> Ways {
    let network = dns.network;
    let mut ways = Ways::default();
    for rule in network.rules.iter().filter(|rule| rule.managed && rule.exists.is_ok()) {
        if rule.rule_type.get() == Ok(&RuleType::Forward) {
            of_rule(dns, rule, &mut ways);
        }
    }
    for cluster in network.clusters.iter().filter(|one| one.managed && one.exists.is_ok()) {
        if cluster.private_access.get() == Ok(&true) {
            of_clients(dns, cluster, &mut ways);
            from_outside(network, cluster, &mut ways);
        }
    }
    ways
}

fn bare(journey: &Journey) -> Journey {
    Journey { stages: journey.stages.clone(), steps: Vec::new() }
}

fn of_rule(dns: &Dns<'_>, rule: &Declared<ResolverRule>, ways: &mut Ways) {
    let network = dns.network;
    let legs = dns.legs(rule.id);
    let legs = match &*legs {
        Ok(legs) => legs,
        Err(unknown) => {
            // A way to a server outside the code is not judged.
            if sends_to_endpoint(network, rule) {
                ways.open.push((unknown.clone(), rule.span));
            }
            return;
        }
    };
    let (inside, outside): (Vec<_>, Vec<_>) = legs.iter().partition(|leg| leg.inbound.is_some());
    let complete = all_legs(network, rule.id) && (inside.is_empty() || outside.is_empty());
    let outside = outside.into_iter().filter(|leg| is_outside(network, rule, leg)).collect();
    for legs in [inside, outside] {
        let Some(first) = legs.first() else { continue };
        let vpc = |endpoint| network.vpc_of_endpoint(endpoint).ok();
        let ends = first.inbound.and_then(|inbound| Some((vpc(first.outbound)?, vpc(inbound)?)));
        ways.known.push(Way {
            what: format!("queries of {}", rule.name),
            takers: vec![Arc::clone(&rule.name)],
            at: Note::new(rule.span, "its queries take this way"),
            owner: rule.span,
            ends,
            journeys: legs.iter().map(|leg| bare(&leg.udp)).collect(),
            complete,
        });
    }
}

/// Whether a target is certainly a private address outside AWS that the code has a way to: one that is not written
/// out, or is in a VPC of the code, may be of any host there.
fn is_outside(network: &Network, rule: &ResolverRule, leg: &Leg) -> bool {
    let known = |address: &IpAddr| {
        let home = network.vpc_of_endpoint(leg.outbound);
        home.is_ok_and(|home| has_way(network, home, &Cidr::from(*address)))
    };
    let here = |(one, span): (&Destination, Span)| match one.target.get() {
        Ok(RuleTarget::Address(address @ IpAddr::V4(own))) => {
            span == leg.target
                && own.is_private()
                && !network.in_some_vpc(*address)
                && known(address)
        }
        _ => false,
    };
    rule.targets.known().any(here)
}

/// Whether a rule sends to an endpoint that the code knows.
fn sends_to_endpoint(network: &Network, rule: &ResolverRule) -> bool {
    let mut targets = rule.targets.known();
    targets.any(|(one, _)| {
        one.target.get().is_ok_and(|one| !matches!(network.endpoint_at(one), Ok(None)))
    })
}

fn of_clients(dns: &Dns<'_>, cluster: &Declared<Cluster>, ways: &mut Ways) {
    let network = dns.network;
    for client in dns.clients(cluster.id).unwrap_or_default() {
        if !client.connects() {
            continue;
        }
        let found = match to_cluster(network, client.vpc, cluster.id) {
            Ok(found) => found,
            Err(unknown) => {
                ways.open.push((unknown, cluster.span));
                continue;
            }
        };
        let name = &network.vpc(client.vpc).name;
        let home = network.vpc_of_cluster(cluster.id).ok();
        let ends = home.map(|home| (client.vpc, home));
        let at = Note::new(cluster.span, "the cluster");
        ways.known.push(Way {
            what: format!("connections from {name} to the endpoint of {}", cluster.name),
            takers: vec![Arc::clone(name), Arc::clone(&cluster.name)],
            at: client.notes().next().unwrap_or(at),
            owner: cluster.span,
            ends,
            journeys: found.iter().map(|(_, journey)| bare(journey)).collect(),
            complete: cluster.subnets.open().is_none(),
        });
    }
}

/// From networks outside AWS that the cluster's groups admit on 443, or those of an inbound endpoint beside
/// it on 53.
fn from_outside(network: &Network, cluster: &Declared<Cluster>, ways: &mut Ways) {
    let Ok(home) = network.vpc_of_cluster(cluster.id) else { return };
    for door in doors(network, cluster.id, home) {
        let blocks = door.rules.iter().flat_map(|rule| rule.peers.known()).count();
        let ends: usize = match door.intent {
            Intent::Asks => {
                let endpoints = network.inbound_endpoints(home).into_iter();
                endpoints.map(|endpoint| endpoint.addresses.known().count()).sum()
            }
            _ => cluster.subnets.known().count(),
        };
        if let Err(unknown) = bounded(blocks * ends, &cluster.name) {
            ways.open.push((unknown, cluster.span));
            continue;
        }
        for rule in door.rules {
            for (peer, _) in rule.peers.known() {
                let Peer::Cidr(block) = peer else { continue };
                let Some(address) = outside_address(network, home, block) else { continue };
                let host =
                    Interface { place: None, address: Some(address.into()), guard: Guard::AnyHost };
                let (whom, journeys) = match door.intent {
                    Intent::Asks => ("queries", to_inbound(network, home, &host)),
                    _ => ("connections", to_interfaces(network, cluster.id, host)),
                };
                let to = match door.intent {
                    Intent::Asks => "the inbound endpoint beside",
                    _ => "the endpoint of",
                };
                let what = format!("{whom} from {block} to {to} {}", cluster.name);
                if journeys.is_empty() || ways.known.iter().any(|way| way.what == what) {
                    continue;
                }
                ways.known.push(Way {
                    what,
                    takers: vec![block.to_string().into(), Arc::clone(&cluster.name)],
                    at: Note::new(rule.span, format!("{block} is admitted here")),
                    owner: cluster.span,
                    ends: None,
                    journeys,
                    complete: cluster.subnets.open().is_none(),
                });
            }
        }
    }
}

fn to_interfaces(network: &Network, cluster: Id<Cluster>, host: Interface) -> Vec<Journey> {
    let ways = interfaces_to_cluster(network, &[host], cluster).unwrap_or_default();
    ways.iter().map(|(_, journey)| bare(journey)).collect()
}

fn to_inbound(network: &Network, home: Id<Vpc>, from: &Interface) -> Vec<Journey> {
    let endpoints = network.inbound_endpoints(home).into_iter();
    let receivers = endpoints.filter_map(|endpoint| interfaces(network, endpoint, None).ok());
    let flow = |to: Interface| {
        let (protocol, port) = (Protocol::Udp, 53);
        bare(&reach(network, &Flow { from, to: &to, protocol, port }))
    };
    receivers.flatten().map(flow).collect()
}

/// An address that stands for a whole block outside AWS: a private one, apart from every VPC, that the code
/// has a way to. `None` where a route is for a part of the block only.
fn outside_address(network: &Network, home: Id<Vpc>, block: &Cidr) -> Option<IpAddr> {
    let net = block.net().ok()?;
    let IpAddr::V4(first) = net.network() else { return None };
    let apart = |vpc: &Declared<Vpc>| {
        let blocks = network.cidrs_of(vpc.id);
        blocks.items.iter().all(|(own, _)| own.overlaps(block) == Tri::No)
    };
    if !first.is_private() || !network.distinct_vpcs().all(apart) {
        return None;
    }
    let written = network.vpn_connections.iter().flat_map(|one| network.vpn_routes_of(one.id));
    let behind = written.filter_map(|(own, ..)| own.ok()).collect::<Vec<_>>();
    let inside = |own: &Cidr| own != block && block.covers(own) == Tri::Yes;
    let mut routes =
        network.route_tables.iter().flat_map(|table| &network.routes_of(table.id).entries);
    if behind.iter().any(inside) || routes.any(|route| route.destination.as_ref().is_ok_and(inside))
    {
        return None;
    }
    has_way(network, home, block).then(|| net.hosts().next()).flatten()
}

/// Whether the code shows a way from a VPC to a network outside AWS, or who has one.
fn has_way(network: &Network, home: Id<Vpc>, block: &Cidr) -> bool {
    let mut written = network.vpn_connections.iter().flat_map(|one| network.vpn_routes_of(one.id));
    let covers = |own: Result<Cidr, Unknown>| own.is_ok_and(|own| own.covers(block) == Tri::Yes);
    written.any(|(own, ..)| covers(own)) || !is_whole_range(block) && leads_outside(network, home)
}

/// Whether a block has all addresses of a private range: who admits these means whoever is there, and no network
/// of its own.
fn is_whole_range(block: &Cidr) -> bool {
    let ranges = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];
    let has = |range: &str| {
        range.parse().is_ok_and(|range: IpNet| block.net().is_ok_and(|net| net.contains(&range)))
    };
    ranges.into_iter().any(has)
}

/// Whether a VPC has a gateway behind which networks outside AWS are.
fn leads_outside(network: &Network, home: Id<Vpc>) -> bool {
    let mut gateways = network.vpn_gateways.iter();
    let transit = network.gateways_at(home);
    let outside = |id| network.gateway_of(id).is_ok_and(|gateway| transit.contains(&gateway));
    gateways.any(|gateway| network.vpn_attached(gateway.id, home) == Tri::Yes)
        || network
            .attachments
            .iter()
            .any(|one| matches!(one.attached, Attached::Outside) && outside(one.id))
}
