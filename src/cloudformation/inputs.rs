//! Values of parameters from the command line: alone, and in files of the forms that deploying tools read.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::Value;

use super::syntax::{Content, NodeId, Tree};
use super::yaml;
use crate::source::Workspace;

/// Values of parameters as they are given.
#[derive(Debug, Clone, Default)]
pub struct Values {
    /// Files with values; a later one wins over an earlier one.
    pub files: Vec<PathBuf>,
    /// Names and values; they win over the files, and a later one over an earlier one.
    pub given: Vec<(String, String)>,
}

/// Values of parameters by name.
#[derive(Debug, Clone, Default)]
pub struct Inputs(BTreeMap<Arc<str>, Arc<str>>);

impl Inputs {
    /// Reads the files. What cannot be read is told, and the rest is complete.
    pub fn read(workspace: &Workspace, values: &Values) -> (Self, Vec<String>) {
        let mut inputs = Self::default();
        let mut failures = Vec::new();
        for path in &values.files {
            match file(workspace, path) {
                Ok(read) => inputs.0.extend(read),
                Err(reason) => failures.push(format!("{}: {reason}", path.display())),
            }
        }
        let given = values.given.iter();
        inputs.0.extend(given.map(|(name, value)| (name.as_str().into(), value.as_str().into())));
        (inputs, failures)
    }

    /// Values that a manifest gives; what is no text is left out.
    pub(super) fn of_mapping(members: Option<&serde_json::Map<String, Value>>) -> Self {
        Self(members.map(of_mapping).unwrap_or_default().into_iter().collect())
    }

    /// These values and, of the others, those that they do not have.
    #[must_use]
    pub fn or(&self, others: &Self) -> Self {
        Self(others.0.iter().chain(&self.0).map(|(k, v)| (k.clone(), v.clone())).collect())
    }

    /// The value of a parameter.
    pub(super) fn get(&self, name: &str) -> Option<&Arc<str>> {
        self.0.get(name)
    }

    /// The names that are not among those declared.
    pub(super) fn undeclared(&self, declared: &BTreeSet<Arc<str>>) -> Vec<Arc<str>> {
        self.0.keys().filter(|name| !declared.contains(*name)).cloned().collect()
    }
}

type Pairs = Vec<(Arc<str>, Arc<str>)>;

fn file(workspace: &Workspace, path: &Path) -> Result<Pairs, String> {
    let file = workspace.read(path).map_err(|error| error.to_string())?;
    let source = workspace.sources().file(file);
    if path.extension().is_some_and(|ending| ending == "toml") {
        let table: toml::Table = source.text.parse().map_err(|error: toml::de::Error| {
            let at = u32::try_from(error.span().map_or(0, |span| span.start)).unwrap_or(0);
            let (line, column) = source.position(at);
            format!("{line}:{column}: not valid TOML: {}", error.message())
        })?;
        let value = serde_json::to_value(table).map_err(|error| error.to_string())?;
        return sam(&value).ok_or_else(|| UNKNOWN_FORM.to_owned());
    }
    let parsed = yaml::parse(file, &source);
    if let Some(problem) = parsed.problems.first() {
        let (line, column) = source.position(problem.span.start);
        return Err(format!("{line}:{column}: {}", problem.message));
    }
    let root = parsed.root.ok_or("is empty")?;
    pairs(&plain(&parsed.tree, root, 0)).ok_or_else(|| UNKNOWN_FORM.to_owned())
}

const UNKNOWN_FORM: &str = "is no parameter file: neither a list of ParameterKey and ParameterValue \
     (AWS CLI), nor a mapping under Parameters (CodePipeline, Git sync), nor a samconfig with \
     parameter_overrides";

/// How deep a parameter file is followed, and how many nodes of it.
const MAX_DEPTH: usize = 8;

/// A document without places; scalars as they are written. What is deeper than any of the forms is left out.
fn plain(tree: &Tree, id: NodeId, depth: usize) -> Value {
    match tree.content(id) {
        _ if depth > MAX_DEPTH => Value::Null,
        Content::Scalar { text, .. } => Value::from(&**text),
        Content::Sequence(items) => {
            items.iter().map(|&item| plain(tree, item, depth + 1)).collect()
        }
        Content::Mapping(entries) => {
            let pairs =
                entries.iter().map(|it| (it.key.to_string(), plain(tree, it.value, depth + 1)));
            Value::Object(pairs.collect())
        }
        Content::Null | Content::Alias(_) | Content::Call { .. } | Content::Broken(_) => {
            Value::Null
        }
    }
}

/// The values in a document of any of the forms.
fn pairs(document: &Value) -> Option<Pairs> {
    match document {
        Value::Array(items) => of_list(items),
        Value::Object(members) => match members.get("Parameters").or(members.get("parameters")) {
            Some(Value::Object(parameters)) => Some(of_mapping(parameters)),
            Some(Value::Array(items)) => of_list(items),
            Some(Value::Null) => Some(Pairs::new()),
            _ => sam(document),
        },
        _ => None,
    }
}

/// The AWS CLI's list of mappings, or of `Key=Value`. A member may keep the previous value.
fn of_list(items: &[Value]) -> Option<Pairs> {
    let mut pairs = Pairs::new();
    for item in items {
        if let Some(text) = item.as_str() {
            let (name, value) = text.split_once('=')?;
            pairs.push((name.trim().into(), value.into()));
            continue;
        }
        let name = item.get("ParameterKey")?.as_str()?;
        match item.get("ParameterValue") {
            Some(value) => pairs.push((name.into(), text(value)?)),
            None => _ = item.get("UsePreviousValue")?,
        }
    }
    Some(pairs)
}

