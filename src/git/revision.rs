//! Names of revisions: branches, tags, ids, and their ancestors.

use std::path::PathBuf;

use super::{Fault, Kind, ObjectId, Repository};

/// So many names may lead to other names.
const MAX_LINKS: usize = 8;
/// As many digits tell an object, at least.
const MIN_DIGITS: usize = 4;

impl Repository {
    /// The commit that a text names: `HEAD`, a branch, a tag, an id or the beginning of one, with `^` and
    /// `~2` after it.
    pub fn commit(&self, text: &str) -> Result<ObjectId, Fault> {
        let end = text.find(['^', '~']).unwrap_or(text.len());
        let (name, mut path) = text.split_at(end);
        let mut id = self.peeled(self.named(name)?)?;
        while let Some(step) = path.chars().next() {
            let digits = path[1..].find(|c: char| !c.is_ascii_digit()).unwrap_or(path.len() - 1);
            let count = match &path[1..=digits] {
                "" => 1,
                digits => digits.parse::<usize>().map_err(|_| unknown(text))?,
            };
            match step {
                '~' => {
                    for _ in 0..count {
                        id = self.parent(id, 1)?;
                    }
                }
                '^' if count > 0 => id = self.parent(id, count)?,
                '^' => {}
                _ => return Err(unknown(text)),
            }
            path = &path[1 + digits..];
        }
        Ok(id)
    }

    fn named(&self, name: &str) -> Result<ObjectId, Fault> {
        let name = if name.is_empty() || name == "@" { "HEAD" } else { name };
        let is_safe = !name.starts_with('/') && !name.split('/').any(|part| part == "..");
        let places = ["", "refs/", "refs/tags/", "refs/heads/", "refs/remotes/"];
        let mut names: Vec<String> = places.iter().map(|place| format!("{place}{name}")).collect();
        names.push(format!("refs/remotes/{name}/HEAD"));
        if is_safe && let Some(id) = names.iter().find_map(|name| self.reference(name, 0)) {
            return Ok(id);
        }
        if let Some(id) = ObjectId::parse(name) {
            return Ok(id);
        }
        let is_short =
            name.len() >= MIN_DIGITS && name.bytes().all(|byte| byte.is_ascii_hexdigit());
        let mut found = if is_short {
            self.objects.beginning_with(&name.to_ascii_lowercase())
        } else {
            Vec::new()
        };
        if found.len() > 1 {
            found.retain(|id| matches!(self.objects.get(*id), Ok((Kind::Commit | Kind::Tag, _))));
        }
        match found.as_slice() {
            [one] => Ok(*one),
            [] => Err(unknown(name)),
            _ => Err(Fault(format!("{name} is the beginning of several ids"))),
        }
    }

    fn reference(&self, name: &str, depth: usize) -> Option<ObjectId> {
        if depth > MAX_LINKS {
            return None;
        }
        let files: [PathBuf; 2] = [self.own.join(name), self.common.join(name)];
        let text = files.iter().find_map(|file| std::fs::read_to_string(file).ok());
        if let Some(text) = text {
            return match text.trim().strip_prefix("ref:") {
                Some(other) => self.reference(other.trim(), depth + 1),
                None => ObjectId::parse(&text),
            };
        }
        let packed = std::fs::read_to_string(self.common.join("packed-refs")).ok()?;
        packed.lines().find_map(|line| {
            let (id, own) = line.split_once(' ')?;
            (own == name).then(|| ObjectId::parse(id)).flatten()
        })
    }

    /// A tag stands for what it is put on.
    fn peeled(&self, mut id: ObjectId) -> Result<ObjectId, Fault> {
        for _ in 0..MAX_LINKS {
            match self.objects.get(id)? {
                (Kind::Commit, _) => return Ok(id),
                (Kind::Tag, bytes) => {
                    let named = field(&bytes, "object").next();
                    id = named.ok_or_else(|| Fault(format!("{id} is a tag of nothing")))?;
                }
                (kind, _) => return Err(Fault(format!("{id} is a {kind:?}, no commit"))),
            }
        }
        Err(Fault(format!("{id} is a tag of too many tags")))
    }

    fn parent(&self, id: ObjectId, which: usize) -> Result<ObjectId, Fault> {
        let bytes = self.objects.of_kind(id, Kind::Commit)?;
        let parent = field(&bytes, "parent").nth(which - 1);
        parent.ok_or_else(|| Fault(format!("{id} has no parent {which}")))
    }

    /// The tree of a commit.
    pub(super) fn tree_of(&self, id: ObjectId) -> Result<ObjectId, Fault> {
        let bytes = self.objects.of_kind(id, Kind::Commit)?;
        field(&bytes, "tree").next().ok_or_else(|| Fault(format!("{id} has no tree")))
    }
}

fn unknown(text: &str) -> Fault {
    Fault(format!("{text} is neither a folder nor a revision that this repository has"))
}

/// The ids of a field in the head of a commit or a tag.
fn field<'b>(bytes: &'b [u8], name: &'b str) -> impl Iterator<Item = ObjectId> + 'b {
    let lines = bytes.split(|byte| *byte == b'\n').take_while(|line| !line.is_empty());
    lines.filter_map(move |line| {
        let (key, value) = std::str::from_utf8(line).ok()?.split_once(' ')?;
        (key == name).then(|| ObjectId::parse(value)).flatten()
    })
}
