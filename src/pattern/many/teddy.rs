//! Looks at every place of a text for one of a few short grams.
//!
//! Each gram is in one of eight buckets. For each of the first bytes of a gram,
//! a table says by the low half of a byte which buckets it can belong to, and
//! another by the high half; with AVX2, 32 places are looked up at once. A
//! place that is left in a bucket may hold one of its grams. Where there are
//! very few, three bytes of each are compared instead.

#![allow(
    unsafe_code,
    reason = "a function for newer processors is called after asking for them"
)]
#![expect(
    clippy::inline_always,
    reason = "what is not inlined is not compiled for the newer processor"
)]

#[cfg(target_arch = "x86_64")]
use std::mem::MaybeUninit;

/// Bytes of a gram that are looked up.
const WIDTH: usize = 4;

/// Places looked at at once.
const BLOCK: usize = 64;

/// Blocks that are looked at before places are told, at first and at most.
const FIRST_BLOCKS: usize = 2;
const BLOCKS: usize = 16;

/// So many grams are looked for by some of their bytes, and by how many.
const FEW: usize = 2;
const PART: usize = 3;

/// The tables.
#[derive(Clone, Debug)]
pub(crate) struct Teddy {
    /// The buckets by the low and by the high half, for each byte of a gram.
    low: [[u8; 16]; WIDTH],
    high: [[u8; 16]; WIDTH],
    /// What is set in every byte of the text first.
    fold: u8,
    /// Bytes of a gram.
    len: usize,
    /// Of each gram, if there are few.
    few: Vec<Part>,
}

/// Some bytes of a gram.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
struct Part {
    at: [usize; PART],
    bytes: [u8; PART],
}

impl Part {
    /// Those of the first `len` that are likely to be rare in a text.
    fn of(gram: [u8; WIDTH], len: usize) -> Part {
        let rank = |byte: u8| match byte {
            b'a'..=b'z' | b'0'..=b'9' | b' ' => 2,
            b'A'..=b'Z' => 1,
            _ => 0,
        };
        let mut places: [usize; WIDTH] = std::array::from_fn(|i| i);
        places[..len.min(WIDTH)].sort_by_key(|&i| rank(gram[i]));
        let at = std::array::from_fn(|i| places[i]);
        Part {
            at,
            bytes: at.map(|at| gram[at]),
        }
    }
}

impl Teddy {
    /// Tables for grams of this length, as bytes from the lowest on; of those
    /// behind the first four nothing is asked.
    pub(crate) fn new(grams: impl IntoIterator<Item = u64>, len: usize, fold: u8) -> Teddy {
        let mut grams: Vec<[u8; 8]> = grams.into_iter().map(u64::to_le_bytes).collect();
        // What begins alike is in one bucket, so that each has few bytes.
        grams.sort_unstable();
        grams.dedup();
        let mut teddy = Teddy {
            low: [[0; 16]; WIDTH],
            high: [[0; 16]; WIDTH],
            fold,
            len,
            few: Vec::new(),
        };
        if len >= PART {
            let part = |g: &[u8; 8]| Part::of([g[0], g[1], g[2], g[3]], len);
            teddy.few = grams.iter().map(part).collect();
            teddy.few.dedup();
            teddy
                .few
                .truncate(if teddy.few.len() > FEW { 0 } else { FEW });
        }
        let size = grams.len().div_ceil(8).max(1);
        for (bucket, grams) in grams.chunks(size).enumerate() {
            for gram in grams {
                for (i, byte) in gram.iter().enumerate().take(WIDTH.min(len)) {
                    teddy.low[i][usize::from(byte & 15)] |= 1 << bucket;
                    teddy.high[i][usize::from(byte >> 4)] |= 1 << bucket;
                }
            }
        }
        for i in len..WIDTH {
            (teddy.low[i], teddy.high[i]) = ([0xff; 16], [0xff; 16]);
        }
        teddy
    }

    /// Whether the processor has what makes it worth while.
    pub(crate) fn is_fast() -> bool {
        #[cfg(target_arch = "x86_64")]
        {
            is_x86_feature_detected!("avx2") && is_x86_feature_detected!("bmi1")
        }
        #[cfg(not(target_arch = "x86_64"))]
        false
    }

    /// Whether grams are so few that they are found at next to no cost.
    pub(super) fn is_few(&self) -> bool {
        !self.few.is_empty()
    }

