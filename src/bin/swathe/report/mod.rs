//! `swathe report`: several answers about the same inputs in one document.

mod asked;
mod from;
mod kinds;
mod schema;
mod spec;

use std::{ffi::OsString, time::Instant};

use clap::Command;
use swathe::{
    Error, ErrorKind, Result,
    exec::Stop,
    fold::Reach,
    inspect::Inspection,
    report::{Format, Lacking, ReportBody, Timing},
    request::{
        Collected, Reads, ReportRequest, Request, Scope, saved, saved::PartialOf, saved_report,
    },
    run::{Gathered, Input, Live, Way, first_look, report},
};

pub(crate) use asked::Asked;
pub(crate) use from::open as open_saved;
pub(crate) use schema::spec as spec_schema;

use crate::cli::value;
use crate::stat::{
    DONE, Session,
    args::{self, Common, Flag, Options, Shared},
    command::{Ending, StatCommand, answer, say_lacking},
    files, gather, input, keep, live,
    merge::whole,
    print::{self, Printer},
    resume::Resumption,
};

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
or with --log-format nginx: status codes, also over time, requests, clients, how long requests
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

/// What its own flags say.
#[derive(Debug, Default)]
pub(crate) struct Told {
    print_spec: bool,
    /// Reports that were saved.
    from: Vec<OsString>,
}

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
    }

    type Told = Told;

    fn flags() -> Vec<Flag<Told>> {
        let [spec, title, rows] = args::document(
            "Answer what this TOML file asks (see --print-spec)",
            "What the report is called",
        );
        vec![
            spec,
            Flag::<Told>::on(
                "--print-spec",
                "Print a spec that explains itself, to start from",
                |o| &mut o.own.print_spec,
            )
            .brief(),
            Flag::<Told>::each(
                "--from SAVED.json",
                "Show reports that --format json saved",
                value::raw,
                |o| &mut o.own.from,
            )
            .several()
            .brief()
            .more("Several are merged."),
            title.brief(),
            rows.brief(),
            args::resume("Read only what came to the files since STATE"),
        ]
    }

    fn asked(told: &Options<Told>) -> Result<(ReportRequest, Vec<Input>)> {
        let mut request = asked(&told.shared, None)?.request;
        if let Some(title) = &told.shared.title {
            request.title.clone_from(title);
        }
        Ok((request, input::all(&told.shared.operands)?))
    }

    fn save(
        &self,
        scope: &Scope,
        collected: Collected<PartialOf<ReportRequest>>,
        body: &mut ReportBody,
    ) {
        body.partial = Some(embedded(self, scope, collected));
    }

    fn run(told: &Options<Told>, session: &mut Session<'_>) -> Result<u8> {
        if told.own.print_spec {
            session.out.write_all(EXAMPLE.as_bytes())?;
            return Ok(DONE);
        }
        if !told.own.from.is_empty() {
            return show(told, session);
        }
        ask(told, session)
    }
}

/// What the spec asks, or what is asked without one of inputs that were `seen`.
///
/// # Errors
/// When the spec cannot be read or makes no sense.
pub(crate) fn asked(told: &Shared, seen: Option<&Inspection>) -> Result<Asked> {
    let Some(path) = &told.spec else {
        let reads = Reads {
            format: told.words.format.clone(),
            delimiter: told.words.delimiter,
            records: told.words.by_record(),
            zone: told.words.times.zone.clone(),
        };
        let request = ReportRequest::unasked(seen, &reads)?;
        return Ok(Asked {
            times: Vec::new(),
            request,
        });
    };
    let text = std::fs::read_to_string(path);
    let text = text.map_err(|error| Error::at(path, ErrorKind::Io(error)))?;
    spec::parse(path, &text, &told.typed)
}

/// What the inputs look like, where nobody said what to ask.
pub(crate) fn look(
    told: &Shared,
    inputs: &[Input],
    common: &Common,
    stop: &Stop,
) -> Option<Inspection> {
    let wanted = told.spec.is_none();
    wanted.then(|| first_look(inputs, &common.reading(), stop))?
}

