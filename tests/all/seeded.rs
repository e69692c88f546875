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
