//! `--fail-if`: an answer that is cause for alarm ends the program with 3.

use clap::{Arg, ArgAction, ArgMatches};
use serde::Serialize;
use swathe::{
    Result,
    report::{Condition, Report},
};

use super::{DONE, FAILED, usage};
use crate::messages;

/// The flag.
pub(crate) fn arg() -> Arg {
    Arg::new("fail-if")
        .long("fail-if")
        .value_name("COND")
        .action(ArgAction::Append)
        .allow_hyphen_values(true)
        .help_heading("Reading and printing")
        .help("Exit with 3 if a number of the answer is so: 'errors>10'")
        .long_help(
            "Exit with 3 if a number of the JSON, by its name or path, or a pattern by its name, is \
             so: 'errors>10'. Of an input that could not be read to its end, what could be read is \
             judged, and said on standard error; the exit code is 2 then",
        )
}

/// What the flags say.
///
/// # Errors
/// When one is no condition.
pub(crate) fn parse(matches: &ArgMatches) -> Result<Vec<Condition>> {
    let texts = matches.get_many::<String>("fail-if").into_iter().flatten();
    texts
        .map(|text| Condition::parse(text).map_err(usage))
        .collect()
}

/// What the process exits with if it must exit with `exit` otherwise.
///
/// # Errors
/// When the answer has no such number.
pub(crate) fn exit<B: Serialize>(
    conditions: &[Condition],
    report: &Report<B>,
    exit: u8,
) -> Result<u8> {
    if conditions.is_empty() {
        return Ok(exit);
    }
    let answer = serde_json::to_value(report).map_err(|error| usage(error.to_string()))?;
    let mut failed = false;
    for condition in conditions {
        if let (Some(number), true) = condition.judge(&answer).map_err(usage)? {
            messages::say(None, format!("--fail-if {condition}: it is {number}"));
            failed = true;
        }
    }
    Ok(if failed { FAILED } else { DONE })
}
