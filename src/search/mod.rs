//! The whole way of a search: chunks are planned, looked at by workers, and
//! committed in order.
//!
//! The parts, in the order the data meets them: [`Search::run`] (here),
//! `job` (what all workers share), `pieces` (its chunks), `pick` (which records
//! are selected where the pattern alone does not say), `units` (lines or records), `scan` (a
//! chunk, ahead of its turn), `walk` (lines and their context), `commit` (in
//! turn), `steps` (what depends on the lines before), `carry` (what one chunk
//! leaves to the next), `turn_out` (bounded output). `begin` says where in a source
//! all this begins: for the `last` lines, or to `resume` where another run ended.

mod begin;
mod carry;
mod chunks;
mod commit;
mod compiled;
mod context;
mod finish;
mod hits;
mod job;
mod last;
mod multi_line;
mod nul_bytes;
mod options;
mod outcome;
mod pick;
mod quick_reject;
mod resume;
mod scan;
mod steps;
mod tally;
mod turn_out;
mod units;
mod walk;

pub use compiled::Search;
pub use last::Last;
pub use options::{LineRange, Mode, Nul, SearchOptions};
pub use outcome::{Outcome, Stats};
pub use quick_reject::QuickReject;
pub use resume::{Resumed, SearchCheckpoint};

use std::{
    io::Write,
    sync::{Mutex, PoisonError},
    time::Instant,
};

use begin::{Begin, Left};
use chunks::ChunkIter;
use commit::Committer;
use job::Job;
use nul_bytes::Rule;
use pick::{Picker, Shared};
use scan::{Scanned, Text, Worker};
use walk::Heading;

use crate::{
    chunk::ChunkHandle,
    error::{Error, Result},
    exec::{Commit as _, Executor, PrefixSum, Stop, Turn},
    print::PrintOptions,
    progress::Progress,
    source::{PageReleaser, Source},
};

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
    /// Searches one source and writes what it finds, in order.
    ///
    /// # Errors
    /// When `out` cannot be written. That a source cannot be read is no error
    /// here but part of the [`Outcome`]: what was found before stands.
    pub fn run(&self, run: &mut Run<'_>, source: &Source, print: &PrintOptions) -> Result<Outcome> {
        self.run_as(run, source, print, self.options.nul)
    }

    /// Searches one source in which a NUL byte means something else than the options say.
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
        let (outcome, _) = self.run_from(run, source, print, nul, &Begin::default())?;
        Ok(outcome)
    }

    /// The chunks of a job's source, and its head where that matters.
    fn pieces<'s>(&self, job: &mut Job<'s>, stop: &Stop, begin: &Begin) -> Result<ChunkIter<'s>> {
        let mut pieces = ChunkIter::new(job, stop, begin.range.clone())?;
        if self.picks() {
            let head = pieces.head(self, job.source);
            job.head = Some(head.map_err(|error| error.or_at(job.source.name()))?);
        }
        Ok(pieces)
    }

    fn run_from(
        &self,
        run: &mut Run<'_>,
        source: &Source,
        print: &PrintOptions,
        nul: Nul,
        begin: &Begin,
    ) -> Result<(Outcome, Left)> {
        let started = Instant::now();
        let window = run.executor.window();
        let mut job = Job::new(self, print, source, nul, window);
        if begin.mapped {
            job.judge_by_lines();
        }
        if job.rule == Rule::Mapped {
            match nul_bytes::in_head(source) {
                Ok(head) => job.binary_head = head,
                Err(error) => return Ok((Outcome::failed(error), Left::default())),
            }
        }
        if self.patterns.spans_lines() {
            return Ok((multi_line::run(&job, run)?, Left::default()));
        }
        let stop = run.stop.child();
        let pieces = self.pieces(&mut job, &stop, begin);
        let tools = job.tools();
        let picker = Picker::new(&job);
        let mut committer = Committer {
            heading: Heading::Due {
                ever_written: run.written,
            },
            progress: run.progress,
            out: run.out,
            printer: tools.printer,
            counter: tools.counter,
            finder: tools.finder,
            patterns: tools.patterns,
            gave_up: None,
            picker,
            carry: carry::ChunkCarry {
                nul: job.binary_head,
                ..begin.carry.clone()
            },
            from: begin.from,
            matched_lines: 0,
            matches: 0,
            printed: 0,
            cut: 0,
            searched: 0,
            last_selected: 0,
            end_of_range: None,
            behind: PageReleaser::new(source),
            write_error: None,
            failure: None,
            broken: false,
            met_nul: false,
            interrupted: false,
            job: &job,
        };
        match pieces {
            Err(error) => committer.failure = Some(error),
            Ok(_) if self.patterns.is_empty() && !self.options.invert => {}
            Ok(pieces) => {
                committer = scan_all(run.executor, (&stop, run.stop), pieces, committer)?;
            }
        }
        committer.write_error.take().map_or(Ok(()), Err)?;
        let left = Left {
            carry: committer.carry.clone(),
            searched: committer.searched,
        };
        let mut outcome = committer.finish(started)?;
        if !run.written {
            outcome.separator = 0;
        }
        run.written |= outcome.wrote;
        Ok((outcome, left))
    }
}

fn scan_all<'r, 's>(
    executor: &Executor,
    (stop, interrupt): (&Stop, &Stop),
    mut pieces: ChunkIter<'s>,
    committer: Committer<'r, 's>,
) -> Result<Committer<'r, 's>> {
    let job = committer.job;
    let failed: Mutex<Option<Error>> = Mutex::new(None);
    // An interrupt ends the pieces: what was read up to then is searched still.
    let enough = stop.apart();
    let before = (executor.window(), enough.clone());
    let shared = Shared {
        lines: PrefixSum::new(committer.carry.lines_before, before.0, before.1.clone()),
        in_time: PrefixSum::new(committer.carry.in_time, before.0, before.1),
    };
    let claim = || match pieces.next() {
        Ok(piece) => piece,
        Err(error) => {
            *failed.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
            None
        }
    };
    let scan = |worker: &mut Worker, piece: ChunkHandle<'s>, turn: Turn<'_, _, _>| {
        scan_one(worker, job, piece, turn, &shared);
    };
    let mut committer = executor.run(&enough, claim, || Worker::new(job), scan, committer)?;
    committer.interrupted = interrupt.is_set() && pieces.is_stopped();
    if let Some(error) = failed.into_inner().unwrap_or_else(PoisonError::into_inner) {
        committer.failure.get_or_insert(error);
    }
    Ok(committer)
}

/// Looks at one chunk, and walks it at its turn if it must be.
fn scan_one<'s>(
    worker: &mut Worker,
    job: &Job<'s>,
    piece: ChunkHandle<'s>,
    turn: Turn<'_, Scanned<'s>, Committer<'_, 's>>,
    shared: &Shared,
) {
    let scanned = worker.scan(job, piece, turn.index(), shared);
    if !matches!(scanned.text, Text::InTurn) {
        turn.deposit(scanned);
        return;
    }
    // Its output is too large to wait, or depends on what came before: go on
    // when everything before is out.
    let Some(mut held) = turn.take() else { return };
    let flow = held.commit(scanned);
    held.finish(flow);
}
