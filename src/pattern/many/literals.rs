//! Finds the lines that have one of many literals.

use std::{
    ops::Range,
    sync::OnceLock,
    time::{Duration, Instant},
};

use super::{
    layout::{Filter, Layout, Wanted},
    plain::{Plain, Plainly},
};
use crate::{
    line::{line_end, line_start},
    pattern::{Case, PatternOptions},
};

/// With fewer patterns the regex engine has kernels of its own.
const FEW: usize = 8;

/// So much text must be gone past before it is worth while to tune for it, and
/// so much where the engine goes past as many bytes in a nanosecond.
const PATIENCE: usize = 8 << 20;
const LONG_PATIENCE: usize = 64 << 20;
const FAST: u128 = 5;

/// The least text that can be tuned for, and what both ways are tried on.
const SAMPLE: usize = 16 << 10;
const TRIED: usize = 64 << 10;

/// So many patterns the engine is tried on: of more, in whatever case, or whole
/// words, it may build a state for every byte.
const ENGINE: usize = 2000;
const ENGINE_AROUND: usize = 100;

/// From so many patterns on the engine is not compiled before so much text is
/// gone past: that takes longer than it can save.
const DIRECT: usize = 64;
const TRIAL: usize = 32 << 20;

/// How often each way is tried: it is the best time that counts.
const TRIES: usize = 3;

/// Where it is to be seen whether there are letters that are ASCII letters in
/// another case, pieces of the text have this size at first and at most: a piece that
/// has some is searched in a copy that has the ASCII letters.
const PIECE: usize = 4 << 10;
const PIECES: usize = 128 << 10;

/// Literals, looked for together.
#[derive(Debug)]
pub(crate) struct Literals {
    plains: Vec<Plain>,
    fold: bool,
    exotic: bool,
    /// Whether the engine may be faster.
    for_engine: bool,
    /// What they are looked for by, unless the engine is faster; not known
    /// until there is text.
    tuned: OnceLock<Option<Vec<Filter>>>,
    /// The filters where there is hardly any text to sample.
    rough: OnceLock<Option<Vec<Filter>>>,
    /// Whether the engine is fast.
    fast: OnceLock<bool>,
    /// Whether the engine has turned out to be faster.
    slower: OnceLock<bool>,
}

impl Literals {
    /// `None` if the patterns are few, if one is anything but bytes, or if
    /// lines end otherwise than with `\n`.
    pub(crate) fn new<P: AsRef<str>>(patterns: &[P], options: &PatternOptions) -> Option<Literals> {
        if patterns.len() < FEW || options.crlf || options.null_data || options.multi_line {
            return None;
        }
        // The rule of smart case sees all patterns together.
        let lower = |p: &P| !p.as_ref().chars().any(char::is_uppercase);
        let options = PatternOptions {
            case: match options.case {
                Case::Smart if !options.fixed_strings => return None,
                Case::Smart if patterns.iter().all(lower) => Case::Insensitive,
                Case::Smart => Case::Sensitive,
                case => case,
            },
            ..options.clone()
        };
        let plains = patterns.iter().map(|pattern| {
            let plain = Plain::new(pattern.as_ref(), &options);
            plain.filter(|plain| plain.bytes.len() > 1)
        });
        let plains = plains.collect::<Option<Vec<_>>>()?;
        let fold = plains.iter().any(|plain| plain.caseless);
        let around = plains.iter().any(|plain| plain.around.is_some());
        Some(Literals {
            for_engine: !fold && plains.len() <= if around { ENGINE_AROUND } else { ENGINE },
            fold,
            exotic: plains.iter().any(|plain| plain.exotic),
            plains,
            tuned: OnceLock::new(),
            rough: OnceLock::new(),
            fast: OnceLock::new(),
            slower: OnceLock::new(),
        })
    }

    /// Whether they are known to compile: so few bytes are far from any bound.
    pub(crate) fn is_sure(&self) -> bool {
        const LARGE: usize = 256 << 10;
        self.plains
            .iter()
            .map(|plain| plain.bytes.len())
            .sum::<usize>()
            <= LARGE
    }

