//! The connections that a flow uses, there or back: each must be accepted.

use crate::network::{
    Attached, Attr, CoreAttachment, Direction, Id, Network, Peering, TransitGatewayAttachment, Tri,
};
use crate::trace::Steps;
use crate::unknown::{Unknown, Why};

use super::{Disposition, Unreachable};

/// What both ways of a flow pass.
#[derive(Debug, Default)]
pub(super) struct Connections {
    peerings: Vec<Id<Peering>>,
    attachments: Vec<Id<TransitGatewayAttachment>>,
    core: Vec<Id<CoreAttachment>>,
}

impl Connections {
    pub(super) fn peering(&mut self, id: Id<Peering>) {
        if !self.peerings.contains(&id) {
            self.peerings.push(id);
        }
    }

    pub(super) fn attachment(&mut self, id: Id<TransitGatewayAttachment>) {
        if !self.attachments.contains(&id) {
            self.attachments.push(id);
        }
    }

    pub(super) fn core_attachment(&mut self, id: Id<CoreAttachment>) {
        if !self.core.contains(&id) {
            self.core.push(id);
        }
    }

    /// The attachments, in the order of the way.
    pub(super) fn attachments(&self) -> &[Id<TransitGatewayAttachment>] {
        &self.attachments
    }

    /// Whether rules for one direction may name groups of the other end: over peering within a Region,
    /// and of what comes in over one transit gateway that is told to
    /// (<https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-security-groups.html>,
    /// <https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html#vpc-attachment-security>).
    pub(super) fn carry_groups(&self, network: &Network, direction: Direction) -> Tri {
        let peered = self.peerings.iter().map(|id| network.within_a_region(*id));
        let attached = self.attachments.iter().map(|id| {
            let attachment = &network.attachments[*id];
            let flag = |flag: &Attr<bool>| flag.get().map_or_else(Tri::Maybe, |on| (*on).into());
            let gateway = match network.gateway_of(*id) {
                Ok(gateway) => flag(&network.transit_gateways[gateway].group_references),
                Err(unknown) => Tri::Maybe(unknown),
            };
            let of_vpc = matches!(attachment.attached, Attached::Vpc(..)).into();
            let inbound = (direction == Direction::Ingress).into();
            Tri::all([of_vpc, inbound, gateway, flag(&attachment.group_references)])
        });
        let core = self.core.iter().map(|id| {
            let name = format!("groups behind {}", network.core_attachments[*id].name);
            Tri::Maybe(Unknown::new(name, Why::NotEvaluated("a name of a group there".into())))
        });
        Tri::all(peered.chain(attached).chain(core))
    }

    /// With those of another way.
    pub(super) fn join(&mut self, other: Self) {
        other.peerings.into_iter().for_each(|id| self.peering(id));
        other.attachments.into_iter().for_each(|id| self.attachment(id));
        other.core.into_iter().for_each(|id| self.core_attachment(id));
    }

    /// Whether all are accepted; that another account accepts is taken for granted where the code says
    /// nothing of it.
    pub(super) fn judge(
        self,
        network: &Network,
        steps: &mut Steps,
    ) -> Result<Disposition, Unknown> {
        let mut open = Vec::new();
        for id in self.peerings {
            let peering = &network.peerings[id];
            match network.accepts_peering(id) {
                Tri::Yes => {}
                Tri::No => {
                    steps.add(peering.span, format!("nobody accepts {}", peering.name));
                    let why = Unreachable::PeeringNotAccepted(id);
                    return Ok(Disposition::NeighborUnreachable(why, peering.span));
                }
                Tri::Maybe(unknown) => open.push(unknown),
            }
        }
        for id in self.attachments {
            if let Tri::Maybe(unknown) = network.accepts_attachment(id) {
                open.push(unknown);
            }
        }
        for id in self.core {
            match network.segment_of(id) {
                Ok(Some((_, Tri::Maybe(unknown)))) | Err(unknown) => open.push(unknown),
                Ok(_) => {}
            }
        }
        Unknown::of_all(open).map_or(Ok(Disposition::Delivered), Err)
    }
}
