//! The packet half alone: random security groups, network ACLs and route tables, and thousands of packets.

use std::collections::BTreeMap;

use crate::compare::Tally;
use crate::figures::{entry, everything, permit};
use crate::random::Random;
use crate::topology::{
    Acl, Endpoint, Entry, Group, Peer, Peering, Permit, Subnet, Table, Topology, Via, Vpc,
};
use crate::{cloudformation, linter, run, six, terraform};

/// The ports that packets go to.
pub(crate) const PORTS: [u16; 4] = [53, 443, 1024, 10250];

/// Two or three peered VPCs, in each some interfaces with random groups, in subnets with random ACLs.
fn topology(seed: u64) -> Topology {
    let mut random = Random::new(seed ^ 0x7061_636b);
    let mut it = Topology { name: format!("packets of seed {seed}"), ..Topology::default() };
    let vpcs = 2 + random.below(2);
    for number in 1..=vpcs {
        let subnet = |(index, zone)| Subnet {
            cidr: format!("10.{number}.{index}.0/24"),
            zone,
            table: 1 + index % 2,
            acl: None,
        };
        it.vpcs.push(Vpc {
            cidr: format!("10.{number}.0.0/16"),
            subnets: ['a', 'b'].into_iter().enumerate().map(subnet).collect(),
            tables: vec![Table::default(); 3],
            vpn: true,
            ..Vpc::default()
        });
    }
    for requester in 0..vpcs {
        for accepter in requester + 1..vpcs {
            it.peerings.push(Peering { requester, accepter, accepted: true });
            routes(&mut random, &mut it, requester, accepter);
            routes(&mut random, &mut it, accepter, requester);
        }
    }
    for vpc in 0..vpcs {
        for inbound in [false, true] {
            let ingress = permits(&mut random, &it);
            let egress = permits(&mut random, &it);
            it.groups.push(Group { vpc, ingress, egress });
            let place = if inbound { 10 } else { 11 };
            let subnets = it.vpcs[vpc].subnets.iter().enumerate();
            let addresses = subnets.map(|(index, subnet)| (index, subnet.address(place))).collect();
            let groups = vec![it.groups.len() - 1];
            it.endpoints.push(Endpoint { inbound, vpc, addresses, groups });
        }
        for subnet in 0..2 {
            if random.chance(40) && linter::reads_acls() {
                let (ingress, egress) = (entries(&mut random), entries(&mut random));
                it.acls.push(Acl { vpc, ingress, egress });
                it.vpcs[vpc].subnets[subnet].acl = Some(it.acls.len() - 1);
            }
        }
    }
    it
}

/// Routes to a peer's block, its subnets and parts of them; some lead to the campus instead.
fn routes(random: &mut Random, it: &mut Topology, from: usize, to: usize) {
    let number = to + 1;
    let over = Via::Peering(it.peerings.len() - 1);
    for table in &mut it.vpcs[from].tables[1..] {
        let blocks = [
            ("10.0.0.0/8".to_owned(), 10),
            (format!("10.{number}.0.0/16"), 92),
            (format!("10.{number}.0.0/24"), 12),
            (format!("10.{number}.1.0/24"), 12),
            (format!("10.{number}.0.8/30"), 12),
            (format!("10.{number}.1.10/32"), 12),
        ];
        for (block, percent) in blocks {
            let fresh = table.routes.iter().all(|(own, _)| *own != block);
            if random.chance(percent) && fresh {
                let via = if random.chance(75) { over } else { Via::Vpn };
                let via = if percent > 90 { over } else { via };
                table.routes.push((block, via));
            }
        }
    }
}

fn permits(random: &mut Random, it: &Topology) -> Vec<Permit> {
    let mut all = Vec::new();
    for _ in 0..4 + random.below(4) {
        let block = random.pick::<&str>(&[
            "0.0.0.0/0",
            "0.0.0.0/0",
            "10.0.0.0/8",
            "10.1.0.0/16",
            "10.2.0.0/15",
            "10.1.0.0/24",
            "10.2.1.0/24",
            "10.1.1.8/29",
            "10.2.0.10/32",
        ]);
        let mut one = permit(random.pick::<&str>(&["tcp", "udp", "-1"]), 0, block);
        (one.from, one.to) = *random.pick(&[
            (0, 65535),
            (0, 65535),
            (53, 53),
            (53, 443),
            (443, 443),
            (1024, 65535),
            (10250, 10250),
        ]);
        if !it.groups.is_empty() && random.chance(20) {
            one.peer = Peer::Group(random.below(it.groups.len()));
        }
        all.push(one);
    }
    all
}

/// Mostly everything passes; answers come to 1024 and above, which the entries take whole.
fn entries(random: &mut Random) -> Vec<Entry> {
    let mut all = Vec::new();
    for number in 1..=random.below(5) {
        let block = random.pick::<&str>(&[
            "0.0.0.0/0",
            "10.0.0.0/8",
            "10.1.0.0/16",
            "10.2.0.0/16",
            "10.1.1.0/24",
            "10.2.0.0/28",
        ]);
        let protocol = random.pick::<&str>(&["tcp", "udp", "-1"]);
        let ports = *random.pick(&[(0, 65535), (53, 53), (443, 443), (0, 1023), (1024, 65535)]);
        let order = u16::try_from(10 * number + random.below(9)).unwrap();
        all.push(entry(order, random.chance(65), protocol, ports, block));
    }
    if random.chance(90) {
        all.push(everything(999));
    }
    all
}

/// Compares the packets of some seeds; what differs is asked once more alone.
pub(crate) fn test() -> Result<(), String> {
    let first = run::count("TESTBED_SEED", 1) as u64;
    let seeds = first..first + run::count("TESTBED_PACKETS", 12) as u64;
    let sets: Vec<(u64, bool)> =
        seeds.flat_map(|seed| [false, true].map(|by_six| (seed, by_six))).collect();
    let mut sum = Tally::default();
    for (set, result) in sets.iter().zip(run::each(&sets, |set| observe(*set, 400))) {
        let result = match result {
            Ok(tally) if tally.mismatches.is_empty() => Ok(tally),
            other => {
                println!("packets of seed and family {set:?}: asked again, alone; first {other:?}");
                observe(*set, 2000)
            }
        };
        sum.add(result?);
    }
    println!("{} sets, half of them by IPv6", sets.len());
    sum.print();
    if sum.mismatches.is_empty() { Ok(()) } else { Err(sum.mismatches.join("\n")) }
}

fn observe((seed, by_six): (u64, bool), patience: u32) -> Result<Tally, String> {
    let mut topology = topology(seed);
    let what = if by_six { "inside-packets-by-ipv6" } else { "inside-packets" };
    let seen: BTreeMap<String, bool> = crate::seen(what, &topology, patience)?;
    if by_six {
        topology = six::topology(topology);
    }
    let texts = [Some(("main.tf", terraform::write(&topology)))]
        .into_iter()
        .chain([cloudformation::write(&topology).map(|text| ("template.json", text))]);
    let mut tally = Tally::default();
    for (file, text) in texts.flatten() {
        let said = linter::packets(&topology, file, &text, seen.keys().cloned());
        for (spec, said) in said {
            tally.passes(&format!("seed {seed}, {file}: {spec}"), seen[&spec], &said);
        }
    }
    Ok(tally)
}
