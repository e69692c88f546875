//! The fixtures: what the tool says of each is exactly what its marks say.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use eksdns_lint::Options;
use eksdns_lint::checks::ALL;
use eksdns_lint::finding::Severity;

use crate::analysis::{Analysis, Seen, analyse};

const LANGUAGES: [&str; 2] = ["tf", "yaml"];

/// One file of `fixtures/<rule>/`.
pub(crate) struct Fixture {
    rule: String,
    /// The file's name without its ending: twins share it.
    case: String,
    pub(crate) ending: String,
    pub(crate) text: String,
}

impl Fixture {
    pub(crate) fn name(&self) -> String {
        format!("fixtures/{}/{}.{}", self.rule, self.case, self.ending)
    }

    /// The rest of the comment line that begins with `word`.
    fn says(&self, word: &str) -> Option<&str> {
        self.text.lines().find_map(|line| line.strip_prefix("# ")?.strip_prefix(word))
    }

    fn analyse(&self) -> Analysis {
        let mut options = Options::default();
        if let Some(given) = self.says("options: ") {
            assert_eq!(given, "--no-eks-public-dns", "{}: an unknown option", self.name());
            options.eks_public_dns = false;
        }
        analyse(&self.ending, &self.text, options)
    }

    /// The findings that the marks announce: each is for the next line that is no mark.
    fn marks(&self) -> Vec<Seen> {
        let mut marks: Vec<Seen> = Vec::new();
        let mut waiting = 0;
        for (index, line) in self.text.lines().enumerate() {
            let Some(mark) = line.trim_start().strip_prefix("# flagged: ") else {
                let from = marks.len() - waiting;
                for mark in &mut marks[from..] {
                    mark.line = u32::try_from(index).unwrap() + 1;
                }
                waiting = 0;
                continue;
            };
            let mut words = mark.splitn(3, ' ');
            let mut word = || words.next().unwrap_or_default().to_owned();
            let (rule, severity, text) = (word(), word(), word());
            let severity = severity.parse();
            let severity = severity.unwrap_or_else(|()| panic!("{}: {line}", self.name()));
            marks.push(Seen { line: 0, rule, severity, text });
            waiting += 1;
        }
        marks.sort();
        marks
    }
}

pub(crate) fn all() -> Vec<Fixture> {
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let mut fixtures = Vec::new();
    for folder in std::fs::read_dir(top).unwrap().map(|entry| entry.unwrap().path()) {
        let rule = folder.file_name().unwrap().to_str().unwrap().to_owned();
        if rule == "figures" {
            continue; // whole designs, with tests of their own
        }
        for path in std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()) {
            let part = |part: Option<&std::ffi::OsStr>| part.unwrap().to_str().unwrap().to_owned();
            let (case, ending) = (part(path.file_stem()), part(path.extension()));
            assert!(LANGUAGES.contains(&&*ending), "{}: no language", path.display());
            let text = std::fs::read_to_string(&path).unwrap();
            fixtures.push(Fixture { rule: rule.clone(), case, ending, text });
        }
    }
    fixtures.sort_by_key(Fixture::name);
    fixtures
}

/// Whether a rule never says more than a note.
fn notes_alone(rule: &str) -> bool {
    let own = ALL.iter().find(|check| check.rule.id == rule);
    own.is_some_and(|check| check.rule.severities == [Severity::Note])
}

fn lines(all: &[Seen]) -> String {
    let lines: Vec<_> = all.iter().map(|seen| format!("\n    {seen}")).collect();
    lines.concat()
}

#[test]
fn the_findings_are_the_marks() {
    let mut faults = Vec::new();
    for fixture in all() {
        let (marks, analysis) = (fixture.marks(), fixture.analyse());
        assert_eq!(analysis.failures, Vec::<String>::new(), "{}", fixture.name());
        // Notes may stand without a mark.
        let noted = |seen: &Seen| seen.severity > Severity::Note || marks.contains(seen);
        let found: Vec<_> = analysis.findings.into_iter().filter(noted).collect();
        if found != marks {
            let (marks, found) = (lines(&marks), lines(&found));
            faults.push(format!("{}\n  marked:{marks}\n  found:{found}", fixture.name()));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn a_fixture_keeps_what_its_name_promises() {
    for fixture in all() {
        let (name, analysis) = (fixture.name(), fixture.analyse());
        let own = |severity: Severity| {
            let of_rule = |seen: &&Seen| seen.rule == fixture.rule && seen.severity >= severity;
            analysis.findings.iter().filter(of_rule).count()
        };
        match fixture.case.split('-').next().unwrap_or_default() {
            "flag" if fixture.says("differs from its twin: ").is_some() => {}
            "flag" if notes_alone(&fixture.rule) => {
                assert!(own(Severity::Note) > 0, "{name}: nothing is noted");
            }
            "flag" => assert!(own(Severity::Warning) > 0, "{name}: nothing is flagged"),
            "pass" => assert_eq!(own(Severity::Warning), 0, "{name}: something is flagged"),
            "unknown" => {
                assert_eq!(own(Severity::Note), 0, "{name}: what cannot be known is flagged");
                // No value decides whether a text can be parsed, or is there, or what a comment says.
                let can_say = !["unparsable-file", "unresolved-module", "unused-suppression"]
                    .contains(&fixture.rule.as_str());
                let says = analysis.undecided.contains(&fixture.rule.as_str());
                assert_eq!(says, can_say, "{name}: open verdicts are {:?}", analysis.undecided);
            }
            other => panic!("{name}: {other} is none of flag, pass, unknown"),
        }
    }
}

#[test]
fn twins_say_the_same() {
    type Verdicts = BTreeSet<(String, Severity)>;
    let mut twins: BTreeMap<(String, String), BTreeMap<String, Option<Verdicts>>> = BTreeMap::new();
    for fixture in all() {
        let findings = fixture.analyse().findings;
        let verdicts: Verdicts =
            findings.into_iter().map(|seen| (seen.rule, seen.severity)).collect();
        let differs = fixture.says("differs from its twin: ").is_some();
        let of_case = twins.entry((fixture.rule, fixture.case)).or_default();
        of_case.insert(fixture.ending, (!differs).then_some(verdicts));
    }
    for ((rule, case), of_case) in twins {
        let name = format!("fixtures/{rule}/{case}");
        let endings: Vec<_> = of_case.keys().collect();
        let own = ALL.iter().find(|check| check.rule.id == rule).unwrap();
        if own.rule.languages.len() == 1 {
            continue; // the other language has no such fault
        }
        assert_eq!(endings, LANGUAGES, "{name}: a twin is missing");
        let differs = of_case.values().filter(|verdicts| verdicts.is_none()).count();
        assert_ne!(differs, 1, "{name}: only one twin says that they differ");
        assert!(differs == 2 || of_case["tf"] == of_case["yaml"], "{name}: {of_case:#?}");
    }
}
