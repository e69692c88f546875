//! From the text of the file to its values: everything unknown or of the wrong kind is told with its place.

use std::path::{Path, PathBuf};

use ignore::gitignore::GitignoreBuilder;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::told::MUSTS;
use super::{Config, Placed, RootSettings};
use crate::checks::ALL;
use crate::finding::{Rule, Severity};
use crate::near::hint;
use crate::source::{FileId, Span};

/// The keys of the file.
pub const KEYS: &[&str] = &[
    "select",
    "ignore",
    "exclude",
    "inline-suppressions",
    "severities",
    "roots",
    "modules",
    "assumptions",
    "clients",
    "must-resolve-privately",
    "must-reach",
    "must-not-reach",
];
/// The keys of a table of `[[roots]]`.
pub const ROOT: &[&str] = &["path", "tfvars", "variables", "parameter-files", "parameters"];
/// The keys of a table of `[[modules]]`.
pub const MODULE: &[&str] = &["source", "versions", "summary"];
/// The keys of `[assumptions]`.
pub const ASSUMPTIONS: &[&str] = &["eks-public-dns", "on-premises-dns", "networks", "quotas"];
/// The keys of `on-premises-dns`.
pub const ON_PREMISES_DNS: &[&str] = &["recurse", "filter-private-answers", "forward"];
/// The keys of a table of its `forward`.
pub const FORWARD: &[&str] = &["domain", "to"];
/// The keys of a table of `[[assumptions.networks]]`.
pub const NETWORK: &[&str] = &["name", "cidrs"];
/// The keys of `quotas`.
pub const QUOTAS: &[&str] = &["resolver-endpoints", "resolver-endpoint-addresses"];
/// The keys of a client or an assertion.
pub const PAIR: &[&str] = &["from", "to"];

/// Something wrong in the file.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) span: Span,
    pub(super) message: String,
}

type Key<'a, 'i> = (&'a str, &'a Spanned<DeValue<'i>>);

/// Reads a text that stands in `folder`.
pub(super) fn read(file: FileId, text: &str, folder: &Path) -> Result<Config, Vec<Fault>> {
    let mut reader = Reader { file, folder, faults: Vec::new() };
    let (table, errors) = DeTable::parse_recoverable(text);
    for error in errors.into_iter().take(1) {
        let at = error.span().unwrap_or_default();
        reader.fault(at, format!("not valid TOML: {}", error.message()));
    }
    if reader.faults.is_empty() {
        let config = reader.config(table.get_ref());
        if reader.faults.is_empty() {
            return Ok(config);
        }
    }
    reader.faults.sort_by_key(|fault| fault.span.start);
    Err(reader.faults)
}

pub(super) struct Reader<'f> {
    pub(super) file: FileId,
    pub(super) folder: &'f Path,
    faults: Vec<Fault>,
}

