//! VPCs, their further blocks, and their subnets.

use std::sync::Arc;

use crate::graph::Value;
use crate::unknown::{Form, Operand, Symbol, Unknown, Why};

use super::Network;
use super::attr::{Attr, Tri};
use super::cidr::{Cidr, Family, Ipv6Cidr};
use super::fields::{Context, Fields, Kind, Parse};
use super::id::Id;

/// A virtual private cloud.
#[derive(Debug)]
pub struct Vpc {
    /// The primary IPv4 block.
    pub cidr: Attr<Option<Cidr>>,
    /// An IPv6 block that is written out.
    pub ipv6_cidr: Attr<Option<Cidr>>,
    /// Whether it has an IPv6 block, of AWS's or a pool's choice where none is written.
    pub has_ipv6: Attr<bool>,
    /// `enableDnsSupport`: whether the Amazon DNS server answers at all.
    pub dns_support: Attr<bool>,
    /// `enableDnsHostnames`: private zones need it too.
    pub dns_hostnames: Attr<bool>,
    /// `default` or `dedicated`: where instances may run.
    pub tenancy: Attr<Arc<str>>,
}

impl Kind for Vpc {
    const TERRAFORM: &'static [&'static str] = &["aws_vpc", "aws_default_vpc"];
    const CLOUDFORMATION: &'static [&'static str] = &["AWS::EC2::VPC"];
    const NAMES: &'static [&'static str] = &["VpcId"];
    const DERIVED: &'static [(&'static str, &'static str)] =
        &[("vpc_id", "vpc"), ("host_vpc_id", "vpc"), ("VpcId", "vpc"), ("HostVPCId", "vpc")];

    fn read(fields: &Fields<'_>) -> Self {
        // https://docs.aws.amazon.com/vpc/latest/userguide/vpc-dns.html: true only for a default VPC.
        let hostnames = fields.kind == "aws_default_vpc";
        Self {
            cidr: fields.parse("cidr_block", "CidrBlock"),
            ipv6_cidr: ipv6_block(fields),
            has_ipv6: if fields.has("ipv6_ipam_pool_id", "") {
                Attr::Default(true)
            } else {
                fields.or("assign_generated_ipv6_cidr_block", "", false)
            },
            dns_support: fields.or("enable_dns_support", "EnableDnsSupport", true),
            dns_hostnames: fields.or("enable_dns_hostnames", "EnableDnsHostnames", hostnames),
            tenancy: fields.or("instance_tenancy", "InstanceTenancy", Arc::from("default")),
        }
    }
}

/// A further block of a VPC.
#[derive(Debug)]
pub struct VpcCidr {
    /// The VPC.
    pub vpc: Attr<Id<Vpc>>,
    /// The block.
    pub cidr: Attr<Option<Cidr>>,
    /// IPv6 blocks say nothing about the IPv4 ones.
    pub family: Family,
}

impl Kind for VpcCidr {
    const TERRAFORM: &'static [&'static str] =
        &["aws_vpc_ipv4_cidr_block_association", "aws_vpc_ipv6_cidr_block_association"];
    const CLOUDFORMATION: &'static [&'static str] = &["AWS::EC2::VPCCidrBlock"];

    fn read(fields: &Fields<'_>) -> Self {
        const SIX: [&str; 4] =
            ["AmazonProvidedIpv6CidrBlock", "Ipv6CidrBlock", "Ipv6Pool", "Ipv6IpamPoolId"];
        let six = fields.kind == "aws_vpc_ipv6_cidr_block_association"
            || SIX.iter().any(|name| fields.has("", name));
        Self {
            vpc: fields.required_id("vpc_id", "VpcId"),
            cidr: if six { ipv6_block(fields) } else { fields.parse("cidr_block", "CidrBlock") },
            family: if six { Family::V6 } else { Family::V4 },
        }
    }
}

/// An IPv6 block, as VPCs, their further blocks and subnets write it.
fn ipv6_block(fields: &Fields<'_>) -> Attr<Option<Cidr>> {
    let block = fields.parse::<Ipv6Cidr>("ipv6_cidr_block", "Ipv6CidrBlock");
    block.map(|block| block.map(|Ipv6Cidr(block)| block))
}

/// A subnet.
#[derive(Debug)]
pub struct Subnet {
    /// Its VPC.
    pub vpc: Attr<Id<Vpc>>,
    /// Its IPv4 block.
    pub cidr: Attr<Option<Cidr>>,
    /// Its IPv6 block.
    pub ipv6_cidr: Attr<Option<Cidr>>,
    /// Its Availability Zone.
    pub zone: Attr<Option<Zone>>,
    /// The Outpost that it is on.
    pub outpost: Attr<Option<Arc<str>>>,
}

