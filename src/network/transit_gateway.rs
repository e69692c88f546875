//! Transit gateways and what is attached to them: VPCs, VPN connections, other gateways.

use crate::graph::Value;
use crate::source::Span;

use super::attr::{Attr, Many};
use super::fields::{Context, Fields, Kind, Parse};
use super::id::Id;
use super::transit_gateway_table::TransitGatewayTable;
use super::vpc::{Subnet, Vpc};

/// `enable` or `disable`, as transit gateways spell it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Switch(bool);

impl Parse for Switch {
    const WANTED: &'static str = "enable or disable";

    fn parse(value: &Value, _: &Context<'_>) -> Option<Self> {
        match value {
            Value::String(text) if &**text == "enable" => Some(Self(true)),
            Value::String(text) if &**text == "disable" => Some(Self(false)),
            _ => None,
        }
    }
}

fn switch(fields: &Fields<'_>, terraform: &str, cloudformation: &str, default: bool) -> Attr<bool> {
    fields.or(terraform, cloudformation, Switch(default)).map(|Switch(on)| on)
}

/// A transit gateway.
#[derive(Debug)]
pub struct TransitGateway {
    /// Attachments of other accounts need no acceptance.
    pub auto_accept: Attr<bool>,
    /// New attachments use the default route table.
    pub default_association: Attr<bool>,
    /// New attachments announce their blocks in the default route table.
    pub default_propagation: Attr<bool>,
    /// The default table of associations, where it is not the one that the gateway brings along.
    pub association_table: Attr<Option<Id<TransitGatewayTable>>>,
    /// The default table of propagations, likewise.
    pub propagation_table: Attr<Option<Id<TransitGatewayTable>>>,
    /// Rules of security groups may name groups of other VPCs behind it.
    pub group_references: Attr<bool>,
    /// Public names of instances resolve to private addresses in the other VPCs, where it is written.
    pub dns_support: Option<Span>,
}

impl Kind for TransitGateway {
    const TERRAFORM: &'static [&'static str] = &["aws_ec2_transit_gateway"];
    const CLOUDFORMATION: &'static [&'static str] = &["AWS::EC2::TransitGateway"];

    // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_TransitGatewayRequestOptions.html
    fn read(fields: &Fields<'_>) -> Self {
        let flag =
            |terraform, cloudformation, default| switch(fields, terraform, cloudformation, default);
        Self {
            auto_accept: flag(
                "auto_accept_shared_attachments",
                "AutoAcceptSharedAttachments",
                false,
            ),
            default_association: flag(
                "default_route_table_association",
                "DefaultRouteTableAssociation",
                true,
            ),
            default_propagation: flag(
                "default_route_table_propagation",
                "DefaultRouteTablePropagation",
                true,
            ),
            association_table: fields.id("", "AssociationDefaultRouteTableId"),
            propagation_table: fields.id("", "PropagationDefaultRouteTableId"),
            group_references: flag(
                "security_group_referencing_support",
                "SecurityGroupReferencingSupport",
                false,
            ),
            dns_support: match fields.parse("dns_support", "DnsSupport") {
                Attr::Set(Some(Switch(true)), span) => Some(span),
                _ => None,
            },
        }
    }
}

/// What is behind an attachment.
#[derive(Debug)]
pub enum Attached {
    /// A VPC, through network interfaces in these subnets.
    Vpc(Attr<Id<Vpc>>, Many<Id<Subnet>>),
    /// Another transit gateway: routes to it are static.
    Gateway(Attr<Id<TransitGateway>>),
    /// A VPN connection, Direct Connect, or an appliance's tunnel.
    Outside,
}

/// An attachment to a transit gateway.
#[derive(Debug)]
pub struct TransitGatewayAttachment {
    /// The gateway; absent where what brings the attachment along knows it.
    pub gateway: Attr<Option<Id<TransitGateway>>>,
    /// What is behind it.
    pub attached: Attached,
    /// It uses the default route table, where the gateway has one.
    pub default_association: Attr<bool>,
    /// It announces its blocks in the default route table, likewise.
    pub default_propagation: Attr<bool>,
    /// It carries IPv6.
    pub ipv6: Attr<bool>,
    /// Rules of security groups may name groups of its VPC, and its groups those of others, where the
    /// gateway lets them too.
    pub group_references: Attr<bool>,
    /// The attachment whose tunnel it uses.
    pub transport: Attr<Option<Id<TransitGatewayAttachment>>>,
    /// An attachment that is named where the gateway belongs.
    pub misnamed: Option<(Id<TransitGatewayAttachment>, Span)>,
}

/// What a VPN connection or a Direct Connect association with a transit gateway brings along.
pub(super) const ATTACHMENT: &str = "transit gateway attachment";

