//! Borders in a file that is read by position.

use super::{
    Record,
    record::{Ends, Next, Start},
};
use crate::{error::Result, source::Source};

/// How much is read at first, and how much more at a time at most.
const WINDOW: u64 = 4 << 10;
const MOST: u64 = 1 << 20;

/// The first record start at or after `at` in a file read by position; `end`
/// if there is none before it. A line ends at `end`.
pub(super) fn file_border(source: &Source, record: &Record, at: u64, end: u64) -> Result<u64> {
    if at == 0 || at >= end {
        return Ok(at.min(end));
    }
    match record {
        Record::Line(terminator) => line_border(source, *terminator, at, end),
        Record::Lines(start) => lines_border(source, start, at, end),
    }
}

fn line_border(source: &Source, terminator: u8, at: u64, end: u64) -> Result<u64> {
    let mut from = at - 1;
    let mut size = WINDOW;
    let mut window = Vec::new();
    while from < end {
        window.resize(size.min(end - from) as usize, 0);
        source.read_at(&mut window, from)?;
        if let Some(found) = memchr::memchr(terminator, &window) {
            return Ok(from + found as u64 + 1);
        }
        from += window.len() as u64;
        size = (size * 2).min(MOST);
    }
    Ok(end)
}

fn lines_border(source: &Source, start: &Start, at: u64, end: u64) -> Result<u64> {
    let mut from = at - WINDOW.min(at);
    let mut to = (at + WINDOW).min(end);
    loop {
        let mut window = vec![0; (to - from) as usize];
        source.read_at(&mut window, from)?;
        let ends = Ends {
            base: from,
            front: from == 0,
            back: to == end,
        };
        match start.next(&window, ends, (at - from) as usize) {
            Next::At(found) => return Ok(from + found as u64),
            Next::Nowhere => return Ok(end),
            Next::Before => from -= (at - from).max(WINDOW).min(from),
            Next::Behind => to = (to + (to - at).max(WINDOW)).min(end),
        }
    }
}
