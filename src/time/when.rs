//! Points in time as people write them.

use std::str::FromStr;

use super::{
    Stamp, Zone,
    stamp::DAY,
    written::Written,
    year::{Year, YearFrom},
};
use crate::error::{Error, ErrorKind, Result};

/// A point in time as a person writes it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum When {
    /// An instant: a timestamp with its zone, `2026-11-23T14:30:00Z` or
    /// `23/Nov/2026:14:30:00 +0000`, or seconds since 1970.
    At(Stamp),
    /// What a clock shows, as if in UTC: `2026-11-23 14:30`, `2026-11-23`.
    Clock(Stamp),
    /// A day and time without a year, `Nov 23 14:30`: the last one in the input.
    NoYear(Stamp),
    /// A time of day, in seconds: `14:30`. The last one in the input.
    TimeOfDay(i64),
    /// A time of day, so many days before the one that it is now: `today`,
    /// `yesterday 14:30`.
    DaysAgo(i64, i64),
    /// So many seconds after the first timestamp of the input: `start+1h`.
    AfterStart(i64),
    /// So many seconds before the last timestamp of the input: `end-2h`, `end`.
    BeforeEnd(i64),
    /// So many seconds before now: `2 hours ago`, `now`, `now-10m`.
    Ago(i64),
}

/// What points in time may be counted from.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Known {
    /// The first timestamp of the input.
    pub start: Option<Stamp>,
    /// The last one.
    pub end: Option<Stamp>,
    /// What time it is.
    pub now: Stamp,
}

impl When {
    /// Whether the first timestamp of the input must be known.
    pub fn needs_start(&self) -> bool {
        matches!(self, When::AfterStart(_))
    }

    /// Whether the last timestamp of the input must be known.
    pub fn needs_end(&self) -> bool {
        matches!(
            self,
            When::TimeOfDay(_) | When::NoYear(_) | When::BeforeEnd(_)
        )
    }

    /// The instant, where clocks show this zone. `None` if what it is counted
    /// from is not known.
    pub fn resolve(&self, zone: &Zone, known: &Known) -> Option<Stamp> {
        let shown = |stamp: Stamp| stamp.second() + zone.offset_at(stamp.second());
        match *self {
            When::At(stamp) => Some(stamp),
            When::Clock(wall) => Stamp::new(zone.instant(wall.second()), wall.subsec()),
            When::NoYear(wall) => {
                let year = Year::until(shown(known.end?), YearFrom::Mtime, wall.second());
                Stamp::new(zone.instant(year.place(wall.second())), wall.subsec())
            }
            When::Ago(seconds) => Some(known.now.plus_seconds(-seconds)),
            When::DaysAgo(days, time) => {
                let day = shown(known.now).div_euclid(DAY) - days;
                Stamp::new(zone.instant(day * DAY + time), 0)
            }
            When::AfterStart(seconds) => Some(known.start?.plus_seconds(seconds)),
            When::BeforeEnd(seconds) => Some(known.end?.plus_seconds(-seconds)),
            When::TimeOfDay(time) => {
                let end = known.end?;
                let today = shown(end).div_euclid(DAY);
                let candidates = [today, today - 1].map(|day| zone.instant(day * DAY + time));
                let instant = candidates.into_iter().find(|&at| at <= end.second());
                Stamp::new(instant?, 0)
            }
        }
    }
}

/// The instants of a range, each as [`When::resolve`] has it; but where both
/// are times of day, both are of one day, the last on which the range begins:
/// `14:00` to `15:00` of a log that ends at 14:59 is its last hour.
///
/// # Errors
/// When it does not end behind its beginning, so that nothing is in it.
pub fn range(
    (since, until): (Option<When>, Option<When>),
    zone: &Zone,
    known: &Known,
) -> Result<(Option<Stamp>, Option<Stamp>)> {
    let resolve = |when: Option<When>| when.and_then(|when| when.resolve(zone, known));
    let first = resolve(since);
    let (last, of_day) = match (since, until, first) {
        (Some(When::TimeOfDay(from)), Some(When::TimeOfDay(to)), Some(first)) => {
            let wall = first.second() + zone.offset_at(first.second());
            (Stamp::new(zone.instant(wall - from + to), 0), true)
        }
        _ => (resolve(until), false),
    };
    if let (Some(first), Some(last)) = (first, last)
        && first >= last
    {
        let over_midnight = if of_day {
            " (times of day are of one day: write the dates of a range over midnight)"
        } else {
            ""
        };
        return Err(Error::new(ErrorKind::Config(format!(
            "the range since {} until {} ends before it begins, so nothing is in it{over_midnight}",
            zone.show(first),
            zone.show(last),
        ))));
    }
    Ok((first, last))
}

impl FromStr for When {
    type Err = Error;

    fn from_str(text: &str) -> Result<When> {
        parse(text.trim()).ok_or_else(|| {
            Error::new(ErrorKind::Config(format!(
                "{text:?} is no point in time; write 2026-11-23T14:30:00Z, '2026-11-23 14:30', \
                 'Nov 23 14:30', '23/Nov/2026:14:30:00 +0000', 14:30 (the last one in the input), \
                 today, 'yesterday 14:30', '2 hours ago', now-10m, start+1h, end-2h, or seconds \
                 since 1970"
            )))
        })
    }
}

