//! `unresolved-module`: what a module makes is not known, and keeps verdicts open.

use crate::dns::Dns;
use crate::finding::{Rule, Severity, Verdict};
use crate::source::{Language, Note, Span};

use super::{Check, Fault, Verdicts, managed};

const RULE: Rule = Rule {
    id: "unresolved-module",
    summary: "a module or nested stack whose source is not at hand, with the verdicts it keeps open",
    severities: &[Severity::Note],
    languages: Language::ALL,
    doc: include_str!("../../rules/unresolved-module.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

fn run(dns: &Dns<'_>) -> Vec<Verdict> {
    let network = dns.network;
    let mut verdicts = Verdicts::new(&RULE);
    let judged = managed(network.clusters.iter()).next().is_some()
        || managed(network.endpoints.iter()).next().is_some()
        || managed(network.rules.iter()).next().is_some();
    if !judged {
        return verdicts.all;
    }
    // One call that is repeated by `count` or `for_each` is one note.
    let mut said: Vec<Span> = Vec::new();
    for (name, span) in network.absent_modules() {
        if !said.contains(&span) {
            said.push(span);
            verdicts.fault(fault(name, span, network.is_cloudformation()));
        }
    }
    verdicts.all
}

fn fault(name: &str, span: Span, is_stack: bool) -> Fault {
    // All instances of a call are one to the reader.
    let mut parts: Vec<&str> = Vec::new();
    for part in name.split('.') {
        parts.push(part.split('[').next().unwrap_or(part));
    }
    let name = parts.join(".");
    let (what, help) = if is_stack {
        (
            "template",
            "let its TemplateURL (Location, in SAM) be a path in this repository, or a URL that ends in the path of a \
             file here, whose parameters are those that are passed; of generated code, check what is deployed: \
             cdk.out, or the packaged template",
        )
    } else {
        (
            "source",
            "run `terraform init` before the check, so that the module is under .terraform/modules",
        )
    };
    Fault {
        severity: Severity::Note,
        message: format!("the {what} of {name} is not at hand: what it makes is not known"),
        primary: Note::new(span, "what this could change stays undecided"),
        labels: Vec::new(),
        help: help.to_owned(),
        subjects: vec![name],
    }
}
