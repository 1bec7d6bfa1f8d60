//! Points in time as people write them.

use std::str::FromStr;

use super::{
    Stamp, Zone,
    shape::{Shape, fraction, zone},
    stamp::DAY,
};
use crate::error::{Error, ErrorKind, Result};

/// A point in time as a person writes it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum When {
    /// An instant: RFC 3339, `2026-11-23T14:30:00Z`.
    At(Stamp),
    /// What a clock shows, as if in UTC: `2026-11-23 14:30`, `2026-11-23`.
    Clock(Stamp),
    /// A time of day, in seconds: `14:30`. The last one in the input.
    TimeOfDay(i64),
    /// So many seconds before the last timestamp of the input: `end-2h`, `end`.
    BeforeEnd(i64),
    /// So many seconds before now: `2h ago`, `now`.
    Ago(i64),
}

impl When {
    /// Whether the last timestamp of the input must be known.
    pub fn needs_end(&self) -> bool {
        matches!(self, When::TimeOfDay(_) | When::BeforeEnd(_))
    }

    /// The instant, where clocks show this zone, the input ends at `end` and
    /// it is `now`. `None` if the input has no end.
    pub fn resolve(&self, zone: &Zone, end: Option<Stamp>, now: Stamp) -> Option<Stamp> {
        match *self {
            When::At(stamp) => Some(stamp),
            When::Clock(wall) => Stamp::new(zone.instant(wall.second()), wall.subsec()),
            When::Ago(seconds) => Some(now.plus_seconds(-seconds)),
            When::BeforeEnd(seconds) => Some(end?.plus_seconds(-seconds)),
            When::TimeOfDay(time) => {
                let end = end?;
                let wall = end.second() + zone.offset_at(end.second());
                let today = wall.div_euclid(DAY);
                let candidates = [today, today - 1].map(|day| zone.instant(day * DAY + time));
                let instant = candidates.into_iter().find(|&at| at <= end.second());
                Stamp::new(instant?, 0)
            }
        }
    }
}

/// The instants of a range, each as [`When::resolve`] has it; but where both
/// are times of day, the range ends at the first such time after its beginning:
/// `14:00` to `15:00` of a log that ends at 14:59 is its last hour.
pub fn range(
    (since, until): (Option<When>, Option<When>),
    zone: &Zone,
    end: Option<Stamp>,
    now: Stamp,
) -> (Option<Stamp>, Option<Stamp>) {
    let resolve = |when: Option<When>| when.and_then(|when| when.resolve(zone, end, now));
    let first = resolve(since);
    let last = match (since, until, first) {
        (Some(When::TimeOfDay(from)), Some(When::TimeOfDay(to)), Some(first)) => {
            let wall = first.second() + zone.offset_at(first.second());
            Stamp::new(zone.instant(wall + (to - from).rem_euclid(DAY)), 0)
        }
        _ => resolve(until),
    };
    (first, last)
}

impl FromStr for When {
    type Err = Error;

    fn from_str(text: &str) -> Result<When> {
        parse(text.trim()).ok_or_else(|| {
            Error::new(ErrorKind::Config(format!(
                "{text:?} is no point in time; write 2026-11-23T14:30:00Z, '2026-11-23 14:30', \
                 14:30 (the last one in the input), end-2h, or '2h ago'"
            )))
        })
    }
}

fn parse(text: &str) -> Option<When> {
    if text == "now" {
        return Some(When::Ago(0));
    }
    if let Some(before) = text.strip_suffix("ago") {
        return duration(before.trim_end()).map(When::Ago);
    }
    if let Some(rest) = text.strip_prefix("end") {
        return match rest.trim().strip_prefix('-') {
            None => rest.is_empty().then_some(When::BeforeEnd(0)),
            Some(before) => duration(before.trim()).map(When::BeforeEnd),
        };
    }
    if let Some(time) = time_of_day(text) {
        return Some(When::TimeOfDay(time));
    }
    // Without seconds, or without a time of day.
    let (front, rest) = text.split_at_checked(16).unwrap_or((text, ""));
    let full = match text.len() {
        10 => format!("{text}T00:00:00"),
        16.. if !rest.starts_with(':') => format!("{front}:00{rest}"),
        _ => text.to_string(),
    };
    let bytes = full.as_bytes();
    let front = Shape::Iso.front(bytes)?;
    let mut at = front.len;
    let (nanos, len) = fraction(&bytes[at..]).unwrap_or((0, 0));
    at += len;
    match zone(&bytes[at..]) {
        Some((offset, len)) if at + len == bytes.len() => {
            Stamp::new(front.wall - i64::from(offset), nanos).map(When::At)
        }
        None if at == bytes.len() => Stamp::new(front.wall, nanos).map(When::Clock),
        _ => None,
    }
}

