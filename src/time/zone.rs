//! Zones: what a clock on the wall shows.

use std::fmt;

use jiff::{
    Timestamp,
    civil::DateTime,
    tz::{Offset, TimeZone, TimeZoneDatabase},
};
use serde::{Deserialize, Serialize};

use super::stamp::{DAY, Stamp, date_of};
use crate::error::{Error, ErrorKind, Result};

/// The zone of timestamps that are written without one, and of those in an
/// answer.
///
/// The rules of all zones are built in, so that an answer does not depend on
/// what is installed.
#[derive(Clone, Deserialize, Serialize)]
#[serde(try_from = "String", into = "String")]
pub struct Zone {
    name: String,
    rules: TimeZone,
}

impl Zone {
    /// Coordinated universal time.
    pub fn utc() -> Zone {
        Zone {
            name: "UTC".to_string(),
            rules: TimeZone::UTC,
        }
    }

    /// The zone of this name: `UTC`, `Z`, `+02:00`, `-0530`, `Europe/Berlin`.
    ///
    /// # Errors
    /// When there is none of this name.
    pub fn named(name: &str) -> Result<Zone> {
        if let Some(seconds) = fixed(name) {
            let offset = Offset::from_seconds(seconds).ok();
            let offset = offset.ok_or_else(|| unknown(name))?;
            return Ok(Zone {
                name: if seconds == 0 { "UTC" } else { name }.to_string(),
                rules: TimeZone::fixed(offset),
            });
        }
        let rules = TimeZoneDatabase::bundled()
            .get(name)
            .map_err(|_| unknown(name))?;
        let known = rules.iana_name().unwrap_or(name).to_string();
        Ok(Zone { name: known, rules })
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How many seconds its clocks are ahead of UTC at an instant.
    pub fn offset_at(&self, second: i64) -> i64 {
        let at = Timestamp::from_second(second).unwrap_or(Timestamp::UNIX_EPOCH);
        i64::from(self.rules.to_offset(at).seconds())
    }

    /// The instant at which its clocks show this, counted as if in UTC: the
    /// first of two, and where they skip it, as if they had not yet.
    pub fn instant(&self, wall: i64) -> i64 {
        self.constant(wall).instant(wall)
    }

    /// An instant as RFC 3339 in this zone, with as many digits of the second
    /// as it needs.
    pub fn show(&self, stamp: Stamp) -> String {
        let offset = self.offset_at(stamp.second());
        let wall = stamp.second() + offset;
        let (year, month, day) = date_of(wall.div_euclid(DAY));
        let second = wall.rem_euclid(DAY);
        let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
        let mut text = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}");
        match stamp.subsec() {
            0 => {}
            n if n % 1_000_000 == 0 => put(&mut text, format_args!(".{:03}", n / 1_000_000)),
            n if n % 1_000 == 0 => put(&mut text, format_args!(".{:06}", n / 1_000)),
            n => put(&mut text, format_args!(".{n:09}")),
        }
        if offset == 0 {
            text.push('Z');
        } else {
            let sign = if offset < 0 { '-' } else { '+' };
            let minutes = offset.abs() / 60;
            put(
                &mut text,
                format_args!("{sign}{:02}:{:02}", minutes / 60, minutes % 60),
            );
        }
        text
    }

    /// The stretch around a time of day in which clocks were not changed.
    pub(super) fn constant(&self, wall: i64) -> Constant {
        let Some(clock) = clock(wall) else {
            return Constant::at(wall, 0);
        };
        let Ok(at) = self.rules.to_timestamp(clock) else {
            return Constant::at(wall, 0);
        };
        let offset_of = |at: Timestamp| i64::from(self.rules.to_offset(at).seconds());
        let offset = offset_of(at);
        let here = wall - at.as_second();
        if here != offset {
            // Skipped by the clocks: holds for this moment only.
            return Constant::at(wall, here);
        }
        // The zone's own transitions; `following` is of what comes after `at`.
        let next = self.rules.following(at).next();
        let to = next.map_or(i64::MAX, |next| {
            next.timestamp().as_second() + offset.min(i64::from(next.offset().seconds()))
        });
        let second = Timestamp::from_second(at.as_second() + 1).unwrap_or(at);
        let start = self.rules.preceding(second).next();
        let from = start.map_or(i64::MIN, |start| {
            let before = start.timestamp().as_second();
            let earlier = Timestamp::from_second(before - 1).map_or(offset, offset_of);
            before + offset.max(earlier)
        });
        if (from..to).contains(&wall) {
            Constant { from, to, offset }
        } else {
            Constant::at(wall, offset)
        }
    }
}

/// Times of day between two changes of the clocks.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Constant {
    from: i64,
    to: i64,
    offset: i64,
}

impl Constant {
    /// No time at all.
    pub(super) const NEVER: Constant = Constant {
        from: 0,
        to: 0,
        offset: 0,
    };

    fn at(wall: i64, offset: i64) -> Constant {
        Constant {
            from: wall,
            to: wall + 1,
            offset,
        }
    }

