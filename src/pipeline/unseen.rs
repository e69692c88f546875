//! What a run did not see, so that its silence is not taken for safety.

use std::sync::Arc;

use hashbrown::HashSet;

use crate::finding::Unseen;
use crate::graph::{Graph, Mode, Resource, without_key};
use crate::network::Network;
use crate::unknown::{Input, ResourceId, Unknown, Why};

/// All of an estate; `existing` are the resources that exist in a case that was looked at.
pub(super) fn all(graph: &Graph, existing: &HashSet<Arc<str>>) -> Vec<Unseen> {
    gaps(graph).chain(perhaps(graph, existing)).collect()
}

/// What could not be looked at: nothing is said of what stands there. Faults of the language are
/// findings of their own.
fn gaps(graph: &Graph) -> impl Iterator<Item = Unseen> {
    let inputs = graph.gaps.iter().flat_map(|gap| gap.unknown.inputs().map(|one| (one, gap.span)));
    let hidden =
        inputs.filter(|(input, _)| !matches!(input.why, Why::Unparsable | Why::Invalid(_)));
    let reason = |why: &Why| match why {
        Why::UnresolvedModule => "modules whose source is not at hand".to_owned(),
        why => why.to_string(),
    };
    hidden.map(move |(input, span): (&Input, _)| Unseen {
        name: input.name.to_string(),
        reason: reason(&input.why),
        span,
    })
}

/// The resources that exist in no case that was looked at, and may be there: no rule says anything of them.
fn perhaps(graph: &Graph, existing: &HashSet<Arc<str>>) -> Vec<Unseen> {
    let all = (0..).map(ResourceId).zip(&graph.resources);
    let read = all.filter(|(_, one)| one.mode == Mode::Managed && Network::reads(&one.kind));
    let open = read.filter_map(|(id, one)| Some((id, one, one.exists.as_ref().err()?)));
    let mut open: Vec<_> = open.filter(|(_, one, _)| !existing.contains(&one.address)).collect();
    if !open.is_empty() {
        let unnoticed = Network::unnoticed(graph);
        open.retain(|(id, ..)| !unnoticed.contains(id));
    }
    let one = |(_, one, unknown): (ResourceId, &Resource, &Unknown)| Unseen {
        name: without_key(&one.address).to_owned(),
        reason: format!("may or may not be there: {unknown}"),
        span: one.span,
    };
    open.into_iter().map(one).collect()
}
