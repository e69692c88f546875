//! Values of a plan as those of a graph, and which of them say what a thing is.

use std::sync::Arc;

use crate::graph::{Node, Number, Value};
use crate::source::Span;

/// Reads a JSON text as a value at a place.
pub(super) fn read(text: &str, at: Span) -> Option<Value> {
    Some(value(&serde_json::from_str(text).ok()?, at))
}

/// A JSON value as a value at a place.
pub(super) fn value(json: &serde_json::Value, at: Span) -> Value {
    use serde_json::Value as Json;
    match json {
        Json::Null => Value::Null,
        Json::Bool(it) => Value::Bool(*it),
        Json::Number(number) => {
            let number = number.to_string().parse();
            Value::number(number.unwrap_or_else(|_| Number::zero()))
        }
        Json::String(text) => Value::string(text.as_str()),
        Json::Array(items) => {
            let nodes = items.iter().map(|item| Node::new(value(item, at), at));
            Value::list(nodes.collect::<Vec<_>>())
        }
        Json::Object(entries) => {
            let nodes = entries
                .iter()
                .map(|(key, item)| (Arc::from(key.as_str()), Node::new(value(item, at), at)));
            Value::map(nodes.collect())
        }
    }
}

/// Whether the model may read resources of a type.
pub(super) fn is_of_interest(kind: &str) -> bool {
    kind.starts_with("aws_") || kind == "terraform_remote_state"
}

/// Whether an attribute says which thing something is: an id, an ARN, a cluster's endpoint.
pub(super) fn names_a_thing(name: &str, value: &Value) -> bool {
    let by_name = matches!(name, "id" | "arn" | "endpoint" | "ids" | "arns")
        || name.ends_with("_id")
        || name.ends_with("_arn");
    by_name || matches!(value, Value::String(text) if is_identity(text))
}

/// `vpc-0123abcd`, `arn:…`, `rslvr-in-0123…`.
pub(super) fn is_identity(text: &str) -> bool {
    if text.starts_with("arn:") {
        return true;
    }
    let Some((before, last)) = text.rsplit_once('-') else { return false };
    let hex = last.len() >= 8 && last.chars().all(|c| c.is_ascii_hexdigit());
    hex && before.starts_with(|c: char| c.is_ascii_lowercase())
}

/// An IP address or a CIDR block.
pub(super) fn is_address(text: &str) -> bool {
    text.parse::<std::net::IpAddr>().is_ok() || text.parse::<ipnet::IpNet>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_told_from_other_texts() {
        for text in ["vpc-0123abcd", "rslvr-in-0123456789abcdef0", "arn:aws:eks:x"] {
            assert!(is_identity(text), "{text}");
        }
        for text in ["main", "us-east-1", "my-vpc", "10.0.0.0/8", "pl-x"] {
            assert!(!is_identity(text), "{text}");
        }
        assert!(is_address("10.0.0.0/8") && is_address("::1") && !is_address("10.0.0"));
    }
}
