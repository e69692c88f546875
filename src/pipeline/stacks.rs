//! A template that is analysed by itself and as a part of the stacks that nest it: what is found in both is told once.

use hashbrown::HashMap;
use std::collections::{BTreeMap, BTreeSet};

use crate::finding::{Finding, Severity};
use crate::source::Span;

/// What is equal in the findings of one fault: its rule, how bad it is, all its places, and its subjects.
type Fault<'f> = (&'static str, Severity, &'f BTreeSet<Span>, Vec<&'f str>);

/// Leaves the findings of stacks out that are those of a template which they nest; that one says so.
///
/// A template is both where a condition that may be false, or a value that is not told, decides whether it is nested.
/// What stands at the same places under a longer name is there because a stack has it.
pub(super) fn once_for_nested(findings: Vec<Finding>) -> Vec<Finding> {
    let places: Vec<BTreeSet<Span>> =
        findings.iter().map(|one| one.notes().map(|note| note.span).collect()).collect();
    let mut own: HashMap<Fault<'_>, usize> = HashMap::new();
    for (at, finding) in findings.iter().enumerate() {
        let subjects = finding.subjects.iter().map(String::as_str).collect();
        own.entry((finding.rule.id, finding.severity, &places[at], subjects)).or_insert(at);
    }
    let same: Vec<Option<usize>> = findings
        .iter()
        .zip(&places)
        .map(|(finding, places)| {
            let mut below = below(finding);
            let fault = |subjects| (finding.rule.id, finding.severity, places, subjects);
            below.find_map(|subjects| own.get(&fault(subjects)).copied())
        })
        .collect();
    drop(own);
    let mut stacks: BTreeMap<usize, Vec<Finding>> = BTreeMap::new();
    let mut kept: Vec<Option<Finding>> = Vec::new();
    for (at, finding) in findings.into_iter().enumerate() {
        let innermost = std::iter::successors(same[at], |&next| same[next]).last();
        match innermost {
            Some(own) => {
                stacks.entry(own).or_default().push(finding);
                kept.push(None);
            }
            None => kept.push(Some(finding)),
        }
    }
    for (at, stacks) in stacks {
        if let Some(own) = &mut kept[at] {
            also_in(own, &stacks);
        }
    }
    kept.into_iter().flatten().collect()
}

/// The subjects of a finding as the templates call them that are nested in its stacks.
fn below(finding: &Finding) -> impl Iterator<Item = Vec<&str>> {
    let first = finding.subjects.first().map_or("", String::as_str);
    first.match_indices('.').map(move |(dot, _)| {
        let stack = &first[..=dot];
        finding.subjects.iter().map(|it| it.strip_prefix(stack).unwrap_or(it)).collect()
    })
}

/// Says in which stacks a fault is too, and what the first of its subjects is called there.
fn also_in(own: &mut Finding, stacks: &[Finding]) {
    let name = |stack: &Finding| {
        let address = stack.subjects.first().map_or("", String::as_str);
        format!("{address} in {}", stack.root)
    };
    let names: BTreeSet<String> = stacks.iter().map(name).collect();
    let shown = names.iter().take(3).map(String::as_str).collect::<Vec<_>>().join(", ");
    let more = names.len().saturating_sub(3);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    own.message = format!("{} (likewise {shown}{more})", own.message);
    own.stacks = stacks.iter().map(|stack| stack.root.clone()).collect();
}
