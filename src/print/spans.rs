//! Where in a line the matches are.

use grep_matcher::{LineTerminator, Match, Matcher as _};

use super::{Line, LineSetup};
use crate::{
    line::Lines,
    pattern::{Captures, Matcher, Shortcut},
};

/// Where the content of a part of a line ends, its terminator left out.
pub(super) fn content_end(text: &[u8], part: Match, terminator: LineTerminator) -> usize {
    if !terminator.is_suffix(&text[part]) {
        return part.end();
    }
    let end = part.end() - 1;
    if terminator.is_crlf() && end > part.start() && text[end - 1] == b'\r' {
        end - 1
    } else {
        end
    }
}

/// Looks into lines for matches.
#[derive(Clone, Debug)]
pub(super) struct Finder {
    matcher: Matcher,
    shortcut: Shortcut,
    terminator: LineTerminator,
    /// A match may depend on whether anything stands before the line.
    looks_back: bool,
    /// A line behind a terminator.
    behind: Vec<u8>,
}

impl Finder {
    pub(super) fn new(setup: LineSetup) -> Finder {
        Finder {
            matcher: setup.matcher,
            shortcut: setup.shortcut,
            terminator: setup.terminator,
            // To `^` only `\n` is a terminator: with another one, it matches
            // at the start of the text and nowhere else.
            looks_back: setup.anchored || setup.terminator.as_byte() != b'\n',
            behind: vec![],
        }
    }

    /// What there is to see around a line: what comes before it but nothing
    /// from its terminator on.
    ///
    /// PCRE2 may look behind as far as it likes; it sees the terminator of the
    /// line before and nothing else, so that no answer depends on the cut.
    ///
    /// A line that starts its chunk but not its source gets a terminator
    /// before it where that can make a difference; otherwise `\A` would match
    /// wherever a chunk begins. A line that starts with a stray continuation
    /// byte is seen as it is at the start of a chunk, since the engine looks
    /// back from there past the terminator.
    pub(super) fn around<'a>(&'a mut self, line: &Line<'a>) -> Scope<'a> {
        Scope {
            known: line.matches,
            base: line.range.start,
            ..self.surroundings(line)
        }
    }

    fn surroundings<'a>(&'a mut self, line: &Line<'a>) -> Scope<'a> {
        let stray = matches!(line.text().first(), Some(0x80..=0xbf));
        if !self.looks_back && stray {
            return self.alone(line);
        }
        let far = self.matcher.looks_behind();
        if !(self.looks_back && (line.range.start == 0 || stray || far) && line.offset > 0) {
            return self.scope(line.haystack, line.range.start, line.text());
        }
        self.behind.clear();
        self.behind.push(self.terminator.as_byte());
        self.behind.extend_from_slice(line.text());
        self.scope(&self.behind, 1, line.text())
    }

    /// What there is to see of a line taken for itself.
    pub(super) fn alone<'a>(&'a self, line: &Line<'a>) -> Scope<'a> {
        self.scope(line.text(), 0, line.text())
    }

    fn scope<'a>(&'a self, haystack: &'a [u8], start: usize, text: &'a [u8]) -> Scope<'a> {
        let end = content_end(text, Match::new(0, text.len()), self.terminator);
        Scope {
            matcher: &self.matcher,
            shortcut: &self.shortcut,
            haystack: &haystack[..start + end],
            start,
            known: None,
            base: 0,
            stop: start + text.len(),
            tail: &text[end..],
        }
    }
}

/// A line in its surroundings.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scope<'a> {
    pub(super) matcher: &'a Matcher,
    shortcut: &'a Shortcut,
    /// Ends with the content of the line.
    pub(super) haystack: &'a [u8],
    /// Where in it the line begins.
    pub(super) start: usize,
    /// A match must begin before this: the end of the line, its terminator
    /// included. Without one, no match is empty at the end of the line.
    stop: usize,
    /// The terminator of the line.
    pub(super) tail: &'a [u8],
    /// Its matches, if they are known, with the line beginning at `base`.
    known: Option<&'a [Match]>,
    base: usize,
}

