//! Where a literal ends, and where lines do, by the words of blocks.
//!
//! What that brings is measured where it is used, in `having.rs` (1.16 to 1.38 times as
//! fast) and in `first.rs` (1.27 times).

#![expect(
    clippy::inline_always,
    reason = "what is not inlined is not compiled for the newer processor"
)]

use super::{
    bits::{Bits, Words},
    class::ByteClass,
    window::CLASSES,
};

/// So many bytes at the end of the literal are looked for in blocks; what is before
/// them is compared.
const LOOKED: usize = 3;

/// What bytes at the end of a block leave for the next one, a bit each: the last but
/// one of the literal, and the one before.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Carry(u64, u64);

/// A longer literal is not looked for in this way.
pub(super) const LONGEST: usize = 64;

/// So many places may turn out not to be the literal, and one of so many bytes besides:
/// where more do, as in lines of one byte over and over, to look for it in another way
/// costs less.
const IN_VAIN: usize = 512;
const BYTES_A_PLACE: usize = 32;

/// Counts places that were looked at in vain.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Vain(usize);

impl Vain {
    /// One more, so far into the text; true if there are too many.
    #[inline(always)]
    pub(super) fn one_more(&mut self, at: usize) -> bool {
        self.0 += 1;
        self.0 > IN_VAIN + at / BYTES_A_PLACE
    }
}

/// A literal and the ends of lines, made ready to be looked for.
#[derive(Clone, Debug)]
pub(super) struct Ends {
    literal: Vec<u8>,
    /// The ends of lines are the first class.
    bits: Bits,
    /// The classes of the last bytes of the literal, the last one first.
    looked: [u8; LOOKED],
    /// How many of them there are.
    last: usize,
}

impl Ends {
    /// `None` if the literal is empty, too long or spans lines, or if nothing would be
    /// gained.
    pub(super) fn new(literal: Vec<u8>) -> Option<Ends> {
        let fits = (1..=LONGEST).contains(&literal.len());
        if !fits || literal.contains(&b'\n') || !Bits::is_fast() {
            return None;
        }
        let mut different = vec![ByteClass::of(b'\n')];
        let mut looked = [0; LOOKED];
        let last = literal.iter().rev().take(LOOKED);
        for (byte, class) in last.zip(&mut looked) {
            let byte = ByteClass::of(*byte);
            let at = different.iter().position(|known| *known == byte);
            *class = at.unwrap_or(different.len()) as u8;
            if at.is_none() {
                different.push(byte);
            }
        }
        Some(Ends {
            bits: Bits::new(&different)?,
            looked,
            last: literal.len().min(LOOKED),
            literal,
        })
    }

    pub(super) fn literal(&self) -> &[u8] {
        &self.literal
    }

    pub(super) fn bits(&self) -> &Bits {
        &self.bits
    }

    /// Where in a block the literal may end, as bits. Blocks come in order, each with
    /// the same carry.
    #[inline(always)]
    pub(super) fn of_literal(&self, words: &Words, valid: u64, carry: &mut Carry) -> u64 {
        // Word by word: to copy all of them at once waits until each has left for the
        // cache, which took a quarter of the time.
        let word = |i: usize| words[usize::from(self.looked[i]) % CLASSES];
        let mut ends = word(0) & valid;
        if self.last > 1 {
            let before = word(1);
            ends &= before << 1 | carry.0;
            carry.0 = before >> 63;
        }
        if self.last > 2 {
            let before = word(2);
            ends &= before << 2 | carry.1;
            carry.1 = before >> 62;
        }
        ends
    }

    /// Where in a block lines end, as bits.
    #[inline(always)]
    pub(super) fn of_lines(words: &Words, valid: u64) -> u64 {
        words[0] & valid
    }

    /// Where the literal begins that may end here, if it does.
    #[inline(always)]
    pub(super) fn start(&self, text: &[u8], end: usize) -> Option<usize> {
        let start = end.checked_sub(self.literal.len())?;
        let mut rest = self.literal.len() - self.last;
        while rest > 0 {
            rest -= 1;
            if text[start + rest] != self.literal[rest] {
                return None;
            }
        }
        Some(start)
    }
}
