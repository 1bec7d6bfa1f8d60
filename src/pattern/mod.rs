//! What to look for, compiled once for all workers.
//!
//! The regex glue is ripgrep's own (`grep-regex`): how `-w` and `-x` wrap a
//! pattern, how a line terminator is kept out of a match, and which inner
//! literal finds candidate lines are subtle, and users expect exactly that.

mod compiled;
mod lines;
pub(crate) mod many;
mod matcher;
mod options;
#[cfg(feature = "pcre2")]
mod pcre2;
mod prefilter;

use std::sync::Arc;

use compiled::Compiled;
pub(crate) use lines::{LineFinder, Wanted};
use many::Literals;
pub use matcher::{Captures, Matcher};
pub use options::{Boundary, Case, PatternOptions};
pub(crate) use prefilter::Found;
use prefilter::{Having, Prefilter};

use grep_matcher::{LineTerminator, Match, Matcher as _};
use grep_regex::RegexMatcher;

use crate::error::{Error, ErrorKind, Result};

/// What reads a pattern and searches for it.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Engine {
    /// Linear in the input, without look-around and back references.
    #[default]
    Default,
    /// The default one where it can read the pattern, else PCRE2.
    Auto,
    /// PCRE2, where this was built with the feature `pcre2`.
    Pcre2,
}

impl PatternOptions {
    /// The matcher of any of the patterns, by this engine.
    ///
    /// # Errors
    /// As [`compile`](PatternOptions::compile), and when the engine is not
    /// there.
    pub fn compile_with<P: AsRef<str>>(&self, engine: Engine, patterns: &[P]) -> Result<Patterns> {
        match engine {
            Engine::Default => self.compile(patterns),
            Engine::Pcre2 => self.compile_pcre2(patterns),
            Engine::Auto => self.compile(patterns).or_else(|plain| {
                if !cfg!(feature = "pcre2") {
                    return Err(plain);
                }
                self.compile_pcre2(patterns).map_err(|pcre2| {
                    Error::new(ErrorKind::Pattern(format!(
                        "neither engine can read the pattern\n\
                         default engine: {plain}\nPCRE2: {pcre2}"
                    )))
                })
            }),
        }
    }

    #[cfg(feature = "pcre2")]
    fn compile_pcre2<P: AsRef<str>>(&self, patterns: &[P]) -> Result<Patterns> {
        Ok(Patterns {
            matcher: Matcher(matcher::Engine::Pcre2(pcre2::Pcre2::new(self, patterns)?)),
            prefilter: None,
            literals: None,
            having: None,
            terminator: self.line_terminator(),
            whole_lines: false,
            anchored: true,
            none: patterns.is_empty(),
            multi_line: self.multi_line,
        })
    }

    #[cfg(not(feature = "pcre2"))]
    #[expect(clippy::unused_self, reason = "as with the feature")]
    fn compile_pcre2<P: AsRef<str>>(&self, _patterns: &[P]) -> Result<Patterns> {
        Err(Error::new(ErrorKind::Config(
            "this was built without the feature pcre2".to_string(),
        )))
    }

    /// The matcher of any of the patterns, by the default engine.
    ///
    /// # Errors
    /// When a pattern does not parse, is too large, or contains what a match
    /// must not contain (the line terminator, or a NUL byte where banned).
    pub fn compile<P: AsRef<str>>(&self, patterns: &[P]) -> Result<Patterns> {
        let prefilter = Prefilter::new(patterns, self);
        let literals = Literals::new(patterns, self);
        let sure = prefilter.as_ref().is_some_and(Prefilter::is_sure)
            || literals.as_ref().is_some_and(Literals::is_sure);
        if sure && compiled::parses_together(self, patterns) {
            // What is sure has neither other terminators nor anchors.
            let regex = Compiled::later(self, patterns);
            return Ok(self.patterns(patterns, (prefilter, literals), regex, true));
        }
        let regex = Compiled::now(self, patterns)?;
        let whole_lines = searches_whole_lines(regex.get(), self.line_terminator());
        Ok(self.patterns(patterns, (prefilter, literals), regex, whole_lines))
    }

    fn patterns<P: AsRef<str>>(
        &self,
        patterns: &[P],
        (prefilter, literals): (Option<Prefilter>, Option<Literals>),
        regex: Compiled,
        whole_lines: bool,
    ) -> Patterns {
        Patterns {
            whole_lines,
            anchored: !self.fixed_strings && patterns.iter().any(|p| is_anchored(p.as_ref())),
            prefilter: prefilter.map(Arc::new),
            literals: literals.map(Arc::new),
            having: Having::new(patterns, self).map(Arc::new),
            matcher: Matcher(matcher::Engine::Default(Arc::new(regex))),
            terminator: self.line_terminator(),
            none: patterns.is_empty(),
            multi_line: self.multi_line,
        }
    }
}

