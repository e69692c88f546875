//! The docs of the rules: their examples fire, and what they tell to write instead does not.

use eksdns_lint::Options;
use eksdns_lint::checks::ALL;
use eksdns_lint::finding::{Rule, Severity};
use eksdns_lint::source::Language;

use crate::analysis::{Analysis, analyse};

const LANGUAGES: [(&str, &str, Language); 2] =
    [("```hcl", "tf", Language::Terraform), ("```yaml", "yaml", Language::CloudFormation)];

/// The blocks of code of a language in a section.
fn blocks<'a>(doc: &'a str, section: &str, fence: &str) -> Vec<&'a str> {
    let start = doc.find(&format!("\n## {section}\n")).unwrap_or_else(|| panic!("no {section}"));
    let rest = &doc[start + 4..];
    let text = &rest[..rest.find("\n## ").unwrap_or(rest.len())];
    let opened = text.split(fence).skip(1);
    opened.map(|block| block.split("\n```").next().unwrap_or_default()).collect()
}

fn each(
    section: &str,
    text_of: impl Fn(&Rule, &str) -> String,
    holds: impl Fn(&str, &str, &Analysis),
) {
    for rule in ALL.iter().map(|check| check.rule) {
        for (fence, ending, language) in LANGUAGES {
            if !rule.languages.contains(&language) {
                assert!(!rule.doc.contains(fence), "rules/{}.md has {fence}", rule.id);
                continue;
            }
            let name = format!("rules/{}.md, {section}, {fence}", rule.id);
            let analysis = analyse(ending, &text_of(rule, fence), Options::default());
            assert_eq!(analysis.failures, Vec::<String>::new(), "{name}");
            holds(rule.id, &name, &analysis);
        }
    }
}

/// The one block of a language in a section.
fn block<'a>(rule: &'a Rule, section: &str, fence: &str) -> &'a str {
    let blocks = blocks(rule.doc, section, fence);
    assert_eq!(blocks.len(), 1, "rules/{}.md, {section}, {fence}: one block", rule.id);
    blocks[0].trim()
}

/// An example with what the doc tells to write: blocks and resources of the same name are replaced.
fn mended(example: &str, fix: &str, fence: &str) -> String {
    let mut parts = parts(example, fence);
    for (head, text) in self::parts(fix, fence) {
        match parts.iter_mut().find(|(own, _)| *own == head) {
            Some((_, old)) => *old = text,
            None => parts.push((head, text)),
        }
    }
    parts.into_iter().map(|(_, text)| text).collect()
}

/// A text cut before every block (Terraform) or resource (CloudFormation), each with its first line.
fn parts<'a>(text: &'a str, fence: &str) -> Vec<(&'a str, String)> {
    let begins = |line: &str| match fence {
        "```yaml" => !line.starts_with("   ") && !line.trim().is_empty(),
        _ => line.starts_with(char::is_alphabetic),
    };
    let mut parts: Vec<(&str, String)> = Vec::new();
    for line in text.lines() {
        if begins(line) || parts.is_empty() {
            parts.push((line, String::new()));
        }
        if let Some((_, part)) = parts.last_mut() {
            part.push_str(line);
            part.push('\n');
        }
    }
    parts
}

#[test]
fn each_example_is_flagged_by_its_rule_alone() {
    let example = |rule: &Rule, fence: &str| block(rule, "Example", fence).to_owned();
    each("Example", example, |rule, name, analysis| {
        let fires = analysis.findings.iter().any(|seen| seen.rule == rule);
        assert!(fires, "{name}: not flagged");
        let mut others = analysis.findings.iter();
        let other = others.find(|seen| seen.rule != rule && seen.severity > Severity::Note);
        assert!(other.is_none(), "{name}: {} also fires", other.unwrap());
    });
}

#[test]
fn each_fix_leaves_nothing_to_flag() {
    let fixed = |rule: &Rule, fence: &str| {
        mended(block(rule, "Example", fence), block(rule, "How to fix", fence), fence)
    };
    each("How to fix", fixed, |_, name, analysis| {
        let mut all = analysis.findings.iter();
        let fault = all.find(|seen| seen.severity > Severity::Note);
        assert!(fault.is_none(), "{name}: {}", fault.unwrap());
    });
}

/// Every outcome that the source names is in both tables.
#[test]
fn each_outcome_of_packets_has_its_meaning() {
    let top = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = |path: &str| std::fs::read_to_string(top.join(path)).unwrap();
    let source = text("src/reach/disposition.rs");
    let (_, word) = source.split_once("pub fn word(").unwrap();
    let words: Vec<_> =
        word.split("\n    }\n").next().unwrap().split('"').skip(1).step_by(2).collect();
    assert!(words.len() > 10, "{words:?}");
    let readme = text("README.md");
    let (_, row) = readme.split_once("\n| `connection` |").unwrap();
    let (row, page) = (row.lines().next().unwrap(), text("docs/src/how-it-decides.md"));
    for word in words {
        assert!(row.contains(&format!("`{word}`")), "README.md: {word}");
        assert!(page.contains(&format!("\n| `{word}` |")), "how-it-decides.md: {word}");
    }
}
