//! What conditions compare: the choices that decide them.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use crate::graph::{Allowed, Case, Choice, Guards};
use crate::unknown::{Form, Symbol, Why};

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
    hidden: BTreeMap<Arc<str>, BTreeSet<Arc<str>>>,
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

    /// Notes what a value hangs on that is too large to be kept.
    pub(super) fn hide(&mut self, name: Arc<str>, first: &BTreeSet<Arc<str>>) {
        let shown = |name: &Arc<str>| match self.hidden.get(name) {
            Some(names) => names.iter().cloned().collect(),
            None => vec![Arc::clone(name)],
        };
        let names = first.iter().flat_map(shown).take(MAX_FIRST).collect();
        self.hidden.insert(name, names);
    }

    /// Notes a condition that is decided.
    pub(super) fn decided(&mut self, name: Arc<str>, truth: bool) {
        self.truths.insert(name, truth);
    }

    pub(super) fn guards(self, effort: u64) -> Guards {
        let Self { choices, hidden, truths, .. } = self;
        Guards { choices, hidden, truths, refused: false, effort }
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
