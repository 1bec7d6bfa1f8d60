//! A chunk and the way to its bytes.

use std::cell::Cell;

use super::Chunk;
use crate::{
    error::Result,
    source::{Block, Helper, PAGE, Source, Spilled, begins},
};

/// By how much a buffer is larger than what it was made for.
const SLACK: usize = 64 << 10;

/// A chunk and the way to its bytes.
#[derive(Debug)]
pub struct ChunkHandle<'s> {
    /// Where in the source it lies.
    pub chunk: Chunk,
    /// True if nothing follows for the moment: what this chunk prints should
    /// be shown now.
    pub pause: bool,
    source: &'s Source,
    bytes: Bytes<'s>,
    /// Where in the buffer what was read begins.
    begins: Cell<usize>,
}

/// Where the bytes of a [`ChunkHandle`] are.
#[derive(Debug)]
pub(super) enum Bytes<'s> {
    /// In memory already: the chunk, and what follows it in its block.
    Slice(&'s [u8], &'s [u8]),
    /// In a file: so many bytes follow the chunk in its block.
    File(usize),
    /// Read from a stream or unpacked: the chunk's length, the rest follows it;
    /// and who unpacks ahead.
    Block(Block, usize, Option<Helper>),
    /// In a temporary file, mapped: the chunk's length, and how many of the
    /// bytes that follow it belong to its block.
    Spilled(Spilled, usize, usize),
}

/// A chunk whose bytes were changed on the way.
#[derive(Debug)]
pub(crate) enum Copied {
    Memory(Vec<u8>),
    /// Too long for memory, as the chunk itself.
    Spilled(Spilled),
}

impl Copied {
    pub(crate) fn bytes(&self) -> &[u8] {
        match self {
            Copied::Memory(bytes) => bytes,
            Copied::Spilled(spilled) => spilled.bytes(),
        }
    }
}

/// How much of a chunk in a file is changed at a time.
const AT_A_TIME: usize = 1 << 20;

/// The bytes of a chunk, in memory.
#[derive(Clone, Copy, Debug)]
pub struct Loaded<'a> {
    /// The chunk itself.
    pub bytes: &'a [u8],
    /// What follows it in its last [`BLOCK`](super::BLOCK), if that was asked
    /// for.
    pub ahead: &'a [u8],
}

impl<'s> ChunkHandle<'s> {
    pub(super) fn new(
        chunk: Chunk,
        pause: bool,
        source: &'s Source,
        bytes: Bytes<'s>,
    ) -> ChunkHandle<'s> {
        ChunkHandle {
            chunk,
            pause,
            source,
            bytes,
            begins: Cell::default(),
        }
    }

    /// Brings its bytes into memory; `buffer` takes what must be read.
    ///
    /// # Errors
    /// When the file cannot be read or has become too short.
    pub fn fetch(&self, buffer: &mut Vec<u8>) -> Result<()> {
        let len = self.chunk.len() as usize;
        match &self.bytes {
            Bytes::File(ahead) => {
                self.read(buffer, len + ahead)?;
            }
            // While one unpacks, others scan: so all have something to do.
            Bytes::Block(_, _, Some(helper)) => helper.help(),
            Bytes::Slice(..) | Bytes::Block(..) | Bytes::Spilled(..) => {}
        }
        Ok(())
    }

    /// Reads it, and what follows it, to where in a page of memory it is in a
    /// page of the file.
    fn read(&self, buffer: &mut Vec<u8>, len: usize) -> Result<()> {
        let begins = make_room(buffer, len, self.source.in_page(self.chunk.start));
        self.begins.set(begins);
        self.source.read_at(&mut buffer[begins..], self.chunk.start)
    }

    /// Its bytes, once [`fetch`](ChunkHandle::fetch) has put them into `buffer`.
    pub fn view<'a>(&'a self, buffer: &'a [u8]) -> Loaded<'a> {
        let len = self.chunk.len() as usize;
        let (bytes, ahead) = match &self.bytes {
            Bytes::Slice(bytes, ahead) => (*bytes, *ahead),
            Bytes::File(_) => buffer[self.begins.get()..].split_at(len),
            Bytes::Block(block, len, _) => block.bytes().split_at(*len),
            Bytes::Spilled(spilled, len, ahead) => {
                let (bytes, rest) = spilled.bytes().split_at(*len);
                (bytes, &rest[..*ahead])
            }
        };
        Loaded { bytes, ahead }
    }

    /// Its bytes, [`fetch`](ChunkHandle::fetch)ed, with something done to them, which
    /// is asked for with some of them at a time, in order.
    pub(crate) fn copy(&self, buffer: &[u8], mut change: impl FnMut(&mut [u8])) -> Copied {
        let bytes = self.view(buffer).bytes;
        if matches!(self.bytes, Bytes::Spilled(..))
            && let Some(spilled) = self.copy_to_file(bytes, &mut change)
        {
            return Copied::Spilled(spilled);
        }
        let mut bytes = bytes.to_vec();
        change(&mut bytes);
        Copied::Memory(bytes)
    }

    fn copy_to_file(&self, bytes: &[u8], change: &mut impl FnMut(&mut [u8])) -> Option<Spilled> {
        let mut spill = self.source.spills().begin().ok()?;
        let mut part = Vec::new();
        for bytes in bytes.chunks(AT_A_TIME) {
            part.clear();
            part.extend_from_slice(bytes);
            change(&mut part);
            spill.append(&part).ok()?;
        }
        spill.map()
    }
}

/// Gives a buffer room for so many bytes from its end back to what is returned,
/// which is so far from the start of a page. Chunks differ in length by part of a
/// line: one that is a little longer must not double the buffer, which would take
/// it over the size up to which it is kept.
fn make_room(buffer: &mut Vec<u8>, len: usize, in_page: usize) -> usize {
    if buffer.capacity() < len + PAGE {
        buffer.reserve_exact(len + PAGE + SLACK - buffer.len());
    }
    let begins = begins(buffer, in_page);
    buffer.resize(begins + len, 0);
    begins
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_lies_in_a_page_as_it_does_in_the_file() {
        let mut buffer = Vec::new();
        for (len, in_page) in [(10, 0), (70_000, 1), (70_000, 4095), (5, 2), (0, 77)] {
            let begins = make_room(&mut buffer, len, in_page);
            let room = &buffer[begins..];
            assert_eq!(room.len(), len);
            assert_eq!(room.as_ptr().addr() % PAGE, in_page);
        }
        assert!(buffer.capacity() < 70_000 + 2 * PAGE + SLACK);
    }
}
