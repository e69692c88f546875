//! `Ref` and `Fn::GetAtt`: the same place gives the same symbol, wherever it is asked for.

use std::sync::Arc;

use super::evaluate::{Evaluator, Memo, text};
use super::scope::Scope;
use super::syntax::NodeId;
use super::template::{Declared, Presence};
use crate::graph::Value;
use crate::unknown::{Form, Operand, Step, Symbol, Why};

impl Evaluator<'_> {
    /// What a name stands for, in `Ref` and in `${Name}`.
    pub(super) fn reference(&self, name: &Arc<str>, scope: &Scope) -> Value {
        if let Some(value) = scope.get(name) {
            return Value::String(Arc::clone(value));
        }
        if let Some(value) = self.parameters.get(name) {
            let weight = match value {
                Value::List { items, .. } => items.len(),
                Value::String(text) => text.len() / 32,
                _ => 0,
            };
            if !self.spend(weight as u64) {
                return Value::Unknown(Symbol::input(Arc::clone(name), Why::Budget));
            }
            return value.clone();
        }
        if let Some(&at) = self.index.get(name) {
            return attribute_of(&self.resources[at], "id");
        }
        if let Some(value) = self.deployment.pseudo(name) {
            return value;
        }
        match &**name {
            "AWS::NoValue" => Value::Null,
            "AWS::NotificationARNs" | "AWS::StackId" | "AWS::StackName" => {
                self.pseudo(&self.own(name))
            }
            "AWS::AccountId" | "AWS::Partition" | "AWS::Region" | "AWS::URLSuffix" => {
                self.pseudo(name)
            }
            _ => Value::Unknown(self.undeclared(name, name)),
        }
    }

    /// What nobody says but the operator, or the case.
    pub(super) fn pseudo(&self, name: &str) -> Value {
        let symbol = Symbol::input(name, Why::NoValue);
        let taken = self.shared.look.case.text(&symbol).cloned();
        taken.map_or(Value::Unknown(symbol), Value::String)
    }

    /// A macro may declare what the template itself does not.
    pub(super) fn undeclared(&self, spelled: &Arc<str>, name: &str) -> Symbol {
        let why = match &self.transforms.declaring {
            Some(transform) => Why::NotEvaluated(format!("the macro {transform}").into()),
            None => Why::Invalid(format!("reference to undeclared {name}").into()),
        };
        Symbol::input(self.own(spelled), why)
    }

    /// `X.Attr`, in `Fn::GetAtt` and in `${X.Attr}`.
    pub(super) fn attribute(&self, dotted: &Arc<str>) -> Value {
        let (logical, name) = dotted.split_once('.').unwrap_or((dotted, ""));
        let Some(&at) = self.index.get(logical) else {
            return Value::Unknown(self.undeclared(dotted, logical));
        };
        let declared = &self.resources[at];
        if name.is_empty() {
            let why = Why::Invalid("Fn::GetAtt needs an attribute".into());
            return Value::Unknown(Symbol::input(Arc::clone(dotted), why));
        }
        if matches!(declared.presence, Presence::Resource(..))
            && !declared.is_custom()
            && let Some(value) = self.written(at, name)
        {
            return value;
        }
        if let (Presence::Opaque(_), Some(output)) =
            (&declared.presence, name.strip_prefix("Outputs."))
            && let Ok(child) = self.child(at)
        {
            return child.output(&output.into());
        }
        attribute_of(declared, name)
    }

    /// The value of the property of that name, where the template sets it.
    fn written(&self, at: usize, name: &str) -> Option<Value> {
        let (first, rest) = name.split_once('.').unwrap_or((name, ""));
        let properties = self.resources[at].properties?;
        self.spend(self.tree().entries(properties).len() as u64 / 64);
        let entry = self.tree().entry(properties, first)?;
        let mut value = self.property(at, &entry.key, entry.value);
        for part in rest.split('.').filter(|part| !part.is_empty()) {
            value = match value {
                Value::Map(_) => value.step(&Step::Name(part.into()))?,
                _ => return None,
            };
        }
        (value != Value::Null).then_some(value)
    }

    /// A property of a resource, evaluated once.
    pub(super) fn property(&self, at: usize, name: &Arc<str>, node: NodeId) -> Value {
        let declared = &self.resources[at];
        let key = (at, Arc::clone(name));
        if let Some(memo) = self.attributes.borrow().get(&key) {
            let logical = &declared.address;
            let (value, steps) = match memo {
                Memo::Done(value, steps) => (value, *steps),
                Memo::Open => {
                    let why = Why::Invalid("the property refers to itself".into());
                    return Value::Unknown(Symbol::input(format!("{logical}.{name}"), why));
                }
            };
            // What is shared is walked again by whoever reads it.
            if !self.spend(steps) {
                return Value::Unknown(Symbol::input(format!("{logical}.{name}"), Why::Budget));
            }
            return value.clone();
        }
        self.attributes.borrow_mut().insert(key.clone(), Memo::Open);
        let before = self.steps();
        let value = self.value(node, &declared.member.scope);
        let memo = Memo::Done(value.clone(), self.steps() - before);
        self.attributes.borrow_mut().insert(key, memo);
        value
    }

    /// The construct that a resource is made by: its metadata name it, or what is known of the stack.
    pub(super) fn construct(&self, at: usize) -> Option<&Arc<str>> {
        let member = &self.resources[at].member;
        let metadata = self.tree().get(member.node, "Metadata");
        let path = metadata.and_then(|it| self.tree().text(self.tree().get(it, "aws:cdk:path")?));
        path.or_else(|| self.deployment.construct(&member.name))
    }

    /// The argument of `Fn::GetAtt`, in either form.
    pub(super) fn get_att(&self, argument: NodeId, at: NodeId, scope: &Scope) -> Value {
        let tree = self.tree();
        let dotted = match (tree.text(argument), tree.elements(argument)) {
            (Some(dotted), _) => self.expand(dotted, scope),
            (None, Some(parts)) => {
                let mut names = Vec::new();
                for &part in parts {
                    let value = self.value(part, scope);
                    match text(&value) {
                        Some(name) => names.push(name),
                        None => return self.open_attribute(&value, at),
                    }
                }
                names.join(".").into()
            }
            (None, None) => {
                let value = self.value(argument, scope);
                match text(&value) {
                    Some(dotted) => dotted,
                    None => return self.open_attribute(&value, at),
                }
            }
        };
        self.attribute(&dotted)
    }

    fn open_attribute(&self, value: &Value, at: NodeId) -> Value {
        match value {
            Value::Unknown(_) => self.open(at, "Fn::GetAtt", vec![value.operand()]),
            _ => self.invalid(at, "Fn::GetAtt needs a resource and an attribute"),
        }
    }
}

