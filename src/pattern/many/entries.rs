//! Which needles have a gram, and which of them may be at a place.

use super::grams::{LONGEST, Shape, hash};

/// The needles by their grams.
///
/// Those with the same gram at the same place of the needle are a group, or a
/// few; some more bytes of the needle, the key, find those that may be meant,
/// however many there are.
#[derive(Debug)]
pub(super) struct Entries {
    shape: Shape,
    shift: u32,
    /// Where the groups of each slot begin; one more at the end.
    starts: Vec<u32>,
    groups: Vec<Group>,
    cells: Vec<Cell>,
    /// Which keys there may be: some bits for each cell.
    bits: Vec<u8>,
}

#[derive(Debug)]
struct Group {
    gram: u64,
    /// Where the gram is in its needles.
    offset: u32,
    /// Where the key is in its needles, and which of its bytes count.
    key_at: u32,
    mask: u64,
    /// Its cells: a power of two of them.
    first: u32,
    cells: u32,
}

/// A needle by its key, at the first free place behind the key's own.
#[derive(Clone, Copy, Debug)]
struct Cell {
    key: u64,
    needle: u32,
}

const EMPTY: u32 = u32::MAX;

/// Groups have this many needles before they are taken apart by length, and
/// then there are so many of them.
const CROWD: usize = 8;
const PARTS: usize = 4;

/// They are not taken apart where so few keys are those of needles.
const FAIR: f64 = 0.1;

/// So many needles of a group, and places in them, are tried for the key.
const TRIED: usize = 200;
const PLACES: usize = 32;

/// A gram of a needle.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
struct Entry {
    slot: u32,
    gram: u64,
    offset: u32,
    needle: u32,
}

impl Entries {
    /// The grams of these needles: for each, where its window begins.
    pub(super) fn new(shape: Shape, needles: &[(&[u8], usize)]) -> Entries {
        let count = needles.len() * shape.stride;
        let bits = (count * 2).next_power_of_two().ilog2().max(4);
        let mut entries = Vec::with_capacity(count);
        for (id, (needle, window)) in (0..).zip(needles) {
            for offset in *window..window + shape.stride {
                let gram = shape.gram_of(needle, offset);
                entries.push(Entry {
                    slot: hash(gram) >> (32 - bits),
                    gram,
                    // Of two places where a needle may start, the first comes
                    // first: sorted the other way round.
                    offset: u32::MAX - offset as u32,
                    needle: id,
                });
            }
        }
        entries.sort_unstable();
        let mut all = Entries {
            shape,
            shift: 32 - bits,
            starts: vec![0; (1 << bits) + 1],
            groups: Vec::new(),
            cells: Vec::new(),
            bits: Vec::new(),
        };
        for group in entries.chunk_by_mut(|a, b| (a.gram, a.offset) == (b.gram, b.offset)) {
            let slot = group[0].slot as usize + 1;
            for part in all.parts(group, needles) {
                all.starts[slot] += 1;
                all.add(part, needles);
            }
        }
        for i in 1..all.starts.len() {
            all.starts[i] += all.starts[i - 1];
        }
        all
    }

