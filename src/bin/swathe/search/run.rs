//! A search over its sources, one after the other.

use std::{
    io::{self, Write as _},
    time::{Duration, Instant},
};

use swathe::{
    ErrorKind,
    exec::Executor,
    print::PrintOptions,
    search::{Mode, Outcome, Run, Search, Stats},
};

use super::{
    job::{Job, Totals},
    last::Ends,
};
use crate::{
    files::{Event, Found, trouble::Trouble, walk::Files},
    inputs::{Input, total_len},
    output,
    session::{Exit, Session, SessionOptions},
    trailer,
};

/// Said of an input that is also the output.
const OWN_OUTPUT: &str = "input file is also the output; write to another file";

/// Runs the job. What goes wrong is said as it happens.
///
/// `files` are there if they had to be known beforehand.
pub(super) fn run(job: &Job, search: Search, files: Option<Vec<Event>>) -> Exit {
    let options = SessionOptions {
        policy: job.policy,
        terminator: search.terminator(),
        total: total_len(&job.inputs),
        streams: true,
    };
    let files: Box<dyn Iterator<Item = Event>> = match files {
        Some(known) => Box::new(known.into_iter()),
        None => match walk(job) {
            Ok(walked) => Box::new(walked),
            Err(error) => return Session::start(&job.reading, options).fail(&error.into()),
        },
    };
    let session = Session::start(&job.reading, options);
    let mut state = State {
        job,
        session: &session,
        search,
        executor: Executor::new(job.threads),
        stats: Stats::default(),
        searching: Duration::ZERO,
        matched: false,
        wrote: false,
        left: job.beyond.first,
        total: 0,
        cut: 0,
    };
    match state.search_all(files) {
        Ok(()) => {
            if state.cut > 0 {
                let cut = state.cut;
                let text =
                    format!("{cut} records begin where another became longer than --record-max");
                session.note(None, text, true);
            }
            let exit = exit(job, &session, state.matched);
            session.end(exit)
        }
        Err(error) => session.fail(&error),
    }
}

/// The files, as they are found.
///
/// # Errors
/// When a thread cannot be started.
pub(super) fn walk(job: &Job) -> io::Result<Files> {
    Files::new(job.inputs.clone(), job.rules.clone(), job.unasked)
}

/// Says what went wrong in a walk.
pub(super) fn trouble(session: &Session, what: &Trouble) {
    session.note(what.path.as_deref(), &what.text, what.soft);
}

/// A match is success for `-q`, whatever went wrong elsewhere.
fn exit(job: &Job, session: &Session, matched: bool) -> Exit {
    match (matched, session.errored()) {
        (true, errored) if job.quiet || !errored => Exit::Success,
        (_, true) => Exit::Failure,
        (_, false) => Exit::NoMatch,
    }
}

/// What has come of the sources so far.
struct State<'a> {
    job: &'a Job,
    session: &'a Session,
    search: Search,
    executor: Executor,
    stats: Stats,
    searching: Duration,
    matched: bool,
    wrote: bool,
    /// How many lines may still be selected, where that is bounded over all
    /// sources.
    left: Option<u64>,
    /// Records that were cut because they became too long.
    cut: u64,
    /// The sum of the counts.
    total: u64,
}

