//! `forwarding-loop`: a query that comes back to where it was.

use std::collections::BTreeSet;

use crate::dns::{Answer, Assumptions, Origin, Question, resolve};
use crate::finding::{Rule, Severity, Verdict};
use crate::network::{
    Declared, Domain, Id, Network, ResolverEndpoint, ResolverRule, RuleAssociation, RuleType, Vpc,
};
use crate::source::{Note, Span};

use super::{Check, Fault, Verdicts, managed};

const RULE: Rule = Rule {
    id: "forwarding-loop",
    summary: "a query that comes back to where it was: the rule is on its own target's VPC, or two VPCs forward to each other",
    severities: &[Severity::Error],
    doc: include_str!("../../rules/forwarding-loop.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

fn run(network: &Network, assumptions: Assumptions) -> Vec<Verdict> {
    let mut verdicts = Verdicts::new(&RULE);
    let mut cycles: BTreeSet<BTreeSet<Span>> = BTreeSet::new();
    let mut direct: BTreeSet<Span> = BTreeSet::new();
    let mut indirect = Vec::new();
    for association in managed(network.rule_associations.iter()) {
        let (Ok(rule), Ok(vpc)) = (association.rule.get(), association.vpc.get()) else { continue };
        let rule = &network.rules[*rule];
        let vpc = network.vpc(*vpc);
        if rule.rule_type.get() != Ok(&RuleType::Forward) || rule.exists.is_err() {
            continue;
        }
        if let Some((inbound, target)) = own_target(network, rule, vpc.id) {
            verdicts.fault(own(association, rule, vpc, inbound, target));
            direct.insert(association.span);
        } else {
            indirect.push((association, rule, vpc));
        }
    }
    for (association, rule, vpc) in indirect {
        let question = match rule.domain.get() {
            Ok(Some(Domain::Name(name))) if name.unknown().is_none() => {
                Question::Name(name.clone())
            }
            Ok(Some(Domain::EndpointHost(cluster))) => Question::Endpoint(*cluster),
            _ => continue,
        };
        let trace = resolve(network, assumptions, &question, Origin::Host(vpc.id));
        let cycle: BTreeSet<_> = trace.steps.iter().map(|step| step.span).collect();
        let known = !direct.is_disjoint(&cycle);
        if trace.end == Ok(Answer::Loop) && !known && cycles.insert(cycle) {
            verdicts.fault(Fault {
                severity: Severity::Error,
                message: format!(
                    "queries of {} for {} come back to it: the VPCs forward to each other",
                    vpc.name,
                    name_of(network, &question)
                ),
                primary: Note::new(association.span, "ties the rule to a VPC on the cycle"),
                labels: trace.steps,
                help: format!(
                    "end the cycle: take one of these associations away, or give {} a SYSTEM rule \
                     for the name",
                    vpc.name
                ),
                subjects: vec![association.name.to_string(), rule.name.to_string()],
            });
        }
    }
    verdicts.all
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
    rule.targets.known().find_map(|(destination, span)| {
        let endpoint = network.endpoint_at(destination.target.get().ok()?).ok()??;
        let inbound = network.inbound_endpoints(vpc);
        inbound.into_iter().find(|one| one.id == endpoint.id).map(|one| (one, span))
    })
}

fn own(
    association: &Declared<RuleAssociation>,
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
            Note::new(rule.span, "the rule"),
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
