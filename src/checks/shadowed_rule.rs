//! `shadowed-rule`: what another, more specific or stronger one always beats.

use crate::dns::{Answer, Dns, Origin, Question};
use crate::finding::{Rule, Severity, Verdict};
use crate::network::{
    Acting, Cluster, Declared, Destination, Domain, HostedZone, Id, Network, ResolverEndpoint,
    ResolverRule, RuleTarget, RuleType, Through, Tri, Vpc,
};
use crate::source::{Language, Note};
use crate::unknown::{Unknown, Why};

use super::{Check, Fault, Verdicts, managed};

const RULE: Rule = Rule {
    id: "shadowed-rule",
    summary: "a rule or zone that can never win where it is associated",
    severities: &[Severity::Warning],
    languages: Language::ALL,
    doc: include_str!("../../rules/shadowed-rule.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

fn run(dns: &Dns<'_>) -> Vec<Verdict> {
    let network = dns.network;
    let mut verdicts = Verdicts::new(&RULE);
    for vpc in network.vpcs_with_rules() {
        let vpc = network.vpc(vpc);
        for acting in &network.view(vpc.id).rules {
            let rule = &network.rules[acting.thing];
            if rule.rule_type.get() != Ok(&RuleType::Forward) || rule.exists.is_err() {
                continue;
            }
            match zones_below(dns, vpc, rule, acting) {
                Ok(zones) => {
                    for zone in zones {
                        verdicts.fault(zone_fault(network, vpc, rule, acting, zone));
                    }
                }
                Err(unknown) => verdicts.undecided(unknown, acting.span),
            }
            for cluster in managed(network.clusters.iter()) {
                let Ok(home) = network.vpc_of_cluster(cluster.id) else { continue };
                if cluster.private_access.get() != Ok(&true)
                    || !dns.is_for_endpoint(rule, cluster.id, home)
                {
                    continue;
                }
                let case = Case { network, vpc, rule, acting, cluster, home };
                match dns.rule_for(vpc.id, &Question::Endpoint(cluster.id)) {
                    Ok(Some(winner)) => match case.judge(&network.rules[winner]) {
                        Ok(Some(fault)) => verdicts.fault(fault),
                        Ok(None) => {}
                        Err(unknown) => verdicts.undecided(unknown, acting.span),
                    },
                    Ok(None) => {}
                    Err(unknown) if rule.managed => verdicts.undecided(unknown, acting.span),
                    Err(_) => {}
                }
            }
        }
    }
    verdicts.all
}

/// A rule for the endpoint of a cluster, in a VPC.
struct Case<'a> {
    network: &'a Network,
    vpc: &'a Declared<Vpc>,
    rule: &'a Declared<ResolverRule>,
    acting: &'a Acting<ResolverRule>,
    cluster: &'a Declared<Cluster>,
    home: Id<Vpc>,
}

impl Case<'_> {
    /// What the rule that takes the name does to it.
    fn judge(&self, winner: &Declared<ResolverRule>) -> Result<Option<Fault>, Unknown> {
        let network = self.network;
        let in_home = network.same_vpc(self.vpc.id, self.home) == Tri::Yes;
        let sent = |rule: &ResolverRule| inbound_of(network, rule);
        match (winner.id == self.rule.id, in_home) {
            // Sent back into the VPC it is a loop.
            (true, true) if sent(winner).iter().any(|one| self.is_home(one)) => Ok(None),
            (true, true) => Ok(Some(self.own_zone())),
            (true, false) | (false, true) => Ok(None),
            // A more specific rule that an inbound endpoint serves well, or badly by another rule's finding.
            (false, false) if !sent(winner).is_empty() => Ok(None),
            (false, false) => match open_targets(network, winner) {
                Some(unknown) => Err(unknown),
                None => Ok(self.beaten(winner)),
            },
        }
    }

    fn is_home(&self, endpoint: &Declared<ResolverEndpoint>) -> bool {
        self.network.vpc_of_endpoint(endpoint.id) == Ok(self.home)
    }

    fn beaten(&self, winner: &Declared<ResolverRule>) -> Option<Fault> {
        let effect = match winner.rule_type.get() {
            Ok(RuleType::System) => "resolves it locally",
            Ok(RuleType::Forward) => "sends it elsewhere",
            _ => return None,
        };
        let (rule, vpc, cluster) = (&self.rule.name, &self.vpc.name, &self.cluster.name);
        Some(Fault {
            severity: Severity::Warning,
            message: format!(
                "{rule} never gets the endpoint of {cluster} in {vpc}: {} is more specific, and {effect}",
                winner.name
            ),
            primary: Note::new(
                self.acting.span,
                format!("ties {rule} to {vpc}, where it is beaten"),
            ),
            labels: vec![
                Note::new(domain(self.rule), "the wider domain"),
                Note::new(domain(winner), "the domain that wins"),
                Note::new(self.cluster.span, "the cluster whose endpoint is asked for"),
            ],
            help: format!("take {} away from {vpc}, or narrow its domain", winner.name),
            subjects: vec![rule.to_string(), vpc.to_string(), cluster.to_string()],
        })
    }

    /// In the cluster's own VPC the zone that EKS keeps has the answer.
    fn own_zone(&self) -> Fault {
        let (rule, vpc, cluster) = (&self.rule.name, &self.vpc.name, &self.cluster.name);
        Fault {
            severity: Severity::Warning,
            message: format!(
                "{rule} takes the endpoint of {cluster} in its own VPC, before the zone that EKS keeps there"
            ),
            primary: Note::new(self.acting.span, format!("ties {rule} to {vpc}")),
            labels: vec![
                Note::new(domain(self.rule), "the very name of that zone: the rule wins"),
                Note::new(self.cluster.span, format!("the cluster is in {vpc}")),
            ],
            help: format!("take this association away: {vpc} resolves the name itself"),
            subjects: vec![rule.to_string(), vpc.to_string(), cluster.to_string()],
        }
    }
}

