//! The policy of a core network: its segments, who belongs to which, and what they share
//! (<https://docs.aws.amazon.com/network-manager/latest/cloudwan/cloudwan-policies-json.html>).

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::graph::{Map, Node, Number, Value};
use crate::source::Span;
use crate::unknown::{Unknown, Why};

use super::attr::Tri;
use super::cidr::Cidr;

/// A policy that is wholly known.
#[derive(Debug, Clone, Default)]
pub struct CorePolicy {
    /// Its segments.
    pub segments: Vec<Segment>,
    /// Who sees the routes of whom.
    pub shares: Vec<Share>,
    /// Static routes.
    pub routes: Vec<SegmentRoute>,
    /// Which attachment belongs to which segment, in the order in which they are asked.
    pub rules: Vec<AttachmentRule>,
}

/// A part of a core network, with routes of its own.
#[derive(Debug, Clone)]
pub struct Segment {
    /// Its name.
    pub name: Arc<str>,
    /// Its attachments do not see each other.
    pub isolated: bool,
    /// Its attachments need to be accepted.
    pub needs_acceptance: bool,
}

/// Hands the routes of one segment to others, and theirs to it.
#[derive(Debug, Clone)]
pub struct Share {
    /// The segment.
    pub segment: Arc<str>,
    /// With whom.
    pub with: ShareWith,
}

/// With which segments another shares.
#[derive(Debug, Clone)]
pub enum ShareWith {
    /// With these.
    These(Vec<Arc<str>>),
    /// With all but these.
    AllBut(Vec<Arc<str>>),
}

impl ShareWith {
    fn has(&self, name: &str) -> bool {
        match self {
            Self::These(names) => names.iter().any(|one| &**one == name),
            Self::AllBut(names) => names.iter().all(|one| &**one != name),
        }
    }
}

/// A static route of a segment.
#[derive(Debug, Clone)]
pub struct SegmentRoute {
    /// The segment.
    pub segment: Arc<str>,
    /// What it matches.
    pub blocks: Vec<Cidr>,
    /// The attachments that it leads to, as written; none drops.
    pub attachments: Vec<Value>,
    /// Where it is written.
    pub span: Span,
}

/// A rule that gives attachments to a segment.
#[derive(Debug, Clone)]
pub struct AttachmentRule {
    number: i64,
    conditions: Vec<Condition>,
    all: bool,
    /// The segment, or the tag that names it.
    segment: Result<Arc<str>, Arc<str>>,
    /// The attachments that it takes need to be accepted.
    pub needs_acceptance: bool,
}

#[derive(Debug, Clone)]
enum Condition {
    Any,
    TagExists(Arc<str>),
    Tag {
        key: Arc<str>,
        operator: Arc<str>,
        value: Arc<str>,
    },
    Type {
        operator: Arc<str>,
        value: Arc<str>,
    },
    /// Account, Region, id: nothing that the code tells.
    Other(Arc<str>),
}

/// What a policy looks at of an attachment.
#[derive(Debug)]
pub struct Facts<'a> {
    /// `vpc`, `site-to-site-vpn`, …
    pub kind: &'static str,
    /// Its tags, or why they are not known.
    pub tags: Result<&'a BTreeMap<Arc<str>, Arc<str>>, Unknown>,
    /// Its name, for messages.
    pub name: &'a str,
}

impl CorePolicy {
    /// The segment of an attachment and the rule that gives it; `None` where no rule takes it.
    pub fn segment_of(
        &self,
        facts: &Facts<'_>,
    ) -> Result<Option<(Arc<str>, &AttachmentRule)>, Unknown> {
        for rule in &self.rules {
            match rule.takes(facts) {
                Tri::No => {}
                Tri::Maybe(unknown) => return Err(unknown),
                Tri::Yes => {
                    let name = match &rule.segment {
                        Ok(name) => Arc::clone(name),
                        Err(key) => {
                            let tags = facts.tags.clone()?;
                            tags.get(key).cloned().ok_or_else(|| untagged(facts, key))?
                        }
                    };
                    return Ok(Some((name, rule)));
                }
            }
        }
        Ok(None)
    }

