//! Dates of digits alone.

use super::{
    Front,
    cursor::{Cursor, century, date, time, undated},
};

/// `2026-11-23T14:30:05`.
pub(super) fn iso(text: &[u8]) -> Option<Front> {
    let mut c = Cursor::new(text);
    let year = c.digits(4)?;
    let between = c.one_of(b"-/.")?;
    let month = c.digits(2)?;
    c.one_of(&[between])?;
    let day = c.digits(2)?;
    let gap = c.one_of(b"T t_-")?;
    let time = c.clock(if gap == b'-' { b".:" } else { b":" })?;
    Some(c.front(date(year.into(), month, day)?, time))
}

/// What may part a date from a time of day in another column.
const APART: [&[u8]; 18] = [
    b" | ", b"] [", b"][", b" time=", b",time=", b" Time: ", b" time: ", b", ", b" - ", b"  ",
    b" ", b"|", b"\t", b";", b",", b"T", b"@", b"\",\"",
];

/// `2026-11-23 | 14:30:05`, `[2026-11-23] [14:30:05]`, `2026-1-3 9:30:05`,
/// `2026-11-23 14.30.05`.
pub(super) fn iso_loose(text: &[u8]) -> Option<Front> {
    let mut c = Cursor::new(text);
    let year = c.digits(4)?;
    let between = c.one_of(b"-/.")?;
    let month = c.one_or_two()?;
    c.one_of(&[between])?;
    let day = date(year.into(), month, c.one_or_two()?)?;
    c.text_of(&APART)?;
    let hour = c.one_or_two()?;
    let colon = c.one_of(b":.")?;
    let minute = c.digits(2)?;
    c.one_of(&[colon])?;
    let time = time(hour, minute, c.digits(2)?)?;
    Some(c.front(day, time))
}

/// `2026-11-23 14:30`.
pub(super) fn iso_minutes(text: &[u8]) -> Option<Front> {
    let mut c = Cursor::new(text);
    let year = c.digits(4)?;
    let between = c.one_of(b"-/.")?;
    let month = c.digits(2)?;
    c.one_of(&[between])?;
    let day = date(year.into(), month, c.digits(2)?)?;
    c.one_of(b"T ")?;
    let hour = c.digits(2)?;
    c.one_of(b":")?;
    let time = time(hour, c.digits(2)?, 0)?;
    let front = Front {
        ends_with_minute: true,
        ..c.front(day, time)
    };
    (c.peek() != Some(b':')).then_some(front)
}

/// `2026年11月23日 14:30:05`, `2026年11月23日 14時30分05秒`, `2026년 11월 23일 14:30:05`.
pub(super) fn characters(text: &[u8]) -> Option<Front> {
    let mut c = Cursor::new(text);
    let year = c.digits(4)?;
    let month = behind(&mut c, ["年", "년"])?;
    let day = date(year.into(), month, behind(&mut c, ["月", "월"])?)?;
    let hour = behind(&mut c, ["日", "일"])?;
    if c.one_of(b":").is_some() {
        let minute = c.digits(2)?;
        c.one_of(b":")?;
        let time = time(hour, minute, c.digits(2)?)?;
        return Some(c.front(day, time));
    }
    let minute = behind(&mut c, ["時", "时"])?;
    let time = time(hour, minute, behind(&mut c, ["分", "분"])?)?;
    c.text_of(&["秒", "초"].map(str::as_bytes))?;
    Some(c.front(day, time))
}

/// The number behind one of these characters.
fn behind(c: &mut Cursor<'_>, characters: [&str; 2]) -> Option<u32> {
    c.text_of(&characters.map(str::as_bytes))?;
    c.one_of(b" ");
    c.one_or_two()
}

pub(super) fn basic(text: &[u8]) -> Option<Front> {
    let mut c = Cursor::new(text);
    let day = date(c.digits(4)?.into(), c.digits(2)?, c.digits(2)?)?;
    c.one_of(b"T -_");
    let time = time(c.digits(2)?, c.digits(2)?, c.digits(2)?)?;
    Some(c.front(day, time))
}

pub(super) fn compact(text: &[u8]) -> Option<Front> {
    let mut c = Cursor::new(text);
    let day = date(c.digits(4)?.into(), c.digits(2)?, c.digits(2)?)?;
    c.one_of(b"- T_")?;
    let mut number = |end: &[u8]| {
        let number = c.one_or_two()?;
        (end.is_empty() || c.one_of(end).is_some()).then_some(number)
    };
    let time = time(number(b":")?, number(b":")?, number(b"")?)?;
    Some(c.front(day, time))
}

pub(super) fn short_basic(text: &[u8]) -> Option<Front> {
    let mut c = Cursor::new(text);
    let day = date(century(c.digits(2)?), c.digits(2)?, c.digits(2)?)?;
    c.one_of(b" -_T")?;
    // MySQL writes `261123  4:30:05`.
    let hour = c.loose()?;
    let colon = c.one_of(b":").is_some();
    let minute = c.digits(2)?;
    if colon {
        c.one_of(b":")?;
    }
    let time = time(hour, minute, c.digits(2)?)?;
    Some(c.front(day, time))
}

pub(super) fn short_date(text: &[u8]) -> Option<Front> {
    let mut c = Cursor::new(text);
    let year = century(c.digits(2)?);
    let between = c.one_of(b"/-.")?;
    let month = c.digits(2)?;
    c.one_of(&[between])?;
    let day = date(year, month, c.digits(2)?)?;
    c.one_of(b" T-_")?;
    let time = c.clock(b":")?;
    Some(c.front(day, time))
}

pub(super) fn month_day(text: &[u8]) -> Option<Front> {
    let mut c = Cursor::new(text);
    let month = c.digits(2)?;
    c.one_of(b"-./")?;
    let day = undated(month, c.digits(2)?)?;
    c.one_of(b" T|")?;
    let time = c.clock(b":")?;
    Some(c.front(day, time))
}

/// `23/11/2026 14:30:05` or `11/23/2026 2:30 PM`, whichever number is the day.
pub(super) fn year_last(text: &[u8], day_first: bool) -> Option<Front> {
    let mut c = Cursor::new(text);
    let one = c.one_or_two()?;
    let between = c.one_of(b"/.-")?;
    let two = c.one_or_two()?;
    c.one_of(&[between])?;
    let year = c.any_year()?;
    let (day, month) = if day_first { (one, two) } else { (two, one) };
    let day = date(year, month, day)?;
    c.text_of(&[
        b", ", b" - ", b"  ", b" ", b"T", b"-", b":", b"|", b"\t", b";", b",",
    ])?;
    let time = c.loose_clock()?;
    Some(c.front(day, time))
}

/// `14:30:05`, on a day that is said elsewhere.
pub(super) fn time_of_day(text: &[u8]) -> Option<Front> {
    let mut c = Cursor::new(text);
    let hour = c.one_or_two()?;
    c.one_of(b":")?;
    let minute = c.digits(2)?;
    c.one_of(b":")?;
    let time = time(hour, minute, c.digits(2)?)?;
    Some(c.front(undated(1, 1)?, time))
}
