//! `unreachable-public-endpoint`: nodes of a public-only cluster need a way to the internet.

use std::net::{IpAddr, Ipv4Addr};

use crate::dns::Dns;
use crate::finding::{Rule, Severity, Verdict};
use crate::network::{Cluster, Declared, Id, Network, Nodes, RouteTable, Target};
use crate::reach::exit;
use crate::source::{Language, Note};
use crate::unknown::Unknown;

use super::{Check, Fault, Verdicts, managed};

const RULE: Rule = Rule {
    id: "unreachable-public-endpoint",
    summary: "a public-only cluster whose nodes have no path to its endpoint",
    severities: &[Severity::Error],
    languages: Language::ALL,
    doc: include_str!("../../rules/unreachable-public-endpoint.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

/// An address that only a default route covers (<https://www.rfc-editor.org/rfc/rfc5737>).
const ELSEWHERE: IpAddr = IpAddr::V4(Ipv4Addr::new(203, 0, 113, 1));

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
            match closed_in(network, &nodes) {
                Ok(None) => {}
                Ok(Some(table)) => verdicts.fault(fault(network, cluster, &nodes, table)),
                Err(unknown) => verdicts.undecided(unknown, nodes.span),
            }
        }
    }
    verdicts.all
}

/// The table that leads nowhere, if that of no subnet of the nodes has a default route.
fn closed_in(network: &Network, nodes: &Nodes<'_>) -> Result<Option<Id<RouteTable>>, Unknown> {
    if let Some(unknown) = nodes.subnets.open() {
        return Err(unknown);
    }
    let mut closed = None;
    for (subnet, _) in nodes.subnets.known() {
        if let Some(unknown) = network.unseen(network.vpc_of_subnet(*subnet)?) {
            return Err(unknown);
        }
        let exit = exit(network, *subnet, ELSEWHERE)?;
        match exit.route {
            None | Some((Target::Local, _)) => closed = closed.or(Some(exit.table)),
            Some(_) => return Ok(None),
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
