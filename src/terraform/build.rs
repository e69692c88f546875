//! One root's graph: every instance with its body, gaps, problems and outputs.

use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

use super::evaluator::Evaluator;
use super::module::Module;
use super::providers::Places;
use super::resources::declaration;
use super::scope::{Instance, ResourceInstance};
use super::syntax::Origin;
use crate::graph::{Gap, Graph, Language, Mode, Node, Problem, Resource};
use crate::unknown::{Unknown, Why};

/// A root with more resources than this is not followed into further modules.
pub(super) const MAX_RESOURCES: usize = 100_000;

impl Evaluator<'_> {
    /// Evaluates everything that the root declares.
    pub(super) fn graph(&self) -> Graph {
        let root = self.root_instance();
        self.walk(&root);
        let mut graph = Graph::new(self.workspace.display(&self.root), Language::Terraform);
        let mut places = Places::new();
        let mut at = 0;
        // Evaluation may still expand a block that nothing reached before.
        while let Some(resource) = self.resource_at(at) {
            at += 1;
            graph.resources.extend(self.resource(&resource, &mut places));
        }
        graph.exports = self.exports(&root);
        self.share(&root, &mut graph);
        self.unresolved();
        self.faults();
        graph.problems = self.problems.take();
        graph.gaps = self.gaps.take();
        graph
    }

    fn resource_at(&self, at: usize) -> Option<Rc<ResourceInstance>> {
        self.resources.borrow().get(at).cloned()
    }

    fn walk(&self, instance: &Rc<Instance>) {
        let Some(module) = &instance.module else { return };
        if self.resources.borrow().len() > MAX_RESOURCES {
            let name: Arc<str> = instance.prefix.trim_end_matches('.').into();
            let span = instance.calls.last().copied().unwrap_or_else(|| self.nowhere());
            let unknown = Unknown::new(Arc::clone(&name), Why::Budget);
            self.gaps.borrow_mut().push(Gap { name, unknown, span, given: None });
            return;
        }
        for index in 0..module.resources.len() {
            // A block that depends on itself has been reported, and has no instances.
            let _ = self.family(instance, index);
        }
        for index in 0..module.calls.len() {
            let Ok(family) = self.call_family(instance, index) else { continue };
            for (_, id) in &family.members {
                let member = Rc::clone(&self.instances.borrow()[*id]);
                self.walk(&member);
            }
        }
    }

    fn resource(&self, resource: &ResourceInstance, places: &mut Places) -> Option<Resource> {
        let (declaration, block) = declaration(resource)?;
        let instance = &resource.scope.instance;
        let aws = declaration.kind.starts_with("aws_")
            || &*declaration.kind == super::shared::REMOTE_STATE;
        let body = if aws { self.resource_body(resource) } else { crate::graph::Entries::new() };
        let place = self.place(resource, places);
        let own = body
            .get("region")
            .map(|node| node.value.clone())
            .filter(|_| declaration.mode == Mode::Managed || &*declaration.kind != "aws_region");
        let open = match (&instance.open, &resource.open) {
            (Some(a), Some(b)) => Some(a.clone().and(b.clone())),
            (a, b) => a.clone().or_else(|| b.clone()),
        };
        Some(Resource {
            address: Arc::clone(&resource.address),
            mode: declaration.mode,
            kind: Arc::clone(&declaration.kind),
            body,
            span: block.head,
            exists: open.map_or(Ok(()), Err),
            region: own.unwrap_or(place.region),
            account: place.account,
            calls: instance.calls.clone(),
            construct: None,
        })
    }

    fn exports(&self, root: &Rc<Instance>) -> Vec<Node> {
        let Some(module) = &root.module else { return Vec::new() };
        let outputs = module.outputs.iter().filter_map(|(name, block)| {
            let expr = block.body.attribute("value")?;
            Some(Node::new(self.force(self.output(root.id, name)), expr.span))
        });
        outputs.collect()
    }

    /// What does not parse in any folder that the root uses.
    fn faults(&self) {
        let mut seen = BTreeSet::new();
        for instance in self.instances.borrow().iter() {
            let Some(module) = &instance.module else { continue };
            if seen.insert(module.folder.clone()) {
                self.module_faults(module);
            }
        }
    }

    fn module_faults(&self, module: &Module) {
        let mut problems = self.problems.borrow_mut();
        problems.extend(module.problems.iter().cloned());
        for (file, fault) in &module.faults {
            let why = match fault.of {
                Origin::Limit => Why::NotEvaluated(fault.message.as_str().into()),
                Origin::Bug => Why::Bug(fault.message.as_str().into()),
                Origin::Code => {
                    problems.push(Problem::new(fault.span, fault.message.as_str()));
                    Why::Unparsable
                }
            };
            self.gaps.borrow_mut().push(Gap {
                name: Arc::clone(file),
                unknown: Unknown::new(Arc::clone(file), why),
                span: fault.span,
                given: None,
            });
        }
    }
}
