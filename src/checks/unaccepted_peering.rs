//! `unaccepted-peering`: a peering connection that never becomes active.

use hashbrown::HashSet;

use crate::dns::Dns;
use crate::finding::{Rule, Severity, Verdict};
use crate::network::{Declared, Id, Network, Peering};
use crate::reach::{Disposition, Stage, Unreachable};
use crate::source::{Language, Note};

use super::{Cause, Check, Fault, Verdicts, causes, managed, open};

const RULE: Rule = Rule {
    id: "unaccepted-peering",
    summary: "a peering connection that never becomes active: nobody accepts it, or AWS refuses it",
    severities: &[Severity::Error, Severity::Warning],
    languages: Language::ALL,
    doc: include_str!("../../rules/unaccepted-peering.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

fn run(dns: &Dns<'_>) -> Vec<Verdict> {
    let network = dns.network;
    let ways = dns.ways();
    let mut verdicts = Verdicts::new(&RULE);
    let found = causes(ways, |_, fault| match fault {
        Disposition::NeighborUnreachable(Unreachable::PeeringNotAccepted(peering), _) => {
            Some(*peering)
        }
        _ => None,
    });
    for (peering, cause) in &found {
        verdicts.fault(unaccepted(network, *peering, cause));
    }
    let mut joined = HashSet::new();
    for peering in managed(network.peerings.iter()) {
        if let Some(fault) = refused(network, peering, &mut joined) {
            verdicts.fault(fault);
        }
    }
    if network.peerings.iter().next().is_some() {
        open(&mut verdicts, ways, &[Stage::Connections], |_| true);
    }
    verdicts.all
}

fn unaccepted(network: &Network, peering: Id<Peering>, cause: &Cause<'_>) -> Fault {
    let peering = &network.peerings[peering];
    let accepters = network.peering_accepters.iter();
    let own = |connection: Result<&Id<Peering>, _>| connection == Ok(&peering.id);
    let adopts: Vec<_> = accepters.filter(|one| own(one.connection.get())).collect();
    let help = match adopts.first() {
        Some(accepter) => format!("set auto_accept = true in {}", accepter.name),
        None => format!(
            "set auto_accept = true in {}, where both VPCs are of one account and Region; else add an \
             aws_vpc_peering_connection_accepter with auto_accept = true for it",
            peering.name
        ),
    };
    let adopts = adopts.into_iter().map(|one| Note::new(one.span, "adopts it, and accepts it not"));
    Fault {
        severity: cause.severity,
        message: format!("nobody accepts {}: {}", peering.name, cause.effect()),
        primary: Note::new(peering.span, "stays pending, and expires after seven days"),
        labels: cause.notes().chain(adopts).collect(),
        help,
        subjects: vec![peering.name.to_string()],
    }
}

/// What AWS or its provider refuses, whoever uses the connection.
fn refused(
    network: &Network,
    peering: &Declared<Peering>,
    joined: &mut HashSet<(Id<crate::network::Vpc>, Id<crate::network::Vpc>)>,
) -> Option<Fault> {
    let fault = |message: String, label: &str, help: String| Fault {
        severity: Severity::Error,
        message,
        primary: Note::new(peering.span, label),
        labels: Vec::new(),
        help,
        subjects: vec![peering.name.to_string()],
    };
    let name = &peering.name;
    if let Some(region) = network.accepts_itself_abroad(peering.id) {
        return Some(fault(
            format!("{name} accepts itself and names the Region {region}: creating it is refused"),
            "auto_accept and peer_region exclude each other",
            format!(
                "take auto_accept out of {name}, and add an aws_vpc_peering_connection_accepter with \
                 auto_accept = true for it in {region}"
            ),
        ));
    }
    let (a, b) = network.sides(peering.id)?;
    let (from, to) = (network.vpc(a), network.vpc(b));
    if from.id == to.id {
        return Some(fault(
            format!("{name} joins {} with itself: creating it is refused", from.name),
            "both sides are one VPC",
            format!("name the other VPC in {name}"),
        ));
    }
    let pair = (from.id.min(to.id), from.id.max(to.id));
    (!joined.insert(pair)).then(|| {
        fault(
            format!(
                "{name} joins {} and {}, which another connection joins: creating it is refused",
                from.name, to.name
            ),
            "the second connection of one pair of VPCs",
            format!("take {name} away, and let its routes name the other connection"),
        )
    })
}
