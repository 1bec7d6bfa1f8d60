//! A frame of lz4, which ends with its end mark and nowhere else.
//!
//! The decoder takes the end of its input between two blocks, or within the
//! header, for the end of the frame. It is not asked to read beyond the end mark,
//! so that wherever it meets the end of its input the frame is cut off.

use std::{
    fmt,
    io::{self, Read},
};

use super::packed::Packed;

/// Unpacks one frame and takes no byte behind it.
pub(super) struct Lz4(lz4_flex::frame::FrameDecoder<Endless>);

/// Input whose end is an error of a kind that decoders do not look for.
struct Endless(Packed);

/// The input ended.
#[derive(Debug)]
struct Ended;

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the input ended")
    }
}

impl std::error::Error for Ended {}

impl Read for Endless {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.0.read(buffer)? {
            0 if !buffer.is_empty() => Err(io::Error::other(Ended)),
            got => Ok(got),
        }
    }
}

impl Lz4 {
    pub(super) fn new(packed: Packed) -> Lz4 {
        Lz4(lz4_flex::frame::FrameDecoder::new(Endless(packed)))
    }

    pub(super) fn get_ref(&self) -> &Packed {
        &self.0.get_ref().0
    }

    pub(super) fn into_inner(self) -> Packed {
        self.0.into_inner().0
    }

    /// As [`io::Read::read`].
    pub(super) fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer).map_err(|error| {
            let ended = error
                .get_ref()
                .is_some_and(<dyn std::error::Error + Send + Sync>::is::<Ended>);
            if ended {
                io::ErrorKind::UnexpectedEof.into()
            } else {
                error
            }
        })
    }
}
