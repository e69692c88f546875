//! `overlapping-cidrs`: connected networks whose addresses overlap on the path in use.

use crate::dns::Dns;
use crate::finding::{Rule, Severity, Verdict};
use crate::network::{Cidr, ClientVpn, Declared, Id, Network, Peering, Tri, Vpc};
use crate::reach::{Disposition, End, Stage};
use crate::source::{Language, Note, Span};

use super::{Cause, Check, Fault, Verdicts, causes, managed, open};

const RULE: Rule = Rule {
    id: "overlapping-cidrs",
    summary: "connected networks whose addresses overlap on the path in use",
    severities: &[Severity::Error, Severity::Warning],
    languages: Language::ALL,
    doc: include_str!("../../rules/overlapping-cidrs.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

fn run(dns: &Dns<'_>) -> Vec<Verdict> {
    let network = dns.network;
    let ways = dns.ways();
    let mut verdicts = Verdicts::new(&RULE);
    for peering in managed(network.peerings.iter()) {
        peered(network, peering, &mut verdicts);
    }
    for endpoint in managed(network.client_vpns.iter()) {
        client_vpn(network, endpoint, &mut verdicts);
    }
    let found = causes(ways, |_, fault| match *fault {
        Disposition::StaysInside(from, End::Vpc(to)) if !peers(network, from, to) => {
            Some((from.min(to), from.max(to)))
        }
        _ => None,
    });
    for ((one, other), cause) in &found {
        verdicts.fault(on_the_way(network, *one, *other, cause));
    }
    open(&mut verdicts, ways, &[Stage::There, Stage::Back], |_| true);
    verdicts.all
}

/// Whether peering joins two VPCs: then nothing else has to be said of their blocks.
fn peers(network: &Network, a: Id<Vpc>, b: Id<Vpc>) -> bool {
    !network.peerings_between(a, b).is_empty()
}

/// Two blocks that certainly share addresses, and their places.
fn shared(network: &Network, a: Id<Vpc>, b: Id<Vpc>) -> Option<[(Cidr, Span); 2]> {
    let (own, others) = (network.cidrs_of(a), network.cidrs_of(b));
    own.items.iter().find_map(|one| {
        let other = others.items.iter().find(|(other, _)| overlap(&one.0, other))?;
        Some([one.clone(), other.clone()])
    })
}

/// Symbols may stand for other values where they are used again: only blocks that are written out count.
fn overlap(a: &Cidr, b: &Cidr) -> bool {
    a.net().is_ok() && b.net().is_ok() && a.overlaps(b) == Tri::Yes
}

fn peered(network: &Network, peering: &Declared<Peering>, verdicts: &mut Verdicts) {
    let Some((a, b)) = network.sides(peering.id) else { return };
    let (from, to) = (network.vpc(a), network.vpc(b));
    if from.id == to.id {
        return; // another fault
    }
    let Some([(one, own), (other, far)]) = shared(network, a, b) else {
        let (own, others) = (network.cidrs_of(a), network.cidrs_of(b));
        let pairs = own
            .items
            .iter()
            .flat_map(|(one, _)| others.items.iter().map(|(other, _)| one.overlaps(other)));
        let open = [own.open.clone(), others.open.clone()].into_iter().flatten().map(Tri::Maybe);
        if let Tri::Maybe(unknown) = Tri::any(pairs.chain(open)) {
            verdicts.undecided(unknown, peering.span);
        }
        return;
    };
    verdicts.fault(Fault {
        severity: Severity::Error,
        message: format!(
            "{} joins {} ({one}) and {} ({other}), whose addresses overlap: creating it fails",
            peering.name, from.name, to.name
        ),
        primary: Note::new(peering.span, "joins VPCs with the same addresses"),
        labels: vec![
            Note::new(own, format!("{} has {one}", from.name)),
            Note::new(far, format!("{} has {other}", to.name)),
        ],
        help: format!(
            "give {} or {} other addresses; one secondary block that overlaps is enough to refuse peering",
            from.name, to.name
        ),
        subjects: vec![peering.name.to_string(), from.name.to_string(), to.name.to_string()],
    });
}

fn client_vpn(network: &Network, endpoint: &Declared<ClientVpn>, verdicts: &mut Verdicts) {
    let block = match endpoint.block.get() {
        Ok(Some(block)) => block,
        Ok(None) => return,
        Err(unknown) => return verdicts.undecided(unknown, endpoint.span),
    };
    let Ok(vpc) = network.vpc_of_client_vpn(endpoint.id) else { return };
    let vpc = network.vpc(vpc);
    let blocks = network.cidrs_of(vpc.id);
    let Some((own, span)) = blocks.items.iter().find(|(own, _)| overlap(own, block)) else {
        return;
    };
    verdicts.fault(Fault {
        severity: Severity::Error,
        message: format!(
            "the users of {} have addresses of {} ({own}): associating the two fails",
            endpoint.name, vpc.name
        ),
        primary: Note::new(endpoint.span, format!("its users have {block}")),
        labels: vec![Note::new(*span, format!("{} has {own}", vpc.name))],
        help: format!("give the users of {} a block apart from {own}", endpoint.name),
        subjects: vec![endpoint.name.to_string(), vpc.name.to_string()],
    });
}

fn on_the_way(network: &Network, one: Id<Vpc>, other: Id<Vpc>, cause: &Cause<'_>) -> Fault {
    let (own, far) = (network.vpc(one), network.vpc(other));
    let places = shared(network, one, other).into_iter().flatten();
    let places = places.map(|(block, at)| Note::new(at, format!("has {block}")));
    Fault {
        severity: cause.severity,
        message: format!(
            "{} and {} have the same addresses, so packets between them never leave: {}",
            own.name,
            far.name,
            cause.effect()
        ),
        primary: Note::new(own.span, format!("shares addresses with {}", far.name)),
        labels: cause.notes().chain(places).collect(),
        help: format!(
            "give {} or {} other addresses, or offer what is needed through PrivateLink",
            own.name, far.name
        ),
        subjects: vec![own.name.to_string(), far.name.to_string()],
    }
}
