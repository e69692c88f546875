//! Objects by their ids: loose ones, and those in packs.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use miniz_oxide::inflate::decompress_to_vec_zlib_with_limit;

use super::pack::Pack;
use super::{Fault, Kind, ObjectId};

/// A larger object is refused (bytes): no file of that size is read either.
pub(super) const MAX_SIZE: usize = 64 * 1024 * 1024;
/// So many folders of objects may borrow from each other.
const MAX_ALTERNATES: usize = 16;

#[derive(Debug)]
pub(super) struct Objects {
    folders: Vec<PathBuf>,
    packs: OnceLock<Vec<Pack>>,
}

impl Objects {
    pub(super) fn new(folder: &Path) -> Self {
        let mut folders = vec![folder.to_owned()];
        let mut at = 0;
        while at < folders.len() && folders.len() < MAX_ALTERNATES {
            let text = std::fs::read_to_string(folders[at].join("info/alternates"));
            for line in text.unwrap_or_default().lines().filter(|line| !line.starts_with('#')) {
                folders.push(folders[at].join(line));
            }
            at += 1;
        }
        Self { folders, packs: OnceLock::new() }
    }

    /// An object of a kind.
    pub(super) fn of_kind(&self, id: ObjectId, kind: Kind) -> Result<Vec<u8>, Fault> {
        match self.get(id)? {
            (own, bytes) if own == kind => Ok(bytes),
            (own, _) => Err(Fault(format!("{id} is a {own:?}, not a {kind:?}"))),
        }
    }

    pub(super) fn get(&self, id: ObjectId) -> Result<(Kind, Vec<u8>), Fault> {
        let missing = || Fault(format!("the repository does not have {id}"));
        self.find(id)?.ok_or_else(missing)
    }

    fn find(&self, id: ObjectId) -> Result<Option<(Kind, Vec<u8>)>, Fault> {
        let name = id.to_string();
        for folder in &self.folders {
            if let Ok(bytes) = std::fs::read(folder.join(&name[..2]).join(&name[2..])) {
                return loose(&bytes).map(Some).map_err(|why| Fault(format!("{id}: {why}")));
            }
        }
        for pack in self.packs() {
            if let Some(offset) = pack.offset(id) {
                let base = |id: ObjectId| self.get(id);
                return pack.object(offset, &base).map(Some);
            }
        }
        Ok(None)
    }

    /// The objects whose ids begin with some hexadecimal digits.
    pub(super) fn beginning_with(&self, digits: &str) -> Vec<ObjectId> {
        let mut found = Vec::new();
        for folder in &self.folders {
            let (first, rest) = digits.split_at(2);
            let entries = std::fs::read_dir(folder.join(first)).into_iter().flatten().flatten();
            let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
            let names = names.filter(|name| name.starts_with(rest));
            found.extend(names.filter_map(|name| ObjectId::parse(&format!("{first}{name}"))));
        }
        for pack in self.packs() {
            found.extend(pack.ids().filter(|id| id.to_string().starts_with(digits)));
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    fn packs(&self) -> &[Pack] {
        self.packs.get_or_init(|| {
            let folders = self.folders.iter().map(|folder| folder.join("pack"));
            let entries = folders.filter_map(|folder| std::fs::read_dir(folder).ok()).flatten();
            let paths = entries.flatten().map(|entry| entry.path());
            let indexes = paths.filter(|path| path.extension().is_some_and(|end| end == "idx"));
            let mut indexes: Vec<_> = indexes.collect();
            indexes.sort();
            indexes.iter().filter_map(|path| Pack::open(path)).collect()
        })
    }
}

fn loose(bytes: &[u8]) -> Result<(Kind, Vec<u8>), &'static str> {
    let text = decompress_to_vec_zlib_with_limit(bytes, MAX_SIZE + 64);
    let text = text.map_err(|_| "cannot be unpacked")?;
    let end = text.iter().position(|byte| *byte == 0).ok_or("has no head")?;
    let head = std::str::from_utf8(&text[..end]).map_err(|_| "has no head")?;
    let kind = match head.split(' ').next() {
        Some("commit") => Kind::Commit,
        Some("tree") => Kind::Tree,
        Some("blob") => Kind::Blob,
        Some("tag") => Kind::Tag,
        _ => return Err("is of no known kind"),
    };
    Ok((kind, text[end + 1..].to_vec()))
}
