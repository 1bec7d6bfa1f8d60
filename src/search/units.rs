//! What is selected, counted and shown as one: a line, or an event of some
//! lines.

use crate::{
    chunk::{Record, Start},
    line::{count_lines, last_lines, line_end, line_start},
};

/// Where units begin and end.
///
/// All slices begin with a unit, at the absolute offset `base`, and end where
/// a line ends, or the source.
#[derive(Clone, Copy, Debug)]
pub(super) struct Units<'a> {
    /// `None` if every line is one.
    record: Option<&'a Record>,
    terminator: u8,
}

impl<'a> Units<'a> {
    /// Lines that end with this byte, or the records of some of them.
    pub(super) fn new(record: &'a Record, terminator: u8) -> Units<'a> {
        Units {
            record: (!record.is_line()).then_some(record),
            terminator,
        }
    }

    /// True if every line is one.
    #[inline]
    pub(super) fn are_lines(self) -> bool {
        self.record.is_none()
    }

    /// The end of the unit that holds the position `at`.
    #[inline]
    pub(super) fn end(self, bytes: &[u8], base: u64, at: usize) -> usize {
        match self.record {
            None => line_end(bytes, at, self.terminator),
            Some(record) => record
                .next_start(bytes, base, at + 1)
                .unwrap_or(bytes.len()),
        }
    }

    /// The start of the unit that holds the line that starts at `line`; at
    /// `floor`, a unit starts.
    pub(super) fn start(self, bytes: &[u8], base: u64, line: usize, floor: usize) -> usize {
        let Some(Record::Lines(start)) = self.record else {
            return line;
        };
        let mut at = line;
        while at > floor && !begins(start, bytes, base, at) {
            at = line_start(bytes, at - 1, b'\n');
        }
        at
    }

    /// Whether a unit starts with the line that starts at `line`.
    #[inline]
    pub(super) fn begins(self, bytes: &[u8], base: u64, line: usize) -> bool {
        match self.record {
            Some(Record::Lines(start)) => line == 0 || begins(start, bytes, base, line),
            _ => true,
        }
    }

    /// Where the last `count` units begin; 0 if there are no more.
    pub(super) fn last(self, bytes: &[u8], base: u64, count: usize) -> usize {
        if self.are_lines() {
            return last_lines(bytes, count, self.terminator);
        }
        let mut at = bytes.len();
        for _ in 0..count {
            if at == 0 {
                break;
            }
            at = self.start(bytes, base, line_start(bytes, at - 1, b'\n'), 0);
        }
        at
    }

    /// How many units there are.
    pub(super) fn count(self, bytes: &[u8], base: u64) -> u64 {
        if self.are_lines() {
            return count_lines(bytes, self.terminator);
        }
        let (mut at, mut count) = (0, 0);
        while at < bytes.len() {
            at = self.end(bytes, base, at);
            count += 1;
        }
        count
    }

    /// The units of a slice.
    #[cfg(test)]
    fn of(self, bytes: &[u8], base: u64) -> impl Iterator<Item = std::ops::Range<usize>> {
        let mut at = 0;
        std::iter::from_fn(move || {
            if at == bytes.len() {
                return None;
            }
            let start = at;
            at = self.end(bytes, base, start);
            Some(start..at)
        })
    }
}

fn begins(start: &Start, bytes: &[u8], base: u64, line: usize) -> bool {
    start.starts(&bytes[line..line_end(bytes, line, b'\n')]) || start.forces(bytes, base, line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_records() {
        let text = b"no\nx 1\n a\n b\nx 2\nx 3\n c";
        let record = Record::regex("^x", 1000).unwrap();
        let units = Units::new(&record, b'\n');
        let all: Vec<_> = units.of(text, 0).collect();
        assert_eq!(all, [0..3, 3..13, 13..17, 17..23]);
        assert_eq!(units.count(text, 0), 4);
        for (count, want) in [(0, 23), (1, 17), (2, 13), (3, 3), (4, 0), (5, 0)] {
            assert_eq!(units.last(text, 0, count), want, "{count}");
        }
        assert_eq!(units.start(text, 0, 10, 0), 3);
        assert_eq!(units.start(text, 0, 10, 7), 7);
        let line = Record::default();
        let lines = Units::new(&line, b'\n');
        assert!(lines.are_lines() && lines.count(text, 0) == 7);
        assert_eq!(lines.last(text, 0, 2), 17);
    }
}
