//! What a root's modules keep out of sight: those that are not at hand, and what summaries leave out.

use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

use super::calls::META;
use super::evaluator::Evaluator;
use super::module::Module;
use super::registry::{self, Argument, Beyond};
use super::scope::{Caller, Instance};
use super::syntax::Attribute;
use crate::graph::{Gap, Value};
use crate::unknown::{ResourceId, Symbol, Unknown, Why};

impl Evaluator<'_> {
    /// A gap for each module instance that may make more than the graph holds.
    pub(super) fn unresolved(&self) {
        let instances = self.instances.borrow().clone();
        for instance in &instances {
            let Some(caller) = &instance.caller else { continue };
            match &instance.module {
                None => self.absent(instance, caller),
                Some(module) => {
                    if let Some(beyond) = &module.beyond {
                        self.left_out(instance, caller, module, beyond);
                    }
                }
            }
        }
    }

    /// A module whose source is not at hand.
    fn absent(&self, instance: &Rc<Instance>, caller: &Caller) {
        let outer = &caller.scope.instance;
        let call = outer.module.as_ref().and_then(|m| Some(&m.calls[m.call(&caller.name)?]));
        let Some(call) = call else { return };
        let why = self.target(outer, call).err().unwrap_or(Why::Budget);
        if why == Why::UnresolvedModule && registry::is_irrelevant(&caller.block) {
            return;
        }
        let source = caller.block.body.attribute("source").map(|expr| expr.span);
        let name = name(instance);
        let gap = Gap {
            unknown: Unknown::new(Arc::clone(&name), why),
            name,
            span: source.unwrap_or(caller.block.head),
            given: Some(self.handed(caller)),
        };
        self.gaps.borrow_mut().push(gap);
    }

    /// A summary that was given an argument of which it does not hold what the module makes.
    fn left_out(&self, instance: &Rc<Instance>, caller: &Caller, module: &Module, beyond: &Beyond) {
        for argument in &caller.block.body.attributes {
            if META.contains(&&*argument.name) || module.variables.contains_key(&argument.name) {
                continue;
            }
            let value = || self.given_value(argument, caller);
            match beyond.argument(&argument.name) {
                Argument::Irrelevant => continue,
                Argument::LeftOut if is_empty(&value()) => continue,
                Argument::Unheard if value() == Value::Null => continue,
                Argument::LeftOut | Argument::Unheard => {}
            }
            let name = name(instance);
            let why = Why::NotEvaluated("an argument beyond the summary of its module".into());
            let mut given = self.handed(caller);
            given.extend(self.made(instance));
            self.gaps.borrow_mut().push(Gap {
                unknown: Unknown::new(format!("{name}.{}", argument.name), why),
                name,
                span: argument.expr.span,
                given: Some(given),
            });
        }
    }

    fn given_value(&self, argument: &Attribute, caller: &Caller) -> Value {
        match self.eval(&argument.expr, &caller.scope) {
            Ok(value) => self.force(value),
            Err(fault) => self.faulty(argument.expr.span, fault),
        }
    }

    /// What a module call hands over.
    fn handed(&self, caller: &Caller) -> Vec<Symbol> {
        let mut symbols = BTreeSet::new();
        for argument in &caller.block.body.attributes {
            if !META.contains(&&*argument.name) {
                self.given_value(argument, caller).symbols(&mut |symbol| {
                    symbols.insert(symbol.clone());
                });
            }
        }
        symbols.into_iter().collect()
    }

    /// The resources of a module instance and of those below it.
    fn made(&self, instance: &Rc<Instance>) -> Vec<Symbol> {
        let resources = self.resources.borrow();
        let inside = resources.iter().filter(|one| one.address.starts_with(&*instance.prefix));
        let id = |id: ResourceId, address: &Arc<str>| {
            Symbol::attribute(id, Arc::clone(address), false, "id")
        };
        inside.map(|one| id(one.id, &one.address)).collect()
    }
}

fn name(instance: &Instance) -> Arc<str> {
    instance.prefix.trim_end_matches('.').into()
}

/// Whether a value asks for nothing.
fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => text.is_empty(),
        Value::List { items, rest } => items.is_empty() && rest.is_none(),
        Value::Map(map) => map.entries.is_empty() && map.rest.is_none(),
        Value::Bool(true) | Value::Number(_) | Value::Unknown(_) => false,
    }
}
