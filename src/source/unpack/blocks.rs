//! What comes out of packed data, block by block.

use std::{
    fmt,
    io::{self, Read},
};

use super::{
    Packing, Unpacker,
    ahead::Ahead,
    bound::Bound,
    packed::{Open, Packed},
    together::{Helper, Together},
};
use crate::source::block::Block;

/// The unpacked blocks of a regular file; also a reader of their bytes.
pub(crate) struct Blocks {
    kind: Kind,
    /// The block that is read from, and how much of it was read.
    current: Block,
    at: usize,
    /// Told when the block at hand is read.
    error: Option<io::Error>,
    bound: Option<Bound>,
}

enum Kind {
    Ahead(Box<Ahead>),
    Together(Together),
}

impl Blocks {
    /// The blocks of packed data that so many threads look at; `small`: too
    /// little for a thread of its own.
    pub(in crate::source) fn new(
        packing: Packing,
        open: Open,
        threads: usize,
        small: bool,
    ) -> io::Result<Blocks> {
        let one = |packed| Unpacker::of(packing, packed, false);
        if small {
            let here = Ahead::here(one(Packed::new(open(0))));
            return Ok(Blocks::of(Kind::Ahead(Box::new(here))));
        }
        Ok(Blocks::of(match Together::new(packing, open, threads)? {
            Ok(together) => Kind::Together(together),
            Err(packed) => Kind::Ahead(Box::new(Ahead::new(one(packed)))),
        }))
    }

    fn of(kind: Kind) -> Blocks {
        Blocks {
            kind,
            current: Block::default(),
            at: 0,
            error: None,
            bound: None,
        }
    }

    /// Blocks up to a bound on their bytes together.
    pub(in crate::source) fn bounded(self, bound: Option<Bound>) -> Blocks {
        Blocks { bound, ..self }
    }

    /// Who unpacks ahead, if others can.
    pub(crate) fn helper(&self) -> Option<Helper> {
        match &self.kind {
            Kind::Ahead(_) => None,
            Kind::Together(together) => Some(together.helper()),
        }
    }

    /// The first bytes, none of which is taken.
    pub(in crate::source) fn peek(&mut self) -> &[u8] {
        if self.at == self.current.len() && self.error.is_none() {
            self.at = 0;
            match self.next_block() {
                Ok(block) => self.current = block.unwrap_or_default(),
                Err(error) => {
                    self.current = Block::default();
                    self.error = Some(error);
                }
            }
        }
        &self.current.bytes()[self.at..]
    }

    /// The next block, which is not empty; `None` at the end.
    ///
    /// # Errors
    /// When the data is damaged behind the last block, or cannot be read.
    pub(crate) fn next(&mut self) -> io::Result<Option<Block>> {
        if self.at < self.current.len() {
            debug_assert!(self.at == 0, "either blocks or bytes");
            return Ok(Some(std::mem::take(&mut self.current)));
        }
        self.next_block()
    }

    fn next_block(&mut self) -> io::Result<Option<Block>> {
        if let Some(error) = self.error.take() {
            return Err(error);
        }
        let next = match &mut self.kind {
            Kind::Ahead(ahead) => ahead.next(),
            Kind::Together(together) => together.next(),
        };
        let mut block = next?;
        if let (Some(bound), Some(block)) = (&mut self.bound, &mut block) {
            self.error = bound.cut(block);
            if block.len() == 0
                && let Some(error) = self.error.take()
            {
                return Err(error);
            }
        }
        Ok(block)
    }
}

impl Read for Blocks {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let here = self.peek();
        let got = here.len().min(buffer.len());
        buffer[..got].copy_from_slice(&here[..got]);
        self.at += got;
        match self.error.take() {
            Some(error) if got == 0 => Err(error),
            kept => {
                self.error = kept;
                Ok(got)
            }
        }
    }
}

impl fmt::Debug for Blocks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Blocks").finish_non_exhaustive()
    }
}