/// Why there is no value of a resource whose condition is false.
const LEFT_OUT: &str = "which its condition leaves out";

/// Whether a value refers to a resource that does not exist, whatever conditions are still open:
/// CloudFormation refuses the template then.
pub(super) fn needs_left_out(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
        Value::List { items, rest } => {
            items.iter().any(|item| needs_left_out(&item.value))
                || rest.as_ref().is_some_and(is_left_out)
        }
        Value::Map(map) => {
            map.entries.values().any(|node| needs_left_out(&node.value))
                || map.rest.as_ref().is_some_and(is_left_out)
        }
        Value::Unknown(symbol) => is_left_out(symbol),
    }
}

fn is_left_out(symbol: &Symbol) -> bool {
    match symbol.form() {
        Form::Input { why: Why::Invalid(why), .. } => why.ends_with(LEFT_OUT),
        Form::Input { .. } | Form::Attribute { .. } => false,
        Form::Part { of, .. } => is_left_out(of),
        Form::Call { function, operands } => {
            &**function != "?:" && operands.iter().any(any_left_out)
        }
    }
}

fn any_left_out(operand: &Operand) -> bool {
    match operand {
        Operand::Symbol(symbol) => is_left_out(symbol),
        Operand::List(items) => items.iter().any(any_left_out),
        Operand::Text(_) | Operand::Literal(_) => false,
    }
}

/// An attribute that only AWS knows.
fn attribute_of(declared: &Declared, name: &str) -> Value {
    let logical = &declared.address;
    Value::Unknown(match &declared.presence {
        Presence::Resource(id, _) => Symbol::attribute(*id, Arc::clone(logical), false, name),
        Presence::Opaque(_) if name == "id" => {
            Symbol::input(Arc::clone(logical), Why::KnownAfterApply)
        }
        Presence::Opaque(_) => Symbol::input(format!("{logical}.{name}"), Why::UnresolvedModule),
        Presence::LeftOut => {
            let why = format!("reference to {logical}, {LEFT_OUT}");
            Symbol::input(Arc::clone(logical), Why::Invalid(why.into()))
        }
    })
}
