//! How results look: ripgrep's output, byte for byte.
//!
//! A [`LinePrinter`] turns one [`Line`] after another into bytes. It knows
//! nothing of the lines around it, so that every worker formats its chunk with
//! a printer of its own and the pieces, put together in order, are what one
//! printer would have made of the whole. What happens once for a source (its
//! heading, its last message, its count) is asked for separately, by whoever
//! puts the pieces together.
//!
//! Matches inside a line are found when they are printed and never collected:
//! a line of 2 GB in which everything matches takes no more memory than a
//! short one. A replacement is the exception, since the new line exists
//! nowhere else.

mod decimal;
mod escapes;
mod excess;
mod json;
mod json_text;
mod lead;
mod line_printer;
mod link;
mod options;
mod out;
mod path;
mod replacer;
mod row;
mod rows;
mod safe;
mod setup;
mod spans;
mod standard;
mod style;
mod summary;
mod totals;

#[cfg(test)]
mod law;

pub use json::JsonPrinter;
pub use line_printer::LinePrinter;
pub use link::Links;
pub use options::PrintOptions;
pub use out::Out;
pub use rows::{Row, RowPrinter};
pub use setup::{End, LineSetup};
pub use spans::MatchCounter;
pub use standard::StandardPrinter;
pub use summary::SummaryPrinter;
pub use totals::{write_json_summary, write_stats_trailer};

use std::ops::Range;

use grep_matcher::Match;

/// One line of a chunk, as a printer sees it.
#[derive(Clone, Debug)]
pub struct Line<'h> {
    /// The chunk it lies in (or just the line itself).
    pub haystack: &'h [u8],
    /// Where in it, the terminator included.
    pub range: Range<usize>,
    /// The absolute offset of its first byte.
    pub offset: u64,
    /// Its number, from 1, if lines are numbered.
    pub number: Option<u64>,
    /// All of its matches, in order and as positions in the haystack, if they
    /// are known; otherwise they are looked for where they matter.
    pub matches: Option<&'h [Match]>,
}

impl<'h> Line<'h> {
    /// Its bytes, the terminator included.
    #[inline]
    pub fn text(&self) -> &'h [u8] {
        &self.haystack[self.range.clone()]
    }
}

/// Why a line is printed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Kind {
    /// It was selected.
    Match,
    /// It stands near one that was.
    Context,
}

/// What was printed since somebody last asked.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    /// Matches in selected lines.
    matches: u64,
    /// Bytes, without those that only colour.
    printed: u64,
}
