//! The whole way of a statistic: one pass over a source, partials in order.
//!
//! [`Fold::run`] decides the [`Head`], hands every chunk to the statistic and
//! merges the partials in the order of the source. A partial is merged only
//! after the source was asked whether what it came from is still what the file
//! held; nothing of a torn file gets into the answer, and everything before
//! that stays in it. A part of a source
//! ([`FoldOptions::range`]) gives a [`Part`] that is written out, sent and
//! appended to the part before it by whoever has that.
//!
//! Deliberately not here: what is computed ([`crate::statistic`]), what is
//! printed of it ([`crate::report`]), and which sources there are.

mod chunks;
mod part;
mod resume;
mod unmerged;

pub use part::{Ending, Folded, Part};
pub use resume::{Anew, Checkpoint, Reach, Resumed};

use std::{
    ops::Range,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use self::{
    chunks::ChunkIter,
    unmerged::{Scanned, Stretch, Unmerged},
};
use crate::{
    chunk::{ChunkHandle, Record},
    error::{Error, ErrorKind, Result},
    exec::{Commit, Executor, Flow, Stop},
    format::Formats,
    progress::Progress,
    source::{PageReleaser, Source},
    statistic::{Head, LineEnding, Pass, Scan, Statistic},
    time,
};

/// How a source is cut and read for a statistic. None of it changes an answer
/// but `line_ending`, `record`, `times`, `head` and `range`.
#[derive(Clone, Debug, Default)]
pub struct FoldOptions {
    /// Nominal size of a chunk in bytes; 0 for the default.
    pub chunk_size: u64,
    /// How lines end. Default: as the head of the source says.
    pub line_ending: Option<LineEnding>,
    /// What one record is, unless `head` says it. Default: a line.
    pub record: Record,
    /// What is known about timestamps, unless `head` says it. When the source
    /// was last written is asked of it if that is not given here.
    pub times: time::Options,
    /// The formats that records may have.
    pub formats: Formats,
    /// What was decided from the head elsewhere. Default: look.
    pub head: Option<Head>,
    /// Only the lines that start in this range of bytes; a stream has no
    /// ranges and ignores it. Default: all.
    pub range: Option<Range<u64>>,
}

/// Runs statistics over sources.
#[derive(Clone)]
#[allow(
    missing_debug_implementations,
    reason = "an observer has no debug form"
)]
pub struct Fold<'a> {
    /// The threads.
    pub executor: &'a Executor,
    /// Ends the run early: with the last whole record that was read.
    pub stop: &'a Stop,
    /// Told how far the run has come.
    pub progress: &'a dyn Progress,
    /// How.
    pub options: FoldOptions,
}

