//! Finds a long run of a byte class by looking at few of its bytes.

use super::class::ByteClass;

/// A run of so many bytes of a class.
#[derive(Clone, Debug)]
pub(super) struct Stride {
    is_in: Box<[bool; 256]>,
    len: usize,
}

impl Stride {
    pub(super) fn new(class: &ByteClass, len: usize) -> Stride {
        let mut is_in = Box::new([false; 256]);
        for byte in (0..=255_u8).filter(|&byte| class.has(byte)) {
            is_in[usize::from(byte)] = true;
        }
        Stride { is_in, len }
    }

    /// Calls `accept` with each place where such a run starts, in order,
    /// until it says yes.
    ///
    /// If the last byte of a run is not in the class, no run starts up to
    /// there; and otherwise one can start only behind the last byte before it
    /// that is not.
    pub(super) fn scan(&self, text: &[u8], mut accept: impl FnMut(usize) -> bool) {
        // All from `at` to `sure` are in the class.
        let (mut at, mut sure) = (0, 0);
        while let Some(text) = text.get(..at + self.len) {
            let known = &text[sure.max(at)..];
            let out = known.iter().rposition(|&b| !self.is_in[usize::from(b)]);
            if let Some(out) = out {
                at = sure.max(at) + out + 1;
                continue;
            }
            sure = text.len();
            if accept(at) {
                return;
            }
            at += 1;
        }
    }
}
