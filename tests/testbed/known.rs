//! Where the simulation is known to differ from what is seen, and why; each is a defect to mend.

use std::collections::BTreeMap;

use crate::bed::Seen;
use crate::topology::{Domain, Rule, Topology};

/// What a topology has that the simulation gets wrong, as far as was seen.
type Known = (&'static str, fn(&Topology, &Seen) -> bool);

const KNOWN: &[Known] = &[
    ("a peering connection that nobody accepts carries packets", |it, _| {
        it.peerings.iter().any(|peering| !peering.accepted)
    }),
    ("the way of hosts to the name servers of their DHCP options is not walked", |it, _| {
        it.vpcs.iter().any(|vpc| !vpc.servers.is_empty())
    }),
    ("the way from an outbound endpoint to the campus is not walked", |_, seen| {
        let campus =
            |pair: &str| pair.split(' ').nth(1).is_some_and(|to| to.starts_with("192.168."));
        seen.legs.iter().any(|(pair, (udp, tcp))| campus(pair) && !(*udp && *tcp))
    }),
    ("a private zone answers where DNS hostnames are off", |it, _| {
        let off = |vpc: &usize| !it.vpcs[*vpc].dns_hostnames;
        it.zones.iter().any(|zone| zone.vpcs.iter().any(off))
    }),
    ("a SYSTEM rule passes over the zone that EKS keeps", |it, _| {
        let named = |rule: &Rule| matches!(rule.domain, Domain::Cluster(_));
        it.rules.iter().any(|rule| rule.endpoint.is_none() && named(rule))
    }),
    ("the rule of a Profile wins over the VPC's own for the same domain", |it, _| {
        it.profiles.iter().any(|profile| {
            let own = it
                .rules
                .iter()
                .filter(|rule| profile.vpcs.iter().any(|vpc| rule.vpcs.contains(vpc)));
            let mut shared = own.flat_map(|rule| profile.rules.iter().map(move |one| (rule, *one)));
            shared.any(|(rule, one)| Topology::domain(rule) == Topology::domain(&it.rules[one]))
        })
    }),
];

/// Counts what is known by its reason; false if nothing known explains the topology.
pub(crate) fn explain(
    topology: &Topology,
    seen: &Seen,
    mismatches: usize,
    reasons: &mut BTreeMap<&'static str, usize>,
) -> bool {
    let mut known = KNOWN.iter().filter(|(_, has)| has(topology, seen));
    let Some((reason, _)) = known.next() else { return false };
    *reasons.entry(reason).or_default() += mismatches;
    true
}
