//! The longest lines, in an order that depends on nothing else.

use serde::{Deserialize, Serialize};

use crate::statistic::Position;

/// A line that is among the longest.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct LongLine {
    /// Bytes of content.
    pub length: u64,
    /// Where it starts.
    pub position: Position,
}

/// Puts the longest first, of equals the earlier, and leaves out the rest.
pub(super) fn keep_longest(lines: &mut Vec<LongLine>, limit: usize) {
    lines.sort_unstable_by_key(|line| (std::cmp::Reverse(line.length), line.position));
    lines.truncate(limit);
}

/// The longest lines of one chunk, found with one comparison a line.
#[derive(Clone, Debug)]
pub(super) struct Longest {
    limit: usize,
    /// At most twice the limit and a few: sorted out when it is full.
    found: Vec<Candidate>,
}

#[derive(Clone, Copy, Debug)]
struct Candidate {
    length: usize,
    start: usize,
    line: u64,
}

impl Longest {
    pub(super) fn new(limit: usize) -> Longest {
        Longest {
            limit,
            found: Vec::new(),
        }
    }

    /// The shortest length that is of interest before any line was seen.
    pub(super) fn least(&self) -> usize {
        if self.limit == 0 { usize::MAX } else { 0 }
    }

    /// Takes a line of interest; returns the shortest length that is of
    /// interest from now on, given the one so far.
    #[cold]
    #[inline(never)]
    pub(super) fn offer(&mut self, length: usize, start: usize, line: u64, least: usize) -> usize {
        self.found.push(Candidate {
            length,
            start,
            line,
        });
        if self.found.len() < self.limit.saturating_mul(2).max(64) {
            return least;
        }
        self.prune();
        // A later line of the same length comes behind all that are kept.
        self.found.last().map_or(least, |c| c.length + 1)
    }

    fn prune(&mut self) {
        self.found
            .sort_unstable_by_key(|c| (std::cmp::Reverse(c.length), c.start));
        self.found.truncate(self.limit);
    }

    /// Gives the longest away and forgets them.
    pub(super) fn take(&mut self, position: impl Fn(usize, u64) -> Position) -> Vec<LongLine> {
        self.prune();
        let long = |c: Candidate| LongLine {
            length: c.length as u64,
            position: position(c.start, c.line),
        };
        self.found.drain(..).map(long).collect()
    }
}
