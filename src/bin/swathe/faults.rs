//! What is said where the program itself is at fault.

use std::{
    panic::{self, AssertUnwindSafe, PanicHookInfo},
    sync::{Mutex, PoisonError},
};

use crate::{messages, session::Exit};

/// What the first panic said, and where it was.
static FIRST: Mutex<Option<String>> = Mutex::new(None);

/// Runs the command. A panic that ends it is one line and a failure; one that is
/// dealt with on its way, as of a scan over a file that was cut meanwhile, is not
/// mentioned. With `RUST_BACKTRACE` each is told in full.
pub(crate) fn told(run: impl FnOnce() -> Result<Exit, String>) -> Result<Exit, String> {
    let in_full = std::env::var_os("RUST_BACKTRACE").is_some_and(|value| value != "0");
    let usual = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        let mut first = FIRST.lock().unwrap_or_else(PoisonError::into_inner);
        first.get_or_insert_with(|| said(info));
        drop(first);
        if in_full {
            usual(info);
        }
    }));
    panic::catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|_| {
        let first = FIRST.lock().unwrap_or_else(PoisonError::into_inner).take();
        let what = first.unwrap_or_default();
        messages::say(
            None,
            format_args!("this is a fault of swathe, please report it with the command: {what}"),
        );
        Ok(Exit::Failure)
    })
}

fn said(info: &PanicHookInfo<'_>) -> String {
    let what = info.payload_as_str().unwrap_or("no message");
    match info.location() {
        Some(place) => {
            let file = place.file().rsplit('/').next().unwrap_or_default();
            format!("{what} ({file}:{})", place.line())
        }
        None => what.to_string(),
    }
}
