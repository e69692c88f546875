//! The parts of a plan that are read, borrowed from its text
//! (<https://developer.hashicorp.com/terraform/internals/json-format>).

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;

/// A plan.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Document<'a> {
    #[serde(borrow, default)]
    format_version: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    pub(super) variables: BTreeMap<Cow<'a, str>, Variable<'a>>,
    #[serde(borrow, default)]
    pub(super) planned_values: Values<'a>,
    #[serde(borrow, default)]
    prior_state: Option<State<'a>>,
    #[serde(borrow, default)]
    pub(super) resource_changes: Vec<ResourceChange<'a>>,
    #[serde(borrow, default)]
    pub(super) configuration: Configuration<'a>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Variable<'a> {
    #[serde(borrow, default)]
    pub(super) value: Option<&'a RawValue>,
}

#[derive(Debug, Default, Deserialize)]
struct State<'a> {
    #[serde(borrow, default)]
    values: Values<'a>,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Values<'a> {
    #[serde(borrow, default)]
    root_module: Module<'a>,
}

#[derive(Debug, Default, Deserialize)]
struct Module<'a> {
    #[serde(borrow, default)]
    resources: Vec<Known<'a>>,
    #[serde(borrow, default)]
    child_modules: Vec<Module<'a>>,
}

/// A resource instance with its values.
#[derive(Debug, Deserialize)]
pub(super) struct Known<'a> {
    #[serde(borrow)]
    pub(super) address: &'a RawValue,
    #[serde(borrow)]
    pub(super) mode: Cow<'a, str>,
    #[serde(borrow, rename = "type")]
    pub(super) kind: Cow<'a, str>,
    #[serde(borrow, default)]
    pub(super) values: Option<&'a RawValue>,
}

#[derive(Debug, Deserialize)]
pub(super) struct ResourceChange<'a> {
    #[serde(borrow)]
    pub(super) address: Cow<'a, str>,
    #[serde(borrow, rename = "type", default)]
    pub(super) kind: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) change: Change<'a>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Change<'a> {
    #[serde(borrow, default)]
    pub(super) after_unknown: Option<&'a RawValue>,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Configuration<'a> {
    #[serde(borrow, default)]
    pub(super) provider_config: BTreeMap<Cow<'a, str>, Provider<'a>>,
    #[serde(borrow, default)]
    pub(super) root_module: ConfigModule<'a>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Provider<'a> {
    #[serde(borrow, default)]
    pub(super) alias: Option<Cow<'a, str>>,
    #[serde(default)]
    pub(super) expressions: serde_json::Value,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct ConfigModule<'a> {
    #[serde(borrow, default)]
    pub(super) resources: Vec<ConfigResource<'a>>,
    #[serde(borrow, default)]
    pub(super) module_calls: BTreeMap<Cow<'a, str>, ModuleCall<'a>>,
    #[serde(borrow, default)]
    pub(super) outputs: BTreeMap<Cow<'a, str>, Output>,
}

#[derive(Debug, Deserialize)]
pub(super) struct ConfigResource<'a> {
    #[serde(borrow)]
    pub(super) address: Cow<'a, str>,
    #[serde(borrow, default)]
    pub(super) provider_config_key: Cow<'a, str>,
    #[serde(borrow, default)]
    pub(super) expressions: Option<&'a RawValue>,
}

#[derive(Debug, Deserialize)]
pub(super) struct ModuleCall<'a> {
    #[serde(borrow, default)]
    pub(super) expressions: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub(super) module: Option<ConfigModule<'a>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Output {
    #[serde(default)]
    pub(super) expression: serde_json::Value,
}

/// Reads a plan; `None` for any other JSON.
pub(super) fn read(text: &str) -> Option<Document<'_>> {
    let document: Document<'_> = serde_json::from_str(text).ok()?;
    let declares =
        |module: &ConfigModule<'_>| !module.resources.is_empty() || !module.module_calls.is_empty();
    let seen = !document.planned_values.root_module.is_empty()
        || declares(&document.configuration.root_module);
    (document.format_version.is_some() && seen).then_some(document)
}

impl<'a> Document<'a> {
    /// Everything whose values are planned, and the data that was read before.
    pub(super) fn known(&self) -> Vec<&Known<'a>> {
        let mut all = Vec::new();
        if let Some(state) = &self.prior_state {
            state.values.root_module.collect(&mut all);
            all.retain(|known| known.mode == "data");
        }
        self.planned_values.root_module.collect(&mut all);
        all
    }
}

impl<'a> Module<'a> {
    fn is_empty(&self) -> bool {
        self.resources.is_empty() && self.child_modules.is_empty()
    }

    fn collect<'m>(&'m self, all: &mut Vec<&'m Known<'a>>) {
        all.extend(&self.resources);
        self.child_modules.iter().for_each(|child| child.collect(all));
    }
}

impl<'a> Known<'a> {
    /// The address as a text.
    pub(super) fn name(&self) -> Cow<'a, str> {
        serde_json::from_str(self.address.get()).unwrap_or(Cow::Borrowed(""))
    }

    /// The texts of its values by name.
    pub(super) fn top(&self) -> BTreeMap<Cow<'a, str>, &'a RawValue> {
        self.values.and_then(|raw| serde_json::from_str(raw.get()).ok()).unwrap_or_default()
    }
}
