//! Finds a window of byte classes, sixty-four bytes at a time.
//!
//! For each class a word has a bit for every byte of the block that is in it.
//! Shifting by so many bytes and taking what is common finds runs of a class,
//! by doubling, and runs behind each other. What is shifted out of a block is
//! shifted into the next one.

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
    window::{CLASSES, Window},
};

/// Bytes of a block.
const BLOCK: usize = 64;

/// Words at most: those of the classes, and one for each step.
const WORDS: usize = 32;

/// How a class is looked up.
#[derive(Clone, Copy, Debug)]
enum Lookup {
    Byte(u8),
    Halves(Halves),
}

/// Makes a word: of one, the bits that another has so many bytes before.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
struct Step {
    here: u8,
    before: u8,
    by: u8,
}

/// A window, made ready to be looked for.
#[derive(Clone, Debug)]
pub(super) struct Bits {
    lookups: Vec<Lookup>,
    /// The classes of each byte, as bits.
    classes: Box<[u8; 256]>,
    steps: Vec<Step>,
    /// Bytes of the window that are looked for: the first ones.
    len: usize,
}

/// Makes steps, none twice.
struct Steps {
    classes: usize,
    steps: Vec<Step>,
}

impl Steps {
    fn add(&mut self, step: Step) -> u8 {
        let at = self.steps.iter().position(|s| *s == step);
        let at = at.unwrap_or_else(|| {
            self.steps.push(step);
            self.steps.len() - 1
        });
        (self.classes + at) as u8
    }

    /// The ends of runs of so many bytes of a class.
    fn run(&mut self, class: u8, len: usize) -> u8 {
        if len == 1 {
            return class;
        }
        let half = len.div_ceil(2);
        let word = self.run(class, half);
        self.add(Step {
            here: word,
            before: word,
            by: (len - half) as u8,
        })
    }
}

impl Bits {
    /// `None` if the classes cannot be looked up. Of too many classes or too
    /// long a window, only what fits is looked for.
    pub(super) fn new(window: &Window) -> Option<Bits> {
        let mut different = window.different();
        different.truncate(CLASSES);
        let mut lookups = Vec::new();
        let mut classes = Box::new([0; 256]);
        for (i, class) in different.iter().enumerate() {
            lookups.push(lookup(class)?);
            for byte in (0..=255_u8).filter(|&byte| class.has(byte)) {
                classes[usize::from(byte)] |= 1 << i;
            }
        }
        let mut steps = Steps {
            classes: different.len(),
            steps: Vec::new(),
        };
        let (mut last, mut len) = (None, 0);
        for run in window.classes.chunk_by(|a, b| a == b) {
            // A run takes six steps at most, and one to join it.
            if steps.classes + steps.steps.len() + 7 > WORDS {
                break;
            }
            let Some(class) = different.iter().position(|class| *class == run[0]) else {
                break;
            };
            let class = class as u8;
            let here = steps.run(class, run.len());
            last = Some(match last {
                None => here,
                Some(before) => steps.add(Step {
                    here,
                    before,
                    by: run.len() as u8,
                }),
            });
            len += run.len();
        }
        // What is asked for last is the last word there is.
        let steps = steps.steps;
        Some(Bits {
            lookups,
            classes,
            steps,
            len,
        })
    }

