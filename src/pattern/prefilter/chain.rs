//! Finds where runs of a sequence follow one another, each as long as it is.
//!
//! A word has a bit for every place up to which the sequence may have come. A
//! byte that there must be moves it on by one. To a run of any length the bit
//! is added: the sum carries it to the end of the run, and what has changed on
//! the way are the places it can come to. What is carried out of a block is
//! carried into the next one.

#![expect(
    clippy::inline_always,
    reason = "what is not inlined is not compiled for the newer processor"
)]

use super::{
    bits::{Bits, Blocks, Words},
    class::ByteClass,
    sequence::{Run, Sequence},
    window::CLASSES,
};

/// Steps at most.
const STEPS: usize = 12;

/// What a place is moved on by.
#[derive(Clone, Copy, Debug)]
enum Step {
    /// One byte of a class.
    One(u8),
    /// As many as there are.
    Any(u8),
    /// By nothing: it has come to the end.
    End,
}

/// Runs of a sequence that follow one another.
#[derive(Clone, Debug)]
pub(super) struct Chain {
    bits: Bits,
    steps: [Step; STEPS],
    /// How many there are before the end.
    len: usize,
    runs: Vec<Run>,
    /// Whether the bytes tell where in the first run it begins.
    begins: bool,
}

/// A chain that may still grow.
#[derive(Clone, Default)]
struct Open {
    classes: Vec<ByteClass>,
    steps: Vec<Step>,
    runs: Vec<Run>,
    /// A run of any length is followed by another.
    long: bool,
}

impl Chain {
    /// The chains of a sequence that tell more than windows do. If it is the
    /// way to a walk, they say where this begins.
    pub(super) fn all(sequence: &Sequence, walks: bool) -> Vec<Chain> {
        let mut all = Vec::new();
        let mut open = Open::default();
        for run in &sequence.runs {
            let end = |open: Open| open.close(walks).into_iter();
            if !open.push(*run) {
                if walks {
                    break;
                }
                open = Open::default();
            } else if run.min > 0 {
                all.extend(end(open.clone()));
            }
        }
        all
    }

    /// How much there is to do for a block, in steps.
    pub(super) fn work(&self) -> usize {
        self.bits.work() + self.len
    }

    /// The bytes it takes at least.
    pub(super) fn classes(&self) -> impl Iterator<Item = ByteClass> {
        let bytes = self
            .runs
            .iter()
            .filter_map(|run| Some((run.class?, run.min)));
        bytes.flat_map(|(class, min)| std::iter::repeat_n(class, min as usize))
    }

    /// Calls `accept` for each place where the runs are, in order, until it says
    /// yes: with the first of the last bytes of the first run that there must
    /// be, or with a byte that may be part of a character; if the bytes do not
    /// tell where a chain begins, with its last byte.
    #[inline]
    pub(super) fn scan(&self, text: &[u8], accept: impl FnMut(usize) -> bool) {
        let mut search = Search {
            chain: self,
            steps: self.steps,
            text,
            carried: [0; STEPS],
            accept,
        };
        self.bits.scan(text, &mut search);
    }

    /// Where a chain begins whose last byte is before `end`.
    fn begin(&self, text: &[u8], end: usize) -> usize {
        if !self.begins {
            return end - 1;
        }
        let mut at = end;
        let last = self.runs.len() - 1;
        for (i, run) in self.runs.iter().enumerate().rev() {
            if i == 0 || i == last || run.is_fixed() {
                at = at.saturating_sub(run.min as usize);
                continue;
            }
            while at > 0 && run.has(text[at - 1]) {
                at -= 1;
                if run.unsure && text[at] >= 0x80 {
                    return at;
                }
            }
        }
        at
    }
}

impl Open {
    /// Adds a run; false if there is no way to.
    fn push(&mut self, run: Run) -> bool {
        let Some(class) = run.class else { return false };
        if self.runs.is_empty() && run.min == 0 {
            return true;
        }
        let classes = &mut self.classes;
        let at = classes.iter().position(|c| *c == class);
        let at = at.unwrap_or_else(|| {
            classes.push(class);
            classes.len() - 1
        });
        // How many there are before is of no account to the first run; what
        // comes behind the last one is not known yet.
        let long = self.runs.len() > 1 && self.runs.last().is_some_and(|run| !run.is_fixed());
        if long {
            let last = self.runs[self.runs.len() - 1].class;
            let last = classes.iter().position(|c| Some(*c) == last).unwrap_or(0);
            self.steps.push(Step::Any(last as u8));
        }
        let min = (run.min as usize).min(STEPS + 1);
        self.steps
            .extend(std::iter::repeat_n(Step::One(at as u8), min));
        self.long |= long && min > 0;
        self.runs.push(run);
        self.classes.len() <= CLASSES && self.steps.len() <= STEPS
    }

    fn close(self, walks: bool) -> Option<Chain> {
        if !self.long {
            return None;
        }
        // Going back along a run must not go past its start.
        let apart = |pair: &[Run]| match (pair[0].class, pair[1].class) {
            (Some(mut a), Some(b)) => {
                if pair[0].unsure && pair[1].unsure {
                    (0x80..=0xff).for_each(|byte| a.remove(byte));
                }
                pair[1].is_fixed() || a.is_apart(&b)
            }
            _ => false,
        };
        let (first, rest) = self.runs.split_first()?;
        let asks = first.unsure || !rest.iter().any(|run| run.unsure);
        let begins = asks && self.runs[..self.runs.len() - 1].windows(2).all(apart);
        let mut steps = [Step::End; STEPS];
        steps[..self.steps.len()].copy_from_slice(&self.steps);
        (begins || !walks).then_some(Chain {
            bits: Bits::new(&self.classes)?,
            steps,
            len: self.steps.len(),
            runs: self.runs,
            begins: walks,
        })
    }
}

/// A search under way.
struct Search<'a, A> {
    chain: &'a Chain,
    steps: [Step; STEPS],
    text: &'a [u8],
    /// What each step carried out of the block before.
    carried: [u64; STEPS],
    accept: A,
}

impl<A: FnMut(usize) -> bool> Blocks for Search<'_, A> {
    #[inline(always)]
    fn block(&mut self, at: usize, words: &Words, valid: u64) -> bool {
        let mut places = u64::MAX;
        let mut last = 0;
        // Written out: as a loop it takes twice the instructions.
        macro_rules! steps {
            ($($i:literal)*) => { 'steps: { $(
                let carried = &mut self.carried[$i];
                match self.steps[$i] {
                    Step::One(class) => {
                        last = places & words[usize::from(class) % CLASSES];
                        places = last << 1 | *carried;
                        *carried = last >> 63;
                    }
                    Step::Any(class) => {
                        let run = words[usize::from(class) % CLASSES];
                        let (sum, over) = (places & run).overflowing_add(run);
                        let (sum, again) = sum.overflowing_add(*carried);
                        places |= sum ^ run;
                        *carried = u64::from(over | again);
                    }
                    Step::End => break 'steps,
                }
            )* } };
        }
        steps!(0 1 2 3 4 5 6 7 8 9 10 11);
        // Where the last step comes to is of no account.
        let _ = places;
        let mut ends = last & valid;
        while ends != 0 {
            let end = at + ends.trailing_zeros() as usize + 1;
            if (self.accept)(self.chain.begin(self.text, end)) {
                return true;
            }
            ends &= ends - 1;
        }
        false
    }
}
