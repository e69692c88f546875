//! Random templates against what two independent programs made of them (`tests/oracles`).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::Value as Json;

use super::workspace;
use crate::cloudformation::deployment::Deployment;
use crate::cloudformation::inputs::Inputs;
use crate::cloudformation::{Values, load, parse};
use crate::graph::{Known, Look, Value};
use crate::unknown::{Form, Operand, Symbol};

const RECORDED: &str = include_str!("../../../tests/recorded/cloudformation.json");

/// A symbol as the recorder resources have it; `None` for one that they cannot know.
fn symbol(symbol: &Symbol) -> Option<String> {
    match symbol.form() {
        Form::Attribute { address, name, .. } if &**name == "id" => Some(format!("<{address}>")),
        Form::Attribute { address, name, .. } => Some(format!("<{address}.{name}>")),
        Form::Call { function, operands } if &**function == "template" => {
            let text = |operand: &Operand| match operand {
                Operand::Text(text) => Some(text.to_string()),
                Operand::Symbol(inner) => self::symbol(inner),
                _ => None,
            };
            Some(operands.iter().map(text).collect::<Option<Vec<_>>>()?.concat())
        }
        _ => None,
    }
}

/// A value as the recorder has it, texts as texts.
fn plain(value: &Value) -> Option<Json> {
    Some(match value {
        Value::Null => Json::Null,
        Value::Bool(truth) => Json::from(truth.to_string()),
        Value::Number(number) => Json::from(number.to_string()),
        Value::String(text) => Json::from(&**text),
        Value::Unknown(open) => Json::from(symbol(open)?),
        Value::List { items, rest: None } => {
            Json::Array(items.iter().map(|item| plain(&item.value)).collect::<Option<_>>()?)
        }
        Value::Map(map) if map.rest.is_none() => {
            let pair = |(key, node): (&Arc<str>, &crate::graph::Node)| {
                Some((key.to_string(), plain(&node.value)?))
            };
            Json::Object(map.entries.iter().map(pair).collect::<Option<_>>()?)
        }
        _ => return None,
    })
}

/// The Region of the recorded stacks.
fn region() -> Arc<Deployment> {
    Arc::new(Deployment { region: Some("us-east-1".into()), ..Deployment::default() })
}

/// The values that differ, and how many were compared and left open.
fn compare(case: &Json) -> (Vec<String>, usize, usize) {
    let workspace = workspace();
    let file = workspace.sources().add("t.json", case["template"].to_string());
    let given = case["parameters"].as_object().unwrap().iter();
    let given = given.map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned()));
    let values = Values { files: vec![], given: given.collect() };
    let (inputs, _) = Inputs::read(&workspace, &values);
    let template = parse(&workspace, file).unwrap();
    let load =
        |known: &Known| load::graph(&template, None, (&inputs, &region()), (known, Look::at_all()));
    let imports = case["imports"].as_object().unwrap();
    let told = load(&Known::new()).wants.into_iter().map(|want| {
        let name = want.name.strip_prefix("export ").unwrap();
        (want.asked, Value::string(imports[name].as_str().unwrap()))
    });
    let graph = load(&told.collect());
    let ours: BTreeMap<_, _> = graph.resources.iter().map(|it| (&*it.address, it)).collect();
    let (mut faults, mut same, mut open) = (Vec::new(), 0, 0);
    let offers: BTreeMap<_, _> =
        graph.offers.iter().map(|it| (it.name.as_ref(), plain(&it.value))).collect();
    for (name, expected) in case["outputs"].as_object().unwrap() {
        match offers.get(&*format!("export {name}")) {
            Some(None) => open += 1,
            Some(Some(value)) if value == expected => same += 1,
            other => {
                faults.push(format!("seed {} {name}: {other:?}, not {expected}", case["seed"]));
            }
        }
    }
    let expected = case["expected"].as_object().unwrap();
    if !ours.keys().copied().eq(expected.keys().map(String::as_str)) {
        faults.push(format!("seed {}: {:?}", case["seed"], ours.keys()));
    }
    for (name, properties) in expected {
        let Some(resource) = ours.get(&**name) else { continue };
        let keys = properties.as_object().unwrap().keys().map(String::as_str);
        if !resource.body.keys().map(AsRef::as_ref).eq(keys.collect::<BTreeSet<_>>()) {
            let ours: Vec<_> = resource.body.keys().collect();
            faults.push(format!("seed {} {name}: {ours:?}", case["seed"]));
        }
        for (key, expected) in properties.as_object().unwrap() {
            let value = resource.body.get(&**key).map(|node| plain(&node.value));
            // What is imported is told.
            match value {
                Some(None) if key != "In" => open += 1,
                Some(Some(value)) if value == *expected => same += 1,
                other => faults
                    .push(format!("seed {} {name}.{key}: {other:?}, not {expected}", case["seed"])),
            }
        }
    }
    (faults, same, open)
}

/// What was recorded: the one that is kept, or another whose path `FRESHLY_RECORDED` tells.
#[test]
fn agrees_with_what_was_recorded() {
    let fresh = std::env::var("FRESHLY_RECORDED").ok();
    let fresh = fresh.map(|path| std::fs::read_to_string(path).unwrap());
    let cases: Vec<Json> = serde_json::from_str(fresh.as_deref().unwrap_or(RECORDED)).unwrap();
    let (mut faults, mut same, mut open) = (Vec::new(), 0, 0);
    for case in &cases {
        let (found, equal, unknown) = compare(case);
        faults.extend(found);
        (same, open) = (same + equal, open + unknown);
    }
    println!("{} cases, {same} same, {open} open", cases.len());
    assert!(
        faults.is_empty(),
        "{same} same, {open} open, {}:\n{}",
        faults.len(),
        faults.join("\n")
    );
    assert!(
        cases.len() >= 80 && same > 9 * open,
        "{} cases, {same} same, {open} open",
        cases.len()
    );
}

#[test]
fn a_wrong_value_is_noticed() {
    let cases: Vec<Json> = serde_json::from_str(RECORDED).unwrap();
    let mut case = cases[0].clone();
    let resources = case["expected"].as_object_mut().unwrap();
    let properties = resources.values_mut().next().unwrap().as_object_mut().unwrap();
    *properties.values_mut().next().unwrap() = Json::from("something else");
    assert_eq!(compare(&case).0.len(), 1);
}
