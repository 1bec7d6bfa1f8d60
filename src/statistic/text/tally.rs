//! The loop over the lines of a chunk.

#![expect(
    clippy::inline_always,
    reason = "the loop of `blocks` compiles these for the newest instructions"
)]

use super::{lengths::DENSE, longest::Longest};
use crate::statistic::blocks::{Masks, Visit};

/// What is counted while the blocks of a chunk go by.
///
/// The counters and carries live in registers; the arrays do not move.
pub(super) struct Tally<'a> {
    pub(super) words: u64,
    pub(super) blank: u64,
    pub(super) crlf: u64,
    pub(super) nul: u64,
    /// Lines that ended.
    pub(super) lines: u64,
    /// Not 0 if a byte of the lines at hand is not ASCII.
    pub(super) high: u64,
    /// Where the line at hand starts.
    pub(super) line_start: usize,
    /// All ones if a `\r` before a `\n` is no content, else 0.
    strip: u64,
    /// Where the next block starts.
    at: usize,
    /// Bit 0: the byte before the block was white space, or there is none.
    after_space: u64,
    /// Bit 0: it was `\r`.
    after_cr: u64,
    /// Bit 0: nothing but white space since the line began, seen from the
    /// block's first byte.
    blank_so_far: u64,
    /// The shortest line that may be among the longest.
    least: usize,
    short: &'a mut [u64; DENSE],
    long: &'a mut Vec<u64>,
    longest: &'a mut Longest,
}

impl<'a> Tally<'a> {
    pub(super) fn new(
        strip_cr: bool,
        short: &'a mut [u64; DENSE],
        long: &'a mut Vec<u64>,
        longest: &'a mut Longest,
    ) -> Tally<'a> {
        Tally {
            words: 0,
            blank: 0,
            crlf: 0,
            nul: 0,
            lines: 0,
            high: 0,
            line_start: 0,
            strip: if strip_cr { u64::MAX } else { 0 },
            at: 0,
            after_space: 1,
            after_cr: 0,
            blank_so_far: 1,
            least: longest.least(),
            short,
            long,
            longest,
        }
    }

    /// Goes on with lines that start here.
    pub(super) fn begin(&mut self, at: usize) {
        self.at = at;
        self.line_start = at;
        self.after_space = 1;
        self.after_cr = 0;
        self.blank_so_far = 1;
        self.high = 0;
    }

    /// Counts a line of this length that starts at `line_start`.
    #[inline(always)]
    pub(super) fn line(&mut self, length: usize) {
        if length < DENSE {
            self.short[length] += 1;
        } else {
            self.long.push(length as u64);
        }
        if length >= self.least {
            self.least = self
                .longest
                .offer(length, self.line_start, self.lines, self.least);
        }
    }

    /// White space from the start of a line to its end, seen as an addition:
    /// a one put where a line starts is carried through the run of set bits
    /// behind it and comes to rest where the run ends.
    #[inline(always)]
    fn count_blank(&mut self, masks: Masks) {
        let starts = masks.newline << 1 | self.blank_so_far;
        let inside = masks.space & !masks.newline;
        let (sum, carry) = inside.overflowing_add(starts & inside);
        let ends = (sum & !inside) | (starts & !inside);
        self.blank += u64::from((ends & masks.newline).count_ones());
        self.blank_so_far = masks.newline >> 63 | u64::from(carry);
    }
}

impl Visit for Tally<'_> {
    #[inline(always)]
    fn block(&mut self, masks: Masks, valid: u64) {
        let word_starts = !masks.space & (masks.space << 1 | self.after_space) & valid;
        self.words += u64::from(word_starts.count_ones());
        self.after_space = masks.space >> 63;

        let behind_cr = masks.cr << 1 | self.after_cr;
        self.crlf += u64::from((masks.newline & behind_cr).count_ones());
        self.after_cr = masks.cr >> 63;

        self.nul += u64::from(masks.nul.count_ones());
        self.high |= masks.high;
        self.count_blank(masks);

        let strip = behind_cr & self.strip;
        let mut newlines = masks.newline;
        while newlines != 0 {
            let bit = newlines.trailing_zeros();
            let end = self.at + bit as usize;
            self.line(end - self.line_start - (strip >> bit & 1) as usize);
            self.lines += 1;
            self.line_start = end + 1;
            newlines &= newlines - 1;
        }
        self.at += 64;
    }
}
