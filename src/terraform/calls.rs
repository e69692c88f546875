//! Module calls: which folder they lead to, and their instances.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use super::evaluator::{Asked, Evaluator};
use super::module::{Call, Module, Source};
use super::scope::{Caller, Family, Instance, Scope};
use super::syntax::{Block, Kind};
use crate::graph::{Problem, Value};
use crate::unknown::{Unknown, Why};

/// A root has no more module instances than this.
const MAX_INSTANCES: usize = 20_000;

/// Arguments of a module call that are not variables of the module.
pub(super) const META: [&str; 7] =
    ["source", "version", "providers", "count", "for_each", "depends_on", "lifecycle"];

impl Evaluator<'_> {
    /// The root's own instance.
    pub(super) fn root_instance(&self) -> Rc<Instance> {
        let instance = Rc::new(Instance {
            id: 0,
            prefix: "".into(),
            module: Some(self.module(&self.root)),
            caller: None,
            open: None,
            calls: Vec::new(),
            providers: BTreeMap::new(),
        });
        self.instances.borrow_mut().push(Rc::clone(&instance));
        instance
    }

    /// Expands a module call, once. `Err` holds an open value when it depends on itself.
    pub(super) fn call_family(
        &self,
        instance: &Rc<Instance>,
        index: usize,
    ) -> Result<Rc<Family>, Value> {
        let key = (instance.id, index);
        if let Some(family) = self.call_families.borrow().get(&key) {
            return Ok(Rc::clone(family));
        }
        let Some(module) = &instance.module else { return Err(Value::Null) };
        let call = &module.calls[index];
        let address: Arc<str> = format!("{}module.{}", instance.prefix, call.name).into();
        let asked = Asked::Call(instance.id, index);
        let outcome = self.once(
            asked,
            call.block.head,
            || address.to_string(),
            || {
                let scope = Scope::new(instance);
                let (repeat, slots) = self.slots(&call.block, &scope, &address);
                let target = self.target(instance, call).ok();
                let mut members = Vec::new();
                for slot in slots {
                    let bound = slot.binding.as_ref();
                    let inner =
                        bound.map_or_else(|| scope.clone(), |(n, v)| scope.with(n, v.clone()));
                    let prefix = format!("{address}{}.", slot.suffix()).into();
                    let open = both(instance.open.as_ref(), slot.open);
                    let id = self.instantiate(call, target.clone(), inner, prefix, open);
                    members.push((slot.key, id));
                }
                let family = Rc::new(Family { repeat, members, address: Arc::clone(&address) });
                self.call_families.borrow_mut().insert(key, family);
                Ok(Value::Null)
            },
        );
        self.call_families.borrow().get(&key).cloned().ok_or(outcome)
    }

    fn instantiate(
        &self,
        call: &Call,
        module: Option<Arc<Module>>,
        scope: Scope,
        prefix: Arc<str>,
        open: Option<Unknown>,
    ) -> usize {
        let mut instances = self.instances.borrow_mut();
        let id = instances.len();
        let mut calls = scope.instance.calls.clone();
        calls.push(call.block.head);
        instances.push(Rc::new(Instance {
            id,
            prefix,
            module: module.filter(|_| id < MAX_INSTANCES),
            open,
            calls,
            providers: passed_providers(&call.block),
            caller: Some(Caller {
                scope,
                name: Arc::clone(&call.name),
                block: Arc::clone(&call.block),
            }),
        }));
        id
    }

    /// The module that a call leads to, or why it is not at hand.
    pub(super) fn target(&self, instance: &Rc<Instance>, call: &Call) -> Result<Arc<Module>, Why> {
        let folder = match &call.source {
            Source::Folder(folder) => folder.clone(),
            Source::Outside => {
                return Err(Why::NotEvaluated("a module source outside the workspace".into()));
            }
            Source::Missing => {
                return Err(Why::Invalid("the module's source does not exist".into()));
            }
            Source::Remote => {
                let key = installed_key(instance, &call.name);
                let folder = self.installed.get(&key).map(|folder| self.root.join(folder));
                match folder.and_then(|folder| self.workspace.resolve(&folder).ok()) {
                    Some(folder) => folder,
                    None => return self.summarised(call),
                }
            }
        };
        let mut at = Some(Rc::clone(instance));
        while let Some(outer) = at {
            if outer.module.as_ref().is_some_and(|module| module.folder == folder) {
                let message = format!("module {} calls itself", call.name);
                let problem = Problem::new(call.block.head, message);
                let mut problems = self.problems.borrow_mut();
                if !problems.iter().any(|known| known.span == problem.span) {
                    problems.push(problem);
                }
                return Err(Why::Invalid("the module calls itself".into()));
            }
            at = outer.caller.as_ref().map(|caller| Rc::clone(&caller.scope.instance));
        }
        self.within_budget()?;
        Ok(self.module(&folder))
    }

    /// The summary of a module whose source is not at hand. It calls no module of the user.
    fn summarised(&self, call: &Call) -> Result<Arc<Module>, Why> {
        let summary = self.summary(&call.block).ok_or(Why::UnresolvedModule)?;
        self.within_budget()?;
        Ok(summary)
    }

    fn within_budget(&self) -> Result<(), Why> {
        if self.instances.borrow().len() >= MAX_INSTANCES { Err(Why::Budget) } else { Ok(()) }
    }
}

fn both(a: Option<&Unknown>, b: Option<Unknown>) -> Option<Unknown> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.clone().and(b)),
        (a, b) => b.or_else(|| a.cloned()),
    }
}

/// The key of a call in `.terraform/modules/modules.json`: names joined by dots, without keys.
fn installed_key(instance: &Rc<Instance>, name: &str) -> String {
    let mut names = vec![name.to_owned()];
    let mut at = Rc::clone(instance);
    while let Some(caller) = &at.caller {
        names.push(caller.name.to_string());
        let next = Rc::clone(&caller.scope.instance);
        at = next;
    }
    names.reverse();
    names.join(".")
}

/// `providers = { aws.peer = aws.hub }`.
fn passed_providers(block: &Block) -> BTreeMap<Arc<str>, Arc<str>> {
    let Some(Kind::Object(items)) = block.body.attribute("providers").map(|expr| &expr.kind) else {
        return BTreeMap::new();
    };
    let name = |expr: &super::syntax::Expr| -> Option<Arc<str>> {
        match expr.text() {
            Some(text) => Some(Arc::clone(text)),
            None => Some(expr.path()?.join(".").into()),
        }
    };
    items.iter().filter_map(|(key, value)| Some((name(key)?, name(value)?))).collect()
}
