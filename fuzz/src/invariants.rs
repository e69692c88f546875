//! What holds for every input, beyond that nothing panics.

use std::sync::LazyLock;

use eksdns_lint::graph::{Graph, Value};
use eksdns_lint::source::{Sources, Span};
use eksdns_lint::Run;
use jsonschema::Validator;

static SARIF: LazyLock<Validator> = LazyLock::new(|| {
    let schema = include_str!("../../tests/schemas/sarif-2.1.0.json");
    let mut schema: serde_json::Value = serde_json::from_str(schema).expect("JSON");
    // The published pattern of a language is no regular expression (a bracket too many); we write none.
    for owner in ["run", "toolComponent"] {
        let language = schema.pointer_mut(&format!("/definitions/{owner}/properties/language"));
        language.and_then(|language| language.as_object_mut()?.remove("pattern"));
    }
    jsonschema::validator_for(&schema).expect("a schema")
});

/// A place lies inside its file, and begins and ends between characters.
pub fn span(sources: &Sources, span: Span) {
    let text = &sources.file(span.file).text;
    let (start, end) = (span.start as usize, span.end as usize);
    assert!(start <= end && end <= text.len(), "{span:?} is outside");
    assert!(
        text.is_char_boundary(start) && text.is_char_boundary(end),
        "{span:?} cuts a character"
    );
}

/// The places of all that was found.
pub fn spans(run: &Run) {
    let sources = run.workspace.sources();
    for finding in &run.outcome.findings {
        span(sources, finding.primary.span);
        finding.labels.iter().for_each(|label| span(sources, label.span));
    }
}

/// The places in a graph.
pub fn graph(graph: &Graph, sources: &Sources) {
    graph.gaps.iter().for_each(|gap| span(sources, gap.span));
    graph.problems.iter().for_each(|problem| span(sources, problem.span));
    let mut open: Vec<_> = graph.exports.iter().collect();
    for resource in &graph.resources {
        span(sources, resource.span);
        resource.calls.iter().for_each(|call| span(sources, *call));
        open.extend(resource.body.values());
    }
    while let Some(node) = open.pop() {
        span(sources, node.span);
        match &node.value {
            Value::List { items, .. } => open.extend(items.iter()),
            Value::Map(map) => open.extend(map.entries.values()),
            _ => {}
        }
    }
}

/// A text in a format is what that format wants, and steers no terminal.
pub fn printed(format: &str, text: &str) {
    let steers = |c: char| c.is_control() && c != '\n' && c != '\t';
    assert!(!text.contains(steers), "{format} has a control character: {text:?}");
    match format {
        "json" | "gitlab" => {
            let _: serde_json::Value = serde_json::from_str(text).expect("JSON");
        }
        "sarif" => {
            let log = serde_json::from_str(text).expect("JSON");
            let wrong = SARIF.iter_errors(&log).next().map(|error| error.to_string());
            assert_eq!(wrong, None, "{text}");
        }
        "junit" | "svg" => {
            roxmltree::Document::parse(text).unwrap_or_else(|error| panic!("{error}: {text}"));
        }
        "github" => {
            let own = ["::error ", "::warning ", "::notice "];
            let is_own = |line: &str| own.iter().any(|start| line.starts_with(start));
            assert!(text.lines().all(is_own), "{text}");
        }
        "html" => html(text),
        _ => assert!(!text.lines().any(|line| line.starts_with("::")), "{text}"),
    }
}

/// A page holds only the elements that it is made of: what comes from names is written with entities.
fn html(text: &str) {
    let lower = text.to_ascii_lowercase();
    for wrong in ["<img", "<iframe", "<object", "<embed", "<form", "<base", "<link"] {
        assert!(!lower.contains(wrong), "{wrong} in {text}");
    }
    let opened = lower.matches("<script").count();
    assert_eq!(opened, lower.matches("</script").count(), "{text}");
}
