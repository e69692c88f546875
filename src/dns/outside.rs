//! Name servers outside the code, and where they stand.

use std::net::IpAddr;

use crate::network::{Cidr, Name};
use crate::reach::is_private;

use super::Dns;

/// A name server outside the code.
pub(super) enum Server {
    /// Whichever the hosts on premises ask.
    OnPremises,
    /// Whichever the device of a VPN's user asks.
    Devices,
    /// At an address.
    At(IpAddr),
    /// By its name.
    Delegate(Name),
}

impl Server {
    /// Whether it stands in a network that the project tells of; where it tells of none, whether its
    /// address is private and in no VPC of the code.
    pub(super) fn is_on_premises(&self, dns: &Dns<'_>) -> bool {
        match self {
            Self::OnPremises => true,
            Self::Devices | Self::Delegate(_) => false,
            Self::At(address) if dns.network.in_some_vpc(*address) => false,
            Self::At(address) => {
                let networks = &dns.assumptions.networks;
                let mut blocks = networks.iter().flat_map(|network| &network.cidrs);
                if networks.is_empty() {
                    is_private(*address)
                } else {
                    blocks.any(|block| block.contains(address))
                }
            }
        }
    }

    /// The blocks that its queries come from, as far as they are told.
    pub(super) fn senders(&self, dns: &Dns<'_>) -> Vec<Option<Cidr>> {
        match self {
            Self::At(address) => vec![Some((*address).into())],
            _ => dns.outside_blocks(None),
        }
    }
}

impl std::fmt::Display for Server {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::OnPremises => f.write_str("the DNS servers on premises"),
            Self::Devices => f.write_str("the DNS servers of the users' devices"),
            Self::At(address) => write!(f, "{address}"),
            Self::Delegate(name) => write!(f, "{name}"),
        }
    }
}
