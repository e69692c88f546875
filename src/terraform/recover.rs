//! What can be kept of a file that does not parse: its top-level items, told apart without a parser.

use std::ops::Range;

use super::syntax::{Fault, Origin};
use crate::source::{FileId, Span};

/// The parser's time for one object grows with the square of its keys: an item with more work than
/// this is not parsed.
const MAX_WORK: u64 = 20_000 * 20_000;

/// How an item ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// All that it opens it closes.
    Closed,
    /// A text that goes on to the end of the file.
    Text,
    /// A bracket that is not closed, or by another one.
    Bracket,
}

/// A top-level block or attribute.
#[derive(Debug)]
struct Item {
    range: Range<usize>,
    end: End,
    /// Sum of the squares of the numbers of keys.
    work: u64,
}

/// Blanks items with so many keys that parsing them would not end.
pub(super) fn blank_vast_items(id: FileId, text: &mut String) -> Vec<Fault> {
    // Few files have that many keys at all.
    let keys = text.bytes().filter(|byte| matches!(byte, b'=' | b':')).count() as u64;
    if keys * keys <= MAX_WORK {
        return Vec::new();
    }
    let vast = items(text).into_iter().filter(|item| item.work > MAX_WORK);
    let mut faults = Vec::new();
    for item in vast {
        let start = item.range.start;
        overwrite(text, item.range);
        faults.push(Fault {
            span: Span::new(id, start..start),
            message: "an item with too many keys".to_owned(),
            of: Origin::Limit,
        });
    }
    faults
}

/// Overwrites the top-level item around `offset` with blanks. `false` when nothing was left to blank.
pub(super) fn blank(text: &mut String, offset: usize) -> bool {
    let found = items(text).into_iter().find(|item| offset <= item.range.end);
    match found {
        Some(item) if offset >= item.range.start && item.end != End::Bracket => {
            overwrite(text, item.range)
        }
        _ => blank_lines(text, offset),
    }
}

/// Where brackets do not match, lines that start in column 0 tell the items apart.
fn blank_lines(text: &mut String, offset: usize) -> bool {
    let mut start = 0;
    let mut end = text.len();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        // A line that starts in column 0 with a letter starts an item; a closing brace ends one.
        let first = line.as_bytes().first().copied().unwrap_or(b'\n');
        if first.is_ascii_alphabetic() || first == b'_' {
            if at <= offset {
                start = at;
            } else {
                end = at;
                break;
            }
        } else if first == b'}' && at > offset {
            end = at + line.len();
            break;
        }
        at += line.len();
    }
    // A fault just after a block's closing brace (or before any item) blanks from there.
    overwrite(text, start..end.max(start))
}

/// Blanks of the same length, newlines kept.
fn overwrite(text: &mut String, range: Range<usize>) -> bool {
    let Some(slice) = text.get(range.clone()) else { return false };
    if slice.trim().is_empty() {
        return false;
    }
    let blanks: String = slice
        .chars()
        .flat_map(|c| {
            let keep = if c == '\n' || c == '\r' { c } else { ' ' };
            std::iter::repeat_n(keep, c.len_utf8())
        })
        .collect();
    text.replace_range(range, &blanks);
    true
}

/// The top-level items of a file.
fn items(text: &str) -> Vec<Item> {
    let mut out = Vec::new();
    let mut scanner = Scanner { bytes: text.as_bytes(), at: 0 };
    loop {
        scanner.skip_blank();
        if scanner.at >= scanner.bytes.len() {
            return out;
        }
        let start = scanner.at;
        let (end, work) = scanner.item();
        out.push(Item { range: start..scanner.at, end, work });
    }
}

struct Scanner<'t> {
    bytes: &'t [u8],
    at: usize,
}

