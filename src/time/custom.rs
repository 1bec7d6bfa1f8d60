//! Timestamps as a format of `strptime` says.

use jiff::fmt::strtime::BrokenDownTime;
use serde::{Deserialize, Serialize};

use super::{
    shape::{Front, NO_YEAR},
    stamp::{DAY, day_of},
};
use crate::error::{Error, ErrorKind, Result};

/// A format of `strptime`.
#[derive(Clone, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(try_from = "String", into = "String")]
pub struct Custom {
    format: String,
    has_year: bool,
}

impl Custom {
    /// Reads a format, such as `%d.%m.%Y %H:%M:%S`.
    ///
    /// # Errors
    /// When it has a directive that means nothing, or says no date.
    pub(super) fn new(format: &str) -> Result<Custom> {
        let wrong = |why: &str| {
            Error::new(ErrorKind::Config(format!(
                "{format:?} {why}; \
                 it is written as for strptime, such as '%d.%m.%Y %H:%M:%S'"
            )))
        };
        // 1999-11-22T13:14:15Z has no two parts alike.
        let example =
            jiff::Timestamp::from_second(943_276_455).map_err(|_| wrong("cannot be tried"))?;
        let example = jiff::ZonedDateTime::new(example, jiff::tz::TimeZone::UTC);
        let text = jiff::fmt::strtime::format(format, &example)
            .map_err(|error| wrong(&format!("cannot be read ({error})")))?;
        let parsed = BrokenDownTime::parse(format, &text)
            .map_err(|error| wrong(&format!("cannot be read ({error})")))?;
        let custom = Custom {
            format: format.to_string(),
            has_year: parsed.year().is_some() || parsed.to_timestamp().is_ok(),
        };
        let read = custom.front(text.as_bytes());
        read.map(|_| custom)
            .ok_or_else(|| wrong("says no month and day"))
    }

    /// The format as it was given.
    pub(super) fn format(&self) -> &str {
        &self.format
    }

    /// False if its timestamps do not say the year.
    pub(super) fn has_year(&self) -> bool {
        self.has_year
    }

    /// Reads a timestamp at the start of the text, fraction and zone included.
    pub(super) fn front(&self, text: &[u8]) -> Option<Front> {
        let (mut parsed, len) = BrokenDownTime::parse_prefix(&self.format, text).ok()?;
        if !self.has_year {
            parsed.set_year(Some(NO_YEAR as i16)).ok()?;
        }
        let offset = parsed.offset().map(jiff::tz::Offset::seconds);
        if let Ok(clock) = parsed.to_datetime() {
            let date = day_of(
                clock.year().into(),
                clock.month().unsigned_abs().into(),
                clock.day().unsigned_abs().into(),
            );
            let minute = i64::from(clock.hour()) * 60 + i64::from(clock.minute());
            return Some(Front {
                len,
                wall: date * DAY + minute * 60 + i64::from(clock.second()),
                nanos: clock.subsec_nanosecond().unsigned_abs(),
                offset,
                is_ambiguous: false,
                ends_with_minute: false,
            });
        }
        let instant = parsed.to_timestamp().ok()?;
        let (wall, nanos) = (instant.as_second(), instant.subsec_nanosecond());
        Some(Front {
            len,
            wall: wall - i64::from(nanos < 0),
            nanos: nanos.rem_euclid(1_000_000_000).unsigned_abs(),
            offset: Some(0),
            is_ambiguous: false,
            ends_with_minute: false,
        })
    }
}

impl TryFrom<String> for Custom {
    type Error = Error;

    fn try_from(format: String) -> Result<Custom> {
        Custom::new(&format)
    }
}

impl From<Custom> for String {
    fn from(custom: Custom) -> String {
        custom.format
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_of_every_kind() {
        for (format, text, want) in [
            ("%d.%m.%Y %H:%M:%S", "23.11.2026 14:30:05 x", 1_795_444_205),
            ("%d.%m.%Y %H:%M", "23.11.2026 14:30", 1_795_444_200),
            ("%Y-%m-%d", "2026-11-23 foo", 1_795_392_000),
            ("%b %d %H:%M:%S", "Nov 23 14:30:05", 974_989_805),
            ("%s", "1795444205 x", 1_795_444_205),
        ] {
            let custom = Custom::new(format).unwrap();
            let front = custom.front(text.as_bytes()).unwrap();
            assert_eq!(front.wall, want, "{format}");
            assert_eq!(custom.has_year(), format != "%b %d %H:%M:%S");
            assert_eq!(custom.front(b"x"), None);
        }
        let zoned = Custom::new("%Y-%m-%d %H:%M:%S%.f %z").unwrap();
        let front = zoned.front(b"2026-11-23 14:30:05.25 +0200").unwrap();
        assert_eq!((front.nanos, front.offset), (250_000_000, Some(7200)));
        for wrong in ["%", "%Q", "%H:%M", "foo", ""] {
            assert!(Custom::new(wrong).is_err(), "{wrong}");
        }
    }
}
