//! A query on its way, from who asks to who answers.

use std::sync::Arc;

use crate::network::{
    BlockResponse, Cluster, Declared, DnsServers, Domain, EndpointDirection, HostedZone, Id, Name,
    NameServer, ResolverEndpoint, ResolverRule, RuleTarget, RuleType, Through, Tri, Vpc,
};
use crate::reach::{Disposition, Journey, from_outside};
use crate::source::{Note, Span};
use crate::trace::{Steps, Trace, Way};
use crate::unknown::{Unknown, Why};

use super::best::Seeker;
use super::firewall::Filtered;
use super::forward::Hosts;
use super::index::Match;
use super::matching::{Asked, covers};
use super::moves::Moves;
use super::outside::Server;
use super::records::Found;
use super::{Answer, Dns, Forward, Leg, Listener, OnPremisesDns, Origin, Question, forward};

/// So many aliases, or rules, may follow each other.
const MAX_DEPTH: usize = 8;

pub(super) fn run(dns: &Dns<'_>, question: &Question, origin: Origin) -> Trace<Answer> {
    let asked = Asked::new(dns.network, question);
    let mut query = Query {
        dns,
        asked,
        steps: Steps::default(),
        moves: Moves::default(),
        seen: Vec::new(),
        aliases: 0,
        trusted: false,
    };
    let end = match origin {
        Origin::Host(vpc) => query.host(vpc),
        Origin::Inbound(endpoint) => query.inbound(endpoint),
        Origin::ClientVpn(endpoint) => query.client_vpn(endpoint),
        Origin::OnPremises => query.outside(&Server::OnPremises),
    };
    let moves = query.moves.answered(&end);
    Trace { moves, ..Trace::new(end, query.steps.0) }
}

struct Query<'a, 'n> {
    dns: &'a Dns<'n>,
    asked: Asked,
    steps: Steps,
    moves: Moves,
    seen: Vec<(Id<ResolverRule>, Id<Vpc>)>,
    aliases: usize,
    /// Whether DNS Firewall trusts the names that an alias leads to.
    trusted: bool,
}

impl Query<'_, '_> {
    fn host(&mut self, vpc: Id<Vpc>) -> Result<Answer, Unknown> {
        match self.dns.network.dns_servers(vpc)? {
            DnsServers::Amazon => self.amazon(vpc, false),
            DnsServers::Own(servers) => self.servers(&servers, &Hosts::of(self.dns.network, vpc)),
        }
    }

    /// Users come out in the VPC of the endpoint, and ask the servers that it gives them.
    fn client_vpn(&mut self, id: Id<crate::network::ClientVpn>) -> Result<Answer, Unknown> {
        let network = self.dns.network;
        let endpoint = &network.client_vpns[id];
        if let Some(unknown) = endpoint.dns_servers.open() {
            return Err(unknown);
        }
        if endpoint.dns_servers.is_empty() {
            self.steps.add(endpoint.span, "gives its users no DNS server: they keep their own");
            return self.outside(&Server::Devices);
        }
        let vpc = network.vpc(network.vpc_of_client_vpn(id)?);
        match network.servers_for(vpc, &endpoint.dns_servers) {
            DnsServers::Amazon => {
                let span = endpoint.dns_servers.items.first().map_or(endpoint.span, |one| one.span);
                self.steps.add(span, format!("its users ask the DNS server of {}", vpc.name));
                self.amazon(vpc.id, false)
            }
            DnsServers::Own(servers) => {
                let subnets = network.subnets_of_client_vpn(id)?;
                self.servers(&servers, &Hosts { vpc: vpc.id, subnets })
            }
        }
    }

