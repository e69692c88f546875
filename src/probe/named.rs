//! Clients by their names: as the code has them, or as a project calls what is outside the code.

use crate::dns::{Assumptions, Origin};
use crate::network::{Cluster, Declared, Network};

use super::Client;

/// What the world outside the code is called.
pub const ON_PREMISES: &str = "on-premises";

/// Anywhere at an origin.
pub fn anywhere(origin: Origin) -> Client {
    Client { origin, subnets: Vec::new(), network: None }
}

/// The client that a text names: a VPC, a Client VPN endpoint, a subnet or a host by its address, a network
/// that is told by its name, or whatever is on premises. A host stands for any in its subnets.
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
        let own = network.subnets.iter().find(|one| &*one.name == text);
        let subnets = match own {
            Some(own) => vec![own.id],
            None => network.subnets_of_host(network.host(text)?).into_iter().collect(),
        };
        let vpc = network.vpc_of_subnet(*subnets.first()?).ok()?;
        let is_one = subnets.iter().all(|other| network.vpc_of_subnet(*other) == Ok(vpc));
        is_one.then(|| Client { subnets, ..anywhere(Origin::Host(vpc)) })
    };
    vpc.or_else(|| Some(anywhere(Origin::ClientVpn(vpn()?.id)))).or_else(subnet)
}

/// The cluster that a text names.
pub fn cluster<'n>(network: &'n Network, text: &str) -> Option<&'n Declared<Cluster>> {
    network.clusters.iter().find(|one| &*one.name == text)
}
