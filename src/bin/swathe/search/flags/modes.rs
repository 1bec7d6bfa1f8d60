//! What is printed instead of the lines that match, or along with them.

use super::Flag;
use crate::search::low::{Asked, Listing};

pub(super) fn flags() -> Vec<Flag> {
    let mode = |written, help, mode| Flag::means(written, help, mode, |o| &mut o.mode);
    let list = |written, help, what| Flag::means(written, help, Some(what), |o| &mut o.listing);
    vec![
        mode("-c --count", "Print how many lines match", Asked::Count)
            .brief()
            .more(
                "With -o: how many matches there are. Files without a match are left out, \
                 unless --include-zero is given.",
            ),
        mode(
            "--count-matches",
            "Print how many matches there are",
            Asked::CountMatches,
        )
        .more("With -v, the same as -c -v."),
        mode(
            "-l --files-with-matches",
            "Print names of files that match",
            Asked::FilesWithMatches,
        )
        .brief(),
        mode(
            "--files-without-match",
            "Print names of files without a match",
            Asked::FilesWithoutMatch,
        ),
        Flag::switch(
            "--json",
            "Print JSON Lines, in ripgrep's format",
            |o, on| {
                if on {
                    o.mode = Asked::Json;
                } else if o.mode == Asked::Json {
                    o.mode = Asked::Lines;
                }
            },
        )
        .no("no-json")
        .more(
            "One object a line: begin, match, context, end and summary. Text that is not \
             UTF-8 is given in base64. Of -c, -l, --files-without-match, --count-matches \
             and --json, the last one counts.",
        ),
        Flag::on("-q --quiet", "Print nothing; the exit status tells", |o| {
            &mut o.quiet
        })
        .brief()
        .more(
            "Stops at the first match, unless --stats is given. Exit status 0: something \
             matched, even if there were errors.",
        ),
        Flag::on("--stats", "Print totals at the end", |o| &mut o.stats)
            .no("no-stats")
            .more("Matches, matching lines, files, bytes and seconds."),
        Flag::on("--include-zero", "With -c, print counts of zero too", |o| {
            &mut o.include_zero
        })
        .no("no-include-zero"),
        list(
            "--files",
            "List the files that would be searched",
            Listing::Files,
        )
        .more("There is no PATTERN then: every argument is a file or a directory."),
        list(
            "--type-list",
            "List the file types for -t and -T",
            Listing::Types,
        ),
    ]
}
