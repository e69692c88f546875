//! Cases: what symbols are taken to be, one value of those that the code compares them with after the other.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use crate::unknown::{Form, Operand, ResourceId, Symbol};

/// What a symbol is taken to be.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Taken {
    /// This text.
    Is(Arc<str>),
    /// Any other than these.
    NoneOf(BTreeSet<Arc<str>>),
}

/// What some symbols are taken to be; nothing is said of the others. Texts of one symbol exclude each other.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Case(BTreeMap<Symbol, Taken>);

/// How a graph is read once more.
#[derive(Debug, Clone, Copy)]
pub struct Look<'a> {
    /// What its symbols are taken to be.
    pub case: &'a Case,
    /// The addresses of resources that nothing notices: they stand there by name alone, without a type.
    pub unnoticed: &'a BTreeSet<Arc<str>>,
}

impl Look<'_> {
    /// As the code stands, and all of it.
    pub fn at_all() -> Self {
        static ANY: Case = Case::ANY;
        static NONE: BTreeSet<Arc<str>> = BTreeSet::new();
        Self { case: &ANY, unnoticed: &NONE }
    }
}

/// A symbol that the code compares with texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What is compared.
    pub symbol: Symbol,
    /// The texts, as far as it is not decided whether it is they.
    pub values: BTreeSet<Arc<str>>,
    /// All texts that it can be, where the code says so.
    pub allowed: Option<BTreeSet<Arc<str>>>,
}

/// What a graph leaves to choose, and what it says where something has been chosen.
#[derive(Debug, Clone, Default)]
pub struct Guards {
    /// What conditions compare, in the order in which they are met.
    pub choices: Vec<Choice>,
    /// Names of values that are too large to keep, and the inputs to ask about first.
    pub hidden: BTreeMap<Arc<str>, BTreeSet<Arc<str>>>,
    /// The resources that such values name.
    pub named: BTreeSet<ResourceId>,
    /// The inputs that are left out, as their empty defaults say, and that a condition asks about: an
    /// operator may give them.
    pub optional: BTreeSet<Symbol>,
    /// The conditions that have a name and are decided.
    pub truths: BTreeMap<Arc<str>, bool>,
    /// Whether nothing can be deployed as it stands: what exists needs what does not.
    pub refused: bool,
    /// How many steps it took to evaluate all.
    pub effort: u64,
}

impl Guards {
    /// Adds what another graph leaves to choose: what both compare is one choice.
    pub fn add(&mut self, other: Self) {
        for choice in other.choices {
            match self.choices.iter_mut().find(|own| own.symbol == choice.symbol) {
                Some(own) => own.values.extend(choice.values),
                None => self.choices.push(choice),
            }
        }
        self.hidden.extend(other.hidden);
        self.named.extend(other.named);
        self.optional.extend(other.optional);
        self.truths.extend(other.truths);
        self.refused |= other.refused;
        self.effort = self.effort.saturating_add(other.effort);
    }
}

impl Case {
    /// Every case: nothing is said of any symbol.
    pub const ANY: Self = Self(BTreeMap::new());

    /// The case in which it is open what some symbols are, whatever their defaults say.
    pub fn open(symbols: &BTreeSet<Symbol>) -> Self {
        let any = |symbol: &Symbol| (symbol.clone(), Taken::NoneOf(BTreeSet::new()));
        Self(symbols.iter().map(any).collect())
    }

    /// This case, but for the symbols of which another says something.
    #[must_use]
    pub fn then(&self, other: &Self) -> Self {
        let mut case = self.clone();
        case.0.extend(other.0.iter().map(|(symbol, taken)| (symbol.clone(), taken.clone())));
        case
    }

    /// This case with other leaves of its symbols.
    #[must_use]
    pub fn rewritten(&self, leaf: &mut dyn FnMut(&Symbol) -> Option<Symbol>) -> Self {
        let one = |(symbol, taken): (&Symbol, &Taken)| (rewritten(symbol, leaf), taken.clone());
        Self(self.0.iter().map(one).collect())
    }

