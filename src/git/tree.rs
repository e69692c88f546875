//! The files of a commit, written into an empty folder.

use std::path::{Path, PathBuf};

use super::{Fault, Kind, ObjectId, Repository};

/// So many files, and bytes in all, are written at most.
pub const LIMIT: (usize, usize) = (200_000, 1024 * 1024 * 1024);
/// Folders within folders.
const MAX_DEPTH: usize = 128;
/// A file of no known kind that is larger is not written: no function reads it (bytes).
const LARGE: usize = 1024 * 1024;
/// Endings of what is written at any size.
const READ: [&str; 8] = [".tf", ".json", ".tofu", ".tfvars", ".yaml", ".yml", ".template", ".toml"];

/// What was written.
#[derive(Debug, Default)]
pub struct Checkout {
    files: usize,
    bytes: usize,
    links: Vec<(PathBuf, String)>,
}

impl Repository {
    /// Writes the files of a commit into a folder that is empty.
    pub fn check_out(&self, commit: ObjectId, folder: &Path) -> Result<Checkout, Fault> {
        let mut done = Checkout::default();
        self.write(self.tree_of(commit)?, folder, 0, &mut done)?;
        // Links come last: nothing is written through one.
        for (place, to) in std::mem::take(&mut done.links) {
            link(&to, &place);
        }
        Ok(done)
    }

    fn write(
        &self,
        tree: ObjectId,
        folder: &Path,
        depth: usize,
        done: &mut Checkout,
    ) -> Result<(), Fault> {
        let bytes = self.objects.of_kind(tree, Kind::Tree)?;
        for (mode, name, id) in entries(&bytes).ok_or_else(|| Fault(format!("{tree} is broken")))? {
            let Some(path) = inside(folder, name) else { continue };
            match mode {
                b"40000" if depth < MAX_DEPTH => {
                    std::fs::create_dir(&path).map_err(|error| told(&path, &error))?;
                    self.write(id, &path, depth + 1, done)?;
                }
                b"120000" => {
                    let to = self.objects.of_kind(id, Kind::Blob)?;
                    done.links.extend(String::from_utf8(to).ok().map(|to| (path, to)));
                }
                mode if mode.starts_with(b"100") => {
                    let text = self.objects.of_kind(id, Kind::Blob)?;
                    let known = READ.iter().any(|end| name.ends_with(end.as_bytes()));
                    if text.len() > LARGE && !known {
                        continue;
                    }
                    done.files += 1;
                    done.bytes += text.len();
                    if done.files > LIMIT.0 || done.bytes > LIMIT.1 {
                        return Err(Fault(format!(
                            "there are more files than {} or 1 GiB",
                            LIMIT.0
                        )));
                    }
                    std::fs::write(&path, text).map_err(|error| told(&path, &error))?;
                }
                _ => {} // a submodule
            }
        }
        Ok(())
    }
}

type Entry<'b> = (&'b [u8], &'b [u8], ObjectId);

fn entries(mut bytes: &[u8]) -> Option<Vec<Entry<'_>>> {
    let mut all = Vec::new();
    while !bytes.is_empty() {
        let end = bytes.iter().position(|byte| *byte == 0)?;
        let space = bytes[..end].iter().position(|byte| *byte == b' ')?;
        let id = bytes.get(end + 1..end + 21)?.try_into().ok()?;
        all.push((&bytes[..space], &bytes[space + 1..end], ObjectId(id)));
        bytes = &bytes[end + 21..];
    }
    Some(all)
}

/// The path of an entry, if its name is one: it leads nowhere else.
fn inside(folder: &Path, name: &[u8]) -> Option<PathBuf> {
    let name = os_name(name)?;
    let mut parts = Path::new(&name).components();
    let is_plain = matches!(parts.next(), Some(std::path::Component::Normal(own)) if own == name);
    let is_git = name.to_str().is_some_and(|name| name.eq_ignore_ascii_case(".git"));
    (is_plain && parts.next().is_none() && !is_git).then(|| folder.join(name))
}

#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "elsewhere a name may be none")]
fn os_name(name: &[u8]) -> Option<std::ffi::OsString> {
    use std::os::unix::ffi::OsStringExt;
    Some(std::ffi::OsString::from_vec(name.to_vec()))
}

#[cfg(not(unix))]
fn os_name(name: &[u8]) -> Option<std::ffi::OsString> {
    String::from_utf8(name.to_vec()).ok().map(Into::into)
}

/// Where there are no links, what one leads to is not seen, as in a clone without them.
#[cfg(unix)]
fn link(to: &str, place: &Path) {
    let _ = std::os::unix::fs::symlink(to, place);
}

#[cfg(not(unix))]
fn link(_: &str, _: &Path) {}

fn told(path: &Path, error: &std::io::Error) -> Fault {
    Fault(format!("{}: {error}", path.display()))
}
