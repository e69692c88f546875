//! What becomes of a packet: routes there and back, security groups and network ACLs, in Batfish's words.

mod acl;
mod connection;
mod core_network;
mod exit;
mod filter;
mod internet;
mod outside;
mod route;
mod transit_gateway;

use crate::network::{
    Cidr, Cluster, CoreAttachment, CoreNetwork, Direction, DxAssociation, Family, Id, Network,
    NetworkAcl, Peering, Protocol, RouteTable, SecurityGroup, Subnet, Target, TransitGateway,
    TransitGatewayAttachment, TransitGatewayTable, Tri, Vpc, VpnGateway,
};
use crate::source::{Note, Span};
use crate::trace::Steps;
use crate::unknown::{Unknown, Why};

use connection::Connections;
use filter::Filter;
use route::Ends;

pub use exit::{Exit, exit};
pub use internet::{is_cut_off, to_internet, to_public_endpoint};
pub use outside::{client_vpn_admits, is_private};

/// What becomes of a packet at one stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Disposition {
    /// It goes on, or arrives.
    Delivered,
    /// No route of the subnet's table leads to the destination.
    NoRoute(Missing),
    /// The most specific route leads out of the network (internet, VPN), or to another VPC.
    ExitsNetwork(Missing, Span),
    /// The sender's VPC has the address itself, so the packet never leaves it.
    StaysInside(Id<Vpc>, End),
    /// No route of the transit gateway's table leads to the destination.
    NoGatewayRoute(GatewayMissing),
    /// The most specific route drops it: a blackhole.
    NullRouted(Span),
    /// What the route names does not take the packet.
    NeighborUnreachable(Unreachable, Span),
    /// It comes back to where it was.
    Loop(Span),
    /// The security groups of the source let it not out.
    DeniedOut(Vec<Id<SecurityGroup>>),
    /// The security groups of the destination let it not in.
    DeniedIn(Vec<Id<SecurityGroup>>),
    /// A network ACL drops it.
    DeniedByAcl(AclDenial),
    /// The answer does not come back.
    NoReturn(Box<Disposition>),
}

impl Disposition {
    /// The word that stays: for programs, and for pictures.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Delivered => "accepted",
            Self::NoRoute(_) => "no-route",
            Self::ExitsNetwork(..) => "exits-network",
            Self::StaysInside(..) => "stays-inside",
            Self::NoGatewayRoute(_) => "no-gateway-route",
            Self::NullRouted(_) => "null-routed",
            Self::NeighborUnreachable(..) => "neighbor-unreachable",
            Self::Loop(_) => "loop",
            Self::DeniedOut(_) => "denied-out",
            Self::DeniedIn(_) => "denied-in",
            Self::DeniedByAcl(_) => "denied-by-acl",
            Self::NoReturn(_) => "no-return",
        }
    }
}

/// Which network ACL drops a packet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AclDenial {
    /// The ACL.
    pub acl: Id<NetworkAcl>,
    /// The subnet that it guards.
    pub subnet: Id<Subnet>,
    /// Whether the packet goes into the subnet or out of it.
    pub direction: Direction,
    /// The rule that denies it; without one, none allows it.
    pub rule: Option<Span>,
}

/// Why what a route names does not take a packet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unreachable {
    /// Nobody accepts the peering connection.
    PeeringNotAccepted(Id<Peering>),
    /// A peering connection carries nothing beyond its two VPCs, nor does a VPC that the packet passes:
    /// no transit, no edge to edge
    /// (<https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html#vpc-peering-limitations>).
    NotTransitive,
    /// The VPC is not attached to the transit gateway.
    NotAttached(Id<TransitGateway>, Id<Vpc>),
    /// The attachment carries IPv4 alone.
    NoIpv6(Id<TransitGatewayAttachment>),
    /// The attachment has no interface in the zone of the subnet.
    NoInterfaceInZone(Id<TransitGatewayAttachment>, Id<Subnet>),
    /// No table of the transit gateway looks up what comes in by the attachment.
    NotAssociated(Id<TransitGatewayAttachment>),
    /// The virtual private gateway is not attached to the VPC.
    GatewayNotAttached(Id<VpnGateway>, Id<Vpc>),
    /// No connection of the virtual private gateway has a route to it, and BGP tells none.
    NoVpnRoute(Id<VpnGateway>),
    /// Direct Connect announces other blocks than the destination's.
    NotAnnounced(Id<DxAssociation>),
    /// The VPC is not attached to the core network.
    NotInCoreNetwork(Id<CoreNetwork>, Id<Vpc>),
    /// No rule of the core network's policy gives the attachment a segment.
    NoSegment(Id<CoreAttachment>),
    /// The segment of the attachment has no route to it: nothing is shared with it that has.
    NoSegmentRoute(Id<CoreAttachment>),
    /// Nothing leads to the VPC from outside.
    NoWayIn(Id<Vpc>),
}

