//! Which lines of a slice match.

use std::{
    cell::{Cell, RefCell},
    ops::{ControlFlow, Range},
    sync::Arc,
};

use grep_matcher::{LineMatchKind, LineTerminator, Match, Matcher as _};

use super::{
    Matcher, Patterns,
    many::Literals,
    prefilter::{Having, Near, Prefilter, Scanned},
};
use crate::line::{line_end, line_start};

/// The error of a search has no values.
const INFALLIBLE: &str = "a search that is given up is no match";

/// What it costs to search a line in vain, in bytes that the engine could have
/// gone past meanwhile, and how many may be lost in this way for good.
const IN_VAIN: isize = 400;
const PATIENCE: isize = 1 << 20;

/// If so much of a line is left behind its match, to begin anew behind the line
/// is cheaper than to go on: in a log in which every line has an address, `-c` of
/// one.
const REST: usize = 64;

/// Behind so many lines that match, and on the way to them no more than so many bytes
/// each, the next are looked for block by block, for so many bytes, and on as long as
/// they come as close. `-c` of a literal on every line of 150 bytes takes 0.77 of the
/// time, with AVX2 alone 0.85.
const IN_A_ROW: usize = 16;
const CLOSE: usize = 256;
const BY_BLOCKS: usize = 64 << 10;

/// Matches of a line that are kept until its end is found: of a line with
/// more, none is told.
const MATCHES: usize = 1 << 14;

/// What is asked of lines that match.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Wanted {
    /// Which they are.
    Lines,
    /// Where in them their matches are as well.
    Matches,
}

/// Finds matching lines; one for each worker.
#[derive(Debug)]
pub(crate) struct LineFinder {
    matcher: Matcher,
    terminator: LineTerminator,
    whole_lines: bool,
    prefilter: Option<Arc<Prefilter>>,
    literals: Option<Arc<Literals>>,
    having: Option<Arc<Having>>,
    /// Lines that have a literal may be looked for block by block: not once that
    /// turned out to look at too much in vain.
    by_blocks: Cell<bool>,
    /// What the prefilter has gone past, less what it has cost. Below zero it
    /// is not worth while.
    credit: Cell<isize>,
    /// What has been gone past where literals could be looked for.
    past: Cell<usize>,
    /// Room for the matches of a line.
    matches: RefCell<Vec<Match>>,
}

impl LineFinder {
    /// A finder that searches many lines at once where it can, or line by line
    /// where ripgrep would: lines that end with `\n` under `--crlf` make a
    /// difference. It uses the caches of the patterns: they should be a thread's own.
    pub(crate) fn new(patterns: &Patterns, line_by_line: bool) -> LineFinder {
        LineFinder {
            matcher: patterns.shared_matcher(),
            terminator: patterns.line_terminator(),
            whole_lines: patterns.searches_whole_lines() && !line_by_line,
            prefilter: patterns.prefilter.clone(),
            literals: patterns.literals.clone(),
            having: patterns.having.clone(),
            by_blocks: Cell::new(true),
            credit: Cell::new(PATIENCE),
            past: Cell::new(0),
            matches: RefCell::default(),
        }
    }

    /// The byte lines end with.
    pub(crate) fn terminator(&self) -> u8 {
        self.terminator.as_byte()
    }

    /// True if lines are searched one by one, with the rules ripgrep has then.
    pub(crate) fn is_slow(&self) -> bool {
        !self.whole_lines
    }

    /// The first line at or after `from`, a line start, that matches.
    #[inline]
    pub(crate) fn find(&self, haystack: &[u8], from: usize) -> Option<Range<usize>> {
        if self.whole_lines {
            match &self.prefilter {
                Some(prefilter) if self.credit.get() >= 0 => {
                    self.find_filtered(prefilter, haystack, from)
                }
                _ => match &self.literals {
                    Some(literals) => self.find_literals(literals, haystack, from),
                    None => self.find_fast(haystack, from),
                },
            }
        } else {
            self.find_slow(haystack, from)
        }
    }

