//! One evaluated template as a graph.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::evaluate::Evaluator;
use super::scope::Scope;
use super::syntax::{Entry, NodeId, Parsed, Tree};
use super::template::{Declared, Presence, Section, declare};
use crate::graph::{Gap, Graph, Known, Language, Mode, Node, Offer, Resource, Value, Want};
use crate::source::{FileId, SourceFile, Span};
use crate::unknown::{ResourceId, Symbol, Unknown, Why};

/// The graph of a parsed file.
pub(super) fn graph(parsed: &Parsed, file: FileId, source: &SourceFile, known: &Known) -> Graph {
    let mut graph = Graph::new(source.path.clone(), Language::CloudFormation);
    graph.problems.clone_from(&parsed.problems);
    let Some(root) = parsed.root else {
        let place = parsed.problems.last().map_or(Span::new(file, 0..0), |problem| problem.span);
        graph.gaps.push(Gap {
            name: source.path.as_str().into(),
            unknown: Unknown::new(source.path.as_str(), Why::Unparsable),
            span: place,
            given: None,
        });
        return graph;
    };
    let mut evaluator = Evaluator::new(&parsed.tree, source, root, known);
    for (name, span) in &evaluator.transforms.unknown {
        let why = Why::NotEvaluated(format!("the macro {name}").into());
        let unknown = Unknown::new(Arc::clone(name), why);
        graph.gaps.push(Gap { name: Arc::clone(name), unknown, span: *span, given: None });
    }
    graph.gaps.extend(unseen(&parsed.tree, root));
    if let Some(section) = parsed.tree.get(root, "Conditions") {
        let section = Section::read(&evaluator, section);
        graph.gaps.extend(section.gaps);
        let named = section.members.into_iter().map(|it| (Arc::clone(&it.name), it));
        evaluator.conditions = named.collect();
    }
    if let Some(section) = parsed.tree.get(root, "Resources") {
        let mut section = Section::read(&evaluator, section);
        graph.gaps.append(&mut section.gaps);
        evaluator.resources = declare(&evaluator, section, &mut graph.problems);
        let names = evaluator.resources.iter().enumerate();
        evaluator.index =
            names.map(|(at, declared)| (Arc::clone(&declared.member.name), at)).collect();
    }
    for at in 0..evaluator.resources.len() {
        add(&evaluator, at, &mut graph);
    }
    exports(&evaluator, root, &mut graph);
    parameters(&mut graph);
    let wanted = evaluator.wanted.take().into_iter();
    graph.wants = wanted
        .map(|name| {
            let asked = (format!("Fn::ImportValue {name}").into(), "".into());
            Want { name: format!("export {name}").into(), region: Value::Null, asked }
        })
        .collect();
    graph
}

/// What stands at the top of a template and brings in resources that are not here: an included
/// snippet, and the modules of packaging tools.
fn unseen(tree: &Tree, root: NodeId) -> Vec<Gap> {
    let gap = |name: Arc<str>, span, why: Why| Gap {
        unknown: Unknown::new(Arc::clone(&name), why),
        name,
        span,
        given: None,
    };
    let include = tree.entry(root, "Fn::Transform").map(|entry| {
        let why = Why::NotEvaluated(Arc::clone(&entry.key));
        gap(Arc::clone(&entry.key), entry.key_span, why)
    });
    let modules = tree.get(root, "Modules").map_or(&[][..], |modules| tree.entries(modules));
    let modules = modules
        .iter()
        .map(|entry| gap(Arc::clone(&entry.key), entry.key_span, Why::UnresolvedModule));
    include.into_iter().chain(modules).collect()
}

/// Adds one resource, or the gap where others may be behind it.
fn add(evaluator: &Evaluator<'_>, at: usize, graph: &mut Graph) {
    let declared = &evaluator.resources[at];
    let (id, open) = match &declared.presence {
        Presence::LeftOut => return,
        Presence::Opaque => {
            let gap = opaque(evaluator, declared);
            graph.gaps.push(gap);
            return;
        }
        Presence::Resource(id, open) => (*id, open),
    };
    let body = body(evaluator, at, id, &mut graph.gaps);
    graph.resources.push(Resource {
        address: Arc::clone(&declared.member.name),
        mode: Mode::Managed,
        kind: Arc::clone(&declared.kind),
        body,
        span: declared.member.span,
        exists: open.as_ref().map_or(Ok(()), |symbol| Err(symbol.unknown())),
        region: Value::Unknown(Symbol::input("AWS::Region", Why::NoValue)),
        account: "".into(),
        calls: Vec::new(),
    });
}

