//! How timestamps are written, and reading them digit by digit.
//!
//! A shape has a front, which says the second as a clock on the wall shows it,
//! and behind it, where the shape has them, a fraction and a zone. Fronts
//! repeat from line to line, so that [`Reader`](super::Reader) reads most of
//! them by comparing.

use serde::{Deserialize, Serialize};

use super::{
    custom::Custom,
    stamp::{DAY, day_of, days_in},
};

/// How a timestamp is written.
#[derive(Clone, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// `2026-11-23T14:30:05.123Z`, also with a space or `_` between date and
    /// time, `/` or `.` in the date, `,` before the fraction:
    /// RFC 3339, ISO 8601, log4j, nginx's error log, Go.
    Iso,
    /// `20261123T143005`, also with a space, `-`, `_` or nothing in it.
    Basic,
    /// `20171223-22:15:29:606`; hours, minutes and seconds may have one digit.
    Compact,
    /// `081109 203615`: a year of two digits.
    ShortBasic,
    /// `17/06/09 20:10:40`: a year of two digits.
    ShortDate,
    /// `03-17 16:13:38.811`, also with `.` or `/`; has no year.
    MonthDay,
    /// `Jun 14 15:16:01`, `Jul  1 09:00:55`; has no year.
    Syslog,
    /// `Jun 14 2005 15:16:01`.
    MonthDayYear,
    /// `Sun Dec 04 04:47:44 2005`, with a fraction before or `UTC` before the
    /// year: Apache's error log, `ctime`, `date`.
    Ctime,
    /// `10/Oct/2000:13:55:36 -0700`: web servers.
    Clf,
    /// `12 Jun 2020 10:11:12.123`, `23-Nov-2026 14:30:05`,
    /// `Mon, 12 Jun 2020 10:11:12 GMT`.
    DayMonth,
    /// `I1123 14:30:05.123456`: a level, month and day; has no year.
    Klog,
    /// Seconds since 1970, ten digits, maybe with a fraction.
    EpochS,
    /// Milliseconds since 1970, 13 digits.
    EpochMs,
    /// Microseconds since 1970, 16 digits.
    EpochUs,
    /// Nanoseconds since 1970, 19 digits.
    EpochNs,
    /// As a format of `strptime` says.
    Custom(Custom),
}

/// The front of a timestamp.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Front {
    /// How many bytes it has.
    pub(super) len: usize,
    /// The second a clock shows, as if in UTC; in a year of
    /// [`NO_YEAR`] if none is written.
    pub(super) wall: i64,
    /// The fraction, where it stands inside of the front.
    pub(super) nanos: u32,
    /// The offset from UTC in seconds, where the front says it.
    pub(super) offset: Option<i32>,
}

/// The year of what is written without one: a leap year, so that every day
/// has its place.
pub(crate) const NO_YEAR: i64 = 2000;

/// All shapes that can be found by looking, the most telling first.
pub(super) const ALL: [Shape; 16] = [
    Shape::Iso,
    Shape::Clf,
    Shape::Ctime,
    Shape::Syslog,
    Shape::MonthDayYear,
    Shape::DayMonth,
    Shape::Compact,
    Shape::Basic,
    Shape::ShortDate,
    Shape::ShortBasic,
    Shape::MonthDay,
    Shape::Klog,
    Shape::EpochNs,
    Shape::EpochUs,
    Shape::EpochMs,
    Shape::EpochS,
];

impl Shape {
    /// Its name in answers; one that was typed is what was typed.
    pub fn name(&self) -> &str {
        match self {
            Shape::Iso => "iso",
            Shape::Basic => "basic",
            Shape::Compact => "compact",
            Shape::ShortBasic => "short_basic",
            Shape::ShortDate => "short_date",
            Shape::MonthDay => "month_day",
            Shape::Syslog => "syslog",
            Shape::MonthDayYear => "month_day_year",
            Shape::Ctime => "ctime",
            Shape::Clf => "clf",
            Shape::DayMonth => "day_month",
            Shape::Klog => "klog",
            Shape::EpochS => "epoch_s",
            Shape::EpochMs => "epoch_ms",
            Shape::EpochUs => "epoch_us",
            Shape::EpochNs => "epoch_ns",
            Shape::Custom(custom) => custom.format(),
        }
    }

    /// The shape of this name, if it has one.
    pub(super) fn named(name: &str) -> Option<Shape> {
        ALL.into_iter().find(|shape| shape.name() == name)
    }

