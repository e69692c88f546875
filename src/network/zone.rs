//! Private hosted zones, and the VPCs that see them.

use std::sync::Arc;

use super::attr::{Attr, Item, Many};
use super::fields::{Fields, Kind};
use super::id::Id;
use super::name::Domain;
use super::vpc::Vpc;

/// A hosted zone; private if a VPC is tied to it.
#[derive(Debug)]
pub struct HostedZone {
    /// Its name.
    pub name: Attr<Option<Domain>>,
    /// VPCs written inside.
    pub vpcs: Many<Id<Vpc>>,
}

impl Kind for HostedZone {
    const TERRAFORM: &'static [&'static str] = &["aws_route53_zone"];
    const CLOUDFORMATION: &'static [&'static str] = &["AWS::Route53::HostedZone"];
    const NAMES: &'static [&'static str] = &["zone_id", "Id"];

    fn read(fields: &Fields<'_>) -> Self {
        let blocks = fields.blocks("vpc", "VPCs");
        let items = blocks.items.into_iter().filter_map(|item| match item.value {
            Ok(block) => match block.required_id("vpc_id", "VPCId") {
                Attr::Set(id, span) => Some(Item { value: Ok(id), span }),
                _ => None,
            },
            Err(unknown) => Some(Item { value: Err(unknown), span: item.span }),
        });
        Self {
            name: fields.parse("name", "Name"),
            vpcs: Many { items: items.collect(), rest: blocks.rest },
        }
    }
}

/// Ties a zone to a VPC.
#[derive(Debug)]
pub struct ZoneAssociation {
    /// The zone.
    pub zone: Attr<Id<HostedZone>>,
    /// The VPC.
    pub vpc: Attr<Id<Vpc>>,
}

impl Kind for ZoneAssociation {
    const TERRAFORM: &'static [&'static str] = &["aws_route53_zone_association"];
    const CLOUDFORMATION: &'static [&'static str] = &[];

    fn read(fields: &Fields<'_>) -> Self {
        Self { zone: fields.required_id("zone_id", ""), vpc: fields.required_id("vpc_id", "") }
    }
}

/// A record of a zone.
#[derive(Debug)]
pub struct Record {
    /// Its zone.
    pub zone: Attr<Option<Id<HostedZone>>>,
    /// Its name, relative or whole.
    pub name: Attr<Option<Arc<str>>>,
}

impl Kind for Record {
    const TERRAFORM: &'static [&'static str] = &["aws_route53_record"];
    const CLOUDFORMATION: &'static [&'static str] = &["AWS::Route53::RecordSet"];

    fn read(fields: &Fields<'_>) -> Self {
        Self { zone: fields.id("zone_id", "HostedZoneId"), name: fields.parse("name", "Name") }
    }
}
