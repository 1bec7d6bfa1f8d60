//! Where one pattern matches in some whole lines.

use grep_matcher::{LineMatchKind, Matcher as _};
use memchr::{memchr, memmem};

use crate::{
    line::{Lines, line_start},
    pattern::{self, Patterns},
};

/// A compiled pattern, shared by all threads.
#[derive(Debug)]
pub(super) enum Finder {
    /// Bytes as they are.
    Literal(Box<memmem::Finder<'static>>),
    /// Anything else.
    Regex {
        patterns: Patterns,
        /// No match has a byte, so that a line has nothing to show behind the
        /// first one.
        always_empty: bool,
        /// What stands before a line may decide, so each is searched alone.
        line_by_line: bool,
    },
}

impl Finder {
    pub(super) fn literal(bytes: &[u8]) -> Finder {
        Finder::Literal(Box::new(memmem::Finder::new(bytes).into_owned()))
    }

    /// What a thread needs to use it.
    pub(super) fn matcher(&self) -> Option<Matcher> {
        match self {
            Finder::Literal(_) => None,
            Finder::Regex {
                patterns,
                always_empty,
                line_by_line,
            } => Some(Matcher {
                regex: patterns.matcher(),
                crlf: patterns.line_terminator().is_crlf(),
                always_empty: *always_empty,
                searched: None,
                way: if patterns.searches_whole_lines() && !line_by_line {
                    Way::Candidates
                } else {
                    Way::LineByLine
                },
            }),
        }
    }

    /// Searches whole lines; calls `hit` with the start and the end of every
    /// match, which returns where its line ends.
    pub(super) fn search(
        &self,
        matcher: &mut Option<Matcher>,
        lines: &[u8],
        mut hit: impl FnMut(usize, usize) -> usize,
    ) {
        if let Finder::Literal(literal) = self {
            let len = literal.needle().len();
            for start in literal.find_iter(lines) {
                hit(start, start + len);
            }
            return;
        }
        if matcher.is_none() {
            *matcher = self.matcher();
        }
        if let Some(matcher) = matcher {
            matcher.search(lines, &mut hit);
        }
    }
}

/// A regex with what one thread needs for it.
#[derive(Debug)]
pub(super) struct Matcher {
    regex: pattern::Matcher,
    crlf: bool,
    always_empty: bool,
    way: Way,
    /// The absolute offset of the line that was searched last on its own.
    searched: Option<u64>,
}

/// How a regex is searched for.
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

impl Matcher {
    fn search(&mut self, lines: &[u8], hit: &mut impl FnMut(usize, usize) -> usize) {
        if self.way == Way::LineByLine {
            for range in Lines::new(lines, b'\n') {
                let end = self.content_end(lines, range.end);
                self.through(&lines[range.start..end], 0, range.start, hit);
            }
            return;
        }
        let mut at = 0;
        while at < lines.len() {
            if self.way == Way::Candidates {
                match candidate(&self.regex, &lines[at..]) {
                    None => return,
                    Some(LineMatchKind::Confirmed(_)) => self.way = Way::Through,
                    Some(LineMatchKind::Candidate(near)) => {
                        let start = line_start(lines, at + near, b'\n');
                        let end = line_limit(lines, at + near);
                        let content = self.content_end(lines, end.min(lines.len()));
                        self.through(&lines[..content], start, 0, hit);
                        at = end;
                    }
                }
            } else {
                let terminated = usize::from(lines.ends_with(b"\n"));
                // An empty match behind the last terminator is on no line.
                let end = lines.len() - terminated;
                self.through_lines(lines, at, end, hit);
                return;
            }
        }
    }

    /// Searches the line of position `at`, unless it was searched last.
    /// `absolute` is the offset of the lines in the source.
    pub(super) fn search_line(
        &mut self,
        lines: &[u8],
        absolute: u64,
        at: usize,
        hit: &mut impl FnMut(usize, usize) -> usize,
    ) {
        let start = line_start(lines, at, b'\n');
        let place = absolute + start as u64;
        if self.searched.replace(place) == Some(place) {
            return;
        }
        let end = line_limit(lines, at).min(lines.len());
        let content = self.content_end(lines, end);
        self.through(&lines[start..content], 0, start, hit);
    }

    /// Finds all matches of one line: those in `haystack` from `at` on.
    fn through(
        &self,
        haystack: &[u8],
        at: usize,
        base: usize,
        hit: &mut impl FnMut(usize, usize) -> usize,
    ) {
        let mut at = at;
        while at <= haystack.len()
            && let Some((start, end)) = find(&self.regex, haystack, at)
        {
            hit(base + start, base + end);
            if self.always_empty {
                return;
            }
            at = end + usize::from(start == end);
        }
    }

    /// Finds all matches that start at or before `last`.
    fn through_lines(
        &self,
        haystack: &[u8],
        at: usize,
        last: usize,
        hit: &mut impl FnMut(usize, usize) -> usize,
    ) {
        let mut at = at;
        while at <= last
            && let Some((start, end)) = find(&self.regex, haystack, at)
            && start <= last
        {
            if self.crlf
                && haystack[..start].ends_with(b"\r")
                && haystack[start..].starts_with(b"\n")
            {
                // Empty, and behind the content of its line.
                at = start + 1;
                continue;
            }
            let line_end = hit(start, end);
            at = if self.always_empty {
                line_end
            } else {
                end + usize::from(start == end)
            };
        }
    }

    /// The end of a line's content, given the end of the line.
    fn content_end(&self, lines: &[u8], end: usize) -> usize {
        let line = &lines[..end];
        match line.strip_suffix(b"\n") {
            Some(line) if self.crlf => line.strip_suffix(b"\r").unwrap_or(line).len(),
            Some(line) => line.len(),
            None => end,
        }
    }
}

/// The error type of the matcher stands for errors that do not happen.
const NO_ERROR: &str = "searching with a regex cannot fail";

fn find(regex: &pattern::Matcher, haystack: &[u8], at: usize) -> Option<(usize, usize)> {
    let found = regex.find_at(haystack, at).expect(NO_ERROR);
    found.map(|m| (m.start(), m.end()))
}

fn candidate(regex: &pattern::Matcher, haystack: &[u8]) -> Option<LineMatchKind> {
    regex.find_candidate_line(haystack).expect(NO_ERROR)
}

/// The end of the line of position `at`, its terminator included; one behind
/// the end of the slice if the line has none.
fn line_limit(lines: &[u8], at: usize) -> usize {
    memchr(b'\n', &lines[at..]).map_or(lines.len() + 1, |i| at + i + 1)
}