impl Fold<'_> {
    /// Runs one pass of the statistic over the source.
    ///
    /// # Errors
    /// When threads cannot be started. That the source cannot be read is no
    /// error here but its [`Ending`]: what was seen before stands.
    pub fn run<S: Statistic>(&self, statistic: &S, source: &Source) -> Result<Folded<S::Partial>> {
        self.run_with(
            statistic,
            source,
            &Mutex::new(Part::empty(statistic)),
            false,
        )
    }

    /// Goes through a source; `part`, which is empty at first, has what was merged so far meanwhile,
    /// for whoever wants to look.
    ///
    /// # Errors
    /// As [`run`](Fold::run).
    pub fn run_into<S: Statistic>(
        &self,
        statistic: &S,
        source: &Source,
        part: &Mutex<Part<S::Partial>>,
    ) -> Result<Folded<S::Partial>> {
        self.run_with(statistic, source, part, true)
    }

    fn run_with<S: Statistic>(
        &self,
        statistic: &S,
        source: &Source,
        part: &Mutex<Part<S::Partial>>,
        watched: bool,
    ) -> Result<Folded<S::Partial>> {
        let failed = |error| {
            Ok(Folded {
                part: Part::empty(statistic),
                head: self.options.head.clone().unwrap_or_default(),
                ending: Ending::Failed(error),
            })
        };
        let mut pieces = match ChunkIter::new(source, &self.options, self.stop) {
            Ok(pieces) => pieces,
            Err(error) => return failed(error),
        };
        let seen = |bytes: &[u8], head: Head| {
            *locked(part) = early(statistic, bytes, &self.dressed(source, head));
        };
        let seen: &dyn Fn(&[u8], Head) = if watched { &seen } else { &|_, _| {} };
        let head = match self.head(statistic, source, &mut pieces, seen) {
            Ok(head) => head,
            Err(error) => return failed(error),
        };
        *locked(part) = Part::empty(statistic);
        let head = Head {
            len: head.len.or(source.len()),
            ..head
        };
        if let Err(error) = statistic.prepare(&head) {
            return failed(error.or_at(source.name()));
        }
        let error = self.scan(statistic, (source, &head), &mut pieces, part)?;
        let part = std::mem::replace(&mut *locked(part), Part::empty(statistic));
        let stopped = pieces.is_stopped();
        let ending = self.ending(source, &part, error.or(pieces.error), stopped);
        Ok(Folded { part, head, ending })
    }

    /// `seen` is shown what has come of a stream whose head has not come whole.
    fn head(
        &self,
        statistic: &impl Statistic,
        source: &Source,
        pieces: &mut ChunkIter<'_>,
        seen: &dyn Fn(&[u8], Head),
    ) -> Result<Head> {
        if let Some(head) = &self.options.head {
            return Ok(Head {
                line_ending: self.options.line_ending.unwrap_or(head.line_ending),
                ..head.clone()
            });
        }
        let head = if statistic.needs().head {
            let needs = statistic.needs();
            let formats = needs.format.then_some(&self.options.formats);
            pieces.head(source, (&self.options.times, needs.times), formats, seen)?
        } else {
            Head::default()
        };
        Ok(self.dressed(source, head))
    }

    /// A head with what the options and the source say of it.
    fn dressed(&self, source: &Source, head: Head) -> Head {
        Head {
            record: self.options.record.clone(),
            name: source.name().as_os_str().as_encoded_bytes().to_vec(),
            line_ending: self.options.line_ending.unwrap_or(head.line_ending),
            ..head
        }
    }

    /// Runs as many passes as the statistic wants over the source, and gives
    /// the answer of the last. A stream, and what was not seen to its end, is
    /// finished after the pass at hand; after the one before if a later one was to end.
    ///
    /// # Errors
    /// As [`run`](Fold::run).
    pub fn passes<S: Statistic>(&self, first: S, source: &Source) -> Result<(S::Output, Ending)> {
        let (mut statistic, mut again) = (first, false);
        loop {
            let Folded { part, ending, .. } = self.run(&statistic, source)?;
            if again && matches!(ending, Ending::Stopped) {
                return Ok((statistic.finish(statistic.not_made()), ending));
            }
            if source.len().is_none() || !ending.is_complete() {
                return Ok((statistic.finish(part.partial), ending));
            }
            match statistic.next_pass(part.partial) {
                Pass::Done(merged) => return Ok((statistic.finish(merged), ending)),
                Pass::Again(next) => (statistic, again) = (next, true),
            }
        }
    }

    fn scan<S: Statistic>(
        &self,
        statistic: &S,
        (source, head): (&Source, &Head),
        pieces: &mut ChunkIter<'_>,
        part: &Mutex<Part<S::Partial>>,
    ) -> Result<Option<Error>> {
        let ended = AtomicBool::new(false);
        let unmerged = Unmerged::new(statistic);
        let merge = Merge {
            statistic,
            source,
            part,
            from: self.options.range.as_ref().map_or(0, |range| range.start),
            behind: PageReleaser::new(source),
            error: None,
            ended: &ended,
            unmerged: &unmerged,
        };
        // What was read when the run is to end is scanned and merged still: only the
        // pieces end.
        let merged = self.executor.run(
            &Stop::new(),
            || pieces.next(&ended),
            || (statistic.worker(head), Vec::new()),
            |(worker, buffer), piece: ChunkHandle<'_>, turn| {
                let len = piece.chunk.len();
                if let Err(error) = piece.fetch(buffer) {
                    self.progress.advance(len);
                    let (end, part) = (piece.chunk.end, Err(error));
                    return turn.deposit(Scanned {
                        end,
                        part,
                        weight: 0,
                    });
                }
                let stretch = Stretch {
                    statistic,
                    source,
                    head,
                    unmerged: &unmerged,
                    bytes: piece.view(buffer).bytes,
                    start: piece.chunk.start,
                };
                stretch.scan(worker, turn, || self.progress.advance(len));
            },
            merge,
        )?;
        Ok(merged.error)
    }

    fn ending<P>(
        &self,
        source: &Source,
        part: &Part<P>,
        error: Option<Error>,
        stopped: bool,
    ) -> Ending {
        let from = self.options.range.as_ref().map_or(0, |range| range.start);
        // What became of the file explains a failed read better than the read.
        match (source.verify_published(from + part.bytes), error) {
            (Err(error), _) | (Ok(_), Some(error)) => Ending::Failed(error),
            (Ok(_), None) if stopped => Ending::Stopped,
            (Ok(verdict), None) => {
                debug_assert!(
                    self.options.range.is_some()
                        || source.len().is_none_or(|len| len == part.bytes),
                    "a complete run has seen every byte"
                );
                Ending::Complete { grew: verdict.grew }
            }
        }
    }
}

/// What there is of the first bytes, as far as they are known.
fn early<S: Statistic>(statistic: &S, bytes: &[u8], head: &Head) -> Part<S::Partial> {
    if statistic.prepare(head).is_err() {
        return Part::empty(statistic);
    }
    let scan = Scan::new(bytes, 0, head);
    let partial = statistic.scan_chunk(&mut statistic.worker(head), &scan);
    Part {
        bytes: bytes.len() as u64,
        newlines: 0,
        partial,
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Merges partials in the order of the source.
struct Merge<'a, S: Statistic> {
    statistic: &'a S,
    source: &'a Source,
    part: &'a Mutex<Part<S::Partial>>,
    /// Where the part begins.
    from: u64,
    behind: PageReleaser<'a>,
    error: Option<Error>,
    /// Tells the claim that no more is wanted. The run's own stop flag belongs
    /// to all sources and must not end the others.
    ended: &'a AtomicBool,
    unmerged: &'a Unmerged,
}

impl<S: Statistic> Commit<Scanned<S::Partial>> for Merge<'_, S> {
    fn commit(&mut self, scanned: Scanned<S::Partial>) -> Flow {
        let Scanned { end, part, weight } = scanned;
        self.unmerged.merged(weight);
        if self.error.is_some() {
            return Flow::Continue;
        }
        // Looked at after the scan: what was read before is what the file held.
        match part {
            Ok(part) if self.source.is_intact(end) => {
                locked(self.part).append(self.statistic, part);
                self.behind.pass(end);
            }
            Ok(_) => {
                let at = self.from + locked(self.part).bytes;
                let name = self.source.name();
                self.error = Some(Error::at(name, ErrorKind::Unreadable { at }));
            }
            Err(error) => self.error = Some(error),
        }
        if self.error.is_some() {
            self.ended.store(true, Ordering::Release);
        }
        Flow::Continue
    }
}

#[cfg(test)]
mod tests;
