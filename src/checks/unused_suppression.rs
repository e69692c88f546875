//! `unused-suppression`: a comment that is to ignore findings, and ignores none.

use crate::dns::Dns;
use crate::finding::{Rule, Severity, Verdict};
use crate::source::Language;

use super::Check;

const RULE: Rule = Rule {
    id: "unused-suppression",
    summary: "a comment that is to ignore findings and ignores none: misspelt, unknown, expired, or no longer needed",
    severities: &[Severity::Warning],
    languages: Language::ALL,
    doc: include_str!("../../rules/unused-suppression.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

/// The network knows no comments: they are judged when everything else has been.
fn run(_: &Dns<'_>) -> Vec<Verdict> {
    Vec::new()
}
