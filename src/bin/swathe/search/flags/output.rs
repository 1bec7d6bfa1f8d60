//! What is shown of lines, and around them.

use super::Flag;
use crate::{cli::value, search::low::Context};

pub(super) fn flags() -> Vec<Flag> {
    let mut all = fields();
    all.extend(context());
    all.extend(text());
    all
}

fn fields() -> Vec<Flag> {
    vec![
        Flag::on(
            "-n --line-number",
            "Show line numbers (default on a terminal)",
            |o| &mut o.line_number,
        )
        .brief(),
        Flag::switch("-N --no-line-number", "Show no line numbers", |o, _| {
            o.line_number = Some(false);
        }),
        Flag::on("--column", "Show the column of the first match", |o| {
            &mut o.column
        })
        .no("no-column")
        .more("In bytes, from 1. Shows line numbers too."),
        Flag::on("-b --byte-offset", "Show the offset of each line", |o| {
            &mut o.byte_offset
        })
        .no("no-byte-offset")
        .more("In bytes, from 0; with -o, of each match."),
        Flag::on("-H --with-filename", "Show file names", |o| {
            &mut o.with_filename
        })
        .more("The default for more than one file."),
        Flag::switch("-I --no-filename", "Show no file names", |o, _| {
            o.with_filename = Some(false);
        }),
        Flag::on("--heading", "File names on a line of their own", |o| {
            &mut o.heading
        })
        .no("no-heading")
        .more("The default on a terminal."),
        Flag::on("-0 --null", "NUL behind file names", |o| &mut o.null),
        Flag::on(
            "--vimgrep",
            "A line for every match, with its column",
            |o| &mut o.vimgrep,
        ),
    ]
}

fn context() -> Vec<Flag> {
    /// Of a flag that sets a number of lines.
    fn lines(written: &'static str, help: &'static str, set: fn(&mut Context, usize)) -> Flag {
        Flag::setting(written, help, move |o, v| {
            set(&mut o.context, value::number(v.unwrap_or_default())?);
            Ok(())
        })
        .brief()
    }
    vec![
        lines(
            "-A --after-context N",
            "Show N lines after each match",
            Context::set_after,
        ),
        lines(
            "-B --before-context N",
            "Show N lines before each match",
            Context::set_before,
        ),
        lines(
            "-C --context N",
            "Show N lines before and after",
            Context::set_both,
        )
        .more("-A and -B override their side of it, wherever they stand."),
        Flag::means(
            "--passthru",
            "Show all lines, matching or not",
            Context::Passthru,
            |o| &mut o.context,
        )
        .alias("passthrough")
        .more("Overrides -A, -B and -C, and is overridden by them."),
    ]
}

fn text() -> Vec<Flag> {
    vec![
        Flag::on("-o --only-matching", "Show only what matches", |o| {
            &mut o.only_matching
        })
        .brief(),
        Flag::one(
            "-r --replace TEXT",
            "Show TEXT in place of each match",
            value::string,
            |o| &mut o.replacement,
        )
        .more(
            "$1 and $name stand for what the groups of the regex caught, $0 for the match, \
             $$ for a dollar sign. Files are never changed.",
        ),
        Flag::on("--trim", "Leave out white space before each line", |o| {
            &mut o.trim
        })
        .no("no-trim"),
        Flag::one(
            "-M --max-columns N",
            "Leave out lines over N bytes",
            |v| Ok(Some(value::number(v)?).filter(|&columns| columns > 0)),
            |o| &mut o.max_columns,
        )
        .more("A message stands in their place. 0: no limit."),
        Flag::on(
            "--max-columns-preview",
            "With -M, show how such lines begin",
            |o| &mut o.max_columns_preview,
        )
        .no("no-max-columns-preview"),
    ]
}
