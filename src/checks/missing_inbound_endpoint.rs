//! `missing-inbound-endpoint`: who forwards the endpoint's name must reach the cluster VPC's resolver.

use crate::dns::{Answer, Client, Dns, Intent, Origin, Question};
use crate::finding::{Rule, Severity, Verdict};
use crate::network::{
    Cluster, Declared, EndpointDirection, Id, Network, ResolverEndpoint, ResolverRule, RuleTarget,
    Tri, Vpc,
};
use crate::reach::{connected, leads_to_cluster};
use crate::source::{Language, Note, Span};
use crate::unknown::Unknown;

use super::{Check, Fault, Verdicts, list, managed};

const RULE: Rule = Rule {
    id: "missing-inbound-endpoint",
    summary: "a client is meant to resolve the private endpoint through a rule, or cannot otherwise, and the cluster VPC has no inbound endpoint that serves it",
    severities: &[Severity::Error, Severity::Warning, Severity::Note],
    languages: Language::ALL,
    doc: include_str!("../../rules/missing-inbound-endpoint.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

fn run(dns: &Dns<'_>) -> Vec<Verdict> {
    let network = dns.network;
    let mut verdicts = Verdicts::new(&RULE);
    for cluster in managed(network.clusters.iter()) {
        let home = match network.vpc_of_cluster(cluster.id) {
            Ok(home) => home,
            Err(unknown) => {
                let asked = managed(network.rules.iter())
                    .any(|rule| dns.may_be_for_endpoint(rule, cluster.id));
                if asked && cluster.private_access.get() != Ok(&false) {
                    verdicts.undecided(unknown, cluster.span);
                }
                continue;
            }
        };
        match cluster.private_access.get() {
            Ok(true) => {}
            Ok(false) => continue,
            Err(unknown) => {
                let mut rules = managed(network.rules.iter());
                if rules.any(|rule| dns.is_for_endpoint(rule, cluster.id, home)) {
                    verdicts.undecided(unknown, cluster.span);
                }
                continue;
            }
        }
        let case = Case { dns, network, cluster, home };
        for rule in managed(network.rules.iter()) {
            if dns.is_for_endpoint(rule, cluster.id, home) {
                case.rule(rule, &mut verdicts);
            }
        }
        case.unanswered(&mut verdicts);
    }
    verdicts.all
}

/// One cluster with a private endpoint.
struct Case<'a> {
    dns: &'a Dns<'a>,
    network: &'a Network,
    cluster: &'a Declared<Cluster>,
    home: Id<Vpc>,
}

impl Case<'_> {
    /// A rule for the endpoint's name, and where its targets are.
    fn rule(&self, rule: &Declared<ResolverRule>, verdicts: &mut Verdicts) {
        for (destination, block) in rule.targets.known() {
            let span = destination.target.span().unwrap_or(block);
            let Ok(target) = destination.target.get() else { continue };
            match self.network.endpoint_at(target) {
                Ok(Some(endpoint))
                    if endpoint.direction.get() == Ok(&EndpointDirection::Inbound) =>
                {
                    let vpc = self.network.vpc_of_endpoint(endpoint.id);
                    match vpc.map(|vpc| self.network.same_vpc(vpc, self.home)) {
                        Ok(Tri::Yes) => {}
                        Ok(Tri::No) => return self.wrong_vpc(rule, endpoint, span, verdicts),
                        Ok(Tri::Maybe(unknown)) | Err(unknown) => {
                            verdicts.undecided(unknown, rule.span);
                        }
                    }
                }
                Ok(Some(_)) => {}
                Ok(None) => {
                    let here = matches!(target, RuleTarget::Address(address)
                        if self.network.vpc_at(*address) == Some(self.home));
                    if here && self.reaches(rule) && self.lacks_inbound(verdicts, rule.span) {
                        return verdicts.fault(self.no_endpoint(rule, span));
                    }
                }
                Err(unknown) => verdicts.undecided(unknown, rule.span),
            }
        }
    }

    /// Whether the rule's queries leave into the cluster's VPC, so that its addresses are meant: networks
    /// that are not connected may use the same ones.
    fn reaches(&self, rule: &ResolverRule) -> bool {
        let Ok(Some(outbound)) = rule.endpoint.get() else { return false };
        let from = self.network.vpc_of_endpoint(*outbound);
        from.is_ok_and(|from| from == self.home || self.network.are_joined(from, self.home))
    }

    /// Whether the cluster's VPC certainly has no inbound endpoint.
    fn lacks_inbound(&self, verdicts: &mut Verdicts, span: Span) -> bool {
        if !self.network.inbound_endpoints(self.home).is_empty() {
            return false;
        }
        match self.unseen().or_else(|| self.network.may_listen(self.home)) {
            Some(unknown) => {
                verdicts.undecided(unknown, span);
                false
            }
            None => true,
        }
    }

    /// Why the VPC may have an inbound endpoint all the same.
    fn unseen(&self) -> Option<Unknown> {
        let vpc = self.network.vpc(self.home);
        let outside = || {
            let name = format!("the inbound endpoints of {}", vpc.name);
            (!vpc.managed).then(|| Unknown::new(name, crate::unknown::Why::ReadAtApply))
        };
        let unplaced = self
            .network
            .endpoints
            .iter()
            .filter(|endpoint| endpoint.direction.get() != Ok(&EndpointDirection::Outbound))
            .filter(|endpoint| endpoint.managed || !self.network.is_sent_through(endpoint.id));
        let unplaced =
            unplaced.filter_map(|endpoint| self.network.vpc_of_endpoint(endpoint.id).err());
        let unseen = self.network.unseen(self.home).or_else(outside);
        unseen.or_else(|| Unknown::of_all(unplaced))
    }

    fn no_endpoint(&self, rule: &Declared<ResolverRule>, span: Span) -> Fault {
        let vpc = self.network.vpc(self.home);
        Fault {
            severity: Severity::Error,
            message: format!(
                "{} forwards to {}, the VPC of {}, and no inbound endpoint is in that VPC",
                rule.name, vpc.name, self.cluster.name
            ),
            primary: Note::new(span, "no server listens at this address"),
            labels: vec![
                Note::new(rule.span, format!("for the endpoint of {}", self.cluster.name)),
                Note::new(vpc.span, "no inbound endpoint is in this VPC"),
                Note::new(self.cluster.span, format!("the cluster is in {}", vpc.name)),
            ],
            help: format!(
                "make an inbound endpoint in {} with these addresses, in at least two subnets",
                vpc.name
            ),
            subjects: vec![self.cluster.name.to_string(), rule.name.to_string()],
        }
    }

    /// A target that answers as another VPC would.
    fn wrong_vpc(
        &self,
        rule: &Declared<ResolverRule>,
        endpoint: &Declared<ResolverEndpoint>,
        span: Span,
        verdicts: &mut Verdicts,
    ) {
        let question = Question::Endpoint(self.cluster.id);
        let origin = Origin::Inbound(endpoint.id);
        let trace = self.dns.resolve(&question, origin);
        let (severity, effect) = match &trace.end {
            Ok(Answer::Public(_)) => (Severity::Error, "it answers the public addresses"),
            Ok(Answer::NxDomain) => (Severity::Error, "it does not know the name"),
            Ok(Answer::Private(_)) if trace.steps.len() <= 1 => (
                Severity::Note,
                "the private addresses it answers are those of public DNS, which needs no rule",
            ),
            Ok(_) => return,
            Err(unknown) => return verdicts.undecided(unknown.clone(), rule.span),
        };
        let other = self.network.vpc_of_endpoint(endpoint.id);
        let other =
            other.map_or_else(|_| "another VPC".into(), |vpc| self.network.vpc(vpc).name.clone());
        let vpc = self.network.vpc(self.home);
        verdicts.fault(Fault {
            severity,
            message: format!(
                "{} forwards the endpoint of {} to {}, which is not in the VPC of the cluster: {effect}",
                rule.name, self.cluster.name, endpoint.name
            ),
            primary: Note::new(span, format!("an inbound endpoint of {other}")),
            labels: std::iter::once(Note::new(rule.span, format!("for the endpoint of {}", self.cluster.name)))
                .chain(trace.steps)
                .chain([Note::new(self.cluster.span, format!("the cluster is in {}", vpc.name))])
                .collect(),
            help: format!("send to an inbound endpoint in {}", vpc.name),
            subjects: vec![
                self.cluster.name.to_string(),
                rule.name.to_string(),
                endpoint.name.to_string(),
            ],
        });
    }

    /// Clients for whom the name does not exist: one finding for all of them.
    fn unanswered(&self, verdicts: &mut Verdicts) {
        let question = Question::Endpoint(self.cluster.id);
        let meant = self.dns.clients(self.cluster.id).unwrap_or_default();
        let mut lost: Vec<(Id<Vpc>, bool, Vec<Note>)> = Vec::new();
        let candidates: Vec<Id<Vpc>> = if self.dns.assumptions.eks_public_dns {
            meant.iter().map(|client| client.vpc).collect()
        } else {
            self.network.distinct_vpcs().map(|vpc| vpc.id).collect()
        };
        for vpc in candidates.into_iter().filter(|vpc| *vpc != self.home) {
            let vpc = self.network.vpc(vpc);
            let client = meant.iter().find(|client| client.vpc == vpc.id);
            let by_rule = client.is_some_and(|client| client.has(Intent::Rule));
            let leads = || {
                connected(self.network, vpc.id, self.home)
                    || leads_to_cluster(self.network, vpc.id, self.cluster.id) == Tri::Yes
            };
            let assumed = !self.dns.assumptions.eks_public_dns && leads();
            if by_rule || !(client.is_some() || assumed) {
                continue;
            }
            let trace = self.dns.resolve(&question, Origin::Host(vpc.id));
            let nx = match &trace.end {
                Ok(Answer::NxDomain) => true,
                Ok(Answer::Elsewhere(_, then)) => **then == Answer::NxDomain,
                Ok(_) => false,
                Err(unknown) => {
                    verdicts.undecided(unknown.clone(), self.cluster.span);
                    false
                }
            };
            if nx && !self.hidden_by_zone(vpc.id, &trace.steps) {
                let why = client.map(|client: &Client| client.notes().collect::<Vec<_>>());
                let notes = why.unwrap_or_default().into_iter().chain(trace.steps).collect();
                lost.push((vpc.id, client.is_some(), notes));
            }
        }
        if lost.is_empty() {
            return;
        }
        let inbound = self.network.inbound_endpoints(self.home);
        match self.unseen() {
            Some(unknown) if inbound.is_empty() => verdicts.undecided(unknown, self.cluster.span),
            _ => verdicts.fault(self.nobody_knows(lost, &inbound)),
        }
    }

    /// Whether a zone of this code hides the name there, which is that zone's fault.
    fn hidden_by_zone(&self, vpc: Id<Vpc>, steps: &[Note]) -> bool {
        let decides = |at: Span| steps.iter().any(|step| step.span == at);
        let zones = &self.network.view(vpc).zones;
        zones.iter().any(|zone| self.network.zones[zone.thing].managed && decides(zone.span))
    }

    fn nobody_knows(
        &self,
        lost: Vec<(Id<Vpc>, bool, Vec<Note>)>,
        inbound: &[&Declared<ResolverEndpoint>],
    ) -> Fault {
        let home = self.network.vpc(self.home);
        let names: Vec<_> =
            lost.iter().map(|(vpc, ..)| self.network.vpc(*vpc).name.to_string()).collect();
        let meant = lost.iter().any(|(_, meant, _)| *meant);
        let (what, help) = match inbound.first() {
            Some(endpoint) => (
                format!("nothing forwards the name to {}", endpoint.name),
                format!("forward the name from {} to {}", list(&names), endpoint.name),
            ),
            None => (
                format!("{} has no inbound endpoint", home.name),
                format!(
                    "make an inbound endpoint in {}, and a rule that forwards the name to it from {}",
                    home.name,
                    list(&names)
                ),
            ),
        };
        let mut labels: Vec<_> = lost.into_iter().flat_map(|(.., notes)| notes).collect();
        labels.extend(inbound.iter().map(|one| Note::new(one.span, "nothing forwards to it")));
        labels.push(Note::new(home.span, "the only VPC in which the name exists"));
        let span = self.cluster.private_access.span().unwrap_or(self.cluster.span);
        Fault {
            severity: if meant { Severity::Error } else { Severity::Warning },
            message: format!(
                "the private endpoint of {} does not resolve from {}: {what}",
                self.cluster.name,
                list(&names)
            ),
            primary: Note::new(span, "private access only: the name exists in the cluster's VPC"),
            labels,
            help,
            subjects: std::iter::once(self.cluster.name.to_string()).chain(names).collect(),
        }
    }
}
