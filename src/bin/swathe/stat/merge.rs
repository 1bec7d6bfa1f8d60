//! `swathe merge`: partials from files become the answer of one run.

use clap::Command;
use swathe::{
    Error, ErrorKind, Result,
    report::{Format, Report, printable},
    request::{
        Collected, Scope,
        saved::{self, PartialOf, Saved},
    },
    run::report,
};

use super::{
    DONE, FAILED, NOTHING, Session,
    args::{self, Flag, Options},
    command::{Ending, StatCommand, answer, exit, refuse},
    input, keep, print,
    print::Printer,
    saved_file, usage,
};
use crate::cli::parse::{Line, Operands};

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
merge writes a partial itself. Versions of swathe read the partials of those before them. A file that
is damaged, cut short, of a newer format or of another question is refused by name.

What would need to read the inputs once more (values --exact, groups beyond --memory) is answered as
for a stream: marked as approximate.";

/// The flags of statistics that it has as well.
const FLAGS: [&str; 7] = [
    "by",
    "format",
    "output",
    "partial",
    "fail-if",
    "no-messages",
    "progress",
];

/// What its own flags say.
#[derive(Debug, Default)]
pub(crate) struct Told {
    /// One answer for each partial.
    by_source: bool,
}

/// What merges the partials of one command.
pub(crate) type Merge = fn(&[Saved<'_>], &Options<Told>, &mut Session<'_>) -> Result<u8>;

/// The command line.
pub(crate) fn line() -> Line<Options<Told>> {
    let command = Command::new("merge")
        .about("Merge partials that --partial wrote: what one run over all inputs had printed")
        .before_help(EXAMPLES)
        .after_long_help(MORE);
    let by = Flag::<Told>::choice(
        "--by source",
        "Give an answer for each",
        &[("source", true)],
        |o| &mut o.own.by_source,
    )
    .brief()
    .more("Under its name, as text or as json.");
    // What only matters where inputs are read means nothing here.
    let shared = args::flags().map(|flag| {
        if FLAGS.contains(&flag.about.long) {
            flag
        } else {
            flag.refuse("it belongs to the run that wrote the partials; leave it out here")
        }
    });
    let operands = Operands::any(
        "PARTIAL",
        "Files that --partial wrote, in the order of their inputs; - is standard input",
    );
    Line::new(command, operands, [by].into_iter().chain(shared))
}

/// Runs the command; the number is what the process exits with. `find` gives
/// what merges the partials of a command.
///
/// # Errors
/// When a file is no partial, is damaged, or does not fit the others.
pub(crate) fn run(
    told: &Options<Told>,
    session: &mut Session<'_>,
    find: impl Fn(&str) -> Option<Merge>,
) -> Result<u8> {
    let files = input::named(&told.shared.operands).into_iter();
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
    merge(&saved, told, session)
}

/// Merges the partials of one command, in their order.
///
/// # Errors
/// When one does not hold what it should, or the answer cannot be written.
pub(crate) fn merge<C: StatCommand>(
    saved: &[Saved<'_>],
    told: &Options<Told>,
    session: &mut Session<'_>,
) -> Result<u8> {
    let shared = &told.shared;
    let inputs = input::all(&shared.operands)?;
    let ending = Ending {
        printer: Printer::new::<C::Body>(shared, &inputs)?,
        conditions: shared.fail_if.clone(),
    };
    let (kept, format) = (keep::asked(shared, &inputs)?, print::format(shared));
    if told.own.by_source {
        if kept.is_some() {
            return Err(usage("--by source answers; leave it out for --partial"));
        }
        return each::<C>(saved, &ending, format, session);
    }
    let (request, scope, collected) = saved::merged::<C>(saved)?;
    if let Some(keep) = kept {
        return keep::write(&keep, &request, &scope, collected, session);
    }
    let report = whole(&request, &scope, collected, format)?;
    let request = request.in_format(format);
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
    let shown = request.in_format(format);
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
        let request = request.in_format(format);
        report.source = Some(one.name().into());
        refuse(&request, &report)?;
        if format == Format::Text {
            let gap = if all.is_empty() { "" } else { "\n" };
            let name = printable(one.name().as_os_str().as_encoded_bytes());
            all.extend(format!("{gap}{name}\n").into_bytes());
        }
        all.extend(ending.printer.render(&report)?);
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
