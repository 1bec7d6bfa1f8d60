//! Bytes as text: base 64 with padding (RFC 4648, section 4).

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The text.
pub(crate) fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let byte = |i: usize| u32::from(group.get(i).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for i in 0..4 {
            let digit = DIGITS[(bits >> (18 - 6 * i) & 63) as usize];
            let padding = i > group.len();
            text.push(if padding { '=' } else { char::from(digit) });
        }
    }
    text
}

/// The bytes of a text, or `None` if it is not base 64.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    let text = text.as_bytes();
    if !text.len().is_multiple_of(4) {
        return None;
    }
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    for (at, group) in text.chunks(4).enumerate() {
        let last = (at + 1) * 4 == text.len();
        let digits = group.iter().take_while(|&&b| b != b'=').count();
        let padded = group[digits..].iter().all(|&b| b == b'=');
        if !padded || digits < 2 || (digits < 4 && !last) {
            return None;
        }
        let mut bits = 0;
        for &digit in &group[..digits] {
            bits = bits << 6 | u32::from(value(digit)?);
        }
        bits <<= 6 * (4 - digits);
        let three = bits.to_be_bytes();
        bytes.extend_from_slice(&three[1..digits]);
    }
    Some(bytes)
}

fn value(digit: u8) -> Option<u8> {
    Some(match digit {
        b'A'..=b'Z' => digit - b'A',
        b'a'..=b'z' => digit - b'a' + 26,
        b'0'..=b'9' => digit - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_in_the_rfc() {
        for (bytes, text) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(encode(bytes.as_bytes()), text);
            assert_eq!(decode(text).as_deref(), Some(bytes.as_bytes()));
        }
        assert_eq!(encode(&[0xff, 0xfe, 0xfb]), "//77");
    }

    #[test]
    fn every_byte_comes_back() {
        for len in 0..300_usize {
            let bytes: Vec<u8> = (0..len).map(|i| (i * 7 % 256) as u8).collect();
            assert_eq!(decode(&encode(&bytes)), Some(bytes));
        }
        for wrong in [
            "Z", "Zg", "Zg=", "Z===", "Zg==Zg==", "Zm9\n", "Zm9v Zm9", "Zg=v",
        ] {
            assert_eq!(decode(wrong), None, "{wrong}");
        }
    }
}
