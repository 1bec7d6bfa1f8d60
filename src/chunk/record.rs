//! The one place that knows where a record starts.

use std::num::NonZero;

use grep_matcher::Matcher as _;
use grep_regex::{RegexMatcher, RegexMatcherBuilder};
use memchr::memchr;
use serde::{Deserialize, Serialize};

use crate::{
    error::{Error, ErrorKind, Result},
    line::{line_end, line_start},
    time::starts_event,
};

/// What one event is.
///
/// Every cut of every source goes through [`Record::next_start`]. Records are
/// whole lines; where one starts is a pure function of the bytes and of
/// absolute offsets.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Record {
    /// A line that ends with this byte.
    Line(u8),
    /// Some lines, of which the first is known by what it holds.
    Lines(Start),
}

/// How the first line of a record is known.
///
/// What comes before the first such line of a source is a record too. A record
/// of which no line starts another for as many bytes as a bound says is cut by
/// force: at the first line that starts at or behind a multiple of the bound,
/// if no record starts in as many bytes before that line.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Start {
    by: By,
    max: NonZero<u64>,
}

/// What the first line of a record holds.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
enum By {
    /// A timestamp at its start.
    Time,
    /// A match.
    Regex(StartRegex),
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(try_from = "String", into = "String")]
struct StartRegex {
    pattern: String,
    regex: RegexMatcher,
}

/// Where the next record starts, seen from a part of a source.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Next {
    /// Here.
    At(usize),
    /// Not before the end of the slice.
    Nowhere,
    /// What precedes the slice decides.
    Before,
    /// What follows the slice decides.
    Behind,
}

/// The ends of a slice of a source.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Ends {
    /// The absolute offset of its first byte.
    pub(super) base: u64,
    /// A record starts with the slice.
    pub(super) front: bool,
    /// The slice ends where a line ends, or the source.
    pub(super) back: bool,
}

fn at_least_one(max: u64) -> NonZero<u64> {
    NonZero::new(max).unwrap_or(NonZero::<u64>::MIN)
}

impl Default for Record {
    fn default() -> Record {
        Record::Line(b'\n')
    }
}

impl Record {
    /// The usual bound of records of many lines: 4 MiB.
    pub const MAX: u64 = 4 << 20;

    /// Records that start with lines that start with a timestamp
    /// ([`starts_event`]); `max` is at least 1.
    pub fn auto(max: u64) -> Record {
        Record::Lines(Start {
            by: By::Time,
            max: at_least_one(max),
        })
    }

    /// Records that start with lines that match; `max` is at least 1.
    ///
    /// # Errors
    /// When the regex does not compile.
    pub fn regex(pattern: &str, max: u64) -> Result<Record> {
        Ok(Record::Lines(Start {
            by: By::Regex(StartRegex::new(pattern)?),
            max: at_least_one(max),
        }))
    }

    /// True if every line is a record.
    pub fn is_line(&self) -> bool {
        matches!(self, Record::Line(_))
    }

    /// How the first line of a record is known, as the command line has it:
    /// `auto`, or the regex. `None` if every line is a record.
    pub fn start(&self) -> Option<&str> {
        match self {
            Record::Line(_) => None,
            Record::Lines(start) => Some(match &start.by {
                By::Time => "auto",
                By::Regex(regex) => &regex.pattern,
            }),
        }
    }

    /// The first record start at or after `at`, or `None` if there is none
    /// before the end of the slice.
    ///
    /// The slice begins with a record, at the absolute offset `base`, and ends
    /// where a line ends, or the source.
    #[inline]
    pub fn next_start(&self, haystack: &[u8], base: u64, at: usize) -> Option<usize> {
        match self {
            Record::Line(terminator) => {
                if at == 0 {
                    return Some(0);
                }
                let start = at + memchr(*terminator, &haystack[at - 1..])?;
                (start < haystack.len()).then_some(start)
            }
            Record::Lines(start) => {
                let ends = Ends {
                    base,
                    front: true,
                    back: true,
                };
                match start.next(haystack, ends, at) {
                    Next::At(at) => Some(at),
                    _ => None,
                }
            }
        }
    }

    /// The last record start at or before the end of `haystack` that is
    /// certain without seeing what follows; where a stream may be cut. The
    /// slice begins with a record, at the absolute offset `base`.
    ///
    /// `None` when the slice holds no border behind its own start.
    pub fn last_border(&self, haystack: &[u8], base: u64) -> Option<usize> {
        match self {
            Record::Line(terminator) => memchr::memrchr(*terminator, haystack).map(|i| i + 1),
            Record::Lines(start) => {
                let mut end = memchr::memrchr(b'\n', haystack)? + 1;
                let whole = &haystack[..end];
                while end > 0 {
                    let line = line_start(whole, end - 1, b'\n');
                    if line > 0 && start.is_start(whole, base, line) {
                        return Some(line);
                    }
                    end = line;
                }
                None
            }
        }
    }
}

