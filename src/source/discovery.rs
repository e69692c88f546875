//! Which files a run looks at: folders with Terraform, and files that may be templates.

use std::fmt;
use std::fs::FileType;
use std::path::{Path, PathBuf};

use ignore::{DirEntry, WalkBuilder};

/// A path that could not be used, and why.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Complaint {
    /// The path: as it was named, or where it was met.
    pub path: PathBuf,
    /// What is the matter, to follow the path in a sentence.
    pub reason: String,
}

impl Complaint {
    /// A complaint about `path`.
    pub fn new(path: impl Into<PathBuf>, reason: impl Into<String>) -> Self {
        Self { path: path.into(), reason: reason.into() }
    }
}

impl fmt::Display for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path.display(), self.reason)
    }
}

/// A path named on the command line that exists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// As it was named.
    pub given: PathBuf,
    /// Its canonical path; the folder for a Terraform file, which stands for it.
    pub path: PathBuf,
}

/// What was found under the inputs; all paths are canonical, sorted, and there once.
#[derive(Debug, Default)]
pub struct Discovered {
    /// The inputs that exist, in the order they were named.
    pub named: Vec<Named>,
    /// Folders that hold Terraform files.
    pub terraform: Vec<PathBuf>,
    /// Terraform files that were named: each stands for its folder.
    pub files: Vec<PathBuf>,
    /// Files that may be CloudFormation templates: only their content tells.
    pub candidates: Vec<PathBuf>,
    /// Inputs that do not exist or cannot be read: the job cannot be done.
    pub problems: Vec<Complaint>,
    /// What could not be read on the way.
    pub warnings: Vec<Complaint>,
}

/// Folders that hold what tools have fetched or built, not what people wrote.
const SKIPPED: [&str; 4] = [".git", ".terraform", ".terragrunt-cache", "node_modules"];

/// Looks under the inputs: folders and files in any mix, relative ones below `cwd`.
///
/// `.gitignore` holds inside folders, in a repository or not; files that are named are always taken.
/// Links to folders are not followed. What is not a regular file counts for nothing.
pub fn discover(inputs: &[PathBuf], cwd: &Path) -> Discovered {
    let mut found = Discovered::default();
    for given in inputs {
        if let Err(reason) = look_at(given, cwd, &mut found) {
            found.problems.push(Complaint::new(given, reason));
        }
    }
    for paths in [&mut found.terraform, &mut found.files, &mut found.candidates] {
        paths.sort();
        paths.dedup();
    }
    found.warnings.sort();
    found.warnings.dedup();
    found
}

fn look_at(given: &Path, cwd: &Path, found: &mut Discovered) -> Result<(), String> {
    if given.as_os_str().is_empty() {
        return Err("an empty path names nothing".to_owned());
    }
    let path = cwd.join(given).canonicalize().map_err(|error| reason(&error))?;
    let metadata = path.metadata().map_err(|error| reason(&error))?;
    if metadata.is_dir() {
        std::fs::read_dir(&path).map_err(|error| reason(&error))?;
        walk(&path, found);
    } else if !metadata.is_file() {
        return Err("is neither a file nor a folder".to_owned());
    } else if let (true, Some(folder)) = (is_terraform(&path), path.parent()) {
        found.named.push(Named { given: given.to_owned(), path: folder.to_owned() });
        found.files.push(path);
        return Ok(());
    } else {
        found.candidates.push(path.clone());
    }
    found.named.push(Named { given: given.to_owned(), path });
    Ok(())
}

fn reason(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "does not exist".to_owned(),
        std::io::ErrorKind::PermissionDenied => "cannot be read: permission denied".to_owned(),
        _ => format!("cannot be read: {error}"),
    }
}

fn walk(folder: &Path, found: &mut Discovered) {
    // Only what stands in the tree decides what is seen: no ignore files of this machine or user.
    let walk = WalkBuilder::new(folder)
        .hidden(false)
        .ignore(false)
        .git_global(false)
        .git_exclude(false)
        .require_git(false)
        .follow_links(false)
        .sort_by_file_name(std::ffi::OsStr::cmp)
        .filter_entry(|entry| entry.depth() == 0 || !is_skipped(entry.path()))
        .build();
    for entry in walk {
        match entry {
            Ok(entry) => take(&entry, found),
            Err(error) => found.warnings.push(warning(folder, &error)),
        }
    }
}

fn take(entry: &DirEntry, found: &mut Discovered) {
    let path = entry.path();
    let is_file = entry.file_type().is_some_and(|kind| kind.is_file());
    let is_link = entry.file_type().as_ref().is_some_and(FileType::is_symlink);
    if is_terraform(path) {
        // A folder may consist of links to files: what they lead to is judged when it is read.
        if let (true, Some(folder)) = (is_file || (is_link && path.is_file()), path.parent())
            && found.terraform.last().is_none_or(|last| last != folder)
        {
            found.terraform.push(folder.to_owned());
        }
    } else if is_file && is_candidate(path) {
        found.candidates.push(path.to_owned());
    }
}

fn warning(folder: &Path, error: &ignore::Error) -> Complaint {
    fn place(error: &ignore::Error) -> Option<&Path> {
        match error {
            ignore::Error::WithPath { path, .. } => Some(path),
            ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => {
                place(err)
            }
            _ => None,
        }
    }
    let why = error.io_error().map_or_else(|| format!("cannot be read: {error}"), reason);
    Complaint::new(place(error).unwrap_or(folder), why)
}

