//! What `terraform init` has put under `.terraform/modules`.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use crate::source::Workspace;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Manifest {
    #[serde(default)]
    modules: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Entry {
    key: String,
    dir: String,
}

/// Folders of installed modules, relative to the root, by the path of calls that lead to them.
pub(super) fn read(workspace: &Workspace, root: &Path) -> BTreeMap<String, String> {
    let path = root.join(".terraform").join("modules").join("modules.json");
    let Ok(file) = workspace.read(&path) else { return BTreeMap::new() };
    let text = &workspace.sources().file(file).text;
    let Ok(manifest) = serde_json::from_str::<Manifest>(text) else { return BTreeMap::new() };
    manifest.modules.into_iter().map(|entry| (entry.key, entry.dir)).collect()
}
