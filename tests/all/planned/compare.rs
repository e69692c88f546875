//! Our graph beside Terraform's plan.

use std::collections::BTreeSet;

use eksdns_lint::graph::{Graph, Value as Own};
use serde_json::{Map, Value, json};

use super::Planned;

/// Planned values with what is unknown put in as `{"?": true}`.
pub(super) fn joined(after: &Value, unknown: &Value) -> Value {
    match (after, unknown) {
        (_, Value::Bool(true)) => json!({ "?": true }),
        (Value::Object(after), Value::Object(unknown)) => {
            let names: BTreeSet<&String> = after.keys().chain(unknown.keys()).collect();
            let part =
                |of: &Map<String, Value>, name: &str| of.get(name).cloned().unwrap_or(Value::Null);
            let entry =
                |name: &String| (name.clone(), joined(&part(after, name), &part(unknown, name)));
            Value::Object(names.into_iter().map(entry).collect())
        }
        (Value::Array(after), Value::Array(unknown)) => {
            let inner = |at: usize| unknown.get(at).cloned().unwrap_or(Value::Null);
            after.iter().enumerate().map(|(at, value)| joined(value, &inner(at))).collect()
        }
        (Value::Null, Value::Object(unknown))
            if unknown.values().any(|it| it != &Value::Bool(false)) =>
        {
            joined(&json!({}), &Value::Object(unknown.clone()))
        }
        (value, _) => value.clone(),
    }
}

/// All that differs, a line each.
pub(super) fn differences(graph: &Graph, planned: &Planned) -> Vec<String> {
    let managed = graph.resources.iter().filter(|it| it.mode == eksdns_lint::graph::Mode::Managed);
    let own: BTreeSet<&str> = managed.clone().map(|it| &*it.address).collect();
    let theirs: BTreeSet<&str> = planned.keys().map(|address| &**address).collect();
    let mut out: Vec<String> = own
        .symmetric_difference(&theirs)
        .map(|address| {
            format!(
                "{address}: ours {}, planned {}",
                own.contains(address),
                theirs.contains(address)
            )
        })
        .collect();
    for resource in managed.filter(|it| theirs.contains(&*it.address)) {
        if resource.exists.is_err() {
            out.push(format!("{}: may not exist", resource.address));
        }
        let missing = planned[&*resource.address].as_object().into_iter().flatten();
        let missing = missing.filter(|(name, value)| {
            !resource.body.contains_key(name.as_str()) && !is_nothing(value)
        });
        out.extend(missing.map(|(name, _)| format!("{}.{name}: missing", resource.address)));
        for (name, node) in &resource.body {
            let value = &planned[&*resource.address][&**name];
            if !agrees(&node.value, value) {
                out.push(format!(
                    "{}.{name}: ours {:?}, planned {value}",
                    resource.address, node.value
                ));
            }
        }
    }
    for problem in &graph.problems {
        out.push(format!("a problem: {}", problem.message));
    }
    out
}

fn is_nothing(value: &Value) -> bool {
    value.is_null() || value.as_array().is_some_and(Vec::is_empty)
}

fn is_unknown(value: &Value) -> bool {
    value.get("?").is_some()
}

/// Whether our value is the planned one, as the provider's types convert it.
fn agrees(own: &Own, planned: &Value) -> bool {
    if is_unknown(planned) {
        return match own {
            Own::Unknown(_) => true,
            Own::List { items, rest } => {
                rest.is_some() || items.iter().any(|it| !it.value.is_known())
            }
            Own::Map(map) => map.entries.values().any(|it| !it.value.is_known()),
            _ => false,
        };
    }
    match (own, planned) {
        (Own::Null, Value::Null) => true,
        (Own::Null, Value::String(value)) => value.is_empty(),
        (Own::List { items, rest: None }, Value::Null) => items.is_empty(),
        (Own::Bool(value), planned) => text(planned).is_some_and(|it| it == value.to_string()),
        (Own::Number(value), planned) => text(planned).is_some_and(|it| it == value.to_string()),
        // What is not set is the empty text to the provider.
        (Own::String(value), Value::Null) => value.is_empty(),
        (Own::String(value), planned) => text(planned).is_some_and(|it| it == **value),
        (Own::List { items, rest: None }, Value::Array(planned)) => {
            let in_order = items.len() == planned.len()
                && items.iter().zip(planned).all(|(own, it)| agrees(&own.value, it));
            // The provider may hold a set where we hold a list.
            let each = |own: &Own| planned.iter().any(|it| agrees(own, it));
            in_order
                || (items.len() >= planned.len()
                    && items.iter().all(|own| each(&own.value))
                    && planned.iter().all(|it| items.iter().any(|own| agrees(&own.value, it))))
        }
        (Own::Map(map), Value::Object(planned)) => map
            .entries
            .iter()
            .all(|(name, node)| agrees(&node.value, planned.get(&**name).unwrap_or(&Value::Null))),
        _ => false,
    }
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::Bool(value) => Some(value.to_string()),
        Value::Number(value) => Some(value.to_string()),
        Value::String(value) => Some(value.clone()),
        _ => None,
    }
}
