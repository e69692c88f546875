//! `conflicting-private-dns`: two things claim one private name, or a rule takes it from its endpoint.

use crate::dns::{Answer, Dns, Origin, Question};
use crate::finding::{Rule, Severity, Verdict};
use crate::network::{
    Acting, AwsService, Declared, Domain, Id, Name, Network, ResolverRule, RuleType, Through, Tri,
    Vpc, VpcEndpoint, VpcEndpointType,
};
use crate::source::{Language, Note};
use crate::unknown::Unknown;

use super::{Check, Fault, Verdicts};

const RULE: Rule = Rule {
    id: "conflicting-private-dns",
    summary: "two things claim the same private name, or one captures a name it does not serve",
    severities: &[Severity::Error, Severity::Warning],
    languages: Language::ALL,
    doc: include_str!("../../rules/conflicting-private-dns.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

fn run(dns: &Dns<'_>) -> Vec<Verdict> {
    let network = dns.network;
    let mut verdicts = Verdicts::new(&RULE);
    for vpc in network.distinct_vpcs() {
        let own = |one: &&(Acting<VpcEndpoint>, Option<Unknown>)| {
            let endpoint = &network.vpc_endpoints[one.0.thing];
            one.0.through == Through::Vpc && endpoint.managed && endpoint.exists.is_ok()
        };
        let acting: Vec<_> = network.view(vpc.id).endpoints.iter().filter(own).collect();
        for (index, (second, maybe)) in acting.iter().enumerate() {
            let endpoint = &network.vpc_endpoints[second.thing];
            for (first, other) in &acting[..index] {
                let first = &network.vpc_endpoints[first.thing];
                let open = maybe.clone().or_else(|| other.clone()).map_or(Tri::Yes, Tri::Maybe);
                match Tri::all([of_one_service(first, endpoint), open]) {
                    Tri::Yes => verdicts.fault(twice(vpc, first, endpoint)),
                    Tri::No => {}
                    Tri::Maybe(unknown) => verdicts.undecided(unknown, endpoint.span),
                }
            }
            if maybe.is_none() {
                match inbound_without_gateway(network, vpc.id, endpoint) {
                    Ok(Some(fault)) => verdicts.fault(fault),
                    Ok(None) => {}
                    Err(unknown) => verdicts.undecided(unknown, endpoint.span),
                }
                for fault in taken(dns, vpc, endpoint) {
                    match fault {
                        Ok(fault) => verdicts.fault(fault),
                        Err(unknown) => verdicts.undecided(unknown, endpoint.span),
                    }
                }
            }
        }
    }
    verdicts.all
}

fn of_one_service(a: &VpcEndpoint, b: &VpcEndpoint) -> Tri {
    match (a.private_name(), b.private_name()) {
        (Ok(a), Ok(b)) if a == b => Tri::Yes,
        (Ok(a), Ok(b)) => Tri::all([a.covers(&b), b.covers(&a)]),
        // Whatever has no name of a service of AWS is somebody's own service.
        _ => Tri::No,
    }
}

fn twice(
    vpc: &Declared<Vpc>,
    first: &Declared<VpcEndpoint>,
    second: &Declared<VpcEndpoint>,
) -> Fault {
    let at = |one: &Declared<VpcEndpoint>| one.private_dns.span().unwrap_or(one.span);
    Fault {
        severity: Severity::Error,
        message: format!(
            "{} and {} both claim {} in {}, which AWS refuses: one VPC has one zone for a name",
            first.name,
            second.name,
            shown(second),
            vpc.name
        ),
        primary: Note::new(at(second), "claims the name a second time"),
        labels: vec![
            Note::new(at(first), "claims the name"),
            Note::new(second.span, "the second endpoint"),
        ],
        help: format!(
            "turn private DNS off in one of {} and {}, or keep one of them",
            first.name, second.name
        ),
        subjects: vec![first.name.to_string(), second.name.to_string()],
    }
}

fn shown(endpoint: &VpcEndpoint) -> String {
    endpoint.private_name().map_or_else(|_| "one name".to_owned(), |name| name.to_string())
}

/// Private names for queries through inbound endpoints alone: S3 allows that only beside a gateway endpoint,
/// which carries the rest (<https://docs.aws.amazon.com/AmazonS3/latest/userguide/privatelink-interface-endpoints.html>).
fn inbound_without_gateway(
    network: &Network,
    vpc: Id<Vpc>,
    endpoint: &Declared<VpcEndpoint>,
) -> Result<Option<Fault>, Unknown> {
    let only = *endpoint.inbound_only.get()? && endpoint.leads_to(AwsService::S3) == Tri::Yes;
    if !only {
        return Ok(None);
    }
    let gateways = network.vpc_endpoints.iter().map(|one| {
        let here = match one.vpc.get() {
            Ok(other) => network.same_vpc(*other, vpc),
            Err(unknown) => Tri::Maybe(unknown),
        };
        let gateway = match one.endpoint_type.get() {
            Ok(kind) => (*kind == VpcEndpointType::Gateway).into(),
            Err(unknown) => Tri::Maybe(unknown),
        };
        let exists = one.exists.clone().err().map_or(Tri::Yes, Tri::Maybe);
        Tri::all([here, gateway, exists, one.leads_to(AwsService::S3)])
    });
    let own = network.vpc(vpc);
    let unseen = network.unseen(vpc).or_else(|| {
        let named =
            || Unknown::new(std::sync::Arc::clone(&own.name), crate::unknown::Why::ReadAtApply);
        (!own.managed).then(named)
    });
    match Tri::any(gateways.chain(unseen.map(Tri::Maybe))) {
        Tri::Yes => Ok(None),
        Tri::Maybe(unknown) => Err(unknown),
        Tri::No => Ok(Some(Fault {
            severity: Severity::Error,
            message: format!(
                "{} has private names for inbound endpoints only, and {} has no gateway endpoint for S3: AWS refuses it",
                endpoint.name, own.name
            ),
            primary: Note::new(
                endpoint.inbound_only.span().unwrap_or(endpoint.span),
                "needs a gateway endpoint beside it",
            ),
            labels: vec![
                Note::new(endpoint.span, "the interface endpoint"),
                Note::new(own.span, "without a gateway endpoint for S3"),
            ],
            help: format!(
                "add a gateway endpoint for S3 to {}, or give the names to all of its hosts",
                own.name
            ),
            subjects: vec![endpoint.name.to_string(), "gateway".to_owned()],
        })),
    }
}

/// A rule for the very name of the endpoint takes the queries of its VPC elsewhere.
fn taken(
    dns: &Dns<'_>,
    vpc: &Declared<Vpc>,
    endpoint: &Declared<VpcEndpoint>,
) -> Vec<Result<Fault, Unknown>> {
    let network = dns.network;
    let Ok(name) = endpoint.private_name() else { return Vec::new() };
    let rules = network.view(vpc.id).rules.iter();
    let same = rules.filter(|acting| {
        acting.through == Through::Vpc && is_for(&network.rules[acting.thing], &name)
    });
    let judged = same.filter_map(|acting| {
        let answer = dns.resolve(&Question::Name(name.clone()), Origin::Host(vpc.id)).end;
        let severity = match answer {
            Ok(
                Answer::Timeout
                | Answer::NxDomain
                | Answer::NoData
                | Answer::Refused
                | Answer::Loop(_),
            ) => Severity::Error,
            Ok(Answer::Internet | Answer::Elsewhere(..)) => Severity::Warning,
            Ok(_) => return None,
            Err(unknown) => return Some(Err(unknown)),
        };
        let rule = &network.rules[acting.thing];
        Some(Ok(Fault {
            severity,
            message: format!(
                "{} takes {name} from {}: a rule beats the private name of an endpoint in {}",
                rule.name, endpoint.name, vpc.name
            ),
            primary: Note::new(
                rule.domain.span().unwrap_or(rule.span),
                "the very name of the endpoint",
            ),
            labels: vec![
                Note::new(acting.span, format!("acts in {}", vpc.name)),
                Note::new(endpoint.span, "answers no more"),
            ],
            help: format!(
                "take {} away from {}, or name a domain above {name} in it",
                rule.name, vpc.name
            ),
            subjects: vec![rule.name.to_string(), endpoint.name.to_string()],
        }))
    });
    judged.collect()
}

fn is_for(rule: &Declared<ResolverRule>, name: &Name) -> bool {
    rule.managed
        && rule.rule_type.get() == Ok(&RuleType::Forward)
        && matches!(rule.domain.get(), Ok(Some(Domain::Name(own))) if own == name)
}
