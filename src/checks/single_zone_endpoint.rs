//! `single-zone-endpoint`: with its zone an endpoint goes down.

use crate::dns::Dns;
use crate::finding::{Rule, Severity, Verdict};
use crate::network::{Declared, Network, ResolverEndpoint, Tri};
use crate::source::{Language, Note, Span};

use super::{Check, Fault, Verdicts, managed};

const RULE: Rule = Rule {
    id: "single-zone-endpoint",
    summary: "all addresses in one zone",
    severities: &[Severity::Warning],
    languages: Language::ALL,
    doc: include_str!("../../rules/single-zone-endpoint.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

fn run(dns: &Dns<'_>) -> Vec<Verdict> {
    let network = dns.network;
    let mut verdicts = Verdicts::new(&RULE);
    for endpoint in managed(network.endpoints.iter()) {
        if endpoint.addresses.items.len() < 2 {
            continue;
        }
        match in_one_zone(network, endpoint) {
            Tri::Yes => verdicts.fault(fault(network, endpoint)),
            Tri::No => {}
            Tri::Maybe(unknown) => verdicts.undecided(unknown, endpoint.span),
        }
    }
    verdicts.all
}

/// Whether every interface is in the zone of the first.
fn in_one_zone(network: &Network, endpoint: &Declared<ResolverEndpoint>) -> Tri {
    let subnets = endpoint.addresses.items.iter().map(|item| {
        let address = item.value.as_ref().map_err(Clone::clone)?;
        address.subnet.get().copied()
    });
    let subnets: Vec<_> = subnets.collect();
    let Some(first) = subnets.first() else { return Tri::No };
    let same = subnets.iter().map(|other| match (first, other) {
        (Ok(a), Ok(b)) => network.same_zone(*a, *b),
        (Err(unknown), _) | (_, Err(unknown)) => Tri::Maybe(unknown.clone()),
    });
    let rest = endpoint.addresses.rest.iter().map(|rest| Tri::Maybe(rest.unknown.clone()));
    Tri::all(same.chain(rest))
}

fn fault(network: &Network, endpoint: &Declared<ResolverEndpoint>) -> Fault {
    let name = &endpoint.name;
    let places: Vec<(Span, Option<Span>)> = endpoint
        .addresses
        .known()
        .map(|(address, at)| {
            let subnet = address.subnet.get().map(|subnet| &network.subnets[*subnet]);
            let zone = subnet.ok().and_then(|subnet| subnet.zone.span());
            (address.subnet.span().unwrap_or(at), zone)
        })
        .collect();
    let zones = places.iter().filter_map(|(_, zone)| *zone);
    Fault {
        severity: Severity::Warning,
        message: format!("all addresses of {name} are in one Availability Zone"),
        primary: Note::new(endpoint.span, "goes down with that zone"),
        labels: places
            .iter()
            .map(|(at, _)| Note::new(*at, "an address in the zone"))
            .chain(zones.map(|at| Note::new(at, "the zone")))
            .collect(),
        help: format!("put one of the addresses of {name} into a subnet of another zone"),
        subjects: vec![name.to_string()],
    }
}
