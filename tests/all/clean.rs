//! Sound designs that look faulty: nothing may be said of them.

use crate::designs::{designs, hold};

#[test]
fn terraform() {
    let all =
        designs(include_str!("designs/clean.tf"), include_str!("designs/parts.tf"), "main.tf");
    assert!(all.len() >= 40, "{} designs", all.len());
    hold(&all);
}

#[test]
fn cloudformation() {
    let (clean, parts) = (include_str!("designs/clean.yaml"), include_str!("designs/parts.yaml"));
    hold(&designs(clean, parts, "template.yaml"));
}
