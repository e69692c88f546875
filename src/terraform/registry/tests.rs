//! Every summary parses, and is told apart by the versions that a call asks for.

mod cases;
mod compare;

use super::*;

#[test]
fn every_summary_parses() {
    for entry in catalogue::SUMMARIES.iter() {
        let nowhere = crate::source::Sources::default().add("", "");
        for text in entry.texts() {
            let file = crate::terraform::parse::file(nowhere, text);
            let title = text.lines().next().unwrap_or_default();
            assert!(file.faults.is_empty(), "{title}: {:?}", file.faults);
            assert!(title.starts_with('#'), "{title} says nothing of what it is");
        }
        assert!(entry.versions.from < entry.versions.below);
    }
}

#[test]
fn patterns_stand_for_letters() {
    assert!(matches("*_tags", "vpc_tags") && matches("a", "a") && matches("a*c*", "abcd"));
    assert!(!matches("*_tags", "tags") && !matches("a", "ab") && !matches("a*c", "abcd"));
}
