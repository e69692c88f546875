//! Expressions and functions against what `terraform console` (1.11) answers.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::{load, show};
use crate::graph::Value;

/// Each line: an expression, a tab, the JSON of its value (`!` where Terraform reports an error).
const EXPECTED: &str = include_str!("../functions/expected.tsv");

#[test]
fn agrees_with_terraform() {
    let cases: Vec<(&str, &str)> =
        EXPECTED.lines().filter_map(|line| line.split_once('\t')).collect();
    let mut code = String::new();
    for (index, (expression, _)) in cases.iter().enumerate() {
        writeln!(code, "output \"o{index:04}\" {{\n  value = jsonencode({expression})\n}}")
            .unwrap();
    }
    let loaded = load(&[("main.tf", &code)]);
    let got: BTreeMap<String, &Value> = loaded
        .graph
        .exports
        .iter()
        .map(|node| (loaded.workspace.sources().text(node.span), &node.value))
        .collect();
    let mut wrong = String::new();
    for (expression, expected) in cases {
        let value = got.get(&format!("jsonencode({expression})"));
        let agrees = match value {
            Some(Value::String(text)) => **text == *expected,
            _ => expected == "!",
        };
        if !agrees {
            let value = value.map_or("nothing".to_owned(), |value| show(value));
            writeln!(wrong, "{expression}\n  expected {expected}\n  got      {value}").unwrap();
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}
