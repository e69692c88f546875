//! Which VPC each thing is in, also where the code only lets it be inferred.
//!
//! Things that AWS allows in one VPC only are tied together: an endpoint with its subnets and security
//! groups, a cluster with its, a subnet with its route table. So `var.private_subnets[0]` lies in
//! `var.vpc_id` once an endpoint has both that subnet and a group with `vpc_id = var.vpc_id`.

use hashbrown::HashMap;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::unknown::{Form, ResourceId, Step, Symbol, Unknown, Why};

use super::id::{Declared, Id, Key, Table};
use super::{
    Attr, Cidr, ClientVpn, Cluster, Many, Network, ResolverEndpoint, SecurityGroup, Subnet, Tri,
    Vpc,
};

/// The VPC of each thing.
#[derive(Debug, Default)]
pub(super) struct Placement {
    /// What those are that are only named, where another thing tells it.
    vpcs: HashMap<Id<Vpc>, Id<Vpc>>,
    subnets: HashMap<Id<Subnet>, Id<Vpc>>,
    /// The subnets of each VPC, in the order of the code.
    by_vpc: HashMap<Id<Vpc>, Vec<Id<Subnet>>>,
    /// Subnets that may be in any VPC: without a place, or in a VPC that is only named.
    anywhere: Vec<Id<Subnet>>,
    groups: HashMap<Id<SecurityGroup>, Id<Vpc>>,
    endpoints: HashMap<Id<ResolverEndpoint>, Id<Vpc>>,
    clusters: HashMap<Id<Cluster>, Id<Vpc>>,
    resources: HashMap<ResourceId, Id<Vpc>>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Thing {
    Vpc(Id<Vpc>),
    Subnet(Id<Subnet>),
    Group(Id<SecurityGroup>),
    Table(Id<super::RouteTable>),
    Acl(Id<super::NetworkAcl>),
    Endpoint(Id<ResolverEndpoint>),
    Cluster(Id<Cluster>),
    Resource(ResourceId),
    Family(Symbol),
}

/// Sets of things that are in one VPC.
#[derive(Default)]
struct Sets {
    parent: BTreeMap<Thing, Thing>,
}

impl Sets {
    fn root(&self, thing: &Thing) -> Thing {
        let mut at = thing;
        while let Some(next) = self.parent.get(at) {
            at = next;
        }
        at.clone()
    }

    fn join(&mut self, a: &Thing, b: &Thing) {
        let (a, b) = (self.root(a), self.root(b));
        if a != b {
            self.parent.insert(a.clone().max(b.clone()), a.min(b));
        }
    }
}

impl Placement {
    pub(super) fn of(network: &Network) -> Self {
        let mut sets = Sets::default();
        tie(network, &mut sets);
        let mut members: BTreeMap<Thing, BTreeSet<Id<Vpc>>> = BTreeMap::new();
        for vpc in network.vpcs.iter().filter(|vpc| !matches!(vpc.key, Key::Derived(..))) {
            members.entry(sets.root(&Thing::Vpc(vpc.id))).or_default().insert(vpc.id);
        }
        let sole = |thing: Thing| {
            let vpcs = members.get(&sets.root(&thing))?;
            (vpcs.len() == 1).then(|| vpcs.first().copied()).flatten()
        };
        let direct = |attr: &Attr<Option<Id<Vpc>>>| match attr {
            Attr::Set(Some(vpc), _) => Some(*vpc),
            _ => None,
        };
        let derived = network.vpcs.iter().filter(|vpc| is_derived(vpc));
        let known_as = derived.filter_map(|vpc| Some((vpc.id, sole(Thing::Vpc(vpc.id))?)));
        let mut placed = Self { vpcs: known_as.collect(), ..Self::default() };
        let place = |placed: &Self, own: Option<Id<Vpc>>, thing: Thing| {
            own.map(|vpc| placed.vpc(vpc)).or_else(|| sole(thing))
        };
        for subnet in network.subnets.iter() {
            let own = subnet.vpc.get().ok().copied();
            let vpc = place(&placed, own, Thing::Subnet(subnet.id));
            keep(&mut placed.subnets, subnet.id, vpc);
            if let Some(vpc) = vpc {
                placed.by_vpc.entry(vpc).or_default().push(subnet.id);
            }
            if vpc.is_none_or(|vpc| !network.vpcs[vpc].managed) {
                placed.anywhere.push(subnet.id);
            }
        }
        for group in network.security_groups.iter() {
            let own = direct(&group.vpc);
            let vpc = place(&placed, own, Thing::Group(group.id));
            keep(&mut placed.groups, group.id, vpc);
        }
        for endpoint in network.endpoints.iter() {
            let own = addresses(endpoint).find_map(|subnet| placed.subnets.get(&subnet));
            let vpc = place(&placed, own.copied(), Thing::Endpoint(endpoint.id));
            keep(&mut placed.endpoints, endpoint.id, vpc);
        }
        for cluster in network.clusters.iter() {
            let own = cluster.subnets.known().find_map(|(subnet, _)| placed.subnets.get(subnet));
            let vpc = place(&placed, own.copied(), Thing::Cluster(cluster.id));
            keep(&mut placed.clusters, cluster.id, vpc);
        }
        placed.resources = placed.by_resource(network);
        placed
    }

