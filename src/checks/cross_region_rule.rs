//! `cross-region-rule`: a rule, its outbound endpoint and the VPCs that it acts in are of one Region.

use crate::dns::Dns;
use crate::finding::{Rule, Severity, Verdict};
use crate::network::{
    Declared, Network, Region, ResolverEndpoint, ResolverRule, RuleAssociation, Tri, Vpc,
};
use crate::source::{Language, Note};

use super::{Check, Fault, Verdicts, managed};

const RULE: Rule = Rule {
    id: "cross-region-rule",
    summary: "a rule, its outbound endpoint and the VPC that it is associated with are not in one Region",
    severities: &[Severity::Error],
    languages: Language::ALL,
    doc: include_str!("../../rules/cross-region-rule.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

fn run(dns: &Dns<'_>) -> Vec<Verdict> {
    let network = dns.network;
    let mut verdicts = Verdicts::new(&RULE);
    for rule in managed(network.rules.iter()) {
        let Ok(Some(endpoint)) = rule.endpoint.get() else { continue };
        let endpoint = &network.endpoints[*endpoint];
        let (own, other) = (Region::of(rule), network.whole_region_of_endpoint(endpoint.id));
        match own.apart(&other) {
            Tri::No => {}
            Tri::Yes => verdicts.fault(endpoint_fault(rule, endpoint, &own, &other)),
            Tri::Maybe(unknown) => verdicts.undecided(unknown, rule.span),
        }
    }
    let mut before: Vec<(&Declared<RuleAssociation>, &Declared<Vpc>)> = Vec::new();
    for association in managed(network.rule_associations.iter()) {
        let (Ok(rule), Ok(vpc)) = (association.rule.get(), association.vpc.get()) else { continue };
        let (rule, vpc) = (&network.rules[*rule], network.vpc(*vpc));
        let (own, other) = (Region::of(rule), network.whole_region_of_vpc(vpc.id));
        match own.apart(&other) {
            Tri::No => {}
            Tri::Yes => verdicts.fault(vpc_fault(association, rule, vpc, [&own, &other])),
            Tri::Maybe(unknown) => match elsewhere(network, &before, association, &other) {
                Some(first) => {
                    verdicts.fault(two_regions(network, first, (association, vpc), rule));
                }
                None => verdicts.undecided(unknown, association.span),
            },
        }
        before.push((association, vpc));
    }
    verdicts.all
}

/// An earlier association of the same rule with a VPC that is certainly of another Region.
fn elsewhere<'a>(
    network: &Network,
    before: &[(&'a Declared<RuleAssociation>, &'a Declared<Vpc>)],
    association: &RuleAssociation,
    region: &Region,
) -> Option<(&'a Declared<RuleAssociation>, &'a Declared<Vpc>)> {
    let same = |one: &&(&Declared<RuleAssociation>, &Declared<Vpc>)| {
        one.0.rule.get() == association.rule.get()
            && network.whole_region_of_vpc(one.1.id).apart(region) == Tri::Yes
    };
    before.iter().find(same).copied()
}

fn named(region: &Region) -> &str {
    region.name().map_or("another Region", |name| name)
}

fn endpoint_fault(
    rule: &Declared<ResolverRule>,
    endpoint: &Declared<ResolverEndpoint>,
    own: &Region,
    other: &Region,
) -> Fault {
    let (own, other) = (named(own), named(other));
    Fault {
        severity: Severity::Error,
        message: format!(
            "{} is in {own} and sends through {}, which is in {other}: AWS refuses it",
            rule.name, endpoint.name
        ),
        primary: Note::new(
            rule.endpoint.span().unwrap_or(rule.span),
            format!("an endpoint in {other}"),
        ),
        labels: vec![
            Note::new(rule.span, format!("a rule in {own}")),
            Note::new(endpoint.span, format!("in {other}")),
        ],
        help: format!(
            "make {} in {other}, or send through an outbound endpoint in {own}: a rule uses the endpoints of \
             its own Region",
            rule.name
        ),
        subjects: vec![rule.name.to_string(), endpoint.name.to_string()],
    }
}

fn vpc_fault(
    association: &Declared<RuleAssociation>,
    rule: &Declared<ResolverRule>,
    vpc: &Declared<Vpc>,
    [own, other]: [&Region; 2],
) -> Fault {
    let (own, other) = (named(own), named(other));
    Fault {
        severity: Severity::Error,
        message: format!(
            "{} associates {}, a rule in {own}, with {}, a VPC in {other}: a rule acts only in VPCs of its \
             own Region",
            association.name, rule.name, vpc.name
        ),
        primary: Note::new(association.span, format!("from {own} to {other}")),
        labels: vec![
            Note::new(rule.span, format!("a rule in {own}")),
            Note::new(vpc.span, format!("a VPC in {other}")),
        ],
        help: format!(
            "make a rule for the same domain, and its outbound endpoint, in {other}, and associate {} with that",
            vpc.name
        ),
        subjects: vec![association.name.to_string(), vpc.name.to_string()],
    }
}

/// The Region of the rule is open, and it cannot be that of both VPCs.
fn two_regions(
    network: &Network,
    (first, other): (&Declared<RuleAssociation>, &Declared<Vpc>),
    (second, vpc): (&Declared<RuleAssociation>, &Declared<Vpc>),
    rule: &Declared<ResolverRule>,
) -> Fault {
    let [a, b] = [other, vpc].map(|one| network.whole_region_of_vpc(one.id));
    let (a, b) = (named(&a), named(&b));
    Fault {
        severity: Severity::Error,
        message: format!(
            "{} is associated with {} in {a} and with {} in {b}: a rule acts only in VPCs of its own Region",
            rule.name, other.name, vpc.name
        ),
        primary: Note::new(second.span, format!("for a VPC in {b}")),
        labels: vec![
            Note::new(first.span, format!("for a VPC in {a}")),
            Note::new(rule.span, "is in one Region"),
        ],
        help: format!("make a rule, and its outbound endpoint, in {a} and in {b}"),
        subjects: vec![rule.name.to_string(), second.name.to_string()],
    }
}
