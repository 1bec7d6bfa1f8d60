//! Sixty-four bytes at a time, as sets of bits.
//!
//! [`visit`] turns each block into [`Masks`] and hands it to a [`Visit`]or,
//! which is compiled into the loop together with the widest instructions the
//! processor has. Bit `i` of a mask stands for byte `i` of the block, so that
//! counting, runs and carries over bytes are a few instructions for a block.

#![allow(
    unsafe_code,
    reason = "a function for newer processors is called after asking for them"
)]
#![expect(
    clippy::inline_always,
    reason = "what is not inlined is not compiled for the newer processor"
)]

/// The bytes of one block, by class.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) struct Masks {
    /// `\n`.
    pub(super) newline: u64,
    /// `\r`.
    pub(super) cr: u64,
    /// Zero bytes.
    pub(super) nul: u64,
    /// Space, `\t`, `\n`, `\v`, `\f`, `\r`.
    pub(super) space: u64,
    /// Bytes from 0x80 on.
    pub(super) high: u64,
}

impl Masks {
    fn keep(self, valid: u64) -> Masks {
        Masks {
            newline: self.newline & valid,
            cr: self.cr & valid,
            nul: self.nul & valid,
            space: self.space & valid,
            high: self.high & valid,
        }
    }
}

/// Takes the blocks of a slice, one after the other.
///
/// Implementations keep their counters in themselves and are passed by value,
/// so that the loop holds them in registers.
pub(super) trait Visit: Sized {
    /// Takes the next block. `valid` has a bit for every byte there is: all
    /// but in the last block, whose other mask bits are 0 where it has none.
    fn block(&mut self, masks: Masks, valid: u64);
}

/// Shows the visitor every block of the slice.
pub(super) fn visit<V: Visit>(bytes: &[u8], visitor: V) -> V {
    #[cfg(target_arch = "x86_64")]
    {
        if is_x86_feature_detected!("avx2")
            && is_x86_feature_detected!("bmi1")
            && is_x86_feature_detected!("bmi2")
            && is_x86_feature_detected!("popcnt")
        {
            // SAFETY: the processor has every feature the function asks for.
            return unsafe { x86::visit(bytes, visitor) };
        }
    }
    drive(bytes, visitor, portable)
}

#[inline(always)]
fn drive<V: Visit>(bytes: &[u8], mut visitor: V, masks: impl Fn(&[u8; 64]) -> Masks) -> V {
    let (blocks, rest) = bytes.as_chunks::<64>();
    for block in blocks {
        visitor.block(masks(block), u64::MAX);
    }
    if !rest.is_empty() {
        let mut block = [0; 64];
        block[..rest.len()].copy_from_slice(rest);
        let valid = u64::MAX >> (64 - rest.len());
        visitor.block(masks(&block).keep(valid), valid);
    }
    visitor
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use std::arch::x86_64::{
        __m256i, _mm256_cmpeq_epi8, _mm256_movemask_epi8, _mm256_set_epi64x, _mm256_set1_epi8,
        _mm256_setr_epi8, _mm256_setzero_si256, _mm256_shuffle_epi8,
    };

    use super::{Masks, Visit, drive};

    #[target_feature(enable = "avx2,bmi1,bmi2,popcnt")]
    pub(super) fn visit<V: Visit>(bytes: &[u8], visitor: V) -> V {
        drive(bytes, visitor, |block| masks(block))
    }

    #[inline]
    #[target_feature(enable = "avx2")]
    fn masks(block: &[u8; 64]) -> Masks {
        let (words, _) = block.as_chunks::<8>();
        // Four adjacent words become one load.
        let half = |i: usize| {
            let word = |j: usize| i64::from_le_bytes(words[4 * i + j]);
            _mm256_set_epi64x(word(3), word(2), word(1), word(0))
        };
        let (low, high) = (half(0), half(1));
        let bits = |a: __m256i, b: __m256i| {
            let a = _mm256_movemask_epi8(a).cast_unsigned();
            let b = _mm256_movemask_epi8(b).cast_unsigned();
            u64::from(a) | u64::from(b) << 32
        };
        let equal =
            |byte: __m256i| bits(_mm256_cmpeq_epi8(low, byte), _mm256_cmpeq_epi8(high, byte));
        // Each white-space byte has its own low nibble: look it up there and
        // compare. -1 is never equal, since a byte with its top bit looks up 0.
        let table = _mm256_setr_epi8(
            32, -1, -1, -1, -1, -1, -1, -1, -1, 9, 10, 11, 12, 13, -1, -1, //
            32, -1, -1, -1, -1, -1, -1, -1, -1, 9, 10, 11, 12, 13, -1, -1,
        );
        Masks {
            newline: equal(_mm256_set1_epi8(b'\n'.cast_signed())),
            cr: equal(_mm256_set1_epi8(b'\r'.cast_signed())),
            nul: equal(_mm256_setzero_si256()),
            space: bits(
                _mm256_cmpeq_epi8(_mm256_shuffle_epi8(table, low), low),
                _mm256_cmpeq_epi8(_mm256_shuffle_epi8(table, high), high),
            ),
            high: bits(low, high),
        }
    }
}

