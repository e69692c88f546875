//! Evaluates the nodes of one template, within a budget of steps and depth.

use hashbrown::HashMap;
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

use super::Template;
use super::compared::Compared;
use super::deployment::Deployment;
use super::nested::Child;
use super::parameters::{self, Passed, scalar};
use super::scope::{self, Scope};
use super::stacks::Stacks;
use super::syntax::{Content, Entry, NodeId, Tree};
use super::template::{Declared, Member, Transforms};
use crate::graph::{Asked, Gap, Known, Look, Map, Node, Problem, Value, Want};
use crate::source::{FileId, SourceFile, Span};
use crate::unknown::{Operand, Symbol, Why};

/// How deep evaluation may go, through aliases, conditions and attributes.
const MAX_DEPTH: u32 = 250;

/// Steps that any template may take, besides a few for each of its nodes.
const BASE_STEPS: u64 = 500_000;

/// A string that is built may not be longer than this.
pub(super) const MAX_TEXT: usize = 1024 * 1024;

/// In a line longer than this, places are told by byte.
const LONG_LINE: usize = 4096;

/// What is known of an attribute or condition while it is being looked up.
#[derive(Clone)]
pub(super) enum Memo {
    /// Being evaluated: a reference to it goes round in a circle.
    Open,
    /// Evaluated, and how many steps that took.
    Done(Value, u64),
}

/// What a stack and those nested in it share.
pub(super) struct Shared<'a> {
    /// All templates of the run, if nested ones are followed.
    pub(super) stacks: Option<&'a Stacks>,
    /// What is known of imports.
    pub(super) known: &'a Known,
    /// What is asked of other stacks.
    pub(super) wanted: RefCell<BTreeMap<Asked, Want>>,
    /// The id of the next resource.
    pub(super) next: Cell<u32>,
    /// The files of the nested stacks.
    pub(super) loaded: RefCell<BTreeSet<FileId>>,
    /// How many stacks there are so far.
    pub(super) count: Cell<u32>,
    /// What symbols are taken to be, and what is left out.
    pub(super) look: Look<'a>,
    /// What conditions compare, and what they leave open.
    pub(super) compared: RefCell<Compared>,
    steps: Cell<u64>,
    budget: Cell<u64>,
    depth: Cell<u32>,
}

impl<'a> Shared<'a> {
    /// How many steps have been taken.
    pub(super) fn steps(&self) -> u64 {
        self.steps.get()
    }

    pub(super) fn new(stacks: Option<&'a Stacks>, known: &'a Known, look: Look<'a>) -> Rc<Self> {
        Rc::new(Self {
            stacks,
            known,
            wanted: RefCell::default(),
            next: Cell::new(0),
            loaded: RefCell::default(),
            count: Cell::new(0),
            look,
            compared: RefCell::default(),
            steps: Cell::new(0),
            budget: Cell::new(BASE_STEPS),
            depth: Cell::new(0),
        })
    }
}

/// Which of the stacks of a root it is.
pub(super) struct Position<'p> {
    /// What stands before the names of its resources.
    pub(super) prefix: &'p str,
    /// How many stacks it is nested in.
    pub(super) nesting: u32,
    pub(super) deployment: Arc<Deployment>,
}

