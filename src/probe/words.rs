//! Outcomes in words: RFC 9499's for names, Batfish's for packets, AWS's for things.

use super::{Connection, Probe, Verdict};
use crate::dns::{Answer, Assumptions, Origin, Question};
use crate::network::{BlockResponse, Network, Tri};
use crate::reach::{Disposition, Journey, Unreachable};
use crate::source::{Note, Span};
use crate::trace::Ending;

use super::Client;

/// How a path ends: that of a cluster with its connection, that of any other name without.
pub fn outcome(probe: &Probe, verdict: &Verdict, question: &Question) -> Ending {
    match verdict {
        Verdict::Holds if probe.asks_public_dns() => {
            Ending::new("holds", "it is answered by public DNS, whose names are not in the code")
        }
        Verdict::Holds if matches!(question, Question::Name(_)) => {
            Ending::new("holds", "it resolves")
        }
        Verdict::Holds => Ending::new("holds", "it resolves and reaches"),
        Verdict::Partly => Ending::new("partly", "it holds on some paths only"),
        Verdict::Fails => Ending::new("fails", "it does not hold"),
        Verdict::Undecided(_) => Ending::new("undecided", "the code does not tell"),
    }
}

/// What the query got.
pub fn name(network: &Network, probe: &Probe) -> Ending {
    match &probe.name.end {
        Ok(answer) => Ending::new(word(answer), answer_text(network, answer)),
        Err(unknown) => Ending::new("undecided", unknown.to_string()),
    }
}

fn word(answer: &Answer) -> &'static str {
    match answer {
        Answer::Private(_) => "private",
        Answer::Public(_) => "public",
        Answer::Internet => "internet",
        Answer::Zone(_) => "zone",
        Answer::Namespace(_) => "namespace",
        Answer::Service(_) => "service",
        Answer::Own(_) => "own",
        Answer::NxDomain => "nxdomain",
        Answer::NoData => "nodata",
        Answer::Blocked(_) => "blocked",
        Answer::Timeout => "timeout",
        Answer::Refused => "refused",
        Answer::Intermittent => "intermittent",
        Answer::Loop(_) => "loop",
        Answer::Elsewhere(..) => "elsewhere",
    }
}

fn answer_text(network: &Network, answer: &Answer) -> String {
    match answer {
        Answer::Private(cluster) => {
            format!("the private addresses of {}", network.clusters[*cluster].name)
        }
        Answer::Public(cluster) => {
            format!("the public addresses of {}", network.clusters[*cluster].name)
        }
        Answer::Internet => "what public DNS says of the name".to_owned(),
        Answer::Zone(zone) => format!("a record of {}", network.zones[*zone].name),
        Answer::Namespace(space) => {
            format!("what services registered in {}", network.namespaces[*space].name)
        }
        Answer::Service(endpoint) => {
            format!("the private addresses of {}", network.vpc_endpoints[*endpoint].name)
        }
        Answer::Own(vpc) => format!("what AWS says of names of {}", network.vpc(*vpc).name),
        Answer::NxDomain => "NXDOMAIN: the name does not exist".to_owned(),
        Answer::NoData => "NODATA: the name has no address".to_owned(),
        Answer::Blocked(BlockResponse::NoData) => "blocked by DNS Firewall: NODATA".to_owned(),
        Answer::Blocked(BlockResponse::NxDomain) => "blocked by DNS Firewall: NXDOMAIN".to_owned(),
        Answer::Blocked(BlockResponse::Override) => {
            "blocked by DNS Firewall: another name in its place".to_owned()
        }
        Answer::Timeout => "timeout: no server answers".to_owned(),
        Answer::Refused => "REFUSED".to_owned(),
        Answer::Intermittent => {
            "intermittent: some servers or paths answer, some do not".to_owned()
        }
        Answer::Loop(vpc) => {
            format!("a loop: the query comes back to {}", network.vpc(*vpc).name)
        }
        Answer::Elsewhere(server, then) => {
            format!("{}, from {server}, outside the code", answer_text(network, then))
        }
    }
}

