//! Routes: which table serves the subnet, and where its most specific match leads.

use crate::network::{Cidr, Declared, Id, Network, Route, RouteTable, Subnet, Target, Tri, Vpc};
use crate::trace::Steps;
use crate::unknown::{Unknown, Why};

use super::{Disposition, Interface, Missing, Near};

/// Where the packets from one interface to another go.
pub(super) fn route(
    network: &Network,
    from: &Interface,
    to: &Interface,
    steps: &mut Steps,
) -> Result<Disposition, Unknown> {
    // What lies outside the code is not judged; within a VPC every table has the local route.
    let (Some((home, subnet)), Some((other, _))) = (from.place, to.place) else {
        return Ok(Disposition::Delivered);
    };
    match network.same_vpc(home, other) {
        Tri::Yes => return Ok(Disposition::Delivered),
        Tri::Maybe(unknown) => return Err(unknown),
        Tri::No => {}
    }
    let way = Way { network, home: network.vpc(home).id, subnet, other: network.vpc(other).id, to };
    let table = network.route_table_of(subnet)?;
    let routes = network.routes_of(table);
    let mut best: Option<(u8, &Route)> = None;
    let mut rivals: Vec<(Option<u8>, &Route, Unknown)> = Vec::new();
    for (route, maybe) in &routes.routes {
        let destination = match route.destination.get() {
            Ok(destination) => destination,
            Err(unknown) => {
                rivals.push((None, route, unknown));
                continue;
            }
        };
        match (way.covers(destination), maybe) {
            (Tri::Yes, None) => {
                let length = length(destination);
                if best.is_none_or(|(longest, _)| length > longest) {
                    best = Some((length, route));
                }
            }
            (Tri::Yes, Some(unknown)) => {
                rivals.push((Some(length(destination)), route, unknown.clone()));
            }
            (Tri::Maybe(unknown), _) => rivals.push((known_length(destination), route, unknown)),
            (Tri::No, _) => {}
        }
    }
    let missing = || way.missing(table);
    let end = match best {
        Some((_, route)) => way.leads(route, missing()),
        None => Ok(Disposition::NoRoute(missing())),
    };
    let longest = best.map_or(0, |(length, _)| length);
    for (length, route, unknown) in rivals {
        let shorter = length.is_some_and(|length| best.is_some() && length <= longest);
        if !shorter && way.leads(route, missing()) != end {
            return Err(unknown);
        }
    }
    if end != Ok(Disposition::Delivered)
        && let Some(unknown) = routes.open
    {
        return Err(unknown);
    }
    tell(network, table, best, &end, steps);
    end
}

fn tell(
    network: &Network,
    table: Id<RouteTable>,
    best: Option<(u8, &Route)>,
    end: &Result<Disposition, Unknown>,
    steps: &mut Steps,
) {
    let Declared { name, span, .. } = &network.route_tables[table];
    match (best, end) {
        (Some((_, route)), Ok(Disposition::Delivered)) => {
            steps.add(route.span, format!("{name} has the route"));
        }
        (Some((_, route)), Ok(_)) => steps.add(route.span, format!("{name} sends it elsewhere")),
        (_, Ok(_)) => steps.add(*span, format!("{name} has no route to it")),
        (_, Err(_)) => {}
    }
}

/// From a subnet of one VPC to an interface in another.
struct Way<'a> {
    network: &'a Network,
    home: Id<Vpc>,
    subnet: Id<Subnet>,
    other: Id<Vpc>,
    to: &'a Interface,
}

