//! VPCs, their further blocks, and their subnets.

use std::sync::Arc;

use super::attr::Attr;
use super::cidr::Cidr;
use super::fields::{Fields, Kind};
use super::id::Id;

/// A virtual private cloud.
#[derive(Debug)]
pub struct Vpc {
    /// The primary IPv4 block.
    pub cidr: Attr<Option<Cidr>>,
    /// `enableDnsSupport`: whether the Amazon DNS server answers at all.
    pub dns_support: Attr<bool>,
    /// `enableDnsHostnames`: private zones need it too.
    pub dns_hostnames: Attr<bool>,
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
            dns_support: fields.or("enable_dns_support", "EnableDnsSupport", true),
            dns_hostnames: fields.or("enable_dns_hostnames", "EnableDnsHostnames", hostnames),
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
    /// Whether it is a block of IPv6 addresses, which say nothing about the IPv4 ones.
    pub ipv6: bool,
}

impl Kind for VpcCidr {
    const TERRAFORM: &'static [&'static str] =
        &["aws_vpc_ipv4_cidr_block_association", "aws_vpc_ipv6_cidr_block_association"];
    const CLOUDFORMATION: &'static [&'static str] = &["AWS::EC2::VPCCidrBlock"];

    fn read(fields: &Fields<'_>) -> Self {
        const SIX: [&str; 4] =
            ["AmazonProvidedIpv6CidrBlock", "Ipv6CidrBlock", "Ipv6Pool", "Ipv6IpamPoolId"];
        Self {
            vpc: fields.required_id("vpc_id", "VpcId"),
            cidr: fields.parse("cidr_block", "CidrBlock"),
            ipv6: fields.kind == "aws_vpc_ipv6_cidr_block_association"
                || SIX.iter().any(|name| fields.has("", name)),
        }
    }
}

/// A subnet.
#[derive(Debug)]
pub struct Subnet {
    /// Its VPC.
    pub vpc: Attr<Id<Vpc>>,
    /// Its IPv4 block.
    pub cidr: Attr<Option<Cidr>>,
    /// Its Availability Zone, as written.
    pub zone: Attr<Option<Arc<str>>>,
}

impl Kind for Subnet {
    const TERRAFORM: &'static [&'static str] = &["aws_subnet", "aws_default_subnet"];
    const CLOUDFORMATION: &'static [&'static str] = &["AWS::EC2::Subnet"];
    const NAMES: &'static [&'static str] = &["SubnetId"];

    fn read(fields: &Fields<'_>) -> Self {
        Self {
            vpc: fields.required_id("vpc_id", "VpcId"),
            cidr: fields.parse("cidr_block", "CidrBlock"),
            zone: fields.parse("availability_zone", "AvailabilityZone"),
        }
    }
}
