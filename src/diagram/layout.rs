//! Places on a sheet: nested boxes above, and below them the steps, each in a lane of its own.
//!
//! Every node has a column of its own, so an arrow runs from column to column and nothing is in its way. The font has
//! a fixed width, so that all text is measured without a renderer. No kept library draws nested boxes with ordered
//! arrows without a browser or a process; this is the small layout that the picture needs.

use super::picture::{Group, GroupKind, Node, Picture};
use super::text::{short, width};
use crate::source::Span;
use crate::trace::Way;

/// Of a character, at [`SIZE`].
const CHAR: f32 = 7.25;
/// The size of the font.
const SIZE: f32 = 12.0;
const LINE: f32 = 17.0;
const PAD: f32 = 10.0;
/// Names are no wider, in characters.
const NAME: usize = 30;
/// Between groups: links and arrows cross there.
const GAP: f32 = 26.0;
const LANE: f32 = 40.0;
const CELL: f32 = 24.0;

/// A rectangle with its class, what it stands for, and where that is in the code.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Rect {
    pub(super) x: f32,
    pub(super) y: f32,
    pub(super) w: f32,
    pub(super) h: f32,
    pub(super) class: &'static str,
    pub(super) title: String,
    pub(super) span: Option<Span>,
}

/// A line of text; `x` is its left end.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Text {
    pub(super) x: f32,
    /// The base line.
    pub(super) y: f32,
    pub(super) class: &'static str,
    pub(super) line: String,
}

impl Text {
    /// How wide it is.
    pub(super) fn width(&self) -> f32 {
        columns(&self.line)
    }

    /// Left, top, right and bottom.
    #[cfg(test)]
    fn bounds(&self) -> (f32, f32, f32, f32) {
        (self.x, self.y - SIZE, self.x + self.width(), self.y + SIZE * 0.25)
    }
}

/// A line through points.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Stroke {
    pub(super) points: Vec<(f32, f32)>,
    pub(super) class: &'static str,
    pub(super) title: String,
    pub(super) span: Option<Span>,
}

/// A step: its lane, and how it ends.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Step {
    pub(super) number: usize,
    pub(super) y: f32,
    pub(super) from: f32,
    pub(super) to: f32,
    pub(super) class: &'static str,
    pub(super) title: String,
}

/// All that is drawn, in the order in which it is.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Sheet {
    pub(super) width: f32,
    pub(super) height: f32,
    pub(super) rects: Vec<Rect>,
    pub(super) strokes: Vec<Stroke>,
    pub(super) steps: Vec<Step>,
    pub(super) texts: Vec<Text>,
}

fn columns(text: &str) -> f32 {
    #[allow(clippy::cast_precision_loss, reason = "names are short")]
    let wide = width(text) as f32;
    wide * CHAR
}

/// Lays a picture out.
pub(super) fn layout(picture: &Picture) -> Sheet {
    let mut sheet = Sheet::default();
    let title = format!("{}: {}", picture.title, picture.outcome.text);
    let title = short(&title, 110);
    sheet.texts.push(Text { x: PAD, y: PAD + SIZE + 2.0, class: "title", line: title });
    let mut y = PAD * 2.0 + LINE;
    if !picture.folded.is_empty() {
        let text = format!("not drawn: {}", picture.folded.join(", "));
        sheet.texts.push(Text { x: PAD, y: y + SIZE, class: "dim", line: text });
        y += LINE + 4.0;
    }
    let frames = Frames::of(picture, y);
    frames.draw(picture, &mut sheet);
    let bottom = steps(picture, &frames, &mut sheet);
    let right = sheet.texts.iter().map(|text| text.x + text.width()).fold(frames.right, f32::max);
    sheet.width = (right + PAD).ceil();
    sheet.height = (bottom + PAD).ceil();
    sheet
}

/// Where groups and their columns are.
struct Frames {
    groups: Vec<Frame>,
    /// Where the links begin, the areas, the boxes.
    top: f32,
    area: f32,
    boxes: f32,
    bottom: f32,
    right: f32,
}

struct Frame {
    x: f32,
    w: f32,
    /// The middle of each node's column, and how wide that is.
    nodes: Vec<(f32, f32)>,
}