/// What became of the connection.
pub fn connection(network: &Network, probe: &Probe) -> Ending {
    match &probe.connection {
        Connection::None if probe.name.end.is_err() => {
            Ending::new("none", "not tried: the answer is undecided")
        }
        Connection::None if probe.is_intermittent() => {
            Ending::new("none", "not followed: the name resolves only at times")
        }
        Connection::None => Ending::new("none", "there is no cluster's address to connect to"),
        Connection::NoEndpoint(_) => {
            Ending::new("no-endpoint", "the cluster has no private endpoint")
        }
        Connection::Open(unknown) | Connection::Internet(Tri::Maybe(unknown), _) => {
            Ending::new("undecided", unknown.to_string())
        }
        Connection::Internet(Tri::Yes, _) => Ending::new("accepted", "accepted over the internet"),
        Connection::Internet(Tri::No, _) => {
            Ending::new("no-route", "no route of the client's subnets leads to the internet")
        }
        Connection::Interfaces(ways) => match probe.connection.verdict() {
            Verdict::Holds => Ending::new("accepted", "accepted in every subnet of the cluster"),
            Verdict::Undecided(unknown) => Ending::new("undecided", unknown.to_string()),
            Verdict::Partly | Verdict::Fails => {
                let fault =
                    ways.iter().find_map(|(subnet, way)| Some((*subnet, way.faults().next()?)));
                let Some((subnet, fault)) = fault else { return Ending::new("undecided", "") };
                let mut text = disposition(network, fault);
                let holds = |way: &Journey| way.faults().next().is_none();
                let name = &network.subnets[subnet].name;
                if ways.iter().any(|(other, way)| *other == subnet && holds(way)) {
                    text = format!("on some ways to {name}: {text}");
                } else if ways.iter().any(|(_, way)| holds(way)) {
                    text = format!("to {name} alone: {text}");
                }
                Ending::new(fault.word(), text)
            }
        },
    }
}

/// What becomes of a packet, in words.
pub fn disposition(network: &Network, fault: &Disposition) -> String {
    let stopped = |groups: &[crate::network::Id<crate::network::SecurityGroup>], way: &str| {
        let names: Vec<_> =
            groups.iter().map(|group| &*network.security_groups[*group].name).collect();
        let verb = if names.len() > 1 { "do" } else { "does" };
        format!("{} {verb} not let it {way}", names.join(", "))
    };
    match fault {
        Disposition::Delivered => "accepted".to_owned(),
        Disposition::NoRoute(missing) => {
            let table = &network.route_tables[missing.table].name;
            format!("{table} has no route there")
        }
        Disposition::ExitsNetwork(missing, _) => {
            let table = &network.route_tables[missing.table].name;
            format!("{table} sends it elsewhere")
        }
        Disposition::StaysInside(vpc, _) => {
            let vpc = &network.vpc(*vpc).name;
            format!("{vpc} has this address itself")
        }
        Disposition::NoGatewayRoute(missing) => {
            let table = &network.transit_gateway_tables[missing.table].name;
            format!("{table} has no route there")
        }
        Disposition::NullRouted(_) => "a blackhole route drops it".to_owned(),
        Disposition::NeighborUnreachable(why, _) => unreachable(network, why),
        Disposition::Loop(_) => "the packet comes back to where it was".to_owned(),
        Disposition::DeniedOut(own) if own.is_empty() => {
            "the VPN endpoint does not let its users there".to_owned()
        }
        Disposition::DeniedOut(own) => stopped(own, "out"),
        Disposition::DeniedIn(own) => stopped(own, "in"),
        Disposition::DeniedByAcl(denial) => {
            let acl = &network.network_acls[denial.acl].name;
            let subnet = &network.subnets[denial.subnet].name;
            format!("{acl}, the network ACL of {subnet}, drops it")
        }
        Disposition::NoReturn(fault) => {
            let text = disposition(network, fault);
            format!("the answer does not come back: {text}")
        }
    }
}

/// The place that breaks a path: a block at fault, or one that lacks something.
pub fn place(network: &Network, fault: &Disposition) -> Option<Span> {
    match fault {
        Disposition::Delivered => None,
        Disposition::NoRoute(missing) => Some(network.route_tables[missing.table].span),
        Disposition::StaysInside(vpc, _) => Some(network.vpc(*vpc).span),
        Disposition::NoGatewayRoute(missing) => {
            Some(network.transit_gateway_tables[missing.table].span)
        }
        Disposition::ExitsNetwork(_, span)
        | Disposition::NullRouted(span)
        | Disposition::NeighborUnreachable(_, span)
        | Disposition::Loop(span) => Some(*span),
        Disposition::DeniedOut(groups) | Disposition::DeniedIn(groups) => {
            let mut groups = groups.iter().map(|group| &network.security_groups[*group]);
            groups.find(|group| group.managed).map(|group| group.span)
        }
        Disposition::DeniedByAcl(denial) => {
            Some(denial.rule.unwrap_or(network.network_acls[denial.acl].span))
        }
        Disposition::NoReturn(fault) => place(network, fault),
    }
}

