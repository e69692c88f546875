//! A summary's syntax as if it stood at the call: every place in it becomes one of the user's.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::graph::Value;
use crate::source::Span;
use crate::terraform::syntax::{Access, Block, Body, Expr, Kind, Part};

/// The bodies of a summary with their places in a call: an expression that rests on an argument has
/// the argument's place, any other the source string's. A block is where what repeats it is, if that
/// is an argument with elements; else it is the call's head.
pub(super) fn relocated(bodies: &[Body], call: &Block) -> Vec<Body> {
    let locals = bodies
        .iter()
        .flat_map(|body| body.blocks("locals"))
        .flat_map(|block| &block.body.attributes)
        .map(|attribute| (Arc::clone(&attribute.name), Arc::clone(&attribute.expr)))
        .collect();
    let source = call.body.attribute("source").map_or(call.head, |expr| expr.span);
    let mut places = Places { call, source, locals, repeats: false, found: BTreeMap::new() };
    let mut bodies = bodies.to_vec();
    for body in &mut bodies {
        places.body(body);
    }
    bodies
}

struct Places<'a> {
    call: &'a Block,
    source: Span,
    locals: BTreeMap<Arc<str>, Arc<Expr>>,
    /// It is asked what repeats a block: a condition then says more than what it chooses.
    repeats: bool,
    /// Which argument a local value rests on; `None` also while it is looked for.
    found: BTreeMap<(bool, Arc<str>), Option<Span>>,
}

impl Places<'_> {
    fn body(&mut self, body: &mut Body) {
        for attribute in &mut body.attributes {
            self.expr(Arc::make_mut(&mut attribute.expr));
        }
        for block in &mut body.blocks {
            self.body(&mut block.body);
            block.head = self.head(&block.body).unwrap_or(self.call.head);
        }
    }

    /// The argument that tells how often a block is there.
    fn head(&mut self, body: &Body) -> Option<Span> {
        let repeat = body.attribute("for_each").or_else(|| body.attribute("count"))?;
        self.repeats = true;
        let place = self.expr(&mut Expr::clone(repeat));
        self.repeats = false;
        let mut arguments = self.call.body.attributes.iter();
        let argument = arguments.find(|argument| Some(argument.expr.span) == place)?;
        let flag = matches!(argument.expr.kind, Kind::Literal(Value::Bool(_)));
        place.filter(|_| !flag)
    }

    /// Puts an expression at the argument that it rests on, and returns that.
    fn expr(&mut self, expr: &mut Expr) -> Option<Span> {
        let found = match &mut expr.kind {
            Kind::Literal(_) | Kind::Name(_) => None,
            Kind::Template(parts) => self.parts(parts),
            Kind::List(items) => self.first(items),
            Kind::Object(items) => {
                let found: Vec<_> = items
                    .iter_mut()
                    .flat_map(|(key, value)| [self.expr(value), self.expr(key)])
                    .collect();
                found.into_iter().flatten().next()
            }
            Kind::Conditional(arms) => {
                let [condition, then, otherwise] = &mut **arms;
                let condition = self.expr(condition);
                let chosen = [self.expr(then), self.expr(otherwise)].into_iter().flatten().next();
                if self.repeats { condition.or(chosen) } else { chosen.or(condition) }
            }
            Kind::Call { arguments, .. } => self.first(arguments),
            Kind::Access(base, steps) => self.access(base, steps),
            Kind::Unary(_, inner) | Kind::Parenthesis(inner) => self.expr(inner),
            Kind::Binary(_, sides) => self.first(&mut **sides),
            Kind::For(it) => {
                let collection = self.expr(&mut it.collection);
                let key = it.key.as_mut().and_then(|key| self.expr(key));
                let value = self.expr(&mut it.value);
                let condition = it.condition.as_mut().and_then(|condition| self.expr(condition));
                collection.or(value).or(key).or(condition)
            }
        };
        expr.span = found.unwrap_or(self.source);
        found
    }

    fn first(&mut self, exprs: &mut [Expr]) -> Option<Span> {
        let found: Vec<_> = exprs.iter_mut().map(|expr| self.expr(expr)).collect();
        found.into_iter().flatten().next()
    }

    fn access(&mut self, base: &mut Expr, steps: &mut [Access]) -> Option<Span> {
        let inner = self.expr(base);
        let mut index = None;
        for step in steps.iter_mut() {
            if let Access::Index(expr) = step {
                index = self.expr(expr).or(index);
            }
        }
        let named = match (&base.kind, steps.first()) {
            (Kind::Name(root), Some(Access::Name(name))) => match &**root {
                "var" => self.argument(name),
                "local" => self.local(&Arc::clone(name)),
                _ => None,
            },
            _ => None,
        };
        named.or(inner).or(index)
    }

    fn argument(&self, name: &str) -> Option<Span> {
        // Whether there is a module at all decides nothing about what is in it.
        if name.starts_with("create") {
            return None;
        }
        self.call.body.attribute(name).map(|expr| expr.span)
    }

    fn local(&mut self, name: &Arc<str>) -> Option<Span> {
        let key = (self.repeats, Arc::clone(name));
        if let Some(found) = self.found.get(&key) {
            return *found;
        }
        self.found.insert(key.clone(), None);
        let mut expr = Expr::clone(self.locals.get(name)?);
        let found = self.expr(&mut expr);
        self.found.insert(key, found);
        found
    }

    fn parts(&mut self, parts: &mut [Part]) -> Option<Span> {
        let mut found = None;
        for part in parts {
            let place = match part {
                Part::Text(_) => None,
                Part::Value(expr) => self.expr(expr),
                Part::If { condition, then, otherwise } => {
                    let arms = [self.parts(then), self.parts(otherwise), self.expr(condition)];
                    arms.into_iter().flatten().next()
                }
                Part::For { collection, body, .. } => {
                    let inner = self.parts(body);
                    self.expr(collection).or(inner)
                }
            };
            found = found.or(place);
        }
        found
    }
}
