//! Networks outside AWS as an end: behind a virtual private gateway, a VPN connection, Direct Connect.

use std::net::IpAddr;

use ipnet::IpNet;

use crate::network::{
    Attached, Cidr, ClientVpn, CoreAttachment, CoreNetwork, Declared, DxAssociation, Family, Id,
    Network, RouteTableAssociation, Target, TransitGateway, TransitGatewayAttachment, Tri, Vpc,
    VpnConnection, VpnGateway,
};
use crate::source::Span;
use crate::unknown::{Unknown, Why};

use super::route::Walk;
use super::{Disposition, Interface, Unreachable, from_outside};

impl Walk<'_> {
    /// Out through a virtual private gateway: what is behind it is written out, or BGP tells.
    pub(super) fn leave_by_vpn(
        &mut self,
        gateway: Id<VpnGateway>,
        home: Id<Vpc>,
        route: Span,
    ) -> Result<Disposition, Unknown> {
        let network = self.network;
        let own = &network.vpn_gateways[gateway];
        match network.vpn_attached(gateway, home) {
            Tri::Yes => {}
            Tri::Maybe(unknown) => return Err(unknown),
            Tri::No => {
                let vpc = &network.vpc(home).name;
                self.steps.add(own.span, format!("{} is not attached to {vpc}", own.name));
                let why = Unreachable::GatewayNotAttached(gateway, home);
                return Ok(Disposition::NeighborUnreachable(why, route));
            }
        }
        let behind = behind(network, gateway);
        let written = behind.iter().flat_map(|vpn| network.vpn_routes_of(*vpn));
        let covered = written.map(|(block, exists, _)| match (block, exists) {
            (Ok(block), Ok(())) => self.covers(&block),
            (Err(unknown), _) | (_, Err(unknown)) => Tri::Maybe(unknown),
        });
        let open = network.bgp_of(gateway).map(Tri::Maybe);
        match Tri::any(covered.chain(open)) {
            Tri::Yes => {
                self.steps.add(own.span, format!("{} sends it out of AWS", own.name));
                Ok(Disposition::Delivered)
            }
            Tri::Maybe(unknown) => Err(unknown),
            Tri::No => {
                let text = format!("no VPN connection of {} has a route to it", own.name);
                self.steps.add(own.span, text);
                let why = Unreachable::NoVpnRoute(gateway);
                Ok(Disposition::NeighborUnreachable(why, route))
            }
        }
    }

    /// Why what comes in by a gateway may be sent to an appliance first: the gateway has a table of its own
    /// (<https://docs.aws.amazon.com/vpc/latest/userguide/gateway-route-tables.html>).
    fn led_aside(&self, gateway: Id<VpnGateway>) -> Option<Unknown> {
        let own = |one: &&Declared<RouteTableAssociation>| matches!(one.gateway.get(), Ok(Some(of)) if *of == gateway);
        self.network.route_table_associations.iter().filter(own).find_map(|association| {
            aside(self.network, association, self.prefix(), |block| self.covers(block))
        })
    }

    /// From outside into a VPC: by whatever gateway lets it in.
    pub(super) fn come_in(&mut self, vpc: Id<Vpc>) -> Result<Disposition, Unknown> {
        let network = self.network;
        let mut ends: Vec<Result<Disposition, Unknown>> = Vec::new();
        for gateway in network.vpn_gateways.iter() {
            match network.vpn_attached(gateway.id, vpc) {
                Tri::Yes => ends.push(self.come_in_by_vpn(gateway.id)),
                Tri::Maybe(unknown) => ends.push(Err(unknown)),
                Tri::No => {}
            }
        }
        for gateway in network.gateways_at(vpc) {
            for attachment in outside_attachments(network, gateway) {
                ends.push(self.come_in_by_attachment(attachment, gateway));
                self.passed.clear();
            }
        }
        for (core, attachment) in core_attachments(network, vpc) {
            ends.push(self.through_core(attachment, core));
        }
        if ends.contains(&Ok(Disposition::Delivered)) {
            return Ok(Disposition::Delivered);
        }
        let open = ends.iter().filter_map(|end| end.as_ref().err().cloned());
        if let Some(unknown) = Unknown::of_all(open) {
            return Err(unknown);
        }
        if let Some(end) = ends.into_iter().next() {
            return end;
        }
        let own = network.vpc(vpc);
        if from_outside(network, vpc) {
            let name = format!("what leads to {} from outside", own.name);
            return Err(Unknown::new(name, Why::ReadAtApply));
        }
        self.steps.add(own.span, format!("nothing leads to {} from outside", own.name));
        Ok(Disposition::NeighborUnreachable(Unreachable::NoWayIn(vpc), own.span))
    }

    fn come_in_by_vpn(&mut self, gateway: Id<VpnGateway>) -> Result<Disposition, Unknown> {
        let network = self.network;
        let own = &network.vpn_gateways[gateway];
        if let Some(unknown) = self.led_aside(gateway) {
            return Err(unknown);
        }
        if !behind(network, gateway).is_empty() {
            self.steps.add(own.span, format!("{} lets it in", own.name));
            return Ok(Disposition::Delivered);
        }
        let of_gateway = |one: &&Declared<DxAssociation>| matches!(one.vpn_gateway.get(), Ok(Some(of)) if *of == gateway);
        let mut ends = Vec::new();
        for association in network.dx_associations.iter().filter(of_gateway) {
            // Without a list, the blocks of the VPC are announced; with one, those that it covers whole.
            let block = self.block();
            let announced = if association.allowed_prefixes.is_empty() {
                Tri::Yes
            } else {
                is_announced(association, |allowed| match &block {
                    Some(block) => allowed.covers(block),
                    None => self.covers(allowed),
                })
            };
            match announced {
                Tri::Yes => return Ok(Disposition::Delivered),
                Tri::Maybe(unknown) => ends.push(Err(unknown)),
                Tri::No => ends.push(Ok(association.id)),
            }
        }
        let end = ends.into_iter().reduce(|a, b| if a.is_err() { a } else { b });
        let name = || Unknown::new(format!("what ends at {}", own.name), Why::ReadAtApply);
        let association = end.ok_or_else(name)??;
        Ok(self.not_announced(association))
    }

    /// From outside through an attachment of a transit gateway; Direct Connect lets in what it announces,
    /// which is what its association allows and nothing else
    /// (<https://docs.aws.amazon.com/directconnect/latest/UserGuide/allowed-to-prefixes.html>).
    fn come_in_by_attachment(
        &mut self,
        id: Id<TransitGatewayAttachment>,
        gateway: Id<TransitGateway>,
    ) -> Result<Disposition, Unknown> {
        if let Some(association) = self.network.dx_association_of(id) {
            match is_announced(association, |allowed| self.covers(allowed)) {
                Tri::Yes => {}
                Tri::Maybe(unknown) => return Err(unknown),
                Tri::No if association.allowed_prefixes.is_empty() => {
                    let name = format!("the allowed prefixes of {}", association.name);
                    return Err(Unknown::new(name, Why::KnownAfterApply));
                }
                Tri::No => return Ok(self.not_announced(association.id)),
            }
        }
        self.through_gateway(id, gateway)
    }

    fn not_announced(&mut self, id: Id<DxAssociation>) -> Disposition {
        let association = &self.network.dx_associations[id];
        let text = format!("{} does not announce it", association.name);
        self.steps.add(association.span, text);
        Disposition::NeighborUnreachable(Unreachable::NotAnnounced(id), association.span)
    }
}