    /// What finds lines, if that is faster in a text like this than `engine`,
    /// which finds the first line at or behind a place, and has gone `past` so
    /// much of the text.
    #[inline]
    pub(crate) fn finder(
        &self,
        text: &[u8],
        past: usize,
        engine: impl Fn(&[u8], usize) -> Option<Range<usize>>,
    ) -> Option<LiteralFinder<'_>> {
        let waits = self.for_engine && self.plains.len() < DIRECT;
        let filters = match self.tuned.get() {
            Some(filters) => filters,
            None if waits && (text.len() < SAMPLE || past < PATIENCE) => return None,
            None if waits
                && past < LONG_PATIENCE
                && *self.fast.get_or_init(|| is_fast(text, &engine)) =>
            {
                return None;
            }
            None if text.len() < SAMPLE => self.rough.get_or_init(|| self.filters(text)),
            None => self.tuned.get_or_init(|| self.filters(text)),
        };
        let finder = LiteralFinder {
            literals: self,
            filters: filters.as_deref()?,
        };
        let tried = self.for_engine && (waits || past >= TRIAL) && text.len() >= SAMPLE;
        let slower = tried && *self.slower.get_or_init(|| finder.is_slower(text, &engine));
        (!slower).then_some(finder)
    }

    /// What finds the literals in a text like this.
    fn filters(&self, text: &[u8]) -> Option<Vec<Filter>> {
        let wanted = (0..).zip(&self.plains).map(|(pattern, plain)| Wanted {
            pattern,
            sets: vec![vec![plain.bytes.clone()]],
            // One by one they are not looked for.
            literal: false,
        });
        let layout = Layout::new(&wanted.collect::<Vec<_>>(), self.fold, text);
        layout.alone.is_empty().then_some(layout.filters)
    }
}

/// The text that both ways are tried on.
fn tried(text: &[u8]) -> &[u8] {
    &text[..line_end(text, TRIED.min(text.len() - 1), b'\n')]
}

/// Whether the engine hardly stops in a text like this.
fn is_fast(text: &[u8], engine: impl Fn(&[u8], usize) -> Option<Range<usize>>) -> bool {
    let sample = tried(text);
    time(sample, engine).as_nanos() * FAST <= sample.len() as u128
}

/// How long it takes to find all lines of a text.
fn time(text: &[u8], find: impl Fn(&[u8], usize) -> Option<Range<usize>>) -> Duration {
    let tries = (0..TRIES).map(|_| {
        let start = Instant::now();
        let mut from = 0;
        while let Some(line) = find(text, from) {
            from = line.end;
        }
        start.elapsed()
    });
    tries.min().unwrap_or_default()
}

/// Finds lines without the regex engine.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LiteralFinder<'a> {
    literals: &'a Literals,
    filters: &'a [Filter],
}

