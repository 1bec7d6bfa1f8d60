//! What has come of the sources of a search so far, and what is printed of it.

use std::{
    io::Write as _,
    path::Path,
    time::{Duration, Instant},
};

use swathe::{
    ErrorKind,
    exec::{Commit, Flow},
    print::PrintOptions,
    run::{Input, Reducer},
    search::{Mode, Nul, Outcome, Run, Search, Stats},
    source::{Archive, Opened, Source},
    walk::{Event, Files, Trouble},
};

use super::{
    job::Totals,
    last::Ends,
    many::{Batch, Item, Shared},
};
use crate::{session::Session, trailer};

/// Said of an input that is also the output.
pub(super) const OWN_OUTPUT: &str = "input file is also the output; write to another file";

/// Says what went wrong in a walk.
pub(super) fn trouble(session: &Session, what: &Trouble) {
    session.note(what.error.path(), &what.error, what.soft);
}

/// What has come of the sources so far.
pub(super) struct State<'a> {
    pub(super) shared: &'a Shared<'a>,
    stats: Stats,
    searching: Duration,
    pub(super) matched: bool,
    wrote: bool,
    /// How many lines may still be selected, where that is bounded over all
    /// sources.
    left: Option<u64>,
    /// Records that were cut because they became too long.
    cut: u64,
    /// The sum of the counts.
    total: u64,
    /// Why no more can be written.
    pub(super) failed: Option<swathe::Error>,
}

impl Commit<Batch> for State<'_> {
    fn commit(&mut self, batch: Batch) -> Flow {
        self.write(batch).unwrap_or_else(|error| self.fail(error))
    }
}

impl<'a> Reducer<Shared<'a>> for State<'a> {
    fn in_turn(&mut self, event: Event) -> Flow {
        let input = match event {
            Event::Trouble(what) => {
                trouble(self.shared.session, &what);
                return Flow::Continue;
            }
            Event::File(input) => input,
        };
        match self.search_one(&input) {
            Ok(()) if self.is_over() => Flow::Stop,
            Ok(()) => Flow::Continue,
            Err(error) => self.fail(error),
        }
    }
}