impl State<'_> {
    /// Searches every source and prints the totals.
    ///
    /// # Errors
    /// When the output cannot be written, or threads cannot be had.
    fn search_all(&mut self, files: impl Iterator<Item = Event>) -> swathe::Result<()> {
        let started = Instant::now();
        let own_output = output::identity().filter(|_| self.job.feeds_itself);
        if let Some(max) = self.job.beyond.last.filter(|_| !self.job.quiet) {
            self.search_last(files, max, own_output)?;
            return self.print_totals(started.elapsed());
        }
        let mut done = 0;
        let mut any = false;
        for event in files {
            let found = match event {
                Event::File(found) => found,
                Event::Trouble(what) => {
                    trouble(self.session, &what);
                    continue;
                }
            };
            any = true;
            let input = &found.input;
            if own_output.is_some() && input.identity() == own_output {
                self.session.source_failed(input.name(), OWN_OUTPUT);
                continue;
            }
            if let Some(outcome) = self.search_one(&found)? {
                self.take(input, outcome);
            }
            if self.session.interrupt.signal().is_some() {
                return Ok(());
            }
            if (self.matched && self.job.first_match_ends) || self.left == Some(0) {
                break;
            }
            done += input.len().unwrap_or(0);
            self.session.meter.set(done);
        }
        if self.job.unasked && !any {
            self.session.problem(
                "no file was searched: all here are hidden or left out by ignore files, or by \
                 the globs and types given (--files lists what is searched, -uu leaves out nothing)",
            );
        }
        self.print_totals(started.elapsed())
    }

    /// Prints the last `max` lines over all sources.
    fn search_last(
        &mut self,
        files: impl Iterator<Item = Event>,
        max: u64,
        own_output: Option<(u64, u64)>,
    ) -> swathe::Result<()> {
        let mut all = Vec::new();
        for event in files {
            match event {
                Event::File(found) => all.push(found),
                Event::Trouble(what) => trouble(self.session, &what),
            }
        }
        let (job, session) = (self.job, self.session);
        let search = self.search.clone();
        let ends = Ends {
            job,
            session,
            search: &search,
            executor: &Executor::new(job.threads),
        };
        let is_own = |input: &Input| own_output.is_some() && input.identity() == own_output;
        let started = Instant::now();
        for (found, last) in ends.find(all.iter(), max)? {
            let input = &found.input;
            if is_own(input) {
                session.source_failed(input.name(), OWN_OUTPUT);
                continue;
            }
            match last {
                Ok(last) => {
                    let print = self.print_options(input);
                    let outcome = ends.print(input, last, &print, self.wrote)?;
                    if let Some(outcome) = outcome {
                        self.take(input, outcome);
                    }
                }
                Err(error) => session.source_failed(input.name(), error),
            }
        }
        self.searching += started.elapsed();
        Ok(())
    }

    /// How results of this source are shown.
    fn print_options(&self, input: &Input) -> PrintOptions {
        let path = self.job.names.then(|| input.name().to_path_buf());
        PrintOptions {
            path,
            ..self.job.print.clone()
        }
    }

    /// Searches one source; nothing comes back if it cannot be opened, which
    /// is then said.
    fn search_one(&mut self, found: &Found) -> swathe::Result<Option<Outcome>> {
        let input = &found.input;
        let source = match input.open(&self.job.source_options) {
            Ok(source) => source,
            Err(error) => {
                self.session.source_failed(input.name(), error);
                return Ok(None);
            }
        };
        let print = self.print_options(input);
        let limited = self.left.map(|left| self.search.limited(left));
        let search = limited.as_ref().unwrap_or(&self.search);
        let started = Instant::now();
        let mut run = Run {
            executor: &self.executor,
            out: &mut self.session.output.clone(),
            // A fresh one: that a source was left early must not end the next.
            stop: &self.session.interrupt.stop(),
            progress: &self.session.meter,
            written: self.wrote,
        };
        let outcome = search.run_as(&mut run, &source, &print, self.job.nul(found))?;
        self.searching += started.elapsed();
        Ok(Some(outcome))
    }

    fn take(&mut self, input: &Input, outcome: Outcome) {
        self.matched |= outcome.matched;
        self.wrote |= outcome.wrote;
        self.stats += outcome.stats;
        self.cut += outcome.cut_records;
        if let Some(left) = &mut self.left {
            *left = left.saturating_sub(outcome.stats.matched_lines);
        }
        let damaged = |error: &swathe::Error| matches!(error.kind(), ErrorKind::Damaged(_));
        if outcome.failure.as_ref().is_none_or(damaged) {
            self.total += match self.job.search.mode {
                Mode::CountMatches => outcome.stats.matches,
                _ => outcome.stats.matched_lines,
            };
        }
        if let Some(failure) = outcome.failure {
            self.session.source_failed(input.name(), failure);
        }
    }

    fn print_totals(&self, elapsed: Duration) -> swathe::Result<()> {
        let out = &mut self.session.output.clone();
        if self.job.beyond.count_total && !self.job.quiet {
            writeln!(out, "{}", self.total)?;
        }
        match self.job.totals {
            Totals::None => {}
            Totals::Text => trailer::write_text(out, &self.stats, self.searching, elapsed)?,
            Totals::Json => trailer::write_json(out, &self.stats, self.searching, elapsed)?,
        }
        Ok(())
    }
}
