//! `shadowing-private-zone`: a hand-made zone hides names of EKS or AWS, or stands in for EKS's own.

use crate::dns::{Answer, Dns, Origin, Question, service_name};
use crate::finding::{Rule, Severity, Verdict};
use crate::network::{
    Acting, AwsService, Cluster, Declared, Domain, HostedZone, Id, Label, Network, Record, Tri, Vpc,
};
use crate::source::{Language, Note, Span};

use super::{Check, Fault, Verdicts, list, managed};

const RULE: Rule = Rule {
    id: "shadowing-private-zone",
    summary: "a hand-made zone that hides EKS or AWS names",
    severities: &[Severity::Error, Severity::Warning],
    languages: Language::ALL,
    doc: include_str!("../../rules/shadowing-private-zone.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

fn run(dns: &Dns<'_>) -> Vec<Verdict> {
    let network = dns.network;
    let mut verdicts = Verdicts::new(&RULE);
    for zone in network.zones.iter() {
        if let Some(fault) = invisible(network, zone) {
            verdicts.fault(fault);
        }
    }
    for vpc in network.distinct_vpcs() {
        for acting in &network.view(vpc.id).zones {
            if network.zones[acting.thing].managed {
                judge(dns, vpc, acting, &mut verdicts);
            }
        }
    }
    verdicts.all
}

fn judge(dns: &Dns<'_>, vpc: &Declared<Vpc>, acting: &Acting<HostedZone>, verdicts: &mut Verdicts) {
    let network = dns.network;
    let zone = &network.zones[acting.thing];
    let Ok(Some(domain)) = zone.it.name.get() else { return };
    let mut hidden = Vec::new();
    let mut severity = Severity::Warning;
    for cluster in managed(network.clusters.iter()) {
        let question = Question::Endpoint(cluster.id);
        match dns.covers(domain, &question) {
            Tri::Yes => {}
            Tri::No => continue,
            Tri::Maybe(unknown) => {
                if about_eks(domain) {
                    verdicts.undecided(unknown, zone.span);
                }
                continue;
            }
        }
        let home = network.vpc_of_cluster(cluster.id) == Ok(vpc.id);
        let clients = dns.clients(cluster.id).unwrap_or_default();
        let client = clients.iter().any(|client| client.vpc == vpc.id);
        if !(home || client || about_eks(domain)) {
            continue;
        }
        if home && is_own(domain, cluster) && cluster.private_access.get() == Ok(&true) {
            match &zone.exists {
                Ok(()) => verdicts.fault(twice(vpc, zone, cluster, acting.span)),
                Err(unknown) => verdicts.undecided(unknown.clone(), zone.span),
            }
            continue;
        }
        let trace = dns.resolve(&question, Origin::Host(vpc.id));
        let decides = trace.steps.iter().any(|step| step.span == acting.span);
        match trace.end {
            Ok(Answer::NxDomain | Answer::NoData) if decides => {
                hidden.push((format!("the endpoint name of {}", cluster.name), cluster.span));
                if home || client {
                    severity = Severity::Error;
                }
            }
            Ok(Answer::Zone(id)) if id == zone.id => {
                let answers = |at: Span| trace.steps.iter().any(|step| step.span == at);
                if let Some(fault) = frozen(network, vpc, (zone, &answers), cluster, acting.span) {
                    verdicts.fault(fault);
                }
            }
            Ok(_) => {}
            Err(unknown) => verdicts.undecided(unknown, zone.span),
        }
        if home {
            let services = hidden_services(dns, vpc.id, cluster, acting.span);
            if !services.is_empty() {
                severity = Severity::Error;
            }
            hidden.extend(services.into_iter().map(|name| (name, cluster.span)));
        }
    }
    if !hidden.is_empty() {
        verdicts.fault(hides(vpc, zone, acting.span, severity, &hidden));
    }
}

/// The services that the nodes of a cluster need, and that a zone hides.
fn hidden_services(
    dns: &Dns<'_>,
    vpc: Id<Vpc>,
    cluster: &Declared<Cluster>,
    zone: Span,
) -> Vec<String> {
    let nodes = dns.network.nodes_of(cluster.id);
    let mut needed: Vec<_> =
        nodes.iter().flat_map(|nodes| AwsService::needed_by(nodes.kind)).copied().collect();
    needed.sort_unstable();
    needed.dedup();
    let hidden = needed.into_iter().filter(|service| {
        let name = service_name(dns.network, vpc, *service);
        let trace = dns.resolve(&Question::Name(name), Origin::Host(vpc));
        let decides = trace.steps.iter().any(|step| step.span == zone);
        decides && matches!(trace.end, Ok(Answer::NxDomain | Answer::NoData))
    });
    hidden.map(|service| format!("the name of {}", service.short())).collect()
}

fn is_own(domain: &Domain, cluster: &Declared<Cluster>) -> bool {
    matches!(domain, Domain::EndpointHost(host) if *host == cluster.id)
}

fn about_eks(domain: &Domain) -> bool {
    let eks = |label: &Label| matches!(label, Label::Text(text) if matches!(&**text, "eks" | "eks-cluster"));
    match domain {
        Domain::Name(name) => name.0.iter().any(eks),
        Domain::EndpointHost(_) => true,
        Domain::EndpointUrl(_) | Domain::Malformed(..) => false,
    }
}

fn hides(
    vpc: &Declared<Vpc>,
    zone: &Declared<HostedZone>,
    at: Span,
    severity: Severity,
    hidden: &[(String, Span)],
) -> Fault {
    let names: Vec<_> = hidden.iter().map(|(name, _)| name.clone()).collect();
    let domain = zone.it.name.span().unwrap_or(zone.span);
    let mut labels = vec![Note::new(at, format!("acts in {}", vpc.name))];
    labels.extend(hidden.iter().map(|(_, span)| Note::new(*span, "its names are hidden")));
    Fault {
        severity,
        message: format!(
            "{} hides {} in {}: it has no record for it, and the query goes no further",
            zone.name,
            list(&names),
            vpc.name
        ),
        primary: Note::new(domain, "answers for every name below"),
        labels,
        help: format!(
            "take {} away from {}, or give it a name of your own; for a private endpoint use a \
             Resolver rule that forwards to an inbound endpoint beside the cluster",
            zone.name, vpc.name
        ),
        subjects: vec![zone.name.to_string(), vpc.name.to_string()],
    }
}

/// A zone with written addresses in place of EKS's own.
fn frozen(
    network: &Network,
    vpc: &Declared<Vpc>,
    (zone, answers): (&Declared<HostedZone>, &dyn Fn(Span) -> bool),
    cluster: &Declared<Cluster>,
    at: Span,
) -> Option<Fault> {
    let of_zone = managed(network.records.iter())
        .filter(|set| matches!(set.zone.get(), Ok(Some(named)) if *named == zone.id));
    let mut records = of_zone.flat_map(|set| set.it.all.known());
    let (_, record) = records.find(|(record, at)| has_literals(record) && answers(*at))?;
    Some(Fault {
        severity: Severity::Warning,
        message: format!(
            "{} answers for {} in {} with written addresses, and EKS replaces its network interfaces",
            zone.name, cluster.name, vpc.name
        ),
        primary: Note::new(record, "holds until an update of the cluster"),
        labels: vec![
            Note::new(at, format!("acts in {}", vpc.name)),
            Note::new(cluster.span, "its addresses change"),
        ],
        help: format!(
            "forward the endpoint name of {} to an inbound endpoint in its VPC with a Resolver rule, \
             and drop {}",
            cluster.name, zone.name
        ),
        subjects: vec![zone.name.to_string(), vpc.name.to_string()],
    })
}

fn has_literals(record: &Record) -> bool {
    let addresses =
        matches!(record.record_type.get(), Ok(Some(kind)) if matches!(&**kind, "A" | "AAAA"));
    addresses && !record.alias && record.values.known().next().is_some()
}

/// A zone of the very name of EKS's own, in the VPC of the cluster.
fn twice(
    vpc: &Declared<Vpc>,
    zone: &Declared<HostedZone>,
    cluster: &Declared<Cluster>,
    at: Span,
) -> Fault {
    Fault {
        severity: Severity::Warning,
        message: format!(
            "{} has the name of the zone that EKS keeps for {} in {}: one VPC takes one zone of a name",
            zone.name, cluster.name, vpc.name
        ),
        primary: Note::new(zone.it.name.span().unwrap_or(zone.span), "the endpoint name"),
        labels: vec![
            Note::new(at, format!("acts in {}", vpc.name)),
            Note::new(cluster.span, "EKS keeps the zone of its endpoint here"),
        ],
        help: format!("take {} away from {}: EKS answers the name there", zone.name, vpc.name),
        subjects: vec![zone.name.to_string(), vpc.name.to_string()],
    }
}

/// A data source that looks for EKS's own zone, which is in an account of AWS.
fn invisible(network: &Network, zone: &Declared<HostedZone>) -> Option<Fault> {
    let Ok(Some(Domain::EndpointHost(cluster))) = zone.it.name.get() else { return None };
    let looked_up = !zone.managed && zone.exists.is_ok() && zone.private.get() == Ok(&true);
    let cluster = &network.clusters[*cluster];
    looked_up.then(|| Fault {
        severity: Severity::Error,
        message: format!(
            "{} looks for the zone that EKS keeps for {}, and no account of yours has it",
            zone.name, cluster.name
        ),
        primary: Note::new(zone.it.name.span().unwrap_or(zone.span), "EKS's own zone cannot be read"),
        labels: vec![Note::new(cluster.span, "EKS keeps the zone of its endpoint in an account of AWS")],
        help: format!(
            "forward the endpoint name of {} to an inbound endpoint in its VPC with a Resolver rule",
            cluster.name
        ),
        subjects: vec![zone.name.to_string()],
    })
}