    /// What a VPC is, as far as that is told.
    fn vpc(&self, id: Id<Vpc>) -> Id<Vpc> {
        self.vpcs.get(&id).copied().unwrap_or(id)
    }

    /// The subnet of each interface whose address is known and whose subnet is only named: in a VPC, no
    /// two subnets share an address.
    pub(super) fn by_address(&self, network: &Network) -> HashMap<Id<Subnet>, Id<Subnet>> {
        let mut found = HashMap::new();
        for endpoint in network.endpoints.iter() {
            let Some(vpc) = self.endpoints.get(&endpoint.id) else { continue };
            for (address, _) in endpoint.addresses.known() {
                let (Ok(Some(ip)), Ok(named)) = (address.ip.get(), address.subnet.get()) else {
                    continue;
                };
                // What the code ties to the name itself would be lost with the name.
                let tied = |one: &Declared<super::RouteTableAssociation>| {
                    one.subnet.get() == Ok(&Some(*named))
                };
                if !matches!(network.subnets[*named].key, Key::Symbol(_))
                    || network.route_table_associations.iter().any(tied)
                {
                    continue;
                }
                let ip = Cidr::from(*ip);
                let holds = |subnet: &&Declared<Subnet>| {
                    let block = subnet.cidr.get();
                    subnet.exists.is_ok()
                        && self.subnets.get(&subnet.id) == Some(vpc)
                        && matches!(block, Ok(Some(block)) if block.covers(&ip) == Tri::Yes)
                };
                if let Some(subnet) = network.subnets.iter().find(holds) {
                    found.insert(*named, subnet.id);
                }
            }
        }
        found
    }

    /// The VPC of every declared thing, for what a gap was told of.
    fn by_resource(&self, network: &Network) -> HashMap<ResourceId, Id<Vpc>> {
        fn add<T>(
            out: &mut HashMap<ResourceId, Id<Vpc>>,
            table: &Table<T>,
            vpc: impl Fn(&Declared<T>) -> Option<Id<Vpc>>,
        ) {
            for one in table.iter() {
                if let (Key::Resource(resource), Some(vpc)) = (&one.key, vpc(one)) {
                    out.insert(*resource, vpc);
                }
            }
        }
        let mut out = HashMap::new();
        add(&mut out, &network.vpcs, |vpc| Some(vpc.id));
        add(&mut out, &network.subnets, |subnet| self.subnets.get(&subnet.id).copied());
        add(&mut out, &network.security_groups, |group| self.groups.get(&group.id).copied());
        add(&mut out, &network.endpoints, |endpoint| self.endpoints.get(&endpoint.id).copied());
        add(&mut out, &network.clusters, |cluster| self.clusters.get(&cluster.id).copied());
        add(&mut out, &network.route_tables, |table| {
            table.vpc.get().ok().copied().flatten().map(|vpc| self.vpc(vpc))
        });
        out
    }
}

fn is_derived(vpc: &Declared<Vpc>) -> bool {
    matches!(vpc.key, Key::Derived(..))
}

fn keep<K: std::hash::Hash + Eq>(map: &mut HashMap<K, Id<Vpc>>, key: K, vpc: Option<Id<Vpc>>) {
    if let Some(vpc) = vpc {
        map.insert(key, vpc);
    }
}

fn addresses(endpoint: &Declared<ResolverEndpoint>) -> impl Iterator<Item = Id<Subnet>> + '_ {
    endpoint.addresses.known().filter_map(|(address, _)| address.subnet.get().ok().copied())
}

