//! `invalid-public-access-cidr`: the public endpoint admits public addresses, and only where it is on.

use ipnet::IpNet;

use crate::dns::Dns;
use crate::finding::{Rule, Severity, Verdict};
use crate::network::{Cidr, Cluster, Declared};
use crate::source::{Language, Note, Span};

use super::{Check, Fault, Verdicts, managed};

const RULE: Rule = Rule {
    id: "invalid-public-access-cidr",
    summary: "private ranges among the public access blocks; blocks without public access",
    severities: &[Severity::Error, Severity::Note],
    languages: Language::ALL,
    doc: include_str!("../../rules/invalid-public-access-cidr.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

/// RFC 1918, RFC 6598, loopback and link-local, and what IPv6 has of them.
const RESERVED: [&str; 9] = [
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "::1/128",
    "fc00::/7",
    "fe80::/10",
];

fn run(dns: &Dns<'_>) -> Vec<Verdict> {
    let mut verdicts = Verdicts::new(&RULE);
    for cluster in managed(dns.network.clusters.iter()) {
        let cidrs = &cluster.public_cidrs;
        if cidrs.is_empty() {
            continue;
        }
        let nets = cidrs.known().filter_map(|(cidr, at)| Some((cidr.net().ok()?, at)));
        let nets: Vec<(IpNet, Span)> = nets.collect();
        let reserved = nets.iter().find(|(net, _)| is_reserved(*net));
        match (cluster.public_access.get(), reserved) {
            (Ok(true), Some((net, at))) => verdicts.fault(private(cluster, *net, *at)),
            (Ok(false), _) => {
                // All addresses is what AWS has anyway.
                if let Some((_, at)) = nets.iter().find(|(net, _)| net.prefix_len() > 0) {
                    verdicts.fault(idle(cluster, *at));
                }
            }
            (Err(unknown), Some(_)) => verdicts.undecided(unknown, cluster.span),
            (_, None) => {
                let open = cidrs.known().find_map(|(cidr, _)| Cidr::net(cidr).err());
                if let Some(unknown) = cidrs.open().or(open) {
                    verdicts.undecided(unknown, cluster.span);
                }
            }
        }
    }
    verdicts.all
}

fn is_reserved(net: IpNet) -> bool {
    RESERVED.iter().filter_map(|one| one.parse::<IpNet>().ok()).any(|one| one.contains(&net))
}

fn private(cluster: &Declared<Cluster>, net: IpNet, at: Span) -> Fault {
    let name = &cluster.name;
    Fault {
        severity: Severity::Error,
        message: format!(
            "{name} admits {net} to its public endpoint, and EKS refuses private ranges"
        ),
        primary: Note::new(at, "no public addresses"),
        labels: vec![Note::new(cluster.span, "the cluster")],
        help: format!(
            "take {net} out; whoever comes from there uses the private endpoint, which a security \
             group of {name} has to admit on 443"
        ),
        subjects: vec![name.to_string(), net.to_string()],
    }
}

fn idle(cluster: &Declared<Cluster>, at: Span) -> Fault {
    let name = &cluster.name;
    let off = cluster.public_access.span();
    Fault {
        severity: Severity::Note,
        message: format!("{name} has no public endpoint, so its public access blocks admit nobody"),
        primary: Note::new(at, "without effect"),
        labels: off.map(|at| Note::new(at, "turns the public endpoint off")).into_iter().collect(),
        help: format!(
            "take the blocks out; whom the private endpoint admits, the security groups of {name} say"
        ),
        subjects: vec![name.to_string()],
    }
}
