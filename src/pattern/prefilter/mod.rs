//! Finds where a regex may match, without the regex engine.
//!
//! A regex for which the engine has no literal to look for is read byte by
//! byte. But nearly every regex has bytes side by side that are of known
//! classes, as `\d\.\d` in an address, and a processor finds those many at a
//! time. Where none are, no match is. Where they are, the engine decides, or
//! the walk of [`exact`], which says the same. So the answer never depends on
//! whether there is a prefilter, nor on which.

mod bits;
mod chain;
mod choose;
mod class;
mod ends;
mod exact;
mod first;
mod folded;
mod having;
mod high;
mod parse;
mod sequence;
mod shift;
mod window;

#[cfg(test)]
mod tests;

use std::{ops::ControlFlow, sync::OnceLock};

use memchr::{memchr, memmem};

use self::{
    chain::Chain, class::ByteClass, exact::Exact, first::Firsts, folded::Folded, high::High,
    shift::Shift, window::Window,
};
pub(crate) use self::{
    exact::Near,
    having::{Having, Scanned},
};
use super::PatternOptions;

/// What is known of the places where a regex may match.
#[derive(Debug)]
pub(crate) struct Prefilter {
    windows: Vec<Window>,
    chains: Vec<Chain>,
    exact: Option<Exact>,
    firsts: Option<Firsts>,
    sure: bool,
    /// What is looked for, where the text is known and where it is not.
    tuned: OnceLock<Choice>,
    rough: OnceLock<Choice>,
}

/// What is looked for.
#[derive(Debug)]
struct Choice {
    /// Not where more is looked for than a window.
    window: Option<Window>,
    kernel: Kernel,
    /// Where it begins the walk of `exact`, how many runs it knows all about.
    known: Option<usize>,
    /// Most lines match: to look for the end of a line as well costs less than to
    /// begin anew behind it.
    dense: bool,
}

/// How it is looked for.
#[derive(Debug)]
enum Kernel {
    /// All places.
    Shift(Shift),
    /// Those near bytes that are none of ASCII.
    High(High),
    /// Some bytes of it, whatever their case.
    Folded(Box<Folded>),
    /// Runs behind each other.
    Chain(Chain),
    /// A literal so many bytes behind the start of the window, and the classes
    /// of those around it.
    Literal {
        literal: Box<memmem::Finder<'static>>,
        offset: usize,
        around: Vec<(usize, ByteClass)>,
    },
}

impl Prefilter {
    /// A prefilter of one of the patterns, if they have one that is better
    /// than what the regex engine does of its own.
    pub(crate) fn new<P: AsRef<str>>(
        patterns: &[P],
        options: &PatternOptions,
    ) -> Option<Prefilter> {
        let sequence = parse::sequence(patterns, options)?;
        let exact = Exact::new(&sequence);
        let mut windows = window::windows(&sequence);
        windows.retain(|window| Shift::new(window).is_some());
        if windows.is_empty() || choose::is_for_the_engine(&sequence, exact.is_some()) {
            return None;
        }
        Some(Prefilter {
            windows,
            chains: Chain::all(&sequence, exact.is_some()),
            sure: exact.is_some() && sequence.is_sure(),
            firsts: exact.as_ref().and_then(Firsts::new),
            exact,
            tuned: OnceLock::new(),
            rough: OnceLock::new(),
        })
    }

    fn choice(&self, text: &[u8]) -> &Choice {
        if let Some(choice) = self.tuned.get() {
            return choice;
        }
        if text.len() >= choose::SAMPLE {
            let sample = &text[..choose::SAMPLE];
            return self.tuned.get_or_init(|| choose::choose(self, sample));
        }
        self.rough.get_or_init(|| choose::choose(self, b""))
    }

    /// Calls `accept` with places in the text, at or behind `from`, in order,
    /// and with what is known of a match there, until it says that this is
    /// enough, or from where on it wants more: from where it did, or from a
    /// later place.
    ///
    /// Every match that starts at or behind `from` and that no earlier call
    /// was about has such a place in its first line, or is told of. A place is
    /// in the line of its match.
    #[inline]
    pub(crate) fn scan(
        &self,
        text: &[u8],
        mut from: usize,
        mut accept: impl FnMut(usize, Near) -> ControlFlow<(), usize>,
    ) {
        let choice = self.choice(text);
        let exact = self.exact.as_ref().zip(choice.known);
        choice.scan(text, from, |at| {
            if at < from {
                return false;
            }
            let near = match exact {
                Some((exact, known)) => exact.near(text, (from, at), known, |_, _| ()),
                None => Near::Ask,
            };
            match accept(at, near) {
                ControlFlow::Continue(next) => from = next,
                ControlFlow::Break(()) => return true,
            }
            false
        });
    }

