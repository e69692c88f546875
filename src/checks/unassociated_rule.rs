//! `unassociated-rule`: a rule does nothing until a VPC is associated with it.

use crate::dns::Dns;
use crate::finding::{Rule, Severity, Verdict};
use crate::network::{Declared, Handed, Id, Key, Network, ResolverRule, RuleType};
use crate::source::{Language, Note};
use crate::unknown::{Unknown, Why};

use super::{Check, Fault, Verdicts, managed};

const RULE: Rule = Rule {
    id: "unassociated-rule",
    summary: "a forwarding rule that no VPC is associated with: not directly, not by a Profile, not through RAM",
    severities: &[Severity::Error],
    languages: Language::ALL,
    doc: include_str!("../../rules/unassociated-rule.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

fn run(dns: &Dns<'_>) -> Vec<Verdict> {
    let network = dns.network;
    let mut verdicts = Verdicts::new(&RULE);
    for rule in managed(network.rules.iter()) {
        match rule.rule_type.get() {
            Ok(RuleType::Forward) => {}
            Ok(_) => continue,
            Err(unknown) => {
                verdicts.undecided(unknown, rule.span);
                continue;
            }
        }
        match used(network, rule) {
            Ok(true) => {}
            Ok(false) => verdicts.fault(fault(rule)),
            Err(unknown) => verdicts.undecided(unknown, rule.span),
        }
    }
    verdicts.all
}

/// Whether anything carries the rule to a VPC.
fn used(network: &Network, rule: &Declared<ResolverRule>) -> Result<bool, Unknown> {
    let associated =
        network.rule_associations.iter().map(|one| (one.rule.get().copied(), &one.exists));
    let handed = network.handed_over().flat_map(|(things, exists)| {
        let open = things.open().map(Err);
        things.known().map(|(thing, _)| Ok(thing)).chain(open).map(move |thing| (thing, exists))
    });
    let mut open: Option<Unknown> = None;
    let associated = associated.map(|(named, exists)| (may_be(network, named, rule), exists));
    let handed = handed.map(|(thing, exists)| (may_carry(network, thing, rule), exists));
    for (carried, exists) in associated.chain(handed) {
        match carried {
            Ok(true) => match exists {
                Ok(()) => return Ok(true),
                Err(unknown) => open = Some(unknown.clone()),
            },
            Ok(false) => {}
            Err(unknown) => open = Some(unknown),
        }
    }
    let read = || {
        let name = format!("a data source that reads {}", rule.name);
        network.rules.is_read(rule.id).then(|| Unknown::new(name, Why::ReadAtApply))
    };
    let open = open.or_else(|| network.unseen_resource(rule)).or_else(|| network.exported(rule));
    let open = open.or_else(read);
    open.map_or(Ok(false), Err)
}

fn may_be(
    network: &Network,
    named: Result<Id<ResolverRule>, Unknown>,
    rule: &Declared<ResolverRule>,
) -> Result<bool, Unknown> {
    let named = &network.rules[named?];
    if named.id == rule.id {
        return Ok(true);
    }
    // An association of a rule that is only named here may be meant for this one.
    match (&named.key, network.may_be(named, rule)) {
        (Key::Resource(_) | Key::Symbol(_), Some(unknown)) if !named.managed => Err(unknown),
        _ => Ok(false),
    }
}

/// What is shared or put into a Profile by a name alone may be anything, also a Profile that has the rule.
fn may_carry(
    network: &Network,
    thing: Result<&Handed, Unknown>,
    rule: &Declared<ResolverRule>,
) -> Result<bool, Unknown> {
    match thing? {
        // By its id it is not carried, which is a fault of its own.
        Handed::Rule(named) | Handed::RuleById(named) => may_be(network, Ok(*named), rule),
        Handed::Open(unknown) => Err(unknown.clone()),
        _ => Ok(false),
    }
}

fn fault(rule: &Declared<ResolverRule>) -> Fault {
    let name = &rule.name;
    Fault {
        severity: Severity::Error,
        message: format!("no VPC is associated with {name}: the rule has no effect"),
        primary: Note::new(rule.span, "this rule acts in no VPC"),
        labels: Vec::new(),
        help: format!(
            "associate {name} with the VPC whose queries it is for, put it into a Profile, or share \
             it through RAM"
        ),
        subjects: vec![name.to_string()],
    }
}
