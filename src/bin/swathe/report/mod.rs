//! `swathe report`: several answers about the same inputs in one document.

mod asked;
mod from;
mod kinds;
mod look;
mod schema;
mod spec;
mod unasked;

use std::{ffi::OsString, path::Path, time::Instant};

use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use swathe::{
    Error, ErrorKind, Result,
    fold::Reach,
    inspect::Inspection,
    report::{Format, ReportBody, Timing},
    request::{
        Collected, Question, ReportRequest, Request, Scope, saved, saved::PartialOf, saved_report,
    },
    run::{Gathered, Input, Live, Way, report},
};

pub(crate) use asked::Asked;
pub(crate) use from::open as open_saved;
pub(crate) use look::look;
pub(crate) use schema::spec as spec_schema;

use crate::stat::{
    DONE, Session,
    args::{self, Common},
    command::{Ending, StatCommand, answer},
    fail_if, files, gather, input, keep,
    lacking::Lacking,
    live,
    merge::whole,
    print::Printer,
    resume::{self, Resumption},
    rows,
};

/// What a report is called that has no name.
const TITLE: &str = "Log report";

/// A spec that explains itself.
const EXAMPLE: &str = include_str!("example.toml");

const EXAMPLES: &str = "\
Examples:
  swathe report --format html --output report.html app.log
  swathe report --spec report.toml --since end-24h app.log
  swathe report --from monday.json tuesday.json --format html --output week.html";

const MORE: &str = "\
Without --spec: levels, lines over time, what kinds of messages there are, a summary, line lengths
and the longest lines. What else is asked depends on the first 256 KiB of the first input that is
not empty. If its records have named fields (JSON lines, logfmt, name=value in messages, syslog): the
groups of up to three that have few different values, such as the service or the status, and the
numbers of up to two that measure something, such as a duration or a size. If it is an access log,
or with --preset nginx or apache: status codes, also over time, requests, clients, how long requests
took where fields such as rt=0.035 say so, and bytes instead of levels. What is odd is told as a
warning: stretches with far more errors, bursts, gaps, near silence, lines out of order or cut. A
spec says what else is asked; --print-spec writes one that explains itself, and swathe schema
report-spec is its JSON Schema.

All sections are answered in one pass over the inputs. --and, --not, --where, --since, --until and
--record hold for all of them; a section may have and, not, where, since and until of its own.

--format json is a saved report: it holds, in base 64, what --partial writes. --from reads such
files and shows them in any format. Several are merged: the answer is, to the byte, that of one run
over all their inputs in that order. CSV has a row for every cell of every table; with --output
naming a directory it is a file for each table.

--resume STATE answers as if all of the files were read, to the byte, and reads only what came to
them since the last run with the same options; STATE has what that run knew, and is written anew
when the answer is out. A file that is not what it was (its device, inode, size, first and last 64
KiB are compared) is read from its start, and so are all if STATE is damaged or of other options;
a line on standard error says so.";

impl StatCommand for ReportRequest {
    const ABOUT: &'static str = "Answer many questions in one pass, as a page to mail";

    fn command() -> Command {
        Command::new("report")
            .about("Everything about a log in one pass: as text, HTML, JSON, CSV, Markdown")
            .before_help(EXAMPLES)
            .after_long_help(MORE)
            .override_usage(
                "swathe report [OPTIONS] [--spec FILE.toml] [PATH]...\n       \
                 swathe report [OPTIONS] --from SAVED.json...",
            )
            .args([
                Arg::new("spec")
                    .long("spec")
                    .value_name("FILE")
                    .value_parser(value_parser!(OsString))
                    .help("Answer what this TOML file asks (see --print-spec)"),
                Arg::new("print-spec")
                    .long("print-spec")
                    .action(ArgAction::SetTrue)
                    .help("Print a spec that explains itself, to start from"),
                Arg::new("from")
                    .long("from")
                    .value_name("SAVED.json")
                    .num_args(1..)
                    .action(ArgAction::Append)
                    .value_parser(value_parser!(OsString))
                    .help("Show reports that --format json saved; several are merged"),
                Arg::new("title")
                    .long("title")
                    .value_name("TEXT")
                    .help("What the report is called"),
                Arg::new("rows")
                    .long("rows")
                    .value_name("N")
                    .value_parser(value_parser!(u32).range(1..))
                    .default_value("100")
                    .help("Show at most N rows of a table in HTML"),
                resume::arg()
                    .help("Read only what came to the files since STATE was written; see below"),
                Arg::new("path")
                    .value_name("PATH")
                    .num_args(0..)
                    .value_parser(value_parser!(OsString))
                    .help("Files to read; - or nothing for standard input"),
            ])
    }

