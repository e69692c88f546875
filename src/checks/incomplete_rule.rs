//! `incomplete-rule`: a rule's type says which of endpoint, targets and delegation record it needs.

use std::net::IpAddr;

use crate::dns::Dns;
use crate::finding::{Rule, Severity, Verdict};
use crate::network::{Declared, ResolverRule, RuleTarget, RuleType};
use crate::source::{Language, Note, Span};

use super::{Check, Fault, Verdicts, managed};

const RULE: Rule = Rule {
    id: "incomplete-rule",
    summary: "a rule whose type, endpoint and targets do not fit together",
    severities: &[Severity::Error],
    languages: Language::ALL,
    doc: include_str!("../../rules/incomplete-rule.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

/// A rule has no more targets, whatever the account's quotas
/// (<https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSLimitations.html>).
const MOST_TARGETS: usize = 6;

fn run(dns: &Dns<'_>) -> Vec<Verdict> {
    let mut verdicts = Verdicts::new(&RULE);
    for rule in managed(dns.network.rules.iter()) {
        let kind = match rule.rule_type.get() {
            Ok(kind) => *kind,
            Err(unknown) => {
                verdicts.undecided(unknown, rule.span);
                continue;
            }
        };
        match fault(rule, kind) {
            Some(fault) => verdicts.fault(fault),
            None if matches!(kind, RuleType::Forward | RuleType::Delegate) => {
                let targets = rule.targets.open().filter(|_| rule.targets.items.is_empty());
                let open = rule.endpoint.get().err().or(targets);
                let open = open.or_else(|| rule.delegation.get().err());
                if let Some(unknown) = open {
                    verdicts.undecided(unknown, rule.span);
                }
            }
            None => {}
        }
    }
    verdicts.all
}

fn fault(rule: &Declared<ResolverRule>, kind: RuleType) -> Option<Fault> {
    let name = &rule.name;
    let no_endpoint = matches!(rule.endpoint.get(), Ok(None));
    let endpoint = rule.endpoint.span().filter(|_| matches!(rule.endpoint.get(), Ok(Some(_))));
    let first = rule.targets.items.first().map(|item| item.span);
    let of = |message: String, at: Span, label: &str, help: String| Fault {
        severity: Severity::Error,
        message,
        primary: Note::new(at, label),
        labels: Vec::from_iter(rule.rule_type.span().map(|at| Note::new(at, "its type"))),
        help,
        subjects: vec![name.to_string()],
    };
    let lacks = |what: &str, help: &str| {
        let message = format!("{name} has {what}, and Route 53 Resolver refuses it");
        Some(of(message, rule.span, what, format!("{help} {name}")))
    };
    match kind {
        RuleType::Forward => match (no_endpoint, rule.targets.is_empty()) {
            (true, true) => lacks("no outbound endpoint and no targets", "give both to"),
            (true, false) => lacks("no outbound endpoint", "give an outbound endpoint to"),
            (false, true) => lacks("no targets", "give the addresses of the DNS servers to"),
            (false, false) => too_many(rule).map(|(count, at)| {
                let message = format!(
                    "{name} has {count} targets, and Route 53 Resolver takes {MOST_TARGETS}"
                );
                let help =
                    format!("leave {MOST_TARGETS} targets in {name}: a query goes to one of them");
                of(message, at, "one too many", help)
            }),
        },
        RuleType::System => endpoint.or(first).map(|at| {
            let message = format!(
                "{name} is a SYSTEM rule, which resolves locally, and has somewhere to send to"
            );
            let help =
                format!("take endpoint and targets out of {name}, or make it a FORWARD rule");
            of(message, at, "a SYSTEM rule sends nothing", help)
        }),
        RuleType::Recursive => {
            let message =
                format!("{name} is a RECURSIVE rule, which only AWS can make (RSLVR-00718)");
            let help = format!("make {name} a SYSTEM rule: it resolves its domain locally");
            let at = rule.rule_type.span().unwrap_or(rule.span);
            Some(of(message, at, "refused", help))
        }
        RuleType::Delegate => match (no_endpoint, first, rule.delegation.get()) {
            (_, Some(at), _) => {
                let message = format!(
                    "{name} is a DELEGATE rule, which asks the name servers of the delegation, and has targets"
                );
                let help = format!("take the targets out of {name}");
                Some(of(message, at, "a DELEGATE rule has no targets", help))
            }
            (true, None, _) => lacks("no outbound endpoint", "give an outbound endpoint to"),
            (false, None, Ok(None)) => {
                lacks("no delegation record", "name the servers whose delegation is followed in")
            }
            (false, None, _) => None,
        },
    }
}

/// How many different addresses a rule certainly sends to, and the first that is too many.
fn too_many(rule: &ResolverRule) -> Option<(usize, Span)> {
    let mut seen: Vec<(IpAddr, Option<i64>)> = Vec::new();
    let mut beyond = None;
    for (target, at) in rule.targets.known() {
        let Ok(RuleTarget::Address(address)) = target.target.get() else { continue };
        let own = (*address, target.port.get().ok().copied());
        if !seen.contains(&own) {
            seen.push(own);
            if seen.len() == MOST_TARGETS + 1 {
                beyond = Some(at);
            }
        }
    }
    beyond.map(|at| (seen.len(), at))
}
