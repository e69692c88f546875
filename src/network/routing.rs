//! Route tables, their routes, and which subnets use them.

use crate::source::Span;
use crate::unknown::{Unknown, Why};

use super::attr::{Attr, Item, Many};
use super::cidr::Cidr;
use super::fields::{Fields, Kind};
use super::id::{Id, attribute};
use super::peering::Peering;
use super::vpc::{Subnet, Vpc};

/// Where a route sends what it matches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// To the other VPC of a peering connection.
    Peering(Id<Peering>),
    /// To a transit gateway.
    TransitGateway,
    /// To a virtual private gateway: VPN or Direct Connect.
    VpnGateway,
    /// To the internet: an internet, NAT or egress-only gateway.
    Internet,
    /// Within the VPC.
    Local,
    /// Through an interface, an appliance, a core network.
    Other,
}

/// One route.
#[derive(Debug, Clone)]
pub struct Route {
    /// What it matches; `Unknown` for a prefix list.
    pub destination: Attr<Cidr>,
    /// Where it leads.
    pub target: Attr<Target>,
    /// The block.
    pub span: Span,
}

/// A route table.
#[derive(Debug)]
pub struct RouteTable {
    /// Its VPC.
    pub vpc: Attr<Option<Id<Vpc>>>,
    /// Routes written inside.
    pub routes: Many<Route>,
    /// For `aws_default_route_table`: the main table that it adopts.
    pub adopts: Attr<Option<Id<RouteTable>>>,
}

impl Kind for RouteTable {
    const TERRAFORM: &'static [&'static str] =
        &["aws_route_table", "aws_default_route_table", "awscc_ec2_route_table"];
    const CLOUDFORMATION: &'static [&'static str] = &["AWS::EC2::RouteTable"];
    const NAMES: &'static [&'static str] = &["route_table_id", "RouteTableId"];
    const DERIVED: &'static [(&'static str, &'static str)] =
        &[("main_route_table_id", "main"), ("default_route_table_id", "main")];

    fn read(fields: &Fields<'_>) -> Self {
        let blocks = fields.blocks("route", "");
        let items = blocks.items.into_iter().map(|item| Item {
            value: item.value.map(|block| read_route(&block)),
            span: item.span,
        });
        Self {
            vpc: fields.id("vpc_id", "VpcId"),
            routes: Many { items: items.collect(), rest: blocks.rest },
            adopts: fields.id("default_route_table_id", ""),
        }
    }

    /// A VPC's main route table: only the local route.
    fn derived(_role: &str) -> Option<Self> {
        Some(Self {
            vpc: Attr::Default(None),
            routes: Many::default(),
            adopts: Attr::Default(None),
        })
    }
}

/// A route that is a resource of its own.
#[derive(Debug)]
pub struct TableRoute {
    /// The table that it is in.
    pub table: Attr<Id<RouteTable>>,
    /// The route.
    pub route: Route,
}

impl Kind for TableRoute {
    const TERRAFORM: &'static [&'static str] = &["aws_route"];
    const CLOUDFORMATION: &'static [&'static str] = &["AWS::EC2::Route"];

    fn read(fields: &Fields<'_>) -> Self {
        Self {
            table: fields.required_id("route_table_id", "RouteTableId"),
            route: read_route(fields),
        }
    }
}

/// A subnet's explicit table.
#[derive(Debug)]
pub struct RouteTableAssociation {
    /// The table.
    pub table: Attr<Id<RouteTable>>,
    /// The subnet; absent where a gateway has the table.
    pub subnet: Attr<Option<Id<Subnet>>>,
}

impl Kind for RouteTableAssociation {
    const TERRAFORM: &'static [&'static str] =
        &["aws_route_table_association", "awscc_ec2_subnet_route_table_association"];
    const CLOUDFORMATION: &'static [&'static str] = &["AWS::EC2::SubnetRouteTableAssociation"];

    fn read(fields: &Fields<'_>) -> Self {
        Self {
            table: fields.required_id("route_table_id", "RouteTableId"),
            subnet: fields.id("subnet_id", "SubnetId"),
        }
    }
}

/// Makes a table the VPC's main one: the table of every subnet without an explicit one.
#[derive(Debug)]
pub struct MainRouteTableAssociation {
    /// The VPC.
    pub vpc: Attr<Id<Vpc>>,
    /// The table.
    pub table: Attr<Id<RouteTable>>,
}

impl Kind for MainRouteTableAssociation {
    const TERRAFORM: &'static [&'static str] = &["aws_main_route_table_association"];
    const CLOUDFORMATION: &'static [&'static str] = &[];

    fn read(fields: &Fields<'_>) -> Self {
        Self {
            vpc: fields.required_id("vpc_id", ""),
            table: fields.required_id("route_table_id", ""),
        }
    }
}

fn read_route(fields: &Fields<'_>) -> Route {
    Route { destination: destination(fields), target: target(fields), span: fields.span }
}

