//! Tables for people.

use std::{fmt::Write as _, path::Path};

use unicode_width::UnicodeWidthStr;

/// How the cells of a column are set.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Align {
    /// For words.
    Left,
    /// For numbers.
    Right,
}

/// Rows of cells, as wide as their widest cell.
#[derive(Debug)]
pub(crate) struct Table {
    columns: Vec<Align>,
    rows: Vec<Vec<String>>,
}

impl Table {
    pub(crate) fn new(columns: impl Into<Vec<Align>>) -> Table {
        Table {
            columns: columns.into(),
            rows: Vec::new(),
        }
    }

    /// Adds a row. Missing cells are empty.
    pub(crate) fn row(&mut self, cells: impl Into<Vec<String>>) {
        self.rows.push(cells.into());
    }

    /// Adds a row of words, such as the headings.
    pub(crate) fn words(&mut self, cells: &[&str]) {
        self.row(cells.iter().map(ToString::to_string).collect::<Vec<_>>());
    }

    /// Appends the table; no line ends with spaces.
    pub(crate) fn render(&self, text: &mut String, indent: &str) {
        let mut widths = vec![0; self.columns.len()];
        for row in &self.rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = cell.width().max(*width);
            }
        }
        for row in &self.rows {
            let start = text.len();
            text.push_str(indent);
            for (i, (cell, (align, width))) in
                row.iter().zip(self.columns.iter().zip(&widths)).enumerate()
            {
                let gap = if i == 0 { "" } else { "  " };
                let room = " ".repeat(width - cell.width());
                let _ = match align {
                    Align::Left => write!(text, "{gap}{cell}{room}"),
                    Align::Right => write!(text, "{gap}{room}{cell}"),
                };
            }
            let end = text.trim_end_matches(' ').len().max(start);
            text.truncate(end);
            text.push('\n');
        }
    }
}

/// A number with its thousands apart: `1,234,567`.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// The same where there may be none: `-`.
pub(crate) fn grouped_or_none(number: Option<u64>) -> String {
    number.map_or_else(|| "-".into(), grouped)
}

/// A name that can do nothing to a terminal.
pub(crate) fn shown(path: &Path) -> String {
    shown_bytes(path.as_os_str().as_encoded_bytes())
}

/// Text that can do nothing to a terminal: control characters and bytes that
/// are not UTF-8 are escaped.
pub(crate) fn shown_bytes(bytes: &[u8]) -> String {
    let mut text = String::new();
    for piece in bytes.utf8_chunks() {
        for char in piece.valid().chars() {
            if char.is_control() || is_bidi(char) {
                text.extend(char.escape_default());
            } else {
                text.push(char);
            }
        }
        for byte in piece.invalid() {
            let _ = write!(text, "\\x{byte:02x}");
        }
    }
    text
}

/// Characters that turn the direction of what follows them.
fn is_bidi(char: char) -> bool {
    matches!(char, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_apart() {
        for (number, want) in [
            (0, "0"),
            (999, "999"),
            (1000, "1,000"),
            (12_345_678, "12,345,678"),
        ] {
            assert_eq!(grouped(number), want);
        }
        assert_eq!(grouped(u64::MAX), "18,446,744,073,709,551,615");
    }

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let mut table = Table::new([Align::Left, Align::Right, Align::Left]);
        table.words(&["NAME", "N", "X"]);
        table.words(&["a", "1,000", ""]);
        table.words(&["\u{4e2d}\u{6587}\u{5b57}", "2", "b"]);
        let mut text = String::new();
        table.render(&mut text, " ");
        assert_eq!(
            text,
            " NAME        N  X\n a       1,000\n \u{4e2d}\u{6587}\u{5b57}      2  b\n"
        );
    }

    #[test]
    fn names_cannot_drive_a_terminal() {
        assert_eq!(
            shown_bytes(b"a\x1b[2J\n\xff\xc2\x9b"),
            "a\\u{1b}[2J\\n\\xff\\u{9b}"
        );
        assert_eq!(shown_bytes("ä €".as_bytes()), "ä €");
        assert_eq!(shown_bytes("a\u{202e}b".as_bytes()), "a\\u{202e}b");
    }
}
