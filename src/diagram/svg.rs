//! A picture as SVG: one file, light and dark, for screens, for print, and for readers.

use std::fmt::Write;

use super::layout::{Rect, Sheet, Step, Stroke, layout};
use super::picture::Picture;
use super::text::xml;
use crate::source::{Sources, Span};

/// How a picture looks: for the style of the page that holds some.
pub const STYLE: &str = "\
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

/// A picture as a file of its own; places of the code are told in titles.
pub fn svg(picture: &Picture, sources: &Sources) -> String {
    let mut pen = Pen { out: String::new(), sources, page: None };
    pen.sheet(picture);
    pen.out
}

/// A picture in a page, without its style, and the places of the code that its elements lead to.
#[derive(Debug)]
pub struct Inline {
    /// The markup.
    pub svg: String,
    /// The place at each position is what `#NAME-POSITION` stands for.
    pub places: Vec<Span>,
}

/// A picture for a page in which its ids begin with a name.
pub fn inline(picture: &Picture, sources: &Sources, name: &str) -> Inline {
    let page = Page { name: name.to_owned(), places: Vec::new() };
    let mut pen = Pen { out: String::new(), sources, page: Some(page) };
    pen.sheet(picture);
    Inline { svg: pen.out, places: pen.page.map(|page| page.places).unwrap_or_default() }
}

/// What is written, and into what.
struct Pen<'s> {
    out: String,
    sources: &'s Sources,
    page: Option<Page>,
}

/// The page that a picture stands in.
struct Page {
    name: String,
    places: Vec<Span>,
}

impl Pen<'_> {
    fn sheet(&mut self, picture: &Picture) {
        let sheet = layout(picture);
        let (w, h) = (sheet.width, sheet.height);
        let name = self.page.as_ref().map(|page| page.name.clone()).unwrap_or_default();
        let style =
            if self.page.is_some() { String::new() } else { format!("\n<style>{STYLE}</style>") };
        let _ = writeln!(
            self.out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {w} {h}\" width=\"{w}\" height=\"{h}\" role=\"img\" \
             aria-labelledby=\"{name}t {name}d\">\n<title id=\"{name}t\">{}</title>\n<desc id=\"{name}d\">{}</desc>{style}",
            xml(&picture.heading()),
            xml(&described(picture, &sheet)),
        );
        sheet.rects.iter().for_each(|one| self.rect(one));
        sheet.strokes.iter().for_each(|one| self.stroke(one));
        sheet.steps.iter().for_each(|one| self.step(one));
        for text in &sheet.texts {
            let (x, y, class) = (text.x, text.y, text.class);
            let _ = writeln!(
                self.out,
                "<text class=\"{class}\" x=\"{x}\" y=\"{y}\" textLength=\"{}\">{}</text>",
                text.width(),
                xml(&text.line)
            );
        }
        self.out.push_str("</svg>\n");
    }

    /// What something is, and where it stands in the code.
    fn titled(&self, title: &str, span: Option<Span>) -> String {
        let place = span.map(|span| {
            let file = self.sources.file(span.file);
            format!(" ({}:{})", file.path, file.position(span.start).0)
        });
        format!("<title>{}{}</title>", xml(title), xml(&place.unwrap_or_default()))
    }

    /// In a page, what stands in the code leads to its place there.
    fn linked(&mut self, span: Option<Span>, element: &str) {
        let (Some(page), Some(span)) = (&mut self.page, span) else {
            self.out.push_str(element);
            self.out.push('\n');
            return;
        };
        let known = page.places.iter().position(|place| *place == span);
        let at = known.unwrap_or_else(|| {
            page.places.push(span);
            page.places.len() - 1
        });
        let _ = writeln!(self.out, "<a href=\"#{}-{at}\">{element}</a>", page.name);
    }

    fn rect(&mut self, it: &Rect) {
        let Rect { x, y, w, h, class, .. } = it;
        let title = self.titled(&it.title, it.span);
        self.linked(
            it.span,
            &format!(
                "<rect class=\"r-{class}\" x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\" rx=\"4\">{title}</rect>"
            ),
        );
    }

    fn stroke(&mut self, it: &Stroke) {
        let points: Vec<String> = it.points.iter().map(|(x, y)| format!("{x},{y}")).collect();
        let (class, points) = (it.class, points.join(" "));
        let title = self.titled(&it.title, it.span);
        let line = format!("<polyline class=\"s-{class}\" points=\"{points}\">{title}</polyline>");
        self.linked(it.span.filter(|_| class != "life"), &line);
    }

    /// A numbered arrow; one that breaks ends in a cross.
    fn step(&mut self, it: &Step) {
        let (y, class) = (it.y, it.class);
        let sign = if it.to < it.from { -1.0 } else { 1.0 };
        let start = it.from + sign * 9.0;
        let (tip, back) = (it.to - sign * 2.0, it.to - sign * 10.0);
        let mut group = format!("<g>{}\n", self.titled(&it.title, it.span));
        let _ = writeln!(group, "<path class=\"a a-{class}\" d=\"M{start} {y}H{back}\"/>");
        let head = if class == "broken" {
            format!("M{back} {}L{tip} {}M{back} {}L{tip} {}", y - 5.0, y + 5.0, y + 5.0, y - 5.0)
        } else {
            format!("M{tip} {y}L{back} {}L{back} {}Z", y - 5.0, y + 5.0)
        };
        let _ = writeln!(group, "<path class=\"h h-{class}\" d=\"{head}\"/>");
        let (x, number) = (it.from, it.number);
        let _ = writeln!(group, "<circle cx=\"{x}\" cy=\"{y}\" r=\"9\"/>");
        let _ = write!(
            group,
            "<text class=\"n\" x=\"{x}\" y=\"{}\" text-anchor=\"middle\">{number}</text></g>",
            y + 3.5
        );
        self.linked(it.span, &group);
    }
}

/// All of it as one text, for who does not see it: the steps, or the networks and what joins them.
fn described(picture: &Picture, sheet: &Sheet) -> String {
    let steps = sheet.steps.iter().map(|step| step.title.clone());
    let groups = picture.groups.iter().filter(|_| picture.is_estate).map(|group| {
        let asks = group.asks.as_ref().map(|told| format!(" ({told})"));
        format!("{}{}", group.name, asks.unwrap_or_default())
    });
    let links = picture.links.iter().filter(|_| picture.is_estate).map(|link| {
        let ends: Vec<&str> = link.ends.iter().map(|&end| &*picture.groups[end].name).collect();
        format!("{} {} joins {}", link.kind, link.name, ends.join(", "))
    });
    steps.chain(groups).chain(links).collect::<Vec<_>>().join("; ")
}
