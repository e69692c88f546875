//! Routes: which table serves the subnet, and where its most specific match leads.

use ipnet::IpNet;

use crate::network::{
    Cidr, Declared, Entry, Family, Id, Matches, NatGateway, Network, RouteTable, Subnet, Target,
    TransitGateway, TransitGatewayAttachment, Tri, Vpc,
};
use crate::source::Span;
use crate::trace::Steps;
use crate::unknown::{Unknown, Why};

use super::connection::Connections;
use super::{Disposition, End, Interface, Missing, Near, Unreachable};

/// From where to where packets of a family go.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ends<'a> {
    pub(super) from: &'a Interface,
    pub(super) to: &'a Interface,
    pub(super) family: Family,
}

/// Where the packets from one interface to another go.
pub(super) fn route(
    network: &Network,
    Ends { from, to, family }: Ends<'_>,
    connections: &mut Connections,
    steps: &mut Steps,
) -> Result<Disposition, Unknown> {
    let end = to.place.map_or(End::Outside, |(vpc, _)| End::Vpc(network.vpc(vpc).id));
    let (passed, through) = (Vec::new(), Vec::new());
    let mut walk =
        Walk { network, interface: to, family, to: end, connections, steps, passed, through };
    match (from.place, end) {
        (Some((home, subnet)), End::Vpc(other)) => match network.same_vpc(home, other) {
            Tri::Yes => walk.stay(subnet),
            Tri::Maybe(unknown) => Err(unknown),
            Tri::No => walk.leave(network.vpc(home).id, subnet),
        },
        (Some((home, subnet)), End::Outside) => walk.leave(network.vpc(home).id, subnet),
        // From a public address, whatever the internet carries has come through a gateway before.
        (None, End::Vpc(_)) if from.is_public(network) => Ok(Disposition::Delivered),
        (None, End::Vpc(vpc)) => walk.come_in(vpc),
        (None, End::Outside) => Ok(Disposition::Delivered),
    }
}

/// A packet on its way to an interface.
pub(super) struct Walk<'a> {
    pub(super) network: &'a Network,
    interface: &'a Interface,
    pub(super) family: Family,
    pub(super) to: End,
    pub(super) connections: &'a mut Connections,
    pub(super) steps: &'a mut Steps,
    /// The attachments that it came in by, each at its gateway.
    pub(super) passed: Vec<(Id<TransitGatewayAttachment>, Id<TransitGateway>)>,
    /// The VPCs that it passed.
    pub(super) through: Vec<Id<Vpc>>,
}

