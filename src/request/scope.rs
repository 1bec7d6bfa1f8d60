//! What of the inputs counts.

use serde::{Deserialize, Serialize};

use crate::statistic::LineEnding;

/// Which parts of the inputs a request is about, and how they are taken: the
/// options all statistics share that can change an answer.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct Scope {
    /// How lines end. Default: as the head of each input says.
    pub line_ending: Option<LineEnding>,
}
