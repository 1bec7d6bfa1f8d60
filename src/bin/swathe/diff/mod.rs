//! `swathe diff`: what has changed between two logs, reports or times.

mod operand;
mod sides;

use std::{ffi::OsString, time::Instant};

use clap::{
    Arg, ArgAction, ArgMatches, Command,
    builder::{PossibleValuesParser, ValueParser},
    value_parser,
};
use serde_json::Value;
use swathe::{
    Result,
    diff::{DiffBody, DiffOptions, Per, diff},
    report::{Format, Report, Timing},
    run::Input,
};

use self::operand::Operand;
use crate::{
    messages,
    stat::{DONE, FAILED, Session, TROUBLE, args, fail_if, live, print::Printer, rows, usage},
};

const NAME: &str = "diff";

/// How many rows of a table people are shown who do not say how many.
const USUAL: usize = 20;

const EXAMPLES: &str = "\
Examples:
  swathe diff yesterday.log today.log
  swathe diff app.log@13:00..14:00 app.log@14:00..15:00
  swathe diff last-release.json app.log --fail-on 3     (for CI: exit 3 if so)";

const MORE: &str = "\
Each side is a log (a file, a directory, packed or not, - for one of them), a part of a log between
two times (FILE@FROM..TO, either may be left out; @FROM..TO alone is of the same file as the first),
or a report that swathe report --format json saved. Logs are asked what the saved report on the
other side was asked, with its filters; else what --spec says, or what swathe report asks without
one. Sections are compared that both sides have, by kind and title, of all groups and templates and
not only those that a report shows.

A ratio is the rate after by the rate before: per line, which is all records of a side, and per
second, where a timeline section or a range of time with both ends tells how long a side is.
Lines themselves are judged per second.

new      was not there before
gone     is not there any more
shifted  has a ratio of --ratio or more, or one by it
few      would be one of these, but the counts are too small to say

Too small: both counts are brought to the volume of the smaller side. There they must differ by
--floor, and if neither is 0 by three standard deviations of what comes at random, so 1 and 3 say
nothing, nor 12 and 26. --floor 0 flags whatever differs. A percentile shifts by its ratio alone, if
at least --floor numbers lie beyond it on both sides; what is within 1.6 % may be rounding and is
not counted. The sums of a group (--sum) shift by their ratio per line or per second, if it has at
least --floor records on both sides; its different values (--distinct) if their own ratio says so as
well, and they differ by --floor. Templates are found in the lines of both sides together, so that
they are the same.

The greatest shifts come first, by |log2((after + floor) / (before + floor))|. What has not changed
is shown where there are few rows, and with --all. Exit status 3 with --fail-on RATIO: a row is new,
gone, or has shifted by as much.";

/// The command line.
pub(crate) fn command() -> Command {
    let command = Command::new(NAME)
        .about("What is new, gone or shifted between two logs, reports or times")
        .before_help(EXAMPLES)
        .after_long_help(MORE)
        .override_usage("swathe diff [OPTIONS] BEFORE AFTER")
        .args([
            Arg::new("spec")
                .long("spec")
                .value_name("FILE")
                .value_parser(value_parser!(OsString))
                .help("Compare what this spec asks (see swathe report --print-spec)"),
            Arg::new("fail-on")
                .long("fail-on")
                .value_name("RATIO")
                .value_parser(ratio)
                .help("Exit with 3 if something is new, gone or shifted by RATIO or more"),
            Arg::new("ratio")
                .long("ratio")
                .value_name("RATIO")
                .value_parser(ratio)
                .help("Flag what shifted by RATIO or more [default: 2, or --fail-on if less]"),
            Arg::new("floor")
                .long("floor")
                .value_name("N")
                .value_parser(value_parser!(u64))
                .default_value("10")
                .help("Flag nothing that differs by less than N"),
            Arg::new("per")
                .long("per")
                .value_name("WHAT")
                .value_parser(ValueParser::from(PossibleValuesParser::new([
                    "line", "second",
                ])))
                .hide_possible_values(true)
                .default_value("line")
                .help("Judge counts per line or per second"),
            rows::arg("20", "Show the first N rows of a table"),
            Arg::new("all")
                .long("all")
                .action(ArgAction::SetTrue)
                .help("Show what has not changed too"),
            title(),
            page_rows(),
            Arg::new("path")
                .value_name("BEFORE AFTER")
                .num_args(0..)
                .value_parser(value_parser!(OsString))
                .help("A log, FILE@FROM..TO, or a saved report (JSON)"),
        ]);
    let quiet = ["and", "not", "where", "record", "no-messages", "fail-if"];
    let command = args::add(command).mut_args(|arg| {
        let other = ["partial", "every"].contains(&arg.get_id().as_str());
        if other { arg.hide(true) } else { arg }
    });
    quiet.into_iter().fold(command, |command, name| {
        command.mut_arg(name, |arg| arg.hide_short_help(true))
    })
}

