//! DHCP options: which DNS servers the hosts of a VPC ask.

use std::sync::Arc;

use super::attr::{Attr, Many};
use super::fields::{Fields, Kind};
use super::id::Id;
use super::vpc::Vpc;

/// A set of DHCP options.
#[derive(Debug)]
pub struct DhcpOptions {
    /// `domain-name-servers`: addresses, or `AmazonProvidedDNS`.
    pub servers: Many<Arc<str>>,
}

impl Kind for DhcpOptions {
    const TERRAFORM: &'static [&'static str] =
        &["aws_vpc_dhcp_options", "aws_default_vpc_dhcp_options"];
    const CLOUDFORMATION: &'static [&'static str] = &["AWS::EC2::DHCPOptions"];
    const NAMES: &'static [&'static str] = &["DhcpOptionsId"];

    fn read(fields: &Fields<'_>) -> Self {
        Self { servers: fields.list("domain_name_servers", "DomainNameServers") }
    }
}

/// Which set a VPC has; one without has the default, `AmazonProvidedDNS`.
#[derive(Debug)]
pub struct DhcpAssociation {
    /// The VPC.
    pub vpc: Attr<Id<Vpc>>,
    /// The set.
    pub options: Attr<Id<DhcpOptions>>,
}

impl Kind for DhcpAssociation {
    const TERRAFORM: &'static [&'static str] = &["aws_vpc_dhcp_options_association"];
    const CLOUDFORMATION: &'static [&'static str] = &["AWS::EC2::VPCDHCPOptionsAssociation"];

    fn read(fields: &Fields<'_>) -> Self {
        Self {
            vpc: fields.required_id("vpc_id", "VpcId"),
            options: fields.required_id("dhcp_options_id", "DhcpOptionsId"),
        }
    }
}
