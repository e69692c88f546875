//! The routes of one table, found by longest prefix; what Batfish calls a FIB.

use std::collections::{BTreeMap, BTreeSet};

use ipnet::IpNet;

use crate::source::Span;
use crate::unknown::Unknown;

use super::attr::Tri;
use super::cidr::Cidr;

/// Where a route comes from; among routes for the same block the greater wins
/// (<https://docs.aws.amazon.com/vpc/latest/userguide/route-tables-priority.html>,
/// <https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html#tgw-route-evaluation-overview>).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// Learned by BGP through a VPN connection.
    Vpn,
    /// A static route of a VPN connection.
    VpnStatic,
    /// Learned by BGP from an appliance's tunnel.
    Connect,
    /// Learned by BGP through Direct Connect.
    DirectConnect,
    /// A block of an attached VPC.
    Vpc,
    /// Written, for a prefix list.
    PrefixList,
    /// Written, for a block.
    Static,
    /// The VPC's own block.
    Local,
}

impl Origin {
    /// Whether networks outside AWS announce it.
    pub fn is_announced(self) -> bool {
        matches!(self, Self::Vpn | Self::Connect | Self::DirectConnect)
    }
}

/// One route.
#[derive(Debug, Clone)]
pub struct Entry<T> {
    /// What it matches.
    pub destination: Result<Cidr, Unknown>,
    /// Where it comes from.
    pub origin: Origin,
    /// Where it leads.
    pub target: Result<T, Unknown>,
    /// The place that makes it.
    pub span: Span,
    /// `Err` when it cannot be told whether it is there.
    pub exists: Result<(), Unknown>,
}

/// The routes of one table.
#[derive(Debug)]
pub struct Fib<T> {
    /// All of them, in the order of the code.
    pub entries: Vec<Entry<T>>,
    /// Where set, there may be more.
    pub open: Option<Unknown>,
    /// Those for a known block, by the block.
    by_block: BTreeMap<IpNet, Vec<usize>>,
    /// The lengths of the prefixes of such blocks.
    lengths: BTreeSet<u8>,
    /// Those for a block that only has a name, or not even that.
    others: Vec<usize>,
}

/// The routes that match a destination.
#[derive(Debug)]
pub struct Matches<'a, T> {
    /// The most specific ones; several of one origin where nobody can tell which of them AWS takes.
    pub best: Vec<&'a Entry<T>>,
    /// Those that may be more specific, and why that cannot be told.
    pub rivals: Vec<(&'a Entry<T>, Unknown)>,
}

impl<T> Fib<T> {
    /// A table of these routes.
    pub fn new(entries: Vec<Entry<T>>, open: Option<Unknown>) -> Self {
        let mut by_block: BTreeMap<IpNet, Vec<usize>> = BTreeMap::new();
        let mut others = Vec::new();
        for (index, entry) in entries.iter().enumerate() {
            match &entry.destination {
                Ok(Cidr::Net(net)) => by_block.entry(net.trunc()).or_default().push(index),
                Ok(Cidr::Symbol(..)) | Err(_) => others.push(index),
            }
        }
        let lengths = by_block.keys().map(IpNet::prefix_len).collect();
        Self { entries, open, by_block, lengths, others }
    }

    /// What matches a destination of which `prefix` is known, in the sense of `covers`.
    pub fn matches(&self, prefix: Option<IpNet>, covers: impl Fn(&Cidr) -> Tri) -> Matches<'_, T> {
        let mut best: Vec<&Entry<T>> = Vec::new();
        let mut rivals = Vec::new();
        for entry in self.candidates(prefix) {
            match (entry.destination.as_ref().map(&covers), &entry.exists) {
                (Ok(Tri::Yes), Ok(())) => {
                    let order = best.first().map(|one| rank(entry).cmp(&rank(one)));
                    match order {
                        None | Some(std::cmp::Ordering::Equal) => best.push(entry),
                        Some(std::cmp::Ordering::Greater) => best = vec![entry],
                        Some(std::cmp::Ordering::Less) => {}
                    }
                }
                (Ok(Tri::Yes), Err(unknown)) => rivals.push((entry, unknown.clone())),
                (Ok(Tri::Maybe(unknown)), _) => rivals.push((entry, unknown)),
                (Err(unknown), _) => rivals.push((entry, unknown.clone())),
                (Ok(Tri::No), _) => {}
            }
        }
        let longest = best.first().map(|one| rank(one));
        rivals.retain(|(entry, _)| match (&entry.destination, longest) {
            (Ok(Cidr::Net(_)), Some(longest)) => rank(entry) > longest,
            _ => true,
        });
        Matches { best, rivals }
    }

    /// The routes that share an address with a block, with those of which that is not known.
    fn candidates(&self, prefix: Option<IpNet>) -> Vec<&Entry<T>> {
        let Some(prefix) = prefix.map(|prefix| prefix.trunc()) else {
            return self.entries.iter().collect();
        };
        let wider = self.lengths.range(..prefix.prefix_len()).filter_map(|length| {
            let block = IpNet::new(prefix.addr(), *length).ok()?.trunc();
            self.by_block.get(&block)
        });
        let last = IpNet::new(prefix.broadcast(), prefix.max_prefix_len()).unwrap_or(prefix);
        let within = self.by_block.range(prefix..=last.max(prefix)).map(|(_, indexes)| indexes);
        let mut indexes: Vec<usize> =
            wider.chain(within).chain([&self.others]).flatten().copied().collect();
        indexes.sort_unstable();
        indexes.into_iter().map(|index| &self.entries[index]).collect()
    }
}

