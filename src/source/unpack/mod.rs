//! Compressed input, decoded in this process.
//!
//! What a source is packed with shows in its first bytes, whatever its name
//! (`app.log.1` may be gzip); brotli and raw LZMA have no mark and go by the
//! name. Packed data often consists of several parts (members of gzip, frames
//! of zstd, streams of xz and bzip2): all are read, and what follows the last
//! one is an error unless it is padding.
//!
//! Nothing is held but the window of the decoder and a few blocks, so that a
//! small file that unpacks to terabytes costs time and no memory.

mod ahead;
mod blocks;
mod bound;
mod brotli;
mod bzip2_back;
mod bzip2_checked;
mod bzip2_cut;
mod bzip2_marks;
mod compress;
mod damage;
mod decoder;
mod gzip;
mod lz4;
mod packed;
mod packing;
mod seal;
pub(super) mod skippable;
mod split;
mod together;
mod whole;
mod zstd_frame;

pub(crate) use blocks::Blocks;
pub(super) use bound::{Bound, Bounded};
pub(crate) use damage::Damaged;
pub(super) use damage::{damaged, stopped};
pub(super) use decoder::Unpacker;
pub(super) use packed::Open;
pub(super) use packing::{LONGEST_MARK, Packing};
pub(crate) use together::Helper;

#[cfg(test)]
mod bzip2_tests;
#[cfg(test)]
mod panics;
#[cfg(test)]
mod prefixes;
#[cfg(test)]
mod tests;
