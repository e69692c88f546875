//! Reading a resource's fields once, by both names: `fields.parse("cidr_block", "CidrBlock")`.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::Arc;

use crate::graph::{Entries, Graph, Language, Map, Mode, Node, Value};
use crate::source::Span;
use crate::unknown::{Unknown, Why};

use super::attr::{Attr, Item, Many, Rest};
use super::id::{Id, Key, Registry};

/// A kind of AWS resource that the model holds.
pub trait Kind: Sized {
    /// Its Terraform types; a data source of the same name is of this kind too.
    const TERRAFORM: &'static [&'static str];
    /// Its CloudFormation types.
    const CLOUDFORMATION: &'static [&'static str];
    /// Further attributes of its own that identify it, beside `id` and `arn`.
    const NAMES: &'static [&'static str] = &[];
    /// The field with what it is called, where others name it by that: a cluster, a launch template.
    const CALLED: (&'static str, &'static str) = ("", "");
    /// Attributes of other resources that mean a thing of this kind which the resource brings along.
    const DERIVED: &'static [(&'static str, &'static str)] = &[];

    /// Resources whose id is the one of what an attribute of theirs names: an acceptance has the id of
    /// what it accepts.
    const STAND_INS: &'static [(&'static str, &'static str)] = &[];

    /// Reads its fields.
    fn read(fields: &Fields<'_>) -> Self;

    /// What a resource that this code manages brings along, before anything is added to it.
    fn derived(_role: &str) -> Option<Self> {
        None
    }

    /// Whether a type is of this kind.
    fn is(kind: &str) -> bool {
        Self::TERRAFORM.contains(&kind) || Self::CLOUDFORMATION.contains(&kind)
    }

    /// Tells kinds apart.
    fn tag() -> &'static str {
        std::any::type_name::<Self>()
    }
}

/// A value that a field can be read as.
pub trait Parse: Sized {
    /// What it must be, for a message: "a CIDR block".
    const WANTED: &'static str;

    /// Reads a value that is neither null nor open.
    fn parse(value: &Value, context: &Context<'_>) -> Option<Self>;

    /// Reads an open value: some types can still say what they are.
    fn open(_symbol: &crate::unknown::Symbol, _context: &Context<'_>) -> Option<Self> {
        None
    }
}

/// What a field's type may look at beside the value.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    pub(super) registry: &'a Registry<'a>,
}

impl Context<'_> {
    /// The graph being read.
    pub(super) fn graph(&self) -> &Graph {
        self.registry.graph
    }
}

/// The attributes that are read, where somebody wants to know; `None` once all of a resource is.
pub(super) type Asked = RefCell<Option<BTreeSet<String>>>;

/// The fields of one resource or block.
#[derive(Debug, Clone, Copy)]
pub struct Fields<'a> {
    /// `None` for a thing that is only named.
    body: Option<&'a Entries>,
    /// The type as written; empty for a block or a thing that is only named.
    pub(super) kind: &'a str,
    /// Where it stands.
    pub(super) span: Span,
    language: Language,
    /// What an absent field is: a default, or (data sources, named things) open.
    absent: Option<&'a Unknown>,
    pub(super) context: Context<'a>,
    /// Where it is noted which of them are read.
    asked: Option<&'a Asked>,
}

impl<'a> Fields<'a> {
    pub(super) fn of(
        context: Context<'a>,
        resource: &'a crate::graph::Resource,
        open: Option<&'a Unknown>,
    ) -> Self {
        let absent = if resource.mode == Mode::Data { open } else { None };
        Self {
            body: Some(&resource.body),
            kind: &resource.kind,
            span: resource.span,
            language: context.graph().language,
            absent,
            context,
            asked: None,
        }
    }

    pub(super) fn unread(context: Context<'a>, span: Span, open: &'a Unknown) -> Self {
        let language = context.graph().language;
        Self { body: None, kind: "", span, language, absent: Some(open), context, asked: None }
    }

    /// The same, with a note of each that is read.
    pub(super) fn noted(self, asked: &'a Asked) -> Self {
        Self { asked: Some(asked), ..self }
    }

    /// Which language the resource is written in: their defaults differ here and there.
    pub(super) fn is_terraform(&self) -> bool {
        self.language == Language::Terraform
    }

    /// Whether the code writes the field at all.
    pub(super) fn has(&self, terraform: &str, cloudformation: &str) -> bool {
        self.node(terraform, cloudformation).is_some()
    }

