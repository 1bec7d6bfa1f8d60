//! Text in UTF-16 that no byte order mark says to be that.

use std::io;

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};

/// How many bytes decide.
pub(super) const HEAD: usize = 4 << 10;

/// Of fewer pairs of bytes it cannot be said.
const FEW: usize = 8;

/// Whether UTF-16 may begin like this, so that [`HEAD`] bytes are to be looked at: one of
/// the first two is NUL. What begins with the end of a line is not looked at, since whoever
/// reads lines as they come waits for no more.
pub(super) fn may_begin(head: &[u8]) -> bool {
    match head {
        [b'\n', ..] | [] => false,
        [_] => true,
        [first, second, ..] => (*first == 0) != (*second == 0),
    }
}

/// Reads as many bytes behind the first ones as decide, or up to an error.
pub(super) fn read_head(
    mut head: Vec<u8>,
    mut read: impl FnMut(&mut [u8]) -> io::Result<usize>,
) -> (Vec<u8>, Option<io::Error>) {
    while head.len() < HEAD && may_begin(&head) {
        let have = head.len();
        head.resize(HEAD, 0);
        let got = read(&mut head[have..]);
        head.truncate(have + *got.as_ref().unwrap_or(&0));
        match got {
            Ok(0) => break,
            Ok(_) => {}
            Err(error) => return (head, Some(error)),
        }
    }
    (head, None)
}

/// The encoding of text in UTF-16 whose first bytes these are, without a byte order mark:
/// nine of ten of those at every other place are NUL and few of the others, and they read
/// as lines of text. `None` if they are anything else.
pub fn utf16_without_mark(first: &[u8]) -> Option<&'static Encoding> {
    let head = &first[..first.len().min(HEAD) & !1];
    let (mut even, mut odd) = (0, 0);
    for pair in head.chunks_exact(2) {
        even += usize::from(pair[0] == 0);
        odd += usize::from(pair[1] == 0);
    }
    let pairs = head.len() / 2;
    let most = |zeros: usize| zeros * 10 >= pairs * 9;
    let few = |zeros: usize| zeros * 10 <= pairs;
    let encoding = if most(odd) && few(even) {
        UTF_16LE
    } else if most(even) && few(odd) {
        UTF_16BE
    } else {
        return None;
    };
    if pairs < FEW || !may_begin(head) {
        return None;
    }
    let text = encoding.decode_without_bom_handling(head).0;
    // The head may end within a character.
    let text = text.strip_suffix('\u{fffd}').unwrap_or(&text);
    let odd = |c: char| c == '\u{fffd}' || (c.is_control() && !"\t\n\r\x0c\x1b".contains(c));
    (text.contains('\n') && !text.contains(odd)).then_some(encoding)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_found_by_its_zeros_and_nothing_else_is() {
        let le = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let be = |text: &str| text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let lines = "2026-11-23 14:30:05 Login failed für Müller 😀\r\n".repeat(3);
        let long = lines.repeat(100);
        let rows: Vec<(Vec<u8>, Option<&Encoding>)> = vec![
            (le(&lines), Some(UTF_16LE)),
            (be(&lines), Some(UTF_16BE)),
            (le(&long), Some(UTF_16LE)),
            (be(&long), Some(UTF_16BE)),
            // No line, too little, or no text.
            (le("2026-11-23 14:30:05"), None),
            (le("a\nb\n"), None),
            (le(&"\u{1}\u{2}\n\u{3}".repeat(100)), None),
            (vec![0; 4096], None),
            (lines.into_bytes(), None),
            (le(&"привет, мир\n".repeat(10)), None),
            (b"a\0b\n".repeat(100), None),
        ];
        for (bytes, want) in rows {
            assert_eq!(
                utf16_without_mark(&bytes),
                want,
                "{:?}",
                &bytes[..16.min(bytes.len())]
            );
            // A byte that is no pair yet changes nothing.
            let odd = [bytes.clone(), vec![b'x']].concat();
            assert_eq!(utf16_without_mark(&odd), want);
        }
    }
}
