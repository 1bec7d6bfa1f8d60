//! Frames that decoders of zstd and lz4 skip: a mark, a length, anything.
//!
//! Both formats have the same. What the data is packed with shows behind them.

use std::io::{self, BufRead as _, Read as _};

use super::packed::Packed;

/// The mark but for its first byte, which is `0x50` to `0x5f`, and the length.
const MARK: [u8; 3] = [0x2a, 0x4d, 0x18];
pub(in crate::source) const HEADER: usize = 8;

/// Whether a frame that is skipped begins like this.
pub(in crate::source) fn begins(head: &[u8]) -> bool {
    head.len() >= 4 && head[0] & 0xf0 == 0x50 && head[1..4] == MARK
}

/// Whether fewer bytes than the mark has, these, may be the begin of it.
pub(super) fn may_begin(head: &[u8]) -> bool {
    head.len() < 4
        && head.first().is_some_and(|byte| byte & 0xf0 == 0x50)
        && MARK.starts_with(&head[1..])
}

/// How many bytes a frame has whose header this is, if it is one.
pub(in crate::source) fn len(header: &[u8]) -> Option<u64> {
    let len = header.get(4..HEADER)?.first_chunk()?;
    begins(header).then(|| HEADER as u64 + u64::from(u32::from_le_bytes(*len)))
}

/// Goes past one frame, of which nothing comes out.
pub(super) struct Skippable {
    packed: Packed,
    /// `None` before the header.
    left: Option<u64>,
}

impl Skippable {
    pub(super) fn new(packed: Packed) -> Skippable {
        Skippable { packed, left: None }
    }

    pub(super) fn get_ref(&self) -> &Packed {
        &self.packed
    }

    pub(super) fn into_inner(self) -> Packed {
        self.packed
    }

    /// 0, when it is gone past.
    pub(super) fn read(&mut self) -> io::Result<usize> {
        let mut left = if let Some(left) = self.left {
            left
        } else {
            let mut header = [0; HEADER];
            self.packed.read_exact(&mut header)?;
            len(&header).unwrap_or_default() - HEADER as u64
        };
        while left > 0 {
            self.left = Some(left);
            let here = self.packed.fill_buf()?.len() as u64;
            if here == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            let passed = here.min(left);
            self.packed.consume(passed as usize);
            left -= passed;
        }
        self.left = Some(0);
        Ok(0)
    }
}
