//! The rules: each a pure function of the network, one file each.

mod blocked_api_port;
mod blocked_by_dns_firewall;
mod blocked_dns_query;
mod blocked_vpc_endpoint;
mod captured_endpoint_name;
mod client_vpn_dns;
mod conflicting_private_dns;
mod cross_region_rule;
mod custom_dhcp_dns;
mod dead_target;
mod disabled_vpc_dns;
mod drifting_zone_association;
mod duplicate_rule_domain;
mod endpoint_protocol_mismatch;
mod exceeded_quota;
mod failed_assertion;
mod forwarding_loop;
mod futile_peering_dns;
mod hybrid_node_endpoint;
mod incomplete_rule;
mod invalid_public_access_cidr;
mod malformed_rule_domain;
mod misplaced_endpoint;
mod missing_inbound_endpoint;
mod missing_on_premises_route;
mod missing_peering_route;
mod missing_transit_gateway_route;
mod missing_vpc_endpoint;
mod mistaken_eks_domain;
mod no_endpoint_access;
mod overbroad_eks_rule;
mod overlapping_cidrs;
mod private_dns_off;
mod public_answer;
mod rule_on_inbound_endpoint;
mod shadowed_rule;
mod shadowing_private_zone;
mod single_zone_endpoint;
mod too_few_cluster_subnets;
mod too_few_endpoint_addresses;
mod transitive_peering;
mod unaccepted_peering;
mod unassociated_rule;
mod unattached_vpc;
mod unauthorized_zone_association;
mod unconnected_vpcs;
mod unparsable_file;
mod unpinned_target;
mod unreachable_public_endpoint;
mod unresolved_module;
mod unserved_zone;
mod unshared_rule;
mod unused_endpoint;
mod unused_suppression;
/// What several rules say alike.
mod words {
    pub(super) mod acl;
    pub(super) mod causes;
}

use hashbrown::HashMap;
use hashbrown::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use crate::bug::guarded;
use crate::dns::Dns;
use crate::finding::{Environments, Finding, Rule, Severity, Undecided, Verdict};
use crate::network::Declared;
use crate::source::{Note, Span};
use crate::unknown::Unknown;

use words::acl::{Drops, is_dropped};
use words::causes::{Cause, causes, open};

