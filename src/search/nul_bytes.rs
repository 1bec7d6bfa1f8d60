//! What makes a source binary, and what follows from it.
//!
//! ripgrep has two rules, and which one holds depends on how it reads. Here
//! the rule is chosen from what the source is and what was asked, never from
//! how the bytes are read, so the answer is the same either way.

use memchr::{memchr, memrchr};

use super::options::Nul;
use crate::{
    chunk::{BLOCK, ChunkHandle, Copied, Loaded},
    error::{Error, ErrorKind, Result},
    line::count_terminators,
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
///
/// # Errors
/// When it cannot be read, or is no longer what the source held.
pub(super) fn in_head(source: &Source) -> Result<Option<u64>> {
    let len = source.len().unwrap_or(0).min(BLOCK) as usize;
    let found = if let Some(bytes) = source.as_slice() {
        memchr(0, &bytes[..len])
    } else {
        let mut head = vec![0; len];
        source.read_at(&mut head, 0)?;
        memchr(0, &head)
    };
    // What a file has lost reads as zeros in its map.
    if found.is_some() && !source.is_intact(len as u64) {
        let at = 0;
        source.verify_published(at)?;
        return Err(Error::at(source.name(), ErrorKind::Unreadable { at }));
    }
    Ok(found.map(|at| at as u64))
}

/// How many bytes are looked through for NUL bytes before they are searched: so few
/// that the second look finds them in the first level cache, so many that it is not
/// begun too often. Beside no look at all, a rare literal in 3 GB on an AMD Zen 3
/// took 17 % longer so and 27 % with a page; on another machine 11 % with two pages
/// and 6 % with one, and 23 % where the end of the last line was looked for first,
/// since that is one more wait for memory.
const STRIP: usize = 16 << 10;

/// Looks for NUL bytes in a chunk while it is searched, strip by strip.
///
/// What was found before a NUL byte is met is to be thrown away: it may change
/// what the lines before it are.
pub(super) struct Watch<'c> {
    chunk: Loaded<'c>,
    terminator: u8,
    looks: bool,
    /// Everything before was looked through.
    looked: usize,
    /// Everything before was given to be searched.
    at: usize,
    nul: Option<usize>,
}

impl<'c> Watch<'c> {
    /// Of this chunk, if the rule wants it.
    pub(super) fn new(rule: Rule, chunk: Loaded<'c>, terminator: u8) -> Watch<'c> {
        Watch {
            chunk,
            terminator,
            looks: matches!(rule, Rule::Streamed | Rule::Leave),
            looked: 0,
            at: 0,
            nul: None,
        }
    }

    /// The end of the next lines, which may be searched; `None` when there are no
    /// more or a NUL byte was met.
    pub(super) fn next(&mut self) -> Option<usize> {
        let bytes = self.chunk.bytes;
        if !self.looks {
            let more = self.at < bytes.len();
            self.at = bytes.len();
            return more.then_some(self.at);
        }
        while self.looked < bytes.len() && self.nul.is_none() {
            let from = self.looked;
            // Up to the end of a page: a processor fetches ahead so far.
            let to_page = STRIP - (bytes.as_ptr() as usize).wrapping_add(from) % STRIP;
            let strip = &bytes[from..bytes.len().min(from + to_page)];
            self.looked += strip.len();
            self.nul = first_nul(strip).map(|at| from + at);
            let end = if self.looked == bytes.len() {
                Some(self.looked)
            } else {
                memrchr(self.terminator, strip).map(|last| from + last + 1)
            };
            if let (Some(end), None) = (end, self.nul) {
                self.at = end;
                return Some(end);
            }
        }
        None
    }

    /// Where the first NUL byte is, be it behind what was searched, or behind the
    /// chunk in its last block.
    pub(super) fn finish(self) -> Option<usize> {
        if !self.looks {
            return None;
        }
        let Loaded { bytes, ahead } = self.chunk;
        let behind = || first_nul(&bytes[self.looked..]).map(|at| self.looked + at);
        let ahead = || first_nul(ahead).map(|at| bytes.len() + at);
        self.nul.or_else(behind).or_else(ahead)
    }
}

/// The first NUL byte of bytes that most likely have none: they are counted, which
/// the widest registers do. To be ready to stop at any takes longer, and so does the
/// least byte of each part (3 GB a page at a time: 0.32 s of a search, and 0.25).
pub(super) fn first_nul(bytes: &[u8]) -> Option<usize> {
    let mut parts = bytes.chunks(STRIP);
    let part = parts.position(|part| count_terminators(part, 0) > 0)?;
    let from = part * STRIP;
    memchr(0, &bytes[from..]).map(|at| from + at)
}

/// A chunk with its NUL bytes turned into line terminators.
pub(super) fn convert(piece: &ChunkHandle<'_>, buffer: &[u8], terminator: u8) -> Copied {
    piece.copy(buffer, |bytes| {
        for byte in bytes {
            if *byte == 0 {
                *byte = terminator;
            }
        }
    })
}

/// How much of a chunk that begins at `start` is looked at if the first NUL byte
/// of its blocks is at `nul`: its lines that end before the block. `None` if all of
/// it comes before the block; the next chunk is left there.
pub(super) fn leave(bytes: &[u8], start: u64, nul: u64, terminator: u8) -> Option<usize> {
    let upto = cutoff(nul).saturating_sub(start);
    let upto = usize::try_from(upto).ok().filter(|&at| at < bytes.len())?;
    Some(memrchr(terminator, &bytes[..upto]).map_or(0, |at| at + 1))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_nul_byte_is_found_wherever_it_is() {
        for len in [0, 1, 7, 1025, STRIP - 1, STRIP, 2 * STRIP + 1] {
            let mut bytes = vec![b'x'; len];
            assert_eq!(first_nul(&bytes), None);
            for at in (0..len).rev().step_by(37 + len / 100) {
                bytes[at] = 0;
                assert_eq!(first_nul(&bytes), Some(at));
            }
        }
    }

    #[test]
    fn a_chunk_is_gone_through_in_whole_lines_up_to_a_nul_byte() {
        let line = [&[b'x'; 99][..], b"\n"].concat();
        let mut bytes = line.repeat(4 * STRIP / 100 + 1);
        bytes.extend(vec![b'y'; 6 * STRIP]);
        bytes.extend_from_slice(b"\nend");
        let ends = |bytes: &[u8]| {
            let mut watch = Watch::new(Rule::Leave, Loaded { bytes, ahead: &[] }, b'\n');
            let ends: Vec<usize> = std::iter::from_fn(|| watch.next()).collect();
            (ends, watch.finish())
        };
        let (all, nul) = ends(&bytes);
        assert!(all.len() > 4 && all.is_sorted() && nul.is_none());
        assert_eq!(all.last(), Some(&bytes.len()));
        assert!(
            all.iter()
                .all(|&end| end == bytes.len() || bytes[end - 1] == b'\n')
        );
        for at in [0, 1, 2, 5, 8, 9].map(|at| (at * STRIP + 99).min(bytes.len() - 1)) {
            let mut bytes = bytes.clone();
            bytes[at] = 0;
            let (some, nul) = ends(&bytes);
            assert_eq!(nul, Some(at));
            assert!(some.iter().all(|&end| end <= at));
        }
        let ahead = Loaded {
            bytes: b"a\n",
            ahead: b"b\0",
        };
        let mut watch = Watch::new(Rule::Streamed, ahead, b'\n');
        assert_eq!((watch.next(), watch.next()), (Some(2), None));
        assert_eq!(watch.finish(), Some(3));
    }
}
