//! Boxes side by side: areas, groups with their nodes and subnets, and the links above them.

use super::{CELL, CHAR, GAP, LINE, NAME, PAD, Rect, SIZE, Sheet, Stroke, Text, columns};
use crate::diagram::picture::{Group, GroupKind, Node, Picture};
use crate::diagram::text::{short, width};

/// Between the edge of an area and what is inside it.
const INSIDE: f32 = 6.0;
/// Between the name of an area and what is below it.
const AREA: f32 = 6.0;

/// Where groups and their columns are.
pub(super) struct Frames {
    pub(super) groups: Vec<Frame>,
    /// Where the links begin, the areas, the boxes.
    top: f32,
    area: f32,
    /// How many areas stand in each other.
    levels: usize,
    boxes: f32,
    pub(super) bottom: f32,
    pub(super) right: f32,
}

pub(super) struct Frame {
    x: f32,
    w: f32,
    /// The middle of each node's column, and how wide that is.
    pub(super) nodes: Vec<(f32, f32)>,
}

impl Frames {
    pub(super) fn of(picture: &Picture, top: f32) -> Self {
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
        let levels = picture.groups.iter().map(|group| group.areas.len()).max().unwrap_or_default();
        #[allow(clippy::cast_precision_loss, reason = "few levels")]
        let boxes = area + (levels.max(1) as f32) * (LINE + AREA) + PAD - AREA;
        let tallest = picture.groups.iter().map(height).fold(0.0, f32::max);
        let right = x - GAP + 2.0 * INSIDE;
        Self { groups, top, area, levels, boxes, bottom: boxes + tallest, right }
    }

    pub(super) fn draw(&self, picture: &Picture, sheet: &mut Sheet) {
        self.areas(picture, sheet);
        self.links(picture, sheet);
        for (group, frame) in picture.groups.iter().zip(&self.groups) {
            self.group(group, frame, sheet);
        }
    }

    /// A box around all VPCs of an area that stand side by side, and in it one around those of each area inside.
    fn areas(&self, picture: &Picture, sheet: &mut Sheet) {
        for level in 0..self.levels {
            let mut at = 0;
            while at < picture.groups.len() {
                let areas = &picture.groups[at].areas;
                let same = |other: &&Group| {
                    areas.len() > level && other.areas.get(..=level) == areas.get(..=level)
                };
                let count = picture.groups[at..].iter().take_while(same).count();
                if count > 0 {
                    let side_by_side = &self.groups[at..at + count];
                    self.area_box(level, &areas[level], side_by_side, sheet);
                }
                at += count.max(1);
            }
        }
    }

    fn area_box(&self, level: usize, area: &str, frames: &[Frame], sheet: &mut Sheet) {
        #[allow(clippy::cast_precision_loss, reason = "few levels")]
        let (depth, left) = (level as f32, (self.levels - level) as f32);
        let margin = INSIDE * left;
        let (first, last) = (&frames[0], &frames[frames.len() - 1]);
        let (x, right) = (first.x - margin, last.x + last.w + margin);
        let y = self.area + depth * (LINE + AREA);
        let rect = Rect {
            x,
            y,
            w: right - x,
            h: self.bottom + margin - y,
            class: "area",
            title: area.to_owned(),
            span: None,
        };
        sheet.rects.push(rect);
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small")]
        let room = ((right - x - 2.0 * PAD) / CHAR) as usize;
        let line = short(area, room);
        sheet.texts.push(Text { x: x + PAD, y: y + SIZE + 4.0, class: "dim carries", line });
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
            sheet.texts.push(Text {
                x: left + 6.0,
                y: line - 5.0,
                class: "dim carries",
                line: text,
            });
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
const MAX_LINE: usize = 56;

/// How wide the text of an interface may be.
fn cell_width(node: &Node) -> usize {
    let cells = node.cells.iter().map(|(_, text)| width(&short(text, NAME))).max();
    width(&short(&node.name, NAME)).max(width(node.kind)).max(12).max(cells.unwrap_or_default())
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
