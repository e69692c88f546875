//! `transitive-peering`: a path that would need a peer of a peer, or a peer's gateway.

use crate::dns::Dns;
use crate::finding::{Rule, Severity, Verdict};
use crate::reach::{Disposition, Stage, Unreachable};
use crate::source::{Language, Note, Span};

use super::{Cause, Check, Fault, Verdicts, causes, open};

const RULE: Rule = Rule {
    id: "transitive-peering",
    summary: "a path that would need a peer of a peer, or a peer's gateway",
    severities: &[Severity::Error, Severity::Warning],
    languages: Language::ALL,
    doc: include_str!("../../rules/transitive-peering.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

fn run(dns: &Dns<'_>) -> Vec<Verdict> {
    let ways = dns.ways();
    let mut verdicts = Verdicts::new(&RULE);
    let found = causes(ways, |_, fault| match fault {
        Disposition::NeighborUnreachable(Unreachable::NotTransitive, route) => Some(*route),
        _ => None,
    });
    for (route, cause) in &found {
        verdicts.fault(fault(*route, cause));
    }
    if dns.network.peerings.iter().next().is_some() {
        open(&mut verdicts, ways, &[Stage::There, Stage::Back], |_| true);
    }
    verdicts.all
}

fn fault(route: Span, cause: &Cause<'_>) -> Fault {
    Fault {
        severity: cause.severity,
        message: format!(
            "this route leads into a VPC that does not pass packets on: {}",
            cause.effect()
        ),
        primary: Note::new(route, "peering carries packets between its two VPCs alone"),
        labels: cause.notes().collect(),
        help:
            "peer the two VPCs directly, or attach both, and VPN or Direct Connect, to one transit \
               gateway"
                .to_owned(),
        subjects: cause.takers(),
    }
}
