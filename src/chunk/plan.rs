//! Where to cut a slice.

use super::{Chunk, Record};

/// Cuts a range of a slice into chunks of about a nominal size.
///
/// The range owns the records whose first byte lies in it (the rule of
/// Hadoop's input splits), so adjacent ranges share no record and lose none,
/// wherever their ends fall.
///
/// As an iterator it finds one border at a time, so that the search for the
/// end of a 2 GB line is done once and not by every later chunk.
#[derive(Clone, Debug)]
pub struct ChunkPlan<'h> {
    haystack: &'h [u8],
    record: Record,
    size: u64,
    at: usize,
    end: usize,
    index: u64,
}

impl<'h> ChunkPlan<'h> {
    /// A plan for the records that start in `range`, offsets into `haystack`.
    ///
    /// `size` is the nominal size, at least 1. A range that ends behind the
    /// slice ends with it.
    pub fn new(
        haystack: &'h [u8],
        range: std::ops::Range<u64>,
        size: u64,
        record: Record,
    ) -> ChunkPlan<'h> {
        let len = haystack.len();
        let clamp = |offset: u64| usize::try_from(offset).unwrap_or(len).min(len);
        let start = |at: usize| record.next_start(haystack, 0, at).unwrap_or(len);
        let (at, end) = (start(clamp(range.start)), start(clamp(range.end)));
        ChunkPlan {
            haystack,
            record,
            size: size.max(1),
            at,
            end,
            index: 0,
        }
    }

    /// The offset behind the last chunk.
    pub fn end(&self) -> u64 {
        self.end as u64
    }

    /// The offset of the next chunk.
    pub(super) fn at(&self) -> u64 {
        self.at as u64
    }
}

impl Iterator for ChunkPlan<'_> {
    type Item = Chunk;

    fn next(&mut self) -> Option<Chunk> {
        if self.at >= self.end {
            return None;
        }
        let start = self.at as u64;
        let nominal = (start / self.size + 1).saturating_mul(self.size);
        let end = match usize::try_from(nominal) {
            Ok(nominal) if nominal < self.end => self
                .record
                .next_start(&self.haystack[..self.end], 0, nominal)
                .unwrap_or(self.end),
            _ => self.end,
        };
        self.at = end;
        self.index += 1;
        Some(Chunk {
            index: self.index - 1,
            start,
            end: end as u64,
            lines_before: None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(h: &[u8], size: u64) -> Vec<(u64, u64)> {
        ChunkPlan::new(h, 0..h.len() as u64, size, Record::Line(b'\n'))
            .map(|c| (c.start, c.end))
            .collect()
    }

    #[test]
    fn chunks_are_whole_lines_and_cover_the_slice() {
        for h in [
            &b""[..],
            b"\n",
            b"a",
            b"a\nbb\n\nccc\nd",
            b"\n\n\n",
            b"long line only",
        ] {
            for size in 1..20 {
                let chunks = cut(h, size);
                let mut at = 0;
                for (start, end) in chunks {
                    assert_eq!(start, at, "contiguous");
                    assert!(end > start, "not empty");
                    assert!(end == h.len() as u64 || h[end as usize - 1] == b'\n');
                    at = end;
                }
                assert_eq!(at, h.len() as u64, "{h:?} size {size}");
            }
        }
    }

    #[test]
    fn size_one_gives_a_chunk_a_line() {
        assert_eq!(cut(b"a\nbb\n\nc", 1), [(0, 2), (2, 5), (5, 6), (6, 7)]);
    }

    #[test]
    fn a_long_line_makes_a_longer_chunk() {
        assert_eq!(cut(b"a\nxxxxxxxxxxxx\nb\n", 4), [(0, 15), (15, 17)]);
    }

    #[test]
    fn adjacent_ranges_share_no_line_and_lose_none() {
        let h = b"a\nbb\n\ncccc\nd";
        for cut_at in 0..=h.len() as u64 {
            let line = Record::Line(b'\n');
            let left = ChunkPlan::new(h, 0..cut_at, 3, line.clone());
            let right = ChunkPlan::new(h, cut_at..h.len() as u64, 3, line.clone());
            let border = left.end();
            let all: Vec<_> = left.chain(right).map(|c| (c.start, c.end)).collect();
            let mut at = 0;
            for (start, end) in all {
                assert_eq!(start, at, "cut at {cut_at}, border {border}");
                at = end;
            }
            assert_eq!(at, h.len() as u64);
        }
    }
}
