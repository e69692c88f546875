//! Places on a sheet: of a path nested boxes with its steps below them, of an estate a list of networks.
//!
//! Every node of a path has a column of its own, so an arrow runs from column to column and nothing is in its way; every
//! network of an estate has a row of its own and every link a column, so nothing crosses a box. The font has a fixed
//! width, so that all text is measured without a renderer. No kept library draws nested boxes with ordered arrows
//! without a browser or a process; this is the small layout that the picture needs.

mod estate;
mod frames;
mod steps;
#[cfg(test)]
mod tests;

use super::picture::Picture;
use super::text::{short, width};
use crate::source::Span;
use frames::Frames;

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
    pub(super) span: Option<Span>,
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
    let title = short(&picture.heading(), 110);
    sheet.texts.push(Text { x: PAD, y: PAD + SIZE + 2.0, class: "title", line: title });
    let mut y = PAD * 2.0 + LINE;
    if !picture.folded.is_empty() {
        let text = short(&format!("not drawn: {}", picture.folded.join(", ")), 110);
        sheet.texts.push(Text { x: PAD, y: y + SIZE, class: "dim", line: text });
        y += LINE + 4.0;
    }
    let (right, bottom) = if picture.is_estate {
        estate::draw(picture, y, &mut sheet)
    } else {
        let frames = Frames::of(picture, y);
        frames.draw(picture, &mut sheet);
        (frames.right, steps::draw(picture, &frames, &mut sheet))
    };
    let right = sheet.texts.iter().map(|text| text.x + text.width()).fold(right, f32::max);
    sheet.width = (right + PAD).ceil();
    sheet.height = (bottom + PAD).ceil();
    sheet
}
