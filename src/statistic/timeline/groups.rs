//! Counts by key, and which keys are counted.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use crate::{key::is_same, statistic::sound};

/// How many keys are counted; of more only a share, chosen by hash.
const MOST: usize = 1000;

/// So many keys are gone through one by one.
const FEW: usize = 12;

/// Counts by key, in the order of the keys.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Grouped(Vec<(Vec<u8>, u64)>);

impl Grouped {
    /// The keys, as [`encode`](crate::key::encode) writes them, and their
    /// counts.
    pub fn iter(&self) -> impl Iterator<Item = (&[u8], u64)> {
        self.0.iter().map(|(key, count)| (key.as_slice(), *count))
    }

    /// The count of a key.
    pub fn get(&self, key: &[u8]) -> u64 {
        self.place(key).map_or(0, |at| self.0[at].1)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether these can be the keys of so many lines, all of them counted.
    pub(super) fn are_of(&self, lines: u64, kept: &Kept) -> bool {
        self.0.is_sorted_by(|a, b| a.0 < b.0)
            && self.0.iter().all(|(key, _)| kept.keeps(key))
            && sound::within(self.0.iter().map(|(_, count)| *count), lines)
    }

    fn place(&self, key: &[u8]) -> Result<usize, usize> {
        self.0
            .binary_search_by(|(mine, _)| mine.as_slice().cmp(key))
    }

    pub(super) fn count(&mut self, key: &[u8], more: u64) {
        // Of levels and the like there are few.
        if self.0.len() <= FEW
            && let Some((_, count)) = self.0.iter_mut().find(|(mine, _)| is_same(mine, key))
        {
            *count += more;
            return;
        }
        match self.place(key) {
            Ok(at) => self.0[at].1 += more,
            Err(at) => self.0.insert(at, (key.to_vec(), more)),
        }
    }

    pub(super) fn add(&mut self, other: &Grouped) {
        if self.0.is_empty() {
            self.0.clone_from(&other.0);
        } else {
            other.iter().for_each(|(key, count)| self.count(key, count));
        }
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// Forgets keys that are not counted.
    pub(super) fn keep(&mut self, kept: &Kept) {
        self.0.retain(|(key, _)| kept.keeps(key));
    }
}

/// The keys that are counted: those whose hash has a number of leading zeros,
/// the smallest at which there are no more of them than a bound. That makes
/// them a function of what was counted, and each of their counts whole.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub(super) struct Kept {
    level: u32,
    keys: BTreeSet<Vec<u8>>,
}

impl Kept {
    /// One in how many keys is counted.
    pub(super) fn one_in(&self) -> u64 {
        1 << self.level.min(63)
    }

    fn keeps(&self, key: &[u8]) -> bool {
        xxh3_64(key).leading_zeros() >= self.level
    }

    /// Whether it is one that [`take`](Kept::take) makes.
    pub(super) fn is_sound(&self) -> bool {
        let few = self.keys.len() <= MOST || self.level == 64;
        self.level <= 64 && few && self.keys.iter().all(|key| self.keeps(key))
    }

    /// Takes these keys. True if fewer are kept now, so that counts must be
    /// looked through.
    pub(super) fn take(&mut self, grouped: &mut Grouped) -> bool {
        if self.level > 0 {
            grouped.keep(self);
        }
        for (key, _) in grouped.iter() {
            if !self.keys.contains(key) {
                self.keys.insert(key.to_vec());
            }
        }
        self.settle(self.level)
    }

    /// Takes the keys of another part. Counts of both must be looked through
    /// if either kept more than is kept now.
    pub(super) fn merge(&mut self, other: &Kept) {
        self.keys.extend(other.keys.iter().cloned());
        self.settle(self.level.max(other.level));
    }

    pub(super) fn level(&self) -> u32 {
        self.level
    }

    fn settle(&mut self, level: u32) -> bool {
        let before = self.level;
        self.level = level;
        loop {
            if self.level > before {
                let mut keys = std::mem::take(&mut self.keys);
                keys.retain(|key| self.keeps(key));
                self.keys = keys;
            }
            if self.keys.len() <= MOST || self.level == 64 {
                return self.level > before;
            }
            self.level += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_a_function_of_the_keys() {
        let keys = |range: std::ops::Range<u32>| {
            let (mut kept, mut grouped) = (Kept::default(), Grouped::default());
            for key in range {
                let mut one = Grouped::default();
                one.count(&key.to_le_bytes(), 1);
                if kept.take(&mut one) {
                    grouped.keep(&kept);
                    one.keep(&kept);
                }
                grouped.add(&one);
            }
            (kept, grouped)
        };
        let (kept, grouped) = keys(0..10_000);
        assert!(kept.one_in() >= 8 && kept.keys.len() <= MOST);
        assert_eq!(grouped.iter().count(), kept.keys.len());
        let (mut first, mut counts) = keys(0..4000);
        let (second, others) = keys(3000..10_000);
        first.merge(&second);
        counts.add(&others);
        counts.keep(&first);
        assert_eq!(first, kept);
        let twice = counts.iter().filter(|(_, count)| *count == 2).count();
        assert!(twice > 0 && counts.iter().count() == kept.keys.len());
    }
}
