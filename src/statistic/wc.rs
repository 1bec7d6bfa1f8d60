//! The counts of `wc`, each only if it is asked for.

#![expect(
    clippy::inline_always,
    reason = "the loop of `blocks` compiles these for the newest instructions"
)]

use serde::{Deserialize, Serialize};
use unicode_width::UnicodeWidthChar;

use super::{
    Head, Kind, Needs, Scan, Shift, Statistic, WireStatistic,
    blocks::{Masks, Visit, visit},
    sound,
    text::characters,
};
use crate::line::Lines;

/// Newlines, words, characters and display width; counting fewer is faster,
/// and newlines alone go at the speed of memory.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wc {
    /// Count newlines.
    pub newlines: bool,
    /// Count words.
    pub words: bool,
    /// Count characters.
    pub chars: bool,
    /// Find the widest line.
    pub width: bool,
}

/// What [`Wc`] counted; 0 what it was not asked for, except bytes.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct WcCounts {
    /// `\n` bytes.
    pub newlines: u64,
    /// Runs of bytes other than space, `\t`, `\n`, `\v`, `\f` and `\r`.
    pub words: u64,
    /// Unicode scalar values in valid UTF-8.
    pub chars: u64,
    /// Bytes; counted always, since it costs nothing.
    pub bytes: u64,
    /// Columns of the widest line on a terminal: tabs stop at every eighth,
    /// `\r` and `\f` begin anew, control characters and bytes that are not
    /// UTF-8 have no width, wide characters have two.
    pub width: u64,
}

impl Statistic for Wc {
    type Partial = WcCounts;
    type Output = WcCounts;
    type Worker = ();

    fn needs(&self) -> Needs {
        Needs::NOTHING
    }

    fn worker(&self, _head: &Head) {}

    fn identity(&self) -> WcCounts {
        WcCounts::default()
    }

    fn scan(&self, (): &mut (), scan: &Scan<'_>, into: &mut WcCounts) {
        let bytes = scan.bytes();
        let when = |asked: bool, count: &dyn Fn() -> u64| if asked { count() } else { 0 };
        let counts = WcCounts {
            newlines: when(self.newlines, &|| scan.newlines()),
            words: when(self.words, &|| words(bytes)),
            chars: when(self.chars, &|| characters(bytes).chars),
            bytes: bytes.len() as u64,
            width: when(self.width, &|| widest(bytes)),
        };
        self.merge(into, counts);
    }

    fn shift(&self, _partial: &mut WcCounts, _by: Shift) {}

    fn merge(&self, earlier: &mut WcCounts, later: WcCounts) {
        earlier.newlines += later.newlines;
        earlier.words += later.words;
        earlier.chars += later.chars;
        earlier.bytes += later.bytes;
        earlier.width = earlier.width.max(later.width);
    }

    fn finish(&self, merged: WcCounts) -> WcCounts {
        merged
    }
}

impl WireStatistic for Wc {
    fn kind(&self) -> Kind {
        Kind::Wc
    }

    fn accepts(&self, partial: &WcCounts, _sources: u32) -> bool {
        let WcCounts {
            newlines,
            words,
            chars,
            bytes,
            width,
        } = *partial;
        sound::counts([newlines, words, chars, bytes, width])
    }
}

pub(super) fn words(bytes: &[u8]) -> u64 {
    struct Words {
        count: u64,
        after_space: u64,
    }
    impl Visit for Words {
        #[inline(always)]
        fn block(&mut self, masks: Masks, valid: u64) {
            let starts = !masks.space & (masks.space << 1 | self.after_space) & valid;
            self.count += u64::from(starts.count_ones());
            self.after_space = masks.space >> 63;
        }
    }
    let words = Words {
        count: 0,
        after_space: 1,
    };
    visit(bytes, words).count
}

/// The columns of the widest of some whole lines.
fn widest(bytes: &[u8]) -> u64 {
    let mut widest = 0;
    for range in Lines::new(bytes, b'\n') {
        let line = &bytes[range];
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        // Without a branch, so that it runs over many bytes at a time.
        let plain = line
            .iter()
            .fold(true, |plain, b| plain & (b' '..=b'~').contains(b));
        let width = if plain {
            line.len() as u64
        } else {
            width(line)
        };
        widest = widest.max(width);
    }
    widest
}

/// The columns of one line.
fn width(line: &[u8]) -> u64 {
    let (mut widest, mut column) = (0, 0u64);
    for piece in line.utf8_chunks() {
        for char in piece.valid().chars() {
            match char {
                '\r' | '\x0c' => {
                    widest = widest.max(column);
                    column = 0;
                }
                '\t' => column += 8 - column % 8,
                _ => column += char.width().unwrap_or(0) as u64,
            }
        }
    }
    widest.max(column)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_as_the_c_locale_has_them() {
        for (bytes, want) in [
            (&b""[..], 0),
            (b"a", 1),
            (b" a\tb\nc\x0bd\x0ce\rf ", 6),
            (b"a \x01 b\n", 3),
            (b"a \xff b\n", 3),
            ("a\u{a0}b\n".as_bytes(), 1),
            (b"a\0b c", 2),
        ] {
            assert_eq!(words(bytes), want, "{bytes:?}");
        }
        for len in 0..200 {
            let text = [vec![b'x'; len], b" y".to_vec()].concat();
            assert_eq!(words(&text), 1 + u64::from(len > 0));
        }
    }

    /// What `wc -L` of GNU coreutils prints in a UTF-8 locale.
    #[test]
    fn width_is_columns_on_a_terminal() {
        for (bytes, want) in [
            (&b""[..], 0),
            (b"abc", 3),
            (b"abc\nde\n", 3),
            (b"a\tb\n", 9),
            (b"12345678\t\n", 16),
            (b"abcd\rab\n", 4),
            (b"ab\x0cabcd\n", 4),
            (b"a\x01\x7fb\n", 2),
            (b"a\x0bb\n", 2),
            (b"a\xffb\n", 2),
            ("\u{4e2d}\u{6587}e\u{301}\n".as_bytes(), 5),
        ] {
            assert_eq!(widest(bytes), want, "{bytes:?}");
        }
    }
}