impl Reader<'_> {
    pub(super) fn fault(&mut self, at: std::ops::Range<usize>, message: String) {
        self.faults.push(Fault { span: Span::new(self.file, at), message });
    }

    pub(super) fn placed<T>(&self, at: std::ops::Range<usize>, value: T) -> Placed<T> {
        Placed { value, span: Span::new(self.file, at) }
    }

    /// The entries of a table with known keys; each other key is a fault that names those near it.
    pub(super) fn entries<'a, 'i>(
        &mut self,
        table: &'a DeTable<'i>,
        known: &[&str],
        of: &str,
    ) -> Vec<Key<'a, 'i>> {
        let mut entries = Vec::new();
        for (key, value) in table {
            let name: &str = key.get_ref();
            if known.contains(&name) {
                entries.push((name, value));
            } else {
                let mut hint = hint(name, known.iter().copied());
                if hint.is_empty() {
                    hint = format!("; known: {}", known.join(", "));
                }
                self.fault(key.span(), format!("unknown key {name}{of}{hint}"));
            }
        }
        entries
    }

    fn config(&mut self, table: &DeTable<'_>) -> Config {
        let mut config = Config { file: Some(self.file), ..Config::default() };
        for (key, value) in self.entries(table, KEYS, "") {
            match key {
                "select" => config.select = self.rules(key, value),
                "ignore" => config.ignore = self.rules(key, value),
                "exclude" => self.exclude(value, &mut config),
                "inline-suppressions" => {
                    config.inline_suppressions = self.inline_suppressions(value);
                }
                "severities" => config.severities = self.severities(value),
                "roots" => config.roots = self.roots(value),
                "modules" => config.modules = self.modules(value),
                "assumptions" => self.assumptions(value, &mut config),
                "clients" => config.clients = self.pairs(key, value),
                _ => {
                    let must = MUSTS.into_iter().find(|must| must.key() == key);
                    let own = must.map(|must| self.assertions(must, value));
                    config.assertions.extend(own.unwrap_or_default());
                }
            }
        }
        config
    }

    fn exclude(&mut self, value: &Spanned<DeValue<'_>>, config: &mut Config) {
        let Some(texts) = self.texts("exclude", value) else { return };
        let mut builder = GitignoreBuilder::new(self.folder);
        for text in &texts {
            if let Err(error) = builder.add_line(None, &text.value) {
                let at = text.span.start as usize..text.span.end as usize;
                self.fault(at, format!("not a pattern of paths: {error}"));
            }
        }
        match builder.build() {
            Ok(excluded) => config.excluded = Some(excluded),
            Err(error) => self.fault(value.span(), format!("not patterns of paths: {error}")),
        }
        let texts = texts.into_iter().map(|text| text.value).collect();
        config.exclude = Some(self.placed(value.span(), texts));
    }

    fn inline_suppressions(&mut self, value: &Spanned<DeValue<'_>>) -> Option<Placed<bool>> {
        match value.get_ref().as_str() {
            Some("allow") => Some(self.placed(value.span(), true)),
            Some("deny") => Some(self.placed(value.span(), false)),
            _ => {
                let message = "inline-suppressions must be \"allow\" or \"deny\"".to_owned();
                self.fault(value.span(), message);
                None
            }
        }
    }

    fn severities(
        &mut self,
        value: &Spanned<DeValue<'_>>,
    ) -> Vec<(&'static Rule, Placed<Severity>)> {
        let Some(table) = self.table("severities", value) else { return Vec::new() };
        let mut severities = Vec::new();
        for (key, value) in table {
            let rule = self.rule(key.get_ref(), key.span());
            let word = value.get_ref().as_str();
            let Some(severity) = word.and_then(|word| word.parse::<Severity>().ok()) else {
                let message = "a severity must be \"error\", \"warning\" or \"note\"";
                self.fault(value.span(), message.to_owned());
                continue;
            };
            let severity = self.placed(value.span(), severity);
            severities.extend(rule.map(|rule| (rule, severity)));
        }
        severities
    }

    fn roots(&mut self, value: &Spanned<DeValue<'_>>) -> Vec<RootSettings> {
        let Some(items) = value.get_ref().as_array() else {
            self.fault(value.span(), "roots must be tables: [[roots]]".to_owned());
            return Vec::new();
        };
        let mut roots = Vec::new();
        for item in items {
            let Some(table) = self.table("roots", item) else { continue };
            roots.extend(self.root(table, item.span()));
        }
        roots
    }

    fn root(&mut self, table: &DeTable<'_>, at: std::ops::Range<usize>) -> Option<RootSettings> {
        let entries = self.entries(table, ROOT, " in [[roots]]");
        let Some((_, path)) = entries.iter().find(|(key, _)| *key == "path") else {
            self.fault(at, "a table of [[roots]] needs a path".to_owned());
            return None;
        };
        let Some(text) = path.get_ref().as_str() else {
            self.fault(path.span(), "path must be a text".to_owned());
            return None;
        };
        let span = Span::new(self.file, path.span());
        let mut root = match RootSettings::new(self.folder, text.to_owned(), span) {
            Ok(root) => root,
            Err(reason) => {
                self.fault(path.span(), format!("not a pattern of paths: {reason}"));
                return None;
            }
        };
        for (key, value) in entries {
            match key {
                "tfvars" => root.tfvars = self.files(key, value),
                "parameter-files" => root.parameter_files = self.files(key, value),
                "variables" => root.variables = self.values(key, value, hcl),
                "parameters" => root.parameters = self.values(key, value, parameter),
                _ => {}
            }
        }
        Some(root)
    }

    /// Files, relative to the folder of the configuration.
    fn files(&mut self, key: &str, value: &Spanned<DeValue<'_>>) -> Vec<Placed<PathBuf>> {
        let texts = self.texts(key, value).unwrap_or_default();
        let path =
            |text: Placed<String>| Placed { value: self.folder.join(text.value), span: text.span };
        texts.into_iter().map(path).collect()
    }

    fn values(
        &mut self,
        key: &str,
        value: &Spanned<DeValue<'_>>,
        as_text: fn(&DeValue<'_>) -> Option<String>,
    ) -> Vec<(String, Placed<String>)> {
        let Some(table) = self.table(key, value) else { return Vec::new() };
        let mut values = Vec::new();
        for (name, value) in table {
            let Some(text) = as_text(value.get_ref()) else {
                let kind = value.get_ref().type_str();
                self.fault(value.span(), format!("{key} cannot have a {kind} as value"));
                continue;
            };
            values.push((name.get_ref().to_string(), self.placed(value.span(), text)));
        }
        values
    }

    pub(super) fn table<'a, 'i>(
        &mut self,
        key: &str,
        value: &'a Spanned<DeValue<'i>>,
    ) -> Option<&'a DeTable<'i>> {
        let table = value.get_ref().as_table();
        if table.is_none() {
            self.fault(value.span(), format!("{key} must be a table"));
        }
        table
    }

    pub(super) fn texts(
        &mut self,
        key: &str,
        value: &Spanned<DeValue<'_>>,
    ) -> Option<Vec<Placed<String>>> {
        let items = value.get_ref().as_array();
        let text = |item: &Spanned<DeValue<'_>>| {
            Some(self.placed(item.span(), item.get_ref().as_str()?.to_owned()))
        };
        let texts = items.and_then(|items| items.iter().map(text).collect());
        if texts.is_none() {
            self.fault(value.span(), format!("{key} must be a list of texts"));
        }
        texts
    }

    fn rules(
        &mut self,
        key: &str,
        value: &Spanned<DeValue<'_>>,
    ) -> Option<Placed<Vec<Placed<&'static Rule>>>> {
        let mut rules = Vec::new();
        for text in self.texts(key, value)? {
            let at = text.span.start as usize..text.span.end as usize;
            let rule = self.rule(&text.value, at);
            rules.extend(rule.map(|value| Placed { value, span: text.span }));
        }
        Some(self.placed(value.span(), rules))
    }

    fn rule(&mut self, id: &str, at: std::ops::Range<usize>) -> Option<&'static Rule> {
        let rule = ALL.iter().map(|check| check.rule).find(|rule| rule.id == id);
        if rule.is_none() {
            let hint = hint(id, ALL.iter().map(|check| check.rule.id));
            self.fault(at, format!("unknown rule {id}{hint}"));
        }
        rule
    }
}

