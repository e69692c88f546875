//! The bugs that `tests/seeded/run` puts into a copy of the sources can be put there.

#[path = "../seeded/plant.rs"]
#[allow(dead_code, reason = "what plants them is used by the test bed")]
mod plant;

use std::collections::BTreeMap;
use std::path::Path;

#[test]
fn each_bug_has_its_place_in_the_sources() {
    let mut texts: BTreeMap<String, String> = BTreeMap::new();
    let changes = plant::changes(None);
    for change in &changes {
        let text = texts.entry(change.file.clone()).or_insert_with(|| {
            std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(&change.file))
                .unwrap()
        });
        let changed = plant::changed(text, change);
        *text = changed.unwrap_or_else(|| panic!("not there, or more than once: {change:?}"));
    }
    assert!(plant::names(&changes).len() > 80, "{:?}", plant::names(&changes));
}

/// Whether the test bed catches a bug of the simulation is said of each, once.
#[test]
fn the_test_bed_says_of_each_bug_whether_it_is_caught() {
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/testbed/README.md");
    let readme = std::fs::read_to_string(readme).unwrap();
    let (_, tables) = readme.split_once("\n## Bugs that it catches\n").unwrap();
    let rows = tables.lines().filter(|line| line.starts_with('|'));
    let cells = rows.flat_map(|row| row.split('|').flat_map(|cell| cell.split(", ")));
    let mut said: BTreeMap<&str, usize> = BTreeMap::new();
    for word in cells.map(str::trim) {
        *said.entry(word).or_default() += 1;
    }
    let changes = plant::changes(Some("simulation"));
    for name in plant::names(&changes) {
        assert_eq!(said.get(name), Some(&1), "tests/testbed/README.md: {name}");
    }
}
