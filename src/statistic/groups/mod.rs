//! Values by key, in bounded memory and whatever the order of the records.
//!
//! [`Groups`] holds all keys as long as there is room. Then it keeps only
//! those whose hash lies in the first half of the [`Bounds`], then in the
//! first quarter, and so on. How far this goes depends on the set of all keys
//! and what belongs to them alone: the groups of a part never go further than
//! those of the whole. So what is kept is kept with everything that belongs to
//! it, merging is associative and commutative, and another pass over the source
//! can have the rest. Of keys that are not kept a [`Sketch`] knows how often
//! they came, at most.
//!
//! That holds because of what groups are reckoned at ([`Groups::bytes`]): for
//! each its key, an entry, and [`GroupValue::weight`], which is a function of
//! what the value was made of and never becomes less by adding to it. Whether
//! some groups fit then says the same in whatever order they came together, and
//! those of a part fit where those of the whole do.

mod sample;
mod sketch;
mod table;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::DeserializeOwned};
use serde_bytes::{ByteBuf, Bytes};

use self::table::{TOUCHED, Table, Tag};
pub(super) use self::{sample::Sample, sketch::Sketch};
use super::sound;
use crate::sketch::hash;

/// A source is read so often at most: of what does not fit into so many parts only
/// some is kept.
pub(super) const MOST_PASSES: u32 = 64;

/// What partials have at most that are not merged yet.
pub(super) const MOST_UNMERGED: u64 = 64 << 20;

/// What partials may have that are not merged yet, of all the memory that groups may
/// take; a megabyte in any case.
pub(super) fn unmerged(memory: u64) -> u64 {
    (memory / 4).clamp(1 << 20, MOST_UNMERGED)
}

/// What a group has beside its count.
pub(super) trait GroupValue:
    Clone + Default + Send + Sync + Serialize + DeserializeOwned
{
    /// Adds what another has.
    fn merge(&mut self, other: Self);

    /// How many bytes it is reckoned at itself, on every machine alike; at
    /// least as many as it has where pointers have 64 bits.
    const SIZE: usize;

    /// How many bytes it is reckoned at beyond [`SIZE`](GroupValue::SIZE).
    ///
    /// Two values that were made of the same must weigh the same, in whatever
    /// order they were, and written and read back or not; and adding to one must
    /// never make it weigh less. Which groups are kept depends on it.
    fn weight(&self) -> u64;
}

impl GroupValue for () {
    const SIZE: usize = 0;

    fn merge(&mut self, (): ()) {}

    fn weight(&self) -> u64 {
        0
    }
}

/// Which groups may be kept.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Bounds {
    /// How many bytes they may take; at most [`Bounds::MAX_BYTES`].
    pub(super) bytes: u64,
    /// How many there may be.
    pub(super) groups: u64,
    /// The hashes of their keys: from this one on ...
    pub(super) first: u64,
    /// ... to this one.
    pub(super) last: u64,
    /// How many counters a sketch of the others has, a power of two; 0 for no
    /// sketch.
    pub(super) counters: usize,
}

impl Bounds {
    /// The most that groups can take: 3 GiB.
    pub(super) const MAX_BYTES: u64 = Table::<()>::MAX_KEYS / 4 * 3;

    /// The last hash that is kept when the range was halved so often.
    pub(super) fn last_at(&self, level: u8) -> u64 {
        self.first + ((self.last - self.first) >> level)
    }

    /// What keys may have in bytes; longer ones are never kept. A group that does
    /// not fit alone would leave no room for any other.
    pub(super) fn longest(&self) -> u64 {
        self.bytes.min(Table::<()>::MAX_KEYS) / 4
    }

    /// What the value of one group may have in bytes, so that many fit at once. Where
    /// that is less than a kilobyte, it takes that.
    pub(super) fn for_value(&self) -> u64 {
        (self.bytes / 32).max(1 << 10)
    }

    /// Whether every hash lies between them.
    fn are_all(&self) -> bool {
        (self.first, self.last) == (0, u64::MAX)
    }

