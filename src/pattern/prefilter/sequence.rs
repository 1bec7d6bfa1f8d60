//! A regex as a sequence of runs of byte classes.
//!
//! What does not fit, as an alternation, becomes a gap, of which nothing is
//! known. So every match of the regex is one of the sequence, and where the
//! sequence is [`exact`](Sequence::exact), the other way round as well.

use regex_syntax::hir::{Hir, HirKind, Repetition};

use super::class::ByteClass;

/// Longer sequences are cut off: what they begin with is enough to go by.
const MOST: usize = 64;

/// A repetition of more than characters is written out so often at most.
const WRITTEN_OUT: u32 = 8;

/// One run of the sequence.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Run {
    /// The bytes of the characters in it; `None` is a gap.
    pub(super) class: Option<ByteClass>,
    /// How many characters it has, which are at least as many bytes.
    pub(super) min: u32,
    pub(super) max: Option<u32>,
    /// Whether it may have characters of several bytes, or such that the bytes
    /// do not tell.
    pub(super) unsure: bool,
}

impl Run {
    const GAP: Run = Run {
        class: None,
        min: 0,
        max: None,
        unsure: true,
    };

    /// Whether it has one length in bytes.
    pub(super) fn is_fixed(&self) -> bool {
        self.max == Some(self.min) && !self.unsure
    }

    /// Whether a byte may be in it.
    #[inline]
    pub(super) fn has(&self, byte: u8) -> bool {
        self.class.is_some_and(|class| class.has(byte))
    }
}

/// What a capture holds: from the start of one run to that of another.
pub(super) type Group = (u32, usize, usize);

/// The runs of a regex.
#[derive(Clone, Debug, Default)]
pub(super) struct Sequence {
    pub(super) runs: Vec<Run>,
    /// The captures, by their numbers.
    pub(super) groups: Vec<Group>,
    /// The regex asks for nothing but the runs, each as long as it can be.
    pub(super) exact: bool,
}

impl Sequence {
    /// `terminator` is never matched.
    pub(super) fn new(hir: &Hir, terminator: u8) -> Sequence {
        let mut sequence = Sequence {
            exact: true,
            ..Sequence::default()
        };
        sequence.add(hir, terminator);
        sequence
    }

    /// Whether the runs are few and short enough to be far from any bound of the
    /// engine, and need no byte that may be refused: a terminator or a NUL.
    pub(super) fn is_sure(&self) -> bool {
        const LONG: u32 = 100;
        let len = |run: &Run| run.max.unwrap_or(run.min).max(1);
        let refused = |class: ByteClass| class.len() == 0 || class == ByteClass::of(0);
        self.exact
            && self.runs.iter().map(len).fold(0, u32::saturating_add) <= LONG
            && !self.runs.iter().any(|run| run.class.is_none_or(refused))
    }

    fn add(&mut self, hir: &Hir, terminator: u8) {
        if self.runs.len() >= MOST {
            return self.gap();
        }
        match hir.kind() {
            HirKind::Empty => {}
            // It takes no room: what stands around it is still side by side.
            HirKind::Look(_) => self.exact = false,
            HirKind::Literal(literal) => {
                for &byte in literal.0.iter().take(MOST) {
                    self.push(ByteClass::of(byte), false, (1, Some(1)), terminator);
                }
                if literal.0.len() > MOST {
                    self.gap();
                }
            }
            HirKind::Class(class) => {
                let bytes = ByteClass::of_class(class);
                self.push(bytes, bytes.has_high(), (1, Some(1)), terminator);
            }
            HirKind::Repetition(repetition) => self.repeat(repetition, terminator),
            HirKind::Capture(capture) => {
                let start = self.runs.len();
                self.add(&capture.sub, terminator);
                self.groups.push((capture.index, start, self.runs.len()));
            }
            HirKind::Concat(parts) => parts.iter().for_each(|part| self.add(part, terminator)),
            HirKind::Alternation(_) => self.gap(),
        }
    }

    fn gap(&mut self) {
        self.exact = false;
        if self.runs.last() != Some(&Run::GAP) {
            self.runs.push(Run::GAP);
        }
    }

    fn push(
        &mut self,
        mut class: ByteClass,
        unsure: bool,
        (min, max): (u32, Option<u32>),
        terminator: u8,
    ) {
        class.remove(terminator);
        self.runs.push(Run {
            class: Some(class),
            min,
            max,
            unsure,
        });
    }

    fn repeat(&mut self, repetition: &Repetition, terminator: u8) {
        let (min, max) = (repetition.min, repetition.max);
        self.exact &= repetition.greedy || max == Some(min);
        match repetition.sub.kind() {
            HirKind::Class(class) => {
                let bytes = ByteClass::of_class(class);
                return self.push(bytes, bytes.has_high(), (min, max), terminator);
            }
            HirKind::Literal(literal) if literal.0.len() == 1 => {
                let byte = ByteClass::of(literal.0[0]);
                return self.push(byte, false, (min, max), terminator);
            }
            _ => {}
        }
        // A capture holds what it held last.
        self.exact &= repetition.sub.properties().explicit_captures_len() == 0;
        for _ in 0..min.min(WRITTEN_OUT) {
            self.add(&repetition.sub, terminator);
        }
        if max != Some(min) || min > WRITTEN_OUT {
            self.gap();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Runs as `size{min,max}`, with a `?` where bytes do not tell; `_` is a gap.
    fn of(pattern: &str) -> (String, bool) {
        let mut parser = regex_syntax::ParserBuilder::new();
        let hir = parser.utf8(false).multi_line(true).build();
        let hir = hir.clone().parse(pattern).unwrap();
        let sequence = Sequence::new(&hir, b'\n');
        let runs = sequence.runs.iter().map(|run| {
            let Some(class) = run.class else {
                return "_".to_string();
            };
            let max = run.max.map_or(String::new(), |max| max.to_string());
            let unsure = if run.unsure { "?" } else { "" };
            format!("{}{{{},{max}}}{unsure}", class.len(), run.min)
        });
        (runs.collect::<Vec<_>>().join(" "), sequence.exact)
    }

    #[test]
    fn runs_of_a_regex() {
        for (pattern, runs, exact) in [
            (r"\d+\.", "138{1,}? 1{1,1}", true),
            (r"(?-u)(\w+)=(\d+)", "63{1,} 1{1,1} 10{1,}", true),
            ("[A-Za-z]{30}", "52{30,30}", true),
            ("[a-c]x*?", "3{1,1} 1{0,}", false),
            ("a(?:b|cd)e", "1{1,1} _ 1{1,1}", false),
            (r"\bx$", "1{1,1}", false),
            ("(?:[ab]y){2}", "2{1,1} 1{1,1} 2{1,1} 1{1,1}", true),
            ("(?:[ab]y)+z", "2{1,1} 1{1,1} _ 1{1,1}", false),
            ("(?:([ab])y){2}", "2{1,1} 1{1,1} 2{1,1} 1{1,1}", false),
            ("(?-u:[^a])b", "254{1,1}? 1{1,1}", true),
        ] {
            assert_eq!(of(pattern), (runs.to_string(), exact), "{pattern}");
        }
    }
}
