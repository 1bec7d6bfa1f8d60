//! bzip2 cut into units of blocks that can be unpacked at the same time.
//!
//! A stream is `BZh`, a digit, blocks, a mark and a checksum made of those of
//! its blocks. Each block begins with a mark and the checksum of its bytes, and
//! nothing in it refers to the one before. So blocks that are put between a
//! header and an end of their own are a stream; that it is whole, that its
//! checksums are right and that it ends with its last bit is what makes it
//! certain that the marks it was cut at are none by chance: up to its end, a
//! decoder of the whole stream sees the same bits.
//!
//! Where it is anything else, the way back is to unpack the rest one after the
//! other ([`Back`]).

use std::io::{self, BufRead};

use super::{
    Packing,
    bzip2_back::Back,
    bzip2_marks::{Finder, MARK, Mark, bits},
    packed::Packed,
    split::Unit,
};
use crate::source::block::Block;

/// Small blocks are put together up to this many packed bytes.
const ENOUGH: usize = 128 << 10;

/// Nor more than this many, which hold no more than about 7 MB of text.
const BLOCKS: u32 = 8;

/// What has no mark in so many bytes is left to the way back: the largest block
/// an encoder makes has less than 3 MB.
const TOO_MANY: usize = 8 << 20;

/// How many bits a checksum has.
const SUM: usize = 32;

/// A header: `BZh`, a digit.
const HEADER: usize = 4;

/// How much of a unit is unpacked at a time; the largest block of text fits.
const ROOM: usize = 1 << 20;

/// Cuts streams of bzip2 into units.
pub(super) struct Cutter {
    packed: Packed,
    finder: Finder,
    /// Packed bytes that are not in a unit yet, and the offset of the first.
    bytes: Vec<u8>,
    base: u64,
    /// The bit of them where the next unit begins.
    at: usize,
    /// `None` between streams.
    stream: Option<Stream>,
}

/// The stream at hand.
#[derive(Clone, Copy)]
struct Stream {
    begun: u64,
    level: u8,
    /// The checksum of the blocks so far.
    sum: u32,
}

/// Some blocks of a stream.
pub(super) struct Cut {
    /// Begins with the byte that has their first bit.
    bytes: Vec<u8>,
    /// The first bit, and how many there are.
    from: usize,
    len: usize,
    level: u8,
    /// Their checksum, were they all of a stream.
    sum: u32,
    /// Where to go on if they are not what they look like.
    pub(super) back: Back,
}

/// What came of unpacking some blocks.
#[derive(Debug, Eq, PartialEq)]
pub(super) enum Outcome {
    /// All is in the block of bytes.
    Whole,
    /// They are right, and too much to be held.
    TooMuch,
    /// They are not what they look like.
    Wrong,
}

/// The checksum of a stream with one more block.
fn with_block(sum: u32, block: u32) -> u32 {
    sum.rotate_left(1) ^ block
}

impl Cutter {
    pub(super) fn new(packed: Packed) -> Result<Cutter, Packed> {
        let Some(finder) = Finder::new() else {
            return Err(packed);
        };
        Ok(Cutter {
            base: packed.at(),
            packed,
            finder,
            bytes: Vec::new(),
            at: 0,
            stream: None,
        })
    }

    /// The next unit; `None` at the end.
    pub(super) fn next(&mut self) -> io::Result<Option<Unit>> {
        loop {
            self.pass();
            if let Some(stream) = self.stream {
                return self.cut(stream).map(Some);
            }
            if !self.begin()? {
                let rest = self.bytes.split_off(self.at / 8);
                return Ok((!rest.is_empty()).then(|| {
                    let packed = Packed::resumed(Box::new(io::empty()), 0);
                    let packed = std::mem::replace(&mut self.packed, packed);
                    Unit::Rest(rest, self.byte_at(), packed)
                }));
            }
        }
    }

    /// Drops what is in a unit, once it is most of what there is.
    fn pass(&mut self) {
        let passed = self.at / 8;
        if passed > self.bytes.len() / 2 {
            self.bytes.drain(..passed);
            self.base += passed as u64;
            self.at %= 8;
        }
    }

    /// Where in the data the byte is that the next unit begins in.
    fn byte_at(&self) -> u64 {
        self.base + self.at as u64 / 8
    }

    /// Begins a stream, or passes one without blocks; false if there is none.
    fn begin(&mut self) -> io::Result<bool> {
        let first = self.at + 8 * HEADER;
        let Some(sum) = self.sum(first + MARK)? else {
            return Ok(false);
        };
        let header = &self.bytes[self.at / 8..];
        if !Packing::Bzip2.begins(header) {
            return Ok(false);
        }
        let level = header[HEADER - 1];
        if bits(&self.bytes, first, MARK) == Some(Mark::End.bits()) {
            if sum != 0 {
                return Ok(false);
            }
            self.at = first + MARK + SUM;
            return Ok(true);
        }
        self.stream = Some(Stream {
            begun: self.byte_at(),
            level,
            sum: 0,
        });
        self.at = first;
        Ok(true)
    }

