//! Finds a window of byte classes, sixty-four bytes at a time.
//!
//! Of the words that say which bytes of a block are in a class, shifting by so
//! many bytes and taking what is common finds runs of a class, by doubling, and
//! runs behind each other. What is shifted out of a block is shifted into the
//! next one.

#![expect(
    clippy::inline_always,
    reason = "what is not inlined is not compiled for the newer processor"
)]

use super::{
    bits::{Bits, Blocks, Words},
    window::{CLASSES, Window},
};

/// Words at most: those of the classes, and one for each step.
const WORDS: usize = 32;

/// Makes a word: of one, the bits that another has so many bytes before.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
struct Step {
    here: u8,
    before: u8,
    by: u8,
}

/// A window, made ready to be looked for.
#[derive(Clone, Debug)]
pub(super) struct Shift {
    bits: Bits,
    steps: Vec<Step>,
    /// Bytes of the window that are looked for: the first ones.
    len: usize,
}

/// Makes steps, none twice.
struct Steps(Vec<Step>);

impl Steps {
    fn add(&mut self, step: Step) -> u8 {
        let at = self.0.iter().position(|s| *s == step);
        let at = at.unwrap_or_else(|| {
            self.0.push(step);
            self.0.len() - 1
        });
        (CLASSES + at) as u8
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

impl Shift {
    /// `None` if the classes cannot be looked up. Of too many classes or too
    /// long a window, only what fits is looked for.
    pub(super) fn new(window: &Window) -> Option<Shift> {
        let mut different = window.different();
        different.truncate(CLASSES);
        let bits = Bits::new(&different)?;
        let mut steps = Steps(Vec::new());
        let (mut last, mut len) = (None, 0);
        for run in window.classes.chunk_by(|a, b| a == b) {
            // A run takes six steps at most, and one to join it.
            if CLASSES + steps.0.len() + 7 > WORDS {
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
        let steps = steps.0;
        Some(Shift { bits, steps, len })
    }

    /// Bytes of the window that are looked for.
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// How much there is to do for a block, in steps.
    pub(super) fn work(&self) -> usize {
        self.bits.work() + self.steps.len()
    }

    /// Calls `accept` with the start of each window in the text, in order,
    /// until it says yes.
    #[inline]
    pub(super) fn scan(&self, text: &[u8], accept: impl FnMut(usize) -> bool) {
        let mut search = Search {
            shift: self,
            words: [[0; WORDS]; 2],
            odd: false,
            accept,
        };
        self.bits.scan(text, &mut search);
    }
}

/// A search under way.
struct Search<'a, A> {
    shift: &'a Shift,
    /// Those of this block and of the one before, by turns.
    words: [[u64; WORDS]; 2],
    odd: bool,
    accept: A,
}

impl<A: FnMut(usize) -> bool> Blocks for Search<'_, A> {
    #[inline(always)]
    fn block(&mut self, at: usize, classes: &Words, valid: u64) -> bool {
        let [even, odd] = &mut self.words;
        let (words, before) = if self.odd { (odd, even) } else { (even, odd) };
        self.odd = !self.odd;
        // Without iterators: they are not inlined everywhere.
        let mut to = 0;
        while to < CLASSES {
            words[to] = classes[to];
            to += 1;
        }
        let mut last = classes[0];
        for step in &self.shift.steps {
            let from = usize::from(step.before) % WORDS;
            let by = u32::from(step.by) % 64;
            let shifted = words[from] << by | before[from] >> 1 >> (63 - by);
            last = words[usize::from(step.here) % WORDS] & shifted;
            words[to % WORDS] = last;
            to += 1;
        }
        let mut ends = last & valid;
        while ends != 0 {
            let end = at + ends.trailing_zeros() as usize + 1;
            if (self.accept)(end - self.shift.len) {
                return true;
            }
            ends &= ends - 1;
        }
        false
    }
}
