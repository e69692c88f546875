//! What a query gets: Route 53 Resolver as AWS documents it, from any place that asks.
//!
//! The most specific match wins and is terminal; a rule beats a zone of the same name; a query through
//! an inbound endpoint sees that endpoint's VPC
//! (<https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-overview-DSN-queries-to-vpc.html>).

mod best;
mod clients;
mod forward;
mod matching;

use std::net::IpAddr;

use crate::network::{
    Cluster, DnsServers, EndpointDirection, HostedZone, Id, Name, Network, ResolverEndpoint,
    ResolverRule, RuleTarget, RuleType, Vpc,
};
use crate::reach::from_outside;
use crate::source::{Note, Span};
use crate::trace::{Steps, Trace};
use crate::unknown::{Unknown, Why};

pub use clients::{Client, Intent, clients, is_for_endpoint, may_be_for_endpoint};
pub use forward::{Leg, all_legs, legs};
pub use matching::{covers, endpoint_name};

use best::Match;
use matching::ENDPOINT_LABELS;

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Question {
    /// The host name of a cluster's endpoint.
    Endpoint(Id<Cluster>),
    /// Any other name.
    Name(Name),
}

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Origin {
    /// A host of a VPC.
    Host(Id<Vpc>),
    /// A forwarder that sends to an inbound endpoint.
    Inbound(Id<ResolverEndpoint>),
}

/// What is taken for true about the world outside the code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Assumptions {
    /// Public DNS answers private addresses for private-only endpoints, as it does since December 2019
    /// (<https://aws.amazon.com/blogs/compute/enabling-dns-resolution-for-amazon-eks-cluster-endpoints/>).
    pub eks_public_dns: bool,
}

impl Default for Assumptions {
    fn default() -> Self {
        Self { eks_public_dns: true }
    }
}

/// What the query gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// The private addresses of a cluster's network interfaces.
    Private(Id<Cluster>),
    /// The public addresses of a cluster's endpoint.
    Public(Id<Cluster>),
    /// Whatever public DNS says of a name that is not of EKS.
    Internet,
    /// A record of a private zone.
    Zone(Id<HostedZone>),
    /// The name does not exist.
    NxDomain,
    /// Nobody answers: there is no server, or no packet comes through.
    Timeout,
    /// Some servers or paths answer, some do not.
    Intermittent,
    /// The query comes back to the VPC where it was before.
    Loop(Id<Vpc>),
    /// A server outside the code answers; the second is what it says if it resolves public names.
    Elsewhere(String, Box<Answer>),
}

/// Resolves a name as a host of a VPC, or a forwarder, would see it.
pub fn resolve(
    network: &Network,
    assumptions: Assumptions,
    question: &Question,
    origin: Origin,
) -> Trace<Answer> {
    let mut query = Query { network, assumptions, question, steps: Steps::default(), seen: vec![] };
    let end = match origin {
        Origin::Host(vpc) => query.host(vpc),
        Origin::Inbound(endpoint) => query.inbound(endpoint),
    };
    Trace::new(end, query.steps.0)
}

/// A query on its way.
struct Query<'a> {
    network: &'a Network,
    assumptions: Assumptions,
    question: &'a Question,
    steps: Steps,
    seen: Vec<(Id<ResolverRule>, Id<Vpc>)>,
}

