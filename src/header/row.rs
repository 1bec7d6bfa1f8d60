//! The level of a line that is a row of values with separators between.

use std::ops::Range;

use memchr::memchr;

use super::{Level, stamp};

/// How many fields behind the timestamp may be the level.
const NEAR: usize = 4;
/// How far into a row its level may be.
const MAX_BYTES: usize = 4096;

/// A row that begins with its level and has its time next: `Error,11/23/2026 3:30:05 PM,Disk`.
/// How long the level is, with what stands around it.
pub(super) fn first(line: &[u8]) -> Option<(usize, Level)> {
    let quoted = line.first() == Some(&b'"');
    let word = &line[usize::from(quoted)..];
    let len = word.iter().take(14).take_while(|b| b.is_ascii_alphabetic());
    let (word, rest) = word.split_at(len.count());
    let rest = if quoted {
        rest.strip_prefix(b"\"")?
    } else {
        rest
    };
    let ([b',' | b';' | b'\t'], time) = rest.split_at_checked(1)? else {
        return None;
    };
    let level = Level::of_word(word)?;
    let time = time.strip_prefix(b"\"").unwrap_or(time);
    stamp::at_start(time)?;
    Some((line.len() - time.len(), level))
}

/// What the fields behind the timestamp say.
pub(super) struct Row {
    /// What is behind the level, or the field that is the message.
    pub(super) message: Range<usize>,
    pub(super) level: Option<Level>,
}

/// A row that begins with its time, whose first separator is here.
pub(super) fn of(line: &[u8], at: usize) -> Option<Row> {
    near(line, at).or_else(|| server(line, at))
}

/// `2026-11-23 14:30:05,web1,ERROR,cannot add item`.
fn near(line: &[u8], at: usize) -> Option<Row> {
    let separator = line[at];
    let head = &line[..line.len().min(MAX_BYTES)];
    let mut at = at + 1;
    for _ in 0..NEAR {
        let (text, end) = field(head, at, separator)?;
        let quoted = text.start > at;
        let text = &head[text];
        // Words of a sentence have blanks between.
        if head.get(end) != Some(&separator) || !quoted && memchr(b' ', text).is_some() {
            return None;
        }
        if let Some(level) = Level::of_word(text) {
            return Some(Row {
                message: end + 1..line.len(),
                level: Some(level),
            });
        }
        at = end + 1;
    }
    None
}

/// `2026-11-23 14:30:05.123 UTC,"bob","shop",17,"192.0.2.1:5",6563a1c2.4d2,3,"INSERT",2026-…
/// UTC,4/17,731,ERROR,23505,"duplicate key",…`, as a server of `PostgreSQL` writes.
fn server(line: &[u8], at: usize) -> Option<Row> {
    let head = &line[..line.len().min(MAX_BYTES)];
    let mut at = at;
    let mut next = || {
        if head.get(at) != Some(&b',') {
            return None;
        }
        let (text, end) = field(head, at + 1, b',')?;
        at = end;
        Some(text)
    };
    let process = next().and_then(|_| next()).and_then(|_| next())?;
    if process.is_empty() || !head[process].iter().all(u8::is_ascii_digit) {
        return None;
    }
    for _ in 0..4 {
        next()?;
    }
    let session = next()?;
    stamp::at_start(&head[session])?;
    // Two transactions.
    next().and_then(|_| next())?;
    let severity = next()?;
    let state = next()?;
    if state.len() != 5 || line.get(at) != Some(&b',') {
        return None;
    }
    let start = at + 1;
    let message = match field(line, start, b',') {
        Some((text, _)) => text,
        // One of several lines, of which this is the first.
        None => start + 1..line.len(),
    };
    Some(Row {
        message,
        level: Level::of_capitals(&head[severity]),
    })
}

/// The field that begins here without its quotes, and where it ends with them.
fn field(line: &[u8], at: usize, separator: u8) -> Option<(Range<usize>, usize)> {
    let rest = line.get(at..)?;
    if rest.first() != Some(&b'"') {
        let end = at + memchr(separator, rest).unwrap_or(rest.len());
        return Some((at..end, end));
    }
    let mut end = at + 1;
    loop {
        end += memchr(b'"', line.get(end..)?)?;
        if line.get(end + 1) != Some(&b'"') {
            return Some((at + 1..end, end + 1));
        }
        end += 2;
    }
}
