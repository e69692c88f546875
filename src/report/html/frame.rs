//! The frame of a page: its policy, its style, its script.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};

use crate::diagram;
use crate::report::escape::escape;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// A page in the making.
pub(super) struct Frame<'p> {
    pub(super) title: &'p str,
    /// Markup.
    pub(super) body: &'p str,
    /// What the script works on; without it there is no script.
    pub(super) data: Option<&'p str>,
}

impl Frame<'_> {
    /// The whole page. What may run and how it may look is told by hash: nothing that the code names can add to it.
    pub(super) fn page(&self) -> String {
        let style = format!("{STYLE}\n{}", diagram::STYLE);
        let script = self.data.map(|data| {
            let data =
                format!("<script type=\"application/json\" id=\"data\">{}</script>", json(data));
            format!("{data}\n<script>{SCRIPT}</script>\n")
        });
        let scripts = match self.data {
            Some(_) => format!("script-src '{}'; ", hash(SCRIPT)),
            None => String::new(),
        };
        format!(
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; {scripts}style-src '{}'; \
             base-uri 'none'; form-action 'none'\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"referrer\" content=\"no-referrer\">\n\
             <title>{}</title>\n<style>{style}</style>\n</head>\n<body>\n{}{}</body>\n</html>\n",
            hash(&style),
            html(self.title),
            self.body,
            script.unwrap_or_default(),
        )
    }
}

/// The source of a policy that allows this text and no other.
fn hash(text: &str) -> String {
    format!("sha256-{}", BASE64_STANDARD.encode(Sha256::digest(text.as_bytes())))
}

/// A text as text or an attribute of HTML; what steers or hides is written as `\u{202e}`.
pub(super) fn html(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in escape(text).chars() {
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

/// JSON in which nothing ends the element that it stands in.
fn json(text: &str) -> String {
    text.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_that_of_the_policy() {
        // The example of <https://www.w3.org/TR/CSP3/#framework-directive-source-list>'s grammar, by sha256sum.
        assert_eq!(hash(""), "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
        assert_eq!(hash("alert(1)"), "sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI=");
    }

    #[test]
    fn nothing_of_a_text_is_markup() {
        let hostile = "</script>\u{202e}\u{1b}\"><img onerror='x'>&amp;";
        let told = html(hostile);
        assert!(!told.contains(['<', '>', '"', '\'', '\u{202e}', '\u{1b}']), "{told}");
        assert!(told.starts_with("&lt;/script&gt;\\u{202e}"), "{told}");
        assert!(!json("\"</script><!--\"").contains('<'));
    }
}