    /// What a symbol is taken to be.
    pub fn get(&self, symbol: &Symbol) -> Option<&Taken> {
        self.0.get(symbol)
    }

    /// The text that a symbol is taken to be.
    pub fn text(&self, symbol: &Symbol) -> Option<&Arc<str>> {
        match self.get(symbol) {
            Some(Taken::Is(text)) => Some(text),
            Some(Taken::NoneOf(_)) | None => None,
        }
    }

    /// Whether a symbol is a text, where this case says so.
    pub fn equals(&self, symbol: &Symbol, text: &Arc<str>) -> Option<bool> {
        match self.get(symbol)? {
            Taken::Is(other) => Some(other == text),
            Taken::NoneOf(others) => others.contains(text).then_some(false),
        }
    }

    /// This case, and what one more symbol is taken to be.
    #[must_use]
    pub fn with(&self, symbol: Symbol, taken: Taken) -> Self {
        let mut case = self.clone();
        case.0.insert(symbol, taken);
        case
    }

    /// What it says, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&Symbol, &Taken)> {
        self.0.iter()
    }

    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether each symbol is taken to be a text that the code names; an empty one says nothing, and that
    /// two are equal names neither.
    pub fn is_named(&self) -> bool {
        self.iter().all(|(symbol, taken)| {
            matches!(taken, Taken::Is(text) if !text.is_empty()) && equality(symbol).is_none()
        })
    }

    /// Whether all that `other` says is so in this case.
    pub fn implies(&self, other: &Self) -> bool {
        other.iter().all(|(symbol, theirs)| match (self.get(symbol), theirs) {
            (Some(Taken::Is(own)), Taken::Is(text)) => own == text,
            (Some(Taken::Is(own)), Taken::NoneOf(texts)) => !texts.contains(own),
            (Some(Taken::NoneOf(own)), Taken::NoneOf(texts)) => own.is_superset(texts),
            (Some(Taken::NoneOf(_)), Taken::Is(_)) | (None, _) => false,
        })
    }

    /// The one case that says the same as both, where they differ in one symbol only.
    fn joined(&self, other: &Self) -> Option<Self> {
        if self.0.len() != other.0.len() || !self.0.keys().eq(other.0.keys()) {
            return None;
        }
        let mut differing = self.iter().filter(|(symbol, own)| other.get(symbol) != Some(own));
        let (Some((symbol, own)), None) = (differing.next(), differing.next()) else { return None };
        let (text, mut others) = match (own, other.get(symbol)?) {
            (Taken::Is(text), Taken::NoneOf(others)) | (Taken::NoneOf(others), Taken::Is(text)) => {
                (text, others.clone())
            }
            _ => return None,
        };
        others.remove(text).then(|| {
            let mut case = self.clone();
            if others.is_empty() {
                case.0.remove(symbol);
            } else {
                case.0.insert(symbol.clone(), Taken::NoneOf(others));
            }
            case
        })
    }

    /// This case without a symbol, where `all` hold every text that it can be.
    fn freed(&self, all: &[Self], allowed: &Allowed) -> Option<Self> {
        self.iter().find_map(|(symbol, _)| {
            let texts = allowed.get(symbol)?;
            let every = texts.iter().all(|text| {
                let one = self.with(symbol.clone(), Taken::Is(Arc::clone(text)));
                all.iter().any(|case| one.implies(case))
            });
            every.then(|| {
                let mut case = self.clone();
                case.0.remove(symbol);
                case
            })
        })
    }
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, (symbol, taken)) in self.iter().enumerate() {
            f.write_str(if at > 0 { ", " } else { "" })?;
            let shown = |text: &Arc<str>| {
                if text.is_empty() { "\"\"".to_owned() } else { text.to_string() }
            };
            match taken {
                Taken::Is(text) if let Some((one, other)) = equality(symbol) => {
                    let verb = if &**text == "true" { "=" } else { "is not" };
                    write!(f, "{one} {verb} {other}")?;
                }
                Taken::Is(text) => write!(f, "{symbol} = {}", shown(text))?,
                Taken::NoneOf(texts) => {
                    let texts: Vec<_> = texts.iter().map(shown).collect();
                    write!(f, "{symbol} is not {}", texts.join(" or "))?;
                }
            }
        }
        Ok(())
    }
}

