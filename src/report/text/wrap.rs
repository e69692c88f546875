//! Long lines broken at blanks.

use unicode_width::UnicodeWidthChar;

/// What stands before what does not fit.
const INDENT: &str = "  ";

/// A line in as many lines as a width asks for. A word that is longer stays whole; escape sequences of
/// colours take no column.
pub(super) fn line(text: &str, width: Option<usize>) -> String {
    let Some(width) = width else { return text.to_owned() };
    let mut out = String::with_capacity(text.len());
    let mut column = 0;
    for (at, word) in text.split(' ').enumerate() {
        let length = columns(word);
        if at > 0 && column + 1 + length > width {
            out.push('\n');
            out.push_str(INDENT);
            column = INDENT.len();
        } else if at > 0 {
            out.push(' ');
            column += 1;
        }
        out.push_str(word);
        column += length;
    }
    out
}

fn columns(word: &str) -> usize {
    let mut count = 0;
    let mut letters = word.chars();
    while let Some(letter) = letters.next() {
        if letter == '\u{1b}' {
            let _ = letters.by_ref().find(|one| *one == 'm');
        } else {
            count += letter.width().unwrap_or(0);
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_fits_and_says_the_same() {
        let text =
            "error[a-rule]: aws_vpc.client has \u{1b}[1mno route\u{1b}[0m to 漢字 and aws_vpc.eks";
        assert_eq!(line(text, None), text);
        for width in 10..90 {
            let broken = line(text, Some(width));
            let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
            assert_eq!(words(&broken), words(text));
            for one in broken.lines() {
                assert!(columns(one) <= width || words(one).len() == 1, "{width}: {one}");
            }
        }
        assert!(line(text, Some(200)) == text && line(text, Some(40)).lines().count() == 2);
    }
}
