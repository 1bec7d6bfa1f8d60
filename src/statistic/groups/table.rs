//! A map from strings of bytes to values, in few bytes a key.
//!
//! Keys lie one behind the other in one buffer; an entry is where its key
//! begins, four bytes of its hash and the value; what is looked up is a table
//! of entry numbers. A short key with a count takes some 26 bytes beside its
//! own.
//!
//! Where a key is looked up depends on a seed of the process, so that keys cannot be
//! chosen to meet in few places; what is kept of keys must not ([`crate::sketch::hash`]).

use std::{
    hash::{BuildHasher, Hasher},
    sync::LazyLock,
};

use foldhash::fast::RandomState;

/// That of all tables, so that the tags of one mean the same to another.
static SEED: LazyLock<RandomState> = LazyLock::new(RandomState::default);

/// The number of an entry that is none.
const NONE: u32 = u32::MAX;

/// With so many slots a table is too large for the cache next to the processor.
const LARGE: usize = 1 << 14;

/// Up to so many slots, as a chunk has, three eighths of them may be taken and not
/// three quarters: fewer keys are found at the second look only, which the processor
/// does not foresee.
const SMALL: usize = 1 << 16;

/// So many keys are looked for together.
pub(super) const TOUCHED: usize = 32;

/// See the module.
#[derive(Clone, Debug)]
pub(super) struct Table<V> {
    keys: Vec<u8>,
    entries: Vec<Entry<V>>,
    /// Numbers of entries by their hash; a power of two of them, of which
    /// [`room`](Table::room) may be taken.
    slots: Vec<u32>,
    seed: RandomState,
}

/// A part of the hash of a key, by the seed of the process.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) struct Tag(u32);

#[derive(Clone, Debug)]
struct Entry<V> {
    /// Where its key begins; it ends where the next begins.
    start: u32,
    tag: Tag,
    value: V,
}

impl<V> Table<V> {
    /// How many bytes of keys it can hold.
    pub(super) const MAX_KEYS: u64 = u32::MAX as u64;

    pub(super) fn new() -> Table<V> {
        Table {
            keys: Vec::new(),
            entries: Vec::new(),
            slots: Vec::new(),
            seed: SEED.clone(),
        }
    }

    /// The tag of a key.
    #[inline]
    pub(super) fn tag(&self, key: &[u8]) -> Tag {
        let mut hasher = self.seed.build_hasher();
        hasher.write(key);
        Tag(hasher.finish() as u32)
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// How many bytes all keys have together.
    pub(super) fn key_bytes(&self) -> usize {
        self.keys.len()
    }

    /// The value of a key, made if there is none.
    ///
    /// The keys must not come to more than [`MAX_KEYS`](Table::MAX_KEYS).
    #[inline]
    pub(super) fn entry(&mut self, key: &[u8], value: impl FnOnce() -> V) -> &mut V {
        self.tagged(key, self.tag(key), value)
    }

    /// The value of a key whose tag is known, made if there is none.
    #[inline]
    pub(super) fn tagged(&mut self, key: &[u8], tag: Tag, value: impl FnOnce() -> V) -> &mut V {
        if self.entries.len() >= self.room() {
            self.grow();
        }
        let mask = self.slots.len() - 1;
        let mut at = tag.0 as usize & mask;
        loop {
            let number = self.slots[at];
            if number == NONE {
                break;
            }
            let number = number as usize;
            if self.entries[number].tag == tag && is_equal(self.key(number), key) {
                return &mut self.entries[number].value;
            }
            at = (at + 1) & mask;
        }
        self.slots[at] = self.entries.len() as u32;
        let start = self.keys.len() as u32;
        self.keys.extend_from_slice(key);
        let value = value();
        self.entries.push(Entry { start, tag, value });
        let last = self.entries.len() - 1;
        &mut self.entries[last].value
    }

    /// Makes room for so many more entries.
    pub(super) fn reserve(&mut self, more: usize) {
        self.entries.reserve(more);
        while self.entries.len() + more > self.room() {
            self.grow();
        }
    }

    /// How many entries the slots are for.
    fn room(&self) -> usize {
        let slots = self.slots.len();
        if slots <= SMALL {
            slots / 8 * 3
        } else {
            slots / 4 * 3
        }
    }

    /// Looks at where the entries of these tags may be, so that they are in
    /// the cache when they are asked for one by one. In a large table each
    /// lookup waits for memory three times; those of many wait together, since
    /// none depends on another.
    pub(super) fn touch(&self, tags: &[Tag]) {
        if self.slots.len() < LARGE {
            return;
        }
        let mask = self.slots.len() - 1;
        let mut numbers = [NONE; TOUCHED];
        for (number, tag) in numbers.iter_mut().zip(tags) {
            let slot = self.slots.get(tag.0 as usize & mask);
            *number = slot.copied().unwrap_or(NONE);
        }
        let mut starts = [0; TOUCHED];
        for (start, &number) in starts.iter_mut().zip(&numbers) {
            let entry = self.entries.get(number as usize);
            *start = entry.map_or(0, |entry| entry.start);
        }
        let mut all = 0;
        for &start in &starts {
            all ^= self.keys.get(start as usize).copied().unwrap_or(0);
        }
        std::hint::black_box(all);
    }

    #[inline]
    fn key(&self, number: usize) -> &[u8] {
        let end = self.entries.get(number + 1);
        let end = end.map_or(self.keys.len(), |next| next.start as usize);
        &self.keys[self.entries[number].start as usize..end]
    }

    /// The entries in an order that says nothing.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&[u8], &V)> + Clone {
        self.iter_tagged().map(|(key, _, value)| (key, value))
    }

