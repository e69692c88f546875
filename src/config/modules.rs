//! What the file says of modules whose source is not at hand: a folder that stands for each.

use std::path::PathBuf;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Placed;
use super::read::{MODULE, Reader};
use crate::source::Span;

/// A folder that stands for versions of a module.
#[derive(Debug)]
pub struct ModuleSummary {
    /// The module, as calls write their `source`.
    pub source: Placed<String>,
    /// The versions that it holds for; all without them.
    pub versions: Option<Placed<String>>,
    /// The folder.
    pub summary: Placed<PathBuf>,
}

impl Reader<'_> {
    pub(super) fn modules(&mut self, value: &Spanned<DeValue<'_>>) -> Vec<ModuleSummary> {
        let Some(items) = value.get_ref().as_array() else {
            self.fault(value.span(), "modules must be tables: [[modules]]".to_owned());
            return Vec::new();
        };
        let mut modules = Vec::new();
        for item in items {
            let Some(table) = self.table("modules", item) else { continue };
            modules.extend(self.module(table, item.span()));
        }
        modules
    }

    fn module(&mut self, table: &DeTable<'_>, at: std::ops::Range<usize>) -> Option<ModuleSummary> {
        let (mut source, mut versions, mut summary) = (None, None, None);
        let mut is_whole = true;
        for (key, value) in self.entries(table, MODULE, " in [[modules]]") {
            let Some(text) = value.get_ref().as_str() else {
                self.fault(value.span(), format!("{key} must be a text"));
                is_whole = false;
                continue;
            };
            let text = Placed { value: text.to_owned(), span: Span::new(self.file, value.span()) };
            match key {
                "source" => source = Some(text),
                "versions" => versions = Some(text),
                _ => {
                    let value = self.folder.join(text.value);
                    summary = Some(Placed { value, span: text.span });
                }
            }
        }
        if let (Some(source), Some(summary)) = (source, summary) {
            return Some(ModuleSummary { source, versions, summary });
        }
        if is_whole {
            let message = "a table of [[modules]] needs a source and a summary";
            self.fault(at, message.to_owned());
        }
        None
    }
}
