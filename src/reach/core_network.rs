//! Through a core network: in by the attachment of a VPC, by its segment, out by another attachment.

use crate::network::{CoreAttachment, CoreNetwork, CoreNext, Entry, Id, Subnet, Tri, Vpc};
use crate::source::Span;
use crate::unknown::{Unknown, Why};

use super::route::Walk;
use super::{Disposition, End, Unreachable};

impl Walk<'_> {
    /// From a subnet to a core network.
    pub(super) fn enter_core(
        &mut self,
        core: Id<CoreNetwork>,
        home: Id<Vpc>,
        subnet: Id<Subnet>,
        route: Span,
    ) -> Result<Disposition, Unknown> {
        let network = self.network;
        let attachments = network.core_attachments_of(home, core);
        let Some((id, _)) = attachments.items.first() else {
            if let Some(unknown) = attachments.open {
                return Err(unknown);
            }
            let (vpc, core_name) = (&network.vpc(home).name, &network.core_networks[core].name);
            self.steps.add(route, format!("{vpc} is not attached to {core_name}"));
            let why = Unreachable::NotInCoreNetwork(core, home);
            return Ok(Disposition::NeighborUnreachable(why, route));
        };
        if let Some((_, subnets)) = &network.core_attachments[*id].vpc {
            let same = subnets.known().map(|(one, _)| network.same_zone(*one, subnet));
            match Tri::any(same.chain(subnets.open().map(Tri::Maybe))) {
                Tri::Yes => {}
                Tri::Maybe(unknown) => return Err(unknown),
                Tri::No => {
                    let name = format!("the zones of {}", network.core_attachments[*id].name);
                    let why = Why::NotEvaluated("a zone without an interface".into());
                    return Err(Unknown::new(name, why));
                }
            }
        }
        self.through_core(*id, core)
    }

    /// From an attachment by the routes of its segment to the next one.
    pub(super) fn through_core(
        &mut self,
        from: Id<CoreAttachment>,
        core: Id<CoreNetwork>,
    ) -> Result<Disposition, Unknown> {
        let network = self.network;
        let attachment = &network.core_attachments[from];
        self.connections.core_attachment(from);
        let Some((segment, _)) = network.segment_of(from)? else {
            let text = format!("no rule of the policy gives {} a segment", attachment.name);
            self.steps.add(attachment.span, text);
            let why = Unreachable::NoSegment(from);
            return Ok(Disposition::NeighborUnreachable(why, attachment.span));
        };
        let text = format!("{} is in the segment {segment}", attachment.name);
        self.steps.add(attachment.span, text);
        let name = || Unknown::new(format!("the segment {segment}"), Why::ReadAtApply);
        let routes = network.segment_routes(core, &segment).ok_or_else(name)?;
        let matches = routes.matches(self.prefix(), |block| self.covers(block));
        let none = |_: &Self| {
            let why = Unreachable::NoSegmentRoute(from);
            Disposition::NeighborUnreachable(why, attachment.span)
        };
        let end = self.choose(&matches, routes.open.as_ref(), none, Self::out_of_core)?;
        if let Disposition::NeighborUnreachable(Unreachable::NoSegmentRoute(_), span) = end {
            self.steps.add(span, format!("the segment {segment} has no route to it"));
        }
        Ok(end)
    }

    fn out_of_core(&mut self, route: &Entry<CoreNext>) -> Result<Disposition, Unknown> {
        let network = self.network;
        let next = match route.target.clone()? {
            CoreNext::Blackhole => {
                self.steps.add(route.span, "the core network drops it");
                return Ok(Disposition::NullRouted(route.span));
            }
            CoreNext::Attachment(next) => next,
        };
        let attachment = &network.core_attachments[next];
        attachment.exists.clone()?;
        self.steps.add(route.span, format!("the core network sends it to {}", attachment.name));
        self.connections.core_attachment(next);
        match &attachment.vpc {
            Some((vpc, _)) => match self.is_at(network.vpc(*vpc.get()?).id) {
                Tri::Yes => Ok(Disposition::Delivered),
                Tri::Maybe(unknown) => Err(unknown),
                Tri::No => {
                    let name = format!("what the VPC behind {} does with it", attachment.name);
                    Err(Unknown::new(name, Why::NotEvaluated("a way through a VPC".into())))
                }
            },
            None if self.to == End::Outside => Ok(Disposition::Delivered),
            None => {
                let name = format!("where {} leads", attachment.name);
                Err(Unknown::new(name, Why::ReadAtApply))
            }
        }
    }
}
