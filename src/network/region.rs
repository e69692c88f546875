//! Which Region a thing is in: by its provider or its own argument, by the zones of its subnets, by its ARN.

use std::sync::Arc;

use crate::unknown::{Unknown, Why};

use super::id::{Declared, Id, Key};
use super::vpc::Zone;
use super::{Cluster, Label, Network, ResolverEndpoint, Tri, Vpc};

/// All that is known of the Region of one thing.
#[derive(Debug, Clone)]
pub struct Region(Vec<Label>);

impl Region {
    /// As its provider, its own argument or its ARN tell it.
    pub fn of<T>(thing: &Declared<T>) -> Self {
        let arn = match &thing.key {
            Key::Literal(text) if text.starts_with("arn:") => text.split(':').nth(3),
            _ => None,
        };
        let arn = arn.filter(|region| !region.is_empty());
        Self(arn.map(text).into_iter().chain(thing.region.clone()).collect())
    }

    /// Its name, where that is known.
    pub fn name(&self) -> Option<&Arc<str>> {
        self.0.iter().find_map(|label| match label {
            Label::Text(name) => Some(name),
            Label::Open(_) => None,
        })
    }

    fn unknown(&self) -> Option<Unknown> {
        self.0.iter().find_map(|label| match label {
            Label::Open(symbol) => Some(symbol.unknown()),
            Label::Text(_) => None,
        })
    }

    /// Whether two are certainly not in one Region; `No` as well where nothing is known of one.
    pub fn apart(&self, other: &Self) -> Tri {
        let alike = || self.0.iter().any(|one| other.0.contains(one));
        match (self.name(), other.name()) {
            _ if self.0.is_empty() || other.0.is_empty() => Tri::No,
            (Some(a), Some(b)) => (a != b).into(),
            _ if alike() => Tri::No,
            _ => {
                let open = self.unknown().or_else(|| other.unknown());
                Tri::Maybe(open.unwrap_or_else(|| Unknown::new("the Region", Why::ReadAtApply)))
            }
        }
    }
}

fn text(region: &str) -> Label {
    Label::Text(region.to_ascii_lowercase().into())
}

/// The Region of a zone by its name: `us-west-2` of `us-west-2a` and of `us-west-2-lax-1a`. Ids of zones tell
/// none (<https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-regions-availability-zones.html>).
fn region_of_zone(zone: &str) -> Option<&str> {
    let digit = zone
        .match_indices('-')
        .map(|(at, _)| at + 1)
        .find(|at| zone.as_bytes().get(*at).is_some_and(u8::is_ascii_digit))?;
    let digits = zone[digit..].bytes().take_while(u8::is_ascii_digit).count();
    Some(&zone[..digit + digits])
}

impl Network {
    /// The Region of a cluster as a label of its name, if there is anything to compare.
    pub fn region_of(&self, cluster: Id<Cluster>) -> Option<&Label> {
        self.clusters[cluster].region.as_ref()
    }

    /// The Region of a VPC, likewise.
    pub fn region_of_vpc(&self, vpc: Id<Vpc>) -> Option<&Label> {
        self.vpc(vpc).region.as_ref()
    }

    /// All that is known of the Region of a VPC: also what the zones of its subnets tell.
    pub fn whole_region_of_vpc(&self, vpc: Id<Vpc>) -> Region {
        let vpc = self.vpc(vpc);
        let mut region = Region::of(vpc);
        if region.name().is_none() {
            let subnets = self.subnets_in(vpc.id).iter().map(|id| &self.subnets[*id]);
            let mut zones = subnets.filter_map(|subnet| match subnet.zone.get() {
                Ok(Some(Zone::Named(zone))) => region_of_zone(zone).map(text),
                _ => None,
            });
            region.0.extend(zones.next());
        }
        region
    }

    /// All that is known of the Region of an endpoint: also what its VPC tells.
    pub fn whole_region_of_endpoint(&self, endpoint: Id<ResolverEndpoint>) -> Region {
        let own = Region::of(&self.endpoints[endpoint]);
        match self.vpc_of_endpoint(endpoint) {
            Ok(vpc) if own.name().is_none() => {
                Region(own.0.into_iter().chain(self.whole_region_of_vpc(vpc).0).collect())
            }
            _ => own,
        }
    }

    /// Whether two things are of one account: certain where the numbers of both are in the code.
    pub fn same_account<A, B>(&self, a: &Declared<A>, b: &Declared<B>) -> Tri {
        let numbered = |account: &str| account.starts_with(|c: char| c.is_ascii_digit());
        if a.account == b.account {
            return Tri::Yes;
        }
        if numbered(&a.account) && numbered(&b.account) {
            return Tri::No;
        }
        let open = if numbered(&a.account) { &b.name } else { &a.name };
        Tri::Maybe(Unknown::new(format!("the account of {open}"), Why::NoValue))
    }
}

#[cfg(test)]
mod tests {
    use super::region_of_zone;

    #[test]
    fn a_zone_tells_its_region() {
        for (zone, region) in [
            ("eu-west-1a", Some("eu-west-1")),
            ("us-west-2-lax-1a", Some("us-west-2")),
            ("us-gov-east-1b", Some("us-gov-east-1")),
            ("use1-az1", None),
            ("", None),
        ] {
            assert_eq!(region_of_zone(zone), region, "{zone}");
        }
    }
}
