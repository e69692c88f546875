//! The same by IPv6: a topology's packets, and what stands for AWS, with every address translated.
//!
//! The bits of an IPv4 block follow `2001:db8::/32`, so that blocks hold one another as before; an address
//! is the first of its `/64`. What a VPC has of IPv4 it keeps, for a VPC is never without.

use std::net::{Ipv4Addr, Ipv6Addr};

use ipnet::{Ipv4Net, Ipv6Net};

use crate::namespaces::Plan;
use crate::topology::{Peer, Topology};

const PREFIX: u128 = 0x2001_0db8 << 96;

/// The resolution of neighbours, which is ARP's work in IPv4 and passes by no filter there.
const NEIGHBOURS: &str = "icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept;";

fn bits(four: Ipv4Addr) -> u128 {
    PREFIX | u128::from(u32::from(four)) << 64
}

/// A block; all of IPv4 is all of IPv6.
pub(crate) fn block(four: &str) -> String {
    let four: Ipv4Net = four.parse().unwrap();
    if four.prefix_len() == 0 {
        return "::/0".to_owned();
    }
    Ipv6Net::new(bits(four.network()).into(), 32 + four.prefix_len()).unwrap().to_string()
}

pub(crate) fn address(four: &str) -> String {
    Ipv6Addr::from(bits(four.parse().unwrap()) | 1).to_string()
}

/// A topology whose endpoints, groups, ACLs and routes are IPv6.
pub(crate) fn topology(mut it: Topology) -> Topology {
    it.six = true;
    it.name += " by IPv6";
    let permits = it.groups.iter_mut().flat_map(|it| it.ingress.iter_mut().chain(&mut it.egress));
    for permit in permits {
        if let Peer::Block(own) = &mut permit.peer {
            *own = block(own);
        }
    }
    let entries = it.acls.iter_mut().flat_map(|it| it.ingress.iter_mut().chain(&mut it.egress));
    entries.for_each(|entry| entry.block = block(&entry.block));
    let tables = it.vpcs.iter_mut().flat_map(|vpc| &mut vpc.tables);
    tables.flat_map(|table| &mut table.routes).for_each(|(to, _)| *to = block(to));
    let addresses = it.endpoints.iter_mut().flat_map(|endpoint| &mut endpoint.addresses);
    addresses.for_each(|(_, own)| *own = address(own));
    it
}

/// Translates what the namespaces are told.
pub(crate) fn plan(plan: &mut Plan) {
    plan.six = true;
    for space in plan.spaces.values_mut() {
        for command in &mut space.ip {
            *command = words(command, translated);
            // Nobody here has the address of another.
            if command.starts_with("addr ") {
                command.push_str(" nodad");
            }
        }
        let lines = space.nft.lines().map(|line| {
            let line = words(line, |word| match word {
                "ip" => "ip6".to_owned(),
                "icmp" => "icmpv6".to_owned(),
                word => translated(word),
            });
            line.replace("{ ct state", &format!("{{ {NEIGHBOURS} ct state")) + "\n"
        });
        space.nft = lines.collect();
    }
}

fn words(line: &str, translate: impl Fn(&str) -> String) -> String {
    line.split(' ').map(translate).collect::<Vec<_>>().join(" ")
}

/// An address, or a block, whose only address may be meant.
fn translated(word: &str) -> String {
    let alone = word.strip_suffix("/32").filter(|one| one.parse::<Ipv4Addr>().is_ok());
    if let Some(one) = alone {
        format!("{}/128", address(one))
    } else if word.parse::<Ipv4Addr>().is_ok() {
        address(word)
    } else if word.parse::<Ipv4Net>().is_ok() {
        block(word)
    } else {
        word.to_owned()
    }
}
