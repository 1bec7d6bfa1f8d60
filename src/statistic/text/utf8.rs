//! Characters, and lines that are not UTF-8.

use crate::line::{line_end, line_start};

/// The characters of some whole lines.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(in crate::statistic) struct Characters {
    /// Unicode scalar values in valid UTF-8; an invalid byte is none.
    pub(in crate::statistic) chars: u64,
    /// Lines that are not valid UTF-8.
    pub(in crate::statistic) invalid_lines: u64,
    /// Bytes of all other lines that are not the first of their character: none in
    /// ASCII and in any other encoding of one byte a character.
    pub(in crate::statistic) continuation_bytes: u64,
}

impl Characters {
    pub(super) fn add(&mut self, more: Characters) {
        self.chars += more.chars;
        self.invalid_lines += more.invalid_lines;
        self.continuation_bytes += more.continuation_bytes;
    }

    /// Adds lines that are valid.
    fn valid(&mut self, lines: &[u8]) {
        let chars = bytecount::num_chars(lines);
        self.chars += chars as u64;
        self.continuation_bytes += (lines.len() - chars) as u64;
    }
}

/// Counts the characters of whole lines.
pub(in crate::statistic) fn characters(bytes: &[u8]) -> Characters {
    let mut found = Characters::default();
    if simdutf8::basic::from_utf8(bytes).is_ok() {
        found.valid(bytes);
        return found;
    }
    let mut at = 0;
    while at < bytes.len() {
        let rest = &bytes[at..];
        let Err(error) = simdutf8::compat::from_utf8(rest) else {
            found.valid(rest);
            break;
        };
        // The line of the first error is decoded, those before it are valid.
        let bad = error.valid_up_to();
        let (start, end) = (line_start(rest, bad, b'\n'), line_end(rest, bad, b'\n'));
        found.valid(&rest[..start]);
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
        for (bytes, chars, invalid_lines, continuation_bytes) in [
            (&b""[..], 0, 0, 0),
            (b"ab\n", 3, 0, 0),
            ("aä€😀\n".as_bytes(), 5, 0, 6),
            (b"a\xffb\n\xc3\n\xc3\xa4\n", 6, 2, 1),
            // What is valid in a line that is not is no proof of UTF-8.
            (b"\xc3\xa4\xff\n\xc3\xa4", 3, 1, 1),
            (b"\xe2\x82\nx\xff", 2, 2, 0),
            (b"\xed\xa0\x80", 0, 1, 0),
            (b"\xff\n\n\xff\n", 3, 2, 0),
        ] {
            let want = Characters {
                chars,
                invalid_lines,
                continuation_bytes,
            };
            assert_eq!(characters(bytes), want, "{bytes:?}");
        }
    }
}