    /// Hosts ask any of a list: one that says nothing is passed over after a while, any other ends it.
    fn servers(
        &mut self,
        servers: &[(NameServer, Span)],
        hosts: &Hosts,
    ) -> Result<Answer, Unknown> {
        let mut answers = Vec::new();
        let here = self.moves.here();
        for (server, span) in servers {
            self.moves.back(&here);
            let (name, answer) = match server {
                NameServer::Amazon => {
                    self.steps.add(*span, "hosts ask the Amazon DNS server");
                    merge(&mut answers, self.amazon(hosts.vpc, false)?);
                    continue;
                }
                NameServer::At(target) => (told(self.dns, target), target),
            };
            self.steps.add(*span, format!("hosts ask {name}, not the Amazon DNS server"));
            merge(&mut answers, self.ask_as_host(answer, hosts)?);
        }
        match answers.len() {
            0 => Ok(Answer::Timeout),
            1 => Ok(answers.remove(0)),
            // Whoever gets nothing from one and nothing from the other gets nothing.
            _ if answers.iter().all(is_none) => Ok(answers.remove(0)),
            _ => Ok(Answer::Intermittent),
        }
    }

    fn ask_as_host(&mut self, target: &RuleTarget, hosts: &Hosts) -> Result<Answer, Unknown> {
        let network = self.dns.network;
        let listener = self.dns.listener(target, Some(hosts.vpc))?;
        let paths = match listener {
            Listener::Inbound(endpoint) => {
                let ways = hosts.to_endpoint(network, &network.endpoints[endpoint], target)?;
                self.paths(ways.iter().map(|way| (way, way.end())))?
            }
            // What becomes of a query outside the code, only that network knows.
            Listener::Outside(_) if !hosts.subnets.is_empty() => {
                let way = hosts.to_server(network, target)?;
                self.paths([(&way, way.end_in_code())].into_iter())?
            }
            _ => Paths::All,
        };
        if let Paths::None | Paths::Some = paths {
            match listener {
                Listener::Inbound(endpoint) => {
                    self.moves.endpoint(&network.endpoints[endpoint].name, "query");
                }
                Listener::Outside(address) => self.moves.server(&address.to_string()),
                _ => {}
            }
        }
        match paths {
            Paths::None => Ok(Answer::Timeout),
            Paths::Some => Ok(Answer::Intermittent),
            Paths::All => self.ask(target, Some(hosts.vpc)),
        }
    }

    /// What the server at an address says to who is in a VPC.
    fn ask(&mut self, target: &RuleTarget, from: Option<Id<Vpc>>) -> Result<Answer, Unknown> {
        let network = self.dns.network;
        match self.dns.listener(target, from)? {
            Listener::Outbound(endpoint) => {
                let endpoint = &network.endpoints[endpoint];
                self.steps.add(endpoint.span, "an outbound endpoint listens to nobody");
                self.moves.breaks("nobody listens there");
                self.moves.endpoint(&endpoint.name, "query");
                Ok(Answer::Timeout)
            }
            Listener::Inbound(endpoint) => self.inbound(endpoint),
            Listener::Amazon(vpc) => {
                let vpc = network.vpc(vpc);
                let text = format!("the DNS server of {} answers its own hosts alone", vpc.name);
                self.steps.add(vpc.span, text);
                self.moves.breaks("own hosts only");
                self.moves.resolver(&vpc.name, "query");
                Ok(Answer::Timeout)
            }
            Listener::LinkLocal => Ok(Answer::Timeout),
            Listener::Outside(address) => self.outside(&Server::At(address)),
        }
    }

    fn inbound(&mut self, id: Id<ResolverEndpoint>) -> Result<Answer, Unknown> {
        let network = self.dns.network;
        let vpc = network.vpc_of_endpoint(id)?;
        let endpoint = &network.endpoints[id];
        let name = &network.vpc(vpc).name;
        self.moves.endpoint(&endpoint.name, "query");
        if forward::is(endpoint, EndpointDirection::InboundDelegation) {
            self.steps.add(endpoint.span, format!("answers for the private zones of {name} alone"));
            let seeker = Seeker { vpc, inbound: true, rules: false };
            return match self.dns.best_match(&self.asked, seeker)? {
                Some((what @ Match::Zone(_), through)) => self.take(what, through, seeker),
                _ => Ok(Answer::Refused),
            };
        }
        self.steps.add(endpoint.span, format!("inbound endpoint: asks as {name} would"));
        self.amazon(vpc, true)
    }

