//! What a terminal would obey, and how it is written so that neither a terminal nor a
//! shell takes it for anything but text.

use std::{borrow::Cow, fmt::Write as _, path::Path};

use bstr::ByteSlice as _;

/// Whether a character moves the cursor, recolours, ends a line or a tab stop, or
/// changes the direction of what follows it.
pub fn is_harmful(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{61c}'
                | '\u{200e}'
                | '\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2066}'..='\u{2069}'
        )
}

/// How many bytes that begin here a terminal would obey; 0 if it shows what is here.
/// Tabs and ends of lines it may obey.
pub(crate) fn harmful_at(bytes: &[u8], at: usize) -> usize {
    match bytes[at] {
        b'\t' | b'\n' => 0,
        0..=0x1f | 0x7f => 1,
        // Control characters of one byte in other encodings.
        0x80..=0x9f if !in_character(bytes, at) => 1,
        // What can begin one of them.
        0xc2 | 0xd8 | 0xe2 => match bstr::decode_utf8(&bytes[at..]) {
            (Some(c), len) if is_harmful(c) => len,
            _ => 0,
        },
        _ => 0,
    }
}

/// Whether the byte belongs to a character that began before it.
fn in_character(bytes: &[u8], at: usize) -> bool {
    let from = at.saturating_sub(3);
    (from..at).any(|start| {
        let (c, len) = bstr::decode_utf8(&bytes[start..]);
        c.is_some() && start + len > at
    })
}

/// Text as it may be written to a terminal: what it would obey is `\x1b` and the like,
/// but for tabs and ends of lines.
pub fn shown(text: &[u8]) -> Cow<'_, [u8]> {
    replaced(text, |harmful, out| {
        for byte in harmful {
            out.extend(format!("\\x{byte:02x}").into_bytes());
        }
    })
}

/// JSON as it may be written to a terminal: the same JSON, with `\u009b` and the like
/// for what it would obey.
pub fn shown_json(json: &[u8]) -> Cow<'_, [u8]> {
    replaced(json, |harmful, out| {
        for c in harmful.chars() {
            out.extend(format!("\\u{:04x}", u32::from(c)).into_bytes());
        }
    })
}

fn replaced(text: &[u8], replace: impl Fn(&[u8], &mut Vec<u8>)) -> Cow<'_, [u8]> {
    let (mut out, mut from, mut at) = (Vec::new(), 0, 0);
    while at < text.len() {
        let ends = text[at] == b'\r' && text.get(at + 1) == Some(&b'\n');
        match harmful_at(text, at) {
            len if len > 0 && !ends => {
                out.extend_from_slice(&text[from..at]);
                replace(&text[at..at + len], &mut out);
                at += len;
                from = at;
            }
            _ => at += 1,
        }
    }
    if from == 0 {
        return Cow::Borrowed(text);
    }
    out.extend_from_slice(&text[from..]);
    Cow::Owned(out)
}

/// An argument as a shell reads it back, in quotes where it needs them.
pub fn quoted(argument: &[u8]) -> String {
    let plain = |b: &u8| b.is_ascii_alphanumeric() || b"/._-+:,@%".contains(b);
    match argument.to_str() {
        Ok(text) if !text.is_empty() && text.bytes().all(|b| plain(&b)) => text.to_string(),
        Ok(text) if !text.chars().any(is_harmful) => {
            format!("'{}'", text.replace('\'', "'\\''"))
        }
        _ => escaped(argument),
    }
}

/// A file name as it is shown: as it is, or as the shell would write it if it has bytes
/// that must not reach a terminal.
pub fn name(path: &Path) -> String {
    let bytes = path.as_os_str().as_encoded_bytes();
    match bytes.to_str() {
        Ok("") => "''".to_string(),
        Ok(text) if !text.chars().any(is_harmful) => text.to_string(),
        _ => escaped(bytes),
    }
}

/// An argument with escapes for all that is no visible text, as bash, ksh and zsh read it.
pub fn escaped(argument: &[u8]) -> String {
    let mut text = String::from("$'");
    for (start, end, c) in argument.char_indices() {
        let raw = &argument[start..end];
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

    const HARMFUL: [&str; 9] = [
        "\u{1b}", "\0", "\u{7f}", "\u{9b}", "\u{61c}", "\u{200f}", "\u{202e}", "\u{2028}",
        "\u{2069}",
    ];

    #[test]
    fn nothing_is_left_that_a_terminal_obeys() {
        for harmful in HARMFUL {
            for text in [harmful.to_string(), format!("ä{harmful}b\t\n{harmful}")] {
                let left = shown(text.as_bytes());
                let left = left.to_str().unwrap();
                let harmful = |c| is_harmful(c) && !matches!(c, '\t' | '\n');
                assert!(!left.contains(harmful), "{left:?}");
                let json = serde_json::to_string(&text).unwrap();
                let left = shown_json(json.as_bytes());
                assert!(!left.to_str().unwrap().contains(is_harmful), "{json:?}");
                assert_eq!(serde_json::from_slice::<String>(&left).unwrap(), text);
            }
        }
        assert_eq!(&shown(b"a\x9bb\r\n\rc")[..], b"a\\x9bb\r\n\\x0dc");
        for same in ["", "plain ä \u{4e2d}\u{200b} \u{2027}\t\n", "â\u{80}"] {
            let same = same.replace('\u{80}', "");
            assert!(matches!(shown(same.as_bytes()), Cow::Borrowed(_)));
        }
        // A character that is not whole, and bytes of other encodings.
        assert_eq!(&shown(b"\xe2\x80 \xff")[..], b"\xe2\\x80 \xff");
    }

    #[test]
    fn arguments_for_a_shell() {
        for (argument, want) in [
            (&b"a/b-1.log"[..], "a/b-1.log"),
            (b"", "''"),
            (b"a b", "'a b'"),
            (b"it's", r"'it'\''s'"),
            ("größe".as_bytes(), "'größe'"),
            (b"ev\x1b]0;x\x07a.log", r"$'ev\x1B]0;x\x07a.log'"),
            (b"a\n'b\\", r"$'a\n\'b\\'"),
            (b"caf\xe9", r"$'caf\xE9'"),
            ("\u{202e}".as_bytes(), r"$'\xE2\x80\xAE'"),
        ] {
            assert_eq!(quoted(argument), want);
        }
    }

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
