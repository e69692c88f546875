//! Baselines and fingerprints: whatever only moves the code keeps them.

use std::collections::BTreeSet;
use std::path::Path;

use proptest::prelude::*;

use crate::support::{Ran, Tree};

const FLAWED: &str = include_str!("../../fixtures/unassociated-rule/flag.tf");
const SOUND: &str = include_str!("../../fixtures/unassociated-rule/pass.tf");

/// Fixtures whose faults stand in blocks, without anything that must be given to them.
fn movable() -> Vec<String> {
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let special = [
        "figures",
        "failed-assertion",
        "unparsable-file",
        "unresolved-module",
        "unused-suppression",
    ];
    let folders = std::fs::read_dir(top).unwrap().map(|entry| entry.unwrap().path());
    let folders =
        folders.filter(|path| !special.contains(&path.file_name().unwrap().to_str().unwrap()));
    let texts = folders.map(|path| std::fs::read_to_string(path.join("flag.tf")).unwrap());
    let mut texts: Vec<_> = texts
        .filter(|text| !text.contains("variable \"") && !text.contains("# options: "))
        .collect();
    texts.sort();
    texts
}

/// A text cut into its top-level blocks.
fn blocks(text: &str) -> Vec<String> {
    let mut blocks = vec![String::new()];
    for line in text.lines().filter(|line| !line.trim_start().starts_with('#')) {
        let open = blocks.last_mut().unwrap();
        open.push_str(line);
        open.push('\n');
        if line == "}" {
            blocks.push(String::new());
        }
    }
    blocks.retain(|block| !block.trim().is_empty());
    blocks
}

/// What may happen to code without changing what it says.
#[derive(Debug, Clone)]
struct Move {
    /// For each block: the file that it goes to, and where in the order.
    places: Vec<(usize, u32)>,
    /// Empty lines and comments before each block.
    gaps: Vec<usize>,
    wrapped: bool,
    crlf: bool,
}

impl Move {
    fn write(&self, text: &str) -> Tree {
        let tree = Tree::new(&[]);
        let mut placed: Vec<_> = blocks(text).into_iter().zip(self.places.iter().cycle()).collect();
        placed.sort_by_key(|(_, (_, order))| *order);
        let folder = if self.wrapped { "inner/" } else { "" };
        let mut files = vec![String::new(); 3];
        for (at, (block, (file, _))) in placed.into_iter().enumerate() {
            let gap = self.gaps[at % self.gaps.len()];
            files[*file].push_str(&"# moved\n\n".repeat(gap));
            files[*file].push_str(&block);
        }
        for (at, text) in files.into_iter().enumerate() {
            let text = if self.crlf { text.replace('\n', "\r\n") } else { text };
            tree.write(&format!("{folder}f{at}.tf"), text);
        }
        if self.wrapped {
            tree.write("main.tf", "module \"wrapped\" {\n  source = \"./inner\"\n}\n");
        }
        tree
    }
}

fn any_move() -> impl Strategy<Value = Move> {
    let places = proptest::collection::vec((0..3_usize, any::<u32>()), 12);
    let gaps = proptest::collection::vec(0..4_usize, 4);
    (places, gaps, any::<bool>(), any::<bool>()).prop_map(|(places, gaps, wrapped, crlf)| Move {
        places,
        gaps,
        wrapped,
        crlf,
    })
}

fn fingerprints(ran: &Ran) -> BTreeSet<String> {
    let json: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let all = json["findings"].as_array().unwrap();
    let prints: Vec<_> =
        all.iter().map(|one| one["fingerprint"].as_str().unwrap().to_owned()).collect();
    let set: BTreeSet<_> = prints.iter().cloned().collect();
    assert_eq!(set.len(), prints.len(), "fingerprints are not equal");
    set
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn whatever_moves_code_keeps_baseline_and_fingerprints(
        moved in any_move(),
        which in any::<prop::sample::Index>(),
    ) {
        let all = movable();
        let text = which.get(&all);
        let before = Tree::new(&[("main.tf", text)]);
        let wrote = before.run(&["--format", "json", "--baseline", "b.json", "--write-baseline"]);
        prop_assert_eq!(wrote.code, Some(0), "{}", wrote.stderr);
        let found = before.run(&["--format", "json"]);
        let tree = moved.write(text);
        prop_assert_eq!(fingerprints(&tree.run(&["--format", "json"])), fingerprints(&found));
        std::fs::copy(before.path("b.json"), tree.path("b.json")).unwrap();
        let ran = tree.run(&["--format", "json", "--baseline", "b.json", "--fail-on", "note"]);
        prop_assert_eq!(ran.code, Some(0), "{}{}", ran.stdout, ran.stderr);
        prop_assert!(fingerprints(&ran).is_empty(), "{}", ran.stdout);
        prop_assert!(!ran.stderr.contains("fixed"), "{}", ran.stderr);
    }
}

const BASELINE: [&str; 2] = ["--baseline", "b.json"];

