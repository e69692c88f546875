//! `disabled-vpc-dns`: private zones answer only where the VPC has both DNS attributes.

use crate::dns::Dns;
use crate::finding::{Rule, Severity, Verdict};
use crate::network::{Attr, Cluster, Declared, Id, Network, Vpc};
use crate::source::{Language, Note, Span};

use super::{Check, Fault, Verdicts, list, managed};

const RULE: Rule = Rule {
    id: "disabled-vpc-dns",
    summary: "a VPC that hosts a private endpoint, a private zone or private DNS, with DNS support or DNS hostnames off (or defaulted off)",
    severities: &[Severity::Error, Severity::Warning],
    languages: Language::ALL,
    doc: include_str!("../../rules/disabled-vpc-dns.md"),
};

const SUPPORT: &str = "DNS support";
const HOSTNAMES: &str = "DNS hostnames";

pub(super) const CHECK: Check = Check { rule: &RULE, run };

fn run(dns: &Dns<'_>) -> Vec<Verdict> {
    let network = dns.network;
    let mut verdicts = Verdicts::new(&RULE);
    for vpc in managed(network.vpcs.iter()) {
        let hosted = hosted(network, vpc.id);
        let Some(first) = hosted.first() else { continue };
        let off = |attr: &Attr<bool>, what| (attr.get() == Ok(&false)).then_some(what);
        let support = off(&vpc.dns_support, SUPPORT);
        let hostnames = off(&vpc.dns_hostnames, HOSTNAMES);
        if let Some(what) = support.or(hostnames) {
            let attr = if support.is_some() { &vpc.dns_support } else { &vpc.dns_hostnames };
            verdicts.fault(fault(vpc, &hosted, what, attr));
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

/// What needs both attributes of its VPC.
struct Hosted<'a> {
    kind: Hosting<'a>,
    name: String,
    span: Span,
}

enum Hosting<'a> {
    Cluster(&'a Cluster),
    Zone,
    PrivateNames,
    /// A Resolver endpoint in a VPC that has DNS hostnames on: they have no effect without DNS support.
    Resolver,
    /// A peering connection whose DNS option is on.
    Peering,
}

impl Hosted<'_> {
    fn note(&self) -> Note {
        let text = match self.kind {
            Hosting::Cluster(_) => "private access needs both DNS attributes of the VPC",
            Hosting::Zone => "a private zone needs both DNS attributes of the VPC",
            Hosting::PrivateNames => "private names need both DNS attributes of the VPC",
            Hosting::Resolver => {
                "queries that come in here are resolved as a host of the VPC would"
            }
            Hosting::Peering => "the DNS option needs both DNS attributes of both VPCs",
        };
        Note::new(self.span, text)
    }
}

/// Private endpoints, private zones and private names of interface endpoints, in this order.
fn hosted(network: &Network, vpc: Id<Vpc>) -> Vec<Hosted<'_>> {
    let view = network.view(vpc);
    let clusters = managed(network.clusters.iter())
        .filter(|cluster| cluster.private_access.get() == Ok(&true))
        .filter(|cluster| network.vpc_of_cluster(cluster.id) == Ok(vpc))
        .map(|cluster| Hosted {
            kind: Hosting::Cluster(&cluster.it),
            name: cluster.name.to_string(),
            span: cluster.private_access.span().unwrap_or(cluster.span),
        });
    let zones = view.zones.iter().map(|acting| Hosted {
        kind: Hosting::Zone,
        name: network.zones[acting.thing].name.to_string(),
        span: acting.span,
    });
    let certain = view.endpoints.iter().filter(|(_, maybe)| maybe.is_none());
    let names = certain.map(|(acting, _)| {
        let endpoint = &network.vpc_endpoints[acting.thing];
        Hosted {
            kind: Hosting::PrivateNames,
            name: endpoint.name.to_string(),
            span: endpoint.private_dns.span().unwrap_or(acting.span),
        }
    });
    let on = network.vpc(vpc).dns_hostnames.get() == Ok(&true);
    let endpoints = managed(network.endpoints.iter())
        .filter(|endpoint| on && network.vpc_of_endpoint(endpoint.id) == Ok(vpc))
        .map(|one| Hosted { kind: Hosting::Resolver, name: one.name.to_string(), span: one.span });
    let peerings = managed(network.peerings.iter()).filter_map(|peering| {
        let (a, b) = network.sides(peering.id)?;
        let option = network.remote_dns_of(peering.id).filter(|_| a == vpc || b == vpc)?;
        let name = peering.name.to_string();
        Some(Hosted { kind: Hosting::Peering, name, span: option })
    });
    clusters.chain(zones).chain(names).chain(endpoints).chain(peerings).collect()
}

fn fault(vpc: &Declared<Vpc>, hosted: &[Hosted<'_>], what: &str, attr: &Attr<bool>) -> Fault {
    let label = match attr.span() {
        Some(_) => format!("turns {what} off"),
        None => format!("leaves {what} out, and the default is off"),
    };
    let severity = match hosted[0].kind {
        Hosting::Peering => Severity::Warning,
        _ => Severity::Error,
    };
    Fault {
        severity,
        message: format!("{} has {what} off, so {}", vpc.name, effect(hosted, what)),
        primary: Note::new(attr.span().unwrap_or(vpc.span), label),
        labels: hosted.iter().map(Hosted::note).collect(),
        help: format!("turn both DNS support and DNS hostnames on in {}", vpc.name),
        subjects: vec![vpc.name.to_string(), what.to_owned()],
    }
}

/// What the first kind of what is hosted loses; the labels show the rest.
fn effect(hosted: &[Hosted<'_>], what: &str) -> String {
    let mut masked = true;
    let alike = |one: &&Hosted<'_>| {
        std::mem::discriminant(&one.kind) == std::mem::discriminant(&hosted[0].kind)
    };
    let names: Vec<_> = hosted.iter().filter(alike).map(|one| one.name.clone()).collect();
    for one in hosted {
        if let Hosting::Cluster(cluster) = one.kind {
            masked &= cluster.public_access.get() == Ok(&false);
        }
    }
    let names = list(&names);
    match hosted[0].kind {
        Hosting::Cluster(_) => {
            let then = match (what == SUPPORT, masked) {
                (true, _) => "the VPC has no DNS server",
                (false, true) => "only public DNS still answers",
                (false, false) => "hosts of the VPC get the public addresses",
            };
            format!("the private endpoint of {names} has no zone there: {then}")
        }
        Hosting::Zone => format!("{names} does not answer there"),
        Hosting::PrivateNames => format!("AWS refuses the private names of {names} there"),
        Hosting::Resolver => format!(
            "the VPC has no DNS server, and DNS hostnames have no effect: {names} has nobody to ask"
        ),
        Hosting::Peering => format!("the DNS option of {names} has no effect there"),
    }
}