impl Frames {
    fn of(picture: &Picture, top: f32) -> Self {
        let mut x = PAD * 2.0;
        let mut groups = Vec::new();
        for group in &picture.groups {
            let frame = Frame::of(group, x);
            x = frame.x + frame.w + GAP;
            groups.push(frame);
        }
        #[allow(clippy::cast_precision_loss, reason = "links are few")]
        let links = picture.links.len() as f32 * (LINE + 9.0);
        let area = top + links;
        let boxes = area + LINE + PAD;
        let tallest = picture.groups.iter().map(height).fold(0.0, f32::max);
        let right = x - GAP + PAD;
        Self { groups, top, area, boxes, bottom: boxes + tallest, right }
    }

    fn draw(&self, picture: &Picture, sheet: &mut Sheet) {
        self.areas(picture, sheet);
        self.links(picture, sheet);
        for (group, frame) in picture.groups.iter().zip(&self.groups) {
            self.group(group, frame, sheet);
        }
    }

    /// A box around all VPCs of an area that stand side by side.
    fn areas(&self, picture: &Picture, sheet: &mut Sheet) {
        let mut at = 0;
        while at < picture.groups.len() {
            let group = &picture.groups[at];
            let same = |other: &&Group| other.kind == GroupKind::Vpc && other.area == group.area;
            let count = picture.groups[at..].iter().take_while(same).count();
            if count > 0 {
                let (first, last) = (&self.groups[at], &self.groups[at + count - 1]);
                let (x, right) = (first.x - PAD, last.x + last.w + PAD);
                sheet.rects.push(Rect {
                    x,
                    y: self.area,
                    w: right - x,
                    h: self.bottom + PAD - self.area,
                    class: "area",
                    title: group.area.clone(),
                    span: None,
                });
                #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small")]
                let room = ((right - x - 2.0 * PAD) / CHAR) as usize;
                let text = short(&group.area, room);
                sheet.texts.push(Text {
                    x: x + PAD,
                    y: self.area + SIZE + 4.0,
                    class: "dim",
                    line: text,
                });
            }
            at += count.max(1);
        }
    }

    /// Each link in a lane of its own above the boxes that it joins.
    fn links(&self, picture: &Picture, sheet: &mut Sheet) {
        let mut y = self.top;
        for (at, link) in picture.links.iter().enumerate() {
            #[allow(clippy::cast_precision_loss, reason = "links are few")]
            let shift = (at % 8) as f32 * 7.0;
            // To the right of what is written at the top of an area.
            let foot = |group: &usize| {
                let frame = &self.groups[*group];
                frame.x + frame.w - 14.0 - shift
            };
            let (left, right) = (foot(&link.ends[0]), foot(&link.ends[link.ends.len() - 1]));
            let title = format!("{}: {}", link.kind, link.name);
            let mut stroke = |points| {
                let stroke =
                    Stroke { points, class: "link", title: title.clone(), span: Some(link.span) };
                sheet.strokes.push(stroke);
            };
            let line = y + LINE;
            stroke(vec![(left, self.boxes), (left, line), (right, line), (right, self.boxes)]);
            for between in &link.ends[1..link.ends.len() - 1] {
                stroke(vec![(foot(between), line), (foot(between), self.boxes)]);
            }
            let text = short(&format!("{} {}", link.kind, link.name), 60);
            sheet.texts.push(Text { x: left + 6.0, y: line - 5.0, class: "dim", line: text });
            y += LINE + 9.0;
        }
    }

