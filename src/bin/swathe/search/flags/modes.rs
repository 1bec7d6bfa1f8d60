//! What is printed instead of the lines that match, or along with them.

use crate::{
    cli::flag::{Flag, Group},
    search::low::{Asked, Low},
};

pub(super) fn flags() -> Vec<Flag<Low>> {
    let all = instead().into_iter().chain(along());
    Flag::grouped(Group::Modes, all)
}

fn instead() -> Vec<Flag<Low>> {
    vec![
        Flag::switch("count", "Print how many lines match", |low: &mut Low, _| {
            low.mode = Asked::Count;
        })
        .short('c')
        .brief()
        .more(
            "With -o: how many matches there are. Files without a match are left out, \
                   unless --include-zero is given.",
        ),
        Flag::switch(
            "count-matches",
            "Print how many matches there are",
            |low: &mut Low, _| {
                low.mode = Asked::CountMatches;
            },
        )
        .more("With -v, the same as -c -v."),
        Flag::switch(
            "files-with-matches",
            "Print names of files that match",
            |low: &mut Low, _| {
                low.mode = Asked::FilesWithMatches;
            },
        )
        .short('l')
        .brief(),
        Flag::switch(
            "files-without-match",
            "Print names of files without a match",
            |low: &mut Low, _| {
                low.mode = Asked::FilesWithoutMatch;
            },
        ),
        Flag::switch(
            "json",
            "Print JSON Lines, in ripgrep's format",
            |low: &mut Low, on| {
                if on {
                    low.mode = Asked::Json;
                } else if low.mode == Asked::Json {
                    low.mode = Asked::Lines;
                }
            },
        )
        .no("no-json")
        .more(
            "One object a line: begin, match, context, end and summary. Text that is not \
                   UTF-8 is given in base64. Of -c, -l, --files-without-match, --count-matches \
                   and --json, the last one counts.",
        ),
    ]
}

fn along() -> Vec<Flag<Low>> {
    vec![
        Flag::switch(
            "quiet",
            "Print nothing; the exit status tells",
            |low: &mut Low, _| {
                low.quiet = true;
            },
        )
        .short('q')
        .brief()
        .more(
            "Stops at the first match, unless --stats is given. Exit status 0: something \
                   matched, even if there were errors.",
        ),
        Flag::switch("stats", "Print totals at the end", |low: &mut Low, on| {
            low.stats = on;
        })
        .no("no-stats")
        .more("Matches, matching lines, files, bytes and seconds."),
        Flag::switch(
            "include-zero",
            "With -c, print counts of zero too",
            |low: &mut Low, on| {
                low.include_zero = on;
            },
        )
        .no("no-include-zero"),
    ]
}
