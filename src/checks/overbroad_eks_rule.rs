//! `overbroad-eks-rule`: a rule that also takes the names of other clusters, or of other services.

use crate::dns::{Answer, Client, Dns, Intent, Origin, Question};
use crate::finding::{Rule, Severity, Verdict};
use crate::network::{
    Cluster, Declared, Destination, Domain, EndpointDirection, Id, Name, Network, ResolverEndpoint,
    ResolverRule, RuleTarget, RuleType, Tri, Vpc,
};
use crate::reach::leads_to_cluster;
use crate::source::{Language, Note, Span};
use crate::unknown::Unknown;

use super::{Check, Fault, Verdicts, list, managed};

const RULE: Rule = Rule {
    id: "overbroad-eks-rule",
    summary: "a rule that also captures other clusters' names or other AWS services",
    severities: &[Severity::Warning, Severity::Note],
    languages: Language::ALL,
    doc: include_str!("../../rules/overbroad-eks-rule.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

fn run(dns: &Dns<'_>) -> Vec<Verdict> {
    let network = dns.network;
    let mut verdicts = Verdicts::new(&RULE);
    for rule in managed(network.rules.iter()) {
        let (Ok(RuleType::Forward), Ok(Some(Domain::Name(name)))) =
            (rule.rule_type.get(), rule.domain.get())
        else {
            continue;
        };
        // A rule for everything is a decision about all names, and `captured-endpoint-name` tells what it does
        // to the endpoint's.
        if name.0.is_empty() {
            continue;
        }
        if name.covers(&services()) == Tri::Yes {
            if let Some(fault) = all_services(dns, rule, name) {
                verdicts.fault(fault);
            }
        } else if let Some(fault) = other_clusters(dns, rule, &mut verdicts) {
            verdicts.fault(fault);
        } else if let Some(unknown) = open(dns, rule) {
            verdicts.undecided(unknown, rule.span);
        }
    }
    verdicts.all
}

/// Why it cannot be told whether a rule takes the names of clusters in several VPCs to one of them.
fn open(dns: &Dns<'_>, rule: &Declared<ResolverRule>) -> Option<Unknown> {
    let network = dns.network;
    let may_be_taken = |cluster: &&Declared<Cluster>| {
        cluster.private_access.get() != Ok(&false) && dns.may_be_for_endpoint(rule, cluster.id)
    };
    let taken: Vec<_> = managed(network.clusters.iter()).filter(may_be_taken).collect();
    let (first, others) = taken.split_first()?;
    let home = network.vpc_of_cluster(first.id);
    let is_there = |cluster: &&Declared<Cluster>| network.vpc_of_cluster(cluster.id) == home;
    if others.iter().all(is_there) {
        return None;
    }
    let why = |cluster: &&Declared<Cluster>| {
        let private = cluster.private_access.get().err();
        private.or_else(|| dns.open_for_endpoint(rule, cluster.id))
    };
    let whom = |(one, _): (&Destination, Span)| match one.target.get() {
        Ok(RuleTarget::Symbol(symbol)) => Some(symbol.unknown()),
        _ => None,
    };
    taken.iter().find_map(why).or_else(|| rule.targets.known().find_map(whom))
}

fn services() -> Name {
    Name::new("amazonaws.com")
}

/// The VPCs in which a rule acts.
fn acts_in(network: &Network, rule: Id<ResolverRule>) -> Vec<Id<Vpc>> {
    let with_rules = network.vpcs_with_rules().into_iter();
    let acts = |vpc: &Id<Vpc>| network.view(*vpc).rules.iter().any(|one| one.thing == rule);
    with_rules.filter(acts).collect()
}

/// A rule for clusters of a Region, sent to the VPC of one of them.
fn other_clusters(
    dns: &Dns<'_>,
    rule: &Declared<ResolverRule>,
    verdicts: &mut Verdicts,
) -> Option<Fault> {
    let network = dns.network;
    let inbound = rule.targets.known().find_map(|(one, _)| {
        let endpoint = network.endpoint_at(one.target.get().ok()?).ok()??;
        (endpoint.direction.get() == Ok(&EndpointDirection::Inbound)).then_some(endpoint)
    })?;
    let home = network.vpc_of_endpoint(inbound.id).ok()?;
    let taken = |cluster: &&Declared<Cluster>| {
        let question = Question::Endpoint(cluster.id);
        let domain = rule.domain.get().ok().and_then(Option::as_ref);
        domain.is_some_and(|domain| dns.covers(domain, &question) == Tri::Yes)
            && cluster.private_access.get() == Ok(&true)
    };
    let taken: Vec<_> = managed(network.clusters.iter()).filter(taken).collect();
    let here = |cluster: &&&Declared<Cluster>| network.vpc_of_cluster(cluster.id) == Ok(home);
    let own = taken.iter().find(here)?;
    let mut lost = Vec::new();
    for cluster in &taken {
        let away = network.vpc_of_cluster(cluster.id).map(|vpc| network.same_vpc(vpc, home));
        if let Ok(Tri::Maybe(unknown)) | Err(unknown) = away {
            verdicts.undecided(unknown, rule.span);
        } else if away == Ok(Tri::No) {
            let trace = dns.resolve(&Question::Endpoint(cluster.id), Origin::Inbound(inbound.id));
            match &trace.end {
                Ok(answer) if is_public(answer) => lost.push((*cluster, true)),
                Ok(Answer::Private(_)) if trace.steps.len() <= 1 => lost.push((*cluster, false)),
                Ok(_) => {}
                Err(unknown) => verdicts.undecided(unknown.clone(), rule.span),
            }
        }
    }
    let wanted = lost.iter().any(|(cluster, public)| *public && is_wanted(dns, rule, cluster));
    let lost: Vec<_> = lost.into_iter().map(|(cluster, _)| cluster).collect();
    (!lost.is_empty()).then(|| clusters_fault(network, rule, inbound, own, &lost, wanted))
}

/// Whether an answer is the cluster's public addresses, be it by way of name servers outside the code.
fn is_public(answer: &Answer) -> bool {
    match answer {
        Answer::Public(_) => true,
        Answer::Elsewhere(_, says) => is_public(says),
        _ => false,
    }
}

/// Whether a VPC with the rule has a way to the cluster; one that the cluster admits by name is told by
/// `public-answer`.
fn is_wanted(dns: &Dns<'_>, rule: &Declared<ResolverRule>, cluster: &Declared<Cluster>) -> bool {
    let network = dns.network;
    let clients = dns.clients(cluster.id).unwrap_or_default();
    let admitted = |vpc: Id<Vpc>| {
        let own = |one: &&Client| one.vpc == network.vpc(vpc).id;
        clients.iter().find(own).is_some_and(|one| one.has(Intent::Admitted))
    };
    acts_in(network, rule.id)
        .into_iter()
        .any(|vpc| !admitted(vpc) && leads_to_cluster(network, vpc, cluster.id) == Tri::Yes)
}

fn clusters_fault(
    network: &Network,
    rule: &Declared<ResolverRule>,
    inbound: &Declared<ResolverEndpoint>,
    own: &Declared<Cluster>,
    lost: &[&Declared<Cluster>],
    wanted: bool,
) -> Fault {
    let names: Vec<_> = lost.iter().map(|one| one.name.to_string()).collect();
    let all: Vec<_> = std::iter::once(own.name.to_string()).chain(names.clone()).collect();
    let place = network.vpc_of_endpoint(inbound.id);
    let place = place.map_or_else(|_| inbound.name.clone(), |vpc| network.vpc(vpc).name.clone());
    let others = lost.iter().map(|one| Note::new(one.span, "its endpoint is taken too"));
    Fault {
        severity: if wanted { Severity::Warning } else { Severity::Note },
        message: format!(
            "{} takes the endpoint of {} too, and sends it to {place}, which knows the private \
             addresses of {} alone",
            rule.name,
            list(&names),
            own.name
        ),
        primary: Note::new(rule.domain.span().unwrap_or(rule.span), "covers all of them"),
        labels: [Note::new(inbound.span, format!("answers as {place} would"))]
            .into_iter()
            .chain([Note::new(own.span, "the cluster in that VPC")])
            .chain(others)
            .collect(),
        help: format!("make a rule for each endpoint, with its name as the domain: {}", list(&all)),
        subjects: std::iter::once(rule.name.to_string()).chain(names).collect(),
    }
}

/// A rule for the names of all services, on a VPC with a cluster or with a client of one.
fn all_services(dns: &Dns<'_>, rule: &Declared<ResolverRule>, name: &Name) -> Option<Fault> {
    let network = dns.network;
    let concerned = |vpc: &Id<Vpc>| {
        managed(network.clusters.iter()).any(|cluster| {
            let clients = dns.clients(cluster.id).unwrap_or_default();
            network.vpc_of_cluster(cluster.id) == Ok(*vpc)
                || clients.iter().any(|client| client.vpc == *vpc)
        })
    };
    let takes =
        |vpc: &Id<Vpc>| dns.rule_for(*vpc, &Question::Name(services())) == Ok(Some(rule.id));
    let vpcs = acts_in(network, rule.id).into_iter().filter(takes);
    let vpcs: Vec<_> = vpcs.filter(concerned).collect();
    let names: Vec<_> = vpcs.iter().map(|vpc| network.vpc(*vpc).name.to_string()).collect();
    (!names.is_empty()).then(|| Fault {
        severity: Severity::Note,
        message: format!(
            "{} is for {name}, so it also takes the names of AWS services from {}",
            rule.name,
            list(&names)
        ),
        primary: Note::new(rule.domain.span().unwrap_or(rule.span), "covers amazonaws.com"),
        labels: vpcs.iter().map(|vpc| network.vpc(*vpc)).map(|vpc| {
            Note::new(vpc.span, "asks the rule's targets for ECR, S3, STS and the others")
        }).collect(),
        help: format!(
            "if these names are not meant, give {} a SYSTEM rule for amazonaws.com, as AWS recommends",
            list(&names)
        ),
        subjects: std::iter::once(rule.name.to_string()).chain(names.clone()).collect(),
    })
}