/// Why what comes in by a gateway with this table may be sent to an appliance first.
pub(super) fn aside(
    network: &Network,
    association: &RouteTableAssociation,
    prefix: Option<IpNet>,
    covers: impl Fn(&Cidr) -> Tri,
) -> Option<Unknown> {
    let table = match association.table.get() {
        Ok(table) => &network.route_tables[*table],
        Err(unknown) => return Some(unknown),
    };
    let matches = network.routes_of(table.id).matches(prefix, covers);
    let rivals = matches.rivals.iter().map(|(route, _)| route);
    let mut all = matches.best.iter().chain(rivals);
    let aside = all.any(|route| route.target != Ok(Target::Local));
    let why = Why::NotEvaluated("a way through an appliance".into());
    aside.then(|| Unknown::new(format!("a route of {}", table.name), why))
}

/// Whether an association announces what holds for one of its blocks.
fn is_announced(association: &Declared<DxAssociation>, announces: impl Fn(&Cidr) -> Tri) -> Tri {
    let allowed = &association.allowed_prefixes;
    let known = allowed.known().map(|(block, _)| announces(block));
    Tri::any(known.chain(allowed.open().map(Tri::Maybe)))
}

impl Interface {
    /// Whether it has an address that the internet carries.
    pub(super) fn is_public(&self, network: &Network) -> bool {
        let known = self.address.clone().or_else(|| self.prefix(network, Family::V4).ok());
        known.and_then(|block| block.net().ok()).is_some_and(|net| !is_private(net.addr()))
    }
}

/// Whether the internet does not carry an address.
pub fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => {
            let shared = address.octets()[0] == 100 && address.octets()[1] & 0xc0 == 64;
            address.is_private() || address.is_link_local() || shared
        }
        IpAddr::V6(address) => address.is_unique_local() || address.is_unicast_link_local(),
    }
}

