//! The way to the internet, for clients that are answered public addresses.

use ipnet::IpNet;

use crate::network::{
    Blocked, Cidr, Cluster, Declared, Entry, Family, Id, InternetGateway, NatGateway, Network,
    Nodes, RouteTableAssociation, Subnet, Target, Tri, Vpc,
};
use crate::source::Note;
use crate::unknown::{Unknown, Why};

use super::{outside, subnets_of};

/// Whether hosts of a VPC have a way to the public endpoint of a cluster.
pub fn to_public_endpoint(network: &Network, vpc: Id<Vpc>, cluster: Id<Cluster>) -> Tri {
    any_subnet(network, vpc, families(network, cluster))
}

/// The same of a host that may be in any of some subnets, or of all where there are none, with the route of one that
/// has.
pub fn way_to_public_endpoint(
    network: &Network,
    (vpc, subnets): (Id<Vpc>, &[Id<Subnet>]),
    cluster: Id<Cluster>,
) -> (Tri, Vec<Note>) {
    let families = families(network, cluster);
    let (there, hosts) = match subnets {
        [] => (any_subnet(network, vpc, families), subnets_of(network, vpc)),
        some => {
            let ways = some.iter().map(|subnet| of_subnet(network, vpc, *subnet, families));
            (Tri::all(ways), some.to_vec())
        }
    };
    let by = hosts
        .into_iter()
        .find_map(|subnet| families.iter().find_map(|family| route_out(network, subnet, *family)));
    (there, by.into_iter().collect())
}

/// The public endpoint has IPv6 addresses too where the cluster has
/// (<https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html>).
fn families(network: &Network, cluster: Id<Cluster>) -> &'static [Family] {
    match network.clusters[cluster].ip_family.get() {
        Ok(family) if family.as_deref() != Some("ipv6") => &[Family::V4],
        _ => &[Family::V4, Family::V6],
    }
}

/// The route by which packets of a subnet certainly get to the internet.
fn route_out(network: &Network, subnet: Id<Subnet>, family: Family) -> Option<Note> {
    let (table, blocked) =
        (network.route_table_of(subnet).ok()?, network.blocks_public_access(subnet).ok()?);
    let mut routes = network.routes_of(table).entries.iter();
    let route =
        routes.find(|route| way_by(network, route, (subnet, blocked), family) == Tri::Yes)?;
    let (table, by) = (&network.route_tables[table].name, route.target.as_ref().ok()?.noun());
    Some(Note::new(route.span, format!("{table} sends it to {by}")))
}

fn any_subnet(network: &Network, vpc: Id<Vpc>, families: &[Family]) -> Tri {
    let subnets = subnets_of(network, vpc);
    let name =
        || Unknown::new(format!("the subnets of {}", network.vpc(vpc).name), Why::ReadAtApply);
    if subnets.is_empty() {
        return Tri::Maybe(name());
    }
    let unseen = network.unseen(vpc).map(Tri::Maybe);
    let each = subnets.into_iter().flat_map(|subnet| {
        families.iter().map(move |family| from_subnet(network, subnet, *family))
    });
    Tri::any(unseen.into_iter().chain(each))
}

/// The same from one subnet.
fn of_subnet(network: &Network, vpc: Id<Vpc>, subnet: Id<Subnet>, families: &[Family]) -> Tri {
    let unseen = network.unseen(vpc).map(Tri::Maybe);
    let each = families.iter().map(|family| from_subnet(network, subnet, *family));
    Tri::any(unseen.into_iter().chain(each))
}

/// Whether nodes have no way to public addresses, from any of their subnets: a gateway of a kind that
/// may lead on, or networks that announce what they like, leave it open.
pub fn is_cut_off(network: &Network, nodes: &Nodes<'_>) -> Tri {
    if let Some(unknown) = nodes.own_setup.clone().or_else(|| nodes.subnets.open()) {
        return Tri::Maybe(unknown);
    }
    if nodes.subnets.is_empty() {
        let name = format!("the subnets of {}", nodes.name);
        return Tri::Maybe(Unknown::new(name, Why::Invalid("it is not set".into())));
    }
    let ways = nodes.subnets.known().map(|(subnet, _)| {
        let subnet = &network.subnets[*subnet];
        let outside = (!subnet.managed).then(|| {
            Tri::Maybe(Unknown::new(format!("the routes of {}", subnet.name), Why::ReadAtApply))
        });
        let unseen = network.unseen_resource(subnet).map(Tri::Maybe);
        let families = [Family::V4, Family::V6].into_iter();
        let written = families.map(|family| from_subnet(network, subnet.id, family));
        Tri::any(written.chain(announced(network, subnet.id)).chain(outside).chain(unseen))
    });
    match Tri::any(ways) {
        Tri::Yes => Tri::No,
        Tri::No => Tri::Yes,
        maybe @ Tri::Maybe(_) => maybe,
    }
}

