//! `too-few-cluster-subnets`: EKS puts its network interfaces into two subnets in two zones.

use std::collections::BTreeSet;

use crate::dns::Dns;
use crate::finding::{Rule, Severity, Verdict};
use crate::network::{Cluster, Declared, Id, Network, Subnet, Tri, Zone};
use crate::source::{Language, Note, Span};

use super::{Check, Fault, Verdicts, managed};

const RULE: Rule = Rule {
    id: "too-few-cluster-subnets",
    summary: "fewer than two subnets, or all of them in one zone, or one where EKS makes no interfaces",
    severities: &[Severity::Error],
    languages: Language::ALL,
    doc: include_str!("../../rules/too-few-cluster-subnets.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

fn run(dns: &Dns<'_>) -> Vec<Verdict> {
    let network = dns.network;
    let mut verdicts = Verdicts::new(&RULE);
    for cluster in managed(network.clusters.iter()) {
        match &cluster.on_outpost {
            Tri::No => {}
            Tri::Yes => continue, // a local cluster has its own rules for subnets
            Tri::Maybe(unknown) => {
                verdicts.undecided(unknown.clone(), cluster.span);
                continue;
            }
        }
        let subnets: Vec<_> = cluster.subnets.known().map(|(id, at)| (*id, at)).collect();
        let different: BTreeSet<_> = subnets.iter().map(|(id, _)| *id).collect();
        if let Some((subnet, at)) = subnets.iter().find(|(id, _)| refused(network, *id).is_some()) {
            verdicts.fault(wrong_place(network, cluster, *subnet, *at));
            continue;
        }
        if let Some(unknown) = cluster.subnets.open() {
            verdicts.undecided(unknown, cluster.span);
            continue;
        }
        if different.len() < 2 {
            verdicts.fault(too_few(cluster, different.len(), subnets.first().map(|(_, at)| *at)));
            continue;
        }
        let first = different.first().copied();
        let zones = different.iter().zip(first.into_iter().cycle());
        match Tri::all(zones.map(|(one, first)| network.same_zone(first, *one))) {
            Tri::Yes => verdicts.fault(one_zone(network, cluster, &subnets)),
            Tri::No => {}
            Tri::Maybe(unknown) => verdicts.undecided(unknown, cluster.span),
        }
    }
    verdicts.all
}

/// Why EKS makes no network interface in a subnet
/// (<https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html>).
fn refused(network: &Network, subnet: Id<Subnet>) -> Option<(String, Span)> {
    const WITHOUT_EKS: [&str; 3] = ["use1-az3", "usw1-az2", "cac1-az3"];
    let subnet = &network.subnets[subnet];
    if let (Ok(Some(_)), Some(at)) = (subnet.outpost.get(), subnet.outpost.span()) {
        return Some(("on an Outpost".to_owned(), at));
    }
    let Ok(Some(Zone::Named(zone))) = subnet.zone.get() else { return None };
    // `us-west-2-lax-1a`, `us-east-1-wl1-bos-wlz-1`: after the number of the Region comes a place.
    let local = zone.split('-').rev().skip(1).any(|part| part.parse::<u8>().is_ok());
    // Their ids, `usw2-lax1-az1` and `use1-wl1-bos-wlz1`, have the place behind the Region.
    let is_id = zone.split('-').next().is_some_and(|first| first.ends_with(char::is_numeric));
    let local = local || is_id && zone.split('-').count() > 2;
    let where_ = match (WITHOUT_EKS.contains(&&**zone), local) {
        (true, _) => format!("in {zone}"),
        (_, true) => format!("in {zone}, no Availability Zone of a Region"),
        _ => return None,
    };
    Some((where_, subnet.zone.span().unwrap_or(subnet.span)))
}

fn wrong_place(network: &Network, cluster: &Declared<Cluster>, id: Id<Subnet>, at: Span) -> Fault {
    let subnet = &network.subnets[id];
    let (place, zone) = refused(network, id).unwrap_or_else(|| (String::new(), subnet.span));
    Fault {
        severity: Severity::Error,
        message: format!(
            "{} has {}, which is {place}: EKS makes no network interfaces there",
            cluster.name, subnet.name
        ),
        primary: Note::new(at, "EKS refuses this subnet"),
        labels: vec![Note::new(zone, format!("{} is {place}", subnet.name))],
        help: format!("give {} subnets in other zones; nodes may still be there", cluster.name),
        subjects: vec![cluster.name.to_string(), subnet.name.to_string()],
    }
}

fn too_few(cluster: &Declared<Cluster>, count: usize, only: Option<Span>) -> Fault {
    let has = if count == 0 { "no subnet" } else { "one subnet" };
    Fault {
        severity: Severity::Error,
        message: format!("{} has {has}, and EKS refuses fewer than two", cluster.name),
        primary: match only {
            Some(only) => Note::new(only, "the only subnet"),
            None => Note::new(cluster.span, "without subnets"),
        },
        labels: vec![Note::new(cluster.span, "needs subnets in two Availability Zones")],
        help: format!("give {} a second subnet, in another Availability Zone", cluster.name),
        subjects: vec![cluster.name.to_string()],
    }
}

fn one_zone(
    network: &Network,
    cluster: &Declared<Cluster>,
    subnets: &[(Id<Subnet>, Span)],
) -> Fault {
    let zones = subnets.iter().filter_map(|(id, _)| network.subnets[*id].zone.span());
    let (_, at) = subnets[subnets.len() - 1];
    Fault {
        severity: Severity::Error,
        message: format!(
            "all subnets of {} are in one Availability Zone, and EKS refuses fewer than two zones",
            cluster.name
        ),
        primary: Note::new(at, "in the same zone as the others"),
        labels: zones
            .map(|at| Note::new(at, "the zone"))
            .chain([Note::new(cluster.span, "needs subnets in two Availability Zones")])
            .collect(),
        help: format!("give {} a subnet in another Availability Zone", cluster.name),
        subjects: vec![cluster.name.to_string()],
    }
}
