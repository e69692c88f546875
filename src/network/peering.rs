//! VPC peering connections.

use std::sync::Arc;

use super::attr::Attr;
use super::fields::{Fields, Kind};
use super::id::Id;
use super::vpc::Vpc;

/// A VPC peering connection. It joins exactly two VPCs and nothing behind them.
#[derive(Debug)]
pub struct Peering {
    /// The VPC that asks.
    pub requester: Attr<Id<Vpc>>,
    /// The VPC that is asked.
    pub accepter: Attr<Id<Vpc>>,
    /// The accepter's Region, where it differs.
    pub peer_region: Attr<Option<Arc<str>>>,
}

impl Kind for Peering {
    const TERRAFORM: &'static [&'static str] = &["aws_vpc_peering_connection"];
    const CLOUDFORMATION: &'static [&'static str] = &["AWS::EC2::VPCPeeringConnection"];
    // The accepter and options resources have the connection's id; `vpc_peering_connection_id` of
    // theirs evaluates to it.
    const NAMES: &'static [&'static str] = &["vpc_peering_connection_id"];

    fn read(fields: &Fields<'_>) -> Self {
        Self {
            requester: fields.required_id("vpc_id", "VpcId"),
            accepter: fields.required_id("peer_vpc_id", "PeerVpcId"),
            peer_region: fields.parse("peer_region", "PeerRegion"),
        }
    }
}

/// The other side's acceptance, usually in another account or Region.
#[derive(Debug)]
pub struct PeeringAccepter {
    /// The connection.
    pub connection: Attr<Id<Peering>>,
}

impl Kind for PeeringAccepter {
    const TERRAFORM: &'static [&'static str] = &["aws_vpc_peering_connection_accepter"];
    const CLOUDFORMATION: &'static [&'static str] = &[];

    fn read(fields: &Fields<'_>) -> Self {
        Self { connection: fields.required_id("vpc_peering_connection_id", "") }
    }
}
