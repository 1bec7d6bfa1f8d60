//! Finds where some needles may be: a filter over short runs of bytes.
//!
//! Every needle gives away a window of [`GRAM`] + stride - 1 of its bytes. At
//! any alignment, one of the window's runs of [`GRAM`] bytes, its grams, lies
//! at a multiple of the stride; so only there is the text looked at, and asked
//! a table whether a needle has such a gram. The work does not depend on how
//! many needles there are until the table fills up.

/// Bytes of a gram.
pub(super) const GRAM: usize = 4;

/// The greatest stride: with more, a window is wider than most needles.
pub(super) const MAX_STRIDE: usize = 8;

/// Probes between two branches.
const LANES: usize = 8;

/// Setting this bit of each byte takes ASCII letters to lower case. It takes
/// other bytes together as well, which a filter may do.
const FOLD: u32 = 0x2020_2020;

/// A set of grams, and what each stands for.
#[derive(Debug)]
pub(super) struct Grams {
    stride: usize,
    /// What is set in every gram, and what is left of it.
    fold: u32,
    mask: u32,
    len: usize,
    table: Table,
    /// Where the entries of each slot begin; one more at the end.
    starts: Vec<u32>,
    shift: u32,
    entries: Vec<Entry>,
}

/// A gram of a needle.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Entry {
    /// Which needle.
    pub(super) needle: u32,
    /// Where in the needle.
    pub(super) offset: u32,
    gram: u32,
}

/// How grams are read off.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Shape {
    /// Bytes of a gram: [`GRAM`] or fewer.
    pub(super) len: usize,
    /// From 1 to [`MAX_STRIDE`].
    pub(super) stride: usize,
    /// Whether the case of ASCII letters is of no account.
    pub(super) fold: bool,
}

/// Whether there is an entry for a hash; may say so wrongly.
#[derive(Debug)]
enum Table {
    /// Few grams: the table stays in the first-level cache.
    Small(Box<[u8; 1 << 14]>),
    Medium(Box<[u8; 1 << 16]>),
    /// Many: a bit for each hash.
    Large(Box<[u8; 1 << 20]>),
}

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

#[inline]
fn hash(gram: u32) -> u32 {
    gram.wrapping_mul(0x9e37_79b1)
}

impl Shape {
    fn fold_bits(self) -> u32 {
        if self.fold { FOLD } else { 0 }
    }

    fn mask(self) -> u32 {
        u32::MAX >> (8 * (GRAM - self.len))
    }

    /// The gram at a place of a needle.
    pub(super) fn gram_of(self, needle: &[u8], at: usize) -> u32 {
        let mut bytes = [0; GRAM];
        bytes[..self.len].copy_from_slice(&needle[at..at + self.len]);
        (u32::from_le_bytes(bytes) | self.fold_bits()) & self.mask()
    }

    /// How many bytes of a needle it takes.
    pub(super) fn window(self) -> usize {
        self.len + self.stride - 1
    }
}

impl Grams {
    /// The grams of these needles: for each, where its window begins.
    pub(super) fn new(shape: Shape, needles: &[(&[u8], usize)]) -> Grams {
        let mut entries = Vec::with_capacity(needles.len() * shape.stride);
        for (id, (needle, window)) in (0..).zip(needles) {
            for offset in *window..window + shape.stride {
                entries.push(Entry {
                    needle: id,
                    offset: offset as u32,
                    gram: shape.gram_of(needle, offset),
                });
            }
        }
        let bits = (entries.len() * 2).next_power_of_two().ilog2().max(4);
        let shift = 32 - bits;
        // Of two places where the same needle may start, the first comes first.
        let slot = |entry: &Entry| hash(entry.gram) >> shift;
        entries.sort_unstable_by_key(|e| (slot(e), std::cmp::Reverse(e.offset), e.needle));
        let mut starts = vec![0; (1 << bits) + 1];
        for entry in &entries {
            starts[slot(entry) as usize + 1] += 1;
        }
        for i in 1..starts.len() {
            starts[i] += starts[i - 1];
        }
        Grams {
            stride: shape.stride,
            fold: shape.fold_bits(),
            mask: shape.mask(),
            len: shape.len,
            table: Table::of(&entries),
            starts,
            shift,
            entries,
        }
    }

