//! Conditions: true, false, or open with an identity.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::evaluate::{Evaluator, Memo, text};
use super::parameters::{is_empty, plain_text};
use super::scope::Scope;
use super::syntax::{Content, NodeId};
use crate::graph::{Map, Node, Value};
use crate::unknown::{Form, Operand, Symbol, Why};

impl Evaluator<'_> {
    /// The truth of the condition that a node names.
    pub(super) fn named_condition(&self, id: NodeId, scope: &Scope) -> Value {
        match self.tree().text(id) {
            Some(name) => self.truth(&self.expand(name, scope)),
            None => self.condition(id, scope),
        }
    }

    /// The truth of a declared condition.
    fn truth(&self, name: &Arc<str>) -> Value {
        if let Some(memo) = self.truths.borrow().get(name) {
            return match memo {
                Memo::Done(value, _) => value.clone(),
                Memo::Open => unknown(name, "the condition refers to itself"),
            };
        }
        let Some(member) = self.conditions.get(name) else {
            return Value::Unknown(self.undeclared(name, &format!("condition {name}")));
        };
        self.truths.borrow_mut().insert(Arc::clone(name), Memo::Open);
        let value = self.condition(member.node, &member.scope);
        self.truths.borrow_mut().insert(Arc::clone(name), Memo::Done(value.clone(), 0));
        value
    }

    /// The truth of a node where a condition stands.
    pub(super) fn condition(&self, id: NodeId, scope: &Scope) -> Value {
        let tree = self.tree();
        let value = match tree.entries(id) {
            [entry] if &*entry.key == "Condition" => self.named_condition(entry.value, scope),
            _ => self.value(id, scope),
        };
        match text(&value).as_deref() {
            Some("true") => Value::Bool(true),
            Some("false") => Value::Bool(false),
            _ if matches!(value, Value::Unknown(_)) => value,
            _ => self.invalid(id, "not a condition"),
        }
    }

    /// `Fn::And` and `Fn::Or`: `decisive` decides alone.
    pub(super) fn all_or_any(&self, argument: NodeId, decisive: bool, scope: &Scope) -> Value {
        let Some(items) = self.tree().elements(argument) else {
            return self.invalid(argument, "needs a list of conditions");
        };
        let items = items.iter().map(|&item| self.condition(item, scope));
        self.decided_by(decisive, items, argument)
    }

    /// What some conditions together say, of which a `decisive` one decides alone.
    pub(super) fn decided_by(
        &self,
        decisive: bool,
        conditions: impl Iterator<Item = Value>,
        at: NodeId,
    ) -> Value {
        let mut open = Vec::new();
        for condition in conditions {
            match condition {
                Value::Bool(truth) if truth == decisive => return Value::Bool(decisive),
                Value::Unknown(symbol) => {
                    if !self.spend(open.len() as u64 / 64) {
                        return Value::Unknown(self.over_budget_symbol(at));
                    }
                    if !open.contains(&symbol) {
                        open.push(symbol);
                    }
                }
                _ => {}
            }
        }
        match open.as_slice() {
            [] => Value::Bool(!decisive),
            [symbol] => Value::Unknown(symbol.clone()),
            _ => {
                let function = if decisive { "||" } else { "&&" };
                self.open(at, function, open.into_iter().map(Operand::Symbol).collect())
            }
        }
    }

    /// `Fn::Not`.
    pub(super) fn not(&self, argument: NodeId, scope: &Scope) -> Value {
        let inner = match self.tree().elements(argument) {
            Some([item]) => *item,
            Some(_) => return self.invalid(argument, "Fn::Not needs one condition"),
            None => argument,
        };
        match self.condition(inner, scope) {
            Value::Bool(truth) => Value::Bool(!truth),
            Value::Unknown(symbol) => match symbol.form() {
                Form::Call { function, operands } if &**function == "!" => match &**operands {
                    [Operand::Symbol(inner)] => Value::Unknown(inner.clone()),
                    _ => Value::Unknown(symbol),
                },
                _ => self.open(argument, "!", vec![Operand::Symbol(symbol)]),
            },
            other => other,
        }
    }

    /// `Fn::Equals`, by text.
    pub(super) fn equals(&self, argument: NodeId, scope: &Scope) -> Value {
        let Some(&[left, right]) = self.tree().elements(argument) else {
            return self.invalid(argument, "Fn::Equals needs two values");
        };
        let values = [left, right].map(|id| self.compared(id, scope));
        // What is left out is compared with nothing, or with what somebody chooses.
        if values.iter().all(|value| is_empty(value) || matches!(value, Value::Unknown(_))) {
            for name in [left, right].into_iter().filter_map(|id| self.parameter(id)) {
                self.shared.compared.borrow_mut().asks_about(&self.own(name));
            }
        }
        self.equality(&values[0], &values[1], argument)
    }

    /// The parameter that a value is, or that it is empty with: `!Ref P`, `!Sub "${P}"`, `!Join ["", !Ref P]`.
    pub(super) fn parameter(&self, id: NodeId) -> Option<&str> {
        let tree = self.tree();
        let (function, argument) = tree.function(id)?;
        match &**function {
            "Ref" => tree.text(argument).map(|name| &**name),
            "Fn::Sub" => tree.text(argument)?.strip_prefix("${")?.strip_suffix('}'),
            "Fn::Join" | "Fn::Select" => self.parameter(*tree.elements(argument)?.get(1)?),
            _ => None,
        }
    }

    /// Whether two values are equal.
    pub(super) fn equality(&self, left: &Value, right: &Value, at: NodeId) -> Value {
        let mut operands = [left.operand(), right.operand()];
        if same(left, right) {
            return Value::Bool(true);
        }
        if left.is_known() && right.is_known() {
            return Value::Bool(false);
        }
        operands.sort();
        let both = self.symbol(at, "==", operands.to_vec());
        let (case, mut compared) = (self.shared.look.case, self.shared.compared.borrow_mut());
        let truth = match (left, right) {
            (Value::Unknown(symbol), Value::String(text))
            | (Value::String(text), Value::Unknown(symbol)) => compared.equals(case, symbol, text),
            (Value::Unknown(one), Value::Unknown(other)) => {
                compared.equal(case, &both, [one, other])
            }
            _ => None,
        };
        truth.map_or(Value::Unknown(both), Value::Bool)
    }

    /// A scalar as the text that is compared: `3` and `"3"` are equal.
    pub(super) fn compared(&self, id: NodeId, scope: &Scope) -> Value {
        if let Content::Scalar { text, plain: true } = self.tree().content(id) {
            return Value::String(plain_text(&self.expand(text, scope)));
        }
        let value = self.value(id, scope);
        text(&value).map_or(value, Value::String)
    }

    /// `Fn::If`.
    pub(super) fn choose(&self, argument: NodeId, at: NodeId, scope: &Scope) -> Value {
        let Some(&[condition, then, otherwise]) = self.tree().elements(argument) else {
            return self.invalid(at, "Fn::If needs a condition and two values");
        };
        match self.named_condition(condition, scope) {
            Value::Bool(true) => self.value(then, scope),
            Value::Bool(false) => self.value(otherwise, scope),
            condition => {
                let (then, otherwise) = (self.value(then, scope), self.value(otherwise, scope));
                self.either(&condition, &then, &otherwise, at)
            }
        }
    }

    /// One of two values, with what is the same in both.
    fn either(&self, condition: &Value, then: &Value, otherwise: &Value, at: NodeId) -> Value {
        if same(then, otherwise) {
            return then.clone();
        }
        let node = |a: &Node, b: &Node| {
            let value = self.either(condition, &a.value, &b.value, at);
            Node::new(value, if same(&a.value, &b.value) { a.span } else { self.tree().span(at) })
        };
        match (then, otherwise) {
            (Value::Map(a), Value::Map(b)) if a.rest.is_none() && b.rest.is_none() => {
                let nothing = Node::new(Value::Null, self.tree().span(at));
                let keys: BTreeSet<_> = a.entries.keys().chain(b.entries.keys()).collect();
                if !self.spend(keys.len() as u64) {
                    return Value::Unknown(self.over_budget_symbol(at));
                }
                let entry = |key: &Arc<str>| {
                    let of = |map: &'_ Map| map.entries.get(key).cloned();
                    let (a, b) = (of(a), of(b));
                    node(a.as_ref().unwrap_or(&nothing), b.as_ref().unwrap_or(&nothing))
                };
                Value::map(keys.into_iter().map(|key| (Arc::clone(key), entry(key))).collect())
            }
            (Value::List { items: a, rest: None }, Value::List { items: b, rest: None })
                if a.len() == b.len() && self.spend(a.len() as u64) =>
            {
                Value::list(a.iter().zip(b.iter()).map(|(a, b)| node(a, b)).collect::<Vec<_>>())
            }
            _ => {
                let operands = [condition, then, otherwise].map(Value::operand).to_vec();
                self.open(at, "?:", operands)
            }
        }
    }

    /// Tells which of the declared conditions are decided.
    pub(super) fn tell_conditions(&self) {
        let mut names: Vec<_> = self.conditions.keys().collect();
        names.sort();
        for name in names {
            if let Value::Bool(truth) = self.truth(name) {
                self.shared.compared.borrow_mut().decided(self.own(name), truth);
            }
        }
    }
}

/// Whether two values are equal wherever they are written.
fn same(left: &Value, right: &Value) -> bool {
    // A map and a list may have equal operands.
    std::mem::discriminant(left) == std::mem::discriminant(right)
        && left.operand() == right.operand()
}

fn unknown(name: &Arc<str>, why: &str) -> Value {
    Value::Unknown(Symbol::input(Arc::clone(name), Why::Invalid(why.into())))
}
