//! A stream of bzip2, of which only blocks come out that are what was packed.
//!
//! A block is held back until its checksum was compared: where it does not match,
//! nothing of it is known to be right, since a changed bit changes the order of
//! all its bytes.

use std::io::{self, BufRead as _};

use bzip2::{Decompress, Status};

use super::{
    bzip2_back::checksum,
    bzip2_marks::{MARK, Mark, bits},
    packed::Packed,
};

/// How much room the bytes of a block are given at a time.
const ROOM: usize = 256 << 10;

/// The decoder may have taken so many bytes more than it has used.
const AHEAD: usize = 8;

/// So many bytes have the mark of a block and its checksum, at any bit.
const HEADER: usize = 11 + AHEAD;

/// Unpacks one stream and takes no byte behind it.
pub(super) struct Bzip2 {
    packed: Packed,
    decoder: Decompress,
    /// A block, at most 46 MB of the same byte and most often 0.9 MB.
    block: Vec<u8>,
    given: usize,
    /// The packed bytes where the block begins, with some before them.
    begin: Vec<u8>,
    /// The last bytes that were taken.
    last: Vec<u8>,
    /// Told when the block is given.
    failed: Option<io::Error>,
    ended: bool,
}

impl Bzip2 {
    pub(super) fn new(packed: Packed) -> Bzip2 {
        Bzip2 {
            packed,
            decoder: Decompress::new(false),
            block: Vec::new(),
            given: 0,
            begin: Vec::new(),
            last: Vec::new(),
            failed: None,
            ended: false,
        }
    }

    pub(super) fn get_ref(&self) -> &Packed {
        &self.packed
    }

    pub(super) fn into_inner(self) -> Packed {
        self.packed
    }

    /// As [`io::Read::read`].
    pub(super) fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.given == self.block.len() && !self.ended {
            if let Some(error) = self.failed.take() {
                return Err(error);
            }
            if !self.block.is_empty() {
                self.begin.clone_from(&self.last);
                self.block.clear();
                self.given = 0;
            }
            self.take()?;
            self.unpack();
        }
        let here = &self.block[self.given..];
        let got = here.len().min(buffer.len());
        buffer[..got].copy_from_slice(&here[..got]);
        self.given += got;
        Ok(got)
    }

    /// Takes packed bytes. While the decoder has no room it goes no further than to
    /// a whole block.
    fn take(&mut self) -> io::Result<()> {
        let input = self.packed.fill_buf()?;
        if input.is_empty() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let before = self.decoder.total_in();
        let status = self.decoder.decompress(input, &mut []);
        let taken = (self.decoder.total_in() - before) as usize;
        let input = &input[..taken];
        let missing = (AHEAD + HEADER).saturating_sub(self.begin.len());
        self.begin.extend_from_slice(&input[..missing.min(taken)]);
        self.last
            .extend_from_slice(&input[taken.saturating_sub(AHEAD)..]);
        self.last.drain(..self.last.len().saturating_sub(AHEAD));
        self.packed.consume(taken);
        self.ended = matches!(status?, Status::StreamEnd);
        Ok(())
    }

    /// Has the block come out that those bytes were the end of, if they were. The
    /// decoder has no others, and may find those behind the block wrong all the same.
    fn unpack(&mut self) {
        while !self.ended {
            let len = self.block.len();
            self.block.resize(len + ROOM, 0);
            let before = self.decoder.total_out();
            let status = self.decoder.decompress(&[], &mut self.block[len..]);
            let got = (self.decoder.total_out() - before) as usize;
            self.block.truncate(len + got);
            match status {
                Ok(Status::StreamEnd) => self.ended = true,
                Ok(_) if got == ROOM => {}
                Ok(_) => return,
                Err(error) => {
                    if !self.is_right() {
                        self.block.clear();
                    }
                    self.failed = Some(error.into());
                    return;
                }
            }
        }
    }

    /// Whether the block has the checksum that it begins with.
    fn is_right(&self) -> bool {
        let last = (self.begin.len() * 8).saturating_sub(MARK);
        let begins = |&at: &usize| bits(&self.begin, at, MARK) == Some(Mark::Block.bits());
        let says = (0..=last)
            .find(begins)
            .and_then(|at| bits(&self.begin, at + MARK, 32));
        says == Some(checksum(&self.block).into())
    }
}
