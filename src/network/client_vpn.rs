//! Client VPN endpoints: people who come in through interfaces in subnets.

use std::sync::Arc;

use super::attr::{Attr, Many};
use super::cidr::Cidr;
use super::fields::{Fields, Kind};
use super::id::Id;
use super::security_group::SecurityGroup;
use super::vpc::{Subnet, Vpc};

/// A Client VPN endpoint. Its packets carry the address of the interface that they leave by
/// (<https://docs.aws.amazon.com/vpn/latest/clientvpn-admin/how-it-works.html>).
#[derive(Debug)]
pub struct ClientVpnEndpoint {
    /// Where the addresses of the clients are from.
    pub client_cidr: Attr<Option<Cidr>>,
    /// The servers that the clients are told to ask; none means their own.
    pub dns_servers: Many<Arc<str>>,
    /// Only what has a route goes through the tunnel.
    pub split_tunnel: Attr<bool>,
    /// Its VPC.
    pub vpc: Attr<Option<Id<Vpc>>>,
    /// The groups of its interfaces; none means the VPC's default one.
    pub groups: Many<Id<SecurityGroup>>,
}

impl Kind for ClientVpnEndpoint {
    const TERRAFORM: &'static [&'static str] = &["aws_ec2_client_vpn_endpoint"];
    const CLOUDFORMATION: &'static [&'static str] = &["AWS::EC2::ClientVpnEndpoint"];

    fn read(fields: &Fields<'_>) -> Self {
        Self {
            client_cidr: fields.parse("client_cidr_block", "ClientCidrBlock"),
            dns_servers: fields.list("dns_servers", "DnsServers"),
            split_tunnel: fields.or("split_tunnel", "SplitTunnel", false),
            vpc: fields.id("vpc_id", "VpcId"),
            groups: fields.ids("security_group_ids", "SecurityGroupIds"),
        }
    }
}

/// Gives an endpoint an interface in a subnet.
#[derive(Debug)]
pub struct ClientVpnAssociation {
    /// The endpoint.
    pub endpoint: Attr<Id<ClientVpnEndpoint>>,
    /// The subnet.
    pub subnet: Attr<Id<Subnet>>,
}

impl Kind for ClientVpnAssociation {
    const TERRAFORM: &'static [&'static str] = &["aws_ec2_client_vpn_network_association"];
    const CLOUDFORMATION: &'static [&'static str] =
        &["AWS::EC2::ClientVpnTargetNetworkAssociation"];

    fn read(fields: &Fields<'_>) -> Self {
        Self {
            endpoint: fields.required_id("client_vpn_endpoint_id", "ClientVpnEndpointId"),
            subnet: fields.required_id("subnet_id", "SubnetId"),
        }
    }
}

/// A route of an endpoint, beside the one to the VPC of an associated subnet.
#[derive(Debug)]
pub struct ClientVpnRoute {
    /// The endpoint.
    pub endpoint: Attr<Id<ClientVpnEndpoint>>,
    /// What it matches.
    pub destination: Attr<Cidr>,
    /// The interface that it leaves by.
    pub subnet: Attr<Id<Subnet>>,
}

impl Kind for ClientVpnRoute {
    const TERRAFORM: &'static [&'static str] = &["aws_ec2_client_vpn_route"];
    const CLOUDFORMATION: &'static [&'static str] = &["AWS::EC2::ClientVpnRoute"];

    fn read(fields: &Fields<'_>) -> Self {
        Self {
            endpoint: fields.required_id("client_vpn_endpoint_id", "ClientVpnEndpointId"),
            destination: fields.required("destination_cidr_block", "DestinationCidrBlock"),
            subnet: fields.required_id("target_vpc_subnet_id", "TargetVpcSubnetId"),
        }
    }
}

/// Lets clients into a network; what no rule names is not let through.
#[derive(Debug)]
pub struct ClientVpnAuthorization {
    /// The endpoint.
    pub endpoint: Attr<Id<ClientVpnEndpoint>>,
    /// The network.
    pub network: Attr<Cidr>,
}

impl Kind for ClientVpnAuthorization {
    const TERRAFORM: &'static [&'static str] = &["aws_ec2_client_vpn_authorization_rule"];
    const CLOUDFORMATION: &'static [&'static str] = &["AWS::EC2::ClientVpnAuthorizationRule"];

    fn read(fields: &Fields<'_>) -> Self {
        Self {
            endpoint: fields.required_id("client_vpn_endpoint_id", "ClientVpnEndpointId"),
            network: fields.required("target_network_cidr", "TargetNetworkCidr"),
        }
    }
}
