//! Selected lines and their context, printed in order.
//!
//! A [`Walk`] goes through one chunk. A worker that runs ahead of its turn
//! does not know what the chunks before it printed, so it leaves everything
//! before its first selected line to the commit ([`Walk::ahead`]); from there
//! on nothing depends on its predecessors. At its turn the chunk's beginning
//! is walked with the real [`ChunkCarry`] ([`Walk::in_turn`]). Both go through the
//! same methods, and so does a chunk that is walked in turn as a whole.

use std::{io, ops::Range};

use grep_matcher::Match;
use memchr::memchr;

use super::{
    carry::ChunkCarry,
    context::Context,
    steps::{Select, Step, Visit},
};
use crate::{
    exec::Flow,
    line::{Lines, between, count_lines},
    print::{Line, LinePrinter, Out},
};

/// What makes the lines at hand binary.
#[derive(Clone, Copy, Debug)]
pub(super) enum NulWatch {
    /// Nothing does.
    Never,
    /// A line that holds a NUL byte; once one was seen, every line.
    Lines {
        /// Where the first was seen.
        seen: Option<u64>,
        /// Whether printing ends there.
        ends: bool,
    },
    /// A line that ends behind this offset.
    Behind(u64),
}

/// What goes through one chunk.
pub(super) struct Walk<'w, O: Out> {
    context: Context<'w>,
    bytes: &'w [u8],
    /// The absolute offset of `bytes`.
    start: u64,
    printer: &'w mut LinePrinter,
    out: &'w mut O,
    nul: NulWatch,
    /// The first line of this chunk that is neither printed nor passed over.
    pub(super) cursor: usize,
    /// The number of the line at `cursor`.
    pub(super) number: u64,
    /// The absolute offset behind the last line printed.
    visited: u64,
    /// Lines of earlier chunks that may be context of the next match.
    history: Vec<u8>,
    pub(super) after_left: usize,
    sunk: bool,
    heading: Heading,
    /// The absolute end of the line that is being approached: its context is
    /// printed when it is found, not when the context is read.
    approached: u64,
    /// Where the first selected line begins, for a walk ahead.
    pub(super) first: Option<usize>,
    ahead: bool,
    /// Lines given to the printer as matches.
    pub(super) matched_lines: u64,
    /// Where the last of them ends.
    pub(super) last_selected: Option<usize>,
    /// Whether printing ended because of a NUL byte.
    pub(super) met_nul: bool,
}

/// What comes before the first line of a source.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Heading {
    /// Is written before the first line that is printed.
    Due {
        /// Whether something was written for an earlier source.
        ever_written: bool,
    },
    /// Is written, or is somebody else's business.
    Done,
}

/// Goes on only if printing goes on.
macro_rules! step {
    ($step:expr) => {
        if $step? == Flow::Stop {
            return Ok(Flow::Stop);
        }
    };
}

impl<'w, O: Out> Walk<'w, O> {
    /// A walk by a worker that does not know what came before.
    pub(super) fn ahead(
        context: Context<'w>,
        (bytes, start): (&'w [u8], u64),
        printer: &'w mut LinePrinter,
        out: &'w mut O,
        nul: NulWatch,
    ) -> Walk<'w, O> {
        Walk {
            context,
            bytes,
            start,
            printer,
            out,
            nul,
            cursor: 0,
            number: 0,
            visited: 0,
            history: Vec::new(),
            after_left: 0,
            sunk: false,
            heading: Heading::Done,
            approached: 0,
            first: None,
            // With passthru nothing depends on what came before.
            ahead: !context.passthru,
            matched_lines: 0,
            last_selected: None,
            met_nul: false,
        }
    }

