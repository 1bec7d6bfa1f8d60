//! The first match of each of many lines, where a match is a literal and a run.
//!
//! What `user=(\w+)` finds in a log is on nearly every line. To find the literal, and
//! then the end of the line, is two calls a line, and the processor guesses wrong
//! where each of them ends. Here both are looked for at once, block by block. Without
//! that, `top` of `user=(\S+)` takes 1.27 times as long (`top-capture` in
//! `benches/statistics.rs`).

#![expect(
    clippy::inline_always,
    reason = "what is not inlined is not compiled for the newer processor"
)]

use memchr::{memchr_iter, memmem};

use super::{
    Found,
    bits::{Blocks, Words},
    ends::{Carry, Ends, LONGEST, Vain},
    exact::{Exact, Tail},
};

/// Finds the first match of each line.
#[derive(Clone, Debug)]
pub(super) struct Firsts {
    literal: Ends,
    tail: Tail,
}

impl Firsts {
    /// `None` if a match is something else, or if nothing would be gained.
    pub(super) fn new(exact: &Exact) -> Option<Firsts> {
        let (literal, tail) = exact.literal_and_tail(LONGEST)?;
        let literal = Ends::new(literal).filter(|ends| ends.literal().len() > 1)?;
        Some(Firsts { literal, tail })
    }

    /// Whether every other line has the literal, so that to look for ends of lines
    /// pays.
    pub(super) fn are_dense(&self, sample: &[u8]) -> bool {
        let found = memmem::find_iter(sample, self.literal.literal()).count();
        found > 0 && 2 * found >= memchr_iter(b'\n', sample).count()
    }

    /// Calls `accept` for each line that may match, with its first match, or with a
    /// place in it if only the engine can tell. Returns where it gave up, if it did: no
    /// match that was not told of starts before.
    #[inline]
    pub(super) fn scan(&self, lines: &[u8], accept: impl FnMut(Found)) -> Option<usize> {
        let mut search = Search {
            firsts: self,
            lines,
            carry: Carry::default(),
            passing: false,
            vain: Vain::default(),
            gave_up: None,
            accept,
        };
        self.literal.bits().scan(lines, &mut search);
        search.gave_up
    }
}

/// A search under way.
struct Search<'a, A> {
    firsts: &'a Firsts,
    lines: &'a [u8],
    /// What the block before leaves.
    carry: Carry,
    /// On the way to the end of a line that had its match.
    passing: bool,
    vain: Vain,
    gave_up: Option<usize>,
    accept: A,
}

impl<A: FnMut(Found)> Search<'_, A> {
    /// What there is where the literal may end; `None` if it does not, or no match
    /// begins with it.
    #[inline(always)]
    fn at(&self, literal_end: usize) -> Option<Found> {
        let Firsts { literal, tail } = self.firsts;
        let start = literal.start(self.lines, literal_end)?;
        match tail.end(self.lines, literal_end) {
            None => Some(Found::Ask(start)),
            Some(end) if end < literal_end + tail.least() => None,
            Some(end) => Some(Found::Match(start, end)),
        }
    }
}