    fn parse(matches: &ArgMatches) -> Result<(ReportRequest, Vec<Input>)> {
        let mut request = asked(matches, None)?.request;
        if let Some(title) = matches.get_one::<String>("title") {
            request.title.clone_from(title);
        }
        let paths = matches.get_many::<OsString>("path").into_iter().flatten();
        Ok((request, input::all(paths)?))
    }

    fn save(
        &self,
        scope: &Scope,
        collected: Collected<PartialOf<ReportRequest>>,
        body: &mut ReportBody,
    ) {
        body.partial = Some(embedded(self, scope, collected));
    }

    fn resumable(&self) -> Result<()> {
        let mut questions = self.sections.iter().map(|section| &section.question);
        questions.try_for_each(|question| match question {
            Question::Count(count) => count.resumable(),
            _ => Ok(()),
        })
    }

    fn run(matches: &ArgMatches, session: &mut Session<'_>) -> Result<u8> {
        if matches.get_flag("print-spec") {
            session.out.write_all(EXAMPLE.as_bytes())?;
            return Ok(DONE);
        }
        if matches.contains_id("from") {
            return show(matches, session);
        }
        ask(matches, session)
    }
}

/// What the spec asks, or what is asked without one of inputs that were `seen`.
///
/// # Errors
/// When the spec cannot be read or makes no sense.
pub(crate) fn asked(matches: &ArgMatches, seen: Option<&Inspection>) -> Result<Asked> {
    let Some(name) = matches.get_one::<OsString>("spec") else {
        return unasked::report(matches, seen);
    };
    let path = Path::new(name);
    let text = std::fs::read_to_string(path);
    let text = text.map_err(|error| Error::at(path, ErrorKind::Io(error)))?;
    spec::parse(path, &text, matches)
}

/// What is asked of inputs, which are looked at if nobody said.
fn requested(
    matches: &ArgMatches,
    inputs: &[Input],
    common: &Common,
    session: &mut Session<'_>,
) -> Result<ReportRequest> {
    if inputs.iter().any(Input::reads_once) {
        // What is looked at is read, and is answered then.
        session.interrupt.answers();
    }
    let seen = look(matches, inputs, common, session);
    asked(matches, seen.as_ref())?.of(inputs, common)
}

type Sections = <ReportRequest as Request>::Statistic;

/// Gathers what is asked, and shows with `--every` what there is so far.
fn gathered(
    (request, scope, first): (&ReportRequest, &Scope, &Sections),
    inputs: &[Input],
    (common, way): (&Common, Way),
    (matches, ending): (&ArgMatches, &Ending),
    session: &mut Session<'_>,
) -> Result<Gathered<Sections>> {
    let (output, stop) = (session.output, session.stop.clone());
    let show = |mut collected| {
        request.trim(first, &mut collected);
        let report = report(request, scope, first, collected);
        let text = |report: &_, layout: &_| ReportRequest::text(report, layout);
        ending.printer.show(report, text, output, &stop);
    };
    let live = live::parse(matches)?.map(|every| Live::new(every, &show));
    gather(
        first,
        inputs,
        (common, scope),
        session,
        (way, live.as_ref()),
    )
}

