//! A search of a part of a source: where it begins, and what it leaves.

use std::ops::Range;

use super::carry::ChunkCarry;

/// Where in a source a search begins, and what comes before.
#[derive(Clone, Debug, Default)]
pub(super) struct Begin {
    /// The records that begin in this part; all if `None`.
    pub(super) range: Option<Range<u64>>,
    /// What is known of all before it.
    pub(super) carry: ChunkCarry,
    /// A NUL byte is judged by the lines that are printed.
    pub(super) mapped: bool,
    /// Bytes before this were not searched.
    pub(super) from: u64,
}

/// What a search leaves to one that goes on behind it.
#[derive(Clone, Debug, Default)]
pub(super) struct Left {
    /// What the next line must know of those before it.
    pub(super) carry: ChunkCarry,
    /// How far it came.
    pub(super) searched: u64,
}