    /// The Amazon DNS server of a VPC.
    fn amazon(&mut self, id: Id<Vpc>, inbound: bool) -> Result<Answer, Unknown> {
        let vpc = self.dns.network.vpc(id);
        if !*vpc.dns_support.get()? {
            let span = vpc.dns_support.span().unwrap_or(vpc.span);
            self.steps.add(span, format!("{} has no DNS server", vpc.name));
            self.moves.breaks("DNS support off");
            self.moves.resolver(&vpc.name, "query");
            return Ok(Answer::Timeout);
        }
        self.moves.resolver(&vpc.name, "query");
        if let Some(blocked) = self.blocked(vpc)? {
            return Ok(blocked);
        }
        if self.dns.has_idle_zone(&self.asked, vpc.id) {
            let at = vpc.dns_hostnames.span().unwrap_or(vpc.span);
            self.steps
                .add(at, format!("{} has DNS hostnames off: private zones do not act", vpc.name));
        }
        let seeker = Seeker { vpc: vpc.id, inbound, rules: true };
        match self.dns.best_match(&self.asked, seeker)? {
            None => self.public(),
            Some((what, through)) => self.take(what, through, seeker),
        }
    }

    fn blocked(&mut self, vpc: &Declared<Vpc>) -> Result<Option<Answer>, Unknown> {
        if self.trusted {
            return Ok(None);
        }
        let (filtered, note) = self.dns.filter(&self.asked, vpc.id)?;
        if let Some(note) = note {
            self.steps.add(note.span, note.text);
        }
        Ok(match filtered {
            Filtered::Passed { trusts_aliases } => {
                self.trusted = trusts_aliases;
                None
            }
            Filtered::Blocked(response) => {
                let what = match response {
                    BlockResponse::NoData => "no data",
                    BlockResponse::NxDomain => "no such name",
                    BlockResponse::Override => "another name",
                };
                let text = format!("DNS Firewall answers in {}: {what}", vpc.name);
                self.steps.add(vpc.span, text);
                Some(Answer::Blocked(response))
            }
        })
    }

    fn take(&mut self, what: Match, through: Through, seeker: Seeker) -> Result<Answer, Unknown> {
        let network = self.dns.network;
        match what {
            Match::Managed(cluster) => {
                let cluster = &network.clusters[cluster];
                self.steps.add(cluster.span, "the zone that EKS keeps for its VPC answers");
                Ok(Answer::Private(cluster.id))
            }
            Match::Zone(zone) => {
                self.zone(zone, self.dns.place_of(what, through, seeker.vpc), seeker)
            }
            Match::Rule(rule) => {
                self.rule(rule, self.dns.place_of(what, through, seeker.vpc), seeker)
            }
            Match::Namespace(space) => {
                let space = &network.namespaces[space];
                self.moves.zone(&space.name);
                self.steps
                    .add(space.span, "a namespace of Cloud Map: answers for all below its name");
                Ok(Answer::Namespace(space.id))
            }
            Match::Service(endpoint) => {
                let endpoint = &network.vpc_endpoints[endpoint];
                self.moves.zone(&endpoint.name);
                self.steps
                    .add(endpoint.span, "an interface endpoint: answers for its service's name");
                self.service(endpoint)
            }
            Match::Own => Ok(Answer::Own(seeker.vpc)),
        }
    }

    /// The private zone of a service knows the service's name, and what is below it where that is one.
    fn service(&self, endpoint: &Declared<crate::network::VpcEndpoint>) -> Result<Answer, Unknown> {
        match self.asked.is(&Domain::Name(endpoint.private_name()?)) {
            Tri::Yes => Ok(Answer::Service(endpoint.id)),
            Tri::Maybe(unknown) => Err(unknown),
            Tri::No => {
                let name = format!("the names of {}", endpoint.name);
                Err(Unknown::new(name, Why::ReadAtApply))
            }
        }
    }