    /// Whether a gram may be at a place.
    #[inline]
    pub(super) fn may_be(&self, text: &[u8], at: usize) -> bool {
        let bytes = text.get(at..).unwrap_or_default();
        if bytes.len() < self.len {
            return false;
        }
        let mut buckets = 0xff;
        for (i, &byte) in bytes.iter().enumerate().take(WIDTH.min(self.len)) {
            let byte = byte | self.fold;
            buckets &= self.low[i][usize::from(byte & 15)] & self.high[i][usize::from(byte >> 4)];
        }
        buckets != 0
    }

    /// Calls `found` for every place that may hold a gram, in their order, until
    /// it says yes.
    pub(crate) fn scan(&self, text: &[u8], found: impl FnMut(usize) -> bool) {
        #[cfg(target_arch = "x86_64")]
        if Teddy::is_fast() {
            // SAFETY: the processor has every feature the function asks for.
            unsafe {
                match self.few.as_slice() {
                    [part] => x86::compare(self, &[*part], text, found),
                    [one, other] => x86::compare(self, &[*one, *other], text, found),
                    _ => x86::scan(self, text, found),
                }
            }
            return;
        }
        self.rest(text, 0, found);
    }

    /// Finds places by what finds those of a block. They are noted first, and
    /// told then: the processor guesses well what comes next in either.
    #[cfg(target_arch = "x86_64")]
    #[inline(always)]
    fn drive(
        &self,
        text: &[u8],
        mut found: impl FnMut(usize) -> bool,
        places_of: impl Fn(&[u8; BLOCK + WIDTH - 1]) -> u64,
    ) {
        // Not filled with zeroes: lines that match are often near.
        let mut notes = [MaybeUninit::<u16>::uninit(); BLOCK * BLOCKS];
        // What is near may be enough.
        let (mut at, mut blocks) = (0, FIRST_BLOCKS);
        loop {
            let (begin, mut many) = (at, 0);
            for _ in 0..blocks {
                let Some(bytes) = text[at..].first_chunk() else {
                    break;
                };
                let mut places = places_of(bytes);
                let base = at - begin;
                // Mostly one or none, and nobody can guess which.
                notes[many].write((base + places.trailing_zeros() as usize) as u16);
                many += usize::from(places != 0);
                places &= places.wrapping_sub(1);
                while places != 0 {
                    notes[many].write((base + places.trailing_zeros() as usize) as u16);
                    many += 1;
                    places &= places - 1;
                }
                at += BLOCK;
            }
            for note in &notes[..many] {
                // SAFETY: so many notes were written.
                let note = unsafe { note.assume_init() };
                if found(begin + usize::from(note)) {
                    return;
                }
            }
            if at == begin {
                return self.rest(text, at, found);
            }
            blocks = BLOCKS.min(2 * blocks);
        }
    }

    #[inline(always)]
    fn rest(&self, text: &[u8], from: usize, mut found: impl FnMut(usize) -> bool) {
        for at in from..text.len() {
            if self.may_be(text, at) && found(at) {
                return;
            }
        }
    }
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use std::arch::x86_64::{
        __m256i, _mm256_and_si256, _mm256_cmpeq_epi8, _mm256_movemask_epi8, _mm256_or_si256,
        _mm256_set_epi64x, _mm256_set1_epi8, _mm256_setzero_si256, _mm256_shuffle_epi8,
        _mm256_srli_epi16,
    };

    use super::{BLOCK, PART, Part, Teddy, WIDTH};

    #[target_feature(enable = "avx2,bmi1")]
    pub(super) fn scan(teddy: &Teddy, text: &[u8], found: impl FnMut(usize) -> bool) {
        let low: [__m256i; WIDTH] = std::array::from_fn(|i| table(&teddy.low[i]));
        let high: [__m256i; WIDTH] = std::array::from_fn(|i| table(&teddy.high[i]));
        let fold = _mm256_set1_epi8(teddy.fold.cast_signed());
        let nibble = _mm256_set1_epi8(15);
        teddy.drive(text, found, |bytes| {
            let mut all = 0;
            let mut half = BLOCK;
            while half > 0 {
                half -= BLOCK / 2;
                let mut buckets = _mm256_set1_epi8(-1);
                for i in 0..WIDTH {
                    let bytes = _mm256_or_si256(load(&bytes[half + i..half + i + BLOCK / 2]), fold);
                    let halves = (
                        _mm256_and_si256(bytes, nibble),
                        _mm256_and_si256(_mm256_srli_epi16::<4>(bytes), nibble),
                    );
                    let of_low = _mm256_shuffle_epi8(low[i], halves.0);
                    let of_high = _mm256_shuffle_epi8(high[i], halves.1);
                    buckets = _mm256_and_si256(buckets, _mm256_and_si256(of_low, of_high));
                }
                let none = _mm256_cmpeq_epi8(buckets, _mm256_setzero_si256());
                all = all << 32 | u64::from(!_mm256_movemask_epi8(none).cast_unsigned());
            }
            all
        });
    }

