//! Which route table serves a subnet, and what is in it.

use crate::unknown::{Unknown, Why};

use super::id::{Id, Key};
use super::{Network, Route, RouteTable, Subnet, Target, Vpc};

/// What is in a table.
#[derive(Debug)]
pub struct Routes<'a> {
    /// The routes; where the second is set, it cannot be told whether the route is there.
    pub routes: Vec<(&'a Route, Option<Unknown>)>,
    /// Where set, there may be more.
    pub open: Option<Unknown>,
}

impl Network {
    /// The table that serves a subnet: its explicit one, else the VPC's main table
    /// (<https://docs.aws.amazon.com/vpc/latest/userguide/subnet-route-tables.html>).
    pub fn route_table_of(&self, subnet: Id<Subnet>) -> Result<Id<RouteTable>, Unknown> {
        let subnet = &self.subnets[subnet];
        let mut open: Option<Unknown> = None;
        for association in self.route_table_associations.iter() {
            let named = match association.subnet.get() {
                Ok(Some(named)) => &self.subnets[*named],
                Ok(None) => continue,
                Err(unknown) => {
                    open = Some(unknown);
                    continue;
                }
            };
            if named.id == subnet.id {
                association.exists.clone()?;
                return association.table.get().copied();
            }
            // A managed subnet with an explicit name of its own is no other subnet.
            if !named.managed {
                open = open.or(self.may_be(named, subnet));
            }
        }
        if let Some(unknown) = open.or_else(|| self.unseen_resource(subnet)) {
            return Err(unknown);
        }
        let vpc = self.vpc_of_subnet(subnet.id)?;
        if !subnet.managed {
            return Err(Unknown::new(
                format!("the route table of {}", subnet.name),
                Why::ReadAtApply,
            ));
        }
        self.main_route_table(vpc)
    }

    /// The table of a VPC's subnets that have none of their own.
    pub fn main_route_table(&self, vpc: Id<Vpc>) -> Result<Id<RouteTable>, Unknown> {
        let vpc = self.vpc(vpc);
        for association in self.main_route_tables.iter() {
            let named = self.vpc(*association.vpc.get()?);
            if named.id == vpc.id {
                association.exists.clone()?;
                return association.table.get().copied();
            }
        }
        let main = match vpc.key {
            Key::Resource(resource) => self.route_tables.find(&Key::Derived(resource, "main")),
            _ => None,
        };
        let name =
            || Unknown::new(format!("the main route table of {}", vpc.name), Why::ReadAtApply);
        let main = main.ok_or_else(name)?;
        let adopting = self
            .route_tables
            .iter()
            .find(|table| matches!(table.adopts.get(), Ok(Some(adopted)) if *adopted == main.id));
        match adopting {
            Some(table) => table.exists.clone().map(|()| table.id),
            None => Ok(main.id),
        }
    }

    /// What is in a table, beside the local route.
    pub fn routes_of(&self, id: Id<RouteTable>) -> Routes<'_> {
        let table = &self.route_tables[id];
        let mut routes: Vec<_> = table.routes.known().map(|(route, _)| (route, None)).collect();
        let mut open = table.routes.open();
        if !table.managed {
            open = open.or_else(|| self.may_be(table, table));
        }
        open = open.or_else(|| self.unseen_resource(table));
        for route in self.routes.iter() {
            let owner = match route.table.get() {
                Ok(owner) => &self.route_tables[*owner],
                Err(unknown) => {
                    open = open.or(Some(unknown));
                    continue;
                }
            };
            if owner.id == id || self.is_adopted_by(owner.id, id) {
                routes.push((&route.it.route, route.exists.clone().err()));
            } else if !owner.managed {
                open = open.or_else(|| self.may_be(owner, table));
            }
        }
        Routes { routes, open }
    }

    fn is_adopted_by(&self, main: Id<RouteTable>, table: Id<RouteTable>) -> bool {
        matches!(self.route_tables[table].adopts.get(), Ok(Some(adopted)) if *adopted == main)
    }
}

impl Target {
    /// What a message calls it.
    pub fn noun(&self) -> &'static str {
        match self {
            Self::Peering(_) => "a peering connection",
            Self::TransitGateway => "a transit gateway",
            Self::VpnGateway => "a virtual private gateway",
            Self::Internet => "the internet",
            Self::Local => "the VPC itself",
            Self::Other => "an interface or appliance",
        }
    }
}
