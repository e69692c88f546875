//! `unused-endpoint`: an endpoint that no rule uses changes nothing.

use hashbrown::HashSet;

use crate::dns::{Dns, Question};
use crate::finding::{Rule, Severity, Verdict};
use crate::network::{
    Cluster, Declared, EndpointDirection, Id, Network, ResolverEndpoint, RuleTarget, RuleType, Tri,
    Vpc,
};
use crate::reach;
use crate::source::{Language, Note};
use crate::unknown::{Unknown, Why};

use super::{Check, Fault, Verdicts, managed};

const RULE: Rule = Rule {
    id: "unused-endpoint",
    summary: "an inbound endpoint that nothing forwards to; an outbound endpoint without a rule",
    severities: &[Severity::Warning, Severity::Note],
    languages: Language::ALL,
    doc: include_str!("../../rules/unused-endpoint.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

fn run(dns: &Dns<'_>) -> Vec<Verdict> {
    let network = dns.network;
    let mut verdicts = Verdicts::new(&RULE);
    let asked = Asked::in_network(network);
    for endpoint in managed(network.endpoints.iter()) {
        let judged = match endpoint.direction.get() {
            Ok(EndpointDirection::Outbound) => without_rule(network, endpoint),
            Ok(EndpointDirection::Inbound) => unasked(dns, endpoint, &asked),
            _ => continue,
        };
        match judged {
            Ok(Some(fault)) => verdicts.fault(fault),
            Ok(None) => {}
            Err(unknown) => verdicts.undecided(unknown, endpoint.span),
        }
    }
    verdicts.all
}

/// Why something that the model does not hold may use the endpoint.
fn handed_out(network: &Network, endpoint: &Declared<ResolverEndpoint>) -> Option<Unknown> {
    let read = || {
        let name = format!("a data source that reads {}", endpoint.name);
        network.endpoints.is_read(endpoint.id).then(|| Unknown::new(name, Why::ReadAtApply))
    };
    let open = network.exported(endpoint).or_else(|| network.unseen_resource(endpoint));
    open.or_else(read)
}

fn without_rule(
    network: &Network,
    endpoint: &Declared<ResolverEndpoint>,
) -> Result<Option<Fault>, Unknown> {
    let mut open: Option<Unknown> = None;
    for rule in network.rules.iter().filter(|rule| rule.managed) {
        match rule.endpoint.get() {
            Ok(Some(used)) if *used == endpoint.id => return Ok(None),
            Ok(Some(used)) => {
                open = open.or_else(|| {
                    let used = &network.endpoints[*used];
                    (!used.managed).then(|| network.may_be(used, endpoint)).flatten()
                });
            }
            Ok(None) => {}
            Err(unknown) => open = open.or(Some(unknown)),
        }
    }
    if let Some(unknown) = open.or_else(|| handed_out(network, endpoint)) {
        return Err(unknown);
    }
    let name = &endpoint.name;
    Ok(Some(Fault {
        severity: Severity::Note,
        message: format!("no rule sends queries through {name}"),
        primary: Note::new(endpoint.span, "an outbound endpoint without a rule"),
        labels: Vec::new(),
        help: format!("add a rule that names {name}, or take the endpoint out"),
        subjects: vec![name.to_string()],
    }))
}

/// Why somebody outside the code may ask: it is reached by a gateway, or from a VPC that is only named.
fn others(network: &Network, vpc: &Declared<Vpc>) -> Option<Unknown> {
    let who = || {
        let name = format!("what asks in {} from outside", vpc.name);
        Unknown::new(name, Why::NotEvaluated("a network outside the code".into()))
    };
    let foreign = network.peerings.iter().any(|peering| match network.sides(peering.id) {
        Some((a, b)) => {
            let mut ends = [a, b].into_iter();
            ends.any(|end| network.same_vpc(end, vpc.id) != Tri::No)
                && !(is_own(network, a) && is_own(network, b))
        }
        None => true,
    });
    (!vpc.managed || foreign || reach::from_outside(network, vpc.id)).then(who)
}

fn is_own(network: &Network, vpc: Id<Vpc>) -> bool {
    network.vpc(vpc).managed
}

/// The endpoints that rules, hosts and users ask.
struct Asked {
    endpoints: HashSet<Id<ResolverEndpoint>>,
    /// Why others may be among them.
    open: Option<Unknown>,
}

impl Asked {
    fn in_network(network: &Network) -> Self {
        let mut all = Self { endpoints: HashSet::new(), open: None };
        for rule in network.rules.iter() {
            if rule.rule_type.get() == Ok(&RuleType::System) {
                continue;
            }
            if rule.managed {
                all.open = all.open.or_else(|| rule.targets.open());
            }
            for (target, _) in rule.targets.known() {
                all.add(target.target.get().and_then(|target| asked(network, target)));
            }
        }
        for target in network.told_servers() {
            all.add(asked(network, target));
        }
        all
    }

    fn add(&mut self, asked: Result<Option<&Declared<ResolverEndpoint>>, Unknown>) {
        match asked {
            Ok(endpoint) => self.endpoints.extend(endpoint.map(|endpoint| endpoint.id)),
            Err(unknown) => {
                self.open.get_or_insert(unknown);
            }
        }
    }
}

/// Whether a rule for the name of a cluster is there that sends it to nobody outside the code: it has no targets, or
/// targets in the VPCs of the code that do not answer.
fn meant(dns: &Dns<'_>, cluster: &Declared<Cluster>) -> bool {
    let network = dns.network;
    let question = Question::Endpoint(cluster.id);
    managed(network.rules.iter()).any(|rule| {
        let about = rule.domain.get().ok().and_then(Option::as_ref);
        let outside = rule.targets.known().any(|(one, _)| match one.target.get() {
            Ok(RuleTarget::Address(address)) => !network.in_some_vpc(*address),
            _ => false,
        });
        let sends = rule.rule_type.get() == Ok(&RuleType::Forward) || !rule.targets.is_empty();
        sends && !outside && about.is_some_and(|domain| dns.covers(domain, &question) == Tri::Yes)
    })
}

/// An inbound endpoint beside a private cluster that nobody asks: alone it changes nothing.
fn unasked(
    dns: &Dns<'_>,
    endpoint: &Declared<ResolverEndpoint>,
    asked: &Asked,
) -> Result<Option<Fault>, Unknown> {
    let network = dns.network;
    let Ok(vpc) = network.vpc_of_endpoint(endpoint.id) else { return Ok(None) };
    let here = |cluster: &&Declared<Cluster>| {
        cluster.private_access.get() == Ok(&true) && network.vpc_of_cluster(cluster.id) == Ok(vpc)
    };
    let Some(cluster) = managed(network.clusters.iter()).find(here) else { return Ok(None) };
    // Who needs the endpoint and has no rule for it is the fault then.
    let needed = cluster.public_access.get() != Ok(&false) || !dns.assumptions.eks_public_dns;
    if needed && !dns.clients(cluster.id)?.is_empty() {
        return Ok(None);
    }
    if asked.endpoints.contains(&endpoint.id) {
        return Ok(None);
    }
    // What is meant to ask and cannot, or an endpoint that AWS refuses, is the fault then.
    if meant(dns, cluster) || !network.takes_addresses(endpoint) {
        return Ok(None);
    }
    let open = asked.open.clone();
    let vpc = network.vpc(vpc);
    let open = open.or_else(|| handed_out(network, endpoint)).or_else(|| network.unseen(vpc.id));
    // A VPC that may be there may ask.
    let open = open.or_else(|| network.vpcs.iter().find_map(|one| one.exists.clone().err()));
    if let Some(unknown) = open.or_else(|| network.exported(vpc)).or_else(|| others(network, vpc)) {
        return Err(unknown);
    }
    let name = &endpoint.name;
    Ok(Some(Fault {
        severity: Severity::Warning,
        message: format!("nothing sends queries to {name}, and alone it changes nothing"),
        primary: Note::new(endpoint.span, "an inbound endpoint that nothing asks"),
        labels: vec![Note::new(cluster.span, "the cluster whose name it could answer")],
        help: format!(
            "add a rule for the endpoint name of {} whose targets are the addresses of {name}, and \
             associate it with the VPCs that need it; or let on-premises DNS forward the name there",
            cluster.name
        ),
        subjects: vec![name.to_string()],
    }))
}

/// The endpoint that has an address; one that is not written out may be of any.
fn asked<'a>(
    network: &'a Network,
    target: &RuleTarget,
) -> Result<Option<&'a Declared<ResolverEndpoint>>, Unknown> {
    match (network.endpoint_at(target)?, target) {
        (None, RuleTarget::Symbol(symbol)) => Err(symbol.unknown()),
        (endpoint, _) => Ok(endpoint),
    }
}
