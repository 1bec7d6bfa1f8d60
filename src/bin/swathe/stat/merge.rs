//! `swathe merge`: partials from files become the answer of one run.

use std::ffi::OsString;

use clap::{
    Arg, ArgMatches, Command, builder::PossibleValuesParser, parser::ValueSource, value_parser,
};
use swathe::{
    Error, ErrorKind, Result,
    report::{Format, Report, printable},
    request::{
        Collected, Scope,
        saved::{PartialOf, Saved},
    },
    run::report,
};

use super::{
    DONE, FAILED, NOTHING, Session, args,
    command::{Ending, StatCommand, answer, exit, refuse},
    fail_if, input, keep, print,
    print::Printer,
    rows, saved_file, usage,
};

const EXAMPLES: &str = "\
Examples:
  swathe merge monday.partial tuesday.partial
  swathe merge --format json *.partial
  for h in a b; do ssh $h swathe count ERROR app.log --partial - > $h.partial; done; \
swathe merge [ab].partial";

const MORE: &str = "\
Every statistic writes its partial with --partial FILE instead of an answer: all that is needed to
go on from there, usually a few kilobytes however large the input was. Partials of the same command
with the same options can be merged, wherever and in whatever groups they were made; the answer is,
to the byte, that of one run over all their inputs in the order of the arguments. With --partial,
merge writes a partial itself. A file that is damaged, cut short, of another version of swathe or
of another question is refused by name.

What would need to read the inputs once more (values --exact, groups beyond --memory) is answered as
for a stream: marked as approximate.";

/// Its flags.
const FLAGS: [&str; 8] = [
    "path",
    "by",
    "format",
    "output",
    "partial",
    "fail-if",
    "no-messages",
    "progress",
];

