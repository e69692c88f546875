//! Which names a domain covers, and how specific it is.

use crate::network::{Cluster, Domain, Id, Label, Name, Network, Tri};
use crate::unknown::{Symbol, Why};

use super::Question;

/// Labels of an endpoint's host name: `<id>.<shard>.<region>.eks.amazonaws.com`.
pub(super) const ENDPOINT_LABELS: usize = 6;

/// Whether a rule or zone for `domain` takes the question.
pub fn covers(network: &Network, domain: &Domain, question: &Question) -> Tri {
    match (domain, question) {
        (Domain::Malformed(..) | Domain::EndpointUrl(_), _) => Tri::No,
        (Domain::EndpointHost(host), Question::Endpoint(asked)) => (host == asked).into(),
        (Domain::EndpointHost(_), Question::Name(_)) => Tri::No,
        (Domain::Name(name), Question::Name(asked)) => name.covers(asked),
        (Domain::Name(name), Question::Endpoint(cluster)) => {
            name.covers(&endpoint_name(network, *cluster))
        }
    }
}

/// How many labels a domain has: more is more specific.
pub(super) fn specificity(domain: &Domain) -> usize {
    match domain {
        Domain::Name(name) => name.0.len(),
        Domain::EndpointHost(_) => ENDPOINT_LABELS,
        Domain::EndpointUrl(_) | Domain::Malformed(..) => 0,
    }
}

/// How many labels a domain may have: an open one may be any number of them.
pub(super) fn at_most(domain: &Domain) -> usize {
    match domain {
        Domain::Name(name) if name.unknown().is_some() => usize::MAX,
        _ => specificity(domain),
    }
}

/// The host name of a cluster's endpoint as far as it is known before the cluster exists
/// (<https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html>).
pub fn endpoint_name(network: &Network, id: Id<Cluster>) -> Name {
    let cluster = &network.clusters[id];
    let open = |what: &str| {
        Label::Open(Symbol::input(format!("{}.{what}", cluster.name), Why::KnownAfterApply))
    };
    let region = network.region_of(id).cloned().unwrap_or_else(|| open("region"));
    let china = matches!(&region, Label::Text(text) if text.starts_with("cn-"));
    let ipv6 = matches!(cluster.ip_family.get(), Ok(Some(family)) if &**family == "ipv6");
    let text = |label: &str| Label::Text(label.into());
    let mut labels = vec![open("endpoint"), open("endpoint")];
    match (ipv6, china) {
        (true, false) => labels.extend([text("eks-cluster"), region, text("api"), text("aws")]),
        (true, true) => labels.extend([
            text("eks-cluster"),
            region,
            text("api"),
            text("amazonwebservices"),
            text("com"),
            text("cn"),
        ]),
        (false, _) => labels.extend([region, text("eks"), text("amazonaws"), text("com")]),
    }
    if china && !ipv6 {
        labels.push(text("cn"));
    }
    Name(labels)
}
