//! Random topologies: peering, hub and spoke, transit gateways, VPNs, ACLs, and all that DNS knows.
//!
//! Most pieces are sound, so that one fault does not hide the next; and routes are thrown in that would
//! help only if VPCs forwarded what is not theirs.

use std::collections::BTreeSet;

use crate::figures::{dns, entry, everything, permit};
use crate::topology::{
    Acl, Attachment, CAMPUS, CAMPUS_NAME, CAMPUS_SERVERS, Campus, Cluster, Domain, Endpoint, Group,
    Peer, Peering, Permit, Profile, Rule, Subnet, Table, Targets, Topology, Transit, Via, Vpc,
    Zone,
};

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
    let mut maker = Maker { random: &mut random, it: &mut it };
    maker.vpcs();
    maker.peerings();
    maker.transit();
    maker.vpn();
    maker.temptations();
    maker.clusters();
    maker.endpoints();
    maker.rules();
    maker.zones();
    maker.acls();
    maker.campus();
    it
}

struct Maker<'a> {
    random: &'a mut Random,
    it: &'a mut Topology,
}

impl Maker<'_> {
    fn vpcs(&mut self) {
        for number in 1..=2 + self.random.below(3) {
            let support = self.random.chance(95);
            let tables = 2 + self.random.below(2);
            let subnets = ['a', 'b'].into_iter().enumerate().map(|(index, zone)| Subnet {
                cidr: format!("10.{number}.{index}.0/24"),
                zone,
                table: self.random.below(tables),
                acl: None,
            });
            let subnets = subnets.collect();
            self.it.vpcs.push(Vpc {
                cidr: format!("10.{number}.0.0/16"),
                dns_support: support,
                dns_hostnames: support && self.random.chance(90),
                subnets,
                tables: vec![Table::default(); tables],
                servers: vec![],
                vpn: false,
            });
        }
    }

    /// Puts a route into the tables of a VPC, mostly into all.
    fn route(&mut self, vpc: usize, block: &str, via: Via, percent: usize) {
        for table in &mut self.it.vpcs[vpc].tables {
            if self.random.chance(percent) && table.routes.iter().all(|(own, _)| own != block) {
                table.routes.push((block.to_owned(), via));
            }
        }
    }

    fn peerings(&mut self) {
        let hub = self.random.chance(40);
        for requester in 0..self.it.vpcs.len() {
            for accepter in requester + 1..self.it.vpcs.len() {
                if !self.random.chance(if !hub {
                    45
                } else if requester == 0 {
                    90
                } else {
                    0
                }) {
                    continue;
                }
                let accepted = self.random.chance(92);
                self.it.peerings.push(Peering { requester, accepter, accepted });
                let via = Via::Peering(self.it.peerings.len() - 1);
                for (from, to) in [(requester, accepter), (accepter, requester)] {
                    let whole = self.it.vpcs[to].cidr.clone();
                    let half = self.it.vpcs[to].subnets[0].cidr.clone();
                    let block = if self.random.chance(90) { whole } else { half };
                    self.route(from, &block, via, 93);
                }
            }
        }
    }

    fn transit(&mut self) {
        if !self.random.chance(50) {
            return;
        }
        let defaults = self.random.chance(40);
        let tables = if defaults { 1 } else { 1 + self.random.below(2) };
        let mut transit = Transit { defaults, tables: vec![vec![]; tables], ..Transit::default() };
        for vpc in 0..self.it.vpcs.len() {
            if !self.random.chance(80) {
                continue;
            }
            let subnets = match self.random.below(8) {
                0 => vec![0],
                1 => vec![1],
                _ => vec![0, 1],
            };
            let table = self.random.below(tables);
            let table = (defaults || self.random.chance(92)).then_some(table);
            let mut propagates: Vec<usize> = (0..tables).collect();
            propagates.retain(|_| defaults || self.random.chance(85));
            transit.attachments.push(Attachment { vpc: Some(vpc), subnets, table, propagates });
        }
        if self.random.chance(40) {
            let table = Some(self.random.below(tables));
            let none = vec![];
            transit.attachments.push(Attachment {
                vpc: None,
                subnets: none.clone(),
                table,
                propagates: none,
            });
        }
        for table in &mut transit.tables {
            for (number, attachment) in transit.attachments.iter().enumerate() {
                let block = attachment.vpc.map_or(CAMPUS, |vpc| &self.it.vpcs[vpc].cidr);
                let percent = if attachment.vpc.is_none() { 85 } else { 12 };
                if self.random.chance(percent) {
                    table.push((block.to_owned(), Some(number)));
                } else if self.random.chance(8) {
                    table.push((block.to_owned(), None));
                } else if let Some(vpc) = attachment.vpc
                    && self.random.chance(8)
                {
                    let part = self.it.vpcs[vpc].subnets[1].cidr.clone();
                    table.push((part, None));
                }
            }
        }
        let campus = transit.attachments.iter().any(|one| one.vpc.is_none());
        for attachment in transit.attachments.clone() {
            let Some(vpc) = attachment.vpc else { continue };
            let block = *self.random.pick(&["10.0.0.0/8", "10.0.0.0/8", "0.0.0.0/0"]);
            self.route(vpc, block, Via::Transit, 90);
            if campus {
                self.route(vpc, CAMPUS, Via::Transit, 80);
            }
        }
        self.it.transit = Some(transit);
    }

    fn vpn(&mut self) {
        let transit = self.it.transit.iter().flat_map(|it| &it.attachments);
        if transit.into_iter().any(|one| one.vpc.is_none()) {
            return;
        }
        for vpc in 0..self.it.vpcs.len() {
            if !self.random.chance(45) {
                continue;
            }
            self.it.vpcs[vpc].vpn = true;
            if self.random.chance(30) {
                self.route(vpc, CAMPUS, Via::Vpn, 90);
            }
            for table in &mut self.it.vpcs[vpc].tables {
                table.propagated = self.random.chance(85);
            }
        }
    }

    /// Routes over a peering connection to what lies beyond the peer.
    fn temptations(&mut self) {
        for number in 0..self.it.peerings.len() {
            let Peering { requester, accepter, .. } = self.it.peerings[number];
            for (from, over) in [(requester, accepter), (accepter, requester)] {
                if !self.random.chance(35) {
                    continue;
                }
                let beyond = self.random.below(self.it.vpcs.len());
                let block = match self.random.below(3) {
                    0 => CAMPUS.to_owned(),
                    _ => self.it.vpcs[beyond].cidr.clone(),
                };
                if block != self.it.vpcs[from].cidr && block != self.it.vpcs[over].cidr {
                    self.route(from, &block, Via::Peering(number), 70);
                    if self.random.chance(70) && block != CAMPUS {
                        let back = self.it.vpcs[from].cidr.clone();
                        let joins = |one: &Peering| {
                            [(one.requester, one.accepter), (one.accepter, one.requester)]
                                .contains(&(beyond, over))
                        };
                        if let Some(next) = self.it.peerings.iter().position(joins) {
                            self.route(beyond, &back, Via::Peering(next), 90);
                        }
                    }
                }
            }
        }
    }

    /// A block that somebody may come from.
    fn block(&mut self) -> String {
        let own = self.random.below(self.it.vpcs.len());
        match self.random.below(6) {
            0 => "10.0.0.0/8".to_owned(),
            1 => CAMPUS.to_owned(),
            2 => self.it.vpcs[own].cidr.clone(),
            3 => self.it.vpcs[own].subnets[0].cidr.clone(),
            _ => "0.0.0.0/0".to_owned(),
        }
    }

    fn clusters(&mut self) {
        for _ in 0..if self.random.chance(25) { 2 } else { 1 } {
            let vpc = self.random.below(self.it.vpcs.len());
            let private = self.random.chance(90);
            let mut admitted = vec![];
            for _ in 0..=self.random.below(2) {
                let block = self.block();
                let port = if self.random.chance(90) { 443 } else { 6443 };
                admitted.push(permit("tcp", port, &block));
            }
            let groups = if self.random.chance(30) {
                self.it.groups.push(Group {
                    vpc,
                    ingress: std::mem::take(&mut admitted),
                    egress: vec![],
                });
                vec![self.it.groups.len() - 1]
            } else {
                vec![]
            };
            let public = !private || self.random.chance(40);
            self.it.clusters.push(Cluster {
                vpc,
                subnets: vec![0, 1],
                private,
                public,
                admitted,
                groups,
            });
        }
    }

    fn endpoints(&mut self) {
        for inbound in [false, true] {
            for vpc in 0..self.it.vpcs.len() {
                if !self.it.vpcs[vpc].dns_support || !self.random.chance(65) {
                    continue;
                }
                let rules = self.permits(inbound, vpc);
                let none = vec![];
                let group = if inbound {
                    Group { vpc, ingress: rules, egress: none }
                } else {
                    Group { vpc, ingress: none, egress: rules }
                };
                self.it.groups.push(group);
                let place = if inbound { 10 } else { 11 };
                let subnets = self.it.vpcs[vpc].subnets.iter().enumerate();
                let addresses =
                    subnets.map(|(index, subnet)| (index, subnet.address(place))).collect();
                let groups = vec![self.it.groups.len() - 1];
                self.it.endpoints.push(Endpoint { inbound, vpc, addresses, groups });
            }
        }
    }

    fn permits(&mut self, inbound: bool, vpc: usize) -> Vec<Permit> {
        let block = self.block();
        match self.random.below(12) {
            0 => dns(&block),
            1 => vec![permit("udp", 53, "0.0.0.0/0")],
            2 => vec![permit("tcp", 53, "0.0.0.0/0")],
            3 => {
                let wide = Peer::Block("10.0.0.0/8".to_owned());
                vec![Permit { protocol: "udp".to_owned(), from: 0, to: 1024, peer: wide }]
            }
            // The group of an outbound endpoint here or in a peered VPC.
            4..=6 if inbound => {
                let senders = self.it.endpoints.iter().filter(|one| {
                    let joins = |peering: &Peering| {
                        let ends = [peering.requester, peering.accepter];
                        peering.accepted && ends.contains(&vpc) && ends.contains(&one.vpc)
                    };
                    !one.inbound
                        && self.it.transit.is_none()
                        && (one.vpc == vpc || self.it.peerings.iter().any(joins))
                });
                let groups: Vec<usize> = senders.map(|one| one.groups[0]).collect();
                if groups.is_empty() {
                    return dns("10.0.0.0/8");
                }
                let peer = Peer::Group(*self.random.pick(&groups));
                ["udp", "tcp"]
                    .map(|protocol| Permit {
                        protocol: protocol.to_owned(),
                        from: 53,
                        to: 53,
                        peer: peer.clone(),
                    })
                    .to_vec()
            }
            7 => vec![permit("-1", 0, "0.0.0.0/0")],
            _ => dns("0.0.0.0/0"),
        }
    }

    fn rules(&mut self) {
        let senders: Vec<usize> =
            (0..self.it.endpoints.len()).filter(|one| !self.it.endpoints[*one].inbound).collect();
        let receivers: Vec<usize> =
            (0..self.it.endpoints.len()).filter(|one| self.it.endpoints[*one].inbound).collect();
        let mut taken: BTreeSet<(usize, String)> = BTreeSet::new();
        for _ in 0..self.random.below(6) {
            let name = |name: &str| Domain::Name(name.to_owned());
            let domain = match self.random.below(9) {
                0 | 1 => name("."),
                2 => name("eks.amazonaws.com"),
                3 => name("us-east-1.eks.amazonaws.com"),
                4 => name(
                    self.random.pick::<&str>(&["amazonaws.com", "eks.us-east-1.amazonaws.com"]),
                ),
                5 => name(self.random.pick::<&str>(&["campus.example", "example", "example.org"])),
                _ => Domain::Cluster(0),
            };
            let system = senders.is_empty() || self.random.chance(12);
            let targets = match self.random.below(7) {
                0 | 1 => Targets::Addresses(CAMPUS_SERVERS.map(str::to_owned).to_vec()),
                2 => Targets::Addresses(vec![CAMPUS_SERVERS[1].to_owned()]),
                3 if !receivers.is_empty() => {
                    let endpoint = &self.it.endpoints[*self.random.pick(&receivers)];
                    Targets::Addresses(vec![endpoint.addresses[0].1.clone()])
                }
                _ if !receivers.is_empty() => Targets::Endpoint(*self.random.pick(&receivers)),
                _ => Targets::Addresses(vec![CAMPUS_SERVERS[0].to_owned()]),
            };
            let mut rule = Rule {
                domain,
                endpoint: (!system).then(|| *self.random.pick(&senders)),
                targets: if system { Targets::Addresses(vec![]) } else { targets },
                vpcs: vec![],
            };
            let domain = Topology::domain(&rule);
            for vpc in 0..self.it.vpcs.len() {
                if self.random.chance(60) && taken.insert((vpc, domain.clone())) {
                    rule.vpcs.push(vpc);
                }
            }
            self.it.rules.push(rule);
        }
        if !self.it.rules.is_empty() && self.random.chance(25) {
            let rules = vec![self.random.below(self.it.rules.len())];
            let mut vpcs: Vec<usize> = (0..self.it.vpcs.len()).collect();
            vpcs.retain(|_| self.random.chance(50));
            self.it.profiles.push(Profile { rules, zones: vec![], vpcs });
        }
    }

    fn zones(&mut self) {
        for name in ["campus.example", "amazonaws.com", "us-east-1.eks.amazonaws.com"] {
            let mut vpcs: Vec<usize> = (0..self.it.vpcs.len()).collect();
            vpcs.retain(|_| self.random.chance(40));
            if vpcs.is_empty() || !self.random.chance(20) {
                continue;
            }
            let records = if name == "campus.example" && self.random.chance(60) {
                vec![(CAMPUS_NAME.to_owned(), "10.9.9.9".to_owned())]
            } else {
                vec![(format!("other.{name}"), "10.9.9.8".to_owned())]
            };
            self.it.zones.push(Zone { name: name.to_owned(), records, vpcs });
        }
    }

    fn acls(&mut self) {
        for vpc in 0..self.it.vpcs.len() {
            if !self.random.chance(18) {
                continue;
            }
            let all = vec![everything(100)];
            let udp = entry(50, false, "udp", (53, 53), "10.0.0.0/8");
            let late = entry(150, false, "tcp", (443, 443), "0.0.0.0/0");
            let low = vec![
                entry(10, true, "udp", (0, 1023), "0.0.0.0/0"),
                entry(20, true, "tcp", (0, 1023), "0.0.0.0/0"),
            ];
            let mut both = low.clone();
            both.push(entry(30, true, "tcp", (1024, 65535), "0.0.0.0/0"));
            both.push(entry(40, true, "udp", (1024, 65535), "10.0.0.0/8"));
            let (ingress, egress) = match self.random.below(7) {
                0 => (all.clone(), vec![udp, all[0].clone()]),
                1 => (vec![all[0].clone(), late], all),
                2 => (all, low),
                3 => (low, all),
                4 => (both.clone(), both),
                5 => (vec![udp, all[0].clone()], all),
                _ => (vec![entry(90, true, "-1", (0, 0), "10.0.0.0/8")], all),
            };
            self.it.acls.push(Acl { vpc, ingress, egress });
            let acl = Some(self.it.acls.len() - 1);
            // A transit gateway's packets meet the ACL of the zone they come in by: it is the same in both.
            let everywhere = self.it.transit.is_some() || self.random.chance(50);
            for subnet in self.it.vpcs[vpc].subnets.iter_mut().skip(usize::from(!everywhere)) {
                subnet.acl = acl;
            }
        }
    }

    fn campus(&mut self) {
        let inbound = self.it.endpoints.iter().find(|one| one.inbound);
        let to = inbound.map(|endpoint| vec![endpoint.addresses[0].1.clone()]);
        let to = to.filter(|_| self.random.chance(30));
        self.it.campus = Campus {
            forwards: to.map(|to| ("eks.amazonaws.com".to_owned(), to)).into_iter().collect(),
            rebind_protection: self.random.chance(10),
            recursion: self.random.chance(92),
        };
        for vpc in 0..self.it.vpcs.len() {
            if self.random.chance(90) {
                continue;
            }
            let receiver = self.it.endpoints.iter().find(|one| one.inbound);
            self.it.vpcs[vpc].servers = match receiver {
                Some(one) if self.random.chance(60) => {
                    one.addresses.iter().map(|(_, address)| address.clone()).collect()
                }
                _ => vec![CAMPUS_SERVERS[0].to_owned()],
            };
        }
    }
}
