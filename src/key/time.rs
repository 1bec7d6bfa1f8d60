//! Intervals of time as keys.

use crate::time::{Format, Reader, Stamp, Zone};

/// The longest interval: a hundred years.
const LONGEST: u64 = 100 * 366 * 86_400;

/// The seconds of an interval such as `5m`; at least one.
pub(super) fn bucket_seconds(text: &str) -> Option<u64> {
    let unit = match text.as_bytes().last()? {
        b's' => 1,
        b'm' => 60,
        b'h' => 3600,
        b'd' => 86_400,
        _ => return None,
    };
    let number: u64 = text[..text.len() - 1].parse().ok()?;
    let seconds = number.checked_mul(unit)?;
    (1..=LONGEST).contains(&seconds).then_some(seconds)
}

/// Finds the interval a record lies in.
#[derive(Clone, Debug)]
pub(super) struct Clock {
    reader: Reader,
    zone: Zone,
    seconds: i64,
    /// The interval of the last record: from, to, and its name.
    last: (i64, i64, String),
}

impl Clock {
    pub(super) fn new(format: &Format, seconds: u64) -> Clock {
        Clock {
            reader: format.reader(),
            zone: format.zone.clone(),
            seconds: seconds.clamp(1, LONGEST).cast_signed(),
            last: (0, 0, String::new()),
        }
    }

    /// The start of the interval of a record that begins at this absolute offset, by the clocks of its zone; `None`
    /// if it has no timestamp.
    pub(super) fn interval(&mut self, record: &[u8], offset: u64) -> Option<&str> {
        let second = self.reader.stamp_at(record, offset)?.second();
        if !(self.last.0..self.last.1).contains(&second) {
            let offset = self.zone.offset_at(second);
            let wall = second + offset;
            let from = self.zone.instant(wall - wall.rem_euclid(self.seconds));
            let to = from + self.seconds;
            let name = self.zone.show(Stamp::new(from, 0)?);
            // Where clocks are set within it, each second is asked about.
            let steady = [from, to - 1].map(|at| self.zone.offset_at(at)) == [offset; 2];
            let (from, to) = if steady {
                (from, to)
            } else {
                (second, second + 1)
            };
            self.last = (from, to, name);
        }
        Some(&self.last.2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Options;

    #[test]
    fn intervals_begin_where_clocks_say() {
        let format = |zone: &str| {
            let head = b"2026-03-29T00:10:00Z x\n2026-03-29T00:20:00Z y\n".repeat(3);
            let options = Options {
                zone: Zone::named(zone).unwrap(),
                ..Options::default()
            };
            Format::detect(&head, &options).unwrap()
        };
        for (zone, seconds, line, want) in [
            (
                "UTC",
                300,
                "2026-03-29T01:02:03Z x",
                Some("2026-03-29T01:00:00Z"),
            ),
            (
                "UTC",
                300,
                "2026-03-29T01:04:59.9Z x",
                Some("2026-03-29T01:00:00Z"),
            ),
            (
                "UTC",
                300,
                "2026-03-29T01:05:00Z x",
                Some("2026-03-29T01:05:00Z"),
            ),
            (
                "UTC",
                86_400,
                "2026-03-29T23:05:00Z x",
                Some("2026-03-29T00:00:00Z"),
            ),
            (
                "UTC",
                60,
                "1969-12-31T23:59:59Z x",
                Some("1969-12-31T23:59:00Z"),
            ),
            ("UTC", 60, "nothing", None),
            // The night in which clocks are put forward.
            (
                "Europe/Berlin",
                86_400,
                "2026-03-28T23:30:00Z x",
                Some("2026-03-29T00:00:00+01:00"),
            ),
            (
                "Europe/Berlin",
                86_400,
                "2026-03-29T21:30:00Z x",
                Some("2026-03-29T00:00:00+01:00"),
            ),
            (
                "Europe/Berlin",
                86_400,
                "2026-03-29T22:30:00Z x",
                Some("2026-03-30T00:00:00+02:00"),
            ),
        ] {
            let mut clock = Clock::new(&format(zone), seconds);
            for _ in 0..2 {
                assert_eq!(clock.interval(line.as_bytes(), 0), want, "{line} in {zone}");
            }
        }
    }
}