    fn group(&self, group: &Group, frame: &Frame, sheet: &mut Sheet) {
        let kind = match group.kind {
            GroupKind::Vpc => "VPC",
            GroupKind::OnPremises | GroupKind::Internet => "outside",
        };
        sheet.rects.push(Rect {
            x: frame.x,
            y: self.boxes,
            w: frame.w,
            h: self.bottom - self.boxes,
            class: if group.kind == GroupKind::Vpc { "vpc" } else { "outside" },
            title: format!("{kind} {}", group.name),
            span: group.span,
        });
        let mut y = self.boxes + PAD + SIZE;
        let mut line = |class, text: &str, y: &mut f32| {
            let text = Text { x: frame.x + PAD, y: *y, class, line: short(text, MAX_LINE) };
            sheet.texts.push(text);
            *y += LINE;
        };
        line("name", &group.name, &mut y);
        for detail in &group.details {
            line("dim", detail, &mut y);
        }
        y += PAD - SIZE;
        for (node, (middle, wide)) in group.nodes.iter().zip(&frame.nodes) {
            sheet.rects.push(Rect {
                x: middle - wide / 2.0,
                y,
                w: *wide,
                h: 2.0 * LINE + 8.0,
                class: "node",
                title: format!("{} {}", node.kind, node.name),
                span: node.span,
            });
            for (at, (class, text)) in
                [("dim", node.kind), ("name", &node.name)].into_iter().enumerate()
            {
                let text = short(text, NAME);
                #[allow(clippy::cast_precision_loss, reason = "two lines")]
                let y = y + SIZE + 5.0 + at as f32 * LINE;
                sheet.texts.push(Text { x: middle - columns(&text) / 2.0, y, class, line: text });
            }
        }
        y += 2.0 * LINE + 8.0 + PAD;
        for (at, row) in group.rows.iter().enumerate() {
            sheet.rects.push(Rect {
                x: frame.x + PAD,
                y,
                w: frame.w - 2.0 * PAD,
                h: LINE + CELL + 10.0,
                class: "subnet",
                title: format!("subnet {}", row.text),
                span: Some(row.span),
            });
            let text = short(&row.text, MAX_LINE);
            sheet.texts.push(Text {
                x: frame.x + PAD + 6.0,
                y: y + SIZE + 2.0,
                class: "dim",
                line: text,
            });
            for (node, (middle, wide)) in group.nodes.iter().zip(&frame.nodes) {
                let own = node.cells.iter().filter(|(row, _)| *row == at);
                let texts: Vec<&str> = own.map(|(_, text)| text.as_str()).collect();
                if texts.is_empty() {
                    continue;
                }
                let w = wide - 8.0;
                sheet.rects.push(Rect {
                    x: middle - w / 2.0,
                    y: y + LINE + 4.0,
                    w,
                    h: CELL,
                    class: "cell",
                    title: format!("{} {} in {}", node.kind, node.name, row.text),
                    span: node.span,
                });
                let text = short(&texts.join(", "), cell_width(node));
                let x = middle - columns(&text) / 2.0;
                sheet.texts.push(Text {
                    x,
                    y: y + LINE + 4.0 + SIZE + 4.0,
                    class: "name",
                    line: text,
                });
            }
            y += LINE + CELL + 16.0;
        }
    }
}

/// The widest line of a group, in characters.
const MAX_LINE: usize = 48;

/// How wide the text of an interface may be.
fn cell_width(node: &Node) -> usize {
    width(&short(&node.name, NAME)).max(width(node.kind)).max(12)
}

fn height(group: &Group) -> f32 {
    #[allow(clippy::cast_precision_loss, reason = "few lines")]
    let (details, rows) = (group.details.len() as f32, group.rows.len() as f32);
    PAD + LINE * (1.0 + details) + PAD + 2.0 * LINE + 8.0 + PAD + rows * (LINE + CELL + 16.0) + 4.0
}

impl Frame {
    fn of(group: &Group, x: f32) -> Self {
        let lines =
            group.details.iter().chain([&group.name]).map(|line| columns(&short(line, MAX_LINE)));
        let rows = group.rows.iter().map(|row| columns(&short(&row.text, MAX_LINE)) + 12.0);
        let inner = lines.chain(rows).fold(0.0, f32::max);
        #[allow(clippy::cast_precision_loss, reason = "names are short")]
        let wide: Vec<f32> =
            group.nodes.iter().map(|node| cell_width(node) as f32 * CHAR + 18.0).collect();
        #[allow(clippy::cast_precision_loss, reason = "few nodes")]
        let gaps = (wide.len().max(1) - 1) as f32 * PAD;
        let needed: f32 = wide.iter().sum::<f32>() + gaps;
        let w = inner.max(needed) + 2.0 * PAD + 8.0;
        let mut at = x + PAD + 4.0;
        let mut nodes = Vec::new();
        for wide in wide {
            nodes.push((at + wide / 2.0, wide));
            at += wide + PAD;
        }
        Self { x, w, nodes }
    }
}

