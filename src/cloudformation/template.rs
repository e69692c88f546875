//! The sections of a template, with their loops unrolled.

use hashbrown::HashMap;
use std::sync::Arc;

use super::evaluate::Evaluator;
use super::scope::Scope;
use super::standins;
use super::syntax::{Entry, NodeId, Tree};
use crate::graph::{Gap, Problem, Value};
use crate::source::Span;
use crate::unknown::{ResourceId, Symbol, Why};

/// One member of a section.
#[derive(Debug, Clone)]
pub(super) struct Member {
    pub(super) name: Arc<str>,
    pub(super) span: Span,
    pub(super) node: NodeId,
    pub(super) scope: Scope,
}

/// A resource that the template declares.
#[derive(Debug)]
pub(super) struct Declared {
    pub(super) member: Member,
    /// The name with those of the stacks that it is nested in.
    pub(super) address: Arc<str>,
    pub(super) kind: Arc<str>,
    /// The type as it is written, which may stand for another.
    pub(super) written: Arc<str>,
    pub(super) properties: Option<NodeId>,
    pub(super) presence: Presence,
}

/// What a reference to a resource meets.
#[derive(Debug, Clone)]
pub(super) enum Presence {
    /// A resource of the graph, that exists surely or (open) perhaps.
    Resource(ResourceId, Option<Symbol>),
    /// A nested stack or a module, that exists surely or (open) perhaps.
    Opaque(Option<Symbol>),
    /// Its condition is false.
    LeftOut,
}

impl Declared {
    /// What its attributes are called after is not what its properties say.
    pub(super) fn is_custom(&self) -> bool {
        self.written.starts_with("Custom::") || &*self.kind == "AWS::CloudFormation::CustomResource"
    }

    /// Whether other resources are behind it, in another template.
    pub(super) fn is_opaque(kind: &str) -> bool {
        OPAQUE.contains(&kind) || kind.ends_with("::MODULE")
    }
}

/// Resources that are whole stacks.
const OPAQUE: [&str; 4] = [
    "AWS::CloudFormation::Stack",
    "AWS::CloudFormation::StackSet",
    "AWS::Serverless::Application",
    "AWS::ServiceCatalog::CloudFormationProvisionedProduct",
];

/// Macros that the language itself, or its own services, define: they bring in no resources unseen.
const KNOWN_TRANSFORMS: [&str; 6] = [
    "AWS::Serverless-2016-10-31",
    "AWS::LanguageExtensions",
    "AWS::CodeDeployBlueGreen",
    "AWS::SecretsManager-2020-07-23",
    "AWS::SecretsManager-2024-09-16",
    "AWS::ServiceCatalog",
];

/// Where the macros of a template stand, and which are not known.
#[derive(Debug, Default)]
pub(super) struct Transforms {
    /// Names with their places.
    pub(super) unknown: Vec<(Arc<str>, Span)>,
    /// A macro that may declare what the template refers to.
    pub(super) declaring: Option<Arc<str>>,
}

impl Transforms {
    /// Whether an unknown macro may have written any section.
    pub(super) fn brings_sections(&self) -> bool {
        !self.unknown.is_empty()
    }

    pub(super) fn read(tree: &Tree, root: NodeId) -> Self {
        let mut transforms = Self::default();
        let Some(section) = tree.get(root, "Transform") else { return transforms };
        let single = [section];
        for &node in tree.elements(section).unwrap_or(&single) {
            let name = tree.text(node);
            let Some(name) = name.or_else(|| tree.text(tree.get(node, "Name")?)) else { continue };
            // `AWS::Include` with its location brings in a snippet; without, it does nothing.
            let included = &**name == "AWS::Include";
            let known = KNOWN_TRANSFORMS.contains(&&**name)
                || included && tree.get(node, "Parameters").is_none();
            if !known {
                transforms.unknown.push((Arc::clone(name), tree.span(node)));
            }
            if !known || name.starts_with("AWS::Serverless") {
                transforms.declaring = Some(Arc::clone(name));
            }
        }
        transforms
    }
}

