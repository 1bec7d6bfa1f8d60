//! What goes beyond ripgrep.

use super::Flag;
use crate::{cli::value, search::extensions::line_range};

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
