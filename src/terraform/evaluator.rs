//! What one root's evaluation knows: instances, and every value asked for so far.

use hashbrown::HashMap;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use super::fault::{Budget, Eval, Fault};
use super::module::{self, Module};
use super::registry;
use super::scope::{Family, Instance, ResourceInstance};
use super::syntax::Block;
use super::{Project, Setting};
use crate::graph::{Gap, Problem, Value};
use crate::source::{Span, Workspace};
use crate::unknown::{Operand, Symbol, Why};

/// Something that is evaluated once.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Asked {
    Local(usize, Arc<str>),
    Variable(usize, Arc<str>),
    Output(usize, Arc<str>),
    /// The expansion of a resource block.
    Resource(usize, usize),
    /// The expansion of a module call.
    Call(usize, usize),
    /// An attribute of a resource instance as others see it.
    Attribute(u32, Arc<str>),
}

/// A family with open members, and what its members are.
#[derive(Debug, Clone)]
pub(super) struct OpenFamily {
    pub(super) family: Rc<Family>,
    /// Module instances rather than resources.
    pub(super) modules: bool,
}

#[derive(Debug)]
enum State {
    /// Being evaluated: asking again is a cycle.
    Busy,
    Done(Value),
}

/// Evaluates one root, on demand.
pub(super) struct Evaluator<'a> {
    pub(super) workspace: &'a Workspace,
    pub(super) project: &'a Project,
    pub(super) root: PathBuf,
    pub(super) setting: &'a Setting,
    pub(super) budget: Budget,
    pub(super) instances: RefCell<Vec<Rc<Instance>>>,
    pub(super) resources: RefCell<Vec<Rc<ResourceInstance>>>,
    pub(super) families: RefCell<HashMap<(usize, usize), Rc<Family>>>,
    pub(super) call_families: RefCell<HashMap<(usize, usize), Rc<Family>>>,
    /// Families as values, by address.
    pub(super) family_values: RefCell<HashMap<Arc<str>, Value>>,
    /// Whole module instances, as values.
    pub(super) objects: RefCell<HashMap<Symbol, usize>>,
    /// Families of which some members cannot be told, as values.
    pub(super) open_families: RefCell<HashMap<Symbol, OpenFamily>>,
    pub(super) gaps: RefCell<Vec<Gap>>,
    pub(super) problems: RefCell<Vec<Problem>>,
    pub(super) installed: BTreeMap<String, String>,
    /// The workspace that was selected in the root.
    pub(super) selected: Option<Arc<str>>,
    extra: RefCell<BTreeMap<PathBuf, Arc<Module>>>,
    /// Summaries by the call's block, which lives as long as the evaluator.
    summaries: RefCell<HashMap<*const Block, Option<Arc<Module>>>>,
    memo: RefCell<HashMap<Asked, State>>,
    stack: RefCell<Vec<(Asked, Span, String)>>,
    fresh: Cell<u32>,
}

impl<'a> Evaluator<'a> {
    pub(super) fn new(
        workspace: &'a Workspace,
        project: &'a Project,
        root: &Path,
        setting: &'a Setting,
    ) -> Self {
        Self {
            workspace,
            project,
            root: root.to_owned(),
            setting,
            budget: Budget::default(),
            instances: RefCell::default(),
            resources: RefCell::default(),
            families: RefCell::default(),
            call_families: RefCell::default(),
            family_values: RefCell::default(),
            objects: RefCell::default(),
            open_families: RefCell::default(),
            gaps: RefCell::default(),
            problems: RefCell::default(),
            installed: super::installed::read(workspace, root),
            selected: super::installed::selected(workspace, root),
            extra: RefCell::default(),
            summaries: RefCell::default(),
            memo: RefCell::default(),
            stack: RefCell::default(),
            fresh: Cell::new(0),
        }
    }

    /// The module of a folder, read when it was not among the project's.
    pub(super) fn module(&self, folder: &Path) -> Arc<Module> {
        if let Some(module) = self.project.modules.get(folder) {
            return Arc::clone(module);
        }
        if let Some(module) = self.extra.borrow().get(folder) {
            return Arc::clone(module);
        }
        let files = module::read(self.workspace, folder);
        let module = Arc::new(module::guarded_parse(self.workspace, folder, files));
        self.extra.borrow_mut().insert(folder.to_owned(), Arc::clone(&module));
        module
    }

