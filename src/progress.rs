//! What the engine tells an observer while it works.

/// Told how far a run has come. Called from several threads, once a chunk.
pub trait Progress: Sync {
    /// So many more bytes of the source at hand have been scanned.
    fn advance(&self, bytes: u64);
}

/// Tells nobody.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Progress for Silent {
    fn advance(&self, _bytes: u64) {}
}
