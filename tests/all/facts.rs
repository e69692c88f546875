//! What the rules are to find, fact by fact: each has a fixture, or a page that says why it is not seen.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use eksdns_lint::checks::ALL;
use eksdns_lint::source::Language;

/// The families of facts and their numbers: a fact that the table forgets is missed here.
const FACTS: [(&str, &[u8]); 12] = [
    ("E", &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 15, 16, 17, 18, 19, 23]),
    ("R", &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 15, 16, 17, 18, 19, 20, 22, 23, 25]),
    (
        "F",
        &[
            1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25,
            27,
        ],
    ),
    ("L", &[1, 2, 3, 4, 5]),
    ("P", &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 16]),
    ("T", &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 17, 18]),
    ("H", &[1, 2, 3, 4, 6, 9, 10, 12, 13]),
    ("S", &[1, 2, 3, 4, 8, 17]),
    ("D", &[1, 2, 3, 5]),
    ("Z", &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 15]),
    ("V", &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]),
    ("X", &[2, 3, 4, 7, 8, 9, 12]),
];

/// Rules about the files themselves, and about what the configuration says.
const WITHOUT: [&str; 4] =
    ["unparsable-file", "unresolved-module", "unused-suppression", "failed-assertion"];

fn top() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The facts of each rule: the fixture, or after `~` words of the page with dots for spaces.
fn table() -> BTreeMap<String, Vec<(String, String)>> {
    let text = std::fs::read_to_string(top().join("tests/all/facts.txt")).unwrap();
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let row = |line: &str| {
        let mut words = line.split(' ').map(str::to_owned);
        let rule = words.next().unwrap();
        let fact = |word: String| {
            let (fact, shown) = word.split_once('=').unwrap_or_else(|| panic!("{rule}: {word}"));
            (fact.to_owned(), shown.to_owned())
        };
        let facts = words.map(fact).collect();
        (rule, facts)
    };
    lines.map(row).collect()
}

#[test]
fn every_rule_has_its_facts_and_every_fact_a_rule() {
    let table = table();
    let rules = ALL.iter().map(|check| check.rule.id).filter(|id| !WITHOUT.contains(id));
    assert_eq!(
        table.keys().map(String::as_str).collect::<BTreeSet<_>>(),
        rules.collect::<BTreeSet<_>>()
    );
    let wanted = FACTS.iter().flat_map(|(family, numbers)| {
        numbers.iter().map(move |number| format!("{family}{number:02}"))
    });
    let told = table.values().flatten().map(|(fact, _)| fact.clone());
    assert_eq!(told.collect::<BTreeSet<_>>(), wanted.collect::<BTreeSet<_>>());
}

#[test]
fn every_fact_has_a_fixture_or_a_word_on_the_page() {
    for (id, facts) in table() {
        let rule = ALL.iter().map(|check| check.rule).find(|rule| rule.id == id).unwrap();
        let unseen = rule.doc.split("## What it does not see").nth(1).unwrap();
        let unseen = unseen.split_whitespace().collect::<Vec<_>>().join(" ");
        for (fact, shown) in facts {
            if let Some(words) = shown.strip_prefix('~') {
                assert!(
                    unseen.contains(&words.replace('.', " ")) || unseen.contains(words),
                    "rules/{id}.md, {fact}: {words}"
                );
                continue;
            }
            for (language, ending) in
                [(Language::Terraform, "tf"), (Language::CloudFormation, "yaml")]
            {
                let path = format!("fixtures/{id}/{shown}.{ending}");
                let there = top().join(&path).exists();
                assert_eq!(there, rule.languages.contains(&language), "{fact}: {path}");
            }
        }
    }
}
