//! The connections that a flow uses, there or back: each must be accepted.

use crate::network::{
    Attached, Attr, Direction, Id, Network, Peering, TransitGatewayAttachment, Tri,
};
use crate::trace::Steps;
use crate::unknown::Unknown;

use super::{Disposition, Unreachable};

/// What both ways of a flow pass.
#[derive(Debug, Default)]
pub(super) struct Connections {
    peerings: Vec<Id<Peering>>,
    attachments: Vec<Id<TransitGatewayAttachment>>,
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
        Tri::all(peered.chain(attached))
    }

    /// With those of another way.
    pub(super) fn join(&mut self, other: Self) {
        other.peerings.into_iter().for_each(|id| self.peering(id));
        other.attachments.into_iter().for_each(|id| self.attachment(id));
    }

    /// Whether all are accepted; that another account accepts is taken for granted where the code says
    /// nothing of it.
    pub(super) fn judge(
        self,
        network: &Network,
        steps: &mut Steps,
    ) -> Result<Disposition, Unknown> {
        let mut open: Option<Unknown> = None;
        let mut maybe = |unknown: Unknown| {
            open = Some(open.take().map_or(unknown.clone(), |before| before.and(unknown)));
        };
        for id in self.peerings {
            let peering = &network.peerings[id];
            match network.accepts_peering(id) {
                Tri::Yes => {}
                Tri::No => {
                    steps.add(peering.span, format!("nobody accepts {}", peering.name));
                    let why = Unreachable::PeeringNotAccepted(id);
                    return Ok(Disposition::NeighborUnreachable(why, peering.span));
                }
                Tri::Maybe(unknown) => maybe(unknown),
            }
        }
        for id in self.attachments {
            if let Tri::Maybe(unknown) = network.accepts_attachment(id) {
                maybe(unknown);
            }
        }
        open.map_or(Ok(Disposition::Delivered), Err)
    }
}
