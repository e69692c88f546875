//! Whether what was seen is what the linter says.

use std::collections::{BTreeMap, BTreeSet};

use crate::bed::{Heard, Seen, names, pair, question};
use crate::linter::{Passage, Said, Sayings};
use crate::namespaces::Plan;
use crate::resolvers;
use crate::topology::{CAMPUS_ADDRESS, CAMPUS_NAME, INTERNET_ADDRESS, INTERNET_NAME, Topology};

/// What a comparison found.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) compared: usize,
    pub(crate) undecided: usize,
    /// How often each question got each word: a comparison of only failures would prove nothing.
    pub(crate) words: BTreeMap<String, usize>,
    pub(crate) mismatches: Vec<String>,
    /// How many mismatches each known reason explains.
    pub(crate) known: BTreeMap<&'static str, usize>,
}

impl Tally {
    pub(crate) fn add(&mut self, other: Self) {
        self.compared += other.compared;
        self.undecided += other.undecided;
        self.mismatches.extend(other.mismatches);
        for (word, count) in other.words {
            *self.words.entry(word).or_default() += count;
        }
        for (reason, count) in other.known {
            *self.known.entry(reason).or_default() += count;
        }
    }

    fn count(&mut self, word: &str) {
        *self.words.entry(word.to_owned()).or_default() += 1;
    }

    /// Counts a packet, or a connection.
    pub(crate) fn passes(&mut self, what: &str, seen: bool, said: &Passage) {
        self.compared += 1;
        self.count(if seen { "passes" } else { "does not pass" });
        match said.0 {
            None => self.undecided += 1,
            Some(said) if said == seen => {}
            Some(_) => self.wrong(what, &seen.to_string(), &said.1),
        }
    }

    fn wrong(&mut self, what: &str, seen: &str, said: &str) {
        self.mismatches.push(format!("{what}: seen {seen}, said {said}"));
    }
}

/// Compares everything that was asked.
pub(crate) fn compare(topology: &Topology, seen: &Seen, said: &Sayings) -> Tally {
    let mut tally = Tally::default();
    let plan = Plan::new(topology);
    for vpc in 0..topology.vpcs.len() {
        for name in names(topology) {
            let key = question(Some(vpc), &name);
            let judge = Judge { topology, seen, plan: &plan, vpc, name: &name };
            judge.judge(&key, &said.names[&key], &mut tally);
        }
    }
    for (key, (udp, tcp)) in &said.legs {
        let (seen_udp, seen_tcp) = seen.legs[key];
        let target = key.split(' ').nth(1).unwrap();
        // Without a Resolver behind it, an inbound endpoint has nothing that answers; and of an address
        // that the code gives to nobody it does not say who answers there.
        let deaf = topology.endpoints.iter().any(|endpoint| {
            let own = endpoint.addresses.iter().any(|(_, address)| address == target);
            own && (!endpoint.inbound || !topology.vpcs[endpoint.vpc].dns_support)
        });
        let nobody = target.starts_with("10.")
            && !topology
                .endpoints
                .iter()
                .flat_map(|one| &one.addresses)
                .any(|(_, it)| it == target);
        if !deaf && !nobody {
            tally.passes(&format!("{key} udp 53"), seen_udp, udp);
            tally.passes(&format!("{key} tcp 53"), seen_tcp, tcp);
        }
    }
    for (key, said) in &said.connections {
        tally.passes(&format!("{key} tcp 443"), seen.connections[key], said);
    }
    tally
}

struct Judge<'a> {
    topology: &'a Topology,
    seen: &'a Seen,
    plan: &'a Plan,
    vpc: usize,
    name: &'a str,
}

