//! One chunk, record by record.

use std::ops::Range;

use super::Scan;
use crate::{
    chunk::{Record, Start},
    line::line_end,
};

/// A record in a [`Scan`].
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RecordSpan {
    /// Its bytes in the scan, the end of its last line included.
    pub range: Range<usize>,
    /// How many lines of the scan stand before it.
    pub lines_before: u64,
    /// How many lines it has; an unterminated one counts.
    pub lines: u64,
    /// True if it begins where it does only because the one before it was
    /// getting too long.
    pub forced: bool,
}

/// The records of a [`Scan`], in order; they cover all its bytes.
#[derive(Clone, Debug)]
pub struct Records<'a> {
    bytes: &'a [u8],
    base: u64,
    /// `None` if every line is a record.
    start: Option<&'a Start>,
    /// Where lines end, as far as that is known.
    ends: std::slice::Iter<'a, u32>,
    at: usize,
    lines: u64,
    forced: bool,
}

impl<'a> Records<'a> {
    pub(super) fn new(scan: &Scan<'a>) -> Records<'a> {
        let (bytes, base) = (scan.bytes(), scan.absolute(0));
        let start = match &scan.head().record {
            Record::Line(_) => None,
            Record::Lines(start) => Some(start),
        };
        let forced = |start: &Start| {
            let first = line_end(bytes, 0, b'\n');
            !start.starts(&bytes[..first])
        };
        Records {
            bytes,
            base,
            start,
            ends: scan.ends().unwrap_or_default().iter(),
            at: 0,
            lines: 0,
            forced: base > 0 && start.is_some_and(forced),
        }
    }
}

impl Records<'_> {
    /// The line that is the next record.
    #[inline]
    fn line(&mut self, from: usize, end: usize) -> RecordSpan {
        let lines_before = self.lines;
        (self.at, self.lines) = (end, lines_before + 1);
        RecordSpan {
            range: from..end,
            lines_before,
            lines: 1,
            forced: false,
        }
    }
}

impl Iterator for Records<'_> {
    type Item = RecordSpan;

    #[inline]
    fn next(&mut self) -> Option<RecordSpan> {
        let from = self.at;
        if from == self.bytes.len() {
            return None;
        }
        if self.start.is_none()
            && let Some(&end) = self.ends.next()
        {
            return Some(self.line(from, end as usize));
        }
        let mut end = line_end(self.bytes, from, b'\n');
        let (mut lines, mut forced) = (1, false);
        if let Some(start) = self.start {
            while end < self.bytes.len() {
                let next = line_end(self.bytes, end, b'\n');
                if start.starts(&self.bytes[end..next]) {
                    break;
                }
                forced = start.forces(self.bytes, self.base, end);
                if forced {
                    break;
                }
                end = next;
                lines += 1;
            }
        }
        let record = RecordSpan {
            range: from..end,
            lines_before: self.lines,
            lines,
            forced: std::mem::replace(&mut self.forced, forced),
        };
        self.at = end;
        self.lines += lines;
        Some(record)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistic::Head;

    #[test]
    fn records_cover_every_byte() {
        let text = b"no\nx 1\n a\n b\nx 2\nx 3\n c";
        let mut head = Head::of(text);
        let lines = Scan::new(text, 0, &head).records().count();
        assert_eq!(lines, 7);
        head.record = Record::regex("^x", 1000).unwrap();
        let scan = Scan::new(text, 0, &head);
        let got: Vec<_> = scan
            .records()
            .map(|r| (r.range, r.lines_before, r.lines, r.forced))
            .collect();
        let want = [
            (0..3, 0, 1, false),
            (3..13, 1, 3, false),
            (13..17, 4, 1, false),
            (17..23, 5, 2, false),
        ];
        assert_eq!(got, want);
    }

    #[test]
    fn the_bound_cuts_long_records_wherever_a_scan_begins() {
        let text = [b"x 1\n".to_vec(), b"  more\n".repeat(10)].concat();
        let mut head = Head::of(&text);
        head.record = Record::regex("^x", 20).unwrap();
        let starts = |from: usize| -> Vec<(usize, bool)> {
            let scan = Scan::new(&text[from..], from as u64, &head);
            let records = scan.records();
            records.map(|r| (from + r.range.start, r.forced)).collect()
        };
        let all = starts(0);
        assert_eq!(all, [(0, false), (25, true), (46, true), (60, true)]);
        for (skip, &(from, _)) in all.iter().enumerate() {
            assert_eq!(starts(from), all[skip..]);
            let scan = Scan::new(&text[from..], from as u64, &head);
            let forced = all[skip..].iter().filter(|start| start.1).count();
            assert_eq!(scan.forced_records(), forced as u64);
        }
    }
}
