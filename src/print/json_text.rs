//! Bytes of any kind as JSON.

use std::io;

use super::Out;

/// Writes text as an object: `{"text": ...}`, or `{"bytes": ...}` with base64
/// if it is not UTF-8. It is never held a second time.
pub(super) fn put_data<O: Out>(bytes: &[u8], out: &mut O) -> io::Result<()> {
    if simdutf8::basic::from_utf8(bytes).is_ok() {
        out.put(b"{\"text\":\"")?;
        put_escaped(bytes, out)?;
    } else {
        out.put(b"{\"bytes\":\"")?;
        put_base64(bytes, out)?;
    }
    out.put(b"\"}")
}

/// Writes the inside of a JSON string.
fn put_escaped<O: Out>(text: &[u8], out: &mut O) -> io::Result<()> {
    let mut rest = text;
    while let Some(at) = next_special(rest) {
        let (plain, special) = rest.split_at(at);
        out.put(plain)?;
        put_special(special[0], out)?;
        rest = &special[1..];
    }
    out.put(rest)
}

fn is_special(byte: u8) -> bool {
    byte < 0x20 || byte == b'"' || byte == b'\\'
}

/// Where the next byte is that cannot stand for itself.
///
/// Eight bytes are judged at once; the sum of three borrow tests has a bit for
/// each special byte. Bits above the lowest may be wrong, that one is not.
fn next_special(text: &[u8]) -> Option<usize> {
    const ONES: u64 = u64::from_le_bytes([1; 8]);
    const HIGH: u64 = ONES << 7;
    let mut words = text.chunks_exact(8);
    let mut at = 0;
    for word in &mut words {
        let word = u64::from_le_bytes(word.try_into().expect("chunks of eight"));
        let quote = word ^ (ONES * u64::from(b'"'));
        let backslash = word ^ (ONES * u64::from(b'\\'));
        let borrows = (word.wrapping_sub(ONES * 0x20) & !word)
            | (quote.wrapping_sub(ONES) & !quote)
            | (backslash.wrapping_sub(ONES) & !backslash);
        let special = borrows & HIGH;
        if special != 0 {
            return Some(at + special.trailing_zeros() as usize / 8);
        }
        at += 8;
    }
    let rest = words.remainder();
    rest.iter().position(|&b| is_special(b)).map(|i| at + i)
}

fn put_special<O: Out>(byte: u8, out: &mut O) -> io::Result<()> {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    let short = match byte {
        b'"' => b"\\\"",
        b'\\' => b"\\\\",
        0x08 => b"\\b",
        0x0C => b"\\f",
        b'\n' => b"\\n",
        b'\r' => b"\\r",
        b'\t' => b"\\t",
        _ => {
            let digits = [HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]];
            out.put(b"\\u00")?;
            return out.put(&digits);
        }
    };
    out.put(short)
}

/// Writes base64 with padding (RFC 4648, section 4).
fn put_base64<O: Out>(bytes: &[u8], out: &mut O) -> io::Result<()> {
    /// Bytes at a time; a multiple of three.
    const PIECE: usize = 3 * 256;
    let mut text = [0; PIECE / 3 * 4];
    for piece in bytes.chunks(PIECE) {
        let mut len = 0;
        for group in piece.chunks(3) {
            text[len..len + 4].copy_from_slice(&base64_group(group));
            len += 4;
        }
        out.put(&text[..len])?;
    }
    Ok(())
}

/// The four letters for one to three bytes.
fn base64_group(group: &[u8]) -> [u8; 4] {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let byte = |i: usize| u32::from(group.get(i).copied().unwrap_or(0));
    let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
    let mut text = [b'='; 4];
    for (i, letter) in text.iter_mut().enumerate().take(group.len() + 1) {
        *letter = LETTERS[(bits >> (18 - 6 * i)) as usize & 63];
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_escaped_as_serde_does() {
        let all: Vec<u8> = (0..=0x7F).collect();
        let mut cases = vec![
            String::from_utf8(all).unwrap(),
            String::new(),
            "é\u{10FFFF}".into(),
        ];
        for special in [
            "\"", "\\", "\n", "\u{1}", "\u{1f}", " ", "!", "#", "[", "]", "\u{a2}",
        ] {
            for before in 0..10 {
                for after in 0..10 {
                    cases.push(format!(
                        "{}{special}{}",
                        "x".repeat(before),
                        "é".repeat(after)
                    ));
                    cases.push(format!("{}{special}{special}", "é".repeat(before)));
                }
            }
        }
        for case in cases {
            let mut got = vec![];
            put_data(case.as_bytes(), &mut got).unwrap();
            let want = serde_json::json!({ "text": case }).to_string();
            assert_eq!(String::from_utf8(got).unwrap(), want);
        }
    }

    #[test]
    fn bytes_that_are_no_text_are_base64() {
        let cases: [(&[u8], &str); 7] = [
            (b"", ""),
            (b"f", "Zg=="),
            (b"fo", "Zm8="),
            (b"foo", "Zm9v"),
            (b"foob", "Zm9vYg=="),
            (b"fooba", "Zm9vYmE="),
            (b"foobar", "Zm9vYmFy"),
        ];
        for (bytes, want) in cases {
            let mut got = vec![];
            put_base64(bytes, &mut got).unwrap();
            assert_eq!(got, want.as_bytes());
        }
        let mut got = vec![];
        put_data(b"\xFFa", &mut got).unwrap();
        assert_eq!(got, b"{\"bytes\":\"/2E=\"}");
    }

    #[test]
    fn long_base64_is_the_same_in_pieces() {
        let bytes = vec![0xFF; 3 * 256 * 2 + 1];
        let mut got = vec![];
        put_base64(&bytes, &mut got).unwrap();
        let want = "////".repeat(512) + "/w==";
        assert_eq!(got, want.as_bytes());
    }
}
