//! Route tables, their routes, and which subnets use them.

use crate::source::Span;
use crate::unknown::{Unknown, Why};

use super::attr::{Attr, Item, Many};
use super::cidr::{Cidr, Ipv6Cidr};
use super::core_network::CoreNetwork;
use super::fields::{Fields, Kind};
use super::id::{Id, attribute};
use super::internet_gateway::{InternetGateway, InternetGatewayAttachment};
use super::nat::NatGateway;
use super::peering::Peering;
use super::prefix_list::PrefixList;
use super::transit_gateway::{TransitGateway, TransitGatewayAttachment, misnamed};
use super::vpc::{Subnet, Vpc};
use super::vpn::VpnGateway;

/// Where a route sends what it matches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// To the other VPC of a peering connection.
    Peering(Id<Peering>),
    /// To a transit gateway.
    TransitGateway(Id<TransitGateway>),
    /// To a virtual private gateway: VPN or Direct Connect.
    VpnGateway(Id<VpnGateway>),
    /// Through a NAT gateway.
    Nat(Id<NatGateway>),
    /// To the internet, through a gateway; absent where what names it is not the gateway.
    Internet(Option<Id<InternetGateway>>),
    /// To the internet by IPv6, for what hosts begin.
    EgressOnly,
    /// Within the VPC.
    Local,
    /// To a core network.
    CoreNetwork(Id<CoreNetwork>),
    /// Through an interface, an instance or a gateway endpoint: where it goes on is not in the code.
    Appliance,
    /// Out to a carrier, an Outpost's network, a database network.
    Other,
}

/// What a route matches.
#[derive(Debug, Clone)]
pub enum RouteDestination {
    /// One block.
    Block(Attr<Cidr>),
    /// Every block of a list.
    List(Attr<Id<PrefixList>>),
}