    #[inline]
    pub(super) fn keeps(&self, level: u8, hash: u64) -> bool {
        hash.wrapping_sub(self.first) <= (self.last - self.first) >> level
    }
}

/// See the module.
#[derive(Clone, Debug)]
pub(super) struct Groups<V> {
    table: Table<Group<V>>,
    level: u8,
    /// What all values weigh.
    weight: u64,
    /// The counts of keys that are not kept, once there are any.
    others: Option<Sketch>,
}

/// What is known about a key.
#[derive(Clone, Debug, Default)]
pub(super) struct Group<V> {
    /// How often it came.
    pub(super) count: u64,
    /// What else.
    pub(super) value: V,
}

impl<V: GroupValue> Groups<V> {
    /// What a group is reckoned at beside its key and what its value weighs: an
    /// entry with a count, and two and two thirds places in the table.
    const ENTRY: u64 = 26 + V::SIZE as u64;

    pub(super) fn new() -> Groups<V> {
        const {
            let narrow = size_of::<usize>() < size_of::<u64>();
            assert!(
                size_of::<V>() <= V::SIZE || narrow,
                "reckoned at too little"
            );
        }
        Groups {
            table: Table::new(),
            level: 0,
            weight: 0,
            others: None,
        }
    }

    /// Makes room for as many groups as are expected, and no more than fit.
    pub(super) fn expect(&mut self, bounds: &Bounds, groups: u64) {
        let most = bounds.groups.min(bounds.bytes / 2 / Self::ENTRY);
        self.table.reserve(groups.min(most) as usize);
    }

    /// How often the range of hashes was halved.
    pub(super) fn level(&self) -> u8 {
        self.level
    }

    /// How many groups are kept.
    pub(super) fn len(&self) -> u64 {
        self.table.len() as u64
    }

    /// How many bytes a group is reckoned at with a key and a value of so many.
    pub(super) fn reckoned(key: usize, value: u64) -> u64 {
        key as u64 + Self::ENTRY + value
    }

    /// How many bytes they are reckoned at.
    pub(super) fn bytes(&self) -> u64 {
        self.table.key_bytes() as u64 + Self::ENTRY * self.len() + self.weight
    }

    /// How many of them are their values beyond their size.
    pub(super) fn weight(&self) -> u64 {
        self.weight
    }

    /// How many bytes the counts of keys that are not kept take.
    pub(super) fn others_bytes(&self) -> u64 {
        self.others.as_ref().map_or(0, Sketch::bytes)
    }

    /// The counts of keys that are not kept, if there are any.
    pub(super) fn take_others(&mut self) -> Option<Sketch> {
        self.others.take()
    }

    /// The inverse of [`take_others`](Groups::take_others).
    pub(super) fn put_others(&mut self, others: Sketch) {
        self.others = Some(others);
    }

