//! Searches some whole lines for all patterns.

use std::ops::Range;

use super::{finder::Matcher, plan::Plans, sink::Sink};
use crate::pattern::many::{Filter, Plainly};

/// A window of a chunk, and what takes what is found in it.
pub(super) struct Search<'a> {
    pub(super) plans: &'a Plans,
    /// Those of the thread, made when needed.
    pub(super) matchers: &'a mut [Option<Matcher>],
    pub(super) sink: &'a mut Sink,
    /// The whole chunk, and its offset in the source.
    pub(super) bytes: &'a [u8],
    pub(super) absolute: u64,
    /// The window.
    pub(super) window: Range<usize>,
}

impl Search<'_> {
    /// Finds everything there is in the window.
    pub(super) fn run(mut self) {
        let lines = &self.bytes[self.window.clone()];
        let layout = self.plans.layout(self.bytes);
        for &id in &layout.alone {
            let (bytes, base, sink) = (self.bytes, self.window.start, &mut *self.sink);
            let matcher = &mut self.matchers[id as usize];
            self.plans.finder(id).search(matcher, lines, |start, end| {
                sink.hit(bytes, id, base + start, base + end) - base
            });
        }
        let plain = if self.plans.exotic {
            Plainly::of(lines)
        } else {
            None
        };
        for filter in &layout.filters {
            self.filter(filter, lines, plain.is_some());
            if let Some(plain) = &plain {
                self.filter_plain(filter, plain);
            }
        }
    }

    /// Patterns with exotic letters are left out where `exotic` says that the
    /// lines have such letters.
    fn filter(&mut self, filter: &Filter, lines: &[u8], exotic: bool) {
        filter.grams.scan(lines, |needle, start| {
            let (id, needle) = &filter.needles[needle as usize];
            let end = start + needle.len();
            let Some(text) = lines.get(start..end) else {
                return false;
            };
            let pattern = self.plans.pattern(*id);
            match &pattern.plain {
                Some(plain) => {
                    let other = exotic && plain.exotic;
                    if !other && plain.is_at(lines, start, end) {
                        self.literal(*id, start, end);
                    }
                }
                None if same(text, needle, pattern.caseless) => self.line(*id, lines, start),
                None => {}
            }
            false
        });
    }

    /// The patterns with exotic letters, in a copy that has plain ones.
    fn filter_plain(&mut self, filter: &Filter, lines: &Plainly) {
        let text = lines.text.as_slice();
        filter.grams.scan(text, |needle, start| {
            let (id, needle) = &filter.needles[needle as usize];
            let Some(plain) = &self.plans.pattern(*id).plain else {
                return false;
            };
            let end = start + needle.len();
            if plain.exotic && plain.is_at(text, start, end) {
                self.literal(*id, lines.original(start), lines.original(end));
            }
            false
        });
    }

    /// A place of the window where a literal is.
    #[inline]
    fn literal(&mut self, id: u32, start: usize, end: usize) {
        let (start, end) = (self.window.start + start, self.window.start + end);
        if start >= self.sink.end_of(id) {
            self.sink.hit(self.bytes, id, start, end);
        }
    }

    /// A place of the window in a line that a regex may match.
    fn line(&mut self, id: u32, lines: &[u8], at: usize) {
        let (bytes, base, sink) = (self.bytes, self.window.start, &mut *self.sink);
        let matcher = &mut self.matchers[id as usize];
        if matcher.is_none() {
            *matcher = self.plans.finder(id).matcher();
        }
        if let Some(matcher) = matcher {
            let absolute = self.absolute + base as u64;
            matcher.search_line(lines, absolute, at, &mut |start, end| {
                sink.hit(bytes, id, base + start, base + end) - base
            });
        }
    }
}

fn same(text: &[u8], needle: &[u8], caseless: bool) -> bool {
    if !caseless {
        return text == needle;
    }
    text.iter().zip(needle).all(|(a, b)| a | 0x20 == b | 0x20)
}
