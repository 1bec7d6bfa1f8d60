//! Brotli, which neither marks its begin nor says where it ends: only its
//! decoder knows which bytes are still its own.

use std::io::{self, BufRead as _};

use brotli_decompressor::{BrotliDecompressStream, BrotliResult, BrotliState, StandardAlloc};

use super::packed::Packed;

/// Unpacks one stream and takes no byte behind it.
pub(super) struct Brotli {
    packed: Packed,
    state: BrotliState<StandardAlloc, StandardAlloc, StandardAlloc>,
    ended: bool,
}

impl Brotli {
    pub(super) fn new(packed: Packed) -> Brotli {
        let alloc = StandardAlloc::default;
        let mut state = BrotliState::new(alloc(), alloc(), alloc());
        // A window may have 16 MiB; the extension to 1 GiB is a bomb's friend.
        state.large_window = false;
        Brotli {
            packed,
            state,
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
        if self.ended || buffer.is_empty() {
            return Ok(0);
        }
        loop {
            let input = self.packed.fill_buf()?;
            let last = input.is_empty();
            let (mut left, mut taken) = (input.len(), 0);
            let (mut room, mut given, mut total) = (buffer.len(), 0, 0);
            let result = BrotliDecompressStream(
                &mut left,
                &mut taken,
                input,
                &mut room,
                &mut given,
                buffer,
                &mut total,
                &mut self.state,
            );
            self.packed.consume(taken);
            match result {
                BrotliResult::ResultSuccess => {
                    self.ended = true;
                    return Ok(given);
                }
                _ if given > 0 => return Ok(given),
                BrotliResult::NeedsMoreInput if last => {
                    return Err(io::ErrorKind::UnexpectedEof.into());
                }
                BrotliResult::NeedsMoreInput | BrotliResult::NeedsMoreOutput => {}
                BrotliResult::ResultFailure => {
                    let what = "what is there is not in its format";
                    return Err(io::Error::new(io::ErrorKind::InvalidData, what));
                }
            }
        }
    }
}
