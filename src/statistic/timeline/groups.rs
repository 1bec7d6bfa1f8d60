//! Counts by key and time, in bounded memory.
//!
//! All keys are kept with all their cells as long as there is room. Then the
//! cells of all become wider, up to a quarter of an hour, and then only some
//! keys are kept, see [`Groups`]. How far that goes depends on all records
//! alone: the groups of a part never go further than those of the whole.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{
    cells::WIDTHS,
    series::{Place, Series, TIMELESS},
};
use crate::{
    sketch::hash,
    statistic::{
        groups::{Bounds, Group, Groups, Sketch},
        sound,
    },
};

/// The level of the widest cells: those of a quarter of an hour, which begin
/// where days and hours do in every zone.
const WIDEST: u8 = 4;

/// A group takes so many bytes, roughly and at least.
const EACH: u64 = 128;

/// What groups may take, and which keys a pass counts.
#[derive(Clone, Debug)]
pub(super) struct Limits {
    /// Once cells are as wide as they get.
    bounds: Bounds,
    /// Which keys within the bounds are counted.
    pub(super) only: Only,
}

/// Which keys a pass counts.
#[derive(Clone, Debug)]
pub(super) enum Only {
    /// All, as the first does.
    All,
    /// Those that may come so often, and not by time.
    Frequent(u64, Arc<Sketch>),
    /// These and no others, in the order of their hashes.
    These(Arc<Vec<(u64, Vec<u8>)>>),
}

impl Limits {
    /// Of the first pass, in so many bytes.
    pub(super) fn new(memory: u64) -> Limits {
        let counters = (memory / 64).clamp(64, 1 << 24);
        Limits {
            bounds: Bounds {
                // Two that are merged are there at once.
                bytes: (memory / 2).clamp(4096, Bounds::MAX_BYTES / 2),
                groups: u64::MAX,
                first: 0,
                last: u64::MAX,
                counters: 1 << counters.ilog2(),
            },
            only: Only::All,
        }
    }

    /// Of a pass over keys that may come so often, from this hash on.
    pub(super) fn frequent(&self, first: u64, count: u64, others: Arc<Sketch>) -> Limits {
        Limits {
            bounds: Bounds {
                first,
                counters: 0,
                ..self.bounds
            },
            only: Only::Frequent(count, others),
        }
    }

    /// Of a pass over these keys.
    pub(super) fn these<'k>(&self, keys: impl Iterator<Item = &'k [u8]>) -> Limits {
        let mut keys: Vec<_> = keys.map(|key| (hash(key), key.to_vec())).collect();
        keys.sort_unstable();
        Limits {
            bounds: Bounds {
                first: 0,
                counters: 0,
                ..self.bounds
            },
            only: Only::These(Arc::new(keys)),
        }
    }

    /// How many groups fit in any case.
    pub(super) fn groups(&self) -> usize {
        usize::try_from(self.bounds.bytes / EACH).unwrap_or(usize::MAX)
    }

    /// What keys may have in bytes.
    fn longest(&self) -> usize {
        usize::try_from(self.bounds.bytes / 16).unwrap_or(usize::MAX)
    }

    /// The last hash of those that are counted.
    pub(super) fn last_of(&self, groups: &Grouped) -> u64 {
        self.bounds.last_at(groups.groups.level())
    }

    #[inline]
    fn wants(&self, (key, hash): (&[u8], u64)) -> bool {
        match &self.only {
            Only::All => true,
            Only::Frequent(count, others) => {
                self.bounds.keeps(0, hash) && others.at_most(hash) >= *count
            }
            Only::These(keys) => {
                let at = keys.partition_point(|(of, _)| *of < hash);
                let same = keys[at..].iter().take_while(|(of, _)| *of == hash);
                same.into_iter().any(|(_, of)| of == key)
            }
        }
    }

    /// The bounds while cells are of this level: none before they are as wide
    /// as they get.
    fn at(&self, level: u8) -> Bounds {
        let bytes = if level < WIDEST {
            Bounds::MAX_BYTES
        } else {
            self.bounds.bytes
        };
        Bounds {
            bytes,
            ..self.bounds
        }
    }
}

/// See the module.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Grouped {
    /// Which cells are told apart.
    level: u8,
    groups: Groups<Series>,
    pub(super) seen: Seen,
}

/// What was gone through.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Seen {
    records: u64,
    /// The sum of the hashes of all keys: another pass over the same has the
    /// same.
    check: u64,
    /// Records whose key is too long to be kept.
    pub(super) too_long: u64,
}

