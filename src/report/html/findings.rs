//! The findings: filters, and each with its lines of code and what to do.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::io;

use codespan_reporting::diagnostic::{LabelStyle, Severity as Grade};
use codespan_reporting::term::{self, GeneralWriteResult, WriteStyle};

use super::Page;
use super::frame::html;
use super::pictures::place;
use crate::finding::{Construct, Finding};
use crate::report::text::{config, diagnostic};
use crate::source::Sources;

/// All findings, and what filters them.
pub(super) fn section(
    out: &mut String,
    page: &Page<'_>,
    findings: &[(&Finding, String)],
    clusters: &BTreeMap<&str, usize>,
) {
    out.push_str("<section aria-labelledby=\"findings\">\n<h2 id=\"findings\">Findings</h2>\n");
    filters(out, findings, clusters);
    if findings.is_empty() {
        out.push_str("<p>Nothing found.</p>\n");
    }
    for (finding, fingerprint) in findings {
        article(out, page, (finding, fingerprint), clusters);
    }
    out.push_str("</section>\n");
}

fn filters(out: &mut String, findings: &[(&Finding, String)], clusters: &BTreeMap<&str, usize>) {
    out.push_str("<fieldset class=\"filters\"><legend class=\"soft\">Show</legend>\n");
    for severity in ["error", "warning", "note"] {
        let _ = writeln!(
            out,
            "<label><input type=\"checkbox\" name=\"severity\" value=\"{severity}\" checked> {severity}s</label>"
        );
    }
    let mut rules: Vec<&str> = findings.iter().map(|(finding, _)| finding.rule.id).collect();
    rules.sort_unstable();
    rules.dedup();
    let rules = rules.iter().map(|rule| ((*rule).to_owned(), *rule));
    choice(out, ("rule", "Rule", "all rules"), rules);
    let clusters = clusters.iter().map(|(name, at)| (at.to_string(), *name));
    choice(
        out,
        ("cluster", "Cluster", "all clusters"),
        clusters.chain([("none".to_owned(), "(none named)")]),
    );
    out.push_str(
        "<label>Text <input type=\"search\" id=\"text\" autocomplete=\"off\" spellcheck=\"false\"></label>\n\
         <button type=\"button\" id=\"clear\">Clear</button> <span id=\"count\" role=\"status\" class=\"soft\"></span>\n</fieldset>\n",
    );
}

fn choice<'t>(
    out: &mut String,
    (id, title, all): (&str, &str, &str),
    options: impl Iterator<Item = (String, &'t str)>,
) {
    let _ = write!(out, "<label>{title} <select id=\"{id}\"><option value=\"\">{all}</option>");
    for (value, name) in options {
        let _ = write!(out, "<option value=\"{value}\">{}</option>", html(name));
    }
    out.push_str("</select></label>\n");
}

fn article(
    out: &mut String,
    page: &Page<'_>,
    (finding, fingerprint): (&Finding, &str),
    clusters: &BTreeMap<&str, usize>,
) {
    let sources = page.sources();
    let (severity, rule) = (finding.severity, finding.rule.id);
    let named = clusters.iter().filter(|(name, _)| finding.mentions(name));
    let mut named: Vec<String> = named.map(|(_, at)| at.to_string()).collect();
    if named.is_empty() {
        named.push("none".to_owned());
    }
    let _ = writeln!(
        out,
        "<article class=\"finding\" id=\"f-{fingerprint}\" tabindex=\"-1\" data-severity=\"{severity}\" data-rule=\"{rule}\" \
         data-clusters=\"{}\">\n<h3><span class=\"badge {severity}\">{severity}</span> {}</h3>\n\
         <p class=\"soft\"><code>{}</code> · <a href=\"#rule={rule}\">{rule}</a> · <a href=\"#f={fingerprint}\">link</a></p>\n\
         <pre>{}</pre>",
        named.join(" "),
        html(&finding.message),
        html(&place(finding.primary.span, sources)),
        excerpt(finding, sources)
    );
    if !finding.help.is_empty() {
        let _ =
            writeln!(out, "<h4>What to do</h4>\n<pre class=\"fix\">{}</pre>", lines(&finding.help));
    }
    if !finding.constructs.is_empty() {
        let made = |one: &Construct| html(&format!("{} ({})", one.path, one.address));
        let made: Vec<String> = finding.constructs.iter().map(made).collect();
        let _ = writeln!(out, "<p>Made by {}</p>", made.join(", "));
    }
    if !finding.environments.is_empty() {
        let _ = writeln!(out, "<p>{}</p>", html(&finding.environments.to_string()));
    }
    if let Some(path) = page.path_of(finding).map(|at| &page.paths[at]) {
        let target = super::matrix::link(path);
        let told = format!("{} asks for {}: {}", path.from, path.to, path.outcome.text);
        let _ =
            writeln!(out, "<p>On the path: <a href=\"{}\">{}</a></p>", html(&target), html(&told));
    }
    out.push_str("</article>\n");
}

/// Lines stay lines.
fn lines(text: &str) -> String {
    text.lines().map(html).collect::<Vec<_>>().join("\n")
}

/// The lines of code as the report for terminals shows them, in colour.
fn excerpt(finding: &Finding, sources: &Sources) -> String {
    let (files, diagnostic) = diagnostic(finding, sources);
    let mut pen = Pen { out: String::new(), in_head: true, is_open: false };
    let written = term::emit_to_write_style(&mut pen, &config(), &files, &diagnostic);
    debug_assert!(written.is_ok(), "{written:?}");
    pen.close();
    pen.out.trim_end().to_owned()
}

/// Writes spans with classes in place of colours; the first line is told by the heading.
struct Pen {
    out: String,
    in_head: bool,
    is_open: bool,
}

impl Pen {
    fn open(&mut self, class: &str) {
        self.close();
        if !self.in_head {
            let _ = write!(self.out, "<span class=\"{class}\">");
            self.is_open = true;
        }
    }

    fn close(&mut self) {
        if std::mem::take(&mut self.is_open) {
            self.out.push_str("</span>");
        }
    }
}

impl io::Write for Pen {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(bytes);
        let mut rest = &*text;
        if self.in_head {
            let Some((_, after)) = rest.split_once('\n') else { return Ok(bytes.len()) };
            self.in_head = false;
            rest = after;
        }
        let told: Vec<String> = rest.split('\n').map(html).collect();
        self.out.push_str(&told.join("\n"));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl WriteStyle for Pen {
    fn set_header(&mut self, _: Grade) -> GeneralWriteResult {
        self.open("x-edge");
        Ok(())
    }

    fn set_header_message(&mut self) -> GeneralWriteResult {
        self.open("x-edge");
        Ok(())
    }

    fn set_line_number(&mut self) -> GeneralWriteResult {
        self.open("x-edge");
        Ok(())
    }

    fn set_note_bullet(&mut self) -> GeneralWriteResult {
        self.open("x-edge");
        Ok(())
    }

    fn set_source_border(&mut self) -> GeneralWriteResult {
        self.open("x-edge");
        Ok(())
    }

    fn set_label(&mut self, _: Grade, style: LabelStyle) -> GeneralWriteResult {
        self.open(match style {
            LabelStyle::Primary => "x-first",
            LabelStyle::Secondary => "x-next",
        });
        Ok(())
    }

    fn reset(&mut self) -> GeneralWriteResult {
        self.close();
        Ok(())
    }
}
