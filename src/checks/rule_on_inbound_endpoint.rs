//! `rule-on-inbound-endpoint`: a rule sends queries out, and an inbound endpoint only takes them in.

use crate::dns::Dns;
use crate::finding::{Rule, Severity, Verdict};
use crate::network::{EndpointDirection, RuleType};
use crate::source::{Language, Note};

use super::{Check, Fault, Verdicts, managed};

const RULE: Rule = Rule {
    id: "rule-on-inbound-endpoint",
    summary: "a FORWARD rule that sends through an inbound endpoint",
    severities: &[Severity::Error],
    languages: Language::ALL,
    doc: include_str!("../../rules/rule-on-inbound-endpoint.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

fn run(dns: &Dns<'_>) -> Vec<Verdict> {
    let network = dns.network;
    let mut verdicts = Verdicts::new(&RULE);
    for rule in managed(network.rules.iter()) {
        if !matches!(rule.rule_type.get(), Ok(RuleType::Forward | RuleType::Delegate)) {
            continue;
        }
        let Ok(Some(endpoint)) = rule.endpoint.get() else { continue };
        let endpoint = &network.endpoints[*endpoint];
        match endpoint.direction.get() {
            Ok(EndpointDirection::Outbound) => {}
            Ok(EndpointDirection::Inbound | EndpointDirection::InboundDelegation) => {
                let at = rule.endpoint.span().unwrap_or(rule.span);
                let direction = endpoint.direction.span().unwrap_or(endpoint.span);
                verdicts.fault(Fault {
                    severity: Severity::Error,
                    message: format!(
                        "{} sends through {}, an inbound endpoint, which sends nothing",
                        rule.name, endpoint.name
                    ),
                    primary: Note::new(at, "this is an inbound endpoint"),
                    labels: vec![Note::new(direction, "its direction")],
                    help: format!(
                        "name an outbound endpoint here; if queries are meant for {}, its addresses \
                         belong in the rule's targets",
                        endpoint.name
                    ),
                    subjects: vec![rule.name.to_string(), endpoint.name.to_string()],
                });
            }
            Err(unknown) if endpoint.managed => verdicts.undecided(unknown, rule.span),
            Err(_) => {}
        }
    }
    verdicts.all
}
