//! What the pipeline forgets of resources that nobody reads changes no verdict.

use eksdns_lint::checks;
use eksdns_lint::dns::{Assumptions, Dns};
use eksdns_lint::graph::Graph;
use eksdns_lint::network::Network;

use crate::dns::graph;
use crate::fixtures;

/// Everything that the rules say of a graph.
fn verdicts(graph: &Graph) -> Vec<String> {
    let network = Network::new(graph);
    let dns = Dns::new(&network, Assumptions::default());
    let said = checks::ALL.iter().flat_map(|check| checks::run(&dns, check, |_| true).unwrap());
    said.map(|verdict| format!("{verdict:?}")).collect()
}

fn values(graph: &Graph) -> usize {
    graph.resources.iter().map(|resource| resource.body.len()).sum()
}

#[test]
fn what_is_forgotten_changes_no_verdict() {
    let (mut count, mut forgotten) = (0, 0);
    for fixture in fixtures::all() {
        let file = if fixture.ending == "tf" { "main.tf" } else { "template.yaml" };
        let whole = graph(file, &fixture.text);
        let mut left = whole.clone();
        left.forget_known(Network::reads);
        assert_eq!(verdicts(&left), verdicts(&whole), "{}", fixture.name());
        count += 1;
        forgotten += values(&whole) - values(&left);
    }
    assert!(count > 700 && forgotten > 50, "{forgotten} values of {count} fixtures");
}
