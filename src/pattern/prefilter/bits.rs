//! Which bytes of a text are in some classes, sixty-four bytes at a time.
//!
//! For each class a word has a bit for every byte of the block that is in it.

#![allow(
    unsafe_code,
    reason = "a function for newer processors is called after asking for them"
)]
#![expect(
    clippy::inline_always,
    reason = "what is not inlined is not compiled for the newer processor"
)]

use super::{
    class::{ByteClass, Halves},
    window::CLASSES,
};

/// Bytes of a block.
pub(super) const BLOCK: usize = 64;

/// A word for each class.
pub(super) type Words = [u64; CLASSES];

/// What the words are for.
pub(super) trait Blocks {
    /// Takes the words of the block at `at`, of which these bits are those of
    /// bytes of the text; true if it wants no more of them. To be inlined
    /// always.
    fn block(&mut self, at: usize, words: &Words, valid: u64) -> bool;
}

/// How a class is looked up.
#[derive(Clone, Copy, Debug)]
enum Lookup {
    Byte(u8),
    /// All bytes from 0x80 on and no other.
    High,
    Halves(Halves),
}

/// Classes, made ready to be looked up.
#[derive(Clone, Debug)]
pub(super) struct Bits {
    lookups: Vec<Lookup>,
    /// Both tables of a class in the form that one instruction takes.
    halves: [Halves; CLASSES],
    /// The classes of each byte, as bits.
    classes: Box<[u8; 256]>,
}

impl Bits {
    /// `None` if the classes cannot be looked up, or if there are too many.
    pub(super) fn new(different: &[ByteClass]) -> Option<Bits> {
        if different.len() > CLASSES {
            return None;
        }
        let mut lookups = Vec::new();
        let mut halves = [Halves::default(); CLASSES];
        let mut classes = Box::new([0; 256]);
        for (i, class) in different.iter().enumerate() {
            halves[i] = class.halves()?;
            lookups.push(lookup(class, halves[i]));
            for byte in (0..=255_u8).filter(|&byte| class.has(byte)) {
                classes[usize::from(byte)] |= 1 << i;
            }
        }
        Some(Bits {
            lookups,
            halves,
            classes,
        })
    }

    /// How much there is to do for a block, in steps.
    pub(super) fn work(&self) -> usize {
        let of = |lookup: &Lookup| match lookup {
            Lookup::Byte(_) | Lookup::High => 2,
            Lookup::Halves(_) => 3,
        };
        self.lookups.iter().map(of).sum()
    }

    /// Whether the processor has what makes it fast.
    pub(super) fn is_fast() -> bool {
        #[cfg(target_arch = "x86_64")]
        {
            is_x86_feature_detected!("avx2")
                && is_x86_feature_detected!("bmi1")
                && is_x86_feature_detected!("bmi2")
        }
        #[cfg(not(target_arch = "x86_64"))]
        false
    }

    /// Gives it the words of all blocks of the text, in order, until it wants
    /// no more.
    pub(super) fn scan(&self, text: &[u8], to: &mut impl Blocks) {
        #[cfg(target_arch = "x86_64")]
        if Bits::is_fast() {
            if x86::is_wide() {
                // SAFETY: the processor has every feature the function asks for.
                unsafe { x86::scan_wide(self, text, to) };
            } else {
                // SAFETY: as above.
                unsafe { x86::scan(self, text, to) };
            }
            return;
        }
        self.scan_portable(text, to);
    }

    fn scan_portable(&self, text: &[u8], to: &mut impl Blocks) {
        let look_up = |block: &[u8; BLOCK], words: &mut Words| self.look_up(block, words);
        drive(text, to, look_up, |rest, words| {
            look_up(&padded(rest), words);
        });
    }

    /// Eight bytes at a time in an ordinary register.
    fn look_up(&self, block: &[u8; BLOCK], words: &mut Words) {
        const ONES: u64 = 0x0101_0101_0101_0101;
        words.fill(0);
        for (i, bytes) in block.as_chunks::<8>().0.iter().enumerate() {
            let classes = bytes.map(|byte| self.classes[usize::from(byte)]);
            let classes = u64::from_le_bytes(classes);
            for (class, word) in words.iter_mut().enumerate().take(self.lookups.len()) {
                let ones = classes >> class & ONES;
                *word |= (ones.wrapping_mul(0x0102_0408_1020_4080) >> 56) << (8 * i);
            }
        }
    }
}

/// Bytes that are no whole block as one.
#[inline(always)]
fn padded(rest: &[u8]) -> [u8; BLOCK] {
    let mut block = [0; BLOCK];
    block[..rest.len()].copy_from_slice(rest);
    block
}

#[inline(always)]
fn drive(
    text: &[u8],
    to: &mut impl Blocks,
    look_up: impl Fn(&[u8; BLOCK], &mut Words),
    look_up_rest: impl Fn(&[u8], &mut Words),
) {
    let mut words = [0; CLASSES];
    let (blocks, rest) = text.as_chunks::<BLOCK>();
    let mut at = 0;
    for block in blocks {
        look_up(block, &mut words);
        if to.block(at, &words, u64::MAX) {
            return;
        }
        at += BLOCK;
    }
    if !rest.is_empty() {
        look_up_rest(rest, &mut words);
        to.block(at, &words, u64::MAX >> (BLOCK - rest.len()));
    }
}

