//! `blocked-dns-query`: a security group or network ACL that drops port 53 between Resolver endpoints.

use std::collections::{BTreeMap, BTreeSet};

use crate::dns::{Dns, Leg, all_legs};
use crate::finding::{Rule, Severity, Verdict};
use crate::network::{
    Declared, Direction, EndpointDirection, Id, Network, Protocol, ResolverEndpoint, RuleType,
    SecurityGroup, Tri,
};
use crate::reach::{Disposition, Journey, Stage};
use crate::source::{Language, Note, Span};

use super::{Check, Drops, Fault, Verdicts, is_dropped, list, managed};

const RULE: Rule = Rule {
    id: "blocked-dns-query",
    summary: "a security group or network ACL that drops port 53 (UDP, TCP or both) between Resolver endpoints",
    severities: &[Severity::Error, Severity::Warning],
    languages: Language::ALL,
    doc: include_str!("../../rules/blocked-dns-query.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

fn run(dns: &Dns<'_>) -> Vec<Verdict> {
    let network = dns.network;
    let mut verdicts = Verdicts::new(&RULE);
    let mut blocks: BTreeMap<Filter, Block> = BTreeMap::new();
    let mut drops = Drops::default();
    let mut asked: Vec<Id<ResolverEndpoint>> = Vec::new();
    for rule in managed(network.rules.iter()) {
        if rule.rule_type.get() != Ok(&RuleType::Forward) {
            continue;
        }
        let legs = dns.legs(rule.id);
        let legs = match &*legs {
            Ok(legs) => legs,
            Err(unknown) => {
                let own = rule.endpoint.get().ok().copied().flatten();
                if own.is_some_and(|endpoint| network.endpoints[endpoint].managed) {
                    verdicts.undecided(unknown.clone(), rule.span);
                }
                continue;
            }
        };
        asked.extend(legs.iter().filter_map(|leg| leg.inbound));
        let all = all_legs(network, rule.id);
        for direction in [Direction::Egress, Direction::Ingress] {
            collect(network, &mut blocks, legs, all, direction, rule.span);
        }
        by_acl(network, &mut drops, legs, all, rule.span);
        open(&mut verdicts, legs, rule.span);
    }
    for fault in drops.faults(network, 53, |dropped| {
        let udp = dropped.protocols.contains(&Protocol::Udp);
        let severity = if dropped.whole { Severity::Error } else { Severity::Warning };
        (severity, effect(dropped.whole, udp).to_owned())
    }) {
        verdicts.fault(fault);
    }
    for (filter, block) in blocks {
        verdicts.fault(block.fault(network, &filter));
    }
    for endpoint in managed(network.endpoints.iter()) {
        let inbound = endpoint.direction.get() == Ok(&EndpointDirection::Inbound);
        if inbound && !asked.contains(&endpoint.id) {
            nobody(network, endpoint, &mut verdicts);
        }
    }
    verdicts.all
}

/// The groups of one endpoint, one way.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Filter {
    endpoint: Id<ResolverEndpoint>,
    direction: Direction,
    groups: Vec<Id<SecurityGroup>>,
}

/// What a filter drops.
struct Block {
    /// Whether a whole rule fails by UDP: then it never works.
    all_udp: bool,
    udp: bool,
    tcp: bool,
    ports: BTreeSet<u16>,
    others: Vec<String>,
    labels: Vec<Note>,
}

fn collect(
    network: &Network,
    blocks: &mut BTreeMap<Filter, Block>,
    legs: &[Leg],
    complete: bool,
    direction: Direction,
    rule: Span,
) {
    let all_udp = complete && legs.iter().all(|leg| denied(&leg.udp, direction).is_some());
    for leg in legs {
        let (udp, tcp) = (denied(&leg.udp, direction), denied(&leg.tcp, direction));
        let Some(groups) = udp.or(tcp) else { continue };
        let out = direction == Direction::Egress;
        let own = if out { Some(leg.outbound) } else { leg.inbound };
        let other = if out { leg.inbound } else { Some(leg.outbound) };
        let Some(endpoint) = own else { continue };
        let filter = Filter { endpoint, direction, groups: groups.to_vec() };
        let block = blocks.entry(filter).or_insert_with(|| Block {
            all_udp: false,
            udp: false,
            tcp: false,
            ports: BTreeSet::new(),
            others: Vec::new(),
            labels: vec![Note::new(rule, "the rule whose queries these are")],
        });
        block.all_udp |= all_udp;
        block.udp |= udp.is_some();
        block.tcp |= tcp.is_some();
        block.ports.insert(leg.port);
        let other_name = match other {
            Some(other) => network.endpoints[other].name.to_string(),
            None => "the rule's targets".to_owned(),
        };
        if !block.others.contains(&other_name) {
            block.others.push(other_name);
        }
        let outbound = &network.endpoints[leg.outbound];
        block.labels.push(Note::new(outbound.span, "its interfaces send the queries"));
        if let Some(inbound) = leg.inbound {
            let text = "its interfaces are the targets";
            block.labels.push(Note::new(network.endpoints[inbound].span, text));
        }
    }
}

fn denied(journey: &Journey, direction: Direction) -> Option<&[Id<SecurityGroup>]> {
    journey.faults().find_map(|fault| match (fault, direction) {
        (Disposition::DeniedOut(groups), Direction::Egress)
        | (Disposition::DeniedIn(groups), Direction::Ingress) => Some(groups.as_slice()),
        _ => None,
    })
}

/// What network ACLs drop of a rule's queries and their answers.
fn by_acl(network: &Network, drops: &mut Drops, legs: &[Leg], complete: bool, rule: Span) {
    let whole = complete && legs.iter().all(|leg| is_dropped(&leg.udp));
    for leg in legs {
        let ends = [Some(leg.outbound), leg.inbound].into_iter().flatten();
        let ends = ends.zip(["its interfaces send the queries", "its interfaces are the targets"]);
        let mut labels = vec![Note::new(rule, "the rule whose queries these are")];
        labels.extend(ends.map(|(end, text)| Note::new(network.endpoints[end].span, text)));
        drops.add(&leg.udp, Protocol::Udp, whole, &labels);
        drops.add(&leg.tcp, Protocol::Tcp, whole, &labels);
    }
}

fn open(verdicts: &mut Verdicts, legs: &[Leg], span: Span) {
    const FILTERS: [Stage; 4] = [Stage::Out, Stage::In, Stage::AclsThere, Stage::AclsBack];
    for journey in legs.iter().flat_map(|leg| [&leg.udp, &leg.tcp]) {
        for unknown in FILTERS.into_iter().filter_map(|stage| journey.open(stage)) {
            verdicts.undecided(unknown.clone(), span);
        }
    }
}

/// What comes of it where a whole rule fails, or some of its queries by UDP.
fn effect(all_udp: bool, udp: bool) -> &'static str {
    match (all_udp, udp) {
        (true, _) => "no query passes",
        (false, true) => "some queries do not pass",
        (false, false) => "answers that do not fit into a datagram fail",
    }
}

