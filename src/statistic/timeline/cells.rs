//! Counts by time, in cells that become wider when there are too many.

use std::collections::{BTreeMap, btree_map::Entry};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Widths of cells in seconds. Each divides the next, and all of them a year
/// of 366 days.
pub(super) const WIDTHS: [i64; 8] = [1, 10, 60, 300, 900, 3600, 21_600, 86_400];

/// Nanoseconds of a second.
pub(super) const SECOND: i64 = 1_000_000_000;

/// Some lines, and those among them that match each pattern.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Tally {
    /// All of them.
    pub lines: u64,
    /// Those that match; empty if no line matches any pattern.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub patterns: Vec<u64>,
}

impl Tally {
    pub(super) fn add(&mut self, other: &Tally) {
        self.lines += other.lines;
        if self.patterns.len() < other.patterns.len() {
            self.patterns.resize(other.patterns.len(), 0);
        }
        for (mine, other) in self.patterns.iter_mut().zip(&other.patterns) {
            *mine += other;
        }
    }

    /// Whether it can be of so many patterns.
    pub(super) fn is_sound(&self, patterns: usize) -> bool {
        let known = self.patterns.is_empty() || self.patterns.len() == patterns;
        known && self.patterns.iter().all(|&lines| lines <= self.lines)
    }

    /// One more line matches this of so many patterns.
    pub(super) fn hit(&mut self, pattern: usize, of: usize) {
        self.patterns.resize(of, 0);
        self.patterns[pattern] += 1;
    }

    pub(super) fn clear(&mut self) {
        self.lines = 0;
        self.patterns.clear();
    }
}

/// What was written within one cell of time.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Cell {
    /// The lines.
    pub tally: Tally,
    /// The earliest timestamp, in nanoseconds since 1970.
    pub first: i64,
    /// The latest.
    pub last: i64,
}

impl Cell {
    pub(super) fn at(nanos: i64) -> Cell {
        Cell {
            tally: Tally::default(),
            first: nanos,
            last: nanos,
        }
    }

    fn add(&mut self, other: &Cell) {
        self.tally.add(&other.tally);
        self.first = self.first.min(other.first);
        self.last = self.last.max(other.last);
    }
}

/// Counts by time. The width of cells is the smallest at which there are no
/// more of them than a bound, which makes it a function of what was counted and
/// not of the order.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Cells {
    level: u8,
    cells: BTreeMap<i64, Cell>,
}

impl Cells {
    /// Seconds of a cell.
    pub(super) fn width(&self) -> i64 {
        WIDTHS[usize::from(self.level)]
    }

    /// Which of [`WIDTHS`] that is.
    pub(super) fn level(&self) -> u8 {
        self.level
    }

    /// The cell that has a narrower one, or one of the same width.
    pub(super) fn cell_with(&self, cell: i64, width: i64) -> i64 {
        cell.div_euclid(self.width() / width)
    }

    /// What was written within a cell.
    pub(super) fn get(&self, cell: i64) -> Option<&Cell> {
        self.cells.get(&cell)
    }

    /// The cell of an instant.
    #[inline]
    pub(super) fn cell_of(&self, nanos: i64) -> i64 {
        nanos.div_euclid(self.width() * SECOND)
    }

    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = (i64, &Cell)> {
        self.cells.iter().map(|(&key, cell)| (key, cell))
    }

    /// All lines, or more than there can be.
    pub(super) fn lines(&self) -> u64 {
        let lines = self.cells.values().map(|cell| cell.tally.lines);
        lines.fold(0, u64::saturating_add)
    }

    /// Whether each is where it belongs, with a tally that is sound.
    pub(super) fn are_sound(&self, tally: &impl Fn(&Tally) -> bool) -> bool {
        let sound = |(&key, cell): (&i64, &Cell)| {
            let keys = [cell.first, cell.last].map(|nanos| self.cell_of(nanos));
            keys == [key; 2] && cell.first <= cell.last && tally(&cell.tally)
        };
        usize::from(self.level) < WIDTHS.len() && self.cells.iter().all(sound)
    }

    pub(super) fn into_values(self) -> impl Iterator<Item = Cell> {
        self.cells.into_values()
    }

    /// Adds what was written about then. No more than `most` cells are kept.
    pub(super) fn add(&mut self, cell: Cell, most: usize) {
        let key = self.cell_of(cell.first);
        match self.cells.entry(key) {
            Entry::Occupied(mut mine) => mine.get_mut().add(&cell),
            Entry::Vacant(place) => {
                place.insert(cell);
                self.widen(self.level, most);
            }
        }
    }

    /// Adds lines that belong to a line of this time, which was added before.
    pub(super) fn follow(&mut self, nanos: i64, tally: &Tally) {
        let key = self.cell_of(nanos);
        if let Some(cell) = self.cells.get_mut(&key) {
            cell.tally.add(tally);
        }
    }

