//! What is said on standard error.
//!
//! Every message is `swathe: TEXT` or `swathe: PATH: TEXT`. A name is data:
//! what in it would move the cursor or recolour the terminal is escaped.

use std::{
    fmt::Display,
    io::{ErrorKind, Write as _},
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
};

use bstr::ByteSlice as _;

use swathe::harmless::{escaped, is_harmful, shown};

use crate::closed;

/// Something was said that nobody could hear.
static LOST: AtomicBool = AtomicBool::new(false);

/// Whether standard error was closed, or failed, when there was something to say.
/// A reader that went away has heard enough.
pub(crate) fn lost() -> bool {
    LOST.load(Ordering::Relaxed)
}

/// Writes a message, whole, to standard error; nothing in it moves the cursor. That it cannot be written is
/// no reason to stop.
pub(crate) fn say(path: Option<&Path>, text: impl Display) {
    let message = match path {
        Some(path) => format!("swathe: {}: {text}\n", name(path)),
        None => format!("swathe: {text}\n"),
    };
    let heard = match std::io::stderr()
        .lock()
        .write_all(&shown(message.as_bytes()))
    {
        Ok(()) => !closed::stderr(),
        Err(error) => error.kind() == ErrorKind::BrokenPipe,
    };
    LOST.fetch_or(!heard, Ordering::Relaxed);
}

/// A file name as it is shown: as it is, or as the shell would write it if it
/// has bytes that must not reach a terminal.
pub(crate) fn name(path: &Path) -> String {
    let bytes = path.as_os_str().as_encoded_bytes();
    match bytes.to_str() {
        Ok("") => "''".to_string(),
        Ok(text) if !text.chars().any(is_harmful) => text.to_string(),
        _ => escaped(bytes),
    }
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
