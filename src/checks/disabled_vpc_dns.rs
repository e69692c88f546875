//! `disabled-vpc-dns`: a private endpoint's zone answers only where the VPC has both DNS attributes.

use crate::dns::Dns;
use crate::finding::{Rule, Severity, Verdict};
use crate::network::{Attr, Cluster, Declared, Id, Network, Vpc};
use crate::source::Note;

use super::{Check, Fault, Verdicts, list, managed};

const RULE: Rule = Rule {
    id: "disabled-vpc-dns",
    summary: "a VPC that hosts a private endpoint, with DNS support or DNS hostnames off (or defaulted off)",
    severities: &[Severity::Error],
    doc: include_str!("../../rules/disabled-vpc-dns.md"),
};

const SUPPORT: &str = "DNS support";
const HOSTNAMES: &str = "DNS hostnames";

pub(super) const CHECK: Check = Check { rule: &RULE, run };

fn run(dns: &Dns<'_>) -> Vec<Verdict> {
    let network = dns.network;
    let mut verdicts = Verdicts::new(&RULE);
    for vpc in managed(network.vpcs.iter()) {
        let clusters = private_clusters(network, vpc.id);
        let Some(first) = clusters.first() else { continue };
        let off = |attr: &Attr<bool>, what| (attr.get() == Ok(&false)).then_some(what);
        let support = off(&vpc.dns_support, SUPPORT);
        let hostnames = off(&vpc.dns_hostnames, HOSTNAMES);
        if let Some(what) = support.or(hostnames) {
            let attr = if support.is_some() { &vpc.dns_support } else { &vpc.dns_hostnames };
            verdicts.fault(fault(vpc, &clusters, what, attr));
            continue;
        }
        for attr in [&vpc.dns_support, &vpc.dns_hostnames] {
            if let Err(unknown) = attr.get() {
                verdicts.undecided(unknown, first.span);
            }
        }
    }
    verdicts.all
}

fn private_clusters(network: &Network, vpc: Id<Vpc>) -> Vec<&Declared<Cluster>> {
    managed(network.clusters.iter())
        .filter(|cluster| cluster.private_access.get() == Ok(&true))
        .filter(|cluster| network.vpc_of_cluster(cluster.id) == Ok(vpc))
        .collect()
}

fn fault(
    vpc: &Declared<Vpc>,
    clusters: &[&Declared<Cluster>],
    what: &str,
    attr: &Attr<bool>,
) -> Fault {
    let names: Vec<_> = clusters.iter().map(|cluster| cluster.name.to_string()).collect();
    let label = match attr.span() {
        Some(_) => format!("turns {what} off"),
        None => format!("leaves {what} out, and the default is off"),
    };
    let masked = clusters.iter().all(|cluster| cluster.public_access.get() == Ok(&false));
    let effect = match (what == SUPPORT, masked) {
        (true, _) => "the VPC has no DNS server",
        (false, true) => "only public DNS still answers",
        (false, false) => "hosts of the VPC get the public addresses",
    };
    Fault {
        severity: Severity::Error,
        message: format!(
            "{} has {what} off, so the private endpoint of {} has no zone there: {effect}",
            vpc.name,
            list(&names)
        ),
        primary: Note::new(attr.span().unwrap_or(vpc.span), label),
        labels: clusters
            .iter()
            .map(|cluster| {
                let at = cluster.private_access.span().unwrap_or(cluster.span);
                Note::new(at, "private access needs both DNS attributes of the VPC")
            })
            .collect(),
        help: format!("turn both DNS support and DNS hostnames on in {}", vpc.name),
        subjects: vec![vpc.name.to_string(), what.to_owned()],
    }
}
