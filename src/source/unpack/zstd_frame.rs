//! A frame of zstd (RFC 8878), without computing its checksum.

use std::io::{self, BufRead};

use zstd::stream::raw::{DParameter, Decoder, InBuffer, Operation, OutBuffer};

use super::{packed::Packed, seal::Says};

/// How much of a frame says whether there is a checksum at its end: the mark
/// and the descriptor.
const HEAD: usize = 5;

/// How many bytes say how long a block is.
const BLOCK_HEADER: usize = 3;

/// Unpacks one frame and takes no byte behind it.
pub(super) struct ZstdFrame {
    packed: Packed,
    decoder: Decoder<'static>,
    /// Whether its last four bytes are a checksum.
    sealed: bool,
    /// The last bytes that were taken.
    last: [u8; 4],
    /// How many bytes the decoder gets next: those of one block at most.
    wanted: usize,
    ended: bool,
}

impl ZstdFrame {
    pub(super) fn new(mut packed: Packed) -> io::Result<ZstdFrame> {
        let head = packed.peek(HEAD)?;
        // Of a frame that is skipped the descriptor is part of its length.
        let sealed = head.starts_with(&[0x28, 0xb5, 0x2f, 0xfd])
            && head.get(HEAD - 1).is_some_and(|byte| byte >> 2 & 1 == 1);
        let mut decoder = Decoder::new()?;
        decoder.set_parameter(DParameter::ForceIgnoreChecksum(true))?;
        Ok(ZstdFrame {
            packed,
            decoder,
            sealed,
            last: [0; 4],
            wanted: HEAD,
            ended: false,
        })
    }

    pub(super) fn get_ref(&self) -> &Packed {
        &self.packed
    }

    pub(super) fn into_inner(self) -> Packed {
        self.packed
    }

    /// Whether there is a checksum at its end.
    pub(super) fn is_sealed(&self) -> bool {
        self.sealed
    }

    /// What it says of its bytes, once all were read.
    pub(super) fn says(&self) -> Option<Says> {
        let says = self.ended && self.sealed;
        says.then(|| Says::Xxh(u32::from_le_bytes(self.last)))
    }

    /// As [`io::Read::read`].
    pub(super) fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.ended || buffer.is_empty() {
            return Ok(0);
        }
        loop {
            // Nothing comes of less than a block, and where the decoder finds damage
            // depends on how it gets one.
            let input = self.packed.peek(self.wanted)?;
            // It does not give the blocks before one that is damaged if it gets
            // them in the same call.
            let input = &input[..input.len().min(self.wanted)];
            let mut from = InBuffer::around(input);
            let mut to = OutBuffer::around(&mut *buffer);
            let wanted = match self.decoder.run(&mut from, &mut to) {
                Ok(wanted) => wanted,
                Err(error) => {
                    // The end of the block.
                    let len = input.len();
                    self.packed.consume(len);
                    return Err(error);
                }
            };
            let (taken, given) = (from.pos(), to.pos());
            remember(&mut self.last, &input[..taken]);
            let cut = input.is_empty() && given == 0;
            self.packed.consume(taken);
            self.ended = wanted == 0;
            // It wants the header of the next block as well, which may be damaged.
            self.wanted = match wanted.saturating_sub(BLOCK_HEADER) {
                0 => BLOCK_HEADER,
                block => block,
            };
            if given > 0 || self.ended {
                return Ok(given);
            }
            if cut {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
    }
}

/// Keeps the last four of all bytes.
fn remember(last: &mut [u8; 4], bytes: &[u8]) {
    if let Some(four) = bytes.last_chunk() {
        *last = *four;
    } else {
        last.rotate_left(bytes.len());
        last[4 - bytes.len()..].copy_from_slice(bytes);
    }
}
