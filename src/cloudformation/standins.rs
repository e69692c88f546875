//! Types of resources that make a resource of another type, with properties of their own spelling.

use std::sync::Arc;

use crate::graph::{Entries, Items, Map, Node, Value};
use crate::unknown::Step;

/// The type that a type stands for.
pub(super) fn kind(written: &str) -> &str {
    match written {
        "AWSQS::EKS::Cluster" | CDK_CLUSTER => "AWS::EKS::Cluster",
        other => other,
    }
}

/// The CDK's own resource: it calls EKS with what stands under `Config`, in the spelling of the SDK.
const CDK_CLUSTER: &str = "Custom::AWSCDK-EKS-Cluster";

/// What the network reads of a cluster's properties.
const READ: [&str; 4] = ["Name", "ResourcesVpcConfig", "KubernetesNetworkConfig", "OutpostConfig"];

/// The properties as the type that is stood for has them.
pub(super) fn properties(written: &str, mut body: Entries) -> Entries {
    if written != CDK_CLUSTER {
        return body;
    }
    let Some(config) = body.remove("Config").map(|config| capitalised(&config)) else {
        return body;
    };
    let (mut entries, rest) = match config.value {
        Value::Map(map) => (map.entries.clone(), map.rest.clone()),
        Value::Unknown(symbol) => (Entries::new(), Some(symbol)),
        _ => return body,
    };
    // What cannot be told of the whole cannot be told of its parts.
    for (symbol, name) in rest.iter().flat_map(|rest| READ.map(|name| (rest, name))) {
        let part = Value::Unknown(symbol.part(Step::Name(name.into())));
        entries.entry(name.into()).or_insert_with(|| Node::new(part, config.span));
    }
    entries
}

fn capitalised(node: &Node) -> Node {
    let value = match &node.value {
        Value::Map(map) => {
            let entries = map.entries.iter().map(|(key, node)| {
                let mut letters = key.chars();
                let first = letters.next().map(|first| first.to_ascii_uppercase());
                (first.into_iter().chain(letters).collect::<String>().into(), capitalised(node))
            });
            let entries = entries.collect();
            Value::Map(Arc::new(Map { uniform: map.uniform, entries, rest: map.rest.clone() }))
        }
        Value::List { items, rest } => Value::List {
            items: Items::of(items.kind, items.iter().map(capitalised).collect::<Vec<_>>()),
            rest: rest.clone(),
        },
        other => other.clone(),
    };
    Node::new(value, node.span)
}
