//! `dead-target`: a rule sends to an address at which nobody takes queries.

use std::net::IpAddr;

use crate::dns::{Dns, Listener};
use crate::finding::{Rule, Severity, Verdict};
use crate::network::{
    Declared, EndpointDirection, Id, Network, ResolverEndpoint, ResolverRule, RouteTable,
    RuleTarget, RuleType, Target, Vpc,
};
use crate::reach::{exit, is_private};
use crate::source::{Language, Note, Span};
use crate::unknown::Unknown;

use super::{Check, Fault, Verdicts, managed};

const RULE: Rule = Rule {
    id: "dead-target",
    summary: "a target that answers no queries: an outbound endpoint's address, a `+2` address, an address of no known server",
    severities: &[Severity::Error, Severity::Warning],
    languages: Language::ALL,
    doc: include_str!("../../rules/dead-target.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

/// Why nobody answers.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Why {
    /// An outbound endpoint only sends.
    Outbound(Id<ResolverEndpoint>),
    /// The Amazon DNS server answers the hosts of its own VPC alone.
    Amazon(Option<Id<Vpc>>),
    /// Beside the addresses of the endpoint that the rule is meant for.
    Beside(Id<ResolverEndpoint>),
    /// The table sends a public address to an internet gateway, which translates nothing for an endpoint.
    NotTranslated(Id<RouteTable>, Span),
}

fn run(dns: &Dns<'_>) -> Vec<Verdict> {
    let network = dns.network;
    let mut verdicts = Verdicts::new(&RULE);
    for rule in managed(network.rules.iter()) {
        let Some(from) = sender(network, rule) else { continue };
        let mut dead: Vec<(Why, Vec<(String, Span)>)> = Vec::new();
        for (destination, block) in rule.targets.known() {
            let at = destination.target.span().unwrap_or(block);
            let judged = destination.target.get().and_then(|target| {
                let why = why(dns, rule, from, target)?;
                Ok(why.map(|why| (why, (shown(network, target), at))))
            });
            match judged {
                Ok(None) => {}
                Ok(Some((why, place))) => match dead.iter_mut().find(|(one, _)| *one == why) {
                    Some((_, places)) => places.push(place),
                    None => dead.push((why, vec![place])),
                },
                Err(unknown) => verdicts.undecided(unknown, rule.span),
            }
        }
        for (why, places) in dead {
            verdicts.fault(fault(network, rule, why, &places));
        }
    }
    verdicts.all
}

/// Who sends the queries of a FORWARD rule; `None` where nobody does, which is another rule's fault.
fn sender<'a>(network: &'a Network, rule: &ResolverRule) -> Option<&'a Declared<ResolverEndpoint>> {
    let Ok(Some(endpoint)) = rule.endpoint.get() else { return None };
    let endpoint = &network.endpoints[*endpoint];
    let sends = matches!(endpoint.direction.get(), Ok(EndpointDirection::Outbound) | Err(_));
    (sends && rule.rule_type.get() == Ok(&RuleType::Forward)).then_some(endpoint)
}

fn why(
    dns: &Dns<'_>,
    rule: &Declared<ResolverRule>,
    from: &Declared<ResolverEndpoint>,
    target: &RuleTarget,
) -> Result<Option<Why>, Unknown> {
    let network = dns.network;
    let home = network.vpc_of_endpoint(from.id).ok();
    match dns.listener(target, home)? {
        Listener::Inbound(_) => Ok(None),
        Listener::Outbound(endpoint) => Ok(Some(Why::Outbound(endpoint))),
        Listener::LinkLocal => Ok(Some(Why::Amazon(None))),
        Listener::Amazon(vpc) if lacks_inbound(dns, rule, vpc) => Ok(None),
        Listener::Amazon(vpc) => Ok(Some(Why::Amazon(Some(vpc)))),
        Listener::Outside(address) if network.in_some_vpc(address) => {
            Ok(beside(dns, rule, address).map(Why::Beside))
        }
        Listener::Outside(address) => not_translated(network, from, address),
    }
}

/// Whether the rule is for a cluster in a VPC that has no inbound endpoint: then that is what is missing.
fn lacks_inbound(dns: &Dns<'_>, rule: &Declared<ResolverRule>, vpc: Id<Vpc>) -> bool {
    dns.network.inbound_endpoints(vpc).is_empty() && for_cluster_in(dns, rule, vpc)
}

fn for_cluster_in(dns: &Dns<'_>, rule: &Declared<ResolverRule>, vpc: Id<Vpc>) -> bool {
    let network = dns.network;
    managed(network.clusters.iter()).any(|cluster| {
        network.vpc_of_cluster(cluster.id) == Ok(vpc) && dns.is_for_endpoint(rule, cluster.id, vpc)
    })
}

