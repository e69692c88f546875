//! `unparsable-file`: what Terraform or CloudFormation itself would refuse.

use crate::dns::Dns;
use crate::finding::{Rule, Severity, Verdict};
use crate::source::{Language, Note};

use super::{Check, Fault, Verdicts};

const RULE: Rule = Rule {
    id: "unparsable-file",
    summary: "syntax that Terraform or CloudFormation would refuse; the rest is still analysed",
    severities: &[Severity::Error, Severity::Note],
    languages: Language::ALL,
    doc: include_str!("../../rules/unparsable-file.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

const REFUSED: &str = "mend the syntax; what this part says is not analysed, and what it could change stays undecided";

fn run(dns: &Dns<'_>) -> Vec<Verdict> {
    let network = dns.network;
    let mut verdicts = Verdicts::new(&RULE);
    for problem in &network.problems {
        let (severity, help) = match problem.taken {
            Some(taken) => (
                Severity::Note,
                format!("write it once: {taken}, and the others count for nothing"),
            ),
            None => (Severity::Error, REFUSED.to_owned()),
        };
        verdicts.fault(Fault {
            severity,
            message: problem.message.clone(),
            primary: Note::new(problem.span, "here"),
            labels: problem.labels.clone(),
            help,
            subjects: vec![problem.message.clone()],
        });
    }
    verdicts.all
}
