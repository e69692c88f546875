//! An estate on a sheet: a row for each network, a column for each link beside them.

use std::collections::BTreeMap;

use super::{CHAR, LINE, NAME, PAD, Rect, SIZE, Sheet, Stroke, Text, columns};
use crate::diagram::areas::Area;
use crate::diagram::picture::{Group, GroupKind, Node, Picture};
use crate::diagram::text::short;

/// Between the columns of links.
const COLUMN: f32 = 18.0;
/// The lines of a network are no longer, in characters.
const MAX_LINE: usize = 46;
/// What stands in a network, before the rest is counted.
const MAX_CHIPS: usize = 3;
const CHIP: f32 = 2.0 * LINE + 8.0;

/// Draws the rows and the links from `top` on; gives the right and the bottom.
pub(super) fn draw(picture: &Picture, top: f32, sheet: &mut Sheet) -> (f32, f32) {
    #[allow(clippy::cast_precision_loss, reason = "links are few")]
    let head = (picture.links.len() as f32) * LINE + PAD;
    let text = picture.groups.iter().map(text_width).fold(0.0, f32::max);
    let chips = picture.groups.iter().map(chips_width).fold(0.0, f32::max);
    let all = picture.sheet();
    #[allow(clippy::cast_precision_loss, reason = "areas are few levels deep")]
    let left = PAD * (all.levels() as f32 + 1.0);
    let width = PAD + text + PAD + chips + PAD;
    let mut rows =
        Rows { picture, left, width, text, y: top + head, middles: BTreeMap::new(), sheet };
    rows.area(&all);
    let Rows { y, middles, .. } = rows;
    let right = links(picture, &middles, (left + width, left + width + left, top), sheet);
    (right, y)
}

/// The rows, as they are put below each other.
struct Rows<'p> {
    picture: &'p Picture,
    /// Where all rows begin, how wide they are, and how wide what is written in them is.
    left: f32,
    width: f32,
    text: f32,
    /// Where the next begins.
    y: f32,
    /// The middle of each network's row.
    middles: BTreeMap<usize, f32>,
    sheet: &'p mut Sheet,
}

impl Rows<'_> {
    /// What stands in a box, and the boxes inside with their names above what they hold.
    fn area(&mut self, area: &Area<'_>) {
        for &at in &area.groups {
            let group = &self.picture.groups[at];
            let h = height(group);
            let frame = Rect { x: self.left, y: self.y, w: self.width, h, ..outline(group) };
            row(group, frame, self.text, self.sheet);
            self.middles.insert(at, self.y + h / 2.0);
            self.y += h + PAD;
        }
        for inside in &area.inside {
            #[allow(clippy::cast_precision_loss, reason = "areas are few levels deep")]
            let around = PAD * (inside.levels() as f32 + 1.0);
            let begin = self.y;
            self.y += LINE + PAD;
            let at = self.sheet.rects.len();
            self.area(inside);
            let (x, w) = (self.left - around, self.width + 2.0 * around);
            let title = inside.name.to_owned();
            let h = self.y - begin;
            let frame = Rect { x, y: begin, w, h, class: "area", title, span: None };
            // Beneath what stands in it.
            self.sheet.rects.insert(at, frame);
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small")]
            let room = (self.width / CHAR) as usize;
            let line = short(inside.name, room);
            let text = Text { x: x + PAD, y: begin + SIZE + 4.0, class: "dim", line };
            self.sheet.texts.push(text);
            self.y += PAD;
        }
    }
}

/// What of a network is written in its box.
fn lines(group: &Group) -> Vec<(&'static str, String)> {
    let mut lines = vec![("name", short(&group.name, MAX_LINE))];
    lines.extend(group.details.iter().map(|line| ("dim", short(line, MAX_LINE))));
    lines.extend(group.asks.iter().map(|line| ("name", short(line, MAX_LINE))));
    lines
}

fn text_width(group: &Group) -> f32 {
    lines(group).iter().map(|(_, line)| columns(line)).fold(0.0, f32::max)
}

