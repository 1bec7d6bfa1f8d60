//! How patterns are read.

use grep_matcher::LineTerminator;
use serde::{Deserialize, Deserializer, Serialize};

/// How letter case counts.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Case {
    /// As written.
    #[default]
    Sensitive,
    /// Not at all (Unicode simple folding).
    Insensitive,
    /// Not at all if the pattern has a literal and none in upper case.
    Smart,
}

/// What must surround a match.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Boundary {
    /// The ends of words.
    Word,
    /// The ends of the line.
    Line,
}

/// How patterns are read and compiled.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct PatternOptions {
    /// Patterns are literals. Default: regexes.
    pub fixed_strings: bool,
    /// Default: as written.
    pub case: Case,
    /// Default: anything may surround a match.
    pub boundary: Option<Boundary>,
    /// `\w`, `.` and case know Unicode. Default: yes.
    pub unicode: bool,
    /// `$` also matches before a `\r\n`, and lines end with it. Default: no.
    pub crlf: bool,
    /// Lines end with NUL. Default: no.
    pub null_data: bool,
    /// A match may span lines. Default: no.
    pub multi_line: bool,
    /// `.` matches a line terminator when a match may span lines. Default: no.
    pub dot_all: bool,
    /// A pattern that names a NUL byte is refused, since binary detection
    /// would hide what it matches. Default: no.
    pub ban_nul: bool,
    /// Upper bound of a compiled pattern in bytes. Default: grep-regex's.
    #[serde(default, deserialize_with = "at_most::<SIZE, _>")]
    pub size_limit: Option<usize>,
    /// Upper bound of the lazy DFA's cache in bytes. Default: grep-regex's.
    #[serde(default, deserialize_with = "at_most::<DFA, _>")]
    pub dfa_size_limit: Option<usize>,
}

/// grep-regex's own bounds of a pattern and of its cache. What was written elsewhere may
/// ask for less, and not for the memory of the machine.
const SIZE: usize = 100 << 20;
const DFA: usize = 1000 << 20;

fn at_most<'de, const MOST: usize, D: Deserializer<'de>>(
    deserializer: D,
) -> std::result::Result<Option<usize>, D::Error> {
    let limit = Option::<usize>::deserialize(deserializer)?;
    if limit.is_some_and(|limit| limit > MOST) {
        return Err(serde::de::Error::custom("a pattern beyond all bounds"));
    }
    Ok(limit)
}

impl Default for PatternOptions {
    fn default() -> PatternOptions {
        PatternOptions {
            fixed_strings: false,
            case: Case::Sensitive,
            boundary: None,
            unicode: true,
            crlf: false,
            null_data: false,
            multi_line: false,
            dot_all: false,
            ban_nul: false,
            size_limit: None,
            dfa_size_limit: None,
        }
    }
}

impl PatternOptions {
    /// The terminator of lines under these options.
    pub fn line_terminator(&self) -> LineTerminator {
        if self.crlf {
            LineTerminator::crlf()
        } else if self.null_data {
            LineTerminator::byte(0)
        } else {
            LineTerminator::byte(b'\n')
        }
    }
}
