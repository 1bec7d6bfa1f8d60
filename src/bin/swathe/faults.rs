//! What is said where the program itself is at fault.

use std::{
    any::Any,
    panic::{self, AssertUnwindSafe, PanicHookInfo},
    sync::{Mutex, PoisonError},
};

use crate::{messages, session::Exit};

/// What panics said, and where they were: those that were dealt with, and others.
static SAID: Mutex<Vec<(String, String)>> = Mutex::new(Vec::new());

/// How many are kept.
const MOST: usize = 64;

/// Runs the command. A panic that ends it is one line and a failure; one that is
/// dealt with on its way, as of a scan over a file that was cut meanwhile, is not
/// mentioned. With `RUST_BACKTRACE` each is told in full.
pub(crate) fn told(run: impl FnOnce() -> Result<Exit, String>) -> Result<Exit, String> {
    let in_full = std::env::var_os("RUST_BACKTRACE").is_some_and(|value| value != "0");
    let usual = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        let mut said = SAID.lock().unwrap_or_else(PoisonError::into_inner);
        if said.len() < MOST {
            said.push((message(info.payload()), place(info)));
        }
        drop(said);
        if in_full {
            usual(info);
        }
    }));
    panic::catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|panic| {
        let what = message(&*panic);
        let said = SAID.lock().unwrap_or_else(PoisonError::into_inner);
        // Not the first of all: that may be one that was dealt with.
        let found = said.iter().find(|(message, _)| *message == what);
        let place = found.map(|(_, place)| place.as_str()).unwrap_or_default();
        messages::say(
            None,
            format_args!(
                "this is a fault of swathe, please report it with the command: {what}{place}"
            ),
        );
        Ok(Exit::Failure)
    })
}

fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or(panic.downcast_ref::<&str>().copied());
    text.unwrap_or("no message").to_string()
}

fn place(info: &PanicHookInfo<'_>) -> String {
    let Some(place) = info.location() else {
        return String::new();
    };
    let file = place.file().rsplit('/').next().unwrap_or_default();
    format!(" ({file}:{})", place.line())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_panic_said() {
        let caught = |act: fn()| message(&*panic::catch_unwind(act).unwrap_err());
        assert_eq!(caught(|| panic!("as it is")), "as it is");
        let made = || {
            let parts = String::from("parts");
            panic!("made of {parts}")
        };
        assert_eq!(caught(made), "made of parts");
        assert_eq!(caught(|| panic::panic_any(7)), "no message");
    }
}
