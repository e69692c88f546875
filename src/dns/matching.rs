//! Which names a domain covers, and how specific it is.

use hashbrown::HashMap;
use std::rc::Rc;
use std::sync::LazyLock;

use crate::network::{Cluster, Domain, Id, Label, Name, Network, Pattern, Tri};
use crate::unknown::{Symbol, Unknown, Why};

use super::{Dns, Question};

/// Labels of an endpoint's host name: `<id>.<shard>.<region>.eks.amazonaws.com`.
pub(super) const ENDPOINT_LABELS: usize = 6;

/// Parts of the world that AWS names apart: how their Regions begin, the suffix of services, and that
/// of names with both address families
/// (<https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html>).
const PARTITIONS: [(&str, &str, &str); 7] = [
    ("cn-", "eks.amazonaws.com.cn", "api.amazonwebservices.com.cn"),
    ("eusc-", "eks.amazonaws.eu", "api.amazonwebservices.eu"),
    ("us-iso-", "eks.c2s.ic.gov", "api.aws.ic.gov"),
    ("us-isob-", "eks.sc2s.sgov.gov", "api.aws.scloud"),
    ("eu-isoe-", "eks.cloud.adc-e.uk", "api.cloud-aws.adc-e.uk"),
    ("us-isof-", "eks.csp.hci.ic.gov", "api.aws.hci.ic.gov"),
    ("", "eks.amazonaws.com", "api.aws"),
];

/// The suffixes of services as names, and those of names with both families, in the same order.
static SUFFIXES: LazyLock<[(Name, Name); PARTITIONS.len()]> =
    LazyLock::new(|| PARTITIONS.map(|(_, ipv4, dual)| (Name::new(ipv4), Name::new(dual))));

/// A question with the names that it may stand for.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    pub(super) question: Question,
    /// The name.
    pub(super) name: Name,
    /// What the name is if the address family, which is open, is the other one.
    family: Option<(Name, Unknown)>,
    /// The names of other partitions, where the Region is open.
    partitions: Vec<Name>,
}

impl Asked {
    pub(super) fn new(network: &Network, question: &Question) -> Self {
        let question = question.clone();
        match &question {
            Question::Name(name) => {
                Self { name: name.clone(), question, family: None, partitions: Vec::new() }
            }
            Question::Endpoint(id) => {
                let cluster = &network.clusters[*id];
                let region = region(network, *id);
                let (ipv6, open) = match cluster.ip_family.get() {
                    Ok(family) => (family.as_deref() == Some("ipv6"), None),
                    Err(unknown) => (false, Some(unknown)),
                };
                let family = open
                    .filter(|_| cluster.managed)
                    .map(|unknown| (name_in(network, *id, &region, true), unknown));
                let others = SUFFIXES.iter().filter(|_| matches!(region, Label::Open(_)));
                let own = open_label(network, *id, "endpoint");
                let partitions =
                    others.map(|suffixes| name_of(&own, &region, ipv6, suffixes)).collect();
                let name = name_in(network, *id, &region, ipv6);
                Self { question, name, family, partitions }
            }
        }
    }

    /// Whether a rule or zone for `domain` takes the question.
    pub(super) fn covered(&self, domain: &Domain) -> Tri {
        match (domain, &self.question) {
            (Domain::Malformed(..) | Domain::EndpointUrl(_), _) => Tri::No,
            (Domain::EndpointHost(host), Question::Endpoint(asked)) => (host == asked).into(),
            (Domain::EndpointHost(_), Question::Name(_)) => Tri::No,
            (Domain::Name(name), _) => self.covered_by(name),
        }
    }

    fn covered_by(&self, name: &Name) -> Tri {
        let first = name.covers(&self.name);
        let first = match &self.family {
            Some((other, unknown)) => match (first, name.covers(other)) {
                (Tri::Yes, Tri::Yes) => Tri::Yes,
                (Tri::No, Tri::No) => Tri::No,
                _ => Tri::Maybe(unknown.clone()),
            },
            None => first,
        };
        // An open Region is taken for one of the common partition; what is for another is left open.
        let elsewhere = || self.partitions.iter().map(|other| name.covers(other));
        match first {
            Tri::No => elsewhere().find(|covers| *covers != Tri::No).map_or(Tri::No, |_| {
                let region = self.name.0.iter().rev().find_map(|label| match label {
                    Label::Open(symbol) => Some(symbol.unknown()),
                    Label::Text(_) => None,
                });
                region.map_or(Tri::No, Tri::Maybe)
            }),
            first => first,
        }
    }