impl Query<'_> {
    fn host(&mut self, vpc: Id<Vpc>) -> Result<Answer, Unknown> {
        match self.network.dns_servers(vpc)? {
            DnsServers::Amazon => self.amazon(vpc),
            DnsServers::Own(servers, span) => {
                let list = servers.join(", ");
                self.steps.add(span, format!("hosts ask {list}, not the Amazon DNS server"));
                let mut answers = Vec::new();
                for server in &servers {
                    let address = server.parse().map_err(|_| {
                        let why = Why::Invalid("an IP address is needed".into());
                        Unknown::new(std::sync::Arc::clone(server), why)
                    })?;
                    merge(&mut answers, self.ask(&RuleTarget::Address(address))?);
                }
                match answers.len() {
                    1 => Ok(answers.remove(0)),
                    _ => Ok(Answer::Intermittent),
                }
            }
        }
    }

    /// What the server at an address says.
    fn ask(&mut self, target: &RuleTarget) -> Result<Answer, Unknown> {
        match self.network.endpoint_at(target)? {
            Some(endpoint) if forward::is(endpoint, EndpointDirection::Outbound) => {
                self.steps.add(endpoint.span, "an outbound endpoint listens to nobody");
                Ok(Answer::Timeout)
            }
            Some(endpoint) => self.inbound(endpoint.id),
            None => match target {
                RuleTarget::Address(address) => self.elsewhere(*address),
                RuleTarget::Symbol(symbol) => Err(symbol.unknown()),
                RuleTarget::Endpoint(_) => Ok(Answer::Timeout),
            },
        }
    }

    fn inbound(&mut self, endpoint: Id<ResolverEndpoint>) -> Result<Answer, Unknown> {
        let vpc = self.network.vpc_of_endpoint(endpoint)?;
        let endpoint = &self.network.endpoints[endpoint];
        let name = &self.network.vpc(vpc).name;
        self.steps.add(endpoint.span, format!("inbound endpoint: asks as {name} would"));
        self.amazon(vpc)
    }

    /// The Amazon DNS server of a VPC.
    fn amazon(&mut self, id: Id<Vpc>) -> Result<Answer, Unknown> {
        let vpc = self.network.vpc(id);
        if !*vpc.dns_support.get()? {
            let span = vpc.dns_support.span().unwrap_or(vpc.span);
            self.steps.add(span, format!("{} has no DNS server", vpc.name));
            return Ok(Answer::Timeout);
        }
        match self.best_match(vpc.id)? {
            None => Ok(self.public()?),
            Some(Match::Managed(cluster)) => {
                let cluster = &self.network.clusters[cluster];
                self.steps.add(cluster.span, "the zone that EKS keeps for its VPC answers");
                Ok(Answer::Private(cluster.id))
            }
            Some(Match::Zone(zone, span)) => self.zone(zone, span),
            Some(Match::Rule(rule, span)) => self.rule(rule, span, vpc.id),
        }
    }

    fn zone(&mut self, zone: Id<HostedZone>, span: Span) -> Result<Answer, Unknown> {
        let zone = &self.network.zones[zone];
        self.steps.add(span, format!("private zone {}: answers for all below its name", zone.name));
        let records = self.network.records.iter();
        let mut own =
            records.filter(|record| matches!(record.zone.get(), Ok(Some(of)) if *of == zone.id));
        if own.next().is_some() {
            return Ok(Answer::Zone(zone.id));
        }
        let open = self.network.unseen_resource(zone);
        let open = open.or_else(|| self.network.exported(zone));
        match open {
            Some(unknown) => Err(unknown),
            None if zone.managed => Ok(Answer::NxDomain),
            None => Err(Unknown::new(format!("the records of {}", zone.name), Why::ReadAtApply)),
        }
    }

    fn rule(
        &mut self,
        id: Id<ResolverRule>,
        association: Span,
        vpc: Id<Vpc>,
    ) -> Result<Answer, Unknown> {
        let rule = &self.network.rules[id];
        let name = &self.network.vpc(vpc).name;
        self.steps.add(association, format!("{name} has {}", rule.name));
        match rule.rule_type.get()? {
            RuleType::System => {
                let zones = self.network.zones_of(vpc);
                if let Some(unknown) = zones.open {
                    return Err(unknown);
                }
                self.steps.add(rule.span, "SYSTEM: resolves locally");
                match self.widest(&zones.items)? {
                    Some((zone, span)) => self.zone(zone, span),
                    None => self.public(),
                }
            }
            RuleType::Recursive => self.public(),
            RuleType::Delegate => Err(Unknown::new(
                std::sync::Arc::clone(&rule.name),
                Why::NotEvaluated("a DELEGATE rule".into()),
            )),
            RuleType::Forward => {
                if self.seen.len() > 8 {
                    return Err(Unknown::new(rule.name.clone(), Why::Budget));
                }
                if self.seen.contains(&(id, vpc)) {
                    self.steps.add(association, "the query is here for the second time");
                    return Ok(Answer::Loop(vpc));
                }
                self.seen.push((id, vpc));
                let end = self.forward(id);
                self.seen.pop();
                end
            }
        }
    }

    fn forward(&mut self, rule: Id<ResolverRule>) -> Result<Answer, Unknown> {
        let rule = &self.network.rules[rule];
        self.steps.add(rule.span, "FORWARD: sends to its targets");
        if let Some(unknown) = rule.targets.open() {
            return Err(unknown);
        }
        let paths = self.through(rule.id)?;
        let mut answers: Vec<Answer> = Vec::new();
        for (target, _) in rule.targets.known() {
            let answer = self.ask(target.target.get()?)?;
            merge(&mut answers, answer);
        }
        match (paths, answers.len()) {
            (Paths::None, _) | (_, 0) => Ok(Answer::Timeout),
            (Paths::All, 1) => answers.pop().ok_or_else(|| unreachable_answer(rule.name.clone())),
            _ => Ok(Answer::Intermittent),
        }
    }

    /// Whether the queries of a rule reach its targets, by UDP.
    fn through(&mut self, rule: Id<ResolverRule>) -> Result<Paths, Unknown> {
        if let Ok(Some(endpoint)) = self.network.rules[rule].endpoint.get() {
            let endpoint = &self.network.endpoints[*endpoint];
            if forward::is(endpoint, EndpointDirection::Inbound) {
                self.steps.add(endpoint.span, "an inbound endpoint sends nothing");
                return Ok(Paths::None);
            }
        }
        let legs = legs(self.network, rule)?;
        let (mut whole, mut broken) = (0, 0);
        let mut open = None;
        for leg in &legs {
            self.tell(&leg.udp.steps);
            let end = match leg.inbound {
                Some(_) => leg.udp.end(),
                None => leg.udp.end_in_code(),
            };
            match end {
                Ok(crate::reach::Disposition::Delivered) => whole += 1,
                Ok(_) => broken += 1,
                Err(unknown) => open = Some(unknown),
            }
        }
        match (open, whole, broken) {
            (Some(unknown), _, _) => Err(unknown),
            (None, 0, 1..) => Ok(Paths::None),
            (None, _, 0) => Ok(Paths::All),
            (None, _, _) => Ok(Paths::Some),
        }
    }

    fn tell(&mut self, steps: &[Note]) {
        for step in steps {
            if !self.steps.0.contains(step) {
                self.steps.0.push(step.clone());
            }
        }
    }

    /// Public DNS.
    fn public(&self) -> Result<Answer, Unknown> {
        let Question::Endpoint(cluster) = self.question else { return Ok(Answer::Internet) };
        let cluster = &self.network.clusters[*cluster];
        Ok(match (*cluster.public_access.get()?, self.assumptions.eks_public_dns) {
            (true, _) => Answer::Public(cluster.id),
            (false, true) => Answer::Private(cluster.id),
            (false, false) => Answer::NxDomain,
        })
    }

    /// A server outside the code: it knows what public DNS says, and whatever it has been told beside.
    /// If it may have a way to an inbound endpoint beside the cluster, it may have been told to ask there;
    /// and what stands in a VPC of this code without being an endpoint may say anything.
    fn elsewhere(&self, server: IpAddr) -> Result<Answer, Unknown> {
        if let Question::Endpoint(cluster) = self.question {
            let home = self.network.vpc_of_cluster(*cluster)?;
            let beside = !self.network.inbound_endpoints(home).is_empty()
                || self.network.unseen(home).is_some();
            let told = beside && from_outside(self.network, home);
            if told || self.network.in_some_vpc(server) {
                return Err(Unknown::new(format!("what {server} answers"), Why::ReadAtApply));
            }
        }
        Ok(Answer::Elsewhere(server.to_string(), Box::new(self.public()?)))
    }
}

/// Several servers outside the code that say the same are one answer.
fn merge(answers: &mut Vec<Answer>, answer: Answer) {
    if let Answer::Elsewhere(server, then) = &answer {
        let same = answers.iter_mut().find_map(|one| match one {
            Answer::Elsewhere(servers, other) if other == then => Some(servers),
            _ => None,
        });
        if let Some(servers) = same {
            *servers = format!("{servers}, {server}");
            return;
        }
    }
    if !answers.contains(&answer) {
        answers.push(answer);
    }
}

/// How much of the way between a rule's endpoint and its targets holds.
enum Paths {
    None,
    Some,
    All,
}

fn unreachable_answer(name: std::sync::Arc<str>) -> Unknown {
    Unknown::new(name, Why::NotEvaluated("a rule without targets".into()))
}
