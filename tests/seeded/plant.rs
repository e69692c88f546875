//! The bugs that are put into a copy of the sources to see which tests catch them.

use std::collections::BTreeSet;
use std::path::Path;

use serde::Deserialize;

/// One place of the sources, and what stands there with the bug.
#[derive(Debug, Deserialize)]
pub(crate) struct Change {
    /// Below the root of the project.
    pub(crate) file: String,
    find: String,
    put: String,
}

#[derive(Deserialize)]
struct Bugs {
    change: Vec<Change>,
}

/// What each change asks.
const ASKED: &str = "crate::bug(\"";

/// Said at the end of `src/lib.rs`.
const ANSWER: &str = r#"
/// Whether a seeded bug is on.
pub(crate) fn bug(name: &str) -> bool {
    static ON: std::sync::LazyLock<String> =
        std::sync::LazyLock::new(|| std::env::var("SEEDED_BUG").unwrap_or_default());
    *ON == name
}
"#;

/// What the bugs of each file are bugs of.
const SETS: [(&str, &str); 5] = [
    ("simulation", include_str!("bugs.toml")),
    ("pictures", include_str!("pictures.toml")),
    ("rules", include_str!("rules.toml")),
    ("templates", include_str!("templates.toml")),
    ("gate", include_str!("gate.toml")),
];

/// All changes of a set, or of all.
pub(crate) fn changes(set: Option<&str>) -> Vec<Change> {
    let wanted = SETS.iter().filter(|(name, _)| set.is_none_or(|set| set == *name));
    wanted.flat_map(|(_, text)| toml::from_str::<Bugs>(text).unwrap().change).collect()
}

/// The names of all bugs.
pub(crate) fn names(changes: &[Change]) -> BTreeSet<&str> {
    let named = changes.iter().flat_map(|change| change.put.split(ASKED).skip(1));
    named.filter_map(|rest| rest.split('"').next()).collect()
}

/// The text of a file with a change; `None` where its place is not there, or more than once.
pub(crate) fn changed(text: &str, change: &Change) -> Option<String> {
    (text.matches(&change.find).count() == 1).then(|| text.replacen(&change.find, &change.put, 1))
}

/// Puts all bugs into the sources below a folder.
pub(crate) fn plant(tree: &Path) {
    for change in changes(None) {
        let file = tree.join(&change.file);
        let text = std::fs::read_to_string(&file).unwrap();
        let text = changed(&text, &change);
        std::fs::write(&file, text.unwrap_or_else(|| panic!("{change:?}"))).unwrap();
    }
    let map = tree.join("src/lib.rs");
    let text = std::fs::read_to_string(&map).unwrap();
    std::fs::write(&map, text + ANSWER).unwrap();
}
