//! Instants, and the days of the calendar.

use serde::{Deserialize, Serialize};

/// An instant: nanoseconds since 1970-01-01T00:00:00Z, without leap seconds.
///
/// What is told apart reaches from the year 1678 to 2261.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(transparent)]
pub struct Stamp(i64);

const SECOND: i64 = 1_000_000_000;

impl Stamp {
    /// So many nanoseconds after 1970-01-01T00:00:00Z.
    pub const fn from_nanos(nanos: i64) -> Stamp {
        Stamp(nanos)
    }

    /// A second, and nanoseconds in it; `None` beyond what can be told apart.
    #[inline]
    pub fn new(second: i64, nanos: u32) -> Option<Stamp> {
        let whole = second.checked_mul(SECOND)?;
        whole.checked_add(i64::from(nanos)).map(Stamp)
    }

    /// Nanoseconds since 1970-01-01T00:00:00Z.
    #[inline]
    pub const fn nanos(self) -> i64 {
        self.0
    }

    /// Whole seconds since 1970-01-01T00:00:00Z, rounded down.
    #[inline]
    pub const fn second(self) -> i64 {
        self.0.div_euclid(SECOND)
    }

    /// Nanoseconds in its second.
    #[inline]
    pub const fn subsec(self) -> u32 {
        self.0.rem_euclid(SECOND) as u32
    }

    /// The instant so many seconds later, or earlier if negative; at most as
    /// far as can be told apart.
    #[must_use]
    pub fn plus_seconds(self, seconds: i64) -> Stamp {
        Stamp(self.0.saturating_add(seconds.saturating_mul(SECOND)))
    }
}

/// Seconds of a day.
pub(crate) const DAY: i64 = 86_400;

/// The day a date is, counted from 1970-01-01; Gregorian, for any year.
pub(crate) fn day_of(year: i64, month: u32, day: u32) -> i64 {
    // Years that begin in March, so that the leap day is the last.
    let year = year - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((i64::from(month) + 9) % 12) + 2) / 5 + i64::from(day) - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// The year, month and day of a day counted from 1970-01-01.
pub(crate) fn date_of(day: i64) -> (i64, u32, u32) {
    let day = day + 719_468;
    let (era, of_era) = (day.div_euclid(146_097), day.rem_euclid(146_097));
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let date = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = era * 400 + year + i64::from(month <= 2);
    let small = |number: i64| u32::try_from(number).unwrap_or(0);
    (year, small(month), small(date))
}

/// How many days a month has.
pub(crate) fn days_in(year: i64, month: u32) -> u32 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_dates_are_inverse() {
        assert_eq!(day_of(1970, 1, 1), 0);
        assert_eq!(day_of(2000, 3, 1), 11_017);
        assert_eq!(day_of(1969, 12, 31), -1);
        let (mut year, mut month, mut date) = (1601, 1, 1);
        for day in day_of(1601, 1, 1)..day_of(2402, 1, 1) {
            assert_eq!(date_of(day), (year, month, date));
            assert_eq!(day_of(year, month, date), day);
            date += 1;
            if date > days_in(year, month) {
                (date, month) = (1, month + 1);
            }
            if month > 12 {
                (month, year) = (1, year + 1);
            }
        }
    }

    #[test]
    fn seconds_round_down() {
        let before = Stamp::from_nanos(-1);
        assert_eq!((before.second(), before.subsec()), (-1, 999_999_999));
        assert_eq!(Stamp::new(-1, 999_999_999), Some(before));
        assert_eq!(Stamp::new(i64::MAX, 0), None);
        assert_eq!(before.plus_seconds(1).nanos(), 999_999_999);
    }
}
