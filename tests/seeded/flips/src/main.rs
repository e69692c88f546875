//! Puts each condition of a copy of the sources behind a number, so that one build has a mutant for each: `flips TREE`.
//!
//! The environment variable `FLIP` says which of them is on: `7` turns condition 7 round, `7=true` and `7=false` hold it
//! to one answer. What is printed is a line for each: number, place, text.

mod conditions;

use std::path::{Path, PathBuf};

use conditions::{Condition, Kind};

/// The rooms whose conditions are flipped, and the parts of the front ends that evaluate.
const ROOMS: [&str; 16] = [
    "checks",
    "reach",
    "dns",
    "terraform/access",
    "terraform/convert",
    "terraform/eval",
    "terraform/evaluator",
    "terraform/expand",
    "terraform/functions",
    "terraform/loops",
    "cloudformation/cidr",
    "cloudformation/compared",
    "cloudformation/conditions",
    "cloudformation/evaluate",
    "cloudformation/functions",
    "cloudformation/sub",
];

/// Said at the end of `src/lib.rs`.
const ANSWER: &str = r#"
static FLIPPED: std::sync::LazyLock<Option<(u32, Option<bool>)>> = std::sync::LazyLock::new(|| {
    let asked = std::env::var("FLIP").ok()?;
    let (number, held) = asked.split_once('=').unwrap_or((&asked, ""));
    Some((number.parse().ok()?, held.parse().ok()))
});

/// What holds instead of a condition: `None` if it is not the one that is flipped.
fn flipped(number: u32) -> Option<Option<bool>> {
    FLIPPED.and_then(|(on, held)| (on == number).then_some(held))
}

/// What `!` is for: a condition, one that is borrowed, or the bits of an address, which are turned round as well.
pub(crate) trait Flip: Sized {
    fn turned(self, held: Option<bool>) -> Self;
}

impl Flip for bool {
    fn turned(self, held: Option<bool>) -> Self {
        held.unwrap_or(!self)
    }
}

impl Flip for &bool {
    fn turned(self, held: Option<bool>) -> Self {
        if held.unwrap_or(!*self) { &true } else { &false }
    }
}

impl Flip for u128 {
    fn turned(self, _: Option<bool>) -> Self {
        !self
    }
}

pub(crate) fn flip<T: Flip>(number: u32, value: T) -> T {
    match flipped(number) {
        Some(held) => value.turned(held),
        None => value,
    }
}

pub(crate) fn flip_tri(number: u32, value: network::Tri) -> network::Tri {
    let Some(held) = flipped(number) else { return value };
    match held.unwrap_or(value == network::Tri::No) {
        true => network::Tri::Yes,
        false => network::Tri::No,
    }
}
"#;

fn main() {
    let tree = PathBuf::from(std::env::args_os().nth(1).expect("a copy of the project"));
    let mut number = 0;
    for file in sources(&tree) {
        let path = tree.join(&file);
        let text = read(&path);
        let conditions = conditions::of(&text).unwrap_or_else(|fault| panic!("{file}: {fault}"));
        for (at, Condition { place: (line, column), range, .. }) in (number + 1..).zip(&conditions)
        {
            let words: Vec<_> = text[range.clone()].split_whitespace().collect();
            println!("{at} {file}:{line}:{column} {}", words.join(" "));
        }
        write(&path, &wrapped(&text, &conditions, number + 1));
        number += conditions.len();
    }
    let map = tree.join("src/lib.rs");
    write(&map, &(read(&map) + ANSWER));
}

/// The sources of the rooms, below the root of the project, in the order of the rooms.
fn sources(tree: &Path) -> Vec<String> {
    let mut all = Vec::new();
    for room in ROOMS {
        let mut files = Vec::new();
        let mut waiting = vec![format!("src/{room}")];
        waiting.retain(|folder| tree.join(folder).is_dir());
        while let Some(folder) = waiting.pop() {
            for entry in std::fs::read_dir(tree.join(&folder)).expect("a room has a folder") {
                let name = entry.expect("it can be listed").file_name();
                let path = format!("{folder}/{}", name.to_str().expect("sources have plain names"));
                match path.strip_suffix(".rs") {
                    Some(module) if module.ends_with("/tests") => {}
                    Some(_) => files.push(path),
                    None if path.ends_with("/tests") => {}
                    None if tree.join(&path).is_dir() => waiting.push(path),
                    None => {}
                }
            }
        }
        files.sort();
        all.push(format!("src/{room}.rs"));
        all.append(&mut files);
    }
    all
}

/// The text with each of its conditions behind its number; the first has `first`.
fn wrapped(text: &str, conditions: &[Condition], first: usize) -> String {
    // What is put at an offset. Where several end, the inner one is closed first: all are closed alike.
    let mut parts: Vec<(usize, String)> = Vec::new();
    for (number, Condition { range, kind, .. }) in (first..).zip(conditions) {
        let name = match kind {
            Kind::Bool => "flip",
            Kind::Tri => "flip_tri",
        };
        parts.push((range.start, format!("crate::{name}({number}, ")));
        parts.push((range.end, ")".to_owned()));
    }
    parts.sort_by_key(|(at, _)| *at);
    let (mut out, mut done) = (String::new(), 0);
    for (at, part) in parts {
        out += &text[done..at];
        out += &part;
        done = at;
    }
    out + &text[done..]
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|fault| panic!("{}: {fault}", path.display()))
}

fn write(path: &Path, text: &str) {
    std::fs::write(path, text).unwrap_or_else(|fault| panic!("{}: {fault}", path.display()));
}