    /// The walk of the chunk whose turn it is.
    pub(super) fn in_turn(mut self, carry: &mut ChunkCarry, heading: Heading) -> Walk<'w, O> {
        self.history = std::mem::take(&mut carry.history);
        self.visited = carry.visited;
        self.number = carry.lines_before + 1;
        self.after_left = carry.after_left;
        self.sunk = carry.sunk;
        self.heading = heading;
        self.ahead = false;
        self
    }

    /// Leaves what the next chunk must know, and says what became of the
    /// heading. [`ChunkCarry::pass`] comes after it.
    pub(super) fn leave(self, carry: &mut ChunkCarry) -> Heading {
        carry.after_left = self.after_left;
        carry.sunk = self.sunk;
        carry.visited = self.visited;
        if let Some(at) = self.saw_nul() {
            carry.nul.get_or_insert(at);
        }
        carry.history = self.history;
        self.heading
    }

    /// Where a NUL byte was seen in a line.
    pub(super) fn saw_nul(&self) -> Option<u64> {
        match self.nul {
            NulWatch::Lines { seen, .. } => seen,
            _ => None,
        }
    }

    /// Prints a selected line and the context before it. `number` is the
    /// line's, if lines are numbered; `matches` are its matches, if they are
    /// known.
    #[inline]
    pub(super) fn select_known(
        &mut self,
        line: Range<usize>,
        number: u64,
        matches: Option<&'w [Match]>,
    ) -> Step {
        if self.ahead && self.first.is_none() {
            self.first = Some(line.start);
            self.visited = self.start + line.start as u64;
        } else if self.cursor < line.start || !self.history.is_empty() {
            step!(self.approach(line.start, number));
        }
        self.number = number;
        self.sink_matched(line, matches)
    }

    /// Prints the context lines before a selected line that begins at `upto`.
    fn approach(&mut self, upto: usize, number: u64) -> Step {
        if self.context.passthru {
            return self.other_context(upto);
        }
        step!(self.after_context(upto));
        self.before_context(upto, number)
    }

    /// What a walk ahead left to its turn: the context before its first
    /// selected line, and the separator and heading that line needs.
    pub(super) fn join(&mut self, upto: usize, number: u64) -> Step {
        step!(self.approach(upto, number));
        self.break_context(self.start + upto as u64)?;
        self.begin()?;
        Ok(Flow::Continue)
    }

    fn before_context(&mut self, upto: usize, number: u64) -> Step {
        if self.context.before == 0 {
            return Ok(Flow::Continue);
        }
        let end = self.context.units.end(self.bytes, self.start, upto);
        self.approached = self.start + end as u64;
        let step = self.before_lines(upto, number);
        self.approached = 0;
        step
    }

    fn before_lines(&mut self, upto: usize, number: u64) -> Step {
        let terminator = self.context.terminator;
        let unvisited = between(self.bytes, self.cursor, upto);
        if self.cursor > upto {
            return Ok(Flow::Continue);
        }
        let units = self.context.units;
        let base = self.start + self.cursor as u64;
        let from = self.cursor + units.last(unvisited, base, self.context.before);
        let (before, base) = (&self.bytes[from..upto], self.start + from as u64);
        let here = count_lines(before, terminator);
        let wanted = self.context.before - units.count(before, base) as usize;
        if from == 0 && wanted > 0 && !self.history.is_empty() {
            step!(self.history_context(wanted, number.wrapping_sub(here)));
        }
        self.cursor = from;
        self.number = number.wrapping_sub(here);
        while self.cursor < upto {
            self.break_context(self.start + self.cursor as u64)?;
            step!(self.sink_context(self.unit_at(self.cursor)));
        }
        Ok(Flow::Continue)
    }

    /// Prints the last `wanted` lines of earlier chunks as context; `number`
    /// is that of the first line of this chunk.
    fn history_context(&mut self, wanted: usize, number: u64) -> Step {
        let terminator = self.context.terminator;
        let history = std::mem::take(&mut self.history);
        let base = self.start - history.len() as u64;
        let shown = &history[self.context.units.last(&history, base, wanted)..];
        let start = self.start - shown.len() as u64;
        let first = number.wrapping_sub(count_lines(shown, terminator));
        for (i, range) in Lines::new(shown, terminator).enumerate() {
            let offset = start + range.start as u64;
            self.break_context(offset)?;
            let end = start + range.end as u64;
            let number = self.context.number.then(|| first.wrapping_add(i as u64));
            step!(self.put_context(&Line {
                haystack: shown,
                range,
                offset,
                number,
                matches: None,
            }));
            self.visited = end;
        }
        Ok(Flow::Continue)
    }

    /// The line or record at `at`, where one starts.
    #[inline]
    fn unit_at(&self, at: usize) -> Range<usize> {
        at..self.context.units.end(self.bytes, self.start, at)
    }

    /// Prints the separator if lines were left out before this offset.
    fn break_context(&mut self, offset: u64) -> io::Result<()> {
        if self.context.is_any() && self.sunk && self.visited < offset {
            self.printer.context_break(self.out)?;
        }
        Ok(())
    }

    #[inline]
    fn sink_matched(&mut self, range: Range<usize>, matches: Option<&'w [Match]>) -> Step {
        let offset = self.start + range.start as u64;
        let ends = self.is_binary(&self.bytes[range.clone()], offset);
        self.break_context(offset)?;
        self.matched_lines += 1;
        self.last_selected = Some(range.end);
        let line = Line {
            matches,
            ..self.line(&range)
        };
        if ends {
            self.printer.pass(&line);
            return Ok(Flow::Stop);
        }
        self.begin()?;
        if self.context.units.are_lines() {
            self.printer.matched(&line, self.out)?;
        } else {
            self.printer.record(&line, self.out)?;
        }
        self.visit(range);
        self.after_left = self.context.after;
        Ok(Flow::Continue)
    }

    fn sink_context(&mut self, range: Range<usize>) -> Step {
        if self.context.units.are_lines() {
            step!(self.put_context(&self.line(&range)));
        } else {
            for line in Lines::new(&self.bytes[range.clone()], self.context.terminator) {
                let line = range.start + line.start..range.start + line.end;
                step!(self.put_context(&self.line(&line)));
                self.number = self.number.wrapping_add(1);
            }
            self.number = self.number.wrapping_sub(self.lines_in(&range));
        }
        self.visit(range);
        Ok(Flow::Continue)
    }

    fn put_context(&mut self, line: &Line<'_>) -> Step {
        if self.is_binary(&line.haystack[line.range.clone()], line.offset) {
            return Ok(Flow::Stop);
        }
        self.begin()?;
        self.printer.context(line, self.out)?;
        self.sunk = true;
        Ok(Flow::Continue)
    }

    #[inline]
    fn line(&self, range: &Range<usize>) -> Line<'w> {
        Line {
            haystack: self.bytes,
            range: range.clone(),
            offset: self.start + range.start as u64,
            number: self.context.number.then_some(self.number),
            matches: None,
        }
    }

    #[inline]
    fn visit(&mut self, unit: Range<usize>) {
        self.cursor = unit.end;
        self.visited = self.start + unit.end as u64;
        let lines = if self.context.units.are_lines() {
            1
        } else {
            self.lines_in(&unit)
        };
        self.number = self.number.wrapping_add(lines);
        self.sunk = true;
        self.history.clear();
    }

    /// How many lines a record has.
    fn lines_in(&self, unit: &Range<usize>) -> u64 {
        count_lines(&self.bytes[unit.clone()], self.context.terminator)
    }

    #[inline]
    fn begin(&mut self) -> io::Result<()> {
        if let Heading::Due { ever_written } = self.heading {
            self.printer.begin(ever_written, self.out)?;
            self.heading = Heading::Done;
        }
        Ok(())
    }

    /// Notes a NUL byte in a line that is about to be printed; true if
    /// printing ends here.
    #[inline]
    fn is_binary(&mut self, line: &[u8], offset: u64) -> bool {
        let ends = match &mut self.nul {
            NulWatch::Never => return false,
            NulWatch::Lines { seen, ends } => {
                if seen.is_none() {
                    *seen = memchr(0, line).map(|i| offset + i as u64);
                }
                seen.is_some() && *ends
            }
            NulWatch::Behind(cutoff) => self.approached.max(offset + line.len() as u64) > *cutoff,
        };
        self.met_nul |= ends;
        ends
    }
}

