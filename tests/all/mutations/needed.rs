//! What a path of a sound design does not hold without is said to be missing where it is gone.

use eksdns_lint::checks::{self, ALL};
use eksdns_lint::dns::{Assumptions, Dns};
use eksdns_lint::finding::{Severity, Verdict};
use eksdns_lint::graph::Graph;
use eksdns_lint::network::Network;
use serde_json::Value as Json;

use super::{DESIGNS, STYLES, design, each};
use crate::dns::graph;
use crate::support::Tree;

/// The rules that speak of a graph, from a severity on.
fn said(graph: &Graph, least: Severity) -> Vec<&'static str> {
    let network = Network::new(graph);
    let dns = Dns::new(&network, Assumptions::default());
    let all = ALL.iter().flat_map(|check| checks::run(&dns, check, |_| true).unwrap());
    let loud = all.filter_map(|verdict| match verdict {
        Verdict::Finding(one) if one.severity >= least => Some(one.rule.id),
        _ => None,
    });
    loud.collect()
}

#[test]
fn what_a_path_needs_is_missed_where_it_is_gone() {
    let writings = [("main.tf", 0), ("template.yaml", 7)];
    let mut cases = Vec::new();
    for name in DESIGNS {
        for (file, style) in writings {
            let written = (STYLES[style].write)(&design(name)).unwrap();
            let text = written.files.values().next().unwrap().clone();
            assert_eq!(written.files.len(), 1, "{name}, {}", STYLES[style].name);
            let tree = Tree::new(&[(file, &text)]);
            let json = |arguments: &[&str]| -> Json {
                let all = [&["trace", "--format", "json"], arguments].concat();
                serde_json::from_str(&tree.run(&all).stdout).unwrap()
            };
            for path in json(&[])["paths"].as_array().unwrap() {
                let [from, to] = ["from", "to"].map(|key| path[key].as_str().unwrap());
                if path["outcome"] != "holds" {
                    continue;
                }
                let one = json(&["--from", from, "--to", to]);
                let blocks = one["paths"][0]["dependences"]["blocks"].as_array().unwrap();
                for block in blocks {
                    let address = block["address"].as_str().unwrap().to_owned();
                    if block["without"]["outcome"] == "fails" {
                        cases.push((name, file, text.clone(), format!("{from} to {to}"), address));
                    }
                }
            }
        }
    }
    let silent = each(&cases, |(name, file, text, path, block)| {
        let mut graph = graph(file, text);
        assert_eq!(said(&graph, Severity::Warning), [""; 0], "{name}, {file}");
        let these = graph.named(block);
        graph.without(&these);
        let found = said(&graph, Severity::Error);
        found.is_empty().then(|| {
            format!("{name}, {file}: {path} without {block}: {:?}", said(&graph, Severity::Note))
        })
    });
    let silent: Vec<_> = silent.into_iter().flatten().collect();
    println!("{} of {} blocks", silent.len(), cases.len());
    assert!(silent.is_empty(), "{}", silent.join("\n"));
}
