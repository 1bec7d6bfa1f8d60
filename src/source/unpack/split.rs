//! Packed data that says where its parts begin, cut into units that can be
//! unpacked at the same time.
//!
//! BGZF (`bgzip`, the "blocked GNU zip format" of the SAM specification, 4.1)
//! writes the length of each member into its header. A zstd frame (RFC 8878,
//! 3.1.1) is a row of blocks that each say how long they are.

use std::io::{self, Read};

use super::{Packing, packed::Packed};

/// Small members are put together up to this many packed bytes.
const ENOUGH: usize = 256 << 10;

/// A part with more packed bytes is not worth waiting for.
const TOO_MANY: usize = 8 << 20;

/// Some whole parts, or all that is left.
pub(super) enum Unit {
    /// Whole parts, and the offset of their first byte.
    Parts(Vec<u8>, u64),
    /// The begin of a part that is too large, or no part, and what follows it.
    Rest(Vec<u8>, u64, Packed),
}

/// Cuts packed data into units.
pub(super) struct Splitter {
    packing: Packing,
    packed: Option<Packed>,
}

impl Splitter {
    /// A splitter of data of this kind, if it is one that can be cut.
    ///
    /// # Errors
    /// Gives the data back if it is not.
    pub(super) fn new(packing: Packing, mut packed: Packed) -> io::Result<Result<Self, Packed>> {
        let cuttable = match packing {
            Packing::Gzip => bgzf_len(packed.peek(BGZF_HEADER)?).is_some(),
            Packing::Zstd => true,
            _ => false,
        };
        Ok(if cuttable {
            let packed = Some(packed);
            Ok(Splitter { packing, packed })
        } else {
            Err(packed)
        })
    }

    /// The next unit; `None` at the end.
    pub(super) fn next(&mut self) -> io::Result<Option<Unit>> {
        let Some(mut packed) = self.packed.take() else {
            return Ok(None);
        };
        let at = packed.at();
        let mut unit = Vec::new();
        while unit.len() < ENOUGH {
            if packed.peek(1)?.is_empty() {
                break;
            }
            let whole = match self.packing {
                Packing::Gzip => take_member(&mut packed, &mut unit)?,
                _ => take_frame(&mut packed, &mut unit)?,
            };
            if !whole {
                return Ok(Some(Unit::Rest(unit, at, packed)));
            }
        }
        self.packed = Some(packed);
        Ok((!unit.is_empty()).then_some(Unit::Parts(unit, at)))
    }
}

/// How many bytes of a member of BGZF say how long it is.
const BGZF_HEADER: usize = 18;

/// The length of a member of BGZF. Its extra field is the first one.
fn bgzf_len(head: &[u8]) -> Option<usize> {
    let head = head.get(..BGZF_HEADER)?;
    let is_one = head[..4] == [0x1f, 0x8b, 8, 4] && head[12..16] == [b'B', b'C', 2, 0];
    is_one.then(|| usize::from(u16::from_le_bytes([head[16], head[17]])) + 1)
}

/// Takes a whole member of BGZF; false if there is none.
fn take_member(packed: &mut Packed, unit: &mut Vec<u8>) -> io::Result<bool> {
    match bgzf_len(packed.peek(BGZF_HEADER)?) {
        Some(len) => take(packed, unit, len),
        None => Ok(false),
    }
}

/// Takes a whole frame of zstd; false if there is none, or it is too large, or
/// it is cut off. What was taken of it is in `unit` all the same.
fn take_frame(packed: &mut Packed, unit: &mut Vec<u8>) -> io::Result<bool> {
    let head = packed.peek(8)?;
    let (Some(&mark), Some(&descriptor)) = (head.first_chunk::<4>(), head.get(4)) else {
        return Ok(false);
    };
    if mark[0] & 0xf0 == 0x50 && mark[1..] == [0x2a, 0x4d, 0x18] {
        let Some(len) = head.get(4..8).and_then(|len| len.try_into().ok()) else {
            return Ok(false);
        };
        let len = u32::from_le_bytes(len) as usize;
        return Ok(len < TOO_MANY && take(packed, unit, 8 + len)?);
    }
    if mark != [0x28, 0xb5, 0x2f, 0xfd] {
        return Ok(false);
    }
    let single = descriptor >> 5 & 1;
    let dictionary = [0, 1, 2, 4][usize::from(descriptor & 3)];
    let size = [usize::from(single), 2, 4, 8][usize::from(descriptor >> 6)];
    if !take(
        packed,
        unit,
        5 + usize::from(1 - single) + dictionary + size,
    )? {
        return Ok(false);
    }
    loop {
        let mut header = [0; 4];
        let Some(three) = packed.peek(3)?.get(..3) else {
            return Ok(false);
        };
        header[..3].copy_from_slice(three);
        let header = u32::from_le_bytes(header);
        let (last, kind, size) = (header & 1 == 1, header >> 1 & 3, header >> 3);
        // A block of one repeated byte.
        let size = if kind == 1 { 1 } else { size as usize };
        if unit.len() + size > TOO_MANY || !take(packed, unit, 3 + size)? {
            return Ok(false);
        }
        if last {
            let checksum = usize::from(descriptor >> 2 & 1) * 4;
            return take(packed, unit, checksum);
        }
    }
}

/// Takes so many bytes; false if there are fewer.
fn take(packed: &mut Packed, unit: &mut Vec<u8>, len: usize) -> io::Result<bool> {
    let before = unit.len();
    packed.by_ref().take(len as u64).read_to_end(unit)?;
    Ok(unit.len() - before == len)
}
