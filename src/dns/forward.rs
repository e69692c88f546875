//! The way from a rule's outbound endpoint to its targets: every interface to every address.

use crate::network::{
    Cidr, Declared, Destination, EndpointAddress, EndpointDirection, Family, Id, Network, Protocol,
    ResolverEndpoint, ResolverRule, RuleTarget, Subnet, Vpc,
};
use crate::reach::{Disposition, Flow, Guard, Interface, Journey, bounded, reach, subnets_of};
use crate::source::Span;
use crate::unknown::{Unknown, Why};

/// The way from one interface of an outbound endpoint to one of an inbound endpoint.
#[derive(Debug, Clone)]
pub struct Leg {
    /// The endpoint that sends.
    pub outbound: Id<ResolverEndpoint>,
    /// The endpoint that listens; `None` for a server outside the code.
    pub inbound: Option<Id<ResolverEndpoint>>,
    /// The target as the rule writes it.
    pub target: Span,
    /// The port of the target.
    pub port: u16,
    /// Queries by UDP.
    pub udp: Journey,
    /// Queries by TCP: answers that do not fit into a datagram, and zone transfers.
    pub tcp: Journey,
}

/// Every leg of a rule. Of a target outside the code only the way out of the endpoint is judged.
///
/// The sender is the outbound endpoint's interface, never the client
/// (<https://docs.aws.amazon.com/whitepapers/latest/hybrid-cloud-dns-options-for-vpc/route-53-resolver-endpoints-and-forwarding-rules.html>).
pub(super) fn legs(network: &Network, rule: Id<ResolverRule>) -> Result<Vec<Leg>, Unknown> {
    let rule = &network.rules[rule];
    let Some(outbound) = rule.endpoint.get()? else { return Ok(Vec::new()) };
    let outbound = &network.endpoints[*outbound];
    if *outbound.direction.get()? != EndpointDirection::Outbound {
        return Ok(Vec::new()); // it sends nothing
    }
    let senders = interfaces(network, outbound, None)?;
    let mut legs = Vec::new();
    for (destination, span) in rule.targets.known() {
        let target = destination.target.get()?;
        if !destination.protocol.get()?.eq_ignore_ascii_case("Do53") {
            let name = format!("the queries of {}", rule.name);
            return Err(Unknown::new(name, Why::NotEvaluated("DNS over HTTPS".into())));
        }
        let inbound = network.endpoint_at(target)?;
        if let Some(inbound) = inbound
            && *inbound.direction.get()? == EndpointDirection::Outbound
        {
            continue; // it listens to nobody
        }
        let port = u16::try_from(*destination.port.get()?).unwrap_or(53);
        let receivers = match inbound {
            Some(inbound) => interfaces(network, inbound, Some(target))?,
            None => vec![server(network, target)?],
        };
        bounded(legs.len() + senders.len() * receivers.len(), &rule.name)?;
        for to in &receivers {
            for from in &senders {
                let flow = |protocol| Flow { from, to, protocol, port };
                legs.push(Leg {
                    outbound: outbound.id,
                    inbound: inbound.map(|inbound| inbound.id),
                    target: span,
                    port,
                    udp: reach(network, &flow(Protocol::Udp)),
                    tcp: reach(network, &flow(Protocol::Tcp)),
                });
            }
        }
    }
    Ok(legs)
}

/// Whether the legs of a rule are all there are: no further target or interface may be there.
pub fn all_legs(network: &Network, rule: Id<ResolverRule>) -> bool {
    let rule = &network.rules[rule];
    let whole = |endpoint: &ResolverEndpoint| endpoint.addresses.open().is_none();
    let outbound = rule.endpoint.get().ok().copied().flatten();
    let asked = |one: &Destination| {
        let endpoint = network.endpoint_at(one.target.get()?)?;
        Ok::<_, Unknown>(endpoint.is_none_or(|endpoint| whole(endpoint)))
    };
    rule.targets.open().is_none()
        && outbound.is_none_or(|endpoint| whole(&network.endpoints[endpoint]))
        && rule.targets.known().all(|(one, _)| asked(one) == Ok(true))
}

/// Who asks a server by itself: hosts in these subnets of a VPC.
#[derive(Debug)]
pub(super) struct Hosts {
    pub(super) vpc: Id<Vpc>,
    pub(super) subnets: Vec<Id<Subnet>>,
    /// Whether it is one host, which may be in any of them: then the worst way counts, else the best.
    pub(super) one: bool,
}

impl Hosts {
    /// A host in some subnets of a VPC, or hosts anywhere in it where none are named.
    pub(super) fn of(network: &Network, vpc: Id<Vpc>, subnets: &[Id<Subnet>]) -> Self {
        match subnets {
            [] => Self { vpc, subnets: subnets_of(network, vpc), one: false },
            some => Self { vpc, subnets: some.to_vec(), one: true },
        }
    }

