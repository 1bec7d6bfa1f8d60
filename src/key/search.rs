//! Where a regex matches, and what its captures hold.

use std::sync::OnceLock;

use grep_matcher::{Captures as _, LineMatchKind, Matcher as _};
use memchr::memchr;

use super::{Key, grammar::config, record::Slot};
use crate::{
    error::Result,
    line::line_start,
    pattern::{Captures, Found, Matcher, PatternOptions, Patterns, Shortcut},
};

/// A compiled regex and the captures that keys ask for, shared by all threads.
#[derive(Debug)]
pub(super) struct Regex {
    pattern: String,
    options: PatternOptions,
    lf: Patterns,
    crlf: OnceLock<Patterns>,
    /// Each capture that is wanted, and the slots it is wanted in.
    captures: Vec<(usize, Vec<usize>)>,
}

impl Regex {
    /// Compiles the pattern for the captures among these keys.
    pub(super) fn new(pattern: &str, options: &PatternOptions, keys: &[Key]) -> Result<Regex> {
        let lf = compile(pattern, options, false)?;
        let regex = lf.matcher();
        let mut captures: Vec<(usize, Vec<usize>)> = Vec::new();
        for (slot, key) in keys.iter().enumerate() {
            let number = match key {
                Key::Capture(number) if *number < regex.capture_count() => *number,
                Key::Capture(number) => {
                    let groups = regex.capture_count() - 1;
                    return Err(config(format!(
                        "there is no ${number}: the regex has {groups} captures, ( ) makes one \
                         (write \\( for a bracket)"
                    )));
                }
                Key::Group(name) => regex.capture_index(name).ok_or_else(|| {
                    config(format!(
                        "there is no ${name}: no capture has this name, (?<{name}>...) makes one"
                    ))
                })?,
                _ => continue,
            };
            match captures.iter_mut().find(|(capture, _)| *capture == number) {
                Some((_, slots)) => slots.push(slot),
                None => captures.push((number, vec![slot])),
            }
        }
        Ok(Regex {
            pattern: pattern.to_string(),
            options: options.clone(),
            lf,
            crlf: OnceLock::new(),
            captures,
        })
    }

    /// How many captures the regex has, the whole match not among them.
    pub(super) fn captures(&self) -> usize {
        self.lf.matcher().capture_count() - 1
    }

    /// Compiles what is needed for lines that end like this.
    pub(super) fn prepare(&self, crlf: bool) -> Result<()> {
        if crlf && self.crlf.get().is_none() {
            let compiled = compile(&self.pattern, &self.options, true)?;
            self.crlf.get_or_init(|| compiled);
        }
        Ok(())
    }

    /// The parts of a match that the captures are, if there is a shortcut.
    fn parts(&self, shortcut: &Shortcut) -> Option<Vec<Part>> {
        // Also where no capture is wanted: that there is a shortcut at all.
        shortcut.group(0)?;
        let parts = self.captures.iter().map(|(capture, slots)| {
            let (start, end) = shortcut.group(*capture)?;
            Some((start, end, slots.clone()))
        });
        parts.collect()
    }

    /// What a thread needs to use it.
    pub(super) fn search(&self, crlf: bool) -> Search {
        let patterns = if crlf {
            self.crlf.get().expect("compiled by `prepare`")
        } else {
            &self.lf
        };
        let regex = patterns.matcher();
        let wants = |(capture, _): &(usize, Vec<usize>)| *capture > 0;
        Search {
            captures: regex
                .new_captures()
                .expect("captures of a regex cannot fail"),
            whole: !self.captures.iter().any(wants),
            wanted: self.captures.clone(),
            way: if patterns.searches_whole_lines() {
                Way::Candidates
            } else {
                Way::LineByLine
            },
            parts: self.parts(&patterns.shortcut()),
            shortcut: patterns.shortcut(),
            starts: vec![0; patterns.shortcut().group(0).map_or(0, |(_, end)| end + 1)],
            crlf,
            by_blocks: true,
            regex,
        }
    }
}

fn compile(pattern: &str, options: &PatternOptions, crlf: bool) -> Result<Patterns> {
    let options = PatternOptions {
        crlf,
        ..options.clone()
    };
    options.compile(&[pattern])
}

/// The part a capture starts with, the one behind it, and its slots.
type Part = (usize, usize, Vec<usize>);

/// A regex with what one thread needs for it.
#[derive(Debug)]
pub(super) struct Search {
    regex: Matcher,
    captures: Captures,
    wanted: Vec<(usize, Vec<usize>)>,
    /// No capture is wanted, or only the whole match.
    whole: bool,
    way: Way,
    /// What finds matches without the regex, and the parts of a match that
    /// are wanted.
    shortcut: Shortcut,
    parts: Option<Vec<Part>>,
    /// Where the parts of a match start.
    starts: Vec<usize>,
    crlf: bool,
    /// The first matches of lines may be looked for block by block.
    by_blocks: bool,
}

