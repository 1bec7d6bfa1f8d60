//! Which lines were hit, and which by more than one pattern.

/// Two bits for each line of a window, found by where the line ends.
#[derive(Debug)]
pub(super) struct Marks {
    once: Vec<u64>,
    again: Vec<u64>,
    limit: usize,
}

impl Marks {
    /// Marks for windows whose lines all start within `size` bytes: only the
    /// last line can end beyond, so that one more place is enough.
    pub(super) fn new(size: usize) -> Marks {
        let words = size / 64 + 1;
        Marks {
            once: vec![0; words],
            again: vec![0; words],
            limit: size,
        }
    }

    /// Marks the line whose last byte is at this place, for one more pattern.
    #[inline]
    pub(super) fn set(&mut self, last: usize) {
        let last = last.min(self.limit);
        let (word, bit) = (last / 64, 1 << (last % 64));
        self.again[word] |= self.once[word] & bit;
        self.once[word] |= bit;
    }

    /// How many lines were hit, and how many more than once; forgets them.
    pub(super) fn take(&mut self) -> (u64, u64) {
        let count = |words: &mut Vec<u64>| {
            let ones = words.iter().map(|word| u64::from(word.count_ones())).sum();
            words.fill(0);
            ones
        };
        (count(&mut self.once), count(&mut self.again))
    }
}
