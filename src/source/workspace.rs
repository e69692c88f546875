//! The one place where files are read: confined to the workspace root, within size limits.

use hashbrown::HashMap;
use std::fmt;
use std::fs::File;
use std::io::Read;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use rayon::prelude::*;

use super::{FileId, Sources};
use crate::stages::{Stage, Stages};

/// A file larger than this is refused (bytes).
pub(super) const MAX_FILE_SIZE: u64 = 32 * 1024 * 1024;

/// A plan may be as large as this.
const MAX_PLAN_SIZE: u64 = 256 * 1024 * 1024;
/// With this a plan begins.
const PLAN: &[u8] = b"{\"format_version\"";

/// Why a file was not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReadError {
    /// It lies outside the workspace root.
    Outside,
    /// It is not there.
    Missing,
    /// It is not a regular file (a folder, a pipe, a device).
    NotAFile,
    /// It is larger than 32 MiB.
    TooLarge,
    /// It is not UTF-8; the offset of the first bad byte.
    NotUtf8(usize),
    /// It begins as UTF-16 does.
    Utf16,
    /// The system says no.
    Io(String),
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Outside => f.write_str("lies outside the workspace root"),
            Self::Missing => f.write_str("does not exist"),
            Self::NotAFile => f.write_str("is not a regular file"),
            Self::TooLarge => write!(f, "is larger than {} MiB", MAX_FILE_SIZE / 1024 / 1024),
            Self::Utf16 => f.write_str("is UTF-16, and only UTF-8 is read"),
            Self::NotUtf8(at) => write!(f, "is not UTF-8 (byte {at})"),
            Self::Io(error) => f.write_str(error),
        }
    }
}

/// The files of one run, read at most once each.
#[derive(Debug)]
pub struct Workspace {
    sources: Sources,
    root: PathBuf,
    cwd: PathBuf,
    read: Mutex<HashMap<PathBuf, Slot>>,
    /// The canonical paths of folders.
    folders: Mutex<HashMap<PathBuf, PathBuf>>,
    stages: Arc<Stages>,
}

/// The result of reading one file: a slow file holds up nobody who wants another.
type Slot = Arc<OnceLock<Result<FileId, ReadError>>>;

impl Workspace {
    /// A workspace that reads nothing outside `root`; reports name files relative to `cwd`.
    /// Both are made canonical.
    pub fn new(root: &Path, cwd: &Path) -> std::io::Result<Self> {
        Ok(Self {
            sources: Sources::default(),
            root: root.canonicalize()?,
            cwd: cwd.canonicalize()?,
            read: Mutex::default(),
            folders: Mutex::default(),
            stages: Arc::default(),
        })
    }

    /// The same, with a record that others see, too.
    #[must_use]
    pub fn timed_by(self, stages: Arc<Stages>) -> Self {
        Self { stages, ..self }
    }

    /// Where the time of this run is written down.
    pub fn stages(&self) -> &Stages {
        &self.stages
    }

    /// The files read so far.
    pub fn sources(&self) -> &Sources {
        &self.sources
    }

    /// Nothing outside this folder is read.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The working directory.
    pub fn cwd(&self) -> &Path {
        &self.cwd
    }

    /// Reads a file, once; links are followed as long as they stay inside the root.
    pub fn read(&self, path: &Path) -> Result<FileId, ReadError> {
        let path = self.resolve(path)?;
        let slot = self.slot(&path);
        slot.get_or_init(|| self.text(&path).map(|text| self.add(&path, text))).clone()
    }

    /// Reads files, several at a time; their ids are in the order of the paths.
    pub fn read_all(&self, paths: &[PathBuf]) -> Vec<Result<FileId, ReadError>> {
        let read = |path: &PathBuf| {
            let path = self.resolve(path)?;
            let slot = self.slot(&path);
            let text = if slot.get().is_some() { Ok(String::new()) } else { read_text(&path) };
            Ok((self.display(&path), slot, text))
        };
        let read: Vec<_> = paths.par_iter().map(read).collect();
        let add = |read: Result<(String, Slot, Result<String, ReadError>), ReadError>| {
            let (name, slot, text) = read?;
            slot.get_or_init(|| text.map(|text| self.sources.add(name, text))).clone()
        };
        read.into_iter().map(add).collect()
    }