/// The VPN connections that end at a virtual private gateway.
fn behind(network: &Network, gateway: Id<VpnGateway>) -> Vec<Id<VpnConnection>> {
    let own = network.vpn_connections.iter().filter(|one| {
        matches!(one.gateway.get(), Ok(Some(of)) if *of == gateway) && one.exists.is_ok()
    });
    own.map(|one| one.id).collect()
}

/// The attachments of a transit gateway behind which are networks outside AWS.
fn outside_attachments(
    network: &Network,
    gateway: Id<TransitGateway>,
) -> Vec<Id<TransitGatewayAttachment>> {
    let outside = network.attachments.iter().filter(|one| {
        matches!(one.attached, Attached::Outside) && network.gateway_of(one.id) == Ok(gateway)
    });
    outside.map(|one| one.id).collect()
}

/// The attachments behind which are networks outside AWS, of the core networks of a VPC.
fn core_attachments(network: &Network, vpc: Id<Vpc>) -> Vec<(Id<CoreNetwork>, Id<CoreAttachment>)> {
    let mut all = Vec::new();
    for core in network.core_networks.iter() {
        if network.core_attachments_of(vpc, core.id).items.is_empty() {
            continue;
        }
        let of_core = network.core_attachments.iter().filter(|one| one.core.get() == Ok(&core.id));
        let outside = of_core.filter(|one| one.vpc.is_none());
        all.extend(outside.map(|one| (core.id, one.id)));
    }
    all
}

/// Whether Client VPN lets its clients reach a block: a rule must admit it, and a route lead there
/// (<https://docs.aws.amazon.com/vpn/latest/clientvpn-admin/how-it-works.html>).
pub fn client_vpn_admits(network: &Network, endpoint: Id<ClientVpn>, block: &Cidr) -> Tri {
    let own = &network.client_vpns[endpoint];
    let unseen = network.unseen_resource(own).map(Tri::Maybe);
    let admitted = network.client_vpn_authorizations.iter().filter_map(|rule| {
        let block = rule.exists.clone().and_then(|()| rule.destination.get());
        is_of(network, rule.endpoint.get(), endpoint).when(block)
    });
    let admitted = Tri::any([cover(admitted, block)].into_iter().chain(unseen.clone()));
    let routed = client_vpn_routes_to(network, endpoint, block);
    let local = network.client_vpn_associations.iter().filter_map(|one| {
        let subnet = one.subnet.get().and_then(|subnet| network.vpc_of_subnet(*subnet));
        let vpc = is_of(network, one.endpoint.get(), endpoint).when(subnet)?;
        Some(vpc.map_or_else(Tri::Maybe, |vpc| {
            let blocks = network.cidrs_of(vpc);
            let known = blocks.items.iter().map(|(own, _)| own.covers(block));
            Tri::any(known.chain(blocks.open.clone().map(Tri::Maybe)))
        }))
    });
    let routed = Tri::any([routed].into_iter().chain(local).chain(unseen));
    Tri::all([admitted, routed])
}

/// Whether the routes that are written for a Client VPN lead to a block.
pub fn client_vpn_routes_to(network: &Network, endpoint: Id<ClientVpn>, block: &Cidr) -> Tri {
    let routed = network.client_vpn_routes.iter().filter_map(|route| {
        let block = route.exists.clone().and_then(|()| route.destination.get());
        is_of(network, route.endpoint.get(), endpoint).when(block)
    });
    cover(routed, block)
}

fn is_of(
    network: &Network,
    named: Result<&Id<ClientVpn>, Unknown>,
    endpoint: Id<ClientVpn>,
) -> Tri {
    let all = &network.client_vpns;
    named.map_or_else(Tri::Maybe, |named| network.same(&all[*named], &all[endpoint]))
}

/// Whether every address of a block lies in one of others: two halves cover the whole.
fn cover<'a>(blocks: impl Iterator<Item = Result<&'a Cidr, Unknown>>, block: &Cidr) -> Tri {
    let blocks: Vec<_> = blocks.collect();
    let known = blocks.iter().filter_map(|one| one.as_ref().ok());
    let nets: Vec<IpNet> = known.filter_map(|one| one.net().ok()).collect();
    let together = |inner: IpNet| IpNet::aggregate(&nets).iter().any(|net| net.contains(&inner));
    if block.net().is_ok_and(together) {
        return Tri::Yes;
    }
    let each = |one: Result<&Cidr, Unknown>| one.map_or_else(Tri::Maybe, |one| one.covers(block));
    Tri::any(blocks.into_iter().map(each))
}
