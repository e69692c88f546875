//! Private hosted zones and Cloud Map namespaces, the VPCs that see them, and what is in them.

use std::sync::Arc;

use crate::unknown::Why;

use super::attr::{Attr, Item, Many};
use super::fields::{Fields, Kind};
use super::id::Id;
use super::name::{Domain, Pattern};
use super::vpc::Vpc;

/// A hosted zone; private if a VPC is tied to it.
#[derive(Debug)]
pub struct HostedZone {
    /// Its name.
    pub name: Attr<Option<Domain>>,
    /// VPCs written inside.
    pub vpcs: Many<Id<Vpc>>,
    /// For a data source: whether it looks for a private zone.
    pub private: Attr<bool>,
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
            private: fields.or("private_zone", "", false),
        }
    }
}

impl HostedZone {
    /// Whether Terraform leaves the VPCs alone that others tie to it: `ignore_changes = [vpc]`.
    pub fn leaves_vpcs_alone(&self) -> bool {
        let rest = self.vpcs.rest.iter();
        rest.flat_map(|rest| rest.unknown.inputs()).any(|input| input.why == Why::IgnoredChanges)
    }
}

/// Ties a zone to a VPC.
#[derive(Debug)]
pub struct ZoneAssociation {
    /// The zone.
    pub zone: Attr<Id<HostedZone>>,
    /// The namespace of Cloud Map whose zone it is, if it is one's.
    pub namespace: Attr<Option<Id<Namespace>>>,
    /// The VPC.
    pub vpc: Attr<Id<Vpc>>,
}

impl Kind for ZoneAssociation {
    const TERRAFORM: &'static [&'static str] = &["aws_route53_zone_association"];
    const CLOUDFORMATION: &'static [&'static str] = &[];

    fn read(fields: &Fields<'_>) -> Self {
        Self {
            zone: fields.required_id("zone_id", ""),
            namespace: fields.id_of_kind("zone_id", ""),
            vpc: fields.required_id("vpc_id", ""),
        }
    }
}

/// Allows a VPC of another account to be tied to a zone.
#[derive(Debug)]
pub struct ZoneAuthorization {
    /// The zone.
    pub zone: Attr<Id<HostedZone>>,
    /// The VPC.
    pub vpc: Attr<Id<Vpc>>,
}

impl Kind for ZoneAuthorization {
    const TERRAFORM: &'static [&'static str] = &["aws_route53_vpc_association_authorization"];
    const CLOUDFORMATION: &'static [&'static str] = &[];

    fn read(fields: &Fields<'_>) -> Self {
        Self { zone: fields.required_id("zone_id", ""), vpc: fields.required_id("vpc_id", "") }
    }
}

/// Records of one zone that are declared together.
#[derive(Debug)]
pub struct Records {
    /// Their zone.
    pub zone: Attr<Option<Id<HostedZone>>>,
    /// The name of their zone, where it is found by that.
    pub zone_name: Attr<Option<Domain>>,
    /// The records.
    pub all: Many<Record>,
}

/// One record.
#[derive(Debug)]
pub struct Record {
    /// Its name, relative to the zone's or whole.
    pub name: Attr<Option<Pattern>>,
    /// `A`, `CNAME`, `NS` and so on.
    pub record_type: Attr<Option<Arc<str>>>,
    /// Its values, as names: what a `CNAME` or `NS` says.
    pub values: Many<Domain>,
    /// Whether it stands for another thing of AWS, whose addresses it answers.
    pub alias: bool,
}

impl Record {
    fn of(fields: &Fields<'_>) -> Self {
        Self {
            name: fields.parse("name", "Name"),
            record_type: fields.parse("type", "Type"),
            values: fields.list("records", "ResourceRecords"),
            alias: fields.has("alias", "AliasTarget"),
        }
    }
}

impl Kind for Records {
    const TERRAFORM: &'static [&'static str] = &["aws_route53_record"];
    const CLOUDFORMATION: &'static [&'static str] =
        &["AWS::Route53::RecordSet", "AWS::Route53::RecordSetGroup"];

    fn read(fields: &Fields<'_>) -> Self {
        let all = if fields.kind.ends_with("Group") {
            let blocks = fields.blocks("", "RecordSets");
            let record = |item: Item<Fields<'_>>| Item {
                value: item.value.map(|block| Record::of(&block)),
                span: item.span,
            };
            let items = blocks.items.into_iter().map(record).collect();
            Many { items, rest: blocks.rest }
        } else {
            Many {
                items: vec![Item { value: Ok(Record::of(fields)), span: fields.span }],
                rest: None,
            }
        };
        Self {
            zone: fields.id("zone_id", "HostedZoneId"),
            zone_name: fields.parse("", "HostedZoneName"),
            all,
        }
    }
}

/// A private namespace of Cloud Map: a zone that services write into.
#[derive(Debug)]
pub struct Namespace {
    /// Its name.
    pub name: Attr<Option<Domain>>,
    /// The VPC that sees it.
    pub vpc: Attr<Id<Vpc>>,
}

impl Kind for Namespace {
    const TERRAFORM: &'static [&'static str] = &["aws_service_discovery_private_dns_namespace"];
    const CLOUDFORMATION: &'static [&'static str] = &["AWS::ServiceDiscovery::PrivateDnsNamespace"];
    const NAMES: &'static [&'static str] = &["hosted_zone", "HostedZoneId"];

    fn read(fields: &Fields<'_>) -> Self {
        Self { name: fields.parse("name", "Name"), vpc: fields.required_id("vpc", "Vpc") }
    }
}
