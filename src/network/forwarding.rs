//! The tables of a network, made ready for look-ups once: routes by table, tables by subnet.

use hashbrown::HashMap;
use std::collections::BTreeSet;

use crate::source::Span;
use crate::unknown::{Unknown, Why};

use super::attachments::{Associations, AttachedVpcs};
use super::core_segments::Segments;
use super::fib::{Entry, Fib, Origin};
use super::id::{Declared, Id};
use super::{
    Network, Next, Route, RouteDestination, RouteTable, RouteTableAssociation, Subnet, Target,
    TransitGatewayAttachment, TransitGatewayTable, VpnConnection, VpnGateway,
};

/// What every walk of a packet asks again and again.
#[derive(Debug, Default)]
pub(super) struct Forwarding {
    pub(super) tables: HashMap<Id<RouteTable>, Fib<Target>>,
    pub(super) subnets: HashMap<Id<Subnet>, Result<Id<RouteTable>, Unknown>>,
    pub(super) gateways: HashMap<Id<TransitGatewayTable>, Fib<Next>>,
    pub(super) attached: AttachedVpcs,
    pub(super) attached_unsure: Vec<Id<TransitGatewayAttachment>>,
    pub(super) associations: Associations,
    pub(super) segments: Segments,
}

impl Forwarding {
    pub(super) fn of(network: &Network) -> Self {
        let subnets = Subnets::of(network);
        let tables = Tables::of(network);
        let (attached, attached_unsure) = network.attached_vpcs();
        Self {
            subnets: network
                .subnets
                .iter()
                .map(|subnet| (subnet.id, subnets.table_of(network, subnet)))
                .collect(),
            tables: network
                .route_tables
                .iter()
                .map(|table| (table.id, tables.routes_of(network, table)))
                .collect(),
            gateways: network.gateway_fibs(),
            attached,
            attached_unsure,
            associations: network.find_associations(),
            segments: network.segments(),
        }
    }
}

/// Which subnets have a table of their own.
struct Subnets<'a> {
    explicit: HashMap<Id<Subnet>, &'a Declared<RouteTableAssociation>>,
    /// Named from outside: they may be any.
    named: BTreeSet<Id<Subnet>>,
    open: Option<Unknown>,
}

impl<'a> Subnets<'a> {
    fn of(network: &'a Network) -> Self {
        let mut all = Self { explicit: HashMap::new(), named: BTreeSet::new(), open: None };
        for association in network.route_table_associations.iter() {
            match association.subnet.get() {
                Ok(Some(subnet)) => {
                    all.explicit.entry(*subnet).or_insert(association);
                    if !network.subnets[*subnet].managed {
                        all.named.insert(*subnet);
                    }
                }
                Ok(None) => {}
                Err(unknown) => all.open = Some(unknown),
            }
        }
        all
    }

    fn table_of(
        &self,
        network: &Network,
        subnet: &Declared<Subnet>,
    ) -> Result<Id<RouteTable>, Unknown> {
        if let Some(association) = self.explicit.get(&subnet.id) {
            association.exists.clone()?;
            return association.table.get().copied();
        }
        // A managed subnet with an explicit name of its own is no other subnet.
        let named =
            || self.named.iter().find_map(|named| network.may_be(&network.subnets[*named], subnet));
        let open = self.open.clone().or_else(named).or_else(|| network.unseen_resource(subnet));
        if let Some(unknown) = open {
            return Err(unknown);
        }
        let vpc = network.vpc_of_subnet(subnet.id)?;
        if !subnet.managed {
            let name = format!("the route table of {}", subnet.name);
            return Err(Unknown::new(name, Why::ReadAtApply));
        }
        network.main_route_table(vpc)
    }
}

/// A route that is a resource of its own, and whether it is there.
type Apart<'a> = (&'a Route, Result<(), Unknown>);

/// A gateway whose routes a table takes, and the place that says so.
type Propagating = (Result<Id<VpnGateway>, Unknown>, Span);

/// What puts routes into tables.
struct Tables<'a> {
    routes: HashMap<Id<RouteTable>, Vec<Apart<'a>>>,
    /// Named from outside: they may be any.
    named: BTreeSet<Id<RouteTable>>,
    open: Option<Unknown>,
    propagating: HashMap<Id<RouteTable>, Vec<Propagating>>,
}

