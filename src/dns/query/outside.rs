//! What name servers outside the code say.

use std::net::IpAddr;

use crate::dns::outside::Server;
use crate::dns::{Answer, Forward, OnPremisesDns, Question, forward};
use crate::network::{
    Cidr, ClientVpn, Cluster, Declared, Domain, Id, Name, NameServer, RuleTarget, Tri,
};
use crate::reach::{client_vpn_routes_to, from_outside, is_private};
use crate::source::Span;
use crate::unknown::{Unknown, Why};

use super::Query;
use super::rules::Paths;

impl Query<'_, '_> {
    /// A server outside the code: it knows what public DNS says, and whatever it has been told beside.
    /// If it may have a way to an inbound endpoint beside the cluster, it may have been told to ask there;
    /// what stands in a VPC of this code without being an endpoint may say anything.
    pub(super) fn outside(&mut self, server: &Server) -> Result<Answer, Unknown> {
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
    pub(super) fn on_premises(
        &mut self,
        told: &OnPremisesDns,
        server: &Server,
    ) -> Result<Answer, Unknown> {
        let network = self.dns.network;
        let named = told.forward.iter().map(|forward| (Name::new(&forward.domain), forward));
        let mut forwards: Vec<(Name, &Forward)> = named.collect();
        forwards.sort_by_key(|(name, _)| std::cmp::Reverse(name.0.len()));
        for (name, forward) in forwards {
            match self.asked.covered(&Domain::Name(name)) {
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
            self.moves.by(forward.span);
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

    /// The first server of users of a Client VPN, if they ask theirs by their own way: of a tunnel that is split only
    /// what has a route goes through it
    /// (<https://docs.aws.amazon.com/vpn/latest/clientvpn-admin/split-tunnel-vpn.html>).
    pub(super) fn beside_tunnel(
        &self,
        endpoint: &Declared<ClientVpn>,
        servers: &[(NameServer, Span)],
    ) -> Result<Option<(IpAddr, Span)>, Unknown> {
        let network = self.dns.network;
        let public = |(server, span): &(NameServer, Span)| match server {
            NameServer::At(RuleTarget::Address(address)) => (!is_private(*address)
                && !network.in_some_vpc(*address))
            .then_some((*address, *span)),
            _ => None,
        };
        let Some(all) = servers.iter().map(public).collect::<Option<Vec<_>>>() else {
            return Ok(None);
        };
        let Some(first) = all.first() else { return Ok(None) };
        if !*endpoint.split_tunnel.get()? {
            return Ok(None);
        }
        let routed = |(address, _): &(IpAddr, Span)| {
            client_vpn_routes_to(network, endpoint.id, &Cidr::from(*address))
        };
        match Tri::any(all.iter().map(routed)) {
            Tri::No => Ok(Some(*first)),
            Tri::Yes => Ok(None),
            Tri::Maybe(unknown) => Err(unknown),
        }
    }

    pub(super) fn may_know(&self, cluster: Id<Cluster>) -> Result<bool, Unknown> {
        let network = self.dns.network;
        let home = network.vpc_of_cluster(cluster)?;
        let beside = !network.inbound_endpoints(home).is_empty() || network.unseen(home).is_some();
        Ok(beside && from_outside(network, home))
    }
}