fn tie(network: &Network, sets: &mut Sets) {
    for subnet in network.subnets.iter() {
        if let Ok(vpc) = subnet.vpc.get() {
            sets.join(&Thing::Subnet(subnet.id), &Thing::Vpc(*vpc));
        }
        if let Key::Symbol(symbol) = &subnet.key {
            sets.join(&Thing::Subnet(subnet.id), &Thing::Family(family(symbol)));
        }
    }
    for group in network.security_groups.iter() {
        if let Ok(Some(vpc)) = group.vpc.get() {
            sets.join(&Thing::Group(group.id), &Thing::Vpc(*vpc));
        }
    }
    for table in network.route_tables.iter() {
        if let Ok(Some(vpc)) = table.vpc.get() {
            sets.join(&Thing::Table(table.id), &Thing::Vpc(*vpc));
        }
    }
    for association in network.route_table_associations.iter() {
        if let (Ok(table), Ok(Some(subnet))) = (association.table.get(), association.subnet.get()) {
            sets.join(&Thing::Table(*table), &Thing::Subnet(*subnet));
        }
    }
    tie_acls(network, sets);
    for endpoint in network.endpoints.iter() {
        for subnet in addresses(endpoint) {
            sets.join(&Thing::Endpoint(endpoint.id), &Thing::Subnet(subnet));
        }
        tie_groups(sets, &Thing::Endpoint(endpoint.id), &endpoint.groups);
    }
    for cluster in network.clusters.iter() {
        for (subnet, _) in cluster.subnets.known() {
            sets.join(&Thing::Cluster(cluster.id), &Thing::Subnet(*subnet));
        }
        if let Some(symbol) = cluster.subnets.rest.as_ref().and_then(|rest| rest.symbol.as_ref()) {
            sets.join(&Thing::Cluster(cluster.id), &Thing::Family(symbol.clone()));
        }
        tie_groups(sets, &Thing::Cluster(cluster.id), &cluster.groups);
    }
    tie_derived(network, sets);
}

fn tie_acls(network: &Network, sets: &mut Sets) {
    for acl in network.network_acls.iter() {
        if let Ok(Some(vpc)) = acl.vpc.get() {
            sets.join(&Thing::Acl(acl.id), &Thing::Vpc(*vpc));
        }
        for (subnet, _) in acl.subnets.known() {
            sets.join(&Thing::Acl(acl.id), &Thing::Subnet(*subnet));
        }
    }
    for association in network.network_acl_associations.iter() {
        if let (Ok(acl), Ok(subnet)) = (association.acl.get(), association.subnet.get()) {
            sets.join(&Thing::Acl(*acl), &Thing::Subnet(*subnet));
        }
    }
}

fn tie_groups(sets: &mut Sets, thing: &Thing, groups: &Many<Id<SecurityGroup>>) {
    for (group, _) in groups.known() {
        sets.join(thing, &Thing::Group(*group));
    }
}

/// What a resource brings along is where the resource is: a cluster's group, a subnet's `vpc_id`.
fn tie_derived(network: &Network, sets: &mut Sets) {
    for vpc in network.vpcs.iter() {
        if let Key::Derived(owner, _) = vpc.key {
            sets.join(&Thing::Vpc(vpc.id), &Thing::Resource(owner));
        }
        if let Key::Resource(owner) = vpc.key {
            sets.join(&Thing::Vpc(vpc.id), &Thing::Resource(owner));
        }
    }
    for group in network.security_groups.iter() {
        if let Key::Derived(owner, _) | Key::Resource(owner) = group.key {
            sets.join(&Thing::Group(group.id), &Thing::Resource(owner));
        }
    }
    for table in network.route_tables.iter() {
        if let Key::Derived(owner, _) | Key::Resource(owner) = table.key {
            sets.join(&Thing::Table(table.id), &Thing::Resource(owner));
        }
    }
    let subnets = network.subnets.iter().map(|one| (Thing::Subnet(one.id), &one.key));
    let endpoints = network.endpoints.iter().map(|one| (Thing::Endpoint(one.id), &one.key));
    let clusters = network.clusters.iter().map(|one| (Thing::Cluster(one.id), &one.key));
    for (thing, key) in subnets.chain(endpoints).chain(clusters) {
        if let Key::Resource(owner) = key {
            sets.join(&thing, &Thing::Resource(*owner));
        }
    }
}

/// The list that an element is taken from: subnets of one list are in one VPC. A map or an object may
/// hold subnets of several.
fn family(symbol: &Symbol) -> Symbol {
    match symbol.form() {
        Form::Part { of, step: Step::Index(_) } => of.clone(),
        _ => symbol.clone(),
    }
}

impl Network {
    /// A VPC by its proper name: `aws_subnet.a.vpc_id` is the VPC of that subnet.
    pub fn vpc(&self, id: Id<Vpc>) -> &Declared<Vpc> {
        &self.vpcs[self.placement.vpc(id)]
    }

    /// The VPC of a subnet.
    pub fn vpc_of_subnet(&self, subnet: Id<Subnet>) -> Result<Id<Vpc>, Unknown> {
        let place = self.placement.subnets.get(&subnet).copied();
        place.ok_or_else(|| self.unplaced(subnet))
    }