    /// Reads a file that the user named, wherever it is.
    pub fn read_named(&self, path: &Path) -> Result<FileId, ReadError> {
        let path = self.cwd.join(path).canonicalize().map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => ReadError::Missing,
            _ => io(&error),
        })?;
        let slot = self.slot(&path);
        slot.get_or_init(|| self.text(&path).map(|text| self.add(&path, text))).clone()
    }

    /// Reads a file, and keeps it only if its text is wanted: most JSON and YAML is of no interest.
    pub fn read_if(
        &self,
        path: &Path,
        wanted: impl FnOnce(&str) -> bool,
    ) -> Result<Option<FileId>, ReadError> {
        let path = self.resolve(path)?;
        let slot = self.slot(&path);
        if let Some(known) = slot.get() {
            return known.clone().map(Some);
        }
        let text = self.text(&path)?;
        if !wanted(&text) {
            return Ok(None);
        }
        slot.get_or_init(|| Ok(self.add(&path, text))).clone().map(Some)
    }

    fn slot(&self, path: &Path) -> Slot {
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(read.entry(path.to_owned()).or_default())
    }

    fn text(&self, path: &Path) -> Result<String, ReadError> {
        self.stages.time(Stage::Read, || read_text(path))
    }

    fn add(&self, path: &Path, text: String) -> FileId {
        self.sources.add(self.display(path), text)
    }

    /// The paths directly inside a folder, sorted by name.
    pub fn list(&self, folder: &Path) -> Result<Vec<PathBuf>, ReadError> {
        let folder = self.resolve(folder)?;
        let entries = std::fs::read_dir(&folder).map_err(|error| io(&error))?;
        let mut paths: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
        paths.sort();
        Ok(paths)
    }

    /// The canonical path, if it exists and lies inside the root.
    pub fn resolve(&self, path: &Path) -> Result<PathBuf, ReadError> {
        // Judge the path as written first: what does not exist outside must not be told from what does.
        if !normalize(&self.cwd.join(path)).starts_with(&self.root) {
            return Err(ReadError::Outside);
        }
        let path = self.canonical(&self.cwd.join(path)).map_err(|error| io(&error))?;
        if path.starts_with(&self.root) { Ok(path) } else { Err(ReadError::Outside) }
    }

    /// The canonical path of what exists. Its folder is looked up once for all that lies in it.
    fn canonical(&self, path: &Path) -> std::io::Result<PathBuf> {
        let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else {
            return path.canonicalize();
        };
        let known =
            self.folders.lock().unwrap_or_else(PoisonError::into_inner).get(folder).cloned();
        let found = if let Some(found) = known {
            found
        } else {
            let found = folder.canonicalize()?;
            let mut folders = self.folders.lock().unwrap_or_else(PoisonError::into_inner);
            folders.insert(folder.to_owned(), found.clone());
            found
        };
        let plain = found.join(name);
        if plain.symlink_metadata()?.is_symlink() { plain.canonicalize() } else { Ok(plain) }
    }

    /// The path of a file by the name that reports have for it.
    pub fn path(&self, file: FileId) -> PathBuf {
        normalize(&self.cwd.join(&self.sources.file(file).path))
    }

    /// How reports name a canonical path: relative to the working directory, with `/`.
    pub fn display(&self, path: &Path) -> String {
        let mut base = self.cwd.components().peekable();
        let mut rest = path.components().peekable();
        while base.peek().is_some() && base.peek() == rest.peek() {
            base.next();
            rest.next();
        }
        let up = base.map(|_| "..".to_owned());
        let down = rest.map(|part| part.as_os_str().to_string_lossy().into_owned());
        let parts: Vec<_> = up.chain(down).collect();
        if parts.is_empty() { ".".to_owned() } else { parts.join("/") }
    }
}

/// Chooses the folder outside of which nothing is read: the nearest folder with `.git` at or above all
/// inputs; without one, the folder that holds them all, or the working directory if they lie below it.
/// Inputs and working directory are canonical.
pub fn workspace_root(inputs: &[PathBuf], cwd: &Path) -> PathBuf {
    let folder = |input: &PathBuf| match input.parent() {
        Some(parent) if !input.is_dir() => parent.to_owned(),
        _ => input.clone(),
    };
    let common = inputs.iter().map(folder).reduce(|a, b| common_ancestor(&a, &b));
    let common = common.unwrap_or_else(|| cwd.to_owned());
    let repository = common.ancestors().find(|folder| folder.join(".git").exists());
    match repository {
        Some(repository) => repository.to_owned(),
        None if common.starts_with(cwd) => cwd.to_owned(),
        None => common,
    }
}

fn common_ancestor(a: &Path, b: &Path) -> PathBuf {
    let shared = a.components().zip(b.components()).take_while(|(a, b)| a == b);
    shared.map(|(part, _)| part).collect()
}

fn normalize(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => {
                out.pop();
            }
            Component::CurDir => {}
            other => out.push(other),
        }
    }
    out
}

fn read_text(path: &Path) -> Result<String, ReadError> {
    let metadata = std::fs::metadata(path).map_err(|error| io(&error))?;
    if !metadata.is_file() {
        return Err(ReadError::NotAFile);
    }
    let mut file = File::open(path).map_err(|error| io(&error))?;
    // Room for all of it, and for the byte that would be too much: it is read at one go.
    let size = metadata.len().min(MAX_FILE_SIZE) + 1;
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0));
    let mut limit = MAX_FILE_SIZE;
    if metadata.len() > limit {
        let head = (&mut file).take(PLAN.len() as u64).read_to_end(&mut bytes);
        if head.is_err() || bytes != PLAN || metadata.len() > MAX_PLAN_SIZE {
            return Err(ReadError::TooLarge);
        }
        limit = MAX_PLAN_SIZE;
    }
    file.take(limit + 1).read_to_end(&mut bytes).map_err(|error| io(&error))?;
    if bytes.len() as u64 > limit {
        return Err(ReadError::TooLarge);
    }
    let text = String::from_utf8(bytes).map_err(|error| match error.as_bytes() {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => ReadError::Utf16,
        _ => ReadError::NotUtf8(error.utf8_error().valid_up_to()),
    })?;
    Ok(match text.strip_prefix('\u{feff}') {
        Some(rest) => rest.to_owned(),
        None => text,
    })
}

