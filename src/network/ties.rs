//! What is tied to a VPC: its blocks, DNS servers, rules, zones, connections.

use hashbrown::HashMap;
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::net::IpAddr;
use std::sync::Arc;

use ipnet::IpNet;

use crate::source::Span;
use crate::unknown::{Form, Operand, Symbol, Unknown, Why};

use super::cidr::{Cidr, Family};
use super::id::{Declared, Id, Key};
use super::{
    Cluster, EndpointDirection, Many, NameServer, Network, Peering, ResolverEndpoint, RuleTarget,
    SecurityGroup, Tri, Vpc,
};

/// Things that are certainly there, and whether there may be more.
#[derive(Debug, Clone)]
pub struct Tied<T> {
    /// Each with the place that ties it.
    pub items: Vec<(T, Span)>,
    /// Where set, there may be more.
    pub open: Option<Unknown>,
}

/// Whom the hosts of a VPC ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DnsServers {
    /// The Amazon DNS server, at the base of the VPC plus two.
    Amazon,
    /// Servers of their own, each with its place; the Amazon DNS server may be among them.
    Own(Vec<(NameServer, Span)>),
}

/// The VPCs that have each block, in the order of the code.
pub(super) type ByBlock = HashMap<IpNet, Vec<Id<Vpc>>>;

/// What is tied to one VPC.
#[derive(Debug)]
pub(super) struct Ties {
    cidrs: Tied<Cidr>,
    ipv6_cidrs: Tied<Cidr>,
}

impl Network {
    /// Declared VPCs and those that are only named, each once under its proper name.
    pub fn distinct_vpcs(&self) -> impl Iterator<Item = &Declared<Vpc>> {
        self.vpcs.iter().filter(|vpc| self.vpc(vpc.id).id == vpc.id)
    }