    /// Calls `found` with each line at or behind `from`, a line start, that
    /// matches, in order, until it says no. With it come the matches in it, as
    /// positions in the haystack, if they are wanted and it takes no engine to
    /// know them.
    #[inline]
    pub(crate) fn each(
        &self,
        haystack: &[u8],
        (from, wanted): (usize, Wanted),
        mut found: impl FnMut(Range<usize>, Option<&[Match]>) -> bool,
    ) {
        match &self.prefilter {
            Some(prefilter) if self.whole_lines && self.credit.get() >= 0 => {
                return self.each_filtered(prefilter, haystack, (from, wanted), found);
            }
            _ => {}
        }
        match &self.having {
            Some(having) if self.whole_lines && self.by_blocks.get() => {
                self.each_having(having, haystack, from, |line| found(line, None));
            }
            _ => one_by_one(haystack, from, found, |from| self.find(haystack, from)),
        }
    }

    /// Shows each line that has a literal: by the engine, or block by block where lines that have
    /// it are close to each other.
    fn each_having(
        &self,
        having: &Having,
        haystack: &[u8],
        mut from: usize,
        mut found: impl FnMut(Range<usize>) -> bool,
    ) {
        let (mut since, mut lines) = (from, 0);
        while from < haystack.len()
            && let Some(line) = self.find_fast(haystack, from)
        {
            from = line.end;
            lines += 1;
            if !found(line) {
                break;
            }
            if lines < IN_A_ROW {
                continue;
            }
            while self.by_blocks.get() && from < haystack.len() && from - since < lines * CLOSE {
                let most = haystack.len().min(from + BY_BLOCKS);
                let end = line_end(haystack, most - 1, self.terminator.as_byte());
                (since, lines) = (from, 0);
                let scanned = having.scan(&haystack[from..end], |line| {
                    lines += 1;
                    found(since + line.start..since + line.end)
                });
                from = match scanned {
                    Scanned::All => end,
                    Scanned::Enough => return,
                    Scanned::GaveUp(at) => {
                        self.by_blocks.set(false);
                        since + at
                    }
                };
            }
            (since, lines) = (from, 0);
        }
    }

    fn find_fast(&self, haystack: &[u8], mut from: usize) -> Option<Range<usize>> {
        let byte = self.terminator.as_byte();
        while from < haystack.len() {
            let rest = &haystack[from..];
            let (at, confirmed) = match self.matcher.find_candidate_line(rest).expect(INFALLIBLE)? {
                LineMatchKind::Confirmed(at) => (at, true),
                LineMatchKind::Candidate(at) => (at, false),
            };
            let start = from + line_start(rest, at, byte);
            // An empty match behind the last line is on no line.
            if start == haystack.len() {
                return None;
            }
            let line = start..line_end(haystack, from + at, byte);
            // Behind a stray continuation byte at the start of a line the
            // engine looks back past the line end, to bytes that are here or
            // not depending on where the search began.
            let alone = start == from || !matches!(haystack[start], 0x80..=0xbf);
            if (confirmed && alone) || self.is_match(&haystack[line.clone()]) {
                return Some(line);
            }
            from = line.end;
        }
        None
    }

    fn find_literals(
        &self,
        literals: &Literals,
        haystack: &[u8],
        from: usize,
    ) -> Option<Range<usize>> {
        let engine = |haystack: &[u8], from| self.find_fast(haystack, from);
        let past = self.past.get();
        let found = match literals.finder(haystack, past, engine) {
            Some(finder) => finder.find(haystack, from),
            None => engine(haystack, from),
        };
        let end = found.as_ref().map_or(haystack.len(), |line| line.end);
        self.past.set(past.saturating_add(end - from));
        found
    }

    fn find_filtered(
        &self,
        prefilter: &Prefilter,
        haystack: &[u8],
        from: usize,
    ) -> Option<Range<usize>> {
        let mut first = None;
        self.each_filtered(prefilter, haystack, (from, Wanted::Lines), |line, _| {
            first = Some(line);
            false
        });
        first
    }

