//! A statistic as a command: what it takes, what it runs, how it is shown.

use std::{fmt::Debug, time::Instant};

use clap::Command;
use swathe::{
    Result,
    fold::Reach,
    report::{Condition, Lacking, Report, Timing, grouped},
    request::{Collected, Request, Scope, saved::PartialOf},
    run::{Input, Live, Way, report},
};

use super::{
    DONE, NOTHING, Session, TROUBLE,
    args::{Common, Flag, Options},
    fail_if, files, gather, keep, live,
    print::Printer,
    resume::Resumption,
    usage,
};
use crate::cli::parse::Operands;

/// A request that is a command of the program.
///
/// What all of them share is here: the flags for reading and printing, the run
/// over the inputs, `--partial`, and the answer.
pub(crate) trait StatCommand: Request + Sync {
    /// What the command is for, in a few words.
    const ABOUT: &'static str;

    /// What its own flags say.
    type Told: Default + Debug + 'static;

    /// Its name, its examples and what its help says beside flags.
    fn command() -> Command;

    /// What stands behind the flags. Default: files.
    const OPERANDS: Operands = Operands::FILES;

    /// Its own flags, and those that not all commands have.
    fn flags() -> Vec<Flag<Self::Told>>;

    /// What is asked, and of which inputs.
    ///
    /// # Errors
    /// When the command was called wrongly.
    fn asked(told: &Options<Self::Told>) -> Result<(Self, Vec<Input>)>;

    /// Has the answer hold what it can be merged from later. Default: it cannot.
    fn save(&self, scope: &Scope, collected: Collected<PartialOf<Self>>, body: &mut Self::Body) {
        let _ = (scope, collected, body);
    }

    /// Runs the command; the number is what the process exits with.
    ///
    /// # Errors
    /// When the command was called wrongly or its answer cannot be written.
    fn run(told: &Options<Self::Told>, session: &mut Session<'_>) -> Result<u8> {
        ask::<Self>(told, session)
    }
}

/// Gathers what was asked for, and answers.
///
/// # Errors
/// When the command was called wrongly or its answer cannot be written.
pub(crate) fn ask<C: StatCommand>(
    told: &Options<C::Told>,
    session: &mut Session<'_>,
) -> Result<u8> {
    let started = Instant::now();
    let (request, inputs) = C::asked(told)?;
    let told = &told.shared;
    let mut common = Common::of(told, session.stop)?;
    let expanded = files::expand(inputs, &common, session)?;
    let inputs = expanded.inputs;
    common.asked.with_regex(request.regex());
    let inputs = common.asked.ordered(inputs, common.looks())?;
    let scope = common
        .asked
        .scope(common.line_ending, &inputs, common.looks())?;
    let ending = Ending {
        printer: Printer::new::<C::Body>(told, &inputs)?,
        conditions: told.fail_if.clone(),
    };
    let kept = keep::asked(told, &inputs)?;
    let shown = match kept {
        Some(_) => request.clone(),
        None => request.in_format(common.format),
    };
    let first = shown.statistic()?;
    let way = Way {
        per_file: request.per_file(),
        one_pass: kept.is_some(),
    };
    let (session_output, stop) = (session.output, session.stop.clone());
    let asked = (&request, &scope, &first);
    let mut resumed = Resumption::open(told, asked, &inputs, &common, Reach::New, session)?;
    let show = |collected| {
        let report = report(&shown, &scope, &first, collected);
        ending.printer.show(report, session_output, &stop);
    };
    let live = live::asked(told)?.map(|every| Live::new(every, &show));
    let ground = (&common, &scope);
    let mut gathered = match &mut resumed {
        Some(resumed) => resumed.gather(&first, &inputs, ground, session, way)?,
        None => gather(&first, &inputs, ground, session, (way, live.as_ref()))?,
    };
    gathered.collected.errors.splice(0..0, expanded.errors);
    let mut unread = Lacking::new([&gathered.untested, &gathered.absent]);
    unread.choose(&gathered.chosen);
    if let Some(keep) = kept {
        return keep::write(&keep, &request, &scope, gathered.collected, session);
    }
    let last = gathered.last.as_ref().unwrap_or(&first);
    let mut report = report(&shown, &scope, last, gathered.collected);
    if told.timing {
        let seconds = started.elapsed().as_secs_f64();
        report.timing = Some(Timing::new(gathered.bytes, seconds, common.threads));
    }
    unread.extend(request.lacking(&report.body));
    let answered = answer(&shown, &report, &ending, session);
    let exit = match &resumed {
        Some(_) => answered.map_err(swathe::run::resume::lost)?,
        None => answered?,
    };
    // What was read before is not known to lack it as well.
    if resumed.is_none() {
        say_lacking(&unread, &inputs, &common, session);
    }
    match resumed {
        Some(resumed) => resumed.end(exit, &inputs, session),
        None => Ok(exit),
    }
}

/// Says what no record had, with what the first of the inputs looks like, unless the run
/// ended early.
pub(crate) fn say_lacking(
    lacking: &Lacking,
    inputs: &[Input],
    common: &Common,
    session: &mut Session<'_>,
) {
    if !common.messages || session.stop.is_set() {
        return;
    }
    let files = inputs.iter().filter_map(Input::path);
    for text in lacking.texts(files, session.stop) {
        (session.complain)(&usage(text));
    }
}

/// What is to be done with an answer.
pub(crate) struct Ending {
    pub(crate) printer: Printer,
    pub(crate) conditions: Vec<Condition>,
}

/// Prints the answer; the number is what the process exits with.
///
/// # Errors
/// When it cannot be written, or was to be exact and is not.
pub(crate) fn answer<C: StatCommand>(
    request: &C,
    report: &Report<C::Body>,
    ending: &Ending,
    session: &mut Session<'_>,
) -> Result<u8> {
    refuse(request, report)?;
    ending.printer.write(report, session)?;
    if ending.printer.is_bare() {
        tell_left_out(request, report, session);
    }
    exit::<C>(report, &ending.conditions)
}

/// Says that the answer does not have all rows, though all were asked for.
fn tell_left_out<C: Request>(request: &C, report: &Report<C::Body>, session: &mut Session<'_>) {
    let groups = request.left_out(&report.body);
    if groups > 0 {
        (session.complain)(&usage(format!(
            "about {} groups are not in the answer, since they do not fit into memory (--memory gives \
             more, -k N asks for the first)",
            grouped(groups)
        )));
    }
}

/// Refuses an answer that was to be exact and is not.
///
/// # Errors
/// If it is such an answer.
pub(crate) fn refuse<C: Request>(request: &C, report: &Report<C::Body>) -> Result<()> {
    // What could not be read is the better reason, and is said already.
    match request.refusal(&report.body).filter(|_| report.complete) {
        Some(why) => Err(usage(why)),
        None => Ok(()),
    }
}

/// What the process exits with after this answer.
///
/// # Errors
/// When a condition is about a number that the answer does not have.
pub(crate) fn exit<C: Request>(report: &Report<C::Body>, conditions: &[Condition]) -> Result<u8> {
    let exit = if C::found(&report.body) {
        DONE
    } else {
        NOTHING
    };
    let exit = fail_if::exit(conditions, report, exit)?;
    Ok(if report.complete { exit } else { TROUBLE })
}
