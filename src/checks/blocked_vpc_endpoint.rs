//! `blocked-vpc-endpoint`: a service's name leads nodes to an endpoint that does not let them in.

use std::collections::BTreeMap;

use crate::dns::Dns;
use crate::finding::{Rule, Severity, Verdict};
use crate::network::{
    AwsService, Declared, Id, Network, Nodes, Protocol, SecurityGroup, Tri, Vpc, VpcEndpoint,
};
use crate::reach::{Disposition, Flow, Guard, Interface, Journey, reach};
use crate::source::{Language, Note};
use crate::unknown::Unknown;

use super::{Check, Drops, Fault, Verdicts, list, managed};

const RULE: Rule = Rule {
    id: "blocked-vpc-endpoint",
    summary: "the endpoint of a service that nodes need does not admit them on 443",
    severities: &[Severity::Error],
    languages: Language::ALL,
    doc: include_str!("../../rules/blocked-vpc-endpoint.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

/// The endpoints that one set of groups keeps nodes from.
#[derive(Default)]
struct Denied<'n> {
    endpoints: Vec<&'n Declared<VpcEndpoint>>,
    nodes: Vec<Nodes<'n>>,
}

/// Whether the groups of the nodes keep them in, or those of the endpoint out; and which groups.
type Door = (bool, Vec<Id<SecurityGroup>>);

fn run(dns: &Dns<'_>) -> Vec<Verdict> {
    let network = dns.network;
    let mut verdicts = Verdicts::new(&RULE);
    let mut denied: BTreeMap<Door, Denied<'_>> = BTreeMap::new();
    let mut drops = Drops::default();
    for cluster in managed(network.clusters.iter()) {
        let Ok(home) = network.vpc_of_cluster(cluster.id) else { continue };
        for nodes in network.nodes_of(cluster.id) {
            for endpoint in needed(network, home, &nodes) {
                let journeys = match journeys(network, home, &nodes, endpoint) {
                    Ok(journeys) => journeys,
                    Err(unknown) => {
                        verdicts.undecided(unknown, endpoint.span);
                        continue;
                    }
                };
                let ends: Vec<_> = journeys.iter().map(Journey::end).collect();
                if ends.contains(&Ok(Disposition::Delivered)) {
                    continue;
                }
                if let Some(unknown) = ends.into_iter().find_map(Result::err) {
                    verdicts.undecided(unknown, endpoint.span);
                    continue;
                }
                match door(&journeys) {
                    Some(door) => add(denied.entry(door).or_default(), endpoint, &nodes),
                    None => {
                        for journey in &journeys {
                            let label = Note::new(endpoint.span, "where the name leads");
                            drops.add(journey, Protocol::Tcp, true, &[label]);
                        }
                    }
                }
            }
        }
    }
    for (door, denied) in denied {
        verdicts.fault(fault(network, &door, &denied));
    }
    let effect = || (Severity::Error, "nodes do not reach the endpoints of services".to_owned());
    for fault in drops.faults(network, 443, |_| effect()) {
        verdicts.fault(fault);
    }
    verdicts.all
}

/// The endpoints to which the names of what nodes need certainly lead.
fn needed<'n>(
    network: &'n Network,
    home: Id<Vpc>,
    nodes: &Nodes<'_>,
) -> Vec<&'n Declared<VpcEndpoint>> {
    let services = AwsService::needed_by(nodes.kind);
    let acting = network.view(home).endpoints.iter().filter(|(_, maybe)| maybe.is_none());
    let endpoints = acting.map(|(acting, _)| &network.vpc_endpoints[acting.thing]);
    let wanted = |endpoint: &&Declared<VpcEndpoint>| {
        let here = endpoint.vpc.get().is_ok_and(|vpc| network.same_vpc(*vpc, home) == Tri::Yes);
        let inbound = endpoint.inbound_only.get() != Ok(&false);
        endpoint.managed
            && here
            && !inbound
            && services.iter().any(|service| endpoint.leads_to(*service) == Tri::Yes)
    };
    endpoints.filter(wanted).collect()
}

