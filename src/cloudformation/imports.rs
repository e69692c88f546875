//! What a stack asks other stacks for: exports, outputs by the name of their stack, and parameters of Systems Manager.

use std::sync::Arc;

use super::deployment::Deployment;
use super::evaluate::{Evaluator, Shared, text};
use super::scope::Scope;
use super::syntax::NodeId;
use super::text::spell;
use crate::graph::{Asked, Value, Want};
use crate::unknown::{Symbol, Why};

impl Evaluator<'_> {
    /// `Fn::ImportValue`.
    pub(super) fn import(&self, argument: NodeId, at: NodeId, scope: &Scope) -> Value {
        let value = self.value(argument, scope);
        match spelled(&value) {
            Some((name, known)) => {
                let want = known.then(|| format!("export {name}"));
                let account = self.deployment.account.as_deref().unwrap_or_default();
                let home = (&self.deployment.region(), account);
                self.ask(want, &format!("Fn::ImportValue {name}"), home)
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
        // A role may be another account's.
        let account = self.deployment.account.as_deref().filter(|_| part("RoleArn").is_none());
        let home = (&region, account.unwrap_or_default());
        self.ask(want, &format!("Fn::GetStackOutput {}.{}", stack.0, output.0), home)
    }

    /// What is known of an offer of that name; else a symbol that is the same wherever it is asked for.
    fn ask(&self, want: Option<String>, shown: &str, (region, account): (&Value, &str)) -> Value {
        let known = want.and_then(|name| self.shared.offered(&name, (region, account)));
        known.unwrap_or_else(|| read_at_apply(shown, region))
    }
}

impl Shared<'_> {
    /// The value that some root offers under a name.
    fn offered(&self, name: &str, (region, account): (&Value, &str)) -> Option<Value> {
        let asked: Asked = (format!("{} of {account}", place(name, region)).into(), "".into());
        let (region, account) = (region.clone(), account.into());
        let want = Want { name: name.into(), region, account, asked: asked.clone() };
        self.wanted.borrow_mut().insert(asked.clone(), want);
        self.known.get(&asked).cloned()
    }

    /// The value of a parameter of Systems Manager that some root makes.
    pub(super) fn stored(&self, name: &str, deployment: &Deployment) -> Option<Value> {
        let account = deployment.account.as_deref().unwrap_or_default();
        self.offered(&format!("parameter {name}"), (&deployment.region(), account))
    }

    /// A text with a dynamic reference in it.
    pub(super) fn resolved(&self, text: &str, deployment: &Deployment) -> Value {
        let known = parameter_of(text).and_then(|name| self.stored(name, deployment));
        known.unwrap_or_else(|| read_at_apply(text, &deployment.region()))
    }
}

/// The parameter that a dynamic reference names. One with a version may be older than what a root makes, and one
/// by its ARN is another account's
/// (<https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references-ssm.html>).
fn parameter_of(text: &str) -> Option<&str> {
    let name = text.strip_prefix("{{resolve:ssm:")?.strip_suffix("}}")?;
    (!name.contains([':', '{'])).then_some(name)
}

fn read_at_apply(shown: &str, region: &Value) -> Value {
    Value::Unknown(Symbol::input(place(shown, region), Why::ReadAtApply))
}

/// What is asked for, in the Region where that is known.
fn place(shown: &str, region: &Value) -> Arc<str> {
    match region {
        Value::String(region) => format!("{shown} in {region}").into(),
        _ => shown.into(),
    }
}

/// A name as its author would write it, and whether it is wholly known.
fn spelled(value: &Value) -> Option<(Arc<str>, bool)> {
    match value {
        Value::Unknown(symbol) => Some((spell(symbol).into(), false)),
        value => Some((text(value)?, true)),
    }
}
