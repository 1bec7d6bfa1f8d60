//! How often keys came at most, in a fixed number of counters.

use serde::{Deserialize, Serialize};

/// A Count-Min sketch of two rows: a key has a counter in each, which it
/// shares with others; so neither is less than its count. A counter that is
/// full stands for any number.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub(in crate::statistic) struct Sketch {
    #[serde(with = "rows")]
    rows: [Vec<u32>; 2],
}

/// Both rows as one, the first before the second.
mod rows {
    use serde::{Deserializer, Serializer};

    use crate::sketch::packed::counters;

    pub(super) fn serialize<S: Serializer>(
        [a, b]: &[Vec<u32>; 2],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        counters::serialize(&[&a[..], b].concat(), serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<[Vec<u32>; 2], D::Error> {
        let mut a = counters::deserialize(deserializer)?;
        let b = a.split_off(a.len() / 2);
        Ok([a, b])
    }
}

impl Sketch {
    /// This many counters, a power of two and at least two.
    pub(super) fn new(counters: usize) -> Sketch {
        let row = vec![0; (counters / 2).max(1)];
        Sketch {
            rows: [row.clone(), row],
        }
    }

    /// Whether it is one that [`new`](Sketch::new) makes.
    pub(super) fn is_whole(&self) -> bool {
        let [a, b] = &self.rows;
        a.len() == b.len() && a.len().is_power_of_two()
    }

    /// Whether it has so many counters; see [`new`](Sketch::new).
    pub(super) fn has(&self, counters: usize) -> bool {
        self.rows[0].len() == (counters / 2).max(1)
    }

    /// How many bytes it takes.
    pub(super) fn bytes(&self) -> u64 {
        let counters = self.rows.iter().map(Vec::len).sum::<usize>();
        (counters * size_of::<u32>()) as u64
    }

    pub(super) fn add(&mut self, hash: u64, count: u64) {
        let places = self.places(hash);
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        for (row, at) in self.rows.iter_mut().zip(places) {
            row[at] = row[at].saturating_add(count);
        }
    }

    /// How often the key of this hash came at most.
    #[inline]
    pub(in crate::statistic) fn at_most(&self, hash: u64) -> u64 {
        let [a, b] = self.places(hash);
        meaning(self.rows[0][a].min(self.rows[1][b]))
    }

    /// How often any key came at most.
    pub(in crate::statistic) fn most(&self) -> u64 {
        let counters = self.rows[0].iter().map(|&counter| meaning(counter));
        counters.max().unwrap_or(0)
    }

    /// The share of keys that may reach this: by chance, and because they do.
    pub(in crate::statistic) fn share_reaching(&self, count: u64, keys: u64) -> f64 {
        let mut share = 1.0;
        let mut least = usize::MAX;
        for row in &self.rows {
            let reach = row.iter().filter(|&&counter| meaning(counter) >= count);
            let reach = reach.count();
            share *= reach as f64 / row.len() as f64;
            least = least.min(reach);
        }
        (share + least as f64 / keys.max(1) as f64).min(1.0)
    }

    /// How much too high a count is, with a probability of 98 %.
    ///
    /// A counter is off by the mean of its row on average, and so by more than
    /// seven times that with a probability of less than one to seven; both
    /// rows are with less than one to 49.
    pub(in crate::statistic) fn excess(&self) -> u64 {
        let all = self.rows[0].iter().map(|&counter| u128::from(counter));
        let all = all.sum::<u128>();
        let excess = (all * 7).div_ceil(self.rows[0].len() as u128);
        u64::try_from(excess).unwrap_or(u64::MAX)
    }

    pub(super) fn merge(&mut self, other: &Sketch) {
        for (mine, theirs) in self.rows.iter_mut().zip(&other.rows) {
            for (mine, theirs) in mine.iter_mut().zip(theirs) {
                *mine = mine.saturating_add(*theirs);
            }
        }
    }

    #[inline]
    fn places(&self, hash: u64) -> [usize; 2] {
        let mask = self.rows[0].len() - 1;
        let other = hash.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
        [hash as usize & mask, other as usize & mask]
    }
}

fn meaning(counter: u32) -> u64 {
    if counter == u32::MAX {
        u64::MAX
    } else {
        counter.into()
    }
}
