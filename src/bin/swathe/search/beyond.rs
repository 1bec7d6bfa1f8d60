//! What was asked for beyond ripgrep.

use super::low::{Asked, Low};

/// The options that ripgrep does not have, as they were typed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Beyond {
    /// One count over all files.
    pub(crate) count_total: bool,
    /// No more than so many lines over all files.
    pub(crate) first: Option<u64>,
}

/// Checks that what was asked for goes together.
///
/// # Errors
/// With what to use instead.
pub(super) fn check(low: &Low) -> Result<(), String> {
    if low.beyond.count_total {
        let other = match low.mode {
            Asked::Json => "--json",
            Asked::FilesWithMatches => "-l/--files-with-matches",
            Asked::FilesWithoutMatch => "--files-without-match",
            Asked::Lines | Asked::Count | Asked::CountMatches => return Ok(()),
        };
        return Err(format!(
            "--count-total prints one number, {other} prints something else\n\
             leave one of them out; --stats prints totals along with any output"
        ));
    }
    Ok(())
}

/// Checks the same where matches span lines.
///
/// # Errors
/// With what to use instead.
pub(super) fn check_spanning(beyond: &Beyond) -> Result<(), String> {
    let asked = [
        ("--count-total", beyond.count_total),
        ("--first", beyond.first.is_some()),
    ];
    match asked.iter().find(|(_, asked)| *asked) {
        Some((flag, _)) => Err(format!(
            "{flag} counts lines, but with -U/--multiline a match of this pattern spans several\n\
             leave out -U, or the part of the pattern that matches a line end"
        )),
        None => Ok(()),
    }
}
