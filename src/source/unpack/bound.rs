//! A bound on what packed input unpacks to.

use std::io::{self, Read};

use super::damage::damaged;
use crate::source::block::Block;

/// How many bytes more may come out.
#[derive(Clone, Copy, Debug)]
pub(in crate::source) struct Bound {
    most: u64,
    left: u64,
}

impl Bound {
    pub(in crate::source) fn new(most: u64) -> Bound {
        Bound { most, left: most }
    }

    /// Cuts what came out to what may; the error comes behind it.
    pub(super) fn cut(&mut self, block: &mut Block) -> Option<io::Error> {
        let kept = self.keeps(block.len());
        let error = (kept < block.len()).then(|| self.error());
        block.truncate(kept);
        error
    }

    fn keeps(&mut self, len: usize) -> usize {
        let kept = usize::try_from(self.left).unwrap_or(usize::MAX).min(len);
        self.left -= kept as u64;
        kept
    }

    fn error(&self) -> io::Error {
        damaged(format!(
            "unpacks to more than the {} bytes that --max-decompressed allows (results are of \
             these, the last line of which may be cut)",
            self.most
        ))
    }
}

/// A reader of what was unpacked, up to a bound.
pub(in crate::source) struct Bounded<R> {
    pub(in crate::source) reader: R,
    pub(in crate::source) bound: Option<Bound>,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let Some(bound) = &mut self.bound else {
            return self.reader.read(buffer);
        };
        if bound.left == 0 {
            return match self.reader.read(&mut [0])? {
                0 => Ok(0),
                _ => Err(bound.error()),
            };
        }
        let room = usize::try_from(bound.left)
            .unwrap_or(usize::MAX)
            .min(buffer.len());
        let got = self.reader.read(&mut buffer[..room])?;
        bound.keeps(got);
        Ok(got)
    }
}
