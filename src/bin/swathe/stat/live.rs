//! `--every`: the answer so far, again and again while input comes.

use std::{ffi::OsStr, time::Duration};

use swathe::{Result, time::duration};

use super::{
    shared::{Shared, SharedFlag},
    usage,
};
use crate::cli::value;

/// Shorter spans are none to look at an answer.
const SHORTEST: Duration = Duration::from_millis(100);

/// The flag.
pub(crate) fn flag() -> SharedFlag {
    SharedFlag::one(
        "--every SPAN",
        "Show the answer so far every SPAN (10s, 1m)",
        every,
        |o| &mut o.every,
    )
    .brief()
    .more(
        "For input that goes on: every 10s, 1m or 500ms until it ends. Redrawn on a terminal; \
         elsewhere one line of JSON each with --format json, and with a blank line behind each in \
         other formats. With --output, FILE is replaced each time. Such an answer says that it is \
         not complete (JSON, metrics, the last line of text); the last one is what the same \
         command prints without --every.",
    )
}

fn every(value: &OsStr) -> std::result::Result<Duration, String> {
    let text = value::text(value)?;
    let millis = text.strip_suffix("ms").and_then(|text| text.parse().ok());
    let seconds = || duration(text).and_then(|seconds| u64::try_from(seconds).ok());
    let span = millis.map(Duration::from_millis);
    let span = span.or_else(|| seconds().map(Duration::from_secs));
    span.filter(|&span| span >= SHORTEST).ok_or_else(|| {
        format!(
            "'{}' is no span of time of 100ms or more; write 10s, 1m or 500ms",
            value::shown(text)
        )
    })
}

/// What the flag says.
///
/// # Errors
/// When it goes with nothing that could be shown.
pub(crate) fn asked(told: &Shared) -> Result<Option<Duration>> {
    let others = [
        ("partial", "what is merged is written once"),
        ("resume", "a run that goes on later ends by itself"),
        ("from", "saved reports do not grow"),
        ("wc", "wc prints each input when it is read"),
        ("assign", "lines are printed as they are read"),
    ];
    let other = others.iter().find(|(long, _)| told.has(long));
    match other.filter(|_| told.every.is_some()) {
        Some((other, why)) => Err(usage(format!(
            "--every shows answers while input is read, with --{other} there is none: {why}; leave \
             one out"
        ))),
        None => Ok(told.every),
    }
}
