//! DHCP options: which DNS servers the hosts of a VPC ask.

use std::net::IpAddr;

use crate::graph::Value;
use crate::unknown::Symbol;

use super::attr::{Attr, Item, Many};
use super::fields::{Context, Fields, Kind, Parse};
use super::id::Id;
use super::resolver::{RuleTarget, endpoint_of};
use super::vpc::Vpc;

/// A DNS server that hosts are told of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NameServer {
    /// `AmazonProvidedDNS`.
    Amazon,
    /// A server by its address.
    At(RuleTarget),
}

impl Parse for NameServer {
    const WANTED: &'static str = "an IP address";

    fn parse(value: &Value, context: &Context<'_>) -> Option<Self> {
        match value {
            Value::String(text) if text.eq_ignore_ascii_case("AmazonProvidedDNS") => {
                Some(Self::Amazon)
            }
            value => IpAddr::parse(value, context).map(|address| Self::At(address.into())),
        }
    }

    fn open(symbol: &Symbol, context: &Context<'_>) -> Option<Self> {
        RuleTarget::open(symbol, context).map(Self::At)
    }
}

impl NameServer {
    /// A list of servers; a list of an endpoint's addresses is that endpoint.
    pub(super) fn list(fields: &Fields<'_>, terraform: &str, cloudformation: &str) -> Many<Self> {
        let mut list: Many<Self> = fields.list(terraform, cloudformation);
        let symbol = list.rest.as_ref().and_then(|rest| rest.symbol.as_ref());
        let endpoint = symbol.and_then(|symbol| endpoint_of(symbol, &fields.context));
        if let Some(endpoint) = endpoint {
            let node = fields.node(terraform, cloudformation);
            let span = node.map_or(fields.span, |node| node.span);
            let server = Self::At(RuleTarget::Endpoint(endpoint));
            list.items.push(Item { value: Ok(server), span });
            list.rest = None;
        }
        list
    }
}

/// A set of DHCP options.
#[derive(Debug)]
pub struct DhcpOptions {
    /// `domain-name-servers`: addresses, or `AmazonProvidedDNS`.
    pub servers: Many<NameServer>,
}

impl Kind for DhcpOptions {
    const TERRAFORM: &'static [&'static str] =
        &["aws_vpc_dhcp_options", "aws_default_vpc_dhcp_options"];
    const CLOUDFORMATION: &'static [&'static str] = &["AWS::EC2::DHCPOptions"];
    const NAMES: &'static [&'static str] = &["DhcpOptionsId"];

    fn read(fields: &Fields<'_>) -> Self {
        Self { servers: NameServer::list(fields, "domain_name_servers", "DomainNameServers") }
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
