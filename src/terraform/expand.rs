//! `count` and `for_each`: blocks into instances.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::convert::{to_number, to_text};
use super::evaluator::Evaluator;
use super::fault::{Eval, Fault, error};
use super::scope::{Key, Repeat, Scope, Slot};
use super::syntax::{Block, Expr, Kind};
use crate::graph::{Node, Value};
use crate::source::Span;
use crate::unknown::{Form, Operand, Symbol, Unknown};

/// One block has no more instances than this.
const MAX_INSTANCES: u64 = 20_000;

impl Evaluator<'_> {
    /// The instances that a block asks for. What cannot be told becomes one open instance.
    pub(super) fn slots(&self, block: &Block, scope: &Scope, address: &str) -> (Repeat, Vec<Slot>) {
        if let Some(expr) = block.body.attribute("for_each") {
            let slots = self.for_each_slots(expr, scope, address);
            return (
                Repeat::ForEach,
                slots.unwrap_or_else(|f| self.faulty_slot(expr, address, f, each)),
            );
        }
        if let Some(expr) = block.body.attribute("count") {
            let slots = self.count_slots(expr, scope, address);
            return (
                Repeat::Count,
                slots.unwrap_or_else(|f| self.faulty_slot(expr, address, f, count)),
            );
        }
        (Repeat::Single, vec![Slot { key: Key::Only, binding: None, open: None }])
    }

    fn faulty_slot(&self, expr: &Expr, address: &str, fault: Fault, bind: Bind) -> Vec<Slot> {
        match self.faulty(expr.span, fault) {
            Value::Unknown(symbol) => vec![self.open_slot(&symbol, address, expr.span, bind)],
            _ => Vec::new(),
        }
    }

    fn is_full(&self) -> bool {
        self.resources.borrow().len() > super::build::MAX_RESOURCES
    }

    fn count_slots(&self, expr: &Expr, scope: &Scope, address: &str) -> Eval<Vec<Slot>> {
        let value = self.eval(expr, scope)?;
        if let Some(number) = to_number(&value)? {
            let Some(number) = super::access::index_of(&number) else {
                return error("count must be a whole number of zero or more");
            };
            if number > MAX_INSTANCES || self.is_full() {
                return Err(Fault::Budget);
            }
            return Ok((0..number)
                .map(|index| {
                    let value = Value::number(index);
                    Slot {
                        key: Key::Index(index),
                        binding: Some(count(Value::Null, value, expr.span)),
                        open: None,
                    }
                })
                .collect());
        }
        let Value::Unknown(symbol) = value else { return error("count must be a number") };
        if at_most_one(&symbol) {
            return Ok(vec![Slot {
                key: Key::Index(0),
                binding: Some(count(Value::Null, Value::number(0u32), expr.span)),
                open: Some(symbol.unknown()),
            }]);
        }
        Ok(vec![self.open_slot(&symbol, address, expr.span, count)])
    }

    fn for_each_slots(&self, expr: &Expr, scope: &Scope, address: &str) -> Eval<Vec<Slot>> {
        if let Some(slots) = self.conditional_slots(expr, scope, address)? {
            return Ok(slots);
        }
        let value = self.force(self.eval(expr, scope)?);
        let (mut slots, rest) = for_each_members(&value, expr.span)?;
        if slots.len() as u64 > MAX_INSTANCES || self.is_full() {
            return Err(Fault::Budget);
        }
        if let Some(rest) = rest {
            slots.push(self.open_slot(&rest, address, expr.span, each));
        }
        Ok(slots)
    }

    /// `open ? { … } : {}`: an instance of one arm only may or may not exist.
    fn conditional_slots(
        &self,
        expr: &Expr,
        scope: &Scope,
        address: &str,
    ) -> Eval<Option<Vec<Slot>>> {
        let arms = match &expr.kind {
            Kind::Parenthesis(inner) => return self.conditional_slots(inner, scope, address),
            Kind::Conditional(arms) => arms,
            _ => return Ok(None),
        };
        let Value::Unknown(condition) = self.eval(&arms[0], scope)? else { return Ok(None) };
        let (Ok(mut then), Ok(otherwise)) = (
            self.for_each_slots(&arms[1], scope, address),
            self.for_each_slots(&arms[2], scope, address),
        ) else {
            return Ok(None);
        };
        // Instances of both arms differ in their values: those stay open altogether.
        if then.iter().any(|slot| otherwise.iter().any(|other| other.key == slot.key)) {
            return Ok(None);
        }
        then.extend(otherwise);
        for slot in &mut then {
            let open = slot.open.take().into_iter().chain([condition.unknown()]);
            slot.open = Unknown::of_all(open);
        }
        Ok(Some(then))
    }

    /// The one instance that stands for any number.
    fn open_slot(&self, of: &Symbol, address: &str, span: Span, bind: Bind) -> Slot {
        let part = |name: &str| {
            let operands = vec![Operand::Symbol(of.clone()), Operand::Text(address.into())];
            Value::Unknown(self.call(name, operands, span))
        };
        let counted = bind(Value::Null, Value::Null, span).0.as_ref() == "count";
        let binding = if counted {
            bind(Value::Null, part("count.index"), span)
        } else {
            bind(part("each.key"), part("each.value"), span)
        };
        Slot { key: Key::Rest, binding: Some(binding), open: Some(of.unknown()) }
    }
}

