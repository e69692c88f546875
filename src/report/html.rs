//! One page with everything: who reaches which cluster, the findings, pictures, the rules. It opens from disk, asks
//! nobody for anything, and runs and looks by nothing but what its policy names by hash.

mod findings;
mod frame;
mod matrix;
mod pictures;
mod rules;

use std::collections::BTreeMap;
use std::fmt::Write;

use super::Subject;
use super::order::Ordered;
use super::places::fingerprinted;
use super::text::{last_line, unseen};
use crate::diagram::Picture;
use crate::finding::{Finding, Severity};
use crate::source::Sources;
use crate::trace::Path;

use frame::{Frame, html};

/// What the page shows.
#[derive(Debug, Clone)]
pub struct Page<'a> {
    /// The findings.
    pub subject: Subject<'a>,
    /// Every path.
    pub paths: &'a [Path],
    /// The pictures of some, by their places among the paths.
    pub pictures: &'a BTreeMap<usize, Picture>,
    /// A picture of each estate.
    pub estates: &'a [Picture],
    /// Of each finding, in the order of the outcome, the path that it is about.
    pub about: &'a [Option<usize>],
}

impl Page<'_> {
    fn sources(&self) -> &Sources {
        self.subject.workspace.sources()
    }

    /// The path that a finding is about.
    fn path_of(&self, finding: &Finding) -> Option<usize> {
        let all = &self.subject.outcome.findings;
        let at = all.iter().position(|one| std::ptr::eq(one, finding))?;
        self.about.get(at).copied().flatten()
    }
}

/// More pictures of estates are not shown.
const MAX_ESTATES: usize = 12;

/// The report as one page.
pub fn page(page: &Page<'_>) -> String {
    let findings = fingerprinted(page.subject.outcome, page.subject.workspace);
    let clusters = matrix::clusters(page.paths);
    let mut body = String::new();
    summary(&mut body, page);
    estates(&mut body, page);
    body.push_str(include_str!("html/paths.html"));
    findings::section(&mut body, page, &findings, &clusters);
    rules::section(&mut body, &page.subject.rules, &findings);
    pictures::templates(&mut body, page);
    let data = matrix::data(page, &findings);
    let errors = findings.iter().filter(|(one, _)| one.severity == Severity::Error).count();
    Frame {
        title: &format!("eksdns-lint: {errors} error{}", if errors == 1 { "" } else { "s" }),
        body: &body,
        data: Some(&data),
    }
    .page()
}

/// A page with one picture, the places that it shows, and their lines.
pub fn picture_page(picture: &Picture, sources: &Sources) -> String {
    let heading = picture.heading();
    let body = format!(
        "<header><h1>{}</h1></header>\n<main>\n{}</main>\n",
        html(&heading),
        pictures::with_places(picture, sources, "P0")
    );
    Frame { title: &heading, body: &body, data: None }.page()
}

fn summary(out: &mut String, page: &Page<'_>) {
    let subject = &page.subject;
    let ordered = Ordered::new(subject.outcome, page.sources());
    let counts = subject.outcome.counts;
    let _ = writeln!(
        out,
        "<header>\n<h1>eksdns-lint</h1>\n<p>{}</p>\n<nav aria-label=\"Parts of the report\"><ul>\
         <li><a href=\"#estate\">The estate</a></li><li><a href=\"#paths\">Clients and clusters</a></li>\
         <li><a href=\"#findings\">Findings</a></li><li><a href=\"#rules\">Rules</a></li></ul></nav>\n</header>\n<main>\n\
         <ul class=\"tiles\">",
        html(&last_line(subject.outcome, &ordered))
    );
    let severities = [Severity::Error, Severity::Warning, Severity::Note];
    let found = severities.map(|severity| (severity.as_str(), ordered.count(severity)));
    let looked_at = [
        ("undecided", ordered.undecided.len()),
        ("root", counts.roots),
        ("VPC", counts.vpcs),
        ("cluster", counts.clusters),
    ];
    for (noun, number) in found.into_iter().chain(looked_at) {
        let s = if number == 1 || noun == "undecided" { "" } else { "s" };
        let _ = writeln!(out, "<li class=\"{noun}\"><b>{number}</b> {noun}{s}</li>");
    }
    out.push_str("</ul>\n");
    told(out, "What could not be done", subject.failures.iter().map(String::as_str));
    told(out, "Met on the way", subject.warnings.iter().map(String::as_str));
    told(out, "Not seen", unseen(subject.outcome).lines());
}

fn told<'t>(out: &mut String, title: &str, lines: impl Iterator<Item = &'t str>) {
    let mut lines = lines.peekable();
    if lines.peek().is_none() {
        return;
    }
    let _ = writeln!(out, "<h2>{title}</h2>\n<ul class=\"told\">");
    lines.for_each(|line| {
        let _ = writeln!(out, "<li>{}</li>", html(line));
    });
    out.push_str("</ul>\n");
}

/// The pictures of the estates: the first is open.
fn estates(out: &mut String, page: &Page<'_>) {
    out.push_str("<section aria-labelledby=\"estate\">\n<h2 id=\"estate\">The estate</h2>\n");
    if page.estates.is_empty() {
        out.push_str("<p class=\"soft\">There is no VPC in the code.</p>\n");
    }
    for (at, picture) in page.estates.iter().take(MAX_ESTATES).enumerate() {
        let open = if at == 0 { " open" } else { "" };
        let _ = writeln!(
            out,
            "<details{open}><summary>{}</summary>\n{}</details>",
            html(&picture.heading()),
            pictures::with_places(picture, page.sources(), &format!("E{at}"))
        );
    }
    let more = page.estates.len().saturating_sub(MAX_ESTATES);
    if more > 0 {
        let _ = writeln!(
            out,
            "<p class=\"soft\">{more} more: <code>eksdns-lint draw PATH</code> draws one.</p>"
        );
    }
    out.push_str("</section>\n");
}
