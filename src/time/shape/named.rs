//! Dates with the name of a month.

use super::{
    Front,
    behind::{Zoned, fraction, meridiem, on_twelve_hours, zone},
    cursor::{Cursor, date, undated},
};

pub(super) fn syslog(text: &[u8]) -> Option<Front> {
    let mut c = Cursor::new(text);
    let month = c.month()?;
    c.one_of(b" ")?;
    let day = undated(month, c.loose()?)?;
    c.one_of(b" ")?;
    let time = c.clock(b":")?;
    Some(c.front(day, time))
}

pub(super) fn month_day_year(text: &[u8]) -> Option<Front> {
    let mut c = Cursor::new(text);
    let month = c.month()?;
    c.one_of(b" ")?;
    let day = c.loose()?;
    c.one_of(b",");
    c.one_of(b" ")?;
    let day = date(c.digits(4)?.into(), month, day)?;
    c.text_of(&[b", ", b" at ", b" "])?;
    let time = c.loose_clock()?;
    Some(c.front(day, time))
}

/// `Sun Dec 04 04:47:44 2005`, `Mon Nov 23 02:30:05 PM CET 2020`.
pub(super) fn ctime(text: &[u8]) -> Option<Front> {
    let mut c = Cursor::new(text);
    c.weekday()?;
    c.one_of(b" ")?;
    year_behind(c)
}

/// `Nov 23 14:30:05 CET 2020`: as [`ctime`] without the day of the week. Years from
/// 1970 to 2069, so that other numbers behind a time are rarely taken for one.
pub(super) fn syslog_year(text: &[u8]) -> Option<Front> {
    let front = year_behind(Cursor::new(text))?;
    (0..3_155_760_000).contains(&front.wall).then_some(front)
}

fn year_behind(mut c: Cursor<'_>) -> Option<Front> {
    let month = c.month()?;
    c.one_of(b" ")?;
    let day = c.loose()?;
    c.one_of(b" ")?;
    let mut time = c.loose_clock()?;
    let (nanos, len) = fraction(c.rest()).unwrap_or((0, 0));
    c.at += len;
    if let Some((after_noon, len)) = meridiem(c.rest()) {
        time = on_twelve_hours(time, after_noon);
        c.at += len;
    }
    let (offset, is_ambiguous) = offset(&mut c);
    c.one_of(b" ")?;
    let day = date(c.digits(4)?.into(), month, day)?;
    let ends = !c.peek().is_some_and(|b| b.is_ascii_alphanumeric());
    ends.then(|| Front {
        nanos,
        offset,
        is_ambiguous,
        ..c.front(day, time)
    })
}

/// The offset of the zone that comes next, if one does, and whether its name means others.
fn offset(c: &mut Cursor<'_>) -> (Option<i32>, bool) {
    let Some((Zoned::East { seconds, ambiguous }, len)) = zone(c.rest()) else {
        return (None, false);
    };
    c.at += len;
    (Some(seconds), ambiguous.is_some())
}

pub(super) fn clf(text: &[u8]) -> Option<Front> {
    let mut c = Cursor::new(text);
    let day = c.digits(2)?;
    c.one_of(b"/")?;
    let month = c.month()?;
    c.one_of(b"/")?;
    let day = date(c.digits(4)?.into(), month, day)?;
    c.one_of(b": ")?;
    let time = c.clock(b":")?;
    let (offset, is_ambiguous) = offset(&mut c);
    let front = c.front(day, time);
    Some(Front {
        offset,
        is_ambiguous,
        ..front
    })
}

pub(super) fn day_month(text: &[u8]) -> Option<Front> {
    let mut c = Cursor::new(text);
    if c.weekday().is_some() {
        c.one_of(b",");
        c.one_of(b" ")?;
    }
    let day = c.loose()?;
    c.one_of(b".");
    let between = c.one_of(b" -/")?;
    let month = c.month()?;
    c.one_of(&[between])?;
    let day = date(c.any_year()?, month, day)?;
    c.text_of(&[b", ", b" at ", b" ", b"T", b":"])?;
    let time = c.loose_clock()?;
    Some(c.front(day, time))
}

/// `23 Nov 14:30:05`.
pub(super) fn day_month_undated(text: &[u8]) -> Option<Front> {
    let mut c = Cursor::new(text);
    let day = c.one_or_two()?;
    let between = c.one_of(b" -/")?;
    let day = undated(c.month()?, day)?;
    c.one_of(if between == b' ' { b" " } else { b" :" })?;
    let time = c.clock(b":")?;
    Some(c.front(day, time))
}

/// `2021 Nov 19 09:15:05`.
pub(super) fn year_month_name(text: &[u8]) -> Option<Front> {
    let mut c = Cursor::new(text);
    let year = c.digits(4)?;
    let between = c.one_of(b" -/")?;
    let month = c.month()?;
    c.one_of(&[between])?;
    let day = date(year.into(), month, c.loose()?)?;
    c.one_of(b" T:")?;
    let time = c.loose_clock()?;
    Some(c.front(day, time))
}

/// `I20261123 14:30:05.123456`.
pub(super) fn glog(text: &[u8]) -> Option<Front> {
    let mut c = Cursor::new(text);
    c.one_of(b"IWEFD")?;
    let day = date(c.digits(4)?.into(), c.digits(2)?, c.digits(2)?)?;
    c.one_of(b" ")?;
    let time = c.clock(b":")?;
    Some(c.front(day, time))
}

pub(super) fn klog(text: &[u8]) -> Option<Front> {
    let mut c = Cursor::new(text);
    c.one_of(b"IWEFD")?;
    let day = undated(c.digits(2)?, c.digits(2)?)?;
    c.one_of(b" ")?;
    let time = c.clock(b":")?;
    Some(c.front(day, time))
}
