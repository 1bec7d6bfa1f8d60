//! `swathe count`: how often each of several patterns occurs.

use std::ffi::OsString;

use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use swathe::{
    Result,
    report::{CountBody, CountFile, Report},
    statistic::{Count, Statistic},
};

use crate::stat::{
    DONE, NOTHING, Session, TROUBLE,
    args::{self, Common},
    count_text,
    input::Input,
    patterns,
    print::Printer,
    run::over_all,
};

const EXAMPLES: &str = "\
Examples:
  swathe count ERROR app.log
  swathe count -e ERROR -e WARN --name slow='took [0-9]{4,}ms' app.log
  swathe count -F -f users.txt --format json access.log";

/// The command line.
pub(crate) fn command() -> Command {
    let command = Command::new("count")
        .about("Count the lines and matches of many patterns in one pass")
        .before_help(EXAMPLES)
        .override_usage(
            "swathe count [OPTIONS] PATTERN [PATH]...\n       \
             swathe count [OPTIONS] -e PATTERN... [PATH]...",
        );
    let command = patterns::add(command)
        .arg(
            Arg::new("per-file")
                .long("per-file")
                .action(ArgAction::SetTrue)
                .help("Print the numbers of each file before those of all"),
        )
        .arg(
            Arg::new("operand")
                .value_name("PATTERN|PATH")
                .num_args(0..)
                .value_parser(value_parser!(OsString))
                .help("The pattern, if no flag gives one; files to read, - for standard input"),
        );
    args::add(command)
}

/// Runs the command; the number is what the process exits with.
///
/// # Errors
/// When the command was called wrongly or its answer cannot be written.
pub(crate) fn run(matches: &ArgMatches, session: &mut Session<'_>) -> Result<u8> {
    let common = args::parse(matches)?;
    let operands: Vec<OsString> = matches
        .get_many("operand")
        .into_iter()
        .flatten()
        .cloned()
        .collect();
    let (patterns, paths) = patterns::parse(matches, &operands)?;
    let count = Count::new(patterns, &patterns::options(matches))?;
    let inputs = Input::all(paths)?;
    let printer = Printer::new::<CountBody>(matches, &inputs)?;
    let report = report(
        &count,
        &inputs,
        &common,
        matches.get_flag("per-file"),
        session,
    )?;
    printer.print_with(&report, count_text::render, session)?;
    Ok(if !report.complete {
        TROUBLE
    } else if report.body.lines_any > 0 {
        DONE
    } else {
        NOTHING
    })
}

fn report(
    count: &Count,
    inputs: &[Input],
    common: &Common,
    per_file: bool,
    session: &mut Session<'_>,
) -> Result<Report<CountBody>> {
    let mut files = Vec::new();
    let total = over_all(
        count,
        inputs,
        common,
        session,
        |_| None,
        |_, file| {
            // A file that is not in the total is shown even unasked.
            if per_file || !file.complete {
                files.push(CountFile {
                    path: file.input.name().into(),
                    complete: file.complete,
                    grew: file.grew,
                    body: CountBody::new(count.finish(file.partial), &[file.input.name()]),
                });
            }
            Ok(())
        },
    )?;
    let body = CountBody {
        files: (per_file || !files.is_empty()).then_some(files),
        ..CountBody::new(count.finish(total.partial), &total.sources)
    };
    Ok(Report::new("count", total.errors, body))
}
