//! Where in a line its timestamp stands.

use memchr::{memchr, memmem};
use serde::{Deserialize, Serialize};

use super::Shape;

/// Where in a line its timestamp stands.
#[derive(Clone, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// At the start, maybe behind `[`, `(`, a quote or syslog's `<34>1 `.
    Start,
    /// At the start of what follows so many columns apart by white space.
    Column(u8),
    /// Behind a `[` further on, as web servers write it.
    Bracket,
    /// The value of the JSON member of this name.
    Json(String),
    /// The value behind this name and `=`.
    Logfmt(String),
    /// Right behind the first of this text.
    Behind(String),
    /// The first one of its shape in the first 200 bytes of a line that is not indented,
    /// behind any punctuation.
    Anywhere,
}

/// How far into a line a bracket is looked for.
const BRACKETS: usize = 8;

/// How far into a line a timestamp anywhere is looked for.
pub(super) const FAR: usize = 200;

/// The names that members and fields with the time have, those preferred first.
pub(super) const NAMES: [&str; 36] = [
    "__REALTIME_TIMESTAMP",
    "ts",
    "time",
    "timestamp",
    "@timestamp",
    "@t",
    "t",
    "datetime",
    "date",
    "asctime",
    "eventTime",
    "event_time",
    "Timestamp",
    "Time",
    "_time",
    "@time",
    "time_local",
    "time_iso8601",
    "timeMillis",
    "epochSecond",
    "$date",
    "dateTime",
    "DateTime",
    "TimeGenerated",
    "TimeCreated",
    "StartUTC",
    "startTime",
    "start_time",
    "created_at",
    "createdAt",
    "logTime",
    "log_time",
    "Date",
    "when",
    "seconds",
    "end_time",
];

/// Finds the place in one line after the other.
#[derive(Clone, Debug)]
pub(super) struct Locator {
    place: Place,
    text: Option<memmem::Finder<'static>>,
}

impl Locator {
    pub(super) fn new(place: &Place) -> Locator {
        let text = match place {
            Place::Json(name) => Some(format!("\"{name}\"")),
            Place::Logfmt(name) => Some(format!("{name}=")),
            Place::Behind(text) => Some(text.clone()),
            _ => None,
        };
        Locator {
            place: place.clone(),
            text: text.map(|text| memmem::Finder::new(text.as_bytes()).into_owned()),
        }
    }

    /// Shows `read` the places there are in the line until one reads.
    #[inline]
    pub(super) fn locate<T>(
        &self,
        line: &[u8],
        mut read: impl FnMut(usize) -> Option<T>,
    ) -> Option<T> {
        match &self.place {
            Place::Start => read(start(line)),
            Place::Column(column) => read(opened(line, behind_columns(line, *column)?)),
            Place::Bracket => {
                let mut at = 0;
                for _ in 0..BRACKETS {
                    at += memchr(b'[', &line[at..])? + 1;
                    if let Some(found) = read(at) {
                        return Some(found);
                    }
                }
                None
            }
            Place::Json(_) | Place::Logfmt(_) => self.named(line, read),
            Place::Behind(text) => {
                let at = self.text.as_ref()?.find(&line[..line.len().min(FAR)])?;
                read(at + text.len())
            }
            Place::Anywhere => anywhere(line).find_map(read),
        }
    }

    fn named<T>(&self, line: &[u8], mut read: impl FnMut(usize) -> Option<T>) -> Option<T> {
        let finder = self.text.as_ref()?;
        let json = matches!(self.place, Place::Json(_));
        for found in finder.find_iter(line).take(BRACKETS) {
            if !json && found > 0 && !line[found - 1].is_ascii_whitespace() {
                continue;
            }
            let mut at = found + finder.needle().len();
            if json {
                // White space is rare there.
                let is_blank = |at: usize| matches!(line.get(at), Some(b' ' | b'\t'));
                while is_blank(at) {
                    at += 1;
                }
                if line.get(at) != Some(&b':') {
                    continue;
                }
                at += 1;
                while is_blank(at) {
                    at += 1;
                }
            }
            at += usize::from(line.get(at) == Some(&b'"'));
            if let Some(found) = read(at) {
                return Some(found);
            }
        }
        None
    }
}

/// Where in a line a timestamp may begin: behind punctuation or white space, in a line
/// that is not indented.
pub(super) fn anywhere(line: &[u8]) -> impl Iterator<Item = usize> + '_ {
    let indented = line.first().is_some_and(u8::is_ascii_whitespace);
    let end = if indented { 0 } else { line.len().min(FAR) };
    (0..end).filter(|&at| {
        let begins = line[at].is_ascii_alphanumeric() || matches!(line[at], b'@' | 0x80..);
        let before = at.checked_sub(1).map(|before| line[before]);
        // A part of a name, a path or another number is none.
        let inside = |b: u8| b.is_ascii_alphanumeric() || b >= 0x80 || b"._-/+%@\\".contains(&b);
        begins && !before.is_some_and(inside)
    })
}

/// Whether a timestamp of this shape can be told from other numbers wherever it stands.
pub(super) fn is_telling(shape: &Shape) -> bool {
    !shape.is_counted() && !matches!(shape, Shape::Basic | Shape::ShortBasic)
}

/// Behind what may stand before a timestamp at the start of a line.
#[inline]
pub(super) fn start(line: &[u8]) -> usize {
    match line.first() {
        Some(b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z') => 0,
        Some(b'<') => opened(line, behind_priority(line)),
        Some(0xef) if line.starts_with(b"\xef\xbb\xbf") => opened(line, 3),
        _ => opened(line, 0),
    }
}

/// Behind an opening bracket or quote.
fn opened(line: &[u8], at: usize) -> usize {
    at + usize::from(matches!(line.get(at), Some(b'[' | b'(' | b'"' | b'\'')))
}

/// Behind syslog's `<34>`, and behind the version of RFC 5424; 0 if there is
/// no such thing.
fn behind_priority(line: &[u8]) -> usize {
    let digits = line[1..]
        .iter()
        .take(4)
        .take_while(|b| b.is_ascii_digit())
        .count();
    if digits == 0 || line.get(digits + 1) != Some(&b'>') {
        return 0;
    }
    let at = digits + 2;
    at + if line[at..].starts_with(b"1 ") { 2 } else { 0 }
}

/// Behind so many columns and the white space that ends each.
pub(super) fn behind_columns(line: &[u8], columns: u8) -> Option<usize> {
    let space = |b: &u8| matches!(b, b' ' | b'\t');
    let mut at = 0;
    for _ in 0..columns {
        let gap = at + line[at..].iter().position(space)?;
        at = gap + line[gap..].iter().position(|b| !space(b))?;
    }
    Some(at)
}