    fn each_filtered(
        &self,
        prefilter: &Prefilter,
        haystack: &[u8],
        (from, wanted): (usize, Wanted),
        mut found: impl FnMut(Range<usize>, Option<&[Match]>) -> bool,
    ) {
        let byte = self.terminator.as_byte();
        // The last line with a place, and what is known to match in it.
        let mut line = from..from;
        let mut matches = self.matches.take();
        let mut from = from;
        let mut credit = self.credit.get();
        let (mut given_up, mut again) = (false, true);
        while std::mem::take(&mut again) {
            prefilter.scan(haystack, from, |at, near| {
                if near == Near::None {
                    return ControlFlow::Continue(from);
                }
                let past = line.end;
                if at >= past {
                    if !matches.is_empty() {
                        let more = found(line.clone(), Some(&matches));
                        matches.clear();
                        if !more {
                            return ControlFlow::Break(());
                        }
                    }
                    line = past + line_start(&haystack[past..], at - past, byte)
                        ..line_end(haystack, at, byte);
                }
                let kept = wanted == Wanted::Matches && matches.len() < MATCHES;
                if let (Near::Match(start, end), true) = (near, kept) {
                    matches.push(Match::new(start, end));
                    from = end;
                    return ControlFlow::Continue(from);
                }
                from = line.end;
                let known = near != Near::Ask || !matches.is_empty();
                matches.clear();
                if known || self.is_match(&haystack[line.clone()]) {
                    let more = found(line.clone(), None);
                    again = more && line.end - at >= REST;
                    if again || !more {
                        return ControlFlow::Break(());
                    }
                } else {
                    credit = PATIENCE.min(credit + (line.end - past).cast_signed()) - IN_VAIN;
                    given_up = credit < 0;
                    if given_up {
                        return ControlFlow::Break(());
                    }
                }
                ControlFlow::Continue(from)
            });
        }
        self.credit.set(credit);
        if !matches.is_empty() {
            found(line, Some(&matches));
            matches.clear();
        }
        self.matches.replace(matches);
        if given_up {
            one_by_one(haystack, from, found, |from| self.find_fast(haystack, from));
        }
    }

    fn find_slow(&self, haystack: &[u8], mut from: usize) -> Option<Range<usize>> {
        while from < haystack.len() {
            let line = from..line_end(haystack, from, self.terminator.as_byte());
            if self.is_match(&haystack[line.clone()]) {
                return Some(line);
            }
            from = line.end;
        }
        None
    }

    /// The next line with a match in what statistics call its content: where lines end with
    /// `\r\n`, without one `\r` at its end, whatever ends the line.
    #[inline]
    pub(crate) fn find_content(&self, haystack: &[u8], mut from: usize) -> Option<Range<usize>> {
        if !self.terminator.is_crlf() {
            return self.find(haystack, from);
        }
        while from < haystack.len() {
            let line = if self.whole_lines {
                self.find_fast(haystack, from)?
            } else {
                from..line_end(haystack, from, b'\n')
            };
            let content = &haystack[line.clone()];
            let content = content.strip_suffix(b"\n").unwrap_or(content);
            let content = content.strip_suffix(b"\r").unwrap_or(content);
            if self.matcher.is_match(content).expect(INFALLIBLE) {
                return Some(line);
            }
            from = line.end;
        }
        None
    }

    /// Whether a line, given with its terminator, matches.
    #[inline]
    pub(crate) fn is_match(&self, line: &[u8]) -> bool {
        // Without the terminator: `(?m)^$` would match behind it.
        let line = line
            .strip_suffix(self.terminator.as_bytes())
            .unwrap_or(line);
        self.matcher.is_match(line).expect(INFALLIBLE)
    }
}

/// Calls `found` with the lines that `find` finds, until it says no.
fn one_by_one(
    haystack: &[u8],
    mut from: usize,
    mut found: impl FnMut(Range<usize>, Option<&[Match]>) -> bool,
    find: impl Fn(usize) -> Option<Range<usize>>,
) {
    while from < haystack.len()
        && let Some(line) = find(from)
    {
        from = line.end;
        if !found(line, None) {
            break;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pattern::PatternOptions;

    fn lines(pattern: &str, haystack: &[u8]) -> Vec<Range<usize>> {
        let patterns = PatternOptions::default().compile(&[pattern]).unwrap();
        let finder = LineFinder::new(&patterns, false);
        let (mut from, mut found) = (0, vec![]);
        while let Some(line) = finder.find(haystack, from) {
            from = line.end;
            found.push(line);
        }
        found
    }

    #[test]
    fn finds_each_matching_line_once() {
        let h = b"foo\nbar foo foo\n\nbaz\nfoo";
        assert_eq!(lines("foo", h), [0..4, 4..16, 21..24]);
        assert_eq!(lines("^$", h), vec![16..17]);
        assert_eq!(lines("$", b"a\n\n"), [0..2, 2..3]);
        assert_eq!(lines(r"\Abaz\z", h), vec![17..21]);
        assert!(lines("", b"").is_empty());
    }
}
