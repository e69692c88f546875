//! `blocked-api-port`: a client finds the cluster's network interfaces, and nothing admits it on 443.

use crate::dns::{Client, Dns};
use crate::finding::{Rule, Severity, Verdict};
use crate::network::{Cluster, Declared, Network, Protocol};
use crate::reach::{Disposition, Journey, Stage, to_cluster};
use crate::source::{Language, Note};

use super::{Check, Drops, Fault, Verdicts, is_dropped, managed};

const RULE: Rule = Rule {
    id: "blocked-api-port",
    summary: "a connected client has a way to the network interfaces of the cluster, but no security group admits it on 443, or a network ACL drops it",
    severities: &[Severity::Error, Severity::Warning],
    languages: Language::ALL,
    doc: include_str!("../../rules/blocked-api-port.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

fn run(dns: &Dns<'_>) -> Vec<Verdict> {
    let network = dns.network;
    let mut verdicts = Verdicts::new(&RULE);
    for cluster in managed(network.clusters.iter()) {
        for client in dns.clients(cluster.id).unwrap_or_default() {
            if !client.connects() {
                continue;
            }
            match cluster.private_access.get() {
                Ok(true) => {}
                Ok(false) => continue,
                Err(unknown) => {
                    verdicts.undecided(unknown, cluster.span);
                    continue;
                }
            }
            match to_cluster(network, client.vpc, cluster.id) {
                Ok(ways) => {
                    let journeys: Vec<_> = ways.iter().map(|(_, journey)| journey).collect();
                    judge(network, cluster, client, &journeys, &mut verdicts);
                }
                Err(unknown) => verdicts.undecided(unknown, cluster.span),
            }
        }
    }
    verdicts.all
}

fn judge(
    network: &Network,
    cluster: &Declared<Cluster>,
    client: &Client,
    journeys: &[&Journey],
    verdicts: &mut Verdicts,
) {
    // A client without any connection to the cluster's VPC has another fault.
    let connected = |journey: &&&Journey| {
        !journey.faults().any(|fault| match fault {
            Disposition::NoRoute(missing) => missing.peering.is_none() && missing.gateway.is_none(),
            Disposition::StaysInside(..) => true,
            _ => false,
        })
    };
    let denied = |journey: &&&Journey| {
        journey.faults().any(|fault| matches!(fault, Disposition::DeniedIn(_)))
    };
    let connected: Vec<_> = journeys.iter().filter(connected).collect();
    if connected.iter().any(denied) {
        verdicts.fault(fault(network, cluster, client));
        return;
    }
    let whole = connected.iter().all(|journey| is_dropped(journey));
    let mut labels = vec![Note::new(cluster.span, "its network interfaces are the destination")];
    labels.extend(client.notes());
    let mut drops = Drops::default();
    for journey in connected {
        drops.add(journey, Protocol::Tcp, whole, &labels);
        for stage in [Stage::In, Stage::AclsThere, Stage::AclsBack] {
            if let Some(unknown) = journey.open(stage) {
                verdicts.undecided(unknown.clone(), cluster.span);
            }
        }
    }
    let public = cluster.public_access.get() != Ok(&false);
    let name = &network.vpc(client.vpc).name;
    for fault in drops.faults(network, 443, |dropped| {
        let severity = if dropped.whole && !public { Severity::Error } else { Severity::Warning };
        let some = if dropped.whole { "" } else { "some " };
        (severity, format!("{some}connections from {name} to {} time out", cluster.name))
    }) {
        verdicts.fault(fault);
    }
}

fn fault(network: &Network, cluster: &Declared<Cluster>, client: &Client) -> Fault {
    let vpc = network.vpc(client.vpc);
    let public = cluster.public_access.get() != Ok(&false);
    let mut labels: Vec<_> = client.notes().collect();
    for (group, span) in network.groups_of_cluster(cluster.id).items {
        let group = &network.security_groups[group];
        let at = if group.managed { group.span } else { span };
        labels.push(Note::new(at, format!("{} does not admit {}", group.name, vpc.name)));
    }
    Fault {
        severity: if public { Severity::Warning } else { Severity::Error },
        message: format!(
            "no security group of {} admits {} on TCP 443: the name resolves, and connections time out",
            cluster.name, vpc.name
        ),
        primary: Note::new(cluster.span, format!("nothing admits {} here", vpc.name)),
        labels,
        help: format!(
            "let TCP 443 in from {} ({}) in the cluster security group of {}, or in a group that \
             the cluster is given",
            block(vpc),
            vpc.name,
            cluster.name
        ),
        subjects: vec![cluster.name.to_string(), vpc.name.to_string()],
    }
}

fn block(vpc: &crate::network::Vpc) -> String {
    match vpc.cidr.get() {
        Ok(Some(cidr)) => cidr.to_string(),
        _ => "its block".to_owned(),
    }
}
