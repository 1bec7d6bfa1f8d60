//! PCRE2: look-around and back references, by a search that may give up.
//!
//! Compiled and searched as ripgrep does it, through the same library.

use std::sync::{Arc, Mutex, PoisonError};

use grep_matcher::{Match, Matcher as _};
use grep_pcre2::{RegexCaptures, RegexMatcher, RegexMatcherBuilder};

use super::{Boundary, Case, PatternOptions};
use crate::error::{Error, ErrorKind, Result};

/// The stack that compiled patterns may use, in bytes.
const MAX_STACK: usize = 10 << 20;

/// A pattern of PCRE2.
#[derive(Clone, Debug)]
pub(super) struct Pcre2 {
    regex: RegexMatcher,
    /// What was said when a search was given up first.
    gave_up: Arc<Mutex<Option<String>>>,
}

impl Pcre2 {
    /// # Errors
    /// When a pattern does not parse or is too large.
    pub(super) fn new<P: AsRef<str>>(options: &PatternOptions, patterns: &[P]) -> Result<Pcre2> {
        let mut builder = RegexMatcherBuilder::new();
        builder
            .multi_line(true)
            .fixed_strings(options.fixed_strings)
            .crlf(options.crlf)
            .dotall(options.multi_line && options.dot_all);
        match options.case {
            Case::Sensitive => builder.caseless(false),
            Case::Insensitive => builder.caseless(true),
            Case::Smart => builder.case_smart(true),
        };
        match options.boundary {
            Some(Boundary::Line) => builder.whole_line(true),
            Some(Boundary::Word) => builder.word(true),
            None => &mut builder,
        };
        if options.unicode {
            builder.utf(true).ucp(true);
        }
        // On machines of 32 bits its compiler asks for more memory than there is.
        if cfg!(target_pointer_width = "64") {
            builder
                .jit_if_available(true)
                .max_jit_stack_size(Some(MAX_STACK));
        }
        let regex = builder
            .build_many(patterns)
            .map_err(|e| Error::new(ErrorKind::Pattern(e.to_string())))?;
        Ok(Pcre2 {
            regex,
            gave_up: Arc::default(),
        })
    }

    /// The regex with an account of its own of what it gave up on.
    pub(super) fn own(&self) -> Pcre2 {
        Pcre2 {
            regex: self.regex.clone(),
            gave_up: Arc::default(),
        }
    }

    /// Why this, or a clone of it, gave up since somebody last asked.
    pub(super) fn gave_up(&self) -> Option<String> {
        self.account().take()
    }

    fn account(&self) -> std::sync::MutexGuard<'_, Option<String>> {
        self.gave_up.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn ok<T>(&self, result: Result<T, grep_pcre2::Error>) -> Option<T> {
        result
            .inspect_err(|error| {
                self.account().get_or_insert_with(|| error.to_string());
            })
            .ok()
    }

    #[inline]
    pub(super) fn find_at(&self, haystack: &[u8], at: usize) -> Option<Match> {
        self.ok(self.regex.find_at(haystack, at)).flatten()
    }

    pub(super) fn try_find_iter<F, E>(&self, haystack: &[u8], matched: F) -> Result<(), E>
    where
        F: FnMut(Match) -> Result<bool, E>,
    {
        self.ok(self.regex.try_find_iter(haystack, matched))
            .unwrap_or(Ok(()))
    }

    pub(super) fn captures_at(
        &self,
        haystack: &[u8],
        at: usize,
        captures: &mut RegexCaptures,
    ) -> bool {
        self.ok(self.regex.captures_at(haystack, at, captures))
            .unwrap_or(false)
    }

    pub(super) fn new_captures(&self) -> RegexCaptures {
        self.regex
            .new_captures()
            .expect("room for groups is always to be had")
    }

    pub(super) fn capture_count(&self) -> usize {
        self.regex.capture_count()
    }

    pub(super) fn capture_index(&self, name: &str) -> Option<usize> {
        self.regex.capture_index(name)
    }
}

#[cfg(test)]
mod tests {
    use crate::pattern::{Engine, PatternOptions};

    #[test]
    fn what_it_gives_up_on_is_remembered() {
        use grep_matcher::Matcher as _;
        let options = PatternOptions::default();
        let patterns = options
            .compile_with(Engine::Pcre2, &["(x+x+)+[yz]"])
            .unwrap();
        let own = patterns.own();
        assert!(!own.matcher().is_match("x".repeat(60).as_bytes()).unwrap());
        assert!(own.gave_up().unwrap().contains("match limit"));
        assert_eq!((own.gave_up(), patterns.gave_up()), (None, None));
    }
}