    pub(super) fn node(&self, terraform: &str, cloudformation: &str) -> Option<&'a Node> {
        let name = if self.is_terraform() { terraform } else { cloudformation };
        if let Some(Some(asked)) = self.asked.map(RefCell::borrow_mut).as_deref_mut() {
            asked.insert(name.to_owned());
        }
        self.body?.get(name).filter(|node| node.value != Value::Null)
    }

    /// A field that may be left out.
    pub fn parse<T: Parse>(&self, terraform: &str, cloudformation: &str) -> Attr<Option<T>> {
        match self.node(terraform, cloudformation) {
            Some(node) => match self.value::<T>(node) {
                Ok(value) => Attr::Set(Some(value), node.span),
                Err(unknown) => Attr::Unknown(unknown, Some(node.span)),
            },
            None => self.absent(None),
        }
    }

    /// A field with a default.
    pub fn or<T: Parse>(&self, terraform: &str, cloudformation: &str, default: T) -> Attr<T> {
        match self.parse(terraform, cloudformation) {
            Attr::Set(Some(value), span) => Attr::Set(value, span),
            Attr::Set(None, _) | Attr::Default(_) => Attr::Default(default),
            Attr::Unknown(unknown, span) => Attr::Unknown(unknown, span),
        }
    }

    /// A field that must be there.
    pub fn required<T: Parse>(&self, terraform: &str, cloudformation: &str) -> Attr<T> {
        self.needed(self.parse(terraform, cloudformation), terraform, cloudformation)
    }

    /// A reference that may be left out.
    pub fn id<K: Kind>(&self, terraform: &str, cloudformation: &str) -> Attr<Option<Id<K>>> {
        match self.node(terraform, cloudformation) {
            Some(node) => match self.context.registry.key::<K>(&node.value) {
                Some(key) => {
                    Attr::Set(Some(self.context.registry.intern(&key, node.span)), node.span)
                }
                None => self.absent(None),
            },
            None => self.absent(None),
        }
    }

    /// A reference, where it certainly names a thing of this kind; others take the same field.
    pub fn id_of_kind<K: Kind>(
        &self,
        terraform: &str,
        cloudformation: &str,
    ) -> Attr<Option<Id<K>>> {
        let node = self.node(terraform, cloudformation);
        let key = node.and_then(|node| self.context.registry.key::<K>(&node.value));
        match key {
            Some(Key::Resource(_) | Key::Derived(..)) => self.id(terraform, cloudformation),
            _ => self.absent(None),
        }
    }

    /// A reference that must be there.
    pub fn required_id<K: Kind>(&self, terraform: &str, cloudformation: &str) -> Attr<Id<K>> {
        self.needed(self.id(terraform, cloudformation), terraform, cloudformation)
    }

    fn needed<T>(&self, attr: Attr<Option<T>>, terraform: &str, cloudformation: &str) -> Attr<T> {
        let name = if self.is_terraform() { terraform } else { cloudformation };
        match attr {
            Attr::Set(Some(value), span) => Attr::Set(value, span),
            Attr::Set(None, _) | Attr::Default(_) => {
                Attr::Unknown(Unknown::new(name, Why::Invalid("it is not set".into())), None)
            }
            Attr::Unknown(unknown, span) => Attr::Unknown(unknown, span),
        }
    }

    /// A list of values.
    pub fn list<T: Parse>(&self, terraform: &str, cloudformation: &str) -> Many<T> {
        self.many(terraform, cloudformation, |node| self.value::<T>(node))
    }

    /// A value that may be left out, as a list of at most one: an open one is one element, not a list.
    pub fn single<T: Parse>(&self, terraform: &str, cloudformation: &str) -> Many<T> {
        self.at_most_one(terraform, cloudformation, |node| self.value::<T>(node))
    }

    /// A reference that may be left out, likewise.
    pub fn single_id<K: Kind>(&self, terraform: &str, cloudformation: &str) -> Many<Id<K>> {
        self.at_most_one(terraform, cloudformation, |node| self.named(node, terraform))
    }

    fn at_most_one<T>(
        &self,
        terraform: &str,
        cloudformation: &str,
        read: impl Fn(&'a Node) -> Result<T, Unknown>,
    ) -> Many<T> {
        match self.node(terraform, cloudformation) {
            Some(node) if matches!(node.value, Value::Unknown(_)) => {
                Many { items: vec![Item { value: read(node), span: node.span }], rest: None }
            }
            _ => self.many(terraform, cloudformation, read),
        }
    }

    fn named<K: Kind>(&self, node: &Node, name: &str) -> Result<Id<K>, Unknown> {
        let key = self.context.registry.key::<K>(&node.value);
        key.map(|key| self.context.registry.intern(&key, node.span))
            .ok_or_else(|| Unknown::new(name, Why::Invalid("it names nothing".into())))
    }

    /// A list of references.
    pub fn ids<K: Kind>(&self, terraform: &str, cloudformation: &str) -> Many<Id<K>> {
        self.many(terraform, cloudformation, |node| self.named(node, terraform))
    }

    /// Nested blocks (Terraform) or a list of objects (CloudFormation).
    pub fn blocks(&self, terraform: &str, cloudformation: &str) -> Many<Fields<'a>> {
        self.many(terraform, cloudformation, |node| match &node.value {
            Value::Map(map) => {
                Ok(Fields { body: Some(&map.entries), span: node.span, kind: "", ..*self })
            }
            other => Err(not(other, "a block")),
        })
    }

    /// One nested block, or one object.
    pub fn block(&self, terraform: &str, cloudformation: &str) -> Option<Fields<'a>> {
        self.blocks(terraform, cloudformation).items.into_iter().find_map(|item| item.value.ok())
    }

    /// All that is written, as one value.
    pub(super) fn whole(&self) -> Option<Value> {
        if let Some(asked) = self.asked {
            asked.replace(None);
        }
        let entries = self.body?.clone();
        Some(Value::Map(Arc::new(Map { uniform: false, entries, rest: None })))
    }

    /// Fields of a block that is left out: everything has its default, or is open as the whole is.
    pub fn nothing(&self) -> Fields<'a> {
        Fields { body: None, kind: "", ..*self }
    }

    fn many<T>(
        &self,
        terraform: &str,
        cloudformation: &str,
        read: impl Fn(&'a Node) -> Result<T, Unknown>,
    ) -> Many<T> {
        let item = |node: &'a Node| Item { value: read(node), span: node.span };
        match self.node(terraform, cloudformation).map(|node| (&node.value, node)) {
            Some((Value::List { items, rest }, _)) => Many {
                items: items.iter().filter(|node| node.value != Value::Null).map(item).collect(),
                rest: rest
                    .as_ref()
                    .map(|symbol| Rest { unknown: symbol.unknown(), symbol: Some(symbol.clone()) }),
            },
            Some((Value::Unknown(symbol), _)) => Many {
                items: Vec::new(),
                rest: Some(Rest { unknown: symbol.unknown(), symbol: Some(symbol.clone()) }),
            },
            Some((_, node)) => Many { items: vec![item(node)], rest: None },
            None => Many {
                items: Vec::new(),
                rest: self.absent.map(|unknown| Rest { unknown: unknown.clone(), symbol: None }),
            },
        }
    }

    fn value<T: Parse>(&self, node: &Node) -> Result<T, Unknown> {
        match &node.value {
            Value::Unknown(symbol) => {
                T::open(symbol, &self.context).ok_or_else(|| symbol.unknown())
            }
            value => T::parse(value, &self.context).ok_or_else(|| not(value, T::WANTED)),
        }
    }

    fn absent<T>(&self, default: T) -> Attr<T> {
        match self.absent {
            Some(unknown) => Attr::Unknown(unknown.clone(), None),
            None => Attr::Default(default),
        }
    }
}

