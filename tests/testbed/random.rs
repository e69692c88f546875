//! Random topologies: peering, hub and spoke, transit gateways, VPNs, ACLs, and all that DNS knows.
//!
//! Most pieces are sound, so that one fault does not hide the next; and routes are thrown in that would
//! help only if VPCs forwarded what is not theirs.

mod names;
mod networks;

use crate::topology::{CAMPUS, Topology};

/// Numbers that look random, the same for the same seed (splitmix64).
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut it = self.0;
        it = (it ^ (it >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        it = (it ^ (it >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        it ^ (it >> 31)
    }

    pub(crate) fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % limit.max(1) as u64).unwrap()
    }

    /// True so many times of a hundred.
    pub(crate) fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub(crate) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}

/// The topology of a seed.
pub(crate) fn topology(seed: u64) -> Topology {
    let mut random = Random::new(seed);
    let mut it = Topology {
        name: format!("seed {seed}"),
        public_dns_answers: random.chance(50),
        ..Topology::default()
    };
    // CloudFormation cannot write into main tables.
    let shape = *random.pick(&[Shape::Any, Shape::Any, Shape::Hub, Shape::Chain]);
    let (main, peered) = (random.chance(35), random.chance(70));
    let mut maker = Maker { random: &mut random, it: &mut it, shape, main };
    maker.vpcs();
    if peered {
        maker.peerings();
    }
    maker.transit(!peered);
    maker.vpn();
    maker.temptations();
    maker.lists();
    maker.clusters();
    maker.endpoints();
    maker.rules();
    maker.zones();
    maker.profiles();
    maker.walls();
    maker.acls();
    maker.campus();
    maker.servers();
    maker.users();
    it
}

/// How peering connections lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    Any,
    /// All with the first VPC.
    Hub,
    /// Each VPC with the next, and routes that lead on to the ends.
    Chain,
}

struct Maker<'a> {
    random: &'a mut Random,
    it: &'a mut Topology,
    shape: Shape,
    /// Whether main route tables have routes of their own.
    main: bool,
}

impl Maker<'_> {
    /// A block that somebody may come from.
    fn block(&mut self) -> String {
        let own = self.random.below(self.it.vpcs.len());
        match self.random.below(10) {
            0 | 4 | 5 => "10.0.0.0/8".to_owned(),
            1 => CAMPUS.to_owned(),
            2 => self.it.vpcs[own].cidr.clone(),
            3 => self.it.vpcs[own].subnets[0].cidr.clone(),
            _ => "0.0.0.0/0".to_owned(),
        }
    }
}
