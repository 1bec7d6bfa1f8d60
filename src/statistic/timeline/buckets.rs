//! Where buckets begin.

use crate::time::{DAY, Zone};

/// What is chosen from if nobody says how long a bucket is, in seconds.
const NICE: [i64; 22] = [
    1,
    2,
    5,
    10,
    15,
    30,
    60,
    120,
    300,
    600,
    900,
    1800,
    3600,
    7200,
    10_800,
    21_600,
    43_200,
    DAY,
    2 * DAY,
    7 * DAY,
    30 * DAY,
    90 * DAY,
];

/// How many buckets there are at most where nobody says how long they are.
const MOST: i64 = 200;

/// How many there are at most in any case, if there are few numbers in each: a
/// second each of a day is one less than that.
const LIMIT: i64 = 100_000;

/// How many numbers there are at most in all buckets together.
const NUMBERS: i64 = 10_000_000;

/// How many buckets there are at most in any case, with so many numbers in each.
pub(super) fn limit(numbers: usize) -> i64 {
    let numbers = i64::try_from(numbers).unwrap_or(i64::MAX);
    (NUMBERS / numbers.max(1)).clamp(1000, LIMIT)
}

/// Buckets are wider than was asked for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Wider {
    /// Seconds of the buckets that were asked for.
    pub asked: u64,
    /// Why there are no such buckets.
    pub because: WiderBecause,
}

/// Why buckets are wider than was asked for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum WiderBecause {
    /// Lines are told apart by time within so many seconds only, since so many
    /// different seconds occur.
    Seconds(u64),
    /// Groups are, since they would take more memory else.
    Groups(u64),
    /// There would be more than so many.
    Buckets(u64),
}

/// Seconds of a bucket for what lies between these times: what was asked for,
/// or at most 200 of them. Longer if there would be more than `most`; whole cells
/// in any case, since what lies within one is not told apart.
pub(super) fn seconds_of(asked: Option<u64>, (from, to): (i64, i64), cell: i64, most: i64) -> i64 {
    let span = to - from + 1;
    let fits = |seconds: i64, most: i64| seconds % cell == 0 && span / seconds < most;
    let asked = asked.map(|seconds| i64::try_from(seconds).unwrap_or(i64::MAX));
    match asked {
        Some(seconds) if fits(seconds, most) => seconds,
        Some(seconds) => longer(|nice| nice > seconds && fits(nice, most), span, seconds),
        None => longer(|nice| fits(nice, MOST), span, 0),
    }
}

fn longer(fits: impl Fn(i64) -> bool, span: i64, least: i64) -> i64 {
    let nice = NICE.into_iter().find(|&nice| fits(nice));
    let quarters = (span / MOST).max(least) / (90 * DAY) + 1;
    nice.unwrap_or_else(|| quarters.saturating_mul(90 * DAY))
}

/// The starts of buckets from the one that holds a time on. Buckets of days
/// begin at midnight of the zone, weeks on Monday; shorter ones are counted
/// from a midnight.
pub(super) struct Starts<'z> {
    zone: &'z Zone,
    seconds: i64,
    next: i64,
    /// The day on which the next begins, where they are whole days.
    day: Option<i64>,
}

impl<'z> Starts<'z> {
    pub(super) fn new(zone: &'z Zone, seconds: i64, from: i64) -> Starts<'z> {
        let wall = from + zone.offset_at(from);
        let day = wall.div_euclid(DAY);
        if seconds % DAY == 0 {
            let days = seconds / DAY;
            // The first Monday of 1970 was its fifth day.
            let monday = if days % 7 == 0 { 4 } else { 0 };
            let day = (day - monday).div_euclid(days) * days + monday;
            return Starts {
                zone,
                seconds,
                next: zone.instant(day * DAY),
                day: Some(day),
            };
        }
        let midnight = if seconds < DAY { day * DAY } else { 0 };
        let offset = wall - from;
        let start = midnight + (wall - midnight).div_euclid(seconds) * seconds;
        Starts {
            zone,
            seconds,
            next: start - offset,
            day: None,
        }
    }
}

impl Iterator for Starts<'_> {
    type Item = i64;

    fn next(&mut self) -> Option<i64> {
        let start = self.next;
        self.next = match &mut self.day {
            Some(day) => {
                *day += self.seconds / DAY;
                self.zone.instant(*day * DAY)
            }
            None => start.saturating_add(self.seconds),
        };
        Some(start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn about_a_hundred_buckets() {
        for span in [1_i64, 59, 100, 199, 200, 3600, 86_400, 1 << 20, 1 << 30] {
            let seconds = seconds_of(None, (0, span - 1), 1, LIMIT);
            let buckets = (span + seconds - 1) / seconds;
            assert!(buckets <= 201, "{span}: {buckets}");
            assert!(
                buckets >= 60 || seconds == 1 || span > 1 << 29,
                "{span}: {buckets}"
            );
        }
        let of = |asked, to, cell| seconds_of(asked, (0, to), cell, LIMIT);
        assert_eq!(of(Some(7), 1000, 1), 7);
        assert_eq!(of(Some(1), 1000, 10), 10);
        // Not 15, which is no whole number of cells.
        assert_eq!(of(Some(12), 1000, 10), 30);
        assert_eq!(of(Some(90), 1000, 60), 120);
        assert_eq!(of(None, 2500, 10), 30);
        assert_eq!(of(Some(1), 99_998, 1), 1);
        assert_eq!(of(Some(1), 100_000, 1), 2);
        assert_eq!(of(Some(1), 5_000_000, 1), 60);
        assert_eq!(of(Some(i64::MAX.unsigned_abs()), 1000, 1), i64::MAX);
        let ever = (i64::MIN / 4_000_000_000, 1 << 33);
        assert_eq!(seconds_of(None, ever, 1, LIMIT) % DAY, 0);
        assert_eq!(
            [1, 12, 100, 1000, 1 << 40].map(limit),
            [LIMIT, LIMIT, LIMIT, 10_000, 1000]
        );
    }

    #[test]
    fn days_begin_at_midnight_of_the_zone() {
        let berlin = Zone::named("Europe/Berlin").unwrap();
        // From noon of 2024-03-30, over a day of 23 hours.
        let noon = 1_711_796_400;
        let starts: Vec<_> = Starts::new(&berlin, DAY, noon).take(3).collect();
        assert_eq!(starts, [1_711_753_200, 1_711_839_600, 1_711_922_400]);
        let hours: Vec<_> = Starts::new(&berlin, 3600, noon + 1).take(2).collect();
        assert_eq!(hours, [noon, noon + 3600]);
        let weeks: Vec<_> = Starts::new(&Zone::utc(), 7 * DAY, noon).take(2).collect();
        // 2024-03-25 was a Monday.
        assert_eq!(weeks, [1_711_324_800, 1_711_929_600]);
    }
}
