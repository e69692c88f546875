//! Which resources nothing in the network notices.

use hashbrown::HashSet;
use std::collections::BTreeSet;

use super::Network;
use super::around::held;
use crate::graph::Graph;
use crate::unknown::{Form, ResourceId, Symbol, Why};

/// Types of things that act only where something names them.
const ONLY_NAMED: [&str; 3] =
    ["AWS::EC2::SecurityGroup", "AWS::EC2::PrefixList", "AWS::EC2::DHCPOptions"];

impl Network {
    /// The resources that nothing of the network names and that are nothing to it otherwise, whatever
    /// their properties are and whether or not they exist: security groups of instances, mostly.
    ///
    /// None, where what names them may not be seen; and none that needs what may be left out, for then nothing of
    /// the template can be deployed.
    pub fn unnoticed(graph: &Graph) -> HashSet<ResourceId> {
        let may_be = |kind: &str| ONLY_NAMED.contains(&kind);
        let mut left: HashSet<_> =
            held(graph).filter(|(_, it)| may_be(&it.kind)).map(|(id, _)| id).collect();
        if !graph.gaps.is_empty() {
            return HashSet::new();
        }
        let mut is_open = false;
        for (id, resource) in held(graph) {
            let mut named = BTreeSet::new();
            for node in resource.body.values() {
                node.value.symbols(&mut |symbol| match symbol.form() {
                    Form::Attribute { resource, .. } => {
                        named.insert(*resource);
                    }
                    _ => is_open |= may_name_any(graph, symbol),
                });
            }
            named.remove(&id);
            if named.iter().any(|one| graph.resource(*one).exists.is_err()) {
                left.remove(&id);
            }
            for one in &named {
                left.remove(one);
            }
        }
        left.retain(|one| !graph.guards.named.contains(one));
        if is_open { HashSet::new() } else { left }
    }
}

/// Whether a symbol stands for a value of which not even the names are known.
fn may_name_any(graph: &Graph, symbol: &Symbol) -> bool {
    match symbol.form() {
        Form::Input { name, why: Why::Budget } => !graph.guards.hidden.contains_key(name),
        Form::Input { why, .. } => matches!(why, Why::NotEvaluated(_)),
        Form::Call { function, .. } => &**function == "Fn::GetAtt",
        Form::Attribute { .. } | Form::Part { .. } => false,
    }
}
