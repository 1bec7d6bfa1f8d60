//! Going on with a file where an earlier search ended.
//!
//! What such searches print, one after the other, is what one search prints of
//! all whole records, each once: context that was still due is printed by the
//! next, and context before a match is what was not printed before. A line
//! that has not ended, and a record of many lines that the next line may belong to,
//! wait for the search that finds them whole.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::{
    Nul, Outcome, Run, Search,
    begin::{Begin, Left},
    carry::ChunkCarry,
    job::Job,
    last::back::Back,
    nul_bytes::{self as nul, Rule},
};
use crate::{
    chunk::{Record, whole_until},
    error::{Error, ErrorKind, Result},
    print::PrintOptions,
    source::{Change, FileFingerprint, Source},
    statistic::sound,
};

/// How far a file was searched: plain data, the same for every pattern.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct SearchCheckpoint {
    mark: FileFingerprint,
    /// Lines before that place, if they were counted.
    lines: Option<u64>,
    /// The offset behind the last line that was printed, or passed over for good.
    visited: u64,
    /// How many more lines are due as context of the last match.
    due: u64,
    /// Whether a line of it was printed: what follows after a gap is parted from that.
    #[serde(default)]
    printed: bool,
}

impl SearchCheckpoint {
    /// The file, and how far it was searched.
    pub fn mark(&self) -> &FileFingerprint {
        &self.mark
    }

    /// That of a file of which nothing was searched yet.
    pub fn of_empty(mark: FileFingerprint) -> SearchCheckpoint {
        SearchCheckpoint {
            mark,
            lines: Some(0),
            visited: 0,
            due: 0,
            printed: false,
        }
    }

    /// What is remembered of a file with this mark, which was searched to the same end.
    #[must_use]
    pub fn with_mark(&self, mark: FileFingerprint) -> SearchCheckpoint {
        SearchCheckpoint { mark, ..*self }
    }

    /// Whether a run can have left this, which anyone may have written.
    pub fn is_sound(&self) -> bool {
        let bytes = self.mark.bytes();
        sound::counts([bytes])
            && self.lines.is_none_or(|lines| lines <= bytes)
            && self.visited <= bytes
    }
}

/// What comes of going on with a file.
#[derive(Debug)]
pub struct Resumed {
    /// What the search came to; all of its numbers are about what is new.
    pub outcome: Outcome,
    /// To go on from here; `None` if the file could not be read to its end, or
    /// nobody goes on with it.
    pub trail: Option<SearchCheckpoint>,
    /// Why it was searched from its start although an earlier run had read it.
    pub anew: Option<Change>,
}

/// What is new in a file.
struct New<'t> {
    /// Whole records that were not searched.
    range: Range<u64>,
    /// The file, up to the end of these.
    mark: FileFingerprint,
    /// What was left of those before.
    before: Option<&'t SearchCheckpoint>,
    anew: Option<Change>,
}

impl Search {
    /// Searches what is new in a file since `before`, or all of it: records that
    /// are whole, or if `rest`, since nobody writes to the file any more, all there
    /// is. A NUL byte makes the file binary in its first 64 KiB and in lines that
    /// are printed.
    ///
    /// What a bound on the number of lines, or the want of only one, leaves
    /// unread counts as searched.
    ///
    /// # Errors
    /// When `out` cannot be written, or threads cannot be started.
    pub fn resume(
        &self,
        run: &mut Run<'_>,
        source: &Source,
        (print, nul): (&PrintOptions, Nul),
        before: Option<&SearchCheckpoint>,
        rest: bool,
    ) -> Result<Resumed> {
        let mut resumed = Resumed {
            outcome: Outcome::default(),
            trail: None,
            anew: None,
        };
        let mut job = Job::new(self, print, source, nul, run.executor.window());
        let ready = self.new_in(source, before).and_then(|new| {
            let end = if rest {
                source.len().unwrap_or(new.range.end)
            } else {
                new.range.end
            };
            let begin = self.begin(&mut job, run, &new, end)?;
            Ok((new, begin))
        });
        let (new, begin) = match ready {
            Ok(ready) => ready,
            Err(error) => {
                resumed.outcome.failure = Some(error.or_at(source.name()));
                return Ok(resumed);
            }
        };
        resumed.anew = new.anew;
        let Some(begin) = begin else {
            resumed.trail = Some(new.passed());
            return Ok(resumed);
        };
        let (outcome, left) = self.run_from(run, source, print, nul, &begin)?;
        resumed.outcome = outcome;
        let failure = resumed.outcome.failure.as_ref();
        // What the engine gave up on stays as it is.
        let whole = failure.is_none_or(|error| matches!(error.kind(), ErrorKind::GaveUp(_)));
        if whole && !rest {
            resumed.trail = Some(new.trail(&job, run, &begin, &left));
        }
        Ok(resumed)
    }

