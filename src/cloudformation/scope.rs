//! The loop variables of `Fn::ForEach`.

use std::sync::Arc;

/// A loop variable whose value is longer is not followed.
pub(super) const MAX_VALUE: usize = 256;

/// A text that is longer is not searched for loop variables.
pub(super) const MAX_TEXT: usize = 16 * 1024;

/// Names and values, outermost loop first.
#[derive(Debug, Clone, Default)]
pub(super) struct Scope(Arc<[(Arc<str>, Arc<str>)]>);

impl Scope {
    /// This scope and one more variable.
    pub(super) fn with(&self, name: &Arc<str>, value: Arc<str>) -> Self {
        Self(self.0.iter().cloned().chain([(Arc::clone(name), value)]).collect())
    }

    /// Whether this is inside no loop.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The value of a variable.
    pub(super) fn get(&self, name: &str) -> Option<&Arc<str>> {
        self.0.iter().rev().find(|(variable, _)| &**variable == name).map(|(_, value)| value)
    }

    /// A text with `${Name}` and `&{Name}` replaced; `&{…}` keeps letters and digits only.
    pub(super) fn expand(&self, text: &Arc<str>) -> Arc<str> {
        if self.is_empty() || text.len() > MAX_TEXT || !text.contains('{') {
            return Arc::clone(text);
        }
        let mut out = String::with_capacity(text.len());
        let mut rest = &**text;
        while let Some(at) = rest.find(['$', '&']) {
            let (before, from) = rest.split_at(at);
            out.push_str(before);
            let variable = from[1..].strip_prefix('{').and_then(|name| name.split_once('}'));
            match variable.and_then(|(name, after)| Some((self.get(name)?, after))) {
                Some((value, after)) if from.starts_with('&') => {
                    out.extend(value.chars().filter(char::is_ascii_alphanumeric));
                    rest = after;
                }
                Some((value, after)) => {
                    out.push_str(value);
                    rest = after;
                }
                None => {
                    out.push_str(&from[..1]);
                    rest = &from[1..];
                }
            }
        }
        out.push_str(rest);
        out.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replaces_its_variables_once() {
        let scope =
            Scope::default().with(&"A".into(), "x-1".into()).with(&"B".into(), "${A}".into());
        for (text, expected) in [
            ("${A}", "x-1"),
            ("a${A}&{A}${B}$", "ax-1x1${A}$"),
            ("${C} $A {A} &{ ${A", "${C} $A {A} &{ ${A"),
            ("$${A}é&", "$x-1é&"),
        ] {
            assert_eq!(&*scope.expand(&text.into()), expected);
        }
    }
}
