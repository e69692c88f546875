//! What is at an address: an endpoint, some VPC, or a server outside the code.

use hashbrown::HashMap;
use std::net::IpAddr;

use crate::unknown::{Unknown, Why};

use super::cidr::Cidr;
use super::id::{Declared, Id};
use super::{
    EndpointAddress, EndpointDirection, Network, ResolverEndpoint, RuleTarget, Subnet, Tri, Vpc,
};

/// The endpoints of each address.
pub(super) type Holders = HashMap<IpAddr, Vec<Id<ResolverEndpoint>>>;

/// A subnet, and the VPC of it.
pub type Place = (Id<Vpc>, Id<Subnet>);

impl Network {
    /// Whether Route 53 Resolver takes the addresses of an endpoint: two at least, each in a subnet that has it, all
    /// in one VPC. What it refuses has no addresses that anything could be compared with.
    pub fn takes_addresses(&self, endpoint: &ResolverEndpoint) -> bool {
        let many = endpoint.addresses.rest.is_some() || endpoint.addresses.items.len() > 1;
        let mut homes = endpoint
            .addresses
            .known()
            .filter_map(|(one, _)| self.vpc_of_subnet(*one.subnet.get().ok()?).ok());
        let home = homes.next();
        let inside = |one: &EndpointAddress| {
            let Ok(subnet) = one.subnet.get() else { return true };
            let (Ok(Some(ip)), Ok(Some(block))) = (one.ip.get(), self.subnets[*subnet].cidr.get())
            else {
                return true;
            };
            block.covers(&Cidr::from(*ip)) != Tri::No
        };
        many && homes.all(|other| Some(other) == home)
            && endpoint.addresses.known().all(|(one, _)| inside(one))
    }

    /// The endpoint that has an address, whether the code writes it out or names it; `None` for a server
    /// outside the code.
    pub fn endpoint_at(
        &self,
        target: &RuleTarget,
    ) -> Result<Option<&Declared<ResolverEndpoint>>, Unknown> {
        let has = |one: &EndpointAddress| match target {
            RuleTarget::Endpoint(_) => false,
            RuleTarget::Address(address) => one.has(*address),
            RuleTarget::Symbol(symbol) => one.symbol.as_ref() == Some(symbol),
        };
        if let RuleTarget::Endpoint(endpoint) = target {
            return Ok(Some(&self.endpoints[*endpoint]));
        }
        let holders = match target {
            RuleTarget::Address(address) => self.holders.get(address).cloned().unwrap_or_default(),
            _ => self.endpoints.iter().map(|endpoint| endpoint.id).collect(),
        };
        let mut having = holders
            .into_iter()
            .map(|id| &self.endpoints[id])
            .filter(|endpoint| endpoint.addresses.known().any(|(one, _)| has(one)));
        match (having.next(), having.next(), target) {
            (Some(one), None, _) => one.exists.clone().map(|()| Some(one)),
            // Networks that are not connected may use the same addresses.
            (Some(one), Some(other), _) => {
                let both = format!("which of {} and {} is meant", one.name, other.name);
                Err(Unknown::new(both, Why::NotEvaluated("an address that both have".into())))
            }
            (None, _, RuleTarget::Address(address)) => {
                self.may_have(*address).map_or(Ok(None), Err)
            }
            (None, ..) => Ok(None),
        }
    }

    /// The endpoints that have each address, as the code writes it.
    pub(super) fn find_holders(&self) -> Holders {
        let mut all = Holders::new();
        for endpoint in self.endpoints.iter() {
            for (one, _) in endpoint.addresses.known() {
                let pinned = [&one.ip, &one.ipv6].map(|address| address.get().ok().copied());
                for address in pinned.into_iter().flatten().flatten() {
                    let own = all.entry(address).or_default();
                    if own.last() != Some(&endpoint.id) {
                        own.push(endpoint.id);
                    }
                }
            }
        }
        all
    }

