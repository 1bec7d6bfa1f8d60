//! Finds windows by a few letters side by side, whatever their case.
//!
//! Without that, `-ic` of a word takes 1.24 to 1.3 times as long with AVX-512, and more
//! than twice with AVX2 (`count/literal-any-case` in `benches/search.rs`).

use super::{class::ByteClass, window::Window};
use crate::pattern::many::Teddy;

/// What is set in every byte of the text first: then letters have one case.
const FOLD: u8 = 0x20;

/// So many bytes are looked for, or of short words so many.
const LENS: [usize; 2] = [4, 3];

/// Some bytes of a window, and all of it.
#[derive(Clone, Debug)]
pub(super) struct Folded {
    teddy: Teddy,
    /// Where in the window these bytes are.
    offset: usize,
    window: Window,
}

impl Folded {
    /// The ways to look for a window, if bytes of it may be letters in either
    /// case, and are one byte if case is of no account.
    pub(super) fn all(window: &Window) -> Vec<Folded> {
        let gram = |bytes: &[ByteClass]| {
            let cased = bytes.iter().any(|class| class.len() > 1);
            let one = bytes.iter().all(|class| class.is_one_but_for(FOLD));
            (cased && one && Teddy::is_fast()).then(|| {
                let first = |class: &ByteClass| (0..=255).find(|&byte| class.has(byte));
                let bytes = bytes.iter().filter_map(first).map(|byte| byte | FOLD);
                let bytes = bytes.enumerate();
                bytes.fold(0, |gram, (i, byte)| gram | u64::from(byte) << (8 * i))
            })
        };
        for len in LENS {
            let grams = window.classes.windows(len).map(gram).enumerate();
            let all: Vec<_> = grams
                .filter_map(|(offset, gram)| {
                    Some(Folded {
                        teddy: Teddy::new([gram?], len, FOLD),
                        offset,
                        window: window.clone(),
                    })
                })
                .collect();
            if !all.is_empty() {
                return all;
            }
        }
        Vec::new()
    }

    /// How often what is looked for is in the text, for a byte of it.
    pub(super) fn rate(&self, text: &[u8]) -> f64 {
        let mut found = 0;
        self.teddy.scan(text, |_| {
            found += 1;
            false
        });
        f64::from(found) / text.len().max(1) as f64
    }

    /// Calls `accept` with the start of each window in the text, in order,
    /// until it says yes.
    #[inline]
    pub(super) fn scan(&self, text: &[u8], mut accept: impl FnMut(usize) -> bool) {
        self.teddy.scan(text, |found| {
            let at = found.checked_sub(self.offset);
            at.is_some_and(|at| self.window.is_at(text, at) && accept(at))
        });
    }
}
