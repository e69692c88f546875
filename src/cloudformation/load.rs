//! One evaluated template as a graph.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

use super::Template;
use super::deployment::{Deployment, is_region};
use super::evaluate::{Evaluator, Position, Shared};
use super::inputs::Inputs;
use super::parameters::Passed;
use super::references::needs_left_out;
use super::scope::Scope;
use super::stacks::Stacks;
use super::standins;
use super::syntax::{Entry, NodeId, Tree};
use super::template::{Declared, Presence, Section, declare};
use crate::graph::{
    Entries, Gap, Graph, Known, Language, Look, Mode, Node, Offer, Resource, Value,
};
use crate::source::Span;
use crate::unknown::{ResourceId, Symbol, Unknown, Why};

/// The graph of a template and of the stacks that it nests, with what is known of their imports.
pub(super) fn graph(
    template: &Template,
    stacks: Option<&Stacks>,
    (inputs, deployment): (&Inputs, &Arc<Deployment>),
    (known, look): (&Known, Look<'_>),
) -> Graph {
    let (parsed, source) = (&template.parsed, &template.source);
    let mut graph = Graph::new(source.path.clone(), Language::CloudFormation);
    let shared = Shared::new(stacks, known, look);
    let deployment = Arc::clone(deployment);
    let place = Position { prefix: "", nesting: 0, deployment };
    let Some(root) = prepare(template, &shared, place, Passed::Operator(inputs)) else {
        graph.problems.clone_from(&parsed.problems);
        let place = Span::new(template.file, 0..0);
        graph.gaps.push(Gap {
            name: source.path.as_str().into(),
            unknown: Unknown::new(source.path.as_str(), Why::Unparsable),
            span: parsed.problems.last().map_or(place, |problem| problem.span),
            given: None,
        });
        return graph;
    };
    let mut builder = Builder { graph, resources: BTreeMap::new(), refused: false };
    builder.stack(&root, &Place { calls: Vec::new(), exists: Ok(()) });
    let Builder { mut graph, resources, refused } = builder;
    graph.resources = resources.into_values().collect();
    if root.deployment.region.is_none() {
        choose_region(&graph, &shared);
    }
    graph.guards = shared.compared.take().guards(shared.steps());
    let existing = graph.resources.iter().filter(|resource| resource.exists.is_ok());
    let mut nodes = existing.flat_map(|resource| resource.body.values());
    graph.guards.refused = refused || nodes.any(|node| needs_left_out(&node.value));
    parameters(&mut graph);
    graph.wants = shared.wanted.take().into_values().collect();
    graph
}

/// A stack with its conditions, resources and outputs declared. `None` where its file has no document.
pub(super) fn prepare<'a>(
    template: &'a Template,
    shared: &Rc<Shared<'a>>,
    place: Position<'_>,
    passed: Passed<'_>,
) -> Option<Evaluator<'a>> {
    let parsed = &template.parsed;
    let root = parsed.root?;
    let mut evaluator = Evaluator::new(template, root, shared, place, passed);
    let mut gaps = Vec::new();
    let mut problems = parsed.problems.clone();
    for (name, span) in &evaluator.transforms.unknown {
        let why = Why::NotEvaluated(format!("the macro {name}").into());
        let unknown = Unknown::new(Arc::clone(name), why);
        gaps.push(Gap { name: Arc::clone(name), unknown, span: *span, given: None });
    }
    gaps.extend(unseen(&parsed.tree, root));
    if let Some(section) = parsed.tree.get(root, "Conditions") {
        let section = Section::read(&evaluator, section);
        gaps.extend(section.gaps);
        let named = section.members.into_iter().map(|it| (Arc::clone(&it.name), it));
        evaluator.conditions = named.collect();
    }
    if let Some(section) = parsed.tree.get(root, "Resources") {
        let mut section = Section::read(&evaluator, section);
        gaps.append(&mut section.gaps);
        evaluator.resources = declare(&evaluator, section, &mut problems);
        let names = evaluator.resources.iter().enumerate();
        evaluator.index =
            names.map(|(at, declared)| (Arc::clone(&declared.member.name), at)).collect();
    }
    if let Some(section) = parsed.tree.get(root, "Outputs") {
        let members = Section::read(&evaluator, section).members;
        let named = members.into_iter().map(|it| (Arc::clone(&it.name), it));
        evaluator.outputs = named.collect();
    }
    (evaluator.gaps, evaluator.problems) = (gaps, problems);
    Some(evaluator)
}

