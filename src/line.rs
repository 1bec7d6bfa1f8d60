//! Where lines begin and end inside a slice.
//!
//! A line ends with its terminator byte, which belongs to it; the last line of
//! a source may lack one. Positions are offsets into the slice at hand.

use memchr::{memchr, memrchr};

/// The end of the line that contains position `at`, its terminator included.
///
/// Equals `haystack.len()` when the line has no terminator.
#[inline]
pub fn line_end(haystack: &[u8], at: usize, terminator: u8) -> usize {
    memchr(terminator, &haystack[at..]).map_or(haystack.len(), |i| at + i + 1)
}

/// The start of the line that contains position `at`.
///
/// A position directly behind a terminator is the start of the next line.
#[inline]
pub fn line_start(haystack: &[u8], at: usize, terminator: u8) -> usize {
    memrchr(terminator, &haystack[..at]).map_or(0, |i| i + 1)
}

/// What stands between two positions: nothing where the second is not behind the first, as
/// when a file that is mapped was cut since they were found, and its lines are gone. What
/// comes of such bytes is thrown away; until that is known it must not panic.
#[inline]
pub(crate) fn between(bytes: &[u8], from: usize, to: usize) -> &[u8] {
    bytes.get(from..to).unwrap_or_default()
}

/// How many terminators the slice holds.
#[inline]
pub fn count_terminators(haystack: &[u8], terminator: u8) -> u64 {
    bytecount::count(haystack, terminator) as u64
}

/// How many lines the slice holds: its terminators, and one more if its last
/// line has none.
#[inline]
pub fn count_lines(haystack: &[u8], terminator: u8) -> u64 {
    let unterminated = haystack.last().is_some_and(|&b| b != terminator);
    count_terminators(haystack, terminator) + u64::from(unterminated)
}

/// Where the last `count` lines of the slice begin; 0 if it has no more.
pub fn last_lines(haystack: &[u8], count: usize, terminator: u8) -> usize {
    let mut start = haystack.len();
    for _ in 0..count {
        if start == 0 {
            break;
        }
        start = line_start(haystack, start - 1, terminator);
    }
    start
}

/// The lines of a slice, terminators included.
#[derive(Clone, Debug)]
pub struct Lines<'h> {
    haystack: &'h [u8],
    at: usize,
    terminator: u8,
}

impl<'h> Lines<'h> {
    /// The lines of `haystack`, each a range in it.
    pub fn new(haystack: &'h [u8], terminator: u8) -> Lines<'h> {
        Lines {
            haystack,
            at: 0,
            terminator,
        }
    }
}

impl Iterator for Lines<'_> {
    type Item = std::ops::Range<usize>;

    #[inline]
    fn next(&mut self) -> Option<std::ops::Range<usize>> {
        if self.at >= self.haystack.len() {
            return None;
        }
        let start = self.at;
        self.at = line_end(self.haystack, start, self.terminator);
        Some(start..self.at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_stands_between_what_is_not_behind() {
        let bytes = b"abc";
        for (from, to, want) in [
            (0, 3, &b"abc"[..]),
            (1, 2, b"b"),
            (2, 2, b""),
            (2, 1, b""),
            (3, 9, b""),
            (7, 9, b""),
        ] {
            assert_eq!(between(bytes, from, to), want, "{from} {to}");
        }
    }

    #[test]
    fn lines_of_every_shape() {
        let ranges = |h: &[u8]| Lines::new(h, b'\n').collect::<Vec<_>>();
        assert!(ranges(b"").is_empty());
        assert_eq!(ranges(b"\n"), vec![0..1]);
        assert_eq!(ranges(b"a"), vec![0..1]);
        assert_eq!(ranges(b"a\n\nb"), vec![0..2, 2..3, 3..4]);
    }

    #[test]
    fn counting_agrees_with_iterating() {
        for h in [
            &b""[..],
            b"\n",
            b"a",
            b"a\n",
            b"\n\n\n",
            b"a\nb",
            b"\r\nx\r\n",
        ] {
            assert_eq!(
                count_lines(h, b'\n'),
                Lines::new(h, b'\n').count() as u64,
                "{h:?}"
            );
        }
    }

    #[test]
    fn last_lines_counts_from_the_end() {
        let h = b"a\nbb\n\nc";
        let starts: Vec<_> = (0..6).map(|n| last_lines(h, n, b'\n')).collect();
        assert_eq!(starts, [7, 6, 5, 2, 0, 0]);
        assert_eq!(last_lines(b"a\nb\n", 1, b'\n'), 2);
    }

    #[test]
    fn line_around_a_position() {
        let h = b"ab\ncd\n";
        assert_eq!((line_start(h, 1, b'\n'), line_end(h, 1, b'\n')), (0, 3));
        assert_eq!((line_start(h, 3, b'\n'), line_end(h, 3, b'\n')), (3, 6));
        assert_eq!(line_start(h, 6, b'\n'), 6);
    }
}
