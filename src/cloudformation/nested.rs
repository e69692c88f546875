//! Stacks nested in a stack: their parameters go down, their outputs come up.

use hashbrown::HashMap;
use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

use super::deployment::Deployment;
use super::evaluate::{Evaluator, Memo, Position, text};
use super::parameters::{Passed, declared, is_required};
use super::scope::Scope;
use super::stacks::Target;
use super::syntax::NodeId;
use super::template::Presence;
use super::{Template, load, sets};
use crate::graph::{Node, Value};
use crate::unknown::{Form, Operand, Symbol, Why};

/// How deep stacks may be nested.
const MAX_NESTING: u32 = 16;

/// How many stacks one root may have.
const MAX_STACKS: u32 = 500;

/// The place of the outputs among what is remembered of resources.
const OUTPUTS: usize = usize::MAX;

/// A nested stack.
#[derive(Clone)]
pub(super) enum Child<'a> {
    /// It is being looked at: what asks for it goes round in a circle.
    Open,
    /// It is not at hand, because of this.
    Absent(Why),
    /// Its resources are declared.
    Stack(Rc<Evaluator<'a>>),
}

impl<'a> Evaluator<'a> {
    /// The stack behind a resource.
    pub(super) fn child(&self, at: usize) -> Result<Rc<Evaluator<'a>>, Why> {
        let known = self.children.borrow().get(&at).cloned();
        match known {
            Some(Child::Stack(child)) => return Ok(child),
            Some(Child::Absent(why)) => return Err(why),
            Some(Child::Open) => {
                return Err(Why::Invalid("the nested stack refers to itself".into()));
            }
            None => {}
        }
        self.children.borrow_mut().insert(at, Child::Open);
        let child = self.instance(at);
        let memo = match &child {
            Ok(child) => Child::Stack(Rc::clone(child)),
            Err(why) => Child::Absent(why.clone()),
        };
        self.children.borrow_mut().insert(at, memo);
        child
    }

    fn instance(&self, at: usize) -> Result<Rc<Evaluator<'a>>, Why> {
        let template = self.nested_template(at).ok_or(Why::UnresolvedModule)?;
        let address = &self.resources[at].address;
        self.pass_left_out(at);
        self.stack(
            template,
            address,
            &self.passed(at).0,
            self.deployment.nested(self.construct(at)),
        )
    }

    /// A stack below this one.
    pub(super) fn stack(
        &self,
        template: &'a Template,
        address: &str,
        passed: &HashMap<Arc<str>, Value>,
        deployment: Deployment,
    ) -> Result<Rc<Evaluator<'a>>, Why> {
        let count = &self.shared.count;
        if self.nesting >= MAX_NESTING || count.get() >= MAX_STACKS || !self.spend(1000) {
            return Err(Why::Budget);
        }
        count.set(count.get() + 1);
        self.shared.loaded.borrow_mut().insert(template.file);
        let prefix = format!("{address}.");
        let (nesting, deployment) = (self.nesting + 1, Arc::new(deployment));
        let place = Position { prefix: &prefix, nesting, deployment };
        load::prepare(template, &self.shared, place, Passed::Parent(passed))
            .map(Rc::new)
            .ok_or(Why::Unparsable)
    }

    /// The template of a nested stack, if it is at hand and can be the one: it takes what is passed,
    /// and is passed what it needs.
    pub(super) fn nested_template(&self, at: usize) -> Option<&'a Template> {
        let stacks = self.shared.stacks?;
        if let Some(written) = self.written_out(at) {
            return stacks.written_in(self.template, written);
        }
        let targets = self.targets(at);
        let mut found = targets.iter().map(|target| stacks.find(self.template, target));
        let template = found.next()??;
        // The branches of a conditional must all lead to the same.
        if !found.all(|other| other.is_some_and(|other| other.file == template.file)) {
            return None;
        }
        let (passed, complete) = self.passed(at);
        let tree = &template.parsed.tree;
        let entries = declared(tree, template.parsed.root?);
        let names: BTreeSet<_> = entries.iter().map(|entry| &entry.key).collect();
        let takes = passed.keys().all(|name| names.contains(name));
        let needs = |entry| is_required(tree, entry) && !passed.contains_key(&entry.key);
        (takes && !(complete && entries.iter().any(needs))).then_some(template)
    }

    /// Where the template of a nested stack is said to be: each of the branches, if it is a conditional.
    pub(super) fn targets(&self, at: usize) -> Vec<Target> {
        if let Some(path) = self.asset(at) {
            return vec![Target::Path(path.to_string())];
        }
        match self.location(at) {
            None => Vec::new(),
            Some(Value::Unknown(symbol)) => branches(&symbol).unwrap_or_default(),
            Some(value) => text(&value).and_then(|text| Target::of(&text)).into_iter().collect(),
        }
    }

    fn location(&self, at: usize) -> Option<Value> {
        let resource = &self.resources[at];
        let entry = self.tree().entry(resource.properties?, location(&resource.kind)?)?;
        Some(self.property(at, &entry.key, entry.value))
    }

    /// The file that a deploying tool puts at the location
    /// (<https://docs.aws.amazon.com/cdk/v2/guide/assets.html>, metadata of assets).
    fn asset(&self, at: usize) -> Option<&Arc<str>> {
        let resource = &self.resources[at];
        let tree = self.tree();
        let metadata = tree.get(resource.member.node, "Metadata")?;
        let of = tree.text(tree.get(metadata, "aws:asset:property")?)?;
        let path = tree.text(tree.get(metadata, "aws:asset:path")?);
        path.filter(|_| Some(&**of) == location(&resource.kind))
    }

    /// The template of a stack set that is written in its property.
    fn written_out(&self, at: usize) -> Option<NodeId> {
        let resource = &self.resources[at];
        let is_set = &*resource.kind == sets::KIND;
        self.tree().get(resource.properties.filter(|_| is_set)?, "TemplateBody")
    }

    /// What is passed to a nested stack, and whether that is all.
    pub(super) fn passed(&self, at: usize) -> (HashMap<Arc<str>, Value>, bool) {
        let resource = &self.resources[at];
        let parameters = resource.properties.and_then(|it| self.tree().entry(it, "Parameters"));
        let Some(entry) = parameters else { return (HashMap::new(), true) };
        match self.property(at, &entry.key, entry.value) {
            list @ Value::List { .. } => sets::pairs(&list),
            Value::Map(map) => {
                let set = map.entries.iter();
                let value = |(name, node): (&Arc<str>, &Node)| {
                    let value = self.unless_rewritten(&resource.address, name, &node.value);
                    (Arc::clone(name), value)
                };
                let values = set.map(value);
                (values.collect(), map.rest.is_none())
            }
            _ => (HashMap::new(), false),
        }
    }

    /// What the operator leaves out is left out of a nested stack that it is passed to.
    fn pass_left_out(&self, at: usize) {
        let resource = &self.resources[at];
        let parameters = resource.properties.and_then(|it| self.tree().get(it, "Parameters"));
        for entry in parameters.map_or(&[][..], |node| self.tree().entries(node)) {
            let mut compared = self.shared.compared.borrow_mut();
            let passed = self.parameter(entry.value).map(|name| self.own(name));
            if let Some(symbol) = passed.and_then(|name| compared.left_out(&name)) {
                compared.leave_out(format!("{}.{}", resource.address, entry.key).into(), symbol);
            }
        }
    }

    /// A value that is passed on, unless a macro may have put another one there.
    fn unless_rewritten(&self, stack: &str, name: &str, value: &Value) -> Value {
        match self.transforms.unknown.first() {
            None => value.clone(),
            Some((transform, _)) => {
                let why = Why::NotEvaluated(format!("the macro {transform}").into());
                Value::Unknown(Symbol::input(format!("{stack}.Parameters.{name}"), why))
            }
        }
    }

    /// The stacks behind a resource.
    pub(super) fn below(&self, at: usize) -> Result<Vec<Rc<Evaluator<'a>>>, Why> {
        if &*self.resources[at].kind == sets::KIND {
            return self.set(at);
        }
        self.child(at).map(|child| vec![child])
    }

    /// Looks at everything that is nested in this stack, at any depth.
    pub(super) fn visit_nested(&self) {
        for at in self.nested() {
            if matches!(self.resources[at].presence, Presence::Opaque(_)) {
                for child in self.below(at).unwrap_or_default() {
                    child.visit_nested();
                }
            }
        }
    }

    /// The value of an output of this stack.
    pub(super) fn output(&self, name: &Arc<str>) -> Value {
        let Some(member) = self.outputs.get(name) else {
            let shown: Arc<str> = format!("Outputs.{name}").into();
            return Value::Unknown(self.undeclared(&shown, &format!("output {name}")));
        };
        let invalid = |why: &str| {
            Value::Unknown(Symbol::input(
                self.own(&format!("Outputs.{name}")),
                Why::Invalid(why.into()),
            ))
        };
        let key = (OUTPUTS, Arc::clone(name));
        match self.attributes.borrow().get(&key) {
            Some(Memo::Done(value, _)) => return value.clone(),
            Some(Memo::Open) => return invalid("the output refers to itself"),
            None => {}
        }
        self.attributes.borrow_mut().insert(key.clone(), Memo::Open);
        let scope: &Scope = &member.scope;
        let condition = self.tree().get(member.node, "Condition");
        let exists = condition.map(|condition| self.named_condition(condition, scope));
        let value = self.tree().get(member.node, "Value").map(|value| self.value(value, scope));
        let value = match (exists, value) {
            (Some(Value::Bool(false)), _) => invalid("its condition leaves the output out"),
            (_, None | Some(Value::Null)) => invalid("the output has no value"),
            (_, Some(value)) => value,
        };
        self.attributes.borrow_mut().insert(key, Memo::Done(value.clone(), 0));
        value
    }

    /// The positions of the resources that are stacks of their own.
    pub(super) fn nested(&self) -> impl Iterator<Item = usize> {
        let is_stack = |at: &usize| location(&self.resources[*at].kind).is_some();
        (0..self.resources.len()).filter(is_stack)
    }
}

/// The property that says where the template of a stack is.
fn location(kind: &str) -> Option<&'static str> {
    match kind {
        "AWS::CloudFormation::Stack" | sets::KIND => Some("TemplateURL"),
        "AWS::Serverless::Application" => Some("Location"),
        _ => None,
    }
}

/// The targets of an open string: by its end, or those of both branches.
fn branches(symbol: &Symbol) -> Option<Vec<Target>> {
    let Form::Call { function, operands } = symbol.form() else { return None };
    match (&**function, &**operands) {
        ("template", [.., Operand::Text(end)]) => Some(vec![Target::of_ending(end)?]),
        ("?:", [_, arms @ ..]) => {
            let targets = arms.iter().map(|arm| match arm {
                Operand::Text(text) => Some(vec![Target::of(text)?]),
                Operand::Symbol(symbol) => branches(symbol),
                _ => None,
            });
            Some(targets.collect::<Option<Vec<_>>>()?.concat())
        }
        _ => None,
    }
}
