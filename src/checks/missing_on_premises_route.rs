//! `missing-on-premises-route`: VPN or Direct Connect without the route that a query, a connection or its answer
//! needs.

use crate::dns::Dns;
use crate::finding::{Rule, Severity, Verdict};
use crate::network::{CoreAttachment, CoreNetwork, DxAssociation, Id, Network, Vpc, VpnGateway};
use crate::reach::{Disposition, End, Journey, Stage, Unreachable};
use crate::source::{Language, Note};

use super::{Cause, Check, Fault, Verdicts, causes, list, open};

const RULE: Rule = Rule {
    id: "missing-on-premises-route",
    summary: "VPN, Direct Connect or Cloud WAN without the route that the query or its answer needs",
    severities: &[Severity::Error, Severity::Warning],
    languages: Language::ALL,
    doc: include_str!("../../rules/missing-on-premises-route.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

/// Where the way to a network outside AWS ends.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Gap {
    /// Tables of a VPC have no route to it.
    Tables(Id<Vpc>),
    /// The gateway is not attached to the VPC that uses it.
    Gateway(Id<VpnGateway>, Id<Vpc>),
    /// No VPN connection of the gateway has a route to it.
    Vpn(Id<VpnGateway>),
    /// Direct Connect does not announce the VPC.
    DirectConnect(Id<DxAssociation>),
    /// The VPC is not attached to the core network that its route leads to.
    NotInCore(Id<CoreNetwork>, Id<Vpc>),
    /// No rule of the core network's policy gives the attachment a segment.
    NoSegment(Id<CoreAttachment>),
    /// Nothing that leads there is shared with the segment of the attachment.
    Isolated(Id<CoreAttachment>),
}

fn run(dns: &Dns<'_>) -> Vec<Verdict> {
    let network = dns.network;
    let ways = dns.ways();
    let mut verdicts = Verdicts::new(&RULE);
    let found = causes(ways, |way, fault| {
        // What would lead through a peer's gateway is another fault.
        let outside = way.ends.is_none() && !way.journeys.iter().any(is_transitive);
        // What is shared is shared both ways, and who is not attached has no segment: the first one tells it all.
        let mut faults = way.journeys.iter().flat_map(Journey::faults);
        let first = faults.find_map(|one| in_core(network, one.without_return()));
        gap(network, fault).filter(|gap| outside || Some(*gap) == first)
    });
    for (gap, cause) in &found {
        verdicts.fault(fault(network, *gap, cause));
    }
    open(&mut verdicts, ways, &[Stage::There, Stage::Back], |way| way.ends.is_none());
    verdicts.all
}

/// A gap in a core network, which joins VPCs as well.
fn in_core(network: &Network, fault: &Disposition) -> Option<Gap> {
    let own = |gap: &Gap| matches!(gap, Gap::NotInCore(..) | Gap::NoSegment(_) | Gap::Isolated(_));
    gap(network, fault).filter(own)
}

fn is_transitive(journey: &Journey) -> bool {
    journey.faults().any(|fault| {
        let fault = fault.without_return();
        matches!(fault, Disposition::NeighborUnreachable(Unreachable::NotTransitive, _))
    })
}

fn gap(network: &Network, fault: &Disposition) -> Option<Gap> {
    match fault {
        Disposition::NoRoute(missing) | Disposition::ExitsNetwork(missing, _)
            if missing.to == End::Outside =>
        {
            network.vpc_of_subnet(missing.subnet).ok().map(Gap::Tables)
        }
        Disposition::NeighborUnreachable(why, _) => match *why {
            Unreachable::NoWayIn(vpc) => Some(Gap::Tables(vpc)),
            Unreachable::GatewayNotAttached(gateway, vpc) => Some(Gap::Gateway(gateway, vpc)),
            Unreachable::NoVpnRoute(gateway) => Some(Gap::Vpn(gateway)),
            Unreachable::NotAnnounced(association) => Some(Gap::DirectConnect(association)),
            Unreachable::NotInCoreNetwork(core, vpc) => Some(Gap::NotInCore(core, vpc)),
            Unreachable::NoSegment(attachment) => Some(Gap::NoSegment(attachment)),
            Unreachable::NoSegmentRoute(attachment) => Some(Gap::Isolated(attachment)),
            _ => None,
        },
        _ => None,
    }
}

fn fault(network: &Network, gap: Gap, cause: &Cause<'_>) -> Fault {
    let effect = cause.effect();
    let (message, primary, help, subject) = match gap {
        Gap::Tables(vpc) => return tables(network, vpc, cause),
        Gap::Gateway(gateway, vpc) => {
            let (gateway, vpc) = (&network.vpn_gateways[gateway], network.vpc(vpc));
            (
                format!("{} is not attached to {}: {effect}", gateway.name, vpc.name),
                Note::new(gateway.span, format!("not attached to {}", vpc.name)),
                format!("attach {} to {}", gateway.name, vpc.name),
                gateway.name.to_string(),
            )
        }
        Gap::Vpn(gateway) => {
            let gateway = &network.vpn_gateways[gateway];
            (
                format!("no static VPN connection of {} has a route there: {effect}", gateway.name),
                Note::new(gateway.span, "its connections have static routes alone"),
                format!(
                    "add a static route for the network to a VPN connection of {}",
                    gateway.name
                ),
                gateway.name.to_string(),
            )
        }
        Gap::DirectConnect(association) => {
            let association = &network.dx_associations[association];
            (
                format!("{} does not announce the VPC: {effect}", association.name),
                Note::new(association.span, "the VPC is not among the allowed prefixes"),
                format!("add the block of the VPC to the allowed prefixes of {}", association.name),
                association.name.to_string(),
            )
        }
        Gap::NotInCore(core, vpc) => {
            let (core, vpc) = (&network.core_networks[core], network.vpc(vpc));
            (
                format!("{} is not attached to {}: {effect}", vpc.name, core.name),
                Note::new(vpc.span, format!("no attachment to {}", core.name)),
                format!("attach {} to {}", vpc.name, core.name),
                vpc.name.to_string(),
            )
        }
        Gap::NoSegment(attachment) => {
            let attachment = &network.core_attachments[attachment];
            (
                format!("no rule of the policy gives {} a segment: {effect}", attachment.name),
                Note::new(attachment.span, "in no segment"),
                format!(
                    "add an attachment policy that matches {}, or give it its tags",
                    attachment.name
                ),
                attachment.name.to_string(),
            )
        }
        Gap::Isolated(attachment) => {
            let attachment = &network.core_attachments[attachment];
            (
                format!("the segment of {} has no route there: {effect}", attachment.name),
                Note::new(attachment.span, "nothing that leads there is shared with its segment"),
                "share the segment of the destination with this one (`share_with`, `share-with`)"
                    .to_owned(),
                attachment.name.to_string(),
            )
        }
    };
    // What the policy of Cloud WAN does not share is an intent, as far as the code tells.
    let severity = if matches!(gap, Gap::Isolated(_)) { Severity::Warning } else { cause.severity };
    Fault {
        severity,
        message,
        primary,
        labels: cause.notes().collect(),
        help,
        subjects: vec![subject],
    }
}

fn tables(network: &Network, vpc: Id<Vpc>, cause: &Cause<'_>) -> Fault {
    let vpc = network.vpc(vpc);
    let missing = cause.faults.iter().filter_map(|fault| match fault {
        Disposition::NoRoute(missing) => Some((missing, None)),
        Disposition::ExitsNetwork(missing, taken) => Some((missing, Some(*taken))),
        _ => None,
    });
    let missing: Vec<_> = missing.collect();
    let mut tables: Vec<_> = missing.iter().map(|(one, _)| one.table).collect();
    tables.dedup();
    let tables: Vec<_> = tables.into_iter().map(|table| &network.route_tables[table]).collect();
    let names: Vec<_> = tables.iter().map(|table| table.name.to_string()).collect();
    let block = missing.iter().find_map(|(one, _)| one.block.as_ref());
    let what = block.map_or_else(|| "the network outside AWS".to_owned(), ToString::to_string);
    let (message, help) = if names.is_empty() {
        (
            format!("nothing leads to {} from outside AWS: {}", vpc.name, cause.effect()),
            format!("attach a virtual private gateway or a transit gateway to {}", vpc.name),
        )
    } else {
        let verb = if names.len() == 1 { "has" } else { "have" };
        (
            format!("{} {verb} no route to {what}: {}", list(&names), cause.effect()),
            format!(
                "let the virtual private gateway of {} propagate its routes to {}, or add a route to {what}",
                vpc.name,
                list(&names)
            ),
        )
    };
    let at = tables.first().map_or(vpc.span, |table| table.span);
    let subnets = missing.iter().map(|(one, _)| {
        let subnet = &network.subnets[one.subnet];
        let table = &network.route_tables[one.table].name;
        Note::new(subnet.span, format!("{} is served by {table}", subnet.name))
    });
    let taken = missing.iter().filter_map(|(_, taken)| *taken);
    let taken = taken.map(|span| Note::new(span, "takes these packets elsewhere"));
    let others = tables.iter().skip(1);
    let others = others.map(|table| Note::new(table.span, "no such route here either"));
    Fault {
        severity: cause.severity,
        message,
        primary: Note::new(at, format!("no route to {what}")),
        labels: cause.notes().chain(subnets).chain(taken).chain(others).collect(),
        help,
        subjects: std::iter::once(vpc.name.to_string()).chain(names).collect(),
    }
}