/// The lanes of the steps; gives where they end.
fn steps(picture: &Picture, frames: &Frames, sheet: &mut Sheet) -> f32 {
    let top = frames.bottom + PAD * 2.0;
    let mut y = top;
    let middle = |(group, node): (usize, usize)| frames.groups[group].nodes[node].0;
    for (at, arrow) in picture.arrows.iter().enumerate() {
        let (from, to) = (middle(arrow.from), middle(arrow.to));
        let number = at + 1;
        let (class, end) = match &arrow.way {
            Way::Whole => ("whole", String::new()),
            Way::Partly(why) => ("partly", format!(" ~ {why} on some ways")),
            Way::Broken(why) => ("broken", format!(" ✕ {why}")),
            Way::Open(why) => ("open", format!(" ? {}", short(why, 40))),
        };
        let repeats = matches!(&arrow.way, Way::Broken(why) if *why == arrow.text);
        let told =
            if repeats { format!("✕ {}", arrow.text) } else { format!("{}{end}", arrow.text) };
        let text = short(&told, 78);
        let line = y + LINE + 9.0;
        let text_class = if class == "whole" { "carries" } else { class };
        let x = from.min(to).max(PAD) + 16.0;
        sheet.texts.push(Text { x, y: line - 12.5, class: text_class, line: text });
        let (a, b) = (&picture.node(arrow.from).name, &picture.node(arrow.to).name);
        let title = format!("{number}: {told}, from {a} to {b}");
        sheet.steps.push(Step { number, y: line, from, to, class, title });
        y += LANE;
    }
    for (group, frame) in picture.groups.iter().zip(&frames.groups) {
        for (node, (middle, _)) in group.nodes.iter().zip(&frame.nodes) {
            sheet.strokes.push(Stroke {
                points: vec![(*middle, frames.bottom), (*middle, y)],
                class: "life",
                title: node.name.clone(),
                span: node.span,
            });
        }
    }
    y
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::{Ask, Choice, Options, Request, trace};

    /// The pictures of all paths of some code of the project.
    pub(in crate::diagram) fn pictures(path: &str) -> Vec<Picture> {
        let request = Request {
            paths: vec![path.into()],
            config: Choice::None,
            options: Options { eks_public_dns: false, today: None },
            ..Request::default()
        };
        let ask = Ask { pictures: true, ..Ask::default() };
        let top = Path::new(env!("CARGO_MANIFEST_DIR"));
        let (drawn, _) = trace(&request, &ask, top).unwrap();
        // Code without a cluster has no path.
        let without = |failure: &String| failure != "there is no cluster to trace to";
        assert_eq!(drawn.failures.iter().find(|it| without(it)), None, "{path}");
        drawn.pictures
    }

    /// What of a sheet is on top of what it must not be on.
    fn overlaps(sheet: &Sheet) -> Vec<String> {
        type Box4 = (f32, f32, f32, f32);
        let meet = |a: Box4, b: Box4| a.0 < b.2 && b.0 < a.2 && a.1 < b.3 && b.1 < a.3;
        let inside = |a: Box4, b: Box4| a.0 >= b.0 && a.1 >= b.1 && a.2 <= b.2 && a.3 <= b.3;
        let of = |rect: &Rect| (rect.x, rect.y, rect.x + rect.w, rect.y + rect.h);
        let mut wrong = Vec::new();
        for (at, text) in sheet.texts.iter().enumerate() {
            if !inside(text.bounds(), (0.0, 0.0, sheet.width, sheet.height)) {
                wrong.push(format!("{:?} leaves the sheet", text.line));
            }
            for other in &sheet.texts[..at] {
                if meet(text.bounds(), other.bounds()) {
                    wrong.push(format!("{:?} is on {:?}", text.line, other.line));
                }
            }
            for rect in &sheet.rects {
                if meet(text.bounds(), of(rect)) && !inside(text.bounds(), of(rect)) {
                    wrong.push(format!("{:?} crosses the edge of {:?}", text.line, rect.title));
                }
            }
            for step in &sheet.steps {
                let circle = (step.from - 9.0, step.y - 9.0, step.from + 9.0, step.y + 9.0);
                if meet(text.bounds(), circle) {
                    wrong.push(format!("{:?} is on the number {}", text.line, step.number));
                }
            }
        }
        for (at, rect) in sheet.rects.iter().enumerate() {
            for other in &sheet.rects[..at] {
                let (a, b) = (of(rect), of(other));
                if meet(a, b) && !inside(a, b) && !inside(b, a) {
                    wrong.push(format!("{:?} crosses {:?}", rect.title, other.title));
                }
            }
        }
        wrong
    }

    #[test]
    fn nothing_is_on_anything_else() {
        let mut drawn = 0;
        for folder in ["figures", "missing-peering-route", "forwarding-loop", "blocked-dns-query"] {
            let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(folder);
            for entry in std::fs::read_dir(top).unwrap() {
                let path = entry.unwrap().path();
                for picture in pictures(path.to_str().unwrap()) {
                    assert_eq!(
                        overlaps(&layout(&picture)),
                        Vec::<String>::new(),
                        "{}",
                        path.display()
                    );
                    drawn += 1;
                }
            }
        }
        assert!(drawn > 50, "{drawn}");
    }

    #[test]
    fn names_of_any_kind_have_room() {
        let names = [
            "</script>\"><img onerror=x>",
            "\u{202e}\u{1b}[31m",
            "\u{1f512}\u{7db2}\u{7d61}",
            &"x".repeat(5000),
            "",
        ];
        for picture in pictures("fixtures/figures/4/main.tf") {
            for name in names {
                let mut picture = picture.clone();
                for group in &mut picture.groups {
                    group.name = name.to_owned();
                    group.details.push(name.to_owned());
                    group.rows.iter_mut().for_each(|row| row.text = name.to_owned());
                    for node in &mut group.nodes {
                        node.name = name.to_owned();
                        node.cells.iter_mut().for_each(|(_, text)| *text = name.to_owned());
                    }
                }
                picture.links.iter_mut().for_each(|link| link.name = name.to_owned());
                picture.arrows.iter_mut().for_each(|arrow| arrow.text = name.to_owned());
                assert_eq!(overlaps(&layout(&picture)), Vec::<String>::new(), "{name:?}");
            }
        }
    }

    #[test]
    fn the_test_of_overlaps_sees_them() {
        let picture = &pictures("fixtures/figures/4/main.tf")[0];
        let mut sheet = layout(picture);
        let moved = Text { x: sheet.texts[0].x + 3.0, ..sheet.texts[0].clone() };
        sheet.texts.push(moved);
        let rect = sheet.rects.last().unwrap();
        let (x, y) = (rect.x - 5.0, rect.y + 10.0);
        sheet.texts.push(Text { x, y, class: "name", line: "across".to_owned() });
        let wrong = overlaps(&sheet).join("\n");
        assert!(
            wrong.contains("is on") && wrong.contains("\"across\" crosses the edge"),
            "{wrong}"
        );
    }

    /// What a picture says, in both languages: kinds of nodes and their groups, arrows and their ends.
    fn shape(picture: &Picture) -> Vec<String> {
        let node = |(group, node): (usize, usize)| {
            let group = &picture.groups[group];
            format!("{:?}/{}", group.kind, group.nodes[node].kind)
        };
        let arrows = picture.arrows.iter().map(|arrow| {
            let carries = arrow.text.split(',').next().unwrap_or_default().to_owned();
            format!("{} -> {}: {carries}: {:?}", node(arrow.from), node(arrow.to), arrow.way)
        });
        let links = picture.links.iter().map(|link| format!("{} {:?}", link.kind, link.ends));
        arrows.chain(links).collect()
    }

    #[test]
    fn the_figures_are_alike_in_both_languages() {
        for figure in 1..=4 {
            let of = |file: &str| -> Vec<Vec<String>> {
                let all = pictures(&format!("fixtures/figures/{figure}/{file}"));
                all.iter().map(shape).collect()
            };
            let (terraform, template) = (of("main.tf"), of("template.yaml"));
            assert!(terraform.len() > 1 && terraform == template, "{terraform:#?}\n{template:#?}");
        }
    }

    #[test]
    fn the_figures_show_what_those_of_the_note_show() {
        let client = |figure: usize| {
            let all = pictures(&format!("fixtures/figures/{figure}/main.tf"));
            let found =
                all.into_iter().find(|picture| picture.title.starts_with("aws_vpc.shared "));
            shape(&found.unwrap())
        };
        let last = |shape: &[String]| {
            shape.iter().rev().find(|line| line.contains("->")).cloned().unwrap()
        };
        for figure in [1, 3] {
            assert!(last(&client(figure)).contains("NXDOMAIN: Broken"), "{:#?}", client(figure));
        }
        let second = client(2);
        assert!(second[1].contains("resolver (+2) -> Vpc/outbound endpoint"), "{second:#?}");
        assert!(second[2].contains("outbound endpoint -> OnPremises/DNS server"), "{second:#?}");
        let fourth = client(4);
        assert!(fourth[1].contains("resolver (+2) -> Vpc/outbound endpoint"), "{fourth:#?}");
        assert!(fourth[2].contains("outbound endpoint -> Vpc/inbound endpoint"), "{fourth:#?}");
        assert_eq!(last(&fourth), "Vpc/client -> Vpc/EKS endpoint: TCP 443: Whole");
    }
}
