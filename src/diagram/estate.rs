//! The picture of an estate: its networks with what stands in them, what joins them, and how those fare who ask.

use std::collections::{BTreeMap, BTreeSet};

use super::picture::{Drawing, Group, GroupKind, Link, Picture};
use crate::network::Network;
use crate::trace::{Path, Place};

/// No more networks are drawn, each in a row; what is left is folded.
const MAX_ROWS: usize = 24;
/// No more links are drawn.
const MAX_LINKS: usize = 16;
/// So many networks that are alike are told as one.
const ALIKE: usize = 3;
/// In no more areas is told apart what is folded.
const MAX_AREAS: usize = 6;

impl Picture {
    /// The picture of an estate, with what becomes of the paths in it.
    pub fn estate(network: &Network, root: &str, paths: &[Path]) -> Self {
        let mut drawing = Drawing::new(network);
        for vpc in network.distinct_vpcs().filter(|vpc| vpc.exists.is_ok()) {
            drawing.vpc(vpc.id);
        }
        for cluster in network.clusters.iter().filter(|one| one.exists.is_ok()) {
            drawing.node(&Place::Cluster(cluster.name.to_string()));
        }
        for endpoint in network.endpoints.iter().filter(|one| one.exists.is_ok()) {
            drawing.node(&Place::Endpoint(endpoint.name.to_string()));
        }
        let asked = tallies(&mut drawing, network, paths);
        for (group, tally) in asked {
            drawing.groups[group].asks = Some(tally.told());
        }
        for group in &mut drawing.groups {
            group.rows.clear();
            group.nodes.iter_mut().for_each(|node| node.cells.clear());
        }
        let links = drawing.links();
        let (clusters, clients) = sizes(paths);
        let mut picture = Self {
            title: root.to_owned(),
            outcome: format!("{}, {}", count(clients, "client"), count(clusters, "cluster")),
            is_estate: true,
            groups: drawing.groups,
            links,
            arrows: Vec::new(),
            folded: Vec::new(),
        };
        picture.fold();
        picture
    }

    /// One picture of several estates.
    pub fn together(mut all: Vec<Self>) -> Option<Self> {
        if all.len() < 2 {
            return all.pop();
        }
        let mut whole = Self {
            title: format!("{} roots", all.len()),
            outcome: "an estate each".to_owned(),
            is_estate: true,
            groups: Vec::new(),
            links: Vec::new(),
            arrows: Vec::new(),
            folded: Vec::new(),
        };
        for one in all {
            let first = whole.groups.len();
            whole.groups.extend(one.groups.into_iter().map(|group| {
                let outside = group.areas.is_empty().then(|| "outside".to_owned());
                let areas = group.areas.into_iter().chain(outside);
                let areas = std::iter::once(one.title.clone()).chain(areas).collect();
                Group { areas, ..group }
            }));
            whole.links.extend(one.links.into_iter().map(|link| Link {
                ends: link.ends.iter().map(|end| end + first).collect(),
                ..link
            }));
            whole.folded.extend(one.folded);
        }
        whole.fold();
        Some(whole)
    }

    /// Tells what is alike once, and what is too much in numbers.
    fn fold(&mut self) {
        self.join_outside();
        let mut alike: BTreeMap<_, Vec<usize>> = BTreeMap::new();
        let ties = ties(self);
        for (at, group) in self.groups.iter().enumerate() {
            if group.kind == GroupKind::Vpc && group.nodes.is_empty() && group.span.is_some() {
                let key = (&group.areas, &ties[at], &group.asks);
                alike.entry(key).or_default().push(at);
            }
        }
        let mut sets: Vec<Vec<usize>> =
            alike.into_values().filter(|set| set.len() >= ALIKE).collect();
        sets.sort();
        self.merge(&sets);
        self.keep_most_telling();
        self.links = joined(std::mem::take(&mut self.links));
        let more = self.links.len().saturating_sub(MAX_LINKS);
        if more > 0 {
            self.links.sort_by_key(|link| std::cmp::Reverse(link.ends.len()));
            self.links.truncate(MAX_LINKS);
            self.folded.push(format!("+{more} links"));
        }
        // Areas stand together; what is outside comes first.
        let mut order: Vec<usize> = (0..self.groups.len()).collect();
        order.sort_by(|&a, &b| {
            let key = |at: usize| (self.groups[at].kind == GroupKind::Vpc, &self.groups[at].areas);
            key(a).cmp(&key(b))
        });
        self.groups = order.iter().map(|&at| self.groups[at].clone()).collect();
        let place = |end: usize| order.iter().position(|&at| at == end).unwrap_or_default();
        for link in &mut self.links {
            link.ends = link.ends.iter().map(|&end| place(end)).collect();
            link.ends.sort_unstable();
        }
    }

