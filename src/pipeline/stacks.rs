//! A template that is analysed by itself and as a part of the stacks that nest it: what is found in both is told once.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::Read;
use super::front::Root;
use crate::finding::{Finding, Severity};
use crate::source::Span;

/// The roots whose templates others nest, each with the roots that do, as findings name them.
///
/// A template is both where a condition that may be false, or a value that is not told, decides whether it is nested.
fn nesting(given: &Read<'_>) -> HashMap<String, BTreeSet<String>> {
    let roots = given.front.roots.iter().filter(|root| matches!(root, Root::CloudFormation(_)));
    let paths: Vec<_> = roots.map(Root::path).collect();
    let mut nesting: HashMap<String, BTreeSet<String>> = HashMap::new();
    for outer in &paths {
        let nested = given.front.stacks.templates(outer);
        for inner in paths.iter().filter(|inner| *inner != outer && nested.contains(**inner)) {
            let outer = given.workspace.display(outer);
            nesting.entry(given.workspace.display(inner)).or_default().insert(outer);
        }
    }
    nesting
}

/// What is equal in the findings of one fault: its rule, how bad it is, and all its places.
type Fault = (&'static str, Severity, BTreeSet<Span>);

fn fault(finding: &Finding) -> Fault {
    (finding.rule.id, finding.severity, finding.notes().map(|note| note.span).collect())
}

/// Leaves the findings of stacks out that are those of a template which they nest; that one says so.
pub(super) fn once_for_nested(given: &Read<'_>, findings: Vec<Finding>) -> Vec<Finding> {
    let nesting = nesting(given);
    if nesting.is_empty() {
        return findings;
    }
    let mut own: HashMap<Fault, Vec<usize>> = HashMap::new();
    for (at, finding) in findings.iter().enumerate() {
        if nesting.contains_key(&finding.root) {
            own.entry(fault(finding)).or_default().push(at);
        }
    }
    let stacks_of = |at: usize| &nesting[&findings[at].root];
    let of = |finding: &Finding| {
        let own = own.get(&fault(finding)).into_iter().flatten().copied();
        let nested = own.filter(|&at| {
            stacks_of(at).contains(&finding.root) && is_about(finding, &findings[at])
        });
        // The innermost is nested in all the others.
        nested.max_by_key(|&at| stacks_of(at).len())
    };
    let same: Vec<Option<usize>> = findings.iter().map(of).collect();
    let mut stacks: BTreeMap<usize, Vec<Finding>> = BTreeMap::new();
    let mut kept: Vec<Option<Finding>> = Vec::new();
    for (finding, same) in findings.into_iter().zip(same) {
        match same {
            Some(at) => {
                stacks.entry(at).or_default().push(finding);
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

/// Whether a finding of a stack is about what one of a template is about, which has the names of the stack before it.
fn is_about(stack: &Finding, own: &Finding) -> bool {
    let is = |(theirs, own): (&String, &String)| {
        theirs
            .strip_suffix(own.as_str())
            .is_some_and(|above| above.is_empty() || above.ends_with('.'))
    };
    stack.subjects.len() == own.subjects.len() && stack.subjects.iter().zip(&own.subjects).all(is)
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
