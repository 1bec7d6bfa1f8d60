//! Finds where some needles may be: a filter over short runs of bytes.
//!
//! Grams are runs of so many bytes, 8 at most. Every needle gives away a window
//! of its bytes that has as many grams as the stride. Wherever it stands, one of
//! them lies at a multiple of the stride; so only there is the text looked at,
//! and a table asked whether a needle has such a gram. The work does not depend
//! on how many needles there are until the table fills up.

use super::{entries::Entries, teddy::Teddy};

/// The longest gram.
pub(super) const LONGEST: usize = 8;

/// The strides there are.
pub(super) const STRIDES: [usize; 8] = [1, 2, 3, 4, 6, 8, 12, 16];

/// Probes between two branches.
const LANES: usize = 8;

/// Setting this bit of each byte takes ASCII letters to lower case. It takes
/// other bytes together as well, which a filter may do.
const FOLD: u64 = 0x2020_2020_2020_2020;

/// A set of grams, and what each stands for.
#[derive(Debug)]
pub(crate) struct Grams {
    shape: Shape,
    table: Table,
    entries: Entries,
}

/// How grams are read off.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Shape {
    /// Bytes of a gram: from 1 to [`LONGEST`].
    pub(super) len: usize,
    /// One of [`STRIDES`].
    pub(super) stride: usize,
    /// Whether every place is looked at, many at once: for few grams, and a
    /// stride of 1.
    pub(super) teddy: bool,
    /// Whether the case of ASCII letters is of no account.
    pub(super) fold: bool,
}

/// Whether there is an entry for a hash; may say so wrongly.
#[derive(Debug)]
pub(super) enum Table {
    Teddy(Teddy),
    /// Few grams: the table stays in the first-level cache.
    Small(Box<[u8; 1 << 14]>),
    Medium(Box<[u8; 1 << 16]>),
    /// Many: a bit for each hash.
    Large(Box<[u8; 1 << 20]>),
}

/// How many grams the tables are for: then a thirtieth is full.
const SMALL: usize = 500;
const MEDIUM: usize = 2000;

/// A boxed array of this size would be made on the stack.
const SIZED: &str = "the vector has the length of the array";

trait Probe {
    fn probe(&self, hash: u32) -> u8;
}

impl Probe for [u8; 1 << 14] {
    #[inline]
    fn probe(&self, hash: u32) -> u8 {
        self[(hash >> 18) as usize]
    }
}

impl Probe for [u8; 1 << 16] {
    #[inline]
    fn probe(&self, hash: u32) -> u8 {
        self[(hash >> 16) as usize]
    }
}

impl Probe for [u8; 1 << 20] {
    #[inline]
    fn probe(&self, hash: u32) -> u8 {
        self[(hash >> 12) as usize] >> (hash >> 9 & 7) & 1
    }
}

