//! `blocked-by-dns-firewall`: DNS Firewall drops the names that a cluster needs.

use std::collections::{BTreeMap, BTreeSet};

use crate::dns::{Answer, Dns, Filtered, Origin, Question, service_name};
use crate::finding::{Rule, Severity, Verdict};
use crate::network::{
    AwsService, BlockResponse, Cluster, Declared, FirewallRule, FirewallRuleGroup, Id, Network, Vpc,
};
use crate::source::{Language, Note, Span};

use super::{Check, Fault, Verdicts, list, managed};

const RULE: Rule = Rule {
    id: "blocked-by-dns-firewall",
    summary: "DNS Firewall rules that drop the names the cluster needs",
    severities: &[Severity::Error, Severity::Warning],
    languages: Language::ALL,
    doc: include_str!("../../rules/blocked-by-dns-firewall.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

/// What one rule drops in one VPC.
struct Dropped {
    names: Vec<String>,
    /// The addresses of the clusters, or the services, that the names are of.
    of: Vec<String>,
    response: BlockResponse,
    clusters: Vec<Span>,
    /// What the endpoints' names end with: that of a cluster with IPv6 has another end.
    ends: BTreeSet<&'static str>,
}

fn run(dns: &Dns<'_>) -> Vec<Verdict> {
    let network = dns.network;
    let mut verdicts = Verdicts::new(&RULE);
    for group in managed(network.firewall_groups.iter()) {
        same_priority(network, group, &mut verdicts);
    }
    let mut all: BTreeMap<(Id<Vpc>, Span), Dropped> = BTreeMap::new();
    for cluster in managed(network.clusters.iter()) {
        for (vpc, question, name, of) in questions(dns, cluster) {
            if network.view(vpc).firewall.is_empty() {
                continue;
            }
            match dns.firewall(&question, vpc) {
                Ok((Filtered::Blocked(response), Some(note))) => {
                    let (names, whose, clusters, ends) = Default::default();
                    let new = || Dropped { names, of: whose, response, clusters, ends };
                    let dropped = all.entry((vpc, note.span)).or_insert_with(new);
                    if !dropped.names.contains(&name) {
                        dropped.names.push(name);
                        dropped.of.push(of);
                    }
                    dropped.clusters.push(cluster.span);
                    let family = cluster.ip_family.get();
                    let is_ipv6 = family.is_ok_and(|family| family.as_deref() == Some("ipv6"));
                    dropped.ends.insert(if is_ipv6 { "*.api.aws" } else { "*.eks.amazonaws.com" });
                }
                Ok((_, note)) => {
                    let answer = dns.resolve(&question, Origin::Host(vpc)).end;
                    if let (Ok(Answer::Blocked(_)), Some(note)) = (answer, note) {
                        verdicts.fault(alias(network, vpc, (&name, of), &note));
                    }
                }
                Err(unknown) => verdicts.undecided(unknown, cluster.span),
            }
        }
    }
    for ((vpc, rule), dropped) in all {
        verdicts.fault(fault(network, network.vpc(vpc), rule, &dropped));
    }
    verdicts.all
}

/// Who asks, for what, how that is shown, and whose name it is: the address of a cluster, or a service.
type Asking = (Id<Vpc>, Question, String, String);

/// The names that a cluster needs, and the VPCs that ask for them.
fn questions(dns: &Dns<'_>, cluster: &Declared<Cluster>) -> Vec<Asking> {
    let network = dns.network;
    let Ok(home) = network.vpc_of_cluster(cluster.id) else { return Vec::new() };
    let clients = dns.clients(cluster.id).unwrap_or_default().iter().map(|client| client.vpc);
    let endpoint = format!("the endpoint name of {}", cluster.name);
    let of = cluster.name.to_string();
    let endpoint = |vpc| (vpc, Question::Endpoint(cluster.id), endpoint.clone(), of.clone());
    let mut all: Vec<_> = std::iter::once(home).chain(clients).map(endpoint).collect();
    for nodes in network.nodes_of(cluster.id) {
        for service in AwsService::needed_by(nodes.kind) {
            let name = service_name(network, home, *service);
            let shown = service.short().to_owned();
            all.push((home, Question::Name(name), format!("the name of {shown}"), shown));
        }
    }
    all
}

fn fault(network: &Network, vpc: &Declared<Vpc>, rule: Span, dropped: &Dropped) -> Fault {
    let got = match dropped.response {
        BlockResponse::NoData => "NODATA",
        BlockResponse::NxDomain => "NXDOMAIN",
        BlockResponse::Override => "another name",
    };
    let names = list(&dropped.names);
    let view = network.view(vpc.id);
    let mut labels: Vec<_> = view
        .firewall
        .iter()
        .map(|(acting, _)| Note::new(acting.span, format!("acts in {}", vpc.name)))
        .collect();
    labels.extend(dropped.clusters.iter().map(|span| Note::new(*span, "needs the names")));
    Fault {
        severity: Severity::Error,
        message: format!("DNS Firewall blocks {names} in {}: hosts get {got}", vpc.name),
        primary: Note::new(rule, "the first rule that matches, and it blocks"),
        labels,
        help: format!(
            "put a rule with the action ALLOW and a lower priority before this one, for \
             {} and the AWS services that {} needs (*.amazonaws.com)",
            list(&dropped.ends.iter().map(ToString::to_string).collect::<Vec<_>>()),
            vpc.name
        ),
        subjects: std::iter::once(vpc.name.to_string()).chain(dropped.of.iter().cloned()).collect(),
    }
}

/// A rule lets a name pass, and the name that it is an alias for is blocked.
fn alias(network: &Network, vpc: Id<Vpc>, (name, of): (&str, String), passes: &Note) -> Fault {
    let vpc = network.vpc(vpc);
    Fault {
        severity: Severity::Warning,
        message: format!(
            "DNS Firewall lets {name} pass in {}, and blocks the name that it is an alias for",
            vpc.name
        ),
        primary: Note::new(passes.span, "inspects the names that an alias leads to"),
        labels: vec![Note::new(vpc.span, "asks")],
        help: "add the names of the chain to the allowed ones, or set \
               `firewall_domain_redirection_action` (`FirewallDomainRedirectionAction`) to \
               TRUST_REDIRECTION_DOMAIN in this rule"
            .to_owned(),
        subjects: vec![vpc.name.to_string(), of],
    }
}

/// Two rules of one group with one priority, which Route 53 refuses.
fn same_priority(network: &Network, group: &Declared<FirewallRuleGroup>, verdicts: &mut Verdicts) {
    let inline = group.rules.known();
    let apart = managed(network.firewall_rules.iter())
        .filter(|one| matches!(one.group.get(), Ok(of) if *of == group.id))
        .map(|one| (&one.it.rule, one.span));
    let mut seen: Vec<(i64, &FirewallRule, Span)> = Vec::new();
    for (rule, span) in inline.chain(apart) {
        let Ok(priority) = rule.priority.get() else { continue };
        let at = |rule: &FirewallRule, span| rule.priority.span().unwrap_or(span);
        if let Some((_, first, there)) = seen.iter().find(|(one, ..)| one == priority) {
            verdicts.fault(Fault {
                severity: Severity::Error,
                message: format!(
                    "two rules of {} have the priority {priority}, and Route 53 Resolver refuses the second",
                    group.name
                ),
                primary: Note::new(at(rule, span), "the second with it"),
                labels: vec![
                    Note::new(at(first, *there), "the first"),
                    Note::new(group.span, "their group"),
                ],
                help: format!("give each rule of {} a priority of its own", group.name),
                subjects: vec![group.name.to_string(), priority.to_string()],
            });
        }
        seen.push((*priority, rule, span));
    }
}