impl<'a> Tables<'a> {
    fn of(network: &'a Network) -> Self {
        let mut all = Self {
            routes: HashMap::new(),
            named: BTreeSet::new(),
            open: None,
            propagating: HashMap::new(),
        };
        for route in network.routes.iter() {
            match route.table.get() {
                Ok(table) => {
                    let one = (&route.it.route, route.exists.clone());
                    all.routes.entry(*table).or_default().push(one);
                    all.name(network, *table);
                }
                Err(unknown) => all.open = Some(unknown),
            }
        }
        for propagation in network.vpn_propagations.iter() {
            let gateway = propagation.exists.clone();
            let gateway = gateway.and_then(|()| propagation.gateway.get().copied());
            for (table, _) in propagation.tables.known() {
                let one = (gateway.clone(), propagation.span);
                all.propagating.entry(*table).or_default().push(one);
                all.name(network, *table);
            }
        }
        all
    }

    fn name(&mut self, network: &Network, table: Id<RouteTable>) {
        if !network.route_tables[table].managed {
            self.named.insert(table);
        }
    }

    fn routes_of(&self, network: &Network, table: &Declared<RouteTable>) -> Fib<Target> {
        let adopted = table.adopts.get().ok().copied().flatten();
        let written = table.routes.known().map(|(route, _)| (route, Ok(())));
        let ids = [Some(table.id), adopted];
        let apart = ids.iter().flatten().filter_map(|id| self.routes.get(id)).flatten();
        let apart = apart.map(|(route, exists)| (*route, exists.clone()));
        let mut entries = Vec::new();
        for (route, exists) in written.chain(apart) {
            add_route(network, &mut entries, route, &exists);
        }
        let own = table.propagating.items.iter().map(|item| (item.value.clone(), item.span));
        let apart = ids.iter().flatten().filter_map(|id| self.propagating.get(id)).flatten();
        for (gateway, span) in own.chain(apart.cloned()) {
            match gateway {
                Ok(gateway) => network.learned(gateway, span, &mut entries),
                Err(unknown) => entries.push(announced(unknown.clone(), Err(unknown), span)),
            }
        }
        if let Some(rest) = table.propagating.rest.as_ref().filter(|rest| rest.symbol.is_some()) {
            let unknown = rest.unknown.clone();
            entries.push(announced(unknown.clone(), Err(unknown), table.span));
        }
        let outside = || if table.managed { None } else { network.may_be(table, table) };
        let named = || {
            let others = self.named.iter().filter(|id| !ids.contains(&Some(**id)));
            others.into_iter().find_map(|id| network.may_be(&network.route_tables[*id], table))
        };
        let open = table.routes.open().or_else(outside);
        let open = open.or_else(|| network.unseen_resource(table));
        let open = open.or_else(|| self.open.clone()).or_else(named);
        Fib::new(entries, open)
    }
}

/// A route for blocks that BGP tells.
pub(super) fn announced<T>(unknown: Unknown, target: Result<T, Unknown>, span: Span) -> Entry<T> {
    Entry { destination: Err(unknown), origin: Origin::Vpn, target, span, exists: Ok(()) }
}

fn add_route(
    network: &Network,
    entries: &mut Vec<Entry<Target>>,
    route: &Route,
    exists: &Result<(), Unknown>,
) {
    let target = route.target.get().cloned();
    let mut add = |destination, origin| {
        let (target, exists) = (target.clone(), exists.clone());
        entries.push(Entry { destination, origin, target, span: route.span, exists });
    };
    match &route.destination {
        RouteDestination::Block(block) => add(block.get().cloned(), Origin::Static),
        RouteDestination::List(list) => {
            let blocks = list.get().map(|list| network.prefixes_of(*list));
            let open = match &blocks {
                Ok(blocks) => blocks.open.clone(),
                Err(unknown) => Some(unknown.clone()),
            };
            for (block, _) in blocks.into_iter().flat_map(|blocks| blocks.items) {
                add(Ok(block), Origin::PrefixList);
            }
            if let Some(unknown) = open {
                add(Err(unknown), Origin::PrefixList);
            }
        }
    }
}

impl Network {
    /// What a virtual private gateway learns and hands to the tables that let it
    /// (<https://docs.aws.amazon.com/vpn/latest/s2svpn/VPNRoutingTypes.html>).
    fn learned(&self, id: Id<VpnGateway>, span: Span, entries: &mut Vec<Entry<Target>>) {
        let own =
            |one: &&Declared<VpnConnection>| matches!(one.gateway.get(), Ok(Some(of)) if *of == id);
        for connection in self.vpn_connections.iter().filter(own) {
            for (block, exists, at) in self.vpn_routes_of(connection.id) {
                entries.push(Entry {
                    destination: block,
                    origin: Origin::VpnStatic,
                    target: Ok(Target::VpnGateway(id)),
                    span: at,
                    exists,
                });
            }
        }
        if let Some(unknown) = self.bgp_of(id) {
            entries.push(announced(unknown, Ok(Target::VpnGateway(id)), span));
        }
    }
}