/// The upper half of a product, whose upper bits are its best.
#[inline]
pub(super) fn hash(gram: u64) -> u32 {
    (gram.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as u32
}

impl Shape {
    fn fold_bits(self) -> u64 {
        if self.fold { FOLD } else { 0 }
    }

    fn mask(self) -> u64 {
        u64::MAX >> (8 * (LONGEST - self.len))
    }

    /// The gram at a place of a text; zeroes stand for what is behind its end.
    #[inline]
    pub(super) fn gram_of(self, text: &[u8], at: usize) -> u64 {
        self.load(text, at) & self.mask()
    }

    /// [`LONGEST`] bytes of a text, folded.
    #[inline]
    pub(super) fn load(self, text: &[u8], at: usize) -> u64 {
        let text = text.get(at..).unwrap_or_default();
        let bytes = if let Some(bytes) = text.first_chunk() {
            *bytes
        } else {
            let mut bytes = [0; LONGEST];
            bytes[..text.len()].copy_from_slice(text);
            bytes
        };
        u64::from_le_bytes(bytes) | self.fold_bits()
    }

    /// Finds places where one of the grams may be.
    pub(super) fn teddy_of(self, grams: impl IntoIterator<Item = u64>) -> Teddy {
        Teddy::new(grams, self.len, if self.fold { 0x20 } else { 0 })
    }

    /// How many bytes of a needle it takes.
    pub(super) fn window(self) -> usize {
        self.len + self.stride - 1
    }
}

impl Grams {
    /// The grams of these needles: for each, where its window begins.
    pub(super) fn new(shape: Shape, needles: &[(&[u8], usize)]) -> Grams {
        let entries = Entries::new(shape, needles);
        Grams {
            shape,
            table: Table::of(&entries, shape),
            entries,
        }
    }

    /// Calls `found` for every needle that may be in the lines, with the place
    /// where it would start, until it says yes; in the order of these places
    /// for each needle.
    pub(crate) fn scan(&self, lines: &[u8], mut found: impl FnMut(u32, usize) -> bool) {
        let mut candidate = |at, gram| self.entries.find(lines, at, gram, &mut found);
        match &self.table {
            Table::Teddy(teddy) => {
                teddy.scan(lines, |at| candidate(at, self.shape.gram_of(lines, at)));
            }
            Table::Small(table) => self.strides(&**table, lines, candidate),
            Table::Medium(table) => self.strides(&**table, lines, candidate),
            Table::Large(table) => self.strides(&**table, lines, candidate),
        }
    }

    fn strides(&self, table: &impl Probe, lines: &[u8], candidate: impl FnMut(usize, u64) -> bool) {
        match self.shape.stride {
            1 => self.sweep::<1>(table, lines, candidate),
            2 => self.sweep::<2>(table, lines, candidate),
            3 => self.sweep::<3>(table, lines, candidate),
            4 => self.sweep::<4>(table, lines, candidate),
            6 => self.sweep::<6>(table, lines, candidate),
            8 => self.sweep::<8>(table, lines, candidate),
            12 => self.sweep::<12>(table, lines, candidate),
            _ => self.sweep::<16>(table, lines, candidate),
        }
    }

    #[inline(never)]
    fn sweep<const S: usize>(
        &self,
        table: &impl Probe,
        lines: &[u8],
        mut candidate: impl FnMut(usize, u64) -> bool,
    ) {
        let (fold, mask) = (self.shape.fold_bits(), self.shape.mask());
        let gram = |bytes: &[u8], at: usize| {
            let gram = bytes[at..].first_chunk().copied().unwrap_or_default();
            (u64::from_le_bytes(gram) | fold) & mask
        };
        let mut at = 0;
        while let Some(block) = lines.get(at..at + LANES * S + LONGEST - 1) {
            let mut any = 0;
            for lane in 0..LANES {
                any |= table.probe(hash(gram(block, lane * S)));
            }
            if any != 0 {
                for lane in 0..LANES {
                    let gram = gram(block, lane * S);
                    if table.probe(hash(gram)) != 0 && candidate(at + lane * S, gram) {
                        return;
                    }
                }
            }
            at += LANES * S;
        }
        while at + self.shape.len <= lines.len() {
            let gram = self.shape.gram_of(lines, at);
            if table.probe(hash(gram)) != 0 && candidate(at, gram) {
                return;
            }
            at += S;
        }
    }
}

impl Table {
    fn of(entries: &Entries, shape: Shape) -> Table {
        if shape.teddy {
            return Table::Teddy(shape.teddy_of(entries.grams()));
        }
        let hashes = entries.grams().map(hash);
        if entries.len() <= SMALL {
            let mut table = Box::new([0; 1 << 14]);
            hashes.for_each(|hash| table[(hash >> 18) as usize] = 1);
            Table::Small(table)
        } else if entries.len() <= MEDIUM {
            let mut table: Box<[u8; 1 << 16]> = vec![0; 1 << 16].try_into().expect(SIZED);
            hashes.for_each(|hash| table[(hash >> 16) as usize] = 1);
            Table::Medium(table)
        } else {
            let mut table: Box<[u8; 1 << 20]> = vec![0; 1 << 20].try_into().expect(SIZED);
            hashes.for_each(|hash| table[(hash >> 12) as usize] |= 1 << (hash >> 9 & 7));
            Table::Large(table)
        }
    }

    /// What share of the hashes a table of so many grams lets through, and
    /// whether it is large.
    pub(super) fn fill(grams: f64) -> (f64, bool) {
        match grams {
            _ if grams <= SMALL as f64 => (grams / f64::from(1 << 14), false),
            _ if grams <= MEDIUM as f64 => (grams / f64::from(1 << 16), false),
            _ => (grams / f64::from(1 << 23), true),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every occurrence of every needle is found, once.
    #[test]
    fn no_occurrence_is_passed_over() {
        let text = b"foo barbar ffoobarfoo\nabcabcabcabcabc bar\nFOObar oobarfo";
        for needles in [
            &[&b"foobarfoo"[..], b"abcabcabc"][..],
            &[b"bar", b"foo"],
            &[b"ab", b"oo", b"fo"],
            &[b"arba", b"bcab"],
        ] {
            let shortest = needles.iter().map(|needle| needle.len()).min().unwrap();
            for len in 2..=shortest.min(LONGEST) {
                for stride in STRIDES.into_iter().filter(|s| s + len <= shortest + 1) {
                    for (fold, teddy) in [(false, false), (true, false), (true, true)] {
                        let shape = Shape {
                            len,
                            stride,
                            fold,
                            teddy: teddy && stride == 1,
                        };
                        for window in 0..=shortest - shape.window() {
                            check(text, needles, shape, window);
                        }
                    }
                }
            }
        }
    }

    fn check(text: &[u8], needles: &[&[u8]], shape: Shape, window: usize) {
        let windows: Vec<_> = needles.iter().map(|&needle| (needle, window)).collect();
        let grams = Grams::new(shape, &windows);
        for end in 0..=text.len() {
            let text = &text[..end];
            let mut found = Vec::new();
            grams.scan(text, |needle, start| {
                if text[start..].starts_with(needles[needle as usize]) {
                    found.push((needle, start));
                }
                false
            });
            for (id, needle) in (0..).zip(needles) {
                let starts = (0..text.len()).filter(|&at| text[at..].starts_with(needle));
                let got = found.iter().filter(|(needle, _)| *needle == id);
                let got: Vec<_> = got.map(|(_, start)| *start).collect();
                assert_eq!(
                    got,
                    starts.collect::<Vec<_>>(),
                    "{shape:?} {window} {needle:?}"
                );
            }
        }
    }

    #[test]
    fn tables_of_every_size() {
        for count in [10_u32, 1000, 30_000] {
            let needles: Vec<_> = (0..count).map(|i| format!("<{i:07}>")).collect();
            let windows: Vec<_> = needles.iter().map(|n| (n.as_bytes(), 2)).collect();
            let shape = Shape {
                len: 4,
                stride: 4,
                fold: false,
                teddy: false,
            };
            let grams = Grams::new(shape, &windows);
            let text = needles.concat();
            let mut found = 0;
            grams.scan(text.as_bytes(), |needle, start| {
                let needle = needles[needle as usize].as_bytes();
                found += u32::from(text.as_bytes()[start..].starts_with(needle));
                false
            });
            assert_eq!(found, count);
        }
    }
}