    /// The groups, in an order that says nothing.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&[u8], &Group<V>)> {
        self.table.iter()
    }

    /// Adds to the group of a key, whose [`hash`] this is, if it is kept.
    #[inline]
    pub(super) fn add(
        &mut self,
        bounds: &Bounds,
        (key, hash): (&[u8], u64),
        count: u64,
        update: impl FnOnce(&mut V),
    ) {
        let tag = self.table.tag(key);
        self.add_tagged(bounds, (key, hash, tag), count, update);
    }

    #[inline]
    fn add_tagged(
        &mut self,
        bounds: &Bounds,
        (key, hash, tag): (&[u8], u64, Tag),
        count: u64,
        update: impl FnOnce(&mut V),
    ) {
        if !bounds.keeps(self.level, hash) || key.len() as u64 > bounds.longest() {
            self.drop_key(bounds, hash, count);
            return;
        }
        let groups = self.table.len();
        let group = self.table.tagged(key, tag, Group::default);
        group.count += count;
        let before = group.value.weight();
        update(&mut group.value);
        let after = group.value.weight();
        debug_assert!(before <= after, "a value has become lighter");
        let is_new = self.table.len() > groups;
        // Of a group that is new nothing was counted yet.
        self.weight = self.weight + after - if is_new { 0 } else { before };
        if is_new || after > before {
            self.fit(bounds);
        }
    }

    /// Changes what every group has beside its count.
    pub(super) fn change(&mut self, mut change: impl FnMut(&mut V)) {
        self.weight = 0;
        for group in self.table.values_mut() {
            change(&mut group.value);
            self.weight += group.value.weight();
        }
    }

    /// Adds the groups of other records of the same range.
    pub(super) fn merge(&mut self, bounds: &Bounds, mut other: Groups<V>) {
        if other.table.len() > self.table.len() {
            std::mem::swap(self, &mut other);
        }
        while self.level < other.level {
            self.halve(bounds);
        }
        let mut groups = other.table.iter_tagged();
        loop {
            let mut tags = [Tag::default(); TOUCHED];
            let some = groups.clone().zip(&mut tags);
            let some = some.map(|((_, tag, _), to)| *to = tag).count();
            if some == 0 {
                break;
            }
            self.table.touch(&tags[..some]);
            for (key, tag, group) in groups.by_ref().take(some) {
                // While all are kept, any hash will do.
                let all = self.level == 0 && bounds.are_all();
                let hash = if all { bounds.first } else { hash(key) };
                self.add_tagged(bounds, (key, hash, tag), group.count, |mine| {
                    mine.merge(group.value.clone());
                });
            }
        }
        if let Some(others) = other.others {
            match &mut self.others {
                Some(mine) => mine.merge(&others),
                None => self.others = Some(others),
            }
        }
    }

    /// Whether these can be kept within the bounds, of so many records, where
    /// each of them is sound.
    pub(super) fn accepted(
        &self,
        bounds: &Bounds,
        records: u64,
        group: impl Fn(&Group<V>) -> bool,
    ) -> bool {
        let place = |key: &[u8]| {
            bounds.keeps(self.level, hash(key)) && key.len() as u64 <= bounds.longest()
        };
        let counts = self.iter().map(|(_, group)| group.count);
        let others = |others: &Sketch| bounds.counters > 0 && others.has(bounds.counters);
        sound::within(counts, records)
            && self.fits(bounds)
            && self.others.as_ref().is_none_or(others)
            && self.iter().all(|(key, one)| place(key) && group(one))
    }

    /// Keeps as many groups as there is room for.
    pub(super) fn fit(&mut self, bounds: &Bounds) {
        while !self.fits(bounds) {
            self.halve(bounds);
        }
    }

    /// Whether no more of them are to be dropped.
    fn fits(&self, bounds: &Bounds) -> bool {
        // Keys of one hash cannot be parted.
        let last = bounds.last_at(self.level) == bounds.first || self.level == 63;
        last || self.bytes() <= bounds.bytes && self.len() <= bounds.groups
    }

    fn halve(&mut self, bounds: &Bounds) {
        self.level += 1;
        let (level, mut dropped) = (self.level, std::mem::take(&mut self.others));
        let mut weight = 0;
        self.table.retain(|key, group| {
            let hash = hash(key);
            let kept = bounds.keeps(level, hash);
            if kept {
                weight += group.value.weight();
            } else if bounds.counters > 0 {
                let others = dropped.get_or_insert_with(|| Sketch::new(bounds.counters));
                others.add(hash, group.count);
            }
            kept
        });
        self.weight = weight;
        self.others = dropped;
    }

    fn drop_key(&mut self, bounds: &Bounds, hash: u64, count: u64) {
        let inside = (bounds.first..=bounds.last).contains(&hash);
        if inside && bounds.counters > 0 {
            let others = &mut self.others;
            let others = others.get_or_insert_with(|| Sketch::new(bounds.counters));
            others.add(hash, count);
        }
    }
}

