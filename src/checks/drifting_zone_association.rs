//! `drifting-zone-association`: VPCs that a zone has inside and VPCs that are tied to it beside fight.

use crate::dns::Dns;
use crate::finding::{Rule, Severity, Verdict};
use crate::network::{Declared, HostedZone, Network, Tri, ZoneAssociation};
use crate::source::{Language, Note, Span};

use super::{Check, Fault, Verdicts, list, managed};

const RULE: Rule = Rule {
    id: "drifting-zone-association",
    summary: "inline vpc blocks and associations fight over one private zone",
    severities: &[Severity::Warning],
    languages: &[Language::Terraform],
    doc: include_str!("../../rules/drifting-zone-association.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

fn run(dns: &Dns<'_>) -> Vec<Verdict> {
    let network = dns.network;
    let mut verdicts = Verdicts::new(&RULE);
    for zone in managed(network.zones.iter()) {
        if zone.vpcs.is_empty() || zone.leaves_vpcs_alone() {
            continue;
        }
        let own = |one: &&Declared<ZoneAssociation>| one.zone.get() == Ok(&zone.id);
        let mut beside = Vec::new();
        for association in managed(network.zone_associations.iter()).filter(own) {
            match is_inside(network, zone, association) {
                Tri::Yes => {}
                Tri::No => beside.push(association),
                Tri::Maybe(unknown) => verdicts.undecided(unknown, association.span),
            }
        }
        let written = zone.vpcs.known().next();
        if let (Some((_, inside)), false) = (written, beside.is_empty()) {
            verdicts.fault(fault(zone, inside, &beside));
        }
    }
    verdicts.all
}

/// Whether the zone has the VPC of an association inside as well.
fn is_inside(network: &Network, zone: &HostedZone, association: &ZoneAssociation) -> Tri {
    let vpc = match association.vpc.get() {
        Ok(vpc) => *vpc,
        Err(unknown) => return Tri::Maybe(unknown),
    };
    let written = zone.vpcs.known().map(|(inside, _)| network.same_vpc(*inside, vpc));
    Tri::any(written.chain(zone.vpcs.open().map(Tri::Maybe)))
}

fn fault(
    zone: &Declared<HostedZone>,
    inside: Span,
    beside: &[&Declared<ZoneAssociation>],
) -> Fault {
    let names: Vec<_> = beside.iter().map(|one| one.name.to_string()).collect();
    let labels = beside.iter().map(|one| Note::new(one.span, "ties another VPC to it"));
    Fault {
        severity: Severity::Warning,
        message: format!(
            "{} has its VPCs inside, and {} {} another beside them: the next apply takes it away again",
            zone.name,
            list(&names),
            if names.len() == 1 { "ties" } else { "tie" },
        ),
        primary: Note::new(zone.span, "takes away every VPC that it has not inside"),
        labels: labels.chain([Note::new(inside, "a VPC inside")]).collect(),
        help: format!(
            "add lifecycle {{ ignore_changes = [vpc] }} to {}, or tie all its VPCs inside",
            zone.name
        ),
        subjects: std::iter::once(zone.name.to_string()).chain(names).collect(),
    }
}
