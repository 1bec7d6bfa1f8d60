//! `swathe count`: how often each of several patterns occurs.

use clap::Command;
use swathe::{Result, request::CountRequest, run::Input};

use crate::{
    cli::{parse::Operands, value},
    stat::{
        args::{self, Flag, Options},
        command::StatCommand,
        input, patterns,
    },
};

const EXAMPLES: &str = "\
Examples:
  swathe count ERROR app.log
  swathe count -e ERROR -e WARN --name slow='took [0-9]{4,}ms' app.log
  swathe count -F -f users.txt --format json access.log";

const MORE: &str = "\
A line is counted once for each pattern it matches. Matches that are empty, as those of x* where
there is no x, make a line match and are not counted as matches.

--resume STATE counts the lines that came to the files since the last run with the same options,
each once: a line counts when it has ended. STATE has how far that was, and is written anew when
the answer is out. Numbers of lines and offsets are those of the file. Where another file has
taken the name (app.log became app.log.1, was copied and cut, or packed since), the old one is
found in the same folder and counted to its end first, and then those that had the name in between;
what is not there any more is an error. A file that was cut or written over is counted from its start, and
so are all if STATE is damaged or of other options; a line on standard error says so. The totals
over all of a file that grows are those of a report with a count section and --resume.";

/// What its own flags say.
#[derive(Debug, Default)]
pub(crate) struct Told {
    per_file: bool,
    /// In how many parts of each file matches are counted.
    positions: u32,
}

impl StatCommand for CountRequest {
    const ABOUT: &'static str = "Count lines and matches of each of several patterns";

    fn command() -> Command {
        Command::new("count")
            .about("Count the lines and matches of many patterns in one pass")
            .before_help(EXAMPLES)
            .after_long_help(MORE)
            .override_usage(
                "swathe count [OPTIONS] PATTERN [PATH]...\n       \
                 swathe count [OPTIONS] -e PATTERN... [PATH]...",
            )
    }

    type Told = Told;

    const OPERANDS: Operands = Operands::any(
        "PATTERN|PATH",
        "The pattern, unless a flag gives one; files, - for standard input",
    );

    fn flags() -> Vec<Flag<Told>> {
        let own = [
            Flag::<Told>::on(
                "--per-file",
                "Print the numbers of each file before those of all",
                |o| &mut o.own.per_file,
            )
            .brief(),
            Flag::<Told>::one(
                "--positions N",
                "Count matches also in N equal parts of each file",
                value::within(1, CountRequest::MOST_POSITIONS),
                |o| &mut o.own.positions,
            )
            .brief(),
            args::resume("Count only lines that came since the last run"),
        ];
        patterns::flags().chain(own).collect()
    }

    fn asked(told: &Options<Told>) -> Result<(CountRequest, Vec<Input>)> {
        let (patterns, paths) = patterns::asked(&told.shared)?;
        let request = CountRequest {
            patterns,
            options: told.shared.matching.options(),
            per_file: told.own.per_file,
            positions: told.own.positions,
        };
        Ok((request, input::named(paths)))
    }
}
