//! `swathe stats`: lines, words, characters, and how long lines are.

use std::ffi::OsString;

use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use swathe::{
    Result,
    report::{Format, Report, StatsBody, StatsRow},
    statistic::{Statistic, Text},
};

use crate::stat::{
    DONE, Session, TROUBLE,
    args::{self, Common},
    input::Input,
    print::Printer,
    run::over_all,
    stats_text, usage,
    wc::{self, Columns},
};

const EXAMPLES: &str = "\
Examples:
  swathe stats app.log
  swathe stats --wc -l *.log
  swathe stats --format json --top-longest 20 app.log";

/// The columns of `wc`: letter, name of the match, and what it is.
const COLUMNS: [(char, &str, &str); 5] = [
    ('l', "lines", "With --wc: the newlines"),
    (
        'w',
        "words",
        "With --wc: the words, as wc counts them in the C locale",
    ),
    ('m', "chars", "With --wc: the characters (UTF-8)"),
    ('c', "bytes", "With --wc: the bytes"),
    (
        'L',
        "max-line-length",
        "With --wc: the columns of the widest line",
    ),
];

/// The command line.
pub(crate) fn command() -> Command {
    let columns = COLUMNS.map(|(letter, name, help)| {
        Arg::new(name)
            .short(letter)
            .long(name)
            .action(ArgAction::SetTrue)
            .requires("wc")
            .help(help)
    });
    let command = Command::new("stats")
        .about("Lines, words, characters and line lengths of a text")
        .before_help(EXAMPLES)
        .args([
            Arg::new("top-longest")
                .long("top-longest")
                .value_name("N")
                .value_parser(value_parser!(u32).range(0..=10_000))
                .default_value("5")
                .help("Name the N longest lines"),
            Arg::new("wc")
                .long("wc")
                .action(ArgAction::SetTrue)
                .help("Print exactly what wc prints; -l -w -m -c -L choose the columns"),
            Arg::new("by").long("by").value_name("KEY").hide(true),
        ])
        .args(columns)
        .arg(
            Arg::new("path")
                .value_name("PATH")
                .num_args(0..)
                .value_parser(value_parser!(OsString))
                .help("Files to read; - or nothing for standard input"),
        );
    args::add(command)
}

/// Runs the command; the number is what the process exits with.
///
/// # Errors
/// When the command was called wrongly or its answer cannot be written.
pub(crate) fn run(matches: &ArgMatches, session: &mut Session<'_>) -> Result<u8> {
    if matches.contains_id("by") {
        return Err(usage("stats --by is not supported yet"));
    }
    let common = args::parse(matches)?;
    let inputs = Input::all(matches.get_many::<OsString>("path").into_iter().flatten())?;
    if matches.get_flag("wc") {
        if common.format != Format::Text {
            return Err(usage(
                "--wc prints the columns of wc; leave out --wc for another --format",
            ));
        }
        if matches.contains_id("output") {
            return Err(usage(
                "--wc prints to standard output; leave out --wc for --output",
            ));
        }
        return wc::run(columns(matches), &inputs, &common, session);
    }
    let longest = matches.get_one::<u32>("top-longest").copied();
    let text = Text {
        longest: longest.unwrap_or(5) as usize,
    };
    let printer = Printer::new::<StatsBody>(matches, &inputs)?;
    let report = report(&text, &inputs, &common, session)?;
    printer.print_with(&report, stats_text::render, session)?;
    Ok(if report.complete { DONE } else { TROUBLE })
}

fn columns(matches: &ArgMatches) -> Columns {
    Columns {
        newlines: matches.get_flag("lines"),
        words: matches.get_flag("words"),
        chars: matches.get_flag("chars"),
        bytes: matches.get_flag("bytes"),
        width: matches.get_flag("max-line-length"),
    }
    .or_default()
}

fn report(
    text: &Text,
    inputs: &[Input],
    common: &Common,
    session: &mut Session<'_>,
) -> Result<Report<StatsBody>> {
    let mut files = Vec::new();
    let total = over_all(
        text,
        inputs,
        common,
        session,
        |_| None,
        |_, file| {
            let answer = text.finish(file.partial);
            files.push(StatsRow {
                path: Some(file.input.name().into()),
                complete: file.complete,
                grew: file.grew,
                ..StatsRow::new(answer, file.bytes_on_disk, &[file.input.name()])
            });
            Ok(())
        },
    )?;
    let answer = text.finish(total.partial);
    let row = StatsRow {
        complete: total.errors.is_empty(),
        ..StatsRow::new(answer, total.bytes_on_disk, &total.sources)
    };
    Ok(Report::new(
        "stats",
        total.errors,
        StatsBody { files, total: row },
    ))
}
