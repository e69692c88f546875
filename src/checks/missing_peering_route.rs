//! `missing-peering-route`: a path over a peering connection needs a route there and one back, in the
//! tables that really serve the subnets.

use std::collections::BTreeMap;

use crate::dns::{Dns, all_legs};
use crate::finding::{Rule, Severity, Verdict};
use crate::network::{Id, Key, Network, Peering, ResolverRule, RouteTable, RuleType, Vpc};
use crate::reach::{Disposition, End, Journey, Missing, Near, Stage, to_cluster};
use crate::source::{Note, Span};

use super::{Check, Fault, Verdicts, list, managed};

const RULE: Rule = Rule {
    id: "missing-peering-route",
    summary: "a path over a peering connection that lacks a route in the table that serves the subnet, there or back",
    severities: &[Severity::Error, Severity::Warning],
    doc: include_str!("../../rules/missing-peering-route.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

fn run(dns: &Dns<'_>) -> Vec<Verdict> {
    let network = dns.network;
    let mut verdicts = Verdicts::new(&RULE);
    let mut gaps: BTreeMap<(Id<Peering>, Id<Vpc>), Gap> = BTreeMap::new();
    for rule in managed(network.rules.iter()) {
        if rule.rule_type.get() != Ok(&RuleType::Forward) {
            continue;
        }
        match &*dns.legs(rule.id) {
            Ok(legs) => {
                let journeys: Vec<_> = legs.iter().map(|leg| &leg.udp).collect();
                let what = format!("queries of {}", rule.name);
                let at = Note::new(rule.span, "its queries take this way");
                let all = all_legs(network, rule.id);
                collect(network, &mut gaps, &journeys, all, &what, &at);
                let inside = legs.iter().filter(|leg| leg.inbound.is_some());
                let inside: Vec<_> = inside.map(|leg| &leg.udp).collect();
                open(&mut verdicts, &inside, rule.span);
            }
            Err(unknown) if sends_to_endpoint(network, rule) => {
                verdicts.undecided(unknown.clone(), rule.span);
            }
            Err(_) => {} // a way to a server outside the code is not judged
        }
    }
    for cluster in managed(network.clusters.iter()) {
        if cluster.private_access.get() != Ok(&true) {
            continue;
        }
        for client in dns.clients(cluster.id).unwrap_or_default() {
            if !client.connects() {
                continue;
            }
            let ways = match to_cluster(network, client.vpc, cluster.id) {
                Ok(ways) => ways,
                Err(unknown) => {
                    verdicts.undecided(unknown, cluster.span);
                    continue;
                }
            };
            let journeys: Vec<_> = ways.iter().map(|(_, journey)| journey).collect();
            let name = &network.vpc(client.vpc).name;
            let what = format!("connections from {name} to the endpoint of {}", cluster.name);
            let at = Note::new(cluster.span, "the cluster");
            let at = client.notes().next().unwrap_or(at);
            let all = cluster.subnets.open().is_none();
            collect(network, &mut gaps, &journeys, all, &what, &at);
            open(&mut verdicts, &journeys, cluster.span);
        }
    }
    for ((peering, from), gap) in gaps {
        verdicts.fault(fault(network, peering, from, &gap));
    }
    verdicts.all
}

/// What one side of a peering connection lacks.
struct Gap {
    severity: Severity,
    missing: Vec<Missing>,
    stolen: Vec<Note>,
    uses: Vec<(String, Note)>,
    back: bool,
}

fn collect(
    network: &Network,
    gaps: &mut BTreeMap<(Id<Peering>, Id<Vpc>), Gap>,
    journeys: &[&Journey],
    complete: bool,
    what: &str,
    at: &Note,
) {
    let routeless = |journey: &&Journey| journey.faults().any(|fault| lack(fault).is_some());
    let all = complete && journeys.iter().all(routeless);
    let severity = if all { Severity::Error } else { Severity::Warning };
    for fault in journeys.iter().flat_map(|journey| journey.faults()) {
        let Some((missing, stolen, back)) = lack(fault) else { continue };
        let (Some(peering), Ok(from)) = (missing.peering, network.vpc_of_subnet(missing.subnet))
        else {
            continue;
        };
        let gap = gaps.entry((peering, from)).or_insert_with(|| Gap {
            severity,
            missing: Vec::new(),
            stolen: Vec::new(),
            uses: Vec::new(),
            back: true,
        });
        gap.severity = gap.severity.max(severity);
        gap.back &= back;
        if !gap.missing.contains(missing) {
            gap.missing.push(missing.clone());
        }
        if !gap.uses.iter().any(|(one, _)| one == what) {
            gap.uses.push((what.to_owned(), at.clone()));
        }
        gap.stolen.extend(stolen.map(|span| Note::new(span, "takes these packets elsewhere")));
    }
}

/// Whether a rule sends to an endpoint that the code knows.
fn sends_to_endpoint(network: &Network, rule: &ResolverRule) -> bool {
    let mut targets = rule.targets.known();
    targets.any(|(one, _)| {
        one.target.get().is_ok_and(|one| !matches!(network.endpoint_at(one), Ok(None)))
    })
}

/// The missing route of a fault, the route that takes its place, and whether it is the way back.
fn lack(fault: &Disposition) -> Option<(&Missing, Option<Span>, bool)> {
    match fault {
        // A way to a server outside the code is not judged here.
        Disposition::NoRoute(missing) | Disposition::ExitsNetwork(missing, _)
            if missing.to == End::Outside =>
        {
            None
        }
        Disposition::NoRoute(missing) => Some((missing, None, false)),
        Disposition::ExitsNetwork(missing, span) => Some((missing, Some(*span), false)),
        Disposition::NoReturn(fault) => lack(fault).map(|(missing, span, _)| (missing, span, true)),
        _ => None,
    }
}

fn open(verdicts: &mut Verdicts, journeys: &[&Journey], span: Span) {
    for journey in journeys {
        for stage in [Stage::There, Stage::Back] {
            if let Some(unknown) = journey.open(stage) {
                verdicts.undecided(unknown.clone(), span);
            }
        }
    }
}

/// Whether a table is a VPC's main one, which no code declares.
fn is_brought_along(network: &Network, table: Id<RouteTable>) -> bool {
    matches!(network.route_tables[table].key, Key::Derived(..))
}

fn fault(network: &Network, peering: Id<Peering>, from: Id<Vpc>, gap: &Gap) -> Fault {
    let (peering, from) = (&network.peerings[peering], network.vpc(from));
    let mut tables: Vec<Id<RouteTable>> = gap.missing.iter().map(|missing| missing.table).collect();
    tables.dedup();
    let names: Vec<_> =
        tables.iter().map(|table| network.route_tables[*table].name.to_string()).collect();
    let to = gap.missing.iter().find_map(|missing| match missing.to {
        End::Vpc(vpc) => Some(network.vpc(vpc)),
        End::Outside => None,
    });
    let to = to.unwrap_or(from);
    let what = destination(gap, &to.name);
    let beaten = gap.missing.iter().all(|one| matches!(one.near, Some(Near::Beaten(_))));
    let (at, label) = match (gap.stolen.first(), tables.first()) {
        (Some(stolen), _) if beaten => (stolen.span, stolen.text.clone()),
        (_, Some(table)) => {
            (network.route_tables[*table].span, format!("no route to {what} over {}", peering.name))
        }
        _ => (peering.span, String::new()),
    };
    let uses: Vec<_> = gap.uses.iter().map(|(what, _)| what.clone()).collect();
    let verb = if names.len() == 1 { "has" } else { "have" };
    let lack = if beaten {
        format!("{} {verb} a route to {what} that is more specific than the one", list(&names))
    } else {
        format!("{} {verb} no route to {what}", list(&names))
    };
    let some = if gap.severity == Severity::Warning { "on some paths, " } else { "" };
    let effect = if gap.back { "get no answer" } else { "do not arrive" };
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
        severity: gap.severity,
        message: format!("{lack} over {}: {some}{} {effect}", peering.name, list(&uses)),
        primary: Note::new(at, label),
        labels: labels(network, gap, &tables, beaten)
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
fn destination(gap: &Gap, name: &str) -> String {
    let mut blocks: Vec<String> = Vec::new();
    for block in gap.missing.iter().filter_map(|missing| missing.block.as_ref()) {
        let block = block.to_string();
        if !blocks.contains(&block) {
            blocks.push(block);
        }
    }
    if blocks.is_empty() { name.to_owned() } else { format!("{} ({name})", list(&blocks)) }
}

/// In the order of the way: who sends, from which subnet, what the tables say.
fn labels<'a>(
    network: &'a Network,
    gap: &'a Gap,
    tables: &'a [Id<RouteTable>],
    beaten: bool,
) -> impl Iterator<Item = Note> + 'a {
    let users = gap.uses.iter().map(|(_, note)| note.clone());
    let subnets = gap.missing.iter().flat_map(|missing| {
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
    users.chain(subnets).chain(others).chain(gap.stolen.iter().cloned())
}
