//! What a printer must know before the first line and after the last.

use std::{sync::Arc, time::Duration};

use grep_matcher::LineTerminator;

use super::PrintOptions;
use crate::{
    pattern::{Matcher, Shortcut},
    search::Stats,
};

/// What the printers of one source are made from.
#[derive(Clone, Debug)]
pub struct LineSetup {
    /// Finds the matches inside a line. Printers of different threads should
    /// have clones: a clone has its own scratch space.
    pub matcher: Matcher,
    /// Finds the same matches, where it can, at less cost.
    pub shortcut: Shortcut,
    /// What ends a line; written where a line lacks one.
    pub terminator: LineTerminator,
    /// Lines that do not match are selected, so that the matches are in the
    /// context lines.
    pub invert: bool,
    /// A pattern asks for the start or end of all text (`\A`, `\z`).
    pub anchored: bool,
    /// What is selected are records of some lines, of which not each has a
    /// match.
    pub records: bool,
    /// Matches are counted even if their places are not needed.
    pub stats: bool,
    /// How lines are shown.
    pub print: Arc<PrintOptions>,
}

/// What is known when the search of a source has ended.
#[derive(Clone, Copy, Debug, Default)]
pub struct End {
    /// The absolute offset of the first NUL byte, if the source was searched
    /// as binary and has one.
    pub binary_offset: Option<u64>,
    /// Whether the search ended there, and did not only cease to print.
    pub left: bool,
    /// Whether a line was selected.
    pub has_match: bool,
    /// How long the search took.
    pub elapsed: Duration,
    /// The totals of this source.
    pub stats: Stats,
}