/// Nodes by kind, as many as are drawn, and how many are not.
fn chips(group: &Group) -> (&[Node], usize) {
    let drawn = if group.nodes.len() > MAX_CHIPS { MAX_CHIPS - 1 } else { group.nodes.len() };
    (&group.nodes[..drawn], group.nodes.len() - drawn)
}

fn chip_width(node: &Node) -> f32 {
    columns(&short(&node.name, NAME)).max(columns(node.kind)) + 16.0
}

fn chips_width(group: &Group) -> f32 {
    let (drawn, more) = chips(group);
    let more = if more > 0 { columns(&rest(more)) + PAD } else { 0.0 };
    drawn.iter().map(|node| chip_width(node) + PAD).sum::<f32>() + more
}

/// What is not drawn of a network.
fn rest(more: usize) -> String {
    format!("+{more} more")
}

fn height(group: &Group) -> f32 {
    #[allow(clippy::cast_precision_loss, reason = "few lines")]
    let text = lines(group).len() as f32 * LINE + PAD;
    let chips = if group.nodes.is_empty() { 0.0 } else { CHIP + PAD };
    text.max(chips)
}

fn outline(group: &Group) -> Rect {
    let kind = if group.kind == GroupKind::Vpc { "VPC" } else { "outside" };
    Rect {
        x: 0.0,
        y: 0.0,
        w: 0.0,
        h: 0.0,
        class: if group.kind == GroupKind::Vpc { "vpc" } else { "outside" },
        title: format!("{kind} {}", group.name),
        span: group.span,
    }
}

fn row(group: &Group, frame: Rect, text: f32, sheet: &mut Sheet) {
    let (x, y, h) = (frame.x + PAD, frame.y, frame.h);
    sheet.rects.push(frame);
    let mut base = y + PAD / 2.0 + SIZE;
    for (class, line) in lines(group) {
        sheet.texts.push(Text { x, y: base, class, line });
        base += LINE;
    }
    let mut x = x + text + PAD;
    let (drawn, more) = chips(group);
    let top = y + (h - CHIP) / 2.0;
    for node in drawn {
        let w = chip_width(node);
        let title = format!("{} {}", node.kind, node.name);
        sheet.rects.push(Rect { x, y: top, w, h: CHIP, class: "node", title, span: node.span });
        let lines = [("dim", node.kind.to_owned()), ("name", short(&node.name, NAME))];
        let mut base = top + SIZE + 5.0;
        for (class, line) in lines {
            sheet.texts.push(Text { x: x + 8.0, y: base, class, line });
            base += LINE;
        }
        x += w + PAD;
    }
    if more > 0 {
        sheet.texts.push(Text { x, y: y + h / 2.0 + 4.0, class: "dim", line: rest(more) });
    }
}

/// Each link is a line in a column of its own, with a foot at every network that it joins, and its name at its
/// top: that of the first column is the highest, so that no line crosses a name. Networks end at `edge`, the areas
/// around them at `beside`.
fn links(
    picture: &Picture,
    middles: &BTreeMap<usize, f32>,
    (edge, beside, top): (f32, f32, f32),
    sheet: &mut Sheet,
) -> f32 {
    let mut x = beside + COLUMN / 2.0;
    let mut y = top;
    // Feet of one network stand beside each other.
    let mut feet = vec![0.0_f32; picture.groups.len()];
    for link in &picture.links {
        let title = format!("{}: {}", link.kind, link.name);
        let mut stroke = |points| {
            let title = title.clone();
            sheet.strokes.push(Stroke { points, class: "link", title, span: Some(link.span) });
        };
        let mut last = y;
        for &end in &link.ends {
            let foot = middles[&end] + feet[end];
            feet[end] = if feet[end] > 0.0 { -feet[end] } else { 6.0 - feet[end] };
            if feet[end].abs() > 13.0 {
                feet[end] = 0.0;
            }
            stroke(vec![(edge, foot), (x, foot)]);
            last = f32::max(last, foot);
        }
        stroke(vec![(x, y + SIZE), (x, last)]);
        let line = short(&format!("{} {}", link.kind, link.name), 60);
        sheet.texts.push(Text { x: x + 6.0, y: y + SIZE, class: "dim", line });
        x += COLUMN;
        y += LINE;
    }
    x
}
