//! `try` and `can`: what an error means where it is expected.

use super::super::evaluator::Evaluator;
use super::super::fault::{Eval, Fault, error};
use super::super::scope::Scope;
use super::super::syntax::Expr;
use crate::graph::Value;
use crate::source::Span;
use crate::unknown::{Form, Operand, Symbol, Why};

impl Evaluator<'_> {
    pub(super) fn try_function(&self, arguments: &[Expr], scope: &Scope, span: Span) -> Eval {
        let mut open: Vec<Value> = Vec::new();
        for argument in arguments {
            match self.eval(argument, scope) {
                Err(Fault::Budget) => return Err(Fault::Budget),
                Err(Fault::Error(_)) => {}
                Ok(value) => {
                    let sure = self.cannot_fail(&value);
                    if sure && open.is_empty() {
                        return Ok(value);
                    }
                    open.push(value);
                    if sure {
                        break;
                    }
                }
            }
        }
        match open.as_slice() {
            [] => error("no expression of try gives a value"),
            [only] => Ok(only.clone()),
            _ => Ok(self.call_value("try", &open, span)),
        }
    }

    pub(super) fn can_function(&self, arguments: &[Expr], scope: &Scope, span: Span) -> Eval {
        let Some(argument) = arguments.first() else { return error("can needs an expression") };
        match self.eval(argument, scope) {
            Err(Fault::Budget) => Err(Fault::Budget),
            Err(Fault::Error(_)) => Ok(Value::Bool(false)),
            Ok(value) if self.cannot_fail(&value) => Ok(Value::Bool(true)),
            Ok(value) => Ok(self.call_value("can", &[value], span)),
        }
    }

    /// Whether a value is there whatever the open inputs are: `var.x` is, `var.x.y` may not be.
    fn cannot_fail(&self, value: &Value) -> bool {
        match value {
            Value::Unknown(symbol) => self.symbol_cannot_fail(symbol),
            _ => true,
        }
    }

    fn symbol_cannot_fail(&self, symbol: &Symbol) -> bool {
        let operand = |operand: &Operand| match operand {
            Operand::Symbol(symbol) => self.symbol_cannot_fail(symbol),
            _ => true,
        };
        match symbol.form() {
            Form::Input { why, .. } => !matches!(why, Why::Invalid(_) | Why::Unparsable),
            Form::Attribute { resource, .. } => self.is_there(*resource),
            Form::Part { of, .. } => self.computed(of),
            Form::Call { function, operands } => {
                let fallible = [
                    "regex",
                    "[]",
                    "element",
                    "index",
                    "lookup",
                    "one",
                    "slice",
                    "tonumber",
                    "tobool",
                    "jsondecode",
                    "yamldecode",
                    "cidrsubnet",
                    "cidrhost",
                ];
                !fallible.contains(&&**function) && operands.iter().all(operand)
            }
        }
    }

    /// Whether a resource certainly exists; what another root has is not known to.
    fn is_there(&self, resource: crate::unknown::ResourceId) -> bool {
        let resources = self.resources.borrow();
        resources.get(resource.0 as usize).is_some_and(|resource| resource.open.is_none())
    }

    /// A part of a managed resource's attribute is there whenever the resource is.
    fn computed(&self, symbol: &Symbol) -> bool {
        match symbol.form() {
            Form::Attribute { resource, data: false, name, .. } => {
                !name.is_empty() && self.is_there(*resource)
            }
            Form::Part { of, .. } => self.computed(of),
            _ => false,
        }
    }
}