fn parse(text: &str) -> Option<When> {
    // Lower case has the same length, so that what is behind a word can be cut
    // out of the text as it was written.
    let lower = text.to_ascii_lowercase();
    if lower.ends_with("ago") {
        return duration(&text[..text.len() - 3]).map(When::Ago);
    }
    let behind = |word: &str| lower.starts_with(word).then(|| text[word.len()..].trim());
    if let Some(rest) = behind("now") {
        return signed(rest).map(|seconds| When::Ago(-seconds));
    }
    if let Some(rest) = behind("start") {
        let after = signed(rest).filter(|after| *after >= 0);
        return after.map(When::AfterStart);
    }
    if let Some(rest) = behind("end") {
        let after = signed(rest).filter(|after| *after <= 0);
        return after.map(|after| When::BeforeEnd(-after));
    }
    for (word, days) in [("today", 0), ("yesterday", 1)] {
        if let Some(rest) = behind(word) {
            let time = rest.strip_prefix("at ").unwrap_or(rest).trim();
            let time = if time.is_empty() {
                Some(0)
            } else {
                time_of_day(time)
            };
            return time.map(|time| When::DaysAgo(days, time));
        }
    }
    if let Some(digits) = text.strip_prefix('@') {
        return epoch(digits).map(When::At);
    }
    if let Some(time) = time_of_day(text) {
        return Some(When::TimeOfDay(time));
    }
    let written = Written::typed(text)?;
    let stamp = |second| Stamp::new(second, written.nanos);
    match written.offset {
        _ if !written.has_year => stamp(written.wall).map(When::NoYear),
        Some(offset) => stamp(written.wall - i64::from(offset)).map(When::At),
        None => stamp(written.wall).map(When::Clock),
    }
}

/// The instant so many seconds, milliseconds, microseconds or nanoseconds after
/// 1970 began, whichever makes it the earliest after 1973.
fn epoch(digits: &str) -> Option<Stamp> {
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let number: i64 = whole.parse().ok()?;
    let units = [
        (100_000_000_000, 1_000_000_000),
        (100_000_000_000_000, 1_000_000),
        (100_000_000_000_000_000, 1000),
        (i64::MAX, 1),
    ];
    let unit = units.iter().find(|(below, _)| number.abs() < *below)?.1;
    let known = whole.bytes().all(|b| b.is_ascii_digit())
        && fraction.bytes().all(|b| b.is_ascii_digit())
        && (fraction.is_empty() || unit == 1_000_000_000);
    let nanos: i64 = format!("{fraction:0<9.9}").parse().ok()?;
    let whole = number.checked_mul(unit)?.checked_add(nanos)?;
    known.then(|| Stamp::from_nanos(whole))
}

/// Seconds since midnight, of `14:30`, `9:30` or `14:30:05`.
fn time_of_day(text: &str) -> Option<i64> {
    let parts: Vec<&str> = text.split(':').collect();
    let bounds = [24, 60, 60];
    if !(2..=3).contains(&parts.len()) {
        return None;
    }
    let mut seconds = 0;
    for (place, (part, bound)) in parts.iter().zip(bounds).enumerate() {
        let width = part.len() == 2 || (place == 0 && part.len() == 1);
        let digits = part.bytes().all(|b| b.is_ascii_digit());
        let number: i64 = part.parse().ok()?;
        if !width || !digits || number >= bound {
            return None;
        }
        seconds = seconds * 60 + number;
    }
    Some(if parts.len() == 2 {
        seconds * 60
    } else {
        seconds
    })
}

/// The seconds of `+1h` or `- 90min`; 0 of nothing.
fn signed(text: &str) -> Option<i64> {
    match text.split_at_checked(1) {
        None => Some(0),
        Some(("+", rest)) => duration(rest),
        Some(("-", rest)) => duration(rest).map(|seconds| -seconds),
        Some(_) => None,
    }
}

/// The day that a text such as `2026-11-23` names, counted from 1970-01-01; `None` if it
/// names none, or a time of day too.
pub fn day(text: &str) -> Option<i64> {
    let written = Written::typed(text)?;
    let midnight = written.wall.rem_euclid(DAY) == 0 && written.nanos == 0;
    (midnight && written.has_year && written.offset.is_none()).then(|| written.wall.div_euclid(DAY))
}

/// The seconds of a duration as people write it: `90s`, `5m`, `2h`, `1d12h`,
/// `1w`, `10 min`, `1 day 2 hours`. `None` if it is none, or longer than can be
/// counted.
pub fn duration(text: &str) -> Option<i64> {
    let mut rest = text.trim();
    let mut sum = 0_i64;
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let number: i64 = rest[..digits].parse().ok()?;
        rest = rest[digits..].trim_start();
        let letters = rest.len() - rest.trim_start_matches(char::is_alphabetic).len();
        let seconds = unit(&rest[..letters])?;
        sum = sum.checked_add(number.checked_mul(seconds)?)?;
        rest = rest[letters..].trim_start();
    }
    // Stamps count nanoseconds.
    sum.checked_mul(1_000_000_000)?;
    Some(sum)
}

/// The seconds of a unit. Single letters are small, since `M` is a month to
/// some.
fn unit(name: &str) -> Option<i64> {
    let lower = name.to_ascii_lowercase();
    let name = if name.len() == 1 { name } else { &lower };
    Some(match name {
        "s" | "sec" | "secs" | "second" | "seconds" => 1,
        "m" | "min" | "mins" | "minute" | "minutes" => 60,
        "h" | "hr" | "hrs" | "hour" | "hours" => 3600,
        "d" | "day" | "days" => DAY,
        "w" | "week" | "weeks" => 7 * DAY,
        _ => return None,
    })
}

#[cfg(test)]
mod tests;
