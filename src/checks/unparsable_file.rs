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

const REFUSED: &str = "mend the syntax; what this part says is not analysed, and what it could change stays undecided";

fn run(dns: &Dns<'_>) -> Vec<Verdict> {
    let network = dns.network;
    let mut verdicts = Verdicts::new(&RULE);
    for problem in &network.problems {
        let help = match problem.taken {
            Some(taken) => format!("write it once: {taken}, and the others count for nothing"),
            None => REFUSED.to_owned(),
        };
        verdicts.fault(Fault {
            severity: Severity::Error,
            message: problem.message.clone(),
            primary: Note::new(problem.span, "here"),
            labels: problem.labels.clone(),
            help,
            subjects: vec![problem.message.clone()],
        });
    }
    verdicts.all
}
