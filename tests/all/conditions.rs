//! What each condition of a rule is for: designs on both of its sides, and all that the rule says of them.

use std::collections::BTreeSet;

use eksdns_lint::finding::Severity;

use crate::designs::{Design, designs};

fn terraform() -> Vec<Design> {
    let (conditions, parts) =
        (include_str!("designs/conditions.tf"), include_str!("designs/parts.tf"));
    designs(conditions, parts, "main.tf")
}

fn cloudformation() -> Vec<Design> {
    let (conditions, parts) =
        (include_str!("designs/conditions.yaml"), include_str!("designs/parts.yaml"));
    designs(conditions, parts, "template.yaml")
}

/// What is not as the design wants it: of its own rule every word counts, of the others what is loud.
fn faults(design: &Design) -> Vec<String> {
    let (rule, _) = design.name.split_once(": ").expect("a name begins with the rule");
    let told = design.told();
    let (own, others): (Vec<_>, Vec<_>) = told.iter().partition(|one| one.found.0 == rule);
    let loud = others.into_iter().filter(|one| one.severity >= Severity::Warning);
    let mut found: Vec<_> = own.iter().copied().chain(loud).map(|one| one.found.clone()).collect();
    found.sort();
    let mut expected = design.expected.clone();
    expected.sort();
    let mut faults = Vec::new();
    if found != expected {
        faults.push(format!("expected {expected:?}\n    found    {found:?}"));
    }
    let open: BTreeSet<_> =
        design.run(|run| run.outcome.undecided.iter().map(|one| one.rule.id).collect());
    let is_open = design.also.iter().any(|(sign, _)| *sign == '?');
    if open.contains(rule) != is_open {
        faults.push(format!("open verdicts are {open:?}"));
    }
    for (sign, text) in &design.also {
        let is_told = own.iter().any(|one| one.words.contains(text));
        match sign {
            '+' if !is_told => faults.push(format!("not told: {text}\n    but {own:?}")),
            '~' if is_told => faults.push(format!("told: {text}")),
            '?' if text != rule => faults.push(format!("{text} is not the rule of the design")),
            _ => {}
        }
    }
    faults
}

#[test]
fn a_rule_says_of_each_design_what_stands_there() {
    let mut wrong = Vec::new();
    for design in terraform().iter().chain(&cloudformation()) {
        let faults = faults(design);
        if !faults.is_empty() {
            let file = &design.files[0].0;
            wrong.push(format!("{file} {}:\n    {}", design.name, faults.join("\n    ")));
        }
    }
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn each_design_is_in_both_languages() {
    let names = |all: &[Design]| -> BTreeSet<String> {
        let both = all.iter().filter(|design| !design.name.ends_with(" alone)"));
        both.map(|design| design.name.clone()).collect()
    };
    let (one, other) = (names(&terraform()), names(&cloudformation()));
    assert_eq!(one.symmetric_difference(&other).collect::<Vec<_>>(), Vec::<&String>::new());
}
