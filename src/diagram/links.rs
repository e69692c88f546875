//! What joins the groups of a picture: peering, gateways, core networks, and the ways out of AWS.

use std::collections::BTreeSet;

use super::picture::{Drawing, GroupKind, Link};
use crate::network::{Attached, Id, TransitGateway, Vpc, VpnGateway};

impl Drawing<'_> {
    /// What joins the groups that are drawn.
    pub(super) fn links(&self) -> Vec<Link> {
        let network = self.network;
        let group = |vpc: Id<Vpc>| self.vpcs.get(&network.vpc(vpc).id).copied();
        let outside = self.groups.iter().position(|group| group.kind == GroupKind::OnPremises);
        let mut links = Vec::new();
        let mut add = |name: &str, kind, ends: BTreeSet<usize>, span| {
            if ends.len() > 1 {
                let ends = ends.into_iter().collect();
                links.push(Link { name: name.to_owned(), kind, ends, span });
            }
        };
        for peering in network.peerings.iter() {
            let ends = [&peering.requester, &peering.accepter];
            let ends = ends.into_iter().filter_map(|end| group(*end.get().ok()?)).collect();
            add(&peering.name, "peering", ends, peering.span);
        }
        let attached = |gateway: Id<TransitGateway>| {
            let own = network
                .attachments
                .iter()
                .filter(move |one| network.gateway_of(one.id).is_ok_and(|own| own == gateway));
            own.filter_map(|one| match &one.attached {
                Attached::Vpc(vpc, _) => group(*vpc.get().ok()?),
                Attached::Outside => outside,
                Attached::Gateway(_) => None,
            })
        };
        for gateway in network.transit_gateways.iter() {
            add(&gateway.name, "transit gateway", attached(gateway.id).collect(), gateway.span);
        }
        // What joins two transit gateways joins what is attached to them.
        for one in network.attachments.iter() {
            let (Attached::Gateway(peer), Ok(Some(own))) = (&one.attached, one.gateway.get())
            else {
                continue;
            };
            let peer = peer.get().ok().copied();
            let ends = attached(*own).chain(peer.into_iter().flat_map(attached)).collect();
            add(&one.name, "transit gateway peering", ends, one.span);
        }
        for core in network.core_networks.iter() {
            let own = network.core_attachments.iter().filter(|one| one.core.get() == Ok(&core.id));
            let ends = own.filter_map(|one| match &one.vpc {
                Some((vpc, _)) => group(*vpc.get().ok()?),
                None => outside,
            });
            add(&core.name, "core network", ends.collect(), core.span);
        }
        let vpcs_of = |gateway: Id<VpnGateway>| {
            let own = network.vpn_gateways[gateway].vpc.get().ok().copied().flatten();
            let attached = network.vpn_gateway_attachments.iter().filter_map(move |one| {
                (*one.gateway.get().ok()? == Some(gateway)).then_some(*one.vpc.get().ok()?)
            });
            own.into_iter().chain(attached).filter_map(group)
        };
        for gateway in network.vpn_gateways.iter() {
            let ends = vpcs_of(gateway.id).chain(outside).collect();
            add(&gateway.name, "virtual private gateway", ends, gateway.span);
        }
        for one in network.dx_associations.iter() {
            let ends = match (one.vpn_gateway.get(), one.transit_gateway.get()) {
                (Ok(Some(gateway)), _) => vpcs_of(*gateway).collect(),
                (_, Ok(Some(gateway))) => attached(*gateway).collect(),
                _ => BTreeSet::new(),
            };
            let ends = ends.into_iter().chain(outside).collect();
            add(&one.name, "Direct Connect gateway association", ends, one.span);
        }
        for one in network.dx_interfaces.iter() {
            let gateway = one.vpn_gateway.get().ok().copied().flatten();
            let ends = gateway.into_iter().flat_map(vpcs_of).chain(outside).collect();
            add(&one.name, "private virtual interface", ends, one.span);
        }
        for vpn in network.client_vpns.iter() {
            let home = network.vpc_of_client_vpn(vpn.id).ok().and_then(group);
            add(&vpn.name, "Client VPN", home.into_iter().chain(outside).collect(), vpn.span);
        }
        links
    }
}
