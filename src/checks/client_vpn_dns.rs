//! `client-vpn-dns`: users of Client VPN who get the wrong answer for a cluster, or are not let into its network.

use crate::dns::{Answer, Dns, Origin, Question};
use crate::finding::{Rule, Severity, Verdict};
use crate::network::{
    Cidr, ClientVpn, Cluster, Declared, Direction, Id, Network, Peer, Protocol, Tri,
};
use crate::reach::client_vpn_admits;
use crate::source::{Language, Note};

use super::{Check, Fault, Verdicts, managed};

const RULE: Rule = Rule {
    id: "client-vpn-dns",
    summary: "Client VPN users get the wrong answer, or have no rule for the cluster's network",
    severities: &[Severity::Error, Severity::Warning],
    languages: Language::ALL,
    doc: include_str!("../../rules/client-vpn-dns.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

fn run(dns: &Dns<'_>) -> Vec<Verdict> {
    let network = dns.network;
    let mut verdicts = Verdicts::new(&RULE);
    for endpoint in managed(network.client_vpns.iter()) {
        for cluster in managed(network.clusters.iter()) {
            let named = is_named(network, endpoint, cluster.id);
            if !named && !is_at_home(network, endpoint, cluster) {
                continue;
            }
            match cluster.private_access.get() {
                Ok(true) => answered(dns, endpoint, cluster, &mut verdicts),
                Ok(false) => continue,
                Err(unknown) => {
                    verdicts.undecided(unknown, endpoint.span);
                    continue;
                }
            }
            // Who lets its users into some subnets alone may have other hosts in mind.
            if named {
                admitted(network, endpoint, cluster, &mut verdicts);
            }
        }
    }
    verdicts.all
}

/// Whether users of an endpoint come out in a cluster's VPC and are let into its subnets.
fn is_at_home(
    network: &Network,
    endpoint: &Declared<ClientVpn>,
    cluster: &Declared<Cluster>,
) -> bool {
    let (home, own) = (network.vpc_of_cluster(cluster.id), network.vpc_of_client_vpn(endpoint.id));
    let (Ok(home), Ok(own)) = (home, own) else { return false };
    let admits = |block: &Cidr| client_vpn_admits(network, endpoint.id, block) == Tri::Yes;
    network.same_vpc(home, own) == Tri::Yes && blocks(network, cluster).iter().any(admits)
}

/// The blocks of the subnets that a cluster's network interfaces may be in.
fn blocks(network: &Network, cluster: &Cluster) -> Vec<Cidr> {
    let subnets = cluster.subnets.known();
    let block = |subnet| network.subnets[subnet].cidr.get().ok().cloned().flatten();
    subnets.filter_map(|(subnet, _)| block(*subnet)).collect()
}

/// Whether the cluster's groups admit a group of the endpoint's on 443.
fn is_named(network: &Network, endpoint: &ClientVpn, cluster: Id<Cluster>) -> bool {
    let groups: Vec<_> = endpoint.groups.known().map(|(group, _)| *group).collect();
    let of_cluster = network.groups_of_cluster(cluster).items.into_iter();
    let mut rules =
        of_cluster.flat_map(|(group, _)| network.permissions(group, Direction::Ingress).rules);
    rules.any(|(rule, maybe)| {
        let named = |peer: &Peer| matches!(peer, Peer::Group(group) if groups.contains(group));
        maybe.is_none()
            && rule.admits_port(Protocol::Tcp, 443) == Tri::Yes
            && rule.peers.known().any(|(peer, _)| named(peer))
    })
}

fn answered(
    dns: &Dns<'_>,
    endpoint: &Declared<ClientVpn>,
    cluster: &Declared<Cluster>,
    verdicts: &mut Verdicts,
) {
    let question = Question::Endpoint(cluster.id);
    let answer = dns.resolve(&question, Origin::ClientVpn(endpoint.id)).end;
    let (severity, gets) = match answer {
        // Servers outside the code say what public DNS says.
        Ok(Answer::Elsewhere(_, answer)) if *answer == Answer::Public(cluster.id) => {
            (Severity::Warning, "public addresses")
        }
        Ok(Answer::Public(of)) if of == cluster.id => (Severity::Warning, "public addresses"),
        Ok(Answer::Timeout | Answer::Loop(_)) => (Severity::Error, "no answer"),
        Err(unknown) => return verdicts.undecided(unknown, endpoint.span),
        Ok(_) => return,
    };
    let servers = endpoint.dns_servers.items.first();
    let (at, label) = match servers {
        Some(server) => (server.span, "the servers that its users ask"),
        None => (endpoint.span, "gives its users no DNS server: they keep their own"),
    };
    let vpc = dns.network.vpc_of_client_vpn(endpoint.id).map(|vpc| dns.network.vpc(vpc));
    let vpc = vpc.map_or_else(|_| "its VPC".to_owned(), |vpc| vpc.name.to_string());
    verdicts.fault(Fault {
        severity,
        message: format!(
            "users of {} get {gets} for the endpoint of {}, not the private ones",
            endpoint.name, cluster.name
        ),
        primary: Note::new(at, label),
        labels: vec![Note::new(cluster.span, "the cluster")],
        help: format!(
            "give {} the DNS server of {vpc}, the second address of its block, or an inbound endpoint there",
            endpoint.name
        ),
        subjects: vec![endpoint.name.to_string(), cluster.name.to_string()],
    });
}

/// Whether users are let into any subnet of the cluster.
fn admitted(
    network: &Network,
    endpoint: &Declared<ClientVpn>,
    cluster: &Declared<Cluster>,
    verdicts: &mut Verdicts,
) {
    let blocks = blocks(network, cluster);
    let all = blocks.iter().map(|block| client_vpn_admits(network, endpoint.id, block));
    let all: Vec<_> = all.chain(cluster.subnets.open().map(Tri::Maybe)).collect();
    let severity = match (Tri::any(all.clone()), Tri::all(all)) {
        (_, Tri::Yes) => return,
        (Tri::No, _) => Severity::Error,
        (Tri::Yes, Tri::No) => Severity::Warning,
        (Tri::Maybe(unknown), _) | (_, Tri::Maybe(unknown)) => {
            return verdicts.undecided(unknown, endpoint.span);
        }
    };
    let which = if severity == Severity::Error { "any" } else { "every" };
    verdicts.fault(Fault {
        severity,
        message: format!(
            "{} does not let its users into {which} subnet of {}: connections time out",
            endpoint.name, cluster.name
        ),
        primary: Note::new(endpoint.span, "no authorization and route for these subnets"),
        labels: vec![Note::new(cluster.span, "its network interfaces are the destination")],
        help: format!(
            "add an authorization rule for the subnets of {} to {}, and a route where they are in another VPC",
            cluster.name, endpoint.name
        ),
        subjects: vec![endpoint.name.to_string(), cluster.name.to_string()],
    });
}
