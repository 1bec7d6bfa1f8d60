//! One chunk, as a statistic sees it.

use std::cell::Cell;

use serde::{Deserialize, Serialize};

use super::{Head, Records, Shared};
use crate::{chunk::Record, header::HeaderMemo, key::RecordView, line::count_terminators};

/// The bytes of one chunk and what is known about them.
///
/// A chunk holds whole lines; only the last of a source may lack its `\n`.
#[derive(Debug)]
pub struct Scan<'a> {
    bytes: &'a [u8],
    offset: u64,
    head: &'a Head,
    lines_before: u64,
    newlines: Cell<Option<u64>>,
    headers: Option<&'a HeaderMemo>,
    ends: Option<&'a [u32]>,
}

impl<'a> Scan<'a> {
    /// A chunk whose first byte has this absolute offset.
    pub fn new(bytes: &'a [u8], offset: u64, head: &'a Head) -> Scan<'a> {
        Scan {
            bytes,
            offset,
            head,
            lines_before: 0,
            newlines: Cell::new(None),
            headers: None,
            ends: None,
        }
    }

    /// A chunk for several who go through its lines and ask for their headers: each is found
    /// once.
    #[must_use]
    pub fn sharing<'b>(&self, shared: &'b mut Shared) -> Scan<'b>
    where
        'a: 'b,
    {
        shared.begin(self.bytes, self.offset);
        let ends = shared.ends();
        if let Some(ends) = ends {
            self.tell_newlines(ends.len() as u64 - u64::from(self.is_unterminated()));
        }
        Scan {
            newlines: self.newlines.clone(),
            headers: Some(shared.headers()),
            ends,
            ..*self
        }
    }

    /// Some whole lines of it: `lines_before` lines of this one stand before
    /// them.
    #[must_use]
    pub fn part(&self, range: std::ops::Range<usize>, lines_before: u64) -> Scan<'a> {
        Scan {
            bytes: &self.bytes[range.clone()],
            offset: self.offset + range.start as u64,
            head: self.head,
            lines_before: self.lines_before + lines_before,
            newlines: Cell::new(None),
            headers: self.headers,
            ends: None,
        }
    }

    /// Where the headers of its lines are kept, if several ask for them.
    pub fn headers(&self) -> Option<&'a HeaderMemo> {
        self.headers
    }

    /// Where its lines end, each with its terminator, if that is known.
    pub(super) fn ends(&self) -> Option<&'a [u32]> {
        self.ends
    }

    /// A record of it, or several, whose content begins at this position.
    #[inline]
    pub fn view<'c>(&self, at: usize, content: &'c [u8]) -> RecordView<'c>
    where
        'a: 'c,
    {
        RecordView {
            content,
            offset: self.absolute(at),
            headers: self.headers,
        }
    }

    /// Its bytes.
    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// What was decided from the first bytes of the source.
    pub fn head(&self) -> &'a Head {
        self.head
    }

    /// The absolute offset of a position in [`bytes`](Scan::bytes).
    #[inline]
    pub fn absolute(&self, at: usize) -> u64 {
        self.offset + at as u64
    }

    /// A place to keep in a partial: position `at`, in the line that has
    /// `lines_before` of these lines before it.
    #[inline]
    pub fn position(&self, at: usize, lines_before: u64) -> Position {
        Position {
            source: 0,
            line: self.lines_before + lines_before + 1,
            offset: self.absolute(at),
        }
    }

    /// How many `\n` there are. Counted when first asked for, and once.
    pub fn newlines(&self) -> u64 {
        let newlines = self
            .newlines
            .get()
            .unwrap_or_else(|| count_terminators(self.bytes, b'\n'));
        self.newlines.set(Some(newlines));
        newlines
    }

    /// Spares the others the count: says how many `\n` there are.
    ///
    /// It is not compared with a count of its own: what a file loses while it is scanned reads as
    /// zeros the second time, and all that came of such a chunk is then thrown away.
    pub fn tell_newlines(&self, newlines: u64) {
        self.newlines.set(Some(newlines));
    }

    /// True if the last line has no `\n`, which only the last of a source may.
    pub fn is_unterminated(&self) -> bool {
        self.bytes.last().is_some_and(|&b| b != b'\n')
    }

    /// True if every line is a record, so that a statistic may take many lines
    /// at once; else it goes by [`records`](Scan::records).
    pub fn is_lines(&self) -> bool {
        self.head.record.is_line()
    }

    /// The records there are, in order. They cover all bytes.
    pub fn records(&self) -> Records<'a> {
        Records::new(self)
    }

    /// How many of its records begin where they do only because the one before
    /// was getting too long.
    pub fn forced_records(&self) -> u64 {
        match &self.head.record {
            Record::Line(_) => 0,
            Record::Lines(start) => start.forced_in(self.bytes, self.offset),
        }
    }

    /// How many lines there are, an unterminated one included.
    pub fn lines(&self) -> u64 {
        self.newlines() + u64::from(self.is_unterminated())
    }
}

/// A place in one of the sources of a run.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Position {
    /// Which source, in the order they were given, from 0.
    pub source: u32,
    /// The number of its line, from 1.
    pub line: u64,
    /// Its absolute offset in bytes.
    pub offset: u64,
}

/// By how much positions move when what lies before them becomes known.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Shift {
    /// Sources before these.
    pub sources: u32,
    /// Lines of the same source before these.
    pub lines: u64,
    /// Bytes of the same source before these, where offsets were counted from
    /// the start of a part.
    pub bytes: u64,
}

impl Shift {
    /// Over so many lines of the same source.
    pub fn lines(lines: u64) -> Shift {
        Shift {
            lines,
            ..Shift::default()
        }
    }

    /// Over so many sources.
    pub fn sources(sources: u32) -> Shift {
        Shift {
            sources,
            ..Shift::default()
        }
    }
}

impl Position {
    /// Moves it.
    pub fn shift(&mut self, by: Shift) {
        self.source += by.sources;
        self.line += by.lines;
        self.offset += by.bytes;
    }
}
