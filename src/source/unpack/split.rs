//! Packed data that says where its parts begin, cut into units that can be
//! unpacked at the same time.
//!
//! BGZF (`bgzip`, the "blocked GNU zip format" of the SAM specification, 4.1)
//! writes the length of each member into its header. A zstd frame (RFC 8878,
//! 3.1.1) is a row of blocks that each say how long they are. bzip2 says less
//! ([`Cutter`]).

use std::io::{self, Read};

use super::{
    Packing,
    bzip2_back::Back,
    bzip2_cut::{Cut, Cutter},
    packed::Packed,
};

/// Small members are put together up to this many packed bytes.
const ENOUGH: usize = 256 << 10;

/// Nor up to more than about this many unpacked ones.
const ENOUGH_UNPACKED: u64 = 2 << 20;

/// A part with more packed bytes is not worth waiting for.
const TOO_MANY: usize = 8 << 20;

/// Some whole parts, or all that is left.
pub(super) enum Unit {
    /// Whole parts.
    Parts(Parts),
    /// Blocks of bzip2, it seems.
    Blocks(Cut),
    /// Where no more can be cut.
    Back(Back),
    /// The begin of a part that is too large, or no part, and what follows it.
    Rest(Vec<u8>, u64, Packed),
}

/// Whole parts of packed data.
pub(super) struct Parts {
    pub(super) bytes: Vec<u8>,
    /// The offset of their first byte in the packed data.
    pub(super) at: u64,
    /// They unpack to no more bytes than this, as far as they say the truth.
    pub(super) bound: u64,
}

/// Cuts packed data into units.
pub(super) struct Splitter {
    packing: Packing,
    packed: Option<Packed>,
    bzip2: Option<Box<Cutter>>,
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
            Packing::Bzip2 => {
                return Ok(Cutter::new(packed).map(|cutter| Splitter {
                    packing,
                    packed: None,
                    bzip2: Some(Box::new(cutter)),
                }));
            }
            _ => false,
        };
        Ok(if cuttable {
            Ok(Splitter {
                packing,
                packed: Some(packed),
                bzip2: None,
            })
        } else {
            Err(packed)
        })
    }

    /// The next unit; `None` at the end.
    pub(super) fn next(&mut self) -> io::Result<Option<Unit>> {
        if let Some(cutter) = &mut self.bzip2 {
            return cutter.next();
        }
        let Some(mut packed) = self.packed.take() else {
            return Ok(None);
        };
        let at = packed.at();
        let (mut unit, mut bound) = (Vec::new(), 0_u64);
        while unit.len() < ENOUGH && bound < ENOUGH_UNPACKED {
            if packed.peek(1)?.is_empty() {
                break;
            }
            let whole = match self.packing {
                Packing::Gzip => take_member(&mut packed, &mut unit)?,
                _ => take_frame(&mut packed, &mut unit)?,
            };
            let Some(more) = whole else {
                return Ok(Some(Unit::Rest(unit, at, packed)));
            };
            bound = bound.saturating_add(more);
        }
        self.packed = Some(packed);
        let bytes = unit;
        Ok((!bytes.is_empty()).then_some(Unit::Parts(Parts { bytes, at, bound })))
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

/// A member of BGZF.
pub(super) struct Member<'a> {
    /// All its bytes.
    pub(super) len: usize,
    pub(super) deflated: &'a [u8],
    /// What it says of the bytes it unpacks to: their checksum and number.
    pub(super) crc: u32,
    pub(super) size: usize,
}

/// The most bytes a member of BGZF unpacks to.
const MEMBER: u32 = 64 << 10;

/// The member of BGZF that bytes begin with, if all of it is there.
pub(super) fn member(bytes: &[u8]) -> Option<Member<'_>> {
    let len = bgzf_len(bytes)?;
    let member = bytes.get(..len)?;
    let extra = usize::from(u16::from_le_bytes([member[10], member[11]]));
    let deflated = member.get(12 + extra..len.checked_sub(8)?)?;
    let word = |at: usize| Some(u32::from_le_bytes(*member.get(at..)?.first_chunk()?));
    let (crc, size) = (word(len - 8)?, word(len - 4)?);
    (size <= MEMBER).then_some(Member {
        len,
        deflated,
        crc,
        size: size as usize,
    })
}

