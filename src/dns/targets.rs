//! Who listens at an address that queries are sent to.

use std::net::IpAddr;

use crate::network::{EndpointDirection, Id, ResolverEndpoint, RuleTarget, Through, Vpc};
use crate::source::Span;
use crate::unknown::{Unknown, Why};

use super::index::Match;
use super::{Dns, forward};

/// Who listens at an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listener {
    /// An inbound endpoint.
    Inbound(Id<ResolverEndpoint>),
    /// Nobody: an outbound endpoint only sends.
    Outbound(Id<ResolverEndpoint>),
    /// The Amazon DNS server of another VPC, which answers its own hosts alone
    /// (<https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html>).
    Amazon(Id<Vpc>),
    /// The Amazon DNS server at its link-local address, which no endpoint sends to.
    LinkLocal,
    /// A server outside the code.
    Outside(IpAddr),
}

impl Dns<'_> {
    /// Who listens at a target, as seen from a VPC.
    pub fn listener(
        &self,
        target: &RuleTarget,
        from: Option<Id<Vpc>>,
    ) -> Result<Listener, Unknown> {
        let network = self.network;
        match (network.endpoint_at(target)?, target) {
            (Some(one), _) if forward::is(one, EndpointDirection::Outbound) => {
                Ok(Listener::Outbound(one.id))
            }
            (Some(one), _) => Ok(Listener::Inbound(one.id)),
            (None, RuleTarget::Symbol(symbol)) => Err(symbol.unknown()),
            (None, RuleTarget::Endpoint(endpoint)) => Ok(Listener::Outbound(*endpoint)),
            (None, RuleTarget::Address(address)) if network.is_link_local(*address) => {
                Ok(Listener::LinkLocal)
            }
            (None, RuleTarget::Address(address)) => match network.server_of(*address) {
                None => Ok(Listener::Outside(*address)),
                Some(vpc) if from == Some(vpc) => {
                    // No page says what a VPC's own server does with what its endpoint sends.
                    let name = format!("what {address} answers to an endpoint of its VPC");
                    Err(Unknown::new(name, Why::NotEvaluated("the VPC's own server".into())))
                }
                // Networks that are not connected may use the same addresses.
                Some(vpc) if from.is_some_and(|from| network.are_joined(from, vpc)) => {
                    Ok(Listener::Amazon(vpc))
                }
                Some(_) => Ok(Listener::Outside(*address)),
            },
        }
    }

    /// The place that ties what matched to a VPC.
    pub(super) fn place_of(&self, what: Match, through: Through, vpc: Id<Vpc>) -> Span {
        let network = self.network;
        let view = network.view(vpc);
        let found = match what {
            Match::Rule(rule) => {
                let mut all = view.rules.iter();
                all.find(|one| one.thing == rule && one.through == through).map(|one| one.span)
            }
            Match::Zone(zone) => {
                let mut all = view.zones.iter();
                all.find(|one| one.thing == zone && one.through == through).map(|one| one.span)
            }
            _ => None,
        };
        found.unwrap_or(network.vpc(vpc).span)
    }
}