/// Seconds since midnight, of `14:30` or `14:30:05`.
fn time_of_day(text: &str) -> Option<i64> {
    let full = match text.len() {
        5 => format!("2000-01-01T{text}:00"),
        8 => format!("2000-01-01T{text}"),
        _ => return None,
    };
    let front = Shape::Iso.front(full.as_bytes())?;
    (front.len == full.len()).then(|| front.wall.rem_euclid(DAY))
}

/// The seconds of a duration as people write it: `90s`, `5m`, `2h`, `1d12h`,
/// `1w`. `None` if it is none, or longer than can be counted.
pub fn duration(text: &str) -> Option<i64> {
    let mut rest = text;
    let mut sum = 0_i64;
    while !rest.is_empty() {
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let number: i64 = rest[..digits].parse().ok()?;
        let unit = rest[digits..].chars().next()?;
        let seconds = match unit {
            's' => 1,
            'm' => 60,
            'h' => 3600,
            'd' => DAY,
            'w' => 7 * DAY,
            _ => return None,
        };
        sum = sum.checked_add(number.checked_mul(seconds)?)?;
        rest = &rest[digits + 1..];
    }
    // Stamps count nanoseconds.
    sum.checked_mul(1_000_000_000)?;
    (!text.is_empty()).then_some(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_in_time_as_people_write_them() {
        let end = Stamp::new(1_795_444_205, 500).unwrap(); // 2026-11-23T14:30:05Z
        let now = Stamp::new(1_800_000_000, 0).unwrap();
        let berlin = Zone::named("Europe/Berlin").unwrap();
        for (text, want) in [
            ("2026-11-23T14:30:00Z", "2026-11-23T14:30:00Z"),
            ("2026-11-23T14:30:00.5+01:00", "2026-11-23T13:30:00.500Z"),
            ("2026-11-23T14:30Z", "2026-11-23T14:30:00Z"),
            ("2026-11-23T14:30+02:00", "2026-11-23T12:30:00Z"),
            ("2026-11-23 14:30", "2026-11-23T13:30:00Z"),
            ("2026-11-23 14:30:05", "2026-11-23T13:30:05Z"),
            ("2026-11-23", "2026-11-22T23:00:00Z"),
            ("15:30", "2026-11-23T14:30:00Z"),
            ("15:30:06", "2026-11-22T14:30:06Z"),
            ("15:30:05", "2026-11-23T14:30:05Z"),
            ("end-2h", "2026-11-23T12:30:05.000000500Z"),
            ("end - 1d12h", "2026-11-22T02:30:05.000000500Z"),
            ("end", "2026-11-23T14:30:05.000000500Z"),
            ("2h ago", "2027-01-15T06:00:00Z"),
            ("90m ago", "2027-01-15T06:30:00Z"),
            ("now", "2027-01-15T08:00:00Z"),
        ] {
            let when: When = text.parse().unwrap();
            let stamp = when.resolve(&berlin, Some(end), now).unwrap();
            assert_eq!(Zone::utc().show(stamp), want, "{text}");
            let needs = text.starts_with("15:") || text.starts_with("end");
            assert_eq!(when.needs_end(), needs, "{text}");
            assert_eq!(when.resolve(&berlin, None, now).is_none(), needs, "{text}");
        }
        for (since, until, first, last) in [
            ("14:00", "15:00", "23T14:00", "23T15:00"),
            ("14:00", "14:30", "23T14:00", "23T14:30"),
            ("15:00", "14:00", "22T15:00", "23T14:00"),
            ("14:00", "14:00", "23T14:00", "23T14:00"),
        ] {
            let range = (since.parse().ok(), until.parse().ok());
            let (a, b) = super::range(range, &Zone::utc(), Some(end), now);
            let shown = [a, b].map(|stamp| Zone::utc().show(stamp.unwrap()));
            let want = [first, last].map(|time| format!("2026-11-{time}:00Z"));
            assert_eq!(shown, want, "{since}..{until}");
        }
        for text in [
            "",
            "x",
            "14",
            "14:3",
            "24:00",
            "2h",
            "ago",
            "end-",
            "end-2",
            "end+2h",
            "2026-11-31",
            "2026-11-23T14:30:00ZZ",
            "2026-11-23 14:30 foo",
            "-2h ago",
            "ü ago",
            "99999999999w ago",
        ] {
            assert!(text.parse::<When>().is_err(), "{text}");
        }
    }
}
