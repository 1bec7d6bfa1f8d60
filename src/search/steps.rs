//! The lines of one chunk, selected one after the other in turn.
//!
//! Here everything that depends on the lines before is settled exactly as
//! ripgrep settles it: `-m` and the context after its last match,
//! `--stop-on-nonmatch`, and what both do together with `-v`.

use std::{io, ops::Range};

use super::SearchOptions;
use crate::{
    exec::Flow,
    line::{Lines, between, count_terminators, line_end},
    pattern::LineFinder,
};

/// What a step came to.
pub(super) type Step = io::Result<Flow>;

/// What is done with the lines as they are selected.
pub(super) trait Visit {
    /// A selected line, and the context lines before it.
    fn select(&mut self, line: Range<usize>, number: u64) -> Step;
    /// Selects a line where context lines after a match were already given.
    fn select_alone(&mut self, line: Range<usize>, number: u64) -> Step;
    /// A line after a selected one.
    fn context_alone(&mut self, line: Range<usize>, number: u64) -> Step;
    /// How many more lines may follow the last selected one as its context.
    fn after_left(&self) -> usize;
    /// These lines, up to the end of the chunk.
    fn after_context(&mut self, upto: usize) -> Step;
    /// Gives context lines after a match once `-m` is reached: each line is looked at again.
    fn last_after_context(&mut self, select: &impl Select) -> Step;
    /// All lines up to `upto`, as neither match nor context.
    fn other_context(&mut self, upto: usize) -> Step;
}

/// What knows the lines, or records, of a chunk.
pub(super) trait Select {
    /// The first at or after `at` that is found: it is selected, unless
    /// [`inverts`](Select::inverts) says that all others are.
    fn find(&self, bytes: &[u8], at: usize) -> Option<Range<usize>>;
    /// Whether this one is selected.
    fn selects(&self, bytes: &[u8], unit: &Range<usize>) -> bool;
    /// The end of the one that starts at `at`.
    fn end(&self, bytes: &[u8], at: usize) -> usize;
    /// Whether they are looked at one by one.
    fn is_slow(&self) -> bool;
    /// Whether those that are not found are selected.
    fn inverts(&self) -> bool;
}

/// Lines that a pattern selects.
pub(super) struct ByPattern<'a> {
    pub(super) finder: &'a LineFinder,
    pub(super) invert: bool,
}

impl Select for ByPattern<'_> {
    #[inline]
    fn find(&self, bytes: &[u8], at: usize) -> Option<Range<usize>> {
        self.finder.find(bytes, at)
    }

    #[inline]
    fn selects(&self, bytes: &[u8], line: &Range<usize>) -> bool {
        self.finder.is_match(&bytes[line.clone()]) != self.invert
    }

    #[inline]
    fn end(&self, bytes: &[u8], at: usize) -> usize {
        line_end(bytes, at, self.finder.terminator())
    }

    fn is_slow(&self) -> bool {
        self.finder.is_slow()
    }

    fn inverts(&self) -> bool {
        self.invert
    }
}

/// What selects lines in turn.
pub(super) struct Steps<'a, S> {
    pub(super) options: &'a SearchOptions,
    pub(super) select: S,
    pub(super) terminator: u8,
    pub(super) bytes: &'a [u8],
    /// Lines selected so far, those of earlier chunks included.
    pub(super) count: u64,
    /// With `-v`, whether the first run of selected lines goes on.
    pub(super) first_run: bool,
    /// How far it came in the chunk.
    pub(super) at: usize,
    /// Whether the source ends with the chunk.
    pub(super) last: bool,
    /// Line terminators before the chunk.
    pub(super) lines_before: u64,
    pub(super) numbered: bool,
}

/// The number of the line at a position, found by going forward.
struct Numbers {
    at: usize,
    lines: u64,
    numbered: bool,
}