/// The members of a section, and the loops that could not be unrolled.
#[derive(Debug, Default)]
pub(super) struct Section {
    pub(super) members: Vec<Member>,
    pub(super) gaps: Vec<Gap>,
}

impl Section {
    /// Reads a section, unrolling `Fn::ForEach`.
    pub(super) fn read(evaluator: &Evaluator<'_>, node: NodeId) -> Self {
        let mut section = Self::default();
        // What a used-up budget leaves out is a gap by then.
        let _ = section.add(evaluator, evaluator.tree().entries(node), &Scope::default());
        section
    }

    /// `None` when the budget is used up.
    fn add(&mut self, evaluator: &Evaluator<'_>, entries: &[Entry], scope: &Scope) -> Option<()> {
        for entry in entries {
            if entry.key.starts_with("Fn::ForEach::") {
                match evaluator.iterations(entry.value, scope) {
                    Ok((body, scopes)) => {
                        for scope in &scopes {
                            self.add(evaluator, body, scope)?;
                        }
                    }
                    Err(symbol) => self.gap(entry, &symbol),
                }
            } else if &*entry.key == "Fn::Transform" {
                let symbol = evaluator.not_evaluated(entry.value, "Fn::Transform");
                self.gap(entry, &symbol);
            } else if evaluator.spend(1 + evaluator.tree().entries(entry.value).len() as u64 / 64) {
                self.members.push(Member {
                    name: evaluator.expand(&entry.key, scope),
                    span: entry.key_span,
                    node: entry.value,
                    scope: scope.clone(),
                });
            } else {
                self.gap(entry, &Symbol::input(Arc::clone(&entry.key), Why::Budget));
                return None;
            }
        }
        Some(())
    }

    fn gap(&mut self, entry: &Entry, symbol: &Symbol) {
        self.gaps.push(Gap {
            name: Arc::clone(&entry.key),
            unknown: symbol.unknown(),
            span: entry.key_span,
            given: None,
        });
    }

    /// The members by name; of two equal names the last one counts.
    pub(super) fn index(&self) -> HashMap<Arc<str>, usize> {
        let names = self.members.iter().enumerate();
        names.map(|(at, member)| (Arc::clone(&member.name), at)).collect()
    }
}

/// The resources that a section declares, in the order written.
pub(super) fn declare(
    evaluator: &Evaluator<'_>,
    section: Section,
    problems: &mut Vec<Problem>,
) -> Vec<Declared> {
    let tree = evaluator.tree();
    let last = section.index();
    let mut declared = Vec::new();
    for (at, member) in section.members.into_iter().enumerate() {
        if last.get(&member.name) != Some(&at) {
            continue;
        }
        let Some(kind) = tree.get(member.node, "Type") else {
            let message = format!("the resource `{}` has no Type", member.name);
            problems.push(Problem::new(member.span, message));
            continue;
        };
        // A type that a function or a tag gives (`!Rain::Module`) stands for resources of any kind.
        let kind = tree.text(kind).map_or_else(|| "".into(), |kind| member.scope.expand(kind));
        let written: Arc<str> = kind;
        let kind = match standins::kind(&written) {
            same if same == &*written => Arc::clone(&written),
            other => other.into(),
        };
        let exists = match tree.get(member.node, "Condition") {
            None => Value::Bool(true),
            Some(condition) => evaluator.named_condition(condition, &member.scope),
        };
        let left_out = matches!(exists, Value::Bool(false));
        let open = if let Value::Unknown(symbol) = exists { Some(symbol) } else { None };
        let presence = if left_out {
            Presence::LeftOut
        } else if kind.is_empty() || Declared::is_opaque(&kind) {
            Presence::Opaque(open)
        } else {
            let next = &evaluator.shared.next;
            next.set(next.get() + 1);
            Presence::Resource(ResourceId(next.get() - 1), open)
        };
        let properties = tree.get(member.node, "Properties");
        let address = evaluator.address(&member.name);
        declared.push(Declared { member, address, kind, written, properties, presence });
    }
    declared
}