    /// All keys with their tags and values.
    pub(super) fn iter_tagged(&self) -> impl Iterator<Item = (&[u8], Tag, &V)> + Clone {
        let numbered = self.entries.iter().enumerate();
        numbered.map(|(number, entry)| (self.key(number), entry.tag, &entry.value))
    }

    /// The values in the order of [`iter`](Table::iter).
    pub(super) fn values_mut(&mut self) -> impl Iterator<Item = &mut V> {
        self.entries.iter_mut().map(|entry| &mut entry.value)
    }

    /// Keeps the entries it is told to.
    pub(super) fn retain(&mut self, mut keep: impl FnMut(&[u8], &V) -> bool) {
        let (mut kept, mut kept_bytes) = (0, 0);
        for number in 0..self.entries.len() {
            let start = self.entries[number].start as usize;
            let len = self.key(number).len();
            if !keep(&self.keys[start..start + len], &self.entries[number].value) {
                continue;
            }
            self.keys.copy_within(start..start + len, kept_bytes);
            // Entries behind this one are as they were.
            self.entries.swap(kept, number);
            self.entries[kept].start = kept_bytes as u32;
            kept += 1;
            kept_bytes += len;
        }
        self.entries.truncate(kept);
        self.keys.truncate(kept_bytes);
        self.slots.fill(NONE);
        self.rebuild();
    }

    fn grow(&mut self) {
        let slots = (self.slots.len() * 2).max(16);
        // The old ones are gone before there are new ones.
        self.slots = Vec::new();
        self.slots = vec![NONE; slots];
        self.rebuild();
    }

    /// Enters all entries into slots that are empty.
    fn rebuild(&mut self) {
        let mask = self.slots.len().saturating_sub(1);
        for (number, entry) in (0..).zip(&self.entries) {
            let mut at = entry.tag.0 as usize & mask;
            while self.slots[at] != NONE {
                at = (at + 1) & mask;
            }
            self.slots[at] = number;
        }
    }
}

/// Whether two keys are the same. Most are short: to compare slices is a call, and
/// a loop over bytes one guess more of where it ends.
#[inline]
fn is_equal(a: &[u8], b: &[u8]) -> bool {
    fn ends<const N: usize>(key: &[u8]) -> Option<(&[u8; N], &[u8; N])> {
        Some((key.first_chunk()?, key.last_chunk()?))
    }
    if a.len() != b.len() {
        return false;
    }
    match a.len() {
        0..4 => a.iter().eq(b),
        4..8 => ends::<4>(a) == ends::<4>(b),
        8..=16 => ends::<8>(a) == ends::<8>(b),
        _ => a == b,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::{collection::vec, prelude::*};

    use super::*;
    use crate::sketch::hash;

    proptest! {
        #[test]
        fn it_holds_what_a_map_holds(keys in vec(vec(b'a'..b'd', 0..4), 0..300), drop in 0u64..3) {
            let (mut table, mut map) = (Table::new(), BTreeMap::new());
            for (i, key) in keys.iter().enumerate() {
                // Few tags, so that keys share them and their slots.
                let tag = Tag((hash(key) % 7) as u32);
                *table.tagged(key, tag, || 0u64) += 1;
                *map.entry(key.clone()).or_insert(0) += 1;
                if i == 150 {
                    table.retain(|_, &count| count % 3 != drop);
                    map.retain(|_, &mut count| count % 3 != drop);
                }
            }
            prop_assert_eq!(table.len(), map.len());
            prop_assert_eq!(table.key_bytes(), map.keys().map(Vec::len).sum::<usize>());
            let got: BTreeMap<_, _> = table.iter().map(|(key, n)| (key.to_vec(), *n)).collect();
            prop_assert_eq!(got, map);
        }
    }

    impl<V> Table<V> {
        /// How many slots are looked at to find each of the keys once.
        fn work(&self) -> usize {
            let mask = self.slots.len() - 1;
            let away = |(slot, &number): (usize, &u32)| {
                let entry = self.entries.get(number as usize)?;
                Some((slot.wrapping_sub(entry.tag.0 as usize) & mask) + 1)
            };
            self.slots.iter().enumerate().filter_map(away).sum()
        }
    }

    #[test]
    fn keys_cannot_be_chosen_to_meet() {
        const KEYS: usize = 4000;
        // What is known of the program is the hash that decides which keys are kept.
        let keys = (0u64..).map(|number| number.to_string());
        let chosen = keys.filter(|key| hash(key.as_bytes()) % (1 << 10) == 7);
        let mut table = Table::new();
        for key in chosen.take(KEYS) {
            *table.entry(key.as_bytes(), || 0) += 1;
        }
        assert_eq!(table.len(), KEYS);
        assert!(
            table.work() < 2 * KEYS,
            "{} looks at {KEYS} keys",
            table.work()
        );
    }

    #[test]
    fn keys_are_the_same_if_all_bytes_are() {
        let long: Vec<u8> = (1..40).collect();
        for len in 0..long.len() {
            let key = &long[..len];
            let same = key.to_vec();
            assert!(is_equal(key, &same));
            assert!(!is_equal(key, &long[..=len]));
            for at in 0..len {
                let mut other = key.to_vec();
                other[at] ^= 0x80;
                assert!(!is_equal(key, &other), "{at} of {len}");
            }
        }
    }
}
