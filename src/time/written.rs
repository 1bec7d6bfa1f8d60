//! Timestamps that stand alone: copied from a log, or typed.

use std::cmp::Ordering;

use super::shape::{ALL, Shape, Zoned, fraction, meridiem, on_twelve_hours, zone};

/// What a text says of a point in time.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Written {
    /// The second a clock shows, as if in UTC; in a year of its own if none is
    /// written.
    pub(crate) wall: i64,
    /// Nanoseconds in that second.
    pub(crate) nanos: u32,
    /// Seconds east of UTC, where that is written.
    pub(crate) offset: Option<i32>,
    /// Whether the year is written.
    pub(crate) has_year: bool,
}

/// What may be left out behind a date.
const MIDNIGHT: [&str; 3] = ["T00:00:00", " 00:00:00", ":00:00:00"];

/// Names that may be written in full.
const NAMES: [&str; 19] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];

impl Written {
    /// What a text says that is a timestamp as logs have them, from its first
    /// byte to its last.
    pub(crate) fn whole(text: &str) -> Option<Written> {
        let shapes = ALL.iter().filter(|shape| {
            // People mean different days by the same digits.
            !matches!(
                shape,
                Shape::DayFirst | Shape::MonthFirst | Shape::TimeOfDay
            )
        });
        shapes
            .into_iter()
            .find_map(|shape| of_shape(text.as_bytes(), shape))
    }

    /// A point in time as people type it: maybe between brackets, without seconds or
    /// without a time of day, with names of months in full. Days of a year of
    /// two digits and months between slashes without a year are none of it,
    /// since people write them in different orders.
    pub(crate) fn typed(text: &str) -> Option<Written> {
        let inside = text
            .strip_prefix('[')
            .and_then(|text| text.strip_suffix(']'));
        let text = short_names(inside.unwrap_or(text).trim());
        let digits = text.find(|c: char| !c.is_ascii_digit());
        let names = |c: char| c.is_ascii_alphabetic() && c != 'T' && c != 'Z';
        if matches!(digits, Some(2 | 6)) && !text.contains(names) {
            return None;
        }
        if let Some(written) = Written::whole(&text) {
            return Some(written);
        }
        if let Some(at) = minutes(&text) {
            return Written::whole(&format!("{}:00{}", &text[..at], &text[at..]));
        }
        MIDNIGHT
            .iter()
            .find_map(|midnight| Written::whole(&format!("{text}{midnight}")))
    }

    /// Which is earlier. Where one of them names no zone, as clocks show them.
    pub(crate) fn compare(&self, other: &Written) -> Ordering {
        let zoned = self.offset.zip(other.offset);
        let second = |time: &Written| time.wall - zoned.and(time.offset).map_or(0, i64::from);
        (second(self), self.nanos).cmp(&(second(other), other.nanos))
    }
}

fn of_shape(text: &[u8], shape: &Shape) -> Option<Written> {
    let front = shape.front(text)?;
    let (mut at, mut nanos, mut offset) = (front.len, front.nanos, front.offset);
    let mut wall = front.wall;
    if shape.has_fraction()
        && let Some((fraction, len)) = fraction(&text[at..])
    {
        nanos = fraction;
        at += len;
    }
    if shape.has_meridiem()
        && let Some((after_noon, len)) = meridiem(&text[at..])
    {
        wall = on_twelve_hours(wall, after_noon);
        at += len;
    }
    if offset.is_none()
        && let Some((Zoned::East { seconds, .. }, len)) = zone(&text[at..])
    {
        offset = Some(seconds);
        at += len;
    }
    (at == text.len()).then_some(Written {
        wall,
        nanos,
        offset,
        has_year: shape.has_year(),
    })
}

/// Where the first `HH:MM` ends that no seconds follow.
fn minutes(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let at = (0..bytes.len()).find(|&at| {
        (at == 0 || !digit(at - 1))
            && digit(at)
            && digit(at + 1)
            && bytes.get(at + 2) == Some(&b':')
            && digit(at + 3)
            && digit(at + 4)
    })?;
    let end = at + 5;
    (bytes.get(end) != Some(&b':')).then_some(end)
}

/// The text with the first three letters of names that are written in full.
fn short_names(text: &str) -> String {
    let mut short = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let word = rest.len()
            - rest
                .trim_start_matches(|c: char| c.is_ascii_alphabetic())
                .len();
        let other = rest.chars().next().map_or(0, char::len_utf8);
        let name = &rest[..word.max(other)];
        let known = NAMES.iter().any(|known| known.eq_ignore_ascii_case(name));
        short.push_str(if known { &name[..3] } else { name });
        rest = &rest[name.len()..];
    }
    short
}
