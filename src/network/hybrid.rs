//! What virtual private gateways and VPN connections lead to.

use crate::source::Span;
use crate::unknown::{Unknown, Why};

use super::cidr::Cidr;
use super::id::{Declared, Id};
use super::{Network, Tri, Vpc, VpnConnection, VpnGateway, VpnRoute};

/// A static route of a VPN connection, whether it is there, and where it is written.
type VpnBlock = (Result<Cidr, Unknown>, Result<(), Unknown>, Span);

impl Network {
    /// The static routes of a VPN connection.
    pub fn vpn_routes_of(&self, connection: Id<VpnConnection>) -> Vec<VpnBlock> {
        let connection = &self.vpn_connections[connection];
        let of = |route: &Declared<VpnRoute>| {
            let named = &self.vpn_connections[*route.connection.get().ok()?];
            let there = self.same(named, connection).when(route.exists.clone())?;
            Some((route.destination.get().cloned(), there, route.span))
        };
        self.vpn_routes.iter().filter_map(of).collect()
    }

    /// Why a virtual private gateway may know more blocks than are written out: BGP tells them.
    pub fn bgp_of(&self, id: Id<VpnGateway>) -> Option<Unknown> {
        let gateway = &self.vpn_gateways[id];
        let mut connections = self
            .vpn_connections
            .iter()
            .filter(|one| matches!(one.gateway.get(), Ok(Some(of)) if *of == id))
            .peekable();
        let closed = gateway.managed
            && connections.peek().is_some()
            && connections.all(|one| one.static_routes_only.get() == Ok(&true))
            && self.unseen_resource(gateway).is_none()
            && !self.has_direct_connect(id);
        let name = format!("what BGP announces to {}", gateway.name);
        (!closed).then(|| Unknown::new(name, Why::ReadAtApply))
    }

    /// Whether Direct Connect ends at a virtual private gateway.
    pub fn has_direct_connect(&self, gateway: Id<VpnGateway>) -> bool {
        let associated = self.dx_associations.iter().map(|one| one.vpn_gateway.get());
        let interfaces = self.dx_interfaces.iter().map(|one| one.vpn_gateway.get());
        associated.chain(interfaces).any(|of| matches!(of, Ok(Some(of)) if *of == gateway))
    }

    /// Whether a virtual private gateway is attached to a VPC.
    pub fn vpn_attached(&self, gateway: Id<VpnGateway>, vpc: Id<Vpc>) -> Tri {
        let own = &self.vpn_gateways[gateway];
        if !own.managed {
            return self.may_be(own, own).map_or(Tri::No, Tri::Maybe);
        }
        let is = |named: Id<Vpc>| self.same_vpc(named, vpc);
        let inline = match own.vpc.get() {
            Ok(Some(named)) => is(*named),
            Ok(None) => Tri::No,
            Err(unknown) => Tri::Maybe(unknown),
        };
        let apart = self.vpn_gateway_attachments.iter().filter_map(|one| {
            let of = match one.gateway.get() {
                Ok(Some(of)) if *of == gateway => one.vpc.get().map(|vpc| is(*vpc)),
                Ok(_) => return None,
                Err(unknown) => Err(unknown),
            };
            Some(match (of, &one.exists) {
                (Ok(Tri::Yes), Err(unknown)) => Tri::Maybe(unknown.clone()),
                (Ok(tri), _) => tri,
                (Err(unknown), _) => Tri::Maybe(unknown),
            })
        });
        let unseen = self.unseen_resource(own).map(Tri::Maybe);
        Tri::any([inline].into_iter().chain(apart).chain(unseen))
    }
}
