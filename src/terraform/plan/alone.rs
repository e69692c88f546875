//! A plan without its configuration, as a graph.
//!
//! What a plan leaves out is lost: references inside `dynamic` blocks, locals, functions. An open value
//! is taken from a resource only where one reference can mean nothing else; any other stays open.

use hashbrown::HashMap;
use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value as Json;

use super::format::{self, Document, Known};
use super::references::{References, module_of};
use super::values::{self, is_identity};
use super::{open, place};
use crate::graph::{Entries, Graph, Language, Mode, Node, Resource, Value};
use crate::source::{FileId, Span};
use crate::unknown::{ResourceId, Symbol, Why};

/// Attributes that no argument sets, by which other resources name what comes along.
const COMPUTED: [&str; 3] =
    ["default_security_group_id", "main_route_table_id", "default_route_table_id"];

/// Everything that is looked up while the graph is built.
pub(super) struct Context<'d> {
    pub(super) references: References<'d>,
    /// Instances by address, with their types.
    pub(super) ids: HashMap<String, (ResourceId, bool)>,
    /// Instances by the address of their family.
    pub(super) families: HashMap<String, Vec<String>>,
    pub(super) file: FileId,
    /// What a known id or endpoint stands for.
    identities: HashMap<String, Symbol>,
}

/// The graph of a plan.
pub(super) fn graph(file: FileId, path: &str, text: &str) -> Graph {
    let mut graph = Graph::new(path, Language::Terraform);
    let Some(document) = format::read(text) else { return graph };
    let known: Vec<&Known<'_>> =
        document.known().into_iter().filter(|it| values::is_of_interest(&it.kind)).collect();
    let mut context = Context {
        references: References::new(&document),
        ids: HashMap::new(),
        families: HashMap::new(),
        file,
        identities: HashMap::new(),
    };
    for (at, it) in (0u32..).zip(&known) {
        let name = it.name().into_owned();
        let family = family_of(&name);
        context.families.entry(family).or_default().push(name.clone());
        context.ids.insert(name, (ResourceId(at), it.mode == "data"));
    }
    context.identify(&known);
    let unknown: HashMap<&str, &str> = document
        .resource_changes
        .iter()
        .filter(|it| values::is_of_interest(&it.kind))
        .filter_map(|it| Some((&*it.address, it.change.after_unknown?.get())))
        .collect();
    // One at a time: the values of a whole plan take many times its text.
    for it in known {
        let name = it.name();
        let values = it.values.and_then(|raw| serde_json::from_str(raw.get()).ok());
        let unknown = unknown.get(&*name).and_then(|raw| serde_json::from_str(raw).ok());
        let span = place(file, text, it.address.get());
        let body =
            context.body(&name, &values.unwrap_or_default(), &unknown.unwrap_or_default(), span);
        let (region, account) = provider(&document, &context, &name);
        graph.resources.push(Resource {
            address: Arc::from(&*name),
            mode: if it.mode == "data" { Mode::Data } else { Mode::Managed },
            kind: Arc::from(&*it.kind),
            body,
            span,
            exists: Ok(()),
            region,
            account,
            calls: Vec::new(),
            construct: None,
        });
    }
    let outputs = &document.configuration.root_module.outputs;
    graph.exports = outputs
        .iter()
        .map(|(name, output)| {
            let open = open::Open { module: "", owner: name, name: "value", index: None };
            let value = context.open(&open, Some(&output.expression), true);
            Node::new(value, Span::new(file, 0..0))
        })
        .collect();
    graph
}

/// An address without the key of the instance; keys of modules stay.
fn family_of(address: &str) -> String {
    match address.rfind('[') {
        Some(at) if address.ends_with(']') => address[..at].to_owned(),
        _ => address.to_owned(),
    }
}