impl<A: FnMut(Found)> Blocks for Search<'_, A> {
    #[inline(always)]
    fn block(&mut self, at: usize, words: &Words, valid: u64) -> bool {
        let literal = &self.firsts.literal;
        let mut ends = literal.of_literal(words, valid, &mut self.carry);
        let mut newlines = Ends::of_lines(words, valid);
        if self.passing {
            if newlines == 0 {
                return false;
            }
            self.passing = false;
            ends &= u64::MAX << newlines.trailing_zeros();
        }
        while ends != 0 {
            let bit = ends.trailing_zeros();
            ends &= ends - 1;
            let end = at + bit as usize + 1;
            let Some(found) = self.at(end) else {
                if self.vain.one_more(end) {
                    self.gave_up = Some(end.saturating_sub(self.firsts.literal.literal().len()));
                    return true;
                }
                continue;
            };
            (self.accept)(found);
            newlines &= u64::MAX << bit;
            if newlines == 0 {
                self.passing = true;
                break;
            }
            ends &= u64::MAX << newlines.trailing_zeros();
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use grep_matcher::Matcher as _;

    use super::*;
    use crate::pattern::{
        PatternOptions,
        prefilter::{bits::Bits, parse, tests::Random},
    };

    /// Where the first match of each line is, by the engine.
    fn by_the_engine(pattern: &str, lines: &[u8]) -> Vec<(usize, usize)> {
        let patterns = PatternOptions::default().compile(&[pattern]).unwrap();
        let (mut start, mut all) = (0, Vec::new());
        for line in lines.split(|&byte| byte == b'\n') {
            if let Some(found) = patterns.matcher().find(line).unwrap() {
                all.push((start + found.start(), start + found.end()));
            }
            start += line.len() + 1;
        }
        all
    }

    /// The first matches of lines by blocks; where the engine is asked, it is.
    fn by_blocks(pattern: &str, lines: &[u8]) -> Vec<(usize, usize)> {
        let patterns = PatternOptions::default().compile(&[pattern]).unwrap();
        let prefilter = patterns.prefilter.as_ref().unwrap();
        let firsts = prefilter.firsts.as_ref().unwrap();
        let mut all = Vec::new();
        let gave_up = firsts.scan(lines, |found| match found {
            Found::Match(start, end) => all.push((start, end)),
            Found::Ask(near) => {
                let start = lines[..near].iter().rposition(|&byte| byte == b'\n');
                let start = start.map_or(0, |at| at + 1);
                let line = lines[start..].split(|&byte| byte == b'\n').next().unwrap();
                let found = patterns.matcher().find(line).unwrap();
                all.extend(found.map(|found| (start + found.start(), start + found.end())));
            }
            Found::None => unreachable!("of these nothing is told"),
        });
        if let Some(at) = gave_up {
            let rest = by_the_engine(pattern, &lines[at..]).into_iter();
            all.extend(rest.map(|(start, end)| (at + start, at + end)));
        }
        all
    }

    #[test]
    fn they_are_those_of_the_engine() {
        if !Bits::is_fast() {
            return;
        }
        let mut random = Random(5);
        let mut found = 0;
        for pattern in [
            r"a=(\w+)",
            r"aab=(\d{2,3})",
            r"abab=(\S+)",
            r"==([^=]+)",
            r"aaaaa(\d+)",
            r"b{2}(\d+)",
            r"ab=[1b]{4}",
        ] {
            for round in 0..400 {
                let pieces: [&[u8]; 16] = [
                    b"a",
                    b"aab=1",
                    b"a=",
                    b"abab=",
                    b"aaaaa1",
                    b"bb",
                    b"==",
                    b"1",
                    b"22",
                    b" ",
                    b"\n",
                    b"\r\n",
                    b"\xff",
                    b"\0",
                    "\u{e9}".as_bytes(),
                    "\u{661}".as_bytes(),
                ];
                let mut lines = Vec::new();
                for _ in 0..random.below(round + 1) {
                    let times = [1, 1, 1, 1, 1, 1, 70][random.below(7)];
                    lines.extend(pieces[random.below(pieces.len())].repeat(times));
                }
                let want = by_the_engine(pattern, &lines);
                found += want.len();
                let shown = bstr::BStr::new(&lines);
                assert_eq!(by_blocks(pattern, &lines), want, "{pattern} in {shown:?}");
            }
        }
        assert!(found > 5000, "{found}");
    }

    #[test]
    fn a_run_that_is_too_long_is_left_to_the_engine() {
        if !Bits::is_fast() {
            return;
        }
        let line = [&b"x a="[..], &[b'1'; 5000], b"\na=2\n"].concat();
        assert_eq!(
            by_blocks(r"a=(\d+)", &line),
            by_the_engine(r"a=(\d+)", &line)
        );
    }

    #[test]
    fn lines_of_what_is_nearly_a_match_are_given_up() {
        if !Bits::is_fast() {
            return;
        }
        let pattern = r"-{20}(\d+)";
        let lines = [&b"-".repeat(20)[..], b"1\n", &b"-".repeat(2000), b"\n"].concat();
        let lines = [&lines[..], &b"-".repeat(30), b"2\n"].concat();
        let patterns = PatternOptions::default().compile(&[pattern]).unwrap();
        let firsts = patterns.prefilter.as_ref().unwrap().firsts.as_ref();
        assert!(firsts.unwrap().scan(&lines, |_| ()).is_some());
        assert_eq!(by_blocks(pattern, &lines), by_the_engine(pattern, &lines));
    }

    #[test]
    fn long_literals_are_left_to_the_engine() {
        for pattern in [r"b{4000000000}(\d+)", r"b{60}c{60}(\d+)", r"b{65}\d"] {
            let sequence = parse::sequence(&[pattern], &PatternOptions::default());
            let exact = Exact::new(&sequence.unwrap()).unwrap();
            assert!(Firsts::new(&exact).is_none(), "{pattern}");
        }
    }
}
