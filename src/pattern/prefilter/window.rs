//! Bytes side by side that every match has, each of a known class.

use std::ops::Range;

use super::{class::ByteClass, sequence::Sequence};

/// The longest window: a word of bits.
pub(super) const LONGEST: usize = 64;

/// How many different classes are looked up at most.
pub(super) const CLASSES: usize = 4;

/// So many windows are told apart at most.
const MOST: usize = 16;

/// Some classes, one for each byte.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Window {
    pub(super) classes: Vec<ByteClass>,
    /// The run of the sequence it begins in: with as many of its bytes as it
    /// has at least, the last ones if it has more.
    pub(super) first_run: usize,
    /// Bytes of it that are in this run.
    pub(super) of_first: usize,
}

/// The windows of a sequence.
pub(super) fn windows(sequence: &Sequence) -> Vec<Window> {
    let mut all = Vec::new();
    let mut open = Open::default();
    for (at, run) in sequence.runs.iter().enumerate() {
        let Some(class) = run.class.filter(|_| run.min > 0) else {
            open.close(&mut all);
            continue;
        };
        open.push(class, at, run.min as usize);
        if !run.is_fixed() || run.min as usize > LONGEST {
            open.close(&mut all);
            open.push(class, at, run.min as usize);
        }
    }
    open.close(&mut all);
    all
}

/// A window that may still grow, with the run of each of its bytes.
#[derive(Default)]
struct Open(Vec<(ByteClass, usize)>);

impl Open {
    fn push(&mut self, class: ByteClass, run: usize, times: usize) {
        let times = times.min(LONGEST);
        self.0.extend(std::iter::repeat_n((class, run), times));
    }

    /// Adds the window, and what of it begins in a later run: as much as it
    /// takes for all of its bytes to be among the first classes of one.
    fn close(&mut self, all: &mut Vec<Window>) {
        let bytes = std::mem::take(&mut self.0);
        for from in 0..bytes.len() {
            // In the middle of a run there is nothing that its start has not.
            if from > 0 && bytes[from - 1].1 == bytes[from].1 {
                continue;
            }
            let first_run = bytes[from].1;
            let rest = &bytes[from..bytes.len().min(from + LONGEST)];
            let in_first = rest.iter().filter(|(_, run)| *run == first_run);
            let window = Window {
                of_first: in_first.count(),
                classes: rest.iter().map(|(class, _)| *class).collect(),
                first_run,
            };
            let fits = from + LONGEST >= bytes.len() && window.different().len() <= CLASSES;
            all.push(window);
            if fits || all.len() >= MOST {
                return;
            }
        }
    }
}

impl Window {
    /// The classes in it, each once.
    pub(super) fn different(&self) -> Vec<ByteClass> {
        let mut different: Vec<ByteClass> = Vec::new();
        for class in &self.classes {
            if !different.contains(class) {
                different.push(*class);
            }
        }
        different
    }

    /// Its bytes outside of a part: where they are, and their classes.
    pub(super) fn without(&self, part: Range<usize>) -> Vec<(usize, ByteClass)> {
        let bytes = self.classes.iter().copied().enumerate();
        bytes.filter(|(at, _)| !part.contains(at)).collect()
    }

    /// Whether it begins at a place.
    pub(super) fn is_at(&self, text: &[u8], at: usize) -> bool {
        let Some(text) = text.get(at..at + self.classes.len()) else {
            return false;
        };
        self.classes
            .iter()
            .zip(text)
            .all(|(class, &b)| class.has(b))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The sizes of classes in each window, behind the run it begins in.
    fn of(pattern: &str) -> Vec<(usize, Vec<u32>)> {
        let mut parser = regex_syntax::ParserBuilder::new();
        let hir = parser.utf8(false).unicode(false).build();
        let hir = hir.clone().parse(pattern).unwrap();
        let windows = windows(&Sequence::new(&hir, b'\n'));
        let sizes = |window: &Window| window.classes.iter().map(ByteClass::len).collect();
        windows.iter().map(|w| (w.first_run, sizes(w))).collect()
    }

    #[test]
    fn windows_of_a_regex() {
        assert_eq!(
            of(r"\d+\.\d{2,}x"),
            [
                (0, vec![10]),
                (0, vec![10, 1, 10, 10]),
                (2, vec![10, 10, 1])
            ]
        );
        assert_eq!(of("[ab]{3}c*d"), [(0, vec![2; 3]), (2, vec![1])]);
        assert_eq!(of(r"\d-(?:a|bc)-\d"), [(0, vec![10, 1]), (3, vec![1, 10])]);
        // Until all fits.
        let (six, five) = (vec![10, 1, 1, 1, 1, 1], vec![1; 5]);
        let all = [(0, six), (1, five), (2, vec![1; 4])];
        assert_eq!(of(r"\dabcde"), all);
        // The first and the last of a long run have different neighbours.
        let long = of("x[ab]{100}y");
        assert_eq!(long[0].1.len(), LONGEST);
        assert!(long.iter().filter(|w| w.1.len() > 1).all(|(_, sizes)| {
            let ends = (sizes[0] == 1, *sizes.last().unwrap() == 1);
            ends != (true, true)
        }));
    }
}
