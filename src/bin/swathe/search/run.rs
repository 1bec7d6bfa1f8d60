//! A search as the command line asks for it: its output, what is said of it, and how it ends.

use std::{
    io::Write,
    path::Path,
    time::{Duration, Instant},
};

use swathe::{
    Error,
    exec::Executor,
    report::Lacking,
    run::{
        Input, Reading, SearchControl, SearchPlan, Searched, Sink,
        resume::{SearchResumption, lost},
        total_len,
    },
    search::{Mode, Search},
    walk::Files,
};

use super::{
    as_bytes,
    choose::Chosen,
    job::{Job, Totals},
    low::Extensions,
};
use crate::{
    output::{self, Output},
    session::{Exit, Session, SessionOptions},
    trailer,
};

/// Runs the job. What goes wrong is said as it happens.
///
/// `resumed` is there if only what is new is wanted.
pub(super) fn run(job: &Job, chosen: Chosen, mut resumed: Option<SearchResumption>) -> Exit {
    let Chosen {
        search,
        selector,
        files,
    } = chosen;
    let options = SessionOptions {
        policy: job.policy,
        terminator: search.terminator(),
        total: total_len(&job.inputs).filter(|_| resumed.is_none()),
        streams: true,
        shown: job.shown(),
    };
    let files = match files {
        Some(known) => Files::known(known),
        None => job.files(),
    };
    let session = Session::start(&job.reading, options);
    let plan = plan(job, search);
    let executor = Executor::new(job.threads);
    let stop = session.interrupt.stop();
    if counts(job) {
        session.interrupt.answers();
    }
    let control = SearchControl {
        executor: &executor,
        stop: &stop,
        progress: &session.meter,
    };
    let searched = search_all(&plan, (job, &session), files, control, resumed.as_mut());
    if let Some(started) = executor.started().filter(|&started| started < job.threads) {
        log::debug!("{started} of {} threads could be started", job.threads);
    }
    match searched {
        Ok(matched) => {
            let exit = exit(job, &session, matched);
            if exit == Exit::NoMatch && job.unasked && job.extensions.selects() {
                session.note(None, meant(job), true);
            }
            if let Some(selector) = selector.filter(|_| goes_through_all(job)) {
                let unread = Lacking::new([&selector.unread()]);
                let files = job.inputs.iter().filter_map(Input::path);
                for text in unread.texts(files, &session.interrupt.stop()) {
                    session.note(None, text, true);
                }
            }
            if session.interrupt.signal().is_none() {
                for text in as_bytes::notes(job) {
                    session.note(None, text, true);
                }
            }
            let kept = resumed.map_or(Ok(true), |resumed| keep(job, &session, resumed));
            match kept {
                Ok(true) => session.end(exit),
                Ok(false) => session.end(Exit::Failure),
                Err(error) => session.fail(&error),
            }
        }
        Err(error) if resumed.is_some() => session.fail(&lost(error)),
        Err(error) => session.fail(&error),
    }
}

/// What is done with each input.
fn plan(job: &Job, search: Search) -> SearchPlan {
    SearchPlan {
        search,
        reading: Reading {
            threads: job.threads,
            chunk_size: job.search.chunk_size,
            source: job.source_options.clone(),
            archives: job.reads_archives(),
            binary: true,
            looks: job.looks.clone(),
        },
        print: job.print.clone(),
        names: job.names,
        names_members: job.names_members,
        nul: job.search.nul,
        walked_nul: job.walked_nul,
        preprocessor: job.pre.clone(),
        first: job.extensions.first,
        last: job.extensions.last.filter(|_| !job.quiet),
        first_match_ends: job.first_match_ends,
        own_output: output::identity().filter(|_| job.feeds_itself),
        alone: job.inputs.len() == 1,
    }
}

/// Standard output, and messages.
struct Told<'a> {
    session: &'a Session,
    out: Output,
}

impl Sink for Told<'_> {
    fn out(&mut self, _: &Path) -> &mut (dyn Write + Send) {
        &mut self.out
    }

    fn tell(&mut self, error: &Error, soft: bool) {
        self.session.note(error.path(), error, soft);
    }
}

