//! `--every`: the answer so far, again and again while input comes.

use std::time::Duration;

use clap::{Arg, ArgMatches, parser::ValueSource};
use swathe::{Result, time::duration};

use super::usage;

/// Shorter spans are none to look at an answer.
const SHORTEST: Duration = Duration::from_millis(100);

/// The flag.
pub(crate) fn arg() -> Arg {
    Arg::new("every")
        .long("every")
        .value_name("SPAN")
        .help_heading("Reading and printing")
        .help("Show the answer so far every SPAN (10s, 1m): for input that goes on")
        .long_help(
            "Show the answer so far every SPAN (10s, 1m, 500ms) until the input ends: redrawn on \
             a terminal; elsewhere one line of JSON each with --format json, and with a blank \
             line behind each in other formats. With --output, FILE is replaced each time. Such \
             an answer says that it is not complete (JSON, metrics, the last line of text); the \
             last one is what the same command prints without --every.",
        )
}

/// What the flag says.
///
/// # Errors
/// When it is no span, or goes with nothing that could be shown.
pub(crate) fn parse(matches: &ArgMatches) -> Result<Option<Duration>> {
    let Ok(Some(text)) = matches.try_get_one::<String>("every") else {
        return Ok(None);
    };
    let millis = text.strip_suffix("ms").and_then(|text| text.parse().ok());
    let seconds = || duration(text).and_then(|seconds| u64::try_from(seconds).ok());
    let span = millis.map(Duration::from_millis);
    let span = span.or_else(|| seconds().map(Duration::from_secs));
    let Some(span) = span.filter(|&span| span >= SHORTEST) else {
        return Err(usage(format!(
            "--every {text:?} is no span of time of 100ms or more; write 10s, 1m or 500ms"
        )));
    };
    let others = [
        ("partial", "what is merged is written once"),
        ("resume", "a run that goes on later ends by itself"),
        ("from", "saved reports do not grow"),
        ("wc", "wc prints each input when it is read"),
        ("assign", "lines are printed as they are read"),
    ];
    let given = |id: &str| {
        matches.try_contains_id(id).unwrap_or(false)
            && matches.value_source(id) == Some(ValueSource::CommandLine)
    };
    match others.iter().find(|(id, _)| given(id)) {
        Some((id, why)) => Err(usage(format!(
            "--every shows answers while input is read, with --{id} there is none: {why}; leave \
             one out"
        ))),
        None => Ok(Some(span)),
    }
}
