//! What makes a source binary, and what follows from it.
//!
//! ripgrep has two rules, and which one holds depends on how it reads. Here
//! the rule is chosen from what the source is and what was asked, never from
//! how the bytes are read, so the answer is the same either way.

use memchr::{memchr, memrchr};

use super::options::Nul;
use crate::{
    chunk::{BLOCK, Copied, Loaded, Piece},
    error::Result,
    source::Source,
};

/// The rule for one source.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Rule {
    /// NUL is text.
    Text,
    /// The first block and the lines that would be printed decide.
    Mapped,
    /// Every byte decides, block by block, and NUL ends a line.
    Streamed,
    /// Every byte decides, and nothing from the block of the first NUL byte on
    /// is looked at.
    Leave,
}

impl Rule {
    /// The rule for this source.
    pub(super) fn of(nul: Nul, source: &Source) -> Rule {
        match nul {
            Nul::Text => Rule::Text,
            Nul::Leave => Rule::Leave,
            Nul::Mapped if source.len().is_some() && !source.is_decoded() => Rule::Mapped,
            Nul::Mapped | Nul::Streamed => Rule::Streamed,
        }
    }
}

/// The first NUL byte of a source's first block.
pub(super) fn in_head(source: &Source) -> Result<Option<u64>> {
    let len = source.len().unwrap_or(0).min(BLOCK) as usize;
    let found = if let Some(bytes) = source.as_slice() {
        memchr(0, &bytes[..len])
    } else {
        let mut head = vec![0; len];
        source.read_at(&mut head, 0)?;
        memchr(0, &head)
    };
    Ok(found.map(|at| at as u64))
}

/// The absolute offset of the first NUL byte of a chunk's blocks, and the chunk
/// with its NUL bytes turned into line terminators, if it has any.
pub(super) fn convert(
    piece: &Piece<'_>,
    buffer: &[u8],
    terminator: u8,
) -> (Option<u64>, Option<Copied>) {
    let (chunk, start) = (piece.view(buffer), piece.chunk.start);
    let Some(first) = memchr(0, chunk.bytes) else {
        let ahead = memchr(0, chunk.ahead).map(|at| start + (chunk.bytes.len() + at) as u64);
        return (ahead, None);
    };
    let bytes = piece.copy(buffer, |bytes| {
        for byte in bytes {
            if *byte == 0 {
                *byte = terminator;
            }
        }
    });
    (Some(start + first as u64), Some(bytes))
}

/// The absolute offset of the first NUL byte of the blocks of a chunk that
/// begins at `start`, and how much of the chunk is looked at if it has any:
/// its lines that end before the block.
pub(super) fn leave(chunk: Loaded<'_>, start: u64, terminator: u8) -> Option<(u64, usize)> {
    let found = memchr(0, chunk.bytes);
    let found = found.or_else(|| memchr(0, chunk.ahead).map(|at| chunk.bytes.len() + at));
    let nul = start + found? as u64;
    let upto = cutoff(nul).saturating_sub(start);
    if upto >= chunk.bytes.len() as u64 {
        // All of it comes before the block; the next chunk is left there.
        return None;
    }
    let upto = chunk
        .bytes
        .len()
        .min(usize::try_from(upto).unwrap_or(usize::MAX));
    let end = memrchr(terminator, &chunk.bytes[..upto]).map_or(0, |at| at + 1);
    Some((nul, end))
}

/// Lines that end behind this offset are not printed once there is a NUL byte
/// at `nul`: its block was read before any of its lines was printed.
///
/// ripgrep reads three bytes first, to look for a byte order mark, and judges
/// them as a block of their own.
pub(super) fn cutoff(nul: u64) -> u64 {
    match nul / BLOCK * BLOCK {
        0 if nul >= 3 => 3,
        start => start,
    }
}