    /// Whether a domain is the very name that is asked for.
    pub(super) fn is(&self, domain: &Domain) -> Tri {
        let shorter = |name: &Name| name.unknown().is_none() && name.0.len() < self.name.0.len();
        match domain {
            Domain::Name(name) if shorter(name) => Tri::No,
            Domain::Name(name) => Tri::all([self.covered(domain), self.name.covers(name)]),
            _ => self.covered(domain),
        }
    }

    /// Whether a pattern matches: a wildcard matches what is below its name, and not the name itself
    /// (<https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-dns-firewall-domain-lists.html>).
    pub(super) fn matched(&self, pattern: &Pattern) -> Tri {
        match (&pattern.domain, pattern.wildcard) {
            (Domain::Name(name), true) if name.0.is_empty() => Tri::Yes,
            (domain, true) => {
                let same = match self.is(domain) {
                    Tri::Yes => Tri::No,
                    Tri::No => Tri::Yes,
                    maybe @ Tri::Maybe(_) => maybe,
                };
                Tri::all([self.covered(domain), same])
            }
            (domain, false) => self.is(domain),
        }
    }

    /// Every name that it may stand for.
    pub(super) fn names(&self) -> impl Iterator<Item = &Name> {
        let family = self.family.iter().map(|(name, _)| name);
        std::iter::once(&self.name).chain(family).chain(&self.partitions)
    }
}

/// The endpoint of each cluster as a question: every rule is asked about all of them.
pub(super) type Endpoints = HashMap<Id<Cluster>, Rc<Asked>>;

impl Dns<'_> {
    /// A question with the names that it may stand for.
    pub(super) fn asked(&self, question: &Question) -> Rc<Asked> {
        let new = |question: &Question| Rc::new(Asked::new(self.network, question));
        let Question::Endpoint(cluster) = question else { return new(question) };
        let endpoints = self.endpoints.get_or_init(|| {
            let ids = self.network.clusters.iter().map(|cluster| cluster.id);
            ids.map(|id| (id, new(&Question::Endpoint(id)))).collect()
        });
        Rc::clone(&endpoints[cluster])
    }

    /// Whether a rule or zone for `domain` takes the question.
    pub fn covers(&self, domain: &Domain, question: &Question) -> Tri {
        self.asked(question).covered(domain)
    }
}

/// Whether it is the name of the service that manages clusters, `eks.<region>.amazonaws.com`, which is no
/// name of a cluster (<https://docs.aws.amazon.com/general/latest/gr/eks.html>).
pub fn is_management_name(name: &Name) -> bool {
    let [Label::Text(first), _, suffix @ ..] = name.0.as_slice() else { return false };
    let suffix = Name(suffix.to_vec()).to_string();
    let of_partition = |(_, ipv4, dual): &(&str, &str, &str)| {
        Some(&*suffix) == ipv4.strip_prefix("eks.") || suffix == *dual
    };
    &**first == "eks" && PARTITIONS.iter().any(of_partition)
}

/// How many labels a domain has: more is more specific.
pub(super) fn specificity(domain: &Domain) -> usize {
    match domain {
        Domain::Name(name) => name.0.len(),
        Domain::EndpointHost(_) => WHOLE,
        Domain::EndpointUrl(_) | Domain::Malformed(..) => 0,
    }
}

/// More labels than any other domain of an endpoint's name has: the name itself.
pub(super) const WHOLE: usize = 128;

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
    let ipv6 =
        matches!(network.clusters[id].ip_family.get(), Ok(Some(family)) if &**family == "ipv6");
    name_in(network, id, &region(network, id), ipv6)
}

fn region(network: &Network, id: Id<Cluster>) -> Label {
    network.region_of(id).cloned().unwrap_or_else(|| open_label(network, id, "region"))
}

fn open_label(network: &Network, id: Id<Cluster>, what: &str) -> Label {
    let name = format!("{}.{what}", network.clusters[id].name);
    Label::Open(Symbol::input(name, Why::KnownAfterApply))
}

/// In the partition of its Region; an open one is taken for one of the common partition.
fn name_in(network: &Network, id: Id<Cluster>, region: &Label, ipv6: bool) -> Name {
    let own = |(begin, ..): &(&str, &str, &str)| match region {
        Label::Text(text) => text.starts_with(begin),
        Label::Open(_) => begin.is_empty(),
    };
    let partition = PARTITIONS.iter().position(own).unwrap_or(PARTITIONS.len() - 1);
    name_of(&open_label(network, id, "endpoint"), region, ipv6, &SUFFIXES[partition])
}

fn name_of(own: &Label, region: &Label, ipv6: bool, (ipv4, dual): &(Name, Name)) -> Name {
    let mut labels = vec![own.clone(), own.clone()];
    if ipv6 {
        labels.push(Label::Text("eks-cluster".into()));
    }
    labels.push(region.clone());
    labels.extend_from_slice(&if ipv6 { dual } else { ipv4 }.0);
    Name(labels)
}
