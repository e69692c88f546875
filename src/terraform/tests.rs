//! Tests of whole roots: text in, graph out.

mod expressions;
mod language;
mod limits;
mod modules;
mod resources;
mod summaries;
mod symbols;

use std::path::Path;

use super::{Project, Setting};
use crate::graph::{Graph, Resource, Value};
use crate::source::Workspace;

/// A workspace of given files, and the graph of its root.
pub(super) struct Loaded {
    pub(super) workspace: Workspace,
    pub(super) graph: Graph,
    _folder: tempfile::TempDir,
}

/// Loads the root of a workspace; the first file lies in it.
pub(super) fn load(files: &[(&str, &str)]) -> Loaded {
    load_with(files, |_| Setting::default())
}

/// Loads the root with what it is given from outside.
fn load_with(files: &[(&str, &str)], setting: impl FnOnce(&Workspace) -> Setting) -> Loaded {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let workspace = Workspace::new(folder.path(), folder.path()).unwrap();
    let root = folder.path().join(files[0].0);
    let root = root.parent().unwrap_or(Path::new("")).to_owned();
    let project = Project::parse(&workspace, std::slice::from_ref(&root), &[]);
    let graph = project.load_with(&workspace, &root, &setting(&workspace));
    Loaded { workspace, graph, _folder: folder }
}

impl Loaded {
    pub(super) fn resource(&self, address: &str) -> &Resource {
        let found = self.graph.resources.iter().find(|resource| &*resource.address == address);
        found.unwrap_or_else(|| panic!("no {address} among {:?}", self.addresses()))
    }

    pub(super) fn addresses(&self) -> Vec<&str> {
        self.graph.resources.iter().map(|resource| &*resource.address).collect()
    }

    /// The text of one entry of a resource's body.
    pub(super) fn entry(&self, address: &str, name: &str) -> String {
        self.resource(address).body.get(name).map_or("absent".into(), |node| show(&node.value))
    }

    /// The source text under an entry.
    pub(super) fn text(&self, address: &str, name: &str) -> String {
        self.workspace.sources().text(self.resource(address).body.get(name).unwrap().span)
    }
}

/// A value as tests write it.
pub(super) fn show(value: &Value) -> String {
    match value {
        Value::Null => "null".into(),
        Value::Bool(value) => value.to_string(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => format!("{text:?}"),
        Value::List { items, rest } => {
            let mut parts: Vec<String> = items.iter().map(|item| show(&item.value)).collect();
            parts.extend(rest.iter().map(|symbol| format!("..{symbol}")));
            format!("[{}]", parts.join(", "))
        }
        Value::Map(map) => {
            let entries = map.entries.iter();
            let mut parts: Vec<String> =
                entries.map(|(key, node)| format!("{key}={}", show(&node.value))).collect();
            parts.extend(map.rest.iter().map(|symbol| format!("..{symbol}")));
            format!("{{{}}}", parts.join(", "))
        }
        Value::Unknown(symbol) => format!("<{symbol}>"),
    }
}