/// A block that is only known by name matched because it is the destination's own: nothing in use is
/// more specific.
fn rank<T>(entry: &Entry<T>) -> (u8, Origin) {
    let length = match &entry.destination {
        Ok(Cidr::Net(net)) => net.prefix_len(),
        Ok(Cidr::Symbol(..)) | Err(_) => u8::MAX,
    };
    (length, entry.origin)
}

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, Ipv6Addr};

    use ipnet::{Ipv4Net, Ipv6Net};
    use proptest::prelude::*;

    use super::*;
    use crate::source::Sources;

    fn span() -> Span {
        let sources = Sources::default();
        Span { file: sources.add("x", ""), start: 0, end: 0 }
    }

    fn block() -> impl Strategy<Value = IpNet> {
        let four = (0u32..16, 0u8..=32).prop_map(|(bits, length)| {
            let address = Ipv4Addr::from(bits << 28 | bits);
            IpNet::V4(Ipv4Net::new(address, length).unwrap().trunc())
        });
        let six = (0u128..16, 0u8..=128).prop_map(|(bits, length)| {
            let address = Ipv6Addr::from(bits << 124 | bits);
            IpNet::V6(Ipv6Net::new(address, length).unwrap().trunc())
        });
        prop_oneof![four, six]
    }

    fn origin() -> impl Strategy<Value = Origin> {
        prop::sample::select(vec![
            Origin::Vpn,
            Origin::VpnStatic,
            Origin::DirectConnect,
            Origin::Vpc,
            Origin::PrefixList,
            Origin::Static,
        ])
    }

    proptest! {
        /// The look-up finds what a look at every route finds.
        #[test]
        fn as_by_brute_force(
            routes in prop::collection::vec((block(), origin()), 0..40),
            wanted in block(),
        ) {
            let span = span();
            let entries: Vec<_> = routes
                .iter()
                .enumerate()
                .map(|(target, (block, origin))| Entry {
                    destination: Ok(Cidr::Net(*block)),
                    origin: *origin,
                    target: Ok(target),
                    span,
                    exists: Ok(()),
                })
                .collect();
            let fib = Fib::new(entries, None);
            let destination = Cidr::Net(wanted);
            let matches = fib.matches(Some(wanted), |block| block.covers(&destination));
            let mut found: Vec<_> =
                matches.best.iter().map(|one| *one.target.as_ref().unwrap()).collect();
            found.sort_unstable();
            let covering = routes.iter().filter(|(block, _)| block.contains(&wanted));
            let longest = covering.map(|(block, origin)| (block.prefix_len(), *origin)).max();
            let expected: Vec<_> = routes
                .iter()
                .enumerate()
                .filter(|(_, (block, origin))| {
                    block.contains(&wanted) && Some((block.prefix_len(), *origin)) == longest
                })
                .map(|(target, _)| target)
                .collect();
            prop_assert_eq!(found, expected);
        }
    }

    /// Among routes for one block: local, static, prefix list, then what is learned, in its order.
    #[test]
    fn ties() {
        let order = [
            Origin::Local,
            Origin::Static,
            Origin::PrefixList,
            Origin::Vpc,
            Origin::DirectConnect,
            Origin::Connect,
            Origin::VpnStatic,
            Origin::Vpn,
        ];
        assert!(order.windows(2).all(|pair| pair[0] > pair[1]));
    }
}
