//! Blocks of addresses, also those that only have a name.

use std::net::{IpAddr, Ipv4Addr};

use ipnet::{IpNet, Ipv4Net};

use crate::graph::Value;
use crate::unknown::{Symbol, Unknown};

use super::attr::Tri;
use super::fields::{Context, Parse};

/// A CIDR block: known, or a symbol that is equal to itself (`var.vpc_cidr` in two places).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Cidr {
    /// Known.
    Net(IpNet),
    /// The same wherever the symbol is the same.
    Symbol(Symbol),
}

impl Cidr {
    /// The block, if it is known.
    pub fn net(&self) -> Result<IpNet, Unknown> {
        match self {
            Self::Net(net) => Ok(*net),
            Self::Symbol(symbol) => Err(symbol.unknown()),
        }
    }

    /// Whether every address of `inner` lies in this block.
    pub fn covers(&self, inner: &Self) -> Tri {
        if self == inner {
            return Tri::Yes;
        }
        match (self, inner) {
            (Self::Net(outer), Self::Net(inner)) => outer.contains(inner).into(),
            (Self::Net(net), _) if net.prefix_len() == 0 => Self::family(net),
            (Self::Symbol(symbol), _) | (_, Self::Symbol(symbol)) => Tri::Maybe(symbol.unknown()),
        }
    }

    /// Whether every address of a block that only has a name is among all addresses of a family: blocks
    /// of VPCs and subnets are IPv4.
    fn family(all: &IpNet) -> Tri {
        matches!(all, IpNet::V4(_)).into()
    }

    /// Whether the two share an address.
    pub fn overlaps(&self, other: &Self) -> Tri {
        if self == other {
            return Tri::Yes;
        }
        match (self, other) {
            (Self::Net(a), Self::Net(b)) => (a.contains(b) || b.contains(a)).into(),
            (Self::Net(net), _) | (_, Self::Net(net)) if net.prefix_len() == 0 => Self::family(net),
            (Self::Symbol(symbol), _) | (_, Self::Symbol(symbol)) => Tri::Maybe(symbol.unknown()),
        }
    }
}

impl std::fmt::Display for Cidr {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Net(net) => write!(f, "{net}"),
            Self::Symbol(symbol) => write!(f, "{symbol}"),
        }
    }
}

impl From<IpAddr> for Cidr {
    fn from(address: IpAddr) -> Self {
        Self::Net(address.into())
    }
}

impl Parse for Cidr {
    const WANTED: &'static str = "a CIDR block";

    fn parse(value: &Value, _: &Context<'_>) -> Option<Self> {
        match value {
            Value::String(text) => {
                text.trim().parse::<IpNet>().ok().map(|net| Self::Net(net.trunc()))
            }
            _ => None,
        }
    }

    fn open(symbol: &Symbol, _: &Context<'_>) -> Option<Self> {
        Some(Self::Symbol(symbol.clone()))
    }
}

impl Parse for IpAddr {
    const WANTED: &'static str = "an IP address";

    fn parse(value: &Value, _: &Context<'_>) -> Option<Self> {
        match value {
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        }
    }
}

/// The address of the Amazon DNS server of a VPC: the base of its primary IPv4 block plus two
/// (<https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html>).
pub fn plus_two(net: Ipv4Net) -> Ipv4Addr {
    Ipv4Addr::from(u32::from(net.network()).saturating_add(2))
}
