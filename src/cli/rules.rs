//! `rules` and `explain`: what the linter knows, offline.

use clap::ValueEnum;
use eksdns_lint::checks::ALL;
use eksdns_lint::finding::{Rule, Severity};

use super::output::{self, complain};
use super::{FAILED, OK};

/// How the list of the rules is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Form {
    /// A line a rule
    Text,
    /// For programs
    Json,
    /// A table
    Markdown,
}

/// Lists the rules.
pub(super) fn list(form: Form) -> u8 {
    let rules = ALL.iter().map(|check| check.rule);
    print(&match form {
        Form::Text => {
            let width = rules.clone().map(|rule| rule.id.len()).max().unwrap_or(0);
            let line =
                |rule: &Rule| format!("{:width$}  {}{}\n", rule.id, rule.summary, only(rule));
            rules.map(line).collect::<Vec<_>>().concat()
        }
        Form::Json => json(rules),
        Form::Markdown => {
            let head = "| rule | severity | flags |\n|---|---|---|\n".to_owned();
            let row = |rule: &Rule| {
                format!(
                    "| [`{0}`](rules/{0}.md) | {1} | {2}{3} |\n",
                    rule.id,
                    severities(rule).join(", "),
                    rule.summary,
                    only(rule)
                )
            };
            head + &rules.map(row).collect::<Vec<_>>().concat()
        }
    })
}

/// Prints the page of a rule.
pub(super) fn explain(rule: &Rule) -> u8 {
    print(rule.doc)
}

fn print(text: &str) -> u8 {
    match output::write(text, false) {
        Ok(()) => OK,
        Err(error) => {
            complain("error", &format!("it could not be written: {error}"));
            FAILED
        }
    }
}

fn json(rules: impl Iterator<Item = &'static Rule>) -> String {
    let one = |rule: &Rule| {
        serde_json::json!({
            "id": rule.id,
            "severities": severities(rule),
            "languages": rule.languages.iter().map(|one| one.as_str()).collect::<Vec<_>>(),
            "summary": rule.summary,
        })
    };
    let all = serde_json::json!({ "version": 1, "rules": rules.map(one).collect::<Vec<_>>() });
    format!("{all:#}\n")
}

/// ` (Terraform only)`, where other languages cannot express the fault.
fn only(rule: &Rule) -> String {
    match rule.languages {
        [one] => format!(" ({} only)", one.as_str()),
        _ => String::new(),
    }
}

fn severities(rule: &Rule) -> Vec<&'static str> {
    rule.severities.iter().copied().map(Severity::as_str).collect()
}
