//! The lanes of the steps, below the boxes.

use super::frames::Frames;
use super::{LANE, LINE, PAD, Sheet, Step, Stroke, Text};
use crate::diagram::picture::Picture;
use crate::diagram::text::short;
use crate::trace::Way;

/// The lanes of the steps; gives where they end.
pub(super) fn draw(picture: &Picture, frames: &Frames, sheet: &mut Sheet) -> f32 {
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
        let span = arrow.span;
        sheet.steps.push(Step { number, y: line, from, to, class, title, span });
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
