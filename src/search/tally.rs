//! Selected lines that are only counted.

use std::ops::Range;

use super::{
    job::Job,
    steps::{Select, Step, Visit},
};
use crate::exec::Flow;

/// Keeps the selected lines of one chunk.
///
/// It follows the context that a printer would print, because `-m` counts a
/// matching line in the context after its last match (so `-c -m1 -A3` may say
/// 4), as ripgrep does.
pub(super) struct Tally<'b> {
    pub(super) lines: Vec<Range<usize>>,
    pub(super) after_left: usize,
    bytes: &'b [u8],
    after: usize,
    cursor: usize,
    /// One line is all that is wanted.
    one: bool,
}

impl<'b> Tally<'b> {
    pub(super) fn new(job: &Job<'_>, bytes: &'b [u8], after_left: usize) -> Tally<'b> {
        let after = if job.options.passthru {
            0
        } else {
            job.options.after
        };
        Tally {
            lines: Vec::new(),
            after_left,
            bytes,
            after,
            cursor: 0,
            one: job.ends_at_first(),
        }
    }
}

impl Visit for Tally<'_> {
    fn select(&mut self, line: Range<usize>, _number: u64) -> Step {
        self.cursor = line.end;
        self.after_left = self.after;
        self.lines.push(line);
        Ok(if self.one { Flow::Stop } else { Flow::Continue })
    }

    fn select_alone(&mut self, line: Range<usize>, number: u64) -> Step {
        self.select(line, number)
    }

    fn context_alone(&mut self, line: Range<usize>, _number: u64) -> Step {
        self.cursor = line.end;
        self.after_left -= 1;
        Ok(Flow::Continue)
    }

    fn after_left(&self) -> usize {
        self.after_left
    }

    fn after_context(&mut self, _upto: usize) -> Step {
        Ok(Flow::Continue)
    }

    fn last_after_context(&mut self, select: &impl Select) -> Step {
        while self.after_left > 0 && self.cursor < self.bytes.len() {
            let line = self.cursor..select.end(self.bytes, self.cursor);
            self.cursor = line.end;
            self.after_left -= 1;
            if select.selects(self.bytes, &line) {
                self.lines.push(line);
            }
        }
        Ok(Flow::Continue)
    }

    fn other_context(&mut self, _upto: usize) -> Step {
        Ok(Flow::Continue)
    }
}
