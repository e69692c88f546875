//! Virtual private gateways and VPN connections: the ways to networks outside AWS.

use super::attr::{Attr, Many};
use super::cidr::Cidr;
use super::fields::{Fields, Kind};
use super::id::Id;
use super::routing::RouteTable;
use super::transit_gateway::TransitGateway;
use super::vpc::Vpc;

/// A virtual private gateway.
#[derive(Debug)]
pub struct VpnGateway {
    /// The VPC that it is attached to, if it says so itself.
    pub vpc: Attr<Option<Id<Vpc>>>,
}

impl Kind for VpnGateway {
    const TERRAFORM: &'static [&'static str] = &["aws_vpn_gateway"];
    const CLOUDFORMATION: &'static [&'static str] = &["AWS::EC2::VPNGateway"];
    const NAMES: &'static [&'static str] = &["VPNGatewayId"];

    fn read(fields: &Fields<'_>) -> Self {
        Self { vpc: fields.id("vpc_id", "") }
    }
}

/// Attaches a gateway to a VPC; in CloudFormation also an internet gateway.
#[derive(Debug)]
pub struct VpnGatewayAttachment {
    /// The gateway; absent where it is an internet gateway.
    pub gateway: Attr<Option<Id<VpnGateway>>>,
    /// The VPC.
    pub vpc: Attr<Id<Vpc>>,
}

impl Kind for VpnGatewayAttachment {
    const TERRAFORM: &'static [&'static str] = &["aws_vpn_gateway_attachment"];
    const CLOUDFORMATION: &'static [&'static str] = &["AWS::EC2::VPCGatewayAttachment"];

    fn read(fields: &Fields<'_>) -> Self {
        Self {
            gateway: fields.id("vpn_gateway_id", "VpnGatewayId"),
            vpc: fields.required_id("vpc_id", "VpcId"),
        }
    }
}

/// Lets route tables take the routes that a gateway learns.
#[derive(Debug)]
pub struct VpnPropagation {
    /// The tables.
    pub tables: Many<Id<RouteTable>>,
    /// The gateway.
    pub gateway: Attr<Id<VpnGateway>>,
}

impl Kind for VpnPropagation {
    const TERRAFORM: &'static [&'static str] = &["aws_vpn_gateway_route_propagation"];
    const CLOUDFORMATION: &'static [&'static str] = &["AWS::EC2::VPNGatewayRoutePropagation"];

    fn read(fields: &Fields<'_>) -> Self {
        let tables = if fields.is_terraform() {
            fields.single_id("route_table_id", "")
        } else {
            fields.ids("", "RouteTableIds")
        };
        Self { tables, gateway: fields.required_id("vpn_gateway_id", "VpnGatewayId") }
    }
}

/// A VPN connection.
#[derive(Debug)]
pub struct VpnConnection {
    /// The gateway of a VPC that it ends at.
    pub gateway: Attr<Option<Id<VpnGateway>>>,
    /// The transit gateway that it ends at.
    pub transit_gateway: Attr<Option<Id<TransitGateway>>>,
    /// What is behind it is written out; without, BGP tells.
    pub static_routes_only: Attr<bool>,
}

impl Kind for VpnConnection {
    const TERRAFORM: &'static [&'static str] = &["aws_vpn_connection"];
    const CLOUDFORMATION: &'static [&'static str] = &["AWS::EC2::VPNConnection"];
    const NAMES: &'static [&'static str] = &["VpnConnectionId"];

    fn read(fields: &Fields<'_>) -> Self {
        Self {
            gateway: fields.id("vpn_gateway_id", "VpnGatewayId"),
            transit_gateway: fields.id("transit_gateway_id", "TransitGatewayId"),
            static_routes_only: fields.or("static_routes_only", "StaticRoutesOnly", false),
        }
    }
}

/// A block behind a VPN connection.
#[derive(Debug)]
pub struct VpnRoute {
    /// The connection.
    pub connection: Attr<Id<VpnConnection>>,
    /// The block.
    pub destination: Attr<Cidr>,
}

impl Kind for VpnRoute {
    const TERRAFORM: &'static [&'static str] = &["aws_vpn_connection_route"];
    const CLOUDFORMATION: &'static [&'static str] = &["AWS::EC2::VPNConnectionRoute"];

    fn read(fields: &Fields<'_>) -> Self {
        Self {
            connection: fields.required_id("vpn_connection_id", "VpnConnectionId"),
            destination: fields.required("destination_cidr_block", "DestinationCidrBlock"),
        }
    }
}
