//! Designs with one fault each: the rule, its severity, and the text at fault.

use crate::designs::{designs, hold};

#[test]
fn terraform() {
    let all =
        designs(include_str!("designs/faults.tf"), include_str!("designs/parts.tf"), "main.tf");
    assert!(all.len() >= 25, "{} designs", all.len());
    hold(&all);
}

#[test]
fn cloudformation() {
    let (faults, parts) = (include_str!("designs/faults.yaml"), include_str!("designs/parts.yaml"));
    hold(&designs(faults, parts, "template.yaml"));
}
