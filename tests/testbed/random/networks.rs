//! VPCs and what joins them: peering, transit gateways, VPNs, routes, ACLs, Client VPN endpoints.

use crate::figures::{dns, entry, everything, permit};
use crate::topology::{
    Acl, Attachment, CAMPUS, Entry, Group, Peering, Subnet, Table, Transit, Users, Via, Vpc,
};

use super::{Maker, Shape};

impl Maker<'_> {
    pub(super) fn vpcs(&mut self) {
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

    pub(super) fn peerings(&mut self) {
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

    pub(super) fn transit(&mut self, alone: bool) {
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

    pub(super) fn vpn(&mut self) {
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
    pub(super) fn temptations(&mut self) {
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
    pub(super) fn lists(&mut self) {
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

    pub(super) fn acls(&mut self) {
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

    /// A Client VPN endpoint.
    pub(super) fn users(&mut self) {
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
}