impl<'a> State<'a> {
    pub(super) fn new(shared: &'a Shared<'a>) -> State<'a> {
        State {
            shared,
            stats: Stats::default(),
            searching: Duration::ZERO,
            matched: false,
            wrote: false,
            left: shared.job.extensions.first,
            cut: 0,
            total: 0,
            failed: None,
        }
    }

    fn fail(&mut self, error: swathe::Error) -> Flow {
        self.failed.get_or_insert(error);
        Flow::Stop
    }

    /// Writes what a batch came to.
    ///
    /// # Errors
    /// When the output cannot be written.
    fn write(&mut self, batch: Batch) -> swathe::Result<Flow> {
        let out = &mut self.shared.session.output.clone();
        let mut at = 0;
        for item in batch.items {
            match item {
                Item::Trouble(what) => trouble(self.shared.session, &what),
                Item::Failed(input, error) => {
                    self.shared.session.source_failed(input.name(), error);
                }
                Item::Searched {
                    input,
                    end,
                    mut outcome,
                    took,
                } => {
                    let mut bytes = &batch.bytes[at..end];
                    at = end;
                    if !self.wrote {
                        // Nothing to be parted from.
                        bytes = &bytes[outcome.separator..];
                        outcome.stats.bytes_printed -= outcome.separator as u64;
                    }
                    out.write_all(bytes)?;
                    self.searching += took;
                    self.take(input.name(), outcome);
                }
            }
            if self.is_over() {
                return Ok(Flow::Stop);
            }
        }
        if at > 0 {
            out.flush()?;
        }
        Ok(Flow::Continue)
    }

    /// Whether nothing that comes now matters.
    pub(super) fn is_over(&self) -> bool {
        let enough = self.matched && self.shared.job.first_match_ends;
        enough || self.left == Some(0) || self.shared.session.interrupt.signal().is_some()
    }

    /// Searches one input on all threads, every member of it if it is an
    /// archive. That it cannot be opened is said.
    fn search_one(&mut self, input: &Input) -> swathe::Result<()> {
        let Shared { job, session, .. } = self.shared;
        if self.shared.is_output(input) {
            session.source_failed(input.name(), OWN_OUTPUT);
            return Ok(());
        }
        match job.open_as(input) {
            Ok(Opened::Source(source)) => {
                let print = self.shared.print(job.names.then(|| input.name()));
                self.search_source(&source, input.name(), &print, job.nul(input))?;
            }
            Ok(Opened::Archive(archive)) => self.search_members(archive, job.nul(input))?,
            Err(error) => session.source_failed(input.name(), error),
        }
        Ok(())
    }

    /// Searches the members of an archive. One that cannot be read is said, and
    /// the others are searched.
    fn search_members(&mut self, mut archive: Archive, nul: Nul) -> swathe::Result<()> {
        let Shared { job, session, .. } = self.shared;
        while let Some(member) = archive.next_member() {
            match member {
                Ok(source) => {
                    let print = self.shared.print(job.names_members.then(|| source.name()));
                    self.search_source(&source, source.name(), &print, nul)?;
                }
                Err(error) => {
                    let name = error.path().unwrap_or(archive.name()).to_path_buf();
                    session.source_failed(&name, error);
                }
            }
            if self.is_over() {
                break;
            }
        }
        Ok(())
    }

    fn search_source(
        &mut self,
        source: &Source,
        name: &Path,
        print: &PrintOptions,
        nul: Nul,
    ) -> swathe::Result<()> {
        self.search_as(name, |search, run| search.run_as(run, source, print, nul))
    }

    /// Has one source searched on all threads; what fails is said under `name`.
    pub(super) fn search_as(
        &mut self,
        name: &Path,
        one: impl FnOnce(&Search, &mut Run<'_>) -> swathe::Result<Outcome>,
    ) -> swathe::Result<()> {
        let session = self.shared.session;
        let limited = self.left.map(|left| self.shared.search.limited(left));
        let search = limited.as_ref().unwrap_or(&self.shared.search);
        let started = Instant::now();
        let mut run = Run {
            executor: &self.shared.large,
            out: &mut session.output.clone(),
            stop: &self.shared.stop,
            progress: &session.meter,
            written: self.wrote,
        };
        let outcome = one(search, &mut run)?;
        self.searching += started.elapsed();
        self.take(name, outcome);
        Ok(())
    }

    /// Prints the last `max` lines over all sources.
    pub(super) fn search_last(&mut self, files: Files, max: u64) -> swathe::Result<()> {
        let Shared { job, session, .. } = self.shared;
        let mut all = Vec::new();
        for event in files {
            match event {
                Event::File(input) => all.push(input),
                Event::Trouble(what) => trouble(session, &what),
            }
        }
        let ends = Ends {
            job,
            session,
            search: &self.shared.search,
            executor: &self.shared.large,
        };
        let started = Instant::now();
        for (input, last) in ends.find(all.iter(), max)? {
            if self.shared.is_output(input) {
                session.source_failed(input.name(), OWN_OUTPUT);
                continue;
            }
            match last {
                Ok(last) => {
                    let print = self.shared.print(job.names.then(|| input.name()));
                    let outcome = ends.print(input, last, &print, self.wrote)?;
                    if let Some(outcome) = outcome {
                        self.take(input.name(), outcome);
                    }
                }
                Err(error) => session.source_failed(input.name(), error),
            }
        }
        self.searching += started.elapsed();
        Ok(())
    }

    /// Says what is said when all sources are done with.
    pub(super) fn end(&self, started: Instant) -> swathe::Result<()> {
        if self.cut > 0 {
            let cut = self.cut;
            let text = format!("{cut} records begin where another became longer than --record-max");
            self.shared.session.note(None, text, true);
        }
        self.print_totals(started.elapsed())
    }

    fn take(&mut self, name: &Path, outcome: Outcome) {
        self.matched |= outcome.matched;
        self.wrote |= outcome.wrote;
        self.stats += outcome.stats;
        self.cut += outcome.cut_records;
        if let Some(left) = &mut self.left {
            *left = left.saturating_sub(outcome.stats.matched_lines);
        }
        let damaged = |error: &swathe::Error| matches!(error.kind(), ErrorKind::Damaged(_));
        if outcome.failure.as_ref().is_none_or(damaged) {
            self.total += match self.shared.job.search.mode {
                Mode::CountMatches => outcome.stats.matches,
                _ => outcome.stats.matched_lines,
            };
        }
        if let Some(failure) = outcome.failure {
            self.shared.session.source_failed(name, failure);
        }
    }

    fn print_totals(&self, elapsed: Duration) -> swathe::Result<()> {
        let out = &mut self.shared.session.output.clone();
        let interrupted = self.shared.session.interrupt.signal().is_some();
        if self.shared.job.extensions.count_total && !self.shared.job.quiet {
            let mark = if interrupted { " (interrupted)" } else { "" };
            writeln!(out, "{}{mark}", self.total)?;
        }
        match self.shared.job.totals {
            Totals::None => {}
            Totals::Text => {
                trailer::write_text(out, &self.stats, self.searching, elapsed)?;
                if interrupted {
                    writeln!(out, "interrupted: these are of what was read up to then")?;
                }
            }
            // What has no summary has not come to its end.
            Totals::Json if interrupted => {}
            Totals::Json => trailer::write_json(out, &self.stats, self.searching, elapsed)?,
        }
        Ok(())
    }
}