/// Makes `each` or `count`.
type Bind = fn(Value, Value, Span) -> (Arc<str>, Value);

fn each(key: Value, value: Value, span: Span) -> (Arc<str>, Value) {
    let entries = BTreeMap::from([
        (Arc::from("key"), Node::new(key, span)),
        (Arc::from("value"), Node::new(value, span)),
    ]);
    ("each".into(), Value::map(entries.into_iter().collect()))
}

fn count(_: Value, index: Value, span: Span) -> (Arc<str>, Value) {
    let entries = BTreeMap::from([(Arc::from("index"), Node::new(index, span))]);
    ("count".into(), Value::map(entries.into_iter().collect()))
}

/// Whether a number can only be 0 or 1: `var.create ? 1 : 0`.
fn at_most_one(symbol: &Symbol) -> bool {
    let small = |operand: &Operand| match operand {
        Operand::Literal(text) | Operand::Text(text) => matches!(&**text, "0" | "1"),
        Operand::Symbol(symbol) => at_most_one(symbol),
        Operand::List(_) => false,
    };
    match symbol.form() {
        Form::Call { function, operands } if &**function == "?:" => {
            matches!(operands.as_ref(), [_, then, otherwise] if small(then) && small(otherwise))
        }
        _ => false,
    }
}

/// The instances that `for_each` lists, and the symbol of any further ones.
fn for_each_members(value: &Value, span: Span) -> Eval<(Vec<Slot>, Option<Symbol>)> {
    let slot = |key: Key, key_value: Value, value: Value| Slot {
        key,
        binding: Some(each(key_value, value, span)),
        open: None,
    };
    match value {
        Value::Map(map) => Ok((
            map.entries
                .iter()
                .map(|(key, node)| {
                    let name = Key::Name(Arc::clone(key));
                    slot(name, Value::String(Arc::clone(key)), node.value.clone())
                })
                .collect(),
            map.rest.clone(),
        )),
        Value::List { items, rest } => {
            let mut slots: Vec<Slot> = Vec::new();
            let mut seen = BTreeSet::new();
            for item in items.iter() {
                let (key, value) = match (&item.value, to_text(&item.value)?) {
                    (_, Some(text)) => (Key::Name(Arc::clone(&text)), Value::String(text)),
                    (Value::Unknown(symbol), None) => {
                        (Key::Symbol(symbol.clone()), item.value.clone())
                    }
                    _ => return error("for_each over something that is no string"),
                };
                let name = match &key {
                    Key::Symbol(symbol) => Err(symbol.clone()),
                    _ => Ok(to_text(&value)?),
                };
                if seen.insert(name) {
                    slots.push(slot(key, value.clone(), value));
                }
            }
            Ok((slots, rest.clone()))
        }
        Value::Unknown(symbol) => Ok((Vec::new(), Some(symbol.clone()))),
        _ => error("for_each must be a map or a set of strings"),
    }
}
