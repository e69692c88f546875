//! Files that a pattern names.

use std::path::{Path, PathBuf};

use globset::{Glob, GlobBuilder, GlobMatcher};

/// `**` goes no deeper than this.
const MAX_DEPTH: u32 = 16;
/// No pattern names more files than this.
const MAX_FILES: usize = 1000;

/// A pattern of paths: `env/*.tfvars`, `../envs/**/prod.tfvars`.
#[derive(Debug, Clone)]
pub struct Pattern {
    text: String,
    steps: Vec<Step>,
}

#[derive(Debug, Clone)]
enum Step {
    Name(String),
    Match(GlobMatcher),
    Deep,
}

impl Pattern {
    /// Reads a pattern.
    pub fn new(text: &str) -> Result<Self, String> {
        let step = |part: &str| match part {
            "**" => Ok(Step::Deep),
            part if Glob::new(part).is_ok() && !part.contains(['*', '?', '[', '{']) => {
                Ok(Step::Name(part.to_owned()))
            }
            part => {
                let glob = GlobBuilder::new(part).literal_separator(true).build();
                glob.map(|glob| Step::Match(glob.compile_matcher())).map_err(|it| it.to_string())
            }
        };
        let parts = text.split('/').enumerate().filter(|(at, part)| *at == 0 || !part.is_empty());
        let absolute = text.starts_with('/').then(|| Ok(Step::Name("/".to_owned())));
        let steps = parts.filter(|(_, part)| !part.is_empty()).map(|(_, part)| step(part));
        let steps: Result<Vec<_>, _> = absolute.into_iter().chain(steps).collect();
        match steps {
            Ok(steps) if !steps.is_empty() => Ok(Self { text: text.to_owned(), steps }),
            Ok(_) => Err("an empty pattern names nothing".to_owned()),
            Err(reason) => Err(format!("{text}: {reason}")),
        }
    }

    /// The files below `folder` that it names, sorted.
    pub fn files(&self, folder: &Path) -> Vec<PathBuf> {
        let mut found = Vec::new();
        walk(folder, &self.steps, 0, &mut found);
        found.sort();
        found.dedup();
        found
    }

    /// As it was written.
    pub fn text(&self) -> &str {
        &self.text
    }
}

fn walk(at: &Path, steps: &[Step], depth: u32, found: &mut Vec<PathBuf>) {
    if found.len() >= MAX_FILES || depth > MAX_DEPTH {
        return;
    }
    let Some((step, rest)) = steps.split_first() else {
        if at.is_file() {
            found.extend(at.canonicalize());
        }
        return;
    };
    match step {
        Step::Name(name) => walk(&at.join(name), rest, depth + 1, found),
        Step::Match(matcher) => {
            for (name, path) in entries(at) {
                if matcher.is_match(&name) {
                    walk(&path, rest, depth + 1, found);
                }
            }
        }
        Step::Deep => {
            walk(at, rest, depth + 1, found);
            for (_, path) in entries(at) {
                if path.is_dir() && !path.is_symlink() {
                    walk(&path, steps, depth + 1, found);
                }
            }
        }
    }
}

fn entries(folder: &Path) -> Vec<(String, PathBuf)> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let named = entries.filter_map(|entry| {
        let entry = entry.ok()?;
        Some((entry.file_name().to_str()?.to_owned(), entry.path()))
    });
    let mut all: Vec<_> = named.filter(|(name, _)| !name.starts_with('.')).collect();
    all.sort();
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_files_step_by_step() {
        let temp = tempfile::tempdir().unwrap();
        let top = temp.path().canonicalize().unwrap();
        for file in ["env/dev.tfvars", "env/prod.tfvars", "env/x/prod.tfvars", "env/a.txt", "a.tf"]
        {
            std::fs::create_dir_all(top.join(file).parent().unwrap()).unwrap();
            std::fs::write(top.join(file), "").unwrap();
        }
        std::fs::create_dir(top.join("root")).unwrap();
        let names = |from: &str, pattern: &str| -> Vec<String> {
            let files = Pattern::new(pattern).unwrap().files(&top.join(from));
            let name = |path: &PathBuf| path.strip_prefix(&top).unwrap().display().to_string();
            files.iter().map(name).collect()
        };
        assert_eq!(names("", "env/*.tfvars"), ["env/dev.tfvars", "env/prod.tfvars"]);
        assert_eq!(names("root", "../env/{dev,stage}.tfvars"), ["env/dev.tfvars"]);
        assert_eq!(names("", "**/prod.tfvars"), ["env/prod.tfvars", "env/x/prod.tfvars"]);
        assert_eq!(names("", "*.tfvars"), Vec::<String>::new());
        assert!(Pattern::new("a/[b").is_err() && Pattern::new("").is_err());
    }
}