impl Context<'_> {
    /// Ids that are known because the resources exist: each stands for its resource, a managed one before
    /// one that is only read.
    fn identify(&mut self, known: &[&Known<'_>]) {
        let mut add = |text: &str, symbol: Symbol| {
            self.identities.entry(text.to_owned()).or_insert(symbol);
        };
        for data in [false, true] {
            for (at, it) in (0u32..).zip(known).filter(|(_, it)| (it.mode == "data") == data) {
                let values = it.top();
                let text = |name: &str| -> Option<String> {
                    serde_json::from_str(values.get(name)?.get()).ok()
                };
                let name = it.name();
                let of =
                    |attribute: &str| Symbol::attribute(ResourceId(at), &*name, data, attribute);
                for attribute in ["id", "arn"].into_iter().chain(COMPUTED) {
                    if let Some(text) = text(attribute).filter(|text| is_identity(text)) {
                        add(&text, of(attribute));
                    }
                }
                let config = values.get("vpc_config").map(|raw| raw.get());
                let config: Json =
                    config.and_then(|raw| serde_json::from_str(raw).ok()).unwrap_or_default();
                let own = &config[0]["cluster_security_group_id"];
                if let Some(text) = own.as_str().filter(|text| is_identity(text)) {
                    add(text, open::within(of("vpc_config"), "[0].cluster_security_group_id"));
                }
                if let Some(endpoint) = text("endpoint") {
                    add(&endpoint, of("endpoint"));
                    if let Some(symbol) = open::host(of("endpoint")) {
                        add(endpoint.trim_start_matches("https://"), symbol);
                    }
                }
            }
        }
    }

    /// The arguments of an instance.
    fn body(&self, address: &str, values: &Json, unknown: &Json, span: Span) -> Entries {
        let config = self.references.of(address).and_then(|it| it.expressions);
        let none = || Json::Object(serde_json::Map::new());
        let config: Json =
            config.and_then(|raw| serde_json::from_str(raw.get()).ok()).unwrap_or_else(none);
        let module = module_of(address);
        let index = address.rsplit_once('[').map(|(_, key)| key.trim_end_matches(']').to_owned());
        let at = At { owner: address, module: &module, index: index.as_deref(), span };
        self.entries(&at, values, unknown, &config)
            .into_iter()
            .filter(|(name, _)| !matches!(&**name, "id" | "arn" | "tags_all"))
            .collect()
    }

    fn entries(
        &self,
        at: &At<'_>,
        values: &Json,
        unknown: &Json,
        config: &Json,
    ) -> BTreeMap<Arc<str>, Node> {
        let mut entries = BTreeMap::new();
        for (name, json) in values.as_object().into_iter().flatten() {
            let (unknown, config) = (&unknown[name], config.get(name));
            if let Some(value) = self.known(at, name, json, unknown, config) {
                entries.insert(name.as_str().into(), Node::new(value, at.span));
            }
        }
        for (name, unknown) in unknown.as_object().into_iter().flatten() {
            // What is open and not written has its default; in a block whose text is lost, it may be
            // written.
            let written = config.get(name);
            if unknown.as_bool() == Some(true) && (written.is_some() || config.is_null()) {
                let open = open::Open { module: at.module, owner: at.owner, name, index: at.index };
                let value = self.open(&open, written, open::is_list(name));
                entries.insert(name.as_str().into(), Node::new(value, at.span));
            }
        }
        entries
    }

    fn known(
        &self,
        at: &At<'_>,
        name: &str,
        json: &Json,
        unknown: &Json,
        config: Option<&Json>,
    ) -> Option<Value> {
        match json {
            Json::Null => None,
            Json::String(text) if text.is_empty() => None,
            Json::Array(items) if items.is_empty() && config.is_none() => None,
            Json::Array(items) => {
                let blocks = items.iter().enumerate().map(|(number, item)| {
                    let config = block_of(items, number, config);
                    let inner = &unknown[number];
                    // Blocks are told apart, so that what is open in one equals nothing of another.
                    let owner = format!("{}.{name}[{number}]", at.owner);
                    let at = At { owner: &owner, ..*at };
                    let value = if item.is_object() {
                        {
                            let config = config.unwrap_or(&Json::Null);
                            Value::map(self.entries(&at, item, inner, config).into_iter().collect())
                        }
                    } else {
                        let known = self.known(&at, "", item, inner, None);
                        known.unwrap_or_else(|| self.element(&at, config))
                    };
                    Node::new(value, at.span)
                });
                Some(Value::list(blocks.collect::<Vec<_>>()))
            }
            Json::String(text) => Some(match self.identities.get(text) {
                Some(symbol) => Value::Unknown(symbol.clone()),
                None => Value::string(text.as_str()),
            }),
            other => Some(values::value(other, at.span)),
        }
    }

    /// An element of a list that is not known, or empty.
    fn element(&self, at: &At<'_>, config: Option<&Json>) -> Value {
        let open = open::Open { module: at.module, owner: at.owner, name: "", index: at.index };
        self.open(&open, config, false)
    }
}

/// Where values are read.
struct At<'a> {
    owner: &'a str,
    module: &'a str,
    /// The key of the instance, as written.
    index: Option<&'a str>,
    span: Span,
}

/// The configuration of one of several blocks: blocks have no names, and a plan sorts them.
fn block_of<'c>(items: &[Json], number: usize, config: Option<&'c Json>) -> Option<&'c Json> {
    let config = config?;
    let Some(blocks) = config.as_array() else { return Some(config) };
    let [one] = blocks.as_slice() else {
        let same = |block: &&Json| {
            block.as_object().is_some_and(|arguments| {
                arguments.iter().all(|(name, it)| match it.get("constant_value") {
                    Some(constant) => *constant == items[number][name],
                    // A known value that was computed may be another block's.
                    None => items[number][name].is_null(),
                })
            })
        };
        // Where nothing known tells the blocks apart, one order is as good as another.
        let alike = blocks.iter().filter(same).count();
        return if alike == blocks.len() && items.len() == alike {
            blocks.get(number)
        } else if alike == 1 {
            blocks.iter().find(same)
        } else {
            None
        };
    };
    (items.len() == 1).then_some(one)
}

/// The Region and the account of an instance.
fn provider(document: &Document<'_>, context: &Context<'_>, address: &str) -> (Value, Arc<str>) {
    let key = context.references.of(address).map(|it| &*it.provider_config_key).unwrap_or_default();
    let provider = document.configuration.provider_config.get(key);
    let region = provider.map(|it| &it.expressions["region"]);
    let constant = region.and_then(|it| it["constant_value"].as_str());
    let variable = region
        .and_then(|it| it["references"].as_array())
        .filter(|all| all.len() == 1)
        .and_then(|all| all[0].as_str()?.strip_prefix("var."))
        .and_then(|name| document.variables.get(name)?.value)
        .and_then(|raw| serde_json::from_str::<String>(raw.get()).ok());
    let open = || Value::Unknown(Symbol::input(format!("provider.{key}.region"), Why::NoValue));
    let region = constant.map(str::to_owned).or(variable).map_or_else(open, Value::string);
    let aliased = provider.is_some_and(|it| it.alias.is_some());
    (region, if aliased { key.into() } else { "".into() })
}
