//! Whether what was seen is what the linter says.

use std::collections::{BTreeMap, BTreeSet};

use crate::bed::{Seen, Who, names, pair, question};
use crate::filters::plus_two;
use crate::known;
use crate::linter::{Passage, Said, Sayings};
use crate::namespaces::Plan;
use crate::probe::Heard;
use crate::resolvers;
use crate::topology::{
    AMAZON, CAMPUS_ADDRESS, CAMPUS_NAME, CAMPUS_SERVERS, INTERNET_ADDRESS, INTERNET_NAME, Topology,
};

/// What a comparison found.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) compared: usize,
    pub(crate) undecided: usize,
    /// How often each kind of question got each word: a comparison of only failures would prove nothing.
    pub(crate) words: BTreeMap<String, usize>,
    /// How often the linter gave each reason for its words.
    pub(crate) reasons: BTreeMap<String, usize>,
    pub(crate) mismatches: Vec<String>,
    /// How many comparisons each known limit explains.
    pub(crate) known: BTreeMap<&'static str, usize>,
    /// How many topologies were written in each language.
    pub(crate) written: BTreeMap<&'static str, usize>,
}

impl Tally {
    pub(crate) fn add(&mut self, other: Self) {
        self.compared += other.compared;
        self.undecided += other.undecided;
        self.mismatches.extend(other.mismatches);
        join(&mut self.words, other.words);
        join(&mut self.reasons, other.reasons);
        join(&mut self.known, other.known);
        join(&mut self.written, other.written);
    }

    fn count(&mut self, word: String) {
        *self.words.entry(word).or_default() += 1;
    }

    /// Counts a packet, or a connection.
    pub(crate) fn passes(&mut self, what: &str, seen: bool, said: &Passage) {
        self.compared += 1;
        self.count(if seen { "passes" } else { "does not pass" }.to_owned());
        let reason = said.1.split(['(', ' ']).next().unwrap_or_default();
        let reason = match (said.0, said.1.strip_prefix("NoReturn(")) {
            (None, _) => "undecided".to_owned(),
            (_, Some(rest)) => {
                format!("NoReturn {}", rest.split(['(', ')', ' ']).next().unwrap_or_default())
            }
            _ => reason.to_owned(),
        };
        *self.reasons.entry(reason).or_default() += 1;
        match said.0 {
            None => self.undecided += 1,
            Some(said) if said == seen => {}
            Some(_) => self.wrong(what, &seen.to_string(), &said.1),
        }
    }

    fn wrong(&mut self, what: &str, seen: &str, said: &str) {
        self.mismatches.push(format!("{what}: seen {seen}, said {said}"));
    }

    /// The sums, a line each.
    pub(crate) fn print(&self) {
        println!("  compared {}, undecided {}; {:?}", self.compared, self.undecided, self.written);
        println!("  seen {:?}", self.words);
        println!("  said of packets {:?}", self.reasons);
        if !self.known.is_empty() {
            println!("  known to differ {:?}", self.known);
        }
    }
}

fn join<K: Ord>(sums: &mut BTreeMap<K, usize>, others: BTreeMap<K, usize>) {
    for (key, count) in others {
        *sums.entry(key).or_default() += count;
    }
}

/// Compares everything that was asked, but for what is known to differ.
pub(crate) fn compare(topology: &Topology, seen: &Seen, said: &Sayings) -> Tally {
    let mut tally = Tally::default();
    let plan = Plan::new(topology);
    let mut one = |key: &str, compare: &dyn Fn(&mut Tally)| {
        let mut own = Tally::default();
        compare(&mut own);
        if !own.mismatches.is_empty()
            && let Some(reason) = known::explain(topology, seen, key)
        {
            own = Tally { known: [(reason, own.mismatches.len())].into(), ..Tally::default() };
        }
        tally.add(own);
    };
    for who in Who::all(topology) {
        for name in names(topology) {
            let key = question(who, &name);
            let Some(said) = said.names.get(&key) else { continue };
            let judge = Judge { topology, seen, plan: &plan, who, name: &name };
            one(&key, &|own| judge.judge(&key, said, own));
        }
    }
    for (key, (udp, tcp)) in &said.legs {
        let (seen_udp, seen_tcp) = seen.legs[key];
        let (from, target) = key.split_once(' ').unwrap();
        // Of an address within a VPC that the code gives to nobody it does not say who answers there.
        let addresses = || topology.endpoints.iter().flat_map(|one| &one.addresses);
        // And what an interface sends to itself does not leave it.
        if from == target || target.starts_with("10.") && !addresses().any(|(_, it)| it == target) {
            continue;
        }
        one(key, &|own| {
            own.passes(&format!("{key} udp 53"), seen_udp, udp);
            own.passes(&format!("{key} tcp 53"), seen_tcp, tcp);
        });
    }
    for (key, said) in &said.connections {
        one(key, &|own| {
            own.passes(&format!("{key} tcp 443"), seen.connections[key], said);
        });
    }
    tally
}

struct Judge<'a> {
    topology: &'a Topology,
    seen: &'a Seen,
    plan: &'a Plan,
    who: Who,
    name: &'a str,
}

