//! Whole parts unpacked in one go, straight to where they are looked at.
//!
//! Where that fails for any reason, the parts are unpacked once more bit by
//! bit ([`super::Unpacker`]), which knows what comes before the damage and what
//! to say about it; those of BGZF with all that follows them.

use super::{Packing, split::member};
use crate::source::block::Block;

/// What a thread keeps from unit to unit.
pub(super) enum Whole {
    Gzip(flate2::Decompress),
    Zstd(zstd::bulk::Decompressor<'static>),
}

impl Whole {
    /// Unpacks parts of this kind; `None` if only the other way does.
    pub(super) fn new(packing: Packing) -> Option<Whole> {
        match packing {
            Packing::Gzip => Some(Whole::Gzip(flate2::Decompress::new(false))),
            Packing::Zstd => zstd::bulk::Decompressor::new().ok().map(Whole::Zstd),
            _ => None,
        }
    }

    /// Unpacks whole parts that hold no more than `bound` bytes into an empty
    /// block. False if something is wrong with them; what the block then holds
    /// means nothing.
    pub(super) fn unpack(&mut self, parts: &[u8], bound: usize, block: &mut Block) -> bool {
        match self {
            Whole::Gzip(decoder) => gzip(decoder, parts, block),
            Whole::Zstd(decoder) => {
                let got = decoder.decompress_to_buffer(parts, block.room(bound));
                block.grow(*got.as_ref().unwrap_or(&0));
                got.is_ok()
            }
        }
    }
}

/// Unpacks members of BGZF.
fn gzip(decoder: &mut flate2::Decompress, mut parts: &[u8], block: &mut Block) -> bool {
    while !parts.is_empty() {
        let Some(member) = member(parts) else {
            return false;
        };
        decoder.reset(false);
        let room = block.room(member.size);
        let ended = decoder.decompress(member.deflated, room, flate2::FlushDecompress::Finish);
        let whole = matches!(ended, Ok(flate2::Status::StreamEnd))
            && decoder.total_in() == member.deflated.len() as u64
            && decoder.total_out() == member.size as u64
            && crc32fast::hash(room) == member.crc;
        if !whole {
            return false;
        }
        block.grow(member.size);
        parts = &parts[member.len..];
    }
    true
}