impl Start {
    /// The first record start at or after `at`.
    pub(super) fn next(&self, haystack: &[u8], ends: Ends, at: usize) -> Next {
        let ahead = if ends.back {
            Next::Nowhere
        } else {
            Next::Behind
        };
        let mut line = match at {
            0 if ends.front => return Next::At(0),
            0 => return Next::Before,
            _ => match memchr(b'\n', &haystack[at - 1..]) {
                Some(newline) => at + newline,
                None => return ahead,
            },
        };
        while line < haystack.len() {
            let end = line_end(haystack, line, b'\n');
            if haystack[end - 1] != b'\n' && !ends.back {
                return Next::Behind;
            }
            if self.starts(&haystack[line..end]) {
                return Next::At(line);
            }
            match self.is_forced(haystack, ends, line) {
                Some(true) => return Next::At(line),
                Some(false) => line = end,
                None => return Next::Before,
            }
        }
        ahead
    }

    /// Whether a record starts at this line, in a slice that begins with one.
    fn is_start(&self, haystack: &[u8], base: u64, line: usize) -> bool {
        self.starts(&haystack[line..line_end(haystack, line, b'\n')])
            || self.forces(haystack, base, line)
    }

    /// Whether the bound makes a record start at this line, in a slice that
    /// begins with one.
    #[inline]
    pub(crate) fn forces(&self, haystack: &[u8], base: u64, line: usize) -> bool {
        let ends = Ends {
            base,
            front: true,
            back: true,
        };
        self.is_forced(haystack, ends, line) == Some(true)
    }

    /// How many records the bound starts in a slice that begins with one.
    pub(crate) fn forced_in(&self, haystack: &[u8], base: u64) -> u64 {
        if haystack.is_empty() {
            return 0;
        }
        let first = line_end(haystack, 0, b'\n');
        let mut forced = u64::from(base > 0 && !self.starts(&haystack[..first]));
        let end = base + haystack.len() as u64;
        // Only the first line behind a multiple of the bound can be one.
        let mut multiple = (base / self.max + 1).saturating_mul(self.max.get());
        while multiple < end {
            let at = (multiple - base) as usize;
            if let Some(newline) = memchr(b'\n', &haystack[at - 1..])
                && at + newline < haystack.len()
            {
                let line = at + newline;
                let end = line_end(haystack, line, b'\n');
                let start = self.starts(&haystack[line..end]);
                forced += u64::from(!start && self.forces(haystack, base, line));
                multiple = (base + line as u64) / self.max * self.max.get();
            }
            multiple = multiple.saturating_add(self.max.get());
        }
        forced
    }

    /// Whether this line, with its end, starts a record whatever precedes it.
    #[inline]
    pub(crate) fn starts(&self, line: &[u8]) -> bool {
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        match &self.by {
            By::Time => starts_event(line),
            By::Regex(start) => start.regex.is_match(line).is_ok_and(|matches| matches),
        }
    }

    /// Whether the bound makes a record start at this line, which does not
    /// start one itself; `None` if what precedes the slice decides.
    fn is_forced(&self, haystack: &[u8], ends: Ends, line: usize) -> Option<bool> {
        let at = ends.base + line as u64;
        let multiple = at / self.max * self.max.get();
        if multiple == 0 {
            return Some(false);
        }
        // The first line start behind the multiple: none lies between them.
        let mut end = line;
        let mut first = true;
        while end > 0 {
            let start = line_start(haystack, end - 1, b'\n');
            if start == 0 && !ends.front {
                return None;
            }
            let begins = ends.base + start as u64;
            if first && begins >= multiple {
                return Some(false);
            }
            first = false;
            if begins < at.saturating_sub(self.max.get()) {
                return Some(true);
            }
            if self.starts(&haystack[start..end]) {
                return Some(false);
            }
            end = start;
        }
        // What began the slice was no start by itself, and whoever cut there
        // has looked at what precedes it.
        Some(true)
    }
}

impl StartRegex {
    fn new(pattern: &str) -> Result<StartRegex> {
        let mut builder = RegexMatcherBuilder::new();
        let regex = builder.unicode(true).octal(false).build(pattern);
        Ok(StartRegex {
            pattern: pattern.to_string(),
            regex: regex.map_err(|e| Error::new(ErrorKind::Pattern(e.to_string())))?,
        })
    }
}

impl PartialEq for StartRegex {
    fn eq(&self, other: &StartRegex) -> bool {
        self.pattern == other.pattern
    }
}

impl Eq for StartRegex {}

impl TryFrom<String> for StartRegex {
    type Error = Error;

    fn try_from(pattern: String) -> Result<StartRegex> {
        StartRegex::new(&pattern)
    }
}

impl From<StartRegex> for String {
    fn from(start: StartRegex) -> String {
        start.pattern
    }
}

#[cfg(test)]
mod tests;
