//! `futile-peering-dns`: a DNS option of peering or of a transit gateway that is relied on for the name of a
//! cluster, for which it does nothing.

use crate::dns::{Answer, Dns};
use crate::finding::{Rule, Severity, Verdict};
use crate::network::{Cluster, Declared, Id, Network, Tri, Vpc};
use crate::source::{Language, Note, Span};

use super::{Check, Fault, Verdicts, managed};

const RULE: Rule = Rule {
    id: "futile-peering-dns",
    summary: "a peering or transit gateway DNS option relied on for the name of the endpoint",
    severities: &[Severity::Note],
    languages: Language::ALL,
    doc: include_str!("../../rules/futile-peering-dns.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

/// An option that is on, and the VPCs that it is for.
struct Choice<'a> {
    option: Span,
    owner: (&'a str, Span),
    vpcs: Vec<Id<Vpc>>,
}

fn run(dns: &Dns<'_>) -> Vec<Verdict> {
    let network = dns.network;
    let mut verdicts = Verdicts::new(&RULE);
    for choice in choices(network) {
        for cluster in managed(network.clusters.iter()) {
            judge(dns, &choice, cluster, &mut verdicts);
        }
    }
    verdicts.all
}

fn choices(network: &Network) -> Vec<Choice<'_>> {
    let peered = managed(network.peerings.iter()).filter_map(|peering| {
        let (a, b) = network.sides(peering.id)?;
        let option = network.remote_dns_of(peering.id)?;
        Some(Choice { option, owner: (&peering.name, peering.span), vpcs: vec![a, b] })
    });
    let attached = managed(network.transit_gateways.iter()).filter_map(|gateway| {
        let vpcs = network.distinct_vpcs().map(|vpc| vpc.id);
        let vpcs = vpcs.filter(|vpc| network.gateways_at(*vpc).contains(&gateway.id)).collect();
        let option = gateway.dns_support?;
        Some(Choice { option, owner: (&gateway.name, gateway.span), vpcs })
    });
    peered.chain(attached).collect()
}

/// Only where both endpoints are on the answer depends on who asks.
fn judge(dns: &Dns<'_>, choice: &Choice<'_>, cluster: &Declared<Cluster>, verdicts: &mut Verdicts) {
    let network = dns.network;
    let Ok(home) = network.vpc_of_cluster(cluster.id) else { return };
    let is_home = |vpc: &Id<Vpc>| network.same_vpc(*vpc, home) == Tri::Yes;
    if !choice.vpcs.iter().any(is_home) {
        return;
    }
    match (cluster.private_access.get(), cluster.public_access.get()) {
        (Ok(true), Ok(true)) => {}
        (Ok(false), _) | (_, Ok(false)) => return,
        (Err(unknown), _) | (_, Err(unknown)) => {
            return verdicts.undecided(unknown, cluster.span);
        }
    }
    let misled = choice
        .vpcs
        .iter()
        .filter(|vpc| !is_home(vpc))
        .find(|vpc| dns.answer(**vpc, cluster.id) == Ok(Answer::Public(cluster.id)));
    let Some(asking) = misled else { return };
    let (asking, (owner, span)) = (&network.vpc(*asking).name, choice.owner);
    verdicts.fault(Fault {
        severity: Severity::Note,
        message: format!(
            "the DNS option of {owner} does not make the private endpoint of {} resolve in {asking}",
            cluster.name
        ),
        primary: Note::new(choice.option, "acts on the names of instances alone"),
        labels: vec![
            Note::new(span, "the connection"),
            Note::new(cluster.span, format!("{asking} gets its public addresses")),
        ],
        help: format!(
            "to get private addresses in {asking}, turn the public endpoint of {} off, or forward its name \
             to an inbound endpoint in the cluster's VPC",
            cluster.name
        ),
        subjects: vec![owner.to_owned(), cluster.name.to_string()],
    });
}
