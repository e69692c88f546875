//! The ways from networks to clusters.

use crate::network::{Cluster, Id, Network, Protocol, Subnet, Target, Tri, Vpc};
use crate::unknown::{Unknown, Why};

use super::{Disposition, Flow, Guard, Interface, Journey, Stage, bounded, reach};

/// The managed subnets of a VPC, in the order of the code.
pub fn subnets_of(network: &Network, vpc: Id<Vpc>) -> Vec<Id<Subnet>> {
    let here = network.subnets_in(vpc).iter().map(|subnet| &network.subnets[*subnet]);
    here.filter(|subnet| subnet.managed && subnet.exists.is_ok()).map(|subnet| subnet.id).collect()
}

/// The flows from the hosts of a VPC to each subnet that holds a cluster's network interfaces, on TCP
/// 443: per subnet the way of the host that fares best. EKS may put its interfaces into any of them
/// (<https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html>).
pub fn to_cluster(
    network: &Network,
    client: Id<Vpc>,
    cluster: Id<Cluster>,
) -> Result<Vec<(Id<Subnet>, Journey)>, Unknown> {
    let hosts = subnets_of(network, client);
    let more = more_subnets(network, client);
    if hosts.is_empty()
        && let Some(unknown) = more
    {
        return Err(unknown);
    }
    let host = |subnet: &Id<Subnet>| {
        let place = Some((client, *subnet));
        Interface { place, address: None, guard: Guard::AnyHost }
    };
    let hosts: Vec<_> = hosts.iter().map(host).collect();
    // A host in a subnet that cannot be seen may fare better on the way there and back.
    let unsure = |mut journey: Journey| {
        for (stage, end) in &mut journey.stages {
            let of_host = !matches!(stage, Stage::Out | Stage::In | Stage::Connections);
            if let (Some(unknown), true, Ok(_)) = (&more, of_host, &end)
                && *end != Ok(Disposition::Delivered)
            {
                *end = Err(unknown.clone());
            }
        }
        journey
    };
    let ways = interfaces_to_cluster(network, &hosts, cluster)?.into_iter();
    Ok(ways.map(|(subnet, journey)| (subnet, unsure(journey))).collect())
}

/// Whether the routes of a VPC lead to a subnet that holds a cluster's network interfaces.
pub fn leads_to_cluster(network: &Network, from: Id<Vpc>, cluster: Id<Cluster>) -> Tri {
    let ways = match to_cluster(network, from, cluster) {
        Ok(ways) => ways,
        Err(unknown) => return Tri::Maybe(unknown),
    };
    let there = ways.iter().flat_map(|(_, journey)| &journey.stages);
    Tri::any(there.filter(|(stage, _)| *stage == Stage::There).map(|(_, end)| match end {
        Ok(end) => (*end == Disposition::Delivered).into(),
        Err(unknown) => Tri::Maybe(unknown.clone()),
    }))
}

/// The same from some interfaces.
pub fn interfaces_to_cluster(
    network: &Network,
    hosts: &[Interface],
    cluster: Id<Cluster>,
) -> Result<Vec<(Id<Subnet>, Journey)>, Unknown> {
    let home = network.vpc_of_cluster(cluster)?;
    let tied = network.groups_of_cluster(cluster);
    let groups: Vec<_> = tied.items.iter().map(|(group, _)| *group).collect();
    let cluster = &network.clusters[cluster];
    let subnets = || cluster.subnets.known().map(|(subnet, _)| *subnet);
    bounded(hosts.len() * subnets().count(), &cluster.name)?;
    let best = |subnet: Id<Subnet>| {
        let guard = Guard::Groups(groups.clone(), tied.open.clone());
        let to = Interface { place: Some((home, subnet)), address: None, guard };
        let journeys = hosts.iter().map(|from| {
            reach(network, &Flow { from, to: &to, protocol: Protocol::Tcp, port: 443 })
        });
        journeys.min_by_key(|journey| match journey.end() {
            Ok(Disposition::Delivered) => 0,
            Err(_) => 1,
            Ok(_) => 2 + journey.faults().count(),
        })
    };
    Ok(subnets().filter_map(|subnet| Some((subnet, best(subnet)?))).collect())
}

/// Why a VPC may have further subnets.
fn more_subnets(network: &Network, vpc: Id<Vpc>) -> Option<Unknown> {
    let owner = network.vpc(vpc);
    let name = || Unknown::new(format!("the subnets of {}", owner.name), Why::ReadAtApply);
    let near = network.subnets_near(vpc);
    let near = near.into_iter().map(|subnet| &network.subnets[subnet]);
    let unsure = near.filter(|subnet| subnet.managed).find_map(|subnet| {
        match (network.vpc_of_subnet(subnet.id), &subnet.exists) {
            (Ok(own), Ok(())) if own == vpc => None,
            (Ok(own), Err(unknown)) if own == vpc => Some(unknown.clone()),
            (Ok(own), _) => match network.same_vpc(own, vpc) {
                Tri::Maybe(unknown) => Some(unknown),
                Tri::Yes | Tri::No => None,
            },
            (Err(unknown), _) => Some(unknown),
        }
    });
    network.unseen(vpc).or_else(|| (!owner.managed).then(name)).or(unsure)
}

/// Whether something outside the code may have a way to a VPC: a gateway other than peering.
pub fn from_outside(network: &Network, vpc: Id<Vpc>) -> bool {
    let inside = |target: &Target| {
        matches!(
            target,
            Target::Peering(_)
                | Target::Nat(_)
                | Target::Internet(_)
                | Target::EgressOnly
                | Target::Local
        )
    };
    subnets_of(network, vpc).is_empty()
        || subnets_of(network, vpc).into_iter().any(|subnet| {
            let Ok(table) = network.route_table_of(subnet) else { return true };
            let routes = network.routes_of(table);
            routes.open.is_some()
                || routes.entries.iter().any(|route| !route.target.as_ref().is_ok_and(inside))
        })
}

/// Whether a VPC is connected with another by peering, with a route there.
pub fn connected(network: &Network, from: Id<Vpc>, to: Id<Vpc>) -> bool {
    let peered = network.peerings_between(from, to);
    let over = |target: &Target| match target {
        Target::Peering(peering) => peered.iter().any(|one| one.id == *peering),
        _ => false,
    };
    let tables = subnets_of(network, from).into_iter();
    let mut tables = tables.filter_map(|subnet| network.route_table_of(subnet).ok());
    tables.any(|table| {
        let routes = &network.routes_of(table).entries;
        routes.iter().any(|route| route.target.as_ref().is_ok_and(over))
    })
}