    /// The first match that starts at or behind `from`, if it takes no engine
    /// to tell. `starts` gets where those parts of it begin that a capture begins
    /// or ends with, and where the last one ends.
    #[inline]
    pub(crate) fn find(
        &self,
        text: &[u8],
        from: usize,
        mut starts: impl FnMut(usize, usize),
    ) -> Found {
        let choice = self.choice(text);
        let mut found = Found::None;
        choice.scan(text, from, |at| {
            let near = match (&self.exact, choice.known) {
                (Some(exact), Some(known)) => exact.near(text, (from, at), known, &mut starts),
                _ => Near::Ask,
            };
            found = match near {
                Near::Match(start, end) => Found::Match(start, end),
                Near::Ask => Found::Ask(at),
                Near::None => return false,
            };
            true
        });
        found
    }

    /// Calls `accept` for each line that may match, with its first match, or with a
    /// place in it if it takes the engine to tell. Returns where it gave up, if it
    /// did, to look for them one after the other, which may be at once: no match that
    /// was not told of starts before.
    #[inline]
    pub(crate) fn firsts(&self, lines: &[u8], accept: impl FnMut(Found)) -> Option<usize> {
        match &self.firsts {
            Some(firsts) if self.choice(lines).dense => firsts.scan(lines, accept),
            _ => Some(0),
        }
    }

    /// How far behind the start of a match a part begins that
    /// [`firsts`](Prefilter::firsts) finds; `None` for the end of the match.
    pub(crate) fn offset(&self, part: usize) -> Option<usize> {
        self.exact.as_ref()?.offset(part)
    }

    /// Gives the same of a match that was found without the engine; false if it
    /// takes the engine to tell.
    #[inline]
    pub(crate) fn parts(
        &self,
        text: &[u8],
        (start, end): (usize, usize),
        starts: impl FnMut(usize, usize),
    ) -> bool {
        let text = &text[..end];
        self.exact.as_ref().is_some_and(|exact| {
            exact.near(text, (start, start), 0, starts) == Near::Match(start, end)
        })
    }

    /// From the start of which part to that of which other a capture goes, if
    /// matches can be found without the engine.
    pub(crate) fn group(&self, number: usize) -> Option<(usize, usize)> {
        self.exact.as_ref()?.group(number)
    }

    /// Whether the regex is known to compile, and the engine is hardly asked.
    pub(crate) fn is_sure(&self) -> bool {
        self.sure
    }

    /// Whether matches can be found without the engine.
    pub(crate) fn knows_matches(&self) -> bool {
        self.exact.is_some()
    }
}

/// What is known of the first match.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Found {
    /// There it is: start and end.
    Match(usize, usize),
    /// There is none.
    None,
    /// None is on a line before that of this place; here one may be.
    Ask(usize),
}

impl Choice {
    /// The window, if only so many bytes of it were looked for.
    fn more(&self, len: usize) -> Option<&Window> {
        self.window
            .as_ref()
            .filter(|window| window.classes.len() > len)
    }

    #[inline]
    fn scan(&self, text: &[u8], from: usize, mut accept: impl FnMut(usize) -> bool) {
        let rest = text.get(from..).unwrap_or_default();
        match &self.kernel {
            Kernel::Shift(shift) => {
                let more = self.more(shift.len());
                shift.scan(rest, |at| {
                    more.is_none_or(|more| more.is_at(rest, at)) && accept(from + at)
                });
            }
            Kernel::High(high) => {
                let more = self.more(high.len());
                high.scan(rest, |at| {
                    more.is_none_or(|more| more.is_at(rest, at)) && accept(from + at)
                });
            }
            Kernel::Chain(chain) => chain.scan(rest, |at| accept(from + at)),
            Kernel::Folded(folded) => folded.scan(rest, |at| accept(from + at)),
            Kernel::Literal {
                literal,
                offset,
                around,
            } => {
                let mut next = *offset;
                let byte = match literal.needle() {
                    [byte] => Some(*byte),
                    _ => None,
                };
                let find = |behind: &[u8]| match byte {
                    // Without the way through a search for literals.
                    Some(byte) => memchr(byte, behind),
                    None => literal.find(behind),
                };
                while let Some(behind) = rest.get(next..)
                    && let Some(found) = find(behind)
                {
                    let at = next + found - offset;
                    let mut around = around.iter();
                    let here = around.all(|(i, class)| {
                        let byte = rest.get(at + i);
                        byte.is_some_and(|byte| class.has(*byte))
                    });
                    if here && accept(from + at) {
                        return;
                    }
                    next += found + 1;
                }
            }
        }
    }
}