impl Grouped {
    /// None yet.
    pub(super) fn new(limits: &Limits) -> Grouped {
        let timeless = matches!(limits.only, Only::Frequent(..));
        Grouped {
            level: if timeless { TIMELESS } else { 0 },
            groups: Groups::new(),
            seen: Seen::default(),
        }
    }

    /// Seconds of a cell.
    pub(super) fn width(&self) -> i64 {
        WIDTHS.get(usize::from(self.level)).copied().unwrap_or(1)
    }

    /// The level of cells.
    pub(super) fn level(&self) -> u8 {
        self.level
    }

    /// One in how many keys is kept.
    pub(super) fn one_in(&self) -> u64 {
        1 << self.groups.level().min(63)
    }

    /// How many keys are kept.
    pub(super) fn len(&self) -> u64 {
        self.groups.len()
    }

    /// How often keys that are not kept came at most, taken out.
    pub(super) fn take_others(&mut self) -> Option<Sketch> {
        self.groups.take_others()
    }

    /// The inverse of [`take_others`](Grouped::take_others).
    pub(super) fn put_others(&mut self, others: Sketch) {
        self.groups.put_others(others);
    }

    /// The keys that have lines with a time, in an order that says nothing.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&[u8], &Series)> {
        let all = self.groups.iter().map(|(key, group)| (key, &group.value));
        all.filter(|(_, series)| series.lines > 0)
    }

    /// Adds lines of a key, whose [`hash`] this is.
    #[inline]
    pub(super) fn add(
        &mut self,
        limits: &Limits,
        (key, hash): (&[u8], u64),
        place: Place,
        count: u64,
    ) {
        self.seen.records += count;
        self.seen.check = self.seen.check.wrapping_add(hash.wrapping_mul(count));
        if key.len() > limits.longest() {
            self.seen.too_long += count;
            return;
        }
        if !limits.wants((key, hash)) {
            return;
        }
        let level = self.level;
        let bounds = limits.at(level);
        self.groups.add(&bounds, (key, hash), count, |series| {
            if level == TIMELESS {
                series.add_timeless(place, count);
            } else {
                series.add(level, place, count);
            }
        });
        self.settle(limits);
    }

    pub(super) fn merge(&mut self, limits: &Limits, mut later: Grouped) {
        while self.level < later.level {
            self.widen();
        }
        while later.level < self.level {
            later.widen();
        }
        self.groups.merge(&limits.at(self.level), later.groups);
        self.seen.add(later.seen);
        self.settle(limits);
    }

    /// Makes cells as wide as those of all lines are, or as wide as they get.
    pub(super) fn at_least(&mut self, limits: &Limits, level: u8) {
        let level = level.min(WIDEST);
        if self.level < level {
            while self.level < level {
                self.widen();
            }
            self.settle(limits);
        }
    }

    /// Puts lines that were open where they belong; see [`Series::close`].
    pub(super) fn close(&mut self, place: Option<Place>) {
        let level = self.level;
        self.groups.change(|series| series.close(level, place));
    }

    /// Moves all of a source that writes no years by so many seconds, a
    /// multiple of the widest cell.
    pub(super) fn move_by(&mut self, source: u32, seconds: i64) {
        if self.level < TIMELESS && seconds != 0 {
            let cells = seconds / self.width();
            self.groups.change(|series| series.move_by(source, cells));
        }
    }

    /// Says that there are so many sources before its own.
    pub(super) fn shift(&mut self, sources: u32) {
        if sources > 0 {
            self.groups.change(|series| series.shift(sources));
        }
    }

    /// Whether the first pass can have made it of so many sources.
    pub(super) fn is_sound(&self, limits: &Limits, sources: u32) -> bool {
        let Seen {
            records, too_long, ..
        } = self.seen;
        let series = |group: &Group<Series>| group.value.is_of(group.count, sources);
        sound::counts([records])
            && too_long <= records
            && self.level <= WIDEST
            && (self.level == WIDEST || self.groups.level() == 0)
            && self
                .groups
                .accepted(&limits.at(self.level), records, series)
    }

    /// Keeps what there is room for.
    fn settle(&mut self, limits: &Limits) {
        while self.level < WIDEST && self.groups.bytes() > limits.bounds.bytes {
            self.widen();
        }
        if self.level >= WIDEST {
            self.groups.fit(&limits.bounds);
        }
    }

    fn widen(&mut self) {
        let width = self.width();
        self.level += 1;
        let ratio = self.width() / width;
        self.groups.change(|series| series.widen(ratio));
    }
}

impl Seen {
    fn add(&mut self, later: Seen) {
        self.records += later.records;
        self.check = self.check.wrapping_add(later.check);
        self.too_long += later.too_long;
    }
}
