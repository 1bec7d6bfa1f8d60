//! Text that cannot move a cursor.

use std::io;

use bstr::ByteSlice as _;

use super::Out;
use crate::harmless::harmful_at;

/// Writes text as it may be shown on a terminal: what it would obey, except tabs
/// and line ends, as `\x1b` and the like. A `\r` directly before a `\n` stays,
/// and at the end of the text if a line ends there. Returns how many bytes were
/// written.
pub(super) fn put_shown<O: Out>(text: &[u8], ends: bool, out: &mut O) -> io::Result<u64> {
    let (mut from, mut at, mut written) = (0, 0, 0);
    while at < text.len() {
        let next = text.get(at + 1);
        let before_end = text[at] == b'\r' && next.map_or(ends, |&next| next == b'\n');
        let len = harmful_at(text, at);
        if before_end || len == 0 {
            at += 1;
            continue;
        }
        out.put(&text[from..at])?;
        written += (at - from) as u64;
        for &byte in &text[at..at + len] {
            let digit = |n: u8| b"0123456789abcdef"[usize::from(n)];
            out.put(&[b'\\', b'x', digit(byte >> 4), digit(byte & 15)])?;
            written += 4;
        }
        at += len;
        from = at;
    }
    out.put(&text[from..])?;
    Ok(written + (text.len() - from) as u64)
}

/// A name as it may be shown: line ends in it are no ends of lines.
pub(super) fn shown_name(name: &[u8]) -> Vec<u8> {
    let mut shown = Vec::new();
    for (i, part) in name.split_str("\n").enumerate() {
        if i > 0 {
            shown.extend_from_slice(b"\\x0a");
        }
        // What follows is a name's end and no line's.
        let part: Vec<u8> = part.replace("\t", "\\x09");
        put_shown(&part, false, &mut shown).expect("a vector takes every byte");
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_bytes_are_escaped() {
        for (text, want) in [
            (&b"plain \xc3\xa4\t\n"[..], &b"plain \xc3\xa4\t\n"[..]),
            (b"a\x1b[31mred\x07", b"a\\x1b[31mred\\x07"),
            (b"a\rb\r\n", b"a\\x0db\r\n"),
            (b"\x00\x7f\x08", b"\\x00\\x7f\\x08"),
            (b"\xc2\x9b31m", b"\\xc2\\x9b31m"),
            (b"\x9b31m", b"\\x9b31m"),
            ("\u{201b}\u{5b}".as_bytes(), "\u{201b}\u{5b}".as_bytes()),
            (b"\xff\xfe", b"\xff\xfe"),
            (b"", b""),
            (b"\xc2", b"\xc2"),
            ("a\u{202e}b".as_bytes(), b"a\\xe2\\x80\\xaeb"),
            ("\u{61c}\u{2066}".as_bytes(), b"\\xd8\\x9c\\xe2\\x81\\xa6"),
        ] {
            let mut shown = Vec::new();
            let written = put_shown(text, false, &mut shown).unwrap();
            assert_eq!(shown, want);
            assert_eq!(written, want.len() as u64);
        }
        assert_eq!(shown_name(b"a\nb\t\x1b"), b"a\\x0ab\\x09\\x1b");
    }
}
