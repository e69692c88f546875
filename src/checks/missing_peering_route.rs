//! `missing-peering-route`: a path over a peering connection needs a route there and one back, in the
//! tables that really serve the subnets.

use std::collections::BTreeMap;

use crate::dns::{Assumptions, all_legs, clients, legs};
use crate::finding::{Rule, Severity, Verdict};
use crate::network::{Id, Network, Peering, RouteTable, RuleType, Vpc};
use crate::reach::{Disposition, Journey, Missing, to_cluster};
use crate::source::{Note, Span};

use super::{Check, Fault, Verdicts, list, managed};

const RULE: Rule = Rule {
    id: "missing-peering-route",
    summary: "a path over a peering connection that lacks a route in the table that serves the subnet, there or back",
    severities: &[Severity::Error, Severity::Warning],
    doc: include_str!("../../rules/missing-peering-route.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

fn run(network: &Network, _: Assumptions) -> Vec<Verdict> {
    let mut verdicts = Verdicts::new(&RULE);
    let mut gaps: BTreeMap<(Id<Peering>, Id<Vpc>), Gap> = BTreeMap::new();
    for rule in managed(network.rules.iter()) {
        if rule.rule_type.get() != Ok(&RuleType::Forward) {
            continue;
        }
        match legs(network, rule.id) {
            Ok(legs) => {
                let journeys: Vec<_> = legs.iter().map(|leg| &leg.udp).collect();
                let what = format!("queries of {}", rule.name);
                let all = all_legs(network, rule.id);
                collect(network, &mut gaps, &journeys, all, &what, rule.span);
                open(&mut verdicts, &journeys, rule.span);
            }
            Err(unknown) => verdicts.undecided(unknown, rule.span),
        }
    }
    for cluster in managed(network.clusters.iter()) {
        if cluster.private_access.get() != Ok(&true) {
            continue;
        }
        for client in clients(network, cluster.id).unwrap_or_default() {
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
            let at = client.reasons.first().map_or(cluster.span, |(_, note)| note.span);
            let all = cluster.subnets.open().is_none();
            collect(network, &mut gaps, &journeys, all, &what, at);
            open(&mut verdicts, &journeys, cluster.span);
        }
    }
    for ((peering, from), gap) in gaps {
        verdicts.fault(fault(network, peering, from, gap));
    }
    verdicts.all
}

/// What one side of a peering connection lacks.
struct Gap {
    severity: Severity,
    missing: Vec<Missing>,
    stolen: Vec<Note>,
    uses: Vec<(String, Span)>,
    back: bool,
}

fn collect(
    network: &Network,
    gaps: &mut BTreeMap<(Id<Peering>, Id<Vpc>), Gap>,
    journeys: &[&Journey],
    complete: bool,
    what: &str,
    at: Span,
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
            gap.uses.push((what.to_owned(), at));
        }
        gap.stolen.extend(stolen.map(|span| Note::new(span, "takes these packets elsewhere")));
    }
}

/// The missing route of a fault, the route that takes its place, and whether it is the way back.
fn lack(fault: &Disposition) -> Option<(&Missing, Option<Span>, bool)> {
    match fault {
        Disposition::NoRoute(missing) => Some((missing, None, false)),
        Disposition::ExitsNetwork(missing, span) => Some((missing, Some(*span), false)),
        Disposition::NoReturn(fault) => lack(fault).map(|(missing, span, _)| (missing, span, true)),
        _ => None,
    }
}

fn open(verdicts: &mut Verdicts, journeys: &[&Journey], span: Span) {
    for journey in journeys {
        // There and back are the stages of the routes.
        for stage in [&journey.stages[1], &journey.stages[3]] {
            if let Err(unknown) = stage {
                verdicts.undecided(unknown.clone(), span);
            }
        }
    }
}

fn fault(network: &Network, peering: Id<Peering>, from: Id<Vpc>, gap: Gap) -> Fault {
    let peering = &network.peerings[peering];
    let mut tables: Vec<Id<RouteTable>> = gap.missing.iter().map(|one| one.table).collect();
    tables.sort();
    tables.dedup();
    let names: Vec<_> =
        tables.iter().map(|table| network.route_tables[*table].name.to_string()).collect();
    let to = gap.missing.first().map_or(from, |missing| missing.to);
    let to = network.vpc(to);
    let uses: Vec<_> = gap.uses.iter().map(|(what, _)| what.clone()).collect();
    let block = match to.cidr.get() {
        Ok(Some(cidr)) => cidr.to_string(),
        _ => "its block".to_owned(),
    };
    let mut labels: Vec<_> = tables
        .iter()
        .skip(1)
        .map(|one| Note::new(network.route_tables[*one].span, "nor here"))
        .collect();
    labels.extend(gap.stolen);
    for missing in &gap.missing {
        let subnet = &network.subnets[missing.subnet];
        let table = &network.route_tables[missing.table].name;
        labels.push(Note::new(subnet.span, format!("{} is served by {table}", subnet.name)));
        let text = format!("this route is in a table that does not serve {}", subnet.name);
        labels.extend(missing.elsewhere.map(|span| Note::new(span, text)));
    }
    labels
        .push(Note::new(peering.span, format!("joins {} and {}", network.vpc(from).name, to.name)));
    labels.extend(gap.uses.iter().map(|(what, span)| Note::new(*span, format!("breaks {what}"))));
    let verb = if names.len() == 1 { "has" } else { "have" };
    let way = if gap.back { "the way back of " } else { "" };
    let some = if gap.severity == Severity::Warning { "on some paths, " } else { "" };
    Fault {
        severity: gap.severity,
        message: format!(
            "{} {verb} no route to {} over {}: {some}{way}{} fail",
            list(&names),
            to.name,
            peering.name,
            list(&uses)
        ),
        primary: Note::new(
            tables.first().map_or(peering.span, |table| network.route_tables[*table].span),
            format!("no route to {} through {}", to.name, peering.name),
        ),
        labels,
        help: format!(
            "add a route to {block} ({}) through {} in {}",
            to.name,
            peering.name,
            list(&names)
        ),
        subjects: [peering.name.to_string(), network.vpc(from).name.to_string()]
            .into_iter()
            .chain(names)
            .collect(),
    }
}
