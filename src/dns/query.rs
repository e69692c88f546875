//! A query on its way, from who asks to who answers.

mod outside;
mod rules;

use std::rc::Rc;
use std::sync::Arc;

use crate::network::{
    BlockResponse, Declared, DnsServers, Domain, EndpointDirection, HostedZone, Id, NameServer,
    ResolverEndpoint, ResolverRule, RuleTarget, RuleType, Subnet, Through, Tri, Vpc,
};
use crate::source::Span;
use crate::trace::{Steps, Trace};
use crate::unknown::{Unknown, Why};

use super::best::Seeker;
use super::firewall::Filtered;
use super::forward::Hosts;
use super::index::Match;
use super::matching::Asked;
use super::moves::Moves;
use super::outside::Server;
use super::records::Found;
use super::{Answer, Dns, Listener, Origin, Question, forward};
use rules::{Paths, is_none, merge};

/// So many aliases, or rules, may follow each other.
const MAX_DEPTH: usize = 8;

pub(super) fn run(
    dns: &Dns<'_>,
    question: &Question,
    origin: Origin,
    subnets: &[Id<Subnet>],
) -> Trace<Answer> {
    let asked = dns.asked(question);
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
        Origin::Host(vpc) => query.host(vpc, subnets),
        Origin::Inbound(endpoint) => query.inbound(endpoint),
        Origin::ClientVpn(endpoint) => query.client_vpn(endpoint),
        Origin::OnPremises => query.outside(&Server::OnPremises),
    };
    let moves = query.moves.answered(&end);
    Trace { moves, ..Trace::new(end, query.steps.0) }
}

struct Query<'a, 'n> {
    dns: &'a Dns<'n>,
    asked: Rc<Asked>,
    steps: Steps,
    moves: Moves,
    seen: Vec<(Id<ResolverRule>, Id<Vpc>)>,
    aliases: usize,
    /// Whether DNS Firewall trusts the names that an alias leads to.
    trusted: bool,
}

impl Query<'_, '_> {
    fn host(&mut self, vpc: Id<Vpc>, subnets: &[Id<Subnet>]) -> Result<Answer, Unknown> {
        match self.dns.network.dns_servers(vpc)? {
            DnsServers::Amazon => self.amazon(vpc, false),
            DnsServers::Own(servers) => {
                self.servers(&servers, &Hosts::of(self.dns.network, vpc, subnets))
            }
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
                self.moves.by(span);
                self.steps.add(span, format!("its users ask the DNS server of {}", vpc.name));
                self.amazon(vpc.id, false)
            }
            DnsServers::Own(servers) => {
                if let Some((server, span)) = self.beside_tunnel(endpoint, &servers)? {
                    self.steps.add(span, "its users ask it beside the tunnel, which is split");
                    return self.outside(&Server::At(server));
                }
                let subnets = network.subnets_of_client_vpn(id)?;
                self.servers(&servers, &Hosts { vpc: vpc.id, subnets, one: false })
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
            self.moves.by(*span);
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
            self.moves.by(span);
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
            if matches!(filtered, Filtered::Blocked(_)) {
                self.moves.by(note.span);
            }
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
                self.moves.by(cluster.span);
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
        self.moves.by(span);
        self.moves.zone(&zone.name);
        self.steps.add(span, format!("private zone {}: answers for all below its name", zone.name));
        match self.dns.look_up(id, &self.asked)? {
            Found::Addresses(record) => {
                self.steps.add(record, "the record for the name");
                self.moves.by(record);
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
                self.asked = self.dns.asked(&question);
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
}

fn told(dns: &Dns<'_>, target: &RuleTarget) -> String {
    match target {
        RuleTarget::Address(address) => address.to_string(),
        RuleTarget::Endpoint(endpoint) => dns.network.endpoints[*endpoint].name.to_string(),
        RuleTarget::Symbol(symbol) => symbol.to_string(),
    }
}