    /// The subnets of a VPC, in the order of the code.
    pub fn subnets_in(&self, vpc: Id<Vpc>) -> &[Id<Subnet>] {
        self.placement.by_vpc.get(&vpc).map_or(&[], Vec::as_slice)
    }

    /// The subnets that are, or may be, in a VPC: where it is only named, any.
    pub fn subnets_near(&self, vpc: Id<Vpc>) -> BTreeSet<Id<Subnet>> {
        if !self.vpc(vpc).managed {
            return self.subnets.iter().map(|subnet| subnet.id).collect();
        }
        self.subnets_in(vpc).iter().chain(&self.placement.anywhere).copied().collect()
    }

    /// The VPC of a security group.
    pub fn vpc_of_group(&self, group: Id<SecurityGroup>) -> Option<Id<Vpc>> {
        self.placement.groups.get(&group).copied()
    }

    /// The VPC of a Resolver endpoint.
    pub fn vpc_of_endpoint(&self, id: Id<ResolverEndpoint>) -> Result<Id<Vpc>, Unknown> {
        let place = self.placement.endpoints.get(&id).copied();
        let endpoint = &self.endpoints[id];
        place.ok_or_else(|| {
            let subnets = addresses(endpoint).map(|subnet| self.unplaced(subnet));
            let all = Unknown::of_all(subnets.chain(endpoint.addresses.open()));
            all.unwrap_or_else(|| unplaced(&endpoint.name))
        })
    }

    /// The VPC of a cluster's network interfaces.
    pub fn vpc_of_cluster(&self, id: Id<Cluster>) -> Result<Id<Vpc>, Unknown> {
        let place = self.placement.clusters.get(&id).copied();
        let cluster = &self.clusters[id];
        place.ok_or_else(|| {
            let subnets = cluster.subnets.known().map(|(subnet, _)| self.unplaced(*subnet));
            let all = Unknown::of_all(subnets.chain(cluster.subnets.open()));
            let none = || {
                Unknown::new(
                    format!("the subnets of {}", cluster.name),
                    Why::Invalid("there are none".into()),
                )
            };
            all.unwrap_or_else(|| if cluster.managed { none() } else { unplaced(&cluster.name) })
        })
    }

    /// The VPC in which the users of a Client VPN endpoint come out.
    pub fn vpc_of_client_vpn(&self, id: Id<ClientVpn>) -> Result<Id<Vpc>, Unknown> {
        let endpoint = &self.client_vpns[id];
        if let Ok(Some(vpc)) = endpoint.vpc.get() {
            return Ok(self.vpc(*vpc).id);
        }
        let of_endpoint = |one: &&Declared<super::ClientVpnAssociation>| {
            one.endpoint.get().is_ok_and(|named| *named == id)
        };
        let association = self.client_vpn_associations.iter().find(of_endpoint);
        let association = association.ok_or_else(|| unplaced(&endpoint.name))?;
        association.exists.clone()?;
        self.vpc_of_subnet(*association.subnet.get()?)
    }

    /// The subnets in which they come out.
    pub fn subnets_of_client_vpn(&self, id: Id<ClientVpn>) -> Result<Vec<Id<Subnet>>, Unknown> {
        let mut subnets = Vec::new();
        for association in self.client_vpn_associations.iter() {
            let named = &self.client_vpns[*association.endpoint.get()?];
            match self.same(named, &self.client_vpns[id]) {
                Tri::Yes => {
                    association.exists.clone()?;
                    subnets.push(*association.subnet.get()?);
                }
                Tri::No => {}
                Tri::Maybe(unknown) => return Err(unknown),
            }
        }
        if subnets.is_empty() {
            let name = format!("the interfaces of {}", self.client_vpns[id].name);
            return Err(Unknown::new(name, Why::ReadAtApply));
        }
        Ok(subnets)
    }

    /// The VPC of a declared thing.
    pub(super) fn vpc_of_resource(&self, resource: ResourceId) -> Option<Id<Vpc>> {
        self.placement.resources.get(&resource).copied()
    }

    /// What would tell the VPC of a subnet: the input that names it.
    fn unplaced(&self, subnet: Id<Subnet>) -> Unknown {
        let subnet = &self.subnets[subnet];
        match &subnet.key {
            Key::Symbol(symbol) => symbol.unknown(),
            _ => subnet.vpc.get().err().unwrap_or_else(|| unplaced(&subnet.name)),
        }
    }
}

fn unplaced(name: &Arc<str>) -> Unknown {
    Unknown::new(format!("the VPC of {name}"), Why::ReadAtApply)
}
