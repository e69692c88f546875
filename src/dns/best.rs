//! What a VPC's resolver matches a name with: the most specific rule or zone.

use crate::network::{Cluster, Id, Through, Tri, Vpc};
use crate::unknown::{Unknown, Why};

use super::index::{Candidate, Match};
use super::matching::{Asked, ENDPOINT_LABELS, WHOLE, at_most, specificity};
use super::{Dns, Question, own};

/// How a match ranks: by labels; among equal names what is tied to the VPC itself beats what a Profile
/// brings (<https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/profiles.html>); then by kind.
type Rank = (usize, bool, u8);

fn rank(labels: usize, what: Match, through: Through) -> Rank {
    (labels, through == Through::Vpc, what.strength())
}

/// Whether the name that is asked for may be one of a match's: the private names of AWS's services are none of a
/// cluster's, whatever their Region, and nobody else's service may have one.
fn may_hold(what: Match, asked: &Asked) -> bool {
    !(matches!(what, Match::Service(_)) && matches!(asked.question, Question::Endpoint(_)))
}

/// Who asks a VPC's resolver, and what may answer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seeker {
    pub(super) vpc: Id<Vpc>,
    /// Whether the query came in through an inbound endpoint.
    pub(super) inbound: bool,
    /// Whether rules count: below a SYSTEM rule only zones do.
    pub(super) rules: bool,
}

impl Dns<'_> {
    /// The most specific match, with where it comes from.
    pub(super) fn best_match(
        &self,
        asked: &Asked,
        seeker: Seeker,
    ) -> Result<Option<(Match, Through)>, Unknown> {
        let mut certain: Vec<(Rank, Match, Through)> = Vec::new();
        let mut open: Vec<(Rank, Unknown)> = self.unseen(asked, seeker);
        let counts = |one: &Candidate| {
            (seeker.rules || !one.what.is_rule()) && (seeker.inbound || !one.inbound_only)
        };
        for (candidate, domain) in self.index_of(seeker.vpc).near(asked) {
            if !counts(candidate)
                || self.is_delegate(candidate.what)
                || !may_hold(candidate.what, asked)
            {
                continue;
            }
            let (what, through) = (candidate.what, candidate.through);
            let there = candidate.maybe.clone().map_or(Tri::Yes, Tri::Maybe);
            match Tri::all([asked.covered(domain), there, self.acts(what, seeker.vpc)]) {
                Tri::Yes => certain.push((rank(specificity(domain), what, through), what, through)),
                Tri::No => {}
                Tri::Maybe(unknown) => open.push((rank(at_most(domain), what, through), unknown)),
            }
        }
        if let Question::Endpoint(cluster) = asked.question {
            let what = Match::Managed(cluster);
            let rank = rank(WHOLE, what, Through::Vpc);
            match self.managed_zone(cluster, seeker.vpc) {
                Ok(true) => certain.push((rank, what, Through::Vpc)),
                Ok(false) => {}
                Err(unknown) => open.push((rank, unknown)),
            }
        }
        for (name, maybe) in own::names(self.network, seeker.vpc, asked) {
            let rank = rank(name.0.len(), Match::Own, Through::Vpc);
            match Tri::all([name.covers(&asked.name), maybe]) {
                Tri::Yes => certain.push((rank, Match::Own, Through::Vpc)),
                Tri::No => {}
                Tri::Maybe(unknown) => open.push((rank, unknown)),
            }
        }
        self.decide(seeker.vpc, &certain, open)
    }

    fn decide(
        &self,
        vpc: Id<Vpc>,
        certain: &[(Rank, Match, Through)],
        open: Vec<(Rank, Unknown)>,
    ) -> Result<Option<(Match, Through)>, Unknown> {
        let best = certain.iter().max_by_key(|(rank, ..)| *rank);
        // Nothing is more specific than the whole name, except a rule for the very same name.
        let whole = best.is_some_and(|((labels, ..), ..)| *labels >= ENDPOINT_LABELS);
        let rival = open.into_iter().find(|(rank, _)| {
            let beaten = best.is_some_and(|(most, ..)| rank <= most);
            !(beaten || whole && rank.0 == usize::MAX)
        });
        if let Some((_, unknown)) = rival {
            return Err(unknown);
        }
        let Some((rank, what, through)) = best else { return Ok(None) };
        let equal = certain.iter().find(|(other, one, _)| other == rank && one != what);
        match equal {
            // AWS refuses two of one name in a VPC; of two Profiles the one of the lower priority wins,
            // which no code tells.
            Some((_, other, _)) => {
                let pair = format!("{} and {}", self.name_of(*what), self.name_of(*other));
                let name = format!("which of {pair} acts in {}", self.network.vpc(vpc).name);
                Err(Unknown::new(name, Why::NotEvaluated("two for one name".into())))
            }
            None => Ok(Some((*what, *through))),
        }
    }

    /// What may act in the VPC beside what is seen, or for names that cannot be told.
    fn unseen(&self, asked: &Asked, seeker: Seeker) -> Vec<(Rank, Unknown)> {
        let view = self.network.view(seeker.vpc);
        let any = |strength| (usize::MAX, true, strength);
        let rules = view.more_rules.iter().filter(|_| seeker.rules).map(|open| (any(2), open));
        let zones = view.more_zones.iter().map(|open| (any(1), open));
        let loose = self.index_of(seeker.vpc).loose.iter().filter(|(one, _)| {
            let counts = seeker.inbound || !one.inbound_only;
            may_hold(one.what, asked)
                && counts
                && (seeker.rules || !one.what.is_rule())
                && !self.is_delegate(one.what)
        });
        let loose = loose.map(|(one, unknown)| (rank(usize::MAX, one.what, one.through), unknown));
        let all = rules.chain(zones).chain(loose);
        all.map(|(rank, unknown)| (rank, unknown.clone())).collect()
    }

    /// Whether a thing acts in a VPC at all: private zones need the names of hosts. Without, there is not even
    /// the rule that keeps their names from a less specific one
    /// (<https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zone-private-considerations.html>,
    /// <https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-overview-DSN-queries-to-vpc.html>).
    fn acts(&self, what: Match, vpc: Id<Vpc>) -> Tri {
        match (what, self.network.vpc(vpc).dns_hostnames.get()) {
            (Match::Zone(_), Ok(on)) => (*on).into(),
            (Match::Zone(_), Err(unknown)) => Tri::Maybe(unknown),
            _ => Tri::Yes,
        }
    }

    /// Whether a private zone for the question is tied to a VPC where none acts.
    pub(super) fn has_idle_zone(&self, asked: &Asked, vpc: Id<Vpc>) -> bool {
        let mut near = self.index_of(vpc).near(asked).into_iter();
        near.any(|(candidate, domain)| {
            let idle = self.acts(candidate.what, vpc) == Tri::No;
            idle && candidate.maybe.is_none() && asked.covered(domain) == Tri::Yes
        })
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
}