    fn zone(&mut self, id: Id<HostedZone>, span: Span, seeker: Seeker) -> Result<Answer, Unknown> {
        let zone = &self.dns.network.zones[id];
        self.moves.zone(&zone.name);
        self.steps.add(span, format!("private zone {}: answers for all below its name", zone.name));
        match self.dns.look_up(id, &self.asked)? {
            Found::Addresses(record) => {
                self.steps.add(record, "the record for the name");
                Ok(Answer::Zone(id))
            }
            Found::NoData => Ok(Answer::NoData),
            Found::NxDomain => Ok(Answer::NxDomain),
            Found::Alias(question, record) => {
                self.steps.add(record, "an alias for another name");
                self.aliases += 1;
                if self.aliases > MAX_DEPTH {
                    return Err(Unknown::new(Arc::clone(&zone.name), Why::Budget));
                }
                self.asked = Asked::new(self.dns.network, &question);
                self.amazon(seeker.vpc, seeker.inbound)
            }
            Found::Delegation(servers, record) => {
                self.steps.add(record, "delegates this part of the zone");
                self.delegated(&servers, seeker.vpc)
            }
        }
    }

    /// A delegation is followed where a DELEGATE rule is for its name servers
    /// (<https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/outbound-delegation-tutorial.html>).
    fn delegated(&mut self, servers: &[Domain], vpc: Id<Vpc>) -> Result<Answer, Unknown> {
        let network = self.dns.network;
        let name = || format!("{} delegates the name", network.vpc(vpc).name);
        let why = || Why::NotEvaluated("a delegation without a rule for its servers".into());
        for acting in &network.view(vpc).rules {
            let rule = &network.rules[acting.thing];
            if rule.rule_type.get() != Ok(&RuleType::Delegate) {
                continue;
            }
            let Some(Domain::Name(record)) = rule.delegation.get()? else { continue };
            let named = servers.iter().filter_map(|server| match server {
                Domain::Name(server) => Some(server),
                _ => None,
            });
            if let Some(server) = named.into_iter().find(|one| record.covers(one) == Tri::Yes) {
                self.steps.add(rule.span, format!("DELEGATE: asks {server}"));
                return self.outside(&Server::Delegate(server.clone()));
            }
        }
        Err(Unknown::new(name(), why()))
    }

    fn rule(
        &mut self,
        id: Id<ResolverRule>,
        association: Span,
        seeker: Seeker,
    ) -> Result<Answer, Unknown> {
        let rule = &self.dns.network.rules[id];
        let name = &self.dns.network.vpc(seeker.vpc).name;
        self.steps.add(association, format!("{name} has {}", rule.name));
        match rule.rule_type.get()? {
            RuleType::System => {
                self.steps.add(rule.span, "SYSTEM: resolves locally");
                let below = Seeker { rules: false, ..seeker };
                match self.dns.best_match(&self.asked, below)? {
                    Some((what, through)) => self.take(what, through, below),
                    None => self.public(),
                }
            }
            RuleType::Recursive => self.public(),
            RuleType::Delegate => {
                let why = Why::NotEvaluated("a DELEGATE rule".into());
                Err(Unknown::new(Arc::clone(&rule.name), why))
            }
            RuleType::Forward => {
                if self.seen.len() > MAX_DEPTH {
                    return Err(Unknown::new(rule.name.clone(), Why::Budget));
                }
                if self.seen.contains(&(id, seeker.vpc)) {
                    self.steps.add(association, "the query is here for the second time");
                    return Ok(Answer::Loop(seeker.vpc));
                }
                self.seen.push((id, seeker.vpc));
                let end = self.forward(id);
                self.seen.pop();
                end
            }
        }
    }

