//! What conditions compare: the choices that decide them.

use hashbrown::HashMap;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::graph::{Allowed, Case, Choice, Guards};
use crate::unknown::{Form, Operand, ResourceId, Symbol, Why, first_of};

/// No value is said to hang on more inputs than this: so many are never asked about.
const MAX_FIRST: usize = 64;

/// The comparisons of a stack and of those nested in it that could not be carried out.
#[derive(Debug, Default)]
pub(super) struct Compared {
    choices: Vec<Choice>,
    at: HashMap<Symbol, usize>,
    allowed: Allowed,
    /// The values of symbols that nothing may print.
    secrets: HashMap<Symbol, Arc<str>>,
    /// Symbols that stand for values that are too large to keep; equal ones have one.
    large: HashMap<(Arc<str>, Vec<Operand>), Symbol>,
    hidden: BTreeMap<Arc<str>, BTreeSet<Arc<str>>>,
    /// The symbols of parameters that have an empty default and no value, by the names of their stacks.
    left_out: HashMap<Arc<str>, Symbol>,
    /// Those that a condition asks about.
    optional: BTreeSet<Symbol>,
    /// The resources that they name.
    named: BTreeSet<ResourceId>,
    truths: BTreeMap<Arc<str>, bool>,
}

impl Compared {
    /// All texts that a symbol can be.
    pub(super) fn allow(&mut self, symbol: Symbol, texts: BTreeSet<Arc<str>>) {
        self.allowed.insert(symbol, texts);
    }

    /// The value of a symbol, for nothing but comparisons.
    pub(super) fn keep_secret(&mut self, symbol: Symbol, text: Arc<str>) {
        self.secrets.insert(symbol, text);
    }

    /// A parameter that is empty because the operator leaves `symbol` out.
    pub(super) fn leave_out(&mut self, name: Arc<str>, symbol: Symbol) {
        self.left_out.insert(name, symbol);
    }

    /// What the operator leaves out, where a parameter is empty because of that.
    pub(super) fn left_out(&self, name: &str) -> Option<Symbol> {
        self.left_out.get(name).cloned()
    }

    /// A condition asks whether a parameter is empty.
    pub(super) fn asks_about(&mut self, name: &str) {
        self.optional.extend(self.left_out(name));
    }

    /// Whether a symbol is a text, as far as the case tells, and the texts that it can be. What is open
    /// is a choice.
    pub(super) fn equals(&mut self, case: &Case, symbol: &Symbol, text: &Arc<str>) -> Option<bool> {
        if let Some(truth) = case.equals(symbol, text) {
            return Some(truth);
        }
        if let Some(secret) = self.secrets.get(symbol) {
            return Some(secret == text);
        }
        let allowed = self.allowed.get(symbol);
        if allowed.is_some_and(|texts| !texts.contains(text)) {
            return Some(false);
        }
        if can_be_chosen(symbol) {
            let at = *self.at.entry(symbol.clone()).or_insert_with(|| {
                let (values, allowed) = (BTreeSet::new(), allowed.cloned());
                self.choices.push(Choice { symbol: symbol.clone(), values, allowed });
                self.choices.len() - 1
            });
            self.choices[at].values.insert(Arc::clone(text));
        }
        None
    }

    /// Whether two symbols are equal, as far as the case tells, and the texts that they can be. `both` says
    /// the same as one symbol; what is open is a choice.
    pub(super) fn equal(&mut self, case: &Case, both: &Symbol, of: [&Symbol; 2]) -> Option<bool> {
        if let [Some(one), Some(other)] = of.map(|symbol| self.secrets.get(symbol)) {
            return Some(one == other);
        }
        if let [Some(one), Some(other)] = of.map(|symbol| self.allowed.get(symbol))
            && one.is_disjoint(other)
        {
            return Some(false);
        }
        let yes: Arc<str> = "true".into();
        if let Some(truth) = case.equals(both, &yes) {
            return Some(truth);
        }
        if of.into_iter().all(can_be_chosen) && !self.at.contains_key(both) {
            self.at.insert(both.clone(), self.choices.len());
            let allowed = Some([Arc::clone(&yes), "false".into()].into());
            self.choices.push(Choice { symbol: both.clone(), values: [yes].into(), allowed });
        }
        None
    }

    /// A symbol for a value that is too large to keep, with what it hangs on.
    pub(super) fn large(
        &mut self,
        function: &str,
        operands: Vec<Operand>,
        name: impl FnOnce() -> Arc<str>,
    ) -> Symbol {
        let key = (Arc::from(function), operands);
        if let Some(symbol) = self.large.get(&key) {
            return symbol.clone();
        }
        let shown = |name: &Arc<str>| match self.hidden.get(name) {
            Some(names) => names.iter().cloned().collect(),
            None => vec![Arc::clone(name)],
        };
        for operand in &key.1 {
            operand.walk(&mut |part| {
                if let Form::Attribute { resource, .. } = part.form() {
                    self.named.insert(*resource);
                }
            });
        }
        let mut first = Vec::new();
        first_of(function, &key.1, &mut first);
        first.sort_unstable();
        first.dedup();
        let names = first.iter().flat_map(shown).take(MAX_FIRST).collect();
        let name = name();
        let symbol = Symbol::input(Arc::clone(&name), Why::Budget);
        self.hidden.insert(name, names);
        self.large.insert(key, symbol.clone());
        symbol
    }

    /// Notes a condition that is decided.
    pub(super) fn decided(&mut self, name: Arc<str>, truth: bool) {
        self.truths.insert(name, truth);
    }

    pub(super) fn guards(self, effort: u64) -> Guards {
        let Self { choices, hidden, named, optional, truths, .. } = self;
        Guards { choices, hidden, named, optional, truths, refused: false, effort }
    }
}

/// Whether somebody chooses it: the operator, or who wrote what is read from outside.
fn can_be_chosen(symbol: &Symbol) -> bool {
    let mut chosen = true;
    symbol.walk(&mut |part| {
        chosen &= match part.form() {
            Form::Input { why, .. } => matches!(why, Why::NoValue | Why::ReadAtApply),
            Form::Attribute { .. } => false,
            Form::Part { .. } => true,
            Form::Call { function, .. } => !matches!(&**function, "?:" | "==" | "!" | "&&" | "||"),
        };
    });
    chosen
}