/// What is chosen, with other leaves. Of two that may be equal none is the first by its nature.
pub fn rewritten(symbol: &Symbol, leaf: &mut dyn FnMut(&Symbol) -> Option<Symbol>) -> Symbol {
    let symbol = symbol.rewrite(leaf);
    match equality(&symbol) {
        Some((one, other)) if one > other => {
            let operands = vec![Operand::Symbol(other.clone()), Operand::Symbol(one.clone())];
            Symbol::call("==", operands).unwrap_or(symbol)
        }
        _ => symbol,
    }
}

/// The symbols that a symbol says to be equal.
fn equality(symbol: &Symbol) -> Option<(&Symbol, &Symbol)> {
    match symbol.form() {
        Form::Call { function, operands } if &**function == "==" => match &**operands {
            [Operand::Symbol(one), Operand::Symbol(other)] => Some((one, other)),
            _ => None,
        },
        _ => None,
    }
}

impl Choice {
    /// The cases of this choice within what it is taken to be so far: they exclude each other, and one
    /// of them is so.
    pub fn alternatives(&self, within: &Case) -> Vec<Taken> {
        let mut excluded = match within.get(&self.symbol) {
            Some(Taken::NoneOf(texts)) => texts.clone(),
            Some(Taken::Is(_)) => return Vec::new(),
            None => BTreeSet::new(),
        };
        let can_be = |text: &&Arc<str>| {
            !excluded.contains(*text)
                && self.allowed.as_ref().is_none_or(|allowed| allowed.contains(*text))
        };
        let texts: Vec<_> = self.values.iter().filter(can_be).cloned().collect();
        excluded.extend(texts.iter().cloned());
        let mut all: Vec<_> = texts.into_iter().map(Taken::Is).collect();
        let left = self.allowed.as_ref().map(|allowed| allowed.difference(&excluded));
        match left.map(|left| left.cloned().collect::<Vec<_>>()).as_deref() {
            Some([]) => {}
            Some([last]) => all.push(Taken::Is(Arc::clone(last))),
            Some(_) | None => all.push(Taken::NoneOf(excluded)),
        }
        all
    }
}

/// All texts that symbols can be, where the code says so.
pub type Allowed = BTreeMap<Symbol, BTreeSet<Arc<str>>>;