    /// Goes past what is new in a file without searching it.
    ///
    /// # Errors
    /// When it cannot be read, or is no plain file.
    pub fn pass(
        &self,
        source: &Source,
        before: Option<&SearchCheckpoint>,
    ) -> Result<SearchCheckpoint> {
        let new = self.new_in(source, before);
        let new = new.map_err(|error| error.or_at(source.name()))?;
        Ok(new.passed())
    }

    fn new_in<'t>(&self, source: &Source, before: Option<&'t SearchCheckpoint>) -> Result<New<'t>> {
        let refuse = |why: &str| Err(Error::new(ErrorKind::Config(why.into())));
        if self.patterns.spans_lines() {
            return refuse("is searched as a whole, since matches may span lines");
        }
        let before = before.filter(|trail| trail.mark.bytes() > 0);
        let anew = before.map(|trail| trail.mark.change(source));
        let anew = anew.transpose()?.flatten();
        let before = before.filter(|_| anew.is_none());
        let start = before.map_or(0, |trail| trail.mark.bytes());
        let record = match &self.options.record {
            Record::Line(_) => Record::Line(self.terminator()),
            record @ Record::Lines(_) => record.clone(),
        };
        let end = whole_until(source, &record, start)?;
        // Looked at before it is searched, so that what the search finds intact
        // were these bytes.
        let Some(mark) = FileFingerprint::of(source, end)? else {
            return refuse("is no plain file that could be gone on with");
        };
        Ok(New {
            range: start..end,
            mark,
            before,
            anew,
        })
    }

    /// Where to begin, with what comes before as a search of all would know it;
    /// `None` if the file is left out.
    fn begin(
        &self,
        job: &mut Job<'_>,
        run: &Run<'_>,
        new: &New<'_>,
        end: u64,
    ) -> Result<Option<Begin>> {
        // One that nobody named is left out if its head is binary.
        if job.rule == Rule::Leave && nul::in_head(job.source)?.is_some() {
            return Ok(None);
        }
        job.judge_by_lines();
        let start = new.range.start;
        let mut carry = ChunkCarry::default();
        if let Some(trail) = new.before {
            let stop = run.stop.child();
            if self.filter.is_some() {
                let mut pieces = super::ChunkIter::new(job, &stop, None)?;
                job.head = Some(pieces.head(self, job.source)?);
            }
            let back = Back::new(job, run.executor, &stop);
            carry.visited = trail.visited;
            carry.sunk = trail.printed;
            carry.after_left = job.context.after.min(trail.due as usize);
            carry.history = back.units_before(start, trail.visited, job.context.before)?;
            carry.in_time = back.in_time_before(start);
            if job.counts_lines {
                let counted = trail.lines.map_or_else(|| back.lines_in(0..start), Ok);
                carry.lines_before = counted?;
            }
        }
        Ok(Some(Begin {
            range: Some(start..end),
            carry,
            mapped: true,
            from: start,
        }))
    }
}

impl New<'_> {
    /// What is left once all of it was searched.
    fn trail(&self, job: &Job<'_>, run: &Run<'_>, begin: &Begin, left: &Left) -> SearchCheckpoint {
        if self.range.is_empty() || left.searched != self.range.end {
            let stop = run.stop.child();
            let lines = || Back::new(job, run.executor, &stop).lines_in(self.range.clone());
            // What cannot be counted now is counted when it is needed.
            let lines = job.counts_lines.then(lines).and_then(Result::ok);
            let passed = self.passed();
            return SearchCheckpoint {
                lines: lines.map_or(passed.lines, |lines| Some(begin.carry.lines_before + lines)),
                printed: passed.printed || left.carry.sunk,
                ..passed
            };
        }
        SearchCheckpoint {
            mark: self.mark,
            lines: job.counts_lines.then_some(left.carry.lines_before),
            visited: left.carry.visited,
            due: left.carry.after_left as u64,
            printed: left.carry.sunk,
        }
    }

    /// What is left if it is passed over.
    fn passed(&self) -> SearchCheckpoint {
        let printed = self.before.is_some_and(|trail| trail.printed);
        let before = self.before.filter(|_| self.range.is_empty());
        SearchCheckpoint {
            mark: self.mark,
            lines: match self.range.end {
                0 => Some(0),
                _ => before.and_then(|trail| trail.lines),
            },
            visited: before.map_or(self.range.end, |trail| trail.visited),
            due: before.map_or(0, |trail| trail.due),
            printed,
        }
    }
}