/// How whole lines are searched.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Way {
    /// A literal inside of the regex may find lines that could match; each is
    /// then searched. Until the regex turns out to have none.
    Candidates,
    /// From match to match, many lines in one call.
    Through,
    /// The regex asks for the ends of all text, which are those of the line.
    LineByLine,
}

impl Search {
    /// The first match that starts at or after `at` in whole lines; fills the
    /// slots of its captures. A match is on one line.
    #[inline]
    pub(super) fn next(
        &mut self,
        lines: &[u8],
        mut at: usize,
        slots: &mut [Slot],
    ) -> Option<(usize, usize)> {
        if self.parts.is_some() {
            return self.next_known(lines, at, slots);
        }
        // An empty match behind the last terminator is on no line.
        let last = lines.len() - usize::from(lines.ends_with(b"\n"));
        while at <= last {
            if self.way == Way::Through {
                let found = self.find(lines, at, 0, slots)?;
                return (found.0 <= last).then_some(found);
            }
            let near = if self.way == Way::Candidates && at < lines.len() {
                let candidate = self.regex.find_candidate_line(&lines[at..]);
                match candidate.expect(NO_ERROR)? {
                    LineMatchKind::Confirmed(_) => {
                        self.way = Way::Through;
                        continue;
                    }
                    LineMatchKind::Candidate(near) => at + near,
                }
            } else {
                at
            };
            let start = line_start(lines, near, b'\n');
            let terminator = memchr(b'\n', &lines[near..]).map(|i| near + i);
            let end = terminator.unwrap_or(lines.len());
            let content = if self.crlf && end > start && lines[end - 1] == b'\r' {
                end - 1
            } else {
                end
            };
            let from = at.max(start);
            let found = if self.way == Way::Candidates {
                // Bounds of the text are none of the line, but the regex does
                // not ask for them.
                self.find(&lines[..content.max(from)], from, 0, slots)
            } else {
                let line = &lines[start..content.max(from)];
                self.find(line, from - start, start, slots)
            };
            if found.is_some() {
                return found;
            }
            at = end + 1;
        }
        None
    }

    /// Finds the next match by the shortcut, which needs no engine.
    #[inline]
    fn next_known(
        &mut self,
        lines: &[u8],
        mut at: usize,
        slots: &mut [Slot],
    ) -> Option<(usize, usize)> {
        loop {
            let starts = &mut self.starts;
            let found = self.shortcut.find(lines, at, |part, start| {
                if let Some(known) = starts.get_mut(part) {
                    *known = start;
                }
            });
            match found? {
                Found::Match(start, end) => {
                    for (first, behind, of) in self.parts.iter().flatten() {
                        for &slot in of {
                            slots[slot] = Slot::Here(self.starts[*first], self.starts[*behind]);
                        }
                    }
                    return Some((start, end));
                }
                Found::None => return None,
                Found::Ask(near) => {
                    let from = at.max(line_start(lines, near, b'\n'));
                    let end = memchr(b'\n', &lines[near..]).map_or(lines.len(), |i| near + i);
                    let found = self.find(&lines[..end], from, 0, slots);
                    if found.is_some() {
                        return found;
                    }
                    at = end;
                }
            }
        }
    }

    /// Calls `show` with the first match of each line: with the slots of its captures
    /// and where it starts. Returns how many lines had one, and from where on they are
    /// better looked for one after the other.
    pub(super) fn firsts(
        &mut self,
        lines: &[u8],
        slots: &mut [Slot],
        mut show: impl FnMut(&[Slot], usize),
    ) -> (u64, usize) {
        let parts = match self.parts.take() {
            Some(parts) if self.by_blocks => parts,
            parts => {
                self.parts = parts;
                return (0, 0);
            }
        };
        let shortcut = self.shortcut.clone();
        let places = parts.iter().map(|(first, behind, of)| {
            let place = |part| shortcut.offset(part);
            (place(*first), place(*behind), &of[..])
        });
        let places: Vec<_> = places.collect();
        let mut matched = 0;
        let gave_up = shortcut.firsts(lines, |found| {
            let start = match found {
                Found::Match(start, end) => {
                    for (first, behind, of) in &places {
                        let place = |offset: &Option<usize>| offset.map_or(end, |by| start + by);
                        for &slot in *of {
                            slots[slot] = Slot::Here(place(first), place(behind));
                        }
                    }
                    start
                }
                Found::Ask(near) => {
                    let from = line_start(lines, near, b'\n');
                    let end = memchr(b'\n', &lines[near..]).map_or(lines.len(), |i| near + i);
                    match self.find(&lines[..end], from, 0, slots) {
                        Some((start, _)) => start,
                        None => return,
                    }
                }
                Found::None => return,
            };
            matched += 1;
            show(slots, start);
        });
        drop(places);
        self.parts = Some(parts);
        // At once is no failure: some text is too short to be sampled.
        self.by_blocks = gave_up.is_none_or(|at| at == 0);
        (matched, gave_up.unwrap_or(lines.len()))
    }

