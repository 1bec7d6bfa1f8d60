//! Which lines of a slice match.

use std::{cell::Cell, ops::Range, sync::Arc};

use grep_matcher::{LineMatchKind, LineTerminator, Matcher as _};

use super::{
    Matcher, Patterns,
    many::Literals,
    prefilter::{Near, Prefilter},
};
use crate::line::{line_end, line_start};

/// The error of a search has no values.
const INFALLIBLE: &str = "a search that is given up is no match";

/// What it costs to search a line in vain, in bytes that the engine could have
/// gone past meanwhile, and how many may be lost in this way for good.
const IN_VAIN: isize = 400;
const PATIENCE: isize = 1 << 20;

/// Finds matching lines; one for each worker.
#[derive(Debug)]
pub(crate) struct LineFinder {
    matcher: Matcher,
    terminator: LineTerminator,
    whole_lines: bool,
    prefilter: Option<Arc<Prefilter>>,
    literals: Option<Arc<Literals>>,
    /// What the prefilter has gone past, less what it has cost. Below zero it
    /// is not worth while.
    credit: Cell<isize>,
    /// What has been gone past where literals could be looked for.
    past: Cell<usize>,
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
            credit: Cell::new(PATIENCE),
            past: Cell::new(0),
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
            Some(finder) => finder.find(haystack, from, engine),
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
        let byte = self.terminator.as_byte();
        let (mut found, mut done) = (None, from);
        let mut credit = self.credit.get();
        let mut given_up = false;
        prefilter.scan(haystack, from, |at, near| {
            if at < done || near == Near::None {
                return false;
            }
            let line =
                done + line_start(&haystack[done..], at - done, byte)..line_end(haystack, at, byte);
            if near == Near::Ask && !self.is_match(&haystack[line.clone()]) {
                credit = PATIENCE.min(credit + (line.end - done).cast_signed()) - IN_VAIN;
                done = line.end;
                given_up = credit < 0;
                return given_up;
            }
            found = Some(line);
            true
        });
        self.credit.set(credit);
        if given_up {
            return self.find_fast(haystack, done);
        }
        found
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

    /// The same by what statistics call a line's content: where lines end with
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
