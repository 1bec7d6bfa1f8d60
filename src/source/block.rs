//! Bytes that go from who reads or unpacks them to who looks at them without
//! being copied.

use std::{
    io::{self, Read},
    sync::{Arc, Mutex, PoisonError},
};

use super::page::{PAGE, begins};

/// How many bytes a block that is unpacked bit by bit has: few enough that the
/// one that is filled and the one that is looked at stay in the cache.
pub(in crate::source) const BLOCK: usize = 256 << 10;

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
pub(crate) struct Pool(Arc<Mutex<Vec<Vec<u8>>>>);

impl Pool {
    /// An empty block.
    pub(super) fn block(&self) -> Block {
        self.block_for(0, 0)
    }

    /// An empty block with room for `len` bytes, of which the first lies `in_page`
    /// bytes behind the start of a page.
    pub(crate) fn block_for(&self, len: usize, in_page: usize) -> Block {
        let kept = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut buffer = kept().pop().unwrap_or_default();
        // At once, since to make it larger may move it.
        let all = HEADROOM + PAGE + len;
        buffer.reserve_exact(all.saturating_sub(buffer.len()));
        if buffer.len() < HEADROOM + PAGE {
            buffer.resize(HEADROOM + PAGE, 0);
        }
        let from = HEADROOM + begins(&buffer[HEADROOM..], in_page);
        Block {
            buffer,
            from,
            to: from,
            pool: Some(self.clone()),
        }
    }
}

impl Block {
    /// What a buffer has from here on.
    pub(super) fn behind(buffer: Vec<u8>, from: usize) -> Block {
        let mut block = Block::from(buffer);
        block.from = from;
        block
    }

    /// The buffer, for other bytes.
    pub(super) fn into_buffer(mut self) -> Vec<u8> {
        std::mem::take(&mut self.buffer)
    }

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

    /// How much room there is behind them that needs no zeroing.
    pub(crate) fn ready(&self) -> usize {
        self.buffer.len() - self.to
    }

    /// Room for so many bytes behind those it has; [`grow`](Block::grow) says
    /// how many were put there.
    pub(crate) fn room(&mut self, len: usize) -> &mut [u8] {
        let end = self.to + len;
        if self.buffer.len() < end {
            // What is reserved beyond would be zeroed for nothing.
            self.buffer.reserve_exact(end - self.buffer.len());
            self.buffer.resize(end, 0);
        }
        &mut self.buffer[self.to..end]
    }

    /// Says that so many bytes of its room are filled.
    pub(crate) fn grow(&mut self, len: usize) {
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
    fn bytes_lie_in_a_page_where_they_are_asked_to() {
        let pool = Pool::default();
        for (len, in_page) in [(10, 0), (1 << 20, 4095), (0, 17), (3 << 20, 16)] {
            let mut block = pool.block_for(len, in_page);
            let room = block.room(len + 1);
            assert_eq!(room.as_ptr().addr() % PAGE, in_page);
            block.prepend(&[1; 5]);
            assert_eq!(block.len(), 5);
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