/// What BGP announces to a subnet may be a default route.
fn announced(network: &Network, subnet: Id<Subnet>) -> Option<Tri> {
    let table = network.route_table_of(subnet).ok()?;
    let mut entries = network.routes_of(table).entries.iter();
    let route = entries.find(|route| route.origin.is_announced())?;
    Some(Tri::Maybe(match &route.target {
        Ok(target) => {
            let name = format!("what BGP announces through {}", target.noun());
            Unknown::new(name, Why::ReadAtApply)
        }
        Err(unknown) => unknown.clone(),
    }))
}

fn from_subnet(network: &Network, subnet: Id<Subnet>, family: Family) -> Tri {
    let table = match network.route_table_of(subnet) {
        Ok(table) => table,
        Err(unknown) => return Tri::Maybe(unknown),
    };
    let blocked = match network.blocks_public_access(subnet) {
        Ok(blocked) => blocked,
        Err(unknown) => return Tri::Maybe(unknown),
    };
    let routes = network.routes_of(table);
    let ways = routes.entries.iter();
    let ways = ways.map(|route| way_by(network, route, (subnet, blocked), family));
    Tri::any(ways.chain(routes.open.clone().map(Tri::Maybe)))
}

/// Whether a route is a way to the internet. What BGP announces is the networks behind it, as far as nobody says
/// otherwise.
fn way_by(
    network: &Network,
    route: &Entry<Target>,
    from: (Id<Subnet>, Blocked),
    family: Family,
) -> Tri {
    if route.origin.is_announced() {
        return Tri::No;
    }
    let there = route.exists.clone().map_or_else(Tri::Maybe, |()| Tri::Yes);
    Tri::all([there, is_public(route, family), leads_out(network, route, from, family)])
}

/// Whether a route is for the internet: for all of it, or for addresses that may be the endpoint's.
fn is_public(route: &Entry<Target>, family: Family) -> Tri {
    match (&route.destination, family) {
        (Ok(block), _) if block.family() != family => Tri::No,
        (Ok(Cidr::Net(net)), _) if net.prefix_len() == 0 => Tri::Yes,
        (Ok(Cidr::Net(net)), _) if is_private(net) => Tri::No,
        (Ok(Cidr::Net(net)), _) => {
            let name = format!("whether the endpoint's public addresses are in {net}");
            Tri::Maybe(Unknown::new(name, Why::KnownAfterApply))
        }
        (Ok(Cidr::Symbol(symbol, _)), _) => Tri::Maybe(symbol.unknown()),
        (Err(unknown), _) => Tri::Maybe(unknown.clone()),
    }
}

fn is_private(net: &IpNet) -> bool {
    match net {
        IpNet::V4(net) => net.addr().is_private() && net.broadcast().is_private(),
        IpNet::V6(net) => net.addr().is_unique_local(),
    }
}

/// Whether what a route names leads to the internet.
fn leads_out(
    network: &Network,
    route: &Entry<Target>,
    (subnet, blocked): (Id<Subnet>, Blocked),
    family: Family,
) -> Tri {
    match &route.target {
        Ok(Target::Internet(gateway)) if blocked == Blocked::Nothing => {
            through_gateway(network, *gateway, subnet, family)
        }
        Ok(Target::Internet(_)) => Tri::No,
        Ok(Target::EgressOnly) => {
            (blocked != Blocked::Bidirectional && family == Family::V6).into()
        }
        Ok(Target::Nat(_)) if blocked == Blocked::Bidirectional => Tri::No,
        Ok(Target::Nat(gateway)) => through_nat(network, *gateway),
        Ok(Target::Peering(_) | Target::Local) => Tri::No,
        Ok(target) => {
            let name = format!("a route to {}", target.noun());
            Tri::Maybe(Unknown::new(name, Why::NotEvaluated("a path beyond it".into())))
        }
        Err(unknown) => Tri::Maybe(unknown.clone()),
    }
}

