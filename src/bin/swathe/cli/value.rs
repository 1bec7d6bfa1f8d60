//! The values of flags.

use std::ffi::OsStr;

use bstr::ByteVec as _;

/// Text.
///
/// # Errors
/// When it is not UTF-8.
pub(crate) fn text(value: &OsStr) -> Result<&str, String> {
    value
        .to_str()
        .ok_or_else(|| "the value is not valid UTF-8".to_string())
}

/// A whole number.
///
/// # Errors
/// When it is none, or too large.
pub(crate) fn number<N: std::str::FromStr>(value: &OsStr) -> Result<N, String> {
    let text = text(value)?;
    text.parse().map_err(|_| {
        if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
            format!("{text} is too large")
        } else {
            format!("'{}' is not a whole number", shown(text))
        }
    })
}

/// A number of bytes, with K, M or G for powers of 1024.
///
/// # Errors
/// When it is none, or too large.
pub(crate) fn size(value: &OsStr) -> Result<u64, String> {
    let text = text(value)?;
    let (digits, unit) = match text.as_bytes().last() {
        Some(b'K' | b'k') => (&text[..text.len() - 1], 1 << 10),
        Some(b'M' | b'm') => (&text[..text.len() - 1], 1 << 20),
        Some(b'G' | b'g') => (&text[..text.len() - 1], 1 << 30),
        _ => (text, 1),
    };
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(format!(
            "'{}' is not a size; write bytes, or a number with K, M or G, like 512K",
            shown(text)
        ));
    }
    let count: Option<u64> = digits.parse().ok();
    count
        .and_then(|count| count.checked_mul(unit))
        .ok_or_else(|| format!("{text} is too large"))
}

/// One of a few words.
///
/// # Errors
/// When it is none of them; the message lists them.
pub(crate) fn choice<T: Copy>(value: &OsStr, choices: &[(&str, T)]) -> Result<T, String> {
    let text = text(value)?;
    if let Some((_, choice)) = choices.iter().find(|(name, _)| *name == text) {
        return Ok(*choice);
    }
    let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
    Err(format!(
        "'{}' is not a choice; choose one of {}",
        shown(text),
        names.join(", ")
    ))
}

/// Text in which `\t`, `\x7F` and the like stand for bytes.
///
/// # Errors
/// When it is not UTF-8.
pub(crate) fn unescaped(value: &OsStr) -> Result<Vec<u8>, String> {
    let text = value.to_str().ok_or_else(|| {
        "the value is not valid UTF-8; write such bytes as escapes, like \\xFF".to_string()
    })?;
    Ok(Vec::unescape_bytes(text))
}

/// A value in a message: what would move the cursor is left out.
pub(crate) fn shown(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(60).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes() {
        for (text, want) in [
            ("0", Some(0)),
            ("1", Some(1)),
            ("64K", Some(64 << 10)),
            ("64k", Some(64 << 10)),
            ("3M", Some(3 << 20)),
            ("2G", Some(2 << 30)),
            ("", None),
            ("K", None),
            ("-1", None),
            ("+1", None),
            ("1.5M", None),
            ("1KB", None),
            ("18446744073709551615", Some(u64::MAX)),
            ("18446744073709551616", None),
            ("99999999999999G", None),
        ] {
            assert_eq!(size(OsStr::new(text)).ok(), want, "{text}");
        }
    }

    #[test]
    fn numbers_say_what_is_wrong() {
        assert_eq!(number::<u64>(OsStr::new("12")), Ok(12));
        let too_large = number::<u64>(OsStr::new("99999999999999999999")).unwrap_err();
        assert!(too_large.contains("too large"), "{too_large}");
        for text in ["", "-1", "x", "1 ", "\x1b[2J"] {
            let error = number::<usize>(OsStr::new(text)).unwrap_err();
            assert!(error.contains("not a whole number"), "{error}");
            assert!(!error.contains('\x1b'));
        }
    }

    #[test]
    fn escapes() {
        for (text, want) in [
            ("", &b""[..]),
            (r"\t", b"\t"),
            (r"\x00\xFF", b"\x00\xFF"),
            ("é", "é".as_bytes()),
        ] {
            assert_eq!(unescaped(OsStr::new(text)).unwrap(), want);
        }
    }
}
