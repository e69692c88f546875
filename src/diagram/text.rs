//! Names of the code as text of a picture: measured, shortened, and never taken for markup.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// A name with nothing in it that a viewer would obey: no controls, no marks of direction.
pub(super) fn plain(text: &str) -> String {
    let seen = |c: char| match c {
        c if c.is_control() => '\u{fffd}',
        '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}' => '\u{fffd}',
        '\u{fffe}' | '\u{ffff}' => '\u{fffd}',
        c => c,
    };
    text.chars().map(seen).collect()
}

/// Its width in columns of a fixed-width font.
pub(super) fn width(text: &str) -> usize {
    text.width()
}

/// No wider than `columns`: of a long name the middle is left out, for its ends tell most.
pub(super) fn short(text: &str, columns: usize) -> String {
    let text = plain(text);
    if width(&text) <= columns || columns < 3 {
        return text;
    }
    let half = (columns - 1) / 2;
    let take = |chars: &mut dyn Iterator<Item = char>, columns: usize| {
        let mut used = 0;
        let mut taken = Vec::new();
        for c in chars {
            used += c.width().unwrap_or(0);
            if used > columns {
                break;
            }
            taken.push(c);
        }
        taken
    };
    let head: String = take(&mut text.chars(), columns - 1 - half).into_iter().collect();
    let tail: String = take(&mut text.chars().rev(), half).into_iter().rev().collect();
    format!("{head}…{tail}")
}

/// As text or an attribute of XML.
pub(super) fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in plain(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_keep_their_ends() {
        assert_eq!(short("abcdefghij", 10), "abcdefghij");
        assert_eq!(short("abcdefghijk", 10), "abcde…hijk");
        for columns in 3..40 {
            let name = "module.\u{7db2}\u{7d61}[\"a\"].aws_vpc.\u{1f512}this".repeat(5);
            assert!(width(&short(&name, columns)) <= columns, "{columns}");
        }
    }

    #[test]
    fn nothing_is_obeyed() {
        let hostile = "</script>\u{202e}\u{1b}[31m\"><img onerror=x>&'\0";
        let told = xml(hostile);
        assert!(!told.contains(['<', '>', '"', '\'', '\u{202e}', '\u{1b}', '\0']), "{told}");
    }
}
