//! Where a source may be cut, and the pieces it is cut into.
//!
//! A [`Chunk`] is a range of a source that starts where a record starts and
//! ends where one ends. [`ChunkPlan`] says where the borders are, [`Feed`]
//! hands chunks out with their bytes, whatever the source is.
//!
//! The borders are a pure function of the bytes and the nominal size:
//! `{ next record start at or after k × size }`. The thread count, the order
//! of work and how the bytes are read have no part in it. Records longer than
//! the nominal size make longer chunks; every record lies in exactly one.

mod blocks;
mod border;
mod feed;
mod handle;
mod plan;
mod record;
mod stream;

pub use border::whole_until;
pub use feed::{BLOCK, Feed, FeedOptions};
pub(crate) use handle::Copied;
pub use handle::{ChunkHandle, Loaded};
pub use plan::ChunkPlan;
pub use record::{Record, Start};

/// The default nominal size of a chunk, in bytes.
///
/// Measured on 4 GB in page cache with two threads; see
/// docs/decisions/0005-how-bytes-are-read.md.
pub const DEFAULT_CHUNK_SIZE: u64 = 2 << 20;

/// A range of a source: whole records, read and scanned by one worker.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Chunk {
    /// Its position among the chunks of the plan, from 0.
    pub index: u64,
    /// The absolute offset of its first byte.
    pub start: u64,
    /// The absolute offset behind its last byte.
    pub end: u64,
    /// How many lines of the source stand before it, where that is known
    /// without counting (from an index). Usually it is not.
    pub lines_before: Option<u64>,
}

impl Chunk {
    /// Its length in bytes; never 0.
    pub fn len(&self) -> u64 {
        self.end - self.start
    }

    /// Always false: a plan makes no empty chunk.
    pub fn is_empty(&self) -> bool {
        self.start == self.end
    }
}
