//! What cannot be told from the code: symbols with an identity, and the reason.
//!
//! Two uses of `var.vpc_id` are the same symbol and therefore equal, although nobody knows the value.
//! A pure function of symbols is a symbol again, so equality survives `trimprefix(x.endpoint, …)`.

use hashbrown::DefaultHashBuilder;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{BuildHasher, Hash, Hasher};
use std::sync::{Arc, LazyLock};

/// A resource instance of one graph, by its position there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ResourceId(pub u32);

/// Why a value cannot be told.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Why {
    /// A variable or parameter without a value in the code.
    NoValue,
    /// AWS decides it when the resource is created.
    KnownAfterApply,
    /// It is read from the account, or from another state or stack.
    ReadAtApply,
    /// It comes out of a module or nested stack whose source is not at hand.
    UnresolvedModule,
    /// It stands in, or depends on, a file that cannot be parsed.
    Unparsable,
    /// A form of the language that this program does not evaluate; the text names it.
    NotEvaluated(Arc<str>),
    /// The code would be refused; the text says why.
    Invalid(Arc<str>),
    /// The step or size budget ran out.
    Budget,
    /// This program failed at it; the text is the failure.
    Bug(Arc<str>),
    /// `lifecycle.ignore_changes` names it: what is there may differ from what is written.
    IgnoredChanges,
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoValue => f.write_str("has no value in the code"),
            Self::KnownAfterApply => f.write_str("is known only after apply"),
            Self::ReadAtApply => f.write_str("is read from outside the code"),
            Self::UnresolvedModule => {
                f.write_str("comes from a module whose source is not at hand")
            }
            Self::Unparsable => f.write_str("depends on a file that cannot be parsed"),
            Self::NotEvaluated(what) => write!(f, "uses {what}, which is not evaluated"),
            Self::Invalid(what) => write!(f, "is not valid: {what}"),
            Self::Budget => f.write_str("is too large to evaluate"),
            Self::Bug(_) => f.write_str("depends on a file at which this program failed"),
            Self::IgnoredChanges => f.write_str("may differ: lifecycle.ignore_changes names it"),
        }
    }
}

/// One step into a value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// `.name`, or `["name"]`.
    Name(Arc<str>),
    /// `[0]`.
    Index(u64),
}

/// An operand of a call that could not be carried out.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Operand {
    /// A value that cannot be told.
    Symbol(Symbol),
    /// A known string.
    Text(Arc<str>),
    /// Any other known value, in its canonical text (JSON).
    Literal(Arc<str>),
    /// A known list some of whose elements may be symbols.
    List(Arc<[Operand]>),
}

/// What a symbol stands for.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Form {
    /// An input of the code: `var.vpc_id`, `VpcId`, `module.vpc.vpc_id`.
    Input {
        /// As the code names it.
        name: Arc<str>,
        /// Why it is open.
        why: Why,
    },
    /// An attribute of a resource that the code does not set: `aws_vpc.main.id`.
    Attribute {
        /// The resource instance.
        resource: ResourceId,
        /// Its address, for messages.
        address: Arc<str>,
        /// `true` for a data source, whose resource may be any that exists.
        data: bool,
        /// The attribute as the language spells it; `id` for CloudFormation's `Ref`.
        name: Arc<str>,
    },
    /// A part of a symbol: `var.subnets[0]`.
    Part {
        /// The whole.
        of: Symbol,
        /// The way in.
        step: Step,
    },
    /// A pure function of operands of which at least one is open.
    Call {
        /// The function's name; `template` for interpolation, `?:` for a conditional, `+` and so on.
        function: Arc<str>,
        /// In order.
        operands: Box<[Operand]>,
    },
}

/// A value that cannot be told, with its identity.
#[derive(Debug, Clone)]
pub struct Symbol(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    size: u32,
    /// Of the form: symbols are compared and looked up all the time, and most are unlike.
    hash: u64,
    form: Form,
}

/// Equal forms have equal hashes for as long as the program runs.
static HASHES: LazyLock<DefaultHashBuilder> = LazyLock::new(DefaultHashBuilder::default);