    /// Takes a group apart by the length of its needles where the bytes that all
    /// have tell little of them.
    fn parts<'e>(&self, group: &'e mut [Entry], needles: &[(&[u8], usize)]) -> Vec<&'e [Entry]> {
        let len = |entry: &Entry| needles[entry.needle as usize].0.len();
        if group.len() <= CROWD || self.chance(group, needles) <= FAIR {
            return vec![group];
        }
        group.sort_by_key(len);
        let mut parts: Vec<&[Entry]> = group.chunk_by(|a, b| len(a) == len(b)).collect();
        while parts.len() > 1 {
            // The smallest goes to the shorter ones before it.
            let smallest = (1..parts.len()).min_by_key(|&i| parts[i].len());
            let smallest = smallest.unwrap_or(1);
            let start: usize = parts[..smallest - 1].iter().map(|part| part.len()).sum();
            let both = parts[smallest - 1].len() + parts[smallest].len();
            let both = &group[start..start + both];
            if parts.len() <= PARTS && self.chance(both, needles) > FAIR {
                break;
            }
            parts[smallest - 1] = both;
            parts.remove(smallest);
        }
        parts
    }

    /// What share of the keys there could be, of the bytes that occur at each
    /// place, are those of needles.
    fn chance(&self, group: &[Entry], needles: &[(&[u8], usize)]) -> f64 {
        let (at, mask) = self.key(group, needles);
        let mut bytes = [[0_u64; 4]; LONGEST];
        for entry in group {
            let key = self.shape.load(needles[entry.needle as usize].0, at) & mask;
            for (bytes, byte) in bytes.iter_mut().zip(key.to_le_bytes()) {
                bytes[usize::from(byte / 64)] |= 1 << (byte % 64);
            }
        }
        let ones = |set: &[u64; 4]| set.iter().map(|word| word.count_ones()).sum::<u32>();
        let all: f64 = bytes.iter().map(|set| f64::from(ones(set))).product();
        self.different(group.iter(), needles, (at, mask)) as f64 / all
    }

    /// Where the bytes are that tell the needles from each other best, and which
    /// of those read there all needles have.
    fn key(&self, group: &[Entry], needles: &[(&[u8], usize)]) -> (usize, u64) {
        let len = |entry: &Entry| needles[entry.needle as usize].0.len();
        let shortest = group.iter().map(len).min().unwrap_or_default();
        let last = shortest.saturating_sub(LONGEST);
        let mask = u64::MAX >> (8 * (LONGEST - shortest.min(LONGEST)));
        if group.len() == 1 {
            return (last, mask);
        }
        let some = group.iter().step_by(group.len().div_ceil(TRIED));
        let places = last.saturating_sub(PLACES)..=last;
        let best = places.max_by_key(|&at| self.different(some.clone(), needles, (at, mask)));
        (best.unwrap_or(last), mask)
    }

    /// How many different keys there are at a place.
    fn different<'e>(
        &self,
        group: impl Iterator<Item = &'e Entry>,
        needles: &[(&[u8], usize)],
        (at, mask): (usize, u64),
    ) -> usize {
        let needle = |entry: &Entry| needles[entry.needle as usize].0;
        let keys = group.map(|entry| self.shape.load(needle(entry), at) & mask);
        let mut keys: Vec<u64> = keys.collect();
        keys.sort_unstable();
        keys.dedup();
        keys.len()
    }

    fn add(&mut self, entries: &[Entry], needles: &[(&[u8], usize)]) {
        let needle = |entry: &Entry| needles[entry.needle as usize].0;
        let (key_at, mask) = self.key(entries, needles);
        let group = Group {
            gram: entries[0].gram,
            offset: u32::MAX - entries[0].offset,
            key_at: key_at as u32,
            mask,
            first: self.cells.len() as u32,
            cells: match entries.len() {
                1 => 1,
                several => (2 * several).next_power_of_two() as u32,
            },
        };
        let first = self.cells.len();
        let empty = Cell {
            key: 0,
            needle: EMPTY,
        };
        self.cells.resize(first + group.cells as usize, empty);
        self.bits.resize(first + group.cells as usize, 0);
        for entry in entries {
            let key = self.shape.load(needle(entry), key_at) & group.mask;
            let (mut at, bit) = group.place(key);
            self.bits[first + at as usize] |= bit;
            while self.cells[first + at as usize].needle != EMPTY {
                at = group.next(at);
            }
            self.cells[first + at as usize] = Cell {
                key,
                needle: entry.needle,
            };
        }
        self.groups.push(group);
    }

    /// How many places of the table are taken.
    pub(super) fn len(&self) -> usize {
        self.groups.len()
    }

    /// The grams, some of them several times.
    pub(super) fn grams(&self) -> impl Iterator<Item = u64> {
        self.groups.iter().map(|group| group.gram)
    }

    /// Calls `found` for every needle that may be where a gram is, with the
    /// place where it would start, until it says yes; says whether it did.
    #[inline]
    pub(super) fn find(
        &self,
        lines: &[u8],
        at: usize,
        gram: u64,
        found: &mut impl FnMut(u32, usize) -> bool,
    ) -> bool {
        let slot = (hash(gram) >> self.shift) as usize;
        let (from, to) = (self.starts[slot] as usize, self.starts[slot + 1] as usize);
        for group in &self.groups[from..to] {
            let Some(start) = at.checked_sub(group.offset as usize) else {
                continue;
            };
            if group.gram == gram {
                let key = self.shape.load(lines, start + group.key_at as usize) & group.mask;
                if self.keyed(group, key, &mut |needle| found(needle, start)) {
                    return true;
                }
            }
        }
        false
    }

    #[inline]
    fn keyed(&self, group: &Group, key: u64, found: &mut impl FnMut(u32) -> bool) -> bool {
        let first = group.first as usize;
        if group.cells == 1 {
            let cell = self.cells[first];
            return cell.key == key && found(cell.needle);
        }
        let (mut at, bit) = group.place(key);
        if self.bits[first + at as usize] & bit == 0 {
            return false;
        }
        loop {
            let cell = self.cells[first + at as usize];
            if cell.needle == EMPTY {
                return false;
            }
            if cell.key == key && found(cell.needle) {
                return true;
            }
            at = group.next(at);
        }
    }
}

impl Group {
    /// The cell of a key, and its bit.
    #[inline]
    fn place(&self, key: u64) -> (u32, u8) {
        // By the upper bits of the hash: the last bytes of a key, which may be all
        // that differ, are not in the others.
        let place = (u64::from(hash(key)) * u64::from(self.cells)) >> (32 - 3);
        ((place >> 3) as u32, 1 << (place & 7))
    }

    #[inline]
    fn next(&self, at: u32) -> u32 {
        (at + 1) & (self.cells - 1)
    }
}