/// Reads the inputs and answers.
fn ask(matches: &ArgMatches, session: &mut Session<'_>) -> Result<u8> {
    let started = Instant::now();
    let common = args::of(matches, session)?;
    let (plain, inputs) = ReportRequest::parse(matches)?;
    let expanded = files::expand(inputs, &common, session)?;
    let inputs = common.asked.ordered(expanded.inputs, common.looks())?;
    let request = ReportRequest {
        title: plain.title,
        ..requested(matches, &inputs, &common, session)?
    };
    let scope = common
        .asked
        .scope(common.line_ending, &inputs, common.looks())?;
    let ending = Ending {
        printer: Printer::new::<ReportBody>(matches, &inputs)?,
        conditions: fail_if::parse(matches)?,
    };
    let kept = keep::parse(matches, &inputs)?;
    let shown = match kept {
        Some(_) => request.clone(),
        None => rows::of_format(&request, common.format),
    };
    let saves = common.format == Format::Json;
    let first = match shown.statistic()? {
        first if saves => first.keeping_first(),
        first => first,
    };
    let way = Way {
        per_file: request.per_file(),
        one_pass: kept.is_some(),
    };
    let asked = (&request, &scope, &first);
    let mut resumed = Resumption::open(matches, asked, &inputs, &common, Reach::All, session)?;
    let gathered = match &mut resumed {
        Some(resumed) => resumed.gather(&first, &inputs, (&common, &scope), session, way)?,
        None => gathered(
            (&shown, &scope, &first),
            &inputs,
            (&common, way),
            (matches, &ending),
            session,
        )?,
    };
    // Without a spec nobody asked for the keys of sections.
    let typed = matches.contains_id("spec");
    let absent = typed.then_some(&gathered.absent);
    let unread = Lacking::new([&gathered.untested].into_iter().chain(absent));
    let last = gathered.last.as_ref().unwrap_or(&first);
    let (bytes, mut collected) = (gathered.bytes, gathered.collected);
    collected.errors.splice(0..0, expanded.errors);
    if let Some(keep) = kept {
        request.trim(&first, &mut collected);
        return keep::write(&keep, &request, &scope, collected, session);
    }
    let partial = saves.then(|| mergeable((&request, &scope, &first), &collected));
    request.trim(last, &mut collected);
    let mut report = report(&shown, &scope, last, collected);
    report.body.partial = partial;
    if matches.get_flag("timing") {
        let seconds = started.elapsed().as_secs_f64();
        report.timing = Some(Timing::new(bytes, seconds, common.threads));
    }
    let answered = answer(&shown, &report, &ending, session);
    if let Some(resumed) = resumed {
        let exit = answered.map_err(crate::resume::lost)?;
        return resumed.end(exit, &inputs, session);
    }
    let exit = answered?;
    unread.say(&inputs, &common, session);
    Ok(exit)
}

/// Shows reports that were saved.
fn show(matches: &ArgMatches, session: &mut Session<'_>) -> Result<u8> {
    let (request, scope, collected) = from::read(matches, session.stop)?;
    let names = matches.get_many::<OsString>("from").into_iter().flatten();
    let inputs = input::all(names)?;
    let ending = Ending {
        printer: Printer::new::<ReportBody>(matches, &inputs)?,
        conditions: fail_if::parse(matches)?,
    };
    if let Some(keep) = keep::parse(matches, &inputs)? {
        return keep::write(&keep, &request, &scope, collected, session);
    }
    let format = args::parse(matches)?.format;
    let report = whole(&request, &scope, collected, format)?;
    let shown = rows::of_format(&request, format);
    answer(&shown, &report, &ending, session)
}

/// What the report can be merged by: what its first pass came to.
fn mergeable(
    (request, scope, first): (&ReportRequest, &Scope, &Sections),
    collected: &Collected<PartialOf<ReportRequest>>,
) -> String {
    let mut mergeable = collected.clone();
    if let Some(total) = first.take_first() {
        mergeable.total = total;
    }
    request.trim(first, &mut mergeable);
    embedded(request, scope, mergeable)
}

fn embedded(
    request: &ReportRequest,
    scope: &Scope,
    collected: Collected<PartialOf<ReportRequest>>,
) -> String {
    saved_report::embed(&saved::save(request, scope, collected))
}
