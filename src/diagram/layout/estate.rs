//! An estate on a sheet: a row for each network, a column for each link beside them.

use super::{CHAR, LINE, NAME, PAD, Rect, SIZE, Sheet, Stroke, Text, columns};
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
    let (left, width) = (PAD * 2.0, PAD + text + PAD + chips + PAD);
    let mut y = top + head;
    let mut middles = Vec::new();
    let mut at = 0;
    while at < picture.groups.len() {
        let area = picture.groups[at].area();
        let same = |group: &&Group| {
            group.area() == area && group.kind == picture.groups[at].kind && !area.is_empty()
        };
        let count = picture.groups[at..].iter().take_while(same).count();
        let begin = y;
        if count > 0 {
            y += LINE + PAD;
        }
        for group in &picture.groups[at..at + count.max(1)] {
            let height = height(group);
            row(group, Rect { x: left, y, w: width, h: height, ..outline(group) }, text, sheet);
            middles.push(y + height / 2.0);
            y += height + PAD;
        }
        if count > 0 {
            sheet.rects.insert(
                0,
                Rect {
                    x: left - PAD,
                    y: begin,
                    w: width + 2.0 * PAD,
                    h: y - begin,
                    class: "area",
                    title: area.clone(),
                    span: None,
                },
            );
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small")]
            let room = (width / CHAR) as usize;
            let line = short(&area, room);
            sheet.texts.push(Text { x: left, y: begin + SIZE + 4.0, class: "dim", line });
            y += PAD;
        }
        at += count.max(1);
    }
    let right = links(picture, &middles, (left + width, top), sheet);
    (right, y)
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
/// top: that of the first column is the highest, so that no line crosses a name.
fn links(picture: &Picture, middles: &[f32], from: (f32, f32), sheet: &mut Sheet) -> f32 {
    let (edge, top) = from;
    let mut x = edge + PAD * 2.0 + COLUMN / 2.0;
    let mut y = top;
    // Feet of one network stand beside each other.
    let mut feet = vec![0.0_f32; middles.len()];
    for link in &picture.links {
        let title = format!("{}: {}", link.kind, link.name);
        let mut stroke = |points| {
            let title = title.clone();
            sheet.strokes.push(Stroke { points, class: "link", title, span: Some(link.span) });
        };
        let mut last = y;
        for &end in &link.ends {
            let foot = middles[end] + feet[end];
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