    /// Of too many networks, those outside the code are told once for all roots.
    fn join_outside(&mut self) {
        if self.groups.len() <= MAX_ROWS {
            return;
        }
        let mut to: Vec<usize> = (0..self.groups.len()).collect();
        for kind in [GroupKind::OnPremises, GroupKind::Internet] {
            let of_kind = |at: &usize| self.groups[*at].kind == kind;
            let set: Vec<usize> = (0..self.groups.len()).filter(of_kind).collect();
            let [first, _, ..] = *set else { continue };
            let nodes: usize = set.iter().map(|&at| self.groups[at].nodes.len()).sum();
            let whole = &mut self.groups[first];
            whole.areas.clear();
            whole.nodes.clear();
            whole.asks = None;
            whole.details = vec![format!("of {} roots", set.len())];
            whole.details.extend(with(nodes));
            for at in set {
                to[at] = first;
            }
        }
        self.put(&to);
    }

    /// Puts each set of groups into one, which counts them.
    fn merge(&mut self, sets: &[Vec<usize>]) {
        let mut to: Vec<usize> = (0..self.groups.len()).collect();
        for set in sets {
            let shared = shared(set.iter().map(|&at| &*self.groups[at].areas));
            // What differs in where they stand tells equal names apart.
            let name = |at: usize| {
                let group = &self.groups[at];
                let within = group.areas.get(shared).into_iter().chain([&group.name]);
                within.map(String::as_str).collect::<Vec<_>>().join(" · ")
            };
            let details = vec![format!("{} … {}", name(set[0]), name(set[set.len() - 1]))];
            let count: usize = set.iter().map(|&at| stands_for(&self.groups[at])).sum();
            let nodes: usize = set.iter().map(|&at| self.groups[at].nodes.len()).sum();
            let first = &mut self.groups[set[0]];
            first.name = format!("+{count} VPCs");
            first.details = details;
            first.details.extend(with(nodes));
            first.nodes.clear();
            first.span = None;
            first.rows.clear();
            first.areas.truncate(shared);
            for &at in set {
                to[at] = set[0];
            }
        }
        self.put(&to);
    }

    /// Leaves of all groups those that stand for themselves, and leads links to what stands for their ends.
    fn put(&mut self, to: &[usize]) {
        let kept: Vec<usize> = (0..to.len()).filter(|&at| to[at] == at).collect();
        let place = |end: usize| kept.iter().position(|&at| at == to[end]).unwrap_or_default();
        for link in &mut self.links {
            let ends: BTreeSet<usize> = link.ends.iter().map(|&end| place(end)).collect();
            link.ends = ends.into_iter().collect();
        }
        self.groups = kept.iter().map(|&at| self.groups[at].clone()).collect();
    }

    /// Of too many networks the most telling stay: those with most in them and most links.
    fn keep_most_telling(&mut self) {
        if self.groups.len() <= MAX_ROWS {
            return;
        }
        let mut degree = vec![0_usize; self.groups.len()];
        self.links.iter().flat_map(|link| &link.ends).for_each(|&end| degree[end] += 1);
        let mut order: Vec<usize> = (0..self.groups.len()).collect();
        order.sort_by_key(|&at| {
            let group = &self.groups[at];
            let outside = group.kind != GroupKind::Vpc;
            let weight = degree[at].min(8) + group.nodes.len();
            (std::cmp::Reverse((outside, weight)), at)
        });
        let mut rest: BTreeMap<&[String], Vec<usize>> = BTreeMap::new();
        let vpcs = order[MAX_ROWS..].iter().filter(|&&at| self.groups[at].kind == GroupKind::Vpc);
        for &at in vpcs {
            rest.entry(&self.groups[at].areas).or_default().push(at);
        }
        let mut sets: Vec<Vec<usize>> = rest.into_values().collect();
        if sets.len() > MAX_AREAS {
            sets = vec![sets.concat()];
        }
        for set in &mut sets {
            set.sort_unstable();
            let told: BTreeSet<_> = set.iter().map(|&at| &self.groups[at].asks).collect();
            // What differs is not told as one.
            if told.len() > 1 {
                self.groups[set[0]].asks = None;
            }
        }
        self.merge(&sets);
    }
}

