//! A statistic as a command: what it takes, what it runs, how it is shown.

use clap::{ArgMatches, Command};
use swathe::{
    Result,
    report::{Layout, Report, Selected},
    request::{Collected, Request, Scope, saved::PartialOf},
};

use super::{
    DONE, NOTHING, Session, TROUBLE, args,
    input::Input,
    keep,
    print::Printer,
    run::{Way, gather},
    usage,
};

/// A request that is a command of the program.
///
/// What all of them share is here: the flags for reading and printing, the run
/// over the inputs, `--partial`, and the answer.
pub(crate) trait StatCommand: Request {
    /// What the command is for, in a few words.
    const ABOUT: &'static str;

    /// Its own flags and operands.
    fn command() -> Command;

    /// What is asked, and of which inputs.
    ///
    /// # Errors
    /// When the command was called wrongly.
    fn parse(matches: &ArgMatches) -> Result<(Self, Vec<Input>)>;

    /// The answer for people. Default: its tables.
    fn text(report: &Report<Self::Body>, layout: &Layout) -> String {
        report.to_text(layout)
    }

    /// Runs the command; the number is what the process exits with.
    ///
    /// # Errors
    /// When the command was called wrongly or its answer cannot be written.
    fn run(matches: &ArgMatches, session: &mut Session<'_>) -> Result<u8> {
        ask::<Self>(matches, session)
    }
}

/// Gathers what was asked for, and answers.
///
/// # Errors
/// When the command was called wrongly or its answer cannot be written.
pub(crate) fn ask<C: StatCommand>(matches: &ArgMatches, session: &mut Session<'_>) -> Result<u8> {
    let common = args::parse(matches)?;
    let (request, inputs) = C::parse(matches)?;
    let inputs = common.asked.ordered(inputs, &common.source)?;
    let scope = common
        .asked
        .scope(common.line_ending, &inputs, &common.source)?;
    let first = request.statistic()?;
    let printer = Printer::new::<C::Body>(matches, &inputs)?;
    let kept = keep::parse(matches, &inputs)?;
    let way = Way {
        per_file: request.per_file(),
        one_pass: kept.is_some(),
    };
    let gathered = gather(&first, &inputs, (&common, &scope), session, way)?;
    if let Some(keep) = kept {
        return keep::write(&keep, &request, &scope, gathered.collected, session);
    }
    let last = gathered.last.as_ref().unwrap_or(&first);
    answer(
        &request,
        &scope,
        last,
        gathered.collected,
        (&printer, session),
    )
}

/// Finishes what was gathered and prints the answer; the number is what the
/// process exits with.
///
/// # Errors
/// When it cannot be written.
pub(crate) fn answer<C: StatCommand>(
    request: &C,
    scope: &Scope,
    last: &C::Statistic,
    collected: Collected<PartialOf<C>>,
    (printer, session): (&Printer, &mut Session<'_>),
) -> Result<u8> {
    let report = report(request, scope, last, collected);
    // What could not be read is the better reason, and is said already.
    if let Some(why) = request.refusal(&report.body).filter(|_| report.complete) {
        return Err(usage(why));
    }
    printer.print(&report, C::text, session)?;
    Ok(if !report.complete {
        TROUBLE
    } else if C::found(&report.body) {
        DONE
    } else {
        NOTHING
    })
}

fn report<C: Request>(
    request: &C,
    scope: &Scope,
    last: &C::Statistic,
    collected: Collected<PartialOf<C>>,
) -> Report<C::Body> {
    let (errors, skipped) = (collected.errors.clone(), collected.skipped.clone());
    Report {
        skipped,
        selected: Selected::new(&scope.selection, &scope.times.zone, collected.cut_records),
        ..Report::new(C::COMMAND, errors, request.body(collected.finish(last)))
    }
}