impl<'a> Scope<'a> {
    /// The matches, found one by one as they are asked for, from the start of
    /// the line.
    pub(super) fn spans(self) -> Spans<'a> {
        Spans {
            scope: self,
            walk: self.walk(),
        }
    }

    pub(super) fn walk(&self) -> Walk {
        Walk {
            at: self.start,
            last_end: None,
            known: 0,
        }
    }

    /// The first match at or behind a place of the haystack, its groups left in
    /// `captures`.
    fn captures_at(&self, at: usize, captures: &mut Captures) -> Option<Match> {
        use grep_matcher::Captures as _;
        let found = self.matcher.captures_at(self.haystack, at, captures);
        found.ok()?.then(|| captures.get(0)).flatten()
    }
}

/// How far a line has been looked through.
#[derive(Clone, Copy, Debug)]
pub(super) struct Walk {
    /// Where to look for the next match, in the haystack.
    at: usize,
    last_end: Option<usize>,
    /// How many of the known matches are behind.
    known: usize,
}

impl Walk {
    /// The next match, its groups left in `captures`; in the haystack.
    pub(super) fn next_captures(
        &mut self,
        scope: &Scope<'_>,
        captures: &mut Captures,
    ) -> Option<Match> {
        if scope.known.is_none() {
            return self.next(scope, |at| scope.captures_at(at, captures));
        }
        let found = self.next_known(scope)?.offset(scope.start);
        let told = scope.shortcut.groups(scope.haystack, found, captures);
        told.map_or_else(
            |_| scope.captures_at(found.start(), captures),
            |()| Some(found),
        )
    }

    /// The next match, where matches are known; in the line.
    #[inline]
    fn next_known(&mut self, scope: &Scope<'_>) -> Option<Match> {
        let found = scope.known?.get(self.known)?;
        self.known += 1;
        Some(in_line(found, scope.base))
    }

    /// The next match that is not an empty one directly behind the last.
    #[inline]
    fn next(
        &mut self,
        scope: &Scope<'_>,
        mut find: impl FnMut(usize) -> Option<Match>,
    ) -> Option<Match> {
        while self.at <= scope.haystack.len() {
            let Some(found) = find(self.at).filter(|m| m.start() < scope.stop) else {
                self.at = usize::MAX;
                break;
            };
            let again = found.is_empty() && self.last_end == Some(found.end());
            self.at = found.end() + usize::from(found.is_empty());
            self.last_end = Some(found.end());
            if !again {
                return Some(found);
            }
        }
        None
    }
}

/// The matches in a line, as positions in the line.
#[derive(Clone, Debug)]
pub(super) struct Spans<'a> {
    scope: Scope<'a>,
    walk: Walk,
}

impl Iterator for Spans<'_> {
    type Item = Match;

    #[inline]
    fn next(&mut self) -> Option<Match> {
        let Scope {
            matcher,
            shortcut,
            haystack,
            start,
            ..
        } = self.scope;
        if self.scope.known.is_some() {
            return self.walk.next_known(&self.scope);
        }
        let found = self.walk.next(&self.scope, |at| {
            let known = shortcut.find_at(haystack, at);
            // This matcher cannot fail: its error has no values.
            known.unwrap_or_else(|_| matcher.find_at(haystack, at).ok().flatten())
        })?;
        Some(Match::new(found.start() - start, found.end() - start))
    }
}

/// A match of a haystack as one of the line that begins there.
#[inline]
pub(super) fn in_line(found: &Match, start: usize) -> Match {
    Match::new(found.start() - start, found.end() - start)
}

/// Counts matches where lines are counted but not printed.
#[derive(Clone, Debug)]
pub struct MatchCounter {
    finder: Finder,
    records: bool,
}

impl MatchCounter {
    /// A counter for one worker.
    pub fn new(setup: LineSetup) -> MatchCounter {
        MatchCounter {
            records: setup.records,
            finder: Finder::new(setup),
        }
    }

    /// How many matches a selected line counts for: at least one, also if it
    /// was selected because it has none.
    pub fn count(&mut self, line: &Line<'_>) -> u64 {
        if !self.records {
            let found = self.finder.around(line).spans().count();
            return found.max(1) as u64;
        }
        let mut found = 0;
        for range in Lines::new(line.text(), self.finder.terminator.as_byte()) {
            let start = line.range.start;
            let line = Line {
                haystack: line.haystack,
                offset: line.offset + range.start as u64,
                range: start + range.start..start + range.end,
                number: None,
                matches: None,
            };
            found += self.finder.around(&line).spans().count();
        }
        found.max(1) as u64
    }
}
