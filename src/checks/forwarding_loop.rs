//! `forwarding-loop`: a query that comes back to where it was.

use std::collections::BTreeSet;

use crate::dns::{Answer, Dns, Origin, Question};
use crate::finding::{Rule, Severity, Verdict};
use crate::network::{
    Declared, Destination, Domain, Id, Network, ResolverEndpoint, ResolverRule, RuleType, Vpc,
};
use crate::source::{Language, Note, Span};
use crate::unknown::Unknown;

use super::{Check, Fault, Verdicts, managed};

const RULE: Rule = Rule {
    id: "forwarding-loop",
    summary: "a query that comes back to where it was: the rule is on its own target's VPC, or two VPCs forward to each other",
    severities: &[Severity::Error],
    languages: Language::ALL,
    doc: include_str!("../../rules/forwarding-loop.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

fn run(dns: &Dns<'_>) -> Vec<Verdict> {
    let network = dns.network;
    let mut verdicts = Verdicts::new(&RULE);
    let mut cycles: BTreeSet<BTreeSet<Span>> = BTreeSet::new();
    for association in ties(network) {
        let (rule, vpc) = match (&association.rule, &association.vpc) {
            (Ok(rule), Ok(vpc)) => (&network.rules[*rule], network.vpc(*vpc)),
            (Err(unknown), _) | (_, Err(unknown)) => {
                verdicts.undecided(unknown.clone(), association.span);
                continue;
            }
        };
        if let Some(unknown) = may_loop(network, rule, vpc) {
            verdicts.undecided(unknown, association.span);
            continue;
        }
        let own_target = own_target(network, rule, vpc.id);
        match (rule.rule_type.get(), rule.exists.clone()) {
            (Ok(RuleType::Forward), Ok(())) => {}
            (Err(unknown), _) | (Ok(RuleType::Forward), Err(unknown)) => {
                if own_target.is_some() {
                    verdicts.undecided(unknown, association.span);
                }
                continue;
            }
            _ => continue,
        }
        // What a Profile brings may be beaten by what the VPC has itself: the query tells.
        if let Some((inbound, target)) = own_target.filter(|_| !association.by_profile) {
            verdicts.fault(own(&association, rule, vpc, inbound, target));
            continue;
        }
        let question = match rule.domain.get() {
            Ok(Some(Domain::Name(name))) if name.unknown().is_none() => {
                Question::Name(name.clone())
            }
            Ok(Some(Domain::EndpointHost(cluster))) => Question::Endpoint(*cluster),
            _ => continue,
        };
        let trace = dns.resolve(&question, Origin::Host(vpc.id));
        let cycle: BTreeSet<_> = trace.steps.iter().map(|step| step.span).collect();
        if let Err(unknown) = &trace.end
            && vpc.managed
            && may_come_back(network, rule)
        {
            verdicts.undecided(unknown.clone(), association.span);
        }
        // Who only asks a VPC on a cycle is not on it.
        if trace.end == Ok(Answer::Loop(vpc.id)) && cycles.insert(cycle) {
            verdicts.fault(Fault {
                severity: Severity::Error,
                message: format!(
                    "queries of {} for {} come back to it: the VPCs forward to each other",
                    vpc.name,
                    name_of(network, &question)
                ),
                primary: Note::new(
                    association.span,
                    format!("ties {} to {}, a VPC on the cycle", rule.name, vpc.name),
                ),
                labels: trace.steps,
                help: "end the cycle: take the association away in the VPC that resolves the name \
                       itself, or narrow the domain of one of the rules"
                    .to_owned(),
                subjects: vec![association.name.to_string(), rule.name.to_string()],
            });
        }
    }
    verdicts.all
}

/// What ties a rule to a VPC: an association, or that of a Profile with the rule.
struct Tie<'a> {
    rule: Result<Id<ResolverRule>, Unknown>,
    vpc: Result<Id<Vpc>, Unknown>,
    name: &'a str,
    span: Span,
    by_profile: bool,
}

fn ties(network: &Network) -> Vec<Tie<'_>> {
    let direct = managed(network.rule_associations.iter()).map(|one| Tie {
        rule: one.rule.get().copied(),
        vpc: one.vpc.get().copied(),
        name: &one.name,
        span: one.span,
        by_profile: false,
    });
    let by_profile = managed(network.profile_associations.iter()).flat_map(|one| {
        let profile = one.profile.get().ok().map(|profile| &network.profiles[*profile]);
        let rules = profile.map(|profile| network.contents_of(profile).rules).unwrap_or_default();
        rules.into_iter().map(|rule| Tie {
            rule: Ok(rule),
            vpc: one.vpc.get().copied(),
            name: &one.name,
            span: one.span,
            by_profile: true,
        })
    });
    direct.chain(by_profile).collect()
}