/// A rule and how it is judged.
#[derive(Debug)]
pub struct Check {
    /// What a user knows of it.
    pub rule: &'static Rule,
    /// Judges one root.
    pub run: fn(&Dns<'_>) -> Vec<Verdict>,
}

/// Every rule, in the order of the catalogue.
pub const ALL: &[Check] = &[
    missing_inbound_endpoint::CHECK,
    unassociated_rule::CHECK,
    missing_peering_route::CHECK,
    disabled_vpc_dns::CHECK,
    custom_dhcp_dns::CHECK,
    no_endpoint_access::CHECK,
    public_answer::CHECK,
    blocked_api_port::CHECK,
    unreachable_public_endpoint::CHECK,
    invalid_public_access_cidr::CHECK,
    too_few_cluster_subnets::CHECK,
    hybrid_node_endpoint::CHECK,
    too_few_endpoint_addresses::CHECK,
    single_zone_endpoint::CHECK,
    blocked_dns_query::CHECK,
    misplaced_endpoint::CHECK,
    unused_endpoint::CHECK,
    endpoint_protocol_mismatch::CHECK,
    unpinned_target::CHECK,
    exceeded_quota::CHECK,
    incomplete_rule::CHECK,
    rule_on_inbound_endpoint::CHECK,
    malformed_rule_domain::CHECK,
    mistaken_eks_domain::CHECK,
    overbroad_eks_rule::CHECK,
    captured_endpoint_name::CHECK,
    duplicate_rule_domain::CHECK,
    dead_target::CHECK,
    shadowed_rule::CHECK,
    cross_region_rule::CHECK,
    forwarding_loop::CHECK,
    unshared_rule::CHECK,
    shadowing_private_zone::CHECK,
    unauthorized_zone_association::CHECK,
    drifting_zone_association::CHECK,
    unserved_zone::CHECK,
    blocked_by_dns_firewall::CHECK,
    missing_vpc_endpoint::CHECK,
    blocked_vpc_endpoint::CHECK,
    private_dns_off::CHECK,
    conflicting_private_dns::CHECK,
    unconnected_vpcs::CHECK,
    unaccepted_peering::CHECK,
    overlapping_cidrs::CHECK,
    transitive_peering::CHECK,
    futile_peering_dns::CHECK,
    missing_transit_gateway_route::CHECK,
    unattached_vpc::CHECK,
    missing_on_premises_route::CHECK,
    client_vpn_dns::CHECK,
    unparsable_file::CHECK,
    unresolved_module::CHECK,
    unused_suppression::CHECK,
    failed_assertion::CHECK,
];

/// What is wrong with comments that ignore findings: told when all the others have been judged.
pub const UNUSED_SUPPRESSION: &Rule = unused_suppression::CHECK.rule;

/// Runs a check on one root, and keeps some of what it says; one that fails costs itself alone.
pub fn run(
    dns: &Dns<'_>,
    check: &Check,
    keeps: impl Fn(&Verdict) -> bool,
) -> Result<Vec<Verdict>, String> {
    let said = guarded(&format!("rule {}", check.rule.id), || (check.run)(dns))?;
    Ok(once_each(said.into_iter().filter(keeps).collect()))
}

/// One block that is repeated by `count` or `for_each` is one finding, which says where else it holds.
fn once_each(verdicts: Vec<Verdict>) -> Vec<Verdict> {
    let mut out: Vec<Verdict> = Vec::new();
    let mut first: HashMap<Same, usize> = HashMap::new();
    let mut also: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for verdict in verdicts {
        match (first.entry(Same::of(&verdict)), &verdict) {
            (Entry::Vacant(entry), _) => {
                entry.insert(out.len());
                out.push(verdict);
            }
            (Entry::Occupied(at), Verdict::Finding(finding)) => {
                let Verdict::Finding(first) = &out[*at.get()] else { continue };
                let mut both = finding.subjects.iter().zip(&first.subjects);
                let name = both.find(|(a, b)| a != b).map(|(a, _)| a.clone());
                also.entry(*at.get()).or_default().extend(name);
            }
            (Entry::Occupied(_), Verdict::Undecided(_)) => {}
        }
    }
    for (at, mut names) in also {
        if let Verdict::Finding(finding) = &mut out[at] {
            names.dedup();
            let shown = names.iter().take(3).cloned().collect::<Vec<_>>().join(", ");
            let more = names.len().saturating_sub(3);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            if !names.is_empty() {
                finding.message = format!("{} (likewise {shown}{more})", finding.message);
                finding.subjects.extend(names);
            }
        }
    }
    out
}

/// What verdicts of one rule have in common that say the same.
#[derive(Debug, PartialEq, Eq, Hash)]
enum Same {
    /// The blocks of what it is about, without the keys of their instances.
    Finding(Span, Severity, Vec<String>),
    Undecided(Span, Unknown),
}

impl Same {
    fn of(verdict: &Verdict) -> Self {
        match verdict {
            Verdict::Finding(finding) => {
                let blocks = finding.subjects.iter().map(|one| block(one));
                Self::Finding(finding.primary.span, finding.severity, blocks.collect())
            }
            Verdict::Undecided(open) => Self::Undecided(open.span, open.unknown.clone()),
        }
    }
}

/// An address without the keys of its instances: the block that it is an instance of.
fn block(address: &str) -> String {
    let mut depth = 0usize;
    let outside = |c: &char| {
        depth += usize::from(*c == '[');
        let outside = depth == 0;
        depth = depth.saturating_sub(usize::from(*c == ']'));
        outside
    };
    address.chars().filter(outside).collect()
}

/// Collects what one check says.
struct Verdicts {
    rule: &'static Rule,
    all: Vec<Verdict>,
}

impl Verdicts {
    fn new(rule: &'static Rule) -> Self {
        Self { rule, all: Vec::new() }
    }

    /// It cannot be told for the block at `span`.
    fn undecided(&mut self, unknown: Unknown, span: Span) {
        self.all.push(Verdict::Undecided(Undecided { rule: self.rule, unknown, span }));
    }

    /// A fault; labels that repeat a place are left out.
    fn fault(&mut self, fault: Fault) {
        let mut labels: Vec<Note> = Vec::new();
        for label in fault.labels {
            if label.span != fault.primary.span && !labels.iter().any(|one| one.span == label.span)
            {
                labels.push(label);
            }
        }
        self.all.push(Verdict::Finding(Box::new(Finding {
            rule: self.rule,
            severity: fault.severity,
            message: fault.message,
            primary: fault.primary,
            labels,
            help: fault.help,
            subjects: fault.subjects,
            root: String::new(),
            stacks: BTreeSet::new(),
            constructs: Vec::new(),
            environments: Environments::default(),
        })));
    }
}

/// What a check says about one fault.
struct Fault {
    severity: Severity,
    message: String,
    primary: Note,
    labels: Vec<Note>,
    help: String,
    subjects: Vec<String>,
}

/// The things that certainly exist and that this code manages.
fn managed<'a, T: 'a>(
    all: impl Iterator<Item = &'a Declared<T>>,
) -> impl Iterator<Item = &'a Declared<T>> {
    all.filter(|one| one.managed && one.exists.is_ok())
}

/// `a`, `a and b`, `a, b and c`.
fn list(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [all @ .., last] => format!("{} and {last}", all.join(", ")),
    }
}