/// Whether packets of a subnet get through an internet gateway, and their answers back.
fn through_gateway(
    network: &Network,
    gateway: Option<Id<InternetGateway>>,
    subnet: Id<Subnet>,
    family: Family,
) -> Tri {
    let attached = gateway.map_or(Tri::Yes, |gateway| network.is_attached(gateway));
    Tri::all([attached, comes_back(network, subnet, family)])
}

/// Whether answers from the internet go straight to a subnet: an internet gateway may have a table of its own, which
/// leads them to an appliance first
/// (<https://docs.aws.amazon.com/vpc/latest/userguide/gateway-route-tables.html>).
fn comes_back(network: &Network, subnet: Id<Subnet>, family: Family) -> Tri {
    let Ok(vpc) = network.vpc_of_subnet(subnet) else { return Tri::Yes };
    let block = network.subnets[subnet].block(family).get().ok().cloned().flatten();
    let covers = |destination: &Cidr| match &block {
        Some(block) if destination.overlaps(block) != Tri::No => Tri::Yes,
        Some(_) => Tri::No,
        None => Tri::Yes,
    };
    let of_internet_gateway = |one: &&Declared<RouteTableAssociation>| {
        let own = one.table.get().is_ok_and(|table| {
            let vpc_of_table = network.route_tables[*table].vpc.get().ok().copied().flatten();
            vpc_of_table.is_some_and(|other| network.same_vpc(other, vpc) == Tri::Yes)
        });
        own && one.subnet.get() == Ok(&None) && one.gateway.get() == Ok(&None)
    };
    let mut all = network.route_table_associations.iter().filter(of_internet_gateway);
    let prefix = block.as_ref().and_then(|block| block.net().ok());
    all.find_map(|one| outside::aside(network, one, prefix, covers)).map_or(Tri::Yes, Tri::Maybe)
}

/// A NAT gateway sends on by the table of its own subnet: a public one needs an internet gateway there
/// (<https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-scenarios.html>).
fn through_nat(network: &Network, id: Id<NatGateway>) -> Tri {
    let gateway = &network.nat_gateways[id];
    if !gateway.managed {
        return Tri::Yes;
    }
    if let Err(unknown) = &gateway.exists {
        return Tri::Maybe(unknown.clone());
    }
    let beyond = || {
        let name = format!("where {} sends it", gateway.name);
        Tri::Maybe(Unknown::new(name, Why::NotEvaluated("a private NAT gateway".into())))
    };
    match (gateway.private.get(), gateway.subnet.get()) {
        (Ok(true), _) => beyond(),
        (Err(unknown), _) | (_, Err(unknown)) => Tri::Maybe(unknown),
        // A regional one has no subnet, and finds its way by itself.
        (Ok(false), Ok(None)) => Tri::Yes,
        (Ok(false), Ok(Some(subnet))) => {
            let table = match network.route_table_of(*subnet) {
                Ok(table) => table,
                Err(unknown) => return Tri::Maybe(unknown),
            };
            let routes = network.routes_of(table);
            let ways = routes.entries.iter().map(|route| {
                let out = match &route.target {
                    Ok(Target::Internet(gateway)) => {
                        through_gateway(network, *gateway, *subnet, Family::V4)
                    }
                    // In a private subnet it sends to itself.
                    Ok(Target::Nat(next)) if *next == id => Tri::No,
                    Ok(Target::Peering(_) | Target::Local) => Tri::No,
                    // An appliance, a central network or another NAT gateway may stand before the internet gateway.
                    Ok(target) => {
                        let name = format!("a route to {}", target.noun());
                        let why = Why::NotEvaluated("a path beyond it".into());
                        Tri::Maybe(Unknown::new(name, why))
                    }
                    Err(unknown) => Tri::Maybe(unknown.clone()),
                };
                let there = route.exists.clone().map_or_else(Tri::Maybe, |()| Tri::Yes);
                Tri::all([there, is_public(route, Family::V4), out])
            });
            Tri::any(ways.chain(routes.open.clone().map(Tri::Maybe)))
        }
    }
}