    /// A segment by its name.
    pub fn segment(&self, name: &str) -> Option<&Segment> {
        self.segments.iter().find(|one| &*one.name == name)
    }

    /// Whether what is attached to `from` has routes in `to`.
    pub fn sees(&self, to: &str, from: &str) -> bool {
        if to == from {
            return self.segment(to).is_some_and(|segment| !segment.isolated);
        }
        self.shares.iter().any(|share| {
            &*share.segment == from && share.with.has(to)
                || &*share.segment == to && share.with.has(from)
        })
    }
}

/// A provider may give tags beside those that are written.
fn untagged(facts: &Facts<'_>, key: &str) -> Unknown {
    Unknown::new(format!("the tag {key} of {}", facts.name), Why::ReadAtApply)
}

impl AttachmentRule {
    fn takes(&self, facts: &Facts<'_>) -> Tri {
        let conditions = self.conditions.iter().map(|condition| condition.holds(facts));
        if self.all { Tri::all(conditions) } else { Tri::any(conditions) }
    }
}

impl Condition {
    fn holds(&self, facts: &Facts<'_>) -> Tri {
        let tag = |key: &Arc<str>, holds: &dyn Fn(&str) -> Tri| match &facts.tags {
            Err(unknown) => Tri::Maybe(unknown.clone()),
            Ok(tags) => match tags.get(key) {
                Some(value) => holds(value),
                None => Tri::Maybe(untagged(facts, key)),
            },
        };
        match self {
            Self::Any => Tri::Yes,
            Self::TagExists(key) => tag(key, &|_| Tri::Yes),
            Self::Tag { key, operator, value } => tag(key, &|own| compare(operator, own, value)),
            Self::Type { operator, value } => compare(operator, facts.kind, value),
            Self::Other(kind) => {
                let name = format!("the {kind} of {}", facts.name);
                Tri::Maybe(Unknown::new(name, Why::ReadAtApply))
            }
        }
    }
}

fn compare(operator: &str, own: &str, value: &str) -> Tri {
    match operator {
        "equals" => (own == value).into(),
        "not-equals" => (own != value).into(),
        "contains" => own.contains(value).into(),
        "begins-with" => own.starts_with(value).into(),
        other => {
            let why = Why::NotEvaluated("an operator of a core network policy".into());
            Tri::Maybe(Unknown::new(other, why))
        }
    }
}

impl CorePolicy {
    /// Reads a policy: an object, its JSON, or the blocks of the data source that writes it.
    pub(super) fn read(value: &Value, span: Span) -> Result<Self, Unknown> {
        let parsed;
        let value = match value {
            Value::String(text) => {
                let json = serde_json::from_str(text).map_err(|_| odd("it is not JSON"))?;
                parsed = from_json(&json, span);
                &parsed
            }
            value => value,
        };
        let policy = Object::of(value, span)?;
        let mut read = Self::default();
        for segment in policy.objects("segments")? {
            read.segments.push(Segment {
                name: segment.text("name")?.ok_or_else(|| odd("a segment without a name"))?,
                isolated: segment.flag("isolate-attachments")?.unwrap_or(false),
                needs_acceptance: segment.flag("require-attachment-acceptance")?.unwrap_or(true),
            });
            for filter in ["allow-filter", "deny-filter"] {
                if segment.node(filter).is_some() {
                    return Err(beyond("a filter between segments"));
                }
            }
        }
        for action in policy.objects("segment-actions")? {
            read.act(&action)?;
        }
        for rule in policy.objects("attachment-policies")? {
            read.rules.push(attachment_rule(&rule)?);
        }
        read.rules.sort_by_key(|rule| rule.number);
        Ok(read)
    }

