//! The lines of one file that a snippet shows: escaped, and cut to what stands round the labels.

use std::collections::BTreeMap;
use std::ops::Range;

use codespan_reporting::files::{Error, Files};

use super::escape::{escape, escape_line};
use crate::source::{SourceFile, Span};

/// A line of up to this many characters is shown whole.
const WHOLE: usize = 120;
/// Of a longer line, this many characters are shown before and after each label …
const AROUND: usize = 24;
/// … and this many of the text under it.
const UNDER: usize = 72;
/// Lines shown after the first and before the last one of a label over several lines.
pub(super) const AFTER_FIRST: usize = 3;
pub(super) const BEFORE_LAST: usize = 1;

/// Part of a file. Line indexes are those of the file; byte offsets are those of the excerpt.
#[derive(Default)]
pub(super) struct Excerpt {
    name: String,
    text: String,
    /// The shown lines, and where they stand in `text`.
    lines: BTreeMap<usize, Range<usize>>,
    /// Bytes of the file that are shown, and where in `text`.
    pieces: BTreeMap<usize, (usize, Range<usize>)>,
    /// True columns of the labels, by their place in `text`.
    columns: BTreeMap<usize, usize>,
}

impl Excerpt {
    /// The excerpt of `file` that shows all `spans`, and where they are in it.
    pub(super) fn new(file: &SourceFile, spans: &[Span]) -> (Self, Vec<Range<usize>>) {
        let mut excerpt = Self { name: escape(&file.path).into_owned(), ..Self::default() };
        let ranges: Vec<_> = spans.iter().map(|&span| clamp(file, span)).collect();
        for (line, marks) in shown_lines(file, &ranges) {
            excerpt.add_line(file, line, &marks);
        }
        let places = ranges.iter().map(|range| {
            let place = excerpt.place(file, range.start)..excerpt.place(file, range.end);
            let column = file.position(offset(range.start)).1 as usize;
            excerpt.columns.entry(place.start).or_insert(column);
            place.start..place.end.max(place.start)
        });
        let places = places.collect();
        (excerpt, places)
    }

    fn add_line(&mut self, file: &SourceFile, line: usize, marks: &[Range<usize>]) {
        let range = file.line(offset(line + 1));
        let start = self.text.len();
        let mut shown = range.start;
        for piece in pieces(&file.text, &range, marks) {
            if piece.start > shown {
                self.text.push('…');
            }
            shown = piece.end;
            let place = self.text.len();
            self.text.push_str(&escape_line(&file.text[piece.clone()]));
            self.pieces.insert(piece.start, (place, piece));
        }
        if shown < range.end {
            self.text.push('…');
        }
        self.lines.insert(line, start..self.text.len());
        self.text.push('\n');
    }

    /// Where a byte of the file is in the excerpt, given that something near it is shown.
    fn place(&self, file: &SourceFile, offset: usize) -> usize {
        let Some((_, (place, piece))) = self.pieces.range(..=offset).next_back() else { return 0 };
        place + escape_line(&file.text[piece.start..offset.min(piece.end)]).len()
    }

    fn line_at(&self, offset: usize) -> usize {
        let before = self.lines.iter().take_while(|(_, range)| range.start <= offset);
        before.last().map_or(0, |(&line, _)| line)
    }
}

/// The bytes of a span as a snippet underlines them: inside the text, whole characters, and without
/// the line end where it goes past it.
fn clamp(file: &SourceFile, span: Span) -> Range<usize> {
    let text = &file.text;
    let mut start = (span.start as usize).min(text.len());
    let mut end = (span.end as usize).clamp(start, text.len());
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    while !text.is_char_boundary(end) {
        end += 1;
    }
    end = start + text[start..end].trim_end_matches(['\n', '\r']).len();
    start..end
}

/// The indexes of the lines to show, each with the parts that must be seen.
fn shown_lines(file: &SourceFile, ranges: &[Range<usize>]) -> BTreeMap<usize, Vec<Range<usize>>> {
    let mut lines: BTreeMap<usize, Vec<_>> = BTreeMap::new();
    let line_of = |at: usize| file.position(offset(at)).0 as usize - 1;
    for range in ranges {
        let (first, last) = (line_of(range.start), line_of(range.end));
        if first == last {
            lines.entry(first).or_default().push(range.clone());
            continue;
        }
        lines.entry(first).or_default().push(range.start..range.start);
        lines.entry(last).or_default().push(range.end..range.end);
        let head = first..=last.min(first + AFTER_FIRST);
        let tail = last.saturating_sub(BEFORE_LAST).max(first)..=last;
        for line in head.chain(tail) {
            lines.entry(line).or_default();
        }
    }
    // The renderer fills a gap of one line.
    let before_gap = lines.keys().filter(|&line| lines.contains_key(&(line + 2)));
    for line in before_gap.map(|line| line + 1).collect::<Vec<_>>() {
        lines.entry(line).or_default();
    }
    lines
}

