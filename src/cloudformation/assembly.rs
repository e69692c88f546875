//! Cloud assemblies: what `cdk synth` says of the templates that it writes.
//!
//! The form is that of `@aws-cdk/cloud-assembly-schema`: `manifest.json` lists the stacks with their
//! environments, and the assemblies of stages below it; asset manifests tell under which key a template
//! that a stack nests is uploaded.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::{Map, Value};

use super::deployment::{Constructs, Deployment};
use super::inputs::Inputs;
use crate::source::{Complaint, Workspace};

/// Stages are not nested deeper than this.
const MAX_DEPTH: usize = 8;

/// What a manifest says.
#[derive(Debug, Default)]
pub struct Assembly {
    /// The templates of stacks.
    pub(super) stacks: Vec<(PathBuf, Deployment)>,
    /// The files behind what is uploaded from a folder, by the last part of the key.
    pub(super) assets: Vec<((PathBuf, Arc<str>), PathBuf)>,
    /// The folders that it describes.
    pub(super) folders: Vec<PathBuf>,
    /// What of it cannot be used.
    pub(super) complaints: Vec<Complaint>,
}

/// Whether a file is worth reading as the manifest of an assembly.
pub fn may_be_assembly(path: &Path, text: &str) -> bool {
    path.file_name().is_some_and(|name| name == "manifest.json")
        && (text.contains("\"aws:cloudformation:stack\"")
            || text.contains("\"cdk:cloud-assembly\""))
}

impl Assembly {
    /// Reads a manifest and those of the stages below it.
    pub fn read(workspace: &Workspace, manifest: &Path) -> Self {
        let mut assembly = Self::default();
        assembly.add(workspace, manifest, 0);
        assembly
    }

    fn add(&mut self, workspace: &Workspace, manifest: &Path, depth: usize) {
        let Some(folder) = manifest.parent() else { return };
        if self.folders.iter().any(|known| known == folder) || depth > MAX_DEPTH {
            return;
        }
        self.folders.push(folder.to_owned());
        let artifacts = match json(workspace, manifest) {
            Ok(Value::Object(mut document)) => document.remove("artifacts"),
            Ok(_) => None,
            Err(reason) => return self.complain(manifest, &reason),
        };
        let Some(Value::Object(artifacts)) = artifacts else {
            return self.complain(manifest, "it has no artifacts");
        };
        for (id, artifact) in &artifacts {
            let property = |name: &str| artifact.pointer(&format!("/properties/{name}"));
            let file = |name: &str| inside(folder, property(name)?.as_str()?);
            match artifact["type"].as_str() {
                Some("aws:cloudformation:stack") => match file("templateFile") {
                    Some(path) => self.stack(workspace, (manifest, folder), (id, artifact), path),
                    None => self.complain(manifest, &format!("the stack {id} names no template")),
                },
                Some("cdk:cloud-assembly") => match file("directoryName") {
                    Some(path) => self.add(workspace, &path.join("manifest.json"), depth + 1),
                    None => self.complain(manifest, &format!("the stage {id} names no folder")),
                },
                Some("cdk:asset-manifest") => {
                    self.assets.extend(file("file").into_iter().flat_map(|path| {
                        // Without it the nested templates are looked for by their names.
                        assets(folder, &json(workspace, &path).unwrap_or_default())
                    }));
                }
                _ => {}
            }
        }
    }

    fn complain(&mut self, manifest: &Path, reason: &str) {
        let reason = format!("is a manifest of the CDK that cannot be used: {reason}");
        self.complaints.push(Complaint::new(manifest, reason));
    }

    fn stack(
        &mut self,
        workspace: &Workspace,
        (manifest, folder): (&Path, &Path),
        (id, artifact): (&str, &Value),
        template: PathBuf,
    ) {
        if !workspace.resolve(&template).is_ok_and(|path| path.is_file()) {
            let name = template.strip_prefix(folder).unwrap_or(&template).display();
            let reason = format!(
                "is out of date: the template {name} of the stack {id} is not there; run `cdk synth` again"
            );
            self.complaints.push(Complaint::new(manifest, reason));
            return;
        }
        let properties = &artifact["properties"];
        let environment = artifact["environment"].as_str().and_then(|it| it.strip_prefix("aws://"));
        let (account, region) = environment.and_then(|it| it.split_once('/')).unwrap_or_default();
        let known = |text: &str| {
            (!text.is_empty() && !text.starts_with("unknown-")).then(|| Arc::from(text))
        };
        let more = artifact["additionalMetadataFile"].as_str().and_then(|it| inside(folder, it));
        let more = more.and_then(|path| json(workspace, &path).ok()).unwrap_or_default();
        let metadata = [&artifact["metadata"], &more].into_iter().filter_map(Value::as_object);
        let deployment = Deployment {
            account: known(account),
            region: known(region),
            name: Some(properties["stackName"].as_str().unwrap_or(id).into()),
            parameters: Inputs::of_mapping(properties["parameters"].as_object()),
            constructs: Arc::new(Constructs::new(&made(metadata))),
            path: "".into(),
        };
        self.stacks.push((template, deployment));
    }
}

fn json(workspace: &Workspace, path: &Path) -> Result<Value, String> {
    let file = workspace.read(path).map_err(|error| error.to_string())?;
    let source = workspace.sources().file(file);
    serde_json::from_str(&source.text).map_err(|error| format!("not valid JSON: {error}"))
}

/// A file of the assembly, which may not lead out of its folder.
fn inside(folder: &Path, name: &str) -> Option<PathBuf> {
    let name = Path::new(name);
    let plain = |part| matches!(part, std::path::Component::Normal(_));
    name.components().all(plain).then(|| folder.join(name))
}

/// The paths of constructs, each with the logical id of what it makes.
fn made<'v>(metadata: impl Iterator<Item = &'v Map<String, Value>>) -> Vec<(Arc<str>, Arc<str>)> {
    let mut made = Vec::new();
    for (path, entries) in metadata.flatten() {
        let entries = entries.as_array().map_or(&[][..], Vec::as_slice);
        let ids = entries.iter().filter(|entry| entry["type"] == "aws:cdk:logicalId");
        let ids = ids.filter_map(|entry| entry["data"].as_str());
        made.extend(ids.map(|id| (path.trim_start_matches('/').into(), id.into())));
    }
    made
}

/// The files of an asset manifest by the key that each gets.
fn assets(folder: &Path, manifest: &Value) -> Vec<((PathBuf, Arc<str>), PathBuf)> {
    let files = manifest["files"].as_object().into_iter().flatten();
    files
        .filter_map(|(_, file)| Some((inside(folder, file["source"]["path"].as_str()?)?, file)))
        .flat_map(|(path, file)| {
            let places = file["destinations"].as_object().into_iter().flatten();
            let keys = places.filter_map(|(_, place)| place["objectKey"].as_str());
            keys.map(|key| {
                let name = key.rsplit('/').next().unwrap_or(key);
                ((folder.to_owned(), Arc::from(name)), path.clone())
            })
            .collect::<Vec<_>>()
        })
        .collect()
}
