//! The output, in the hands of the one whose turn it is.

use std::io::{self, Write};

use crate::{print::Out, source::Source};

/// What is collected before it is written.
const PIECE: usize = 256 << 10;

/// Copies what is printed into pieces and writes each once the source is
/// known to be intact, so that a line of any length costs one piece of
/// memory, and the system never reads from a map for us (`write` from a
/// truncated map fails with a "Bad address").
pub(super) struct TurnOut<'o> {
    out: &'o mut (dyn Write + Send),
    source: &'o Source,
    end: u64,
    piece: Vec<u8>,
    /// How many pieces were written.
    flushed: u64,
}

/// The error of a source that broke under our hands.
#[derive(Debug, thiserror::Error)]
#[error("the source changed while it was printed")]
struct Broken;

impl<'o> TurnOut<'o> {
    /// Output for a chunk that ends at `end`.
    pub(super) fn new(
        out: &'o mut (dyn Write + Send),
        source: &'o Source,
        end: u64,
    ) -> TurnOut<'o> {
        TurnOut {
            out,
            source,
            end,
            piece: Vec::new(),
            flushed: 0,
        }
    }

    /// How often something was written.
    pub(super) fn flushed(&self) -> u64 {
        self.flushed
    }

    /// Whether anything was written.
    pub(super) fn has_written(&self) -> bool {
        self.flushed > 0
    }

    /// Writes what is left.
    pub(super) fn finish(mut self) -> io::Result<()> {
        self.flush_piece()
    }

    /// The error that says that the source broke.
    pub(super) fn broken() -> io::Error {
        io::Error::other(Broken)
    }

    /// Whether this error says that the source broke.
    pub(super) fn is_broken(error: &io::Error) -> bool {
        error
            .get_ref()
            .is_some_and(<dyn std::error::Error + Send + Sync>::is::<Broken>)
    }

    /// Writes the whole lines that were collected, so that nothing ends within one should
    /// the source break; all of it if there are none.
    fn flush_lines(&mut self) -> io::Result<()> {
        let end = memchr::memrchr(b'\n', &self.piece).map_or(self.piece.len(), |at| at + 1);
        let rest = self.piece.split_off(end);
        self.flush_piece()?;
        self.piece.extend_from_slice(&rest);
        Ok(())
    }

    /// Writes what was collected.
    pub(super) fn flush_piece(&mut self) -> io::Result<()> {
        if self.piece.is_empty() {
            return Ok(());
        }
        if !self.source.is_intact(self.end) {
            return Err(TurnOut::broken());
        }
        self.out.write_all(&self.piece)?;
        self.piece.clear();
        self.flushed += 1;
        Ok(())
    }
}

impl Out for TurnOut<'_> {
    fn put(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        while self.piece.len() + bytes.len() > PIECE {
            let (now, later) = bytes.split_at(PIECE - self.piece.len());
            self.piece.extend_from_slice(now);
            self.flush_lines()?;
            bytes = later;
        }
        self.piece.extend_from_slice(bytes);
        Ok(())
    }
}
