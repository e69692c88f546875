//! `duplicate-rule-domain`: a VPC takes one rule, and one private zone, for a domain.

use crate::dns::Dns;
use crate::finding::{Rule, Severity, Verdict};
use crate::network::{Acting, Attr, Declared, Domain, Network, RuleType, Table, Through, Tri, Vpc};
use crate::source::{Language, Note};

use super::{Check, Fault, Verdicts};

const RULE: Rule = Rule {
    id: "duplicate-rule-domain",
    summary: "two rules, or two private zones, for one domain on one VPC",
    severities: &[Severity::Error],
    languages: Language::ALL,
    doc: include_str!("../../rules/duplicate-rule-domain.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

/// One kind of what is for a domain.
struct Family<'a, T> {
    table: &'a Table<T>,
    domain: fn(&T) -> &Attr<Option<Domain>>,
    /// Whether it has a domain of its own at all.
    has: fn(&T) -> bool,
    what: &'static str,
    who: &'static str,
}

fn run(dns: &Dns<'_>) -> Vec<Verdict> {
    let network = dns.network;
    let mut verdicts = Verdicts::new(&RULE);
    let rules = Family {
        table: &network.rules,
        domain: |rule| &rule.domain,
        has: |rule| matches!(rule.rule_type.get(), Ok(RuleType::Forward | RuleType::System)),
        what: "rules",
        who: "Route 53 Resolver refuses (RSLVR-00802)",
    };
    let zones = Family {
        table: &network.zones,
        domain: |zone| &zone.name,
        has: |_| true,
        what: "private zones",
        who: "Route 53 refuses (ConflictingDomainExists)",
    };
    let (mut told_rules, mut told_zones) = (Vec::new(), Vec::new());
    for vpc in network.distinct_vpcs() {
        let view = network.view(vpc.id);
        judge(network, vpc, &view.rules, &rules, &mut told_rules, &mut verdicts);
        judge(network, vpc, &view.zones, &zones, &mut told_zones, &mut verdicts);
    }
    verdicts.all
}

type Pair<T> = (crate::network::Id<T>, crate::network::Id<T>);

fn judge<T>(
    network: &Network,
    vpc: &Declared<Vpc>,
    acting: &[Acting<T>],
    family: &Family<'_, T>,
    told: &mut Vec<Pair<T>>,
    verdicts: &mut Verdicts,
) {
    // A Profile yields to the VPC's own, and what is only named has no domain that could be told.
    let own = |one: &&Acting<T>| {
        let thing = &family.table[one.thing];
        one.through == Through::Vpc
            && (thing.managed || (family.domain)(&thing.it).get().is_ok())
            && thing.exists.is_ok()
            && (family.has)(&thing.it)
    };
    let own: Vec<_> = acting.iter().filter(own).collect();
    for (index, second) in own.iter().enumerate() {
        for first in &own[..index] {
            let pair = (first.thing.min(second.thing), first.thing.max(second.thing));
            if first.thing == second.thing || told.contains(&pair) {
                continue;
            }
            match Tri::all([alike(family, first, second), are_two(network, family, first, second)])
            {
                Tri::No => {}
                Tri::Yes => {
                    told.push(pair);
                    verdicts.fault(fault(network, vpc, family, first, second));
                }
                Tri::Maybe(unknown) => verdicts.undecided(unknown, second.span),
            }
        }
    }
}

/// Whether two are for one domain.
fn alike<T>(family: &Family<'_, T>, a: &Acting<T>, b: &Acting<T>) -> Tri {
    let domains = [a, b].map(|one| (family.domain)(&family.table[one.thing].it).get());
    match domains {
        [Ok(Some(a)), Ok(Some(b))] if a == b => Tri::Yes,
        [Ok(Some(Domain::Name(a))), Ok(Some(Domain::Name(b)))] => {
            Tri::all([a.covers(b), b.covers(a)])
        }
        [Err(unknown), _] | [_, Err(unknown)] => Tri::Maybe(unknown),
        _ => Tri::No,
    }
}

/// Whether neither is the other, and the code makes at least one: what a data source reads may be what it makes.
fn are_two<T>(
    network: &Network,
    family: &Family<'_, T>,
    first: &Acting<T>,
    second: &Acting<T>,
) -> Tri {
    let [one, other] = [first, second].map(|one| &family.table[one.thing]);
    let (named, made) = if one.managed { (other, one) } else { (one, other) };
    match (named.managed, made.managed) {
        (true, _) => Tri::Yes,
        (false, true) => network.may_be(named, made).map_or(Tri::Yes, Tri::Maybe),
        (false, false) => Tri::No,
    }
}

fn shown(network: &Network, domain: &Attr<Option<Domain>>) -> String {
    match domain.get() {
        Ok(Some(Domain::Name(name))) => name.to_string(),
        Ok(Some(Domain::EndpointHost(cluster) | Domain::EndpointUrl(cluster))) => {
            format!("the endpoint of {}", network.clusters[*cluster].name)
        }
        _ => "one domain".to_owned(),
    }
}

fn fault<T>(
    network: &Network,
    vpc: &Declared<Vpc>,
    family: &Family<'_, T>,
    first: &Acting<T>,
    second: &Acting<T>,
) -> Fault {
    let [a, b] = [first, second].map(|one| &family.table[one.thing]);
    let domain = shown(network, (family.domain)(&b.it));
    let place = |one: &Declared<T>| (family.domain)(&one.it).span().unwrap_or(one.span);
    Fault {
        severity: Severity::Error,
        message: format!(
            "{} and {} are both {} for {domain} on {}, which {}",
            a.name, b.name, family.what, vpc.name, family.who
        ),
        primary: Note::new(second.span, format!("the second for {domain}")),
        labels: vec![
            Note::new(first.span, "the first"),
            Note::new(place(a), format!("the domain of {}", a.name)),
            Note::new(place(b), format!("the domain of {}", b.name)),
        ],
        help: format!("keep one of {} and {} on {}", a.name, b.name, vpc.name),
        subjects: vec![a.name.to_string(), b.name.to_string()],
    }
}
