//! A compiled pattern of either engine.

use std::sync::Arc;

use grep_matcher::{ByteSet, LineMatchKind, LineTerminator, Match, NoError};
use grep_regex::RegexCaptures;

#[cfg(feature = "pcre2")]
use super::pcre2::Pcre2;
use super::{compiled::Compiled, prefilter::Prefilter};

/// Finds matches. A clone shares the caches of what it is a clone of, which
/// threads would fight over: `Patterns::matcher` gives one that does not.
///
/// A search never fails: where PCRE2 gives up there is no match, and it is
/// remembered ([`Patterns::gave_up`](super::Patterns::gave_up)).
#[derive(Clone, Debug)]
pub struct Matcher(pub(super) Engine);

/// The engines there are.
#[derive(Clone, Debug)]
pub(super) enum Engine {
    Default(Arc<Compiled>),
    #[cfg(feature = "pcre2")]
    Pcre2(Pcre2),
}

/// The groups of a match.
#[derive(Clone, Debug)]
pub struct Captures {
    groups: Groups,
    /// The captures, where it took no engine to find them.
    known: Option<Known>,
}

/// The parts of a match, and what tells which of them are a group.
#[derive(Clone, Debug)]
struct Known {
    prefilter: Arc<Prefilter>,
    /// Where each part begins, and the last one ends; empty if there is no match.
    starts: Vec<usize>,
}

#[derive(Clone, Debug)]
enum Groups {
    Default(RegexCaptures),
    #[cfg(feature = "pcre2")]
    Pcre2(grep_pcre2::RegexCaptures),
}

impl Matcher {
    /// A matcher with caches of its own.
    pub(super) fn own(&self) -> Matcher {
        Matcher(match &self.0 {
            Engine::Default(regex) => Engine::Default(Arc::new(regex.own())),
            #[cfg(feature = "pcre2")]
            Engine::Pcre2(regex) => Engine::Pcre2(regex.clone()),
        })
    }

    /// True if a search may look at anything before the place it starts at.
    #[inline]
    pub(crate) fn looks_behind(&self) -> bool {
        match &self.0 {
            Engine::Default(_) => false,
            #[cfg(feature = "pcre2")]
            Engine::Pcre2(_) => true,
        }
    }
}

impl Captures {
    /// Makes these the groups of a match that was found without an engine;
    /// `None` if it takes one to tell.
    #[inline]
    pub(super) fn set_known(
        &mut self,
        prefilter: &Arc<Prefilter>,
        line: &[u8],
        found: Match,
    ) -> Option<()> {
        let known = self.known.get_or_insert_with(|| Known {
            prefilter: prefilter.clone(),
            starts: Vec::new(),
        });
        let starts = &mut known.starts;
        starts.clear();
        // Those that no group begins or ends with are not told.
        starts.resize(prefilter.group(0)?.1 + 1, 0);
        let told = prefilter.parts(line, (found.start(), found.end()), |part, start| {
            if let Some(known) = starts.get_mut(part) {
                *known = start;
            }
        });
        if !told {
            starts.clear();
        }
        told.then_some(())
    }
}

impl Known {
    #[inline]
    fn get(&self, group: usize) -> Option<Match> {
        let (start, end) = self.prefilter.group(group)?;
        Some(Match::new(*self.starts.get(start)?, *self.starts.get(end)?))
    }
}

impl grep_matcher::Captures for Captures {
    #[inline]
    fn len(&self) -> usize {
        match &self.groups {
            Groups::Default(groups) => groups.len(),
            #[cfg(feature = "pcre2")]
            Groups::Pcre2(groups) => groups.len(),
        }
    }

    #[inline]
    fn get(&self, i: usize) -> Option<Match> {
        if let Some(known) = self.known.as_ref().filter(|known| !known.starts.is_empty()) {
            return known.get(i);
        }
        match &self.groups {
            Groups::Default(groups) => groups.get(i),
            #[cfg(feature = "pcre2")]
            Groups::Pcre2(groups) => groups.get(i),
        }
    }
}

impl grep_matcher::Matcher for Matcher {
    type Captures = Captures;
    type Error = NoError;

