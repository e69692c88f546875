//! `too-few-endpoint-addresses`: a Resolver endpoint needs two addresses.

use crate::dns::Dns;
use crate::finding::{Rule, Severity, Verdict};
use crate::network::{Declared, ResolverEndpoint};
use crate::source::{Language, Note};

use super::{Check, Fault, Verdicts, managed};

const RULE: Rule = Rule {
    id: "too-few-endpoint-addresses",
    summary: "fewer than two addresses, or two that collapse into one",
    severities: &[Severity::Error],
    languages: Language::ALL,
    doc: include_str!("../../rules/too-few-endpoint-addresses.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

fn run(dns: &Dns<'_>) -> Vec<Verdict> {
    let network = dns.network;
    let mut verdicts = Verdicts::new(&RULE);
    for endpoint in managed(network.endpoints.iter()) {
        match (endpoint.addresses.items.len(), &endpoint.addresses.rest) {
            (2.., _) => {}
            (_, Some(rest)) => verdicts.undecided(rest.unknown.clone(), endpoint.span),
            (count, None) => verdicts.fault(fault(endpoint, count)),
        }
    }
    verdicts.all
}

fn fault(endpoint: &Declared<ResolverEndpoint>, count: usize) -> Fault {
    let name = &endpoint.name;
    let first = endpoint.addresses.items.first().map(|item| item.span);
    let primary = match (first, endpoint.repeated.first()) {
        (_, Some(again)) => Note::new(*again, "Terraform takes this block and the other for one"),
        (Some(only), None) => Note::new(only, "the only address"),
        (None, None) => Note::new(endpoint.span, "without addresses"),
    };
    let has = if count == 0 { "no address" } else { "one address" };
    let (message, help) = if endpoint.repeated.is_empty() {
        (
            format!("{name} has {has}, and Route 53 Resolver refuses fewer than two"),
            format!("give {name} a second address, in a subnet of another Availability Zone"),
        )
    } else {
        (
            format!("the addresses of {name} are one and the same, and Route 53 Resolver refuses fewer than two"),
            "name a subnet of another Availability Zone here, or give each block an `ip` of its own"
                .to_owned(),
        )
    };
    Fault {
        severity: Severity::Error,
        message,
        primary,
        labels: first.map(|span| Note::new(span, "the same subnet")).into_iter().collect(),
        help,
        subjects: vec![name.to_string()],
    }
}
