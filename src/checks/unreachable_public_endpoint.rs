//! `unreachable-public-endpoint`: nodes of a public-only cluster need a way to the internet.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::dns::Dns;
use crate::finding::{Rule, Severity, Verdict};
use crate::network::{
    Blocked, Cluster, Declared, Id, NatGateway, Network, Nodes, RouteTable, Target,
};
use crate::reach::exit;
use crate::source::{Language, Note, Span};
use crate::unknown::Unknown;

use super::{Check, Fault, Verdicts, managed};

const RULE: Rule = Rule {
    id: "unreachable-public-endpoint",
    summary: "a public-only cluster whose nodes have no path to its endpoint, or are not among its allowed addresses",
    severities: &[Severity::Error, Severity::Warning],
    languages: Language::ALL,
    doc: include_str!("../../rules/unreachable-public-endpoint.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

/// An address that only a default route covers (<https://www.rfc-editor.org/rfc/rfc5737>).
const ELSEWHERE: IpAddr = IpAddr::V4(Ipv4Addr::new(203, 0, 113, 1));
const ELSEWHERE_IPV6: IpAddr = IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1));

fn run(dns: &Dns<'_>) -> Vec<Verdict> {
    let network = dns.network;
    let mut verdicts = Verdicts::new(&RULE);
    for cluster in managed(network.clusters.iter()) {
        let nodes = network.nodes_of(cluster.id);
        if nodes.is_empty() || cluster.public_access.get() == Ok(&false) {
            continue;
        }
        match cluster.private_access.get() {
            Ok(false) => {}
            Ok(true) => continue,
            Err(unknown) => {
                verdicts.undecided(unknown, cluster.span);
                continue;
            }
        }
        for nodes in nodes {
            // Where the cluster has IPv6, so has its public endpoint.
            let is_ipv4 = |family: &Option<_>| family.as_deref() != Some("ipv6");
            let far: &[IpAddr] = match cluster.ip_family.get().map(is_ipv4) {
                Ok(true) => &[ELSEWHERE],
                _ => &[ELSEWHERE, ELSEWHERE_IPV6],
            };
            match closed_in(network, &nodes, far) {
                Ok(None) => match kept_away(network, cluster, &nodes) {
                    Ok(None) => {}
                    Ok(Some(why)) => verdicts.fault(warning(network, cluster, &nodes, why)),
                    Err(unknown) => verdicts.undecided(unknown, nodes.span),
                },
                Ok(Some(table)) => verdicts.fault(fault(network, cluster, &nodes, table)),
                Err(unknown) => verdicts.undecided(unknown, nodes.span),
            }
        }
    }
    verdicts.all
}

/// Why nodes with a default route do not come through.
#[derive(Clone, Copy)]
enum Kept {
    /// VPC Block Public Access takes their gateway away.
    Blocked,
    /// The endpoint admits written addresses alone, and theirs is the one that AWS gives this NAT gateway.
    NotAdmitted(Id<NatGateway>, Span),
}

/// What keeps nodes from the public endpoint although they have a way to the internet.
fn kept_away(
    network: &Network,
    cluster: &Cluster,
    nodes: &Nodes<'_>,
) -> Result<Option<Kept>, Unknown> {
    let admitted = only_written(cluster);
    let mut why = None;
    for (subnet, _) in nodes.subnets.known() {
        let (Target::Nat(_) | Target::Internet(_), _) =
            exit(network, *subnet, ELSEWHERE)?.route.unwrap_or((Target::Local, nodes.span))
        else {
            return Ok(None);
        };
        if network.blocks_public_access(*subnet)? == Blocked::Bidirectional {
            why = Some(Kept::Blocked);
            continue;
        }
        let gateway = match exit(network, *subnet, ELSEWHERE)?.route {
            Some((Target::Nat(gateway), _)) => &network.nat_gateways[gateway],
            _ => return Ok(None),
        };
        match admitted {
            Some(at) if gateway.new_address && gateway.private.get() == Ok(&false) => {
                why = why.or(Some(Kept::NotAdmitted(gateway.id, at)));
            }
            _ => return Ok(None),
        }
    }
    Ok(why)
}

