//! What a probe says beside what the simulation met: where routes lead, what rules were compared with, why public DNS
//! answers as it does.

use hashbrown::HashMap;
use std::sync::Arc;

use crate::dns::{Answer, Dns, Origin, Question};
use crate::network::{Domain, Network, RuleType, Tri};
use crate::source::{Note, Span};

use super::Client;

/// The destinations of the routes at a place, each with the name of its table: where a module stands for another's, all
/// its routes are at one place.
pub(super) type Facts = HashMap<Span, Vec<(Arc<str>, String)>>;

pub(super) fn facts(network: &Network) -> Facts {
    let mut facts = Facts::new();
    for table in network.route_tables.iter() {
        for route in &network.routes_of(table.id).entries {
            if let Ok(block) = &route.destination {
                let fact = (Arc::clone(&table.name), format!("destination {block}"));
                facts.entry(route.span).or_default().push(fact);
            }
        }
    }
    facts
}

/// Says of a step by a route where that leads.
pub(super) fn tell(step: &mut Note, facts: &Facts) {
    let Some(all) = facts.get(&step.span) else { return };
    let mut own = all.iter().filter(|(table, _)| step.text.contains(&**table));
    if let (Some((_, fact)), None) = (own.next(), own.next()) {
        step.text = format!("{} ({fact})", step.text);
    }
}

/// A name or block as a report prints it.
fn domain_text(network: &Network, domain: &Domain) -> String {
    match domain {
        Domain::Name(name) => name.to_string(),
        Domain::EndpointHost(cluster) => {
            format!("the host name of {}", network.clusters[*cluster].name)
        }
        Domain::EndpointUrl(cluster) => format!("the URL of {}", network.clusters[*cluster].name),
        Domain::Malformed(text, _) => text.to_string(),
    }
}

/// The rules that act where the client asks, each with whether its domain covers the name.
pub(super) fn compared(dns: &Dns<'_>, client: &Client, question: &Question) -> Vec<Note> {
    let network = dns.network;
    let vpc = match client.origin {
        Origin::Host(vpc) => Ok(vpc),
        Origin::ClientVpn(endpoint) => network.vpc_of_client_vpn(endpoint),
        Origin::Inbound(_) | Origin::OnPremises => return Vec::new(),
    };
    let Ok(vpc) = vpc else { return Vec::new() };
    let mut notes = Vec::new();
    for acting in &network.view(vpc).rules {
        let rule = &network.rules[acting.thing];
        let Ok(Some(domain)) = rule.domain.get() else { continue };
        if rule.rule_type.get() == Ok(&RuleType::Recursive) {
            continue;
        }
        let does = match dns.covers(domain, question) {
            Tri::Yes => "covers the name",
            Tri::No => "does not cover the name",
            Tri::Maybe(_) => "may cover the name",
        };
        let text = format!("{}: \"{}\" {does}", rule.name, domain_text(network, domain));
        let span = rule.domain.span().unwrap_or(rule.span);
        notes.push(Note::new(span, text));
    }
    notes
}

/// The place that makes public DNS answer as it does.
pub(super) fn by_public_dns(network: &Network, answer: &Answer, private: bool) -> Option<Note> {
    let (cluster, text) = match answer {
        Answer::Public(cluster) => {
            (*cluster, "public access is on: public DNS has public addresses")
        }
        Answer::Private(cluster) if private => {
            (*cluster, "public access is off: public DNS has private addresses")
        }
        _ => return None,
    };
    let cluster = &network.clusters[cluster];
    Some(Note::new(cluster.public_access.span().unwrap_or(cluster.span), text))
}
