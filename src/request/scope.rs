//! What of the inputs counts.

use serde::{Deserialize, Serialize};

use crate::{
    chunk::Record,
    select::Selection,
    statistic::LineEnding,
    time::{Options, Shape, Stamp, Zone},
};

/// Which parts of the inputs a request is about, and how they are taken: the
/// options all statistics share that can change an answer.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct Scope {
    /// How lines end. Default: as the head of each input says.
    pub line_ending: Option<LineEnding>,
    /// What one record is.
    pub record: Record,
    /// How timestamps are read.
    pub times: ScopeTimes,
    /// Which records count.
    pub selection: Selection,
}

/// How timestamps are read.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct ScopeTimes {
    /// How they are written. Default: look.
    pub shape: Option<Shape>,
    /// The zone of those that name none.
    pub zone: Zone,
    /// The year of the first, where they have none.
    pub base_year: Option<i64>,
}

impl ScopeTimes {
    /// The same with what time it is.
    pub fn options(&self, now: Stamp) -> Options {
        Options {
            shape: self.shape.clone(),
            zone: self.zone.clone(),
            base_year: self.base_year,
            modified: None,
            now: Some(now.second()),
        }
    }
}
