//! One way of a flow, there or back: where its packets go, and what follows for the filters on it.

use crate::network::{Direction, Network, Protocol, Tri};
use crate::trace::Steps;
use crate::unknown::{Unknown, Why};

use super::connection::Connections;
use super::route::{self, Ends};
use super::{Disposition, Flow, Interface, acl};

/// A way that packets take by routes.
pub(super) struct Leg<'a> {
    network: &'a Network,
    ends: Ends<'a>,
    protocol: Protocol,
    /// Where it leads.
    pub(super) end: Result<Disposition, Unknown>,
    /// The connections that it uses.
    pub(super) connections: Connections,
    /// What it met.
    pub(super) steps: Steps,
}

impl<'a> Leg<'a> {
    /// Follows the routes from one end of a flow to the other.
    pub(super) fn follow(
        network: &'a Network,
        flow: &Flow<'a>,
        from: &'a Interface,
        to: &'a Interface,
    ) -> Self {
        let ends = Ends { from, to, family: flow.family() };
        let (mut connections, mut steps) = (Connections::default(), Steps::default());
        let end = route::route(network, ends, &mut connections, &mut steps);
        Self { network, ends, protocol: flow.protocol, end, connections, steps }
    }

    /// Whether rules for one direction may name groups of the other end.
    pub(super) fn carries_groups(&self, direction: Direction) -> Tri {
        match certain(&[self]) {
            Ok(()) => self.connections.carry_groups(self.network, direction),
            Err(unknown) => Tri::Maybe(unknown),
        }
    }

    /// What the groups at its end certainly do with what arrives: who does not know the way does not
    /// know from which address the packet arrives; what a gateway drops may come by another way,
    /// translated.
    pub(super) fn admitted(
        &self,
        by_groups: Result<Disposition, Unknown>,
    ) -> Result<Disposition, Unknown> {
        match (&self.end, by_groups) {
            (Err(unknown), Ok(Disposition::DeniedIn(_))) => Err(unknown.clone()),
            (Ok(fault), Ok(Disposition::DeniedIn(_))) if fault.is_at_gateway() => Err(astray()),
            (_, by_groups) => by_groups,
        }
    }

    /// What the network ACLs on it do with packets to some ports.
    pub(super) fn past_acls(
        &self,
        ports: acl::Ports,
        certain: Result<(), Unknown>,
        steps: &mut Steps,
    ) -> Result<Disposition, Unknown> {
        let way = acl::Way {
            network: self.network,
            ends: self.ends,
            protocol: self.protocol,
            ports,
            attachments: self.connections.attachments(),
            certain,
        };
        way.judge(steps)
    }
}

/// Whether packets surely go these ways, and arrive with the address they left with.
pub(super) fn certain(legs: &[&Leg<'_>]) -> Result<(), Unknown> {
    if let Some(unknown) = legs.iter().find_map(|leg| leg.end.as_ref().err()) {
        return Err(unknown.clone());
    }
    let arrives = legs.iter().all(|leg| leg.end == Ok(Disposition::Delivered));
    if arrives { Ok(()) } else { Err(astray()) }
}

/// Why a way that does not hold says nothing of what stands at its end.
fn astray() -> Unknown {
    let name = "the address that the packet comes from";
    Unknown::new(name, Why::NotEvaluated("a way that does not hold".into()))
}