impl PartialEq for Symbol {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0.hash == other.0.hash && self.0.form == other.0.form
    }
}

impl Eq for Symbol {}

impl Hash for Symbol {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash.hash(state);
    }
}

impl PartialOrd for Symbol {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Symbol {
    fn cmp(&self, other: &Self) -> Ordering {
        if Arc::ptr_eq(&self.0, &other.0) {
            return Ordering::Equal;
        }
        (self.0.size, &self.0.form).cmp(&(other.0.size, &other.0.form))
    }
}

/// A symbol built of more parts than this is replaced by one that only keeps its inputs.
const MAX_SIZE: u32 = 64;

/// `aws_vpc.a.id`; of a resource as a whole its address.
fn attribute_of(address: &str, name: &str) -> Arc<str> {
    if name.is_empty() { address.into() } else { format!("{address}.{name}").into() }
}

impl Symbol {
    /// An input that is open for a reason.
    pub fn input(name: impl Into<Arc<str>>, why: Why) -> Self {
        Self::make(1, Form::Input { name: name.into(), why })
    }

    /// An attribute of a resource that the code does not set.
    pub fn attribute(
        resource: ResourceId,
        address: impl Into<Arc<str>>,
        data: bool,
        name: impl Into<Arc<str>>,
    ) -> Self {
        let (address, name) = (address.into(), name.into());
        Self::make(1, Form::Attribute { resource, address, data, name })
    }

    /// A part of this symbol.
    #[must_use]
    pub fn part(&self, step: Step) -> Self {
        let size = self.0.size.saturating_add(1);
        if size > MAX_SIZE {
            return self.clone();
        }
        Self::make(size, Form::Part { of: self.clone(), step })
    }

    /// A pure function of operands. `None` when it would grow beyond what is kept: the caller then
    /// names a fresh input, because two such values must not become equal by being cut short.
    pub fn call(function: impl Into<Arc<str>>, operands: Vec<Operand>) -> Option<Self> {
        Self::try_call(function, operands).ok()
    }

    /// The same; `Err` gives the operands back.
    pub fn try_call(
        function: impl Into<Arc<str>>,
        operands: Vec<Operand>,
    ) -> Result<Self, Vec<Operand>> {
        let size = operands.iter().map(Operand::size).fold(1u32, u32::saturating_add);
        if size > MAX_SIZE {
            return Err(operands);
        }
        let function = function.into();
        Ok(Self::make(size, Form::Call { function, operands: operands.into() }))
    }

    fn make(size: u32, form: Form) -> Self {
        Self(Arc::new(Inner { size, hash: HASHES.hash_one(&form), form }))
    }

    /// What it stands for.
    pub fn form(&self) -> &Form {
        &self.0.form
    }

    /// Calls `visit` on this symbol and on every symbol inside it.
    pub fn walk(&self, visit: &mut impl FnMut(&Symbol)) {
        visit(self);
        match self.form() {
            Form::Input { .. } | Form::Attribute { .. } => {}
            Form::Part { of, .. } => of.walk(visit),
            Form::Call { operands, .. } => operands.iter().for_each(|operand| operand.walk(visit)),
        }
    }

    /// The same symbol with other leaves, where `leaf` gives one.
    #[must_use]
    pub fn rewrite(&self, leaf: &mut dyn FnMut(&Symbol) -> Option<Symbol>) -> Self {
        match self.form() {
            Form::Input { .. } | Form::Attribute { .. } => {
                leaf(self).unwrap_or_else(|| self.clone())
            }
            Form::Part { of, step } => {
                let form = Form::Part { of: of.rewrite(leaf), step: step.clone() };
                Self::make(self.0.size, form)
            }
            Form::Call { function, operands } => {
                let operands = operands.iter().map(|operand| operand.rewrite(leaf)).collect();
                Self::make(self.0.size, Form::Call { function: Arc::clone(function), operands })
            }
        }
    }