    fn forward(&mut self, rule: Id<ResolverRule>) -> Result<Answer, Unknown> {
        let network = self.dns.network;
        let rule = &network.rules[rule];
        self.steps.add(rule.span, "FORWARD: sends to its targets");
        let outbound = rule.endpoint.get().ok().copied().flatten();
        if let Some(outbound) = outbound {
            let carries = format!("query, by {}", rule.name);
            self.moves.endpoint(&network.endpoints[outbound].name, &carries);
        }
        if let Some(unknown) = rule.targets.open() {
            return Err(unknown);
        }
        let paths = self.through(rule.id)?;
        let (here, way) = (self.moves.here(), self.moves.way());
        let from = outbound.and_then(|endpoint| network.vpc_of_endpoint(endpoint).ok());
        let mut answers: Vec<Answer> = Vec::new();
        for (target, _) in rule.targets.known() {
            self.moves.back(&here);
            self.moves.goes(way.clone());
            let answer = self.ask(target.target.get()?, from)?;
            merge(&mut answers, answer);
        }
        match (paths, answers.len()) {
            (Paths::None, _) | (_, 0) => Ok(Answer::Timeout),
            (Paths::All, 1) => Ok(answers.remove(0)),
            // Whoever gets nothing over some paths and nothing over the others gets nothing.
            _ if answers.iter().all(is_none) => Ok(answers.remove(0)),
            _ => Ok(Answer::Intermittent),
        }
    }

    /// Whether the queries of a rule reach its targets, by UDP.
    fn through(&mut self, rule: Id<ResolverRule>) -> Result<Paths, Unknown> {
        if let Ok(Some(endpoint)) = self.dns.network.rules[rule].endpoint.get() {
            let endpoint = &self.dns.network.endpoints[*endpoint];
            let inbound = [EndpointDirection::Inbound, EndpointDirection::InboundDelegation];
            if inbound.into_iter().any(|direction| forward::is(endpoint, direction)) {
                self.steps.add(endpoint.span, "an inbound endpoint sends nothing");
                self.moves.breaks("it sends nothing");
                return Ok(Paths::None);
            }
        }
        let legs = self.dns.legs(rule);
        let legs = (*legs).as_ref().map_err(Clone::clone)?;
        // What becomes of a query on its way to a server outside the code, only that network knows.
        let end = |leg: &Leg| match leg.inbound {
            Some(_) => leg.udp.end(),
            None => leg.udp.end_in_code(),
        };
        self.paths(legs.iter().map(|leg| (&leg.udp, end(leg))))
    }

