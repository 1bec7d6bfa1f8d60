//! HTML that is escaped by construction.

use std::fmt::Write as _;

use crate::report::printable;

/// Text of a cell or a heading is cut behind this many characters.
pub(super) const LONGEST: usize = 400;

/// A document that grows.
///
/// Markup can only be written from literals of this program; whatever comes
/// from elsewhere goes through [`text`](Html::text) or
/// [`bytes`](Html::bytes), which leave nothing that a browser takes for markup
/// in text or in a quoted attribute.
#[derive(Debug, Default)]
pub(super) struct Html(String);

impl Html {
    /// Markup of this program.
    pub(super) fn raw(&mut self, markup: &'static str) -> &mut Html {
        self.0.push_str(markup);
        self
    }

    /// Text, escaped.
    pub(super) fn text(&mut self, text: &str) -> &mut Html {
        for char in text.chars() {
            match char {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                '\'' => self.0.push_str("&#39;"),
                char => self.0.push(char),
            }
        }
        self
    }

    /// Bytes of the input: what is no text is shown as `\xNN`, what would not
    /// be seen as an escape, and what is too long is cut and said to be.
    pub(super) fn bytes(&mut self, bytes: &[u8]) -> &mut Html {
        let shown = printable(bytes);
        let Some((cut, _)) = shown.char_indices().nth(LONGEST) else {
            return self.text(&shown);
        };
        let more = shown[cut..].chars().count() as u64;
        self.text(&shown[..cut]);
        self.raw("<span class=\"more\">… ");
        self.text(&crate::report::grouped(more));
        self.raw(" more characters</span>")
    }

    /// A number in markup.
    pub(super) fn number(&mut self, number: u64) -> &mut Html {
        let _ = write!(self.0, "{number}");
        self
    }

    /// A coordinate or a length of a drawing: two decimals at most.
    pub(super) fn at(&mut self, number: f64) -> &mut Html {
        let text = format!("{number:.2}");
        let text = text.trim_end_matches('0').trim_end_matches('.');
        self.0.push_str(if text == "-0" { "0" } else { text });
        self
    }

    /// An attribute with a coordinate or a length.
    pub(super) fn attribute(&mut self, name: &'static str, number: f64) -> &mut Html {
        self.raw(" ").raw(name).raw("=\"").at(number).raw("\"")
    }

    /// JSON inside of a `script` element: nothing in it ends the element or
    /// begins a comment.
    pub(super) fn json(&mut self, json: &str) -> &mut Html {
        for char in json.chars() {
            match char {
                '<' => self.0.push_str("\\u003c"),
                '>' => self.0.push_str("\\u003e"),
                '&' => self.0.push_str("\\u0026"),
                '\u{2028}' => self.0.push_str("\\u2028"),
                '\u{2029}' => self.0.push_str("\\u2029"),
                char => self.0.push(char),
            }
        }
        self
    }

    pub(super) fn into_string(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_markup() {
        let mut html = Html::default();
        html.bytes(b"<script>alert('x')</script>\"&amp; %3Cb%3E \xff\x1b[0m\xe2\x80\xa8\n");
        assert_eq!(
            html.into_string(),
            "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&quot;&amp;amp; %3Cb%3E \
             \\xff\\u{1b}[0m\\u{2028}\\n"
        );
        let mut html = Html::default();
        html.json("{\"a\":\"</script><!--\u{2028}\"}");
        let json = html.into_string();
        assert_eq!(json, "{\"a\":\"\\u003c/script\\u003e\\u003c!--\\u2028\"}");
        let back: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(back["a"], "</script><!--\u{2028}");
    }

    #[test]
    fn long_text_is_cut_and_said_to_be() {
        let mut html = Html::default();
        html.bytes("ä".repeat(LONGEST + 1234).as_bytes());
        let text = html.into_string();
        assert!(text.ends_with("… 1,234 more characters</span>"), "{text}");
        let mut html = Html::default();
        html.bytes("ä".repeat(LONGEST).as_bytes());
        assert!(!html.into_string().contains('…'));
    }

    #[test]
    fn coordinates_are_short() {
        for (number, want) in [(1.0, "1"), (0.5, "0.5"), (1.0 / 3.0, "0.33"), (-0.001, "0")] {
            let mut html = Html::default();
            html.at(number);
            assert_eq!(html.into_string(), want);
        }
    }
}