fn lookup(class: &ByteClass, halves: Halves) -> Lookup {
    let mut bytes = (0..=255).filter(|&byte| class.has(byte));
    match bytes.next() {
        Some(byte) if class.len() == 1 => Lookup::Byte(byte),
        _ if class.is_high() => Lookup::High,
        _ => Lookup::Halves(halves),
    }
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use std::arch::x86_64::{
        __m256i, __m512i, _mm_loadu_si128, _mm256_and_si256, _mm256_cmpeq_epi8,
        _mm256_movemask_epi8, _mm256_set_epi64x, _mm256_set1_epi8, _mm256_setzero_si256,
        _mm256_shuffle_epi8, _mm256_srli_epi16, _mm512_and_si512, _mm512_broadcast_i32x4,
        _mm512_loadu_si512, _mm512_maskz_loadu_epi8, _mm512_set1_epi8, _mm512_shuffle_epi8,
        _mm512_srli_epi16, _mm512_test_epi8_mask,
    };

    use super::{BLOCK, Bits, Blocks, CLASSES, Lookup, Words, drive, padded};

    #[derive(Clone, Copy)]
    enum Loaded {
        Byte(__m256i),
        High,
        Halves(__m256i, __m256i),
    }

    /// Whether the processor takes 64 bytes at once. Those that do and that
    /// slowed down for it were older than this extension.
    pub(super) fn is_wide() -> bool {
        is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512bw")
            && is_x86_feature_detected!("avx512vbmi")
    }

    #[target_feature(enable = "avx2,bmi1,bmi2")]
    pub(super) fn scan(bits: &Bits, text: &[u8], to: &mut impl Blocks) {
        let mut loaded = [Loaded::Byte(_mm256_setzero_si256()); CLASSES];
        let mut i = 0;
        while i < bits.lookups.len() {
            loaded[i % CLASSES] = match &bits.lookups[i] {
                Lookup::Byte(byte) => Loaded::Byte(_mm256_set1_epi8(byte.cast_signed())),
                Lookup::High => Loaded::High,
                Lookup::Halves(halves) => Loaded::Halves(table(&halves.low), table(&halves.high)),
            };
            i += 1;
        }
        match bits.lookups.len() {
            1 => begin::<1>(&loaded, text, to),
            2 => begin::<2>(&loaded, text, to),
            3 => begin::<3>(&loaded, text, to),
            _ => begin::<4>(&loaded, text, to),
        }
    }

    #[inline]
    #[target_feature(enable = "avx2,bmi1,bmi2")]
    fn begin<const N: usize>(loaded: &[Loaded; CLASSES], text: &[u8], to: &mut impl Blocks) {
        let look_up = |block: &[u8; BLOCK], words: &mut Words| look_up::<N>(loaded, block, words);
        drive(text, to, look_up, |rest, words| {
            look_up(&padded(rest), words);
        });
    }

    #[inline]
    #[target_feature(enable = "avx2,bmi1,bmi2")]
    fn look_up<const N: usize>(loaded: &[Loaded; CLASSES], block: &[u8; BLOCK], words: &mut Words) {
        let nibble = _mm256_set1_epi8(15);
        let half = |i: usize| {
            let (words, _) = block.as_chunks::<8>();
            let word = |j: usize| i64::from_le_bytes(words[4 * i + j]);
            // Four adjacent words become one load.
            let bytes = _mm256_set_epi64x(word(3), word(2), word(1), word(0));
            let high = _mm256_and_si256(_mm256_srli_epi16::<4>(bytes), nibble);
            (bytes, _mm256_and_si256(bytes, nibble), high)
        };
        // Neither by `map` nor by iterators: what is not compiled for the
        // processor is not inlined everywhere.
        let (first, second) = (half(0), half(1));
        let mut i = 0;
        while i < N {
            let (a, b) = (is_in(&loaded[i], first), is_in(&loaded[i], second));
            // The compiler must not see where the bits come from: it takes what is done
            // to them, choices among classes included, for work on vectors of single
            // bits, which the processor does not have, and does it byte by byte. `-c`
            // of `[0-9a-f]{8}-[0-9a-f]{4}` took 1.6 times as long as with each half
            // hidden by itself, which took 1.4 times as long as this.
            words[i] = std::hint::black_box(u64::from(a) | u64::from(b) << 32);
            i += 1;
        }
    }

    /// The bytes, and their low and high halves.
    type Half = (__m256i, __m256i, __m256i);

    #[inline]
    #[target_feature(enable = "avx2")]
    fn is_in(loaded: &Loaded, (bytes, low, high): Half) -> u32 {
        match loaded {
            Loaded::Byte(byte) => bits(_mm256_cmpeq_epi8(bytes, *byte)),
            Loaded::High => bits(bytes),
            Loaded::Halves(of_low, of_high) => {
                let low = _mm256_shuffle_epi8(*of_low, low);
                let high = _mm256_shuffle_epi8(*of_high, high);
                let both = _mm256_and_si256(low, high);
                !bits(_mm256_cmpeq_epi8(both, _mm256_setzero_si256()))
            }
        }
    }

    #[inline]
    #[target_feature(enable = "avx2")]
    fn bits(bytes: __m256i) -> u32 {
        _mm256_movemask_epi8(bytes).cast_unsigned()
    }

    #[inline]
    #[target_feature(enable = "avx2")]
    fn table(half: &[u8; 16]) -> __m256i {
        let (words, _) = half.as_chunks::<8>();
        let word = |i: usize| i64::from_le_bytes(words[i]);
        _mm256_set_epi64x(word(1), word(0), word(1), word(0))
    }

    /// Scans with 64 bytes in a register. A class is looked up in one way
    /// only, which makes it cheap to begin.
    #[target_feature(enable = "avx2,bmi1,bmi2,avx512f,avx512bw,avx512vbmi")]
    pub(super) fn scan_wide(bits: &Bits, text: &[u8], to: &mut impl Blocks) {
        match bits.lookups.len() {
            1 => begin_wide::<1>(bits, text, to),
            2 => begin_wide::<2>(bits, text, to),
            3 => begin_wide::<3>(bits, text, to),
            _ => begin_wide::<4>(bits, text, to),
        }
    }

    #[inline]
    #[target_feature(enable = "avx2,bmi1,bmi2,avx512f,avx512bw,avx512vbmi")]
    fn begin_wide<const N: usize>(bits: &Bits, text: &[u8], to: &mut impl Blocks) {
        let look_up = |block: &[u8; BLOCK], words: &mut Words| {
            // SAFETY: the block has as many bytes as are loaded.
            let bytes = unsafe { _mm512_loadu_si512(block.as_ptr().cast()) };
            look_up_wide::<N>(bits, bytes, words);
        };
        drive(text, to, look_up, |rest, words| {
            let mask = !u64::MAX.unbounded_shl(rest.len() as u32);
            // SAFETY: no other bytes than those of the rest are loaded.
            let bytes = unsafe { _mm512_maskz_loadu_epi8(mask, rest.as_ptr().cast()) };
            look_up_wide::<N>(bits, bytes, words);
        });
    }

    #[inline]
    #[target_feature(enable = "avx2,bmi1,bmi2,avx512f,avx512bw,avx512vbmi")]
    fn look_up_wide<const N: usize>(bits: &Bits, bytes: __m512i, words: &mut Words) {
        let nibble = _mm512_set1_epi8(15);
        let low = _mm512_and_si512(bytes, nibble);
        let high = _mm512_and_si512(_mm512_srli_epi16::<4>(bytes), nibble);
        let mut i = 0;
        while i < N {
            let halves = &bits.halves[i];
            words[i] = _mm512_test_epi8_mask(
                _mm512_shuffle_epi8(table_wide(&halves.low), low),
                _mm512_shuffle_epi8(table_wide(&halves.high), high),
            );
            i += 1;
        }
    }

    #[inline]
    #[target_feature(enable = "avx2,avx512f")]
    fn table_wide(half: &[u8; 16]) -> __m512i {
        // SAFETY: the table has as many bytes as are loaded.
        let table = unsafe { _mm_loadu_si128(half.as_ptr().cast()) };
        _mm512_broadcast_i32x4(table)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The words of all blocks.
    struct All(Vec<(usize, Words, u64)>);

    impl Blocks for All {
        fn block(&mut self, at: usize, words: &Words, valid: u64) -> bool {
            self.0.push((at, words.map(|word| word & valid), valid));
            false
        }
    }

    #[test]
    fn every_processor_finds_the_same() {
        let text: Vec<u8> = (0..1000_u32)
            .map(|i| (i.wrapping_mul(2_654_435_761) >> 23) as u8)
            .collect();
        let class = |bytes: &[u8]| {
            let mut class = ByteClass::EMPTY;
            for &byte in bytes {
                class.insert(byte);
            }
            class
        };
        let high: Vec<u8> = (0x80..=0xff).collect();
        let classes = [
            class(b"a"),
            class(&high),
            class(b"0123456789"),
            class(b"xyz\xff\x80 "),
        ];
        for count in 1..=classes.len() {
            let bits = Bits::new(&classes[..count]).unwrap();
            for len in [0, 1, 63, 64, 65, 1000] {
                let (mut here, mut portable) = (All(vec![]), All(vec![]));
                bits.scan(&text[..len], &mut here);
                bits.scan_portable(&text[..len], &mut portable);
                assert_eq!(here.0, portable.0, "{count} {len}");
                #[cfg(target_arch = "x86_64")]
                if Bits::is_fast() {
                    let mut narrow = All(vec![]);
                    // SAFETY: the processor has every feature the function asks for.
                    unsafe { x86::scan(&bits, &text[..len], &mut narrow) };
                    assert_eq!(narrow.0, portable.0, "{count} {len}");
                }
            }
        }
    }
}