    #[inline]
    fn find_at(&self, haystack: &[u8], at: usize) -> Result<Option<Match>, NoError> {
        match &self.0 {
            Engine::Default(regex) => regex.get().find_at(haystack, at),
            #[cfg(feature = "pcre2")]
            Engine::Pcre2(regex) => Ok(regex.find_at(haystack, at)),
        }
    }

    #[inline]
    fn new_captures(&self) -> Result<Captures, NoError> {
        Ok(Captures {
            groups: match &self.0 {
                Engine::Default(regex) => Groups::Default(regex.get().new_captures()?),
                #[cfg(feature = "pcre2")]
                Engine::Pcre2(regex) => Groups::Pcre2(regex.new_captures()),
            },
            known: None,
        })
    }

    #[inline]
    fn capture_count(&self) -> usize {
        match &self.0 {
            Engine::Default(regex) => regex.get().capture_count(),
            #[cfg(feature = "pcre2")]
            Engine::Pcre2(regex) => regex.capture_count(),
        }
    }

    #[inline]
    fn capture_index(&self, name: &str) -> Option<usize> {
        match &self.0 {
            Engine::Default(regex) => regex.get().capture_index(name),
            #[cfg(feature = "pcre2")]
            Engine::Pcre2(regex) => regex.capture_index(name),
        }
    }

    #[inline]
    fn try_find_iter<F, E>(&self, haystack: &[u8], matched: F) -> Result<Result<(), E>, NoError>
    where
        F: FnMut(Match) -> Result<bool, E>,
    {
        match &self.0 {
            Engine::Default(regex) => regex.get().try_find_iter(haystack, matched),
            #[cfg(feature = "pcre2")]
            Engine::Pcre2(regex) => Ok(regex.try_find_iter(haystack, matched)),
        }
    }

    #[inline]
    fn captures_at(
        &self,
        haystack: &[u8],
        at: usize,
        captures: &mut Captures,
    ) -> Result<bool, NoError> {
        if let Some(known) = &mut captures.known {
            known.starts.clear();
        }
        match (&self.0, &mut captures.groups) {
            (Engine::Default(regex), Groups::Default(groups)) => {
                regex.get().captures_at(haystack, at, groups)
            }
            #[cfg(feature = "pcre2")]
            (Engine::Pcre2(regex), Groups::Pcre2(groups)) => {
                Ok(regex.captures_at(haystack, at, groups))
            }
            #[cfg(feature = "pcre2")]
            // Groups of the other engine: those of this one are needed.
            (_, groups) => {
                *groups = self.new_captures()?.groups;
                self.captures_at(haystack, at, captures)
            }
        }
    }

    #[inline]
    fn shortest_match_at(&self, haystack: &[u8], at: usize) -> Result<Option<usize>, NoError> {
        match &self.0 {
            Engine::Default(regex) => regex.get().shortest_match_at(haystack, at),
            #[cfg(feature = "pcre2")]
            Engine::Pcre2(regex) => Ok(regex.find_at(haystack, at).map(|m| m.end())),
        }
    }

    #[inline]
    fn non_matching_bytes(&self) -> Option<&ByteSet> {
        match &self.0 {
            Engine::Default(regex) => regex.get().non_matching_bytes(),
            #[cfg(feature = "pcre2")]
            Engine::Pcre2(_) => None,
        }
    }

    #[inline]
    fn line_terminator(&self) -> Option<LineTerminator> {
        match &self.0 {
            Engine::Default(regex) => regex.get().line_terminator(),
            #[cfg(feature = "pcre2")]
            Engine::Pcre2(_) => None,
        }
    }

    #[inline]
    fn find_candidate_line(&self, haystack: &[u8]) -> Result<Option<LineMatchKind>, NoError> {
        match &self.0 {
            Engine::Default(regex) => regex.get().find_candidate_line(haystack),
            #[cfg(feature = "pcre2")]
            Engine::Pcre2(regex) => {
                let found = regex.find_at(haystack, 0);
                Ok(found.map(|m| LineMatchKind::Confirmed(m.end())))
            }
        }
    }
}