    /// The IPv4 blocks of a VPC.
    pub fn cidrs_of(&self, id: Id<Vpc>) -> Cow<'_, Tied<Cidr>> {
        self.blocks_of(id, Family::V4)
    }

    /// The blocks of a VPC in one family.
    pub fn blocks_of(&self, id: Id<Vpc>, family: Family) -> Cow<'_, Tied<Cidr>> {
        let vpc = self.vpc(id);
        match (self.ties.get(&vpc.id), family) {
            (Some(ties), Family::V4) => Cow::Borrowed(&ties.cidrs),
            (Some(ties), Family::V6) => Cow::Borrowed(&ties.ipv6_cidrs),
            (None, Family::V4) => Cow::Owned(self.find_cidrs(vpc)),
            (None, Family::V6) => Cow::Owned(self.find_ipv6_cidrs(vpc)),
        }
    }

    /// Finds once what every check asks of every VPC again and again.
    pub(super) fn tie_all(&self) -> HashMap<Id<Vpc>, Ties> {
        let found =
            |vpc| Ties { cidrs: self.find_cidrs(vpc), ipv6_cidrs: self.find_ipv6_cidrs(vpc) };
        self.distinct_vpcs().map(|vpc| (vpc.id, found(vpc))).collect()
    }

    /// Finds once who has which block.
    pub(super) fn block_all(&self) -> ByBlock {
        let mut all = ByBlock::new();
        for vpc in self.distinct_vpcs() {
            let both = [Family::V4, Family::V6].map(|family| self.blocks_of(vpc.id, family));
            let blocks = both.iter().flat_map(|blocks| &blocks.items);
            for net in blocks.filter_map(|(block, _)| block.net().ok()) {
                all.entry(net.trunc()).or_default().push(vpc.id);
            }
        }
        all
    }

    /// The VPCs whose blocks certainly hold an address, in the order of the code.
    pub fn vpcs_around(&self, address: IpAddr) -> BTreeSet<Id<Vpc>> {
        let wider = std::iter::successors(Some(IpNet::from(address)), IpNet::supernet);
        wider.filter_map(|block| self.by_block.get(&block)).flatten().copied().collect()
    }

    fn find_cidrs(&self, vpc: &Declared<Vpc>) -> Tied<Cidr> {
        let id = vpc.id;
        let mut tied = Tied { items: Vec::new(), open: self.unseen(id) };
        match vpc.cidr.get() {
            Ok(Some(cidr)) => {
                tied.items.push((cidr.clone(), vpc.cidr.span().unwrap_or(vpc.span)));
            }
            Ok(None) => {
                tied.open =
                    Some(Unknown::new(format!("{}.cidr_block", vpc.name), Why::KnownAfterApply));
            }
            Err(unknown) => tied.open = Some(unknown),
        }
        self.add_further(vpc, Family::V4, &mut tied);
        tied
    }

    /// IPv6 blocks are written, or AWS's choice: then they have a name alone.
    fn find_ipv6_cidrs(&self, vpc: &Declared<Vpc>) -> Tied<Cidr> {
        let mut tied = Tied { items: Vec::new(), open: self.unseen(vpc.id) };
        match (vpc.ipv6_cidr.get(), vpc.has_ipv6.get(), &vpc.key) {
            (Ok(Some(block)), ..) => tied.items.push((block.clone(), vpc.span)),
            (Err(unknown), ..) | (_, Err(unknown), _) => tied.open = Some(unknown),
            (Ok(None), Ok(true), Key::Resource(id)) => {
                let own = Symbol::attribute(*id, Arc::clone(&vpc.name), false, "ipv6_cidr_block");
                tied.items.push((Cidr::Symbol(own, Family::V6), vpc.span));
            }
            (Ok(None), Ok(_), _) => {}
        }
        self.add_further(vpc, Family::V6, &mut tied);
        tied
    }

    /// Blocks that are resources of their own.
    fn add_further(&self, vpc: &Declared<Vpc>, family: Family, tied: &mut Tied<Cidr>) {
        for more in self.vpc_cidrs.iter().filter(|more| more.family == family) {
            let owner = match more.vpc.get() {
                Ok(owner) => self.vpc(*owner),
                Err(unknown) => {
                    tied.open = Some(unknown);
                    continue;
                }
            };
            if owner.id != vpc.id {
                let open = (!owner.managed).then(|| self.may_be(owner, vpc)).flatten();
                tied.open = tied.open.take().or(open);
                continue;
            }
            let cidr = more.exists.clone().and_then(|()| more.cidr.get().cloned());
            match cidr {
                Ok(Some(cidr)) => tied.items.push((cidr, more.span)),
                Ok(None) => {
                    let name = format!("{}.cidr_block", more.name);
                    tied.open = Some(Unknown::new(name, Why::KnownAfterApply));
                }
                Err(unknown) => tied.open = Some(unknown),
            }
        }
    }

    /// Whom the hosts of a VPC ask
    /// (<https://docs.aws.amazon.com/vpc/latest/userguide/VPC_DHCP_Options.html>).
    pub fn dns_servers(&self, id: Id<Vpc>) -> Result<DnsServers, Unknown> {
        let vpc = self.vpc(id);
        for association in self.dhcp_associations.iter() {
            let owner = self.vpc(*association.vpc.get()?);
            if owner.id != vpc.id {
                match (!owner.managed).then(|| self.may_be(owner, vpc)).flatten() {
                    Some(unknown) => return Err(unknown),
                    None => continue,
                }
            }
            association.exists.clone()?;
            let options = &self.dhcp_options[*association.options.get()?];
            if matches!(&options.key, super::Key::Literal(id) if &**id == "default") {
                return Ok(DnsServers::Amazon);
            }
            if options.servers.is_empty() && options.managed {
                // Documents disagree on what this means; the resolver is the answer that blames nobody.
                return Ok(DnsServers::Amazon);
            }
            if let Some(unknown) = options.servers.open() {
                return Err(unknown);
            }
            return Ok(self.servers_for(vpc, &options.servers));
        }
        if vpc.managed {
            Ok(DnsServers::Amazon)
        } else {
            Err(Unknown::new(format!("the DHCP options of {}", vpc.name), Why::ReadAtApply))
        }
    }

    /// The DNS servers that hosts and Client VPN users are told of, beside Amazon's.
    pub fn told_servers(&self) -> impl Iterator<Item = &RuleTarget> {
        let options = self.dhcp_options.iter().map(|one| &one.servers);
        let lists = options.chain(self.client_vpns.iter().map(|one| &one.dns_servers));
        lists.flat_map(Many::known).filter_map(|(server, _)| match server {
            NameServer::At(target) => Some(target),
            NameServer::Amazon => None,
        })
    }

    /// A list of servers as hosts in a VPC see it.
    pub fn servers_for(&self, vpc: &Declared<Vpc>, servers: &Many<NameServer>) -> DnsServers {
        let seen = |(server, span): (&NameServer, Span)| {
            let own = if is_amazon(server, vpc) { NameServer::Amazon } else { server.clone() };
            (own, span)
        };
        let list: Vec<_> = servers.known().map(seen).collect();
        if list.iter().all(|(server, _)| *server == NameServer::Amazon) {
            DnsServers::Amazon
        } else {
            DnsServers::Own(list)
        }
    }

    /// The peering connections that join two VPCs.
    pub fn peerings_between(&self, a: Id<Vpc>, b: Id<Vpc>) -> Vec<&Declared<Peering>> {
        let (a, b) = (self.vpc(a).id, self.vpc(b).id);
        let joins = |peering: &&Declared<Peering>| match self.sides(peering.id) {
            Some((requester, accepter)) => {
                (requester, accepter) == (a, b) || (requester, accepter) == (b, a)
            }
            None => false,
        };
        self.peerings.iter().filter(joins).collect()
    }

    /// Why two VPCs may be peered: a connection joins what may be these.
    pub fn may_be_peered(&self, a: Id<Vpc>, b: Id<Vpc>) -> Option<Unknown> {
        let joins = |(one, other): (Id<Vpc>, Id<Vpc>)| {
            let same = |a, b| Tri::all([self.same_vpc(one, a), self.same_vpc(other, b)]);
            Tri::any([same(a, b), same(b, a)])
        };
        let mut sides = self.peerings.iter().filter_map(|peering| self.sides(peering.id));
        sides.find_map(|sides| joins(sides).maybe())
    }

    /// The two VPCs of a peering connection.
    pub fn sides(&self, peering: Id<Peering>) -> Option<(Id<Vpc>, Id<Vpc>)> {
        let peering = &self.peerings[peering];
        let requester = self.vpc(*peering.requester.get().ok()?).id;
        let accepter = self.vpc(*peering.accepter.get().ok()?).id;
        Some((requester, accepter))
    }

    /// The inbound endpoints in a VPC.
    pub fn inbound_endpoints(&self, vpc: Id<Vpc>) -> Vec<&Declared<ResolverEndpoint>> {
        let vpc = self.vpc(vpc).id;
        let inbound = |endpoint: &&Declared<ResolverEndpoint>| {
            matches!(endpoint.direction.get(), Ok(EndpointDirection::Inbound))
                && self.vpc_of_endpoint(endpoint.id) == Ok(vpc)
        };
        self.endpoints.iter().filter(inbound).collect()
    }

    /// The security groups of a cluster's network interfaces: the one that EKS makes, and the others.
    pub fn groups_of_cluster(&self, id: Id<Cluster>) -> Tied<Id<SecurityGroup>> {
        let cluster = &self.clusters[id];
        let mut items: Vec<_> =
            cluster.groups.known().map(|(group, span)| (*group, span)).collect();
        if let super::Key::Resource(resource) = cluster.key {
            let own = self.security_groups.find(&super::Key::Derived(resource, "cluster"));
            items.extend(own.map(|group| (group.id, group.span)));
        }
        let open = cluster.groups.open().or_else(|| self.unseen_resource(cluster));
        let open = open.or_else(|| {
            let name = format!("the security groups of {}", cluster.name);
            (!cluster.managed).then(|| Unknown::new(name, Why::ReadAtApply))
        });
        Tied { items, open }
    }
}