/// The properties of a resource. What a macro or an open loop may add to them is a gap of its own.
fn body(
    evaluator: &Evaluator<'_>,
    at: usize,
    id: ResourceId,
    gaps: &mut Vec<Gap>,
) -> BTreeMap<Arc<str>, Node> {
    let declared = &evaluator.resources[at];
    let tree = evaluator.tree();
    let Some(properties) = declared.properties else { return BTreeMap::new() };
    let entries = tree.entries(properties);
    let computed = |entry: &Entry| entry.key.starts_with("Fn::");
    let scope = &declared.member.scope;
    if entries.iter().any(computed) {
        let (body, rest) = match evaluator.value(properties, scope) {
            Value::Map(map) => (map.entries.clone(), map.rest.clone()),
            Value::Unknown(symbol) => (BTreeMap::new(), Some(symbol)),
            _ => (BTreeMap::new(), None),
        };
        gaps.extend(rest.map(|symbol| Gap {
            name: Arc::clone(&declared.member.name),
            unknown: symbol.unknown(),
            span: tree.span(properties),
            given: Some(vec![Symbol::attribute(
                id,
                Arc::clone(&declared.member.name),
                false,
                "id",
            )]),
        }));
        return body;
    }
    let mut body = BTreeMap::new();
    for entry in entries {
        let key = evaluator.expand(&entry.key, scope);
        match evaluator.property(at, &entry.key, entry.value) {
            Value::Null => body.remove(&key),
            value => body.insert(key, Node::new(value, tree.span(entry.value))),
        };
    }
    body
}

/// A nested stack or a module: it can touch what its parameters name.
fn opaque(evaluator: &Evaluator<'_>, declared: &Declared) -> Gap {
    let name = &declared.member.name;
    let scope = &declared.member.scope;
    let mut given = BTreeSet::new();
    if let Some(properties) = declared.properties {
        evaluator.value(properties, scope).symbols(&mut |symbol| {
            given.insert(symbol.clone());
        });
    }
    Gap {
        name: Arc::clone(name),
        unknown: Unknown::new(Arc::clone(name), Why::UnresolvedModule),
        span: declared.member.span,
        given: Some(given.into_iter().collect()),
    }
}

/// The values of the outputs.
fn exports(evaluator: &Evaluator<'_>, root: NodeId, graph: &mut Graph) {
    let tree = evaluator.tree();
    let Some(section) = tree.get(root, "Outputs") else { return };
    for member in Section::read(evaluator, section).members {
        let scope: &Scope = &member.scope;
        let exists = tree
            .get(member.node, "Condition")
            .map(|condition| evaluator.named_condition(condition, scope));
        if exists == Some(Value::Bool(false)) {
            continue;
        }
        if let Some(value) = tree.get(member.node, "Value") {
            let node = evaluator.node(value, scope);
            let export = tree.get(member.node, "Export").and_then(|it| tree.get(it, "Name"));
            let name = export.map(|name| evaluator.value(name, scope));
            if let (Some(Value::String(name)), Some(Value::Bool(true)) | None) = (name, &exists) {
                let (name, value) = (format!("export {name}").into(), node.value.clone());
                graph.offers.push(Offer { name, region: Value::Null, value });
            }
            if node.value != Value::Null {
                graph.exports.push(node);
            }
        }
    }
}

/// Parameters of Systems Manager that the template makes under an exact name.
fn parameters(graph: &mut Graph) {
    for resource in &graph.resources {
        let of = |name: &str| resource.body.get(name).map(|node| &node.value);
        if &*resource.kind == "AWS::SSM::Parameter"
            && resource.exists.is_ok()
            && let (Some(Value::String(name)), Some(value)) = (of("Name"), of("Value"))
        {
            let (name, value) = (format!("parameter {name}").into(), value.clone());
            graph.offers.push(Offer { name, region: Value::Null, value });
        }
    }
}