    fn paths<'j>(
        &mut self,
        journeys: impl Iterator<Item = (&'j Journey, Result<Disposition, Unknown>)>,
    ) -> Result<Paths, Unknown> {
        let (mut whole, mut broken) = (0, 0);
        let (mut open, mut why) = (None, "");
        for (journey, end) in journeys {
            self.tell(&journey.steps);
            match end {
                Ok(Disposition::Delivered) => whole += 1,
                Ok(fault) => {
                    broken += 1;
                    why = fault.word();
                }
                Err(unknown) => open = Some(unknown),
            }
        }
        self.moves.goes(match (&open, whole, broken) {
            (Some(unknown), _, _) => Way::Open(unknown.to_string()),
            (None, _, 0) => Way::Whole,
            (None, 0, _) => Way::Broken(why.replace('-', " ")),
            (None, _, _) => Way::Partly(why.replace('-', " ")),
        });
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
    fn public(&mut self) -> Result<Answer, Unknown> {
        self.moves.public_dns();
        self.public_answer()
    }

    fn public_answer(&self) -> Result<Answer, Unknown> {
        let Question::Endpoint(cluster) = self.asked.question else { return Ok(Answer::Internet) };
        let cluster = &self.dns.network.clusters[cluster];
        Ok(match (*cluster.public_access.get()?, self.dns.assumptions.eks_public_dns) {
            (true, _) => Answer::Public(cluster.id),
            (false, true) => Answer::Private(cluster.id),
            (false, false) => Answer::NxDomain,
        })
    }

    /// A server outside the code: it knows what public DNS says, and whatever it has been told beside.
    /// If it may have a way to an inbound endpoint beside the cluster, it may have been told to ask there;
    /// what stands in a VPC of this code without being an endpoint may say anything.
    fn outside(&mut self, server: &Server) -> Result<Answer, Unknown> {
        let dns = self.dns;
        self.moves.server(&server.to_string());
        if let Some(told) = &dns.assumptions.on_premises_dns
            && server.is_on_premises(dns)
        {
            let answer = self.on_premises(told, server)?;
            return Ok(Answer::Elsewhere(server.to_string(), Box::new(answer)));
        }
        let (about_endpoint, may_know) = match self.asked.question {
            Question::Endpoint(cluster) => (true, self.may_know(cluster)?),
            Question::Name(_) => (false, false),
        };
        let near = match server {
            Server::At(address) => about_endpoint && dns.network.in_some_vpc(*address),
            Server::Delegate(_) => true,
            Server::OnPremises | Server::Devices => false,
        };
        if may_know || near {
            return Err(Unknown::new(format!("what {server} answers"), Why::ReadAtApply));
        }
        Ok(Answer::Elsewhere(server.to_string(), Box::new(self.public_answer()?)))
    }

    /// What a server on premises does, as the project tells: the narrowest domain that it forwards wins.
    fn on_premises(&mut self, told: &OnPremisesDns, server: &Server) -> Result<Answer, Unknown> {
        let network = self.dns.network;
        let labels = |forward: &&Forward| forward.domain.split('.').count();
        let mut forwards: Vec<&Forward> = told.forward.iter().collect();
        forwards.sort_by_key(|forward| std::cmp::Reverse(labels(forward)));
        for forward in forwards {
            let domain = Domain::Name(Name::new(&forward.domain));
            match covers(network, &domain, &self.asked.question) {
                Tri::No => continue,
                Tri::Maybe(unknown) => return Err(unknown),
                Tri::Yes => {}
            }
            let to = &*forward.to.address;
            let mut endpoints = network.endpoints.iter();
            let Some(endpoint) = endpoints.find(|one| &*one.name == to) else {
                return Err(Unknown::new(format!("what {to} answers"), Why::ReadAtApply));
            };
            let text = format!("on premises, {} is forwarded to {to}", forward.domain);
            self.steps.add(forward.span, text);
            let senders = server.senders(self.dns);
            let ways = forward::from_outside(network, &senders, endpoint)?;
            return match self.paths(ways.iter().map(|way| (way, way.end())))? {
                Paths::None => Ok(Answer::Timeout),
                Paths::Some => Ok(Answer::Intermittent),
                Paths::All => self.inbound(endpoint.id),
            };
        }
        if !told.recurse {
            self.steps.add(told.span, "name servers on premises do not ask public DNS");
            return Ok(Answer::Refused);
        }
        let answer = self.public_answer()?;
        if told.filter_private_answers && matches!(answer, Answer::Private(_)) {
            let text = "name servers on premises take private addresses out of public answers";
            self.steps.add(told.span, text);
            return Ok(Answer::NoData);
        }
        Ok(answer)
    }

    fn may_know(&self, cluster: Id<Cluster>) -> Result<bool, Unknown> {
        let network = self.dns.network;
        let home = network.vpc_of_cluster(cluster)?;
        let beside = !network.inbound_endpoints(home).is_empty() || network.unseen(home).is_some();
        Ok(beside && from_outside(network, home))
    }
}

fn told(dns: &Dns<'_>, target: &RuleTarget) -> String {
    match target {
        RuleTarget::Address(address) => address.to_string(),
        RuleTarget::Endpoint(endpoint) => dns.network.endpoints[*endpoint].name.to_string(),
        RuleTarget::Symbol(symbol) => symbol.to_string(),
    }
}

/// Whether no server says anything of the name.
fn is_none(answer: &Answer) -> bool {
    matches!(answer, Answer::Timeout | Answer::Refused | Answer::Loop(_))
}

/// Several servers outside the code that say the same are one answer; so is one that says, as far as it is
/// known, the same as a server of the code.
fn merge(answers: &mut Vec<Answer>, answer: Answer) {
    let then = |one: &Answer, other: &Answer| matches!(one, Answer::Elsewhere(_, then) if **then == *other);
    if let Some(same) = answers.iter_mut().find(|one| then(&answer, one)) {
        *same = answer;
        return;
    }
    if answers.iter().any(|one| then(one, &answer)) {
        return;
    }
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

/// How much of the way between those who ask and a server holds.
enum Paths {
    None,
    Some,
    All,
}
