//! The lines that have a literal, where many do.
//!
//! To find a literal, and then where its line begins and ends, is three calls a
//! line. Where lines that match are close to each other it costs less to look at all
//! blocks once, for the literal and for the ends of lines. Without that, `-c` of a
//! literal on every line takes 1.16 to 1.38 times as long with AVX-512, and 1.19 times
//! the instructions with AVX2 (`count/literal-every` in `benches/search.rs`).

#![expect(
    clippy::inline_always,
    reason = "what is not inlined is not compiled for the newer processor"
)]

use std::ops::Range;

use super::{
    bits::{Blocks, Words},
    ends::{Carry, Ends, Vain},
    parse,
};
use crate::pattern::{Case, PatternOptions};

/// Finds the lines that have a literal.
#[derive(Debug)]
pub(crate) struct Having(Ends);

impl Having {
    /// `None` if the patterns are something else, or if nothing would be gained.
    pub(crate) fn new<P: AsRef<str>>(patterns: &[P], options: &PatternOptions) -> Option<Having> {
        let literal = literal(patterns, options)?;
        // Not what means something else to the engine or to the searcher: stray
        // bytes of characters, and bytes that end lines or make a file binary.
        let plain = |&byte: &u8| byte == b'\t' || (b' '..0x7f).contains(&byte);
        if !literal.iter().all(plain) {
            return None;
        }
        Ends::new(literal).map(Having)
    }

    /// Calls `found` with each line that has the literal, in order, until it says no.
    #[inline]
    pub(crate) fn scan(&self, lines: &[u8], found: impl FnMut(Range<usize>) -> bool) -> Scanned {
        let mut search = Search {
            literal: &self.0,
            lines,
            carry: Carry::default(),
            line: 0,
            passing: false,
            vain: Vain::default(),
            ended: None,
            found,
        };
        self.0.bits().scan(lines, &mut search);
        if search.passing {
            search.end(lines.len());
        }
        search.ended.unwrap_or(Scanned::All)
    }
}

/// How far a scan came.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Scanned {
    /// Through all lines.
    All,
    /// No more were wanted.
    Enough,
    /// Before the line that starts here: most of what it looked at was in vain.
    GaveUp(usize),
}

fn literal<P: AsRef<str>>(patterns: &[P], options: &PatternOptions) -> Option<Vec<u8>> {
    let [pattern] = patterns else { return None };
    if options.boundary.is_some() || options.crlf || options.null_data || options.multi_line {
        return None;
    }
    if options.fixed_strings {
        let whole = (options.case == Case::Sensitive).then(|| pattern.as_ref().as_bytes());
        return whole.map(<[u8]>::to_vec);
    }
    let sequence = parse::sequence(patterns, options)?;
    let one = |run: &super::sequence::Run| match (run.min, run.is_fixed()) {
        (1, true) => run.class?.only(),
        _ => None,
    };
    let literal: Option<Vec<u8>> = sequence.runs.iter().map(one).collect();
    literal.filter(|_| sequence.exact)
}

/// A search under way.
struct Search<'a, F> {
    literal: &'a Ends,
    lines: &'a [u8],
    /// What the block before leaves.
    carry: Carry,
    /// Where the line begins that the search is in.
    line: usize,
    /// The line has the literal, and its end is looked for.
    passing: bool,
    vain: Vain,
    /// Why no more is looked for.
    ended: Option<Scanned>,
    found: F,
}

impl<F: FnMut(Range<usize>) -> bool> Search<'_, F> {
    /// The line that has the literal ends here.
    #[inline(always)]
    fn end(&mut self, end: usize) {
        if !(self.found)(self.line..end) {
            self.ended = Some(Scanned::Enough);
        }
        self.line = end;
        self.passing = false;
    }
}

