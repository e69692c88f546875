//! `no-endpoint-access`: an API server endpoint that nobody may use is refused by EKS.

use crate::dns::Dns;
use crate::finding::{Rule, Severity, Verdict};
use crate::network::{Cluster, Declared, Tri};
use crate::source::{Language, Note};

use super::{Check, Fault, Verdicts, managed};

const RULE: Rule = Rule {
    id: "no-endpoint-access",
    summary: "both endpoint flags off, or a local cluster with public access",
    severities: &[Severity::Error],
    languages: Language::ALL,
    doc: include_str!("../../rules/no-endpoint-access.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

fn run(dns: &Dns<'_>) -> Vec<Verdict> {
    let network = dns.network;
    let mut verdicts = Verdicts::new(&RULE);
    for cluster in managed(network.clusters.iter()) {
        match (cluster.public_access.get(), cluster.private_access.get()) {
            (Ok(false), Ok(false)) => verdicts.fault(both_off(cluster)),
            (Ok(true), _) => match &cluster.on_outpost {
                Tri::Yes => verdicts.fault(local(cluster)),
                Tri::No => {}
                Tri::Maybe(unknown) => verdicts.undecided(unknown.clone(), cluster.span),
            },
            (_, Ok(true)) if cluster.on_outpost == Tri::No => {}
            (Ok(false), Ok(true)) => {}
            (Err(unknown), _) | (_, Err(unknown)) => verdicts.undecided(unknown, cluster.span),
        }
    }
    verdicts.all
}

fn both_off(cluster: &Declared<Cluster>) -> Fault {
    let at = cluster.public_access.span().unwrap_or(cluster.span);
    let private = match cluster.private_access.span() {
        Some(span) => Note::new(span, "and private access is off too"),
        None => Note::new(cluster.span, "private access is left out, and the default is off"),
    };
    Fault {
        severity: Severity::Error,
        message: format!(
            "{} has neither public nor private endpoint access, which EKS refuses",
            cluster.name
        ),
        primary: Note::new(at, "public access is off"),
        labels: vec![private],
        help: format!("turn private endpoint access on for {}", cluster.name),
        subjects: vec![cluster.name.to_string()],
    }
}

fn local(cluster: &Declared<Cluster>) -> Fault {
    let (at, label) = match cluster.public_access.span() {
        Some(span) => (span, "turns public access on"),
        None => (cluster.span, "leaves public access out, and the default is on"),
    };
    Fault {
        severity: Severity::Error,
        message: format!(
            "{} is a local cluster on an Outpost, which has no public endpoint",
            cluster.name
        ),
        primary: Note::new(at, label),
        labels: Vec::new(),
        help: format!("turn public endpoint access off and private on for {}", cluster.name),
        subjects: vec![cluster.name.to_string()],
    }
}