/// The fewest and most general cases that together say what `cases` say.
pub fn simplified(mut cases: Vec<Case>, allowed: &Allowed) -> Vec<Case> {
    loop {
        cases.sort();
        cases.dedup();
        let all = cases.clone();
        cases.retain(|case| !all.iter().any(|other| other != case && case.implies(other)));
        let pairs = cases.iter().enumerate();
        let joined = pairs.flat_map(|(at, a)| cases[at + 1..].iter().map(move |b| (a, b)));
        let more = joined.into_iter().find_map(|(a, b)| a.joined(b));
        let more = more.or_else(|| cases.iter().find_map(|case| case.freed(&cases, allowed)));
        match more {
            Some(case) => cases.push(case),
            None => return cases,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::unknown::Why;

    fn symbol(name: &str) -> Symbol {
        Symbol::input(name, Why::NoValue)
    }

    fn texts(all: &[&str]) -> BTreeSet<Arc<str>> {
        all.iter().map(|&text| text.into()).collect()
    }

    /// All assignments of two symbols, `other` standing for what no condition mentions.
    fn assignments() -> Vec<Case> {
        let values = ["dev", "prod", "other"];
        let is = |text: &str| Taken::Is(text.into());
        let one =
            |a| values.map(|b| Case::default().with(symbol("A"), is(a)).with(symbol("B"), is(b)));
        values.into_iter().flat_map(one).collect()
    }

    /// Every case over two symbols.
    fn all_cases() -> Vec<Case> {
        let taken = [
            None,
            Some(Taken::Is("dev".into())),
            Some(Taken::Is("prod".into())),
            Some(Taken::NoneOf(texts(&["dev"]))),
            Some(Taken::NoneOf(texts(&["dev", "prod"]))),
        ];
        let mut all = Vec::new();
        for a in &taken {
            for b in &taken {
                let with = |case: Case, name, taken: &Option<Taken>| match taken {
                    Some(taken) => case.with(symbol(name), taken.clone()),
                    None => case,
                };
                all.push(with(with(Case::default(), "A", a), "B", b));
            }
        }
        all
    }

    /// Simplifying changes nothing for any assignment, and leaves nothing that another case says.
    #[test]
    fn simplifying_keeps_the_meaning() {
        let (cases, points) = (all_cases(), assignments());
        let holds = |cases: &[Case], point: &Case| cases.iter().any(|case| point.implies(case));
        let mut closed = Allowed::new();
        closed.insert(symbol("A"), texts(&["dev", "prod"]));
        for allowed in [Allowed::new(), closed] {
            let possible = |point: &&Case| {
                point.iter().all(|(symbol, taken)| match (allowed.get(symbol), taken) {
                    (Some(texts), Taken::Is(text)) => texts.contains(text),
                    _ => true,
                })
            };
            for a in &cases {
                for b in &cases {
                    for c in cases.iter().step_by(3) {
                        let given = vec![a.clone(), b.clone(), c.clone()];
                        let simple = simplified(given.clone(), &allowed);
                        for point in points.iter().filter(possible) {
                            assert_eq!(holds(&given, point), holds(&simple, point), "{given:?}");
                        }
                        let every = points.iter().filter(possible).all(|it| holds(&given, it));
                        let one_symbol = given.iter().all(|case| case.get(&symbol("B")).is_none());
                        if every && one_symbol {
                            assert_eq!(simple, [Case::default()], "{given:?}");
                        }
                    }
                }
            }
        }
    }

    /// The alternatives of a choice exclude each other, and each possible text is in one of them.
    #[test]
    fn alternatives_divide_what_is_possible() {
        for allowed in [None, Some(texts(&["dev", "prod"])), Some(texts(&["dev", "x", "y"]))] {
            for values in [texts(&["dev"]), texts(&["dev", "prod"]), texts(&["never"])] {
                for within in [None, Some(Taken::NoneOf(texts(&["dev"])))] {
                    let choice = Choice {
                        symbol: symbol("A"),
                        values: values.clone(),
                        allowed: allowed.clone(),
                    };
                    let before = within.clone().map_or_else(Case::default, |taken| {
                        Case::default().with(symbol("A"), taken)
                    });
                    let cases: Vec<Case> = choice
                        .alternatives(&before)
                        .into_iter()
                        .map(|taken| before.with(symbol("A"), taken))
                        .collect();
                    for text in ["dev", "prod", "never", "x", "y", "z"] {
                        let point = Case::default().with(symbol("A"), Taken::Is(text.into()));
                        let possible = allowed.as_ref().is_none_or(|it| it.contains(text))
                            && point.implies(&before);
                        let found = cases.iter().filter(|case| point.implies(case)).count();
                        if possible {
                            assert_eq!(found, 1, "{text} in {cases:?}");
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn says_what_is_taken() {
        let case = Case::default()
            .with(symbol("Env"), Taken::Is("prod".into()))
            .with(symbol("Vpc"), Taken::NoneOf(texts(&["", "none"])));
        assert_eq!(case.to_string(), "Env = prod, Vpc is not \"\" or none");
    }
}