    /// Why an endpoint whose addresses are not pinned, or not known, may have an address.
    fn may_have(&self, address: IpAddr) -> Option<Unknown> {
        let (address, speaks) = (Cidr::from(address), address);
        let family = address.family();
        let out = |endpoint: &&Declared<ResolverEndpoint>| {
            endpoint.direction.get() != Ok(&EndpointDirection::Outbound)
                && (endpoint.managed || !self.is_sent_through(endpoint.id))
                && endpoint.family.get().map_or(true, |own| own.speaks(speaks))
        };
        let elsewhere = |endpoint: &Declared<ResolverEndpoint>| {
            let vpc = self.vpc_of_endpoint(endpoint.id);
            vpc.is_ok_and(|vpc| {
                let blocks = self.blocks_of(vpc, family);
                blocks.open.is_none()
                    && blocks.items.iter().all(|(block, _)| block.covers(&address) == Tri::No)
            })
        };
        let free = |one: &EndpointAddress| {
            let subnet = one.subnet.get().map(|subnet| self.subnets[*subnet].block(family).get());
            let apart = matches!(subnet, Ok(Ok(Some(block))) if block.covers(&address) == Tri::No);
            !apart && !matches!(one.pinned(family).get(), Ok(Some(_)))
        };
        self.endpoints.iter().filter(out).filter(|endpoint| !elsewhere(endpoint)).find_map(
            |endpoint| {
                let open = endpoint.addresses.rest.is_some();
                let free = open || endpoint.addresses.known().any(|(one, _)| free(one));
                let name = format!("the addresses of {}", endpoint.name);
                free.then(|| Unknown::new(name, Why::KnownAfterApply))
            },
        )
    }

    /// Whether a rule sends through an endpoint: then it is an outbound one, wherever it is declared.
    pub fn is_sent_through(&self, endpoint: Id<ResolverEndpoint>) -> bool {
        self.rules.iter().any(|rule| rule.endpoint.get() == Ok(&Some(endpoint)))
    }

    /// Whether an address certainly lies in some VPC of the code.
    pub fn in_some_vpc(&self, address: IpAddr) -> bool {
        !self.vpcs_around(address).is_empty()
    }

    /// Whether an address is the one at which every VPC has its Amazon DNS server.
    pub fn is_link_local(&self, address: IpAddr) -> bool {
        address.to_string() == super::ties::LINK_LOCAL
    }

    /// The VPC whose Amazon DNS server has an address, if there is one only.
    pub fn server_of(&self, address: IpAddr) -> Option<Id<Vpc>> {
        let has = |vpc: &&Declared<Vpc>| super::ties::own_server(vpc) == Some(address);
        let mut having =
            self.vpcs_around(address).into_iter().map(|vpc| &self.vpcs[vpc]).filter(has);
        let first = having.next()?;
        having.next().is_none().then_some(first.id)
    }

    /// Where an address is: in a subnet of a VPC of the code, or, for `None`, outside of all.
    pub fn place_of(&self, address: IpAddr) -> Result<Option<Place>, Unknown> {
        let block = Cidr::from(address);
        let mut holding = self.vpcs_around(address).into_iter().map(|vpc| &self.vpcs[vpc]);
        let Some(vpc) = holding.next() else { return Ok(None) };
        if let Some(other) = holding.next() {
            let both = format!("whether {address} is in {} or in {}", vpc.name, other.name);
            let why = Why::NotEvaluated("an address that both have".into());
            return Err(Unknown::new(both, why));
        }
        let here = |subnet: &&Declared<Subnet>| {
            let own = subnet.block(block.family()).get();
            matches!(own, Ok(Some(own)) if own.covers(&block) == Tri::Yes)
        };
        let subnets = self.subnets_in(vpc.id).iter().map(|subnet| &self.subnets[*subnet]);
        let subnet = subnets.into_iter().find(here);
        let name = || Unknown::new(format!("the subnet of {address}"), Why::ReadAtApply);
        let subnet = subnet.ok_or_else(name)?;
        subnet.exists.clone()?;
        Ok(Some((vpc.id, subnet.id)))
    }

    /// The managed VPC whose blocks hold an address.
    pub fn vpc_at(&self, address: IpAddr) -> Option<Id<Vpc>> {
        let mut holding = self.vpcs_around(address).into_iter();
        let first = holding.next()?;
        holding.next().is_none().then_some(first)
    }
}