impl Subnet {
    /// Its block in one family.
    pub fn block(&self, family: Family) -> &Attr<Option<Cidr>> {
        match family {
            Family::V4 => &self.cidr,
            Family::V6 => &self.ipv6_cidr,
        }
    }
}

/// An Availability Zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Zone {
    /// Its name or its id, as written.
    Named(Arc<str>),
    /// One that only has a name in the code.
    Symbol(Symbol),
}

impl Zone {
    /// Whether two are one zone.
    pub fn is(&self, other: &Self) -> Tri {
        match (self, other) {
            (Self::Named(a), Self::Named(b)) if by_id(a) == by_id(b) => (a == b).into(),
            (Self::Symbol(a), Self::Symbol(b)) if a == b => Tri::Yes,
            (Self::Symbol(a), Self::Symbol(b)) if apart(a, b) => Tri::No,
            (Self::Symbol(a), Self::Symbol(b)) => Tri::Maybe(a.unknown().and(b.unknown())),
            (Self::Symbol(one), _) | (_, Self::Symbol(one)) => Tri::Maybe(one.unknown()),
            (Self::Named(name), Self::Named(_)) => {
                Tri::Maybe(Unknown::new(Arc::clone(name), Why::ReadAtApply))
            }
        }
    }
}

/// `use1-az1`, which each account gives a name of its own, and not `us-east-1a`.
fn by_id(zone: &str) -> bool {
    zone.contains("-az")
}

/// Whether two certainly differ: elements of one list of a Region's zones, or templates that differ in
/// one literal.
fn apart(a: &Symbol, b: &Symbol) -> bool {
    match (a.form(), b.form()) {
        (Form::Part { of: a, step: i }, Form::Part { of: b, step: j }) => {
            a == b && i != j && lists_zones(a)
        }
        (Form::Call { function: f, operands: a }, Form::Call { function: g, operands: b }) => {
            let mut unequal = a.iter().zip(b).filter(|(a, b)| a != b);
            let texts = |pair| matches!(pair, (&Operand::Text(_), &Operand::Text(_)));
            (&**f, a.len()) == ("template", b.len())
                && f == g
                && unequal.next().is_some_and(texts)
                && unequal.next().is_none()
        }
        _ => false,
    }
}

/// Whether it is the list of a Region's zones, of which none stands there twice.
fn lists_zones(list: &Symbol) -> bool {
    match list.form() {
        Form::Attribute { data: true, address, name, .. } => {
            address.contains("data.aws_availability_zones.")
                && matches!(&**name, "names" | "zone_ids")
        }
        Form::Call { function, .. } => &**function == "Fn::GetAZs",
        Form::Input { name, .. } => name.starts_with("Fn::GetAZs "),
        _ => false,
    }
}

impl Parse for Zone {
    const WANTED: &'static str = "an Availability Zone";

    fn parse(value: &Value, context: &Context<'_>) -> Option<Self> {
        <Arc<str>>::parse(value, context).map(Self::Named)
    }

    fn open(symbol: &Symbol, _: &Context<'_>) -> Option<Self> {
        Some(Self::Symbol(symbol.clone()))
    }
}

impl Network {
    /// Whether two subnets are in one Availability Zone.
    pub fn same_zone(&self, a: Id<Subnet>, b: Id<Subnet>) -> Tri {
        if a == b {
            return Tri::Yes;
        }
        let zones = [a, b].map(|id| {
            let subnet = &self.subnets[id];
            let chosen =
                || Unknown::new(format!("the zone of {}", subnet.name), Why::KnownAfterApply);
            subnet.zone.get().and_then(|zone| zone.as_ref().ok_or_else(chosen))
        });
        match zones {
            [Ok(a), Ok(b)] => a.is(b),
            [Err(unknown), _] | [_, Err(unknown)] => Tri::Maybe(unknown),
        }
    }
}

impl Kind for Subnet {
    const TERRAFORM: &'static [&'static str] = &["aws_subnet", "aws_default_subnet"];
    const CLOUDFORMATION: &'static [&'static str] = &["AWS::EC2::Subnet"];
    const NAMES: &'static [&'static str] = &["SubnetId"];

    fn read(fields: &Fields<'_>) -> Self {
        Self {
            vpc: fields.required_id("vpc_id", "VpcId"),
            cidr: fields.parse("cidr_block", "CidrBlock"),
            ipv6_cidr: ipv6_block(fields),
            zone: match fields.parse("availability_zone", "AvailabilityZone") {
                Attr::Default(None) => fields.parse("availability_zone_id", "AvailabilityZoneId"),
                named => named,
            },
            outpost: fields.parse("outpost_arn", "OutpostArn"),
        }
    }
}