/// The inbound endpoint that an address in its VPC is meant for and is none of: the rule's other targets
/// are its addresses, or the rule is for a cluster beside it.
fn beside(
    dns: &Dns<'_>,
    rule: &Declared<ResolverRule>,
    address: IpAddr,
) -> Option<Id<ResolverEndpoint>> {
    let network = dns.network;
    let vpc = network.vpc_at(address)?;
    if network.unseen(vpc).is_some() || network.may_listen(vpc).is_some() {
        return None;
    }
    // An endpoint whose addresses are refused is the fault.
    let mut inbound = network.inbound_endpoints(vpc);
    inbound.retain(|endpoint| network.takes_addresses(endpoint));
    let others = rule.targets.known().filter_map(|(one, _)| one.target.get().ok());
    let mut others = others.filter_map(|target| network.endpoint_at(target).ok().flatten());
    let first = inbound.first().filter(|_| for_cluster_in(dns, rule, vpc));
    let other = others.find(|one| inbound.iter().any(|own| own.id == one.id));
    other.or(first.copied()).map(|endpoint| endpoint.id)
}

/// Whether every subnet of the endpoint sends a public address to an internet gateway: the interfaces of an
/// endpoint have no public addresses to send from.
fn not_translated(
    network: &Network,
    from: &Declared<ResolverEndpoint>,
    address: IpAddr,
) -> Result<Option<Why>, Unknown> {
    let IpAddr::V4(v4) = address else { return Ok(None) };
    if !from.managed || is_private(address) || v4.is_documentation() {
        return Ok(None);
    }
    if let Some(unknown) = from.addresses.open() {
        return Err(unknown);
    }
    let mut all = None;
    for (interface, _) in from.addresses.known() {
        let exit = exit(network, *interface.subnet.get()?, address)?;
        match exit.route {
            Some((Target::Internet(_), at)) => {
                all.get_or_insert(Why::NotTranslated(exit.table, at))
            }
            _ => return Ok(None),
        };
    }
    Ok(all)
}

fn shown(network: &Network, target: &RuleTarget) -> String {
    match target {
        RuleTarget::Address(address) => address.to_string(),
        RuleTarget::Endpoint(endpoint) => {
            format!("the addresses of {}", network.endpoints[*endpoint].name)
        }
        RuleTarget::Symbol(symbol) => symbol.to_string(),
    }
}

fn fault(
    network: &Network,
    rule: &Declared<ResolverRule>,
    why: Why,
    places: &[(String, Span)],
) -> Fault {
    let name = &rule.name;
    let mut names: Vec<_> = places.iter().map(|(shown, _)| shown.clone()).collect();
    names.dedup();
    let to = super::list(&names);
    let mut severity = Severity::Error;
    let (reason, label, help) = match why {
        Why::Outbound(id) => {
            let endpoint = &network.endpoints[id];
            let is_named = names == [shown(network, &RuleTarget::Endpoint(id))];
            let owner =
                if is_named { "" } else { &*format!("which belongs to {}, ", endpoint.name) };
            (
                format!("{owner}an outbound endpoint: it only sends"),
                Some(Note::new(
                    endpoint.direction.span().unwrap_or(endpoint.span),
                    "its direction",
                )),
                "send to the addresses of an inbound endpoint, or of a DNS server".to_owned(),
            )
        }
        Why::Amazon(Some(vpc)) => {
            let vpc = network.vpc(vpc);
            (
                format!(
                    "the Amazon DNS server of {}, which answers hosts of that VPC alone",
                    vpc.name
                ),
                Some(Note::new(vpc.span, "its server has this address, its base plus two")),
                format!("make an inbound endpoint in {} and send to its addresses", vpc.name),
            )
        }
        Why::Amazon(None) => (
            "the link-local address of the Amazon DNS server, which no endpoint can send to"
                .to_owned(),
            None,
            "send to the addresses of an inbound endpoint in the VPC that is to answer".to_owned(),
        ),
        Why::Beside(id) => {
            let endpoint = &network.endpoints[id];
            severity = Severity::Warning;
            (
                format!(
                    "and nothing in the code listens there: {} has other addresses",
                    endpoint.name
                ),
                Some(Note::new(endpoint.span, "the inbound endpoint in that VPC")),
                format!("send to the addresses of {}", endpoint.name),
            )
        }
        Why::NotTranslated(table, at) => {
            let table = &network.route_tables[table];
            (
                "a public address, and the outbound endpoint has no public address to ask it from"
                    .to_owned(),
                Some(Note::new(at, format!("{} sends it to an internet gateway", table.name))),
                "put the outbound endpoint into subnets whose route leads to a NAT gateway"
                    .to_owned(),
            )
        }
    };
    let further = places.iter().skip(1).map(|(_, at)| Note::new(*at, "likewise"));
    Fault {
        severity,
        message: format!("{name} sends to {to}, {reason}"),
        primary: Note::new(places[0].1, "nobody answers here"),
        labels: label.into_iter().chain(further).collect(),
        help,
        subjects: vec![name.to_string()],
    }
}
