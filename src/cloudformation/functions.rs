//! The intrinsic functions, under the name and on the operands that Terraform's twin would have.

use super::cidr;
use super::evaluate::{Evaluator, text};
use super::scope::Scope;
use super::syntax::{Content, NodeId};
use super::text::{base64, split_symbol, to_json};
use crate::graph::{Node, Value};
use crate::source::Span;
use crate::unknown::{Operand, Step, Symbol, Why};

impl Evaluator<'_> {
    /// Calls a function; `at` is the whole call, for places.
    pub(super) fn call(
        &self,
        function: &str,
        argument: NodeId,
        at: NodeId,
        scope: &Scope,
    ) -> Value {
        match function {
            "Ref" => self.refer(argument, at, scope),
            "Fn::GetAtt" => self.get_att(argument, at, scope),
            "Fn::Sub" => self.substitute(argument, at, scope),
            "Fn::Join" => self.join(argument, at, scope),
            "Fn::Select" => self.select(argument, at, scope),
            "Fn::Split" => self.split(argument, at, scope),
            "Fn::If" => self.choose(argument, at, scope),
            "Fn::Equals" => self.equals(argument, scope),
            "Fn::And" => self.all_or_any(argument, false, scope),
            "Fn::Or" => self.all_or_any(argument, true, scope),
            "Fn::Not" => self.not(argument, scope),
            "Fn::Contains" => self.contains(argument, at, scope),
            "Fn::EachMemberEquals" => self.each_equals(argument, at, scope),
            "Fn::EachMemberIn" => self.each_in(argument, at, scope),
            "Condition" => self.named_condition(argument, scope),
            "Fn::FindInMap" => self.find_in_map(argument, at, scope),
            "Fn::Cidr" => self.cidr(argument, at, scope),
            "Fn::GetAZs" => self.zones(argument, at, scope),
            "Fn::ImportValue" => self.import(argument, at, scope),
            "Fn::GetStackOutput" => self.stack_output(argument, at, scope),
            "Fn::Base64" => self.base64(argument, at, scope),
            "Fn::Length" => self.length(argument, at, scope),
            "Fn::ToJsonString" => self.json_string(argument, at, scope),
            other => Value::Unknown(self.not_evaluated(at, other)),
        }
    }

    /// The arguments of a function that takes a list of them.
    fn arguments<const N: usize>(&self, argument: NodeId) -> Option<[NodeId; N]> {
        self.tree().elements(argument)?.try_into().ok()
    }

    fn refer(&self, argument: NodeId, at: NodeId, scope: &Scope) -> Value {
        let value = match self.tree().text(argument) {
            Some(name) => return self.reference(&self.expand(name, scope), scope),
            None => self.value(argument, scope),
        };
        match text(&value) {
            Some(name) => self.reference(&name, scope),
            None if matches!(value, Value::Unknown(_)) => {
                self.open(at, "Ref", vec![value.operand()])
            }
            None => self.invalid(at, "Ref needs a name"),
        }
    }

    fn join(&self, argument: NodeId, at: NodeId, scope: &Scope) -> Value {
        let Some([delimiter, list]) = self.arguments(argument) else {
            return self.invalid(at, "Fn::Join needs a delimiter and a list");
        };
        // An empty delimiter is often written as nothing.
        let delimiter = match self.value(delimiter, scope) {
            Value::Null => Value::string(""),
            other => text(&other).map_or(other, Value::String),
        };
        match self.value(list, scope) {
            Value::List { items, rest: None } if matches!(delimiter, Value::String(_)) => {
                let mut pieces = Vec::with_capacity(items.len() * 2);
                for item in items.iter() {
                    if !pieces.is_empty() {
                        pieces.push(delimiter.clone());
                    }
                    pieces.push(item.value.clone());
                }
                self.concatenate(pieces, at)
            }
            list @ (Value::List { .. } | Value::Unknown(_)) => {
                self.open(at, "join", vec![delimiter.operand(), list.operand()])
            }
            _ => self.invalid(at, "Fn::Join needs a list"),
        }
    }

    fn select(&self, argument: NodeId, at: NodeId, scope: &Scope) -> Value {
        let Some([index, list]) = self.arguments(argument) else {
            return self.invalid(at, "Fn::Select needs an index and a list");
        };
        let (index, list) = (self.value(index, scope), self.value(list, scope));
        if matches!(index, Value::Unknown(_)) {
            return self.open(at, "Fn::Select", vec![index.operand(), list.operand()]);
        }
        let Some(at_index) = number(&index) else {
            return self.invalid(at, "Fn::Select needs a number");
        };
        match &list {
            Value::Unknown(symbol) => Value::Unknown(symbol.part(Step::Index(at_index))),
            // An element that may be absent shifts those after it.
            Value::List { rest: Some(_), .. } => {
                self.open(at, "Fn::Select", vec![index.operand(), list.operand()])
            }
            Value::List { .. } => list.step(&Step::Index(at_index)).unwrap_or_else(|| {
                self.invalid(at, format!("Fn::Select finds nothing at index {at_index}"))
            }),
            _ => self.invalid(at, "Fn::Select needs a list"),
        }
    }

    fn split(&self, argument: NodeId, at: NodeId, scope: &Scope) -> Value {
        let Some([delimiter, source]) = self.arguments(argument) else {
            return self.invalid(at, "Fn::Split needs a delimiter and a string");
        };
        let (delimiter, source) = (self.value(delimiter, scope), self.node(source, scope));
        let (span, source) = (source.span, source.value);
        match (text(&delimiter), text(&source)) {
            (Some(delimiter), Some(source)) if !delimiter.is_empty() => {
                let parts: Vec<Node> = source
                    .split(&*delimiter)
                    .map(|part| Node::new(Value::string(part), span))
                    .collect();
                if !self.spend(parts.len() as u64) {
                    return Value::Unknown(self.over_budget_symbol(at));
                }
                Value::list(parts)
            }
            (Some(delimiter), None) if &*delimiter == "," && joined(&source, span).is_some() => {
                joined(&source, span).unwrap_or(source)
            }
            _ if matches!(source, Value::Unknown(_)) || matches!(delimiter, Value::Unknown(_)) => {
                self.open(at, "split", vec![delimiter.operand(), source.operand()])
            }
            _ => self.invalid(at, "Fn::Split needs a delimiter and a string"),
        }
    }

    fn find_in_map(&self, argument: NodeId, at: NodeId, scope: &Scope) -> Value {
        let arguments = self.tree().elements(argument).unwrap_or_default();
        let &[map, first, second, ref options @ ..] = arguments else {
            return self.invalid(at, "Fn::FindInMap needs a map and two keys");
        };
        let values = [map, first, second].map(|id| self.value(id, scope));
        let default = options.first().and_then(|&id| self.tree().get(id, "DefaultValue"));
        let [Some(map), Some(first), Some(second)] = values.each_ref().map(text) else {
            if !values.iter().any(|value| matches!(value, Value::Unknown(_))) {
                return self.invalid(at, "Fn::FindInMap needs names");
            }
            let mut operands: Vec<_> = values.iter().map(Value::operand).collect();
            operands.extend(default.map(|id| self.value(id, scope).operand()));
            return self.open(at, "Fn::FindInMap", operands);
        };
        let found = self.mappings.and_then(|mappings| {
            [&map, &first, &second].into_iter().try_fold(mappings, |node, key| {
                self.spend(self.tree().entries(node).len() as u64 / 64);
                self.tree().get(node, key)
            })
        });
        match (found, default) {
            (Some(found), _) => self.value(found, &Scope::default()),
            (None, Some(default)) => self.value(default, scope),
            (None, None) if self.mappings_are_open() => {
                Value::Unknown(self.not_evaluated(at, "Fn::Transform"))
            }
            (None, None) => {
                self.invalid(at, format!("Fn::FindInMap finds no {map}.{first}.{second}"))
            }
        }
    }

    /// Whether a macro or a loop writes mappings, or sections, that are not seen here.
    fn mappings_are_open(&self) -> bool {
        let keys = self.mappings.map_or(&[][..], |mappings| self.tree().entries(mappings));
        self.transforms.brings_sections() || keys.iter().any(|entry| entry.key.starts_with("Fn::"))
    }

    fn cidr(&self, argument: NodeId, at: NodeId, scope: &Scope) -> Value {
        let arguments = self.tree().elements(argument).unwrap_or_default();
        let values: Vec<_> = arguments.iter().map(|&id| self.value(id, scope)).collect();
        if values.iter().any(|value| matches!(value, Value::Unknown(_))) {
            return self.open(at, "Fn::Cidr", values.iter().map(Value::operand).collect());
        }
        let [network, count, rest @ ..] = values.as_slice() else {
            return self.invalid(at, "Fn::Cidr needs a network and a count");
        };
        let Some(bits) = rest.first() else {
            return Value::Unknown(self.not_evaluated(at, "Fn::Cidr without the size of a block"));
        };
        let (Some(network), Some(count), Some(bits)) = (text(network), number(count), number(bits))
        else {
            return self.invalid(at, "Fn::Cidr needs a network and two numbers");
        };
        match cidr::blocks(&network, count, bits) {
            Ok(blocks) => {
                let span = self.tree().span(at);
                self.spend(blocks.len() as u64);
                let nodes = blocks.into_iter().map(|block| Node::new(Value::string(block), span));
                Value::list(nodes.collect::<Vec<_>>())
            }
            Err(why) => self.invalid(at, why),
        }
    }

    fn zones(&self, argument: NodeId, at: NodeId, scope: &Scope) -> Value {
        let region = self.value(argument, scope);
        let here = || Symbol::input("AWS::Region", Why::NoValue);
        match text(&region) {
            Some(name) if !name.is_empty() => {
                Value::Unknown(Symbol::input(format!("Fn::GetAZs {name}"), Why::ReadAtApply))
            }
            _ => {
                let symbol = if let Value::Unknown(symbol) = region { symbol } else { here() };
                self.open(at, "Fn::GetAZs", vec![Operand::Symbol(symbol)])
            }
        }
    }

    fn base64(&self, argument: NodeId, at: NodeId, scope: &Scope) -> Value {
        let value = self.value(argument, scope);
        match (text(&value), &value) {
            (Some(text), _) => self.string(base64(text.as_bytes()), at),
            (None, Value::Unknown(_)) => self.open(at, "base64encode", vec![value.operand()]),
            _ => self.invalid(at, "Fn::Base64 needs a string"),
        }
    }

    fn length(&self, argument: NodeId, at: NodeId, scope: &Scope) -> Value {
        match self.value(argument, scope) {
            Value::List { items, rest: None } => Value::number(items.len()),
            list @ (Value::List { .. } | Value::Unknown(_)) => {
                self.open(at, "length", vec![list.operand()])
            }
            _ => self.invalid(at, "Fn::Length needs a list"),
        }
    }

    fn json_string(&self, argument: NodeId, at: NodeId, scope: &Scope) -> Value {
        if let Content::Scalar { .. } | Content::Null = self.tree().content(argument) {
            return self.invalid(at, "Fn::ToJsonString needs a list or a mapping");
        }
        let value = self.value(argument, scope);
        if !value.is_known() {
            return self.open(at, "jsonencode", vec![value.operand()]);
        }
        let mut out = String::new();
        to_json(&value, &mut out);
        self.string(out, at)
    }
}

/// The list that was joined with commas to an open value.
fn joined(value: &Value, span: Span) -> Option<Value> {
    match value {
        Value::Unknown(symbol) => split_symbol(symbol, ",", span),
        _ => None,
    }
}

/// A whole number, written as a number or as a string.
fn number(value: &Value) -> Option<u64> {
    text(value)?.trim().parse().ok()
}
