//! Plans as JSON, as `terraform show -json` prints them: by themselves, or beside their configuration.

mod alone;
mod format;
mod open;
mod references;
mod values;

use hashbrown::HashMap;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use super::evaluator::Evaluator;
use crate::graph::{Graph, Map, Value};
use crate::source::{FileId, Span, Workspace};
use crate::unknown::{Form, Symbol};

/// A plan that has been read.
#[derive(Debug)]
pub struct Plan {
    file: FileId,
    /// Values of the root's variables, with their places.
    variables: BTreeMap<Arc<str>, (Value, Span)>,
    /// What is known of each resource instance and data source: only a plan beside its configuration is asked.
    resources: OnceLock<HashMap<Arc<str>, Value>>,
    /// What the root module declares: `aws_vpc.a`, `data.aws_vpc.b`, `module.c`.
    declared: BTreeSet<String>,
}

/// Whether a text may be a plan: worth reading as one.
pub fn may_be_plan(text: &str) -> bool {
    let head = text.get(..text.len().min(4096)).unwrap_or(text);
    let head = if head.contains("\"format_version\"") { head } else { text };
    head.contains("\"format_version\"")
        && (text.contains("\"planned_values\"") || text.contains("\"configuration\""))
}

impl Plan {
    /// Reads a plan. `None` when the file is none.
    pub fn read(workspace: &Workspace, file: FileId) -> Option<Self> {
        let text = Arc::clone(&workspace.sources().file(file).text);
        let document = format::read(&text)?;
        let span = |raw: &str| place(file, &text, raw);
        let variables = document.variables.iter().filter_map(|(name, variable)| {
            let raw = variable.value.map_or("null", serde_json::value::RawValue::get);
            let at = variable.value.map_or(Span::new(file, 0..0), |raw| span(raw.get()));
            Some((Arc::from(name.as_ref()), (values::read(raw, at)?, at)))
        });
        let root = &document.configuration.root_module;
        let declared = root.resources.iter().map(|it| it.address.to_string());
        let declared = declared.chain(root.module_calls.keys().map(|it| format!("module.{it}")));
        Some(Self {
            file,
            variables: variables.collect(),
            resources: OnceLock::new(),
            declared: declared.collect(),
        })
    }

    /// What is planned for an instance, as a map.
    fn resource(&self, workspace: &Workspace, address: &str) -> Option<&Map> {
        let read = || {
            let text = Arc::clone(&workspace.sources().file(self.file).text);
            let mut resources = HashMap::new();
            let document = format::read(&text);
            for known in document.iter().flat_map(format::Document::known) {
                if let Some(raw) = known.values.filter(|_| values::is_of_interest(&known.kind)) {
                    let at = place(self.file, &text, known.address.get());
                    let address = Arc::from(known.name().as_ref());
                    resources.extend(values::read(raw.get(), at).map(|value| (address, value)));
                }
            }
            resources
        };
        match self.resources.get_or_init(read).get(address)? {
            Value::Map(map) => Some(map),
            _ => None,
        }
    }

    /// The plan by itself, as a graph.
    pub fn load(&self, workspace: &Workspace) -> Graph {
        let source = workspace.sources().file(self.file);
        alone::graph(self.file, &source.path, &source.text)
    }

    /// Whether this is a plan of a root that declares these things.
    pub(super) fn is_of(&self, declared: &BTreeSet<String>) -> bool {
        !self.declared.is_empty() && self.declared.is_subset(declared)
    }
}

/// The place of a part of the text.
fn place(file: FileId, text: &str, part: &str) -> Span {
    let start = (part.as_ptr() as usize).wrapping_sub(text.as_ptr() as usize);
    if start > text.len() {
        return Span::new(file, 0..0);
    }
    Span::new(file, start..(start + part.len()).min(text.len()))
}

impl Evaluator<'_> {
    /// The value that the plan has for a variable of the root.
    pub(super) fn planned_variable(&self, name: &str) -> Option<(Value, Span)> {
        self.setting.plan.as_ref()?.variables.get(name).cloned()
    }

    /// What the plan knows of an attribute that the code does not set. Ids and what stands for a resource
    /// stay symbols: they say which resource it is.
    pub(super) fn planned(&self, address: &str, data: bool, name: &str) -> Option<Value> {
        let map = self.setting.plan.as_ref()?.resource(self.workspace, address)?;
        let value = &map.entries.get(name)?.value;
        let plain = match value {
            Value::Bool(_) | Value::Number(_) => true,
            _ if values::names_a_thing(name, value) => false,
            Value::String(text) => data || values::is_address(text),
            Value::List { .. } | Value::Map(_) => data,
            Value::Null | Value::Unknown(_) => false,
        };
        plain.then(|| value.clone())
    }

    /// The planned value in place of one that the code leaves open, unless it is open because of a
    /// resource of the code: then what it is taken from says more.
    pub(super) fn or_planned(&self, address: &str, name: &str, value: Value) -> Value {
        let (Some(plan), Value::Unknown(symbol)) = (&self.setting.plan, &value) else {
            return value;
        };
        if of_managed(symbol) {
            return value;
        }
        let Some(map) = plan.resource(self.workspace, address) else { return value };
        match map.entries.get(name).map(|node| &node.value) {
            None | Some(Value::Null) => value,
            Some(planned) if values::names_a_thing("", planned) => value,
            Some(planned) => planned.clone(),
        }
    }
}

fn of_managed(symbol: &Symbol) -> bool {
    let mut found = false;
    symbol.walk(&mut |part| {
        found |= matches!(part.form(), Form::Attribute { data: false, .. });
    });
    found
}