/// How many things stand in what is told as one.
fn with(nodes: usize) -> Option<String> {
    (nodes > 0).then(|| format!("with {nodes} clusters and endpoints"))
}

/// How many of the widest areas all have in common.
fn shared<'a>(mut all: impl Iterator<Item = &'a [String]>) -> usize {
    let first = all.next().unwrap_or_default();
    all.fold(first.len(), |most, areas| {
        first[..most].iter().zip(areas).take_while(|(a, b)| a == b).count()
    })
}

/// How many networks a group stands for.
fn stands_for(group: &Group) -> usize {
    let number = group.name.strip_prefix('+').and_then(|name| name.split(' ').next()?.parse().ok());
    number.filter(|_| group.span.is_none()).unwrap_or(1)
}

/// What each group is joined with, and by what: not by which, where a link has two ends.
fn ties(picture: &Picture) -> Vec<BTreeSet<(&'static str, String)>> {
    let mut ties = vec![BTreeSet::new(); picture.groups.len()];
    for link in &picture.links {
        for &end in &link.ends {
            match link.ends.iter().find(|&&other| other != end) {
                Some(&other) if link.ends.len() == 2 => {
                    ties[end].insert((link.kind, picture.groups[other].name.clone()));
                }
                _ => {
                    ties[end].insert((link.kind, link.name.clone()));
                }
            }
        }
    }
    ties
}

/// Links of one kind between the same ends are told as one; what joins nothing any more is not.
fn joined(links: Vec<Link>) -> Vec<Link> {
    let mut alike: BTreeMap<(Vec<usize>, &'static str), Vec<Link>> = BTreeMap::new();
    for link in links.into_iter().filter(|link| link.ends.len() > 1) {
        alike.entry((link.ends.clone(), link.kind)).or_default().push(link);
    }
    let one = |links: Vec<Link>| {
        let more = links.len() - 1;
        let mut link = links.into_iter().next()?;
        if more > 0 {
            link.name = format!("{} and {more} more", link.name);
        }
        Some(link)
    };
    alike.into_values().filter_map(one).collect()
}

/// How the paths of those in a group end.
#[derive(Default)]
struct Tally {
    all: usize,
    holds: usize,
    open: usize,
}

impl Tally {
    /// In words. That a path does not hold is no fault: nothing tells that it is meant to.
    fn told(&self) -> String {
        let open = if self.open > 0 { format!(", {} undecided", self.open) } else { String::new() };
        format!("paths: {} of {} hold{open}", self.holds, self.all)
    }
}

/// The tally of each group whose hosts ask.
fn tallies(drawing: &mut Drawing<'_>, network: &Network, paths: &[Path]) -> BTreeMap<usize, Tally> {
    let vpcs: BTreeMap<&str, _> = network.vpcs.iter().map(|one| (&*one.name, one.id)).collect();
    let mut tallies: BTreeMap<usize, Tally> = BTreeMap::new();
    for path in paths {
        let named = |name: &str| network.client_vpns.iter().find(|one| *one.name == *name);
        let home = match vpcs.get(&*path.from) {
            Some(vpc) => Some(*vpc),
            None => named(&path.from).and_then(|vpn| network.vpc_of_client_vpn(vpn.id).ok()),
        };
        let group = match home {
            Some(vpc) => drawing.vpc(vpc),
            None => drawing.outside(GroupKind::OnPremises),
        };
        let tally = tallies.entry(group).or_default();
        tally.all += 1;
        tally.holds += usize::from(path.outcome.word == "holds");
        tally.open += usize::from(path.outcome.word == "undecided");
    }
    tallies
}

/// How many clusters are asked for, and by how many clients.
fn sizes(paths: &[Path]) -> (usize, usize) {
    let clusters: BTreeSet<&str> = paths.iter().map(|path| &*path.to).collect();
    let clients: BTreeSet<&str> = paths.iter().map(|path| &*path.from).collect();
    (clusters.len(), clients.len())
}

fn count(number: usize, noun: &str) -> String {
    let s = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{s}")
}
