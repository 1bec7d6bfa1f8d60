//! `--fail-if`: an answer that is cause for alarm ends the program with 3.

use serde::Serialize;
use swathe::{
    Result,
    report::{Condition, Report},
};

use super::{DONE, FAILED, usage};
use crate::messages;

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
