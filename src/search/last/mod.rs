//! The last lines that a search selects, found from the end.
//!
//! What is printed for the last N is the tail of the full output: it begins
//! with the context before the Nth selected line from the end, which is made
//! of the lines directly before it that are not selected and not more than were
//! asked for. Everything from there on is what the full output has.
//!
//! A file is looked at from its end backwards, in blocks that double
//! ([`back`]); when enough was found, the rest of it is searched as always, from
//! that place on. A stream is read once and what may be printed is kept
//! ([`ring`]). Either way a NUL byte makes the source binary in its first 64 KiB and in
//! lines that are printed.

pub(super) mod back;
mod ring;

use std::path::PathBuf;

use super::{
    Begin, Nul, Outcome, Run, Search,
    chunks::ChunkIter,
    job::Job,
    nul_bytes::{self as nul, Rule},
};
use crate::{
    error::{Error, Result},
    exec::{Executor, Stop},
    print::PrintOptions,
    source::{Seen, Source},
    statistic::Head,
    time::Chosen,
};

/// Where the last lines that a search selects in a source are.
#[derive(Debug)]
pub struct Last {
    name: PathBuf,
    found: u64,
    nul: Nul,
    place: Place,
    /// What the source was, if it is a file.
    seen: Option<Seen>,
    /// How long it is, if it is a file that was looked at.
    len: Option<u64>,
    /// Records that were cut by force, as far as was looked.
    cut: u64,
    /// What was chosen for its timestamps, if they matter.
    chosen: Vec<Chosen>,
    failure: Option<Error>,
}

#[derive(Debug)]
enum Place {
    /// In the source, which is searched from here on.
    Behind(Begin),
    /// Here: the source can be read only once.
    Kept(ring::Ring),
}

impl Last {
    /// How many lines were found: at most as many as were asked for.
    pub fn found(&self) -> u64 {
        self.found
    }

    /// Whether the source must be there once more to print them.
    pub fn reads_again(&self) -> bool {
        matches!(self.place, Place::Behind(_))
    }

    /// What the source was when they were looked for, if it is a file.
    pub fn seen(&self) -> Option<&Seen> {
        self.seen.as_ref()
    }
}

impl Search {
    /// Finds the last lines, at most `max`, that the search selects in a
    /// source, in which a NUL byte means what `nul` says. It takes the time that reading them takes, whatever the size of
    /// a file, unless lines are numbered; all of a stream is read.
    ///
    /// # Errors
    /// When threads cannot be started. That the source cannot be read is told
    /// when what was found is printed.
    pub fn find_last(
        &self,
        executor: &Executor,
        stop: &Stop,
        source: &Source,
        nul: Nul,
        max: u64,
    ) -> Result<Last> {
        let print = PrintOptions::default();
        let mut job = Job::new(self, &print, source, nul, executor.window());
        let leaves = job.rule == Rule::Leave;
        job.judge_by_lines();
        job.see_part();
        let stop = stop.child();
        let pieces = ChunkIter::new(&job, &stop, None);
        // One that nobody named is left out if its head is binary.
        let is_left_out = leaves && matches!(nul::in_head(source), Ok(Some(_)));
        let mut last = Last {
            name: source.name().to_path_buf(),
            found: 0,
            nul,
            place: Place::Behind(Begin::default()),
            seen: source.seen(),
            len: source.len(),
            cut: 0,
            chosen: Vec::new(),
            failure: None,
        };
        if is_left_out {
            last.len = Some(0);
            return Ok(last);
        }
        let head = pieces.and_then(|mut pieces| {
            let head = if self.filter.is_some() {
                pieces.head(self, source)?
            } else {
                Head {
                    record: self.options.record.clone(),
                    ..Head::default()
                }
            };
            Ok((pieces, head))
        });
        let pieces = match head {
            Ok((pieces, head)) => {
                job.head = Some(head);
                last.chosen = job.chosen();
                pieces
            }
            Err(error) => {
                last.failure = Some(error.or_at(source.name()));
                return Ok(last);
            }
        };
        // To know which lines a range means, they are counted from the start.
        if source.len().is_none() || self.options.range.is_some() {
            let mut ring = ring::collect(&job, pieces, executor, &stop, max)?;
            if leaves && ring.is_binary() {
                ring.forget();
            }
            last.found = ring.found();
            last.cut = ring.cut;
            last.place = Place::Kept(ring);
            return Ok(last);
        }
        drop(pieces);
        match back::find(&job, executor, &stop, max) {
            Ok((found, begin)) => {
                last.found = found;
                last.place = Place::Behind(begin);
            }
            Err(error) => {
                // What became of the file explains it better than a read of it.
                let why = source.verify_published(0).err();
                last.failure = Some(why.unwrap_or(error).or_at(source.name()));
            }
        }
        Ok(last)
    }

    /// Prints what was found. `source` is there if it
    /// [must be](Last::reads_again); of one that is not what it was when the lines were
    /// found, nothing is printed.
    ///
    /// # Errors
    /// When `out` cannot be written, or threads cannot be started.
    pub fn print_last(
        &self,
        run: &mut Run<'_>,
        last: Last,
        source: Option<&Source>,
        print: &PrintOptions,
    ) -> Result<Outcome> {
        let Last {
            name,
            found,
            nul,
            place,
            seen,
            len,
            cut,
            chosen,
            failure,
        } = last;
        let changed = seen.zip(source).map(|(seen, source)| seen.check(source));
        if let Some(Err(error)) = changed {
            return Ok(Outcome::failed(error));
        }
        let mut outcome = match (place, source) {
            (Place::Behind(begin), Some(source)) if found > 0 => {
                self.run_from(run, source, print, nul, &begin)?.0
            }
            (Place::Kept(ring), _) => {
                let nothing = Source::from_bytes(name, Vec::new());
                let mut job = Job::new(self, print, &nothing, nul, run.executor.window());
                job.judge_by_lines();
                ring.print(&job, run)?
            }
            _ => Outcome::default(),
        };
        // However much of it was read: the answer is about all of it.
        outcome.stats.searches = 1;
        if let Some(len) = len.filter(|_| failure.is_none()) {
            outcome.stats.bytes_searched = len;
        }
        outcome.chosen = chosen;
        outcome.cut_records += cut;
        let gave_up = || {
            let why = self.patterns.gave_up()?;
            Some(Error::new(crate::error::ErrorKind::GaveUp(why)))
        };
        outcome.failure = outcome.failure.or(failure).or_else(gave_up);
        Ok(outcome)
    }
}