fn with(more: &[&'static str]) -> Vec<&'static str> {
    BASELINE.iter().copied().chain(more.iter().copied()).collect()
}

#[test]
fn what_is_new_is_told_and_what_is_fixed_is_too() {
    let tree = Tree::new(&[("main.tf", FLAWED)]);
    assert_eq!(tree.run(&[]).code, Some(1));
    let ran = tree.run(&with(&["--write-baseline"]));
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), "note: b.json: 1 finding written\n"));
    let ran = tree.run(&BASELINE);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), "note: b.json: 1 finding left out\n"));
    // The same fault once more is not in it.
    tree.write("more.tf", FLAWED.replace("\" \"", "\" \"second_"));
    let ran = tree.run(&BASELINE);
    assert_eq!(ran.code, Some(1), "{}", ran.stdout);
    assert!(ran.stdout.contains("second_") && !ran.stdout.contains("─ main.tf"), "{}", ran.stdout);
    std::fs::remove_file(tree.path("more.tf")).unwrap();
    tree.write("main.tf", SOUND);
    let kept = std::fs::read_to_string(tree.path("b.json")).unwrap();
    let ran = tree.run(&BASELINE);
    assert_eq!(ran.code, Some(0));
    assert!(ran.stderr.starts_with("note: b.json: fixed: unassociated-rule of "), "{}", ran.stderr);
    assert_eq!(std::fs::read_to_string(tree.path("b.json")).unwrap(), kept);
    let ran = tree.run(&with(&["--prune-baseline"]));
    assert!(ran.stderr.ends_with("; taken out\n"), "{}", ran.stderr);
    let pruned = std::fs::read_to_string(tree.path("b.json")).unwrap();
    assert_eq!(pruned, "{\n  \"version\": 1,\n  \"findings\": []\n}\n");
    tree.write("main.tf", FLAWED);
    assert_eq!(tree.run(&BASELINE).code, Some(1), "it is told again");
}

#[test]
fn what_a_run_does_not_see_is_not_fixed() {
    let tree = Tree::new(&[("a/main.tf", FLAWED), ("b/main.tf", FLAWED)]);
    tree.run(&with(&["--write-baseline"]));
    tree.write("a/main.tf", SOUND);
    let silent = |arguments: &[&str]| {
        let ran = tree.run(&[&BASELINE[..], arguments].concat());
        assert!(!ran.stderr.contains("fixed"), "{arguments:?}: {}", ran.stderr);
    };
    silent(&["b"]);
    silent(&["--select", "public-answer"]);
    silent(&["--ignore", "unassociated-rule", "."]);
    tree.write("a/main.tf", include_str!("../../fixtures/unassociated-rule/unknown.tf"));
    silent(&["."]);
    // One root stands for itself: what is fixed in one is not what is new in another.
    tree.write("a/main.tf", SOUND);
    tree.write("b/more.tf", FLAWED.replace("\" \"", "\" \"second_"));
    let ran = tree.run(&BASELINE);
    assert_eq!((ran.code, ran.stderr.matches("fixed").count()), (Some(1), 1), "{}", ran.stderr);
    std::fs::remove_file(tree.path("b/more.tf")).unwrap();
    // A root that is called otherwise is the same; one that is gone is fixed.
    std::fs::rename(tree.path("b"), tree.path("c")).unwrap();
    let ran = tree.run(&BASELINE);
    assert_eq!((ran.code, ran.stderr.matches("fixed").count()), (Some(0), 1), "{}", ran.stderr);
    // From another working directory it is the same file.
    let ran = crate::support::program(&tree.path("c")).args(["--baseline", "../b.json"]).output();
    assert_eq!(ran.unwrap().status.code(), Some(0));
}

#[test]
fn what_has_become_worse_is_told() {
    let tree = Tree::new(&[("main.tf", FLAWED)]);
    tree.write("eksdns-lint.toml", "[severities]\nunassociated-rule = 'warning'\n");
    tree.run(&with(&["--write-baseline"]));
    assert_eq!(tree.run(&BASELINE).code, Some(0));
    tree.write("eksdns-lint.toml", "[severities]\nunassociated-rule = 'note'\n");
    assert_eq!(tree.run(&with(&["--fail-on", "note"])).code, Some(0));
    tree.write("eksdns-lint.toml", "");
    assert_eq!(tree.run(&BASELINE).code, Some(1));
}

#[test]
fn a_baseline_that_cannot_be_used_is_two() {
    let tree = Tree::new(&[("main.tf", FLAWED)]);
    let ran = tree.run(&BASELINE);
    assert_eq!(ran.code, Some(2));
    assert_eq!(ran.stderr, "error: b.json: does not exist; --write-baseline writes it\n");
    assert!(ran.stdout.contains("unassociated-rule"), "findings are still told");
    tree.write("b.json", "[]");
    assert!(tree.run(&BASELINE).stderr.starts_with("error: b.json: not a baseline: "));
    for more in [&["--write-baseline"][..], &["--prune-baseline"]] {
        assert_eq!(tree.run(more).code, Some(2), "{more:?} needs a file");
        let arguments = [&BASELINE[..], more, &["missing"]].concat();
        let ran = tree.run(&arguments);
        assert_eq!(ran.code, Some(2));
        assert!(
            ran.stderr.contains("b.json: not written, for this run is not whole"),
            "{}",
            ran.stderr
        );
        assert_eq!(std::fs::read_to_string(tree.path("b.json")).unwrap(), "[]");
    }
}
