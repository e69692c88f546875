//! `custom-dhcp-dns`: hosts that ask other servers do not see the zone of the private endpoint.

use std::net::IpAddr;

use crate::dns::Dns;
use crate::finding::{Rule, Severity, Verdict};
use crate::network::{
    Cluster, Declared, DhcpOptions, DnsServers, EndpointDirection, Id, NameServer, Network,
    RuleTarget, Tri, Vpc,
};
use crate::source::{Language, Note, Span};

use super::{Check, Fault, Verdicts, list, managed};

const RULE: Rule = Rule {
    id: "custom-dhcp-dns",
    summary: "DHCP options that keep AmazonProvidedDNS from the cluster VPC, or mix it",
    severities: &[Severity::Error, Severity::Warning],
    languages: Language::ALL,
    doc: include_str!("../../rules/custom-dhcp-dns.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

/// A set names so many servers of one family
/// (<https://docs.aws.amazon.com/vpc/latest/userguide/DHCPOptionSet.html>).
const MOST_SERVERS: usize = 4;

fn run(dns: &Dns<'_>) -> Vec<Verdict> {
    let network = dns.network;
    let mut verdicts = Verdicts::new(&RULE);
    for options in managed(network.dhcp_options.iter()) {
        let ipv4 = |server: &NameServer| match server {
            NameServer::At(RuleTarget::Address(address)) => address.is_ipv4(),
            NameServer::Amazon | NameServer::At(_) => true,
        };
        let servers = options.servers.known().filter(|(server, _)| ipv4(server));
        if let Some((_, at)) = servers.into_iter().nth(MOST_SERVERS) {
            verdicts.fault(too_many(options, at));
        }
    }
    for vpc in managed(network.vpcs.iter()) {
        let clusters: Vec<_> = managed(network.clusters.iter())
            .filter(|cluster| cluster.private_access.get() == Ok(&true))
            .filter(|cluster| network.vpc_of_cluster(cluster.id) == Ok(vpc.id))
            .collect();
        if clusters.is_empty() {
            continue;
        }
        match network.dns_servers(vpc.id) {
            Ok(DnsServers::Amazon) => {
                if let Some(options) = without_servers(network, vpc.id) {
                    verdicts.fault(left_out(vpc, options, &clusters));
                }
            }
            Ok(DnsServers::Own(servers)) => {
                let leads_here = servers.iter().map(|(server, _)| answers(network, vpc.id, server));
                let leads_here: Vec<_> = leads_here.collect();
                let some = leads_here.contains(&Tri::Yes);
                let other = servers.iter().zip(&leads_here).find(|(_, leads)| **leads == Tri::No);
                let other = other.map(|((_, at), _)| *at);
                match (other, leads_here.into_iter().find_map(Tri::maybe)) {
                    (Some(at), open) if some || open.is_none() => {
                        verdicts.fault(own_servers(vpc, at, some, &clusters));
                    }
                    (_, Some(unknown)) => verdicts.undecided(unknown, vpc.span),
                    (_, None) => {}
                }
            }
            Err(unknown) => verdicts.undecided(unknown, vpc.span),
        }
    }
    verdicts.all
}

/// Whether a server answers as the Amazon DNS server of the VPC does. What stands in a VPC of the code may
/// forward to it.
fn answers(network: &Network, vpc: Id<Vpc>, server: &NameServer) -> Tri {
    let NameServer::At(target) = server else { return Tri::Yes };
    match (network.endpoint_at(target), target) {
        (Ok(Some(endpoint)), _) => {
            let is_inbound = |own: &EndpointDirection| (*own == EndpointDirection::Inbound).into();
            let own = network.vpc_of_endpoint(endpoint.id);
            Tri::all([
                endpoint.direction.get().map_or_else(Tri::Maybe, is_inbound),
                own.map_or_else(Tri::Maybe, |own| network.same_vpc(own, vpc)),
            ])
        }
        (Ok(None), RuleTarget::Address(address)) => in_code(network, *address),
        (Ok(None), RuleTarget::Symbol(symbol)) => Tri::Maybe(symbol.unknown()),
        (Ok(None), RuleTarget::Endpoint(_)) => Tri::No,
        (Err(unknown), _) => Tri::Maybe(unknown),
    }
}

fn in_code(network: &Network, address: IpAddr) -> Tri {
    if !network.in_some_vpc(address) {
        return Tri::No;
    }
    let why = crate::unknown::Why::NotEvaluated("what a server there answers".into());
    Tri::Maybe(crate::unknown::Unknown::new(address.to_string(), why))
}

/// The set of a VPC, if it certainly names no servers.
fn without_servers(network: &Network, vpc: Id<Vpc>) -> Option<&Declared<DhcpOptions>> {
    let of_vpc = |vpc_of: &Id<Vpc>| network.vpc(*vpc_of).id == vpc;
    let mut associations = managed(network.dhcp_associations.iter());
    let own = associations.find(|one| one.vpc.get().is_ok_and(of_vpc))?;
    let options = &network.dhcp_options[*own.options.get().ok()?];
    (options.managed && options.servers.is_empty()).then_some(options)
}

fn too_many(options: &Declared<DhcpOptions>, at: Span) -> Fault {
    Fault {
        severity: Severity::Error,
        message: format!("{} names more than {MOST_SERVERS} DNS servers", options.name),
        primary: Note::new(at, "the fifth"),
        labels: Vec::new(),
        help: format!("leave {MOST_SERVERS} servers in {}", options.name),
        subjects: vec![options.name.to_string()],
    }
}

fn names(clusters: &[&Declared<Cluster>]) -> String {
    list(&clusters.iter().map(|cluster| cluster.name.to_string()).collect::<Vec<_>>())
}

fn needed(clusters: &[&Declared<Cluster>]) -> Vec<Note> {
    let at = |cluster: &&Declared<Cluster>| cluster.private_access.span().unwrap_or(cluster.span);
    let text = "the private endpoint resolves by the VPC's own DNS server";
    clusters.iter().map(|cluster| Note::new(at(cluster), text)).collect()
}

fn left_out(
    vpc: &Declared<Vpc>,
    options: &Declared<DhcpOptions>,
    clusters: &[&Declared<Cluster>],
) -> Fault {
    Fault {
        severity: Severity::Warning,
        message: format!(
            "{} names no DNS servers for {}, the VPC of {}: AWS's documents disagree on whom its hosts ask then",
            options.name,
            vpc.name,
            names(clusters)
        ),
        primary: Note::new(options.span, "names no DNS servers"),
        labels: needed(clusters),
        help: format!("name AmazonProvidedDNS in {}", options.name),
        subjects: vec![options.name.to_string(), vpc.name.to_string()],
    }
}

fn own_servers(
    vpc: &Declared<Vpc>,
    at: Span,
    mixed: bool,
    clusters: &[&Declared<Cluster>],
) -> Fault {
    let (severity, what) = if mixed {
        (Severity::Warning, "some servers beside AmazonProvidedDNS, and takes the answer of any")
    } else {
        (Severity::Error, "servers of its own, and EKS needs AmazonProvidedDNS among them")
    };
    Fault {
        severity,
        message: format!("{}, the VPC of {}, asks {what}", vpc.name, names(clusters)),
        primary: Note::new(at, "does not see the zone of the private endpoint"),
        labels: needed(clusters),
        help: format!(
            "name AmazonProvidedDNS alone for {}, and forward the names of these servers by a rule",
            vpc.name
        ),
        subjects: vec![vpc.name.to_string()],
    }
}