/// Where a packet is to arrive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// In a VPC.
    Vpc(Id<Vpc>),
    /// Outside the code.
    Outside,
}

/// A route that is not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// The table that serves the subnet.
    pub table: Id<RouteTable>,
    /// The subnet that the packet leaves from.
    pub subnet: Id<Subnet>,
    /// Where it should arrive.
    pub to: End,
    /// The block that the route should cover, if it is known.
    pub block: Option<Cidr>,
    /// The peering connection that the route should name, if one joins the two.
    pub peering: Option<Id<Peering>>,
    /// The transit gateway that it should name, if both are attached to one.
    pub gateway: Option<Id<TransitGateway>>,
    /// A route over that connection which does not help.
    pub near: Option<Near>,
}

/// A route of a transit gateway that is not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GatewayMissing {
    /// The table that is looked up.
    pub table: Id<TransitGatewayTable>,
    /// The attachment by which the packet comes in.
    pub from: Id<TransitGatewayAttachment>,
    /// Where it should arrive.
    pub to: End,
    /// The attachment of the destination, if there is one.
    pub far: Option<Id<TransitGatewayAttachment>>,
    /// The route that leads elsewhere.
    pub taken: Option<Span>,
}

/// Why a route over the right connection does not help.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Near {
    /// It is in a table that does not serve the subnet.
    OtherTable(Span),
    /// It does not cover the destination.
    OtherBlock(Span),
    /// A more specific one takes the packets elsewhere.
    Beaten(Span),
}

/// Which security groups an interface has.
#[derive(Debug, Clone)]
pub enum Guard {
    /// Some host of the VPC: its groups are not known, and one that fits may exist.
    AnyHost,
    /// These; where the second is set, there may be more.
    Groups(Vec<Id<SecurityGroup>>, Option<Unknown>),
}

/// One end of a flow.
#[derive(Debug, Clone)]
pub struct Interface {
    /// Its subnet, and the VPC of that; `None` for a host outside the code.
    pub place: Option<(Id<Vpc>, Id<Subnet>)>,
    /// Its address, or the block that it is somewhere in, if that is written out.
    pub address: Option<Cidr>,
    /// Its groups.
    pub guard: Guard,
}

impl Interface {
    /// The smallest block that is known to hold its address of a family.
    fn prefix(&self, network: &Network, family: Family) -> Result<Cidr, Unknown> {
        if let Some(address) = self.address.as_ref().filter(|one| one.family() == family) {
            return Ok(address.clone());
        }
        let open = |name: &str| Unknown::new(name, Why::KnownAfterApply);
        let Some((_, subnet)) = self.place else { return Err(open("an address outside the code")) };
        let subnet = &network.subnets[subnet];
        let name = format!("{}.cidr_block", subnet.name);
        subnet.block(family).get()?.clone().ok_or_else(|| open(&name))
    }
}

/// What is sent.
#[derive(Debug, Clone, Copy)]
pub struct Flow<'a> {
    /// From where.
    pub from: &'a Interface,
    /// Where to.
    pub to: &'a Interface,
    /// By which protocol.
    pub protocol: Protocol,
    /// To which port.
    pub port: u16,
}

impl Flow<'_> {
    /// The family of its packets: that of an address that is known, else IPv4.
    fn family(&self) -> Family {
        let known = self.to.address.as_ref().or(self.from.address.as_ref());
        known.map_or(Family::V4, Cidr::family)
    }
}

/// A part of a flow's way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Out of the source, by its security groups.
    Out,
    /// The way there, by routes.
    There,
    /// The network ACLs on the way there.
    AclsThere,
    /// Into the destination, by its security groups.
    In,
    /// The way back, by routes.
    Back,
    /// The network ACLs on the way back, to whichever port the answer goes.
    AclsBack,
    /// The connections that both ways use: whether they are accepted.
    Connections,
}

/// Every stage of a flow, each judged on its own, so that one fault does not hide the next.
#[derive(Debug, Clone)]
pub struct Journey {
    /// In the order of the way.
    pub stages: Vec<(Stage, Result<Disposition, Unknown>)>,
    /// What it met.
    pub steps: Vec<Note>,
}

impl Journey {
    /// The stages that certainly fail.
    pub fn faults(&self) -> impl Iterator<Item = &Disposition> {
        self.stages.iter().filter_map(|(_, stage)| match stage {
            Ok(Disposition::Delivered) | Err(_) => None,
            Ok(fault) => Some(fault),
        })
    }

    /// Why a stage cannot be told.
    pub fn open(&self, stage: Stage) -> Option<&Unknown> {
        let own = self.stages.iter().filter(|(one, _)| *one == stage);
        own.into_iter().find_map(|(_, end)| end.as_ref().err())
    }

