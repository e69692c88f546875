//! A picture as SVG: one file, light and dark, for screens, for print, and for readers.

use std::fmt::Write;

use super::layout::{Rect, Sheet, Step, Stroke, layout};
use super::picture::Picture;
use super::text::xml;
use crate::source::{Sources, Span};

const STYLE: &str = "\
svg{--page:#fff;--ink:#1f2328;--dim:#59636e;--line:#8c959f;--area:#f6f8fa;--vpc:#fff;--node:#ddf4ff;--cell:#eff8ff;\
--subnet:#f6f8fa;--good:#1a7f37;--bad:#cf222e;--some:#9a6700;--open:#59636e;background:var(--page)}\
@media(prefers-color-scheme:dark){svg{--page:#0d1117;--ink:#f0f6fc;--dim:#9198a1;--line:#656c76;--area:#151b23;\
--vpc:#0d1117;--node:#12304f;--cell:#10243b;--subnet:#151b23;--good:#3fb950;--bad:#ff7b72;--some:#d29922;--open:#9198a1}}\
@media print{svg{--page:#fff;--ink:#000;--dim:#333;--line:#555;--area:#fff;--vpc:#fff;--node:#fff;--cell:#fff;\
--subnet:#fff;--good:#060;--bad:#a00;--some:#640;--open:#333}}\
text{font:12px ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace;fill:var(--ink);white-space:pre;paint-order:stroke;stroke:none}\
.carries,text.broken,text.partly,text.open{stroke:var(--page);stroke-width:4px}\
.title{font-weight:600}.dim{fill:var(--dim)}.broken{fill:var(--bad);font-weight:600}.partly{fill:var(--some)}.open{fill:var(--open)}\
rect{stroke:var(--line)}.r-area{fill:var(--area);stroke-dasharray:6 4}.r-vpc{fill:var(--vpc);stroke-width:1.5}\
.r-outside{fill:var(--area)}.r-node{fill:var(--node)}.r-subnet{fill:var(--subnet);stroke-dasharray:2 3}.r-cell{fill:var(--cell)}\
polyline{fill:none;stroke:var(--line)}.s-link{stroke-width:3}.s-life{stroke-dasharray:1 4}\
.a{stroke:var(--good);stroke-width:1.8;fill:none}.a-broken{stroke:var(--bad);stroke-width:2.4}.a-partly{stroke:var(--some);stroke-dasharray:9 3}\
.a-open{stroke:var(--open);stroke-dasharray:4 4}.h{fill:var(--good);stroke:none}.h-broken{fill:none;stroke:var(--bad);stroke-width:2.4}\
.h-partly{fill:var(--some)}.h-open{fill:var(--open)}circle{fill:var(--page);stroke:var(--ink)}.n{font-size:10px}";

/// The picture of a path; places of the code are told in titles.
pub fn svg(picture: &Picture, sources: &Sources) -> String {
    let sheet = layout(picture);
    let mut out = String::new();
    let (w, h) = (sheet.width, sheet.height);
    let title = format!("{}: {}", picture.title, picture.outcome.text);
    let _ = writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {w} {h}\" width=\"{w}\" height=\"{h}\" role=\"img\" \
         aria-labelledby=\"t d\">\n<title id=\"t\">{}</title>\n<desc id=\"d\">{}</desc>\n<style>{STYLE}</style>",
        xml(&title),
        xml(&described(&sheet)),
    );
    for one in &sheet.rects {
        rect(&mut out, one, sources);
    }
    for one in &sheet.strokes {
        stroke(&mut out, one, sources);
    }
    for one in &sheet.steps {
        step(&mut out, one);
    }
    for text in &sheet.texts {
        let (x, y, class) = (text.x, text.y, text.class);
        let _ = writeln!(
            out,
            "<text class=\"{class}\" x=\"{x}\" y=\"{y}\" textLength=\"{}\">{}</text>",
            text.width(),
            xml(&text.line)
        );
    }
    out.push_str("</svg>\n");
    out
}

/// The steps as one text, for who does not see them.
fn described(sheet: &Sheet) -> String {
    let steps: Vec<&str> = sheet.steps.iter().map(|step| step.title.as_str()).collect();
    steps.join("; ")
}

/// What something is, and where it stands in the code.
fn titled(title: &str, span: Option<Span>, sources: &Sources) -> String {
    let place = span.map(|span| {
        let file = sources.file(span.file);
        format!(" ({}:{})", file.path, file.position(span.start).0)
    });
    format!("<title>{}{}</title>", xml(title), xml(&place.unwrap_or_default()))
}

fn rect(out: &mut String, it: &Rect, sources: &Sources) {
    let _ = writeln!(
        out,
        "<rect class=\"r-{}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"4\">{}</rect>",
        it.class,
        it.x,
        it.y,
        it.w,
        it.h,
        titled(&it.title, it.span, sources)
    );
}

fn stroke(out: &mut String, it: &Stroke, sources: &Sources) {
    let points: Vec<String> = it.points.iter().map(|(x, y)| format!("{x},{y}")).collect();
    let (class, points) = (it.class, points.join(" "));
    let title = titled(&it.title, it.span, sources);
    let _ = writeln!(out, "<polyline class=\"s-{class}\" points=\"{points}\">{title}</polyline>");
}

/// A numbered arrow; one that breaks ends in a cross.
fn step(out: &mut String, it: &Step) {
    let (y, class) = (it.y, it.class);
    let sign = if it.to < it.from { -1.0 } else { 1.0 };
    let start = it.from + sign * 9.0;
    let (tip, back) = (it.to - sign * 2.0, it.to - sign * 10.0);
    let _ = writeln!(out, "<g><title>{}</title>", xml(&it.title));
    let _ = writeln!(out, "<path class=\"a a-{class}\" d=\"M{start} {y}H{back}\"/>");
    let head = if class == "broken" {
        format!("M{back} {}L{tip} {}M{back} {}L{tip} {}", y - 5.0, y + 5.0, y + 5.0, y - 5.0)
    } else {
        format!("M{tip} {y}L{back} {}L{back} {}Z", y - 5.0, y + 5.0)
    };
    let _ = writeln!(out, "<path class=\"h h-{class}\" d=\"{head}\"/>");
    let (x, number) = (it.from, it.number);
    let _ = writeln!(out, "<circle cx=\"{x}\" cy=\"{y}\" r=\"9\"/>");
    let _ = writeln!(
        out,
        "<text class=\"n\" x=\"{x}\" y=\"{}\" text-anchor=\"middle\">{number}</text></g>",
        y + 3.5
    );
}