/// [`Groups`] as plain data, in the order of their keys; a column for each of what a
/// group has, so that its name is written once.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Plain<K, V, S> {
    level: u8,
    keys: Vec<K>,
    counts: Vec<u64>,
    /// Left out where groups have nothing beside their counts.
    #[serde(default = "Option::default", skip_serializing_if = "Option::is_none")]
    values: Option<Vec<V>>,
    #[serde(default = "Option::default", skip_serializing_if = "Option::is_none")]
    others: Option<S>,
}

impl<V: GroupValue> Serialize for Groups<V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut all: Vec<_> = self.table.iter().collect();
        all.sort_unstable_by_key(|(key, _)| *key);
        let values = || all.iter().map(|(_, group)| &group.value).collect();
        let plain = Plain::<_, &V, _> {
            level: self.level,
            keys: all.iter().map(|(key, _)| Bytes::new(key)).collect(),
            counts: all.iter().map(|(_, group)| group.count).collect(),
            values: (V::SIZE > 0).then(values),
            others: self.others.as_ref(),
        };
        plain.serialize(serializer)
    }
}

impl<'de, V: GroupValue> Deserialize<'de> for Groups<V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Groups<V>, D::Error> {
        let plain = Plain::<ByteBuf, V, Sketch>::deserialize(deserializer)?;
        let mut groups = Groups::new();
        groups.level = plain.level;
        groups.others = plain.others;
        if groups.level > 63 || groups.others.as_ref().is_some_and(|o| !o.is_whole()) {
            return Err(serde::de::Error::custom("groups that no run writes"));
        }
        let (keys, mut values) = (plain.keys, plain.values.map(Vec::into_iter));
        let as_many = values.as_ref().map_or(0, ExactSizeIterator::len);
        if plain.counts.len() != keys.len() || as_many != if V::SIZE > 0 { keys.len() } else { 0 } {
            return Err(serde::de::Error::custom("columns of different lengths"));
        }
        if !keys.is_sorted_by(|a, b| a < b) {
            return Err(serde::de::Error::custom("groups in no order"));
        }
        let bytes: u64 = keys.iter().map(|key| key.len() as u64).sum();
        if bytes > Table::<Group<V>>::MAX_KEYS {
            return Err(serde::de::Error::custom("more keys than any run writes"));
        }
        groups.table.reserve(keys.len());
        for (key, count) in keys.iter().zip(plain.counts) {
            let value = values.as_mut().and_then(Iterator::next).unwrap_or_default();
            groups.weight += value.weight();
            groups.table.entry(key, || Group { count, value });
        }
        Ok(groups)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use proptest::{collection::vec, prelude::*};

    use super::*;

    fn bounds(groups: u64) -> Bounds {
        Bounds {
            bytes: 1 << 20,
            groups,
            first: 0,
            last: u64::MAX,
            counters: 8,
        }
    }

    fn of(bounds: &Bounds, keys: &[u16]) -> Groups<()> {
        let mut groups = Groups::new();
        for key in keys {
            let key = key.to_string();
            groups.add(bounds, (key.as_bytes(), hash(key.as_bytes())), 1, |()| {});
        }
        groups
    }

    fn text(groups: &Groups<()>) -> String {
        serde_json::to_string(groups).unwrap()
    }