fn io(error: &std::io::Error) -> ReadError {
    ReadError::Io(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> (tempfile::TempDir, PathBuf) {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().canonicalize().unwrap();
        (temp, path)
    }

    #[test]
    fn the_root_is_the_repository() {
        let (_temp, top) = folder();
        std::fs::create_dir_all(top.join("repo/.git")).unwrap();
        std::fs::create_dir_all(top.join("repo/stacks/a")).unwrap();
        let inputs = [top.join("repo/stacks/a")];
        assert_eq!(workspace_root(&inputs, &top), top.join("repo"));
    }

    #[test]
    fn the_root_is_the_common_folder_without_a_repository() {
        let (_temp, top) = folder();
        for name in ["x/a", "x/b", "y"] {
            std::fs::create_dir_all(top.join(name)).unwrap();
        }
        std::fs::write(top.join("x/b/main.tf"), "").unwrap();
        let inputs = [top.join("x/a"), top.join("x/b/main.tf")];
        assert_eq!(workspace_root(&inputs, &top.join("y")), top.join("x"));
        assert_eq!(workspace_root(&inputs, &top), top, "the working directory holds them");
        assert_eq!(workspace_root(&[], &top), top);
    }

    #[test]
    fn nothing_outside_the_root_is_read() {
        let (_temp, top) = folder();
        std::fs::create_dir_all(top.join("in")).unwrap();
        std::fs::write(top.join("secret"), "x").unwrap();
        std::fs::write(top.join("in/a.tf"), "\u{feff}a").unwrap();
        let workspace = Workspace::new(&top.join("in"), &top).unwrap();
        let read = |path: &str| workspace.read(Path::new(path));
        assert_eq!(read("secret"), Err(ReadError::Outside));
        assert_eq!(read("in/../secret"), Err(ReadError::Outside));
        assert_eq!(read("in/../missing"), Err(ReadError::Outside));
        assert_eq!(read("in"), Err(ReadError::NotAFile));
        let id = read("in/a.tf").unwrap();
        assert_eq!(read("in/./a.tf"), Ok(id));
        let file = workspace.sources().file(id);
        assert_eq!((file.path.as_str(), &*file.text), ("in/a.tf", "a"));
        assert_eq!(workspace.read_if(Path::new("in/a.tf"), |_| false), Ok(Some(id)), "it is there");
    }

    #[cfg(unix)]
    #[test]
    fn links_may_not_leave_the_root() {
        let (_temp, top) = folder();
        std::fs::create_dir_all(top.join("in")).unwrap();
        std::fs::write(top.join("secret"), "x").unwrap();
        std::fs::write(top.join("in/real.tf"), "x").unwrap();
        std::os::unix::fs::symlink("../secret", top.join("in/leak.tf")).unwrap();
        std::os::unix::fs::symlink("real.tf", top.join("in/link.tf")).unwrap();
        std::os::unix::fs::symlink("loop.tf", top.join("in/loop.tf")).unwrap();
        let workspace = Workspace::new(&top.join("in"), &top.join("in")).unwrap();
        let read = |path: &str| workspace.read(Path::new(path));
        assert_eq!(read("leak.tf"), Err(ReadError::Outside));
        assert_eq!(read("link.tf"), read("real.tf"));
        assert!(matches!(read("loop.tf"), Err(ReadError::Io(_))));
    }

    #[test]
    fn what_is_not_wanted_is_not_kept() {
        let (_temp, top) = folder();
        std::fs::write(top.join("a.json"), "{}").unwrap();
        let workspace = Workspace::new(&top, &top).unwrap();
        let read_if = |wanted| workspace.read_if(Path::new("a.json"), |_| wanted);
        assert_eq!(read_if(false), Ok(None));
        let id = read_if(true).unwrap().unwrap();
        assert_eq!(workspace.read(Path::new("a.json")), Ok(id));
    }

    #[test]
    fn what_is_not_text_or_too_large_is_refused() {
        let (_temp, top) = folder();
        std::fs::write(top.join("latin1.tf"), b"ab\xe9").unwrap();
        let large = File::create(top.join("large.json")).unwrap();
        large.set_len(50 * 1024 * 1024).unwrap();
        let workspace = Workspace::new(&top, &top).unwrap();
        let error = |name: &str| workspace.read(Path::new(name)).unwrap_err().to_string();
        assert_eq!(error("latin1.tf"), "is not UTF-8 (byte 2)");
        assert_eq!(error("large.json"), "is larger than 32 MiB");
    }
}
