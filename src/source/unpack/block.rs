//! Unpacked bytes that go from who unpacks them to who looks at them without
//! being copied.

use std::{
    io::{self, Read},
    sync::{Arc, Mutex, PoisonError},
};

/// How many bytes a block that is unpacked bit by bit has: few enough that the
/// one that is filled and the one that is looked at stay in the cache.
pub(super) const BLOCK: usize = 256 << 10;

/// Room before the bytes of a block: for the begin of a line whose end is in
/// it, and what else of a block of 64 KiB had to be left behind.
pub(crate) const HEADROOM: usize = 128 << 10;

/// Buffers are kept up to this size and number: those of a few giant parts
/// are not.
const MAX_KEPT: (usize, usize) = (12 << 20, 64);

/// A row of bytes with room before it, whose memory goes back to its pool.
#[derive(Debug, Default)]
pub(crate) struct Block {
    buffer: Vec<u8>,
    from: usize,
    to: usize,
    pool: Option<Pool>,
}

/// Buffers to be used again, so that none is mapped and zeroed anew.
#[derive(Clone, Debug, Default)]
pub(super) struct Pool(Arc<Mutex<Vec<Vec<u8>>>>);

impl Pool {
    /// An empty block.
    pub(super) fn block(&self) -> Block {
        let kept = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut buffer = kept().pop().unwrap_or_default();
        if buffer.len() < HEADROOM {
            buffer.resize(HEADROOM, 0);
        }
        Block {
            buffer,
            from: HEADROOM,
            to: HEADROOM,
            pool: Some(self.clone()),
        }
    }
}

impl Block {
    /// Its bytes.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.buffer[self.from..self.to]
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.to - self.from
    }

    /// Drops all but the first `len` bytes.
    pub(crate) fn truncate(&mut self, len: usize) {
        self.to = self.from + len.min(self.len());
    }

    /// Puts bytes before those it has.
    pub(crate) fn prepend(&mut self, bytes: &[u8]) {
        if bytes.len() <= self.from && self.len() > 0 {
            let from = self.from - bytes.len();
            self.buffer[from..self.from].copy_from_slice(bytes);
            self.from = from;
            return;
        }
        let all = [bytes, self.bytes()].concat();
        *self = Block::from(all);
    }

    /// Puts bytes behind those it has.
    pub(crate) fn append(&mut self, bytes: &[u8]) {
        self.buffer.truncate(self.to);
        self.buffer.extend_from_slice(bytes);
        self.to = self.buffer.len();
    }

    /// Room for so many bytes behind those it has; [`grow`](Block::grow) says
    /// how many were put there.
    pub(super) fn room(&mut self, len: usize) -> &mut [u8] {
        let end = self.to + len;
        if self.buffer.len() < end {
            // What is reserved beyond would be zeroed for nothing.
            self.buffer.reserve_exact(end - self.buffer.len());
            self.buffer.resize(end, 0);
        }
        &mut self.buffer[self.to..end]
    }

    /// Says that so many bytes of its room are filled.
    pub(super) fn grow(&mut self, len: usize) {
        self.to = (self.to + len).min(self.buffer.len());
    }

    /// Fills it from a reader, up to `len` bytes in all; less only at the end
    /// or at an error.
    pub(super) fn fill(&mut self, reader: &mut impl Read, len: usize) -> Option<io::Error> {
        while self.len() < len {
            let room = len - self.len();
            match reader.read(self.room(room)) {
                Ok(0) => break,
                Ok(got) => self.grow(got),
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return Some(e),
            }
        }
        None
    }
}

impl From<Vec<u8>> for Block {
    fn from(buffer: Vec<u8>) -> Block {
        Block {
            from: 0,
            to: buffer.len(),
            buffer,
            pool: None,
        }
    }
}

impl Drop for Block {
    fn drop(&mut self) {
        let Some(Pool(kept)) = &self.pool else {
            return;
        };
        let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
        if self.buffer.capacity() <= MAX_KEPT.0 && kept.len() < MAX_KEPT.1 {
            kept.push(std::mem::take(&mut self.buffer));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_put_before_and_behind() {
        let pool = Pool::default();
        for before in [0, 1, HEADROOM, HEADROOM + 1] {
            let mut block = pool.block();
            assert_eq!((block.bytes(), block.len()), (&b""[..], 0));
            assert!(block.fill(&mut &b"0123456789"[..], 8).is_none());
            block.append(b"ab");
            let first = vec![b'x'; before];
            block.prepend(&first);
            assert!(block.bytes() == [&first[..], b"01234567ab"].concat());
            block.truncate(before + 3);
            block.append(b"!");
            assert!(block.bytes() == [&first[..], b"012!"].concat());
        }
    }

    #[test]
    fn buffers_are_used_again() {
        let pool = Pool::default();
        let mut block = pool.block();
        block.room(1000);
        drop(block);
        assert_eq!(pool.0.lock().unwrap().len(), 1);
        let mut again = pool.block();
        assert_eq!((again.len(), pool.0.lock().unwrap().len()), (0, 0));
        again.room(MAX_KEPT.0);
        drop(again);
        assert_eq!(pool.0.lock().unwrap().len(), 0);
    }
}
