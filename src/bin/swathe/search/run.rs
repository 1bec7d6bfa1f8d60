//! A search over its sources, one after the other.

use std::time::Instant;

use swathe::{
    exec::Executor,
    run::{BATCH, Input, Reading, resume::lost, side_by_side, total_len},
    search::Mode,
    walk::{Event, Files},
};

use super::{
    archives,
    choose::Chosen,
    job::{Job, Totals},
    low::Extensions,
    many::{self, Shared},
    resume::Resumption,
    state::State,
};
use crate::{
    output,
    session::{Exit, Session, SessionOptions},
    stat::lacking::Lacking,
};

/// Runs the job. What goes wrong is said as it happens.
///
/// `resumed` is there if only what is new is wanted.
pub(super) fn run(job: &Job, chosen: Chosen, mut resumed: Option<Resumption>) -> Exit {
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
    let shared = Shared {
        job,
        session: &session,
        search,
        reading: reading(job),
        own_output: output::identity().filter(|_| job.feeds_itself),
        large: Executor::new(job.threads),
        stop: session.interrupt.stop(),
    };
    if counts(job) {
        session.interrupt.answers();
    }
    let searched = search_all(&shared, files, resumed.as_mut());
    if let Some(started) = shared
        .large
        .started()
        .filter(|&started| started < job.threads)
    {
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
            if session.interrupt.signal().is_none()
                && let Some(text) = archives::note(job)
            {
                session.note(None, text, true);
            }
            let kept = resumed.map_or(Ok(true), |resumed| resumed.end(&session));
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

/// How its inputs are read.
fn reading(job: &Job) -> Reading {
    Reading {
        threads: job.threads,
        chunk_size: job.search.chunk_size,
        source: job.source_options.clone(),
        archives: job.reads_archives(),
        binary: true,
        looks: job.looks.clone(),
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
    shared: &Shared<'_>,
    mut files: Files,
    resumed: Option<&mut Resumption>,
) -> swathe::Result<bool> {
    let (job, session) = (shared.job, shared.session);
    let started = Instant::now();
    if let Some(max) = job.extensions.last.filter(|_| !job.quiet) {
        let mut state = State::new(shared);
        state.search_last(files, max)?;
        state.end(started)?;
        return Ok(state.matched);
    }
    if let Some(resumed) = resumed {
        let mut state = State::new(shared);
        resumed.search(&mut state, files)?;
        state.end(started)?;
        return Ok(state.matched);
    }
    let mut any = false;
    // To start a program costs more than to claim a file.
    let size = if job.pre.is_some() { 1 } else { BATCH };
    let claim = || {
        let batch = files.batch(size);
        any |= batch.iter().any(|event| matches!(event, Event::File(_)));
        (!batch.is_empty()).then_some(batch)
    };
    let executor = Executor::new(job.threads).with_window(many::WAITING);
    let state = State::new(shared);
    let mut state = side_by_side(&executor, &shared.stop, claim, shared, state)?;
    if let Some(error) = state.failed.take() {
        return Err(error);
    }
    let interrupted = session.interrupt.signal().is_some();
    if job.unasked && !any && !interrupted {
        session.problem(
            "no file was searched: all here are hidden or left out by ignore files, or by \
             the globs and types given (--files lists what is searched, -uu leaves out nothing)",
        );
    }
    state.end(started)?;
    Ok(state.matched)
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