/// One stack being evaluated: a template with the values of its parameters.
pub(super) struct Evaluator<'a> {
    pub(super) template: &'a Template,
    tree: &'a Tree,
    source: &'a SourceFile,
    pub(super) shared: Rc<Shared<'a>>,
    /// `Child.` for what is nested in `Child`; empty for a root.
    pub(super) prefix: Arc<str>,
    /// How many stacks it is nested in.
    pub(super) nesting: u32,
    pub(super) deployment: Arc<Deployment>,
    /// The stacks nested in it, by the position of their resource.
    pub(super) children: RefCell<HashMap<usize, Child<'a>>>,
    pub(super) outputs: HashMap<Arc<str>, Member>,
    pub(super) gaps: Vec<Gap>,
    pub(super) problems: Vec<Problem>,
    pub(super) parameters: HashMap<Arc<str>, Value>,
    pub(super) mappings: Option<NodeId>,
    pub(super) rules: Option<NodeId>,
    pub(super) conditions: HashMap<Arc<str>, Member>,
    pub(super) resources: Vec<Declared>,
    pub(super) index: HashMap<Arc<str>, usize>,
    pub(super) transforms: Transforms,
    pub(super) truths: RefCell<HashMap<Arc<str>, Memo>>,
    pub(super) attributes: RefCell<HashMap<(usize, Arc<str>), Memo>>,
}

impl<'a> Evaluator<'a> {
    /// An evaluator that knows parameters and mappings; conditions and resources are added by and by.
    pub(super) fn new(
        template: &'a Template,
        root: NodeId,
        shared: &Rc<Shared<'a>>,
        Position { prefix, nesting, deployment }: Position<'_>,
        passed: Passed<'_>,
    ) -> Self {
        let tree = &template.parsed.tree;
        let more = shared.budget.get().saturating_add(8 * tree.len() as u64);
        shared.budget.set(more);
        let place = (prefix, &*deployment);
        let parameters = parameters::read(tree, root, place, passed, shared);
        Self {
            template,
            tree,
            source: &template.source,
            shared: Rc::clone(shared),
            prefix: prefix.into(),
            nesting,
            deployment,
            children: RefCell::default(),
            outputs: HashMap::new(),
            gaps: Vec::new(),
            problems: Vec::new(),
            parameters,
            mappings: tree.get(root, "Mappings"),
            rules: tree.get(root, "Rules"),
            conditions: HashMap::new(),
            resources: Vec::new(),
            index: HashMap::new(),
            transforms: Transforms::read(tree, root),
            truths: RefCell::default(),
            attributes: RefCell::default(),
        }
    }

