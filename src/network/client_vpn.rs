//! Client VPN: where its users come out, and whom they ask for names.

use super::attr::{Attr, Many};
use super::cidr::Cidr;
use super::dhcp::NameServer;
use super::fields::{Fields, Kind};
use super::id::Id;
use super::security_group::SecurityGroup;
use super::vpc::{Subnet, Vpc};

/// A Client VPN endpoint.
#[derive(Debug)]
pub struct ClientVpn {
    /// The DNS servers that it gives its users; where there are none, they keep their own
    /// (<https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateClientVpnEndpoint.html>).
    pub dns_servers: Many<NameServer>,
    /// The addresses of its users.
    pub block: Attr<Option<Cidr>>,
    /// Its VPC, where the code names it.
    pub vpc: Attr<Option<Id<Vpc>>>,
    /// The security groups of its interfaces.
    pub groups: Many<Id<SecurityGroup>>,
    /// Whether only the networks behind it are reached through it.
    pub split_tunnel: Attr<bool>,
}

impl Kind for ClientVpn {
    const TERRAFORM: &'static [&'static str] = &["aws_ec2_client_vpn_endpoint"];
    const CLOUDFORMATION: &'static [&'static str] = &["AWS::EC2::ClientVpnEndpoint"];
    const NAMES: &'static [&'static str] = &["client_vpn_endpoint_id", "Id"];

    fn read(fields: &Fields<'_>) -> Self {
        Self {
            dns_servers: NameServer::list(fields, "dns_servers", "DnsServers"),
            block: fields.parse("client_cidr_block", "ClientCidrBlock"),
            vpc: fields.id("vpc_id", "VpcId"),
            groups: fields.ids("security_group_ids", "SecurityGroupIds"),
            split_tunnel: fields.or("split_tunnel", "SplitTunnel", false),
        }
    }
}

/// Puts an interface of an endpoint into a subnet.
#[derive(Debug)]
pub struct ClientVpnAssociation {
    /// The endpoint.
    pub endpoint: Attr<Id<ClientVpn>>,
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

/// A route of an endpoint: where it sends the packets of its users.
#[derive(Debug)]
pub struct ClientVpnRoute {
    /// The endpoint.
    pub endpoint: Attr<Id<ClientVpn>>,
    /// The destination.
    pub destination: Attr<Cidr>,
    /// The subnet that they come out in.
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

/// Lets users of an endpoint into a network.
#[derive(Debug)]
pub struct ClientVpnAuthorization {
    /// The endpoint.
    pub endpoint: Attr<Id<ClientVpn>>,
    /// The network.
    pub destination: Attr<Cidr>,
}

impl Kind for ClientVpnAuthorization {
    const TERRAFORM: &'static [&'static str] = &["aws_ec2_client_vpn_authorization_rule"];
    const CLOUDFORMATION: &'static [&'static str] = &["AWS::EC2::ClientVpnAuthorizationRule"];

    fn read(fields: &Fields<'_>) -> Self {
        Self {
            endpoint: fields.required_id("client_vpn_endpoint_id", "ClientVpnEndpointId"),
            destination: fields.required("target_network_cidr", "TargetNetworkCidr"),
        }
    }
}