    pub(super) fn merge(&mut self, other: Cells, most: usize) {
        if self.cells.is_empty() {
            *self = other;
            return;
        }
        let mut other = other;
        let level = self.level.max(other.level);
        self.widen(level, usize::MAX);
        other.widen(level, usize::MAX);
        for (key, cell) in other.cells {
            self.cells
                .entry(key)
                .and_modify(|mine| mine.add(&cell))
                .or_insert(cell);
        }
        self.widen(level, most);
    }

    /// Moves all by so many nanoseconds, a multiple of the widest cell.
    pub(super) fn shift(&mut self, nanos: i64) {
        if nanos == 0 {
            return;
        }
        let by = nanos / (self.width() * SECOND);
        let moved = std::mem::take(&mut self.cells).into_iter();
        let moved = moved.map(|(key, mut cell)| {
            cell.first = cell.first.wrapping_add(nanos);
            cell.last = cell.last.wrapping_add(nanos);
            (key + by, cell)
        });
        self.cells = moved.collect();
    }

    /// Makes cells at least this wide.
    pub(super) fn at_least(&mut self, level: u8) {
        self.widen(level, usize::MAX);
    }

    /// Makes cells at least as wide as this, and as wide as need be.
    fn widen(&mut self, level: u8, most: usize) {
        while self.level < level
            || (self.cells.len() > most && usize::from(self.level) + 1 < WIDTHS.len())
        {
            let ratio = WIDTHS[usize::from(self.level) + 1] / self.width();
            self.level += 1;
            let mut wider: BTreeMap<i64, Cell> = BTreeMap::new();
            for (key, cell) in std::mem::take(&mut self.cells) {
                let key = key.div_euclid(ratio);
                match wider.last_entry() {
                    Some(mut last) if *last.key() == key => last.get_mut().add(&cell),
                    _ => {
                        wider.insert(key, cell);
                    }
                }
            }
            self.cells = wider;
        }
    }
}

/// [`Cells`] as plain data, in their order; a column for each of what a cell has, so that
/// its name is written once. Its first timestamp says where a cell is.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Plain {
    level: u8,
    lines: Vec<u64>,
    /// Left out where no line matches any pattern.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    patterns: Vec<Vec<u64>>,
    first: Vec<i64>,
    last: Vec<i64>,
}

impl Serialize for Cells {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let cells = || self.cells.values();
        let mut patterns = Vec::new();
        if cells().any(|cell| !cell.tally.patterns.is_empty()) {
            patterns = cells().map(|cell| cell.tally.patterns.clone()).collect();
        }
        let plain = Plain {
            level: self.level,
            lines: cells().map(|cell| cell.tally.lines).collect(),
            patterns,
            first: cells().map(|cell| cell.first).collect(),
            last: cells().map(|cell| cell.last).collect(),
        };
        plain.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Cells {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Cells, D::Error> {
        let plain = Plain::deserialize(deserializer)?;
        let (cells, patterns) = (plain.lines.len(), plain.patterns.len());
        if [plain.first.len(), plain.last.len()] != [cells; 2] || ![0, cells].contains(&patterns) {
            return Err(serde::de::Error::custom("columns of different lengths"));
        }
        let mut all = Cells {
            level: plain.level,
            cells: BTreeMap::new(),
        };
        if usize::from(all.level) >= WIDTHS.len() {
            return Err(serde::de::Error::custom("cells of no width"));
        }
        let times = plain.first.into_iter().zip(plain.last);
        let mut patterns = plain.patterns.into_iter();
        let mut before = None;
        for (lines, (first, last)) in plain.lines.into_iter().zip(times) {
            let place = all.cell_of(first);
            if before.is_some_and(|before| before >= place) {
                return Err(serde::de::Error::custom("cells in no order"));
            }
            before = Some(place);
            let patterns = patterns.next().unwrap_or_default();
            let tally = Tally { lines, patterns };
            all.cells.insert(place, Cell { tally, first, last });
        }
        Ok(all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_width_is_a_function_of_what_was_added() {
        let seconds: Vec<i64> = (0..200).map(|i| i * i * 7 % 1009 - 300).collect();
        let of = |part: &[i64]| {
            let mut cells = Cells::default();
            for &second in part {
                let mut cell = Cell::at(second * SECOND);
                cell.tally.lines = 1;
                cells.add(cell, 20);
            }
            cells
        };
        let whole = of(&seconds);
        assert_eq!(whole.width(), 60);
        for cut in [0, 1, 50, 199, 200] {
            let (a, b) = (of(&seconds[..cut]), of(&seconds[cut..]));
            let mut ab = a.clone();
            ab.merge(b.clone(), 20);
            assert_eq!(ab, whole);
            let mut ba = b;
            ba.merge(a, 20);
            assert_eq!(ba, whole);
        }
        let lines: u64 = whole.iter().map(|(_, cell)| cell.tally.lines).sum();
        assert_eq!(lines, 200);
    }
}
