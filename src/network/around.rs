//! What a graph says beside the kinds that the model holds: what outputs and other resources are told of.

use hashbrown::HashSet;
use std::sync::Arc;

use crate::graph::{Graph, Mode, Resource, Value};
use crate::unknown::{Form, ResourceId, Symbol, Why};

use super::kinds::Kinds;

/// The resources that the model reads.
pub(super) fn held(graph: &Graph) -> impl Iterator<Item = (ResourceId, &Resource)> {
    let ids = (0..).map(ResourceId).zip(&graph.resources);
    ids.filter(|(_, resource)| Kinds::hold(&resource.kind))
}

/// The outputs of unresolved modules that these use.
pub(super) fn used(graph: &Graph) -> HashSet<Arc<str>> {
    let mut used = HashSet::new();
    for node in held(graph).flat_map(|(_, resource)| resource.body.values()) {
        node.value.symbols(&mut |symbol| {
            if let Form::Input { name, why: Why::UnresolvedModule } = symbol.form() {
                used.insert(Arc::clone(name));
            }
        });
    }
    used
}

/// What is handed to outputs and to resources that the model does not hold, and by whom.
pub(super) fn exported(graph: &Graph) -> Vec<(Arc<str>, Symbol)> {
    let mut symbols = Vec::new();
    let mut keep = |user: &Arc<str>, value: &Value| {
        value.symbols(&mut |symbol| symbols.push((Arc::clone(user), symbol.clone())));
    };
    let outputs: Arc<str> = "an output".into();
    graph.exports.iter().for_each(|node| keep(&outputs, &node.value));
    let strange = graph.resources.iter().filter(|resource| !Kinds::hold(&resource.kind));
    for resource in strange.filter(|resource| resource.mode == Mode::Managed) {
        resource.body.values().for_each(|node| keep(&resource.address, &node.value));
    }
    symbols
}