/// Compiled patterns.
#[derive(Clone, Debug)]
pub struct Patterns {
    matcher: Matcher,
    prefilter: Option<Arc<Prefilter>>,
    literals: Option<Arc<Literals>>,
    having: Option<Arc<Having>>,
    terminator: LineTerminator,
    whole_lines: bool,
    anchored: bool,
    none: bool,
    multi_line: bool,
}

impl Patterns {
    /// A matcher for one worker: it shares nothing that would be fought over.
    pub fn matcher(&self) -> Matcher {
        self.matcher.own()
    }

    /// A matcher for the thread that owns these patterns: it shares their caches.
    pub(crate) fn shared_matcher(&self) -> Matcher {
        self.matcher.clone()
    }

    /// The patterns for one worker, with caches of its own, and an account of its
    /// own of what PCRE2 gave up on.
    pub(crate) fn own(&self) -> Patterns {
        #[cfg(feature = "pcre2")]
        if let matcher::Engine::Pcre2(regex) = &self.matcher.0 {
            return Patterns {
                matcher: Matcher(matcher::Engine::Pcre2(regex.own())),
                ..self.clone()
            };
        }
        Patterns {
            matcher: self.matcher.own(),
            ..self.clone()
        }
    }

    /// Why PCRE2 gave up, if it did since this was last asked: too many ways
    /// to try at one place. What it gives up on counts as no match.
    pub fn gave_up(&self) -> Option<String> {
        match &self.matcher.0 {
            matcher::Engine::Default(_) => None,
            #[cfg(feature = "pcre2")]
            matcher::Engine::Pcre2(regex) => regex.gave_up(),
        }
    }

    /// The engine that searches: never [`Engine::Auto`].
    pub fn engine(&self) -> Engine {
        match &self.matcher.0 {
            matcher::Engine::Default(_) => Engine::Default,
            #[cfg(feature = "pcre2")]
            matcher::Engine::Pcre2(_) => Engine::Pcre2,
        }
    }

    /// Finds some of the matches without a matcher.
    pub fn shortcut(&self) -> Shortcut {
        let known = |prefilter: &&Arc<Prefilter>| prefilter.knows_matches();
        Shortcut(self.prefilter.as_ref().filter(known).cloned())
    }

    /// The terminator of lines.
    pub fn line_terminator(&self) -> LineTerminator {
        self.terminator
    }

    /// True if many lines may be searched in one call, since no match can
    /// contain the terminator; false if each line must be searched alone.
    pub fn searches_whole_lines(&self) -> bool {
        self.whole_lines
    }

    /// True if a pattern asks for the start or end of all text (`\A`, `\z`).
    pub fn is_anchored(&self) -> bool {
        self.anchored
    }

    /// True if there is no pattern, so that no line can match.
    pub fn is_empty(&self) -> bool {
        self.none
    }

    /// True if a match may span lines, so that a source cannot be cut.
    pub fn spans_lines(&self) -> bool {
        self.multi_line && !self.whole_lines
    }
}

/// Finds matches without the regex engine, where patterns are of a form that
/// allows it. Made by [`Patterns::shortcut`]; the default one finds none.
#[derive(Clone, Debug, Default)]
pub struct Shortcut(Option<Arc<Prefilter>>);

impl Shortcut {
    /// The first match in a line that starts at or behind `at`, as the matcher
    /// would find it; `Err` where it takes the matcher to tell.
    #[inline]
    pub(crate) fn find_at(
        &self,
        line: &[u8],
        at: usize,
    ) -> std::result::Result<Option<Match>, AskMatcher> {
        let prefilter = self.0.as_ref().ok_or(AskMatcher)?;
        match prefilter.find(line, at, |_, _| ()) {
            Found::Match(start, end) => Ok(Some(Match::new(start, end))),
            Found::None => Ok(None),
            Found::Ask(_) => Err(AskMatcher),
        }
    }

    /// Finds the groups of a match that was found without the matcher; `Err` where
    /// it takes the matcher to tell.
    #[inline]
    pub(crate) fn groups(
        &self,
        line: &[u8],
        found: Match,
        captures: &mut Captures,
    ) -> std::result::Result<(), AskMatcher> {
        let prefilter = self.0.as_ref().ok_or(AskMatcher)?;
        captures.set_known(prefilter, line, found).ok_or(AskMatcher)
    }