impl<O: Out> Visit for Walk<'_, O> {
    #[inline]
    fn select(&mut self, line: Range<usize>, number: u64) -> Step {
        self.select_known(line, number, None)
    }

    fn select_alone(&mut self, line: Range<usize>, number: u64) -> Step {
        step!(self.before_context(line.start, number));
        self.number = number;
        self.sink_matched(line, None)
    }

    fn context_alone(&mut self, line: Range<usize>, number: u64) -> Step {
        self.number = number;
        step!(self.sink_context(line));
        self.after_left -= 1;
        Ok(Flow::Continue)
    }

    fn after_left(&self) -> usize {
        self.after_left
    }

    /// Prints what is left of the context after the last match, up to `upto`.
    fn after_context(&mut self, upto: usize) -> Step {
        while self.after_left > 0 && self.cursor < upto {
            step!(self.sink_context(self.unit_at(self.cursor)));
            self.after_left -= 1;
        }
        Ok(Flow::Continue)
    }

    /// Gives context lines after a match once `-m` is reached: lines that match are shown as such.
    fn last_after_context(&mut self, select: &impl Select) -> Step {
        while self.after_left > 0 && self.cursor < self.bytes.len() {
            let unit = self.unit_at(self.cursor);
            let left = self.after_left;
            if select.selects(self.bytes, &unit) {
                step!(self.sink_matched(unit, None));
            } else {
                step!(self.sink_context(unit));
            }
            self.after_left = left - 1;
        }
        Ok(Flow::Continue)
    }

    /// Prints every line up to `upto` as neither match nor context.
    fn other_context(&mut self, upto: usize) -> Step {
        while self.cursor < upto {
            step!(self.sink_context(self.unit_at(self.cursor)));
        }
        Ok(Flow::Continue)
    }
}
