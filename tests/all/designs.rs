//! Small designs, each a few parts and what is special about it.

use std::collections::BTreeMap;

use eksdns_lint::Options;
use eksdns_lint::finding::{Finding, Severity};

use crate::support::Tree;

/// One design: its name, what it must lead to, and its files.
#[derive(Debug, Default)]
pub(crate) struct Design {
    pub(crate) name: String,
    /// Rule, severity and underlined text; for a clean design none.
    pub(crate) expected: Vec<Found>,
    /// Words that findings must hold (`+`), or must not (`~`); rules that cannot tell (`?`); options (`$`).
    pub(crate) also: Vec<(char, String)>,
    pub(crate) files: Vec<(String, String)>,
}

/// A rule, a severity, and the first line of the text at fault.
pub(crate) type Found = (String, String, String);

/// The designs of a collection: `=== name` begins one, `! rule severity text` says what it leads to,
/// `+`, `~`, `?` and `$` what else holds of it, `@ parts` takes parts over, `--- file` begins another file.
pub(crate) fn designs(collection: &str, parts: &str, first: &str) -> Vec<Design> {
    let parts = read_parts(parts);
    let mut all: Vec<Design> = Vec::new();
    for line in collection.lines() {
        if let Some(name) = line.strip_prefix("=== ") {
            let files = vec![(first.to_owned(), String::new())];
            all.push(Design { name: name.to_owned(), files, ..Design::default() });
            continue;
        }
        let design = all.last_mut().expect("a design begins with ===");
        if let Some(expected) = line.strip_prefix("! ") {
            let mut words = expected.splitn(3, ' ').map(str::to_owned);
            let mut word = || words.next().unwrap_or_default();
            design.expected.push((word(), word(), word()));
        } else if let Some((sign @ ("+" | "~" | "?" | "$"), text)) = line.split_once(' ') {
            design.also.extend(sign.chars().map(|sign| (sign, text.to_owned())));
        } else if let Some(file) = line.strip_prefix("--- ") {
            design.files.push((file.to_owned(), String::new()));
        } else {
            let (_, text) = design.files.last_mut().unwrap();
            if let Some(names) = line.strip_prefix("@ ") {
                for name in names.split(' ') {
                    text.push_str(parts.get(name).unwrap_or_else(|| panic!("no part {name}")));
                }
            } else {
                text.push_str(line);
                text.push('\n');
            }
        }
    }
    all
}

fn read_parts(text: &str) -> BTreeMap<&str, String> {
    let mut parts = BTreeMap::new();
    for part in text.split("### ").skip(1) {
        let (name, text) = part.split_once('\n').unwrap();
        parts.insert(name, text.to_owned());
    }
    parts
}

impl Design {
    /// What the linter says of it at warning or above.
    pub(crate) fn found(&self) -> Vec<Found> {
        let loud = |one: &Told| one.severity >= Severity::Warning;
        self.told().into_iter().filter(loud).map(|one| one.found).collect()
    }

    /// All that the linter says of it.
    pub(crate) fn told(&self) -> Vec<Told> {
        self.run(|run| {
            let mut told: Vec<_> =
                run.outcome.findings.iter().map(|it| Told::new(run, it)).collect();
            told.sort();
            told
        })
    }

    /// What is read of a run over its files.
    pub(crate) fn run<T>(&self, read: impl FnOnce(&eksdns_lint::Run) -> T) -> T {
        let files: Vec<_> =
            self.files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        let tree = Tree::new(&files);
        let top = tree.path("");
        let mut options = Options::default();
        for (_, option) in self.also.iter().filter(|(sign, _)| *sign == '$') {
            assert_eq!(option, "--no-eks-public-dns", "{}: an unknown option", self.name);
            options.eks_public_dns = false;
        }
        let run = eksdns_lint::check(std::slice::from_ref(&top), &top, options).unwrap();
        assert_eq!(run.failures, Vec::<String>::new(), "{}", self.name);
        read(&run)
    }
}

/// One finding: what a design expects of it, and all its words.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Told {
    pub(crate) found: Found,
    pub(crate) severity: Severity,
    pub(crate) words: String,
}

impl Told {
    fn new(run: &eksdns_lint::Run, finding: &Finding) -> Self {
        let text = run.workspace.sources().text(finding.primary.span);
        let line = text.lines().next().unwrap_or_default().to_owned();
        let labels = finding.labels.iter().map(|label| &*label.text);
        let parts = [&finding.message, &finding.primary.text, &finding.help].map(|it| &**it);
        Self {
            found: (finding.rule.id.to_owned(), finding.severity.to_string(), line),
            severity: finding.severity,
            words: parts.into_iter().chain(labels).collect::<Vec<_>>().join("\n"),
        }
    }
}

/// Checks all designs and tells of every one that is not as it should be.
pub(crate) fn hold(designs: &[Design]) {
    let mut wrong = Vec::new();
    for design in designs {
        let mut expected = design.expected.clone();
        expected.sort();
        let found = design.found();
        if found != expected {
            wrong.push(format!("{}:\n  expected {expected:?}\n  found    {found:?}", design.name));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), designs.len(), wrong.join("\n"));
}
