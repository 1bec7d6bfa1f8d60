//! What is said on standard error.
//!
//! Every message is `swathe: TEXT` or `swathe: PATH: TEXT`. A name is data:
//! what in it would move the cursor or recolour the terminal is escaped.

use std::{
    fmt::{Display, Write as _},
    io::Write as _,
    path::Path,
};

use bstr::ByteSlice as _;

/// Writes a message, whole, to standard error. That it cannot be written is
/// no reason to stop.
pub(crate) fn say(path: Option<&Path>, text: impl Display) {
    let message = match path {
        Some(path) => format!("swathe: {}: {text}\n", name(path)),
        None => format!("swathe: {text}\n"),
    };
    let _ = std::io::stderr().lock().write_all(message.as_bytes());
}

/// A file name as it is shown: as it is, or as the shell would write it if it
/// has bytes that must not reach a terminal.
pub(crate) fn name(path: &Path) -> String {
    let bytes = path.as_os_str().as_encoded_bytes();
    match bytes.to_str() {
        Ok("") => "''".to_string(),
        Ok(text) if !text.chars().any(is_harmful) => text.to_string(),
        _ => quoted(bytes),
    }
}

/// Control characters, and those that change the direction of text.
fn is_harmful(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn quoted(bytes: &[u8]) -> String {
    let mut text = String::from("$'");
    for (start, end, c) in bytes.char_indices() {
        let raw = &bytes[start..end];
        match c {
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            '\'' | '\\' => text.extend(['\\', c]),
            _ if is_harmful(c) || raw.to_str().is_err() => {
                for byte in raw {
                    let _ = write!(text, "\\x{byte:02X}");
                }
            }
            _ => text.push(c),
        }
    }
    text.push('\'');
    text
}

#[cfg(test)]
mod tests {
    use std::{ffi::OsStr, os::unix::ffi::OsStrExt as _};

    use super::*;

    #[test]
    fn names_are_harmless() {
        for (bytes, want) in [
            (&b"app.log"[..], "app.log"),
            (b"", "''"),
            ("größe \u{fffd}.log".as_bytes(), "größe \u{fffd}.log"),
            (b"a b'c", "a b'c"),
            (b"a\n'b\\", r"$'a\n\'b\\'"),
            (b"\x1b]0;x\x07", r"$'\x1B]0;x\x07'"),
            (b"caf\xe9", r"$'caf\xE9'"),
            ("a\u{9b}b\u{202e}".as_bytes(), r"$'a\xC2\x9Bb\xE2\x80\xAE'"),
        ] {
            assert_eq!(name(Path::new(OsStr::from_bytes(bytes))), want);
        }
    }
}