impl Block {
    fn fault(self, network: &Network, filter: &Filter) -> Fault {
        let endpoint = &network.endpoints[filter.endpoint];
        let out = filter.direction == Direction::Egress;
        let (way, preposition) = if out { ("out", "to") } else { ("in", "from") };
        let protocols = match (self.udp, self.tcp) {
            (true, true) => "UDP and TCP",
            (true, false) => "UDP",
            _ => "TCP",
        };
        let ports: Vec<_> = self.ports.iter().map(ToString::to_string).collect();
        let what = format!("{protocols} {}", list(&ports));
        let effect = effect(self.all_udp, self.udp);
        let others = list(&self.others);
        let mut fault = blocked(
            network,
            endpoint,
            &filter.groups,
            &format!("{what} {way} {preposition} {others}: {effect}"),
        );
        fault.severity = if self.all_udp { Severity::Error } else { Severity::Warning };
        fault.labels.extend(self.labels);
        let group = fault.subjects.get(1).cloned().unwrap_or_default();
        let subnets = if out { "" } else { "the subnets of " };
        fault.help =
            format!("add a rule to {group} that lets {what} {way} {preposition} {subnets}{others}");
        fault
    }
}

/// An inbound endpoint that no rule of this code asks: somebody must be let in all the same.
fn nobody(network: &Network, endpoint: &Declared<ResolverEndpoint>, verdicts: &mut Verdicts) {
    let groups: Vec<_> = endpoint.groups.known().map(|(group, _)| *group).collect();
    if groups.is_empty() || endpoint.groups.rest.is_some() || over_https(endpoint) {
        return;
    }
    let admits = |protocol| {
        Tri::any(groups.iter().flat_map(|group| {
            let permissions = network.permissions(*group, Direction::Ingress);
            let open = permissions.open.map(Tri::Maybe);
            let rules = permissions.rules.into_iter().map(|(rule, maybe)| {
                let there = maybe.map_or(Tri::Yes, Tri::Maybe);
                Tri::all([there, rule.admits_port(protocol, 53), (!rule.peers.is_empty()).into()])
            });
            rules.chain(open).collect::<Vec<_>>()
        }))
    };
    let what = match (admits(Protocol::Udp), admits(Protocol::Tcp)) {
        (Tri::No, Tri::No) => "UDP and TCP 53",
        (Tri::No, _) => "UDP 53",
        (Tri::Yes, Tri::No) => "TCP 53",
        (Tri::Maybe(unknown), _) | (_, Tri::Maybe(unknown)) => {
            return verdicts.undecided(unknown, endpoint.span);
        }
        _ => return,
    };
    let tcp_only = what == "TCP 53";
    let effect = if tcp_only {
        "answers that do not fit into a datagram fail".to_owned()
    } else {
        format!("nobody can ask {}", endpoint.name)
    };
    let mut fault =
        blocked(network, endpoint, &groups, &format!("{what} in from anywhere: {effect}"));
    fault.severity = if tcp_only { Severity::Warning } else { Severity::Error };
    fault.labels.push(Note::new(endpoint.span, "takes queries from outside its VPC"));
    fault.help = format!("let {what} in from the networks that forward to {}", endpoint.name);
    verdicts.fault(fault);
}

fn over_https(endpoint: &ResolverEndpoint) -> bool {
    let mut protocols = endpoint.protocols.known();
    endpoint.protocols.rest.is_some()
        || protocols.next().is_some()
            && !endpoint.protocols.known().any(|(one, _)| &**one == "Do53")
}

fn blocked(
    network: &Network,
    endpoint: &Declared<ResolverEndpoint>,
    groups: &[Id<SecurityGroup>],
    what: &str,
) -> Fault {
    let groups: Vec<_> = groups.iter().map(|group| network.group(*group)).collect();
    let names: Vec<_> = groups.iter().map(|group| group.name.to_string()).collect();
    let verb = if names.len() == 1 { "does" } else { "do" };
    let at = groups.first().map_or(endpoint.span, |group| group.span);
    let label = format!("a security group of {}", endpoint.name);
    Fault {
        severity: Severity::Error,
        message: format!("{} {verb} not let {what}", list(&names)),
        primary: Note::new(at, label.clone()),
        labels: groups.iter().skip(1).map(|group| Note::new(group.span, label.clone())).collect(),
        help: String::new(),
        subjects: std::iter::once(endpoint.name.to_string()).chain(names).collect(),
    }
}