    /// Calls `found` for every gram of a needle at the places that are looked
    /// at, in their order, with the position of the gram.
    pub(super) fn scan(&self, lines: &[u8], mut found: impl FnMut(usize, Entry)) {
        let candidate = |at: usize, gram: u32| {
            let slot = (hash(gram) >> self.shift) as usize;
            let (from, to) = (self.starts[slot], self.starts[slot + 1]);
            for entry in &self.entries[from as usize..to as usize] {
                if entry.gram == gram {
                    found(at, *entry);
                }
            }
        };
        match &self.table {
            Table::Small(table) => self.strides(&**table, lines, candidate),
            Table::Medium(table) => self.strides(&**table, lines, candidate),
            Table::Large(table) => self.strides(&**table, lines, candidate),
        }
    }

    fn strides(&self, table: &impl Probe, lines: &[u8], candidate: impl FnMut(usize, u32)) {
        match self.stride {
            1 => self.sweep::<1>(table, lines, candidate),
            2 => self.sweep::<2>(table, lines, candidate),
            3 => self.sweep::<3>(table, lines, candidate),
            4 => self.sweep::<4>(table, lines, candidate),
            5 => self.sweep::<5>(table, lines, candidate),
            6 => self.sweep::<6>(table, lines, candidate),
            7 => self.sweep::<7>(table, lines, candidate),
            _ => self.sweep::<MAX_STRIDE>(table, lines, candidate),
        }
    }

    #[inline(never)]
    fn sweep<const S: usize>(
        &self,
        table: &impl Probe,
        lines: &[u8],
        mut candidate: impl FnMut(usize, u32),
    ) {
        let (fold, mask) = (self.fold, self.mask);
        let gram = |bytes: &[u8], at: usize| {
            let [a, b, c, d] = [bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]];
            (u32::from_le_bytes([a, b, c, d]) | fold) & mask
        };
        let mut at = 0;
        while let Some(block) = lines.get(at..at + LANES * S + GRAM - 1) {
            let mut any = 0;
            for lane in 0..LANES {
                any |= table.probe(hash(gram(block, lane * S)));
            }
            if any != 0 {
                for lane in 0..LANES {
                    let gram = gram(block, lane * S);
                    if table.probe(hash(gram)) != 0 {
                        candidate(at + lane * S, gram);
                    }
                }
            }
            at += LANES * S;
        }
        while at + self.len <= lines.len() {
            let mut bytes = [0; GRAM];
            let end = lines.len().min(at + GRAM);
            bytes[..end - at].copy_from_slice(&lines[at..end]);
            let gram = gram(&bytes, 0);
            if table.probe(hash(gram)) != 0 {
                candidate(at, gram);
            }
            at += S;
        }
    }
}

impl Table {
    /// A table a thirtieth of which is full at most, if there is one.
    fn of(entries: &[Entry]) -> Table {
        let hashes = entries.iter().map(|entry| hash(entry.gram));
        if entries.len() <= 500 {
            let mut table = Box::new([0; 1 << 14]);
            hashes.for_each(|hash| table[(hash >> 18) as usize] = 1);
            Table::Small(table)
        } else if entries.len() <= 2000 {
            let mut table: Box<[u8; 1 << 16]> = vec![0; 1 << 16].try_into().expect(SIZED);
            hashes.for_each(|hash| table[(hash >> 16) as usize] = 1);
            Table::Medium(table)
        } else {
            let mut table: Box<[u8; 1 << 20]> = vec![0; 1 << 20].try_into().expect(SIZED);
            hashes.for_each(|hash| table[(hash >> 12) as usize] |= 1 << (hash >> 9 & 7));
            Table::Large(table)
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
            for len in 2..=shortest.min(GRAM) {
                for stride in 1..=(shortest - len + 1).min(MAX_STRIDE) {
                    for fold in [false, true] {
                        let shape = Shape { len, stride, fold };
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
            grams.scan(text, |at, entry| {
                let needle = needles[entry.needle as usize];
                if let Some(start) = at.checked_sub(entry.offset as usize)
                    && text[start..].starts_with(needle)
                {
                    found.push((entry.needle, start));
                }
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
            };
            let grams = Grams::new(shape, &windows);
            let text = needles.concat();
            let mut found = 0;
            grams.scan(text.as_bytes(), |at, entry| {
                let start = at.checked_sub(entry.offset as usize);
                let needle = needles[entry.needle as usize].as_bytes();
                let rest = start.and_then(|start| text.as_bytes().get(start..));
                found += u32::from(rest.is_some_and(|rest| rest.starts_with(needle)));
            });
            assert_eq!(found, count);
        }
    }
}
