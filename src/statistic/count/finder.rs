//! Where one pattern matches in some whole lines.

use grep_matcher::{LineMatchKind, Matcher as _};
use grep_regex::RegexMatcher;
use memchr::{memchr, memmem};
use regex_syntax::hir::HirKind;

use super::marks::Marks;
use crate::{
    error::Result,
    line::{Lines, line_start},
    pattern::{Case, PatternOptions, Patterns},
    statistic::LineEnding,
};

/// A compiled pattern, shared by all threads.
#[derive(Debug)]
pub(super) enum Finder {
    /// Bytes as they are.
    Literal(memmem::Finder<'static>),
    /// Anything else.
    Regex {
        patterns: Patterns,
        /// No match has a byte, so that a line has nothing to show behind the
        /// first one.
        always_empty: bool,
    },
}

impl Finder {
    pub(super) fn new(pattern: &str, options: &PatternOptions) -> Result<Finder> {
        if let Some(literal) = literal(pattern, options) {
            return Ok(Finder::Literal(memmem::Finder::new(&literal).into_owned()));
        }
        let patterns = options.compile(&[pattern])?;
        let longest = parse(pattern, options).map(|hir| hir.properties().maximum_len());
        Ok(Finder::Regex {
            patterns,
            always_empty: pattern.is_empty() || longest == Some(Some(0)),
        })
    }

    /// What a thread needs to use it.
    pub(super) fn matcher(&self) -> Option<Matcher> {
        match self {
            Finder::Literal(_) => None,
            Finder::Regex {
                patterns,
                always_empty,
            } => Some(Matcher {
                regex: patterns.matcher(),
                crlf: patterns.line_terminator().is_crlf(),
                always_empty: *always_empty,
                way: if patterns.searches_whole_lines() {
                    Way::Candidates
                } else {
                    Way::LineByLine
                },
            }),
        }
    }

    /// Searches whole lines.
    pub(super) fn search(&self, matcher: Option<&mut Matcher>, found: &mut Found<'_>) {
        match (self, matcher) {
            (Finder::Literal(literal), _) => {
                let len = literal.needle().len();
                for start in literal.find_iter(found.lines_of) {
                    found.hit(start, start + len);
                }
            }
            (Finder::Regex { .. }, Some(matcher)) => matcher.search(found),
            (Finder::Regex { .. }, None) => unreachable!("made by `matcher` for every regex"),
        }
    }
}

fn parse(pattern: &str, options: &PatternOptions) -> Option<regex_syntax::hir::Hir> {
    if options.fixed_strings {
        return None;
    }
    let mut parser = regex_syntax::ParserBuilder::new();
    parser.utf8(false).multi_line(true).unicode(options.unicode);
    parser.build().parse(pattern).ok()
}

/// The bytes a pattern stands for, if it stands for bytes and nothing else.
fn literal(pattern: &str, options: &PatternOptions) -> Option<Vec<u8>> {
    if options.boundary.is_some() || options.case == Case::Insensitive {
        return None;
    }
    let bytes = if options.fixed_strings {
        pattern.as_bytes().to_vec()
    } else {
        match parse(pattern, options)?.into_kind() {
            HirKind::Literal(literal) => literal.0.into_vec(),
            _ => return None,
        }
    };
    let smart = options.case == Case::Smart;
    if smart && (bytes != pattern.as_bytes() || !pattern.chars().any(char::is_uppercase)) {
        return None;
    }
    // A terminator is refused, and said so, where the regex is compiled.
    let refused = |b: &u8| matches!(b, b'\n' | b'\r' | 0);
    (!bytes.is_empty() && !bytes.iter().any(refused)).then_some(bytes)
}

/// A regex with what one thread needs for it.
#[derive(Debug)]
pub(super) struct Matcher {
    regex: RegexMatcher,
    crlf: bool,
    always_empty: bool,
    way: Way,
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
    fn search(&mut self, found: &mut Found<'_>) {
        let lines = found.lines_of;
        if self.way == Way::LineByLine {
            for range in Lines::new(lines, b'\n') {
                let end = self.content_end(lines, range.end);
                self.through(&lines[range.start..end], 0, range.start, found);
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
                        self.through(&lines[..content], start, 0, found);
                        at = end;
                    }
                }
            } else {
                let terminated = usize::from(lines.ends_with(b"\n"));
                // An empty match behind the last terminator is on no line.
                let end = lines.len() - terminated;
                self.through_lines(lines, at, end, found);
                return;
            }
        }
    }

    /// Finds all matches of one line: those in `haystack` from `at` on.
    fn through(&self, haystack: &[u8], at: usize, base: usize, found: &mut Found<'_>) {
        let mut at = at;
        while at <= haystack.len()
            && let Some((start, end)) = find(&self.regex, haystack, at)
        {
            found.hit(base + start, base + end);
            if self.always_empty {
                return;
            }
            at = end + usize::from(start == end);
        }
    }

    /// Finds all matches that start at or before `last`.
    fn through_lines(&self, haystack: &[u8], at: usize, last: usize, found: &mut Found<'_>) {
        let mut at = at;
        while at <= last
            && let Some((start, end)) = find(&self.regex, haystack, at)
            && start <= last
        {
            found.hit(start, end);
            at = if self.always_empty {
                found.line_end
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

fn find(regex: &RegexMatcher, haystack: &[u8], at: usize) -> Option<(usize, usize)> {
    let found = regex.find_at(haystack, at).expect(NO_ERROR);
    found.map(|m| (m.start(), m.end()))
}

fn candidate(regex: &RegexMatcher, haystack: &[u8]) -> Option<LineMatchKind> {
    regex.find_candidate_line(haystack).expect(NO_ERROR)
}

/// The end of the line of position `at`, its terminator included; one behind
/// the end of the slice if the line has none.
fn line_limit(lines: &[u8], at: usize) -> usize {
    memchr(b'\n', &lines[at..]).map_or(lines.len() + 1, |i| at + i + 1)
}

/// What one pattern has found in some whole lines.
#[derive(Debug)]
pub(super) struct Found<'a> {
    pub(super) matches: u64,
    pub(super) lines: u64,
    /// The first match in the first line that matches, and in the last.
    pub(super) first: Option<usize>,
    pub(super) last: usize,
    /// Where the last line that matches ends.
    line_end: usize,
    lines_of: &'a [u8],
    marks: Option<&'a mut Marks>,
}

impl<'a> Found<'a> {
    pub(super) fn nothing(lines_of: &'a [u8], marks: Option<&'a mut Marks>) -> Found<'a> {
        Found {
            matches: 0,
            lines: 0,
            first: None,
            last: 0,
            line_end: 0,
            lines_of,
            marks,
        }
    }

    #[inline]
    fn hit(&mut self, start: usize, end: usize) {
        self.matches += u64::from(end > start);
        if start >= self.line_end {
            self.lines += 1;
            self.first.get_or_insert(start);
            self.last = start;
            self.line_end = line_limit(self.lines_of, end);
            if let Some(marks) = &mut self.marks {
                marks.set(self.line_end - 1);
            }
        }
    }
}

/// The options as they are for lines that end like this.
pub(super) fn options_for(options: &PatternOptions, line_ending: LineEnding) -> PatternOptions {
    PatternOptions {
        crlf: line_ending == LineEnding::Crlf,
        ..options.clone()
    }
}
