//! What Terraform keeps under `.terraform`: installed modules, and the workspace that is selected.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

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

/// The workspace that `terraform workspace select` has chosen.
pub(super) fn selected(workspace: &Workspace, root: &Path) -> Option<Arc<str>> {
    let file = workspace.read(&root.join(".terraform").join("environment")).ok()?;
    let text = Arc::clone(&workspace.sources().file(file).text);
    let name = text.trim();
    (!name.is_empty()).then(|| name.into())
}
