//! The whole way of a search: chunks are planned, looked at by workers, and
//! committed in order.
//!
//! The parts, in the order the data meets them: [`Search::run`] (here),
//! `job` (what all workers share), `finder` (which lines match), `scan` (a
//! chunk, ahead of its turn), `walk` (lines and their context), `commit` (in
//! turn), `steps` (what depends on the lines before), `seam` (what one chunk
//! leaves to the next), `turn_out` (bounded output).

mod commit;
mod context;
mod finish;
mod job;
mod multi_line;
mod nul;
mod options;
mod outcome;
mod scan;
mod seam;
mod sieve;
mod steps;
mod tally;
mod turn_out;
mod walk;

pub use options::{Mode, Nul, SearchOptions};
pub use outcome::{Outcome, Stats};
pub use sieve::Sieve;

use std::{
    io::Write,
    sync::{Mutex, PoisonError},
    time::Instant,
};

use commit::Committer;
use job::Job;
use nul::Rule;
use scan::{Scanned, Text, Worker};
use walk::Heading;

use crate::{
    chunk::{DEFAULT_CHUNK_SIZE, Feed, FeedOptions, Piece, Record},
    error::{Error, Result},
    exec::{Executor, LinesBefore, Stop, Turn},
    pattern::Patterns,
    print::PrintOptions,
    progress::Progress,
    source::{Behind, Source},
};

/// A compiled search, for any number of sources.
#[derive(Clone, Debug)]
pub struct Search {
    patterns: Patterns,
    options: SearchOptions,
}

/// What searches of several sources share.
#[allow(missing_debug_implementations, reason = "a writer has no debug form")]
pub struct Run<'a> {
    /// The threads.
    pub executor: &'a Executor,
    /// Where results go. Bytes are written in large pieces; it is flushed
    /// whenever nothing more is to come for the moment.
    pub out: &'a mut (dyn Write + Send),
    /// Ends the run early.
    pub stop: &'a Stop,
    /// Told how far the run has come.
    pub progress: &'a dyn Progress,
    /// Whether something was written already.
    pub written: bool,
}

impl Search {
    /// A search for these patterns.
    pub fn new(patterns: Patterns, options: SearchOptions) -> Search {
        Search { patterns, options }
    }

    /// The same that selects no more than `max` lines of a source, if that is
    /// fewer than it did.
    #[must_use]
    pub fn limited(&self, max: u64) -> Search {
        let mut search = self.clone();
        search.options.max_count = Some(max.min(self.options.max_count.unwrap_or(max)));
        search
    }

    /// Searches one source and writes what it finds, in order.
    ///
    /// # Errors
    /// When `out` cannot be written. That a source cannot be read is no error
    /// here but part of the [`Outcome`]: what was found before stands.
    pub fn run(&self, run: &mut Run<'_>, source: &Source, print: &PrintOptions) -> Result<Outcome> {
        self.run_as(run, source, print, self.options.nul)
    }

    /// The same where a NUL byte in this source means something else than the
    /// options say.
    ///
    /// # Errors
    /// As [`run`](Search::run).
    pub fn run_as(
        &self,
        run: &mut Run<'_>,
        source: &Source,
        print: &PrintOptions,
        nul: Nul,
    ) -> Result<Outcome> {
        let started = Instant::now();
        let window = run.executor.window();
        let mut job = Job::new((&self.patterns, &self.options), print, source, nul, window);
        if job.rule == Rule::Mapped {
            match nul::in_head(source) {
                Ok(head) => job.binary_head = head,
                Err(error) => {
                    return Ok(Outcome {
                        failure: Some(error),
                        ..Outcome::default()
                    });
                }
            }
        }
        if self.patterns.spans_lines() {
            return multi_line::run(&job, run);
        }
        let finder = job.finder();
        let mut committer = Committer {
            heading: Heading::Due {
                ever_written: run.written,
            },
            progress: run.progress,
            out: run.out,
            printer: job.printer(),
            counter: job.counter(),
            finder,
            seam: seam::Seam {
                nul: job.binary_head,
                ..seam::Seam::default()
            },
            matched_lines: 0,
            matches: 0,
            printed: 0,
            searched: 0,
            behind: Behind::new(source),
            write_error: None,
            failure: None,
            broken: false,
            met_nul: false,
            job: &job,
        };
        if !self.patterns.is_empty() || self.options.invert {
            committer = self.scan_all(run.executor, run.stop, &job, committer)?;
        }
        if let Some(error) = committer.write_error.take() {
            return Err(error.into());
        }
        let mut outcome = committer.finish(started)?;
        if !run.written {
            outcome.separator = 0;
        }
        run.written |= outcome.wrote;
        Ok(outcome)
    }

    fn scan_all<'r, 's>(
        &self,
        executor: &Executor,
        stop: &Stop,
        job: &'r Job<'s>,
        mut committer: Committer<'r, 's>,
    ) -> Result<Committer<'r, 's>> {
        let stop = stop.child();
        let options = FeedOptions {
            size: match self.options.chunk_size {
                0 => DEFAULT_CHUNK_SIZE,
                size => size,
            },
            record: Record::Line(job.context.terminator),
            range: None,
            look_ahead: matches!(job.rule, Rule::Streamed | Rule::Leave),
        };
        let mut feed = match Feed::new(job.source, options, &stop) {
            Ok(feed) => feed,
            Err(error) => {
                committer.failure = Some(error);
                return Ok(committer);
            }
        };
        let failed: Mutex<Option<Error>> = Mutex::new(None);
        let lines = LinesBefore::new(0, executor.window(), stop.clone());
        let claim = || match feed.next_piece() {
            Ok(piece) => piece,
            Err(error) => {
                *failed.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
                None
            }
        };
        let scan = |worker: &mut Worker, piece: Piece<'s>, turn: Turn<'_, _, _>| {
            scan_one(worker, job, piece, turn, &lines);
        };
        let mut committer = executor.run(&stop, claim, || Worker::new(job), scan, committer)?;
        if let Some(error) = failed.into_inner().unwrap_or_else(PoisonError::into_inner) {
            committer.failure.get_or_insert(error);
        }
        Ok(committer)
    }
}

/// Looks at one chunk, and walks it at its turn if it must be.
fn scan_one<'s>(
    worker: &mut Worker,
    job: &Job<'s>,
    piece: Piece<'s>,
    turn: Turn<'_, Scanned<'s>, Committer<'_, 's>>,
    lines: &LinesBefore,
) {
    let scanned = worker.scan(job, piece, turn.index(), lines);
    if !matches!(scanned.text, Text::InTurn) {
        turn.deposit(scanned);
        return;
    }
    // Its output is too large to wait, or depends on what came before: go on
    // when everything before is out.
    let Some(mut held) = turn.take() else { return };
    let flow = crate::exec::Commit::commit(&mut *held, scanned);
    held.finish(flow);
}