    /// The inputs it rests on, with the reason each is open.
    pub fn unknown(&self) -> Unknown {
        if let Some(input) = self.leaf() {
            return Unknown::of_one(input);
        }
        let (mut inputs, mut first) = (Vec::new(), Vec::new());
        self.walk(&mut |symbol| inputs.extend(symbol.leaf()));
        self.first(&mut first);
        let reason = |input: Input| Reason { first: first.contains(&input.name), input };
        Unknown::of(inputs.into_iter().map(reason).collect())
    }

    /// The input that it is, where it is not made of others.
    fn leaf(&self) -> Option<Input> {
        match self.form() {
            Form::Input { name, why } => Some(Input { name: Arc::clone(name), why: why.clone() }),
            Form::Attribute { address, data, name, .. } => {
                let why = if *data { Why::ReadAtApply } else { Why::KnownAfterApply };
                Some(Input { name: attribute_of(address, name), why })
            }
            Form::Part { .. } | Form::Call { .. } => None,
        }
    }

    /// Adds the names of the inputs to ask about first: of what a condition guards nothing matters before the
    /// condition is decided.
    fn first(&self, names: &mut Vec<Arc<str>>) {
        match self.form() {
            Form::Input { .. } | Form::Attribute { .. } => {
                names.extend(self.leaf().map(|input| input.name));
            }
            Form::Part { of, .. } => of.first(names),
            Form::Call { function, operands } => first_of(function, operands, names),
        }
    }

    /// Whether an attribute of `resource` stands anywhere inside.
    pub fn mentions(&self, resource: ResourceId) -> bool {
        let mut found = false;
        self.walk(&mut |symbol| {
            found |= matches!(symbol.form(), Form::Attribute { resource: r, .. } if *r == resource);
        });
        found
    }
}

impl fmt::Display for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.form() {
            Form::Input { name, .. } => f.write_str(name),
            Form::Attribute { address, name, .. } => write!(f, "{address}.{name}"),
            Form::Part { of, step: Step::Name(name) } => write!(f, "{of}.{name}"),
            Form::Part { of, step: Step::Index(index) } => write!(f, "{of}[{index}]"),
            Form::Call { function, operands } => {
                write!(f, "{function}(")?;
                write_list(f, operands)?;
                f.write_str(")")
            }
        }
    }
}

/// Adds the names of the inputs to ask about first, where a function cannot be carried out.
pub fn first_of(function: &str, operands: &[Operand], names: &mut Vec<Arc<str>>) {
    let (in_turn, before) = (matches!(function, "?:" | "&&" | "||"), names.len());
    for operand in operands {
        operand.first(names);
        if in_turn && names.len() > before {
            return;
        }
    }
}

fn write_list(f: &mut fmt::Formatter<'_>, operands: &[Operand]) -> fmt::Result {
    for (index, operand) in operands.iter().enumerate() {
        if index > 0 {
            f.write_str(", ")?;
        }
        match operand {
            Operand::Symbol(symbol) => write!(f, "{symbol}")?,
            Operand::Text(text) => write!(f, "{text:?}")?,
            Operand::Literal(text) => f.write_str(text)?,
            Operand::List(items) => {
                f.write_str("[")?;
                write_list(f, items)?;
                f.write_str("]")?;
            }
        }
    }
    Ok(())
}

impl Operand {
    fn size(&self) -> u32 {
        match self {
            Self::Symbol(symbol) => symbol.0.size,
            Self::Text(_) | Self::Literal(_) => 1,
            Self::List(items) => items.iter().map(Self::size).fold(1, u32::saturating_add),
        }
    }

    fn first(&self, names: &mut Vec<Arc<str>>) {
        match self {
            Self::Symbol(symbol) => symbol.first(names),
            Self::Text(_) | Self::Literal(_) => {}
            Self::List(items) => items.iter().for_each(|item| item.first(names)),
        }
    }

    fn rewrite(&self, leaf: &mut dyn FnMut(&Symbol) -> Option<Symbol>) -> Self {
        match self {
            Self::Symbol(symbol) => Self::Symbol(symbol.rewrite(leaf)),
            Self::List(items) => Self::List(items.iter().map(|it| it.rewrite(leaf)).collect()),
            Self::Text(_) | Self::Literal(_) => self.clone(),
        }
    }