/// An open Region may be each of those that names in the template are of: `eu-west-1.eks.amazonaws.com`.
fn choose_region(graph: &Graph, shared: &Shared<'_>) {
    let mut regions = BTreeSet::new();
    for node in graph.resources.iter().flat_map(|resource| resource.body.values()) {
        node.value.texts(&mut |text| {
            let labels = text.contains('.').then(|| text.split('.')).into_iter().flatten();
            regions.extend(labels.filter(|label| is_region(label)).map(Arc::from));
        });
    }
    let symbol = Symbol::input("AWS::Region", Why::NoValue);
    for region in &regions {
        shared.compared.borrow_mut().equals(shared.look.case, &symbol, region);
    }
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

/// Where a stack is nested.
struct Place {
    /// The resources that nest it, outermost first.
    calls: Vec<Span>,
    /// Whether all of them exist.
    exists: Result<(), Unknown>,
}

/// A graph in the making; the resources of nested stacks come in any order.
struct Builder {
    graph: Graph,
    resources: BTreeMap<ResourceId, Resource>,
    /// Whether a stack that exists asserts what is not so.
    refused: bool,
}

impl Builder {
    fn stack(&mut self, evaluator: &Evaluator<'_>, place: &Place) {
        self.graph.problems.extend(evaluator.problems.iter().cloned());
        self.graph.gaps.extend(evaluator.gaps.iter().cloned());
        let region = evaluator.deployment.pseudo("AWS::Region");
        let region = region.unwrap_or_else(|| evaluator.pseudo("AWS::Region"));
        for at in 0..evaluator.resources.len() {
            self.resource(evaluator, at, (place, &region));
        }
        self.refused |= place.exists.is_ok() && evaluator.is_refused();
        exports(evaluator, place, &mut self.graph);
        evaluator.tell_conditions();
    }

    /// Adds one resource, the stack behind it, or the gap where others may be behind it.
    fn resource(
        &mut self,
        evaluator: &Evaluator<'_>,
        at: usize,
        (place, region): (&Place, &Value),
    ) {
        let declared = &evaluator.resources[at];
        match &declared.presence {
            Presence::LeftOut => {}
            Presence::Opaque(open) => match evaluator.below(at) {
                Ok(stacks) => {
                    let calls = place.calls.iter().copied().chain([declared.member.span]);
                    let exists = both(&place.exists, open.as_ref());
                    let place = Place { calls: calls.collect(), exists };
                    for stack in &stacks {
                        self.stack(stack, &place);
                    }
                }
                Err(why) => self.graph.gaps.push(opaque(evaluator, declared, why)),
            },
            Presence::Resource(id, open) => {
                let resource = if evaluator.shared.look.unnoticed.contains(&declared.address) {
                    bare(declared)
                } else {
                    let body = body(evaluator, at, *id, &mut self.graph.gaps);
                    Resource {
                        kind: Arc::clone(&declared.kind),
                        body: standins::properties(&declared.written, body),
                        exists: both(&place.exists, open.as_ref()),
                        region: region.clone(),
                        account: evaluator.deployment.account.clone().unwrap_or_default(),
                        calls: place.calls.clone(),
                        construct: evaluator.construct(at).cloned(),
                        ..bare(declared)
                    }
                };
                self.resources.insert(*id, resource);
            }
        }
    }
}

/// A resource of which only the address is told.
fn bare(declared: &Declared) -> Resource {
    Resource {
        address: Arc::clone(&declared.address),
        mode: Mode::Managed,
        kind: Arc::default(),
        body: Entries::new(),
        span: declared.member.span,
        exists: Ok(()),
        region: Value::Null,
        account: Arc::default(),
        calls: Vec::new(),
        construct: None,
    }
}

/// Whether both what nests a resource and the resource itself exist.
fn both(outer: &Result<(), Unknown>, open: Option<&Symbol>) -> Result<(), Unknown> {
    match (outer, open.map(Symbol::unknown)) {
        (Ok(()), None) => Ok(()),
        (Err(unknown), None) => Err(unknown.clone()),
        (Ok(()), Some(own)) => Err(own),
        (Err(unknown), Some(own)) => Err(unknown.clone().and(own)),
    }
}

/// The properties of a resource. What a macro or an open loop may add to them is a gap of its own.
fn body(evaluator: &Evaluator<'_>, at: usize, id: ResourceId, gaps: &mut Vec<Gap>) -> Entries {
    let declared = &evaluator.resources[at];
    let tree = evaluator.tree();
    let Some(properties) = declared.properties else { return Entries::new() };
    let entries = tree.entries(properties);
    let computed = |entry: &Entry| entry.key.starts_with("Fn::");
    let scope = &declared.member.scope;
    if entries.iter().any(computed) {
        let (body, rest) = match evaluator.value(properties, scope) {
            Value::Map(map) => (map.entries.clone(), map.rest.clone()),
            Value::Unknown(symbol) => (Entries::new(), Some(symbol)),
            _ => (Entries::new(), None),
        };
        gaps.extend(rest.map(|symbol| Gap {
            name: Arc::clone(&declared.address),
            unknown: symbol.unknown(),
            span: tree.span(properties),
            given: Some(vec![Symbol::attribute(id, Arc::clone(&declared.address), false, "id")]),
        }));
        return body;
    }
    let mut body = BTreeMap::new();
    for entry in entries {
        let key = evaluator.expand(&entry.key, scope);
        match evaluator.property(at, &entry.key, entry.value) {
            Value::Null => body.remove(&key),
            value => {
                let span = evaluator.written_at(entry.value, &value, scope);
                body.insert(key, Node::new(value, span))
            }
        };
    }
    body.into_iter().collect()
}

/// A nested stack or a module that is not at hand: it can touch what its parameters name.
fn opaque(evaluator: &Evaluator<'_>, declared: &Declared, why: Why) -> Gap {
    let scope = &declared.member.scope;
    let mut given = BTreeSet::new();
    if let Some(properties) = declared.properties {
        evaluator.value(properties, scope).symbols(&mut |symbol| {
            given.insert(symbol.clone());
        });
    }
    Gap {
        name: Arc::clone(&declared.address),
        unknown: Unknown::new(Arc::clone(&declared.address), why),
        span: declared.member.span,
        given: Some(given.into_iter().collect()),
    }
}

/// The values of the outputs; those of a nested stack leave the root only where they are exported.
fn exports(evaluator: &Evaluator<'_>, place: &Place, graph: &mut Graph) {
    let tree = evaluator.tree();
    let mut members: Vec<_> = evaluator.outputs.values().collect();
    members.sort_by_key(|member| (member.span, &member.name));
    for member in members {
        let scope: &Scope = &member.scope;
        let exported = evaluator.nesting == 0 || tree.get(member.node, "Export").is_some();
        let exists = tree
            .get(member.node, "Condition")
            .map(|condition| evaluator.named_condition(condition, scope));
        if !exported || exists == Some(Value::Bool(false)) {
            continue;
        }
        if let Some(value) = tree.get(member.node, "Value") {
            let node = evaluator.node(value, scope);
            let region = evaluator.deployment.region();
            let account = evaluator.deployment.account.clone().unwrap_or_default();
            if let (0, Some(stack), true) =
                (evaluator.nesting, &evaluator.deployment.name, place.exists.is_ok())
            {
                let name = format!("output {stack}.{}", member.name).into();
                let (region, account) = (region.clone(), Arc::clone(&account));
                graph.offers.push(Offer { name, region, account, value: node.value.clone() });
            }
            let export = tree.get(member.node, "Export").and_then(|it| tree.get(it, "Name"));
            let name = export.map(|name| evaluator.value(name, scope));
            if let (Some(Value::String(name)), Some(Value::Bool(true)) | None) = (name, &exists)
                && place.exists.is_ok()
            {
                let (name, value) = (format!("export {name}").into(), node.value.clone());
                graph.offers.push(Offer { name, region, account, value });
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
            let (region, account) = (resource.region.clone(), Arc::clone(&resource.account));
            graph.offers.push(Offer { name, region, account, value });
        }
    }
}
