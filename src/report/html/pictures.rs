//! Pictures in the page, each with the places of the code that its elements lead to.

use std::fmt::Write;

use super::Page;
use super::frame::html;
use crate::diagram::{self, Picture};
use crate::source::{Sources, Span};

/// Of a line of code so many characters are shown.
const MAX_CODE: usize = 120;

/// Every picture of a path, to be put in its place when its cell is opened.
pub(super) fn templates(out: &mut String, page: &Page<'_>) {
    for (at, picture) in page.pictures {
        let name = format!("P{at}");
        let figure = with_places(picture, page.sources(), &name);
        let _ = writeln!(out, "<template id=\"{name}\">{figure}</template>");
    }
}

/// A picture and the places that it leads to; their ids begin with `name`.
pub(super) fn with_places(picture: &Picture, sources: &Sources, name: &str) -> String {
    let drawn = diagram::inline(picture, sources, name);
    let mut out = format!(
        "<figure tabindex=\"0\" aria-label=\"{}\">\n{}</figure>\n",
        html(&picture.heading()),
        drawn.svg
    );
    if drawn.places.is_empty() {
        return out;
    }
    let _ = writeln!(
        out,
        "<details><summary>{} places in the code</summary><ol class=\"places\">",
        drawn.places.len()
    );
    for (at, span) in drawn.places.iter().enumerate() {
        let _ = writeln!(
            out,
            "<li id=\"{name}-{at}\"><code>{} {}</code></li>",
            html(&place(*span, sources)),
            html(&line(*span, sources))
        );
    }
    out.push_str("</ol></details>\n");
    out
}

/// `main.tf:12`.
pub(super) fn place(span: Span, sources: &Sources) -> String {
    let file = sources.file(span.file);
    format!("{}:{}", file.path, file.position(span.start).0)
}

/// The line of code that a place begins in.
pub(super) fn line(span: Span, sources: &Sources) -> String {
    let file = sources.file(span.file);
    let range = file.line(file.position(span.start).0);
    let text = file.text[range].trim();
    match text.char_indices().nth(MAX_CODE) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}
