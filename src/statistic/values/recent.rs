//! Numbers that came just now.
//!
//! Without them, `values` of `latency=(\d+)ms` takes 1.29 to 1.54 times as long
//! (`values-capture` in `benches/statistics.rs`).

use crate::number::{Kind, NumberUnit, parse};

/// So many texts are remembered, which takes a part of the cache next to the
/// processor.
const PLACES: usize = 512;

/// Texts of more bytes are not remembered.
const LONGEST: usize = 7;

/// So often a text is counted before it is handed on, for the sake of sums.
const MOST: u32 = 1 << 16;

/// What a text came to, and how often it came.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Repeated {
    pub(super) number: Option<(f64, Kind)>,
    pub(super) times: u32,
}

/// Counts texts, to read each once and to add its number once for many times:
/// what is measured in logs has few digits and comes again and again.
#[derive(Debug)]
pub(super) struct Recent {
    places: Vec<Place>,
    /// The places with a count.
    counted: Vec<u16>,
}

#[derive(Clone, Copy, Debug)]
struct Place {
    /// The text and its length; 0 for none.
    text: u64,
    seen: Repeated,
}

impl Recent {
    pub(super) fn new() -> Recent {
        let nothing = Place {
            text: 0,
            seen: Repeated {
                number: None,
                times: 0,
            },
        };
        Recent {
            places: vec![nothing; PLACES],
            counted: Vec::new(),
        }
    }

    /// Counts a text. Returns what has to be added now, if anything: another
    /// that was in its place, or itself.
    #[inline]
    pub(super) fn count(&mut self, text: &[u8], unit: NumberUnit) -> Option<Repeated> {
        if text.len() > LONGEST {
            let number = parse(text, unit);
            return Some(Repeated { number, times: 1 });
        }
        let packed = pack(text);
        // Fibonacci hashing: the upper bits depend on all of them.
        let at = (packed.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as usize % PLACES;
        let place = &mut self.places[at];
        let mut due = None;
        if place.text != packed {
            if place.seen.times > 0 {
                due = Some(place.seen);
            } else {
                self.counted.push(at as u16);
            }
            place.text = packed;
            place.seen = Repeated {
                number: parse(text, unit),
                times: 0,
            };
        } else if place.seen.times == 0 {
            self.counted.push(at as u16);
        } else if place.seen.times == MOST {
            due = Some(place.seen);
            place.seen.times = 0;
        }
        place.seen.times += 1;
        due
    }

    /// Hands on all that was counted.
    pub(super) fn hand_on(&mut self, mut add: impl FnMut(Repeated)) {
        for at in self.counted.drain(..) {
            let seen = &mut self.places[usize::from(at)].seen;
            add(*seen);
            seen.times = 0;
        }
    }
}

/// A short text as a number, which no other text is, and which is not 0.
#[inline]
fn pack(text: &[u8]) -> u64 {
    let bytes = text.iter().fold(0, |bytes, &b| bytes << 8 | u64::from(b));
    bytes << 8 | (1 + text.len() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_is_handed_on_as_often_as_it_came() {
        let mut recent = Recent::new();
        let mut got = std::collections::BTreeMap::new();
        let mut add = |seen: Repeated| {
            assert!(seen.times > 0);
            let number = seen
                .number
                .map(|(number, kind)| (number.to_bits(), kind as u8));
            *got.entry(number).or_insert(0) += u64::from(seen.times);
        };
        let mut want = std::collections::BTreeMap::new();
        let texts = (0..3000).map(|i| format!("{}ms", i % 1300));
        let others = ["", "x", "\0", "\0\0", "1", "01", "12345678", "1234567", "-"];
        let often = std::iter::repeat_n("7s".to_string(), 3 * MOST as usize + 5);
        let all = texts.chain(others.map(String::from)).chain(often);
        for (i, text) in all.enumerate() {
            let number = parse(text.as_bytes(), NumberUnit::Auto);
            let number = number.map(|(number, kind)| (number.to_bits(), kind as u8));
            *want.entry(number).or_insert(0) += 1;
            if let Some(due) = recent.count(text.as_bytes(), NumberUnit::Auto) {
                add(due);
            }
            if i % 700 == 0 {
                recent.hand_on(&mut add);
            }
        }
        recent.hand_on(&mut add);
        recent.hand_on(|_| panic!("nothing is left"));
        assert_eq!(got, want);
    }

    #[test]
    fn texts_are_told_apart() {
        let texts = ["", "\0", "\0\0", "\x01", "a", "ab", "ba", "\u{1}\0"];
        for (i, a) in texts.iter().enumerate() {
            for b in &texts[..i] {
                assert_ne!(pack(a.as_bytes()), pack(b.as_bytes()));
            }
            assert_ne!(pack(a.as_bytes()), 0);
        }
    }
}