    /// How it ends, if whatever only networks outside the code know is as it should be.
    pub fn end_in_code(&self) -> Result<Disposition, Unknown> {
        let in_code = |stage: Stage| matches!(stage, Stage::Out | Stage::In);
        let mut stages = self.stages.clone();
        stages.retain(|(stage, end)| end.is_ok() || in_code(*stage));
        Self { stages, steps: Vec::new() }.end()
    }

    /// How it ends: one certain fault is enough; without one, an open stage leaves it open.
    pub fn end(&self) -> Result<Disposition, Unknown> {
        if let Some(fault) = self.faults().next() {
            return Ok(fault.clone());
        }
        let open = self.stages.iter().filter_map(|(_, stage)| stage.as_ref().err().cloned());
        open.reduce(Unknown::and).map_or(Ok(Disposition::Delivered), Err)
    }
}

/// Follows a flow there and back.
pub fn reach(network: &Network, flow: &Flow<'_>) -> Journey {
    let mut steps = Steps::default();
    let (mut connections, mut returning) = (Connections::default(), Connections::default());
    let mut way = Steps::default();
    let family = flow.family();
    let ends = |from, to| Ends { from, to, family };
    let there = route::route(network, ends(flow.from, flow.to), &mut connections, &mut way);
    let certain = match &there {
        Ok(Disposition::Delivered) => Ok(()),
        Ok(_) => Err(astray()),
        Err(unknown) => Err(unknown.clone()),
    };
    let named = |direction| match &certain {
        Ok(()) => connections.carry_groups(network, direction),
        Err(unknown) => Tri::Maybe(unknown.clone()),
    };
    let out = Filter::egress(network, flow, named(Direction::Egress)).judge(&mut steps);
    way.0.into_iter().for_each(|note| steps.add(note.span, note.text));
    let into = Filter::ingress(network, flow, named(Direction::Ingress)).judge(&mut steps);
    let acls_there = acl::Way {
        network,
        ends: ends(flow.from, flow.to),
        protocol: flow.protocol,
        ports: (flow.port, flow.port),
        attachments: connections.attachments(),
        certain,
    };
    let acls_there = acls_there.judge(&mut steps);
    // Who does not know the way does not know from which address the packet arrives; what a gateway
    // drops may come by another way, translated.
    let into = match (&there, into) {
        (Err(unknown), Ok(Disposition::DeniedIn(_))) => Err(unknown.clone()),
        (Ok(fault), Ok(Disposition::DeniedIn(_))) if fault.is_at_gateway() => Err(astray()),
        (_, into) => into,
    };
    let back = route::route(network, ends(flow.to, flow.from), &mut returning, &mut steps);
    let certain = match (&there, &back) {
        (Ok(Disposition::Delivered), Ok(Disposition::Delivered)) => Ok(()),
        (Err(unknown), _) | (_, Err(unknown)) => Err(unknown.clone()),
        _ => Err(astray()),
    };
    let acls_back = acl::Way {
        network,
        ends: ends(flow.to, flow.from),
        protocol: flow.protocol,
        ports: acl::EPHEMERAL,
        attachments: returning.attachments(),
        certain,
    };
    let acls_back = acls_back.judge(&mut steps).map(returned);
    let back = back.map(returned);
    connections.join(returning);
    let connections = connections.judge(network, &mut steps);
    let stages = [
        (Stage::Out, out),
        (Stage::There, there),
        (Stage::AclsThere, acls_there),
        (Stage::In, into),
        (Stage::Back, back),
        (Stage::AclsBack, acls_back),
        (Stage::Connections, connections),
    ];
    Journey { stages: stages.into(), steps: steps.0 }
}

/// Why a way that does not hold says nothing of what stands at its end.
fn astray() -> Unknown {
    let name = "the address that the packet comes from";
    Unknown::new(name, Why::NotEvaluated("a way that does not hold".into()))
}

fn returned(end: Disposition) -> Disposition {
    match end {
        Disposition::Delivered => end,
        fault => Disposition::NoReturn(Box::new(fault)),
    }
}

impl Disposition {
    /// The network ACL that drops the packet or its answer.
    pub fn acl(&self) -> Option<&AclDenial> {
        match self {
            Self::DeniedByAcl(denial) => Some(denial),
            Self::NoReturn(fault) => fault.acl(),
            _ => None,
        }
    }

    /// Of an answer that does not come back what stops it.
    pub fn without_return(&self) -> &Self {
        match self {
            Self::NoReturn(fault) => fault.without_return(),
            fault => fault,
        }
    }

    fn is_at_gateway(&self) -> bool {
        matches!(
            self,
            Self::StaysInside(..)
                | Self::NoGatewayRoute(_)
                | Self::NullRouted(_)
                | Self::NeighborUnreachable(..)
                | Self::Loop(_)
        )
    }
}

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
    let subnets = network.clusters[cluster].subnets.known();
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
    Ok(subnets.filter_map(|(subnet, _)| Some((*subnet, best(*subnet)?))).collect())
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
                | Target::Internet
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
