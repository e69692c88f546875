//! Random topologies: peering, hub and spoke, transit gateways, VPNs, ACLs, and all that DNS knows.
//!
//! Most pieces are sound, so that one fault does not hide the next; and routes are thrown in that would
//! help only if VPCs forwarded what is not theirs.

use std::collections::BTreeSet;

use crate::figures::{dns, entry, everything, permit};
use crate::topology::{
    AMAZON, Acl, Attachment, CAMPUS, CAMPUS_NAME, CAMPUS_SERVERS, Campus, Cluster, Domain,
    Endpoint, Entry, Group, Peer, Peering, Permit, Profile, Rule, Subnet, Table, Targets, Topology,
    Transit, Users, Verdict, Via, Vpc, Wall, Zone,
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
    fn vpcs(&mut self) {
        let least = if self.shape == Shape::Chain { 3 } else { 2 };
        for number in 1..=least + self.random.below(3) {
            let support = self.random.chance(95);
            let tables = 2 + self.random.below(2);
            let first = usize::from(!self.main || self.random.chance(70));
            let zones: &[char] = match self.random.below(10) {
                0 | 1 => &['a', 'b', 'c'],
                // For the transit gateway alone.
                2 | 3 => &['a', 'b', 'a', 'b'],
                _ => &['a', 'b'],
            };
            let subnets = zones.iter().enumerate().map(|(index, zone)| Subnet {
                cidr: format!("10.{number}.{index}.0/24"),
                zone: *zone,
                table: first + self.random.below(tables - first),
                acl: None,
            });
            let subnets = subnets.collect();
            self.it.vpcs.push(Vpc {
                cidr: format!("10.{number}.0.0/16"),
                dns_support: support,
                dns_hostnames: support && self.random.chance(93),
                subnets,
                tables: vec![Table::default(); tables],
                servers: vec![],
                vpn: false,
            });
        }
    }

    /// Puts a route into the tables of a VPC, mostly into all.
    fn route(&mut self, vpc: usize, block: &str, via: Via, percent: usize) {
        let first = usize::from(!self.main);
        for table in &mut self.it.vpcs[vpc].tables[first..] {
            if self.random.chance(percent) && table.routes.iter().all(|(own, _)| own != block) {
                table.routes.push((block.to_owned(), via));
            }
        }
    }

    fn peerings(&mut self) {
        for requester in 0..self.it.vpcs.len() {
            for accepter in requester + 1..self.it.vpcs.len() {
                let percent = match self.shape {
                    Shape::Any => 50,
                    Shape::Hub => 92 * usize::from(requester == 0),
                    Shape::Chain => 97 * usize::from(accepter == requester + 1),
                };
                if !self.random.chance(percent) {
                    continue;
                }
                let accepted = self.random.chance(95);
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

    fn transit(&mut self, alone: bool) {
        if !alone && !self.random.chance(30) {
            return;
        }
        let defaults = self.random.chance(40);
        let tables = if defaults { 1 } else { 1 + self.random.below(2) };
        let mut transit = Transit { defaults, tables: vec![vec![]; tables], ..Transit::default() };
        for vpc in 0..self.it.vpcs.len() {
            if !self.random.chance(80) {
                continue;
            }
            let own = self.it.vpcs[vpc].subnets.len() == 4;
            let subnets = match self.random.below(10) {
                0 => vec![0],
                1 => vec![1],
                _ if own => vec![2, 3],
                _ => vec![0, 1],
            };
            let table = self.random.below(tables);
            let table = (defaults || self.random.chance(94)).then_some(table);
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
            let first = usize::from(!self.main);
            for table in &mut self.it.vpcs[vpc].tables[first..] {
                table.propagated = self.random.chance(85);
            }
        }
    }

    /// Routes that would help if VPCs handed on what is not theirs: over a peering connection to what lies
    /// beyond the peer, all the way there and back.
    fn temptations(&mut self) {
        let percent = if self.shape == Shape::Any { 40 } else { 90 };
        let peerings: Vec<(usize, usize)> =
            self.it.peerings.iter().map(|one| (one.requester, one.accepter)).collect();
        let over = |from: usize, to: usize| {
            peerings.iter().position(|one| [(from, to), (to, from)].contains(one))
        };
        let all = self.it.vpcs.len();
        for (from, middle, end) in (0..all).flat_map(|from| {
            (0..all).flat_map(move |middle| (0..from).map(move |end| (from, middle, end)))
        }) {
            let (Some(first), Some(last)) = (over(from, middle), over(middle, end)) else {
                continue;
            };
            if over(from, end).is_none() && self.random.chance(percent) {
                let (there, back) =
                    (self.it.vpcs[end].cidr.clone(), self.it.vpcs[from].cidr.clone());
                self.route(from, &there, Via::Peering(first), 95);
                self.route(end, &back, Via::Peering(last), 95);
            }
        }
        // To the campus, through the gateway of a peer.
        for (number, (a, b)) in peerings.iter().enumerate() {
            for (from, peer) in [(*a, *b), (*b, *a)] {
                let edge = self.it.vpcs[peer].vpn && !self.it.vpcs[from].vpn;
                if edge && self.random.chance(70) {
                    self.route(from, CAMPUS, Via::Peering(number), 95);
                }
            }
        }
    }

    /// Turns some routes into those of a prefix list.
    fn lists(&mut self) {
        for vpc in 0..self.it.vpcs.len() {
            let first = usize::from(!self.main);
            for table in first..self.it.vpcs[vpc].tables.len() {
                let routes = &mut self.it.vpcs[vpc].tables[table].routes;
                if routes.is_empty() || !self.random.chance(12) {
                    continue;
                }
                let (block, via) = routes.remove(self.random.below(routes.len()));
                self.it.lists.push(vec![block, "10.200.0.0/16".to_owned()]);
                let list = self.it.lists.len() - 1;
                self.it.vpcs[vpc].tables[table].listed.push((list, via));
            }
        }
    }

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
            if self.random.chance(10) {
                self.it.lists.push(vec![self.it.vpcs[0].cidr.clone(), CAMPUS.to_owned()]);
                let mut one = permit("tcp", 443, "");
                one.peer = Peer::List(self.it.lists.len() - 1);
                admitted = vec![one];
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
            let last = self.random.below(self.it.vpcs[vpc].subnets.len() - 1) + 1;
            self.it.clusters.push(Cluster {
                vpc,
                subnets: vec![0, last],
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
                let subnets = self.it.vpcs[vpc].subnets.iter().enumerate().take(2);
                let addresses =
                    subnets.map(|(index, subnet)| (index, subnet.address(place))).collect();
                let groups = vec![self.it.groups.len() - 1];
                self.it.endpoints.push(Endpoint { inbound, vpc, addresses, groups });
            }
        }
    }

    fn permits(&mut self, inbound: bool, vpc: usize) -> Vec<Permit> {
        let block = self.block();
        match self.random.below(16) {
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
    }

    /// Zones around the endpoints' names, of them, and beside them.
    fn zones(&mut self) {
        let cluster = Domain::Cluster(self.random.below(self.it.clusters.len()));
        let system = self.it.rules.iter().any(|rule| rule.endpoint.is_none());
        let names = [
            "campus.example".into(),
            "amazonaws.com".into(),
            "us-east-1.eks.amazonaws.com".into(),
            cluster.clone(),
        ];
        for name in names {
            let home = match name {
                Domain::Cluster(cluster) => Some(self.it.clusters[cluster].vpc),
                Domain::Name(_) => None,
            };
            let mut vpcs: Vec<usize> = (0..self.it.vpcs.len()).collect();
            // In the cluster's own VPC the name is taken.
            vpcs.retain(|vpc| self.random.chance(45) && Some(*vpc) != home);
            if vpcs.is_empty() || !self.random.chance(18) {
                continue;
            }
            let text = name.text();
            let records = match self.random.below(4) {
                // Below a SYSTEM rule, the bed has no wildcards.
                0 if text == "amazonaws.com" && !system => {
                    vec![("*.eks.amazonaws.com".into(), "10.9.9.7".to_owned())]
                }
                0 | 1 if text.ends_with("amazonaws.com") => {
                    let at = |ip: &str| (cluster.clone(), ip.to_owned());
                    vec![at("10.9.9.5"), at("10.9.9.6")]
                }
                2 if home.is_some() => vec![(cluster.clone(), "fd00::5".to_owned())],
                0 | 1 => vec![(CAMPUS_NAME.into(), "10.9.9.9".to_owned())],
                _ => vec![(Domain::Name(format!("other.{text}")), "10.9.9.8".to_owned())],
            };
            self.it.zones.push(Zone { name, records, vpcs });
        }
    }

    /// A Profile with some of the rules and zones, which may be tied to a VPC by themselves too.
    fn profiles(&mut self) {
        if !self.random.chance(40) {
            return;
        }
        let mut some = |all: usize| {
            let mut some: Vec<usize> = (0..all).collect();
            some.retain(|_| self.random.chance(45));
            some
        };
        let (mut rules, mut zones, vpcs) =
            (some(self.it.rules.len()), some(self.it.zones.len()), some(self.it.vpcs.len()));
        // Within one Profile a domain is there once.
        let mut known = BTreeSet::new();
        rules.retain(|rule| known.insert(Topology::domain(&self.it.rules[*rule])));
        zones.retain(|zone| known.insert(self.it.zones[*zone].name.text()));
        for rule in &rules {
            if self.random.chance(60) {
                self.it.rules[*rule].vpcs.retain(|vpc| !vpcs.contains(vpc));
            }
        }
        self.it.profiles.push(Profile { rules, zones, vpcs });
    }

    /// Rule groups of DNS Firewall: one that lets some names through, one that does not.
    fn walls(&mut self) {
        if !self.random.chance(30) {
            return;
        }
        let names = [
            "*.eks.amazonaws.com",
            "*.gr7.us-east-1.eks.amazonaws.com",
            "us-east-1.eks.amazonaws.com",
            "*.amazonaws.com",
            "ldap.campus.example",
            "*.example",
            "*",
        ];
        for number in 0..=self.random.below(2) {
            let mut rules = Vec::new();
            let mut priority = 0;
            for _ in 0..=self.random.below(3) {
                // Written in any order; the numbers count.
                priority += 7;
                let of = [Verdict::Allow, Verdict::Allow, Verdict::NxDomain, Verdict::NoData];
                let names = vec![(*self.random.pick(&names)).to_owned()];
                rules.push((priority % 20 + 1, *self.random.pick(&of), names));
            }
            let mut vpcs = Vec::new();
            for vpc in 0..self.it.vpcs.len() {
                if self.random.chance(50) {
                    let first = if self.random.chance(50) { 200 } else { 300 };
                    vpcs.push((vpc, first + u16::try_from(number).unwrap() * 50));
                }
            }
            self.it.walls.push(Wall { rules, vpcs });
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
            let acl = Some(self.acl(vpc, ingress, egress));
            // A transit gateway's packets meet the ACL of the zone they come in by: it is the same in all.
            let everywhere = self.it.transit.is_some() || self.random.chance(50);
            for subnet in self.it.vpcs[vpc].subnets.iter_mut().skip(usize::from(!everywhere)) {
                subnet.acl = acl;
            }
        }
        for vpc in 0..self.it.vpcs.len() {
            if self.it.vpcs[vpc].subnets.len() == 4 && self.random.chance(40) {
                let deny = entry(20, false, "tcp", (443, 443), "10.0.0.0/8");
                let mut both = [vec![everything(100)], vec![everything(100)]];
                both[self.random.below(2)].push(deny);
                let [ingress, egress] = both;
                let acl = Some(self.acl(vpc, ingress, egress));
                self.it.vpcs[vpc].subnets[2..].iter_mut().for_each(|subnet| subnet.acl = acl);
            }
        }
    }

    fn acl(&mut self, vpc: usize, ingress: Vec<Entry>, egress: Vec<Entry>) -> usize {
        self.it.acls.push(Acl { vpc, ingress, egress });
        self.it.acls.len() - 1
    }

    /// The name servers of DHCP options: inbound endpoints, the campus, the Amazon DNS server beside them.
    fn servers(&mut self) {
        for vpc in 0..self.it.vpcs.len() {
            if self.random.chance(85) {
                continue;
            }
            // The hosts of the bed have no group that an endpoint might admit by name; some host may have.
            let by_group = |one: &Endpoint| {
                let ingress = one.groups.iter().flat_map(|group| &self.it.groups[*group].ingress);
                ingress.into_iter().any(|one| matches!(one.peer, Peer::Group(_)))
            };
            let inbound = self.it.endpoints.iter().filter(|one| one.inbound && !by_group(one));
            let inbound: Vec<&Endpoint> = inbound.collect();
            let of = |one: &Endpoint| one.addresses.iter().map(|(_, ip)| ip.clone()).collect();
            let mut servers: Vec<String> = match self.random.below(5) {
                0 => vec![CAMPUS_SERVERS[0].to_owned()],
                1 => CAMPUS_SERVERS.map(str::to_owned).to_vec(),
                _ if inbound.is_empty() => vec![CAMPUS_SERVERS[1].to_owned()],
                2 => vec![inbound[0].addresses[0].1.clone()],
                _ => of(inbound[self.random.below(inbound.len())]),
            };
            if self.random.chance(25) {
                servers.push(AMAZON.to_owned());
            }
            self.it.vpcs[vpc].servers = servers;
        }
    }

    /// A Client VPN endpoint.
    fn users(&mut self) {
        if !self.random.chance(40) {
            return;
        }
        let vpc = self.random.below(self.it.vpcs.len());
        let subnets = if self.random.chance(50) { vec![0, 1] } else { vec![self.random.below(2)] };
        let wide = vec![permit("-1", 0, "0.0.0.0/0")];
        let egress = match self.random.below(6) {
            0 => dns("0.0.0.0/0"),
            1 => vec![permit("tcp", 443, "10.0.0.0/8")],
            _ => wide,
        };
        self.it.groups.push(Group { vpc, ingress: vec![], egress });
        let groups = vec![self.it.groups.len() - 1];
        let mut admitted = vec![self.it.vpcs[vpc].cidr.clone()];
        if self.random.chance(70) {
            admitted.push("10.0.0.0/8".to_owned());
        }
        let mut routes = Vec::new();
        for other in 0..self.it.vpcs.len() {
            if other != vpc && self.random.chance(75) {
                routes.push((self.it.vpcs[other].cidr.clone(), self.random.below(subnets.len())));
            }
        }
        let base = crate::filters::plus_two(&self.it.vpcs[vpc].cidr);
        let servers = if self.random.chance(25) { vec![] } else { vec![base] };
        self.it.users.push(Users { vpc, subnets, servers, groups, admitted, routes });
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
    }
}
