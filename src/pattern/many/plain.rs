//! Patterns that stand for bytes and nothing else.

use memchr::memmem;
use regex_syntax::hir::{Hir, HirKind};

use super::word::Surroundings;
use crate::pattern::{Case, PatternOptions};

/// Characters that are ASCII letters in another case: the long s and the
/// Kelvin sign.
const EXOTIC: [(&[u8], u8); 2] = [("\u{17f}".as_bytes(), b's'), ("\u{212a}".as_bytes(), b'k')];

/// A pattern that stands for bytes.
#[derive(Clone, Debug)]
pub(crate) struct Plain {
    pub(crate) bytes: Vec<u8>,
    /// Whether the case of ASCII letters is of no account.
    pub(crate) caseless: bool,
    /// Whether a letter in it has a form that is not ASCII: the Kelvin sign is
    /// a `k`, the long s an `s`. Then lines with these are searched in a copy
    /// that has the plain letters.
    pub(crate) exotic: bool,
    pub(crate) around: Option<Surroundings>,
}

impl Plain {
    /// `None` for a pattern that stands for anything else, or where it takes
    /// the regex engine to tell.
    pub(crate) fn new(pattern: &str, options: &PatternOptions) -> Option<Plain> {
        let bytes = if options.fixed_strings {
            pattern.as_bytes().to_vec()
        } else {
            match parse(pattern, options, false)?.into_kind() {
                HirKind::Literal(literal) => literal.0.into_vec(),
                _ => return None,
            }
        };
        // A terminator is refused, and said so, where the regex is compiled.
        let refused = |b: &u8| matches!(b, b'\n' | b'\r' | 0);
        if bytes.is_empty() || bytes.iter().any(refused) {
            return None;
        }
        let caseless = match options.case {
            Case::Sensitive => false,
            Case::Insensitive => true,
            // Escapes may hide what the rule of smart case looks for.
            Case::Smart if bytes != pattern.as_bytes() => return None,
            Case::Smart => !pattern.chars().any(char::is_uppercase),
        };
        // Other letters than those of ASCII may be longer in the other case.
        (!caseless || bytes.is_ascii()).then(|| Plain {
            exotic: caseless && options.unicode && bytes.iter().any(|b| b"kKsS".contains(b)),
            around: options.boundary.map(|boundary| Surroundings {
                boundary,
                unicode: options.unicode,
                crlf: options.crlf,
            }),
            caseless,
            bytes,
        })
    }

    /// Whether these bytes of the text are the pattern's.
    #[inline]
    pub(crate) fn is(&self, text: &[u8]) -> bool {
        if self.caseless {
            text.eq_ignore_ascii_case(&self.bytes)
        } else {
            text == self.bytes
        }
    }

    /// Whether the pattern matches with these bytes of whole lines.
    #[inline]
    pub(crate) fn is_at(&self, lines: &[u8], start: usize, end: usize) -> bool {
        lines.get(start..end).is_some_and(|text| self.is(text))
            && self.around.is_none_or(|a| a.allow(lines, start, end))
    }
}

/// Lines in which exotic letters are replaced by plain ones. Where letter case is of no
/// account a pattern of ASCII matches in them what it matches in the original: what is
/// put there is a part of words as well.
#[derive(Debug)]
pub(crate) struct Plainly {
    pub(crate) text: Vec<u8>,
    /// Where letters were replaced: positions in `text` behind the letter, and
    /// by how much the original is longer up to there.
    longer: Vec<(usize, usize)>,
}

impl Plainly {
    /// Nothing if there are none.
    pub(crate) fn of(lines: &[u8]) -> Option<Plainly> {
        let mut found: Vec<_> = exotic(lines).collect();
        if found.is_empty() {
            return None;
        }
        found.sort_unstable();
        let (mut text, mut longer) = (Vec::with_capacity(lines.len()), Vec::new());
        let (mut copied, mut more) = (0, 0);
        for (at, len, plain) in found {
            text.extend_from_slice(&lines[copied..at]);
            text.push(plain);
            copied = at + len;
            more += len - 1;
            longer.push((text.len(), more));
        }
        text.extend_from_slice(&lines[copied..]);
        Some(Plainly { text, longer })
    }

    /// The position in the original.
    pub(crate) fn original(&self, at: usize) -> usize {
        let behind = self.longer.partition_point(|(from, _)| *from <= at);
        at + behind.checked_sub(1).map_or(0, |i| self.longer[i].1)
    }
}

/// Where letters are that are ASCII letters in another case: the place, the
/// length, and the ASCII letter.
fn exotic(lines: &[u8]) -> impl Iterator<Item = (usize, usize, u8)> {
    let some: &[(&[u8], u8)] = if lines.is_ascii() { &[] } else { &EXOTIC };
    some.iter().flat_map(move |(exotic, plain)| {
        memmem::find_iter(lines, exotic).map(|at| (at, exotic.len(), *plain))
    })
}

/// Reads a pattern as the regex engine does.
pub(crate) fn parse(pattern: &str, options: &PatternOptions, caseless: bool) -> Option<Hir> {
    let mut parser = regex_syntax::ParserBuilder::new();
    parser
        .utf8(false)
        .multi_line(true)
        .unicode(options.unicode)
        .crlf(options.crlf)
        .case_insensitive(caseless);
    let parser = parser.build();
    if options.fixed_strings {
        return parser.clone().parse(&regex_syntax::escape(pattern)).ok();
    }
    parser.clone().parse(pattern).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_behind_exotic_letters() {
        let text = "ab\u{212a}c\u{17f}\u{17f}d";
        let plain = Plainly::of(text.as_bytes()).unwrap();
        assert_eq!(plain.text, b"abkcssd");
        let original: Vec<_> = (0..=7).map(|at| plain.original(at)).collect();
        assert_eq!(original, [0, 1, 2, 5, 6, 8, 10, 11]);
        assert!(Plainly::of("äk".as_bytes()).is_none());
    }
}