/// Where a cluster's public access is for addresses that are all written out, and not for all there are.
fn only_written(cluster: &Cluster) -> Option<Span> {
    let mut nets = cluster.public_cidrs.items.iter().map(|item| match &item.value {
        Ok(block) => block.net().ok().filter(|net| net.prefix_len() > 8),
        Err(_) => None,
    });
    let first = cluster.public_cidrs.items.first()?;
    (cluster.public_cidrs.rest.is_none() && nets.all(|net| net.is_some())).then_some(first.span)
}

fn warning(network: &Network, cluster: &Declared<Cluster>, nodes: &Nodes<'_>, why: Kept) -> Fault {
    let (primary, message, help, further) = match why {
        Kept::Blocked => {
            let switch = managed(network.public_access_blocks.iter()).next();
            let at = switch.map_or(nodes.span, |switch| switch.span);
            (
                Note::new(nodes.span, "behind VPC Block Public Access"),
                format!(
                    "{} has a public endpoint alone, and VPC Block Public Access keeps {} from the internet: \
                     its nodes never join",
                    cluster.name, nodes.name
                ),
                format!(
                    "turn private access on for {}, or exclude its VPC (allow-egress) from the block",
                    cluster.name
                ),
                Note::new(at, "blocks what goes in and out"),
            )
        }
        Kept::NotAdmitted(gateway, at) => {
            let gateway = &network.nat_gateways[gateway];
            (
                Note::new(at, format!("the address of {} is not among these", gateway.name)),
                format!(
                    "the public endpoint of {} is for written addresses alone, and {} comes from the one that AWS \
                     gives {}: its nodes never join",
                    cluster.name, nodes.name, gateway.name
                ),
                format!(
                    "turn private access on for {}, or take the public address of {} into the list",
                    cluster.name, gateway.name
                ),
                Note::new(gateway.span, "its address is known when it is made"),
            )
        }
    };
    Fault {
        severity: Severity::Warning,
        message,
        primary,
        labels: vec![Note::new(nodes.span, "the nodes"), further],
        help,
        subjects: vec![cluster.name.to_string(), nodes.name.to_string()],
    }
}

/// The table that leads nowhere, if that of no subnet of the nodes has a default route.
fn closed_in(
    network: &Network,
    nodes: &Nodes<'_>,
    far: &[IpAddr],
) -> Result<Option<Id<RouteTable>>, Unknown> {
    if let Some(unknown) = nodes.subnets.open() {
        return Err(unknown);
    }
    let mut closed = None;
    for (subnet, _) in nodes.subnets.known() {
        if let Some(unknown) = network.unseen(network.vpc_of_subnet(*subnet)?) {
            return Err(unknown);
        }
        for address in far {
            let exit = exit(network, *subnet, *address)?;
            match exit.route {
                None | Some((Target::Local, _)) => closed = closed.or(Some(exit.table)),
                Some(_) => return Ok(None),
            }
        }
    }
    Ok(closed)
}

fn fault(
    network: &Network,
    cluster: &Declared<Cluster>,
    nodes: &Nodes<'_>,
    table: Id<RouteTable>,
) -> Fault {
    let table = &network.route_tables[table];
    let (at, label) = match cluster.private_access.span() {
        Some(at) => (at, "private access is off"),
        None => (cluster.span, "private access is left out, and the default is off"),
    };
    Fault {
        severity: Severity::Error,
        message: format!(
            "{} has a public endpoint alone, and {} has no way to the internet: its nodes never join",
            cluster.name, nodes.name
        ),
        primary: Note::new(at, label),
        labels: vec![
            Note::new(nodes.span, "the nodes"),
            Note::new(table.span, "serves their subnets, and has no default route"),
        ],
        help: format!(
            "turn private access on for {}, or give {} a route to a NAT gateway",
            cluster.name, table.name
        ),
        subjects: vec![cluster.name.to_string(), nodes.name.to_string()],
    }
}
