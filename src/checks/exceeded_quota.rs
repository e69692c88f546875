//! `exceeded-quota`: more addresses of a Resolver endpoint, or more endpoints of a Region, than the quotas allow.

use crate::dns::Dns;
use crate::finding::{Rule, Severity, Verdict};
use crate::network::{Declared, Network, Region, ResolverEndpoint, Tri};
use crate::source::{Language, Note};

use super::{Check, Fault, Verdicts, managed};

const RULE: Rule = Rule {
    id: "exceeded-quota",
    summary: "more Resolver endpoints, or addresses of one, than the account's quotas allow",
    severities: &[Severity::Note],
    languages: Language::ALL,
    doc: include_str!("../../rules/exceeded-quota.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

fn run(dns: &Dns<'_>) -> Vec<Verdict> {
    let (network, quotas) = (dns.network, dns.assumptions.quotas);
    let mut verdicts = Verdicts::new(&RULE);
    let mut before: Vec<Placed<'_>> = Vec::new();
    for endpoint in managed(network.endpoints.iter()) {
        let (count, most) = (endpoint.addresses.items.len(), quotas.endpoint_addresses);
        match &endpoint.addresses.rest {
            _ if count > most => verdicts.fault(too_many_addresses(endpoint, most)),
            Some(rest) => verdicts.undecided(rest.unknown.clone(), endpoint.span),
            None => {}
        }
        let own = Placed { endpoint, region: network.whole_region_of_endpoint(endpoint.id) };
        let places: Vec<Tri> =
            before.iter().map(|other| same_place(network, &own, other)).collect();
        let beside = places.iter().filter(|place| **place == Tri::Yes).count();
        let mut open = places.into_iter().filter_map(|place| match place {
            Tri::Maybe(unknown) => Some(unknown),
            Tri::Yes | Tri::No => None,
        });
        // The first beyond the quota stands for all that follow it.
        if beside == quotas.endpoints {
            verdicts.fault(too_many_endpoints(endpoint, quotas.endpoints));
        } else if let Some(needed) = quotas.endpoints.checked_sub(beside + 1)
            && let Some(unknown) = open.nth(needed)
        {
            verdicts.undecided(unknown, endpoint.span);
        }
        before.push(own);
    }
    verdicts.all
}

/// An endpoint and where it is.
struct Placed<'n> {
    endpoint: &'n Declared<ResolverEndpoint>,
    region: Region,
}

/// Whether two are of one account and Region.
fn same_place(network: &Network, one: &Placed<'_>, other: &Placed<'_>) -> Tri {
    match one.region.apart(&other.region) {
        Tri::No => network.same_account(one.endpoint, other.endpoint),
        Tri::Yes => Tri::No,
        open @ Tri::Maybe(_) => open,
    }
}

fn too_many_addresses(endpoint: &Declared<ResolverEndpoint>, most: usize) -> Fault {
    let (name, items) = (&endpoint.name, &endpoint.addresses.items);
    Fault {
        severity: Severity::Note,
        message: format!(
            "{name} has {} addresses, and the quota of an endpoint is {most}",
            items.len()
        ),
        primary: Note::new(items[most].span, "one too many"),
        labels: vec![Note::new(endpoint.span, "the endpoint")],
        help: format!(
            "leave {most} addresses in {name}, or tell the raised quota: `quotas = {{ resolver-endpoint-addresses = {} }}` in [assumptions]",
            items.len()
        ),
        subjects: vec![name.to_string()],
    }
}

fn too_many_endpoints(endpoint: &Declared<ResolverEndpoint>, most: usize) -> Fault {
    let name = &endpoint.name;
    Fault {
        severity: Severity::Note,
        message: format!(
            "{name} is one more Resolver endpoint of its Region than the {most} of the quota"
        ),
        primary: Note::new(endpoint.span, format!("{most} stand before it")),
        labels: Vec::new(),
        help: "let VPCs share the endpoints that there are (a rule may be associated with many), or tell the raised \
               quota: `quotas = { resolver-endpoints = … }` in [assumptions]"
            .to_owned(),
        subjects: vec![name.to_string()],
    }
}
