//! How timestamps are written, and reading them digit by digit.
//!
//! A shape has a front, which says the second as a clock on the wall shows it,
//! and behind it, where the shape has them, a fraction and a zone. Fronts
//! repeat from line to line, so that [`Reader`](super::Reader) reads most of
//! them by comparing.

use serde::{Deserialize, Serialize};

use super::custom::Custom;

mod behind;
mod candidates;
mod counted;
mod cursor;
mod named;
mod names;
mod numeric;

pub(super) use behind::{Zoned, fraction, meridiem, on_twelve_hours, zone};
pub(super) use candidates::{front_at, shape_at};
pub(super) use names::{is_letter, is_weekday, may_be_month};

/// How a timestamp is written.
#[derive(Clone, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// `2026-11-23T14:30:05.123Z`, also with a space or `_` between date and
    /// time, `/` or `.` in the date, `,` before the fraction:
    /// RFC 3339, ISO 8601, log4j, nginx's error log, Go.
    Iso,
    /// `2026-11-23 | 14:30:05`, `[2026-11-23] [14:30:05]`, `2026-1-3 9:30:05 PM`: date
    /// and time in two columns, numbers of one digit.
    IsoLoose,
    /// `2026-11-23 14:30`: without seconds.
    IsoMinutes,
    /// `2026年11月23日 14:30:05`.
    Characters,
    /// `23/11/2026 14:30:05`, `23.11.26 9:30 PM`: the day first.
    DayFirst,
    /// `11/23/2026 9:30:05 AM`: the month first.
    MonthFirst,
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
    /// `Nov 23 14:30:05 CET 2020`.
    SyslogYear,
    /// `2021 Nov 19 09:15:05`.
    YearMonthName,
    /// `Sun Dec 04 04:47:44 2005`, with a fraction before or `UTC` before the
    /// year: Apache's error log, `ctime`, `date`.
    Ctime,
    /// `10/Oct/2000:13:55:36 -0700`: web servers.
    Clf,
    /// `12 Jun 2020 10:11:12.123`, `23-Nov-2026 14:30:05`,
    /// `Mon, 12 Jun 2020 10:11:12 GMT`.
    DayMonth,
    /// `23 Nov 14:30:05`; has no year.
    DayMonthUndated,
    /// `I1123 14:30:05.123456`: a level, month and day; has no year.
    Klog,
    /// `I20261123 14:30:05.123456`.
    Glog,
    /// Seconds since 1970, ten digits, maybe with a fraction.
    EpochS,
    /// Milliseconds since 1970, 13 digits.
    EpochMs,
    /// Microseconds since 1970, 16 digits.
    EpochUs,
    /// Nanoseconds since 1970, 19 digits.
    EpochNs,
    /// `@4000000065a1b2c3075bcd15`: TAI64N, as `multilog` writes it.
    Tai64n,
    /// `14:30:05`: has no date, which somebody must say.
    TimeOfDay,
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
    /// The offset is that of a short name, which means other zones too.
    pub(super) is_ambiguous: bool,
    /// It ends with the minute, where another line may go on with the second.
    pub(super) ends_with_minute: bool,
}

/// The year of what is written without one: a leap year, so that every day
/// has its place.
pub(crate) const NO_YEAR: i64 = 2000;

/// All shapes that can be found by looking, the most telling first.
pub(in crate::time) const ALL: [Shape; 27] = [
    Shape::Iso,
    Shape::Clf,
    Shape::Ctime,
    Shape::SyslogYear,
    Shape::Syslog,
    Shape::MonthDayYear,
    Shape::DayMonth,
    Shape::YearMonthName,
    Shape::Compact,
    Shape::Basic,
    Shape::ShortDate,
    Shape::ShortBasic,
    Shape::MonthDay,
    Shape::Klog,
    Shape::Glog,
    Shape::DayMonthUndated,
    Shape::IsoLoose,
    Shape::IsoMinutes,
    Shape::Characters,
    Shape::MonthFirst,
    Shape::DayFirst,
    Shape::Tai64n,
    Shape::EpochNs,
    Shape::EpochUs,
    Shape::EpochMs,
    Shape::EpochS,
    Shape::TimeOfDay,
];