/// Whether something is printed at the end that an interrupt must not make look final.
fn counts(job: &Job) -> bool {
    let mode = matches!(job.search.mode, Mode::Count | Mode::CountMatches);
    let total = job.extensions.count_total || job.totals == Totals::Text;
    // The thread that reads an archive may wait for a pipe.
    (mode || total || job.extensions.last.is_some()) && !job.quiet && !job.reads_archives()
}

/// Searches every source and prints the totals; true if something matched.
///
/// # Errors
/// When the output cannot be written, or threads cannot be had.
fn search_all(
    plan: &SearchPlan,
    (job, session): (&Job, &Session),
    files: Files,
    control: SearchControl<'_>,
    resumed: Option<&mut SearchResumption>,
) -> swathe::Result<bool> {
    let started = Instant::now();
    let out = session.output.clone();
    let sink = &mut Told { session, out };
    let parts = plan.last.is_some() || resumed.is_some();
    let searched = match resumed.filter(|_| plan.last.is_none()) {
        Some(resumed) => resumed.run(plan, files, control, sink)?,
        None => plan.run(files, control, sink)?,
    };
    let interrupted = session.interrupt.signal().is_some();
    if job.unasked && !searched.files && !interrupted && !parts {
        session.problem(
            "no file was searched: all here are hidden or left out by ignore files, or by \
             the globs and types given (--files lists what is searched, -uu leaves out nothing)",
        );
    }
    print_totals(job, session, &searched, started.elapsed())?;
    Ok(searched.matched)
}

/// Prints what is printed when all sources are done with.
fn print_totals(
    job: &Job,
    session: &Session,
    searched: &Searched,
    elapsed: Duration,
) -> swathe::Result<()> {
    let out = &mut session.output.clone();
    let interrupted = session.interrupt.signal().is_some();
    if job.extensions.count_total && !job.quiet {
        let mark = if interrupted { " (interrupted)" } else { "" };
        writeln!(out, "{}{mark}", searched.total)?;
    }
    let (stats, searching) = (&searched.stats, searched.searching);
    match job.totals {
        Totals::None => {}
        Totals::Text => {
            trailer::write_text(out, stats, searching, elapsed)?;
            if interrupted {
                writeln!(out, "interrupted: these are of what was read up to then")?;
            }
        }
        // What has no summary has not come to its end.
        Totals::Json if interrupted => {}
        Totals::Json => trailer::write_json(out, stats, searching, elapsed)?,
    }
    Ok(())
}

/// Writes the state, now that all is searched; false if it cannot be, which is
/// said. A run that was interrupted leaves it as it is.
///
/// # Errors
/// When the output cannot be written.
fn keep(job: &Job, session: &Session, resumed: SearchResumption) -> swathe::Result<bool> {
    let finished = session.output.finish();
    finished.map_err(|error| lost(error.into()))?;
    if session.interrupt.settle().is_some() {
        return Ok(true);
    }
    let written = resumed.write();
    if let (Err(error), Some(state)) = (&written, &job.extensions.resume) {
        session.source_failed(state, error);
    }
    Ok(written.is_ok())
}

/// Whether all lines that match are judged, so that what none of them had is known.
fn goes_through_all(job: &Job) -> bool {
    let Extensions {
        first,
        last,
        range,
        resume,
        ..
    } = &job.extensions;
    let part = first.or(*last).is_some() || range.is_some() || resume.is_some();
    let whole = matches!(
        job.search.mode,
        Mode::Standard | Mode::Json | Mode::Count | Mode::CountMatches
    );
    whole && !part && job.search.max_count.is_none() && !job.search.stop_on_nonmatch
}

/// Says what the pattern was where no file was named and nothing matched: it may
/// have been meant for a file.
fn meant(job: &Job) -> String {
    format!(
        "nothing matched {:?} in the files of the current directory; the first operand is the \
         pattern unless it names a file",
        job.patterns.join(" or ")
    )
}

/// A match is success for `-q`, whatever went wrong elsewhere.
fn exit(job: &Job, session: &Session, matched: bool) -> Exit {
    match (matched, session.errored()) {
        (true, errored) if job.quiet || !errored => Exit::Success,
        (_, true) => Exit::Failure,
        (_, false) => Exit::NoMatch,
    }
}