impl Way<'_> {
    /// Whether a destination covers the other end: its address, its subnet, or its whole VPC.
    fn covers(&self, destination: &Cidr) -> Tri {
        let prefix = self.to.prefix(self.network);
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
        if narrow == Tri::Yes || narrow == Tri::No {
            return narrow;
        }
        let blocks = self.network.cidrs_of(self.other);
        let whole = Tri::all(blocks.items.iter().map(|(block, _)| destination.covers(block)));
        if blocks.open.is_none() && !blocks.items.is_empty() && whole == Tri::Yes {
            return Tri::Yes;
        }
        let apart = blocks.items.iter().all(|(block, _)| destination.overlaps(block) == Tri::No);
        if blocks.open.is_none() && !blocks.items.is_empty() && apart { Tri::No } else { narrow }
    }

    /// Where a route that matches leads.
    fn leads(&self, route: &Route, missing: Missing) -> Result<Disposition, Unknown> {
        let network = self.network;
        match route.target.get()? {
            Target::Peering(peering) => {
                let Some((a, b)) = network.sides(*peering) else {
                    let name = std::sync::Arc::clone(&network.peerings[*peering].name);
                    return Err(Unknown::new(name, Why::ReadAtApply));
                };
                let ends = (self.home, self.other);
                let joins = ends == (a, b) || ends == (b, a);
                let known = network.peerings[*peering].managed;
                if joins {
                    Ok(Disposition::Delivered)
                } else if known && network.vpcs[a].managed && network.vpcs[b].managed {
                    Ok(Disposition::ExitsNetwork(missing, route.span))
                } else {
                    let name = std::sync::Arc::clone(&network.peerings[*peering].name);
                    Err(Unknown::new(name, Why::ReadAtApply))
                }
            }
            Target::Internet | Target::VpnGateway => {
                Ok(Disposition::ExitsNetwork(missing, route.span))
            }
            Target::Local => Ok(Disposition::NoRoute(missing)),
            target @ (Target::TransitGateway | Target::Other) => Err(Unknown::new(
                format!("a route to {}", target.noun()),
                Why::NotEvaluated("a path beyond peering".into()),
            )),
        }
    }

    /// The block of the other VPC that holds the other end.
    fn block(&self) -> Option<Cidr> {
        let prefix = self.to.prefix(self.network);
        let blocks = self.network.cidrs_of(self.other).items;
        let holds = |block: &Cidr| match &prefix {
            Ok(prefix) => block.covers(prefix) == Tri::Yes,
            Err(_) => blocks.len() == 1,
        };
        blocks.iter().map(|(block, _)| block).find(|block| holds(block)).cloned()
    }

    fn missing(&self, table: Id<RouteTable>) -> Missing {
        let Self { network, home, other, subnet, .. } = *self;
        let joining = network.peerings_between(home, other);
        let certain = joining.into_iter().find(|peering| peering.exists.is_ok());
        let peering = certain.map(|peering| peering.id);
        let over = |route: &&Route| match route.target.get() {
            Ok(Target::Peering(over)) => Some(*over) == peering,
            _ => false,
        };
        let there = |table| {
            let routes = network.routes_of(table).routes;
            routes.into_iter().map(|(route, _)| route).find(over)
        };
        let covers = |route: &Route| {
            route.destination.get().is_ok_and(|block| self.covers(block) == Tri::Yes)
        };
        let own = there(table).map(|route| {
            if covers(route) { Near::Beaten(route.span) } else { Near::OtherBlock(route.span) }
        });
        let of_vpc = network.route_tables.iter().filter(|one| {
            let own = matches!(one.vpc.get(), Ok(Some(vpc)) if network.vpc(*vpc).id == home);
            own && one.id != table
        });
        let near = own.or_else(|| {
            let mut others = of_vpc.filter_map(|one| there(one.id));
            others.find(|route| covers(route)).map(|route| Near::OtherTable(route.span))
        });
        Missing { table, subnet, to: other, block: self.block(), peering, near }
    }
}

fn known_length(destination: &Cidr) -> Option<u8> {
    destination.net().ok().map(|net| net.prefix_len())
}

/// A block that is only known by name matched because it is the other VPC's own: nothing in use is
/// more specific.
fn length(destination: &Cidr) -> u8 {
    known_length(destination).unwrap_or(u8::MAX)
}
