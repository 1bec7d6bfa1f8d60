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

use swathe::harmless::{name, shown};

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