impl<F: FnMut(Range<usize>) -> bool> Blocks for Search<'_, F> {
    #[inline(always)]
    fn block(&mut self, at: usize, words: &Words, valid: u64) -> bool {
        let mut ends = self.literal.of_literal(words, valid, &mut self.carry);
        let mut newlines = Ends::of_lines(words, valid);
        loop {
            if !self.passing {
                if ends == 0 {
                    break;
                }
                let bit = ends.trailing_zeros();
                ends &= ends - 1;
                let end = at + bit as usize + 1;
                let is_here = self.literal.start(self.lines, end).is_some();
                if !is_here && !self.vain.one_more(end) {
                    continue;
                }
                let passed = newlines & !(u64::MAX << bit);
                if passed != 0 {
                    self.line = at + 64 - passed.leading_zeros() as usize;
                }
                if !is_here {
                    self.ended = Some(Scanned::GaveUp(self.line));
                    return true;
                }
                newlines &= u64::MAX << bit;
                self.passing = true;
            }
            if newlines == 0 {
                return false;
            }
            let bit = newlines.trailing_zeros();
            newlines &= newlines - 1;
            ends &= u64::MAX << bit;
            self.end(at + bit as usize + 1);
            if self.ended.is_some() {
                return true;
            }
        }
        if newlines != 0 {
            self.line = at + 64 - newlines.leading_zeros() as usize;
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{bits::Bits, tests::Random},
        *,
    };
    use crate::pattern::{LineFinder, Wanted};

    fn by_the_engine(literal: &str, lines: &[u8]) -> Vec<Range<usize>> {
        let mut patterns = PatternOptions::default().compile(&[literal]).unwrap();
        patterns.having = None;
        let finder = LineFinder::new(&patterns, false);
        let (mut from, mut all) = (0, Vec::new());
        while let Some(line) = finder.find(lines, from) {
            from = line.end;
            all.push(line);
        }
        all
    }

    #[test]
    fn they_are_those_of_the_engine() {
        if !Bits::is_fast() {
            return;
        }
        let mut random = Random(9);
        let mut found = 0;
        for literal in ["a", "ab", "aa", "aba", "b=1", "abababab", "aaaaa=b"] {
            let options = PatternOptions::default();
            let having = Having::new(&[literal], &options).unwrap();
            for round in 0..400 {
                let pieces: [&[u8]; 12] = [
                    b"a",
                    b"ab",
                    b"b",
                    b"=",
                    b"=1",
                    b"aa",
                    b" ",
                    b"\n",
                    b"\n\n",
                    b"\r\n",
                    b"\xff",
                    b"aaaaa=b\n",
                ];
                let mut lines = Vec::new();
                for _ in 0..random.below(round + 1) {
                    let times = [1, 1, 1, 1, 1, 1, 70][random.below(7)];
                    lines.extend(pieces[random.below(pieces.len())].repeat(times));
                }
                let want = by_the_engine(literal, &lines);
                let mut got = Vec::new();
                let scanned = having.scan(&lines, |line| {
                    got.push(line);
                    true
                });
                assert_eq!(scanned, Scanned::All);
                let shown = bstr::BStr::new(&lines);
                assert_eq!(got, want, "{literal} in {shown:?}");
                found += want.len();
                let mut some = want.len() / 2;
                let scanned = having.scan(&lines, |_| {
                    some = some.saturating_sub(1);
                    some > 0
                });
                assert!(scanned != Scanned::All || want.is_empty());
            }
        }
        assert!(found > 5000, "{found}");
    }

    #[test]
    fn lines_of_what_is_nearly_the_literal_are_given_up() {
        if !Bits::is_fast() {
            return;
        }
        let literal = format!("b{}", "a".repeat(40));
        let having = Having::new(&[&literal], &PatternOptions::default()).unwrap();
        let near = "a".repeat(300) + "\n";
        let lines = format!("{literal}\n{}{literal}\n", near.repeat(20));
        let mut got = Vec::new();
        let scanned = having.scan(lines.as_bytes(), |line| {
            got.push(line);
            true
        });
        let Scanned::GaveUp(at) = scanned else {
            panic!("{scanned:?}")
        };
        assert!(matches!(&got[..], [first] if *first == (0..literal.len() + 1)));
        assert!(at > 300 && lines.as_bytes()[at - 1] == b'\n', "{at}");
        // The finder goes on without.
        let many = lines.repeat(2) + &format!("{literal}\n").repeat(40) + &lines;
        let patterns = PatternOptions::default().compile(&[&literal]).unwrap();
        let finder = LineFinder::new(&patterns, false);
        for _ in 0..2 {
            let mut got = Vec::new();
            finder.each(many.as_bytes(), (0, Wanted::Lines), |line, _| {
                got.push(line);
                true
            });
            assert_eq!(got, by_the_engine(&literal, many.as_bytes()));
        }
    }

    #[test]
    fn only_plain_literals_are_taken() {
        if !Bits::is_fast() {
            return;
        }
        let plain = PatternOptions::default();
        let fixed = PatternOptions {
            fixed_strings: true,
            ..plain.clone()
        };
        let folded = PatternOptions {
            case: Case::Insensitive,
            ..plain.clone()
        };
        let smart = PatternOptions {
            case: Case::Smart,
            ..plain.clone()
        };
        for (pattern, options, want) in [
            ("req=", &plain, Some("req=")),
            (r"a\.b", &plain, Some("a.b")),
            ("a.b", &plain, None),
            ("a.b", &fixed, Some("a.b")),
            ("(req)=", &plain, Some("req=")),
            ("a+", &plain, None),
            ("x$", &plain, None),
            ("", &plain, None),
            ("", &fixed, None),
            ("\u{e9}", &plain, None),
            ("a", &folded, None),
            ("=", &folded, Some("=")),
            ("Aa", &smart, Some("Aa")),
        ] {
            let having = Having::new(&[pattern], options);
            let got = having.as_ref().map(|having| having.0.literal());
            assert_eq!(got, want.map(str::as_bytes), "{pattern} {options:?}");
        }
        assert!(Having::new(&["a", "b"], &plain).is_none());
    }
}
