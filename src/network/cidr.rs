//! Blocks of addresses, also those that only have a name.

use std::net::{IpAddr, Ipv4Addr};

use ipnet::{IpNet, Ipv4Net};

use crate::graph::Value;
use crate::unknown::{Form, Operand, Symbol, Unknown};

use super::attr::Tri;
use super::fields::{Context, Parse};

/// An address family.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// IPv4.
    V4,
    /// IPv6.
    V6,
}

impl Family {
    /// The family of an address.
    pub fn of(address: IpAddr) -> Self {
        if address.is_ipv4() { Self::V4 } else { Self::V6 }
    }
}

/// A CIDR block: known, or a symbol that is equal to itself (`var.vpc_cidr` in two places).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Cidr {
    /// Known.
    Net(IpNet),
    /// The same wherever the symbol is the same; where it is written tells its family.
    Symbol(Symbol, Family),
}

impl Cidr {
    /// The block, if it is known.
    pub fn net(&self) -> Result<IpNet, Unknown> {
        match self {
            Self::Net(net) => Ok(*net),
            Self::Symbol(symbol, _) => Err(symbol.unknown()),
        }
    }

    /// The family of its addresses.
    pub fn family(&self) -> Family {
        match self {
            Self::Net(net) => Family::of(net.addr()),
            Self::Symbol(_, family) => *family,
        }
    }

    /// Whether every address of `inner` lies in this block.
    pub fn covers(&self, inner: &Self) -> Tri {
        if self == inner {
            return Tri::Yes;
        }
        if self.family() != inner.family() {
            return Tri::No;
        }
        match (self, inner) {
            (Self::Net(outer), Self::Net(inner)) => outer.contains(inner).into(),
            (Self::Net(net), _) if net.prefix_len() == 0 => Tri::Yes,
            (Self::Symbol(outer, _), Self::Symbol(inner, _)) if is_part_of(inner, outer) => {
                Tri::Yes
            }
            (Self::Symbol(symbol, _), _) | (_, Self::Symbol(symbol, _)) => {
                Tri::Maybe(symbol.unknown())
            }
        }
    }

    /// Whether the two share an address.
    pub fn overlaps(&self, other: &Self) -> Tri {
        if self == other {
            return Tri::Yes;
        }
        if self.family() != other.family() {
            return Tri::No;
        }
        match (self, other) {
            (Self::Net(a), Self::Net(b)) => (a.contains(b) || b.contains(a)).into(),
            (Self::Net(net), _) | (_, Self::Net(net)) if net.prefix_len() == 0 => Tri::Yes,
            (Self::Symbol(a, _), Self::Symbol(b, _)) if is_part_of(a, b) || is_part_of(b, a) => {
                Tri::Yes
            }
            (Self::Symbol(symbol, _), _) | (_, Self::Symbol(symbol, _)) => {
                Tri::Maybe(symbol.unknown())
            }
        }
    }
}

/// Whether a block is cut from another: `cidrsubnet(var.block, 8, 1)` of `var.block`.
fn is_part_of(inner: &Symbol, outer: &Symbol) -> bool {
    let Form::Call { function, operands } = inner.form() else { return false };
    let cut = matches!(&**function, "cidrsubnet");
    cut && matches!(operands.first(), Some(Operand::Symbol(block)) if block == outer || is_part_of(block, outer))
}

impl std::fmt::Display for Cidr {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Net(net) => write!(f, "{net}"),
            Self::Symbol(symbol, _) => write!(f, "{symbol}"),
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
        Some(Self::Symbol(symbol.clone(), Family::V4))
    }
}

/// A block that is written where only IPv6 ones stand.
#[derive(Debug, Clone)]
pub(super) struct Ipv6Cidr(pub(super) Cidr);

impl Parse for Ipv6Cidr {
    const WANTED: &'static str = Cidr::WANTED;

    fn parse(value: &Value, context: &Context<'_>) -> Option<Self> {
        Cidr::parse(value, context).map(Self)
    }

    fn open(symbol: &Symbol, _: &Context<'_>) -> Option<Self> {
        Some(Self(Cidr::Symbol(symbol.clone(), Family::V6)))
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