impl LiteralFinder<'_> {
    /// Whether the engine is faster in a text like this.
    fn is_slower(
        self,
        text: &[u8],
        engine: &impl Fn(&[u8], usize) -> Option<Range<usize>>,
    ) -> bool {
        let sample = tried(text);
        let ours = time(sample, |text, from| self.find(text, from));
        ours >= time(sample, engine)
    }

    /// The first line at or behind `from`, the start of a line, that has one
    /// of the literals.
    #[inline]
    pub(crate) fn find(self, text: &[u8], from: usize) -> Option<Range<usize>> {
        if !self.literals.exotic {
            return self.find_plain(text, from);
        }
        let (mut at, mut size) = (from, PIECE);
        while at < text.len() {
            let end = if text.len() - at <= size {
                text.len()
            } else {
                line_end(text, at + size, b'\n')
            };
            let lines = &text[..end];
            let mut found = self.find_plain(lines, at);
            // What is behind the line is for the next call to see.
            let seen = found.as_ref().map_or(end, |line| line.end);
            if let Some(plain) = Plainly::of(&text[at..seen]) {
                let line = self.find_plain(&plain.text, 0);
                let place = |of: usize| at + plain.original(of);
                found = line.map(|line| place(line.start)..place(line.end));
            }
            if found.is_some() {
                return found;
            }
            (at, size) = (end, PIECES.min(4 * size));
        }
        None
    }

    fn find_plain(self, text: &[u8], from: usize) -> Option<Range<usize>> {
        let (mut lines, mut first) = (text.get(from..)?, None);
        for filter in self.filters {
            let found = self.place(filter, lines);
            if let Some(at) = found {
                let line = line_start(lines, at, b'\n')..line_end(lines, at, b'\n');
                // Another filter has a say in what is before, or in this line.
                lines = &lines[..line.start];
                first = Some(from + line.start..from + line.end);
            }
        }
        first
    }

    /// A place in the first line that has a literal of the filter.
    fn place(self, filter: &Filter, lines: &[u8]) -> Option<usize> {
        let mut place = None;
        filter.grams.scan(lines, |needle, start| {
            let (pattern, needle) = &filter.needles[needle as usize];
            let plain = &self.literals.plains[*pattern as usize];
            let here = plain.is_at(lines, start, start + needle.len());
            if here {
                place = Some(start);
            }
            here
        });
        place
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pattern::{Boundary, LineFinder};

    /// Numbers that look like chance.
    struct Dice(u64);

    impl Dice {
        fn below(&mut self, n: usize) -> usize {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005) + 1;
            (self.0 >> 33) as usize % n
        }

        fn text(&mut self, pieces: &[&str], len: usize) -> String {
            (0..len).map(|_| pieces[self.below(pieces.len())]).collect()
        }
    }

    const PIECES: [&str; 14] = [
        "user=", "u", "1", "2", "23", "K", "s", "\u{17f}", "\u{212a}", " ", "_", "ä", "ab", "aB",
    ];

    fn lines(
        text: &[u8],
        find: impl Fn(&[u8], usize) -> Option<Range<usize>>,
    ) -> Vec<Range<usize>> {
        let (mut all, mut from) = (Vec::new(), 0);
        while let Some(line) = find(text, from) {
            from = line.end;
            all.push(line);
        }
        all
    }

    fn check(patterns: &[String], options: &PatternOptions, text: &[u8], sample: &[u8]) -> bool {
        let engine = options.compile(patterns).unwrap();
        let engine = LineFinder::new(&engine, false);
        let want = lines(text, |text, from| engine.find(text, from));
        let literals = Literals::new(patterns, options).expect("they are plain");
        let Some(filters) = literals.filters(sample) else {
            return false;
        };
        let finder = LiteralFinder {
            literals: &literals,
            filters: &filters,
        };
        let find = |text: &[u8], from| finder.find(text, from);
        let shown = String::from_utf8_lossy(text);
        assert_eq!(
            lines(text, find),
            want,
            "{patterns:?} {options:?} {shown:?}"
        );
        true
    }

    /// The lines are those of the regex engine.
    #[test]
    fn lines_are_those_of_the_engine() {
        let mut dice = Dice(1);
        let (mut checked, mut given_up) = (0, 0);
        for round in 0..400 {
            let literals = 8 + dice.below(if round % 8 == 0 { 200 } else { 12 });
            let prefix = ["", "user=u", "a"][dice.below(3)];
            let some = (0..literals).map(|_| {
                let len = 1 + dice.below(6);
                format!("{prefix}{}1", dice.text(&PIECES[..12 - round % 12], len))
            });
            let mut patterns: Vec<String> = some.collect();
            let options = PatternOptions {
                fixed_strings: dice.below(2) == 0,
                case: [Case::Sensitive, Case::Insensitive][dice.below(2)],
                boundary: [None, Some(Boundary::Word), Some(Boundary::Line)][dice.below(3)],
                unicode: dice.below(4) > 0,
                ..PatternOptions::default()
            };
            if options.case == Case::Insensitive {
                patterns.retain(|pattern| pattern.is_ascii());
            }
            if patterns.len() < FEW {
                continue;
            }
            let mut text = Vec::new();
            for _ in 0..dice.below(if round % 10 == 0 { 2000 } else { 80 }) {
                let len = dice.below(12);
                text.extend_from_slice(dice.text(&PIECES, len).as_bytes());
                if dice.below(4) == 0 {
                    text.extend_from_slice(patterns[dice.below(patterns.len())].as_bytes());
                }
                if dice.below(9) == 0 {
                    text.push(0x80 + dice.below(0x7f) as u8);
                }
                text.push(b'\n');
            }
            let sample = if dice.below(2) == 0 { &text[..] } else { b"" };
            if check(&patterns, &options, &text, sample) {
                checked += 1;
            } else {
                given_up += 1;
            }
        }
        assert!(
            checked > 4 * given_up && checked > 100,
            "{checked} {given_up}"
        );
    }

    #[test]
    fn patterns_that_are_more_than_bytes_are_for_the_engine() {
        let options = PatternOptions::default();
        let numbers = |more: &str| (0..20).map(|i| format!("{i}ab{more}")).collect::<Vec<_>>();
        assert!(Literals::new(&numbers(""), &options).is_some());
        assert!(Literals::new(&numbers(".")[..], &options).is_none());
        assert!(Literals::new(&numbers("")[..3], &options).is_none());
        let crlf = PatternOptions {
            crlf: true,
            ..options
        };
        assert!(Literals::new(&numbers(""), &crlf).is_none());
    }

    #[test]
    fn the_rule_of_smart_case_sees_all_patterns() {
        let smart = PatternOptions {
            fixed_strings: true,
            case: Case::Smart,
            ..PatternOptions::default()
        };
        let mut patterns: Vec<_> = (0..20).map(|i| format!("ab{i}cd")).collect();
        let text = b"x\nAB3CD\nab4cd ab5cd\n";
        assert!(check(&patterns, &smart, text, text));
        patterns.push("abC".to_string());
        assert!(check(&patterns, &smart, text, text));
    }
}