    /// The summary that stands for the module of a call, if it is a well-known one.
    pub(super) fn summary(&self, call: &Arc<Block>) -> Option<Arc<Module>> {
        let key = Arc::as_ptr(call);
        if let Some(module) = self.summaries.borrow().get(&key) {
            return module.clone();
        }
        let summary = registry::summary(call, self.setting.summaries.entries());
        let module = summary.map(|summary| Arc::new(module::summarised(self.workspace, summary)));
        self.summaries.borrow_mut().insert(key, module.clone());
        module
    }

    /// Evaluates something once. A fault becomes an open value; asking for what is being evaluated
    /// is a cycle, which is reported.
    pub(super) fn once(
        &self,
        asked: Asked,
        span: Span,
        name: impl FnOnce() -> String,
        evaluate: impl FnOnce() -> Eval,
    ) -> Value {
        match self.memo.borrow().get(&asked) {
            Some(State::Done(value)) => return value.clone(),
            Some(State::Busy) => return self.cycle(&asked),
            None => {}
        }
        self.memo.borrow_mut().insert(asked.clone(), State::Busy);
        let name = name();
        self.stack.borrow_mut().push((asked.clone(), span, name.clone()));
        let value = match self.budget.nested(evaluate) {
            Ok(value) => value,
            Err(fault) => fault.named(name),
        };
        self.stack.borrow_mut().pop();
        self.memo.borrow_mut().insert(asked, State::Done(value.clone()));
        value
    }

    fn cycle(&self, asked: &Asked) -> Value {
        let stack = self.stack.borrow();
        let start = stack.iter().position(|(other, ..)| other == asked).unwrap_or(0);
        let (_, span, name) = &stack[start];
        let place = |(_, span, name): &(Asked, Span, String)| {
            let file = self.workspace.sources().file(span.file);
            format!("{name} ({}:{})", file.path, file.position(span.start).0)
        };
        let mut names: Vec<String> = stack[start..].iter().take(8).map(place).collect();
        if stack.len() - start > 8 {
            names.truncate(7);
            names.push("…".to_owned());
        }
        let message = format!("a reference cycle: {} -> {name}", names.join(" -> "));
        let mut problems = self.problems.borrow_mut();
        if !problems.iter().any(|known| known.span == *span && known.message == message) {
            problems.push(Problem::new(*span, message));
        }
        let why = Why::Invalid("it refers to itself".into());
        Value::Unknown(Symbol::input(name.as_str(), why))
    }

    /// The open value of an expression that has none; it equals no other.
    pub(super) fn faulty(&self, span: Span, fault: Fault) -> Value {
        Value::Unknown(Symbol::input(self.fresh_name(span), fault.why()))
    }

    /// The call of a function or operator on operands of which at least one is open.
    pub(super) fn call(&self, function: &str, operands: Vec<Operand>, span: Span) -> Symbol {
        if let Some(symbol) = Symbol::call(function, operands) {
            return symbol;
        }
        self.fresh(span)
    }

    /// A symbol that equals no other, named by the text at a place.
    pub(super) fn fresh(&self, span: Span) -> Symbol {
        Symbol::input(self.fresh_name(span), Why::Budget)
    }

    fn fresh_name(&self, span: Span) -> String {
        let number = self.fresh.get() + 1;
        self.fresh.set(number);
        let file = self.workspace.sources().file(span.file);
        let (line, _) = file.position(span.start);
        let text = self.workspace.sources().text(span);
        let text: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let text: String = text.chars().take(60).collect();
        format!("{text} ({}:{line}, #{number})", file.path)
    }

    /// Like [`Evaluator::call`], as a value.
    pub(super) fn call_value(&self, function: &str, values: &[Value], span: Span) -> Value {
        let operands = values.iter().map(Value::operand).collect();
        Value::Unknown(self.call(function, operands, span))
    }

    /// A part of a symbol; a fresh one where it would be cut short.
    pub(super) fn part(&self, symbol: &Symbol, step: crate::unknown::Step, span: Span) -> Symbol {
        let part = symbol.part(step);
        if part == *symbol { self.fresh(span) } else { part }
    }
}
