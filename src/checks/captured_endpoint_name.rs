//! `captured-endpoint-name`: a rule for everything takes the endpoint's name along.

use crate::dns::{Answer, Client, Dns, Question, endpoint_name, is_management_name};
use crate::finding::{Rule, Severity, Verdict};
use crate::network::{
    Cluster, Declared, Destination, Domain, Id, Label, Name, Network, ResolverRule, RuleTarget,
    RuleType, Tri, Vpc,
};
use crate::reach::leads_to_cluster;
use crate::source::{Language, Note};
use crate::unknown::Unknown;

use super::{Check, Fault, Verdicts, list, managed};

const RULE: Rule = Rule {
    id: "captured-endpoint-name",
    summary: "a wide rule (`.`, `com`, `amazonaws.com`) takes the endpoint's name to a server outside the code, and no narrower rule brings it back",
    severities: &[Severity::Warning],
    languages: Language::ALL,
    doc: include_str!("../../rules/captured-endpoint-name.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

/// A name that a rule takes, from where, and to whom.
struct Capture<'a> {
    rule: Id<ResolverRule>,
    cluster: &'a Declared<Cluster>,
    vpc: Id<Vpc>,
    servers: String,
    /// What they answer, where the project tells of it.
    answer: Option<&'static str>,
}

fn run(dns: &Dns<'_>) -> Vec<Verdict> {
    let network = dns.network;
    let mut verdicts = Verdicts::new(&RULE);
    let mut captures: Vec<Capture<'_>> = Vec::new();
    for cluster in managed(network.clusters.iter()) {
        for vpc in network.vpcs_with_rules() {
            match capture(dns, cluster, vpc) {
                Ok(capture) => captures.extend(capture),
                Err(unknown) => verdicts.undecided(unknown, cluster.span),
            }
        }
    }
    while let Some(first) = captures.first().map(|one| one.rule) {
        let (own, others) = captures.into_iter().partition(|one| one.rule == first);
        captures = others;
        verdicts.fault(fault(dns, &network.rules[first], &own));
    }
    verdicts.all
}

/// Whether a wide rule takes the endpoint's name from a VPC that may want it. A client that gets no answer
/// at all, or public addresses, is another rule's fault.
fn capture<'a>(
    dns: &Dns<'a>,
    cluster: &'a Declared<Cluster>,
    vpc: Id<Vpc>,
) -> Result<Option<Capture<'a>>, Unknown> {
    let network = dns.network;
    let wide = network.view(vpc).rules.iter().any(|one| is_wide(&network.rules[one.thing]));
    if !wide
        || cluster.private_access.get() == Ok(&false)
        || cluster.public_access.get() == Ok(&true)
    {
        return Ok(None);
    }
    let home = network.vpc_of_cluster(cluster.id)?;
    // A narrower rule that no VPC has, or whose domain is mistaken, is another rule's fault.
    let idle = |rule: &Declared<ResolverRule>| {
        let with_rules = network.vpcs_with_rules();
        let acts = |vpc: &Id<Vpc>| network.view(*vpc).rules.iter().any(|one| one.thing == rule.id);
        is_mistaken(rule) && (acts(&vpc) || !with_rules.iter().any(acts))
            || dns.is_for_endpoint(rule, cluster.id, home) && !with_rules.iter().any(acts)
    };
    if network.same_vpc(vpc, home) == Tri::Yes || managed(network.rules.iter()).any(idle) {
        return Ok(None);
    }
    let Some(rule) = dns.rule_for(vpc, &Question::Endpoint(cluster.id))? else { return Ok(None) };
    if !is_wide(&network.rules[rule]) {
        return Ok(None);
    }
    let Answer::Elsewhere(servers, then) = dns.answer(vpc, cluster.id)? else { return Ok(None) };
    let is_told = |(one, _): (&Destination, _)| match one.target.get() {
        Ok(RuleTarget::Address(address)) => dns.tells_of(*address),
        _ => false,
    };
    let answer = match (*then, network.rules[rule].targets.known().all(is_told)) {
        (Answer::Private(_), false) => None,
        (Answer::Refused, _) => Some("REFUSED"),
        (Answer::NoData, _) => Some("NODATA"),
        _ => return Ok(None),
    };
    if client(dns, cluster.id, vpc).is_none() {
        match leads_to_cluster(network, vpc, cluster.id) {
            Tri::Yes => {}
            Tri::No => return Ok(None),
            Tri::Maybe(unknown) => return Err(unknown),
        }
    }
    Ok(Some(Capture { rule, cluster, vpc, servers, answer }))
}

