//! Reading the timestamps of many lines.

use std::ops::Range;

use super::{
    Format, Shape, Stamp, Year, Zone,
    place::Locator,
    shape::{Front, fraction, zone},
    zone::Constant,
};

/// A timestamp in a line.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Found {
    /// Where it is, fraction and zone included.
    pub range: Range<usize>,
    /// The instant it says.
    pub stamp: Stamp,
}

/// Reads the timestamps of many lines, with the format of their source.
///
/// It remembers what the last one said, and reads the next by comparing: most
/// lines of a log share their second with the line before. What it says of a
/// line depends on that line alone.
#[derive(Clone, Debug)]
pub struct Reader {
    locator: Locator,
    clock: Clock,
}

impl Reader {
    pub(super) fn new(format: &Format) -> Reader {
        Reader {
            locator: Locator::new(&format.place),
            clock: Clock {
                shape: format.shape.clone(),
                zone: format.zone.clone(),
                year: format.year,
                fraction: format.shape.has_fraction(),
                zoned: format.shape.has_zone(),
                memo: Memo::default(),
                constant: Constant::NEVER,
            },
        }
    }

    /// When the line was written.
    #[inline]
    pub fn stamp(&mut self, line: &[u8]) -> Option<Stamp> {
        let clock = &mut self.clock;
        self.locator
            .locate(line, |at| clock.read(&line[at..]))
            .and_then(|read| Stamp::new(read.instant, read.nanos))
    }

    /// The time of a line in a year that has every day, as a clock shows it: for
    /// timestamps without a year, whose years are found by their order.
    #[inline]
    pub(crate) fn without_year(&mut self, line: &[u8]) -> Option<Stamp> {
        let clock = &mut self.clock;
        self.locator
            .locate(line, |at| clock.read(&line[at..]))
            .and_then(|read| Stamp::new(read.wall, read.nanos))
    }

    /// When the line was written, and where it says so.
    pub fn find(&mut self, line: &[u8]) -> Option<Found> {
        let clock = &mut self.clock;
        self.locator.locate(line, |at| {
            let read = clock.read(&line[at..])?;
            Some(Found {
                range: at..at + read.len,
                stamp: Stamp::new(read.instant, read.nanos)?,
            })
        })
    }
}

/// What a timestamp says.
#[derive(Clone, Copy, Debug)]
struct Read {
    len: usize,
    instant: i64,
    wall: i64,
    nanos: u32,
}

/// The part of a reader that does not know places.
#[derive(Clone, Debug)]
struct Clock {
    shape: Shape,
    zone: Zone,
    year: Option<Year>,
    fraction: bool,
    zoned: bool,
    memo: Memo,
    constant: Constant,
}

/// The last front, and what it says.
#[derive(Clone, Debug, Default)]
struct Memo {
    text: [u8; 32],
    len: usize,
    wall: i64,
    nanos: u32,
    /// The instant, unless a zone follows.
    instant: i64,
}

impl Clock {
    #[inline]
    fn read(&mut self, text: &[u8]) -> Option<Read> {
        let len = self.memo.len;
        let known = len > 0
            && text.len() >= len
            && text[..len] == self.memo.text[..len]
            && !text.get(len).is_some_and(u8::is_ascii_digit);
        if !known {
            return self.read_anew(text);
        }
        let read = Read {
            len,
            instant: self.memo.instant,
            wall: self.memo.wall,
            nanos: self.memo.nanos,
        };
        Some(self.with_rest(text, read))
    }

    #[inline(never)]
    fn read_anew(&mut self, text: &[u8]) -> Option<Read> {
        let front = self.shape.front(text)?;
        let instant = self.instant(&front);
        // A format that was typed says itself how far it reads.
        let again = front.len <= self.memo.text.len() && !matches!(self.shape, Shape::Custom(_));
        if again {
            self.memo.text[..front.len].copy_from_slice(&text[..front.len]);
            self.memo.len = front.len;
            self.memo.wall = front.wall;
            self.memo.nanos = front.nanos;
            self.memo.instant = instant;
        }
        let read = Read {
            len: front.len,
            instant,
            wall: front.wall,
            nanos: front.nanos,
        };
        Some(self.with_rest(text, read))
    }

    fn instant(&mut self, front: &Front) -> i64 {
        if let Some(offset) = front.offset {
            return front.wall.saturating_sub(offset.into());
        }
        let wall = self.year.map_or(front.wall, |year| year.place(front.wall));
        if !self.constant.holds(wall) {
            self.constant = self.zone.constant(wall);
        }
        self.constant.instant(wall)
    }

    /// Reads what follows the front.
    #[inline]
    fn with_rest(&self, text: &[u8], mut read: Read) -> Read {
        if self.fraction
            && let Some((nanos, len)) = fraction(&text[read.len..])
        {
            read.nanos = nanos;
            read.len += len;
        }
        if self.zoned
            && let Some((offset, len)) = zone(&text[read.len..])
        {
            read.instant = read.wall.saturating_sub(offset.into());
            read.len += len;
        }
        read
    }
}