    /// False if its timestamps do not say the year.
    pub fn has_year(&self) -> bool {
        match self {
            Shape::MonthDay | Shape::Syslog | Shape::Klog => false,
            Shape::Custom(custom) => custom.has_year(),
            _ => true,
        }
    }

    /// What may stand between the front and the fraction.
    pub(super) fn has_fraction(&self) -> bool {
        !matches!(
            self,
            Shape::Ctime
                | Shape::Clf
                | Shape::EpochMs
                | Shape::EpochUs
                | Shape::EpochNs
                | Shape::Custom(_)
        )
    }

    /// Whether a zone may follow.
    pub(super) fn has_zone(&self) -> bool {
        matches!(self, Shape::Iso | Shape::Basic | Shape::DayMonth)
    }

    /// Reads the front of a timestamp at the start of the text. No digit
    /// follows it.
    #[inline]
    pub(super) fn front(&self, text: &[u8]) -> Option<Front> {
        let front = match self {
            Shape::Iso => iso(text),
            Shape::Basic => basic(text),
            Shape::Compact => compact(text),
            Shape::ShortBasic => short_basic(text),
            Shape::ShortDate => short_date(text),
            Shape::MonthDay => month_day(text),
            Shape::Syslog => syslog(text),
            Shape::MonthDayYear => month_day_year(text),
            Shape::Ctime => ctime(text),
            Shape::Clf => clf(text),
            Shape::DayMonth => day_month(text),
            Shape::Klog => klog(text),
            Shape::EpochS => epoch(text, 10),
            Shape::EpochMs => epoch(text, 13),
            Shape::EpochUs => epoch(text, 16),
            Shape::EpochNs => epoch(text, 19),
            Shape::Custom(custom) => custom.front(text),
        }?;
        (!text.get(front.len).is_some_and(u8::is_ascii_digit)).then_some(front)
    }
}

/// Reads forward through some text.
struct Cursor<'t> {
    text: &'t [u8],
    at: usize,
}