fn name_of(network: &Network, question: &Question) -> String {
    match question {
        Question::Name(name) => name.to_string(),
        Question::Endpoint(cluster) => {
            format!("the endpoint of {}", network.clusters[*cluster].name)
        }
    }
}

/// The inbound endpoint in the same VPC that a rule targets.
fn own_target<'a>(
    network: &'a Network,
    rule: &Declared<ResolverRule>,
    vpc: Id<Vpc>,
) -> Option<(&'a Declared<ResolverEndpoint>, Span)> {
    rule.targets.known().find_map(|(destination, block)| {
        let span = destination.target.span().unwrap_or(block);
        let endpoint = network.endpoint_at(destination.target.get().ok()?).ok()??;
        let inbound = network.inbound_endpoints(vpc);
        inbound.into_iter().find(|one| one.id == endpoint.id).map(|one| (one, span))
    })
}

/// Whether a rule sends to an inbound endpoint of the code, or may do so.
fn may_come_back(network: &Network, rule: &ResolverRule) -> bool {
    let known = |(one, _): (&Destination, Span)| match one.target.get() {
        Ok(target) => !matches!(network.endpoint_at(target), Ok(None)),
        Err(_) => true,
    };
    rule.targets.open().is_some() || rule.targets.known().any(known)
}

/// Why an association whose rule or VPC is only named may be one that loops.
fn may_loop(
    network: &Network,
    rule: &Declared<ResolverRule>,
    vpc: &Declared<Vpc>,
) -> Option<Unknown> {
    if !rule.managed {
        return managed(network.rules.iter())
            .filter(|one| own_target(network, one, vpc.id).is_some())
            .find_map(|one| network.may_be(rule, one));
    }
    if vpc.managed {
        return None;
    }
    let others = network.distinct_vpcs().filter(|other| other.managed);
    let targets = others.filter(|other| own_target(network, rule, other.id).is_some());
    targets.into_iter().find_map(|other| network.may_be(vpc, other))
}

fn own(
    association: &Tie<'_>,
    rule: &Declared<ResolverRule>,
    vpc: &Declared<Vpc>,
    inbound: &Declared<ResolverEndpoint>,
    target: Span,
) -> Fault {
    Fault {
        severity: Severity::Error,
        message: format!(
            "{} is associated with {}, the VPC of the inbound endpoint that it targets: queries \
             come back to it",
            rule.name, vpc.name
        ),
        primary: Note::new(association.span, format!("ties the rule to {}", vpc.name)),
        labels: vec![
            Note::new(rule.span, "the rule takes queries of the VPC"),
            Note::new(target, format!("sends to {}", inbound.name)),
            Note::new(
                inbound.span,
                format!("which asks as {} would, and meets the rule", vpc.name),
            ),
        ],
        help: format!(
            "take this association away: {} resolves these names itself; the rule can still be \
             associated with other VPCs",
            vpc.name
        ),
        subjects: vec![association.name.to_string(), rule.name.to_string(), vpc.name.to_string()],
    }
}
