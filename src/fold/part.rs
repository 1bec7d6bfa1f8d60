//! What comes out of a run.

use serde::{Deserialize, Serialize};

use crate::{
    error::Error,
    statistic::{Head, Shift, Statistic},
};

/// The merged partial of a stretch of a source, ready to be appended to the
/// stretch before it.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Part<P> {
    /// Its bytes.
    pub bytes: u64,
    /// Its newlines; 0 if the statistic needs no line numbers.
    pub newlines: u64,
    /// What the statistic has of it.
    pub partial: P,
}

impl<P> Part<P> {
    /// The part of no byte.
    pub fn empty(statistic: &impl Statistic<Partial = P>) -> Part<P> {
        Part {
            bytes: 0,
            newlines: 0,
            partial: statistic.identity(),
        }
    }

    /// Appends the part that follows this one in the same source.
    pub fn append(&mut self, statistic: &impl Statistic<Partial = P>, mut later: Part<P>) {
        statistic.shift(&mut later.partial, Shift::lines(self.newlines));
        statistic.merge(&mut self.partial, later.partial);
        self.bytes += later.bytes;
        self.newlines += later.newlines;
    }
}

/// What a run has made of a source.
#[derive(Debug)]
pub struct Folded<P> {
    /// Everything up to where the run ended, which is what holds of the source.
    pub part: Part<P>,
    /// What was decided from the first bytes.
    pub head: Head,
    /// How it ended.
    pub ending: Ending,
}

/// How a run over a source ended.
#[derive(Debug)]
pub enum Ending {
    /// All of it was seen.
    Complete {
        /// The file has become longer meanwhile; what was added was not seen.
        grew: bool,
    },
    /// It could not be read, or was no longer what it had been.
    Failed(Error),
    /// The run was asked to stop before all of it was read.
    Stopped,
}

impl Ending {
    /// True if all of the source was seen.
    pub fn is_complete(&self) -> bool {
        matches!(self, Ending::Complete { .. })
    }
}