    /// The next blocks of a stream, or the way back if there are none.
    fn cut(&mut self, stream: Stream) -> io::Result<Unit> {
        let back = Back {
            begun: stream.begun,
            level: stream.level,
            bit: self.base * 8 + self.at as u64,
            byte: self.bytes[self.at / 8],
            sum: stream.sum,
        };
        let Some((len, sum)) = self.blocks(stream)? else {
            return Ok(Unit::Back(back));
        };
        let end = self.at + len;
        let cut = Cut {
            bytes: self.bytes[self.at / 8..end.div_ceil(8)].to_vec(),
            from: self.at % 8,
            len,
            level: stream.level,
            sum,
            back,
        };
        self.at = match self.stream {
            Some(_) => end,
            None => (end + MARK + SUM).next_multiple_of(8),
        };
        Ok(Unit::Blocks(cut))
    }

    /// How many bits the next blocks have, and their checksum.
    fn blocks(&mut self, mut stream: Stream) -> io::Result<Option<(usize, u32)>> {
        let (from, mut sum) = (self.at, 0);
        let (mut block, mut blocks) = (from, 0);
        loop {
            let Some(its) = self.sum(block + MARK)? else {
                return Ok(None);
            };
            let Some((end, mark)) = self.mark_behind(block + MARK + SUM)? else {
                return Ok(None);
            };
            sum = with_block(sum, its);
            stream.sum = with_block(stream.sum, its);
            self.stream = Some(stream);
            blocks += 1;
            if mark == Mark::End {
                self.stream = None;
                let says = self.sum(end + MARK)?;
                return Ok((says == Some(stream.sum)).then_some((end - from, sum)));
            }
            if blocks == BLOCKS || (end - from) / 8 >= ENOUGH {
                return Ok(Some((end - from, sum)));
            }
            block = end;
        }
    }

    /// The next mark from this bit on, unless it is far away.
    fn mark_behind(&mut self, bit: usize) -> io::Result<Option<(usize, Mark)>> {
        let mut from = bit;
        loop {
            let found = self.finder.find(&self.bytes, from);
            let far = self.bytes.len() - bit / 8 > TOO_MANY;
            let searched = self.bytes.len().saturating_sub(MARK / 8) * 8;
            if found.is_some() || far || !self.read()? {
                return Ok(found);
            }
            from = bit.max(searched);
        }
    }

    /// The checksum at this bit.
    fn sum(&mut self, bit: usize) -> io::Result<Option<u32>> {
        while self.bytes.len() * 8 < bit + SUM {
            if !self.read()? {
                return Ok(None);
            }
        }
        Ok(bits(&self.bytes, bit, SUM).map(|sum| sum as u32))
    }

    /// Reads more; false at the end.
    fn read(&mut self) -> io::Result<bool> {
        let more = self.packed.fill_buf()?;
        let got = more.len();
        self.bytes.extend_from_slice(more);
        self.packed.consume(got);
        Ok(got > 0)
    }
}

impl Cut {
    /// A stream that has these blocks and no others.
    pub(super) fn stream(&self) -> Vec<u8> {
        let (bytes, from) = (&self.bytes, self.from as u32);
        let mut stream = Vec::with_capacity(HEADER + bytes.len() + 12);
        stream.extend_from_slice(&[b'B', b'Z', b'h', self.level]);
        let whole = self.len / 8;
        if from == 0 {
            stream.extend_from_slice(&bytes[..whole]);
        } else {
            let pairs = bytes.iter().zip(&bytes[1..]).take(whole);
            stream.extend(pairs.map(|(&a, &b)| a << from | b >> (8 - from)));
        }
        let left = self.len % 8;
        let last = bits(bytes, self.from + whole * 8, left.max(1)).unwrap_or(0);
        let last = if left == 0 { 0 } else { u128::from(last) };
        let end = last << (MARK + SUM) | u128::from(Mark::End.bits()) << SUM | u128::from(self.sum);
        let end_bits = left + MARK + SUM;
        let end = end << (128 - end_bits);
        stream.extend_from_slice(&end.to_be_bytes()[..end_bits.div_ceil(8)]);
        stream
    }
}

/// Unpacks a stream that was made of some blocks into an empty block of bytes;
/// `most`: how much of it may be held.
pub(super) fn unpack(stream: &[u8], most: usize, block: &mut Block) -> Outcome {
    let mut decoder = bzip2::Decompress::new(false);
    let mut outcome = Outcome::Whole;
    loop {
        if block.len() >= most {
            outcome = Outcome::TooMuch;
            block.truncate(0);
        }
        let before = (decoder.total_in(), decoder.total_out());
        let status = decoder.decompress(&stream[before.0 as usize..], block.room(ROOM));
        let after = (decoder.total_in(), decoder.total_out());
        block.grow((after.1 - before.1) as usize);
        match status {
            Ok(bzip2::Status::StreamEnd) if after.0 == stream.len() as u64 => return outcome,
            Ok(bzip2::Status::Ok) if after != before => {}
            _ => return Outcome::Wrong,
        }
    }
}