fn of_mapping(members: &serde_json::Map<String, Value>) -> Pairs {
    let pair = |(name, value): (&String, &Value)| Some((name.as_str().into(), text(value)?));
    members.iter().filter_map(pair).collect()
}

/// A value as text; a list as CloudFormation takes it.
fn text(value: &Value) -> Option<Arc<str>> {
    match value {
        Value::String(text) => Some(text.as_str().into()),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string().into()),
        Value::Array(items) => {
            let texts: Option<Vec<_>> = items.iter().map(text).collect();
            Some(texts?.join(",").into())
        }
        Value::Null => Some("".into()),
        Value::Object(_) => None,
    }
}

/// The `parameter_overrides` of a samconfig: those of the environment `default`, or of the only one.
fn sam(document: &Value) -> Option<Pairs> {
    let environments = document.as_object()?;
    let only = || {
        let mut tables = environments.values().filter(|value| value.is_object());
        tables.next().filter(|_| tables.next().is_none())
    };
    let environment = environments.get("default").or_else(only)?;
    let mut found = None;
    for command in ["global", "deploy"] {
        let overrides = environment.pointer(&format!("/{command}/parameters/parameter_overrides"));
        let Some(overrides) = overrides else { continue };
        let pairs: &mut Pairs = found.get_or_insert_default();
        match overrides {
            Value::Object(members) => pairs.extend(of_mapping(members)),
            Value::Array(items) => {
                pairs.extend(items.iter().filter_map(Value::as_str).flat_map(words));
            }
            Value::String(line) => pairs.extend(words(line)),
            _ => return None,
        }
    }
    found
}

/// The words of `A=1 B="two words" ParameterKey=C,ParameterValue=3`.
fn words(line: &str) -> Pairs {
    let mut pairs = Pairs::new();
    for word in split_words(line) {
        let old =
            word.strip_prefix("ParameterKey=").and_then(|it| it.split_once(",ParameterValue="));
        if let Some((name, value)) = old.or_else(|| word.split_once('=')) {
            pairs.push((name.trim_matches('"').into(), value.into()));
        }
    }
    pairs
}

/// A line cut at its spaces, as a shell does it: quotes hold together and go, a backslash keeps what follows.
fn split_words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut chars = line.chars();
    while let Some(next) = chars.next() {
        match (next, quote) {
            ('\\', _) => word.get_or_insert_default().extend(chars.next()),
            (mark, Some(open)) if mark == open => quote = None,
            (mark @ ('"' | '\''), None) => {
                quote = Some(mark);
                word.get_or_insert_default();
            }
            (space, None) if space.is_whitespace() => words.extend(word.take()),
            (other, _) => word.get_or_insert_default().push(other),
        }
    }
    words.extend(word);
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &str, text: &str) -> Result<Vec<String>, String> {
        let temp = tempfile::tempdir().unwrap();
        let top = temp.path().canonicalize().unwrap();
        std::fs::write(top.join(name), text).unwrap();
        let workspace = Workspace::new(&top, &top).unwrap();
        let values = Values { files: vec![name.into()], given: vec![] };
        let (inputs, mut failures) = Inputs::read(&workspace, &values);
        match failures.pop() {
            Some(failure) => Err(failure),
            None => Ok(inputs.0.iter().map(|(name, value)| format!("{name}={value}")).collect()),
        }
    }

    #[test]
    fn reads_every_form() {
        for (name, text) in [
            (
                "cli.json",
                r#"[{"ParameterKey": "A", "ParameterValue": "1"}, {"ParameterKey": "B",
                    "ParameterValue": "x y,z"}, {"ParameterKey": "C", "UsePreviousValue": true}]"#,
            ),
            ("overrides.json", r#"["A=1", "B=x y,z"]"#),
            ("pipeline.json", r#"{"Parameters": {"A": 1, "B": "x y,z"}, "Tags": {"T": "t"}}"#),
            ("sync.yaml", "template-file-path: t.yaml\nparameters:\n  A: 1\n  B: [x y, z]\n"),
            (
                "samconfig.toml",
                "version = 0.1\n[default.global.parameters]\nparameter_overrides = 'A=0'\n\
                 [default.deploy.parameters]\nparameter_overrides = \"A=\\\"1\\\" B='x y,z'\"\n",
            ),
            (
                "list.toml",
                "[prod.deploy.parameters]\nparameter_overrides = ['A=1', 'B=\"x y,z\"']\n",
            ),
            (
                "samconfig.yaml",
                "version: 0.1\ndefault:\n  deploy:\n    parameters:\n      parameter_overrides:\n\
                 \x20       - ParameterKey=A,ParameterValue=1\n        - B=\"x y,z\"\n",
            ),
        ] {
            assert_eq!(read(name, text).unwrap(), ["A=1", "B=x y,z"], "{name}");
        }
    }

    #[test]
    fn refuses_what_is_none() {
        for (name, text, reason) in [
            ("a.json", "{\"A\": 1}", "a.json: is no parameter file"),
            ("a.json", "[1]", "a.json: is no parameter file"),
            ("a.yaml", "a: [", "a.yaml: 1:4: not valid YAML"),
            ("a.toml", "a = ", "a.toml: 1:5: not valid TOML"),
            ("a.toml", "[a.deploy.parameters]\nx = 1", "a.toml: is no parameter file"),
            ("a.yaml", "", "a.yaml: is empty"),
        ] {
            let failure = read(name, text).unwrap_err();
            assert!(failure.starts_with(reason), "{text}: {failure}");
        }
    }
}
