//! `endpoint-protocol-mismatch`: both ends of a forwarded query have to speak alike.

use crate::dns::Dns;
use crate::finding::{Rule, Severity, Verdict};
use crate::network::{
    DO53, Declared, Destination, EndpointAddress, EndpointDirection, EndpointFamily, Network,
    ResolverEndpoint, ResolverRule, RuleTarget, RuleType,
};
use crate::source::{Language, Note, Span};
use crate::unknown::Unknown;

use super::{Check, Fault, Verdicts, managed};

const RULE: Rule = Rule {
    id: "endpoint-protocol-mismatch",
    summary: "protocols, address families or ports that cannot meet",
    severities: &[Severity::Error],
    languages: Language::ALL,
    doc: include_str!("../../rules/endpoint-protocol-mismatch.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

fn run(dns: &Dns<'_>) -> Vec<Verdict> {
    let network = dns.network;
    let mut verdicts = Verdicts::new(&RULE);
    for endpoint in managed(network.endpoints.iter()) {
        let faults = illegal(endpoint).into_iter().chain(without_ipv4(endpoint));
        faults.for_each(|fault| verdicts.fault(fault));
    }
    for rule in managed(network.rules.iter()) {
        if !matches!(rule.rule_type.get(), Ok(RuleType::Forward)) {
            continue;
        }
        if let Some(fault) = two_families(rule) {
            verdicts.fault(fault);
            continue;
        }
        for (target, at) in rule.targets.known() {
            let pair = Pair { network, rule, target, at };
            let judged = pair
                .sender()
                .and_then(|fault| fault.map_or_else(|| pair.receiver(), |it| Ok(Some(it))));
            match judged {
                Ok(fault) => fault.into_iter().for_each(|fault| verdicts.fault(fault)),
                Err(unknown) => verdicts.undecided(unknown, rule.span),
            }
        }
    }
    verdicts.all
}

/// The protocols of an endpoint.
fn protocols(endpoint: &ResolverEndpoint) -> Result<Vec<&str>, Unknown> {
    let all: Vec<&str> = endpoint.protocols.known().map(|(one, _)| &**one).collect();
    let open = endpoint.protocols.open();
    open.map_or(Ok(if all.is_empty() { vec![DO53] } else { all }), Err)
}

/// Sets of protocols that Route 53 Resolver refuses for a direction
/// (<https://docs.aws.amazon.com/Route53/latest/APIReference/API_route53resolver_CreateResolverEndpoint.html>).
fn illegal(endpoint: &Declared<ResolverEndpoint>) -> Option<Fault> {
    let all = protocols(endpoint).ok()?;
    let has = |protocol: &str| all.contains(&protocol);
    let why = match endpoint.direction.get().ok()? {
        EndpointDirection::InboundDelegation if has("DoH") || has("DoH-FIPS") => {
            "an endpoint for delegation takes queries by Do53 only"
        }
        EndpointDirection::Outbound if has("DoH-FIPS") => {
            "an outbound endpoint does not speak DoH-FIPS"
        }
        _ if has("DoH") && has("DoH-FIPS") => "DoH and DoH-FIPS exclude each other",
        _ => return None,
    };
    let at = endpoint.protocols.items.iter().map(|item| item.span).next_back()?;
    Some(Fault {
        severity: Severity::Error,
        message: format!("the protocols of {} do not go together: {why}", endpoint.name),
        primary: Note::new(at, why),
        labels: Vec::new(),
        help: format!("leave {} the protocols that its direction allows", endpoint.name),
        subjects: vec![endpoint.name.to_string(), "protocols".to_owned()],
    })
}

/// An IPv4 address on an endpoint that has IPv6 addresses only.
fn without_ipv4(endpoint: &Declared<ResolverEndpoint>) -> Option<Fault> {
    if endpoint.family.get() != Ok(&EndpointFamily::Ipv6) {
        return None;
    }
    let given = |(address, _): (&EndpointAddress, Span)| match address.ip.get() {
        Ok(Some(ip)) if ip.is_ipv4() => address.ip.span().map(|at| (*ip, at)),
        _ => None,
    };
    let (ip, at) = endpoint.addresses.known().find_map(given)?;
    Some(Fault {
        severity: Severity::Error,
        message: format!("{} has IPv6 addresses only, and is given {ip}", endpoint.name),
        primary: Note::new(at, "an IPv4 address"),
        labels: endpoint.family.span().map(|at| Note::new(at, "IPv6 only")).into_iter().collect(),
        help: format!("make {} DUALSTACK, or give it an IPv6 address", endpoint.name),
        subjects: vec![endpoint.name.to_string(), ip.to_string()],
    })
}

fn two_families(rule: &Declared<ResolverRule>) -> Option<Fault> {
    let address = |(target, at): (&Destination, Span)| match target.target.get() {
        Ok(RuleTarget::Address(ip)) => Some((*ip, target.target.span().unwrap_or(at))),
        _ => None,
    };
    let (first, here) = rule.targets.known().find_map(address)?;
    let unlike = |target| address(target).filter(|(ip, _)| ip.is_ipv4() != first.is_ipv4());
    let (other, there) = rule.targets.known().find_map(unlike)?;
    Some(Fault {
        severity: Severity::Error,
        message: format!("{} has IPv4 and IPv6 targets, and a rule takes one of them", rule.name),
        primary: Note::new(there, format!("{other} beside {first}")),
        labels: vec![Note::new(here, "of the other family")],
        help: "keep the targets of one family".to_owned(),
        subjects: vec![rule.name.to_string(), "targets".to_owned()],
    })
}

/// A rule and one of its targets.
struct Pair<'a> {
    network: &'a Network,
    rule: &'a Declared<ResolverRule>,
    target: &'a Destination,
    at: Span,
}

impl Pair<'_> {
    /// What the outbound endpoint cannot send.
    fn sender(&self) -> Result<Option<Fault>, Unknown> {
        let Ok(Some(endpoint)) = self.rule.endpoint.get() else { return Ok(None) };
        let endpoint = &self.network.endpoints[*endpoint];
        if !endpoint.managed || endpoint.direction.get() != Ok(&EndpointDirection::Outbound) {
            return Ok(None);
        }
        if let (Ok(RuleTarget::Address(ip)), Ok(family)) =
            (self.target.target.get(), endpoint.family.get())
        {
            let family = *family;
            if !family.speaks(*ip) {
                let at = self.target.target.span().unwrap_or(self.at);
                let (is, has) = if ip.is_ipv6() { ("IPv6", "IPv4") } else { ("IPv4", "IPv6") };
                return Ok(Some(self.fault(
                    endpoint,
                    Note::new(at, format!("an {is} address")),
                    endpoint.family.span().unwrap_or(endpoint.span),
                    &format!("{ip} is an {is} address, and it has {has} addresses only"),
                    "make the endpoint DUALSTACK, or name a target that it can reach",
                )));
            }
        }
        let protocol = self.target.protocol.get()?;
        let spoken = protocols(endpoint)?;
        Ok((!spoken.contains(&&**protocol)).then(|| {
            let at = self.target.protocol.span().unwrap_or(self.at);
            self.fault(
                endpoint,
                Note::new(at, format!("by {protocol}")),
                endpoint.protocols.items.first().map_or(endpoint.span, |item| item.span),
                &format!(
                    "the target is asked by {protocol}, and it speaks {}",
                    spoken.join(" and ")
                ),
                &format!("add {protocol} to the protocols of {}", endpoint.name),
            )
        }))
    }

    /// What the inbound endpoint at the target does not take.
    fn receiver(&self) -> Result<Option<Fault>, Unknown> {
        let Ok(target) = self.target.target.get() else { return Ok(None) };
        let Ok(Some(endpoint)) = self.network.endpoint_at(target) else { return Ok(None) };
        if !endpoint.managed || endpoint.direction.get() == Ok(&EndpointDirection::Outbound) {
            return Ok(None);
        }
        let protocol = self.target.protocol.get()?;
        let spoken = protocols(endpoint)?;
        if !spoken.contains(&&**protocol) {
            let at = self.target.protocol.span().unwrap_or(self.at);
            return Ok(Some(self.fault(
                endpoint,
                Note::new(at, format!("asked by {protocol}")),
                endpoint.protocols.items.first().map_or(endpoint.span, |item| item.span),
                &format!("it is asked by {protocol}, and takes {}", spoken.join(" and ")),
                &format!("add {protocol} to the protocols of {}", endpoint.name),
            )));
        }
        let port = *self.target.port.get()?;
        let listens = if &**protocol == DO53 { 53 } else { 443 };
        Ok((port != listens).then(|| {
            let at = self.target.port.span().unwrap_or(self.at);
            self.fault(
                endpoint,
                Note::new(at, format!("on port {port}")),
                endpoint.span,
                &format!("it is asked on port {port}, and takes {protocol} on port {listens}"),
                &format!("ask on port {listens}"),
            )
        }))
    }

    fn fault(
        &self,
        endpoint: &Declared<ResolverEndpoint>,
        primary: Note,
        there: Span,
        why: &str,
        help: &str,
    ) -> Fault {
        Fault {
            severity: Severity::Error,
            message: format!("{} cannot use {}: {why}", self.rule.name, endpoint.name),
            primary,
            labels: vec![Note::new(there, "the endpoint")],
            help: help.to_owned(),
            subjects: vec![self.rule.name.to_string(), endpoint.name.to_string()],
        }
    }
}
