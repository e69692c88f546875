//! What the file gives to some of the roots: values of variables and parameters.

use std::path::{Path, PathBuf};

use globset::{GlobBuilder, GlobMatcher};

use super::Placed;
use crate::source::Span;

/// The values of the roots that a pattern names.
#[derive(Debug)]
pub struct RootSettings {
    /// The pattern as written.
    pub path: Placed<String>,
    /// The folder of the configuration, which the pattern is relative to.
    folder: PathBuf,
    matcher: GlobMatcher,
    /// Files with values of variables, and values, in the order in which they win.
    pub tfvars: Vec<Placed<PathBuf>>,
    /// Names of variables, and values as `--var` has them.
    pub variables: Vec<(String, Placed<String>)>,
    /// Files with values of parameters.
    pub parameter_files: Vec<Placed<PathBuf>>,
    /// Names of parameters, and values.
    pub parameters: Vec<(String, Placed<String>)>,
}

impl RootSettings {
    /// Settings without values; why the pattern is none.
    pub(super) fn new(folder: &Path, path: String, span: Span) -> Result<Self, String> {
        let pattern = path.trim_start_matches("./").trim_end_matches('/');
        let pattern = if pattern.is_empty() { "." } else { pattern };
        let glob = GlobBuilder::new(pattern).literal_separator(true).build();
        let matcher = glob.map_err(|error| error.to_string())?.compile_matcher();
        Ok(Self {
            path: Placed { value: path, span },
            folder: folder.to_owned(),
            matcher,
            tfvars: Vec::new(),
            variables: Vec::new(),
            parameter_files: Vec::new(),
            parameters: Vec::new(),
        })
    }

    /// Whether a root, by its canonical path, is one of those that are meant.
    pub fn is_for(&self, root: &Path) -> bool {
        match root.strip_prefix(&self.folder) {
            Ok(path) if path.as_os_str().is_empty() => self.matcher.is_match("."),
            Ok(path) => self.matcher.is_match(path),
            Err(_) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Sources;

    #[test]
    fn a_pattern_names_roots_below_the_file() {
        let span = Span::new(Sources::default().add("eksdns-lint.toml", ""), 0..0);
        let is_for = |pattern: &str, root: &str| {
            let settings = RootSettings::new(Path::new("/p"), pattern.to_owned(), span).unwrap();
            settings.is_for(Path::new(root))
        };
        assert!(is_for("live/prod", "/p/live/prod") && is_for("./live/prod/", "/p/live/prod"));
        assert!(is_for("live/*", "/p/live/prod") && !is_for("live/*", "/p/live/a/b"));
        assert!(is_for("live/**", "/p/live/a/b") && is_for(".", "/p") && !is_for(".", "/p/a"));
        assert!(!is_for("live", "/q/live"));
        assert!(RootSettings::new(Path::new("/p"), "a/[b".to_owned(), span).is_err());
    }
}