/// One route.
#[derive(Debug, Clone)]
pub struct Route {
    /// What it matches.
    pub destination: RouteDestination,
    /// Where it leads.
    pub target: Attr<Target>,
    /// An attachment that is named where a transit gateway belongs.
    pub misnamed: Option<(Id<TransitGatewayAttachment>, Span)>,
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
    /// The gateways whose routes it takes.
    pub propagating: Many<Id<VpnGateway>>,
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
            propagating: fields.ids("propagating_vgws", ""),
        }
    }

    /// A VPC's main route table: only the local route.
    fn derived(_role: &str) -> Option<Self> {
        Some(Self {
            vpc: Attr::Default(None),
            routes: Many::default(),
            adopts: Attr::Default(None),
            propagating: Many::default(),
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

/// A subnet's explicit table, or what a gateway looks up on the way in.
#[derive(Debug)]
pub struct RouteTableAssociation {
    /// The table.
    pub table: Attr<Id<RouteTable>>,
    /// The subnet; absent where a gateway has the table.
    pub subnet: Attr<Option<Id<Subnet>>>,
    /// The virtual private gateway that has the table.
    pub gateway: Attr<Option<Id<VpnGateway>>>,
}

impl Kind for RouteTableAssociation {
    const TERRAFORM: &'static [&'static str] =
        &["aws_route_table_association", "awscc_ec2_subnet_route_table_association"];
    const CLOUDFORMATION: &'static [&'static str] =
        &["AWS::EC2::SubnetRouteTableAssociation", "AWS::EC2::GatewayRouteTableAssociation"];

    fn read(fields: &Fields<'_>) -> Self {
        Self {
            table: fields.required_id("route_table_id", "RouteTableId"),
            subnet: fields.id("subnet_id", "SubnetId"),
            gateway: fields.id_of_kind("gateway_id", "GatewayId"),
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
    Route {
        destination: destination(fields),
        target: target(fields),
        misnamed: misnamed(fields),
        span: fields.span,
    }
}

fn destination(fields: &Fields<'_>) -> RouteDestination {
    let names = [
        ("cidr_block", ""),
        ("destination_cidr_block", "DestinationCidrBlock"),
        ("ipv6_cidr_block", ""),
        ("destination_ipv6_cidr_block", "DestinationIpv6CidrBlock"),
    ];
    let given = names.into_iter().find(|(tf, cfn)| present(fields, tf, cfn));
    if let Some((tf, cfn)) = given {
        return RouteDestination::Block(if tf.contains("ipv6") {
            fields.required::<Ipv6Cidr>(tf, cfn).map(|Ipv6Cidr(block)| block)
        } else {
            fields.required(tf, cfn)
        });
    }
    let (tf, cfn) = ("destination_prefix_list_id", "DestinationPrefixListId");
    RouteDestination::List(fields.required_id(tf, cfn))
}

/// Written, and not the empty string that attribute syntax (`route = [{…}]`) needs for the others.
fn present(fields: &Fields<'_>, terraform: &str, cloudformation: &str) -> bool {
    use crate::graph::Value;
    fields
        .node(terraform, cloudformation)
        .is_some_and(|node| !matches!(&node.value, Value::String(text) if text.is_empty()))
}

fn target(fields: &Fields<'_>) -> Attr<Target> {
    const PLAIN: [(&str, &str, Target); 7] = [
        ("egress_only_gateway_id", "EgressOnlyInternetGatewayId", Target::EgressOnly),
        ("network_interface_id", "NetworkInterfaceId", Target::Appliance),
        ("instance_id", "InstanceId", Target::Appliance),
        ("vpc_endpoint_id", "VpcEndpointId", Target::Appliance),
        ("local_gateway_id", "LocalGatewayId", Target::Other),
        ("carrier_gateway_id", "CarrierGatewayId", Target::Other),
        ("odb_network_arn", "OdbNetworkArn", Target::Other),
    ];
    const PEERING: (&str, &str) = ("vpc_peering_connection_id", "VpcPeeringConnectionId");
    const TRANSIT: (&str, &str) = ("transit_gateway_id", "TransitGatewayId");
    const CORE: (&str, &str) = ("core_network_arn", "CoreNetworkArn");
    const NAT: (&str, &str) = ("nat_gateway_id", "NatGatewayId");
    if present(fields, PEERING.0, PEERING.1) {
        return fields.required_id(PEERING.0, PEERING.1).map(Target::Peering);
    }
    if present(fields, TRANSIT.0, TRANSIT.1) {
        return fields.required_id(TRANSIT.0, TRANSIT.1).map(Target::TransitGateway);
    }
    if present(fields, CORE.0, CORE.1) {
        return fields.required_id(CORE.0, CORE.1).map(Target::CoreNetwork);
    }
    if present(fields, NAT.0, NAT.1) {
        return fields.required_id(NAT.0, NAT.1).map(Target::Nat);
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

/// What `gateway_id` names: it takes gateways of every kind, and the resource that it names decides.
enum Gateway {
    Peering,
    Transit,
    Vpn,
    Nat,
    Internet,
    Plain(Target),
}

fn gateway(fields: &Fields<'_>) -> Attr<Target> {
    use crate::graph::Value;
    let (tf, cfn) = ("gateway_id", "GatewayId");
    let Some(node) = fields.node(tf, cfn) else { return Attr::Default(Target::Local) };
    let graph = fields.context.graph();
    let kind = match &node.value {
        Value::String(text) => Ok(by_prefix(text)),
        Value::Unknown(symbol) => match attribute(symbol) {
            Some((resource, _)) => by_kind(&graph.resource(resource).kind),
            None => Err(symbol.unknown()),
        },
        _ => Ok(Gateway::Plain(Target::Other)),
    };
    match kind {
        Ok(Gateway::Peering) => fields.required_id(tf, cfn).map(Target::Peering),
        Ok(Gateway::Transit) => fields.required_id(tf, cfn).map(Target::TransitGateway),
        Ok(Gateway::Vpn) => fields.required_id(tf, cfn).map(Target::VpnGateway),
        Ok(Gateway::Nat) => fields.required_id(tf, cfn).map(Target::Nat),
        Ok(Gateway::Internet) => {
            let gateway = fields.required_id(tf, cfn);
            Attr::Set(Target::Internet(gateway.get().ok().copied()), node.span)
        }
        Ok(Gateway::Plain(target)) => Attr::Set(target, node.span),
        Err(unknown) => Attr::Unknown(unknown, Some(node.span)),
    }
}

fn by_prefix(id: &str) -> Gateway {
    match id.split('-').next() {
        Some("local") => Gateway::Plain(Target::Local),
        Some("igw") => Gateway::Internet,
        Some("eigw") => Gateway::Plain(Target::EgressOnly),
        Some("nat") => Gateway::Nat,
        Some("vgw") => Gateway::Vpn,
        Some("tgw") => Gateway::Transit,
        Some("pcx") => Gateway::Peering,
        Some("vpce") => Gateway::Plain(Target::Appliance),
        _ => Gateway::Plain(Target::Other),
    }
}

fn by_kind(kind: &str) -> Result<Gateway, Unknown> {
    if Peering::is(kind) {
        return Ok(Gateway::Peering);
    }
    if VpnGateway::is(kind) {
        return Ok(Gateway::Vpn);
    }
    if TransitGateway::is(kind) {
        return Ok(Gateway::Transit);
    }
    if NatGateway::is(kind) {
        return Ok(Gateway::Nat);
    }
    if InternetGateway::is(kind) || InternetGatewayAttachment::is(kind) {
        return Ok(Gateway::Internet);
    }
    Ok(match kind {
        "aws_egress_only_internet_gateway" | "AWS::EC2::EgressOnlyInternetGateway" => {
            Gateway::Plain(Target::EgressOnly)
        }
        other => {
            let why = Why::NotEvaluated(format!("a route to {other}").into());
            return Err(Unknown::new(other, why));
        }
    })
}