fn unreachable(network: &Network, why: &Unreachable) -> String {
    match why {
        Unreachable::PeeringNotAccepted(peering) => {
            format!("nobody accepts {}", network.peerings[*peering].name)
        }
        Unreachable::NotTransitive => "peering carries nothing beyond its two VPCs".to_owned(),
        Unreachable::NotAttached(gateway, vpc) => format!(
            "{} is not attached to {}",
            network.vpc(*vpc).name,
            network.transit_gateways[*gateway].name
        ),
        Unreachable::NoIpv6(attachment) => {
            format!("{} carries IPv4 alone", network.attachments[*attachment].name)
        }
        Unreachable::NoInterfaceInZone(attachment, subnet) => format!(
            "{} has no interface in the zone of {}",
            network.attachments[*attachment].name, network.subnets[*subnet].name
        ),
        Unreachable::NotAssociated(attachment) => {
            format!("no route table has {}", network.attachments[*attachment].name)
        }
        Unreachable::GatewayNotAttached(gateway, vpc) => format!(
            "{} is not attached to {}",
            network.vpn_gateways[*gateway].name,
            network.vpc(*vpc).name
        ),
        Unreachable::NoVpnRoute(gateway) => {
            format!(
                "no VPN connection of {} has a route there",
                network.vpn_gateways[*gateway].name
            )
        }
        Unreachable::NotAnnounced(association) => {
            format!("{} does not announce it", network.dx_associations[*association].name)
        }
        Unreachable::NotInCoreNetwork(core, vpc) => format!(
            "{} is not attached to {}",
            network.vpc(*vpc).name,
            network.core_networks[*core].name
        ),
        Unreachable::NoSegment(attachment) => {
            let name = &network.core_attachments[*attachment].name;
            format!("the core network's policy gives {name} no segment")
        }
        Unreachable::NoSegmentRoute(attachment) => {
            let name = &network.core_attachments[*attachment].name;
            format!("the segment of {name} has no route there")
        }
        Unreachable::NoWayIn(vpc) => {
            format!("nothing leads to {} from outside", network.vpc(*vpc).name)
        }
    }
}

/// The way of the connection's packets.
pub fn hops(network: &Network, connection: &Connection) -> Vec<Note> {
    match connection {
        Connection::Interfaces(ways) => {
            let hop = |(subnet, way): &(
                crate::network::Id<crate::network::Subnet>,
                crate::reach::Journey,
            )| {
                let subnet = &network.subnets[*subnet];
                let mut hops = way.steps.clone();
                if way.end() == Ok(Disposition::Delivered) {
                    let text = format!("accepted on TCP 443 in {}", subnet.name);
                    hops.push(Note::new(subnet.span, text));
                }
                hops
            };
            ways.iter().flat_map(hop).collect()
        }
        Connection::NoEndpoint(span) => {
            vec![Note::new(*span, "the private endpoint is off")]
        }
        Connection::Internet(_, by) => by.clone(),
        _ => Vec::new(),
    }
}

/// What is taken for true.
pub fn assumptions(
    network: &Network,
    client: &Client,
    probe: &Probe,
    assumed: &Assumptions,
) -> Vec<String> {
    let mut all = Vec::new();
    if probe.rests_on_public_dns {
        all.push("public DNS answers private addresses for private-only endpoints".to_owned());
    } else if !assumed.eks_public_dns {
        all.push("public DNS does not answer for private-only endpoints".to_owned());
    }
    let answer = probe.name.end.as_ref().ok();
    match answer {
        Some(Answer::Elsewhere(..)) if assumed.on_premises_dns.is_some() => {
            all.push("DNS on premises does what the configuration says".to_owned());
        }
        Some(Answer::Elsewhere(server, _)) => {
            all.push(format!("public DNS and {server} say the same of the name"));
        }
        _ => {}
    }
    match (&probe.connection, client.origin) {
        (Connection::Interfaces(ways), Origin::Host(vpc)) => {
            let vpc = network.vpc(vpc);
            let at_home = |subnet| network.vpc_of_subnet(subnet) == Ok(vpc.id);
            let both = if ways.iter().any(|(subnet, _)| at_home(*subnet)) {
                ", and that those of the cluster admit"
            } else {
                ""
            };
            all.push(format!(
                "the client in {} has security groups that let it out to TCP 443{both}",
                vpc.name
            ));
        }
        (Connection::Internet(Tri::Yes, _), _) => {
            all.push(
                "the client's public address is among those that the endpoint admits".to_owned(),
            );
        }
        _ => {}
    }
    all
}

/// The inputs that would decide it.
pub fn open(verdict: &Verdict) -> Vec<(String, String)> {
    let Verdict::Undecided(unknown) = verdict else { return Vec::new() };
    unknown.inputs().map(|one| (one.name.to_string(), one.reason())).collect()
}

/// Why a path does not hold: the first of the two that does not.
pub fn why(network: &Network, probe: &Probe) -> String {
    let (name, connection) = (name(network, probe), connection(network, probe));
    match connection.word {
        "accepted" | "none" => name.text,
        _ => connection.text,
    }
}
