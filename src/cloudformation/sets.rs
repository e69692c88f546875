//! Stack sets: a stack for each Region of each group of instances.

use hashbrown::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use super::deployment::Deployment;
use super::evaluate::{Evaluator, text};
use crate::graph::{Map, Value};
use crate::unknown::Why;

/// The type of a stack set.
pub(super) const KIND: &str = "AWS::CloudFormation::StackSet";

/// A stack of a set.
struct Instance {
    region: Arc<str>,
    /// Where all stacks of the group are in one.
    account: Option<Arc<str>>,
    overrides: HashMap<Arc<str>, Value>,
}

impl<'a> Evaluator<'a> {
    /// The stacks of a set.
    pub(super) fn set(&self, at: usize) -> Result<Vec<Rc<Evaluator<'a>>>, Why> {
        let template = self.nested_template(at).ok_or(Why::UnresolvedModule)?;
        let instances = self.instances(at).ok_or_else(|| {
            Why::NotEvaluated("a stack set whose instances are not written out".into())
        })?;
        let mut names: HashMap<String, usize> = HashMap::new();
        let stack = |instance: Instance| {
            let mut passed = self.passed(at).0;
            passed.extend(instance.overrides);
            let uses = names.entry(instance.region.to_string()).or_default();
            *uses += 1;
            let again = if *uses > 1 { format!("/{uses}") } else { String::new() };
            let address = format!("{}[{}{again}]", self.resources[at].address, instance.region);
            let (account, region) = (instance.account, Some(instance.region));
            let deployment = Deployment { account, region, ..Deployment::default() };
            self.stack(template, &address, &passed, deployment)
        };
        instances.into_iter().map(stack).collect()
    }

    /// `None` where what is written does not tell them all.
    fn instances(&self, at: usize) -> Option<Vec<Instance>> {
        let properties = self.resources[at].properties?;
        let entry = self.tree().entry(properties, "StackInstancesGroup")?;
        let groups = self.property(at, &entry.key, entry.value);
        let mut instances = Vec::new();
        for group in list(&groups)? {
            let Value::Map(group) = group else { return None };
            let targets = group.entries.get("DeploymentTargets").map(|node| &node.value);
            let accounts = match targets {
                Some(Value::Map(targets)) => targets.entries.get("Accounts"),
                _ => None,
            };
            let account = match accounts.and_then(|accounts| list(&accounts.value)).as_deref() {
                Some([one]) => text(one),
                _ => None,
            };
            for region in list(&group.entries.get("Regions")?.value)? {
                let (region, account) = (text(&region)?, account.clone());
                instances.push(Instance { region, account, overrides: overrides(&group) });
            }
        }
        Some(instances)
    }
}

/// The elements of a list that is complete.
fn list(value: &Value) -> Option<Vec<Value>> {
    match value {
        Value::List { items, rest: None } => {
            Some(items.iter().map(|item| item.value.clone()).collect())
        }
        _ => None,
    }
}

fn overrides(group: &Map) -> HashMap<Arc<str>, Value> {
    let overrides = group.entries.get("ParameterOverrides");
    overrides.map_or_else(HashMap::new, |node| pairs(&node.value).0)
}

/// The values of a list of `ParameterKey` and `ParameterValue`, and whether they are all.
pub(super) fn pairs(value: &Value) -> (HashMap<Arc<str>, Value>, bool) {
    let Value::List { items, rest } = value else { return (HashMap::new(), false) };
    let pair = |value: &Value| match value {
        Value::Map(pair) => {
            let part = |name: &str| pair.entries.get(name).map(|node| node.value.clone());
            Some((text(&part("ParameterKey")?)?, part("ParameterValue")?))
        }
        _ => None,
    };
    let pairs: Vec<_> = items.iter().map(|item| pair(&item.value)).collect();
    let complete = rest.is_none() && pairs.iter().all(Option::is_some);
    (pairs.into_iter().flatten().collect(), complete)
}
