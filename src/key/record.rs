//! What keys are taken from, and where they were found.

use crate::{
    format::LogFormat,
    header::{HeaderMemo, Level, level},
    time::Format,
};

/// One record, as keys see it.
#[derive(Clone, Copy, Debug)]
pub struct RecordView<'a> {
    /// Its bytes without the terminator of its last line.
    pub content: &'a [u8],
    /// Its absolute offset in bytes.
    pub offset: u64,
    /// Where the headers of its chunk are kept, if they are.
    pub headers: Option<&'a HeaderMemo>,
}

impl<'a> RecordView<'a> {
    /// These bytes at this absolute offset.
    pub fn new(content: &'a [u8], offset: u64) -> RecordView<'a> {
        RecordView {
            content,
            offset,
            headers: None,
        }
    }

    /// The level it names in its header.
    pub(crate) fn level(&self) -> Option<Level> {
        match self.headers {
            Some(headers) => headers.of(self.offset, self.content).level,
            None => level::of(self.content),
        }
    }
}

/// What is known about a source before its records are read.
#[derive(Clone, Copy, Debug, Default)]
pub struct Origin<'a> {
    /// Lines end with `\r\n`.
    pub crlf: bool,
    /// The first line, without its terminator.
    pub first_line: &'a [u8],
    /// The name of the source.
    pub path: &'a [u8],
    /// How timestamps are written, if there are any.
    pub time: Option<&'a Format>,
    /// The format of the records, where it was looked for and is known.
    pub format: Option<&'a LogFormat>,
    /// The names of columns in a line `#Fields:`.
    pub columns: &'a [String],
    /// The names in `name=value` pairs of the first records, where the format was looked for.
    pub pairs: &'a [String],
}

/// The keys of one match, or of one record where no regex is looked for.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) scratch: &'a [u8],
    pub(super) slots: &'a [Slot],
    pub(super) offset: u64,
}

/// Where a value is.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) enum Slot {
    /// Nowhere.
    #[default]
    Missing,
    /// From here to there in the bytes at hand.
    Here(usize, usize),
    /// From here to there in the scratch buffer.
    Scratch(usize, usize),
}

impl<'a> Row<'a> {
    /// The value of a key by its place among the keys; `None` if the record
    /// has none.
    #[inline]
    pub fn get(&self, key: usize) -> Option<&'a [u8]> {
        match self.slots[key] {
            Slot::Missing => None,
            Slot::Here(start, end) => Some(&self.bytes[start..end]),
            Slot::Scratch(start, end) => Some(&self.scratch[start..end]),
        }
    }

    /// The absolute offset of the match, or of the record without a regex.
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// How many keys there are.
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    /// True if no key was asked for.
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }
}

impl Slot {
    /// The place of the value in bytes that begin so far before.
    pub(super) fn shifted(self, by: usize) -> Slot {
        match self {
            Slot::Here(start, end) => Slot::Here(start + by, end + by),
            other => other,
        }
    }
}