impl Shape {
    /// Its name in answers; one that was typed is what was typed.
    pub fn name(&self) -> &str {
        match self {
            Shape::Iso => "iso",
            Shape::IsoLoose => "iso_loose",
            Shape::IsoMinutes => "iso_minutes",
            Shape::Characters => "characters",
            Shape::DayFirst => "day_first",
            Shape::MonthFirst => "month_first",
            Shape::Basic => "basic",
            Shape::Compact => "compact",
            Shape::ShortBasic => "short_basic",
            Shape::ShortDate => "short_date",
            Shape::MonthDay => "month_day",
            Shape::Syslog => "syslog",
            Shape::MonthDayYear => "month_day_year",
            Shape::SyslogYear => "syslog_year",
            Shape::YearMonthName => "year_month_name",
            Shape::Ctime => "ctime",
            Shape::Clf => "clf",
            Shape::DayMonth => "day_month",
            Shape::DayMonthUndated => "day_month_undated",
            Shape::Klog => "klog",
            Shape::Glog => "glog",
            Shape::EpochS => "epoch_s",
            Shape::EpochMs => "epoch_ms",
            Shape::EpochUs => "epoch_us",
            Shape::EpochNs => "epoch_ns",
            Shape::Tai64n => "tai64n",
            Shape::TimeOfDay => "time_of_day",
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
            Shape::MonthDay | Shape::Syslog | Shape::DayMonthUndated | Shape::Klog => false,
            Shape::Custom(custom) => custom.has_year(),
            _ => true,
        }
    }

    /// Whether a fraction may follow the front.
    pub(crate) fn has_fraction(&self) -> bool {
        !matches!(self, Shape::Ctime | Shape::SyslogYear | Shape::Custom(_))
            && (!self.is_counted() || *self == Shape::EpochS)
    }

    /// Whether AM or PM may follow.
    pub(crate) fn has_meridiem(&self) -> bool {
        self.has_zone() && !matches!(self, Shape::Ctime | Shape::SyslogYear)
    }

    /// Whether a zone may follow: `git log` writes it behind the year.
    pub(crate) fn has_zone(&self) -> bool {
        !matches!(
            self,
            Shape::Clf | Shape::Klog | Shape::Glog | Shape::Custom(_)
        ) && !self.is_counted()
    }

    /// Whether its timestamps count from 1970, in whatever zone.
    pub(crate) fn is_counted(&self) -> bool {
        matches!(
            self,
            Shape::EpochS | Shape::EpochMs | Shape::EpochUs | Shape::EpochNs | Shape::Tai64n
        )
    }

    /// Whether other shapes read the same digits as other dates.
    pub(super) fn has_order(&self) -> bool {
        matches!(self, Shape::DayFirst | Shape::MonthFirst | Shape::ShortDate)
    }

    /// Reads the front of a timestamp at the start of the text. No digit
    /// follows it.
    #[inline]
    pub(super) fn front(&self, text: &[u8]) -> Option<Front> {
        let front = match self {
            Shape::Iso => numeric::iso(text),
            Shape::IsoLoose => numeric::iso_loose(text),
            Shape::IsoMinutes => numeric::iso_minutes(text),
            Shape::Characters => numeric::characters(text),
            Shape::DayFirst => numeric::year_last(text, true),
            Shape::MonthFirst => numeric::year_last(text, false),
            Shape::Basic => numeric::basic(text),
            Shape::Compact => numeric::compact(text),
            Shape::ShortBasic => numeric::short_basic(text),
            Shape::ShortDate => numeric::short_date(text),
            Shape::MonthDay => numeric::month_day(text),
            Shape::Syslog => named::syslog(text),
            Shape::SyslogYear => named::syslog_year(text),
            Shape::MonthDayYear => named::month_day_year(text),
            Shape::YearMonthName => named::year_month_name(text),
            Shape::Ctime => named::ctime(text),
            Shape::Clf => named::clf(text),
            Shape::DayMonth => named::day_month(text),
            Shape::DayMonthUndated => named::day_month_undated(text),
            Shape::Klog => named::klog(text),
            Shape::Glog => named::glog(text),
            Shape::EpochS => counted::epoch(text, 10),
            Shape::EpochMs => counted::epoch(text, 13),
            Shape::EpochUs => counted::epoch(text, 16),
            Shape::EpochNs => counted::epoch(text, 19),
            Shape::Tai64n => counted::tai64n(text),
            Shape::TimeOfDay => numeric::time_of_day(text),
            Shape::Custom(custom) => custom.front(text),
        }?;
        (!text.get(front.len).is_some_and(u8::is_ascii_digit)).then_some(front)
    }
}
