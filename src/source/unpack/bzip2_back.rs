//! Unpacking the rest of a stream of bzip2, from the begin of a block on.
//!
//! What is wrong with a stream, and what of it comes out before that, is told
//! by a decoder that reads it bit by bit. It can begin within the stream if it
//! is given a header, a block made for the purpose, and what follows. That
//! block has the checksum of all blocks before, so that the one at the end of
//! the stream is what it says; and it ends at the bit of a byte where what
//! follows begins, so that all bytes behind it are those of the data.
//!
//! To begin with the stream instead, and to drop what came out before, takes 1.7 times as
//! long of a file that is cut off at 95 % (`unpack/bzip2-cut-off` in `benches/search.rs`).

use std::io::{self, Cursor, Read, Write};

use super::{
    Packing, Unpacker,
    bzip2_marks::{MARK, Mark, bits},
    packed::{Open, Packed},
};

/// Where to go on within a stream.
pub(super) struct Back {
    /// Where the stream begins.
    pub(super) begun: u64,
    pub(super) level: u8,
    /// The bit of the data where the block begins, and the byte that has it.
    pub(super) bit: u64,
    pub(super) byte: u8,
    /// The checksum of the blocks before.
    pub(super) sum: u32,
}

impl Back {
    /// Unpacks what follows, other streams too.
    pub(super) fn unpacker(&self, open: &Open) -> io::Result<Unpacker> {
        if self.bit == (self.begun + 4) * 8 {
            let packed = Packed::resumed(open(self.begun), self.begun);
            return Ok(Unpacker::of(Packing::Bzip2, packed, self.begun > 0));
        }
        let (byte, bit) = (self.bit / 8, (self.bit % 8) as usize);
        let (mut before, end, len) = summing_up_to(self.sum, bit)?;
        before[3] = self.level;
        let mask = 0xff_u8.checked_shr(bit as u32).unwrap_or(0);
        before.truncate(end / 8 + 1);
        before[end / 8] = before[end / 8] & !mask | self.byte & mask;
        let at = (byte + 1).wrapping_sub(before.len() as u64);
        let all = Cursor::new(before).chain(open(byte + 1));
        let packed = Packed::resumed(Box::new(all), at);
        let mut unpacker = Unpacker::within(Packing::Bzip2, packed, self.begun)?;
        unpacker.read_exact(&mut vec![0; len])?;
        Ok(unpacker)
    }
}

/// A stream of one block with this checksum that ends at this bit of a byte:
/// its bytes, the bit where the block ends, and how many bytes it unpacks to.
fn summing_up_to(sum: u32, bit: usize) -> io::Result<(Vec<u8>, usize, usize)> {
    // How many bits it has depends on its bytes in ways that are as good as
    // random.
    for attempt in 1..=u16::MAX {
        let bytes = with_sum(attempt, sum);
        let level = bzip2::Compression::fast();
        let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), level);
        encoder.write_all(&bytes)?;
        let stream = encoder.finish()?;
        let last = stream.len() * 8 - MARK - 32;
        let is_end = |&at: &usize| bits(&stream, at, MARK) == Some(Mark::End.bits());
        let end = (last - 7..=last).find(is_end);
        if let Some(end) = end.filter(|end| end % 8 == bit) {
            return Ok((stream, end, bytes.len()));
        }
    }
    Err(io::Error::other("bzip2: no block ends there"))
}

/// The polynomial of the checksum of a block.
const POLYNOMIAL: u32 = 0x04c1_1db7;

/// The checksum of the bytes of a block.
pub(super) fn checksum(bytes: &[u8]) -> u32 {
    let mut sum = !0;
    for &byte in bytes {
        sum ^= u32::from(byte) << 24;
        for _ in 0..8 {
            let out = sum >> 31;
            sum = (sum << 1) ^ (out * POLYNOMIAL);
        }
    }
    !sum
}

/// Spreads numbers over all bits.
const SPREAD: u128 = 0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835;

/// Some bytes with this checksum, others at each attempt.
fn with_sum(attempt: u16, sum: u32) -> Vec<u8> {
    let any = SPREAD.wrapping_mul(attempt.into());
    let mut bytes = any.to_be_bytes().to_vec();
    let from = !checksum(&bytes);
    // The four bytes that lead from there to the sum are what differs from
    // where four zeros would have to begin.
    let mut to = !sum;
    for _ in 0..32 {
        let out = to & 1;
        to = ((to ^ (out * POLYNOMIAL)) >> 1) | (out << 31);
    }
    bytes.extend((from ^ to).to_be_bytes());
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_of_any_sum_ends_at_any_bit() {
        for sum in [0, 1, 0x8000_0000, 0xffff_ffff, 0x1234_5678, POLYNOMIAL] {
            for bit in 0..8 {
                let (stream, end, len) = summing_up_to(sum, bit).unwrap();
                assert_eq!(end % 8, bit);
                // The checksum of the block, and that of the stream.
                assert_eq!(bits(&stream, 80, 32), Some(sum.into()), "{sum:x} {bit}");
                assert_eq!(bits(&stream, end + MARK, 32), Some(sum.into()));
                let mut unpacked = Vec::new();
                let mut decoder = bzip2::read::BzDecoder::new(&stream[..]);
                decoder.read_to_end(&mut unpacked).unwrap();
                assert_eq!(unpacked.len(), len);
            }
        }
    }
}
