//! `missing-peering-route`: a path over a peering connection needs a route there and one back, in the
//! tables that really serve the subnets.

use crate::dns::{Dns, Way};
use crate::finding::{Rule, Severity, Verdict};
use crate::network::{Id, Key, Network, Peering, RouteTable, Vpc};
use crate::reach::{Disposition, End, Journey, Missing, Near, Stage};
use crate::source::{Language, Note, Span};
use crate::unknown::Unknown;

use super::{Cause, Check, Fault, Verdicts, causes, list, open};

const RULE: Rule = Rule {
    id: "missing-peering-route",
    summary: "a path over a peering connection that lacks a route in the table that serves the subnet, there or back",
    severities: &[Severity::Error, Severity::Warning],
    languages: Language::ALL,
    doc: include_str!("../../rules/missing-peering-route.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

const TAKEN: &str = "takes these packets elsewhere";

fn run(dns: &Dns<'_>) -> Vec<Verdict> {
    let network = dns.network;
    let ways = dns.ways();
    let mut verdicts = Verdicts::new(&RULE);
    let found = causes(ways, |_, fault| {
        let (missing, _) = lack(fault)?;
        Some((missing.peering?, network.vpc_of_subnet(missing.subnet).ok()?))
    });
    for ((peering, from), cause) in &found {
        verdicts.fault(fault(network, *peering, *from, cause));
    }
    open(&mut verdicts, ways, &[Stage::There, Stage::Back], |way| way.ends.is_some());
    for way in &ways.known {
        if let Some(unknown) = open_peering(network, way) {
            verdicts.undecided(unknown.clone(), way.owner);
        }
    }
    verdicts.all
}

/// Why a way that lacks a route may be one over a peering connection: it is not sure that there is none.
fn open_peering<'n>(network: &'n Network, way: &Way) -> Option<&'n Unknown> {
    let mut faults = way.journeys.iter().flat_map(Journey::faults);
    let lacks = faults.any(|fault| {
        lack(fault.without_return()).is_some_and(|(missing, _)| missing.peering.is_none())
    });
    let (from, to) = way.ends.filter(|_| lacks)?;
    network.peerings_between(from, to).into_iter().find_map(|peering| peering.exists.as_ref().err())
}

/// The missing route of a fault, and the route that takes its place. A way to a server outside the code is
/// not judged here.
fn lack(fault: &Disposition) -> Option<(&Missing, Option<Span>)> {
    match fault {
        Disposition::NoRoute(missing) if missing.to != End::Outside => Some((missing, None)),
        Disposition::ExitsNetwork(missing, span) if missing.to != End::Outside => {
            Some((missing, Some(*span)))
        }
        _ => None,
    }
}

/// Whether a table is a VPC's main one, which no code declares.
fn is_brought_along(network: &Network, table: Id<RouteTable>) -> bool {
    matches!(network.route_tables[table].key, Key::Derived(..))
}

fn fault(network: &Network, peering: Id<Peering>, from: Id<Vpc>, cause: &Cause<'_>) -> Fault {
    let (peering, from) = (&network.peerings[peering], network.vpc(from));
    let lacks = cause.faults.iter().filter_map(|fault| lack(fault));
    let (missing, stolen): (Vec<_>, Vec<_>) = lacks.unzip();
    let stolen: Vec<_> = stolen.into_iter().flatten().collect();
    let mut tables: Vec<Id<RouteTable>> = missing.iter().map(|missing| missing.table).collect();
    tables.dedup();
    let names: Vec<_> =
        tables.iter().map(|table| network.route_tables[*table].name.to_string()).collect();
    let to = missing.iter().find_map(|missing| match missing.to {
        End::Vpc(vpc) => Some(network.vpc(vpc)),
        End::Outside => None,
    });
    let to = to.unwrap_or(from);
    let what = destination(&missing, &to.name);
    let beaten = missing.iter().all(|one| matches!(one.near, Some(Near::Beaten(_))));
    let (at, label) = match (stolen.first(), tables.first()) {
        (Some(stolen), _) if beaten => (*stolen, TAKEN.to_owned()),
        (_, Some(table)) => {
            (network.route_tables[*table].span, format!("no route to {what} over {}", peering.name))
        }
        _ => (peering.span, String::new()),
    };
    let verb = if names.len() == 1 { "has" } else { "have" };
    let lack = if beaten {
        format!("{} {verb} a route to {what} that is more specific than the one", list(&names))
    } else {
        format!("{} {verb} no route to {what}", list(&names))
    };
    let help = match (beaten, tables.first()) {
        (true, _) => {
            format!("take the more specific route away, or let it lead through {}", peering.name)
        }
        (false, Some(main)) if is_brought_along(network, *main) => format!(
            "give the subnets of {} a route table with a route to {what} through {}",
            from.name, peering.name
        ),
        _ => format!("add a route to {what} through {} in {}", peering.name, list(&names)),
    };
    Fault {
        severity: cause.severity,
        message: format!("{lack} over {}: {}", peering.name, cause.effect()),
        primary: Note::new(at, label),
        labels: cause
            .notes()
            .chain(labels(network, &missing, &tables, beaten))
            .chain(stolen.iter().map(|span| Note::new(*span, TAKEN)))
            .chain([Note::new(peering.span, format!("joins {} and {}", from.name, to.name))])
            .collect(),
        help,
        subjects: [peering.name.to_string(), from.name.to_string()]
            .into_iter()
            .chain(names)
            .collect(),
    }
}

/// `10.2.0.0/16 (aws_vpc.eks)`, or only the name where no block is known.
fn destination(missing: &[&Missing], name: &str) -> String {
    let mut blocks: Vec<String> = Vec::new();
    for block in missing.iter().filter_map(|missing| missing.block.as_ref()) {
        let block = block.to_string();
        if !blocks.contains(&block) {
            blocks.push(block);
        }
    }
    if blocks.is_empty() { name.to_owned() } else { format!("{} ({name})", list(&blocks)) }
}

/// In the order of the way: from which subnet, what the tables say.
fn labels<'a>(
    network: &'a Network,
    missing: &'a [&'a Missing],
    tables: &'a [Id<RouteTable>],
    beaten: bool,
) -> impl Iterator<Item = Note> + 'a {
    let subnets = missing.iter().flat_map(|missing| {
        let subnet = &network.subnets[missing.subnet];
        let table = &network.route_tables[missing.table].name;
        let near = missing.near.map(|near| match near {
            Near::OtherTable(span) => {
                let text = format!("this route is in a table that does not serve {}", subnet.name);
                Note::new(span, text)
            }
            Near::OtherBlock(span) => Note::new(span, "this route is for other addresses"),
            Near::Beaten(span) => Note::new(span, "less specific, so it does not count"),
        });
        std::iter::once(Note::new(subnet.span, format!("{} is served by {table}", subnet.name)))
            .chain(near)
    });
    let skipped = usize::from(!beaten);
    let others = tables.iter().skip(skipped).map(move |table| {
        let text =
            if beaten { "the table that has both routes" } else { "no such route here either" };
        Note::new(network.route_tables[*table].span, text)
    });
    subnets.chain(others)
}
