//! Whether a text is a template: by its content, never by its name.

use super::syntax::{Content, NodeId, Parsed, Tree};
use super::{json, yaml};
use crate::source::{FileId, SourceFile};

/// A longer text in braces is taken for JSON or nothing (no template may be longer than 1 MB).
const MAX_YAML_IN_BRACES: usize = 4 * 1024 * 1024;

/// The parsed file, if it is a template or was meant to be one.
pub(super) fn template(file: FileId, source: &SourceFile) -> Option<Parsed> {
    let text = &*source.text;
    let worth_parsing = text.contains("AWSTemplateFormatVersion")
        || text.contains("::") && has_key(text, "Resources");
    // What starts with a bracket is a list.
    if !worth_parsing || text.trim_start().starts_with('[') {
        return None;
    }
    let parsed = if is_in_braces(text) {
        let parsed = json::parse(file, source);
        // CloudFormation takes what is no JSON for YAML, where trailing commas are allowed.
        let comment = parsed.problems.iter().any(|problem| problem.message == json::COMMENT);
        if parsed.root.is_some() || comment || text.len() > MAX_YAML_IN_BRACES {
            parsed
        } else {
            let yaml = yaml::parse(file, source);
            let template = yaml.root.is_some_and(|root| is_template(&yaml.tree, root));
            if template { yaml } else { parsed }
        }
    } else {
        yaml::parse(file, source)
    };
    let wanted = match parsed.root {
        Some(root) => is_template(&parsed.tree, root),
        None => looks_like_one(text),
    };
    wanted.then_some(parsed)
}

/// Whether a text starts as JSON does, perhaps behind comments, which JSON has not.
fn is_in_braces(text: &str) -> bool {
    let mut rest = text.trim_start();
    while let Some((_, behind)) = match rest.get(..2) {
        Some("//") => rest.split_once('\n'),
        Some("/*") => rest.split_once("*/"),
        _ => None,
    } {
        rest = behind.trim_start();
    }
    rest.starts_with('{')
}

/// Whether a word stands anywhere where it could be a key.
fn has_key(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let rest = text[at + word.len()..].trim_start_matches(['"', '\'']);
        let colon = rest.trim_start_matches([' ', '\t', '\r', '\n']).starts_with(':');
        colon && !text[..at].ends_with(|before: char| before.is_alphanumeric())
    })
}

fn is_template(tree: &Tree, root: NodeId) -> bool {
    let Some(resources) = tree.get(root, "Resources") else { return false };
    let declared = ["AWSTemplateFormatVersion", "Transform"]
        .iter()
        .any(|key| tree.get(root, key).and_then(|value| tree.text(value)).is_some());
    let Content::Mapping(members) = tree.content(resources) else { return false };
    declared
        || members.iter().any(|member| {
            let kind = tree.get(member.value, "Type").and_then(|kind| tree.text(kind));
            kind.is_some_and(|kind| kind.contains("::"))
        })
}

/// For a text that does not parse: the words of a template where a template has them.
fn looks_like_one(text: &str) -> bool {
    if is_in_braces(text) {
        let resources = text.contains("\"Resources\"") && text.contains("AWS::");
        return resources || text.contains("\"AWSTemplateFormatVersion\"");
    }
    let at_top = |word: &str| {
        text.lines().any(|line| {
            line.trim_start_matches(['"', '\'']).strip_prefix(word).is_some_and(|rest| {
                rest.trim_start_matches(['"', '\'']).trim_start().starts_with(':')
            })
        })
    };
    at_top("AWSTemplateFormatVersion") || at_top("Resources") && text.contains("AWS::")
}
