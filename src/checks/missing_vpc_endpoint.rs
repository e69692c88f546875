//! `missing-vpc-endpoint`: nodes without a way to the internet need an endpoint for each service they call.

use std::collections::BTreeMap;

use crate::dns::{Dns, Offer};
use crate::finding::{Rule, Severity, Verdict};
use crate::network::{
    AwsService, Declared, Id, Network, NodeKind, Nodes, RouteTable, Tri, Vpc, VpcEndpoint,
};
use crate::reach::is_cut_off;
use crate::source::{Language, Note};

use super::{Check, Fault, Verdicts, list, managed};

const RULE: Rule = Rule {
    id: "missing-vpc-endpoint",
    summary: "nodes without an internet path lack an endpoint they need",
    severities: &[Severity::Error],
    languages: Language::ALL,
    doc: include_str!("../../rules/missing-vpc-endpoint.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

/// What is missing in one VPC, and for which nodes.
#[derive(Default)]
struct Lack<'n> {
    services: Vec<AwsService>,
    nodes: Vec<Nodes<'n>>,
}

fn run(dns: &Dns<'_>) -> Vec<Verdict> {
    let network = dns.network;
    let mut verdicts = Verdicts::new(&RULE);
    let mut lacks: BTreeMap<Id<Vpc>, Lack<'_>> = BTreeMap::new();
    let mut unrouted: BTreeMap<Id<VpcEndpoint>, (Vec<Id<RouteTable>>, Nodes<'_>)> = BTreeMap::new();
    for cluster in managed(network.clusters.iter()) {
        // Without the private endpoint such nodes lack the API itself: that is another rule's fault.
        match cluster.private_access.get() {
            Ok(true) => {}
            Ok(false) => continue,
            Err(unknown) => {
                verdicts.undecided(unknown, cluster.span);
                continue;
            }
        }
        let home = network.vpc_of_cluster(cluster.id);
        for nodes in network.nodes_of(cluster.id) {
            let home = match (is_cut_off(network, &nodes), home.clone()) {
                (Tri::No, _) => continue,
                (Tri::Yes, Ok(home)) => home,
                (Tri::Maybe(unknown), _) | (_, Err(unknown)) => {
                    verdicts.undecided(unknown, nodes.span);
                    continue;
                }
            };
            for service in AwsService::needed_by(nodes.kind) {
                match dns.offer(home, &nodes, *service) {
                    Ok(Offer::Missing) => add(lacks.entry(home).or_default(), *service, &nodes),
                    Ok(Offer::Unrouted(endpoint, tables)) => {
                        let known = unrouted.entry(endpoint.id);
                        known.or_insert_with(|| (Vec::new(), nodes.clone())).0.extend(tables);
                    }
                    Ok(Offer::Led | Offer::Unnamed(_) | Offer::Afar(_)) => {}
                    Err(unknown) => verdicts.undecided(unknown, nodes.span),
                }
            }
        }
    }
    for (vpc, lack) in &lacks {
        verdicts.fault(missing(network, network.vpc(*vpc), lack));
    }
    for (endpoint, (mut tables, nodes)) in unrouted {
        tables.sort_unstable();
        tables.dedup();
        verdicts.fault(no_route(network, &network.vpc_endpoints[endpoint], &tables, &nodes));
    }
    verdicts.all
}

fn add<'n>(lack: &mut Lack<'n>, service: AwsService, nodes: &Nodes<'n>) {
    if !lack.services.contains(&service) {
        lack.services.push(service);
        lack.services.sort_unstable();
    }
    if !lack.nodes.iter().any(|one| one.name == nodes.name) {
        lack.nodes.push(nodes.clone());
    }
}

fn missing(network: &Network, vpc: &Declared<Vpc>, lack: &Lack<'_>) -> Fault {
    let services: Vec<_> = lack.services.iter().map(|one| one.short().to_owned()).collect();
    let names: Vec<_> = lack.nodes.iter().map(|one| one.name.to_string()).collect();
    let node = lack.nodes.iter().any(|one| one.kind == NodeKind::Group);
    let effect = if node { "nodes do not join" } else { "no image is pulled" };
    let first = &lack.nodes[0];
    let mut labels = vec![Note::new(vpc.span, format!("no endpoint for {} here", list(&services)))];
    labels.extend(first.subnets.known().map(|(subnet, _)| {
        let subnet = &network.subnets[*subnet];
        Note::new(subnet.span, format!("{} has no route to the internet", subnet.name))
    }));
    let more = lack.nodes.iter().skip(1);
    labels.extend(more.map(|one| Note::new(one.span, "so are these")));
    let (gateway, interfaces): (Vec<_>, Vec<_>) =
        lack.services.iter().partition(|one| **one == AwsService::S3);
    let wanted = |service: &&AwsService| format!("com.amazonaws.<region>.{}", service.short());
    let mut help = Vec::new();
    if !interfaces.is_empty() {
        let names: Vec<_> = interfaces.iter().map(wanted).collect();
        help.push(format!("interface endpoints with private DNS for {}", list(&names)));
    }
    help.extend(gateway.iter().map(|one| {
        format!("a gateway endpoint for {} in the route tables of the nodes", wanted(one))
    }));
    Fault {
        severity: Severity::Error,
        message: format!(
            "{} has no endpoint for {}, and {} no other way there: {effect}",
            vpc.name,
            list(&services),
            has(&names)
        ),
        primary: Note::new(first.span, "without a way to the internet"),
        labels,
        help: format!(
            "add to {} {}; or give the subnets a route to a NAT gateway",
            vpc.name,
            list(&help)
        ),
        subjects: vec![vpc.name.to_string(), services.join(",")],
    }
}

fn has(names: &[String]) -> String {
    let verb = if names.len() == 1 { "has" } else { "have" };
    format!("{} {verb}", list(names))
}

fn no_route(
    network: &Network,
    endpoint: &Declared<VpcEndpoint>,
    tables: &[Id<RouteTable>],
    nodes: &Nodes<'_>,
) -> Fault {
    let names: Vec<_> =
        tables.iter().map(|table| network.route_tables[*table].name.to_string()).collect();
    let mut labels: Vec<_> = tables
        .iter()
        .map(|table| {
            Note::new(network.route_tables[*table].span, "serves nodes, and has no route to it")
        })
        .collect();
    labels.push(Note::new(nodes.span, "without a way to the internet"));
    Fault {
        severity: Severity::Error,
        message: format!(
            "{} has no route in {}, which serves {}: no image is pulled",
            endpoint.name,
            list(&names),
            nodes.name
        ),
        primary: Note::new(endpoint.span, format!("not in {}", list(&names))),
        labels,
        help: format!("add {} to the route tables of {}", list(&names), endpoint.name),
        subjects: vec![endpoint.name.to_string(), "route tables".to_owned()],
    }
}
