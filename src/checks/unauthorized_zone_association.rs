//! `unauthorized-zone-association`: a VPC of another account sees a zone only once the zone's account allows it.

use crate::dns::Dns;
use crate::finding::{Rule, Severity, Verdict};
use crate::network::{Declared, HostedZone, Id, Network, Tri, Vpc, ZoneAssociation};
use crate::source::{Language, Note, Span};

use super::{Check, Fault, Verdicts, managed};

const RULE: Rule = Rule {
    id: "unauthorized-zone-association",
    summary: "a zone association across accounts without its authorization, or from the wrong account",
    severities: &[Severity::Error],
    languages: &[Language::Terraform],
    doc: include_str!("../../rules/unauthorized-zone-association.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

fn run(dns: &Dns<'_>) -> Vec<Verdict> {
    let network = dns.network;
    let mut verdicts = Verdicts::new(&RULE);
    for association in managed(network.zone_associations.iter()) {
        let (Ok(zone), Ok(vpc)) = (association.zone.get(), association.vpc.get()) else { continue };
        let (zone, vpc) = (&network.zones[*zone], network.vpc(*vpc));
        if vpc.managed && network.same_account(association, vpc) == Tri::No {
            verdicts.fault(wrong_account(association, vpc));
            continue;
        }
        if !zone.managed {
            continue;
        }
        match Tri::any([network.same_account(association, zone), allowed(network, zone, vpc.id)]) {
            Tri::Yes => {}
            Tri::No => verdicts.fault(not_allowed(association, zone, vpc)),
            Tri::Maybe(unknown) => verdicts.undecided(unknown, association.span),
        }
    }
    for zone in managed(network.zones.iter()) {
        for (vpc, span) in zone.vpcs.known() {
            let vpc = network.vpc(*vpc);
            if vpc.managed && network.same_account(zone, vpc) == Tri::No {
                verdicts.fault(inside(zone, vpc, span));
            }
        }
    }
    verdicts.all
}

/// Whether the account of a zone allows a VPC to be tied to it.
fn allowed(network: &Network, zone: &Declared<HostedZone>, vpc: Id<Vpc>) -> Tri {
    let written = network.zone_authorizations.iter().map(|one| {
        let there = one.exists.clone().map_or_else(Tri::Maybe, |()| Tri::Yes);
        let is_it = |named: &Id<_>| network.same(&network.zones[*named], zone);
        let of_zone = one.zone.get().map_or_else(Tri::Maybe, is_it);
        let of_vpc = one.vpc.get().map_or_else(Tri::Maybe, |named| network.same_vpc(*named, vpc));
        Tri::all([there, of_zone, of_vpc])
    });
    let unseen = network.unseen_resource(zone).or_else(|| network.exported(zone));
    Tri::any(written.chain(unseen.map(Tri::Maybe)))
}

fn not_allowed(
    association: &Declared<ZoneAssociation>,
    zone: &Declared<HostedZone>,
    vpc: &Declared<Vpc>,
) -> Fault {
    Fault {
        severity: Severity::Error,
        message: format!(
            "{} ties {} to {} of account {}, which allows no VPC of account {}: Route 53 refuses it \
             (NotAuthorizedException)",
            association.name, vpc.name, zone.name, zone.account, association.account
        ),
        primary: Note::new(association.span, format!("made in account {}", association.account)),
        labels: vec![
            Note::new(zone.span, format!("in account {}", zone.account)),
            Note::new(vpc.span, "the VPC"),
        ],
        help: format!(
            "add an aws_route53_vpc_association_authorization for {} and {} in account {}, and let {} depend \
             on it",
            zone.name, vpc.name, zone.account, association.name
        ),
        subjects: vec![association.name.to_string(), zone.name.to_string()],
    }
}

fn wrong_account(association: &Declared<ZoneAssociation>, vpc: &Declared<Vpc>) -> Fault {
    Fault {
        severity: Severity::Error,
        message: format!(
            "{} is made in account {}, and {} is in account {}: only the owner of a VPC ties it to a zone",
            association.name, association.account, vpc.name, vpc.account
        ),
        primary: Note::new(association.span, format!("made in account {}", association.account)),
        labels: vec![Note::new(vpc.span, format!("in account {}", vpc.account))],
        help: format!("give {} the provider of {}", association.name, vpc.name),
        subjects: vec![association.name.to_string(), vpc.name.to_string()],
    }
}

fn inside(zone: &Declared<HostedZone>, vpc: &Declared<Vpc>, at: Span) -> Fault {
    Fault {
        severity: Severity::Error,
        message: format!(
            "{} of account {} has {} of account {} inside: Route 53 refuses it (NotAuthorizedException)",
            zone.name, zone.account, vpc.name, vpc.account
        ),
        primary: Note::new(at, format!("a VPC of account {}", vpc.account)),
        labels: vec![
            Note::new(zone.span, format!("in account {}", zone.account)),
            Note::new(vpc.span, format!("in account {}", vpc.account)),
        ],
        help: format!(
            "allow it with an aws_route53_vpc_association_authorization in account {}, and tie it with an \
             aws_route53_zone_association in account {}",
            zone.account, vpc.account
        ),
        subjects: vec![zone.name.to_string(), vpc.name.to_string()],
    }
}
