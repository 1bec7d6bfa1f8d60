//! What a chunk must know of those before it.

use super::{job::Job, steps::Steps};
use crate::{line::last_lines, pattern::LineFinder};

/// The state of a search between two chunks of a source.
///
/// Offsets are absolute. "Visited" are lines that were printed, or that
/// cannot be printed any more.
#[derive(Clone, Debug, Default)]
pub(super) struct Seam {
    /// How many more lines are printed as context of the last match.
    pub(super) after_left: usize,
    /// Whether a line of this source was printed.
    pub(super) sunk: bool,
    /// The offset behind the last line visited.
    pub(super) visited: u64,
    /// The last lines before this point that were not visited, as many as a
    /// match could want as context.
    pub(super) history: Vec<u8>,
    /// Line terminators before this point, where lines are numbered.
    pub(super) lines_before: u64,
    /// Lines selected so far, as `-m` counts.
    pub(super) count: u64,
    /// With `-v` and `--stop-on-nonmatch`: the first run of selected lines
    /// has not ended.
    pub(super) first_run: bool,
    /// Where the first NUL byte that makes the source binary lies.
    pub(super) nul: Option<u64>,
}

impl Seam {
    /// What selects the lines of the chunk that comes next, in turn.
    pub(super) fn steps<'a>(
        &self,
        job: &'a Job<'_>,
        finder: &'a LineFinder,
        bytes: &'a [u8],
        last: bool,
    ) -> Steps<'a> {
        Steps {
            options: job.options,
            finder,
            bytes,
            count: self.count,
            first_run: self.first_run,
            at: 0,
            last,
            lines_before: self.lines_before,
            numbered: job.context.number,
        }
    }

    /// Goes past a chunk with these bytes, of which those before `visited`
    /// were visited, and keeps the lines that may be context later.
    pub(super) fn pass(&mut self, bytes: &[u8], visited: usize, before: usize, terminator: u8) {
        if visited > 0 {
            self.history.clear();
        }
        let tail = &bytes[visited..];
        if before == 0 || tail.is_empty() {
            return;
        }
        let keep = last_lines(tail, before, terminator);
        if keep > 0 {
            self.history.clear();
        }
        self.history.extend_from_slice(&tail[keep..]);
        let surplus = last_lines(&self.history, before, terminator);
        self.history.drain(..surplus);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn history_is_the_last_lines_not_visited() {
        let mut seam = Seam::default();
        seam.pass(b"a\nb\n", 0, 3, b'\n');
        seam.pass(b"c\n", 0, 3, b'\n');
        assert_eq!(seam.history, b"a\nb\nc\n");
        seam.pass(b"d\ne\n", 0, 3, b'\n');
        assert_eq!(seam.history, b"c\nd\ne\n");
        seam.pass(b"f\ng\n", 2, 3, b'\n');
        assert_eq!(seam.history, b"g\n");
        seam.pass(b"h\n", 2, 3, b'\n');
        assert_eq!(seam.history, b"");
    }
}
