//! Finds windows in which a byte is none of ASCII.
//!
//! Most texts hardly have such bytes, and to pass over those that have none is
//! as fast as reading. Where there is one, a strip is looked through as ever. Without
//! that, `-c` of `[^\x00-\x7F]` takes 1.17 to 1.23 times as long with AVX-512, and
//! 2.2 times the instructions with AVX2 (`count/no-ascii` in `benches/search.rs`).

use super::{class::ByteClass, shift::Shift, window::Window};

/// Bytes that are gone past at once.
const PART: usize = 256;

/// Places looked at as soon as one of them may begin a window.
pub(super) const STRIP: usize = 512;

/// A window with bytes from 0x80 on.
#[derive(Clone, Debug)]
pub(super) struct High {
    shift: Shift,
    /// Where in the window the first of these bytes is.
    offset: usize,
}

impl High {
    /// `None` if there is no place in it for these bytes and no others.
    pub(super) fn new(window: &Window, shift: &Shift) -> Option<High> {
        let offset = window.classes.iter().position(ByteClass::is_high)?;
        Some(High {
            shift: shift.clone(),
            offset,
        })
    }

    /// Bytes of the window that are looked for.
    pub(super) fn len(&self) -> usize {
        self.shift.len()
    }

    /// How much of a text is looked through for a place where a window begins.
    pub(super) fn share(&self, text: &[u8]) -> f64 {
        let (mut at, mut strips) = (0, 0);
        while let Some(start) = self.next(text, at) {
            (at, strips) = (start + STRIP, strips + 1);
        }
        (strips * STRIP) as f64 / text.len().max(1) as f64
    }

    /// The first place at or behind `at` that may begin a window.
    fn next(&self, text: &[u8], at: usize) -> Option<usize> {
        let rest = text.get(at + self.offset..)?;
        first(rest).map(|found| at + found)
    }

    /// Calls `accept` with the start of each window in the text, in order,
    /// until it says yes.
    #[inline]
    pub(super) fn scan(&self, text: &[u8], mut accept: impl FnMut(usize) -> bool) {
        let (mut at, mut done) = (0, false);
        while !done && let Some(start) = self.next(text, at) {
            at = start + STRIP;
            let end = text.len().min(at + self.shift.len() - 1);
            self.shift.scan(&text[start..end], |found| {
                done = accept(start + found);
                done
            });
        }
    }
}

/// Where the first byte is that is none of ASCII.
fn first(bytes: &[u8]) -> Option<usize> {
    let (parts, _) = bytes.as_chunks::<PART>();
    let any = |part: &[u8; PART]| part.iter().fold(0, |any, &byte| any | byte) >= 0x80;
    let part = parts.iter().position(any).unwrap_or(parts.len());
    let from = part * PART;
    let found = bytes[from..].iter().position(|&byte| byte >= 0x80);
    found.map(|at| from + at)
}
