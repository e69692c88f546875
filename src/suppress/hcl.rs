//! Where HCL has comments and brackets: a lexer that knows strings, templates and heredocs, and nothing else.

use std::ops::Range;

use super::Layout;

/// Lays out a text; one that is no HCL gives something, too.
pub(super) fn layout(text: &str) -> Layout {
    let mut lexer =
        Lexer { text, at: 0, modes: vec![Mode::Code(Vec::new())], layout: Layout::default() };
    while lexer.at < text.len() {
        lexer.step();
    }
    lexer.layout
}

/// The word of a heredoc is no longer than this (bytes).
const MAX_WORD: usize = 256;

/// What the lexer is in.
enum Mode {
    /// Code, with the brackets that are open.
    Code(Vec<usize>),
    /// A quoted string.
    Text,
    /// A heredoc up to a line with this word.
    Heredoc(String),
}

struct Lexer<'t> {
    text: &'t str,
    at: usize,
    modes: Vec<Mode>,
    layout: Layout,
}

impl Lexer<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn step(&mut self) {
        match self.modes.last() {
            Some(Mode::Text) => self.text(),
            Some(Mode::Heredoc(word)) => {
                let word = word.clone();
                self.heredoc(&word);
            }
            _ => self.code(),
        }
    }

    fn advance(&mut self) {
        self.at += self.rest().chars().next().map_or(1, char::len_utf8);
    }

    fn code(&mut self) {
        let rest = self.rest();
        let first = rest.as_bytes()[0];
        if first == b'#' || rest.starts_with("//") {
            let end = rest.find('\n').unwrap_or(rest.len());
            let end = rest[..end].trim_end_matches('\r').len();
            self.comment(self.at..self.at + end);
        } else if let Some(inside) = rest.strip_prefix("/*") {
            let end = inside.find("*/").map_or(rest.len(), |end| end + 4);
            self.comment(self.at..self.at + end);
        } else if let Some((word, length)) = heredoc(rest) {
            self.at += length;
            self.modes.push(Mode::Heredoc(word));
        } else if first == b'"' {
            self.modes.push(Mode::Text);
            self.at += 1;
        } else {
            self.bracket(first);
            self.advance();
        }
    }

    fn comment(&mut self, range: Range<usize>) {
        self.at = range.end;
        self.layout.comments.push(range);
    }

    fn bracket(&mut self, byte: u8) {
        let outer = self.modes.len() == 1;
        let Some(Mode::Code(open)) = self.modes.last_mut() else { return };
        match byte {
            b'{' | b'[' | b'(' => open.push(self.at),
            b'}' | b']' | b')' => match open.pop() {
                Some(start) => self.layout.nodes.push(start..self.at + 1),
                // The end of `${`.
                None if !outer && byte == b'}' => _ = self.modes.pop(),
                None => {}
            },
            _ => {}
        }
    }

    /// One step of a quoted string or heredoc that both have: escapes and templates.
    fn template(&mut self) -> bool {
        let rest = self.rest();
        if rest.starts_with("$${") || rest.starts_with("%%{") {
            self.at += 3;
        } else if rest.starts_with("${") || rest.starts_with("%{") {
            self.at += 2;
            self.modes.push(Mode::Code(Vec::new()));
        } else {
            return false;
        }
        true
    }

    fn text(&mut self) {
        if self.template() {
            return;
        }
        match self.rest().as_bytes()[0] {
            b'\\' => {
                self.advance();
                if !self.rest().is_empty() {
                    self.advance();
                }
            }
            // A string ends with its line, whatever is in it.
            b'"' | b'\n' => {
                self.modes.pop();
                self.at += 1;
            }
            _ => self.advance(),
        }
    }

    fn heredoc(&mut self, word: &str) {
        let starts_line = self.text[..self.at].ends_with('\n');
        // Only at the start of a line: a long line is not read again for each of its characters.
        let line = if starts_line { self.rest().lines().next() } else { None };
        if let Some(line) = line.filter(|line| line.trim() == word) {
            self.at += line.len();
            self.modes.pop();
        } else if !self.template() {
            self.advance();
        }
    }
}

/// The word of a heredoc that begins here, and the length of its first line.
fn heredoc(rest: &str) -> Option<(String, usize)> {
    let after = rest.strip_prefix("<<")?;
    let after = after.strip_prefix('-').unwrap_or(after);
    let end = after.bytes().take(MAX_WORD).position(|byte| byte == b'\n')?;
    let line = &after[..end];
    let word = line.trim_end_matches('\r');
    let is_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    let whole = !word.is_empty() && word.chars().all(is_word);
    whole.then(|| (word.to_owned(), rest.len() - after.len() + line.len() + 1))
}
