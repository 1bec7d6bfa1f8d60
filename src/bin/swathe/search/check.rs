//! Whether what was asked for goes together.

use swathe::run::Order;

use super::low::{Asked, Context, Extensions, Low};

/// Checks that what was asked for goes together.
///
/// # Errors
/// With what to use instead.
pub(super) fn check(low: &Low) -> Result<(), String> {
    if low.null_data
        && let Some(flag) = low.extensions.of_lines()
    {
        return Err(format!(
            "{flag} reads lines of text, with --null-data they end with NUL\n\
             put tr '\\0' '\\n' before it, or pipe one search into another"
        ));
    }
    if low.extensions.last.is_some() {
        check_last(low)?;
    }
    if low.extensions.resume.is_some() {
        check_resume(low)?;
    }
    if low.reading.pre.is_some() && low.extensions.words.order == Order::Time {
        return Err(
            "--order time looks into the files before they are searched, and --pre runs a program \
             on them then\nleave one of them out"
                .to_string(),
        );
    }
    if low.extensions.count_total {
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

/// Checks that what was asked for goes with the last lines.
fn check_last(low: &Low) -> Result<(), String> {
    if low.reading.archives == Some(true) {
        return Err(
            "--last reads files from their end, which archives cannot be\n\
             leave out --archives, or pipe the output to tail"
                .to_string(),
        );
    }
    let other = match low.mode {
        Asked::Count => Some("-c/--count"),
        Asked::CountMatches => Some("--count-matches"),
        Asked::FilesWithMatches => Some("-l/--files-with-matches"),
        Asked::FilesWithoutMatch => Some("--files-without-match"),
        Asked::Lines | Asked::Json => None,
    };
    let other = other.or(low.extensions.count_total.then_some("--count-total"));
    if let Some(other) = other {
        return Err(format!(
            "--last prints lines, {other} prints something else\n\
             leave one of them out"
        ));
    }
    let other = [
        ("--first", low.extensions.first.is_some()),
        ("-m/--max-count", low.max_count.is_some()),
        ("--stop-on-nonmatch", low.stop_on_nonmatch),
        ("--passthru", low.context == Context::Passthru),
    ];
    match other.iter().find(|(_, given)| *given) {
        Some((other, _)) => Err(format!(
            "--last goes from the end, {other} from the start\n\
             leave one of them out, or pipe one search into another"
        )),
        None => Ok(()),
    }
}

/// Checks the same where matches span lines.
///
/// # Errors
/// With what to use instead.
pub(super) fn check_spanning(extensions: &Extensions) -> Result<(), String> {
    let asked = [
        ("--count-total", extensions.count_total),
        ("--first", extensions.first.is_some()),
        ("--last", extensions.last.is_some()),
        ("--range", extensions.range.is_some()),
        ("--resume", extensions.resume.is_some()),
    ];
    let asked = asked.iter().find(|(_, asked)| *asked);
    match asked
        .map(|(flag, _)| *flag)
        .or_else(|| extensions.of_lines())
    {
        Some(flag) => Err(format!(
            "{flag} goes by lines, but with -U/--multiline a match of this pattern spans several\n\
             leave out -U; --record auto takes events of several lines as one"
        )),
        None => Ok(()),
    }
}

/// Checks that what was asked for goes with `--resume`.
///
/// # Errors
/// With what to use instead.
fn check_resume(low: &Low) -> Result<(), String> {
    let other = [
        ("--last", low.extensions.last.is_some(), "goes from the end"),
        (
            "--archives",
            low.reading.archives == Some(true),
            "reads members of files",
        ),
        (
            "--pre",
            low.reading.pre.is_some(),
            "reads what a program prints",
        ),
    ];
    match other.iter().find(|(_, given, _)| *given) {
        Some((flag, _, what)) => Err(format!(
            "--resume goes on in files where the last run ended, {flag} {what}\n\
             leave one of them out"
        )),
        None => Ok(()),
    }
}
