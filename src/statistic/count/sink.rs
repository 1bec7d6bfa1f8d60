//! What the patterns have found in a chunk, and on which lines.

use std::collections::HashMap;

use memchr::memchr;

use super::{PatternTally, marks::Marks};
use crate::{line::count_terminators, statistic::Scan};

/// Newlines are counted in blocks of this size, so that the number of a line
/// can be had without counting from the start of the chunk.
const BLOCK: usize = 4 << 10;

/// What a pattern has in a chunk.
#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    lines: u64,
    matches: u64,
    /// The first match in the first line that matches, and in the last.
    first: usize,
    last: usize,
    /// Where the last match ends.
    end: usize,
    /// Where the line of the last match ends,
    line_end: usize,
    /// and where its record ends: the line again, or some lines.
    record_end: usize,
}

/// Takes matches, in the order of their starts for each pattern.
#[derive(Debug)]
pub(super) struct Sink {
    slots: Vec<Slot>,
    /// The patterns with a match in the chunk.
    touched: Vec<u32>,
    /// Wanted where there are several patterns.
    marks: Option<Marks>,
    /// The line of the last match: where that starts, or before, and its end.
    line: (usize, usize),
    /// Where the records of the chunk end, where they are not its lines.
    records: Option<Vec<usize>>,
    /// Where the window at hand starts.
    window: usize,
    /// Lines with a match, of all patterns, in the window.
    hits: u64,
    /// Newlines before each block of the chunk.
    newlines: Vec<u64>,
    /// The parts of the source that matches are counted in.
    parts: Option<Parts>,
}

/// The equal parts of a source, and the matches of each pattern in them.
#[derive(Debug)]
struct Parts {
    count: usize,
    len: u64,
    offset: u64,
    matches: HashMap<u32, Vec<u64>>,
}

impl Sink {
    /// `window` is the nominal size of windows.
    pub(super) fn new(patterns: usize, window: usize) -> Sink {
        Sink {
            slots: vec![Slot::default(); patterns],
            touched: Vec::new(),
            marks: (patterns > 1).then(|| Marks::new(window)),
            line: (0, 0),
            records: None,
            window: 0,
            hits: 0,
            newlines: Vec::new(),
            parts: None,
        }
    }

    /// Counts matches in so many equal parts of a source of this length.
    pub(super) fn in_parts(mut self, count: u32, len: u64) -> Sink {
        self.parts = (count > 0).then(|| Parts {
            count: count as usize,
            len: len.max(1),
            offset: 0,
            matches: HashMap::new(),
        });
        self
    }

    /// Begins a chunk, with the ends of its records if they are not its lines.
    pub(super) fn begin(&mut self, scan: &Scan<'_>, records: Option<Vec<usize>>) {
        self.line = (0, 0);
        self.records = records;
        self.newlines.clear();
        self.newlines.push(0);
        if let Some(parts) = &mut self.parts {
            parts.offset = scan.absolute(0);
        }
    }

    /// Begins a window of the chunk.
    pub(super) fn begin_window(&mut self, start: usize) {
        self.window = start;
    }

    /// Where the last match of a pattern in this chunk ends.
    #[inline]
    pub(super) fn end_of(&self, pattern: u32) -> usize {
        self.slots[pattern as usize].end
    }

    /// The end of the line of a place, its terminator included; one behind the
    /// end of the chunk if the line has none.
    #[inline]
    pub(super) fn line_end(&mut self, bytes: &[u8], at: usize) -> usize {
        if !(self.line.0 <= at && at < self.line.1) {
            let end = memchr(b'\n', &bytes[at..]).map_or(bytes.len() + 1, |i| at + i + 1);
            self.line = (at, end);
        }
        self.line.1
    }

    /// Takes a match at a place of the chunk. Returns where its line ends.
    #[inline]
    pub(super) fn hit(&mut self, bytes: &[u8], pattern: u32, start: usize, end: usize) -> usize {
        let matches = u64::from(end > start);
        let slot = &mut self.slots[pattern as usize];
        slot.matches += matches;
        slot.end = end;
        if matches > 0
            && let Some(parts) = &mut self.parts
        {
            parts.add(pattern, start);
        }
        if start < slot.line_end {
            return slot.line_end;
        }
        self.hit_line(bytes, pattern, start)
    }

    fn hit_line(&mut self, bytes: &[u8], pattern: u32, start: usize) -> usize {
        let line_end = self.line_end(bytes, start);
        let slot = &mut self.slots[pattern as usize];
        slot.line_end = line_end;
        if start < slot.record_end {
            return line_end;
        }
        if slot.lines == 0 {
            slot.first = start;
            self.touched.push(pattern);
        }
        slot.lines += 1;
        slot.last = start;
        // The last line may have no end.
        slot.record_end = self.records.as_ref().map_or(line_end, |ends| {
            let at = ends.partition_point(|end| *end <= start);
            ends.get(at).map_or(line_end, |end| line_end.max(*end))
        });
        self.hits += 1;
        if let Some(marks) = &mut self.marks {
            marks.set(slot.record_end - 1 - self.window);
        }
        line_end
    }

    /// Ends a window of the chunk. Returns how many of its records match a
    /// pattern, and how many match several.
    pub(super) fn end_window(&mut self, bytes: &[u8], end: usize) -> (u64, u64) {
        loop {
            let next = self.newlines.len() * BLOCK;
            if next > end {
                break;
            }
            let before = self.newlines.last().copied().unwrap_or(0);
            let newlines = count_terminators(&bytes[next - BLOCK..next], b'\n');
            self.newlines.push(before + newlines);
        }
        match (&mut self.marks, std::mem::take(&mut self.hits)) {
            (_, 0) => (0, 0),
            (None, hits) => (hits, 0),
            (Some(marks), _) => marks.take(),
        }
    }

    /// The newlines before a place of the chunk that windows have passed.
    pub(super) fn newlines_before(&self, bytes: &[u8], at: usize) -> u64 {
        let block = at / BLOCK;
        self.newlines[block] + count_terminators(&bytes[block * BLOCK..at], b'\n')
    }

    /// Ends the chunk: hands out what each pattern has in it.
    pub(super) fn end(&mut self, scan: &Scan<'_>, mut each: impl FnMut(u32, PatternTally)) {
        let bytes = scan.bytes();
        let touched = std::mem::take(&mut self.touched);
        for &pattern in &touched {
            let slot = std::mem::take(&mut self.slots[pattern as usize]);
            let position = |at| scan.position(at, self.newlines_before(bytes, at));
            let first = position(slot.first);
            let tally = PatternTally {
                lines: slot.lines,
                matches: slot.matches,
                first,
                last: if slot.last == slot.first {
                    first
                } else {
                    position(slot.last)
                },
            };
            each(pattern, tally);
        }
        self.touched = touched;
        self.touched.clear();
    }

    /// Hands out the matches of each pattern in the parts, and forgets them.
    pub(super) fn end_parts(&mut self, mut each: impl FnMut(u32, Vec<u64>)) {
        if let Some(parts) = &mut self.parts {
            for (pattern, matches) in parts.matches.drain() {
                each(pattern, matches);
            }
        }
    }
}

impl Parts {
    fn add(&mut self, pattern: u32, start: usize) {
        let at = u128::from(self.offset + start as u64);
        let part = (at * self.count as u128 / u128::from(self.len)) as usize;
        // What lies behind the known length belongs to the last part.
        let part = part.min(self.count - 1);
        let matches = self.matches.entry(pattern).or_default();
        if matches.len() <= part {
            matches.resize(part + 1, 0);
        }
        matches[part] += 1;
    }
}
