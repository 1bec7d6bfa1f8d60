//! The year of timestamps that are written without one.

use serde::{Deserialize, Serialize};

use super::{
    shape::NO_YEAR,
    stamp::{DAY, date_of, day_of, days_in},
};

/// The year of timestamps that are written without one.
///
/// A line on its own is taken to lie in the twelve months up to `latest`. In a file, whose
/// lines have an order, years are told by it.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Year {
    /// The year of the first timestamp.
    pub first: i64,
    /// How it is known.
    pub from: YearFrom,
    /// The latest that a timestamp can be, as a clock shows it, in seconds.
    pub latest: i64,
}

/// How the year is known.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum YearFrom {
    /// The caller said it.
    Option,
    /// The file was last written then.
    Mtime,
    /// There is no file: it is now.
    Clock,
    /// Nothing is known: 1970.
    Nothing,
}

impl YearFrom {
    /// How it is known, in words.
    pub fn text(self) -> &'static str {
        match self {
            YearFrom::Option => "--base-year",
            YearFrom::Mtime => "when the file was last written",
            YearFrom::Clock => "today's date",
            YearFrom::Nothing => "nothing",
        }
    }
}

impl Year {
    /// The caller says the year of the first timestamp.
    pub(super) fn said(first: i64, stamp: i64) -> Year {
        Year {
            first,
            from: YearFrom::Option,
            // A little may come before the first, most comes after it.
            latest: in_year(stamp, first) + 185 * DAY,
        }
    }

    /// The last line was written about then.
    pub(super) fn until(wall: i64, from: YearFrom, stamp: i64) -> Year {
        let mut year = Year {
            first: NO_YEAR,
            from,
            latest: wall.saturating_add(DAY),
        };
        year.first = date_of(year.place(stamp).div_euclid(DAY)).0;
        year
    }

    /// Whether it lies where timestamps can.
    pub(crate) fn is_sound(&self) -> bool {
        const SECONDS: i64 = i64::MAX / 1_000_000_000;
        (1..=9999).contains(&self.first) && self.latest.abs_diff(0) <= 2 * SECONDS.abs_diff(0)
    }

    /// What a clock showed, given the same in [`NO_YEAR`].
    pub(crate) fn place(&self, stamp: i64) -> i64 {
        let latest = date_of(self.latest.div_euclid(DAY)).0;
        let candidate = in_year(stamp, latest);
        if candidate > self.latest {
            in_year(stamp, latest - 1)
        } else {
            candidate
        }
    }
}

/// The time nearest to another that a clock shows at this day and time of day.
pub(super) fn nearest(stamp: i64, near: i64) -> i64 {
    const HALF: i64 = 183 * DAY;
    let year = year_of(near);
    let here = in_year(stamp, year);
    match here - near {
        ahead if ahead > HALF => in_year(stamp, year - 1),
        ahead if ahead < -HALF => in_year(stamp, year + 1),
        _ => here,
    }
}

/// The first time from an hour before another on at which a clock shows this time of day.
pub(super) fn after(stamp: i64, near: i64) -> i64 {
    let from = near - 3600;
    from + (stamp - from).rem_euclid(DAY)
}

/// The year of a time as a clock shows it.
pub(crate) fn year_of(wall: i64) -> i64 {
    date_of(wall.div_euclid(DAY)).0
}

/// This day and time of day in another year. A leap day becomes the first
/// of March where there is none.
pub(crate) fn in_year(stamp: i64, year: i64) -> i64 {
    let (_, month, day) = date_of(stamp.div_euclid(DAY));
    let (month, day) = if day > days_in(year, month) {
        (3, 1)
    } else {
        (month, day)
    };
    day_of(year, month, day) * DAY + stamp.rem_euclid(DAY)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(year: i64, month: u32, day: u32) -> i64 {
        day_of(year, month, day) * DAY + 3600
    }

    #[test]
    fn stamps_lie_in_the_months_before_the_latest() {
        let year = Year::until(at(2026, 3, 10), YearFrom::Mtime, at(NO_YEAR, 11, 5));
        assert_eq!(year.first, 2025);
        for (month, day, want) in [
            (3, 10, 2026),
            (3, 11, 2026),
            (3, 12, 2025),
            (12, 31, 2025),
            (1, 1, 2026),
        ] {
            assert_eq!(year.place(at(NO_YEAR, month, day)), at(want, month, day));
        }
        let year = Year::said(2024, at(NO_YEAR, 11, 5));
        for (month, day, want) in [(11, 5, 2024), (11, 1, 2024), (1, 1, 2025), (4, 1, 2025)] {
            assert_eq!(year.place(at(NO_YEAR, month, day)), at(want, month, day));
        }
    }

    #[test]
    fn a_leap_day_where_there_is_none() {
        assert_eq!(in_year(at(NO_YEAR, 2, 29), 2023), at(2023, 3, 1));
        assert_eq!(in_year(at(NO_YEAR, 2, 29), 2024), at(2024, 2, 29));
    }
}
