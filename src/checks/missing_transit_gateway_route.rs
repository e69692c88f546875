//! `missing-transit-gateway-route`: a path over a transit gateway needs routes to it on both sides, and one in
//! the gateway's own table for each way.

use crate::dns::Dns;
use crate::finding::{Rule, Severity, Verdict};
use crate::network::{
    Id, Key, Network, RouteTable, TransitGateway, TransitGatewayAttachment, TransitGatewayTable,
    Vpc,
};
use crate::reach::{Disposition, End, Missing, Stage};
use crate::source::{Language, Note, Span};

use super::{Cause, Check, Fault, Verdicts, causes, list, open};

const RULE: Rule = Rule {
    id: "missing-transit-gateway-route",
    summary: "no route to the transit gateway, or none in its route table, or a blackhole, there or back",
    severities: &[Severity::Error, Severity::Warning],
    languages: Language::ALL,
    doc: include_str!("../../rules/missing-transit-gateway-route.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

/// What is not there.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Lack {
    /// A route to the gateway in tables of a VPC.
    InVpc(Id<TransitGateway>, Id<Vpc>),
    /// A route in a table of the gateway, to what is behind an attachment; `None` for a network outside.
    InGateway(Id<TransitGatewayTable>, Option<Id<TransitGatewayAttachment>>, Option<Span>),
    /// What drops the packets.
    Dropped(Span),
}

fn run(dns: &Dns<'_>) -> Vec<Verdict> {
    let network = dns.network;
    let ways = dns.ways();
    let mut verdicts = Verdicts::new(&RULE);
    let found = causes(ways, |_, fault| lack(network, fault));
    for (lack, cause) in &found {
        verdicts.fault(match *lack {
            Lack::InVpc(gateway, vpc) => in_vpc(network, gateway, vpc, cause),
            Lack::InGateway(table, far, taken) => in_gateway(network, table, far, taken, cause),
            Lack::Dropped(span) => dropped(span, cause),
        });
    }
    if network.transit_gateways.iter().next().is_some() {
        open(&mut verdicts, ways, &[Stage::There, Stage::Back], |_| true);
    }
    verdicts.all
}

fn lack(network: &Network, fault: &Disposition) -> Option<Lack> {
    match fault {
        Disposition::NoRoute(missing) | Disposition::ExitsNetwork(missing, _)
            if missing.peering.is_none() =>
        {
            let vpc = network.vpc_of_subnet(missing.subnet).ok()?;
            Some(Lack::InVpc(missing.gateway?, vpc))
        }
        // A VPC that is not attached is another fault.
        Disposition::NoGatewayRoute(missing)
            if missing.far.is_some() || missing.to == End::Outside =>
        {
            Some(Lack::InGateway(missing.table, missing.far, missing.taken))
        }
        Disposition::NullRouted(span) => Some(Lack::Dropped(*span)),
        _ => None,
    }
}

fn in_vpc(
    network: &Network,
    gateway: Id<TransitGateway>,
    vpc: Id<Vpc>,
    cause: &Cause<'_>,
) -> Fault {
    let (gateway, vpc) = (&network.transit_gateways[gateway], network.vpc(vpc));
    let missing: Vec<(&Missing, Option<Span>)> = cause
        .faults
        .iter()
        .filter_map(|fault| match fault {
            Disposition::NoRoute(missing) => Some((missing, None)),
            Disposition::ExitsNetwork(missing, taken) => Some((missing, Some(*taken))),
            _ => None,
        })
        .collect();
    let mut tables: Vec<Id<RouteTable>> = missing.iter().map(|(one, _)| one.table).collect();
    tables.dedup();
    let names: Vec<_> =
        tables.iter().map(|table| network.route_tables[*table].name.to_string()).collect();
    let what = destination(network, &missing);
    let verb = if names.len() == 1 { "has" } else { "have" };
    let at = tables.first().map_or(vpc.span, |table| network.route_tables[*table].span);
    // A VPC's main table is brought along: no code declares it.
    let main =
        |table: &Id<RouteTable>| matches!(network.route_tables[*table].key, Key::Derived(..));
    let help = if tables.first().is_some_and(main) {
        format!(
            "give the subnets of {} a route table with a route to {what} through {}",
            vpc.name, gateway.name
        )
    } else {
        format!("add a route to {what} through {} in {}", gateway.name, list(&names))
    };
    let subnets = missing.iter().map(|(one, _)| {
        let subnet = &network.subnets[one.subnet];
        let table = &network.route_tables[one.table].name;
        Note::new(subnet.span, format!("{} is served by {table}", subnet.name))
    });
    let taken = missing.iter().filter_map(|(_, taken)| *taken);
    let taken = taken.map(|span| Note::new(span, "takes these packets elsewhere"));
    let others = tables
        .iter()
        .skip(1)
        .map(|table| Note::new(network.route_tables[*table].span, "no such route here either"));
    let gateway_note = Note::new(gateway.span, "the transit gateway between the two");
    Fault {
        severity: cause.severity,
        message: format!(
            "{} {verb} no route to {what} through {}: {}",
            list(&names),
            gateway.name,
            cause.effect()
        ),
        primary: Note::new(at, format!("no route to {what} through {}", gateway.name)),
        labels: cause
            .notes()
            .chain(subnets)
            .chain(taken)
            .chain(others)
            .chain([gateway_note])
            .collect(),
        help,
        subjects: [gateway.name.to_string(), vpc.name.to_string()]
            .into_iter()
            .chain(names)
            .collect(),
    }
}

/// `10.2.0.0/16 (aws_vpc.eks)`, or only the name where no block is known.
fn destination(network: &Network, missing: &[(&Missing, Option<Span>)]) -> String {
    let mut blocks: Vec<String> = Vec::new();
    for block in missing.iter().filter_map(|(missing, _)| missing.block.as_ref()) {
        if !blocks.contains(&block.to_string()) {
            blocks.push(block.to_string());
        }
    }
    let to = missing.iter().find_map(|(missing, _)| match missing.to {
        End::Vpc(vpc) => Some(network.vpc(vpc).name.to_string()),
        End::Outside => None,
    });
    match (to, blocks.is_empty()) {
        (Some(name), true) => name,
        (Some(name), false) => format!("{} ({name})", list(&blocks)),
        (None, _) => list(&blocks),
    }
}

fn in_gateway(
    network: &Network,
    table: Id<TransitGatewayTable>,
    far: Option<Id<TransitGatewayAttachment>>,
    taken: Option<Span>,
    cause: &Cause<'_>,
) -> Fault {
    let table = &network.transit_gateway_tables[table];
    let far = far.map(|far| &network.attachments[far]);
    let from = cause.faults.iter().find_map(|fault| match fault {
        Disposition::NoGatewayRoute(missing) => Some(&network.attachments[missing.from]),
        _ => None,
    });
    let what = match far {
        Some(far) => format!("what is behind {}", far.name),
        None => "networks outside AWS".to_owned(),
    };
    let help = match (taken, far) {
        (Some(_), _) => {
            format!("let the route to {what} be the most specific one in {}", table.name)
        }
        (None, Some(far)) if peers(network, far.id) => {
            format!(
                "add a static route through {} to {}: peering announces none",
                far.name, table.name
            )
        }
        (None, Some(far)) => {
            format!("let {} propagate to {}, or add a static route", far.name, table.name)
        }
        (None, None) => format!("let the attachment that leads there propagate to {}", table.name),
    };
    let (at, label) = match taken {
        Some(taken) => (taken, "leads elsewhere".to_owned()),
        None => (table.span, format!("no route to {what}")),
    };
    let served =
        from.map(|from| Note::new(from.span, format!("{} is served by {}", from.name, table.name)));
    let behind = far.map(|far| Note::new(far.span, "the attachment of the destination"));
    let own = Note::new(table.span, "the table");
    Fault {
        severity: cause.severity,
        message: format!("{} has no route to {what}: {}", table.name, cause.effect()),
        primary: Note::new(at, label),
        labels: cause.notes().chain(served).chain([own]).chain(behind).collect(),
        help,
        subjects: std::iter::once(table.name.to_string())
            .chain(far.map(|far| far.name.to_string()))
            .collect(),
    }
}

/// Whether an attachment joins two gateways.
fn peers(network: &Network, id: Id<TransitGatewayAttachment>) -> bool {
    matches!(network.attachments[id].attached, crate::network::Attached::Gateway(_))
}

fn dropped(span: Span, cause: &Cause<'_>) -> Fault {
    Fault {
        severity: cause.severity,
        message: format!("this blackhole is the most specific route: {}", cause.effect()),
        primary: Note::new(span, "drops these packets"),
        labels: cause.notes().collect(),
        help: "take the blackhole away, or narrow it to the addresses that it is meant for"
            .to_owned(),
        subjects: cause.takers(),
    }
}
