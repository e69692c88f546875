//! The pages of the rules: those that found something first.

use std::collections::BTreeSet;
use std::fmt::Write;

use pulldown_cmark::{Event, Options, Parser, Tag, html as markup};

use super::frame::html;
use crate::finding::{Finding, Rule};

pub(super) fn section(out: &mut String, rules: &[&'static Rule], findings: &[(&Finding, String)]) {
    let found: BTreeSet<&str> = findings.iter().map(|(finding, _)| finding.rule.id).collect();
    let (first, rest): (Vec<&Rule>, Vec<&Rule>) =
        rules.iter().partition(|rule| found.contains(rule.id));
    out.push_str("<details id=\"rules\"><summary><h2>Rules</h2></summary>\n");
    for rule in first.into_iter().chain(rest) {
        let _ = writeln!(
            out,
            "<details id=\"rule-{0}\"><summary><code>{0}</code>: {1}</summary>\n<div class=\"rule\">\n{2}</div></details>",
            rule.id,
            html(rule.summary),
            page(rule.doc)
        );
    }
    out.push_str("</details>\n");
}

/// Markdown as HTML. Markup in it is told as text, and links to pages of other rules lead to theirs here.
fn page(doc: &str) -> String {
    let events = Parser::new_ext(doc, Options::ENABLE_TABLES).map(|event| match event {
        Event::Html(text) | Event::InlineHtml(text) => Event::Text(text),
        Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
            let other = dest_url.strip_suffix(".md").map(|rule| format!("#rule={rule}").into());
            let dest_url = other.unwrap_or(dest_url);
            Event::Start(Tag::Link { link_type, dest_url, title, id })
        }
        event => event,
    });
    let mut out = String::new();
    markup::push_html(&mut out, events);
    out
}

#[cfg(test)]
mod tests {
    use super::page;

    #[test]
    fn markup_is_text_and_rules_lead_to_rules() {
        let told = page(
            "# A\n\nA <script>x</script> and [b](b.md), <https://aws.example/>\n\n| a |\n|---|\n| 1 |\n",
        );
        assert!(!told.contains("<script>") && told.contains("&lt;script&gt;"), "{told}");
        assert!(
            told.contains("href=\"#rule=b\"") && told.contains("href=\"https://aws.example/\""),
            "{told}"
        );
        assert!(told.contains("<table>") && told.contains("<h1>A</h1>"), "{told}");
    }
}
