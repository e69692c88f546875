//! What a root shares with others: its state, its parameters, and what its data sources ask for.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use super::access::SELECTED;
use super::evaluator::Evaluator;
use super::module::Module;
use super::scope::Instance;
use super::syntax::{Body, Expr, Kind};
use crate::graph::{Entries, Graph, Items, Map, Mode, Node, Offer, Resource, Value, Want};
use crate::unknown::{Form, Operand, ResourceId, Step, Symbol, Why};

pub(super) const REMOTE_STATE: &str = "terraform_remote_state";

/// What tells one state from another, by backend; after `=` what an argument is when it is not written
/// (<https://developer.hashicorp.com/terraform/language/backend>).
const BACKENDS: [(&str, &[&str]); 10] = [
    ("s3", &["bucket", "key"]),
    ("gcs", &["bucket", "prefix="]),
    ("azurerm", &["storage_account_name", "container_name", "key"]),
    ("http", &["address"]),
    ("consul", &["path", "address=", "datacenter="]),
    ("pg", &["conn_str", "schema_name=terraform_remote_state"]),
    (
        "kubernetes",
        &["secret_suffix", "namespace=default", "host=", "config_path=", "config_context="],
    ),
    ("oss", &["bucket", "prefix=env:", "key=terraform.tfstate"]),
    ("cos", &["bucket", "prefix=", "key=terraform.tfstate"]),
    ("remote", &["hostname=app.terraform.io", "organization", "workspaces.name"]),
];

/// Objects are opened no deeper than this.
const MAX_DEPTH: u32 = 8;

impl Evaluator<'_> {
    /// Adds what the root offers to others, and what it wants of them.
    pub(super) fn share(&self, root: &Rc<Instance>, graph: &mut Graph) {
        let Some(module) = &root.module else { return };
        if let Some(name) = self.state_name(module) {
            let outputs = module.outputs.iter().map(|(name, block)| {
                let value = self.force(self.output(root.id, name));
                (Arc::clone(name), Node::new(opened(&value, graph, 0), block.head))
            });
            let entries: BTreeMap<_, _> = outputs.collect();
            let hidden = !module.faults.is_empty();
            let rest = hidden.then(|| Symbol::input(&*graph.root, Why::Unparsable));
            let value = Value::Map(Arc::new(Map {
                uniform: false,
                entries: entries.into_iter().collect(),
                rest,
            }));
            graph.offers.push(Offer { name, region: Value::Null, account: "".into(), value });
        }
        let mut wants = Vec::new();
        let mut offers = Vec::new();
        for resource in &graph.resources {
            match (&*resource.kind, resource.mode) {
                (REMOTE_STATE, Mode::Data) => {
                    let name = self.wanted_state(&resource.body);
                    wants.extend(name.map(|name| want(resource, name, "outputs")));
                }
                ("aws_ssm_parameter", mode) => {
                    let Some(name) = text(resource, "name") else { continue };
                    let name: Arc<str> = format!("parameter {name}").into();
                    if mode == Mode::Data {
                        wants.push(want(resource, Arc::clone(&name), "value"));
                        wants.push(want(resource, name, "insecure_value"));
                        continue;
                    }
                    let written = ["value", "insecure_value"].map(|it| resource.body.get(it));
                    let value = written.into_iter().flatten().next();
                    let value = value.filter(|_| resource.exists.is_ok());
                    offers.extend(value.map(|node| Offer {
                        name,
                        region: resource.region.clone(),
                        account: Arc::clone(&resource.account),
                        value: node.value.clone(),
                    }));
                }
                _ => {}
            }
        }
        graph.offers.append(&mut offers);
        graph.wants.append(&mut wants);
    }

    /// What links tell of an attribute of a data source.
    pub(super) fn told(&self, address: &Arc<str>, name: &Arc<str>) -> Option<Value> {
        let known = &self.setting.known;
        if known.is_empty() {
            return None;
        }
        if let Some(value) = known.get(&(Arc::clone(address), Arc::clone(name))) {
            return Some(value.clone());
        }
        let whole = known.get(&(Arc::clone(address), "*".into()))?;
        let Value::Map(map) = whole else { return None };
        match (map.entries.get(name), map.rest.as_ref()?.form()) {
            (Some(node), _) => Some(node.value.clone()),
            (None, Form::Attribute { resource, address, data, .. }) => {
                let (address, name) = (Arc::clone(address), Arc::clone(name));
                Some(Value::Unknown(Symbol::attribute(*resource, address, *data, name)))
            }
            _ => None,
        }
    }

    /// Whether a resource is not one of this root.
    pub(super) fn is_foreign(&self, id: ResourceId) -> bool {
        self.resources.borrow().len() <= id.0 as usize
    }

    /// The name of the root's own state.
    fn state_name(&self, module: &Module) -> Option<Arc<str>> {
        if self.root != module.folder {
            return None; // a file that stands alone
        }
        let Some(block) = &module.backend else {
            return Some(self.local_state("terraform.tfstate"));
        };
        let kind: &str = if &*block.kind == "cloud" { "remote" } else { block.labels.first()? };
        if kind == "local" {
            let path = block.body.attribute("path");
            return match path {
                None => Some(self.local_state("terraform.tfstate")),
                Some(path) => Some(self.local_state(path.text()?)),
            };
        }
        named(kind, |field| literal(&block.body, field))
    }

    /// The name of the state that a `terraform_remote_state` reads.
    fn wanted_state(&self, body: &Entries) -> Option<Arc<str>> {
        let value = |name: &str| body.get(name).map(|node| &node.value);
        if !value("workspace").is_none_or(|name| self.is_own_workspace(name)) {
            return None;
        }
        let Some(Value::String(kind)) = value("backend") else { return None };
        let config = match value("config") {
            Some(Value::Map(map)) => map.entries.clone(),
            _ => Entries::new(),
        };
        if &**kind == "local" {
            return match config.get("path").map(|node| &node.value) {
                None => Some(self.local_state("terraform.tfstate")),
                Some(path) => Some(self.local_state(&path_text(path)?)),
            };
        }
        let config = Value::map(config);
        named(kind, |field| {
            let mut value = config.clone();
            for part in field.split('.') {
                if let Value::List { items, .. } = &value {
                    let Some(first) = items.first() else { return Argument::Absent };
                    value = first.value.clone();
                }
                match value.step(&Step::Name(part.into())) {
                    Some(inner) => value = inner,
                    None => return Argument::Absent,
                }
            }
            match value {
                Value::String(text) => Argument::Text(text),
                Value::Null => Argument::Absent,
                _ => Argument::Open,
            }
        })
    }

    /// Whether a workspace is the one that the roots of this run are in.
    fn is_own_workspace(&self, name: &Value) -> bool {
        match name {
            Value::String(name) => **name == *self.selected.as_deref().unwrap_or("default"),
            Value::Unknown(symbol) => {
                matches!(symbol.form(), Form::Input { name, .. } if &**name == SELECTED)
            }
            _ => false,
        }
    }

    /// A state in a file: where it is.
    fn local_state(&self, path: &str) -> Arc<str> {
        let mut whole = PathBuf::new();
        for part in self.root.join(Path::new(&path.replace('\\', "/"))).components() {
            match part {
                Component::ParentDir => {
                    whole.pop();
                }
                Component::CurDir => {}
                other => whole.push(other),
            }
        }
        format!("state local {}", whole.display()).into()
    }
}

