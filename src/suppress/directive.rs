//! What a comment says: `eksdns-lint: ignore[rule, rule] until=2027-01-31 key="prod" reason`.

use std::sync::LazyLock;

use regex::Regex;

use super::Date;
use crate::checks::ALL;
use crate::finding::Finding;
use crate::near::near;

/// What kind of directive it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// `ignore[…]`: for a place.
    Place,
    /// `ignore-file[…]`: for the whole file.
    File,
    /// Written as data of the template.
    Data,
}

/// A comment that is a directive, or looks like one.
#[derive(Debug)]
pub(super) struct Directive {
    pub(super) kind: Kind,
    /// The rules' ids as written, each with its offset in the comment.
    pub(super) rules: Vec<(String, usize)>,
    until: Option<Result<Date, String>>,
    key: Option<String>,
    malformed: bool,
}

/// The text of a comment that is data.
pub(super) fn of_data(text: &str) -> String {
    format!("\u{1}{text}")
}

/// What stands under `Metadata` and should ignore findings, and does not as it is.
pub(super) fn malformed(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    format!("{MALFORMED}: ignore {line}")
}

/// No comment begins so.
const MALFORMED: &str = "\u{1}\u{1}eksdns-lint";

/// What the text of data begins with, so that it is read as a comment is.
pub(super) const DATA: &str = "\u{1}eksdns-lint: ignore[";

static NAME: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)^([#/*\s\x01]*)eksdns[-_ ]?lint\b"));
static RIGHT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"^[#/*\s\x01]*eksdns-lint:\s*ignore(-file)?\[([^\[\]]*)\](\s+|$|\*/)")
});
static OPTION: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"^\s*(?:until=(\S+)|key="([^"]*)")(?:\s+|$|\*/)"#));
/// After the name: a sign of a directive, or a word that means one.
static MEANT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^\s*[-:=,]*\s*(ign\w*|igor\w*|disable|skip|suppress|nolint|off)\b[-\w]*\s*[\[\(:=]?",
    )
});
/// `eksdsn-lint: ignore[…]`: another word before what can only be a directive.
static OTHER: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^[#/*\s]*([\w-]{8,14}):\s*ignore(-file)?\[([^\[\]]*)\]"));

fn pattern(text: &str) -> Regex {
    #[expect(clippy::unwrap_used, reason = "the patterns are constants, and used in tests")]
    Regex::new(text).unwrap()
}

/// Whether a text may hold a directive at all.
pub(super) fn may_have(text: &str) -> bool {
    static EKSDNS: LazyLock<Regex> = LazyLock::new(|| pattern("(?i-u)eksdns"));
    text.contains("ignore[") || EKSDNS.is_match(text)
}

/// Reads a comment, with its signs; nothing when it only talks about something else.
pub(super) fn read(comment: &str) -> Option<Directive> {
    if let Some(found) = RIGHT.captures(comment) {
        let list = found.get(2)?;
        let mut rules = Vec::new();
        let mut at = list.start();
        for part in list.as_str().split(',') {
            let id = part.trim();
            rules.push((id.to_owned(), at + part.len() - part.trim_start().len()));
            at += part.len() + 1;
        }
        let kind = match (comment.starts_with('\u{1}'), found.get(1)) {
            (true, _) => Kind::Data,
            (false, Some(_)) => Kind::File,
            (false, None) => Kind::Place,
        };
        let malformed = rules.iter().any(|(id, _)| id.is_empty());
        let mut directive = Directive { kind, rules, until: None, key: None, malformed };
        let mut rest = &comment[list.end() + 1..];
        while let Some(option) = OPTION.captures(rest) {
            if let Some(until) = option.get(1) {
                let date = Date::read(until.as_str()).ok_or_else(|| until.as_str().to_owned());
                directive.until = Some(date);
            }
            directive.key = option.get(2).map(|key| key.as_str().to_owned()).or(directive.key);
            rest = &rest[option.get(0)?.end()..];
        }
        return Some(directive);
    }
    let meant = match NAME.find(comment) {
        Some(name) => MEANT.is_match(&comment[name.end()..]),
        None => OTHER.captures(comment).is_some_and(|found| {
            let is_rule = |id: &str| ALL.iter().any(|check| check.rule.id == id.trim());
            let close = strsim::damerau_levenshtein(&found[1].to_lowercase(), "eksdns-lint") <= 2;
            close || found[3].split(',').any(is_rule)
        }),
    };
    let bare = || Directive {
        kind: if comment.starts_with(MALFORMED) { Kind::Data } else { Kind::Place },
        rules: words(comment),
        until: None,
        key: None,
        malformed: true,
    };
    meant.then(bare)
}

/// The words of a comment that are rules, or nearly.
fn words(comment: &str) -> Vec<(String, usize)> {
    let word = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    let all =
        comment.split(|c| !word(c)).filter(|text| text.len() > 5 && text.contains(['-', '_']));
    let rule = |text: &str| {
        let ids = ALL.iter().map(|check| check.rule.id);
        Some((near(text, ids).first().copied()?.to_owned(), 0))
    };
    all.filter(|text| !text.to_lowercase().contains("lint")).filter_map(rule).collect()
}

impl Directive {
    /// Whether it is for this instance.
    pub(super) fn is_for(&self, finding: &Finding) -> bool {
        self.key.as_ref().is_none_or(|key| {
            let sign = format!("[{key:?}]");
            finding.subjects.iter().any(|subject| subject.contains(&sign))
        })
    }

    /// Why it has no effect at all.
    pub(super) fn fault(&self, today: Option<Date>) -> Option<String> {
        if self.malformed && self.kind == Kind::Data {
            return Some("this is to ignore findings, and is not written so".to_owned());
        }
        if self.malformed {
            return Some("this looks like a comment that ignores findings, and is none".to_owned());
        }
        match (&self.until, today) {
            (Some(Err(text)), _) => Some(format!("{text} is no day: YYYY-MM-DD")),
            (Some(Ok(until)), Some(today)) if *until < today => {
                Some(format!("this was to ignore findings until {until}, and does no more"))
            }
            _ => None,
        }
    }

    /// How it would be right.
    pub(super) fn right(&self) -> String {
        let mut ids: Vec<&str> = self.rules.iter().map(|(id, _)| id.as_str()).collect();
        ids.retain(|id| !id.is_empty());
        let ids = if ids.is_empty() { "rule".to_owned() } else { ids.join(", ") };
        if self.malformed && self.kind == Kind::Data {
            return format!(
                "write `Metadata: {{eksdns-lint: {{ignore: [{{rule: {ids}, reason: why}}]}}}}`"
            );
        }
        if self.malformed {
            let file = if self.kind == Kind::File { "-file" } else { "" };
            return format!("write `eksdns-lint: ignore{file}[{ids}] reason`");
        }
        "take the comment away, or mend it".to_owned()
    }
}
