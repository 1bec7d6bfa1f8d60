//! Whether a whole source needs to be searched at all.

use super::{Mode, Search, nul_bytes::first_nul};
use crate::pattern::LineFinder;

/// Tells sources of which nothing would be printed or counted by a look at
/// their bytes: most files of a tree. Each thread has its own.
#[derive(Debug)]
pub struct QuickReject(LineFinder);

impl Search {
    /// What tells sources apart for this search; `None` if something is printed or counted of
    /// every source.
    pub fn quick_reject(&self) -> Option<QuickReject> {
        let options = &self.options;
        let none_counts = matches!(
            options.mode,
            Mode::FilesWithoutMatch | Mode::QuietWithoutMatch
        );
        let every = options.invert || options.passthru || options.stats || none_counts;
        // What else selects records may look at more than a line.
        let more = self.filter.is_some() || !options.record.is_line();
        let apart = more || self.patterns.spans_lines() || self.patterns.is_empty();
        (!every && !apart).then(|| QuickReject(LineFinder::new(&self.own_patterns(), false)))
    }
}

impl QuickReject {
    /// Whether a source that consists of these bytes must be searched. If not,
    /// nothing is selected in it; a count of zero may still be wanted.
    pub fn keeps(&self, bytes: &[u8]) -> bool {
        // NUL bytes may end lines, and a match then be where none seems to be.
        self.0.find(bytes, 0).is_some() || first_nul(bytes).is_some()
    }
}