/// An argument of a backend.
enum Argument {
    Text(Arc<str>),
    Absent,
    Open,
}

/// The name of a state in a backend, where everything that tells it from others is known.
fn named(kind: &str, field: impl Fn(&str) -> Argument) -> Option<Arc<str>> {
    let (_, fields) = BACKENDS.iter().find(|(known, _)| *known == kind)?;
    let value = |wanted: &&str| {
        let (name, default) = match wanted.split_once('=') {
            Some((name, default)) => (name, Some(default)),
            None => (*wanted, None),
        };
        match field(name) {
            Argument::Text(text) => Some(text),
            Argument::Absent => default.map(Arc::from),
            Argument::Open => None,
        }
    };
    let values: Option<Vec<_>> = fields.iter().map(value).collect();
    Some(format!("state {kind} {}", values?.join(" ")).into())
}

/// An argument of a backend: these are always written out.
fn literal(body: &Body, field: &str) -> Argument {
    let text =
        |expr: &Expr| expr.text().map_or(Argument::Open, |it| Argument::Text(Arc::clone(it)));
    match field.split_once('.') {
        None => body.attribute(field).map_or(Argument::Absent, |expr| text(expr)),
        Some((outer, inner)) => {
            if let Some(block) = body.blocks(outer).next() {
                return literal(&block.body, inner);
            }
            let Some(expr) = body.attribute(outer) else { return Argument::Absent };
            let Kind::Object(items) = &expr.kind else { return Argument::Open };
            let found = items.iter().find(|(key, _)| key.text().is_some_and(|it| &**it == inner));
            found.map_or(Argument::Absent, |(_, value)| text(value))
        }
    }
}

/// A path, also one that starts at the root's own folder.
fn path_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.to_string()),
        Value::Unknown(symbol) => match symbol.form() {
            Form::Call { function, operands } if &**function == "template" => {
                let [Operand::Symbol(folder), Operand::Text(rest)] = operands.as_ref() else {
                    return None;
                };
                let here = matches!(folder.form(), Form::Input { name, .. }
                    if matches!(&**name, "path.module" | "path.root" | "path.cwd"));
                here.then(|| format!(".{rest}"))
            }
            _ => None,
        },
        _ => None,
    }
}

fn text(resource: &Resource, name: &str) -> Option<Arc<str>> {
    match &resource.body.get(name)?.value {
        Value::String(text) => Some(Arc::clone(text)),
        _ => None,
    }
}

fn want(resource: &Resource, name: Arc<str>, attribute: &str) -> Want {
    let of_region = &*resource.kind != REMOTE_STATE;
    let region = if of_region { resource.region.clone() } else { Value::Null };
    let account = Arc::clone(&resource.account);
    Want { name, region, account, asked: (Arc::clone(&resource.address), attribute.into()) }
}

/// A value whose whole resources have become objects: what is written, and the rest by name.
fn opened(value: &Value, graph: &Graph, depth: u32) -> Value {
    if depth > MAX_DEPTH {
        return value.clone();
    }
    let node = |node: &Node| Node::new(opened(&node.value, graph, depth + 1), node.span);
    match value {
        Value::Unknown(symbol) => match symbol.form() {
            Form::Attribute { resource, name, .. } if name.is_empty() => {
                let known = graph.resources.get(resource.0 as usize);
                known.map_or_else(|| value.clone(), |it| it.whole(*resource))
            }
            _ => value.clone(),
        },
        Value::List { items, rest } => {
            let nodes: Vec<_> = items.iter().map(node).collect();
            Value::List { items: Items::of(items.kind, nodes), rest: rest.clone() }
        }
        Value::Map(map) => Value::Map(Arc::new(Map {
            uniform: map.uniform,
            entries: map.entries.iter().map(|(key, it)| (Arc::clone(key), node(it))).collect(),
            rest: map.rest.clone(),
        })),
        other => other.clone(),
    }
}