    proptest! {
        #[test]
        fn they_are_a_function_of_all_records(
            mut keys in vec(0u16..400, 0..500),
            cuts in vec(0usize..500, 3),
            max in 1u64..300,
        ) {
            let bounds = bounds(max);
            let whole = of(&bounds, &keys);
            prop_assert!(whole.len() <= max);
            let mut borders: Vec<_> = cuts.iter().map(|cut| cut % (keys.len() + 1)).collect();
            borders.extend([0, keys.len()]);
            borders.sort_unstable();
            let parts = || borders.windows(2).map(|b| of(&bounds, &keys[b[0]..b[1]]));
            for parts in [parts().collect::<Vec<_>>(), parts().rev().collect()] {
                let mut merged = Groups::new();
                for part in parts {
                    let read: Groups<()> = serde_json::from_str(&text(&part)).unwrap();
                    merged.merge(&bounds, read);
                }
                prop_assert_eq!(text(&merged), text(&whole));
            }
            keys.reverse();
            prop_assert_eq!(text(&of(&bounds, &keys)), text(&whole));

            let mut counts = BTreeMap::new();
            for key in &keys {
                *counts.entry(key.to_string()).or_insert(0) += 1;
            }
            let kept = |key: &str| bounds.keeps(whole.level(), hash(key.as_bytes()));
            let want: BTreeMap<_, _> = counts.iter().filter(|(key, _)| kept(key)).collect();
            let got: BTreeMap<String, u64> = whole
                .iter()
                .map(|(key, group)| (String::from_utf8(key.to_vec()).unwrap(), group.count))
                .collect();
            prop_assert_eq!(got.iter().collect::<BTreeMap<_, _>>(), want);
            // The others are never counted too low.
            for (key, &count) in counts.iter().filter(|(key, _)| !kept(key)) {
                let others = whole.others.as_ref().unwrap();
                prop_assert!(others.at_most(hash(key.as_bytes())) >= count);
            }
        }
    }

    /// A value that weighs something before anything was added to it, then more
    /// for each different number, up to a bound.
    #[derive(Clone, Debug, Default, Deserialize, Serialize)]
    struct Heavy(BTreeSet<u8>);

    impl GroupValue for Heavy {
        const SIZE: usize = size_of::<Heavy>();

        fn merge(&mut self, other: Heavy) {
            self.0.extend(other.0);
        }

        fn weight(&self) -> u64 {
            70 + 30 * self.0.len().min(12) as u64
        }
    }

    proptest! {
        #[test]
        fn what_values_weigh_counts_in_any_order(
            records in vec((0u32..1 << 20, any::<u8>()), 0..400),
            merges in vec((any::<prop::sample::Index>(), any::<bool>()), 40),
            bytes in 300u64..30_000,
        ) {
            let bounds = Bounds { bytes, ..bounds(u64::MAX) };
            let of = |records: &[(u32, u8)]| {
                let mut groups = Groups::<Heavy>::new();
                for (key, number) in records {
                    // Few keys come often, and most once.
                    let key = (1 << 20) / (key + 1);
                    let key = key.to_string().repeat(1 + key as usize % 3);
                    groups.add(&bounds, (key.as_bytes(), hash(key.as_bytes())), 1, |value| {
                        value.0.insert(*number);
                    });
                }
                groups
            };
            let text = |groups: &Groups<Heavy>| serde_json::to_string(groups).unwrap();
            let whole = of(&records);
            prop_assert!(whole.fits(&bounds));
            let mut parts: Vec<_> = records.chunks(11).map(of).collect();
            for (which, read_back) in merges {
                if parts.len() < 2 {
                    break;
                }
                let mut one = parts.swap_remove(which.index(parts.len()));
                if read_back {
                    one = serde_json::from_str(&text(&one)).unwrap();
                }
                let other = parts.swap_remove(which.index(parts.len()));
                one.merge(&bounds, other);
                parts.push(one);
            }
            let mut merged = Groups::new();
            for part in parts {
                merged.merge(&bounds, part);
            }
            prop_assert_eq!(text(&merged), text(&whole));
            prop_assert_eq!(merged.bytes(), whole.bytes());
        }
    }

    #[test]
    fn a_range_holds_only_its_keys() {
        let keys: Vec<u16> = (0..1000).collect();
        let mut seen = 0;
        for quarter in 0..4u64 {
            let bounds = Bounds {
                first: quarter << 62,
                last: (quarter << 62) + (u64::MAX >> 2),
                counters: 0,
                ..bounds(1000)
            };
            let mut groups = of(&bounds, &keys);
            assert!(groups.len() > 150 && groups.take_others().is_none());
            seen += groups.len();
        }
        assert_eq!(seen, 1000);
    }
}
