//! Security groups and network ACLs as `nft` rules.

use std::fmt::Write as _;

use crate::namespaces::{Filter, Interface, Plan};
use crate::topology::{Acl, Entry, Peer, Permit, Topology};

/// The address of a VPC's Resolver; neither groups nor ACLs filter what goes there
/// (<https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html>).
pub(crate) fn plus_two(cidr: &str) -> String {
    let net: ipnet::Ipv4Net = cidr.parse().unwrap();
    std::net::Ipv4Addr::from(u32::from(net.network()) + 2).to_string()
}

/// The stateful filter of an interface
/// (<https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html>). What it drops is answered, so that failures are fast.
pub(crate) fn security_groups(
    topology: &Topology,
    all: &[Interface],
    interface: &Interface,
) -> String {
    let (ingress, egress) = permits(topology, all, interface);
    let device = Plan::device(interface);
    let refuse = "reject with icmp type admin-prohibited";
    let resolver = plus_two(&topology.vpcs[interface.vpc].cidr);
    let mut text = String::from("table ip groups {\n");
    let _ =
        writeln!(text, " chain i {{ ct state established,related accept; {ingress} {refuse}; }}");
    let _ = writeln!(
        text,
        " chain o {{ ct state established,related accept; ip daddr {resolver} accept; {egress} {refuse}; \
         }}"
    );
    for (hook, jumps) in [
        ("input", format!("iifname \"{device}\" jump i;")),
        ("output", format!("oifname \"{device}\" jump o;")),
        ("forward", format!("iifname \"{device}\" jump i; oifname \"{device}\" jump o;")),
    ] {
        let _ = writeln!(text, " chain {hook} {{ type filter hook {hook} priority 0; {jumps} }}");
    }
    text + "}\n"
}

/// The union of the groups of an interface, each way.
fn permits(topology: &Topology, all: &[Interface], interface: &Interface) -> (String, String) {
    let groups = match &interface.groups {
        Filter::Open => return ("accept;".to_owned(), "accept;".to_owned()),
        Filter::Groups(groups) | Filter::Cluster(_, groups) => groups,
    };
    let (mut ingress, mut egress) = (String::new(), String::new());
    if let Filter::Cluster(cluster, _) = interface.groups {
        // The cluster security group: everything from itself, everything out
        // (https://docs.aws.amazon.com/eks/latest/userguide/sec-group-reqs.html).
        egress.push_str("accept; ");
        let itself =
            |one: &&Interface| matches!(one.groups, Filter::Cluster(it, _) if it == cluster);
        for member in all.iter().filter(itself) {
            let _ = write!(ingress, "ip saddr {} accept; ", member.address);
        }
        for permit in &topology.clusters[cluster].admitted {
            ingress.push_str(&allow(&topology.lists, all, permit, "saddr"));
        }
    }
    for group in groups {
        let group = &topology.groups[*group];
        ingress.extend(
            group.ingress.iter().map(|permit| allow(&topology.lists, all, permit, "saddr")),
        );
        egress
            .extend(group.egress.iter().map(|permit| allow(&topology.lists, all, permit, "daddr")));
    }
    (ingress, egress)
}

/// A reference to a group is the private addresses of the group's interfaces
/// (<https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html>).
fn allow(lists: &[Vec<String>], all: &[Interface], permit: &Permit, key: &str) -> String {
    let blocks: Vec<String> = match &permit.peer {
        Peer::Block(block) => vec![block.clone()],
        Peer::List(list) => lists[*list].clone(),
        Peer::Group(group) => all
            .iter()
            .filter(|one| match &one.groups {
                Filter::Groups(groups) | Filter::Cluster(_, groups) => groups.contains(group),
                Filter::Open => false,
            })
            .map(|one| one.address.clone())
            .collect(),
    };
    let what = matched(&permit.protocol, permit.from, permit.to);
    blocks.iter().map(|block| format!("ip {key} {block} {what} accept; ")).collect()
}

fn matched(protocol: &str, from: u16, to: u16) -> String {
    if protocol == "-1" { String::new() } else { format!("{protocol} dport {from}-{to}") }
}

/// The devices of a VPC's router that lead to no interface of the VPC.
pub(crate) struct Ways<'a> {
    pub(crate) transit: Option<&'a str>,
    pub(crate) resolver: Option<&'a str>,
}

