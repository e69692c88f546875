//! Nothing of a rule can be forgotten: its file, its entry, its doc, its fixtures, its line in the README.

use std::collections::BTreeSet;
use std::path::Path;

use eksdns_lint::checks::ALL;
use eksdns_lint::finding::Rule;
use eksdns_lint::source::Language;

use crate::support::program;

const SECTIONS: [&str; 6] = [
    "## What it finds",
    "## Why it matters",
    "## Example",
    "## How to fix",
    "## What it does not see",
    "## References",
];

fn top() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn rules() -> impl Iterator<Item = &'static Rule> {
    ALL.iter().map(|check| check.rule)
}

fn ids() -> BTreeSet<String> {
    rules().map(|rule| rule.id.to_owned()).collect()
}

/// The names in a folder that have an ending, without it; folders where it is empty.
fn names(folder: &str, ending: &str) -> BTreeSet<String> {
    let entries = std::fs::read_dir(top().join(folder)).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    let wanted = |path: &std::path::PathBuf| match path.extension() {
        Some(own) => own == ending,
        None => ending.is_empty() && path.is_dir(),
    };
    let stem = |path: std::path::PathBuf| path.file_stem().unwrap().to_str().unwrap().to_owned();
    paths.filter(wanted).map(stem).collect()
}

#[test]
fn every_check_has_an_entry_and_every_entry_a_file() {
    let files = names("src/checks", "rs").into_iter().map(|name| name.replace('_', "-"));
    assert_eq!(files.collect::<BTreeSet<_>>(), ids());
    assert_eq!(ALL.len(), ids().len(), "two entries have one id");
}

#[test]
fn every_rule_has_a_doc_and_every_doc_a_rule() {
    assert_eq!(names("rules", "md"), ids());
    for rule in rules() {
        let path = top().join("rules").join(format!("{}.md", rule.id));
        assert_eq!(std::fs::read_to_string(path).unwrap(), rule.doc, "{}", rule.id);
    }
}

#[test]
fn every_rule_has_fixtures_and_every_fixture_a_rule() {
    let mut folders = names("fixtures", "");
    folders.remove("figures");
    assert_eq!(folders, ids());
    for rule in rules() {
        let id = rule.id;
        for (language, ending) in [(Language::Terraform, "tf"), (Language::CloudFormation, "yaml")]
        {
            let cases = names(&format!("fixtures/{id}"), ending);
            if !rule.languages.contains(&language) {
                assert_eq!(cases, BTreeSet::new(), "fixtures/{id}: the language has no such fault");
                continue;
            }
            for case in ["flag", "pass", "unknown"] {
                assert!(cases.contains(case), "fixtures/{id}/{case}.{ending} is missing");
            }
        }
    }
}

#[test]
fn every_doc_has_its_sections_in_order() {
    for rule in rules() {
        let mut lines = rule.doc.lines();
        assert_eq!(lines.next(), Some(&*format!("# {}", rule.id)));
        assert_eq!(lines.next(), Some(""), "{}: an empty line, then the summary", rule.id);
        let summary = lines.next().unwrap_or_default();
        assert!(summary.ends_with('.'), "{}: the summary is one line: {summary}", rule.id);
        assert_eq!(lines.next(), Some(""), "{}: the summary is one line", rule.id);
        let mut code = false;
        let headings = lines.filter(|line| {
            code ^= line.starts_with("```");
            !code && line.starts_with('#')
        });
        assert_eq!(headings.collect::<Vec<_>>(), SECTIONS, "{}", rule.id);
        let references = rule.doc.split("## References").nth(1).unwrap_or_default();
        let links = references.lines().filter(|line| line.starts_with("- <https://"));
        assert!(links.count() > 0, "{}: no reference is a link", rule.id);
    }
}

#[test]
fn the_readme_has_the_table_that_the_program_prints() {
    let readme = std::fs::read_to_string(top().join("README.md")).unwrap();
    let table = readme.split("<!-- rules -->\n").nth(1).expect("two `<!-- rules -->`");
    let printed = printed(&["rules", "--format", "markdown"]);
    assert_eq!(table, printed);
    for rule in rules() {
        let severities: Vec<_> = rule.severities.iter().map(|one| one.as_str()).collect();
        let row = format!(
            "| [`{0}`](rules/{0}.md) | {1} | {2}{3} |\n",
            rule.id,
            severities.join(", "),
            rule.summary,
            only(rule)
        );
        assert!(printed.contains(&row), "{row}");
    }
}

/// What the lists say of a rule whose fault one language alone can express.
fn only(rule: &Rule) -> String {
    let one = |language: &Language| format!(" ({} only)", language.as_str());
    if rule.languages.len() == 1 { one(&rule.languages[0]) } else { String::new() }
}

#[test]
fn a_page_says_which_language_alone_can_have_the_fault() {
    for rule in rules() {
        let unseen = rule.doc.split("## What it does not see").nth(1).unwrap();
        for language in Language::ALL {
            let told = unseen.contains(&format!("{} only: ", language.as_str()));
            let alone = rule.languages == [*language];
            assert_eq!(told, alone, "rules/{}.md, {}", rule.id, language.as_str());
        }
    }
}

fn printed(arguments: &[&str]) -> String {
    let ran = program(top()).args(arguments).output().unwrap();
    assert_eq!((ran.status.code(), ran.stderr.as_slice()), (Some(0), &b""[..]), "{arguments:?}");
    String::from_utf8(ran.stdout).unwrap()
}

#[test]
fn every_rule_is_listed_and_explained_whole() {
    let json: serde_json::Value =
        serde_json::from_str(&printed(&["rules", "--format", "json"])).unwrap();
    let text = printed(&["rules"]);
    for (at, rule) in rules().enumerate() {
        assert_eq!(json["rules"][at]["id"], rule.id);
        assert_eq!(json["rules"][at]["summary"], rule.summary);
        let line = text.lines().nth(at).unwrap();
        let end = format!("{}{}", rule.summary, only(rule));
        assert!(line.starts_with(rule.id) && line.ends_with(&end), "{line}");
        let languages = rule.languages.iter().map(|one| one.as_str()).collect::<Vec<_>>();
        assert_eq!(json["rules"][at]["languages"], serde_json::json!(languages));
        assert_eq!(printed(&["explain", rule.id]), rule.doc);
    }
    let ran = program(top()).args(["explain", "forward-loop"]).output().unwrap();
    let told = String::from_utf8(ran.stderr).unwrap();
    assert_eq!(ran.status.code(), Some(2));
    assert!(told.contains("did you mean forwarding-loop"), "{told}");
}
