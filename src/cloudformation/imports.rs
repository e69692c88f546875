//! What a stack asks other stacks for: exports, and outputs by the name of their stack.

use std::sync::Arc;

use super::evaluate::{Evaluator, text};
use super::scope::Scope;
use super::syntax::NodeId;
use super::text::spell;
use crate::graph::{Value, Want};
use crate::unknown::{Symbol, Why};

impl Evaluator<'_> {
    /// `Fn::ImportValue`.
    pub(super) fn import(&self, argument: NodeId, at: NodeId, scope: &Scope) -> Value {
        let value = self.value(argument, scope);
        match spelled(&value) {
            Some((name, known)) => {
                let want = known.then(|| format!("export {name}"));
                self.ask(want, &format!("Fn::ImportValue {name}"), &self.deployment.region())
            }
            None => self.invalid(at, "Fn::ImportValue needs a name"),
        }
    }

    /// `Fn::GetStackOutput`: an output of a stack, perhaps in another account or Region
    /// (<https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-getstackoutput.html>).
    pub(super) fn stack_output(&self, argument: NodeId, at: NodeId, scope: &Scope) -> Value {
        let tree = self.tree();
        let part = |name: &str| tree.get(argument, name).map(|node| self.value(node, scope));
        let named = |name: &str| part(name).and_then(|value| spelled(&value));
        let (Some(stack), Some(output)) = (named("StackName"), named("OutputName")) else {
            return self.invalid(at, "Fn::GetStackOutput needs StackName and OutputName");
        };
        let region = part("Region").filter(|region| *region != Value::Null);
        let region = region.unwrap_or_else(|| self.deployment.region());
        let want = (stack.1 && output.1).then(|| format!("output {}.{}", stack.0, output.0));
        self.ask(want, &format!("Fn::GetStackOutput {}.{}", stack.0, output.0), &region)
    }

    /// What is known of an offer of that name; else a symbol that is the same wherever it is asked for.
    fn ask(&self, want: Option<String>, shown: &str, region: &Value) -> Value {
        let place = match region {
            Value::String(region) => format!("{shown} in {region}").into(),
            _ => Arc::from(shown),
        };
        if let Some(name) = want {
            let asked = (Arc::clone(&place), "".into());
            let want = Want { name: name.into(), region: region.clone(), asked: asked.clone() };
            self.shared.wanted.borrow_mut().insert(asked.clone(), want);
            if let Some(value) = self.shared.known.get(&asked) {
                return value.clone();
            }
        }
        Value::Unknown(Symbol::input(place, Why::ReadAtApply))
    }
}

/// A name as its author would write it, and whether it is wholly known.
fn spelled(value: &Value) -> Option<(Arc<str>, bool)> {
    match value {
        Value::Unknown(symbol) => Some((spell(symbol).into(), false)),
        value => Some((text(value)?, true)),
    }
}
