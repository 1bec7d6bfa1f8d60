//! What a search is asked for.

use crate::chunk::Record;

/// What a search prints.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Mode {
    /// The lines that match, with their context.
    #[default]
    Standard,
    /// The lines that match, with their context, as JSON Lines in ripgrep's format.
    Json,
    /// The lines that match, with their context, as values, which [`Row::read`](crate::print::Row::read) takes apart. Not for
    /// patterns whose matches span lines.
    Rows,
    /// How many lines match.
    Count,
    /// How many matches there are.
    CountMatches,
    /// The name of the source if something matches.
    FilesWithMatches,
    /// The name of the source if nothing matches.
    FilesWithoutMatch,
    /// Nothing; only whether something matches is wanted.
    Quiet,
    /// Nothing; only whether nothing matches is wanted.
    QuietWithoutMatch,
}

impl Mode {
    /// Whether lines are printed, not only counted.
    pub fn is_of_lines(self) -> bool {
        matches!(self, Mode::Standard | Mode::Json | Mode::Rows)
    }

    /// Whether a source in which nothing matches is what is wanted.
    pub(super) fn wants_none(self) -> bool {
        matches!(self, Mode::FilesWithoutMatch | Mode::QuietWithoutMatch)
    }
}

/// What a NUL byte means.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Nul {
    /// A byte like any other.
    #[default]
    Text,
    /// The source is binary, judged as ripgrep judges a mapped file: by its
    /// first 64 KiB and by each line that would be printed. Instead of lines,
    /// one message is printed; counts go on.
    Mapped,
    /// The source is binary, judged as ripgrep judges what it reads: by all
    /// of it, block of 64 KiB by block. NUL bytes end lines.
    Streamed,
    /// The source is binary, judged as by [`Nul::Streamed`], and is left at the
    /// block with the first NUL byte, as ripgrep leaves files that nobody
    /// named: lines before it are printed, with a warning; counts are not.
    Leave,
}

/// How lines are selected, whatever is then printed of them.
#[derive(Clone, Debug, Default)]
pub struct SearchOptions {
    /// What to print. Default: matching lines.
    pub mode: Mode,
    /// Lines of context before each match. Default: 0.
    pub before: usize,
    /// Lines of context after each match. Default: 0.
    pub after: usize,
    /// Every line is context. Excludes the two above. Default: no.
    pub passthru: bool,
    /// Select the lines that do not match. Default: no.
    pub invert: bool,
    /// Select no more than this many lines. Default: all.
    pub max_count: Option<u64>,
    /// End at the first line that is not selected after one that was.
    /// Default: no.
    pub stop_on_nonmatch: bool,
    /// Number the lines. Default: no.
    pub line_number: bool,
    /// Count every match and never stop early for want of interest.
    /// Default: no.
    pub stats: bool,
    /// What a NUL byte means in a mapped or in-memory source; sources that
    /// were decoded or come as streams use [`Nul::Streamed`] unless this is
    /// [`Nul::Text`].
    pub nul: Nul,
    /// What is selected, counted and shown as one. Default: a line, whatever
    /// ends it.
    pub record: Record,
    /// Select only lines with these numbers, and records that begin with one.
    /// Default: all.
    pub range: Option<LineRange>,
    /// Nominal size of a chunk in bytes; 0 for the default.
    pub chunk_size: u64,
}

/// Lines by their numbers.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct LineRange {
    /// The first, from 1.
    pub first: u64,
    /// The last.
    pub last: u64,
}
