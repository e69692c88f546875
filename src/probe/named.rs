//! Clients by their names: as the code has them, or as a project calls what is outside the code.

use crate::dns::{Assumptions, Origin};
use crate::network::{Cluster, Declared, Id, Network, Subnet};

use super::Client;

/// What the world outside the code is called.
pub const ON_PREMISES: &str = "on-premises";

/// Anywhere at an origin.
pub fn anywhere(origin: Origin) -> Client {
    Client { origin, subnet: None, network: None }
}

/// The client that a text names: a VPC, a Client VPN endpoint, a subnet or a host by its address, a network
/// that is told by its name, or whatever is on premises. A host stands for any in its subnet.
pub fn client(network: &Network, assumptions: &Assumptions, text: &str) -> Option<Client> {
    if text == ON_PREMISES {
        return Some(anywhere(Origin::OnPremises));
    }
    if let Some(at) = assumptions.networks.iter().position(|one| &*one.name == text) {
        return Some(Client { network: Some(at), ..anywhere(Origin::OnPremises) });
    }
    let vpc = network.vpcs.iter().find(|one| &*one.name == text);
    let vpc = vpc.map(|one| anywhere(Origin::Host(network.vpc(one.id).id)));
    let vpn = || network.client_vpns.iter().find(|one| &*one.name == text);
    let subnet = || {
        let own = network.subnets.iter().find(|one| &*one.name == text).map(|one| one.id);
        let subnet = own.or_else(|| home(network, text))?;
        let vpc = network.vpc_of_subnet(subnet).ok()?;
        Some(Client { subnet: Some(subnet), ..anywhere(Origin::Host(vpc)) })
    };
    vpc.or_else(|| Some(anywhere(Origin::ClientVpn(vpn()?.id)))).or_else(subnet)
}

/// The subnet of a host that is in one alone.
fn home(network: &Network, text: &str) -> Option<Id<Subnet>> {
    let mut subnets = network.subnets_of_host(network.host(text)?).into_iter();
    subnets.next().filter(|_| subnets.next().is_none())
}

/// The cluster that a text names.
pub fn cluster<'n>(network: &'n Network, text: &str) -> Option<&'n Declared<Cluster>> {
    network.clusters.iter().find(|one| &*one.name == text)
}