/// What merges the partials of one command.
pub(crate) type Merge = fn(&[Saved<'_>], &ArgMatches, &mut Session<'_>) -> Result<u8>;

/// The command line.
pub(crate) fn command() -> Command {
    let command = Command::new("merge")
        .about("Merge partials that --partial wrote: what one run over all inputs had printed")
        .before_help(EXAMPLES)
        .after_long_help(MORE)
        .arg(
            Arg::new("by")
                .long("by")
                .value_name("source")
                .value_parser(PossibleValuesParser::new(["source"]))
                .hide_possible_values(true)
                .help("Answer for each partial instead, under its name (text and json)"),
        )
        .arg(
            Arg::new("path")
                .value_name("PARTIAL")
                .num_args(0..)
                .value_parser(value_parser!(OsString))
                .help(
                    "Files that --partial wrote, in the order of their inputs; - is standard input",
                ),
        );
    args::add(command).mut_args(|arg| {
        let known = FLAGS.contains(&arg.get_id().as_str());
        if known { arg } else { arg.hide(true) }
    })
}

/// Runs the command; the number is what the process exits with. `find` gives
/// what merges the partials of a command.
///
/// # Errors
/// When a file is no partial, is damaged, or does not fit the others.
pub(crate) fn run(
    matches: &ArgMatches,
    session: &mut Session<'_>,
    find: impl Fn(&str) -> Option<Merge>,
) -> Result<u8> {
    // What only matters where inputs are read means nothing here.
    let typed = |id: &str| matches.value_source(id) == Some(ValueSource::CommandLine);
    let mut ids = matches.ids().map(clap::Id::as_str);
    if let Some(id) = ids.find(|id| typed(id) && !FLAGS.contains(id)) {
        return Err(usage(format!(
            "--{id} belongs to the run that wrote the partials; leave it out here"
        )));
    }
    let names = matches.get_many::<OsString>("path").into_iter().flatten();
    let files = input::all(names)?.into_iter();
    let files = files.map(|input| saved_file::whole(&input, session.stop));
    let files = files.collect::<Result<Vec<_>>>()?;
    if files.is_empty() {
        return Err(usage(
            "nothing to merge: name files that --partial wrote (see --help)",
        ));
    }
    let opened = files.iter().map(|(name, bytes)| Saved::open(name, bytes));
    let saved = opened.collect::<Result<Vec<_>>>()?;
    let first = &saved[0];
    for other in &saved[1..] {
        first.fits(other)?;
    }
    let merge = find(first.command()).ok_or_else(|| {
        let why = format!(
            "is a partial of swathe {}, which this swathe does not know",
            first.command()
        );
        Error::at(first.name(), ErrorKind::Partial(why))
    })?;
    merge(&saved, matches, session)
}

/// Merges the partials of one command, in their order.
///
/// # Errors
/// When one does not hold what it should, or the answer cannot be written.
pub(crate) fn merge<C: StatCommand>(
    saved: &[Saved<'_>],
    matches: &ArgMatches,
    session: &mut Session<'_>,
) -> Result<u8> {
    let names = matches.get_many::<OsString>("path").into_iter().flatten();
    let inputs = input::all(names)?;
    let ending = Ending {
        printer: Printer::new::<C::Body>(matches, &inputs)?,
        conditions: fail_if::parse(matches)?,
    };
    let kept = keep::parse(matches, &inputs)?;
    if matches.contains_id("by") {
        if kept.is_some() {
            return Err(usage("--by source answers; leave it out for --partial"));
        }
        return each::<C>(saved, &ending, print::format(matches)?, session);
    }
    let Some((first, others)) = saved.split_first() else {
        return Err(usage("nothing to merge"));
    };
    let (request, scope, statistic) = first.request::<C>()?;
    let mut collected = first.gathered::<C>(&statistic)?;
    for other in others {
        collected.append(&statistic, other.gathered::<C>(&statistic)?);
    }
    let format = print::format(matches)?;
    if let Some(keep) = kept {
        return keep::write(&keep, &request, &scope, collected, session);
    }
    let report = whole(&request, &scope, collected, format)?;
    let request = rows::of_format(&request, format);
    answer(&request, &report, &ending, session)
}

/// The answer in this format, as the run over the inputs would have given it.
///
/// # Errors
/// When the request makes no sense.
pub(crate) fn whole<C: StatCommand>(
    request: &C,
    scope: &Scope,
    collected: Collected<PartialOf<C>>,
    format: Format,
) -> Result<Report<C::Body>> {
    let shown = rows::of_format(request, format);
    let kept = (format == Format::Json).then(|| collected.clone());
    let mut report = report(&shown, scope, &shown.statistic()?, collected);
    if let Some(kept) = kept {
        request.save(scope, kept, &mut report.body);
    }
    Ok(report)
}

/// Answers for each partial: under its name, or as a line of JSON that has it.
fn each<C: StatCommand>(
    saved: &[Saved<'_>],
    ending: &Ending,
    format: Format,
    session: &mut Session<'_>,
) -> Result<u8> {
    if !matches!(format, Format::Text | Format::Json) {
        return Err(usage(
            "--by source gives one answer after the other; use --format text or json",
        ));
    }
    let (mut all, mut worst) = (Vec::new(), None);
    for one in saved {
        let (request, scope, statistic) = one.request::<C>()?;
        let collected = one.gathered::<C>(&statistic)?;
        let mut report = whole(&request, &scope, collected, format)?;
        let request = rows::of_format(&request, format);
        report.source = Some(one.name().into());
        refuse(&request, &report)?;
        if format == Format::Text {
            let gap = if all.is_empty() { "" } else { "\n" };
            let name = printable(one.name().as_os_str().as_encoded_bytes());
            all.extend(format!("{gap}{name}\n").into_bytes());
        }
        all.extend(ending.printer.render(&report, C::text)?);
        let exit = exit::<C>(&report, &ending.conditions)?;
        if worst.is_none_or(|worst| weight(exit) > weight(worst)) {
            worst = Some(exit);
        }
    }
    ending.printer.put(&all, session)?;
    Ok(worst.unwrap_or(DONE))
}

/// Of several answers, the exit status with the greatest weight is that of all:
/// one that has found something is enough, and what went wrong is more.
fn weight(exit: u8) -> u8 {
    match exit {
        NOTHING => 0,
        DONE => 1,
        FAILED => 2,
        _ => 3,
    }
}
