//! The table of signatures against what Terraform says of its functions.

use std::collections::BTreeSet;

use super::oracle;

const TABLE: &str = include_str!("../../../src/terraform/functions/signatures.txt");

fn kind(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::Array(parts) => {
            format!("{}({})", parts[0].as_str().unwrap_or(""), kind(&parts[1]))
        }
        other => other.as_str().unwrap_or("").to_owned(),
    }
}

fn line(name: &str, signature: &serde_json::Value) -> String {
    let parameter = |it: &serde_json::Value| {
        let null = if it["is_nullable"] == true { "?" } else { "" };
        format!("{}{null}", kind(&it["type"]))
    };
    let mut words = vec![name.to_owned()];
    words.extend(signature["parameters"].as_array().into_iter().flatten().map(parameter));
    let variadic = &signature["variadic_parameter"];
    if !variadic.is_null() {
        words.push(format!("...{}", parameter(variadic)));
    }
    words.push("->".to_owned());
    words.push(kind(&signature["return_type"]));
    words.join(" ")
}

#[test]
fn the_signatures_are_terraforms() {
    if !oracle::version().is_some_and(|version| version.starts_with("1.11.")) {
        eprintln!(
            "the_signatures_are_terraforms did not run: there is no terraform 1.11 on the PATH"
        );
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let output = oracle::terraform(folder.path(), &["metadata", "functions", "-json"]);
    let said: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let functions = said["function_signatures"].as_object().unwrap();
    let live: BTreeSet<String> = functions
        .iter()
        .filter(|(name, _)| !name.contains("::"))
        .map(|(name, signature)| line(name, signature))
        .collect();
    let table: BTreeSet<String> = TABLE.lines().map(str::to_owned).collect();
    assert_eq!(table, live);
}