impl<'t> Cursor<'t> {
    fn new(text: &'t [u8]) -> Cursor<'t> {
        Cursor { text, at: 0 }
    }

    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    /// Exactly so many digits.
    #[inline]
    fn digits(&mut self, count: usize) -> Option<u32> {
        let text = self.text.get(self.at..self.at + count)?;
        let mut number = 0;
        for &byte in text {
            let digit = u32::from(byte.wrapping_sub(b'0'));
            if digit > 9 {
                return None;
            }
            number = number * 10 + digit;
        }
        self.at += count;
        Some(number)
    }

    /// One or two digits, or a space and a digit.
    fn loose(&mut self) -> Option<u32> {
        if self.peek() == Some(b' ') {
            self.at += 1;
            return self.digits(1);
        }
        self.digits(2).or_else(|| self.digits(1))
    }

    /// One of these bytes.
    #[inline]
    fn one_of(&mut self, bytes: &[u8]) -> Option<u8> {
        let byte = self.peek().filter(|byte| bytes.contains(byte))?;
        self.at += 1;
        Some(byte)
    }

    /// A month, by the first three letters of its English name.
    fn month(&mut self) -> Option<u32> {
        const NAMES: &[u8; 36] = b"janfebmaraprmayjunjulaugsepoctnovdec";
        let name = self.text.get(self.at..self.at + 3)?;
        let place = NAMES
            .chunks_exact(3)
            .position(|month| name.eq_ignore_ascii_case(month))?;
        self.at += 3;
        Some(place as u32 + 1)
    }

    /// A day of the week, by the first three letters of its English name.
    fn weekday(&mut self) -> Option<()> {
        const NAMES: &[u8; 21] = b"montuewedthufrisatsun";
        let name = self.text.get(self.at..self.at + 3)?;
        NAMES
            .chunks_exact(3)
            .find(|day| name.eq_ignore_ascii_case(day))?;
        self.at += 3;
        Some(())
    }

    /// `HH:MM:SS` with this between the numbers.
    #[inline]
    fn clock(&mut self, between: &[u8]) -> Option<i64> {
        let hour = self.digits(2)?;
        let colon = self.one_of(between)?;
        let minute = self.digits(2)?;
        self.one_of(&[colon])?;
        time(hour, minute, self.digits(2)?)
    }

    fn front(&self, date: i64, time: i64) -> Front {
        Front {
            len: self.at,
            wall: date * DAY + time,
            nanos: 0,
            offset: None,
        }
    }
}

fn time(hour: u32, minute: u32, second: u32) -> Option<i64> {
    // A leap second is the first of the next minute.
    let known = hour < 24 && minute < 60 && second <= 60;
    known.then(|| i64::from(hour * 3600 + minute * 60 + second))
}

/// The day, if the calendar has it.
fn date(year: i64, month: u32, day: u32) -> Option<i64> {
    let known = (1..=12).contains(&month) && (1..=days_in(year, month)).contains(&day);
    known.then(|| day_of(year, month, day))
}

/// A year of two digits: 1970 to 2069.
fn century(year: u32) -> i64 {
    i64::from(year) + if year < 70 { 2000 } else { 1900 }
}

fn iso(text: &[u8]) -> Option<Front> {
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

fn basic(text: &[u8]) -> Option<Front> {
    let mut c = Cursor::new(text);
    let day = date(c.digits(4)?.into(), c.digits(2)?, c.digits(2)?)?;
    c.one_of(b"T -_");
    let time = time(c.digits(2)?, c.digits(2)?, c.digits(2)?)?;
    Some(c.front(day, time))
}

fn compact(text: &[u8]) -> Option<Front> {
    let mut c = Cursor::new(text);
    let day = date(c.digits(4)?.into(), c.digits(2)?, c.digits(2)?)?;
    c.one_of(b"- T_")?;
    let mut number = |end: &[u8]| {
        let number = c.digits(2).or_else(|| c.digits(1))?;
        (end.is_empty() || c.one_of(end).is_some()).then_some(number)
    };
    let time = time(number(b":")?, number(b":")?, number(b"")?)?;
    Some(c.front(day, time))
}

fn short_basic(text: &[u8]) -> Option<Front> {
    let mut c = Cursor::new(text);
    let day = date(century(c.digits(2)?), c.digits(2)?, c.digits(2)?)?;
    c.one_of(b" -_T")?;
    let time = time(c.digits(2)?, c.digits(2)?, c.digits(2)?)?;
    Some(c.front(day, time))
}

fn short_date(text: &[u8]) -> Option<Front> {
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

fn month_day(text: &[u8]) -> Option<Front> {
    let mut c = Cursor::new(text);
    let month = c.digits(2)?;
    c.one_of(b"-./")?;
    let day = date(NO_YEAR, month, c.digits(2)?)?;
    c.one_of(b" T")?;
    let time = c.clock(b":")?;
    Some(c.front(day, time))
}

fn syslog(text: &[u8]) -> Option<Front> {
    let mut c = Cursor::new(text);
    let month = c.month()?;
    c.one_of(b" ")?;
    let day = date(NO_YEAR, month, c.loose()?)?;
    c.one_of(b" ")?;
    let time = c.clock(b":")?;
    Some(c.front(day, time))
}

fn month_day_year(text: &[u8]) -> Option<Front> {
    let mut c = Cursor::new(text);
    let month = c.month()?;
    c.one_of(b" ")?;
    let day = c.loose()?;
    c.one_of(b",");
    c.one_of(b" ")?;
    let year = c.digits(4)?;
    c.one_of(b" ")?;
    let time = c.clock(b":")?;
    Some(c.front(date(year.into(), month, day)?, time))
}

fn ctime(text: &[u8]) -> Option<Front> {
    let mut c = Cursor::new(text);
    c.weekday()?;
    c.one_of(b" ")?;
    let month = c.month()?;
    c.one_of(b" ")?;
    let day = c.loose()?;
    c.one_of(b" ")?;
    let time = c.clock(b":")?;
    let (nanos, len) = fraction(&text[c.at..]).unwrap_or((0, 0));
    c.at += len;
    let mut offset = None;
    if let Some((zone, len)) = zone(&text[c.at..]) {
        offset = Some(zone);
        c.at += len;
    }
    c.one_of(b" ")?;
    let year = c.digits(4)?;
    let front = c.front(date(year.into(), month, day)?, time);
    Some(Front {
        nanos,
        offset,
        ..front
    })
}

fn clf(text: &[u8]) -> Option<Front> {
    let mut c = Cursor::new(text);
    let day = c.digits(2)?;
    c.one_of(b"/")?;
    let month = c.month()?;
    c.one_of(b"/")?;
    let day = date(c.digits(4)?.into(), month, day)?;
    c.one_of(b": ")?;
    let time = c.clock(b":")?;
    let mut offset = None;
    if let Some((zone, len)) = zone(&text[c.at..]) {
        offset = Some(zone);
        c.at += len;
    }
    let front = c.front(day, time);
    Some(Front { offset, ..front })
}

fn day_month(text: &[u8]) -> Option<Front> {
    let mut c = Cursor::new(text);
    if c.weekday().is_some() {
        c.one_of(b",");
        c.one_of(b" ")?;
    }
    let day = c.loose()?;
    let between = c.one_of(b" -/")?;
    let month = c.month()?;
    c.one_of(&[between])?;
    let day = date(c.digits(4)?.into(), month, day)?;
    c.one_of(b" T")?;
    let time = c.clock(b":")?;
    Some(c.front(day, time))
}

fn klog(text: &[u8]) -> Option<Front> {
    let mut c = Cursor::new(text);
    c.one_of(b"IWEFD")?;
    let day = date(NO_YEAR, c.digits(2)?, c.digits(2)?)?;
    c.one_of(b" ")?;
    let time = c.clock(b":")?;
    Some(c.front(day, time))
}

/// So many digits that count from 1970: instants from 1990 to 2100, so that
/// other long numbers are rarely taken for one.
fn epoch(text: &[u8], digits: usize) -> Option<Front> {
    let (seconds, rest) = text.get(..digits)?.split_at(10);
    let second = i64::from(Cursor::new(seconds).number(10)?);
    let unit = 10_u32.pow(19 - digits as u32);
    let nanos = Cursor::new(rest).number(rest.len())?;
    (631_152_000..4_102_444_800)
        .contains(&second)
        .then_some(Front {
            len: digits,
            wall: second,
            nanos: if rest.is_empty() { 0 } else { nanos * unit },
            offset: Some(0),
        })
}

impl Cursor<'_> {
    /// Ten digits or fewer, as far as they fit.
    fn number(&mut self, count: usize) -> Option<u32> {
        if count < 10 {
            return self.digits(count);
        }
        let high = self.digits(5)?;
        let low = self.digits(5)?;
        high.checked_mul(100_000)?.checked_add(low)
    }
}

/// What nanoseconds of so many digits are to be multiplied by.
const TENS: [u32; 10] = [
    1_000_000_000,
    100_000_000,
    10_000_000,
    1_000_000,
    100_000,
    10_000,
    1000,
    100,
    10,
    1,
];

/// A fraction at the start of the text: its nanoseconds and its length. Digits
/// behind the ninth are dropped.
#[inline]
pub(super) fn fraction(text: &[u8]) -> Option<(u32, usize)> {
    if !matches!(text.first()?, b'.' | b',' | b':') {
        return None;
    }
    let digits = &text[1..];
    let len = digits.iter().take_while(|b| b.is_ascii_digit()).count();
    let mut nanos = 0;
    for &digit in &digits[..len.min(9)] {
        nanos = nanos * 10 + u32::from(digit - b'0');
    }
    nanos *= TENS[len.min(9)];
    (len > 0).then_some((nanos, len + 1))
}

/// A zone at the start of the text: seconds east of UTC, and its length.
#[inline]
pub(super) fn zone(text: &[u8]) -> Option<(i32, usize)> {
    let space = usize::from(text.first()? == &b' ');
    let rest = &text[space..];
    let ends = |len: usize| !rest.get(len).is_some_and(u8::is_ascii_alphanumeric);
    match rest.first()? {
        b'Z' | b'z' if ends(1) => Some((0, space + 1)),
        b'U' if rest.starts_with(b"UTC") && ends(3) => Some((0, space + 3)),
        b'G' if rest.starts_with(b"GMT") && ends(3) => Some((0, space + 3)),
        sign @ (b'+' | b'-') => {
            let mut c = Cursor { text: rest, at: 1 };
            let hours = c.digits(2)?;
            let colon = c.one_of(b":").is_some();
            let minutes = match c.digits(2) {
                Some(minutes) => minutes,
                // `+01` alone, but not as a number behind a space.
                None if !colon && space == 0 => 0,
                None => return None,
            };
            let known = hours < 16 && minutes < 60 && minutes % 15 == 0 && ends(c.at);
            let seconds = (hours * 3600 + minutes * 60).cast_signed();
            let seconds = if *sign == b'-' { -seconds } else { seconds };
            known.then_some((seconds, space + c.at))
        }
        _ => None,
    }
}