fn title() -> Arg {
    Arg::new("title")
        .long("title")
        .value_name("TEXT")
        .hide_short_help(true)
        .help("What the comparison is called")
}

fn page_rows() -> Arg {
    Arg::new("rows")
        .long("rows")
        .value_name("N")
        .value_parser(value_parser!(u32).range(1..))
        .default_value("100")
        .hide_short_help(true)
        .help("Show at most N rows of a table in HTML")
}

fn ratio(text: &str) -> std::result::Result<f64, String> {
    match text.parse::<f64>() {
        Ok(ratio) if ratio > 1.0 && ratio.is_finite() => Ok(ratio),
        _ => Err("a ratio is a number greater than 1, such as 1.5".into()),
    }
}

/// Its schema.
pub(crate) fn schema() -> Value {
    swathe::report::schema::<DiffBody>(NAME)
}

fn options(matches: &ArgMatches, format: Format) -> DiffOptions {
    let number = |name: &str| matches.get_one::<f64>(name).copied();
    let defaults = DiffOptions::default();
    let mut limit = rows::parse(matches);
    if format.is_for_programs() {
        limit = limit.or_all();
    }
    DiffOptions {
        per: match matches.get_one::<String>("per").map(String::as_str) {
            Some("second") => Per::Second,
            _ => Per::Line,
        },
        ratio: number("ratio").unwrap_or_else(|| {
            let fail_on = number("fail-on").unwrap_or(f64::INFINITY);
            defaults.ratio.min(fail_on)
        }),
        floor: matches.get_one("floor").copied().unwrap_or(defaults.floor),
        limit: Some(limit.bound(USUAL)),
        all: matches.get_flag("all"),
    }
}

/// Compares, and prints; the number is what the process exits with.
///
/// # Errors
/// When the command was called wrongly, a saved report is damaged, or the
/// answer cannot be written.
pub(crate) fn run(matches: &ArgMatches, session: &mut Session<'_>) -> Result<u8> {
    let started = Instant::now();
    let common = args::of(matches, session)?;
    if matches.contains_id("partial") {
        return Err(usage(
            "a comparison has no partial; save the sides with swathe report --format json",
        ));
    }
    if live::parse(matches)?.is_some() {
        return Err(usage(
            "a comparison is made once, of both sides; leave out --every",
        ));
    }
    let operands = Operand::both(matches)?;
    let inputs: Vec<Input> = operands.iter().map(|one| one.input.clone()).collect();
    let printer = Printer::new::<DiffBody>(matches, &inputs)?;
    let conditions = fail_if::parse(matches)?;
    let Some(sides) = sides::read(&operands, matches, &common, session)? else {
        return Ok(TROUBLE);
    };
    let [before, after] = sides.both;
    let mut errors = before.collected.errors.clone();
    errors.extend(after.collected.errors.iter().cloned());
    let mut skipped = before.collected.skipped.clone();
    for (why, files) in &after.collected.skipped {
        *skipped.entry(why.clone()).or_default() += files;
    }
    let mut body = diff(before, after, &options(matches, common.format))?;
    if let Some(title) = matches.get_one::<String>("title") {
        body.title.clone_from(title);
    }
    let mut report = Report {
        skipped,
        ..Report::new(NAME, errors, body)
    };
    if matches.get_flag("timing") {
        let seconds = started.elapsed().as_secs_f64();
        report.timing = Some(Timing::new(sides.bytes, seconds, common.threads));
    }
    printer.write(&report, Report::to_text, session)?;
    let exit = fail_if::exit(&conditions, &report, DONE)?;
    let failed = fails(matches, &report.body);
    Ok(match (report.complete, failed) {
        (false, _) => TROUBLE,
        (true, true) => FAILED,
        (true, false) => exit,
    })
}

/// Whether something is as `--fail-on` says, which is said.
fn fails(matches: &ArgMatches, body: &DiffBody) -> bool {
    let Some(&ratio) = matches.get_one::<f64>("fail-on") else {
        return false;
    };
    let rows = body.beyond(ratio);
    if rows > 0 {
        let rows = match rows {
            1 => "1 row is".to_string(),
            many => format!("{many} rows are"),
        };
        messages::say(
            None,
            format!("--fail-on {ratio}: {rows} new, gone, or shifted by as much"),
        );
    }
    rows > 0
}
