//! Characters that must not reach a terminal raw.

use std::borrow::Cow;
use std::fmt::Write;

/// Writes control, bidirectional and invisible characters as `\u{1b}`: text from files, file names
/// and messages can then neither steer a terminal nor look like something it is not.
pub fn escape(text: &str) -> Cow<'_, str> {
    if text.chars().any(is_unsafe) { Cow::Owned(escape_with(text, is_unsafe)) } else { text.into() }
}

/// The same for a line of source, whose tabs are laid out by the renderer.
pub(super) fn escape_line(text: &str) -> String {
    escape_with(text, |c| c != '\t' && is_unsafe(c))
}

fn escape_with(text: &str, is_unsafe: impl Fn(char) -> bool) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if is_unsafe(c) {
            // Writing to a string cannot fail.
            let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
        } else {
            out.push(c);
        }
    }
    out
}

/// Control characters, and those that reorder or hide text.
pub(super) fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_what_steers_and_keeps_what_reads() {
        assert_eq!(escape("plain 日本語 é"), "plain 日本語 é");
        assert_eq!(escape("a\u{1b}[31m\u{202e}b\nc"), "a\\u{1b}[31m\\u{202e}b\\u{a}c");
        assert_eq!(escape("\u{9b}\u{7f}\u{200b}\t"), "\\u{9b}\\u{7f}\\u{200b}\\u{9}");
        assert_eq!(escape_line("\ta\r"), "\ta\\u{d}");
    }
}