/// What a VPC's router drops: network ACLs at the border of subnets, and what goes to the transit gateway
/// from a zone without an attachment
/// (<https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html>: "resources in Availability Zones
/// where there is no transit gateway attachment cannot reach the transit gateway").
pub(crate) fn router(
    topology: &Topology,
    all: &[Interface],
    vpc: usize,
    ways: &Ways<'_>,
) -> String {
    let it = &topology.vpcs[vpc];
    let mut text = String::from("table ip acls {\n");
    let mut jumps = String::new();
    for (subnet, its) in it.subnets.iter().enumerate() {
        let ports = ports(all, vpc, subnet);
        if ports.is_empty() {
            continue;
        }
        if let Some(acl) = its.acl {
            let acl = &topology.acls[acl];
            text.push_str(&chain(&format!("in{subnet}"), &acl.ingress, "saddr"));
            text.push_str(&chain(&format!("out{subnet}"), &acl.egress, "daddr"));
            let outside = unseen(topology, all, (vpc, subnet), ways);
            let _ =
                writeln!(jumps, "  iifname {{ {ports} }} oifname != {outside} jump out{subnet};");
            let _ =
                writeln!(jumps, "  oifname {{ {ports} }} iifname != {outside} jump in{subnet};");
        }
        let Some(transit) = ways.transit else { continue };
        let attached = attached(topology, vpc);
        let zone = attached.iter().find(|one| it.subnets[**one].zone == its.zone);
        let Some(at) = zone else {
            let refuse = "reject with icmp type admin-prohibited";
            let _ = writeln!(jumps, "  iifname {{ {ports} }} oifname \"{transit}\" {refuse};");
            continue;
        };
        border(topology, vpc, subnet, *at, &ports, transit, &mut text, &mut jumps);
    }
    let _ =
        writeln!(text, " chain forward {{ type filter hook forward priority 0;\n{jumps} }}\n}}");
    text
}

/// The ACL of the subnet a transit gateway is attached in, where it is another than the interface's; in
/// the same subnet, both ways of its ACL meet what leaves, and none what comes
/// (<https://docs.aws.amazon.com/vpc/latest/tgw/tgw-nacls.html>).
#[allow(clippy::too_many_arguments, reason = "two texts are written at once")]
fn border(
    topology: &Topology,
    vpc: usize,
    subnet: usize,
    at: usize,
    ports: &str,
    transit: &str,
    text: &mut String,
    jumps: &mut String,
) {
    let Some(acl) = topology.vpcs[vpc].subnets[at].acl else { return };
    let Acl { ingress, egress, .. } = &topology.acls[acl];
    text.push_str(&chain(&format!("tin{subnet}"), ingress, "saddr"));
    let _ = writeln!(jumps, "  iifname {{ {ports} }} oifname \"{transit}\" jump tin{subnet};");
    if subnet == at {
        text.push_str(&chain(&format!("tout{subnet}"), egress, "daddr"));
        let _ = writeln!(jumps, "  iifname {{ {ports} }} oifname \"{transit}\" jump tout{subnet};");
    } else {
        text.push_str(&chain(&format!("tout{subnet}"), egress, "daddr"));
        let _ = writeln!(jumps, "  iifname \"{transit}\" oifname {{ {ports} }} jump tout{subnet};");
    }
}

/// The subnets of a VPC that the transit gateway is attached in.
fn attached(topology: &Topology, vpc: usize) -> &[usize] {
    let attachments = topology.transit.iter().flat_map(|transit| &transit.attachments);
    let mut own = attachments.filter(|one| one.vpc == Some(vpc));
    own.next().map_or(&[], |one| &one.subnets)
}

fn ports(all: &[Interface], vpc: usize, subnet: usize) -> String {
    let own = all.iter().filter(|one| one.vpc == vpc && one.subnet == subnet);
    own.map(|one| format!("\"{}\"", one.port)).collect::<Vec<_>>().join(", ")
}

/// The devices whose packets an ACL does not see: the subnet's own, the Resolver's, and the transit
/// gateway's where it is attached in the same subnet.
fn unseen(
    topology: &Topology,
    all: &[Interface],
    (vpc, subnet): (usize, usize),
    ways: &Ways<'_>,
) -> String {
    let mut devices = vec![ports(all, vpc, subnet)];
    devices.extend(ways.resolver.map(|device| format!("\"{device}\"")));
    let subnets = &topology.vpcs[vpc].subnets;
    let at = attached(topology, vpc).iter().find(|at| subnets[**at].zone == subnets[subnet].zone);
    if at == Some(&subnet) {
        devices.extend(ways.transit.map(|device| format!("\"{device}\"")));
    }
    format!("{{ {} }}", devices.join(", "))
}

/// A stateless list: the lowest number first, and nothing else passes
/// (<https://docs.aws.amazon.com/vpc/latest/userguide/nacl-basics.html>).
fn chain(name: &str, entries: &[Entry], key: &str) -> String {
    let mut sorted: Vec<&Entry> = entries.iter().collect();
    sorted.sort_by_key(|entry| entry.number);
    let mut text = format!(" chain {name} {{ ");
    for entry in sorted {
        let what = matched(&entry.protocol, entry.from, entry.to);
        let verdict = if entry.allow { "return" } else { "drop" };
        let _ = write!(text, "ip {key} {} {what} {verdict}; ", entry.block);
    }
    text + "drop; }\n"
}