impl Judge<'_> {
    fn judge(&self, key: &str, said: &Said, tally: &mut Tally) {
        tally.compared += 1;
        let heard = heard(&self.seen.names[key]);
        let unsteady = heard.len() > 1 || self.may_vary();
        let what = if self.topology.clusters.is_empty() || self.name.contains(".eks.") {
            "the endpoint"
        } else {
            "another name"
        };
        for one in &heard {
            let word = if unsteady { "not always the same".to_owned() } else { self.word(one) };
            tally.count(format!("{what}: {word}"));
        }
        let right = match said {
            Said::Undecided(_) => {
                tally.undecided += 1;
                return;
            }
            Said::Intermittent => unsteady || self.is_forwarded_by_the_campus(),
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

    /// The name servers that are asked, as far as they are not the Amazon DNS server, and the VPC of that.
    fn asked(&self) -> (&[String], usize) {
        match self.who {
            Who::Vpc(vpc) => (&self.topology.vpcs[vpc].servers, vpc),
            Who::Users(users) => {
                let it = &self.topology.users[users];
                (&it.servers, it.vpc)
            }
            Who::Campus => (&[], 0),
        }
    }

    /// Whether a Resolver on the way may answer otherwise another time.
    fn may_vary(&self) -> bool {
        let (servers, vpc) = self.asked();
        let own = servers.is_empty() && matches!(self.who, Who::Vpc(_));
        let varies = |server: &String| {
            let inbound = self.topology.endpoints.iter().find(|one| {
                one.inbound && one.addresses.iter().any(|(_, address)| address == server)
            });
            let amazon = server == AMAZON || *server == plus_two(&self.topology.vpcs[vpc].cidr);
            let resolver = if amazon { Some(vpc) } else { inbound.map(|one| one.vpc) };
            resolver.is_some_and(|vpc| self.unsteady(vpc, &mut vec![]))
        };
        own && self.unsteady(vpc, &mut vec![]) || servers.iter().any(varies)
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
        if self.keeps_own_servers() {
            return false;
        }
        let campus = &self.topology.campus;
        // Beside the Amazon DNS server, it knows names of its own.
        let beside = self.name == CAMPUS_NAME && self.asked().0.iter().any(|one| one == AMAZON);
        matches!(said, Said::Elsewhere(_))
            && (beside
                || !campus.forwards.is_empty()
                || campus.rebind_protection
                || !campus.recursion)
    }

    /// Whether one of several servers is the campus's, and forwards the name: that is not in the code, which takes it
    /// for one that says what public DNS does, and another than the next one says.
    fn is_forwarded_by_the_campus(&self) -> bool {
        let servers = self.asked().0;
        let below = |domain: &str| {
            let rest = self.name.strip_suffix(domain);
            domain == "." || rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        };
        servers.len() > 1
            && servers.iter().any(|one| CAMPUS_SERVERS.contains(&&**one))
            && self.topology.campus.forwards.iter().any(|(domain, _)| below(domain))
    }

    /// Users of a Client VPN endpoint that gives them no server ask public DNS.
    fn keeps_own_servers(&self) -> bool {
        matches!(self.who, Who::Users(users) if self.topology.users[users].servers.is_empty())
    }

    fn fits(&self, heard: &Heard, said: &Said) -> bool {
        let known = |zone: &usize| self.records(*zone);
        match (said, heard) {
            (Said::Private(_) | Said::Public(_), Heard::Addresses(addresses)) => {
                self.cluster(addresses).as_ref() == Some(said)
            }
            (Said::Internet, Heard::Addresses(addresses)) => {
                self.name == INTERNET_NAME && addresses == &[INTERNET_ADDRESS]
            }
            (Said::Internet, Heard::NxDomain) => self.name != INTERNET_NAME,
            (Said::Zone(zone), Heard::Addresses(addresses)) => {
                !addresses.is_empty() && *addresses == known(zone)
            }
            (Said::Zone(zone), Heard::NxDomain | Heard::NoData) => known(zone).is_empty(),
            (Said::NxDomain, Heard::NxDomain) | (Said::NoData, Heard::NoData) => true,
            (Said::Elsewhere(_), _) if self.rests_on_the_campus(said) => true,
            (Said::Elsewhere(then), heard) if self.keeps_own_servers() => self.fits(heard, then),
            (Said::Elsewhere(_), Heard::Addresses(addresses)) if self.name == CAMPUS_NAME => {
                addresses == &[CAMPUS_ADDRESS]
            }
            (Said::Elsewhere(then), heard) => self.name != CAMPUS_NAME && self.fits(heard, then),
            _ => false,
        }
    }

    /// The addresses that a zone has for the name; one that is written beats a wildcard.
    fn records(&self, zone: usize) -> Vec<String> {
        let of = |matches: &dyn Fn(&str) -> bool| {
            let records = self.topology.zones[zone].records.iter();
            let own =
                records.filter(|(name, address)| matches(&name.text()) && !address.contains(':'));
            let mut own: Vec<String> = own.map(|(_, address)| address.clone()).collect();
            own.sort();
            own
        };
        let exact = of(&|name| name == self.name);
        let below =
            |name: &str| name.strip_prefix('*').is_some_and(|base| self.name.ends_with(base));
        if exact.is_empty() { of(&below) } else { exact }
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
        if server.blocks(self.name) {
            return false;
        }
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

/// What is heard over all: of each server what the place hears that fares best, for some host may stand there;
/// one that nobody hears stays silent.
fn heard(places: &[Vec<Heard>]) -> BTreeSet<Heard> {
    let mut all = BTreeSet::new();
    for server in 0..places.first().map_or(0, Vec::len) {
        let of: BTreeSet<&Heard> = places.iter().map(|place| &place[server]).collect();
        let silent = of.iter().all(|one| **one == Heard::Failure);
        all.extend(of.into_iter().filter(|one| silent || **one != Heard::Failure).cloned());
    }
    all
}
