//! What becomes of a packet, and what stops it.

use crate::network::{
    Cidr, CoreAttachment, CoreNetwork, Direction, DxAssociation, Id, NetworkAcl, Peering,
    RouteTable, SecurityGroup, Subnet, TransitGateway, TransitGatewayAttachment,
    TransitGatewayTable, Vpc, VpnGateway,
};
use crate::source::Span;

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

    /// Whether a gateway that the packet came to, or the VPC itself, does not take it on.
    pub fn is_at_gateway(&self) -> bool {
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
