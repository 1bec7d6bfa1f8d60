//! A search that is ready to be run.

use std::sync::Arc;

use super::{Mode, SearchOptions};
use crate::{
    chunk::Record,
    format::Formats,
    pattern::{Engine, Patterns},
    select::Selector,
    time,
};

/// A compiled search, for any number of sources.
#[derive(Clone, Debug)]
pub struct Search {
    pub(super) patterns: Patterns,
    pub(super) options: SearchOptions,
    pub(super) filter: Option<Filter>,
    /// The patterns are used by one thread only.
    owned: bool,
}

/// What selects records besides the pattern.
#[derive(Clone, Debug)]
pub(super) struct Filter {
    pub(super) selector: Arc<Selector>,
    pub(super) times: time::Options,
    pub(super) formats: Formats,
}

impl Search {
    /// A search for these patterns.
    pub fn new(patterns: Patterns, options: SearchOptions) -> Search {
        Search {
            patterns,
            options,
            filter: None,
            owned: false,
        }
    }

    /// A search that selects only what `selector` selects too, where
    /// timestamps are read with `times` and records have one of these formats.
    ///
    /// Its patterns see lines as statistics do: `\r\n` ends them where it ends
    /// the first line of a source.
    #[must_use]
    pub fn filtered(
        self,
        selector: Arc<Selector>,
        times: time::Options,
        formats: Formats,
    ) -> Search {
        Search {
            filter: Some(Filter {
                selector,
                times,
                formats,
            }),
            ..self
        }
    }

    /// What is printed of what is found.
    pub fn mode(&self) -> Mode {
        self.options.mode
    }

    /// A search by other records.
    #[must_use]
    pub fn by_record(mut self, record: Record) -> Search {
        self.options.record = record;
        self
    }

    /// A search for a thread that searches many sources alone: what a thread
    /// needs of its own is made once and not for each source.
    #[must_use]
    pub fn own(&self) -> Search {
        Search {
            patterns: self.patterns.own(),
            owned: true,
            ..self.clone()
        }
    }

    /// Patterns for one thread.
    pub(super) fn own_patterns(&self) -> Patterns {
        // What PCRE2 gave up on is counted by each clone.
        let told = self.patterns.engine() == Engine::Pcre2;
        if self.owned && !told {
            self.patterns.clone()
        } else {
            self.patterns.own()
        }
    }

    /// The byte that ends lines.
    pub fn terminator(&self) -> u8 {
        self.patterns.line_terminator().as_byte()
    }

    /// Whether more than a pattern decides which lines are selected.
    pub(super) fn picks(&self) -> bool {
        self.filter.is_some() || self.options.range.is_some() || !self.options.record.is_line()
    }

    /// A search that selects no more than `max` lines of a source, if that is
    /// fewer than it did.
    #[must_use]
    pub fn limited(&self, max: u64) -> Search {
        let mut search = self.clone();
        search.options.max_count = Some(max.min(self.options.max_count.unwrap_or(max)));
        search
    }
}
