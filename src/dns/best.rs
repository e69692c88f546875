//! What a VPC's resolver matches a name with: the most specific rule or zone.

use crate::network::{Cluster, Domain, HostedZone, Id, ResolverRule, Tri, Vpc};
use crate::source::Span;
use crate::unknown::Unknown;

use super::matching::{self, covers};
use super::{Query, Question};

/// What a VPC's resolver can match a name with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Match {
    Rule(Id<ResolverRule>, Span),
    Zone(Id<HostedZone>, Span),
    /// The zone that EKS keeps for the endpoint in the cluster's own VPC.
    Managed(Id<Cluster>),
}

impl Query<'_> {
    /// The most specific match; among equal names a rule beats a zone.
    pub(super) fn best_match(&self, vpc: Id<Vpc>) -> Result<Option<Match>, Unknown> {
        let rules = self.network.rules_of(vpc);
        let zones = self.network.zones_of(vpc);
        let mut certain: Vec<(usize, u8, Match)> = Vec::new();
        let mut open: Vec<(usize, u8, Unknown)> = Vec::new();
        let unseen = rules.open.into_iter().chain(zones.open);
        open.extend(unseen.map(|unknown| (usize::MAX, 0, unknown)));
        let mut weigh =
            |candidate: Match, strength: u8, domain: Result<&Option<Domain>, Unknown>| {
                let domain = match domain {
                    Ok(Some(domain)) => domain,
                    Ok(None) => return,
                    Err(unknown) => return open.push((usize::MAX, strength, unknown)),
                };
                match covers(self.network, domain, self.question) {
                    Tri::Yes => certain.push((matching::specificity(domain), strength, candidate)),
                    Tri::No => {}
                    Tri::Maybe(unknown) => {
                        open.push((matching::at_most(domain), strength, unknown));
                    }
                }
            };
        for (rule, span) in rules.items {
            weigh(Match::Rule(rule, span), 2, self.network.rules[rule].domain.get());
        }
        for (zone, span) in zones.items {
            weigh(Match::Zone(zone, span), 1, self.network.zones[zone].it.name.get());
        }
        if let Question::Endpoint(cluster) = self.question {
            match self.managed_zone(*cluster, vpc) {
                Ok(true) => {
                    let host = Some(Domain::EndpointHost(*cluster));
                    weigh(Match::Managed(*cluster), 1, Ok(&host));
                }
                Ok(false) => {}
                Err(unknown) => open.push((matching::ENDPOINT_LABELS, 1, unknown)),
            }
        }
        let best = certain.into_iter().max_by_key(|(labels, strength, _)| (*labels, *strength));
        let beaten = |labels: usize, strength: u8| {
            best.is_some_and(|(most, strongest, _)| (labels, strength) <= (most, strongest))
        };
        // Nothing is more specific than the whole name, except a rule for the very same name.
        let whole = best.is_some_and(|(most, _, _)| most >= matching::ENDPOINT_LABELS);
        let rival = open.into_iter().find(|(labels, strength, _)| {
            !(beaten(*labels, *strength) || (whole && *labels == usize::MAX))
        });
        match rival {
            Some((_, _, unknown)) => Err(unknown),
            None => Ok(best.map(|(_, _, candidate)| candidate)),
        }
    }

    /// Whether the zone of a private endpoint answers in a VPC.
    fn managed_zone(&self, cluster: Id<Cluster>, vpc: Id<Vpc>) -> Result<bool, Unknown> {
        match self.network.same_vpc(self.network.vpc_of_cluster(cluster)?, vpc) {
            Tri::Yes => {}
            Tri::No => return Ok(false),
            Tri::Maybe(unknown) => return Err(unknown),
        }
        let vpc = self.network.vpc(vpc);
        Ok(*self.network.clusters[cluster].private_access.get()?
            && *vpc.dns_support.get()?
            && *vpc.dns_hostnames.get()?)
    }

    /// The zone that answers where a SYSTEM rule is more specific than all of them.
    pub(super) fn widest(
        &self,
        zones: &[(Id<HostedZone>, Span)],
    ) -> Result<Option<(Id<HostedZone>, Span)>, Unknown> {
        let mut best: Option<(usize, (Id<HostedZone>, Span))> = None;
        for (zone, span) in zones {
            let Some(domain) = self.network.zones[*zone].it.name.get()? else { continue };
            match covers(self.network, domain, self.question) {
                Tri::Maybe(unknown) => return Err(unknown),
                Tri::No => {}
                Tri::Yes => {
                    let labels = matching::specificity(domain);
                    if best.is_none_or(|(most, _)| labels > most) {
                        best = Some((labels, (*zone, *span)));
                    }
                }
            }
        }
        Ok(best.map(|(_, zone)| zone))
    }
}
