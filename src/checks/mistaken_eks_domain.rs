//! `mistaken-eks-domain`: the name of the service that manages clusters is no name of a cluster.

use crate::dns::{Dns, endpoint_name, is_management_name};
use crate::finding::{Rule, Severity, Verdict};
use crate::network::{
    Cluster, Declared, Domain, Id, Label, Name, Network, ResolverRule, RuleType, Tri, Vpc,
};
use crate::source::{Language, Note};
use crate::unknown::{Unknown, Why};

use super::{Check, Fault, Verdicts, managed};

const RULE: Rule = Rule {
    id: "mistaken-eks-domain",
    summary: "the management name `eks.<region>…` where the cluster name `<region>.eks…` is meant",
    severities: &[Severity::Error],
    languages: Language::ALL,
    doc: include_str!("../../rules/mistaken-eks-domain.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

fn run(dns: &Dns<'_>) -> Vec<Verdict> {
    let network = dns.network;
    let mut verdicts = Verdicts::new(&RULE);
    for rule in managed(network.rules.iter()) {
        if rule.rule_type.get() != Ok(&RuleType::Forward) {
            continue;
        }
        let Ok(Some(Domain::Name(name))) = rule.domain.get() else { continue };
        if !is_management_name(name) {
            continue;
        }
        match meant(dns, rule, name) {
            Ok(None) => {}
            Ok(Some(cluster)) => verdicts.fault(fault(network, rule, name, cluster)),
            Err(unknown) => verdicts.undecided(unknown, rule.span),
        }
    }
    verdicts.all
}

/// The cluster whose name is meant: in the VPC that the rule sends to, which has no endpoint of the service
/// itself; and no other rule is for the cluster.
fn meant<'a>(
    dns: &Dns<'a>,
    rule: &Declared<ResolverRule>,
    name: &Name,
) -> Result<Option<&'a Declared<Cluster>>, Unknown> {
    let network = dns.network;
    let Some(vpc) = sent_to(network, rule)? else { return Ok(None) };
    let (mut found, mut open) = (None, None);
    for cluster in managed(network.clusters.iter()) {
        if network.same_vpc(network.vpc_of_cluster(cluster.id)?, vpc) != Tri::Yes {
            continue;
        }
        match cluster.private_access.get() {
            Ok(true) => found = found.or(Some(cluster)),
            Ok(false) => {}
            Err(unknown) => open = open.or(Some(unknown)),
        }
    }
    let Some(cluster) = found else { return open.map_or(Ok(None), Err) };
    let others = network.rules.iter().filter(|one| one.id != rule.id);
    if others.into_iter().any(|other| dns.may_be_for_endpoint(other, cluster.id)) {
        return Ok(None);
    }
    match serves(network, vpc, name) {
        Tri::No => Ok(Some(cluster)),
        Tri::Yes => Ok(None),
        Tri::Maybe(unknown) => Err(unknown),
    }
}

/// The VPC of the inbound endpoint that a rule sends to.
fn sent_to(network: &Network, rule: &ResolverRule) -> Result<Option<Id<Vpc>>, Unknown> {
    if let Some(unknown) = rule.targets.open() {
        return Err(unknown);
    }
    for (destination, _) in rule.targets.known() {
        if let Some(endpoint) = network.endpoint_at(destination.target.get()?)? {
            return network.vpc_of_endpoint(endpoint.id).map(Some);
        }
    }
    Ok(None)
}

/// Whether a VPC has an interface endpoint of the service, which people rightly forward to.
fn serves(network: &Network, vpc: Id<Vpc>, name: &Name) -> Tri {
    let view = network.view(vpc);
    let own = view.endpoints.iter().map(|(acting, open)| {
        let private = network.vpc_endpoints[acting.thing].private_name();
        match (private, open) {
            (Ok(private), None) => private.covers(name),
            (Ok(_), Some(unknown)) => Tri::Maybe(unknown.clone()),
            (Err(unknown), _) => Tri::Maybe(unknown),
        }
    });
    let owner = network.vpc(vpc);
    let outside = || Unknown::new(format!("the VPC endpoints of {}", owner.name), Why::ReadAtApply);
    let outside = (!owner.managed).then(outside);
    let unseen = network.unseen(vpc).into_iter().chain(view.more_zones.clone()).chain(outside);
    Tri::any(own.chain(unseen.map(Tri::Maybe)))
}

fn fault(
    network: &Network,
    rule: &Declared<ResolverRule>,
    name: &Name,
    cluster: &Declared<Cluster>,
) -> Fault {
    let mut below = Name(endpoint_name(network, cluster.id).0.split_off(2));
    let open = below.0.iter_mut().find(|label| matches!(label, Label::Open(_)));
    if let (Some(open), Some(region)) = (open, name.0.get(1)) {
        *open = region.clone();
    }
    Fault {
        severity: Severity::Error,
        message: format!(
            "{} is for {name}, where clusters are managed, not for the endpoint of {}",
            rule.name, cluster.name
        ),
        primary: Note::new(
            rule.domain.span().unwrap_or(rule.span),
            "no endpoint of a cluster is below this name",
        ),
        labels: vec![
            Note::new(rule.span, format!("sends to the VPC of {}", cluster.name)),
            Note::new(cluster.span, format!("its endpoint is below {below}")),
        ],
        help: format!(
            "take the domain from the endpoint of {}, without `https://`; for all clusters of the \
             Region it is {below}",
            cluster.name
        ),
        subjects: vec![rule.name.to_string(), cluster.name.to_string()],
    }
}