    /// Compares where there are few grams.
    #[target_feature(enable = "avx2,bmi1")]
    pub(super) fn compare<const N: usize>(
        teddy: &Teddy,
        parts: &[Part; N],
        text: &[u8],
        found: impl FnMut(usize) -> bool,
    ) {
        let mut wanted = [[_mm256_setzero_si256(); PART]; N];
        for (wanted, part) in wanted.iter_mut().zip(parts) {
            for (wanted, byte) in wanted.iter_mut().zip(part.bytes) {
                *wanted = _mm256_set1_epi8(byte.cast_signed());
            }
        }
        let fold = _mm256_set1_epi8(teddy.fold.cast_signed());
        teddy.drive(text, found, |bytes| {
            let mut all = 0;
            let mut half = BLOCK;
            while half > 0 {
                half -= BLOCK / 2;
                let mut any = _mm256_setzero_si256();
                for i in 0..N {
                    // Not by `map`: what is not compiled for the processor is not inlined.
                    let [a, b, c] = parts[i].at;
                    let (a, b, c) = (half + a % WIDTH, half + b % WIDTH, half + c % WIDTH);
                    let a = _mm256_or_si256(load(&bytes[a..a + BLOCK / 2]), fold);
                    let b = _mm256_or_si256(load(&bytes[b..b + BLOCK / 2]), fold);
                    let c = _mm256_or_si256(load(&bytes[c..c + BLOCK / 2]), fold);
                    let a = _mm256_cmpeq_epi8(a, wanted[i][0]);
                    let b = _mm256_cmpeq_epi8(b, wanted[i][1]);
                    let c = _mm256_cmpeq_epi8(c, wanted[i][2]);
                    let same = _mm256_and_si256(_mm256_and_si256(a, b), c);
                    any = _mm256_or_si256(any, same);
                }
                all = all << 32 | u64::from(_mm256_movemask_epi8(any).cast_unsigned());
            }
            all
        });
    }

    #[inline]
    #[target_feature(enable = "avx2")]
    fn table(half: &[u8; 16]) -> __m256i {
        let (words, _) = half.as_chunks::<8>();
        let word = |i: usize| i64::from_le_bytes(words[i]);
        _mm256_set_epi64x(word(1), word(0), word(1), word(0))
    }

    /// Four adjacent words become one load.
    #[inline]
    #[target_feature(enable = "avx2")]
    fn load(bytes: &[u8]) -> __m256i {
        let (words, _) = bytes.as_chunks::<8>();
        let word = |i: usize| i64::from_le_bytes(words[i]);
        _mm256_set_epi64x(word(3), word(2), word(1), word(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fast_way_finds_what_the_slow_one_does() {
        let text: Vec<u8> = (0..3000_u32)
            .map(|i| b"abcABC \xff"[(i.wrapping_mul(2_654_435_761) >> 29) as usize])
            .collect();
        for len in 2..=4 {
            for fold in [0, 0x20] {
                let all = [*b"abca", *b"bc a", *b"ccac", *b"a\xffaa"].map(|gram| {
                    let mask = u32::MAX >> (8 * (4 - len));
                    u64::from(u32::from_le_bytes(gram) & mask)
                });
                for grams in (1..=all.len()).map(|few| &all[..few]) {
                    check(&text, grams, len, fold);
                }
            }
        }
    }

    fn check(text: &[u8], grams: &[u64], len: usize, fold: u8) {
        let teddy = Teddy::new(grams.iter().copied(), len, fold);
        for end in [0, 1, 3, 31, 34, 35, 36, 66, 67, 3000] {
            let text = &text[..end];
            let mut fast = Vec::new();
            teddy.scan(text, |at| {
                fast.push(at);
                false
            });
            let mut slow = Vec::new();
            teddy.rest(text, 0, |at| {
                slow.push(at);
                false
            });
            // By some bytes of a few grams other places are found.
            if !teddy.is_few() {
                assert_eq!(fast, slow, "{len} {fold} {end}");
            }
            for at in 0..=end.saturating_sub(len) {
                let mut gram = [0; 8];
                let bytes = text[at..].iter().take(len);
                gram.iter_mut().zip(bytes).for_each(|(g, b)| *g = b | fold);
                if end >= len && grams.contains(&u64::from_le_bytes(gram)) {
                    assert!(fast.contains(&at));
                }
            }
        }
    }
}