    fn act(&mut self, action: &Object<'_>) -> Result<(), Unknown> {
        let segment = action.text("segment")?.ok_or_else(|| odd("an action without a segment"))?;
        match action.text("action")?.as_deref() {
            Some("share") => {
                let with = match action.node("share-with").map(|node| &node.value) {
                    Some(Value::String(text)) if &**text == "*" => ShareWith::AllBut(Vec::new()),
                    Some(Value::Map(_)) => {
                        let object = action.object("share-with")?;
                        ShareWith::AllBut(object.texts("except")?)
                    }
                    _ => {
                        let with = action.texts("share-with")?;
                        let except = action.texts("share-with-except")?;
                        let all = with.iter().any(|one| &**one == "*");
                        if all || with.is_empty() && !except.is_empty() {
                            ShareWith::AllBut(except)
                        } else {
                            ShareWith::These(with)
                        }
                    }
                };
                self.shares.push(Share { segment, with });
            }
            Some("create-route") => {
                let blocks = action.texts("destination-cidr-blocks")?;
                let blocks = blocks.iter().map(|text| text.parse().map(Cidr::Net));
                let blocks: Result<_, _> = blocks.collect();
                let destinations = action.node("destinations").map(|node| &node.value);
                let attachments = match destinations {
                    Some(Value::List { items, rest: None }) => {
                        let own = items.iter().map(|node| node.value.clone());
                        own.filter(|value| *value != Value::string("blackhole")).collect()
                    }
                    _ => return Err(beyond("the destinations of a static route")),
                };
                self.routes.push(SegmentRoute {
                    segment,
                    blocks: blocks.map_err(|_| odd("a destination that is no block"))?,
                    attachments,
                    span: action.span,
                });
            }
            _ => return Err(beyond("an action of a core network policy")),
        }
        Ok(())
    }
}

fn attachment_rule(rule: &Object<'_>) -> Result<AttachmentRule, Unknown> {
    let action = rule.object("action")?;
    let segment = match action.text("association-method")?.as_deref() {
        Some("tag") => {
            let key = action.text("tag-value-of-key")?;
            Err(key.ok_or_else(|| odd("a rule without a tag"))?)
        }
        Some("constant") | None => {
            Ok(action.text("segment")?.ok_or_else(|| odd("a rule without a segment"))?)
        }
        Some(_) => return Err(beyond("an association method")),
    };
    let mut conditions = Vec::new();
    for condition in rule.objects("conditions")? {
        let text = |name| Ok::<_, Unknown>(condition.text(name)?.unwrap_or_default());
        let kind = text("type")?;
        conditions.push(match &*kind {
            "any" => Condition::Any,
            "tag-exists" => Condition::TagExists(text("key")?),
            "tag-value" | "tag-name" => Condition::Tag {
                key: text("key")?,
                operator: text("operator")?,
                value: text("value")?,
            },
            "attachment-type" => {
                Condition::Type { operator: text("operator")?, value: text("value")? }
            }
            _ => Condition::Other(kind),
        });
    }
    Ok(AttachmentRule {
        number: rule.number("rule-number")?.unwrap_or(i64::MAX),
        conditions,
        all: rule.text("condition-logic")?.as_deref() == Some("and"),
        segment,
        needs_acceptance: action.flag("require-acceptance")?.unwrap_or(false),
    })
}

fn odd(what: &str) -> Unknown {
    Unknown::new("a core network policy", Why::Invalid(what.into()))
}

fn beyond(what: &str) -> Unknown {
    Unknown::new("a core network policy", Why::NotEvaluated(what.into()))
}

/// An object of a policy; the data source writes its names with `_`, and its blocks as lists.
struct Object<'a> {
    map: &'a Map,
    span: Span,
}

impl<'a> Object<'a> {
    fn of(value: &'a Value, span: Span) -> Result<Self, Unknown> {
        match value {
            Value::Map(map) => Ok(Self { map, span }),
            Value::List { items, rest: None } if items.len() == 1 => {
                Self::of(&items[0].value, items[0].span)
            }
            Value::Unknown(symbol) => Err(symbol.unknown()),
            _ => Err(odd("an object is needed")),
        }
    }

