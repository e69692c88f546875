//! Where a stack is deployed and under which name, as far as somebody says so.

use std::collections::HashMap;
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
    /// Paths of the constructs behind its resources, by logical id.
    pub(super) constructs: HashMap<Arc<str>, Arc<str>>,
}

impl Deployment {
    /// A stack in the same place, nested or one of a set.
    pub(super) fn beside(&self) -> Self {
        let (account, region) = (self.account.clone(), self.region.clone());
        Self { account, region, ..Self::default() }
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

#[cfg(test)]
mod tests {
    use super::*;

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
