//! Route tables of transit gateways, their routes, and which attachments use and fill them.

use crate::source::Span;

use super::attr::Attr;
use super::cidr::Cidr;
use super::fields::{Fields, Kind};
use super::id::Id;
use super::prefix_list::PrefixList;
use super::transit_gateway::{TransitGateway, TransitGatewayAttachment};

/// A route table of a transit gateway.
#[derive(Debug)]
pub struct TransitGatewayTable {
    /// The gateway; absent for the table that it brings along.
    pub gateway: Attr<Option<Id<TransitGateway>>>,
}

/// The table that a gateway brings along.
pub(super) const DEFAULT: &str = "default route table";

impl Kind for TransitGatewayTable {
    const TERRAFORM: &'static [&'static str] = &["aws_ec2_transit_gateway_route_table"];
    const CLOUDFORMATION: &'static [&'static str] = &["AWS::EC2::TransitGatewayRouteTable"];
    const NAMES: &'static [&'static str] = &["TransitGatewayRouteTableId"];
    const DERIVED: &'static [(&'static str, &'static str)] = &[
        ("association_default_route_table_id", DEFAULT),
        ("propagation_default_route_table_id", DEFAULT),
    ];

    fn read(fields: &Fields<'_>) -> Self {
        Self { gateway: fields.id("transit_gateway_id", "TransitGatewayId") }
    }

    fn derived(_role: &str) -> Option<Self> {
        Some(Self { gateway: Attr::Default(None) })
    }
}

/// What a static route of a gateway matches.
#[derive(Debug)]
pub enum Prefixes {
    /// One block.
    Block(Attr<Cidr>),
    /// Every block of a list.
    List(Attr<Id<PrefixList>>),
}

/// A static route of a transit gateway.
#[derive(Debug)]
pub struct TransitGatewayRoute {
    /// The table that it is in.
    pub table: Attr<Id<TransitGatewayTable>>,
    /// What it matches.
    pub destination: Prefixes,
    /// Where it leads; absent where it drops.
    pub attachment: Attr<Option<Id<TransitGatewayAttachment>>>,
    /// It drops what it matches.
    pub blackhole: Attr<bool>,
    /// The block.
    pub span: Span,
}

impl Kind for TransitGatewayRoute {
    const TERRAFORM: &'static [&'static str] =
        &["aws_ec2_transit_gateway_route", "aws_ec2_transit_gateway_prefix_list_reference"];
    const CLOUDFORMATION: &'static [&'static str] = &["AWS::EC2::TransitGatewayRoute"];

    fn read(fields: &Fields<'_>) -> Self {
        let list = fields.kind == Self::TERRAFORM[1];
        Self {
            table: fields
                .required_id("transit_gateway_route_table_id", "TransitGatewayRouteTableId"),
            destination: if list {
                Prefixes::List(fields.required_id("prefix_list_id", ""))
            } else {
                Prefixes::Block(fields.required("destination_cidr_block", "DestinationCidrBlock"))
            },
            attachment: fields.id("transit_gateway_attachment_id", "TransitGatewayAttachmentId"),
            blackhole: fields.or("blackhole", "Blackhole", false),
            span: fields.span,
        }
    }
}

/// The table that looks up what comes in by an attachment.
#[derive(Debug)]
pub struct TransitGatewayAssociation {
    /// The table.
    pub table: Attr<Id<TransitGatewayTable>>,
    /// The attachment.
    pub attachment: Attr<Id<TransitGatewayAttachment>>,
    /// It takes the place of an association that is there.
    pub replaces: Attr<bool>,
}

impl Kind for TransitGatewayAssociation {
    const TERRAFORM: &'static [&'static str] = &["aws_ec2_transit_gateway_route_table_association"];
    const CLOUDFORMATION: &'static [&'static str] =
        &["AWS::EC2::TransitGatewayRouteTableAssociation"];

    fn read(fields: &Fields<'_>) -> Self {
        Self {
            table: table(fields),
            attachment: attachment(fields),
            replaces: fields.or("replace_existing_association", "", false),
        }
    }
}

/// A table that knows the blocks behind an attachment.
#[derive(Debug)]
pub struct TransitGatewayPropagation {
    /// The table.
    pub table: Attr<Id<TransitGatewayTable>>,
    /// The attachment.
    pub attachment: Attr<Id<TransitGatewayAttachment>>,
}

impl Kind for TransitGatewayPropagation {
    const TERRAFORM: &'static [&'static str] = &["aws_ec2_transit_gateway_route_table_propagation"];
    const CLOUDFORMATION: &'static [&'static str] =
        &["AWS::EC2::TransitGatewayRouteTablePropagation"];

    fn read(fields: &Fields<'_>) -> Self {
        Self { table: table(fields), attachment: attachment(fields) }
    }
}

/// Another default table for a gateway.
#[derive(Debug)]
pub struct TransitGatewayDefault {
    /// The gateway.
    pub gateway: Attr<Id<TransitGateway>>,
    /// The table.
    pub table: Attr<Id<TransitGatewayTable>>,
    /// Of propagations, or of associations.
    pub of_propagations: bool,
}

impl Kind for TransitGatewayDefault {
    const TERRAFORM: &'static [&'static str] = &[
        "aws_ec2_transit_gateway_default_route_table_association",
        "aws_ec2_transit_gateway_default_route_table_propagation",
    ];
    const CLOUDFORMATION: &'static [&'static str] = &[];

    fn read(fields: &Fields<'_>) -> Self {
        Self {
            gateway: fields.required_id("transit_gateway_id", ""),
            table: table(fields),
            of_propagations: fields.kind == Self::TERRAFORM[1],
        }
    }
}

fn table(fields: &Fields<'_>) -> Attr<Id<TransitGatewayTable>> {
    fields.required_id("transit_gateway_route_table_id", "TransitGatewayRouteTableId")
}

fn attachment(fields: &Fields<'_>) -> Attr<Id<TransitGatewayAttachment>> {
    fields.required_id("transit_gateway_attachment_id", "TransitGatewayAttachmentId")
}