impl Walk<'_> {
    /// Within a VPC: every table has the local route, and only one to an appliance may be more specific
    /// (<https://docs.aws.amazon.com/vpc/latest/userguide/route-table-options.html>).
    fn stay(&self, subnet: Id<Subnet>) -> Result<Disposition, Unknown> {
        let Ok(table) = self.network.route_table_of(subnet) else {
            return Ok(Disposition::Delivered);
        };
        let routes = self.network.routes_of(table);
        let matches = routes.matches(self.prefix(), |block| self.covers(block));
        let to_appliance = |route: &&&Entry<Target>| route.target == Ok(Target::Appliance);
        let aside = matches.best.iter().find(to_appliance).filter(|route| self.within(route));
        match aside {
            Some(_) => Err(self.beyond(table, &Target::Appliance)),
            None => Ok(Disposition::Delivered),
        }
    }

    /// Whether a route is for a part of the destination's VPC only.
    fn within(&self, route: &Entry<Target>) -> bool {
        let End::Vpc(vpc) = self.to else { return false };
        let blocks = self.network.blocks_of(vpc, self.family);
        let inside =
            |block: &Cidr| blocks.items.iter().any(|(own, _)| own.covers(block) == Tri::Yes);
        route.destination.as_ref().is_ok_and(inside)
    }

    /// Why the way through a target is not followed.
    fn beyond(&self, table: Id<RouteTable>, target: &Target) -> Unknown {
        let what = format!("a way through {}", target.noun());
        let name = format!("a route of {}", self.network.route_tables[table].name);
        Unknown::new(name, Why::NotEvaluated(what.into()))
    }

    /// Out of a subnet, by the table that serves it.
    pub(super) fn leave(
        &mut self,
        home: Id<Vpc>,
        subnet: Id<Subnet>,
    ) -> Result<Disposition, Unknown> {
        let network = self.network;
        if let Some(span) = self.keeps(home) {
            self.steps.add(span, format!("{} has this address itself", network.vpc(home).name));
            return Ok(Disposition::StaysInside(home, self.to));
        }
        let table = network.route_table_of(subnet)?;
        let routes = network.routes_of(table);
        let mut matches = routes.matches(self.prefix(), |block| self.covers(block));
        // Nobody outside announces the blocks of a VPC that is joined with this one.
        let announced =
            |route: &Entry<Target>| route.destination.is_err() && route.origin.is_announced();
        if let End::Vpc(other) = self.to
            && matches.rivals.iter().any(|(route, _)| announced(route))
            && network.are_joined(home, other)
        {
            matches.rivals.retain(|(route, _)| !announced(route));
        }
        let name = &network.route_tables[table].name;
        if matches.best.is_empty() && matches.rivals.is_empty() && routes.open.is_none() {
            let text = format!("{name} has no route to it");
            self.steps.add(network.route_tables[table].span, text);
        }
        let none = |walk: &Self| Disposition::NoRoute(walk.missing(table, home, subnet));
        self.choose(&matches, routes.open.as_ref(), none, |walk, route| {
            walk.take(route, table, home, subnet)
        })
    }

    /// The block of a VPC that has the destination's addresses too: its local route takes the packet, and none
    /// to another network may be more specific
    /// (<https://docs.aws.amazon.com/vpc/latest/userguide/subnet-route-tables.html>).
    fn keeps(&self, home: Id<Vpc>) -> Option<Span> {
        // An address that no endpoint of the code has may be of a host in this VPC.
        let End::Vpc(other) = self.to else { return None };
        let whole = || {
            let closed = self.network.blocks_of(other, self.family).open.is_none();
            self.block().filter(|_| closed)?.net().ok()
        };
        let prefix = self.prefix().or_else(whole)?;
        let holds = |block: &Cidr| block.net().is_ok_and(|own| own.contains(&prefix));
        let blocks = self.network.cidrs_of(home);
        blocks.items.iter().find(|(block, _)| holds(block)).map(|(_, span)| *span)
    }

    /// The end of the most specific route, if no other that may be more specific ends otherwise.
    pub(super) fn choose<T>(
        &mut self,
        matches: &Matches<'_, T>,
        open: Option<&Unknown>,
        none: impl FnOnce(&Self) -> Disposition,
        mut lead: impl FnMut(&mut Self, &Entry<T>) -> Result<Disposition, Unknown>,
    ) -> Result<Disposition, Unknown> {
        let mut ends = Vec::new();
        for route in &matches.best {
            ends.push(lead(self, route)?);
        }
        let end = match ends.first() {
            None => none(self),
            Some(first) if ends.iter().all(|end| end == first) => first.clone(),
            Some(_) => {
                let why = Why::NotEvaluated("several routes for one block".into());
                return Err(Unknown::new("which route is taken", why));
            }
        };
        for (route, unknown) in &matches.rivals {
            let (passed, steps) = (self.passed.len(), self.steps.0.len());
            let through = self.through.len();
            let other = lead(self, route);
            self.passed.truncate(passed);
            self.through.truncate(through);
            self.steps.0.truncate(steps);
            if other.as_ref() != Ok(&end) {
                return Err(unknown.clone());
            }
        }
        match open {
            Some(unknown) if end != Disposition::Delivered => Err(unknown.clone()),
            _ => Ok(end),
        }
    }

    /// Where a route that matches leads.
    fn take(
        &mut self,
        route: &Entry<Target>,
        table: Id<RouteTable>,
        home: Id<Vpc>,
        subnet: Id<Subnet>,
    ) -> Result<Disposition, Unknown> {
        let Declared { name, .. } = &self.network.route_tables[table];
        let target = route.target.clone()?;
        let transit = !self.through.is_empty();
        let not_transitive =
            Disposition::NeighborUnreachable(Unreachable::NotTransitive, route.span);
        match target {
            Target::Peering(_)
            | Target::VpnGateway(_)
            | Target::TransitGateway(_)
            | Target::CoreNetwork(_)
                if transit =>
            {
                self.steps.add(route.span, format!("{name} cannot send on what only passes"));
                Ok(not_transitive)
            }
            Target::Peering(peering) => {
                let end = self.over_peering(peering, (table, home, subnet), route.span)?;
                let text = match &end {
                    Disposition::Delivered => format!("{name} has the route"),
                    _ => format!("{name} sends it elsewhere"),
                };
                self.steps.add(route.span, text);
                Ok(end)
            }
            Target::TransitGateway(gateway) => {
                let gateway_name = &self.network.transit_gateways[gateway].name;
                self.steps.add(route.span, format!("{name} sends it to {gateway_name}"));
                self.enter_gateway(gateway, home, subnet, route.span)
            }
            Target::VpnGateway(gateway) if self.to == End::Outside => {
                self.leave_by_vpn(gateway, home, route.span)
            }
            Target::Internet(_) | Target::EgressOnly | Target::Nat(_)
                if self.interface.is_public(self.network) =>
            {
                self.steps.add(route.span, format!("{name} sends it to the internet"));
                Ok(Disposition::Delivered)
            }
            Target::Nat(gateway) if !self.is_public_nat(gateway) => {
                Err(self.beyond(table, &target))
            }
            Target::Internet(_) | Target::EgressOnly | Target::Nat(_) | Target::VpnGateway(_) => {
                self.steps.add(route.span, format!("{name} sends it elsewhere"));
                let missing = self.missing(table, home, subnet);
                Ok(Disposition::ExitsNetwork(missing, route.span))
            }
            Target::Local => Ok(Disposition::StaysInside(home, self.to)),
            Target::CoreNetwork(core) => {
                let core_name = &self.network.core_networks[core].name;
                self.steps.add(route.span, format!("{name} sends it to {core_name}"));
                self.enter_core(core, home, subnet, route.span)
            }
            target @ (Target::Appliance | Target::Other) => Err(self.beyond(table, &target)),
        }
    }

    fn over_peering(
        &mut self,
        id: Id<crate::network::Peering>,
        (table, home, subnet): (Id<RouteTable>, Id<Vpc>, Id<Subnet>),
        route: Span,
    ) -> Result<Disposition, Unknown> {
        let network = self.network;
        let peering = &network.peerings[id];
        let unclear = || Unknown::new(std::sync::Arc::clone(&peering.name), Why::ReadAtApply);
        let (a, b) = network.sides(id).ok_or_else(unclear)?;
        let ends = |vpc: Id<Vpc>| (home, vpc) == (a, b) || (home, vpc) == (b, a);
        if let End::Vpc(other) = self.to
            && ends(other)
        {
            self.connections.peering(id);
            return Ok(Disposition::Delivered);
        }
        if peering.managed && network.vpcs[a].managed && network.vpcs[b].managed {
            let joined = match self.to {
                End::Vpc(other) => network.are_joined(home, other),
                End::Outside => false,
            };
            if !joined && (home == a || home == b) {
                let why = Unreachable::NotTransitive;
                return Ok(Disposition::NeighborUnreachable(why, route));
            }
            let missing = self.missing(table, home, subnet);
            return Ok(Disposition::ExitsNetwork(missing, route));
        }
        Err(unclear())
    }

    /// Whether a NAT gateway leads to the internet, as most do.
    fn is_public_nat(&self, gateway: Id<NatGateway>) -> bool {
        let gateway = &self.network.nat_gateways[gateway];
        !gateway.managed || gateway.private.get() == Ok(&false)
    }

    /// Whether the packet is to arrive in a VPC.
    pub(super) fn is_at(&self, vpc: Id<Vpc>) -> Tri {
        match self.to {
            End::Vpc(to) => self.network.same_vpc(vpc, to),
            End::Outside => Tri::No,
        }
    }

    /// The block that is known to hold the destination.
    pub(super) fn prefix(&self) -> Option<IpNet> {
        self.interface.prefix(self.network, self.family).ok().and_then(|prefix| prefix.net().ok())
    }

    /// Whether a block covers the destination: its address, its subnet, or its whole VPC.
    pub(super) fn covers(&self, destination: &Cidr) -> Tri {
        let prefix = self.interface.prefix(self.network, self.family);
        let narrow = match &prefix {
            Ok(prefix) => match destination.covers(prefix) {
                // A route inside the subnet takes some of its addresses.
                Tri::No if destination.overlaps(prefix) != Tri::No => Tri::Maybe(Unknown::new(
                    format!("which addresses of {prefix} are used"),
                    Why::KnownAfterApply,
                )),
                narrow => narrow,
            },
            Err(unknown) => Tri::Maybe(unknown.clone()),
        };
        let End::Vpc(other) = self.to else { return narrow };
        if narrow == Tri::Yes || narrow == Tri::No {
            return narrow;
        }
        let blocks = self.network.blocks_of(other, self.family);
        let whole = Tri::all(blocks.items.iter().map(|(block, _)| destination.covers(block)));
        if blocks.open.is_none() && !blocks.items.is_empty() && whole == Tri::Yes {
            return Tri::Yes;
        }
        let apart = blocks.items.iter().all(|(block, _)| destination.overlaps(block) == Tri::No);
        if blocks.open.is_none() && !blocks.items.is_empty() && apart { Tri::No } else { narrow }
    }

    /// The block of the destination's VPC that holds it.
    pub(super) fn block(&self) -> Option<Cidr> {
        let prefix = self.interface.prefix(self.network, self.family);
        let End::Vpc(other) = self.to else { return prefix.ok() };
        let blocks = &self.network.blocks_of(other, self.family).items;
        let holds = |block: &Cidr| match prefix.as_ref().map(|prefix| block.covers(prefix)) {
            Ok(Tri::Yes) => true,
            Ok(Tri::No) => false,
            Ok(Tri::Maybe(_)) | Err(_) => blocks.len() == 1,
        };
        blocks.iter().map(|(block, _)| block).find(|block| holds(block)).cloned()
    }

    /// What a table lacks, and what it has in its place.
    fn missing(&self, table: Id<RouteTable>, home: Id<Vpc>, subnet: Id<Subnet>) -> Missing {
        let network = self.network;
        let mut missing = Missing {
            table,
            subnet,
            to: self.to,
            block: self.block(),
            peering: None,
            gateway: None,
            near: None,
        };
        let End::Vpc(other) = self.to else { return missing };
        let joining = network.peerings_between(home, other);
        let certain = joining.into_iter().find(|peering| peering.exists.is_ok());
        missing.peering = certain.map(|peering| peering.id);
        missing.gateway = network.gateways_between(home, other).first().copied().or_else(|| {
            let mut own = network.gateways_at(home).into_iter();
            own.find(|gateway| self.beyond_peering(*gateway, other).is_some())
        });
        let over = |route: &&Entry<Target>| match &route.target {
            Ok(Target::Peering(over)) => Some(*over) == missing.peering,
            _ => false,
        };
        let there = |table| network.routes_of(table).entries.iter().find(over);
        let covers = |route: &Entry<Target>| {
            route.destination.as_ref().is_ok_and(|block| self.covers(block) == Tri::Yes)
        };
        let own = there(table).map(|route| {
            if covers(route) { Near::Beaten(route.span) } else { Near::OtherBlock(route.span) }
        });
        let of_vpc = network.route_tables.iter().filter(|one| {
            let own = matches!(one.vpc.get(), Ok(Some(vpc)) if network.vpc(*vpc).id == home);
            own && one.id != table
        });
        missing.near = own.or_else(|| {
            let mut others = of_vpc.filter_map(|one| there(one.id));
            others.find(|route| covers(route)).map(|route| Near::OtherTable(route.span))
        });
        missing
    }
}