    #[inline]
    pub(super) fn holds(&self, wall: i64) -> bool {
        self.from <= wall && wall < self.to
    }

    #[inline]
    pub(super) fn instant(&self, wall: i64) -> i64 {
        wall.saturating_sub(self.offset)
    }
}

fn put(text: &mut String, what: fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    let _ = fmt::Write::write_fmt(text, what);
}

fn clock(wall: i64) -> Option<DateTime> {
    let (year, month, day) = date_of(wall.div_euclid(DAY));
    let second = wall.rem_euclid(DAY);
    DateTime::new(
        i16::try_from(year).ok()?,
        month as i8,
        day as i8,
        (second / 3600) as i8,
        (second / 60 % 60) as i8,
        (second % 60) as i8,
        0,
    )
    .ok()
}

/// Seconds east of UTC, if the name is `UTC`, `Z` or `+HH[[:]MM]`.
fn fixed(name: &str) -> Option<i32> {
    if ["UTC", "utc", "Z", "z", "GMT"].contains(&name) {
        return Some(0);
    }
    let sign = match name.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let (hours, minutes) = name[1..].split_at_checked(2)?;
    let minutes = minutes.strip_prefix(':').unwrap_or(minutes);
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if !digits(hours) || !digits(minutes) || ![0, 2].contains(&minutes.len()) {
        return None;
    }
    let hours: i32 = hours.parse().ok()?;
    let minutes: i32 = minutes.parse().unwrap_or(0);
    (hours < 24 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
}

fn unknown(name: &str) -> Error {
    Error::new(ErrorKind::Config(format!(
        "unknown time zone {name:?} (names are as in Europe/Berlin or America/New_York; \
         UTC and offsets such as +02:00 work too)"
    )))
}

impl Default for Zone {
    fn default() -> Zone {
        Zone::utc()
    }
}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Zone").field(&self.name).finish()
    }
}

impl PartialEq for Zone {
    fn eq(&self, other: &Zone) -> bool {
        self.name == other.name
    }
}

impl Eq for Zone {}

impl TryFrom<String> for Zone {
    type Error = Error;

    fn try_from(name: String) -> Result<Zone> {
        Zone::named(&name)
    }
}

impl From<Zone> for String {
    fn from(zone: Zone) -> String {
        zone.name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_by_name() {
        for (name, winter, summer) in [
            ("UTC", 0, 0),
            ("Z", 0, 0),
            ("+02:00", 7200, 7200),
            ("-0530", -19_800, -19_800),
            ("+05", 18_000, 18_000),
            ("Europe/Berlin", 3600, 7200),
            ("America/New_York", -18_000, -14_400),
            ("europe/berlin", 3600, 7200),
        ] {
            let zone = Zone::named(name).unwrap();
            assert_eq!(zone.offset_at(1_704_067_200), winter, "{name}");
            assert_eq!(zone.offset_at(1_720_000_000), summer, "{name}");
        }
        for name in ["", "Mars", "+2", "+99:00", "+aa", "+1:234"] {
            assert!(Zone::named(name).is_err(), "{name}");
        }
    }

    /// The stretches give what the zone's rules give, at and around changes.
    #[test]
    fn constant_stretches_agree_with_the_rules() {
        for name in ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe"] {
            let zone = Zone::named(name).unwrap();
            let mut held = Constant::NEVER;
            for wall in (1_700_000_000..1_735_000_000).step_by(887) {
                let want = zone.rules.to_timestamp(clock(wall).unwrap()).unwrap();
                if !held.holds(wall) {
                    held = zone.constant(wall);
                }
                assert_eq!(held.instant(wall), want.as_second(), "{name} {wall}");
            }
        }
        // Clocks skip 2:30 on this day, and show it twice on that one.
        let berlin = Zone::named("Europe/Berlin").unwrap();
        assert_eq!(berlin.instant(1_711_852_200), 1_711_848_600);
        assert_eq!(berlin.instant(1_729_996_200), 1_729_989_000);
    }

    #[test]
    fn instants_are_shown_as_in_rfc_3339() {
        let berlin = Zone::named("Europe/Berlin").unwrap();
        for (nanos, utc, there) in [
            (0, "1970-01-01T00:00:00Z", "1970-01-01T01:00:00+01:00"),
            (
                1_720_000_000_120_000_000,
                "2024-07-03T09:46:40.120Z",
                "2024-07-03T11:46:40.120+02:00",
            ),
            (
                -1,
                "1969-12-31T23:59:59.999999999Z",
                "1970-01-01T00:59:59.999999999+01:00",
            ),
        ] {
            let stamp = Stamp::from_nanos(nanos);
            assert_eq!(Zone::utc().show(stamp), utc);
            assert_eq!(berlin.show(stamp), there);
        }
        let zone = Zone::named("-05:30").unwrap();
        assert_eq!(zone.show(Stamp::from_nanos(0)), "1969-12-31T18:30:00-05:30");
    }
}