/// The parts of a line that are shown: all of a short one, what stands round the marks of a long one.
fn pieces(text: &str, line: &Range<usize>, marks: &[Range<usize>]) -> Vec<Range<usize>> {
    if text[line.clone()].chars().nth(WHOLE).is_none() {
        return vec![line.clone()];
    }
    let forward = |from: usize, count: usize| {
        let rest = text[from..line.end].char_indices().nth(count);
        rest.map_or(line.end, |(at, _)| from + at)
    };
    let backward = |from: usize| {
        let before = text[line.start..from].char_indices().rev().take(AROUND).last();
        before.map_or(line.start, |(at, _)| line.start + at)
    };
    let mut windows: Vec<_> = marks
        .iter()
        .map(|mark| {
            // A mark may lie in the line end, or go on in the next line.
            let start = mark.start.clamp(line.start, line.end);
            let end = mark.end.clamp(start, line.end).min(forward(start, UNDER));
            backward(start)..forward(end, AROUND)
        })
        .collect();
    if windows.is_empty() {
        windows.push(line.start..forward(line.start, UNDER));
    }
    windows.sort_by_key(|window| (window.start, window.end));
    let mut pieces: Vec<Range<usize>> = Vec::new();
    for window in windows {
        match pieces.last_mut() {
            Some(last) if window.start <= last.end => last.end = last.end.max(window.end),
            _ => pieces.push(window),
        }
    }
    pieces
}

fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// The excerpts of one snippet, by their position.
pub(super) struct Excerpts(pub(super) Vec<Excerpt>);

impl Excerpts {
    fn get(&self, id: usize) -> Result<&Excerpt, Error> {
        self.0.get(id).ok_or(Error::FileMissing)
    }
}

impl<'a> Files<'a> for Excerpts {
    type FileId = usize;
    type Name = &'a str;
    type Source = &'a str;

    fn name(&'a self, id: usize) -> Result<&'a str, Error> {
        Ok(&self.get(id)?.name)
    }

    fn source(&'a self, id: usize) -> Result<&'a str, Error> {
        Ok(&self.get(id)?.text)
    }

    fn line_index(&'a self, id: usize, offset: usize) -> Result<usize, Error> {
        Ok(self.get(id)?.line_at(offset))
    }

    fn line_range(&'a self, id: usize, line: usize) -> Result<Range<usize>, Error> {
        // A line in the middle of a long label is asked for, but not shown.
        Ok(self.get(id)?.lines.get(&line).cloned().unwrap_or_default())
    }

    fn column_number(&'a self, id: usize, _line: usize, offset: usize) -> Result<usize, Error> {
        Ok(self.get(id)?.columns.get(&offset).copied().unwrap_or(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Sources;

    /// The excerpt's text, and the texts under the spans.
    fn excerpt(text: &str, ranges: &[(usize, usize)]) -> (String, Vec<String>) {
        let sources = Sources::default();
        let id = sources.add("a.tf", text);
        let spans: Vec<_> = ranges.iter().map(|&(start, end)| Span::new(id, start..end)).collect();
        let (excerpt, places) = Excerpt::new(&sources.file(id), &spans);
        let under = places.into_iter().map(|place| excerpt.text[place].to_owned()).collect();
        (excerpt.text, under)
    }

    #[test]
    fn shows_only_the_lines_of_the_labels() {
        let text = "one\ntwo\nthree\nfour\nfive\n";
        assert_eq!(excerpt(text, &[(4, 7)]), ("two\n".into(), vec!["two".into()]));
        let (shown, _) = excerpt(text, &[(4, 7), (14, 18)]);
        assert_eq!(shown, "two\nthree\nfour\n", "a gap of one line is filled");
        let long = (0..1000).map(|n| format!("line {n}")).collect::<Vec<_>>().join("\n");
        let (shown, under) = excerpt(&long, &[(0, long.len())]);
        assert_eq!(shown, "line 0\nline 1\nline 2\nline 3\nline 998\nline 999\n");
        assert_eq!(under[0], shown.trim_end());
    }

    #[test]
    fn cuts_a_long_line_round_its_labels() {
        let text = format!("{}HERE{}THERE{}", "a".repeat(500), "b".repeat(500), "é".repeat(500));
        let (shown, under) = excerpt(&text, &[(500, 504), (1004, 1009)]);
        let (a, b, e) = ("a".repeat(AROUND), "b".repeat(AROUND), "é".repeat(AROUND));
        assert_eq!(shown, format!("…{a}HERE{b}…{b}THERE{e}…\n"));
        assert_eq!(under, ["HERE", "THERE"]);
        let (shown, _) = excerpt(&text, &[(0, text.len())]);
        assert_eq!(shown.chars().count(), UNDER + AROUND + 2);
    }

    #[test]
    fn keeps_the_places_where_characters_are_escaped() {
        let (shown, under) = excerpt("\u{1b}[31m x\u{202e}y = 1\r\n", &[(7, 11), (14, 15)]);
        assert_eq!(shown, "\\u{1b}[31m x\\u{202e}y = 1\n");
        assert_eq!(under, ["\\u{202e}y", "1"]);
    }

    #[test]
    fn takes_any_span() {
        let all = |text: &str| {
            for start in 0..=text.len() + 2 {
                for end in 0..=text.len() + 2 {
                    let (_, under) = excerpt(text, &[(start, end), (end, start)]);
                    assert_eq!(under.len(), 2);
                }
            }
        };
        ["", "\n", "a", "é\r\n日本\r\n\r\n", "a\u{202e}\tb\n\n\n\n\n\nc\rd"]
            .into_iter()
            .for_each(all);
    }
}
