//! The connections that a flow uses, there or back: each must be accepted.

use crate::network::{Id, Network, Peering, TransitGatewayAttachment, Tri};
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