    /// The ways by UDP to an endpoint: to each of its interfaces that of the host that fares best.
    pub(super) fn to_endpoint(
        &self,
        network: &Network,
        endpoint: &Declared<ResolverEndpoint>,
        target: &RuleTarget,
    ) -> Result<Vec<Journey>, Unknown> {
        let to = interfaces(network, endpoint, Some(target))?;
        bounded(self.subnets.len() * to.len(), &endpoint.name)?;
        to.iter().map(|to| self.to(network, to)).collect()
    }

    /// The way to a server that is no endpoint, likewise.
    pub(super) fn to_server(
        &self,
        network: &Network,
        target: &RuleTarget,
    ) -> Result<Journey, Unknown> {
        self.to(network, &server(network, target)?)
    }

    fn to(&self, network: &Network, to: &Interface) -> Result<Journey, Unknown> {
        let journeys = self.subnets.iter().map(|host| {
            let place = Some((self.vpc, *host));
            let from = Interface { place, address: None, guard: Guard::AnyHost };
            reach(network, &Flow { from: &from, to, protocol: Protocol::Udp, port: 53 })
        });
        let rank = |journey: &Journey| match journey.end() {
            Ok(Disposition::Delivered) => 0,
            Err(_) => 1,
            Ok(_) => 2,
        };
        let way = if self.one { journeys.max_by_key(rank) } else { journeys.min_by_key(rank) };
        let name = || format!("the subnets of {}", network.vpc(self.vpc).name);
        way.ok_or_else(|| Unknown::new(name(), Why::ReadAtApply))
    }
}

/// The ways by UDP from blocks outside the code to each interface of an endpoint.
pub(super) fn from_outside(
    network: &Network,
    blocks: &[Option<Cidr>],
    endpoint: &Declared<ResolverEndpoint>,
) -> Result<Vec<Journey>, Unknown> {
    let mut ways = Vec::new();
    let interfaces = interfaces(network, endpoint, None)?;
    bounded(blocks.len() * interfaces.len(), &endpoint.name)?;
    for to in &interfaces {
        for block in blocks {
            let from = Interface { place: None, address: block.clone(), guard: Guard::AnyHost };
            ways.push(reach(network, &Flow { from: &from, to, protocol: Protocol::Udp, port: 53 }));
        }
    }
    Ok(ways)
}

/// Whether an endpoint certainly has a direction.
pub(super) fn is(endpoint: &ResolverEndpoint, direction: EndpointDirection) -> bool {
    endpoint.direction.get() == Ok(&direction)
}

/// A server that is no endpoint: some host in a VPC of the code, or one outside.
fn server(network: &Network, target: &RuleTarget) -> Result<Interface, Unknown> {
    let address = match target {
        RuleTarget::Address(address) => Some(*address),
        RuleTarget::Symbol(_) | RuleTarget::Endpoint(_) => None,
    };
    let place = address.map_or(Ok(None), |address| network.place_of(address))?;
    // What is not written out may be an interface of the code, with groups.
    let guard = match target {
        RuleTarget::Symbol(symbol) => Guard::Groups(Vec::new(), Some(symbol.unknown())),
        RuleTarget::Address(_) | RuleTarget::Endpoint(_) => Guard::AnyHost,
    };
    Ok(Interface { place, address: address.map(Cidr::from), guard })
}

/// The interfaces of an endpoint; only the one that has the target's address, if it is told apart.
pub(super) fn interfaces(
    network: &Network,
    endpoint: &Declared<ResolverEndpoint>,
    target: Option<&RuleTarget>,
) -> Result<Vec<Interface>, Unknown> {
    let vpc = network.vpc_of_endpoint(endpoint.id)?;
    let groups: Vec<_> = endpoint.groups.known().map(|(group, _)| *group).collect();
    let guard = Guard::Groups(groups, endpoint.groups.open());
    let wanted = |address: &EndpointAddress| match target {
        Some(RuleTarget::Address(wanted)) => address.has(*wanted),
        Some(RuleTarget::Symbol(symbol)) => address.symbol.as_ref() == Some(symbol),
        Some(RuleTarget::Endpoint(_)) | None => true,
    };
    let family = match target {
        Some(RuleTarget::Address(address)) => Family::of(*address),
        _ => Family::V4,
    };
    let mut interfaces = Vec::new();
    for (address, _) in endpoint.addresses.known().filter(|(address, _)| wanted(address)) {
        let ip = address.pinned(family).get().ok().copied().flatten().map(Cidr::from);
        let place = Some((vpc, *address.subnet.get()?));
        interfaces.push(Interface { place, address: ip, guard: guard.clone() });
    }
    Ok(interfaces)
}
