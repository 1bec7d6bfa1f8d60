//! What a search of one source came to.

use crate::{error::Error, time::Chosen};

/// Totals of a search; the numbers of ripgrep's `--stats`.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Stats {
    /// Sources searched.
    pub searches: u64,
    /// Sources in which a line was selected.
    pub searches_with_match: u64,
    /// Bytes searched, decoded ones.
    pub bytes_searched: u64,
    /// Bytes printed, colours not counted.
    pub bytes_printed: u64,
    /// Lines selected.
    pub matched_lines: u64,
    /// Matches in those lines.
    pub matches: u64,
}

impl std::ops::AddAssign for Stats {
    fn add_assign(&mut self, other: Stats) {
        self.searches += other.searches;
        self.searches_with_match += other.searches_with_match;
        self.bytes_searched += other.bytes_searched;
        self.bytes_printed += other.bytes_printed;
        self.matched_lines += other.matched_lines;
        self.matches += other.matches;
    }
}

/// What a search of one source came to.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Whether the source counts as a match for the exit status.
    pub matched: bool,
    /// Whether anything was written for it.
    pub wrote: bool,
    /// How many bytes at the front of what was written part it from the source
    /// before; 0 if nothing does.
    pub separator: usize,
    /// Its totals.
    pub stats: Stats,
    /// How many records were cut by force because they became too long.
    pub cut_records: u64,
    /// Whether the run was to end before all of the source was read: what was found
    /// is what there is up to then.
    pub interrupted: bool,
    /// What was chosen for its timestamps, if it matters when lines were written.
    pub chosen: Vec<Chosen>,
    /// Why the results are not complete, if they are not. What was written
    /// before holds.
    pub failure: Option<Error>,
}

impl Outcome {
    /// That of a source of which nothing could be read.
    pub(super) fn failed(error: Error) -> Outcome {
        Outcome {
            failure: Some(error),
            ..Outcome::default()
        }
    }
}
