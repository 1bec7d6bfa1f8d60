//! What is shown of lines, and around them.

use crate::{
    cli::{
        flag::{Flag, Group},
        value,
    },
    files::choosing::Chooses as _,
    search::low::{Binary, Context, Low},
};

pub(super) fn flags() -> Vec<Flag<Low>> {
    let mut all = fields();
    all.extend(context());
    all.extend(text());
    Flag::grouped(Group::Output, all)
}

/// Flags of the reading group that only `search` has.
pub(super) fn reading_flags() -> Vec<Flag<Low>> {
    Flag::grouped(
        Group::Reading,
        [
            Flag::switch("text", "Take binary files as text", |low: &mut Low, on| {
                low.binary = if on { Binary::Text } else { Binary::Recognised };
            })
            .short('a')
            .no("no-text")
            .more(
                "Without it, a file with NUL bytes is binary: instead of its lines, one line \
                   says that it matches.",
            ),
            Flag::switch(
                "binary",
                "Search binary files that a walk finds too",
                |low: &mut Low, on| low.read_binary(on),
            )
            .no("no-binary")
            .more(
                "A walk leaves a file where it meets a NUL byte; a file that is named is \
                   searched to its end anyway. Overrides -a.",
            ),
        ],
    )
}

fn fields() -> Vec<Flag<Low>> {
    vec![
        Flag::switch(
            "line-number",
            "Show line numbers (default on a terminal)",
            |low: &mut Low, _| {
                low.line_number = Some(true);
            },
        )
        .short('n')
        .brief(),
        Flag::switch(
            "no-line-number",
            "Show no line numbers",
            |low: &mut Low, _| {
                low.line_number = Some(false);
            },
        )
        .short('N'),
        Flag::switch(
            "column",
            "Show the column of the first match",
            |low: &mut Low, on| {
                low.column = Some(on);
            },
        )
        .no("no-column")
        .more("In bytes, from 1. Shows line numbers too."),
        Flag::switch(
            "byte-offset",
            "Show the offset of each line",
            |low: &mut Low, on| {
                low.byte_offset = on;
            },
        )
        .short('b')
        .no("no-byte-offset")
        .more("In bytes, from 0; with -o, of each match."),
        Flag::switch("with-filename", "Show file names", |low: &mut Low, _| {
            low.with_filename = Some(true);
        })
        .short('H')
        .more("The default for more than one file."),
        Flag::switch("no-filename", "Show no file names", |low: &mut Low, _| {
            low.with_filename = Some(false);
        })
        .short('I'),
        Flag::switch(
            "heading",
            "File names on a line of their own",
            |low: &mut Low, on| {
                low.heading = Some(on);
            },
        )
        .no("no-heading")
        .more("The default on a terminal."),
        Flag::switch("null", "NUL behind file names", |low: &mut Low, _| {
            low.null = true;
        })
        .short('0'),
        Flag::switch(
            "vimgrep",
            "A line for every match, with its column",
            |low: &mut Low, _| {
                low.vimgrep = true;
            },
        ),
    ]
}

fn context() -> Vec<Flag<Low>> {
    vec![
        Flag::value(
            "after-context",
            "N",
            "Show N lines after each match",
            |low: &mut Low, v| {
                low.context.set_after(value::number(v)?);
                Ok(())
            },
        )
        .short('A')
        .brief(),
        Flag::value(
            "before-context",
            "N",
            "Show N lines before each match",
            |low: &mut Low, v| {
                low.context.set_before(value::number(v)?);
                Ok(())
            },
        )
        .short('B')
        .brief(),
        Flag::value(
            "context",
            "N",
            "Show N lines before and after",
            |low: &mut Low, v| {
                low.context.set_both(value::number(v)?);
                Ok(())
            },
        )
        .short('C')
        .brief()
        .more("-A and -B override their side of it, wherever they stand."),
        Flag::switch(
            "passthru",
            "Show all lines, matching or not",
            |low: &mut Low, _| {
                low.context = Context::Passthru;
            },
        )
        .alias("passthrough")
        .more("Overrides -A, -B and -C, and is overridden by them."),
    ]
}

fn text() -> Vec<Flag<Low>> {
    vec![
        Flag::switch(
            "only-matching",
            "Show only what matches",
            |low: &mut Low, _| {
                low.only_matching = true;
            },
        )
        .short('o')
        .brief(),
        Flag::value(
            "replace",
            "TEXT",
            "Show TEXT in place of each match",
            |low: &mut Low, v| {
                low.replacement = Some(value::text(v)?.to_string());
                Ok(())
            },
        )
        .short('r')
        .more(
            "$1 and $name stand for what the groups of the regex caught, $0 for the match, \
               $$ for a dollar sign. Files are never changed.",
        ),
        Flag::switch(
            "trim",
            "Leave out white space before each line",
            |low: &mut Low, on| {
                low.trim = on;
            },
        )
        .no("no-trim"),
        Flag::value(
            "max-columns",
            "N",
            "Leave out lines over N bytes",
            |low: &mut Low, v| {
                low.max_columns = Some(value::number(v)?).filter(|&columns| columns > 0);
                Ok(())
            },
        )
        .short('M')
        .more("A message stands in their place. 0: no limit."),
        Flag::switch(
            "max-columns-preview",
            "With -M, show how such lines begin",
            |low: &mut Low, on| {
                low.max_columns_preview = on;
            },
        )
        .no("no-max-columns-preview"),
    ]
}
