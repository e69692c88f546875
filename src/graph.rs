//! Resources as the code writes them, expanded into instances: where the languages end.

mod case;
mod edit;
mod number;
mod value;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::source::{Note, Span};
use crate::unknown::{ResourceId, Symbol, Unknown};

pub use crate::source::Language;
pub use case::{Allowed, Case, Choice, Guards, Look, Taken, rewritten, simplified};
pub use edit::without_key;
pub use number::Number;
pub use value::{Entries, Items, ListKind, Map, Node, Value};

/// Everything one root declares: a Terraform root module, or one template.
///
/// Two roots never share a graph; equal addresses in two roots are different resources.
#[derive(Debug, Clone)]
pub struct Graph {
    /// Path of the root's folder or template, as reports print it.
    pub root: String,
    /// The language.
    pub language: Language,
    /// Resource instances; [`ResourceId`] is the index.
    pub resources: Vec<Resource>,
    /// What could not be seen.
    pub gaps: Vec<Gap>,
    /// What its language would refuse.
    pub problems: Vec<Problem>,
    /// Values that leave the root (outputs, exports): another root may use what they name.
    pub exports: Vec<Node>,
    /// Values that others can ask for by name.
    pub offers: Vec<Offer>,
    /// Values that it asks others for.
    pub wants: Vec<Want>,
    /// Data sources that read a resource of this graph.
    pub reads: BTreeMap<ResourceId, ResourceId>,
    /// What its conditions leave to choose.
    pub guards: Guards,
}

/// A value that is found by a name: a state by its backend and key, a stack's export, a parameter.
#[derive(Debug, Clone)]
pub struct Offer {
    /// The same for whoever asks.
    pub name: Arc<str>,
    /// The Region it is in, as far as that matters; null where it does not.
    pub region: Value,
    /// The account, as a resource has it.
    pub account: Arc<str>,
    /// The value.
    pub value: Value,
}

/// A place that takes its value from an offer.
#[derive(Debug, Clone)]
pub struct Want {
    /// The offer's name.
    pub name: Arc<str>,
    /// Where it is looked for.
    pub region: Value,
    /// The account, as a resource has it.
    pub account: Arc<str>,
    /// What asks: an attribute of a data source, or a function with its argument.
    pub asked: Asked,
}

/// An address and an attribute; the attribute is empty for what is no resource, and `*` for all of one.
pub type Asked = (Arc<str>, Arc<str>);

/// What a root is told of others, by what asks for it.
pub type Known = BTreeMap<Asked, Value>;

/// Whether a text is the number of an account.
pub fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|one| one.is_ascii_digit())
}

impl Graph {
    /// An empty graph of a root.
    pub fn new(root: impl Into<String>, language: Language) -> Self {
        Self {
            root: root.into(),
            language,
            resources: Vec::new(),
            gaps: Vec::new(),
            problems: Vec::new(),
            exports: Vec::new(),
            offers: Vec::new(),
            wants: Vec::new(),
            reads: BTreeMap::new(),
            guards: Guards::default(),
        }
    }

    /// Drops what is known of managed resources of other types, and keeps what they are told of others: no
    /// more is ever asked of what nobody reads.
    pub fn forget_known(&mut self, is_read: impl Fn(&str) -> bool) {
        for resource in &mut self.resources {
            if resource.mode == Mode::Managed && !is_read(&resource.kind) {
                let body = std::mem::take(&mut resource.body).into_iter();
                resource.body = body.filter(|(_, node)| !node.value.is_known()).collect();
            }
        }
        self.resources.shrink_to_fit();
    }

    /// The resource behind an id of this graph.
    pub fn resource(&self, id: ResourceId) -> &Resource {
        &self.resources[id.0 as usize]
    }
}

/// Who owns a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mode {
    /// The code creates it: what the code does not say about it is not so.
    Managed,
    /// The code only reads it (`data`): what else it has is not known.
    Data,
}

/// One resource instance.
#[derive(Debug, Clone)]
pub struct Resource {
    /// `module.a["x"].aws_vpc.this[0]`, `data.aws_vpc.x`, or a logical id (`Child.Vpc` in a nested stack).
    pub address: Arc<str>,
    /// Managed or read.
    pub mode: Mode,
    /// `aws_vpc` or `AWS::EC2::VPC`.
    pub kind: Arc<str>,
    /// Attributes and blocks by the names of their language. A block is a list of maps, one a block,
    /// even where only one is allowed. An attribute that is null is left out.
    pub body: Entries,
    /// The block's head (`resource "aws_vpc" "main"`), or the logical id's key.
    pub span: Span,
    /// `Err` when it cannot be told whether it exists (open `count`, `for_each` or Condition).
    pub exists: Result<(), Unknown>,
    /// The Region it lives in: a string, or open.
    pub region: Value,
    /// Which account: equal texts are one account. Its number where the code writes it, else the address of a
    /// provider configuration with credentials of its own; the empty text is the default one.
    pub account: Arc<str>,
    /// The module calls (or nested stack resources) that lead here, outermost first.
    pub calls: Vec<Span>,
    /// Where a program wrote the code: the path under which the program's author knows it.
    pub construct: Option<Arc<str>>,
}

impl Resource {
    /// All of the resource as one value: what is written, and what AWS computes by name.
    pub fn whole(&self, id: ResourceId) -> Value {
        let data = self.mode == Mode::Data;
        let symbol = |name: &str| Symbol::attribute(id, Arc::clone(&self.address), data, name);
        let entry = |(name, node): (&Arc<str>, &Node)| {
            (Arc::clone(name), Node::new(node.value.within(&symbol(name)), node.span))
        };
        let entries = self.body.iter().map(entry).collect();
        Value::Map(Arc::new(Map { uniform: false, entries, rest: Some(symbol("")) }))
    }
}

/// A part of the root that could not be seen: an unresolved module, a block that does not parse.
#[derive(Debug, Clone)]
pub struct Gap {
    /// `module.vpc`, or the file.
    pub name: Arc<str>,
    /// Why.
    pub unknown: Unknown,
    /// The call, or the place of the fault.
    pub span: Span,
    /// What it was given: it can only touch resources that it is told of. `None`: it can touch anything.
    pub given: Option<Vec<Symbol>>,
}

/// Something that its language would refuse, or that it takes and nobody means.
#[derive(Debug, Clone)]
pub struct Problem {
    /// Where.
    pub span: Span,
    /// What, as a sentence without a full stop.
    pub message: String,
    /// Other places that have a part in it.
    pub labels: Vec<Note>,
    /// What the language makes of it all the same; `None`: it refuses the file.
    pub taken: Option<&'static str>,
}

impl Problem {
    /// A problem at one place.
    pub fn new(span: Span, message: impl Into<String>) -> Self {
        Self { span, message: message.into(), labels: Vec::new(), taken: None }
    }
}
