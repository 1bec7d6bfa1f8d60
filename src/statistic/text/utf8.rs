//! Characters, and lines that are not UTF-8.

use crate::line::{line_end, line_start};

/// The characters of some whole lines.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(in crate::statistic) struct Characters {
    /// Unicode scalar values in valid UTF-8; an invalid byte is none.
    pub(in crate::statistic) chars: u64,
    /// Lines that are not valid UTF-8.
    pub(in crate::statistic) invalid_lines: u64,
}

impl Characters {
    pub(super) fn add(&mut self, more: Characters) {
        self.chars += more.chars;
        self.invalid_lines += more.invalid_lines;
    }
}

/// Counts the characters of whole lines.
pub(in crate::statistic) fn characters(bytes: &[u8]) -> Characters {
    let mut found = Characters::default();
    if simdutf8::basic::from_utf8(bytes).is_ok() {
        found.chars = bytecount::num_chars(bytes) as u64;
        return found;
    }
    let mut at = 0;
    while at < bytes.len() {
        let rest = &bytes[at..];
        let Err(error) = simdutf8::compat::from_utf8(rest) else {
            found.chars += bytecount::num_chars(rest) as u64;
            break;
        };
        // The line of the first error is decoded, those before it are valid.
        let bad = error.valid_up_to();
        let (start, end) = (line_start(rest, bad, b'\n'), line_end(rest, bad, b'\n'));
        found.chars += bytecount::num_chars(&rest[..start]) as u64;
        for piece in rest[start..end].utf8_chunks() {
            found.chars += bytecount::num_chars(piece.valid().as_bytes()) as u64;
        }
        found.invalid_lines += 1;
        at += end;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invalid_bytes_are_no_characters() {
        for (bytes, chars, invalid_lines) in [
            (&b""[..], 0, 0),
            (b"ab\n", 3, 0),
            ("aä€😀\n".as_bytes(), 5, 0),
            (b"a\xffb\n\xc3\n\xc3\xa4\n", 6, 2),
            (b"\xe2\x82\nx\xff", 2, 2),
            (b"\xed\xa0\x80", 0, 1),
            (b"\xff\n\n\xff\n", 3, 2),
        ] {
            let want = Characters {
                chars,
                invalid_lines,
            };
            assert_eq!(characters(bytes), want, "{bytes:?}");
        }
    }
}
