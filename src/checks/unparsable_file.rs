//! `unparsable-file`: what Terraform or CloudFormation itself would refuse.

use crate::dns::Dns;
use crate::finding::{Rule, Severity, Verdict};
use crate::source::{Language, Note};

use super::{Check, Fault, Verdicts};

const RULE: Rule = Rule {
    id: "unparsable-file",
    summary: "syntax that Terraform or CloudFormation would refuse; the rest is still analysed",
    severities: &[Severity::Error],
    languages: Language::ALL,
    doc: include_str!("../../rules/unparsable-file.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

fn run(dns: &Dns<'_>) -> Vec<Verdict> {
    let network = dns.network;
    let mut verdicts = Verdicts::new(&RULE);
    for problem in &network.problems {
        verdicts.fault(Fault {
            severity: Severity::Error,
            message: problem.message.clone(),
            primary: Note::new(problem.span, "here"),
            labels: problem.labels.clone(),
            help: "mend the syntax; what this part says is not analysed, and what it could change \
                   stays undecided"
                .to_owned(),
            subjects: vec![problem.message.clone()],
        });
    }
    verdicts.all
}
