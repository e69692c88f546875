//! References and traversals: from a name to a value, one step at a time.

use std::path::Path;
use std::sync::Arc;

use super::evaluator::Evaluator;
use super::fault::{Eval, Fault, error};
use super::loops::literal_step;
use super::scope::Scope;
use super::syntax::{Access, Expr, Kind};
use crate::graph::{ListKind, Mode, Node, Number, Value};
use crate::source::Span;
use crate::unknown::{Form, Operand, Step, Symbol, Why};

/// A whole number that can be an index.
pub(super) fn index_of(number: &Number) -> Option<u64> {
    number.to_i64()?.try_into().ok()
}

/// A name that stands alone.
pub(super) fn bare_name(name: &Arc<str>, scope: &Scope) -> Eval {
    match scope.lookup(name) {
        Some(value) => Ok(value.clone()),
        None => error(format!("{name} is no value")),
    }
}

impl Evaluator<'_> {
    pub(super) fn access(&self, base: &Expr, steps: &[Access], scope: &Scope, span: Span) -> Eval {
        let Kind::Name(name) = &base.kind else {
            let value = self.eval(base, scope)?;
            return self.steps(value, steps, scope, span);
        };
        if let Some(value) = scope.lookup(name) {
            return self.steps(value.clone(), steps, scope, span);
        }
        if scope.is_closed() {
            return error(format!("{name} is not among the variables of the template"));
        }
        let (value, used) = self.reference(name, steps, scope, span);
        self.steps(value, steps.get(used..).unwrap_or_default(), scope, span)
    }

    /// The object that a reference names, and how many steps name it.
    fn reference(
        &self,
        root: &Arc<str>,
        steps: &[Access],
        scope: &Scope,
        span: Span,
    ) -> (Value, usize) {
        let name = |at: usize| match steps.get(at) {
            Some(Access::Name(name)) => Some(name),
            _ => None,
        };
        let instance = &scope.instance;
        match (&**root, name(0), name(1)) {
            ("var", Some(name), _) => (self.variable(instance, name), 1),
            ("local", Some(name), _) => (self.local(instance, name), 1),
            ("module", Some(name), _) => (self.module_value(instance, name), 1),
            ("data", Some(kind), Some(name)) => {
                (self.family_value(instance, Mode::Data, kind, name), 2)
            }
            ("each" | "count" | "self", Some(part), _) => {
                let message = format!("{root}.{part} is not known here");
                (self.faulty(span, Fault::Error(message)), 1)
            }
            ("path" | "terraform", Some(part), _) => (self.environment(root, part, scope), 1),
            ("resource", Some(kind), Some(name)) => {
                (self.family_value(instance, Mode::Managed, kind, name), 2)
            }
            ("ephemeral", Some(kind), Some(name)) => {
                let name = format!("{}ephemeral.{kind}.{name}", instance.prefix);
                (Value::Unknown(Symbol::input(name, Why::ReadAtApply)), 2)
            }
            (kind, Some(name), _) if kind != "data" => {
                (self.family_value(instance, Mode::Managed, root, name), 1)
            }
            _ => (self.faulty(span, Fault::Error("not a reference".to_owned())), steps.len()),
        }
    }

    fn steps(&self, mut value: Value, steps: &[Access], scope: &Scope, span: Span) -> Eval {
        let mut at = 0;
        while let Some(step) = steps.get(at) {
            at += 1;
            match step {
                Access::Name(name) => {
                    value = self.step(&value, &Step::Name(Arc::clone(name)), span)?;
                }
                Access::Index(expr) => value = self.index(&value, expr, scope, span)?,
                Access::FullSplat => {
                    let inner = steps.get(at..).unwrap_or_default();
                    return self.splat_steps(&value, inner, scope, span);
                }
                Access::AttributeSplat => {
                    let rest = steps.get(at..).unwrap_or_default();
                    let names = rest.iter().take_while(|s| matches!(s, Access::Name(_))).count();
                    value = self.splat_steps(&value, &rest[..names], scope, span)?;
                    at += names;
                    if let Some(Access::AttributeSplat) = steps.get(at) {
                        return error("a splat within an attribute-only splat");
                    }
                }
            }
        }
        Ok(value)
    }

    fn splat_steps(&self, value: &Value, inner: &[Access], scope: &Scope, span: Span) -> Eval {
        let path: Option<Vec<Step>> = inner
            .iter()
            .map(|step| match step {
                Access::Name(name) => Some(Step::Name(Arc::clone(name))),
                Access::Index(expr) => literal_step(expr),
                _ => None,
            })
            .collect();
        let mut each = |element: &Value| self.steps(element.clone(), inner, scope, span);
        self.splat(value, span, &mut each, path.as_deref())
    }

    fn index(&self, value: &Value, expr: &Expr, scope: &Scope, span: Span) -> Eval {
        let key = self.eval(expr, scope)?;
        self.index_value(value, &key, span)
    }

    /// `value[key]`.
    pub(super) fn index_value(&self, value: &Value, key: &Value, span: Span) -> Eval {
        match key {
            Value::String(name) => self.step(value, &Step::Name(Arc::clone(name)), span),
            Value::Number(number) => match (index_of(number), value) {
                (_, Value::Map(_)) => {
                    self.step(value, &Step::Name(number.to_string().into()), span)
                }
                (Some(index), _) => self.step(value, &Step::Index(index), span),
                (None, _) => error(format!("no index {number}")),
            },
            Value::Unknown(symbol) => Ok(self.index_symbol(value, symbol, span)),
            _ => error("an index must be a string or a number"),
        }
    }

    fn index_symbol(&self, value: &Value, key: &Symbol, span: Span) -> Value {
        if let Some(found) = self.member_by_symbol(value, key) {
            return found;
        }
        // A list of one element has only one.
        let whole = match value {
            Value::List { items, rest: Some(symbol) } if items.is_empty() => symbol.clone(),
            Value::Map(map) if map.entries.is_empty() => match &map.rest {
                Some(symbol) => symbol.clone(),
                None => {
                    return self.call_value(
                        "[]",
                        &[value.clone(), Value::Unknown(key.clone())],
                        span,
                    );
                }
            },
            _ => return self.call_value("[]", &[value.clone(), Value::Unknown(key.clone())], span),
        };
        let operands = vec![Operand::Symbol(whole), Operand::Symbol(key.clone())];
        Value::Unknown(self.call("[]", operands, span))
    }

    /// One known step into a value.
    pub(super) fn step(&self, value: &Value, step: &Step, span: Span) -> Eval {
        match (value, step) {
            (Value::Unknown(symbol), _) => self.symbol_step(symbol, step, span),
            (Value::List { items, .. }, _) if items.kind == ListKind::Set => {
                error("the elements of a set have no indexes")
            }
            (Value::List { items, rest }, Step::Index(index)) => {
                self.list_step(items, rest.as_ref(), *index, step, span)
            }
            (Value::List { items, rest }, Step::Name(name)) => match name.parse::<u64>() {
                Ok(index) => self.list_step(items, rest.as_ref(), index, &Step::Index(index), span),
                Err(_) => error(format!("a list has no attribute {name:?}")),
            },
            (Value::Map(map), Step::Name(name)) => match (map.entries.get(name), &map.rest) {
                (Some(node), _) => Ok(node.value.clone()),
                (None, Some(rest)) => self.symbol_step(rest, step, span),
                (None, None) => error(format!("there is no element {name:?}")),
            },
            (Value::Map(_), Step::Index(index)) => {
                self.step(value, &Step::Name(index.to_string().into()), span)
            }
            (Value::Null, _) => error("null has no elements"),
            _ => error("this value has no elements"),
        }
    }

    fn list_step(
        &self,
        items: &[Node],
        rest: Option<&Symbol>,
        index: u64,
        step: &Step,
        span: Span,
    ) -> Eval {
        if let Some(rest) = rest
            && let Form::Call { function, operands } = rest.form()
            && &**function == "unordered"
            && let [Operand::Symbol(all)] = operands.as_ref()
        {
            return Ok(Value::Unknown(self.part(all, step.clone(), span)));
        }
        match (usize::try_from(index).ok().and_then(|at| items.get(at)), rest) {
            (Some(node), _) => Ok(node.value.clone()),
            (None, Some(rest)) => self.symbol_step(rest, step, span),
            (None, None) => error(format!("there is no element {index}")),
        }
    }

    fn symbol_step(&self, symbol: &Symbol, step: &Step, span: Span) -> Eval {
        let object = self.objects.borrow().get(symbol).copied();
        if let Some(instance) = object {
            return match step {
                Step::Name(name) => Ok(self.output(instance, name)),
                Step::Index(_) => error("a module without count has no elements"),
            };
        }
        if self.is_family(symbol) {
            let member = self.member_by_step(symbol, step);
            return Ok(
                member.unwrap_or_else(|| Value::Unknown(self.part(symbol, step.clone(), span)))
            );
        }
        match symbol.form() {
            Form::Attribute { resource, name, address, data } if name.is_empty() => {
                return match step {
                    Step::Name(name) if self.is_foreign(*resource) => Ok(Value::Unknown(
                        Symbol::attribute(*resource, Arc::clone(address), *data, Arc::clone(name)),
                    )),
                    Step::Name(name) => Ok(self.attribute(*resource, name)),
                    Step::Index(_) => error("a resource without count has no elements"),
                };
            }
            // `x[*].id[0]` is `x[0].id`.
            Form::Call { function, operands } if &**function == "[*]" => {
                if let (Step::Index(_), [Operand::Symbol(of), path @ ..]) =
                    (step, operands.as_ref())
                {
                    return self.splat_step(of, path, step, span);
                }
            }
            _ => {}
        }
        Ok(Value::Unknown(self.part(symbol, step.clone(), span)))
    }

    fn splat_step(&self, of: &Symbol, path: &[Operand], step: &Step, span: Span) -> Eval {
        let mut value = self.symbol_step(of, step, span)?;
        for operand in path {
            let step = match operand {
                Operand::Text(name) => Step::Name(Arc::clone(name)),
                Operand::Literal(index) => Step::Index(index.parse().unwrap_or(0)),
                _ => return Ok(Value::Unknown(self.fresh(span))),
            };
            value = self.step(&value, &step, span)?;
        }
        Ok(value)
    }

    /// `path.module`, `terraform.workspace`.
    fn environment(&self, root: &str, part: &str, scope: &Scope) -> Value {
        match (root, part) {
            // Code that asks for it has several.
            ("terraform", "workspace") => {
                let open = || Value::Unknown(Symbol::input(SELECTED, Why::NoValue));
                return self.selected.clone().map_or_else(open, Value::String);
            }
            ("path", "root") => return Value::string("."),
            ("path", "module") => {
                let folder = scope.instance.module.as_ref().map(|module| &module.folder);
                if let Some(path) = folder.and_then(|folder| relative(&self.root, folder)) {
                    return Value::string(path);
                }
            }
            _ => {}
        }
        let why = Why::NotEvaluated(format!("{root}.{part}").into());
        let prefix = if part == "module" { &*scope.instance.prefix } else { "" };
        Value::Unknown(Symbol::input(format!("{prefix}{root}.{part}"), why))
    }
}

/// The name of the workspace that Terraform runs in.
pub(super) const SELECTED: &str = "terraform.workspace";

/// The way from one folder to another.
fn relative(from: &Path, to: &Path) -> Option<String> {
    let mut up = String::new();
    let mut base = Some(from);
    while let Some(folder) = base {
        if let Ok(rest) = to.strip_prefix(folder) {
            return Some(super::functions::clean(&format!("{up}{}", rest.to_str()?)));
        }
        up.push_str("../");
        base = folder.parent();
    }
    None
}
