//! `unconnected-vpcs`: what is meant to go from one VPC to another needs something that joins the two.

use crate::dns::{Answer, Dns, Origin, Question, Way};
use crate::finding::{Rule, Severity, Verdict};
use crate::network::{Id, Network, Vpc};
use crate::reach::{Disposition, Missing, from_outside};
use crate::source::{Language, Note};
use crate::unknown::Unknown;

use super::{Cause, Check, Fault, Verdicts, causes};

const RULE: Rule = Rule {
    id: "unconnected-vpcs",
    summary: "queries or connections between VPCs that neither a peering connection nor a gateway joins",
    severities: &[Severity::Error, Severity::Warning],
    languages: Language::ALL,
    doc: include_str!("../../rules/unconnected-vpcs.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

fn run(dns: &Dns<'_>) -> Vec<Verdict> {
    let network = dns.network;
    let ways = dns.ways();
    let mut verdicts = Verdicts::new(&RULE);
    let found = causes(ways, |way, fault| {
        lack(network, fault)?;
        let ends = way.ends.filter(|(from, to)| are_apart(network, way, *from, *to));
        ends.filter(|(from, _)| is_taken(dns, way, *from))
    });
    for ((from, to), cause) in &found {
        let Some(unknown) = may_be_joined(network, *from, *to) else {
            verdicts.fault(fault(network, *from, *to, cause));
            continue;
        };
        for owner in cause.owners() {
            verdicts.undecided(unknown.clone(), owner);
        }
    }
    verdicts.all
}

/// The route that is missing where no gateway may stand for it: what leaves a VPC for networks outside AWS may come
/// back to another one.
fn lack<'a>(network: &Network, fault: &'a Disposition) -> Option<&'a Missing> {
    match fault {
        Disposition::NoRoute(missing) => Some(missing),
        Disposition::ExitsNetwork(missing, _) => {
            let vpc = network.vpc_of_subnet(missing.subnet).ok()?;
            (!from_outside(network, vpc)).then_some(missing)
        }
        _ => None,
    }
}

/// Whether nothing in the code joins the ends of a way, and nothing takes its packets in the place of what is missing.
fn are_apart(network: &Network, way: &Way, from: Id<Vpc>, to: Id<Vpc>) -> bool {
    let gateways = network.gateways_at(to);
    let mut common = network.gateways_at(from).into_iter().filter(|one| gateways.contains(one));
    let in_core = |vpc| {
        let mut cores = network.core_networks.iter();
        cores.any(|core| {
            let own = network.core_attachments_of(vpc, core.id);
            own.open.is_some() || !own.items.is_empty()
        })
    };
    from != to
        && network.peerings_between(from, to).is_empty()
        && common.next().is_none()
        && !(in_core(from) && in_core(to))
        && !way
            .journeys
            .iter()
            .any(|journey| journey.faults().any(|fault| fault.without_return().is_at_gateway()))
}

/// Whether what is meant takes this way: who is told the public addresses of a cluster connects to these.
fn is_taken(dns: &Dns<'_>, way: &Way, from: Id<Vpc>) -> bool {
    let mut clusters = dns.network.clusters.iter().filter(|cluster| cluster.span == way.owner);
    clusters.all(|cluster| {
        let asked = dns.resolve(&Question::Endpoint(cluster.id), Origin::Host(from));
        asked.end == Ok(Answer::Private(cluster.id))
    })
}

/// Why something may join them: one is handed out, or what is joined may be these.
fn may_be_joined(network: &Network, from: Id<Vpc>, to: Id<Vpc>) -> Option<Unknown> {
    let exported = [from, to].into_iter().find_map(|vpc| network.exported(network.vpc(vpc)));
    exported.or_else(|| network.may_be_peered(from, to))
}

fn fault(network: &Network, from: Id<Vpc>, to: Id<Vpc>, cause: &Cause<'_>) -> Fault {
    let [from, to] = [from, to].map(|vpc| network.vpc(vpc));
    let lacks = cause.faults.iter().filter_map(|fault| lack(network, fault));
    let mut tables: Vec<_> = lacks.map(|missing| &network.route_tables[missing.table]).collect();
    tables.dedup_by_key(|table| table.id);
    let tables = tables
        .into_iter()
        .map(|table| Note::new(table.span, format!("{} has no route there", table.name)));
    Fault {
        severity: cause.severity,
        message: format!("nothing joins {} and {}: {}", from.name, to.name, cause.effect()),
        primary: Note::new(from.span, format!("no way to {}", to.name)),
        labels: cause
            .notes()
            .chain([Note::new(to.span, "where it should arrive")])
            .chain(tables)
            .collect(),
        help: format!(
            "join {} and {} by a peering connection or a transit gateway, with routes there and back",
            from.name, to.name
        ),
        subjects: vec![from.name.to_string(), to.name.to_string()],
    }
}