const PEERING: [&str; 2] =
    ["aws_ec2_transit_gateway_peering_attachment", "AWS::EC2::TransitGatewayPeeringAttachment"];

const OUTSIDE: [&str; 4] = [
    "aws_ec2_transit_gateway_connect",
    "AWS::EC2::TransitGatewayConnect",
    "aws_ec2_transit_gateway_vpn_attachment",
    "aws_ec2_transit_gateway_dx_gateway_attachment",
];

impl Kind for TransitGatewayAttachment {
    const TERRAFORM: &'static [&'static str] = &[
        "aws_ec2_transit_gateway_vpc_attachment",
        PEERING[0],
        OUTSIDE[0],
        OUTSIDE[2],
        OUTSIDE[3],
        "aws_ec2_transit_gateway_attachment",
    ];
    const CLOUDFORMATION: &'static [&'static str] = &[
        "AWS::EC2::TransitGatewayAttachment",
        "AWS::EC2::TransitGatewayVpcAttachment",
        PEERING[1],
        OUTSIDE[1],
    ];
    const NAMES: &'static [&'static str] = &["TransitGatewayAttachmentId"];
    const DERIVED: &'static [(&'static str, &'static str)] =
        &[("transit_gateway_attachment_id", ATTACHMENT)];
    const STAND_INS: &'static [(&'static str, &'static str)] = &[
        ("aws_ec2_transit_gateway_vpc_attachment_accepter", "transit_gateway_attachment_id"),
        ("aws_ec2_transit_gateway_peering_attachment_accepter", "transit_gateway_attachment_id"),
    ];

    fn read(fields: &Fields<'_>) -> Self {
        let options = fields.block("", "Options").unwrap_or_else(|| fields.nothing());
        let options = if fields.is_terraform() { *fields } else { options };
        let attached = if PEERING.contains(&fields.kind) {
            Attached::Gateway(fields.required_id("peer_transit_gateway_id", "PeerTransitGatewayId"))
        } else if OUTSIDE.contains(&fields.kind) {
            Attached::Outside
        } else {
            let vpc = fields.required_id("vpc_id", "VpcId");
            Attached::Vpc(vpc, fields.ids("subnet_ids", "SubnetIds"))
        };
        Self {
            gateway: fields.id("transit_gateway_id", "TransitGatewayId"),
            attached,
            default_association: fields.or(
                "transit_gateway_default_route_table_association",
                "",
                true,
            ),
            default_propagation: fields.or(
                "transit_gateway_default_route_table_propagation",
                "",
                true,
            ),
            ipv6: switch(&options, "ipv6_support", "Ipv6Support", false),
            group_references: switch(
                &options,
                "security_group_referencing_support",
                "SecurityGroupReferencingSupport",
                true,
            ),
            transport: fields.id("transport_attachment_id", "TransportTransitGatewayAttachmentId"),
            misnamed: misnamed(fields),
        }
    }

    fn derived(_role: &str) -> Option<Self> {
        Some(Self {
            gateway: Attr::Default(None),
            attached: Attached::Outside,
            default_association: Attr::Default(true),
            default_propagation: Attr::Default(true),
            ipv6: Attr::Default(false),
            group_references: Attr::Default(false),
            transport: Attr::Default(None),
            misnamed: None,
        })
    }
}

/// An attachment that stands where the id of a gateway belongs: AWS refuses it.
pub(super) fn misnamed(fields: &Fields<'_>) -> Option<(Id<TransitGatewayAttachment>, Span)> {
    match fields.id_of_kind("transit_gateway_id", "TransitGatewayId") {
        Attr::Set(Some(attachment), span) => Some((attachment, span)),
        _ => None,
    }
}

/// The acceptance of an attachment of another account, or of a peering from another gateway.
#[derive(Debug)]
pub struct TransitGatewayAccepter {
    /// The attachment.
    pub attachment: Attr<Id<TransitGatewayAttachment>>,
    /// What the owner of the gateway decides of the default table.
    pub default_association: Attr<bool>,
    /// Likewise.
    pub default_propagation: Attr<bool>,
}

impl Kind for TransitGatewayAccepter {
    const TERRAFORM: &'static [&'static str] = &[
        "aws_ec2_transit_gateway_vpc_attachment_accepter",
        "aws_ec2_transit_gateway_peering_attachment_accepter",
    ];
    const CLOUDFORMATION: &'static [&'static str] = &[];

    fn read(fields: &Fields<'_>) -> Self {
        let flag = |name| fields.or(name, "", true);
        Self {
            attachment: fields.required_id("transit_gateway_attachment_id", ""),
            default_association: flag("transit_gateway_default_route_table_association"),
            default_propagation: flag("transit_gateway_default_route_table_propagation"),
        }
    }
}