/// From every subnet of the nodes to every subnet of the endpoint.
fn journeys(
    network: &Network,
    home: Id<Vpc>,
    nodes: &Nodes<'_>,
    endpoint: &Declared<VpcEndpoint>,
) -> Result<Vec<Journey>, Unknown> {
    let subnets = network.subnets_of_vpc_endpoint(endpoint);
    let open = nodes.own_setup.clone().or_else(|| nodes.subnets.open());
    if let Some(unknown) = open.or_else(|| subnets.open.clone()) {
        return Err(unknown);
    }
    let groups = network.groups_of_vpc_endpoint(endpoint);
    let guard = |tied: &crate::network::Tied<Id<SecurityGroup>>| {
        Guard::Groups(tied.items.iter().map(|(group, _)| *group).collect(), tied.open.clone())
    };
    let (own, there) = (guard(&nodes.groups), guard(&groups));
    let at = |subnet: Id<_>, guard: &Guard| Interface {
        place: Some((home, subnet)),
        address: None,
        guard: guard.clone(),
    };
    let from: Vec<_> = nodes.subnets.known().map(|(subnet, _)| at(*subnet, &own)).collect();
    let to: Vec<_> = subnets.items.iter().map(|(subnet, _)| at(*subnet, &there)).collect();
    let pairs = from.iter().flat_map(|from| to.iter().map(move |to| (from, to)));
    let flows = pairs
        .map(|(from, to)| reach(network, &Flow { from, to, protocol: Protocol::Tcp, port: 443 }));
    Ok(flows.collect())
}

fn door(journeys: &[Journey]) -> Option<Door> {
    journeys.iter().flat_map(Journey::faults).find_map(|fault| match fault {
        Disposition::DeniedIn(groups) => Some((false, groups.clone())),
        Disposition::DeniedOut(groups) => Some((true, groups.clone())),
        _ => None,
    })
}

fn add<'n>(denied: &mut Denied<'n>, endpoint: &'n Declared<VpcEndpoint>, nodes: &Nodes<'n>) {
    if !denied.endpoints.iter().any(|one| one.id == endpoint.id) {
        denied.endpoints.push(endpoint);
    }
    if !denied.nodes.iter().any(|one| one.name == nodes.name) {
        denied.nodes.push(nodes.clone());
    }
}

fn fault(network: &Network, (out, groups): &Door, denied: &Denied<'_>) -> Fault {
    let endpoints: Vec<_> = denied.endpoints.iter().map(|one| one.name.to_string()).collect();
    let nodes: Vec<_> = denied.nodes.iter().map(|one| one.name.to_string()).collect();
    let names: Vec<_> = groups.iter().map(|group| network.group(*group).name.to_string()).collect();
    let own: Vec<_> = denied.nodes[0]
        .groups
        .items
        .iter()
        .map(|(group, _)| network.group(*group).name.to_string())
        .collect();
    let (endpoints, nodes, names) = (list(&endpoints), list(&nodes), list(&names));
    let first = groups.first().map(|group| network.group(*group)).filter(|group| group.managed);
    let brought =
        |group: &Declared<SecurityGroup>| matches!(group.key, crate::network::Key::Derived(..));
    let at = match first.filter(|group| !brought(group)) {
        Some(group) => group.span,
        None => denied.endpoints[0].span,
    };
    let mut labels: Vec<_> =
        denied.endpoints.iter().map(|one| Note::new(one.span, "where the name leads")).collect();
    labels.extend(denied.nodes.iter().map(|one| Note::new(one.span, "asks for it on TCP 443")));
    let (message, help) = if *out {
        (
            format!("{names} lets nothing out on TCP 443: {nodes} does not reach {endpoints}"),
            format!("let TCP 443 out of {names}"),
        )
    } else {
        (
            format!(
                "{names} does not admit {nodes} on TCP 443: the name leads to {endpoints}, and connections time out"
            ),
            format!(
                "let TCP 443 in from {} in {names}, or give the endpoint a group that does",
                list(&own)
            ),
        )
    };
    Fault {
        severity: Severity::Error,
        message,
        primary: Note::new(
            at,
            if *out { "nothing leaves here" } else { "nodes do not come in here" },
        ),
        labels,
        help,
        subjects: vec![names],
    }
}
