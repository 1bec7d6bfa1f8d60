//! Chunks put together, in order.

use std::{
    io::{self, Write},
    ops::Range,
};

use memchr::memchr;

use super::{
    carry::ChunkCarry,
    job::Job,
    nul_bytes::{self as nul, Rule},
    pick::{Picked, Picker},
    scan::{Ready, Scanned, Text},
    steps::{ByPattern, Step, Visit},
    tally::Tally,
    turn_out::TurnOut,
    walk::{Heading, NulWatch, Walk},
};
use crate::{
    error::Error,
    exec::{Commit, Flow},
    pattern::{LineFinder, Patterns},
    print::{Line, LinePrinter, MatchCounter},
    progress::Progress,
    source::PageReleaser,
};

/// Takes in the chunks of one source in order and writes what they print.
pub(super) struct Committer<'r, 's> {
    pub(super) job: &'r Job<'s>,
    pub(super) progress: &'r dyn Progress,
    pub(super) out: &'r mut (dyn Write + Send),
    pub(super) finder: LineFinder,
    pub(super) picker: Option<Picker>,
    pub(super) printer: LinePrinter,
    pub(super) counter: MatchCounter,
    pub(super) patterns: Patterns,
    /// Why a line was given up on, if one was.
    pub(super) gave_up: Option<String>,
    pub(super) carry: ChunkCarry,
    pub(super) heading: Heading,
    /// Lines and matches, as the printer counts them.
    pub(super) matched_lines: u64,
    pub(super) matches: u64,
    pub(super) printed: u64,
    /// Records that were cut by force.
    pub(super) cut: u64,
    /// Where it began; what lies before was not searched.
    pub(super) from: u64,
    /// Bytes gone past.
    pub(super) searched: u64,
    /// Where the last selected line ends.
    pub(super) last_selected: u64,
    /// Where the last line of the range of lines ends, once it was seen.
    pub(super) end_of_range: Option<u64>,
    pub(super) behind: PageReleaser<'s>,
    /// Why it ended early, if it did not want to.
    pub(super) write_error: Option<io::Error>,
    pub(super) failure: Option<Error>,
    pub(super) broken: bool,
    /// Printing ended because of a NUL byte.
    pub(super) met_nul: bool,
    /// The run was to end before all of the source was read.
    pub(super) interrupted: bool,
}

impl<'s> Commit<Scanned<'s>> for Committer<'_, 's> {
    fn commit(&mut self, mut scanned: Scanned<'s>) -> Flow {
        let pause = scanned.piece.pause;
        // What is walked again may be other bytes than those that were scanned.
        let (source, end) = (self.job.source, scanned.piece.chunk.end);
        let taken = source.survives(end, || self.take_in(&mut scanned));
        let flow = taken.unwrap_or_else(|| {
            self.broken = true;
            Flow::Stop
        });
        let wants_flush = pause || scanned.piece.chunk.len() >= 32 << 10;
        if wants_flush && let Err(error) = self.out.flush() {
            self.write_error.get_or_insert(error);
        }
        self.job.buffers.give(std::mem::take(&mut scanned.buffer));
        let flow = if self.write_error.is_some() || self.broken {
            Flow::Stop
        } else {
            flow
        };
        if flow == Flow::Stop {
            self.job.see_part();
        }
        flow
    }
}