impl Numbers {
    fn number(&mut self, bytes: &[u8], at: usize, terminator: u8) -> u64 {
        if self.numbered && at > self.at {
            self.lines += count_terminators(&bytes[self.at..at], terminator);
            self.at = at;
        }
        self.lines + 1
    }
}

impl<S: Select> Steps<'_, S> {
    fn exceeded(&self) -> bool {
        self.options.max_count.is_some_and(|max| self.count >= max)
    }

    /// Prints what the chunk has to print.
    pub(super) fn run(&mut self, visit: &mut impl Visit) -> Step {
        let mut numbers = Numbers {
            at: 0,
            lines: self.lines_before,
            numbered: self.numbered,
        };
        let (bytes, terminator) = (self.bytes, self.terminator);
        let invert = self.select.inverts();
        let slow = self.select.is_slow() || self.options.passthru;
        while self.at < bytes.len() {
            let at = self.at;
            // ripgrep goes line by line once something was selected, except that
            // a first run of lines selected by `-v` is taken as a whole.
            let stopping = self.options.stop_on_nonmatch && self.count > 0 && !self.first_run;
            if slow || stopping {
                return self.run_slow(visit, &mut numbers);
            }
            if self.exceeded() {
                break;
            }
            let found = self.select.find(bytes, at);
            self.first_run = invert && found.is_none();
            let (start, end) = found.map_or((bytes.len(), bytes.len()), |f| (f.start, f.end));
            if invert {
                for line in Lines::new(between(bytes, at, start), terminator) {
                    let line = at + line.start..at + line.end;
                    let number = numbers.number(bytes, line.start, terminator);
                    self.count += 1;
                    self.at = line.end;
                    if visit.select(line, number)? == Flow::Stop {
                        return Ok(Flow::Stop);
                    }
                    if self.exceeded() {
                        // The run ends with `-m`, not with a line that matches.
                        self.first_run = true;
                        break;
                    }
                }
            } else if start < end {
                let number = numbers.number(bytes, start, terminator);
                self.count += 1;
                self.at = end;
                if visit.select(start..end, number)? == Flow::Stop {
                    return Ok(Flow::Stop);
                }
            }
            if !self.exceeded() {
                self.at = end;
            }
        }
        if self.exceeded() {
            if visit.last_after_context(&self.select)? == Flow::Stop || visit.after_left() == 0 {
                return Ok(Flow::Stop);
            }
            return Ok(Flow::Continue);
        }
        let more = !self.last && self.count > 0;
        if self.options.stop_on_nonmatch && invert && !self.first_run && more {
            // The line that ended the first run is passed over, not shown.
            return Ok(Flow::Continue);
        }
        visit.after_context(bytes.len())
    }

    /// Line by line. Once `-m` is reached no line matches any more here, so
    /// with `-v` every line does: a habit of ripgrep's that is kept.
    fn run_slow(&mut self, visit: &mut impl Visit, numbers: &mut Numbers) -> Step {
        let (bytes, terminator) = (self.bytes, self.terminator);
        while self.at < bytes.len() {
            let exceeded = self.exceeded();
            if exceeded && !self.options.passthru && visit.after_left() == 0 {
                return Ok(Flow::Stop);
            }
            let line = self.at..self.select.end(bytes, self.at);
            let success = if exceeded {
                self.select.inverts()
            } else {
                self.select.selects(bytes, &line)
            };
            self.at = line.end;
            let flow = if success {
                let number = numbers.number(bytes, line.start, terminator);
                self.count += 1;
                visit.select_alone(line.clone(), number)?
            } else if visit.after_left() > 0 {
                let number = numbers.number(bytes, line.start, terminator);
                visit.context_alone(line.clone(), number)?
            } else if self.options.passthru {
                visit.other_context(line.end)?
            } else {
                Flow::Continue
            };
            let ended = self.options.stop_on_nonmatch && !success && self.count > 0;
            if flow == Flow::Stop || ended {
                return Ok(Flow::Stop);
            }
        }
        Ok(Flow::Continue)
    }
}