    /// Bytes of the window that are looked for.
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// How much there is to do for a block, in steps.
    pub(super) fn work(&self) -> usize {
        3 * self.lookups.len() + self.steps.len()
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

    /// Calls `accept` with the start of each window in the text, in order,
    /// until it says yes.
    pub(super) fn scan(&self, text: &[u8], accept: impl FnMut(usize) -> bool) {
        #[cfg(target_arch = "x86_64")]
        if Bits::is_fast() {
            // SAFETY: the processor has every feature the function asks for.
            unsafe { x86::scan(self, text, accept) };
            return;
        }
        self.scan_portable(text, accept);
    }

    fn scan_portable(&self, text: &[u8], accept: impl FnMut(usize) -> bool) {
        self.drive(text, accept, |block, words| self.look_up(block, words));
    }

    #[inline(always)]
    fn drive(
        &self,
        text: &[u8],
        mut accept: impl FnMut(usize) -> bool,
        look_up: impl Fn(&[u8; BLOCK], &mut [u64; WORDS]),
    ) {
        let (mut first, mut second) = ([0; WORDS], [0; WORDS]);
        // Only the references are swapped.
        let (mut words, mut before) = (&mut first, &mut second);
        let (blocks, rest) = text.as_chunks::<BLOCK>();
        let mut at = 0;
        for block in blocks {
            look_up(block, words);
            let found = self.step(words, before);
            if self.accept(at, found, &mut accept) {
                return;
            }
            std::mem::swap(&mut words, &mut before);
            at += BLOCK;
        }
        if !rest.is_empty() {
            let mut block = [0; BLOCK];
            block[..rest.len()].copy_from_slice(rest);
            look_up(&block, words);
            let valid = u64::MAX >> (BLOCK - rest.len());
            let found = self.step(words, before) & valid;
            self.accept(at, found, &mut accept);
        }
    }

    /// The ends of windows in a block, given the words of the one before.
    #[inline(always)]
    fn step(&self, words: &mut [u64; WORDS], before: &[u64; WORDS]) -> u64 {
        let mut last = words[0];
        for (to, step) in (self.lookups.len()..).zip(&self.steps) {
            let from = usize::from(step.before) % WORDS;
            let by = u32::from(step.by) % 64;
            let shifted = words[from] << by | before[from].unbounded_shr(64 - by);
            last = words[usize::from(step.here) % WORDS] & shifted;
            words[to % WORDS] = last;
        }
        last
    }

    #[inline(always)]
    fn accept(&self, at: usize, mut ends: u64, accept: &mut impl FnMut(usize) -> bool) -> bool {
        while ends != 0 {
            let end = at + ends.trailing_zeros() as usize + 1;
            if accept(end - self.len) {
                return true;
            }
            ends &= ends - 1;
        }
        false
    }

    /// Eight bytes at a time in an ordinary register.
    fn look_up(&self, block: &[u8; BLOCK], words: &mut [u64; WORDS]) {
        const ONES: u64 = 0x0101_0101_0101_0101;
        words[..self.lookups.len()].fill(0);
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

fn lookup(class: &ByteClass) -> Option<Lookup> {
    if class.len() == 1 {
        let byte = (0..=255).find(|&byte| class.has(byte))?;
        return Some(Lookup::Byte(byte));
    }
    Some(Lookup::Halves(class.halves()?))
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use std::arch::x86_64::{
        __m256i, _mm256_and_si256, _mm256_cmpeq_epi8, _mm256_movemask_epi8, _mm256_set_epi64x,
        _mm256_set1_epi8, _mm256_setzero_si256, _mm256_shuffle_epi8, _mm256_srli_epi16,
    };

    use super::{BLOCK, Bits, CLASSES, Lookup, WORDS};

    #[derive(Clone, Copy)]
    enum Loaded {
        Byte(__m256i),
        Halves(__m256i, __m256i),
    }

    #[target_feature(enable = "avx2,bmi1,bmi2")]
    pub(super) fn scan(bits: &Bits, text: &[u8], accept: impl FnMut(usize) -> bool) {
        let mut loaded = [Loaded::Byte(_mm256_setzero_si256()); CLASSES];
        for (to, lookup) in loaded.iter_mut().zip(&bits.lookups) {
            *to = match lookup {
                Lookup::Byte(byte) => Loaded::Byte(_mm256_set1_epi8(byte.cast_signed())),
                Lookup::Halves(halves) => Loaded::Halves(table(&halves.low), table(&halves.high)),
            };
        }
        match bits.lookups.len() {
            1 => bits.drive(text, accept, |b, w| look_up::<1>(&loaded, b, w)),
            2 => bits.drive(text, accept, |b, w| look_up::<2>(&loaded, b, w)),
            3 => bits.drive(text, accept, |b, w| look_up::<3>(&loaded, b, w)),
            _ => bits.drive(text, accept, |b, w| look_up::<4>(&loaded, b, w)),
        }
    }

    #[inline]
    #[target_feature(enable = "avx2,bmi1,bmi2")]
    fn look_up<const N: usize>(
        loaded: &[Loaded; CLASSES],
        block: &[u8; BLOCK],
        words: &mut [u64; WORDS],
    ) {
        let nibble = _mm256_set1_epi8(15);
        let half = |i: usize| {
            let (words, _) = block.as_chunks::<8>();
            let word = |j: usize| i64::from_le_bytes(words[4 * i + j]);
            // Four adjacent words become one load.
            let bytes = _mm256_set_epi64x(word(3), word(2), word(1), word(0));
            let high = _mm256_and_si256(_mm256_srli_epi16::<4>(bytes), nibble);
            (bytes, _mm256_and_si256(bytes, nibble), high)
        };
        // Not by `map`: what is not compiled for the processor is not inlined.
        let (first, second) = (half(0), half(1));
        for (word, loaded) in words.iter_mut().zip(&loaded[..N]) {
            let (a, b) = (is_in(loaded, first), is_in(loaded, second));
            *word = u64::from(a) | u64::from(b) << 32;
        }
    }

    /// The bytes, and their low and high halves.
    type Half = (__m256i, __m256i, __m256i);

    #[inline]
    #[target_feature(enable = "avx2")]
    fn is_in(loaded: &Loaded, (bytes, low, high): Half) -> u32 {
        match loaded {
            Loaded::Byte(byte) => bits(_mm256_cmpeq_epi8(bytes, *byte)),
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
}