impl<'s> Committer<'_, 's> {
    fn take_in(&mut self, scanned: &mut Scanned<'s>) -> Flow {
        if let Text::Failed(error) = &mut scanned.text {
            self.broken = true;
            self.failure = error.take();
            return Flow::Stop;
        }
        if self.carry.nul.is_none() {
            self.carry.nul = scanned.nul;
        }
        let flow = if self.needs_turn(scanned) {
            let flow = self.walk(scanned);
            let gave_up = self.patterns.gave_up();
            self.gave_up = self.gave_up.take().or(gave_up);
            flow
        } else {
            self.adopt(scanned)
        };
        self.note_end_of_range(scanned);
        self.carry.lines_before += scanned.lines;
        self.carry.in_time = scanned.in_time.or(self.carry.in_time);
        self.cut += scanned.cut;
        let flow = if self.is_behind_range() && flow == Flow::Continue {
            self.searched = self.end_of_range.unwrap_or(scanned.piece.chunk.end);
            Flow::Stop
        } else {
            flow
        };
        if flow == Flow::Stop {
            // How many were met by then depends on where the chunk ends.
            self.cut = 0;
            if let Some(end) = self.end_of_range.filter(|_| self.is_behind_range()) {
                self.searched = self.searched.min(end);
            }
        }
        let leaves = self.job.rule == Rule::Leave && self.carry.nul.is_some();
        // Whoever has seen enough before does not know that it is binary.
        let left = leaves && flow == Flow::Continue;
        self.met_nul |= left;
        self.progress.advance(scanned.piece.chunk.len());
        self.behind.pass(scanned.piece.chunk.end);
        if left {
            return Flow::Stop;
        }
        if flow == Flow::Continue {
            self.searched = scanned.piece.chunk.end;
        }
        flow
    }

    /// Whether the chunk must be walked now that all before it is known.
    fn needs_turn(&self, scanned: &Scanned<'s>) -> bool {
        let options = self.job.options;
        if matches!(scanned.text, Text::InTurn) {
            return true;
        }
        let pending =
            scanned.selected > 0 || self.carry.after_left > 0 || self.job.context.passthru;
        // What comes after the last selected line matters too: where nobody
        // has followed the context that is left, and line by line.
        let crlf = self.job.patterns.line_terminator().is_crlf();
        let slow = self.goes_line_by_line() || crlf;
        // Nor does whoever only counts know where the line ends that was the last.
        let early = u64::from(slow || !self.job.prints_lines());
        let limit = options.max_count.unwrap_or(u64::MAX);
        if (self.carry.count + scanned.selected).saturating_add(early) > limit
            || self.reached_limit()
        {
            return true;
        }
        if options.stop_on_nonmatch && (self.carry.count > 0 || scanned.selected > 0) {
            return true;
        }
        if self.job.rule == Rule::Mapped && self.carry_has_nul(scanned) {
            return true;
        }
        let judged = matches!(self.job.rule, Rule::Mapped | Rule::Streamed);
        let binary = self.carry.nul.is_some() && judged;
        binary && pending && self.job.prints_lines() && self.job.nul_ends_printing()
    }

    /// Whether a line that only the commit can print, as context across the
    /// chunk's beginning, may hold a NUL byte.
    fn carry_has_nul(&self, scanned: &Scanned<'s>) -> bool {
        if !self.job.context.is_any() || self.carry.nul.is_some() {
            return false;
        }
        let bytes = scanned.bytes();
        let upto = match &scanned.text {
            Text::Ready(ready) => ready.first,
            _ if self.carry.after_left > 0 => bytes.len(),
            _ => return false,
        };
        memchr(0, &bytes[..upto]).is_some() || memchr(0, &self.carry.history).is_some()
    }

    /// Notes where the last line of the range ends, if that is in this chunk:
    /// nothing behind it is searched, wherever chunks end.
    fn note_end_of_range(&mut self, scanned: &Scanned<'s>) {
        let before = self.carry.lines_before;
        let ends = |last: u64| before < last && last <= before + scanned.lines;
        if let Some(range) = self.job.options.range.filter(|range| ends(range.last)) {
            let terminator = self.job.context.terminator;
            let part = range.part(scanned.bytes(), terminator, before);
            self.end_of_range = Some(scanned.piece.chunk.start + part.end as u64);
        }
    }

    /// Whether no later line can be selected or shown.
    fn is_behind_range(&self) -> bool {
        let range = self.job.options.range;
        range.is_some_and(|range| self.carry.lines_before >= range.last)
            && self.carry.after_left == 0
            && !self.job.context.passthru
    }

    /// Where the part ends that was searched. Where `-m` ends it, that is the end of
    /// the last line it selects: how far anybody looked depends on where chunks end,
    /// unless they went line by line.
    pub(super) fn end_of_search(&self) -> u64 {
        if self.reached_limit() && !self.goes_line_by_line() {
            self.last_selected
        } else {
            self.searched
        }
    }

    /// Whether each line is looked at on its own, in turn.
    fn goes_line_by_line(&self) -> bool {
        (self.finder.is_slow() && self.picker.is_none()) || self.job.options.passthru
    }

    pub(super) fn reached_limit(&self) -> bool {
        self.job
            .options
            .max_count
            .is_some_and(|max| self.carry.count >= max)
    }

    /// Takes over what a worker has prepared.
    fn adopt(&mut self, scanned: &mut Scanned<'s>) -> Flow {
        self.matches += scanned.matches;
        self.matched_lines += scanned.selected;
        self.carry.count += scanned.selected;
        if !self.job.prints_lines() {
            let enough = self.job.ends_at_first() && self.carry.count > 0;
            let limit = self.reached_limit() && !self.job.options.passthru;
            return if enough || limit {
                Flow::Stop
            } else {
                Flow::Continue
            };
        }
        let ready = match std::mem::replace(&mut scanned.text, Text::None) {
            Text::Ready(ready) => Some(ready),
            _ => None,
        };
        if let Err(error) = self.write_adopted(scanned, ready) {
            self.write_error.get_or_insert(error);
            return Flow::Stop;
        }
        let done = self.reached_limit() && self.carry.after_left == 0;
        if done && !self.job.context.passthru {
            Flow::Stop
        } else {
            Flow::Continue
        }
    }

    fn write_adopted(&mut self, scanned: &Scanned<'s>, ready: Option<Ready>) -> io::Result<()> {
        let job = self.job;
        let bytes = scanned.bytes();
        let start = scanned.piece.chunk.start;
        let context = job.context;
        let mut cursor = 0;
        if context.is_any() || ready.is_some() {
            let mut out = TurnOut::new(self.out, job.source, scanned.piece.chunk.end);
            let walk = Walk::ahead(
                context,
                (bytes, start),
                &mut self.printer,
                &mut out,
                NulWatch::Never,
            );
            let mut walk = walk.in_turn(&mut self.carry, self.heading);
            if let Some(ready) = &ready {
                let number = self.carry.lines_before + ready.first_line + 1;
                let first = if context.passthru { 0 } else { ready.first };
                walk.join(first, number)?;
            } else {
                walk.after_context(bytes.len())?;
            }
            cursor = walk.cursor;
            self.heading = walk.leave(&mut self.carry);
            out.finish()?;
            self.printed += self.printer.take_printed();
        }
        if let Some(ready) = ready {
            self.out.write_all(&ready.bytes)?;
            self.printed += ready.printed;
            self.carry.after_left = ready.after_left;
            self.carry.sunk = true;
            self.carry.visited = start + ready.cursor as u64;
            self.last_selected = start + ready.last as u64;
            if self.carry.nul.is_none() {
                self.carry.nul = ready.nul;
            }
            cursor = ready.cursor;
            self.searched = start + cursor as u64;
            job.buffers.give(ready.bytes);
        }
        self.carry.pass((bytes, start), cursor, &context);
        Ok(())
    }

    /// Walks a chunk with everything before it known.
    pub(super) fn walk(&mut self, scanned: &Scanned<'s>) -> Flow {
        let result = if self.job.prints_lines() {
            self.walk_lines(scanned)
        } else {
            Ok(self.walk_count(scanned))
        };
        match result {
            Ok(flow) => flow,
            Err(error) => {
                if TurnOut::is_broken(&error) {
                    self.broken = true;
                } else {
                    self.write_error.get_or_insert(error);
                }
                Flow::Stop
            }
        }
    }

    fn walk_lines(&mut self, scanned: &Scanned<'s>) -> io::Result<Flow> {
        let job = self.job;
        let bytes = scanned.bytes();
        let start = scanned.piece.chunk.start;
        let nul = match (job.rule, self.carry.nul) {
            (Rule::Text | Rule::Leave, _) | (Rule::Streamed, None) => NulWatch::Never,
            (Rule::Streamed, Some(_)) if !job.nul_ends_printing() => NulWatch::Never,
            (Rule::Streamed, Some(at)) => NulWatch::Behind(nul::cutoff(at)),
            (Rule::Mapped, seen) => NulWatch::Lines {
                seen,
                ends: job.nul_ends_printing(),
            },
        };
        let last = self.is_last(scanned);
        let mut out = TurnOut::new(self.out, job.source, scanned.piece.chunk.end);
        let walk = Walk::ahead(
            job.context,
            (bytes, start),
            &mut self.printer,
            &mut out,
            nul,
        );
        let mut walk = walk.in_turn(&mut self.carry, self.heading);
        let past = (self.carry.lines_before, self.carry.in_time);
        let picker = self.picker.as_mut();
        let hits = picker.map(|picker| picker.all(job, (bytes, start), past));
        let done = step_through(
            job,
            &self.carry,
            &self.finder,
            hits,
            (bytes, start, last),
            &mut walk,
        );
        let (step, count, first_run) = (done.step, done.count, done.first_run);
        let cursor = walk.cursor;
        self.searched = start + done.at as u64;
        if let Some(last) = walk.last_selected {
            self.last_selected = start + last as u64;
        }
        self.matched_lines += walk.matched_lines;
        self.met_nul |= walk.met_nul;
        self.heading = walk.leave(&mut self.carry);
        let done = out.finish();
        (self.carry.count, self.carry.first_run) = (count, first_run);
        self.printed += self.printer.take_printed();
        self.matches += self.printer.take_matches();
        self.carry.pass((bytes, start), cursor, &job.context);
        let flow = step?;
        done?;
        Ok(flow)
    }

    fn is_last(&self, scanned: &Scanned<'s>) -> bool {
        self.job.source.len() == Some(scanned.piece.chunk.end)
    }

    /// Counts the lines of a chunk that depend on those before it.
    fn walk_count(&mut self, scanned: &Scanned<'s>) -> Flow {
        let bytes = scanned.bytes();
        let (job, start) = (self.job, scanned.piece.chunk.start);
        let mut tally = Tally::new(job, bytes, self.carry.after_left);
        let past = (self.carry.lines_before, self.carry.in_time);
        let picker = self.picker.as_mut();
        let hits = picker.map(|picker| picker.all(job, (bytes, start), past));
        let chunk = (bytes, start, self.is_last(scanned));
        let done = step_through(job, &self.carry, &self.finder, hits, chunk, &mut tally);
        let flow = done.step.unwrap_or(Flow::Stop);
        let (count, first_run) = (done.count, done.first_run);
        (self.carry.count, self.carry.first_run) = (count, first_run);
        self.carry.after_left = tally.after_left;
        self.searched = start + done.at as u64;
        self.matched_lines += tally.lines.len() as u64;
        if let Some(line) = tally.lines.last() {
            self.last_selected = start + line.end as u64;
        }
        for line in tally.lines {
            self.matches += match (self.job.counts_matches, self.job.options.invert) {
                (true, false) => self.counter.count(&Line {
                    haystack: bytes,
                    offset: scanned.piece.chunk.start + line.start as u64,
                    range: line,
                    number: None,
                    matches: None,
                }),
                (true, true) => 1,
                (false, _) => 0,
            };
        }
        if self.job.ends_at_first() && count > 0 {
            Flow::Stop
        } else {
            flow
        }
    }
}

/// What came of going through a chunk.
struct Done {
    step: Step,
    count: u64,
    first_run: bool,
    at: usize,
}

/// Goes through a chunk by its pattern, or by what was picked of it.
fn step_through(
    job: &Job<'_>,
    carry: &ChunkCarry,
    finder: &LineFinder,
    hits: Option<Vec<Range<usize>>>,
    (bytes, start, last): (&[u8], u64, bool),
    visit: &mut impl Visit,
) -> Done {
    macro_rules! run {
        ($select:expr) => {{
            let mut steps = carry.steps(job, $select, bytes, last);
            let step = steps.run(visit);
            Done {
                step,
                count: steps.count,
                first_run: steps.first_run,
                at: steps.at,
            }
        }};
    }
    match hits {
        None => run!(ByPattern {
            finder,
            invert: job.context.invert,
        }),
        Some(hits) => run!(Picked {
            hits: &hits,
            units: job.context.units,
            start,
        }),
    }
}