    pub(super) fn tree(&self) -> &'a Tree {
        self.tree
    }

    /// The text under a span, as it is written.
    pub(super) fn written_text(&self, span: Span) -> &'a str {
        self.source.text.get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    /// A name of this stack's own: the stacks of a run have one each.
    pub(super) fn own(&self, name: &str) -> Arc<str> {
        format!("{}{name}", self.prefix).into()
    }

    /// The address of a resource, which in a root is its name.
    pub(super) fn address(&self, name: &Arc<str>) -> Arc<str> {
        if self.prefix.is_empty() { Arc::clone(name) } else { self.own(name) }
    }

    /// The value of a node; `Null` for what is to be left out.
    pub(super) fn value(&self, id: NodeId, scope: &Scope) -> Value {
        let depth = &self.shared.depth;
        if !self.spend(1) || depth.get() >= MAX_DEPTH {
            return self.over_budget(id);
        }
        depth.set(depth.get() + 1);
        let value = match self.tree.function(id) {
            Some((function, argument)) => self.call(function, argument, id, scope),
            None => self.literal(id, scope),
        };
        depth.set(depth.get() - 1);
        value
    }

    /// The value of a node with its place.
    pub(super) fn node(&self, id: NodeId, scope: &Scope) -> Node {
        let value = self.value(id, scope);
        let span = self.written_at(id, &value, scope);
        Node::new(value, span)
    }

    fn literal(&self, id: NodeId, scope: &Scope) -> Value {
        match self.tree.content(id) {
            Content::Scalar { text, .. } if !scope.is_empty() && text.len() > scope::MAX_TEXT => {
                self.over_budget(id)
            }
            Content::Scalar { text, plain } => match scalar(&scope.expand(text), *plain) {
                Value::String(text) => self.string(text, id),
                value => value,
            },
            Content::Sequence(items) => self.sequence(items, scope),
            Content::Mapping(entries) => {
                let mut map = Map::default();
                self.fill(&mut map, entries, scope);
                Value::Map(Arc::new(map))
            }
            Content::Broken(why) => self.invalid(id, &**why),
            Content::Null | Content::Alias(_) | Content::Call { .. } => Value::Null,
        }
    }

    /// Elements that may be left out move to what may follow.
    fn sequence(&self, items: &[NodeId], scope: &Scope) -> Value {
        let mut known = Vec::with_capacity(items.len());
        let mut rest: Option<Symbol> = None;
        for &item in items {
            let node = self.node(item, scope);
            match &node.value {
                Value::Null => {}
                Value::Unknown(symbol) if may_be_absent(symbol) => {
                    rest = Some(match rest.take() {
                        None => symbol.clone(),
                        Some(before) => {
                            let operands = [before, symbol.clone()].map(Operand::Symbol).to_vec();
                            self.symbol(item, "concat", operands)
                        }
                    });
                }
                _ => known.push(node),
            }
        }
        Value::List { items: known.into(), rest }
    }

    fn fill(&self, map: &mut Map, entries: &[Entry], scope: &Scope) {
        for entry in entries {
            if !self.spend(1) {
                map.rest = Some(self.over_budget_symbol(entry.value));
                return;
            }
            if entry.key.starts_with("Fn::ForEach::") {
                match self.iterations(entry.value, scope) {
                    Ok((body, scopes)) => {
                        for scope in &scopes {
                            self.fill(map, body, scope);
                        }
                    }
                    Err(symbol) => map.rest = Some(symbol),
                }
                continue;
            }
            if &*entry.key == "Fn::Transform" {
                map.rest = Some(self.not_evaluated(entry.value, "Fn::Transform"));
                continue;
            }
            let key = self.expand(&entry.key, scope);
            let node = self.node(entry.value, scope);
            match node.value {
                Value::Null => map.entries.remove(&key),
                _ => map.entries.insert(key, node),
            };
        }
    }

    /// The body of an `Fn::ForEach` and the scope of each turn, or why that cannot be told.
    pub(super) fn iterations(
        &self,
        id: NodeId,
        scope: &Scope,
    ) -> Result<(&'a [Entry], Vec<Scope>), Symbol> {
        let shape = "Fn::ForEach needs a name, a list and a mapping";
        let Some([name, collection, body]) = self.tree.elements(id) else {
            return Err(self.invalid_symbol(id, shape));
        };
        let Some(name) = self.tree.text(*name) else {
            return Err(self.invalid_symbol(id, shape));
        };
        let mut texts = Vec::new();
        self.flatten(&self.value(*collection, scope), id, &mut texts)?;
        let long = texts.iter().any(|text| text.len() > scope::MAX_VALUE);
        if long || !self.spend(texts.len() as u64) {
            return Err(self.over_budget_symbol(id));
        }
        let scopes = texts.into_iter().map(|text| scope.with(name, text)).collect();
        Ok((self.tree.entries(*body), scopes))
    }

    fn flatten(&self, value: &Value, id: NodeId, out: &mut Vec<Arc<str>>) -> Result<(), Symbol> {
        match value {
            Value::Unknown(symbol) | Value::List { rest: Some(symbol), .. } => Err(symbol.clone()),
            Value::List { items, .. } => {
                items.iter().try_for_each(|item| self.flatten(&item.value, id, out))
            }
            value => {
                let why = "Fn::ForEach needs a list of strings";
                out.push(text(value).ok_or_else(|| self.invalid_symbol(id, why))?);
                Ok(())
            }
        }
    }

    /// A key or a name with the loop variables in it replaced.
    pub(super) fn expand(&self, text: &Arc<str>, scope: &Scope) -> Arc<str> {
        let expanded = scope.expand(text);
        if !scope.is_empty() {
            self.spend(expanded.len() as u64 / 32);
        }
        expanded
    }

    /// A string, unless it is a dynamic reference, or too long.
    pub(super) fn string(&self, text: impl Into<Arc<str>>, at: NodeId) -> Value {
        let text: Arc<str> = text.into();
        if text.len() > MAX_TEXT || !self.spend(text.len() as u64 / 32) {
            return self.over_budget(at);
        }
        if text.contains("{{resolve:") {
            return self.shared.resolved(&text, &self.deployment);
        }
        Value::String(text)
    }

    /// Takes steps from the budget; `false` when it is used up.
    pub(super) fn spend(&self, steps: u64) -> bool {
        let taken = self.shared.steps.get().saturating_add(steps);
        self.shared.steps.set(taken);
        taken <= self.shared.budget.get()
    }

    pub(super) fn steps(&self) -> u64 {
        self.shared.steps()
    }

    /// A pure function of operands of which at least one is open.
    pub(super) fn symbol(&self, at: NodeId, function: &str, operands: Vec<Operand>) -> Symbol {
        Symbol::try_call(function, operands).unwrap_or_else(|operands| {
            let name = || format!("{function} at {}", self.place(at)).into();
            self.shared.compared.borrow_mut().large(function, operands, name)
        })
    }

    /// The same, as a value.
    pub(super) fn open(&self, at: NodeId, function: &str, operands: Vec<Operand>) -> Value {
        Value::Unknown(self.symbol(at, function, operands))
    }

    /// A value that cannot be told because the template is wrong here.
    pub(super) fn invalid(&self, at: NodeId, why: impl Into<Arc<str>>) -> Value {
        Value::Unknown(self.invalid_symbol(at, why))
    }

    pub(super) fn invalid_symbol(&self, at: NodeId, why: impl Into<Arc<str>>) -> Symbol {
        Symbol::input(self.place(at), Why::Invalid(why.into()))
    }

    /// A form of the language that is not evaluated.
    pub(super) fn not_evaluated(&self, at: NodeId, what: &str) -> Symbol {
        Symbol::input(format!("{what} at {}", self.place(at)), Why::NotEvaluated(what.into()))
    }

    fn over_budget(&self, at: NodeId) -> Value {
        Value::Unknown(self.over_budget_symbol(at))
    }

    pub(super) fn over_budget_symbol(&self, at: NodeId) -> Symbol {
        Symbol::input(self.place(at), Why::Budget)
    }

    /// Path, line and column: a name for what has none.
    fn place(&self, at: NodeId) -> String {
        let Span { start, .. } = self.tree.span(at);
        let path = format!("{}{}", self.prefix, self.source.path);
        // Counting the columns of a line that is a whole file, again and again, would take for ever.
        let before = &self.source.text.as_bytes()[..(start as usize).min(self.source.text.len())];
        if before.len() > LONG_LINE && !before[before.len() - LONG_LINE..].contains(&b'\n') {
            return format!("{path}, byte {start}");
        }
        let (line, column) = self.source.position(start);
        format!("{path}:{line}:{column}")
    }
}

/// Whether a value is a conditional with an arm that leaves it out.
fn may_be_absent(symbol: &Symbol) -> bool {
    match symbol.form() {
        crate::unknown::Form::Call { function, operands } if &**function == "?:" => {
            operands.iter().skip(1).any(|arm| match arm {
                Operand::Literal(text) => &**text == "null",
                Operand::Symbol(arm) => may_be_absent(arm),
                Operand::Text(_) | Operand::List(_) => false,
            })
        }
        _ => false,
    }
}

/// The text of a known scalar, as string functions see it.
pub(super) fn text(value: &Value) -> Option<Arc<str>> {
    match value {
        Value::String(text) => Some(Arc::clone(text)),
        Value::Number(number) => Some(number.to_string().into()),
        Value::Bool(truth) => Some(truth.to_string().into()),
        Value::Null | Value::List { .. } | Value::Map(_) | Value::Unknown(_) => None,
    }
}
