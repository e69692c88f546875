//! The loop variables of `Fn::ForEach`.

use std::sync::Arc;

/// Names and values, outermost loop first.
#[derive(Debug, Clone, Default)]
pub(super) struct Scope(Arc<[(Arc<str>, Arc<str>)]>);

impl Scope {
    /// This scope and one more variable.
    pub(super) fn with(&self, name: &Arc<str>, value: Arc<str>) -> Self {
        Self(self.0.iter().cloned().chain([(Arc::clone(name), value)]).collect())
    }

    /// The value of a variable.
    pub(super) fn get(&self, name: &str) -> Option<&Arc<str>> {
        self.0.iter().rev().find(|(variable, _)| &**variable == name).map(|(_, value)| value)
    }

    /// A text with `${Name}` and `&{Name}` replaced; `&{…}` keeps letters and digits only.
    pub(super) fn expand(&self, text: &Arc<str>) -> Arc<str> {
        if self.0.is_empty() || !text.contains('{') {
            return Arc::clone(text);
        }
        let mut out = text.to_string();
        for (name, value) in self.0.iter().rev() {
            let plain: String = value.chars().filter(char::is_ascii_alphanumeric).collect();
            out = out.replace(&format!("${{{name}}}"), value);
            out = out.replace(&format!("&{{{name}}}"), &plain);
        }
        out.into()
    }
}
