//! `malformed-rule-domain`: a rule's domain must be a domain name, and the name of the cluster's Region.

use crate::dns::{Dns, endpoint_name};
use crate::finding::{Rule, Severity, Verdict};
use crate::network::{
    Cluster, Declared, Domain, Id, Label, Name, Network, ResolverRule, Tri, Vpc, Zone,
};
use crate::source::{Language, Note};

use super::{Check, Fault, Verdicts, managed};

const RULE: Rule = Rule {
    id: "malformed-rule-domain",
    summary: "a URL, a wildcard, a port or a path as domain name; the cluster's endpoint unstripped; the name of another Region or partition",
    severities: &[Severity::Error, Severity::Warning],
    languages: Language::ALL,
    doc: include_str!("../../rules/malformed-rule-domain.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

fn run(dns: &Dns<'_>) -> Vec<Verdict> {
    let network = dns.network;
    let mut verdicts = Verdicts::new(&RULE);
    for rule in managed(network.rules.iter()) {
        let span = rule.domain.span().unwrap_or(rule.span);
        if let Err(unknown) = &rule.stripped {
            verdicts.undecided(unknown.clone(), rule.span);
        }
        match rule.domain.get() {
            Ok(Some(Domain::Malformed(text, fault))) => {
                let shown: String = text.chars().take(80).collect();
                let message = format!("the domain of {} {fault}", rule.name);
                let label = format!("`{shown}` is no domain name");
                let help = "write the bare name; the rule matches it and every name below it";
                verdicts.fault(of(rule, Severity::Error, message, Note::new(span, label), help));
            }
            Ok(Some(Domain::EndpointUrl(cluster))) => {
                let name = &network.clusters[*cluster].name;
                let message =
                    format!("the domain of {} is the endpoint of {name}, a URL", rule.name);
                let label = "begins with `https://`, so it matches no name".to_owned();
                let help = "strip `https://` from the endpoint: the rule's domain is the host name";
                verdicts.fault(of(rule, Severity::Error, message, Note::new(span, label), help));
            }
            Ok(Some(Domain::Name(name))) => {
                if let ([Label::Open(_)], Some(unknown)) = (name.0.as_slice(), name.unknown()) {
                    verdicts.undecided(unknown, rule.span);
                }
                if let Some(cluster) = cluster_of(network, rule, name)
                    && let Some((severity, why)) = foreign(network, name, cluster)
                {
                    let message = format!(
                        "{} forwards {name} to the VPC of {}, whose endpoint is not under that name",
                        rule.name, cluster.name
                    );
                    let help = "take the domain from the cluster's endpoint, without `https://`";
                    let mut fault = of(rule, severity, message, Note::new(span, why), help);
                    fault.labels.push(Note::new(cluster.span, "the only cluster in that VPC"));
                    verdicts.fault(fault);
                }
            }
            Ok(_) => {}
            Err(unknown) => verdicts.undecided(unknown, rule.span),
        }
    }
    verdicts.all
}

fn of(
    rule: &Declared<ResolverRule>,
    severity: Severity,
    message: String,
    primary: Note,
    help: &str,
) -> Fault {
    let subjects = vec![rule.name.to_string()];
    Fault { severity, message, primary, labels: Vec::new(), help: help.to_owned(), subjects }
}

/// The one cluster with a private endpoint in the VPC that the rule forwards to.
fn cluster_of<'a>(
    network: &'a Network,
    rule: &Declared<ResolverRule>,
    name: &Name,
) -> Option<&'a Declared<Cluster>> {
    let targets = rule.targets.known().filter_map(|(one, _)| one.target.get().ok());
    let inbound =
        targets.into_iter().find_map(|target| network.endpoint_at(target).ok().flatten())?;
    let vpc = network.vpc_of_endpoint(inbound.id).ok()?;
    if goes_on(network, name, vpc) {
        return None;
    }
    let mut clusters = managed(network.clusters.iter()).filter(|cluster| {
        network.vpc_of_cluster(cluster.id) == Ok(vpc) && cluster.private_access.get() == Ok(&true)
    });
    let first = clusters.next()?;
    clusters.next().is_none().then_some(first)
}

/// Whether the VPC that a rule sends a name to has, or may have, a rule of its own for it: then the
/// cluster may be behind it.
fn goes_on(network: &Network, name: &Name, vpc: Id<Vpc>) -> bool {
    let rules = network.rules_of(vpc);
    let takes = |other: &ResolverRule| match other.domain.get() {
        Ok(Some(Domain::Name(other))) => other.0.len() > 2 && other.covers(name) != Tri::No,
        Ok(_) => false,
        Err(_) => true,
    };
    rules.open.is_some() || rules.items.iter().any(|(other, _)| takes(&network.rules[*other]))
}

/// Why a name that is meant for EKS endpoints cannot be that of the cluster.
fn foreign(
    network: &Network,
    name: &Name,
    cluster: &Declared<Cluster>,
) -> Option<(Severity, String)> {
    let own = endpoint_name(network, cluster.id);
    let eks = |label: &Label| matches!(label, Label::Text(text) if &**text == "eks");
    let at = name.0.iter().position(eks)?;
    if at == 0 {
        return None; // `eks.<region>.amazonaws.com` is the management name: another rule's fault
    }
    if !is_aws(&name.0[at + 1..]) {
        return None; // a company's own `eks.example.com`
    }
    let own_at = own.0.iter().position(eks);
    let Some(own_at) = own_at else {
        let why = "an IPv6 cluster's name is under `api.aws`".to_owned();
        return Some((Severity::Warning, why));
    };
    if name.0[at..] != own.0[own_at..] && name.unknown().is_none() {
        return Some((Severity::Error, "the suffix of another partition".to_owned()));
    }
    let Label::Text(written) = &name.0[at - 1] else { return None };
    let region = match &own.0[own_at - 1] {
        Label::Text(region) => Some(region.to_string()),
        Label::Open(_) => region_by_zone(network, cluster),
    };
    let region = region.filter(|region| **region != **written)?;
    Some((Severity::Error, format!("another Region: the cluster is in {region}")))
}

/// The Region that a cluster's subnets name by their Availability Zone: `us-east-1a`,
/// `us-west-2-lax-1a`.
fn region_by_zone(network: &Network, cluster: &Cluster) -> Option<String> {
    cluster.subnets.known().find_map(|(subnet, _)| {
        let Ok(Some(Zone::Named(zone))) = network.subnets[*subnet].zone.get() else {
            return None;
        };
        let number = zone.find(|c: char| c.is_ascii_digit())?;
        let digits = zone[number..].find(|c: char| !c.is_ascii_digit())?;
        Some(zone[..number + digits].to_owned())
    })
}

/// Whether labels are a suffix under which AWS has its names, in some partition
/// (<https://docs.aws.amazon.com/general/latest/gr/rande.html>).
fn is_aws(labels: &[Label]) -> bool {
    const SUFFIXES: [&str; 8] = [
        "amazonaws.com",
        "amazonaws.com.cn",
        "amazonaws.eu",
        "c2s.ic.gov",
        "sc2s.sgov.gov",
        "cloud.adc-e.uk",
        "csp.hci.ic.gov",
        "api.aws",
    ];
    SUFFIXES.contains(&Name(labels.to_vec()).to_string().as_str())
}
