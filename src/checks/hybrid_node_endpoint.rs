//! `hybrid-node-endpoint`: nodes outside AWS need one endpoint, and a way to it and back.

use crate::dns::Dns;
use crate::finding::{Rule, Severity, Verdict};
use crate::network::{Cidr, Cluster, Declared, Id, Network, RouteTable, Target, Tri};
use crate::reach::exit;
use crate::source::{Language, Note, Span};
use crate::unknown::Unknown;

use super::{Check, Fault, Verdicts, managed};

const RULE: Rule = Rule {
    id: "hybrid-node-endpoint",
    summary: "hybrid nodes with both endpoints on, with no path to the private one, or in networks that EKS refuses",
    severities: &[Severity::Error, Severity::Warning],
    languages: Language::ALL,
    doc: include_str!("../../rules/hybrid-node-endpoint.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

fn run(dns: &Dns<'_>) -> Vec<Verdict> {
    let network = dns.network;
    let mut verdicts = Verdicts::new(&RULE);
    for cluster in managed(network.clusters.iter()) {
        if cluster.remote.is_empty() {
            continue;
        }
        if let Some(unknown) = cluster.remote.open() {
            verdicts.undecided(unknown, cluster.span);
        }
        for (block, at) in cluster.remote.known() {
            if let Some(why) = refused(network, cluster, block) {
                verdicts.fault(refused_fault(cluster, block, at, &why));
            }
        }
        match (cluster.public_access.get(), cluster.private_access.get()) {
            (Ok(true), Ok(true)) if !may_be_in_code(network, cluster) => {
                verdicts.fault(both(cluster));
            }
            (Ok(false), Ok(true)) => match no_route(network, cluster) {
                Ok(None) => {}
                Ok(Some(missing)) => verdicts.fault(no_route_fault(network, cluster, &missing)),
                Err(unknown) => verdicts.undecided(unknown, cluster.span),
            },
            (Err(unknown), _) | (_, Err(unknown)) => verdicts.undecided(unknown, cluster.span),
            _ => {}
        }
    }
    verdicts.all
}

/// Why EKS refuses a network of hybrid nodes.
fn refused(network: &Network, cluster: &Cluster, block: &Cidr) -> Option<String> {
    let Ok(ipnet::IpNet::V4(net)) = block.net() else { return None };
    let private = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];
    let private = private.iter().filter_map(|one| one.parse::<ipnet::Ipv4Net>().ok());
    if !private.into_iter().any(|one| one.contains(&net)) {
        return Some("is no private network".to_owned());
    }
    let home = cluster.subnets.known().find_map(|(id, _)| network.vpc_of_subnet(*id).ok())?;
    let blocks = network.cidrs_of(home);
    let overlaps = blocks.items.iter().any(|(own, _)| own.overlaps(block) == Tri::Yes);
    overlaps.then(|| format!("overlaps the addresses of {}", network.vpc(home).name))
}

fn refused_fault(cluster: &Declared<Cluster>, block: &Cidr, at: Span, why: &str) -> Fault {
    Fault {
        severity: Severity::Error,
        message: format!(
            "the remote network {block} of {} {why}, and EKS refuses it",
            cluster.name
        ),
        primary: Note::new(at, why),
        labels: vec![Note::new(cluster.span, "the cluster")],
        help: "use a private network that nothing else of the cluster has".to_owned(),
        subjects: vec![cluster.name.to_string(), block.to_string()],
    }
}

/// Whether another VPC of the code may stand for the remote network: `public-answer` tells what it gets.
fn may_be_in_code(network: &Network, cluster: &Cluster) -> bool {
    let home = cluster.subnets.known().find_map(|(id, _)| network.vpc_of_subnet(*id).ok());
    let mut others = network.distinct_vpcs().filter(|vpc| Some(vpc.id) != home);
    others.any(|vpc| {
        let blocks = network.cidrs_of(vpc.id);
        let is_apart =
            |remote: &Cidr| blocks.items.iter().all(|(own, _)| own.overlaps(remote) == Tri::No);
        cluster.remote.open().is_some()
            || !cluster.remote.known().all(|(remote, _)| is_apart(remote))
    })
}

fn both(cluster: &Declared<Cluster>) -> Fault {
    Fault {
        severity: Severity::Warning,
        message: format!(
            "{} has hybrid nodes and both endpoints on: these nodes get the public addresses",
            cluster.name
        ),
        primary: match cluster.public_access.span() {
            Some(at) => Note::new(at, "public access is on"),
            None => Note::new(cluster.span, "public access is left out, and the default is on"),
        },
        labels: cluster
            .remote
            .items
            .iter()
            .map(|one| Note::new(one.span, "nodes outside AWS"))
            .collect(),
        help: format!("turn one of the two endpoints of {} off", cluster.name),
        subjects: vec![cluster.name.to_string()],
    }
}

/// A table that lacks a route to a remote network.
struct Missing {
    table: Id<RouteTable>,
    block: Cidr,
    /// Whether no subnet of the cluster has the route.
    everywhere: bool,
}

fn no_route(network: &Network, cluster: &Declared<Cluster>) -> Result<Option<Missing>, Unknown> {
    if let Some(unknown) = cluster.subnets.open() {
        return Err(unknown);
    }
    let taken =
        cluster.remote.known().filter(|(block, _)| refused(network, cluster, block).is_none());
    for (block, _) in taken {
        let address = block.net()?.addr();
        let mut lacking = Vec::new();
        let mut all = 0;
        for (subnet, _) in cluster.subnets.known() {
            all += 1;
            let exit = exit(network, *subnet, address)?;
            if matches!(exit.route, None | Some((Target::Internet(_) | Target::Nat(_), _))) {
                lacking.push(exit.table);
            }
        }
        if let Some(table) = lacking.first() {
            let everywhere = lacking.len() == all;
            return Ok(Some(Missing { table: *table, block: block.clone(), everywhere }));
        }
    }
    Ok(None)
}

fn no_route_fault(network: &Network, cluster: &Declared<Cluster>, missing: &Missing) -> Fault {
    let table = &network.route_tables[missing.table];
    let (severity, some) = if missing.everywhere {
        (Severity::Error, "no subnet")
    } else {
        (Severity::Warning, "not every subnet")
    };
    Fault {
        severity,
        message: format!(
            "{some} of {} has a route to its hybrid nodes in {}: they get no answer from the endpoint",
            cluster.name, missing.block
        ),
        primary: Note::new(table.span, format!("no route to {}", missing.block)),
        labels: cluster
            .remote
            .items
            .iter()
            .map(|one| Note::new(one.span, "the hybrid nodes"))
            .collect(),
        help: format!(
            "add a route to {} through the gateway that leads there in {}",
            missing.block, table.name
        ),
        subjects: vec![cluster.name.to_string(), table.name.to_string()],
    }
}
