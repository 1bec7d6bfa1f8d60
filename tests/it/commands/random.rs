//! Choices made from a seed: the same seed makes the same choices everywhere.

use std::ops::Range;

/// A generator of numbers (Marsaglia's xorshift).
#[derive(Clone, Debug)]
pub(super) struct Random(u64);

impl Random {
    /// Nearby seeds give unlike numbers (`SplitMix64`).
    pub(super) fn new(seed: u64) -> Random {
        let mut mixed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        Random((mixed ^ (mixed >> 31)).max(1))
    }

    /// Any number of 64 bits but 0.
    pub(super) fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    pub(super) fn below(&mut self, end: u64) -> u64 {
        // The high bits are the better ones.
        (self.next() >> 16) % end.max(1)
    }

    pub(super) fn within(&mut self, range: Range<u64>) -> u64 {
        range.start + self.below(range.end - range.start)
    }

    /// True once in so many times.
    pub(super) fn one_in(&mut self, times: u64) -> bool {
        self.below(times) == 0
    }

    pub(super) fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len() as u64) as usize]
    }

    /// Small numbers come often, large ones seldom: each about half as often
    /// as the one before it, but for one in eight, which is any.
    pub(super) fn skewed(&mut self, end: u64) -> u64 {
        if self.one_in(8) {
            return self.below(end);
        }
        u64::from(self.next().trailing_zeros()).min(end.saturating_sub(1))
    }
}
