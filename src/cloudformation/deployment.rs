//! Where a stack is deployed and under which name, as far as somebody says so.

use hashbrown::HashMap;
use std::sync::Arc;

use super::inputs::Inputs;
use crate::graph::Value;
use crate::unknown::{Symbol, Why};

/// What is known of a stack beside its template.
#[derive(Debug, Clone, Default)]
pub(super) struct Deployment {
    pub(super) account: Option<Arc<str>>,
    pub(super) region: Option<Arc<str>>,
    /// The name of the stack.
    pub(super) name: Option<Arc<str>>,
    /// Values of its parameters.
    pub(super) parameters: Inputs,
    pub(super) constructs: Arc<Constructs>,
    /// The path of a nested stack among the constructs; empty for the one that nests it.
    pub(super) path: Arc<str>,
}

/// The constructs that a program made the resources of a stack and of those nested in it with.
#[derive(Debug, Default)]
pub(super) struct Constructs(HashMap<(Arc<str>, Arc<str>), Arc<str>>);

impl Constructs {
    /// From the paths of constructs and the logical ids of what they make.
    pub(super) fn new(made: &[(Arc<str>, Arc<str>)]) -> Self {
        let nested: Vec<_> = made.iter().filter_map(|(path, _)| nested(path)).collect();
        let stack = |path: &str| {
            let around = nested.iter().filter(|outer| {
                path.strip_prefix(&***outer).is_some_and(|rest| rest.starts_with('/'))
            });
            around.max_by_key(|outer| outer.len()).cloned().unwrap_or_default()
        };
        let entry =
            |(path, id): &(Arc<str>, Arc<str>)| ((stack(path), Arc::clone(id)), Arc::clone(path));
        Self(made.iter().map(entry).collect())
    }
}

/// The path of a nested stack, from that of the resource that nests it.
fn nested(path: &str) -> Option<Arc<str>> {
    let (outer, name) = path.strip_suffix(".NestedStackResource")?.rsplit_once('/')?;
    let outer = outer.strip_suffix(&format!("{name}.NestedStack"))?;
    Some(format!("{outer}{name}").into())
}

impl Deployment {
    /// A stack that one of this stack's resources nests.
    pub(super) fn nested(&self, construct: Option<&Arc<str>>) -> Self {
        let path = construct.and_then(|path| nested(path));
        let constructs = path.as_ref().map(|_| Arc::clone(&self.constructs)).unwrap_or_default();
        let (account, region) = (self.account.clone(), self.region.clone());
        Self { account, region, constructs, path: path.unwrap_or_default(), ..Self::default() }
    }

    /// The construct behind a resource.
    pub(super) fn construct(&self, id: &Arc<str>) -> Option<&Arc<str>> {
        self.constructs.0.get(&(Arc::clone(&self.path), Arc::clone(id)))
    }

    /// The value of a pseudo parameter.
    pub(super) fn pseudo(&self, name: &str) -> Option<Value> {
        match name {
            "AWS::AccountId" => self.account.clone(),
            "AWS::Region" => self.region.clone(),
            "AWS::StackName" => self.name.clone(),
            "AWS::Partition" => Some(self.partition()?.0.into()),
            "AWS::URLSuffix" => Some(self.partition()?.1.into()),
            _ => None,
        }
        .map(Value::String)
    }

    /// The Region that it is in.
    pub(super) fn region(&self) -> Value {
        self.pseudo("AWS::Region")
            .unwrap_or_else(|| Value::Unknown(Symbol::input("AWS::Region", Why::NoValue)))
    }

    /// The partition of the Region, and its domain
    /// (<https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html>).
    fn partition(&self) -> Option<(&'static str, &'static str)> {
        let region = self.region.as_deref()?;
        let commercial = ["af", "ap", "ca", "eu", "il", "me", "mx", "sa", "us"];
        match region.split('-').collect::<Vec<_>>().as_slice() {
            ["cn", ..] => Some(("aws-cn", "amazonaws.com.cn")),
            ["us", "gov", ..] => Some(("aws-us-gov", "amazonaws.com")),
            // The others are partitions of their own.
            [first, second, _] if commercial.contains(first) && !second.starts_with("iso") => {
                Some(("aws", "amazonaws.com"))
            }
            _ => None,
        }
    }
}

/// Whether a text is the name of a Region: a part of the world, a quarter of it, and a number.
pub(super) fn is_region(text: &str) -> bool {
    let quarters = ["north", "south", "east", "west", "central"];
    let is_quarter = |part: &str| quarters.iter().any(|quarter| part.starts_with(quarter));
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|it| it.is_ascii_digit());
    let mut parts = text.split('-');
    let world = parts.next().is_some_and(|part| {
        ["af", "ap", "ca", "cn", "eu", "eusc", "il", "me", "mx", "sa", "us"].contains(&part)
    });
    match parts.collect::<Vec<_>>().as_slice() {
        [quarter, number] => world && is_quarter(quarter) && is_number(number),
        [within, quarter, number] => {
            let within = within.bytes().all(|it| it.is_ascii_lowercase());
            world
                && within
                && (is_quarter(quarter) || text.starts_with("eusc"))
                && is_number(number)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nested_stacks_have_constructs_of_their_own() {
        let made = [
            ("App/Vpc/Resource", "Vpc1"),
            ("App/Net.NestedStack/Net.NestedStackResource", "Net1"),
            ("App/Net/Vpc/Resource", "Vpc1"),
            ("App/Net/In.NestedStack/In.NestedStackResource", "In1"),
            ("App/Net/In/Vpc/Resource", "Vpc1"),
        ];
        let made = made.map(|(path, id)| (Arc::from(path), Arc::from(id)));
        let constructs = Arc::new(Constructs::new(&made));
        let outer = Deployment { constructs, ..Deployment::default() };
        let net = outer.nested(outer.construct(&"Net1".into()));
        let inner = net.nested(net.construct(&"In1".into()));
        let of = |it: &Deployment| it.construct(&"Vpc1".into()).map(ToString::to_string);
        assert_eq!(of(&outer).as_deref(), Some("App/Vpc/Resource"));
        assert_eq!(of(&net).as_deref(), Some("App/Net/Vpc/Resource"));
        assert_eq!(of(&inner).as_deref(), Some("App/Net/In/Vpc/Resource"));
        assert_eq!(of(&outer.nested(None)), None);
    }

    #[test]
    fn regions_are_known_by_their_names() {
        for region in
            ["eu-west-1", "ap-southeast-2", "us-gov-east-1", "us-isob-east-1", "cn-north-1"]
        {
            assert!(is_region(region), "{region}");
        }
        for other in
            ["eu-west-1a", "eu-west", "db-server-1", "me-too-1", "us-east-1-x", "west-1", ""]
        {
            assert!(!is_region(other), "{other}");
        }
    }

    #[test]
    fn a_region_tells_its_partition() {
        let of = |region: &str| {
            let deployment = Deployment { region: Some(region.into()), ..Deployment::default() };
            deployment.pseudo("AWS::URLSuffix")
        };
        assert_eq!(of("eu-west-1"), Some(Value::string("amazonaws.com")));
        assert_eq!(of("us-gov-west-1"), Some(Value::string("amazonaws.com")));
        assert_eq!(of("cn-north-1"), Some(Value::string("amazonaws.com.cn")));
        for other in ["us-iso-east-1", "eu-isoe-west-1", "eusc-de-east-1", ""] {
            assert_eq!(of(other), None, "{other}");
        }
        assert_eq!(Deployment::default().pseudo("AWS::URLSuffix"), None);
    }
}
