//! What goes beyond ripgrep.

use super::Flag;
use swathe::search::LineRange;

use crate::cli::value;

pub(super) fn flags() -> Vec<Flag> {
    vec![
        Flag::one(
            "--range A..B",
            "Only lines A to B of each file",
            |v| line_range(value::text(v)?),
            |o| &mut o.extensions.range,
        )
        .more(
            "Numbers from 1, both included; A.. and ..B are open. Context may lie outside. \
             Reading ends behind B.",
        ),
        Flag::on("--count-total", "Print one count over all files", |o| {
            &mut o.extensions.count_total
        })
        .no("no-count-total")
        .more(
            "With -o or --count-matches: of matches. It is printed even if it is zero. A file \
             that could not be read to its end is not in it.",
        ),
        Flag::one(
            "--first N",
            "Stop after N lines over all files",
            value::number::<u64>,
            |o| &mut o.extensions.first,
        )
        .more(
            "The first N lines that match, with their context, in the order of the files; \
             nothing is read for more. -m counts in each file, this over all.",
        ),
        Flag::one(
            "--last N",
            "Print the last N lines over all files",
            value::number::<u64>,
            |o| &mut o.extensions.last,
        )
        .brief()
        .more(
            "The tail of what would be printed without it, from the context before the Nth line \
             from the end on. Files are read from their ends backwards, so that it takes \
             milliseconds whatever their size; with -n, the lines before are counted. Standard \
             input and packed files are read to their ends. Files before those that have the \
             lines are not opened.",
        ),
        Flag::on(
            "--raw",
            "Print control bytes to a terminal as they are",
            |o| &mut o.extensions.raw,
        )
        .no("no-raw")
        .more(
            "Else, on a terminal, control bytes in text and in names are shown as \\x1b and the \
             like, so that a log cannot move the cursor. Pipes and files get every byte as it is.",
        ),
        Flag::one(
            "--resume STATE",
            "Only what is new since the run that wrote STATE",
            value::path,
            |o| &mut o.extensions.resume,
        )
        .brief()
        .more(
            "STATE is a file, made by the first run, which searches everything. Each line is \
             printed once, when it has ended; of a rotated file the end is printed first. One \
             state belongs to one pattern with its filters; what is printed of a line, and of \
             how many, may differ from run to run. See below.",
        ),
    ]
}

/// A range of lines: `A..B`, `A..`, `..B` or `A`.
///
/// # Errors
/// When it is none, or has no line.
fn line_range(text: &str) -> Result<LineRange, String> {
    let (first, last) = text.split_once("..").unwrap_or((text, text));
    let number = |text: &str, open: u64| match text {
        "" => Some(open),
        digits if digits.bytes().all(|b| b.is_ascii_digit()) => digits.parse().ok(),
        _ => None,
    };
    let range = number(first, 1).zip(number(last, u64::MAX));
    match range {
        Some((first, last)) if !text.is_empty() && 0 < first && first <= last => {
            Ok(LineRange { first, last })
        }
        Some((first, last)) if !text.is_empty() => Err(format!(
            "there is no line from {first} to {last}; lines are counted from 1"
        )),
        _ => Err("it is no range of lines; write 100..200, 100.. or ..200".to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_of_lines() {
        for (text, want) in [
            ("1..2", Some((1, 2))),
            ("7", Some((7, 7))),
            ("7..", Some((7, u64::MAX))),
            ("..7", Some((1, 7))),
            ("..", Some((1, u64::MAX))),
            ("0..2", None),
            ("3..2", None),
            ("", None),
            ("-3..", None),
            ("a..b", None),
            ("1...2", None),
        ] {
            let range = line_range(text).ok();
            assert_eq!(range.map(|range| (range.first, range.last)), want, "{text}");
        }
    }
}