/// Eight bytes at a time in an ordinary register.
fn portable(block: &[u8; 64]) -> Masks {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const LOW: u64 = 0x7f * ONES;
    const TOP: u64 = 0x80 * ONES;
    // The top bits of eight bytes, gathered into eight bits.
    let gather = |tops: u64| ((tops & TOP) >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56;
    let zero = |word: u64| !(((word & LOW) + LOW) | word);
    let mut masks = Masks::default();
    for (i, word) in block.as_chunks::<8>().0.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        let equal = |byte: u8| zero(word ^ (u64::from(byte) * ONES));
        let at_least = |byte: u64| (word & LOW) + (0x80 - byte) * ONES;
        let control = at_least(9) & !at_least(14) & !word;
        let put = |mask: &mut u64, tops: u64| *mask |= gather(tops) << (8 * i);
        put(&mut masks.newline, equal(b'\n'));
        put(&mut masks.cr, equal(b'\r'));
        put(&mut masks.nul, zero(word));
        put(&mut masks.space, control | equal(b' '));
        put(&mut masks.high, word);
    }
    masks
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Collect(Vec<(Masks, u64)>);

    impl Visit for Collect {
        fn block(&mut self, masks: Masks, valid: u64) {
            self.0.push((masks, valid));
        }
    }

    fn naive(block: &[u8]) -> (Masks, u64) {
        let mask = |is: &dyn Fn(u8) -> bool| {
            let bits = block.iter().enumerate();
            bits.fold(0, |mask, (i, &b)| mask | u64::from(is(b)) << i)
        };
        let masks = Masks {
            newline: mask(&|b| b == b'\n'),
            cr: mask(&|b| b == b'\r'),
            nul: mask(&|b| b == 0),
            space: mask(&|b| matches!(b, b' ' | 9..=13)),
            high: mask(&|b| b >= 0x80),
        };
        (masks, mask(&|_| true))
    }

    #[test]
    fn every_byte_has_its_class_at_every_place() {
        let mut bytes: Vec<u8> = (0..=255).collect();
        bytes.extend((0..=255).rev());
        bytes.extend((0..251).map(|i: u8| [b'\n', b'\r', 0, b' ', 9, 14, 8, 0x89][i as usize % 7]));
        for len in (0..140).chain([bytes.len()]) {
            for from in [0, 1, 7, 300] {
                let bytes = &bytes[from.min(len)..len];
                let want: Vec<_> = bytes.chunks(64).map(naive).collect();
                assert_eq!(visit(bytes, Collect(vec![])).0, want, "{from}..{len}");
                assert_eq!(
                    drive(bytes, Collect(vec![]), portable).0,
                    want,
                    "{from}..{len}"
                );
            }
        }
    }
}