fn is_skipped(path: &Path) -> bool {
    let name = |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned());
    let Some(own) = name(path) else { return false };
    let in_cdk_out = || path.parent().and_then(name).is_some_and(|parent| parent == "cdk.out");
    SKIPPED.contains(&own.as_str()) || (own.starts_with("asset.") && in_cdk_out())
}

/// Whether a path is called as Terraform's files are.
pub fn is_terraform(path: &Path) -> bool {
    ends_with(path, &[".tf", ".tf.json", ".tofu", ".tofu.json"])
}

fn is_candidate(path: &Path) -> bool {
    ends_with(path, &[".yaml", ".yml", ".json", ".template"])
}

fn ends_with(path: &Path, endings: &[&str]) -> bool {
    let name = path.file_name().map(std::ffi::OsStr::as_encoded_bytes).unwrap_or_default();
    endings.iter().any(|ending| name.len() > ending.len() && name.ends_with(ending.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A tree of empty files, and what is found in it, relative to its top.
    struct Tree {
        _temp: tempfile::TempDir,
        top: PathBuf,
    }

    impl Tree {
        fn new(files: &[&str]) -> Self {
            let temp = tempfile::tempdir().unwrap();
            let top = temp.path().canonicalize().unwrap();
            for file in files {
                let path = top.join(file);
                std::fs::create_dir_all(path.parent().unwrap()).unwrap();
                std::fs::write(path, "").unwrap();
            }
            Self { _temp: temp, top }
        }

        fn discover(&self, inputs: &[&str]) -> Discovered {
            let inputs: Vec<_> = inputs.iter().map(PathBuf::from).collect();
            discover(&inputs, &self.top)
        }

        fn names(&self, paths: &[PathBuf]) -> Vec<String> {
            let name = |path: &PathBuf| path.strip_prefix(&self.top).unwrap().display().to_string();
            paths.iter().map(name).collect()
        }
    }

    #[test]
    fn finds_folders_and_candidates_and_skips_what_was_fetched() {
        let tree = Tree::new(&[
            "b/main.tf",
            "b/other.tf",
            "a/x.tf.json",
            "a/.hidden/x.tofu",
            "a/.terraform/modules/m/main.tf",
            "a/.terragrunt-cache/main.tf",
            "node_modules/x/main.tf",
            ".git/x.yaml",
            "cdk.out/asset.12/t.json",
            "cdk.out/App.template.json",
            "t.yml",
            "t.yaml",
            "t.template",
            "readme.md",
            ".tf",
        ]);
        let found = tree.discover(&["."]);
        assert_eq!(tree.names(&found.terraform), ["a", "a/.hidden", "b"]);
        let candidates = ["cdk.out/App.template.json", "t.template", "t.yaml", "t.yml"];
        assert_eq!(tree.names(&found.candidates), candidates);
        assert!(found.problems.is_empty() && found.warnings.is_empty());
    }

    #[test]
    fn gitignore_holds_outside_a_repository_but_not_for_named_files() {
        let tree = Tree::new(&["a/main.tf", "out/main.tf", "out/t.txt", "x.yaml"]);
        std::fs::write(tree.top.join(".gitignore"), "out\nx.yaml\n").unwrap();
        let found = tree.discover(&["."]);
        assert_eq!(tree.names(&found.terraform), ["a"]);
        assert!(found.candidates.is_empty());
        let found = tree.discover(&["x.yaml", "out/main.tf", "out/t.txt"]);
        assert_eq!(tree.names(&found.files), ["out/main.tf"]);
        assert_eq!(tree.names(&found.candidates), ["out/t.txt", "x.yaml"]);
    }

    #[test]
    fn a_skipped_folder_can_be_named() {
        let tree = Tree::new(&[".terraform/modules/m/main.tf"]);
        let found = tree.discover(&[".terraform"]);
        assert_eq!(tree.names(&found.terraform), [".terraform/modules/m"]);
    }

    #[test]
    fn any_mix_finds_everything_once() {
        let tree = Tree::new(&["a/main.tf", "a/b/main.tf", "a/t.yaml"]);
        let found = tree.discover(&["a/main.tf", "a", "./a/b/../b", "a/t.yaml"]);
        assert_eq!(tree.names(&found.terraform), ["a", "a/b"]);
        assert_eq!(tree.names(&found.candidates), ["a/t.yaml"]);
        assert_eq!(found.named.len(), 4);
    }

    #[test]
    fn what_is_missing_is_a_problem() {
        let tree = Tree::new(&["a/main.tf"]);
        let found = tree.discover(&["missing", "a", ""]);
        let problems: Vec<_> = found.problems.iter().map(ToString::to_string).collect();
        assert_eq!(problems, ["missing: does not exist", ": an empty path names nothing"]);
        assert_eq!(found.terraform.len(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn links_to_folders_are_not_followed_and_links_to_files_count() {
        use std::os::unix::fs::symlink;
        let tree = Tree::new(&["real/main.tf", "a/readme"]);
        symlink("../real", tree.top.join("a/link")).unwrap();
        symlink("..", tree.top.join("a/loop")).unwrap();
        symlink("../../real/main.tf", tree.top.join("real/x.tf")).unwrap();
        std::fs::create_dir_all(tree.top.join("b")).unwrap();
        symlink("../real/main.tf", tree.top.join("b/main.tf")).unwrap();
        std::fs::create_dir_all(tree.top.join("c/x.tf")).unwrap();
        let found = tree.discover(&["."]);
        assert_eq!(tree.names(&found.terraform), ["b", "real"]);
        assert_eq!(tree.names(&tree.discover(&["a/link"]).terraform), ["real"]);
    }
}
