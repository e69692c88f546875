//! What the names of a module mean: variables, locals, outputs, resources and module calls.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use super::convert::convert;
use super::evaluator::{Asked, Evaluator, OpenFamily};
use super::fault::{Eval, Fault};
use super::module::Module;
use super::resources::{declaration, mode};
use super::scope::{Family, Instance, Key, Repeat, ResourceInstance, Scope};
use super::types::Type;
use crate::graph::{Mode, Node, Value};
use crate::source::Span;
use crate::unknown::{Input, Operand, ResourceId, Step, Symbol, Unknown, Why};

impl Evaluator<'_> {
    /// `var.name`.
    pub(super) fn variable(&self, instance: &Rc<Instance>, name: &Arc<str>) -> Value {
        let title = || format!("{}var.{name}", instance.prefix);
        let Some(module) = &instance.module else {
            return undeclared(instance, title(), "variable");
        };
        let Some(block) = module.variables.get(name) else {
            return undeclared(instance, title(), "variable");
        };
        let asked = Asked::Variable(instance.id, Arc::clone(name));
        self.once(asked, block.head, title, || {
            let body = &block.body;
            let given = self.given(instance, module, name)?;
            let nullable = body.attribute("nullable").is_none_or(|expr| {
                !matches!(expr.kind, super::syntax::Kind::Literal(Value::Bool(false)))
            });
            let (value, span) = match (given, body.attribute("default")) {
                (Some((Value::Null, _)), Some(expr)) if !nullable => {
                    (self.eval(expr, &Scope::new(instance))?, expr.span)
                }
                (Some(given), _) => given,
                (None, Some(expr)) => (self.eval(expr, &Scope::new(instance))?, expr.span),
                (None, None) => {
                    let why = match &instance.caller {
                        None => Why::NoValue,
                        Some(_) => Why::Invalid("the module call does not set it".into()),
                    };
                    return Ok(Value::Unknown(Symbol::input(title(), why)));
                }
            };
            match body.attribute("type") {
                Some(expr) => self.converted(&value, &Type::read(expr), span, instance),
                None => Ok(value),
            }
        })
    }

    /// Converts to a type constraint; a value that does not fit stays as it is.
    fn converted(&self, value: &Value, kind: &Type, span: Span, instance: &Rc<Instance>) -> Eval {
        let value =
            if matches!(kind, Type::Any) { value.clone() } else { self.force(value.clone()) };
        let mut default = |expr: &super::syntax::Expr| self.eval(expr, &Scope::new(instance));
        match convert(&value, kind, span, &mut default) {
            Ok(converted) => self.budget.fits(converted),
            Err(Fault::Budget) => Err(Fault::Budget),
            Err(Fault::Error(_)) => Ok(value),
        }
    }

    /// The value that a call, or for the root the user, gives.
    fn given(
        &self,
        instance: &Instance,
        module: &Module,
        name: &str,
    ) -> Eval<Option<(Value, Span)>> {
        let Some(caller) = &instance.caller else {
            let root = Rc::clone(&self.instances.borrow()[0]);
            return self.root_value(module, &Scope::new(&root), name);
        };
        match caller.block.body.attribute(name) {
            Some(expr) => Ok(Some((self.eval(expr, &caller.scope)?, expr.span))),
            None => Ok(None),
        }
    }

    /// `local.name`.
    pub(super) fn local(&self, instance: &Rc<Instance>, name: &Arc<str>) -> Value {
        let title = || format!("{}local.{name}", instance.prefix);
        let expr = instance.module.as_ref().and_then(|module| module.locals.get(name));
        let Some(expr) = expr else { return undeclared(instance, title(), "local value") };
        let asked = Asked::Local(instance.id, Arc::clone(name));
        self.once(asked, expr.span, title, || self.eval(expr, &Scope::new(instance)))
    }

    /// An output of a module instance.
    pub(super) fn output(&self, id: usize, name: &Arc<str>) -> Value {
        let instance = Rc::clone(&self.instances.borrow()[id]);
        let title = || format!("{}{name}", instance.prefix);
        let Some(module) = &instance.module else {
            return Value::Unknown(Symbol::input(title(), Why::UnresolvedModule));
        };
        let expr = module.outputs.get(name).map(|block| (block, block.body.attribute("value")));
        let Some((block, Some(expr))) = expr else {
            if module.beyond.is_some() {
                return Value::Unknown(beyond(title()));
            }
            return undeclared(&instance, title(), "output");
        };
        let asked = Asked::Output(id, Arc::clone(name));
        self.once(asked, block.head, title, || self.eval(expr, &Scope::new(&instance)))
    }

    /// A resource, all of its instances.
    pub(super) fn family_value(
        &self,
        instance: &Rc<Instance>,
        mode: Mode,
        kind: &Arc<str>,
        name: &Arc<str>,
    ) -> Value {
        let index = instance.module.as_ref().and_then(|module| module.resource(mode, kind, name));
        let Some(index) = index else {
            let (data, what) = match mode {
                Mode::Data => ("data.", "data source"),
                Mode::Managed => ("", "resource"),
            };
            let name = format!("{}{data}{kind}.{name}", instance.prefix);
            return undeclared(instance, name, what);
        };
        match self.family(instance, index) {
            Ok(family) => self.members_value(&family, false),
            Err(value) => value,
        }
    }

    /// Expands a resource block, once. `Err` holds an open value when it depends on itself.
    pub(super) fn family(
        &self,
        instance: &Rc<Instance>,
        index: usize,
    ) -> Result<Rc<Family>, Value> {
        let key = (instance.id, index);
        if let Some(family) = self.families.borrow().get(&key) {
            return Ok(Rc::clone(family));
        }
        let Some(module) = &instance.module else { return Err(Value::Null) };
        let declaration = &module.resources[index];
        let data = if declaration.mode == Mode::Data { "data." } else { "" };
        let address: Arc<str> =
            format!("{}{data}{}.{}", instance.prefix, declaration.kind, declaration.name).into();
        let asked = Asked::Resource(instance.id, index);
        let outcome = self.once(
            asked,
            declaration.block.head,
            || address.to_string(),
            || {
                let scope = Scope::new(instance);
                let (repeat, slots) = self.slots(&declaration.block, &scope, &address);
                let mut members = Vec::new();
                for slot in slots {
                    let mut resources = self.resources.borrow_mut();
                    let id = ResourceId(u32::try_from(resources.len()).unwrap_or(u32::MAX));
                    let bound = slot.binding.as_ref();
                    resources.push(Rc::new(ResourceInstance {
                        id,
                        scope: bound
                            .map_or_else(|| scope.clone(), |(n, v)| scope.with(n, v.clone())),
                        declaration: index,
                        address: format!("{address}{}", slot.suffix()).into(),
                        open: slot.open,
                    }));
                    members.push((slot.key, id.0 as usize));
                }
                let family = Rc::new(Family { repeat, members, address: Arc::clone(&address) });
                self.families.borrow_mut().insert(key, family);
                Ok(Value::Null)
            },
        );
        self.families.borrow().get(&key).cloned().ok_or(outcome)
    }

    /// `module.name`, all of its instances.
    pub(super) fn module_value(&self, instance: &Rc<Instance>, name: &Arc<str>) -> Value {
        let index = instance.module.as_ref().and_then(|module| module.call(name));
        let Some(index) = index else {
            return undeclared(instance, format!("{}module.{name}", instance.prefix), "module");
        };
        match self.call_family(instance, index) {
            Ok(family) => self.members_value(&family, true),
            Err(value) => value,
        }
    }

    /// A family as a value: one thing, a list or a map.
    fn members_value(&self, family: &Rc<Family>, modules: bool) -> Value {
        if let Some(known) = self.family_values.borrow().get(&family.address) {
            return known.clone();
        }
        let value = self.all_members(family, modules);
        self.family_values.borrow_mut().insert(Arc::clone(&family.address), value.clone());
        value
    }

    fn all_members(&self, family: &Rc<Family>, modules: bool) -> Value {
        let open = family.members.iter().find(|(key, at)| {
            matches!(key, Key::Rest | Key::Symbol(_)) || self.member_is_open(*at, modules)
        });
        let rest = open.map(|(_, at)| self.family_symbol(family, *at, modules));
        // Members that may not exist are reached through the family's symbol only.
        let certain = family.members.iter().filter(|(key, at)| {
            !matches!(key, Key::Rest | Key::Symbol(_)) && !self.member_is_open(*at, modules)
        });
        let node =
            |at: usize| Node::new(self.member_value(at, modules), self.member_span(at, modules));
        match family.repeat {
            Repeat::Single => family
                .members
                .first()
                .map_or(Value::Null, |(_, at)| self.member_value(*at, modules)),
            Repeat::Count => {
                let items: Vec<Node> = certain.map(|(_, at)| node(*at)).collect();
                Value::List { items: items.into(), rest }
            }
            Repeat::ForEach => {
                let mut entries = BTreeMap::new();
                for (key, at) in certain {
                    if let Key::Name(name) = key {
                        entries.insert(Arc::clone(name), node(*at));
                    }
                }
                Value::Map(Arc::new(crate::graph::Map {
                    uniform: false,
                    entries: entries.into_iter().collect(),
                    rest,
                }))
            }
        }
    }

    fn member_is_open(&self, at: usize, modules: bool) -> bool {
        if modules {
            // An instance inherits openness from its caller; only its own counts here.
            let instances = self.instances.borrow();
            let outer = instances[at].caller.as_ref().and_then(|c| c.scope.instance.open.as_ref());
            instances[at].open.is_some() && instances[at].open.as_ref() != outer
        } else {
            self.resources.borrow()[at].open.is_some()
        }
    }

    fn member_value(&self, at: usize, modules: bool) -> Value {
        if modules {
            return Value::Unknown(self.object_symbol(at));
        }
        let resource = Rc::clone(&self.resources.borrow()[at]);
        let data = mode(&resource) == Mode::Data;
        Value::Unknown(Symbol::attribute(resource.id, Arc::clone(&resource.address), data, ""))
    }

    fn member_span(&self, at: usize, modules: bool) -> Span {
        if modules {
            return self.instances.borrow()[at]
                .calls
                .last()
                .copied()
                .unwrap_or_else(|| self.nowhere());
        }
        let resource = Rc::clone(&self.resources.borrow()[at]);
        declaration(&resource).map_or_else(|| self.nowhere(), |(_, block)| block.head)
    }

    /// The symbol of a whole module instance.
    fn object_symbol(&self, at: usize) -> Symbol {
        let instance = Rc::clone(&self.instances.borrow()[at]);
        let name = instance.prefix.trim_end_matches('.');
        let why = if instance.module.is_some() {
            Why::NotEvaluated("a whole module as a value".into())
        } else {
            Why::UnresolvedModule
        };
        let symbol = Symbol::input(name, why);
        self.objects.borrow_mut().insert(symbol.clone(), at);
        symbol
    }

    /// The symbol of a family of which some member is open.
    fn family_symbol(&self, family: &Rc<Family>, at: usize, modules: bool) -> Symbol {
        let symbol = if modules {
            let open = self.instances.borrow()[at].open.clone();
            let inputs = open.iter().flat_map(Unknown::inputs);
            let symbol = |input: &Input| Symbol::input(Arc::clone(&input.name), input.why.clone());
            let mut operands = vec![Operand::Text(Arc::clone(&family.address))];
            operands.extend(inputs.map(|input| Operand::Symbol(symbol(input))));
            Symbol::call("module", operands)
                .unwrap_or_else(|| Symbol::input(Arc::clone(&family.address), Why::Budget))
        } else {
            let resource = Rc::clone(&self.resources.borrow()[at]);
            let data = mode(&resource) == Mode::Data;
            Symbol::attribute(resource.id, Arc::clone(&family.address), data, "")
        };
        let open = OpenFamily { family: Rc::clone(family), modules };
        self.open_families.borrow_mut().insert(symbol.clone(), open);
        symbol
    }

    pub(super) fn is_family(&self, symbol: &Symbol) -> bool {
        self.open_families.borrow().contains_key(symbol)
    }

    /// The member of an open family at a known key.
    pub(super) fn member_by_step(&self, symbol: &Symbol, step: &Step) -> Option<Value> {
        let wanted = match step {
            Step::Name(name) => Key::Name(Arc::clone(name)),
            Step::Index(index) => Key::Index(*index),
        };
        self.member(symbol, &wanted)
    }

    /// The member of an open family whose key is a symbol.
    pub(super) fn member_by_symbol(&self, value: &Value, key: &Symbol) -> Option<Value> {
        let family = match value {
            Value::Map(map) => map.rest.as_ref()?,
            Value::List { rest, .. } => rest.as_ref()?,
            _ => return None,
        };
        self.member(family, &Key::Symbol(key.clone()))
    }

    fn member(&self, symbol: &Symbol, wanted: &Key) -> Option<Value> {
        let open = self.open_families.borrow().get(symbol).cloned()?;
        let (_, at) = open.family.members.iter().find(|(key, _)| key == wanted)?;
        Some(self.member_value(*at, open.modules))
    }

    /// Whether a symbol is one whole resource instance or module instance.
    pub(super) fn is_single(&self, symbol: &Symbol) -> bool {
        if self.objects.borrow().contains_key(symbol) {
            return true;
        }
        let whole = matches!(symbol.form(),
            crate::unknown::Form::Attribute { name, .. } if name.is_empty());
        whole && !self.is_family(symbol)
    }

    /// A whole module as a map of its outputs; anything else as it is.
    pub(super) fn force(&self, value: Value) -> Value {
        let Value::Unknown(symbol) = &value else { return value };
        let Some(id) = self.objects.borrow().get(symbol).copied() else { return value };
        let instance = Rc::clone(&self.instances.borrow()[id]);
        let Some(module) = &instance.module else { return value };
        let entries = module.outputs.iter().map(|(name, block)| {
            let span = block.body.attribute("value").map_or(block.head, |expr| expr.span);
            (Arc::clone(name), Node::new(self.output(id, name), span))
        });
        let rest = module.beyond.is_some().then(|| beyond(instance.prefix.to_string()));
        let entries = entries.collect();
        Value::Map(Arc::new(crate::graph::Map { uniform: false, entries, rest }))
    }
}

/// An output that a summary does not declare: it may be anything.
fn beyond(name: String) -> Symbol {
    Symbol::input(name, Why::NotEvaluated("an output beyond the summary of its module".into()))
}

/// A name that nothing declares; where a file does not parse, it may stand there.
fn undeclared(instance: &Instance, name: String, what: &str) -> Value {
    let hidden = instance.module.as_ref().is_some_and(|module| !module.faults.is_empty());
    let why = if hidden {
        Why::Unparsable
    } else {
        Why::Invalid(format!("reference to undeclared {what} {name}").into())
    };
    Value::Unknown(Symbol::input(name, why))
}