    /// From the start of which part of a match to that of which other a
    /// capture goes; `None` if there is no shortcut, or no such capture.
    pub(crate) fn group(&self, number: usize) -> Option<(usize, usize)> {
        self.0.as_ref()?.group(number)
    }

    /// The first match in lines that starts at or behind `at`. `starts` gets
    /// where those parts of it begin that a capture begins or ends with, and
    /// where the last one ends.
    #[inline]
    pub(crate) fn find(
        &self,
        lines: &[u8],
        at: usize,
        starts: impl FnMut(usize, usize),
    ) -> Option<Found> {
        Some(self.0.as_ref()?.find(lines, at, starts))
    }

    /// Calls `accept` for each line that may match, with its first match, or with a
    /// place in it if it takes the matcher to tell. Returns where it gave up, if it
    /// did, to look for them one after the other, which may be at once: no match that
    /// was not told of starts before.
    #[inline]
    pub(crate) fn firsts(&self, lines: &[u8], accept: impl FnMut(Found)) -> Option<usize> {
        match &self.0 {
            Some(prefilter) => prefilter.firsts(lines, accept),
            None => Some(0),
        }
    }

    /// How far behind the start of a match a part begins that
    /// [`firsts`](Shortcut::firsts) finds; `None` for the end of the match.
    pub(crate) fn offset(&self, part: usize) -> Option<usize> {
        self.0.as_ref()?.offset(part)
    }
}

/// It takes the matcher to tell.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AskMatcher;

/// The rule of ripgrep's searcher for its fast path.
fn searches_whole_lines(regex: &RegexMatcher, terminator: LineTerminator) -> bool {
    if let Some(own) = regex.line_terminator() {
        // Line anchors of the regex know only `\n`.
        if own.as_byte() == 0 {
            return false;
        }
        if own == terminator {
            return true;
        }
    }
    regex
        .non_matching_bytes()
        .is_some_and(|bytes| bytes.contains(terminator.as_byte()))
}

fn is_anchored(pattern: &str) -> bool {
    let parser = regex_syntax::ParserBuilder::new()
        .utf8(false)
        .multi_line(true)
        .build();
    parser
        .clone()
        .parse(pattern)
        .is_ok_and(|hir| hir.properties().look_set().contains_anchor_haystack())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compile(pattern: &str) -> Patterns {
        PatternOptions::default().compile(&[pattern]).unwrap()
    }

    #[test]
    fn ordinary_patterns_search_many_lines_at_once() {
        for pattern in ["a", "[a-z]+", r"\s", "^$", r"\bx\b", ".*"] {
            assert!(compile(pattern).searches_whole_lines(), "{pattern}");
        }
        assert!(!compile(r"\Aa").searches_whole_lines());
        assert!(compile(r"\Aa").is_anchored());
        assert!(!compile("^a$").is_anchored());
    }

    #[test]
    fn a_line_terminator_in_a_pattern_is_refused() {
        for pattern in [r"a\nb", r"\d\.\d\n", r"\d[\n]\d", r"\d+\n+\d"] {
            assert!(PatternOptions::default().compile(&[pattern]).is_err());
        }
    }

    /// What the engine would refuse is refused at once, not when it is needed.
    #[test]
    fn an_error_is_told_before_anything_is_searched() {
        let banned = PatternOptions {
            ban_nul: true,
            ..PatternOptions::default()
        };
        assert!(banned.compile(&[r"\d+\.\x00"]).is_err());
        assert!(banned.compile(&[r"\d+\.[\x00]+\d"]).is_err());
        let limit = PatternOptions {
            size_limit: Some(10),
            ..PatternOptions::default()
        };
        assert!(limit.compile(&[r"\d+\.\d+"]).is_err());
        let plain = PatternOptions::default();
        assert!(plain.compile(&[r"(?x)\d+\.\d+ # two"]).is_err());
        assert!(plain.compile(&[r"\w{9000}\.\w{9000}"]).is_err());
        let mut literals: Vec<String> = (0..20).map(|i| format!("ab{i}")).collect();
        assert!(plain.compile(&literals).is_ok());
        literals.push("(?x)ab # c".to_string());
        assert!(plain.compile(&literals).is_err());
        literals.pop();
        literals.push("a\nb".to_string());
        assert!(plain.compile(&literals).is_err());
    }
}
