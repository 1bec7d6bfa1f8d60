//! A literal and a run of characters behind it, found without a regex engine.
//!
//! `status=(\d+)` and `user=(\S+)` are what people ask for most. The engine
//! finds such a match from both ends and its capture in a third walk; here the
//! literal is looked for and the run is as long as it is.

use memchr::memmem;
use regex_syntax::hir::{Class, Hir, HirKind};

use crate::pattern::{Case, PatternOptions};

/// What a byte is to the run.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Byte {
    /// It ends the run.
    Out,
    /// It belongs to it.
    In,
    /// It may begin a character that does: a matter for the regex.
    Unknown,
}

/// A literal and the capture of a greedy run behind it.
#[derive(Clone, Debug)]
pub(super) struct Plain {
    literal: memmem::Finder<'static>,
    bytes: Box<[Byte; 256]>,
    least: usize,
}

/// Where a pattern may match.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Near {
    /// It matches: the start of the literal and of the run, and the end.
    Match(usize, usize, usize),
    /// No match starts before this byte; ask the regex whether one does here.
    Ask(usize),
}

impl Plain {
    /// The pattern in this form, if it has it.
    pub(super) fn new(pattern: &str, options: &PatternOptions) -> Option<Plain> {
        if options.fixed_strings || options.boundary.is_some() || options.case != Case::Sensitive {
            return None;
        }
        let mut parser = regex_syntax::ParserBuilder::new();
        parser.utf8(false).multi_line(true).unicode(options.unicode);
        let hir = parser.build().parse(pattern).ok()?;
        let HirKind::Concat(parts) = hir.kind() else {
            return None;
        };
        let [literal, capture] = &parts[..] else {
            return None;
        };
        let (HirKind::Literal(literal), HirKind::Capture(capture)) =
            (literal.kind(), capture.kind())
        else {
            return None;
        };
        let HirKind::Repetition(run) = capture.sub.kind() else {
            return None;
        };
        let refused = |b: &u8| matches!(b, b'\n' | b'\r' | 0);
        if !run.greedy || run.min == 0 || run.max.is_some() || literal.0.iter().any(refused) {
            return None;
        }
        Some(Plain {
            literal: memmem::Finder::new(&literal.0).into_owned(),
            bytes: table(&run.sub)?,
            least: run.min as usize,
        })
    }

    /// Where the first match at or after `at` is, or may be.
    #[inline]
    pub(super) fn next(&self, lines: &[u8], mut at: usize) -> Option<Near> {
        let literal = self.literal.needle().len();
        loop {
            let start = at + self.literal.find(lines.get(at..)?)?;
            let from = start + literal;
            let run = &lines[from..];
            let of = |b: &u8| self.bytes[usize::from(*b)];
            let len = run.iter().position(|b| of(b) != Byte::In);
            let len = len.unwrap_or(run.len());
            if run.get(len).map(of) == Some(Byte::Unknown) {
                return Some(Near::Ask(start));
            }
            if len >= self.least {
                return Some(Near::Match(start, from, from + len));
            }
            at = start + 1;
        }
    }
}

/// What each byte is to a run of this class.
fn table(class: &Hir) -> Option<Box<[Byte; 256]>> {
    let HirKind::Class(class) = class.kind() else {
        return None;
    };
    let mut bytes = Box::new([Byte::Out; 256]);
    match class {
        Class::Unicode(class) => {
            for range in class.ranges() {
                for c in range.start()..=range.end().min('\x7f') {
                    bytes[c as usize] = Byte::In;
                }
            }
            bytes[0x80..].fill(Byte::Unknown);
        }
        Class::Bytes(class) => {
            for range in class.ranges() {
                bytes[usize::from(range.start())..=usize::from(range.end())].fill(Byte::In);
            }
        }
    }
    bytes[usize::from(b'\n')] = Byte::Out;
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_of_this_form_and_others() {
        let options = PatternOptions::default();
        for pattern in [
            r"status=(\d+)",
            r"user=(\S+)",
            "a(?-u:[^,]+)",
            r"k=(?<n>\w{2,})",
        ] {
            let is = Plain::new(pattern, &options).is_some();
            assert_eq!(is, pattern != "a(?-u:[^,]+)", "{pattern}");
        }
        for pattern in [
            r"(\d+)",
            r"a(\d*)",
            r"a(\d+?)",
            r"a(\d{1,3})",
            r"a(\d+)b",
            r"a(b+)",
            r"[ab](\d+)",
            r"(?i)a(\d+)",
            r"a(\d+|x)",
        ] {
            assert!(Plain::new(pattern, &options).is_none(), "{pattern}");
        }
        let insensitive = PatternOptions {
            case: Case::Insensitive,
            ..PatternOptions::default()
        };
        assert!(Plain::new(r"a(\d+)", &insensitive).is_none());
    }

    #[test]
    fn the_first_match_is_found_or_asked_for() {
        let plain = Plain::new(r"aa=(\d{2,})", &PatternOptions::default()).unwrap();
        for (lines, want) in [
            (&b"aa=12 aa=3"[..], Some(Near::Match(0, 3, 5))),
            (b"aa=1 aa=34\n", Some(Near::Match(5, 8, 10))),
            (b"aaaa=777", Some(Near::Match(2, 5, 8))),
            (b"aa=1\naa=2\n", None),
            (b"aa=1\n2", None),
            ("aa=1\u{661}".as_bytes(), Some(Near::Ask(0))),
            (b"aa=12\xff", Some(Near::Ask(0))),
            (b"", None),
        ] {
            assert_eq!(plain.next(lines, 0), want, "{lines:?}");
        }
    }
}
