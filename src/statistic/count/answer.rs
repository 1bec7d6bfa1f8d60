//! What is asked of each pattern, and what it has.

use serde::{Deserialize, Serialize};

use super::super::Position;

/// A pattern to count.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct CountPattern {
    /// What the caller calls it.
    pub name: Option<String>,
    /// The pattern.
    pub pattern: String,
}

/// What one pattern has in some lines.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct PatternTally {
    /// Lines with a match.
    pub lines: u64,
    /// Matches that do not overlap and are not empty.
    pub matches: u64,
    /// The first match in the first of the lines.
    pub first: Position,
    /// The first match in the last of them.
    pub last: Position,
}

/// What [`Count`](super::Count) found out.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CountAnswer {
    /// One for each pattern, in the order they were given.
    pub patterns: Vec<PatternCount>,
    /// All lines; with records of several lines all records, here and below.
    pub lines_total: u64,
    /// Lines that match a pattern.
    pub lines_any: u64,
    /// Lines that match none.
    pub lines_none: u64,
    /// The matches of all patterns.
    pub matches_total: u64,
    /// Lines that match more than one pattern.
    pub multi_pattern_lines: u64,
}

/// The numbers of one pattern.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PatternCount {
    /// The pattern.
    pub pattern: CountPattern,
    /// What it has; `None` if it matches nowhere.
    pub tally: Option<PatternTally>,
    /// Its matches in each of the parts of the sources, where asked for.
    pub positions: Option<Vec<u64>>,
}
