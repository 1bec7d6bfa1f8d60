//! Which needles have a gram, and which of them may be at a place.

use super::grams::{LONGEST, Shape, hash};

/// The needles by their grams.
///
/// Those with the same gram at the same place of the needle are a group; a few
/// more bytes of the needle, the key, find those that may be meant, however
/// many there are.
#[derive(Debug)]
pub(super) struct Entries {
    shape: Shape,
    shift: u32,
    /// Where the groups of each slot begin; one more at the end.
    starts: Vec<u32>,
    groups: Vec<Group>,
    cells: Vec<Cell>,
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
        };
        for group in entries.chunk_by(|a, b| (a.gram, a.offset) == (b.gram, b.offset)) {
            all.starts[group[0].slot as usize + 1] += 1;
            all.add(group, needles);
        }
        for i in 1..all.starts.len() {
            all.starts[i] += all.starts[i - 1];
        }
        all
    }

    fn add(&mut self, entries: &[Entry], needles: &[(&[u8], usize)]) {
        let needle = |entry: &Entry| needles[entry.needle as usize].0;
        let shortest = entries.iter().map(|entry| needle(entry).len()).min();
        let shortest = shortest.unwrap_or_default();
        let len = shortest.min(LONGEST);
        let group = Group {
            gram: entries[0].gram,
            offset: u32::MAX - entries[0].offset,
            key_at: (shortest - len) as u32,
            mask: u64::MAX >> (8 * (LONGEST - len)),
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
        for entry in entries {
            let key = self.shape.load(needle(entry), shortest - len) & group.mask;
            let mut at = group.place(key);
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
    /// place where it would start.
    #[inline]
    pub(super) fn find(
        &self,
        lines: &[u8],
        at: usize,
        gram: u64,
        found: &mut impl FnMut(u32, usize),
    ) {
        let slot = (hash(gram) >> self.shift) as usize;
        let (from, to) = (self.starts[slot] as usize, self.starts[slot + 1] as usize);
        for group in &self.groups[from..to] {
            let Some(start) = at.checked_sub(group.offset as usize) else {
                continue;
            };
            if group.gram == gram {
                let key = self.shape.load(lines, start + group.key_at as usize) & group.mask;
                self.keyed(group, key, &mut |needle| found(needle, start));
            }
        }
    }

    #[inline]
    fn keyed(&self, group: &Group, key: u64, found: &mut impl FnMut(u32)) {
        let first = group.first as usize;
        if group.cells == 1 {
            let cell = self.cells[first];
            if cell.key == key {
                found(cell.needle);
            }
            return;
        }
        let mut at = group.place(key);
        loop {
            let cell = self.cells[first + at as usize];
            if cell.needle == EMPTY {
                return;
            }
            if cell.key == key {
                found(cell.needle);
            }
            at = group.next(at);
        }
    }
}

impl Group {
    #[inline]
    fn place(&self, key: u64) -> u32 {
        hash(key) & (self.cells - 1)
    }

    #[inline]
    fn next(&self, at: u32) -> u32 {
        (at + 1) & (self.cells - 1)
    }
}