/// Whether a rule was to have the name of an endpoint, as it seems.
fn is_mistaken(rule: &ResolverRule) -> bool {
    match rule.domain.get() {
        Ok(Some(Domain::EndpointUrl(_) | Domain::Malformed(..))) => true,
        Ok(Some(Domain::Name(name))) => is_management_name(name),
        _ => false,
    }
}

/// A FORWARD rule for a name above those of EKS.
fn is_wide(rule: &ResolverRule) -> bool {
    let is_eks = |label: &Label| matches!(label, Label::Text(text) if text.starts_with("eks"));
    rule.rule_type.get() == Ok(&RuleType::Forward)
        && matches!(rule.domain.get(), Ok(Some(Domain::Name(name)))
            if name.unknown().is_none() && !name.0.iter().any(is_eks))
}

fn client<'a>(dns: &'a Dns<'_>, cluster: Id<Cluster>, vpc: Id<Vpc>) -> Option<&'a Client> {
    dns.clients(cluster).unwrap_or_default().iter().find(|client| client.vpc == vpc)
}

fn fault(dns: &Dns<'_>, rule: &Declared<ResolverRule>, captures: &[Capture<'_>]) -> Fault {
    let network = dns.network;
    let distinct = |name: &dyn Fn(&Capture<'_>) -> String| {
        let mut names: Vec<String> = Vec::new();
        for one in captures.iter().map(name) {
            if !names.contains(&one) {
                names.push(one);
            }
        }
        names
    };
    let clusters = distinct(&|one| one.cluster.name.to_string());
    let vpcs = distinct(&|one| network.vpc(one.vpc).name.to_string());
    let (first, domain) = (&captures[0], rule.domain.span().unwrap_or(rule.span));
    let mut labels = Vec::new();
    for one in captures {
        labels.extend(client(dns, one.cluster.id, one.vpc).into_iter().flat_map(Client::notes));
        let ties = network.view(one.vpc).rules.iter().filter(|acting| acting.thing == rule.id);
        let text = format!("{} has {}", network.vpc(one.vpc).name, rule.name);
        labels.extend(ties.map(|acting| Note::new(acting.span, text.clone())));
        labels.push(Note::new(one.cluster.span, "its endpoint has no public addresses"));
    }
    Fault {
        severity: Severity::Warning,
        message: format!(
            "{} takes the endpoint of {} from {} to {}: {}",
            rule.name,
            list(&clusters),
            list(&vpcs),
            first.servers,
            match first.answer {
                Some(answer) => format!("hosts get {answer}, as the configuration says"),
                None => "it resolves only while that server asks public DNS, and lets private addresses through"
                    .to_owned(),
            }
        ),
        primary: Note::new(domain, "covers the endpoint's name, and no narrower rule does"),
        labels,
        help: format!(
            "give {} a SYSTEM rule for {}, or forward the endpoint of {} to an inbound endpoint in its VPC",
            list(&vpcs),
            suffix(network, first.cluster.id),
            list(&clusters)
        ),
        subjects: std::iter::once(rule.name.to_string()).chain(clusters).chain(vpcs).collect(),
    }
}

/// What the names of all Regions end with: `eks.amazonaws.com`, or `api.aws`.
fn suffix(network: &Network, cluster: Id<Cluster>) -> Name {
    let mut name = endpoint_name(network, cluster);
    let dual = matches!(name.0.get(2), Some(Label::Text(text)) if &**text == "eks-cluster");
    Name(name.0.split_off(if dual { 4 } else { 3 }))
}
