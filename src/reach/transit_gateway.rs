//! Through a transit gateway: in by the attachment of the zone, by its table, out by another attachment
//! (<https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html>).

use crate::network::{
    Attached, Entry, Family, Id, Next, Subnet, TransitGateway, TransitGatewayAttachment,
    TransitGatewayTable, Tri, Vpc,
};
use crate::source::Span;
use crate::unknown::{Unknown, Why};

use super::route::Walk;
use super::{Disposition, End, GatewayMissing, Unreachable};

impl Walk<'_> {
    /// From a subnet to a transit gateway.
    pub(super) fn enter_gateway(
        &mut self,
        gateway: Id<TransitGateway>,
        home: Id<Vpc>,
        subnet: Id<Subnet>,
        route: Span,
    ) -> Result<Disposition, Unknown> {
        let attachments = self.network.attachments_of(home, gateway);
        if let Some(end) = self.without_ipv6(&attachments.items, route)? {
            return Ok(end);
        }
        let mut zones = Vec::new();
        for (id, _) in &attachments.items {
            let zone = self.has_interface_for(*id, subnet);
            if zone == Tri::Yes {
                return self.through_gateway(*id, gateway);
            }
            zones.push((*id, zone));
        }
        if let Tri::Maybe(unknown) = Tri::any(zones.iter().map(|(_, zone)| zone.clone())) {
            return Err(unknown);
        }
        if let Some(unknown) = attachments.open {
            return Err(unknown);
        }
        let why = match zones.first() {
            Some((attachment, _)) => Unreachable::NoInterfaceInZone(*attachment, subnet),
            None => Unreachable::NotAttached(gateway, home),
        };
        let (network, vpc) = (self.network, &self.network.vpc(home).name);
        let gateway = &network.transit_gateways[gateway].name;
        match zones.first() {
            Some((attachment, _)) => {
                let attachment = &network.attachments[*attachment];
                let subnet = &network.subnets[subnet].name;
                let text = format!("{} has no interface in the zone of {subnet}", attachment.name);
                self.steps.add(attachment.span, text);
            }
            None => self.steps.add(route, format!("{vpc} is not attached to {gateway}")),
        }
        Ok(Disposition::NeighborUnreachable(why, route))
    }

    /// Attachments carry IPv6 only where they are told to.
    fn without_ipv6(
        &mut self,
        attachments: &[(Id<TransitGatewayAttachment>, Span)],
        route: Span,
    ) -> Result<Option<Disposition>, Unknown> {
        let Some((id, _)) = attachments.first().filter(|_| self.family == Family::V6) else {
            return Ok(None);
        };
        let attachment = &self.network.attachments[*id];
        if *attachment.ipv6.get()? {
            return Ok(None);
        }
        self.steps.add(attachment.span, format!("{} carries IPv4 alone", attachment.name));
        Ok(Some(Disposition::NeighborUnreachable(Unreachable::NoIpv6(*id), route)))
    }

    /// Whether an attachment has an interface in the zone of a subnet: what is in another zone cannot
    /// reach the gateway (<https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html>).
    fn has_interface_for(&self, id: Id<TransitGatewayAttachment>, subnet: Id<Subnet>) -> Tri {
        let Attached::Vpc(_, subnets) = &self.network.attachments[id].attached else {
            return Tri::No;
        };
        let same = subnets.known().map(|(one, _)| self.network.same_zone(*one, subnet));
        Tri::any(same.chain(subnets.open().map(Tri::Maybe)))
    }

    /// From an attachment by its table to the next one.
    pub(super) fn through_gateway(
        &mut self,
        from: Id<TransitGatewayAttachment>,
        gateway: Id<TransitGateway>,
    ) -> Result<Disposition, Unknown> {
        let network = self.network;
        let attachment = &network.attachments[from];
        self.connections.attachment(from);
        if self.passed.contains(&(from, gateway)) {
            self.steps.add(attachment.span, "the packet is here for the second time");
            return Ok(Disposition::Loop(attachment.span));
        }
        self.passed.push((from, gateway));
        let Some(table) = network.association_of(from, gateway)? else {
            let text = format!("no route table serves {}", attachment.name);
            self.steps.add(attachment.span, text);
            let why = Unreachable::NotAssociated(from);
            return Ok(Disposition::NeighborUnreachable(why, attachment.span));
        };
        let name = || Unknown::new("a route table of a transit gateway", Why::ReadAtApply);
        let routes = network.gateway_routes(table).ok_or_else(name)?;
        let mut matches = routes.matches(self.prefix(), |block| self.covers(block));
        // Nobody outside announces the blocks of a VPC that is attached.
        if self.to != End::Outside && !matches.best.is_empty() {
            let announced =
                |route: &Entry<Next>| route.destination.is_err() && route.origin.is_announced();
            matches.rivals.retain(|(route, _)| !announced(route));
        }
        let none = |walk: &Self| walk.lacks(table, from, gateway, None);
        let own = &network.transit_gateway_tables[table];
        self.steps.add(attachment.span, format!("{} is served by {}", attachment.name, own.name));
        self.choose(&matches, routes.open.as_ref(), none, |walk, route| {
            walk.out_of_gateway(route, table, from, gateway)
        })
    }

    fn out_of_gateway(
        &mut self,
        route: &Entry<Next>,
        table: Id<TransitGatewayTable>,
        from: Id<TransitGatewayAttachment>,
        gateway: Id<TransitGateway>,
    ) -> Result<Disposition, Unknown> {
        let network = self.network;
        let name = &network.transit_gateway_tables[table].name;
        let next = match route.target.clone()? {
            Next::Blackhole => {
                self.steps.add(route.span, format!("{name} drops it"));
                return Ok(Disposition::NullRouted(route.span));
            }
            Next::Attachment(next) => next,
        };
        let attachment = &network.attachments[next];
        attachment.exists.clone()?;
        self.steps.add(route.span, format!("{name} sends it to {}", attachment.name));
        self.connections.attachment(next);
        match &attachment.attached {
            Attached::Vpc(vpc, subnets) => {
                if let Some(end) = self.without_ipv6(&[(next, route.span)], route.span)? {
                    return Ok(end);
                }
                let vpc = network.vpc(*vpc.get()?).id;
                match self.is_at(vpc) {
                    Tri::Yes => Ok(Disposition::Delivered),
                    Tri::Maybe(unknown) => Err(unknown),
                    Tri::No => {
                        let subnets: Vec<_> = subnets.known().map(|(one, _)| *one).collect();
                        self.through_vpc(vpc, &subnets, route.span)
                    }
                }
            }
            Attached::Gateway(peer) => {
                let asking = network.gateway_of(next)?;
                let other = if asking == gateway { *peer.get()? } else { asking };
                self.through_gateway(next, other)
            }
            Attached::Outside if self.to == End::Outside => Ok(Disposition::Delivered),
            Attached::Outside => Ok(self.lacks(table, from, gateway, Some(route.span))),
        }
    }

    /// Through a VPC that is not the destination's: an appliance there may send it on.
    fn through_vpc(
        &mut self,
        vpc: Id<Vpc>,
        subnets: &[Id<Subnet>],
        route: Span,
    ) -> Result<Disposition, Unknown> {
        if self.through.contains(&vpc) {
            return Ok(Disposition::Loop(route));
        }
        self.through.push(vpc);
        let mut ends = Vec::new();
        for subnet in subnets {
            ends.push(self.leave(vpc, *subnet)?);
        }
        let name = format!("what {} does with it", self.network.vpc(vpc).name);
        let same = ends.windows(2).all(|pair| pair[0] == pair[1]);
        match ends.pop() {
            Some(end) if same => Ok(end),
            _ => Err(Unknown::new(name, Why::ReadAtApply)),
        }
    }

    fn lacks(
        &self,
        table: Id<TransitGatewayTable>,
        from: Id<TransitGatewayAttachment>,
        gateway: Id<TransitGateway>,
        taken: Option<Span>,
    ) -> Disposition {
        let attached = |vpc| self.network.attachments_of(vpc, gateway).items;
        let far = match self.to {
            End::Vpc(vpc) => {
                let direct = attached(vpc).first().map(|(id, _)| *id);
                direct.or_else(|| self.beyond_peering(gateway, vpc))
            }
            End::Outside => None,
        };
        Disposition::NoGatewayRoute(GatewayMissing { table, from, to: self.to, far, taken })
    }

    /// The attachment that joins a gateway with another one that a VPC is attached to.
    pub(super) fn beyond_peering(
        &self,
        gateway: Id<TransitGateway>,
        vpc: Id<Vpc>,
    ) -> Option<Id<TransitGatewayAttachment>> {
        let far = self.network.gateways_at(vpc);
        let joins = |id, peer: Id<TransitGateway>| {
            let own = self.network.gateway_of(id);
            own.is_ok_and(|own| {
                own == gateway && far.contains(&peer) || peer == gateway && far.contains(&own)
            })
        };
        let mut all = self.network.attachments.iter();
        let found = all.find(|one| match &one.attached {
            Attached::Gateway(peer) => peer.get().is_ok_and(|peer| joins(one.id, *peer)),
            Attached::Vpc(..) | Attached::Outside => false,
        });
        found.map(|one| one.id)
    }
}
