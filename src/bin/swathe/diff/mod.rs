//! `swathe diff`: what has changed between two logs, reports or times.

mod operand;
mod sides;

use std::{ffi::OsStr, time::Instant};

use clap::Command;
use serde_json::Value;
use swathe::{
    Result,
    diff::{DiffBody, DiffOptions, Per, diff},
    report::{Format, Report, Timing},
    run::Input,
};

use self::operand::Operand;
use crate::{
    cli::{
        parse::{Line, Operands},
        value,
    },
    messages,
    stat::{
        DONE, FAILED, Session, TROUBLE,
        args::{self, Common, Flag, Options},
        fail_if,
        print::Printer,
    },
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

/// What its own flags say.
#[derive(Debug, Default)]
pub(crate) struct Told {
    fail_on: Option<f64>,
    ratio: Option<f64>,
    floor: Option<u64>,
    per: Per,
    all: bool,
}

/// The words for [`Per`].
const PERS: [(&str, Per); 2] = [("line", Per::Line), ("second", Per::Second)];

/// The command line.
pub(crate) fn line() -> Line<Options<Told>> {
    let command = Command::new(NAME)
        .about("What is new, gone or shifted between two logs, reports or times")
        .before_help(EXAMPLES)
        .after_long_help(MORE)
        .override_usage("swathe diff [OPTIONS] BEFORE AFTER");
    let operands = Operands::any(
        "BEFORE AFTER",
        "A log, FILE@FROM..TO, or a saved report (JSON)",
    );
    let shared = args::flags().map(|flag| match flag.about.long {
        "partial" => {
            flag.refuse("a comparison has none; save the sides with swathe report --format json")
        }
        "every" => flag.refuse("a comparison is made once, of both sides; leave it out"),
        "and" | "not" | "where" | "record" | "fail-if" => flag.quiet(),
        _ => flag,
    });
    Line::new(command, operands, flags().into_iter().chain(shared))
}

fn flags() -> Vec<Flag<Told>> {
    let [spec, title, rows] = args::document(
        "Compare what this spec asks (swathe report --print-spec)",
        "What the comparison is called",
    );
    vec![
        spec,
        Flag::<Told>::one(
            "--fail-on RATIO",
            "Exit with 3 if a row is new, gone or shifted by RATIO",
            ratio,
            |o| &mut o.own.fail_on,
        )
        .brief(),
        Flag::<Told>::one(
            "--ratio RATIO",
            "Flag what shifted by RATIO or more (2)",
            ratio,
            |o| &mut o.own.ratio,
        )
        .brief()
        .more("Or by that of --fail-on, if it is less."),
        Flag::<Told>::one(
            "--floor N",
            "Flag nothing that differs by less than N (10)",
            value::number::<u64>,
            |o| &mut o.own.floor,
        )
        .brief(),
        Flag::<Told>::choice("--per WHAT", "Judge counts per", &PERS, |o| &mut o.own.per).brief(),
        args::limit("-k --limit N", "Show the first N rows of a table (20)"),
        Flag::<Told>::on("--all", "Show what has not changed too", |o| &mut o.own.all).brief(),
        title,
        rows,
    ]
}

fn ratio(value: &OsStr) -> std::result::Result<f64, String> {
    match value::text(value)?.parse::<f64>() {
        Ok(ratio) if ratio > 1.0 && ratio.is_finite() => Ok(ratio),
        _ => Err("a ratio is a number greater than 1, such as 1.5".into()),
    }
}

/// Its schema.
pub(crate) fn schema() -> Value {
    swathe::report::schema::<DiffBody>(NAME)
}

fn options(Options { own, shared }: &Options<Told>, format: Format) -> DiffOptions {
    let defaults = DiffOptions::default();
    let mut limit = shared.limit;
    if format.is_for_programs() {
        limit = limit.or_all();
    }
    DiffOptions {
        per: own.per,
        ratio: own
            .ratio
            .unwrap_or_else(|| defaults.ratio.min(own.fail_on.unwrap_or(f64::INFINITY))),
        floor: own.floor.unwrap_or(defaults.floor),
        limit: Some(limit.bound(USUAL)),
        all: own.all,
    }
}

/// Compares, and prints; the number is what the process exits with.
///
/// # Errors
/// When the command was called wrongly, a saved report is damaged, or the
/// answer cannot be written.
pub(crate) fn run(told: &Options<Told>, session: &mut Session<'_>) -> Result<u8> {
    let started = Instant::now();
    let shared = &told.shared;
    let common = Common::of(shared, session.stop)?;
    let operands = Operand::both(&shared.operands)?;
    let inputs: Vec<Input> = operands.iter().map(|one| one.input.clone()).collect();
    let printer = Printer::new::<DiffBody>(shared, &inputs)?;
    let Some(sides) = sides::read(&operands, shared, &common, session)? else {
        return Ok(TROUBLE);
    };
    let [before, after] = sides.both;
    let mut errors = before.collected.errors.clone();
    errors.extend(after.collected.errors.iter().cloned());
    let mut skipped = before.collected.skipped.clone();
    for (why, files) in &after.collected.skipped {
        *skipped.entry(why.clone()).or_default() += files;
    }
    let mut body = diff(before, after, &options(told, common.format))?;
    if let Some(title) = &shared.title {
        body.title.clone_from(title);
    }
    let mut report = Report {
        skipped,
        ..Report::new(NAME, errors, body)
    };
    if shared.timing {
        let seconds = started.elapsed().as_secs_f64();
        report.timing = Some(Timing::new(sides.bytes, seconds, common.threads));
    }
    printer.write(&report, session)?;
    let exit = fail_if::exit(&shared.fail_if, &report, DONE)?;
    let failed = fails(told.own.fail_on, &report.body);
    Ok(match (report.complete, failed) {
        (false, _) => TROUBLE,
        (true, true) => FAILED,
        (true, false) => exit,
    })
}

/// Whether something is as `--fail-on` says, which is said.
fn fails(ratio: Option<f64>, body: &DiffBody) -> bool {
    let Some(ratio) = ratio else {
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
