//! A git repository, read by this program itself: no process is started, nothing is written into it.
//!
//! Read are loose objects, packs with their indexes (version 2), and names of revisions; as the format
//! documents say (<https://git-scm.com/docs/gitformat-pack>, <https://git-scm.com/docs/gitrevisions>).

mod objects;
mod pack;
mod revision;
mod tree;

use std::fmt;
use std::path::{Path, PathBuf};

use objects::Objects;

pub use tree::{Checkout, LIMIT};

/// Why something was not read, in a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault(pub String);

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The id of an object: SHA-1.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ObjectId([u8; 20]);

impl ObjectId {
    /// From 40 hexadecimal digits.
    fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.len() != 40 || !text.is_ascii() {
            return None;
        }
        let mut bytes = [0; 20];
        for (at, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&text[2 * at..2 * at + 2], 16).ok()?;
        }
        Some(Self(bytes))
    }
}

impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// What kind an object is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Commit,
    Tree,
    Blob,
    Tag,
}

/// A repository.
#[derive(Debug)]
pub struct Repository {
    /// The folder with the files.
    top: PathBuf,
    /// Where this work tree keeps its `HEAD`.
    own: PathBuf,
    /// Where all work trees keep what they share.
    common: PathBuf,
    objects: Objects,
}

impl Repository {
    /// The repository that a folder is in.
    pub fn around(folder: &Path) -> Result<Self, Fault> {
        let top = folder.ancestors().find(|above| above.join(".git").exists());
        let top = top.ok_or_else(|| Fault("this is no git repository".to_owned()))?;
        let mut own = top.join(".git");
        if own.is_file() {
            let text = read(&own)?;
            let named = text.strip_prefix("gitdir:").map(str::trim);
            let named = named.ok_or_else(|| Fault(".git says not where it is".to_owned()))?;
            own = top.join(named);
        }
        let common = match std::fs::read_to_string(own.join("commondir")) {
            Ok(text) => own.join(text.trim()),
            Err(_) => own.clone(),
        };
        let config = std::fs::read_to_string(common.join("config")).unwrap_or_default();
        let config = config.to_ascii_lowercase();
        for (key, what) in
            [("objectformat = sha256", "SHA-256"), ("refstorage = reftable", "reftable")]
        {
            if config.contains(key) {
                return Err(Fault(format!("repositories with {what} are not read")));
            }
        }
        let objects = Objects::new(&common.join("objects"));
        Ok(Self { top: top.to_owned(), own, common, objects })
    }

    /// The folder with the files.
    pub fn top(&self) -> &Path {
        &self.top
    }
}

fn read(path: &Path) -> Result<String, Fault> {
    std::fs::read_to_string(path).map_err(|error| Fault(format!("{}: {error}", path.display())))
}