/// A value as `--parameter` has it: a list is one text with commas.
fn parameter(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::Array(items) => {
            let texts: Option<Vec<_>> = items.iter().map(|it| parameter(it.get_ref())).collect();
            Some(texts?.join(","))
        }
        other => scalar(other),
    }
}

/// A value as `--var` has it: a text as it is, anything else as an expression.
fn hcl(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::Array(_) | DeValue::Table(_) => expression(value),
        other => scalar(other),
    }
}

fn scalar(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Boolean(it) => Some(it.to_string()),
        DeValue::Integer(number) if number.radix() == 10 => Some(number.as_str().to_owned()),
        DeValue::Float(number) => Some(number.as_str().to_owned()),
        _ => None,
    }
}

/// A value as HCL writes it; nothing in a text is a template.
fn expression(value: &DeValue<'_>) -> Option<String> {
    Some(match value {
        DeValue::String(text) => quoted(text),
        DeValue::Array(items) => {
            let items: Option<Vec<_>> = items.iter().map(|it| expression(it.get_ref())).collect();
            format!("[{}]", items?.join(", "))
        }
        DeValue::Table(table) => {
            let entry =
                |(key, value): (&Spanned<toml::de::DeString<'_>>, &Spanned<DeValue<'_>>)| {
                    Some(format!("{} = {}", quoted(key.get_ref()), expression(value.get_ref())?))
                };
            let entries: Option<Vec<_>> = table.iter().map(entry).collect();
            format!("{{{}}}", entries?.join(", "))
        }
        other => scalar(other)?,
    })
}

fn quoted(text: &str) -> String {
    let json = serde_json::Value::from(text).to_string();
    json.replace("${", "$${").replace("%{", "%%{")
}