/// Takes a whole member of BGZF and gives how much it unpacks to; `None` if
/// there is none.
fn take_member(packed: &mut Packed, unit: &mut Vec<u8>) -> io::Result<Option<u64>> {
    let Some(len) = bgzf_len(packed.peek(BGZF_HEADER)?) else {
        return Ok(None);
    };
    let from = unit.len();
    let whole = take(packed, unit, len)?;
    // One that lies about itself is left to who looks closer.
    let size = || member(&unit[from..]).map_or(u64::MAX, |member| member.size as u64);
    Ok(whole.then(size))
}

/// The most bytes a block of zstd unpacks to.
const ZSTD_BLOCK: u64 = 128 << 10;

/// Takes a whole frame of zstd and gives the most it can unpack to; `None` if
/// there is none, or it is too large, or it is cut off. What was taken of it is
/// in `unit` all the same.
fn take_frame(packed: &mut Packed, unit: &mut Vec<u8>) -> io::Result<Option<u64>> {
    let from = unit.len();
    let head = packed.peek(8)?;
    let (Some(&mark), Some(&descriptor)) = (head.first_chunk::<4>(), head.get(4)) else {
        return Ok(None);
    };
    if mark[0] & 0xf0 == 0x50 && mark[1..] == [0x2a, 0x4d, 0x18] {
        let Some(len) = head.get(4..8).and_then(|len| len.try_into().ok()) else {
            return Ok(None);
        };
        let len = u32::from_le_bytes(len) as usize;
        return Ok((len < TOO_MANY && take(packed, unit, 8 + len)?).then_some(0));
    }
    if mark != [0x28, 0xb5, 0x2f, 0xfd] {
        return Ok(None);
    }
    let single = descriptor >> 5 & 1;
    let dictionary = [0, 1, 2, 4][usize::from(descriptor & 3)];
    let size = [usize::from(single), 2, 4, 8][usize::from(descriptor >> 6)];
    let header = 5 + usize::from(1 - single) + dictionary + size;
    if !take(packed, unit, header)? {
        return Ok(None);
    }
    let says = content_size(&unit[from + header - size..]);
    let mut blocks = 0_u64;
    loop {
        let mut header = [0; 4];
        let Some(three) = packed.peek(3)?.get(..3) else {
            return Ok(None);
        };
        header[..3].copy_from_slice(three);
        let header = u32::from_le_bytes(header);
        let (last, kind, size) = (header & 1 == 1, header >> 1 & 3, header >> 3);
        // A block of one repeated byte.
        let size = if kind == 1 { 1 } else { size as usize };
        if unit.len() - from + size > TOO_MANY || !take(packed, unit, 3 + size)? {
            return Ok(None);
        }
        blocks += 1;
        if last {
            let checksum = usize::from(descriptor >> 2 & 1) * 4;
            let bound = says.unwrap_or(u64::MAX).min(blocks * ZSTD_BLOCK);
            return Ok(take(packed, unit, checksum)?.then_some(bound));
        }
    }
}

/// What the field of this many bytes says a frame unpacks to.
fn content_size(field: &[u8]) -> Option<u64> {
    let mut bytes = [0; 8];
    bytes.get_mut(..field.len())?.copy_from_slice(field);
    let size = u64::from_le_bytes(bytes);
    match field.len() {
        0 => None,
        2 => Some(size + 256),
        _ => Some(size),
    }
}

/// Takes so many bytes; false if there are fewer.
fn take(packed: &mut Packed, unit: &mut Vec<u8>, len: usize) -> io::Result<bool> {
    let before = unit.len();
    packed.by_ref().take(len as u64).read_to_end(unit)?;
    Ok(unit.len() - before == len)
}
