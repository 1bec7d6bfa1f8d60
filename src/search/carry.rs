//! What a chunk must know of those before it.

use super::{
    context::Context,
    job::Job,
    steps::{Select, Steps},
};
use crate::line::between;

/// The state of a search between two chunks of a source.
///
/// Offsets are absolute. "Visited" are lines that were printed, or that
/// cannot be printed any more.
#[derive(Clone, Debug, Default)]
pub(super) struct ChunkCarry {
    /// How many more lines are printed as context of the last match.
    pub(super) after_left: usize,
    /// Whether a line of this source was printed.
    pub(super) sunk: bool,
    /// The offset behind the last line visited.
    pub(super) visited: u64,
    /// The last lines before this point that were not visited, as many as a
    /// match could want as context.
    pub(super) history: Vec<u8>,
    /// Whether the last timestamp before this point lies in the range of time.
    pub(super) in_time: Option<bool>,
    /// Line terminators before this point, where lines are counted.
    pub(super) lines_before: u64,
    /// Lines selected so far, as `-m` counts.
    pub(super) count: u64,
    /// With `-v` and `--stop-on-nonmatch`: the first run of selected lines
    /// has not ended.
    pub(super) first_run: bool,
    /// Where the first NUL byte that makes the source binary lies.
    pub(super) nul: Option<u64>,
}

impl ChunkCarry {
    /// What selects the lines of the chunk that comes next, in turn.
    pub(super) fn steps<'a, S: Select>(
        &self,
        job: &'a Job<'_>,
        select: S,
        bytes: &'a [u8],
        last: bool,
    ) -> Steps<'a, S> {
        Steps {
            options: job.options,
            select,
            terminator: job.context.terminator,
            bytes,
            count: self.count,
            first_run: self.first_run,
            at: 0,
            last,
            lines_before: self.lines_before,
            numbered: job.context.number,
        }
    }

    /// Goes past a chunk with these bytes, at this absolute offset, of which
    /// those before `visited` were visited, and keeps the lines that may be
    /// context later.
    pub(super) fn pass(
        &mut self,
        (bytes, start): (&[u8], u64),
        visited: usize,
        context: &Context<'_>,
    ) {
        if visited > 0 {
            self.history.clear();
        }
        let tail = between(bytes, visited, bytes.len());
        if context.before == 0 || tail.is_empty() {
            return;
        }
        let (units, before) = (context.units, context.before);
        let keep = units.last(tail, start + visited as u64, before);
        if keep > 0 {
            self.history.clear();
        }
        self.history.extend_from_slice(&tail[keep..]);
        let base = start + bytes.len() as u64 - self.history.len() as u64;
        let surplus = units.last(&self.history, base, before);
        self.history.drain(..surplus);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{chunk::Record, search::units::Units};

    #[test]
    fn history_is_the_last_lines_not_visited() {
        let record = Record::default();
        let context = Context {
            units: Units::new(&record, b'\n'),
            before: 3,
            after: 0,
            passthru: false,
            invert: false,
            number: false,
            terminator: b'\n',
        };
        let mut carry = ChunkCarry::default();
        let mut at = 0;
        for (bytes, visited, want) in [
            (&b"a\nb\n"[..], 0, &b"a\nb\n"[..]),
            (b"c\n", 0, b"a\nb\nc\n"),
            (b"d\ne\n", 0, b"c\nd\ne\n"),
            (b"f\ng\n", 2, b"g\n"),
            (b"h\n", 2, b""),
        ] {
            carry.pass((bytes, at), visited, &context);
            at += bytes.len() as u64;
            assert_eq!(carry.history, want);
        }
    }
}
