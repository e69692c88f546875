//! Clusters, and who answers for names: endpoints, rules, zones, Profiles, DNS Firewall, name servers.

use std::collections::BTreeSet;

use crate::figures::{dns, permit};
use crate::topology::{
    AMAZON, CAMPUS, CAMPUS_NAME, CAMPUS_SERVERS, Campus, Cluster, Domain, Endpoint, Group, Peer,
    Peering, Permit, Profile, Rule, Targets, Topology, Verdict, Wall, Zone,
};

use super::Maker;

impl Maker<'_> {
    pub(super) fn clusters(&mut self) {
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

    pub(super) fn endpoints(&mut self) {
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

    pub(super) fn rules(&mut self) {
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
    pub(super) fn zones(&mut self) {
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
    pub(super) fn profiles(&mut self) {
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
    pub(super) fn walls(&mut self) {
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

    /// The name servers of DHCP options: inbound endpoints, the campus, the Amazon DNS server beside them.
    pub(super) fn servers(&mut self) {
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

    pub(super) fn campus(&mut self) {
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