fn destination(fields: &Fields<'_>) -> Attr<Cidr> {
    let names = [
        ("cidr_block", ""),
        ("destination_cidr_block", "DestinationCidrBlock"),
        ("ipv6_cidr_block", ""),
        ("destination_ipv6_cidr_block", "DestinationIpv6CidrBlock"),
    ];
    let given = names.into_iter().find(|(tf, cfn)| present(fields, tf, cfn));
    match given {
        Some((tf, cfn)) => fields.required(tf, cfn),
        None => Attr::Unknown(
            Unknown::new("a prefix list", Why::NotEvaluated("a prefix list".into())),
            None,
        ),
    }
}

/// Written, and not the empty string that attribute syntax (`route = [{…}]`) needs for the others.
fn present(fields: &Fields<'_>, terraform: &str, cloudformation: &str) -> bool {
    use crate::graph::Value;
    fields
        .node(terraform, cloudformation)
        .is_some_and(|node| !matches!(&node.value, Value::String(text) if text.is_empty()))
}

fn target(fields: &Fields<'_>) -> Attr<Target> {
    const PLAIN: [(&str, &str, Target); 10] = [
        ("transit_gateway_id", "TransitGatewayId", Target::TransitGateway),
        ("nat_gateway_id", "NatGatewayId", Target::Internet),
        ("egress_only_gateway_id", "EgressOnlyInternetGatewayId", Target::Internet),
        ("core_network_arn", "CoreNetworkArn", Target::Other),
        ("network_interface_id", "NetworkInterfaceId", Target::Other),
        ("instance_id", "InstanceId", Target::Other),
        ("vpc_endpoint_id", "VpcEndpointId", Target::Other),
        ("local_gateway_id", "LocalGatewayId", Target::Other),
        ("carrier_gateway_id", "CarrierGatewayId", Target::Other),
        ("odb_network_arn", "OdbNetworkArn", Target::Other),
    ];
    if present(fields, "vpc_peering_connection_id", "VpcPeeringConnectionId") {
        return fields
            .required_id("vpc_peering_connection_id", "VpcPeeringConnectionId")
            .map(Target::Peering);
    }
    if present(fields, "gateway_id", "GatewayId") {
        return gateway(fields);
    }
    let plain = PLAIN.into_iter().find(|(tf, cfn, _)| present(fields, tf, cfn));
    match plain.and_then(|(tf, cfn, target)| Some((fields.node(tf, cfn)?, target))) {
        Some((node, target)) => Attr::Set(target, node.span),
        None => Attr::Unknown(
            Unknown::new("a route's target", Why::NotEvaluated("a route without a target".into())),
            None,
        ),
    }
}

/// `gateway_id` takes gateways of every kind: the resource that it names decides.
fn gateway(fields: &Fields<'_>) -> Attr<Target> {
    use crate::graph::Value;
    let Some(node) = fields.node("gateway_id", "GatewayId") else {
        return Attr::Default(Target::Local);
    };
    let graph = fields.context.graph();
    let kind = match &node.value {
        Value::String(text) => Ok(by_prefix(text)),
        Value::Unknown(symbol) => match attribute(symbol) {
            Some((resource, _)) => by_kind(&graph.resource(resource).kind),
            None => Err(symbol.unknown()),
        },
        _ => Ok(Target::Other),
    };
    match kind {
        // A peering connection's id is taken here as well.
        Ok(Target::Peering(_)) => {
            fields.required_id("gateway_id", "GatewayId").map(Target::Peering)
        }
        Ok(target) => Attr::Set(target, node.span),
        Err(unknown) => Attr::Unknown(unknown, Some(node.span)),
    }
}

fn by_prefix(id: &str) -> Target {
    match id.split('-').next() {
        Some("local") => Target::Local,
        Some("igw" | "nat" | "eigw") => Target::Internet,
        Some("vgw") => Target::VpnGateway,
        Some("tgw") => Target::TransitGateway,
        _ => Target::Other,
    }
}

fn by_kind(kind: &str) -> Result<Target, Unknown> {
    Ok(match kind {
        "aws_internet_gateway"
        | "aws_nat_gateway"
        | "aws_egress_only_internet_gateway"
        | "aws_internet_gateway_attachment"
        | "AWS::EC2::InternetGateway"
        | "AWS::EC2::VPCGatewayAttachment"
        | "AWS::EC2::NatGateway" => Target::Internet,
        "aws_vpn_gateway" | "aws_vpn_gateway_attachment" | "AWS::EC2::VPNGateway" => {
            Target::VpnGateway
        }
        "aws_ec2_transit_gateway"
        | "aws_ec2_transit_gateway_vpc_attachment"
        | "AWS::EC2::TransitGateway" => Target::TransitGateway,
        other => {
            let why = Why::NotEvaluated(format!("a route to {other}").into());
            return Err(Unknown::new(other, why));
        }
    })
}