fn not(value: &Value, wanted: &str) -> Unknown {
    let mut open = Vec::new();
    value.symbols(&mut |symbol| open.push(symbol.unknown()));
    Unknown::of_all(open).unwrap_or_else(|| {
        let shown = match value {
            Value::String(text) => format!("{:?}", text.chars().take(40).collect::<String>()),
            Value::Number(number) => number.to_string(),
            Value::Bool(value) => value.to_string(),
            Value::Null => "null".to_owned(),
            Value::List { .. } => "a list".to_owned(),
            Value::Map(_) | Value::Unknown(_) => "an object".to_owned(),
        };
        Unknown::new(shown, Why::Invalid(format!("{wanted} is needed").into()))
    })
}

impl Parse for Arc<str> {
    const WANTED: &'static str = "a string";

    fn parse(value: &Value, _: &Context<'_>) -> Option<Self> {
        match value {
            Value::String(text) => Some(Arc::clone(text)),
            Value::Number(number) => Some(number.to_string().into()),
            Value::Bool(value) => Some(value.to_string().into()),
            _ => None,
        }
    }
}

impl Parse for bool {
    const WANTED: &'static str = "true or false";

    fn parse(value: &Value, _: &Context<'_>) -> Option<Self> {
        match value {
            Value::Bool(value) => Some(*value),
            Value::String(text) if text.eq_ignore_ascii_case("true") => Some(true),
            Value::String(text) if text.eq_ignore_ascii_case("false") => Some(false),
            _ => None,
        }
    }
}

impl Parse for i64 {
    const WANTED: &'static str = "a whole number";

    fn parse(value: &Value, _: &Context<'_>) -> Option<Self> {
        match value {
            Value::Number(number) => number.to_i64(),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        }
    }
}
