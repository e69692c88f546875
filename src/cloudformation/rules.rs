//! The `Rules` section: assertions about parameters, without which CloudFormation deploys nothing.

use std::sync::Arc;

use super::evaluate::{Evaluator, text};
use super::scope::Scope;
use super::syntax::NodeId;
use crate::graph::Value;

impl Evaluator<'_> {
    /// Whether an assertion certainly fails
    /// (<https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/rules-section-structure.html>).
    pub(super) fn is_refused(&self) -> bool {
        let rules = self.rules.map_or(&[][..], |section| self.tree().entries(section));
        rules.iter().any(|rule| self.fails(rule.value))
    }

    fn fails(&self, rule: NodeId) -> bool {
        let (tree, scope) = (self.tree(), Scope::default());
        let is = |node, truth| self.condition(node, &scope) == Value::Bool(truth);
        let applies = tree.get(rule, "RuleCondition").is_none_or(|node| is(node, true));
        let assertions = tree.get(rule, "Assertions").and_then(|it| tree.elements(it));
        let mut asserted = assertions.unwrap_or_default().iter();
        applies && asserted.any(|&it| tree.get(it, "Assert").is_some_and(|node| is(node, false)))
    }

    /// `Fn::Contains`: a value is in a list.
    pub(super) fn contains(&self, argument: NodeId, at: NodeId, scope: &Scope) -> Value {
        let Some(&[list, value]) = self.tree().elements(argument) else {
            return self.invalid(at, "Fn::Contains needs a list and a value");
        };
        let value = self.compared(value, scope);
        self.is_in(&self.members(list, scope), &value, at)
    }

    /// `Fn::EachMemberEquals`: each in a list is a value.
    pub(super) fn each_equals(&self, argument: NodeId, at: NodeId, scope: &Scope) -> Value {
        let Some(&[list, value]) = self.tree().elements(argument) else {
            return self.invalid(at, "Fn::EachMemberEquals needs a list and a value");
        };
        let value = self.compared(value, scope);
        match self.members(list, scope) {
            Ok(members) => {
                let each = members.iter().map(|member| self.equality(member, &value, at));
                self.decided_by(false, each, at)
            }
            Err(open) => {
                self.open(at, "Fn::EachMemberEquals", vec![open.operand(), value.operand()])
            }
        }
    }

    /// `Fn::EachMemberIn`: each in a list is in another.
    pub(super) fn each_in(&self, argument: NodeId, at: NodeId, scope: &Scope) -> Value {
        let Some(&[list, others]) = self.tree().elements(argument) else {
            return self.invalid(at, "Fn::EachMemberIn needs two lists");
        };
        let others = self.members(others, scope);
        match self.members(list, scope) {
            Ok(members) => {
                let each = members.iter().map(|member| self.is_in(&others, member, at));
                self.decided_by(false, each, at)
            }
            Err(open) => self.open(at, "Fn::EachMemberIn", vec![open.operand()]),
        }
    }

    fn is_in(&self, list: &Result<Arc<[Value]>, Value>, value: &Value, at: NodeId) -> Value {
        match list {
            Ok(members) if self.spend(members.len() as u64) => {
                let any = members.iter().map(|member| self.equality(member, value, at));
                self.decided_by(true, any, at)
            }
            Ok(_) => Value::Unknown(self.over_budget_symbol(at)),
            Err(open) => self.open(at, "Fn::Contains", vec![open.operand(), value.operand()]),
        }
    }

    /// The members of a list as they are compared; `Err` where it is open how many there are.
    fn members(&self, list: NodeId, scope: &Scope) -> Result<Arc<[Value]>, Value> {
        let value = self.value(list, scope);
        match &value {
            Value::List { items, rest: None } => {
                let compared = |value: &Value| text(value).map_or(value.clone(), Value::String);
                Ok(items.iter().map(|item| compared(&item.value)).collect())
            }
            Value::Unknown(_) | Value::List { .. } => Err(value),
            _ => Err(self.invalid(list, "not a list")),
        }
    }
}
