//! Lines with their matches replaced.

use grep_matcher::{Captures as _, Match, Matcher as _};

use super::spans::{Scope, Walk};
use crate::pattern::{Captures, Matcher};

/// Fills a template from the groups of matches.
#[derive(Clone, Debug, Default)]
pub(super) struct Replacer {
    captures: Option<Captures>,
    text: Vec<u8>,
    spans: Vec<Match>,
}

impl Replacer {
    /// Replaces every match of a line; returns how many there were.
    ///
    /// If there was one, [`text`](Replacer::text) is the new line, with the
    /// terminator of the old one, and [`spans`](Replacer::spans) are the
    /// places where something was put in.
    pub(super) fn replace(&mut self, scope: &Scope<'_>, template: &[u8]) -> usize {
        let Replacer {
            captures,
            text,
            spans,
        } = self;
        let captures = groups(captures, scope.matcher);
        text.clear();
        spans.clear();
        let mut walk = scope.walk();
        let mut copied = scope.start;
        while let Some(found) = walk.next_captures(scope, captures) {
            text.extend_from_slice(&scope.haystack[copied..found.start()]);
            copied = found.end();
            let start = text.len();
            fill(template, captures, scope, text);
            spans.push(Match::new(start, text.len()));
        }
        text.extend_from_slice(&scope.haystack[copied..]);
        text.extend_from_slice(scope.tail);
        spans.len()
    }

    /// The next match of a line, in the line; [`text`](Replacer::text) is
    /// then what replaces this one match.
    pub(super) fn step(
        &mut self,
        walk: &mut Walk,
        scope: &Scope<'_>,
        template: &[u8],
    ) -> Option<Match> {
        let captures = groups(&mut self.captures, scope.matcher);
        let found = walk.next_captures(scope, captures)?;
        self.text.clear();
        fill(template, captures, scope, &mut self.text);
        let start = scope.start;
        Some(Match::new(found.start() - start, found.end() - start))
    }

    pub(super) fn text(&self) -> &[u8] {
        &self.text
    }

    pub(super) fn spans(&self) -> &[Match] {
        &self.spans
    }
}

/// Room for the groups of a match, made when it is first needed.
fn groups<'c>(slot: &'c mut Option<Captures>, matcher: &Matcher) -> &'c mut Captures {
    slot.get_or_insert_with(|| {
        matcher
            .new_captures()
            .expect("the error of this matcher has no values")
    })
}

fn fill(template: &[u8], captures: &Captures, scope: &Scope<'_>, text: &mut Vec<u8>) {
    captures.interpolate(
        |name| scope.matcher.capture_index(name),
        scope.haystack,
        template,
        text,
    );
}
