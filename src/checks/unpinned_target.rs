//! `unpinned-target`: a rule names an address that nothing keeps on the endpoint it is meant for.

use std::net::IpAddr;

use crate::dns::Dns;
use crate::finding::{Rule, Severity, Verdict};
use crate::network::{
    Cidr, Declared, EndpointDirection, Network, ResolverEndpoint, ResolverRule, RuleTarget, Subnet,
    Tri,
};
use crate::source::{Language, Note, Span};
use crate::unknown::Unknown;

use super::{Check, Fault, Verdicts, list, managed};

const RULE: Rule = Rule {
    id: "unpinned-target",
    summary: "a rule names a literal address of an endpoint that does not pin it",
    severities: &[Severity::Warning],
    languages: Language::ALL,
    doc: include_str!("../../rules/unpinned-target.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

fn run(dns: &Dns<'_>) -> Vec<Verdict> {
    let network = dns.network;
    let mut verdicts = Verdicts::new(&RULE);
    for rule in managed(network.rules.iter()) {
        let mut blamed: Vec<(Meant<'_>, Vec<(IpAddr, Span)>)> = Vec::new();
        for (target, at) in rule.targets.known() {
            let Ok(RuleTarget::Address(ip)) = target.target.get() else { continue };
            let place = (*ip, target.target.span().unwrap_or(at));
            match meant(network, *ip) {
                Ok(None) => {}
                Ok(Some(found)) => {
                    match blamed.iter_mut().find(|(one, _)| one.0.id == found.0.id) {
                        Some((_, places)) => places.push(place),
                        None => blamed.push((found, vec![place])),
                    }
                }
                Err(unknown) => verdicts.undecided(unknown, rule.span),
            }
        }
        for (meant, places) in blamed {
            verdicts.fault(fault(rule, meant, &places));
        }
    }
    verdicts.all
}

fn fault(
    rule: &Declared<ResolverRule>,
    (endpoint, subnet): Meant<'_>,
    places: &[(IpAddr, Span)],
) -> Fault {
    let addresses: Vec<_> = places.iter().map(|(ip, _)| ip.to_string()).collect();
    let chosen = Note::new(endpoint.span, format!("AWS chooses its address in {}", subnet.name));
    let further = places.iter().skip(1).map(|(_, at)| Note::new(*at, "likewise"));
    Fault {
        severity: Severity::Warning,
        message: format!(
            "{} sends to {}, and nothing keeps {} there",
            rule.name,
            list(&addresses),
            endpoint.name
        ),
        primary: Note::new(places[0].1, "written out here"),
        labels: std::iter::once(chosen).chain(further).collect(),
        help: format!(
            "give the address to {} too, and take both from one value; or refer to the endpoint's \
             address here",
            endpoint.name
        ),
        subjects: vec![rule.name.to_string(), endpoint.name.to_string()],
    }
}

/// The inbound endpoint that an address is most likely meant for: the only one with an interface in
/// the subnet of the address, where AWS chooses every address of that endpoint.
fn meant(network: &Network, ip: IpAddr) -> Result<Option<Meant<'_>>, Unknown> {
    let address = Cidr::from(ip);
    let mut found = None;
    let mut perhaps = network.endpoints.iter().filter_map(|one| one.exists.clone().err());
    if let Some(unknown) = perhaps.next().filter(|_| network.in_some_vpc(ip)) {
        return Err(unknown);
    }
    for endpoint in managed(network.endpoints.iter()) {
        if let Some(unknown) = endpoint.addresses.open() {
            return if network.in_some_vpc(ip) { Err(unknown) } else { Ok(None) };
        }
        for (one, _) in endpoint.addresses.known() {
            let Ok(subnet) = one.subnet.get().map(|subnet| &network.subnets[*subnet]) else {
                return Ok(None);
            };
            match subnet
                .cidr
                .get()
                .ok()
                .and_then(Option::as_ref)
                .map(|block| block.covers(&address))
            {
                Some(Tri::No) => continue,
                Some(Tri::Yes) => {}
                Some(Tri::Maybe(_)) | None => return Ok(None),
            }
            let inbound = matches!(
                endpoint.direction.get(),
                Ok(EndpointDirection::Inbound | EndpointDirection::InboundDelegation)
            );
            if one.ip.get()?.is_some() || one.ipv6.get() != Ok(&None) || !inbound || found.is_some()
            {
                return Ok(None);
            }
            found = Some((endpoint, subnet));
        }
    }
    let alone = |(_, subnet): &Meant<'_>| {
        let vpc = network.vpc_of_subnet(subnet.id);
        subnet.managed && vpc.is_ok_and(|vpc| network.may_listen(vpc).is_none())
    };
    Ok(found.filter(alone))
}

type Meant<'a> = (&'a Declared<ResolverEndpoint>, &'a Declared<Subnet>);