    #[inline]
    fn find(
        &mut self,
        haystack: &[u8],
        at: usize,
        base: usize,
        slots: &mut [Slot],
    ) -> Option<(usize, usize)> {
        if self.whole {
            let found = self.regex.find_at(haystack, at).expect(NO_ERROR)?;
            let (start, end) = (base + found.start(), base + found.end());
            for &slot in self.wanted.iter().flat_map(|(_, slots)| slots) {
                slots[slot] = Slot::Here(start, end);
            }
            return Some((start, end));
        }
        let found = self.regex.captures_at(haystack, at, &mut self.captures);
        if !found.expect(NO_ERROR) {
            return None;
        }
        for (capture, of) in &self.wanted {
            let value = self.captures.get(*capture).map_or(Slot::Missing, |found| {
                Slot::Here(base + found.start(), base + found.end())
            });
            for &slot in of {
                slots[slot] = value;
            }
        }
        let whole = self.captures.get(0)?;
        Some((base + whole.start(), base + whole.end()))
    }
}

/// The error type of the matcher stands for errors that do not happen.
const NO_ERROR: &str = "searching with a regex cannot fail";

#[cfg(test)]
mod tests {
    use super::*;

    /// Every match in whole lines, and its capture.
    fn all(search: &mut Search, lines: &[u8]) -> Vec<((usize, usize), Slot)> {
        let (mut at, mut found) = (0, Vec::new());
        let mut slots = [Slot::Missing];
        while let Some((start, end)) = search.next(lines, at, &mut slots) {
            found.push(((start, end), slots[0]));
            at = end.max(start + 1);
        }
        found
    }

    #[test]
    fn the_shortcut_finds_what_the_regex_does() {
        let mut state = 7u64;
        let mut below = |n: u64| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (state >> 33) % n
        };
        let options = PatternOptions::default();
        for pattern in [
            r"a=(\d+)",
            r"aa(\S+)",
            r"=(\w{2,})",
            "a([^=]+)",
            r"1(\D+)",
            r"[a1]+=(\d+)",
            r"(\d)=a",
            r"\d+=(1+)=",
        ] {
            let regex = Regex::new(pattern, &options, &[Key::Capture(1)]).unwrap();
            let (mut known, mut engine) = (regex.search(false), regex.search(false));
            assert!(known.parts.is_some(), "{pattern}");
            engine.parts = None;
            for _ in 0..3000 {
                let pieces = [
                    &b"a"[..],
                    b"a",
                    b"=",
                    b"=",
                    b"1",
                    b"2",
                    b" ",
                    b"\n",
                    b"\r",
                    b"\xff",
                    b"\0",
                    "\u{e9}".as_bytes(),
                    "\u{661}".as_bytes(),
                    b"\xc3",
                ];
                let lines: Vec<u8> = (0..below(14))
                    .flat_map(|_| pieces[below(pieces.len() as u64) as usize].to_vec())
                    .collect();
                let (got, want) = (all(&mut known, &lines), all(&mut engine, &lines));
                assert_eq!(got, want, "{pattern} in {:?}", bstr::BStr::new(&lines));
            }
        }
    }

    /// Enough lines for the text to be sampled: most of them match.
    #[test]
    fn the_first_matches_are_those_found_one_by_one() {
        let options = PatternOptions::default();
        let line = |i: usize| match i % 7 {
            0 => format!("{i} none\n"),
            1 => format!("user=u{i} user=second{i}\n"),
            2 => format!("user= user=u\u{e9}{i}\r\n"),
            _ => format!("{} user=u{i}, {}\n", "x".repeat(i % 90), "y".repeat(i % 70)),
        };
        let lines: String = (0..2000).map(line).collect();
        for lines in [&lines[..], &lines[..lines.len() - 1]] {
            let lines = lines.as_bytes();
            for pattern in [r"user=(\w+)", r"(us)e(r=\d*)", r"(user=(\S+))"] {
                let keys = [Key::Capture(1), Key::Capture(0), Key::Capture(1)];
                let regex = Regex::new(pattern, &options, &keys).unwrap();
                let (mut blocks, mut single) = (regex.search(false), regex.search(false));
                let (mut got, mut want) = (Vec::new(), Vec::new());
                let mut slots = [Slot::Missing; 3];
                let (matched, upto) = blocks.firsts(lines, &mut slots, |slots, start| {
                    got.push((start, slots.to_vec()));
                });
                let mut at = 0;
                while let Some((start, end)) = single.next(lines, at, &mut slots) {
                    want.push((start, slots.to_vec()));
                    at = memchr(b'\n', &lines[end..]).map_or(lines.len(), |i| end + i + 1);
                }
                let fast = pattern.ends_with("+)") || pattern.ends_with("+))");
                assert!(matched > 0 || !cfg!(target_arch = "x86_64") || !fast);
                if matched > 0 {
                    assert_eq!((matched, upto), (want.len() as u64, lines.len()));
                    assert_eq!(got, want, "{pattern}");
                }
            }
        }
    }
}
