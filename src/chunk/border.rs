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

/// How far a file holds whole records, whatever is appended to it: behind its
/// last whole line, or where records have many lines, to the start of the last
/// that has a whole first line. At `from` a record starts, and what lies before it
/// is not looked at; the answer is `from` if no record behind it is whole.
///
/// # Errors
/// When the file cannot be read.
pub fn whole_until(source: &Source, record: &Record, from: u64) -> Result<u64> {
    let len = source.len().unwrap_or(from).max(from);
    let terminator = match record {
        Record::Line(terminator) => *terminator,
        Record::Lines(_) => b'\n',
    };
    let end = last_line_end(source, terminator, from, len)?;
    if record.is_line() {
        return Ok(end);
    }
    if end == from {
        return Ok(from);
    }
    let mut size = WINDOW;
    loop {
        let at = end.saturating_sub(size).max(from);
        let (mut last, mut next) = (None, file_border(source, record, at, end)?);
        while next < end {
            last = Some(next);
            next = file_border(source, record, next + 1, end)?;
        }
        if let Some(last) = last {
            return Ok(last);
        }
        if at == from {
            return Ok(from);
        }
        size *= 4;
    }
}

/// Behind the last terminator in the range; its start if there is none.
fn last_line_end(source: &Source, terminator: u8, from: u64, end: u64) -> Result<u64> {
    let (mut end, mut size) = (end, WINDOW);
    let mut window = Vec::new();
    while from < end {
        let start = end.saturating_sub(size).max(from);
        window.resize((end - start) as usize, 0);
        source.read_at(&mut window, start)?;
        if let Some(found) = memchr::memrchr(terminator, &window) {
            return Ok(start + found as u64 + 1);
        }
        end = start;
        size = (size * 2).min(MOST);
    }
    Ok(from)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_records_of_a_file_that_grows() {
        let regex = Record::regex("^x", 1000).unwrap();
        let cut = Record::regex("^x", 10_000).unwrap();
        let long = |bytes: usize| ["x 1\n", &"y".repeat(bytes), "\n"].concat().into_bytes();
        let many = [b"x 1\n".to_vec(), b" no\n".repeat(9000), b"en".to_vec()].concat();
        for (text, record, from, want) in [
            (&b""[..], Record::default(), 0, 0),
            (b"a", Record::default(), 0, 0),
            (b"a\n", Record::default(), 0, 2),
            (b"a\nb", Record::default(), 0, 2),
            (b"a\nb", Record::default(), 2, 2),
            (&long(9000)[..9000], Record::default(), 0, 4),
            (b"x 1\n a\nx 2\n b\nx", regex.clone(), 0, 7),
            (b"x 1\n a\nx 2\n b\nx\n", regex.clone(), 0, 14),
            (b"x 1\n a\n b\n c", regex.clone(), 0, 0),
            (b" a\n b\n", regex, 0, 0),
            (&long(100), cut.clone(), 0, 0),
            // By force, behind every 10,000 bytes.
            (&many, cut, 0, 30_000),
        ] {
            let source = Source::from_bytes("x", text);
            let got = whole_until(&source, &record, from).unwrap();
            assert_eq!(
                got,
                want,
                "{} {record:?}",
                text[..text.len().min(20)].escape_ascii()
            );
            // What follows changes nothing about what is whole.
            let more = Source::from_bytes("x", [text, b"\nx 9\nx 9\n"].concat());
            assert!(whole_until(&more, &record, from).unwrap() >= got);
            if got > 0 {
                assert_eq!(
                    file_border(&more, &record, got, more.len().unwrap()).unwrap(),
                    got
                );
            }
        }
    }
}
