//! Which route table serves a subnet, and what is in it.

use crate::unknown::{Unknown, Why};

use super::fib::Fib;
use super::id::{Id, Key};
use super::{Network, RouteTable, Subnet, Target, Tri, Vpc};

impl Network {
    /// The table that serves a subnet: its explicit one, else the VPC's main table
    /// (<https://docs.aws.amazon.com/vpc/latest/userguide/subnet-route-tables.html>).
    pub fn route_table_of(&self, subnet: Id<Subnet>) -> Result<Id<RouteTable>, Unknown> {
        let table = self.forwarding.subnets.get(&subnet).cloned();
        let name = || format!("the route table of {}", self.subnets[subnet].name);
        table.unwrap_or_else(|| Err(Unknown::new(name(), Why::ReadAtApply)))
    }

    /// What is in a table, beside the local route.
    pub fn routes_of(&self, table: Id<RouteTable>) -> &Fib<Target> {
        &self.forwarding.tables[&table]
    }

    /// The table of a VPC's subnets that have none of their own.
    pub fn main_route_table(&self, vpc: Id<Vpc>) -> Result<Id<RouteTable>, Unknown> {
        let vpc = self.vpc(vpc);
        for association in self.main_route_tables.iter() {
            let named = self.vpc(*association.vpc.get()?);
            match self.same_vpc(named.id, vpc.id) {
                Tri::Yes => {
                    association.exists.clone()?;
                    return association.table.get().copied();
                }
                Tri::No => {}
                Tri::Maybe(unknown) => return Err(unknown),
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
}

impl Target {
    /// What a message calls it.
    pub fn noun(&self) -> &'static str {
        match self {
            Self::Peering(_) => "a peering connection",
            Self::TransitGateway(_) => "a transit gateway",
            Self::VpnGateway(_) => "a virtual private gateway",
            Self::Nat(_) => "a NAT gateway",
            Self::Internet(_) => "the internet",
            Self::EgressOnly => "an egress-only internet gateway",
            Self::Local => "the VPC itself",
            Self::CoreNetwork(_) => "a core network",
            Self::Appliance => "an interface or appliance",
            Self::Other => "a gateway of another kind",
        }
    }
}