/// What is asked of inputs, which are looked at if nobody said.
fn requested(
    told: &Shared,
    inputs: &[Input],
    common: &Common,
    session: &mut Session<'_>,
) -> Result<ReportRequest> {
    if inputs.iter().any(Input::reads_once) {
        // What is looked at is read, and is answered then.
        session.interrupt.answers();
    }
    let seen = look(told, inputs, common, session.stop);
    asked(told, seen.as_ref())?.of(inputs, common)
}

type Sections = <ReportRequest as Request>::Statistic;

/// Gathers what is asked, and shows with `--every` what there is so far.
fn gathered(
    (request, scope, first): (&ReportRequest, &Scope, &Sections),
    inputs: &[Input],
    (common, way): (&Common, Way),
    (told, ending): (&Shared, &Ending),
    session: &mut Session<'_>,
) -> Result<Gathered<Sections>> {
    let (output, stop) = (session.output, session.stop.clone());
    let show = |mut collected| {
        request.trim(first, &mut collected);
        let report = report(request, scope, first, collected);
        ending.printer.show(report, output, &stop);
    };
    let live = live::asked(told)?.map(|every| Live::new(every, &show));
    gather(
        first,
        inputs,
        (common, scope),
        session,
        (way, live.as_ref()),
    )
}

/// Reads the inputs and answers.
fn ask(told: &Options<Told>, session: &mut Session<'_>) -> Result<u8> {
    let started = Instant::now();
    let (plain, inputs) = ReportRequest::asked(told)?;
    let told = &told.shared;
    let common = Common::of(told, session.stop)?;
    let expanded = files::expand(inputs, &common, session)?;
    let inputs = common.asked.ordered(expanded.inputs, common.looks())?;
    let request = ReportRequest {
        title: plain.title,
        ..requested(told, &inputs, &common, session)?
    };
    let scope = common
        .asked
        .scope(common.line_ending, &inputs, common.looks())?;
    let ending = Ending {
        printer: Printer::new::<ReportBody>(told, &inputs)?,
        conditions: told.fail_if.clone(),
    };
    let kept = keep::asked(told, &inputs)?;
    let shown = match kept {
        Some(_) => request.clone(),
        None => request.in_format(common.format),
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
    let mut resumed = Resumption::open(told, asked, &inputs, &common, Reach::All, session)?;
    let gathered = match &mut resumed {
        Some(resumed) => resumed.gather(&first, &inputs, (&common, &scope), session, way)?,
        None => gathered(
            (&shown, &scope, &first),
            &inputs,
            (&common, way),
            (told, &ending),
            session,
        )?,
    };
    // Without a spec nobody asked for the keys of sections.
    let absent = told.spec.is_some().then_some(&gathered.absent);
    let mut unread = Lacking::new([&gathered.untested].into_iter().chain(absent));
    unread.choose(&gathered.chosen);
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
    if told.timing {
        let seconds = started.elapsed().as_secs_f64();
        report.timing = Some(Timing::new(bytes, seconds, common.threads));
    }
    let answered = answer(&shown, &report, &ending, session);
    if let Some(resumed) = resumed {
        let exit = answered.map_err(swathe::run::resume::lost)?;
        return resumed.end(exit, &inputs, session);
    }
    let exit = answered?;
    say_lacking(&unread, &inputs, &common, session);
    Ok(exit)
}

/// Shows reports that were saved.
fn show(told: &Options<Told>, session: &mut Session<'_>) -> Result<u8> {
    let (from, told) = (&told.own.from, &told.shared);
    let (request, scope, collected) = from::read(from, told, session.stop)?;
    let inputs = input::all(from)?;
    let ending = Ending {
        printer: Printer::new::<ReportBody>(told, &inputs)?,
        conditions: told.fail_if.clone(),
    };
    if let Some(keep) = keep::asked(told, &inputs)? {
        return keep::write(&keep, &request, &scope, collected, session);
    }
    let format = print::format(told);
    let report = whole(&request, &scope, collected, format)?;
    let shown = request.in_format(format);
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