impl Scanner<'_> {
    fn peek(&self) -> u8 {
        self.bytes.get(self.at).copied().unwrap_or(0)
    }

    fn starts(&self, text: &[u8]) -> bool {
        self.bytes.get(self.at..).is_some_and(|rest| rest.starts_with(text))
    }

    fn skip_blank(&mut self) {
        loop {
            if self.peek().is_ascii_whitespace() {
                self.at += 1;
            } else if !self.comment() {
                return;
            }
        }
    }

    /// Passes over a comment, without the newline that ends it.
    fn comment(&mut self) -> bool {
        if self.starts(b"#") || self.starts(b"//") {
            let rest = &self.bytes[self.at..];
            self.at += rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
            return true;
        }
        if self.starts(b"/*") {
            let rest = &self.bytes[self.at..];
            let end = rest.windows(2).skip(2).position(|two| two == b"*/");
            self.at += end.map_or(rest.len(), |end| end + 4);
            return true;
        }
        false
    }

    /// Passes over one item, to the newline that ends it.
    fn item(&mut self) -> (End, u64) {
        let mut open: Vec<(u8, u64)> = Vec::new();
        let mut work = 0;
        while self.at < self.bytes.len() {
            if self.comment() {
                continue;
            }
            let byte = self.peek();
            self.at += 1;
            match byte {
                b'\n' if open.is_empty() => return (End::Closed, work),
                b'"' if !self.quoted() => return (End::Text, work),
                b'<' if self.peek() == b'<' && !self.heredoc() => return (End::Text, work),
                b'{' | b'[' | b'(' => open.push((byte, 0)),
                b'}' | b']' | b')' => match open.pop() {
                    Some((opened, keys)) if opened + 1 == byte || opened + 2 == byte => {
                        work += keys * keys;
                    }
                    _ => return (End::Bracket, work),
                },
                b'=' | b':' => {
                    if let Some((_, keys)) = open.last_mut() {
                        *keys += 1;
                    }
                }
                _ => {}
            }
        }
        (if open.is_empty() { End::Closed } else { End::Bracket }, work)
    }

    /// Passes over a quoted text whose quote has been read. `false` when it is not closed.
    fn quoted(&mut self) -> bool {
        while self.at < self.bytes.len() {
            let byte = self.peek();
            self.at += 1;
            match byte {
                b'"' => return true,
                b'\\' => self.at += 1,
                b'\n' => return false,
                b'$' | b'%' if self.peek() == byte => {
                    self.at += 1;
                    // `$${` is no interpolation.
                    self.at += usize::from(self.peek() == b'{');
                }
                b'$' | b'%' if self.peek() == b'{' => {
                    self.at += 1;
                    if !self.interpolation() {
                        return false;
                    }
                }
                _ => {}
            }
        }
        false
    }

    fn interpolation(&mut self) -> bool {
        let mut depth = 1;
        while self.at < self.bytes.len() {
            let byte = self.peek();
            self.at += 1;
            match byte {
                b'{' => depth += 1,
                b'}' if depth == 1 => return true,
                b'}' => depth -= 1,
                b'"' if !self.quoted() => return false,
                _ => {}
            }
        }
        false
    }

    /// Passes over a heredoc of which the first `<` has been read; anything else is left alone.
    fn heredoc(&mut self) -> bool {
        let rest = &self.bytes[self.at + 1..];
        let rest = rest.strip_prefix(b"-").unwrap_or(rest);
        let word =
            |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-') || *byte >= 128;
        let length = rest.iter().take_while(|byte| word(byte)).count();
        let (tag, after) = rest.split_at(length);
        let line = after.iter().position(|byte| *byte == b'\n').unwrap_or(after.len());
        if tag.is_empty() || !after[..line].trim_ascii().is_empty() {
            return true;
        }
        let mut at = self.bytes.len() - after.len() + line + 1;
        while at < self.bytes.len() {
            let rest = &self.bytes[at..];
            let line = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
            if rest[..line].trim_ascii() == tag {
                self.at = at + line;
                return true;
            }
            at += line + 1;
        }
        self.at = self.bytes.len();
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_are_told_apart() {
        let text =
            "a = \"}${x[\"}\"]}\" # }\nb {\n  c = <<-E\n  }\n  E\n}\n\nd = [1]\n/* x = { */ e {}\n";
        let found: Vec<&str> = items(text)
            .into_iter()
            .map(|item| text[item.range].lines().next().unwrap_or(""))
            .collect();
        assert_eq!(found, ["a = \"}${x[\"}\"]}\" # }", "b {", "d = [1]", "e {}"]);
    }

    #[test]
    fn what_is_not_closed_says_so() {
        let ends = |text: &str| items(text).iter().map(|item| item.end).collect::<Vec<_>>();
        assert_eq!(ends("a {\n  b = <<E\n}\nc {}\n"), [End::Text]);
        assert_eq!(ends("a {\n  b = [1,\n}\n")[0], End::Bracket);
    }
}