    fn node(&self, name: &str) -> Option<&'a Node> {
        let node = self.map.entries.get(name);
        let node = node.or_else(|| self.map.entries.get(&*name.replace('-', "_")));
        node.filter(|node| node.value != Value::Null)
    }

    fn object(&self, name: &str) -> Result<Self, Unknown> {
        let node = self.node(name).ok_or_else(|| odd("an object is missing"))?;
        Self::of(&node.value, node.span)
    }

    fn objects(&self, name: &str) -> Result<Vec<Self>, Unknown> {
        match self.node(name).map(|node| &node.value) {
            None => Ok(Vec::new()),
            Some(Value::List { items, rest: None }) => {
                items.iter().map(|node| Self::of(&node.value, node.span)).collect()
            }
            Some(Value::List { rest: Some(symbol), .. } | Value::Unknown(symbol)) => {
                Err(symbol.unknown())
            }
            Some(value) => Ok(vec![Self::of(value, self.span)?]),
        }
    }

    fn text(&self, name: &str) -> Result<Option<Arc<str>>, Unknown> {
        match self.node(name).map(|node| &node.value) {
            Some(Value::String(text)) => Ok(Some(Arc::clone(text))),
            Some(Value::Unknown(symbol)) => Err(symbol.unknown()),
            Some(_) => Err(odd("a string is needed")),
            None => Ok(None),
        }
    }

    fn texts(&self, name: &str) -> Result<Vec<Arc<str>>, Unknown> {
        match self.node(name).map(|node| &node.value) {
            Some(Value::List { items, rest: None }) => {
                let text = |node: &Node| match &node.value {
                    Value::String(text) => Ok(Arc::clone(text)),
                    Value::Unknown(symbol) => Err(symbol.unknown()),
                    _ => Err(odd("a string is needed")),
                };
                items.iter().map(text).collect()
            }
            Some(Value::List { rest: Some(symbol), .. } | Value::Unknown(symbol)) => {
                Err(symbol.unknown())
            }
            Some(_) => Ok(self.text(name)?.into_iter().collect()),
            None => Ok(Vec::new()),
        }
    }

    fn flag(&self, name: &str) -> Result<Option<bool>, Unknown> {
        match self.node(name).map(|node| &node.value) {
            Some(Value::Bool(flag)) => Ok(Some(*flag)),
            Some(Value::String(text)) if &**text == "true" => Ok(Some(true)),
            Some(Value::String(text)) if &**text == "false" => Ok(Some(false)),
            Some(Value::Unknown(symbol)) => Err(symbol.unknown()),
            Some(_) => Err(odd("true or false is needed")),
            None => Ok(None),
        }
    }

    fn number(&self, name: &str) -> Result<Option<i64>, Unknown> {
        match self.node(name).map(|node| &node.value) {
            Some(Value::Number(number)) => Ok(number.to_i64()),
            Some(Value::String(text)) => Ok(text.parse().ok()),
            Some(Value::Unknown(symbol)) => Err(symbol.unknown()),
            Some(_) => Err(odd("a number is needed")),
            None => Ok(None),
        }
    }
}

fn from_json(json: &serde_json::Value, span: Span) -> Value {
    let node = |json| Node::new(from_json(json, span), span);
    match json {
        serde_json::Value::Null => Value::Null,
        serde_json::Value::Bool(flag) => Value::Bool(*flag),
        serde_json::Value::Number(number) => number
            .as_u64()
            .and_then(|number| u32::try_from(number).ok())
            .map_or(Value::Null, |it| Value::number(Number::from(it))),
        serde_json::Value::String(text) => Value::string(text.as_str()),
        serde_json::Value::Array(items) => Value::list(items.iter().map(node).collect::<Vec<_>>()),
        serde_json::Value::Object(entries) => {
            let entries = entries.iter().map(|(name, value)| (name.as_str().into(), node(value)));
            Value::Map(Arc::new(Map { uniform: false, entries: entries.collect(), rest: None }))
        }
    }
}
