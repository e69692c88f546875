//! Parameters with their defaults, and what plain scalars stand for.

use std::collections::HashMap;
use std::sync::Arc;

use super::syntax::{Content, NodeId, Tree};
use crate::graph::{Node, Number, Value};
use crate::unknown::{Symbol, Why};

/// All parameters by name.
pub(super) fn read(tree: &Tree, root: NodeId) -> HashMap<Arc<str>, Value> {
    let section = tree.get(root, "Parameters").map_or(&[][..], |section| tree.entries(section));
    section
        .iter()
        .map(|entry| {
            let kind = tree.get(entry.value, "Type").and_then(|kind| tree.text(kind));
            let kind = kind.map_or("String", |kind| &**kind);
            let default = tree.get(entry.value, "Default").filter(|_| keeps_default(kind));
            let value = default.and_then(|default| known(tree, default, kind));
            let open = || Value::Unknown(Symbol::input(Arc::clone(&entry.key), Why::NoValue));
            (Arc::clone(&entry.key), value.unwrap_or_else(open))
        })
        .collect()
}

/// Whether a default of this type is more than an example: ids are those of some account.
fn keeps_default(kind: &str) -> bool {
    let element = kind.strip_prefix("List<").unwrap_or(kind);
    !element.starts_with("AWS::")
        || element.starts_with("AWS::EC2::AvailabilityZone::Name")
        || element == "AWS::SSM::Parameter::Name"
}

fn known(tree: &Tree, default: NodeId, kind: &str) -> Option<Value> {
    let span = tree.span(default);
    let item = |text: &str| Node::new(Value::string(text), span);
    let list = kind == "CommaDelimitedList" || kind.starts_with("List<");
    match tree.content(default) {
        Content::Scalar { text, .. } if list => {
            Some(Value::list(text.split(',').map(|part| item(part.trim())).collect::<Vec<_>>()))
        }
        Content::Sequence(items) if list => {
            let items: Option<Vec<_>> =
                items.iter().map(|&id| tree.text(id).map(|text| item(text))).collect();
            Some(Value::list(items?))
        }
        Content::Scalar { text, plain } if text.contains("{{resolve:") || !plain => {
            Some(if text.contains("{{resolve:") {
                Value::Unknown(Symbol::input(Arc::clone(text), Why::ReadAtApply))
            } else {
                Value::String(Arc::clone(text))
            })
        }
        Content::Scalar { text, .. } => Some(Value::String(plain_text(text))),
        // YAML's empty value: `Default:`.
        Content::Null if kind == "String" => Some(Value::string("")),
        _ => None,
    }
}

/// A plain scalar as a string: Booleans lose their capitals, all else stays as written.
pub(super) fn plain_text(text: &Arc<str>) -> Arc<str> {
    match &**text {
        "True" | "TRUE" => "true".into(),
        "False" | "FALSE" => "false".into(),
        _ => Arc::clone(text),
    }
}

/// The value of a scalar. Only a number that is written canonically is one, so that no text is lost.
pub(super) fn scalar(text: &Arc<str>, plain: bool) -> Value {
    if !plain {
        return Value::String(Arc::clone(text));
    }
    match &**text {
        "true" | "True" | "TRUE" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => Value::Bool(true),
        "false" | "False" | "FALSE" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => {
            Value::Bool(false)
        }
        other => match other.parse::<Number>() {
            Ok(number) if number.to_string() == other => Value::Number(number),
            _ => Value::String(Arc::clone(text)),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_scalars_are_typed_without_loss() {
        for (text, value) in [
            ("true", Value::Bool(true)),
            ("no", Value::Bool(false)),
            ("53", Value::Number("53".parse().unwrap())),
            ("-1", Value::Number("-1".parse().unwrap())),
            ("1.5", Value::Number("1.5".parse().unwrap())),
        ] {
            assert_eq!(scalar(&text.into(), true), value, "{text}");
            assert_eq!(scalar(&text.into(), false), Value::string(text), "{text}");
        }
        for text in ["010", "1_000", "1.10", "1e3", ".5", "0x10", "1:30", "nan", "inf", "+1"] {
            assert_eq!(scalar(&text.into(), true), Value::string(text), "{text}");
        }
        let long = "123456789012345678901";
        assert_eq!(scalar(&long.into(), true), Value::Number(long.parse().unwrap()));
    }
}