fn domain(rule: &Declared<ResolverRule>) -> crate::source::Span {
    rule.domain.span().unwrap_or(rule.span)
}

/// The inbound endpoints that a rule sends to.
fn inbound_of<'a>(
    network: &'a Network,
    rule: &ResolverRule,
) -> Vec<&'a Declared<ResolverEndpoint>> {
    let targets = rule.targets.known().filter_map(|(one, _)| one.target.get().ok());
    targets.filter_map(|target| network.endpoint_at(target).ok().flatten()).collect()
}

/// Why a rule may send to an inbound endpoint that cannot be told: its targets are open, or not in the code.
fn open_targets(network: &Network, rule: &Declared<ResolverRule>) -> Option<Unknown> {
    let read = || Unknown::new(format!("the targets of {}", rule.name), Why::ReadAtApply);
    let open = |(one, _): (&Destination, _)| match one.target.get() {
        Ok(target @ RuleTarget::Symbol(symbol)) => match network.endpoint_at(target) {
            Ok(None) => Some(symbol.unknown()),
            endpoint => endpoint.err(),
        },
        Ok(target) => network.endpoint_at(target).err(),
        Err(unknown) => Some(unknown),
    };
    let outside = (!rule.managed).then(read).or_else(|| rule.targets.open());
    outside.or_else(|| rule.targets.known().find_map(open))
}

/// The private zones of a VPC that have the rule's own name: the rule is asked first. A rule that leads to
/// a VPC which sees the zone brings the same records; where it gets the answers of public DNS, that is the fault
/// (`unserved-zone`).
fn zones_below<'a>(
    dns: &Dns<'a>,
    vpc: &Declared<Vpc>,
    rule: &Declared<ResolverRule>,
    acting: &Acting<ResolverRule>,
) -> Result<Vec<&'a Acting<HostedZone>>, Unknown> {
    let network = dns.network;
    let same = |zone: &&Acting<HostedZone>| {
        let domains = (network.zones[zone.thing].it.name.get(), rule.domain.get());
        matches!(domains, (Ok(Some(a)), Ok(Some(b))) if a == b)
            // What is tied to the VPC itself goes before what a Profile brings.
            && (acting.through == Through::Vpc || zone.through != Through::Vpc)
    };
    let mut zones: Vec<_> = network.view(vpc.id).zones.iter().filter(same).collect();
    if zones.is_empty() {
        return Ok(zones);
    }
    if let Some(unknown) = open_targets(network, rule) {
        return Err(unknown);
    }
    let asked = inbound_of(network, rule);
    let sees = |zone: &Acting<HostedZone>| {
        asked.iter().any(|endpoint| {
            let there = network.vpc_of_endpoint(endpoint.id);
            there.map_or(true, |there| {
                let view = network.view(there);
                view.more_zones.is_some()
                    || view.zones.iter().any(|one| one.thing == zone.thing)
                    || view.perhaps_zones.iter().any(|(one, _)| *one == zone.thing)
            })
        })
    };
    let unserved = |endpoint: &&Declared<ResolverEndpoint>| {
        let Ok(Some(Domain::Name(name))) = rule.domain.get() else { return false };
        let asked = Question::Name(name.clone());
        dns.resolve(&asked, Origin::Inbound(endpoint.id)).end == Ok(Answer::Internet)
    };
    let is_told =
        |zone: &Acting<HostedZone>| network.zones[zone.thing].managed && asked.iter().any(unserved);
    zones.retain(|zone| !sees(zone) && !is_told(zone));
    Ok(zones)
}

fn zone_fault(
    network: &Network,
    vpc: &Declared<Vpc>,
    rule: &Declared<ResolverRule>,
    acting: &Acting<ResolverRule>,
    zone: &Acting<HostedZone>,
) -> Fault {
    let hidden = &network.zones[zone.thing];
    Fault {
        severity: Severity::Warning,
        message: format!(
            "{} never answers in {}: {} is for the same name, and a rule goes before a zone",
            hidden.name, vpc.name, rule.name
        ),
        primary: Note::new(zone.span, format!("ties {} to {}", hidden.name, vpc.name)),
        labels: vec![
            Note::new(acting.span, format!("ties {} to {}", rule.name, vpc.name)),
            Note::new(domain(rule), "the name of both"),
        ],
        help: format!(
            "take {} or {} away from {}, or send the rule to a VPC that sees the zone",
            rule.name, hidden.name, vpc.name
        ),
        subjects: vec![hidden.name.to_string(), rule.name.to_string(), vpc.name.to_string()],
    }
}
