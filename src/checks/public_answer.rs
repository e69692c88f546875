//! `public-answer`: with both endpoints on, every network but the cluster's own gets public addresses.

use crate::dns::{Answer, Client, Dns, Intent, Origin, Question};
use crate::finding::{Rule, Severity, Verdict};
use crate::network::{Cluster, Declared, Id, Network, Tri};
use crate::reach::to_public_endpoint;
use crate::source::{Language, Note, Span};

use super::{Check, Fault, Verdicts, managed};

const RULE: Rule = Rule {
    id: "public-answer",
    summary: "with public and private access on, a client resolves the endpoint to public addresses; an error when it cannot reach them either",
    severities: &[Severity::Error, Severity::Warning],
    languages: Language::ALL,
    doc: include_str!("../../rules/public-answer.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

fn run(dns: &Dns<'_>) -> Vec<Verdict> {
    let network = dns.network;
    let mut verdicts = Verdicts::new(&RULE);
    for cluster in managed(network.clusters.iter()) {
        let question = Question::Endpoint(cluster.id);
        for client in dns.clients(cluster.id).unwrap_or_default() {
            if client.has(Intent::Rule) || !client.connects() {
                continue; // where its rule leads is another rule's fault
            }
            match (cluster.private_access.get(), cluster.public_access.get()) {
                (Ok(true), Ok(true)) => {}
                (Ok(false), _) | (_, Ok(false)) => continue,
                (Err(unknown), _) | (_, Err(unknown)) => {
                    verdicts.undecided(unknown, cluster.span);
                    continue;
                }
            }
            let rules = network.rules_of(client.vpc);
            let open = |(rule, _): &(Id<_>, Span)| {
                dns.open_for_endpoint(&network.rules[*rule], cluster.id)
            };
            if let Some(unknown) = rules.items.iter().find_map(open).or(rules.open) {
                verdicts.undecided(unknown, cluster.span);
                continue;
            }
            let trace = dns.resolve(&question, Origin::Host(client.vpc));
            match &trace.end {
                Ok(Answer::Public(_)) => {
                    verdicts.fault(fault(network, cluster, client, trace.steps));
                }
                Ok(Answer::Elsewhere(_, then)) if matches!(**then, Answer::Public(_)) => {
                    verdicts.fault(fault(network, cluster, client, trace.steps));
                }
                Ok(_) => {}
                Err(unknown) => verdicts.undecided(unknown.clone(), cluster.span),
            }
        }
    }
    verdicts.all
}

fn fault(
    network: &Network,
    cluster: &Declared<Cluster>,
    client: &Client,
    steps: Vec<Note>,
) -> Fault {
    let vpc = network.vpc(client.vpc);
    let neither = to_public_endpoint(network, vpc.id, cluster.id) == Tri::No;
    let effect = if neither {
        "which it cannot reach: no route of its subnets leads to the internet"
    } else {
        "so its connections leave for the internet"
    };
    let (at, label) = match cluster.public_access.span() {
        Some(span) => (span, "public access is on"),
        None => (cluster.span, "public access is left out, and the default is on"),
    };
    let closed =
        neither.then(|| Note::new(vpc.span, "no subnet of it has a route to the internet"));
    Fault {
        severity: if neither { Severity::Error } else { Severity::Warning },
        message: format!(
            "{} resolves the endpoint of {} to public addresses, {effect}",
            vpc.name, cluster.name
        ),
        primary: Note::new(at, label),
        labels: client.notes().chain(steps).chain(closed).collect(),
        help: format!(
            "turn public access off, so that public DNS answers the private addresses, or forward \
             the name from {} to an inbound endpoint in the VPC of {}",
            vpc.name, cluster.name
        ),
        subjects: vec![cluster.name.to_string(), vpc.name.to_string()],
    }
}