impl Judge<'_> {
    fn judge(&self, key: &str, said: &Said, tally: &mut Tally) {
        let heard = &self.seen.names[key];
        tally.compared += 1;
        for one in heard {
            tally.count(&self.word(one));
        }
        let own = !self.topology.vpcs[self.vpc].servers.is_empty();
        let unsteady = heard.len() > 1 || !own && self.unsteady(self.vpc, &mut vec![]);
        let right = match said {
            Said::Undecided(_) => {
                tally.undecided += 1;
                return;
            }
            Said::Intermittent => unsteady || own,
            // Whoever gets nothing over some paths and nothing over the others gets nothing.
            Said::Failure => heard.iter().all(|one| matches!(one, Heard::Failure | Heard::Refused)),
            said => {
                (!unsteady || self.rests_on_the_campus(said))
                    && heard.iter().all(|one| self.fits(one, said))
            }
        };
        if !right {
            let words: Vec<String> = heard.iter().map(|one| self.word(one)).collect();
            let seen =
                format!("{}{}", words.join(" or "), if unsteady { ", not always" } else { "" });
            tally.wrong(key, &seen, &format!("{said:?}"));
        }
    }

    fn cluster(&self, addresses: &[String]) -> Option<Said> {
        (0..self.topology.clusters.len()).find_map(|cluster| {
            if addresses == self.topology.cluster_addresses(cluster) {
                Some(Said::Private(cluster))
            } else if addresses == [Topology::public_address(cluster)] {
                Some(Said::Public(cluster))
            } else {
                None
            }
        })
    }

    fn word(&self, heard: &Heard) -> String {
        match heard {
            Heard::Addresses(addresses) => match self.cluster(addresses) {
                Some(Said::Private(_)) => "private".to_owned(),
                Some(_) => "public".to_owned(),
                None if addresses == &[CAMPUS_ADDRESS] => "campus".to_owned(),
                None if addresses == &[INTERNET_ADDRESS] => "internet".to_owned(),
                None => "a record".to_owned(),
            },
            other => format!("{other:?}"),
        }
    }

    /// What the code does not show of the campus may lead to anything.
    fn rests_on_the_campus(&self, said: &Said) -> bool {
        let campus = &self.topology.campus;
        matches!(said, Said::Elsewhere(_))
            && (!campus.forwards.is_empty() || campus.rebind_protection || !campus.recursion)
    }

    fn fits(&self, heard: &Heard, said: &Said) -> bool {
        let known = |zone: &usize| {
            let mut records = self.topology.zones[*zone].records.iter();
            records.find(|(name, _)| name == self.name).map(|(_, address)| address)
        };
        match (said, heard) {
            (Said::Private(_) | Said::Public(_), Heard::Addresses(addresses)) => {
                self.cluster(addresses).as_ref() == Some(said)
            }
            (Said::Internet, Heard::Addresses(addresses)) => {
                self.name == INTERNET_NAME && addresses == &[INTERNET_ADDRESS]
            }
            (Said::Internet, Heard::NxDomain) => self.name != INTERNET_NAME,
            (Said::Zone(zone), Heard::Addresses(addresses)) => {
                known(zone).is_some_and(|one| addresses == std::slice::from_ref(one))
            }
            (Said::Zone(zone), Heard::NxDomain | Heard::NoData) => known(zone).is_none(),
            (Said::NxDomain, Heard::NxDomain) => true,
            (Said::Elsewhere(_), _) if self.rests_on_the_campus(said) => true,
            (Said::Elsewhere(_), Heard::Addresses(addresses)) if self.name == CAMPUS_NAME => {
                addresses == &[CAMPUS_ADDRESS]
            }
            (Said::Elsewhere(then), heard) => self.name != CAMPUS_NAME && self.fits(heard, then),
            _ => false,
        }
    }

    /// Whether some of the ways that a VPC's Resolver may take for the name fail, and others do not: by
    /// the forwarders of its configuration, and what was seen of the way to each.
    fn unsteady(&self, vpc: usize, met: &mut Vec<usize>) -> bool {
        if met.contains(&vpc) || !self.topology.vpcs[vpc].dns_support {
            return false;
        }
        met.push(vpc);
        let unsteady = self.ways_differ(vpc, met);
        met.pop();
        unsteady
    }

    fn ways_differ(&self, vpc: usize, met: &mut Vec<usize>) -> bool {
        let server = &self.plan.servers[&format!("d{vpc}")];
        let domain = server.best(self.name);
        let rules = resolvers::rules(self.topology, vpc);
        let mut taken = rules.iter().filter(|rule| rule.endpoint.is_some());
        let Some(rule) = taken.find(|rule| Some(Topology::domain(rule)) == domain) else {
            return false;
        };
        let endpoint = &self.topology.endpoints[rule.endpoint.unwrap()];
        let mut kinds = BTreeSet::new();
        for target in self.topology.targets(rule) {
            let mut inbound = self.topology.endpoints.iter().filter(|one| one.inbound);
            let next = inbound
                .find(|one| one.addresses.iter().any(|(_, address)| *address == target))
                .map(|one| one.vpc);
            for (_, from) in &endpoint.addresses {
                let passed = self.seen.legs[&pair(from, &target)].0;
                let loops = next.is_some_and(|next| met.contains(&next));
                kinds.insert((passed && !loops).then_some(next));
                if passed && next.is_some_and(|next| self.unsteady(next, met)) {
                    return true;
                }
            }
        }
        kinds.len() > 1
    }
}