/// Whether a server in a list of DNS servers is the VPC's own Amazon DNS server.
fn is_amazon(server: &NameServer, vpc: &Declared<Vpc>) -> bool {
    match server {
        NameServer::Amazon => true,
        NameServer::At(RuleTarget::Address(address)) => {
            address.to_string() == LINK_LOCAL || own_server(vpc) == Some(*address)
        }
        NameServer::At(RuleTarget::Symbol(symbol)) => is_plus_two(symbol, vpc),
        NameServer::At(RuleTarget::Endpoint(_)) => false,
    }
}

/// The address at which every VPC has its Amazon DNS server.
pub(super) const LINK_LOCAL: &str = "169.254.169.253";

/// The address of a VPC's Amazon DNS server in its block.
pub(super) fn own_server(vpc: &Vpc) -> Option<IpAddr> {
    match vpc.cidr.get() {
        Ok(Some(Cidr::Net(IpNet::V4(net)))) => Some(super::plus_two(*net).into()),
        _ => None,
    }
}

/// `cidrhost(var.block, 2)` beside `cidr_block = var.block`.
fn is_plus_two(symbol: &Symbol, vpc: &Vpc) -> bool {
    let Form::Call { function, operands } = symbol.form() else { return false };
    let [Operand::Symbol(block), Operand::Literal(number)] = &**operands else { return false };
    &**function == "cidrhost"
        && &**number == "2"
        && matches!(vpc.cidr.get(), Ok(Some(Cidr::Symbol(own, _))) if own == block)
}
