//! By which route a packet for an address outside the code leaves a subnet.

use std::net::IpAddr;

use crate::network::{Cidr, Id, Network, RouteTable, Subnet, Target};
use crate::source::Span;
use crate::unknown::Unknown;

/// The route that takes a packet out of a subnet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exit {
    /// The table that serves the subnet.
    pub table: Id<RouteTable>,
    /// Where its route leads, and the route; `None` where it has none for the address.
    pub route: Option<(Target, Span)>,
}

/// By which route a packet for `address` leaves a subnet.
pub fn exit(network: &Network, subnet: Id<Subnet>, address: IpAddr) -> Result<Exit, Unknown> {
    let table = network.route_table_of(subnet)?;
    let routes = network.routes_of(table);
    let to = Cidr::from(address);
    let matches = routes.matches(to.net().ok(), |block| block.covers(&to));
    if let Some((_, unknown)) = matches.rivals.first() {
        return Err(unknown.clone());
    }
    match (matches.best.first(), &routes.open) {
        (Some(route), _) => Ok(Exit { table, route: Some((route.target.clone()?, route.span)) }),
        (None, Some(unknown)) => Err(unknown.clone()),
        (None, None) => Ok(Exit { table, route: None }),
    }
}