    /// Calls `visit` on every symbol inside.
    pub fn walk(&self, visit: &mut impl FnMut(&Symbol)) {
        match self {
            Self::Symbol(symbol) => symbol.walk(visit),
            Self::Text(_) | Self::Literal(_) => {}
            Self::List(items) => items.iter().for_each(|item| item.walk(visit)),
        }
    }
}

/// An input that a verdict waits for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Input {
    /// As the code names it.
    pub name: Arc<str>,
    /// Why it is open.
    pub why: Why,
}

impl Input {
    /// Why it is open, as it is said after its name.
    pub fn reason(&self) -> String {
        let said = self.why.to_string();
        if is_many(&self.name) { of_many(&said) } else { said }
    }
}

/// Why a question has no answer: the inputs that would decide it.
///
/// It is handed on from question to question, and seldom looked into: one copy for all.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Unknown(Arc<[Reason]>);

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Reason {
    input: Input,
    /// Whether it is to be asked about first.
    first: bool,
}

impl Unknown {
    /// Open because of one input.
    pub fn new(name: impl Into<Arc<str>>, why: Why) -> Self {
        Self::of_one(Input { name: name.into(), why })
    }

    fn of_one(input: Input) -> Self {
        Self([Reason { input, first: true }].into())
    }

    /// Each input once, in order.
    fn of(mut reasons: Vec<Reason>) -> Self {
        reasons.sort_unstable();
        reasons.dedup_by(|next, before| {
            let same = next.input == before.input;
            before.first |= same && next.first;
            same
        });
        Self(reasons.into())
    }

    /// At least one, in order.
    pub fn inputs(&self) -> impl Iterator<Item = &Input> {
        self.0.iter().map(|reason| &reason.input)
    }

    /// The names of those to ask about first, in order.
    pub fn first(&self) -> impl Iterator<Item = &Arc<str>> {
        self.0.iter().filter(|reason| reason.first).map(|reason| &reason.input.name)
    }

    /// The same with other names of inputs.
    #[must_use]
    pub fn renamed(&self, name: impl Fn(&Input) -> Arc<str>) -> Self {
        let named = |reason: &Reason| {
            let input = Input { name: name(&reason.input), why: reason.input.why.clone() };
            Reason { input, first: reason.first }
        };
        Self::of(self.0.iter().map(named).collect())
    }

    /// Open because of either.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        if self.holds(&other) {
            return self;
        }
        if other.holds(&self) {
            return other;
        }
        Self::of([&*self.0, &*other.0].concat())
    }

    /// Open because of all of these, of which there may be many.
    pub fn of_all(all: impl IntoIterator<Item = Self>) -> Option<Self> {
        let mut all: Vec<Self> = all.into_iter().collect();
        all.dedup_by(|next, before| Arc::ptr_eq(&next.0, &before.0));
        if all.len() < 2 {
            return all.pop();
        }
        Some(Self::of(all.iter().flat_map(|one| one.0.iter()).cloned().collect()))
    }

    fn holds(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
            || self.0.len() >= other.0.len()
                && other.0.iter().all(|one| self.0.binary_search(one).is_ok())
    }
}

impl fmt::Display for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, input) in self.inputs().enumerate() {
            let comma = if index > 0 { "; " } else { "" };
            write!(f, "{comma}{} {}", input.name, input.reason())?;
        }
        Ok(())
    }
}

/// Whether a name is of several things: "the subnets of …".
fn is_many(name: &str) -> bool {
    let noun = name.strip_prefix("the ").and_then(|name| name.split(" of ").next());
    noun.is_some_and(|noun| noun.ends_with('s') && !noun.ends_with("ss"))
}

/// What is said of one thing, of several: "is read" becomes "are read".
fn of_many(said: &str) -> String {
    let (verb, rest) = said.split_once(' ').unwrap_or((said, ""));
    let verb = match verb {
        "is" => "are",
        "has" => "have",
        other => other.strip_suffix('s').unwrap_or(other),
    };
    format!("{verb} {rest}")
}
