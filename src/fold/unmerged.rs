//! What partials have that are not merged yet, and a chunk whose partial is merged
//! before its end.
//!
//! Each thread has the partial of its chunk, and some wait for their turn. Where a
//! statistic says what they may have together, a chunk is scanned in steps; when there
//! is too much, its thread waits for its turn, merges what it has, and goes on with the
//! rest of the chunk as if that were one of its own. What comes out is the same, since a
//! source may be cut anywhere.

use std::{
    ops::Range,
    sync::atomic::{AtomicU64, Ordering},
};

use super::{Merge, Part};
use crate::{
    chunk::{ChunkPlan, Record},
    error::{Error, ErrorKind, Result},
    exec::{Commit, CommitGuard, Flow, Turn},
    source::Source,
    statistic::{Head, Scan, Statistic},
};

/// The nominal size of a step: what partials grow by between two looks.
const STEP: usize = 128 << 10;

/// What partials have together that are not merged.
#[derive(Debug)]
pub(super) struct Unmerged {
    bytes: AtomicU64,
    /// What they may have; `None` for anything.
    most: Option<u64>,
}

impl Unmerged {
    pub(super) fn new(statistic: &impl Statistic) -> Unmerged {
        Unmerged {
            bytes: AtomicU64::new(0),
            most: statistic.unmerged(),
        }
    }

    fn change(&self, from: u64, to: u64) {
        // Wraps where it becomes less.
        let by = to.wrapping_sub(from);
        self.bytes.fetch_add(by, Ordering::Relaxed);
    }

    /// Takes off what was merged.
    pub(super) fn merged(&self, weight: u64) {
        self.change(weight, 0);
    }

    fn is_full(&self) -> bool {
        let most = self.most.unwrap_or(u64::MAX);
        self.bytes.load(Ordering::Relaxed) > most
    }
}

/// The part of a chunk, or of a first piece of it.
#[derive(Debug)]
pub(super) struct Scanned<P> {
    /// Where it ends in the source.
    pub(super) end: u64,
    pub(super) part: Result<Part<P>>,
    /// What it counts for as long as it is not merged.
    pub(super) weight: u64,
}

/// The bytes of a chunk, and where in the source they begin.
pub(super) struct Stretch<'a, S> {
    pub(super) statistic: &'a S,
    pub(super) source: &'a Source,
    pub(super) head: &'a Head,
    pub(super) unmerged: &'a Unmerged,
    pub(super) bytes: &'a [u8],
    pub(super) start: u64,
}

/// The right to have a result merged at its place.
type Place<'t, 's, S> = Turn<'t, Scanned<<S as Statistic>::Partial>, Merge<'s, S>>;

impl<S: Statistic> Stretch<'_, S> {
    /// Scans it and hands in what came of it. `scanned` is told when all of it was.
    pub(super) fn scan(
        &self,
        worker: &mut S::Worker,
        turn: Place<'_, '_, S>,
        scanned: impl FnOnce(),
    ) {
        let len = self.bytes.len();
        let mut first = 0;
        let (mut part, mut weight) = (Part::empty(self.statistic), 0);
        let mut waiting = Waiting::Turn(turn);
        for step in self.steps() {
            let chunk = Scan::new(&self.bytes[first..], self.start + first as u64, self.head);
            let range = step.start - first..step.end - first;
            let step_of = chunk.part(range, part.newlines);
            let add = || self.add(worker, &step_of, &mut part);
            if self
                .source
                .survives(self.start + step.end as u64, add)
                .is_none()
            {
                scanned();
                return waiting.hand_in(self.lost(first, weight));
            }
            let heavier = self.statistic.weight(&part.partial);
            self.unmerged.change(weight, heavier);
            weight = heavier;
            if step.end == len || !(waiting.is_held() || self.unmerged.is_full()) {
                continue;
            }
            let Some(mut held) = waiting.held() else {
                return;
            };
            let before = std::mem::replace(&mut part, Part::empty(self.statistic));
            held.commit(self.scanned(before, step.end, weight));
            waiting = Waiting::CommitGuard(held);
            (first, weight) = (step.end, 0);
        }
        scanned();
        waiting.hand_in(self.scanned(part, len, weight));
    }

    /// What is handed in where a map has lost the bytes at hand.
    fn lost(&self, first: usize, weight: u64) -> Scanned<S::Partial> {
        let at = self.start + first as u64;
        Scanned {
            end: at,
            part: Err(Error::at(self.source.name(), ErrorKind::Unreadable { at })),
            weight,
        }
    }

    fn add(&self, worker: &mut S::Worker, scan: &Scan<'_>, part: &mut Part<S::Partial>) {
        self.statistic.scan(worker, scan, &mut part.partial);
        part.bytes += scan.bytes().len() as u64;
        if self.statistic.needs().line_numbers {
            part.newlines += scan.newlines();
        }
    }

    fn scanned(&self, part: Part<S::Partial>, end: usize, weight: u64) -> Scanned<S::Partial> {
        Scanned {
            end: self.start + end as u64,
            part: Ok(part),
            weight,
        }
    }

    /// Whole records, some at a time; all of them where nothing is to be looked at.
    fn steps(&self) -> Vec<Range<usize>> {
        let len = self.bytes.len();
        if self.unmerged.most.is_none() || len <= STEP {
            return std::iter::once(0..len).collect();
        }
        match &self.head.record {
            line @ Record::Line(_) => {
                let plan = ChunkPlan::new(self.bytes, 0..len as u64, STEP as u64, line.clone());
                plan.map(|step| step.start as usize..step.end as usize)
                    .collect()
            }
            Record::Lines(_) => {
                let mut steps = Vec::new();
                let mut start = 0;
                for record in Scan::new(self.bytes, self.start, self.head).records() {
                    let end = record.range.end;
                    if end - start >= STEP || end == len {
                        steps.push(start..end);
                        start = end;
                    }
                }
                steps
            }
        }
    }
}

/// Whoever has a result: it waits for its turn, or its turn has come.
enum Waiting<'t, R, C: Commit<R>> {
    Turn(Turn<'t, R, C>),
    CommitGuard(CommitGuard<'t, R, C>),
}

impl<'t, R, C: Commit<R>> Waiting<'t, R, C> {
    fn is_held(&self) -> bool {
        matches!(self, Waiting::CommitGuard(_))
    }

    /// Waits for the turn; `None` once the run has stopped.
    fn held(self) -> Option<CommitGuard<'t, R, C>> {
        match self {
            Waiting::Turn(turn) => turn.take(),
            Waiting::CommitGuard(held) => Some(held),
        }
    }

    fn hand_in(self, result: R) {
        match self {
            Waiting::Turn(turn) => turn.deposit(result),
            Waiting::CommitGuard(mut held) => {
                let flow: Flow = held.commit(result);
                held.finish(flow);
            }
        }
    }
}
