//! Ways to cut a haystack.

use std::ops::Range;

use crate::line::Lines;

/// Where chunks end.
#[derive(Clone, Copy, Debug)]
pub(super) enum Chunks {
    /// Nowhere.
    Whole,
    /// After every line.
    Single,
    /// After every third line.
    Triple,
}

pub(super) const ALL: [Chunks; 3] = [Chunks::Whole, Chunks::Single, Chunks::Triple];

impl Chunks {
    /// The chunk in which the line that starts here lies.
    pub(super) fn around(self, haystack: &[u8], start: usize, terminator: u8) -> Range<usize> {
        let lines = match self {
            Chunks::Whole => return 0..haystack.len(),
            Chunks::Single => 1,
            Chunks::Triple => 3,
        };
        let all: Vec<_> = Lines::new(haystack, terminator).collect();
        let chunk = all
            .chunks(lines)
            .find(|chunk| chunk.iter().any(|line| line.start == start))
            .expect("events are about lines");
        chunk[0].start..chunk[chunk.len() - 1].end
    }
}
