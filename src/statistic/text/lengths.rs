//! How long lines are: exact counts, and what they say.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::statistic::sound;

/// Lengths below this one are counted in an array, longer ones in a map.
pub(super) const DENSE: usize = 4096;

/// How many different lengths from [`DENSE`] on are counted exactly. What
/// happens beyond depends on the lengths alone, not on where they were seen.
const DISTINCT: usize = 1 << 16;

/// Beyond [`DISTINCT`], lengths are counted in this many steps a doubling.
const STEPS: u32 = 64;

/// How many lines there are of each length.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct LineLengths {
    /// Lines of each length below [`DENSE`], up to the longest of them.
    counts: Vec<u64>,
    /// Lines of each greater length; of each step if `coarse`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    long: BTreeMap<u64, u64>,
    /// Whether `long` has given up exact lengths.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    coarse: bool,
    /// The smallest and the greatest length in `long`, exact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    long_range: Option<(u64, u64)>,
    /// All lengths together.
    sum: u64,
}

/// So many counts there is room for, of lengths below this one.
fn room(lengths: usize) -> usize {
    lengths.next_multiple_of(32)
}

/// What the lengths say. Lengths are bytes of content.
#[derive(Clone, Debug, Default, JsonSchema, PartialEq, Serialize)]
pub struct LengthAnswer {
    /// The shortest line; `None` of no line, as all that follow.
    pub min: Option<u64>,
    /// The longest line.
    pub max: Option<u64>,
    /// The mean, rounded once.
    pub mean: Option<f64>,
    /// The smallest length that half of the lines do not exceed.
    pub p50: Option<u64>,
    /// The length that 90 % of the lines do not exceed.
    pub p90: Option<u64>,
    /// The length that 99 % of the lines do not exceed.
    pub p99: Option<u64>,
    /// The length that 99.9 % of the lines do not exceed.
    pub p999: Option<u64>,
    /// `from`, `to` (exclusive) and lines, in powers of two without a gap
    /// from the shortest line's to the longest's.
    pub histogram: Vec<(u64, u64, u64)>,
    /// Present, and `false`, if a percentile is not exact.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exact: Option<bool>,
    /// How it was found then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<&'static str>,
    /// By how much it may be wrong then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<&'static str>,
}

impl LineLengths {
    /// Takes the lines of each length below [`DENSE`] and zeroes the array;
    /// returns how many bytes they are.
    pub(super) fn take(&mut self, counts: &mut [u64; DENSE]) {
        let Some(last) = counts.iter().rposition(|&count| count > 0) else {
            return;
        };
        let counts = &mut counts[..=last];
        self.add_counts(counts);
        let sum = |(len, &count): (usize, &u64)| len as u64 * count;
        self.sum += counts.iter().enumerate().map(sum).sum::<u64>();
        counts.fill(0);
    }

    /// Adds a line of this length.
    pub fn add(&mut self, length: u64) {
        self.sum += length;
        if length < DENSE as u64 {
            let length = length as usize;
            self.cover(length + 1);
            self.counts[length] += 1;
        } else {
            self.add_long(length, 1);
            self.widen(length, length);
            self.bound();
        }
    }

    /// How many lines have this length.
    pub(super) fn of(&self, length: usize) -> u64 {
        self.counts.get(length).copied().unwrap_or(0)
    }

    /// Adds the lines of another.
    pub fn merge(&mut self, other: &LineLengths) {
        self.add_counts(&other.counts);
        self.sum += other.sum;
        if other.coarse {
            self.coarsen();
        }
        for (&length, &count) in &other.long {
            self.add_long(length, count);
        }
        if let Some((min, max)) = other.long_range {
            self.widen(min, max);
        }
        self.bound();
    }

    /// Whether these can be the lengths of so many lines.
    pub(super) fn are_of(&self, lines: u64) -> bool {
        let range = self.long_range.unwrap_or((DENSE as u64, 0));
        let least = if self.coarse && range.0 > 0 {
            step(range.0)
        } else {
            range.0
        };
        let long = |&length: &u64| {
            let whole = !self.coarse || step(length) == length;
            length >= DENSE as u64 && whole && (least..=range.1).contains(&length)
        };
        let mut counts = self.counts.iter().chain(self.long.values());
        let all = counts.try_fold(0u64, |sum, &count| sum.checked_add(count));
        sound::counts([lines, self.sum, range.1])
            && all == Some(lines)
            && self.counts.len() <= DENSE
            && self.long.keys().all(long)
            && self.long.is_empty() == self.long_range.is_none()
            && range.0 <= range.1.max(DENSE as u64)
            && (self.coarse || self.long.len() <= DISTINCT)
    }

    /// How many bytes it is reckoned at: a function of the lengths alone, and never
    /// less by adding one.
    pub(super) fn weight(&self) -> u64 {
        /// A length and its lines in a tree whose nodes are two thirds full.
        const LONG: usize = 32;
        let long = if self.coarse {
            DISTINCT
        } else {
            self.long.len()
        };
        (room(self.counts.len()) * size_of::<u64>() + LONG * long) as u64
    }

    /// Makes counts for all lengths below this one.
    fn cover(&mut self, lengths: usize) {
        if self.counts.len() < lengths {
            // No more than it is reckoned at.
            let more = room(lengths) - self.counts.len();
            self.counts.reserve_exact(more);
            self.counts.resize(lengths, 0);
        }
    }

    fn add_counts(&mut self, counts: &[u64]) {
        self.cover(counts.len());
        for (mine, count) in self.counts.iter_mut().zip(counts) {
            *mine += count;
        }
    }

    fn add_long(&mut self, length: u64, count: u64) {
        let key = if self.coarse { step(length) } else { length };
        *self.long.entry(key).or_default() += count;
    }

    fn widen(&mut self, min: u64, max: u64) {
        let (a, b) = self.long_range.unwrap_or((min, max));
        self.long_range = Some((a.min(min), b.max(max)));
    }

    fn bound(&mut self) {
        if self.long.len() > DISTINCT {
            self.coarsen();
        }
    }

    fn coarsen(&mut self) {
        if !self.coarse {
            self.coarse = true;
            for (length, count) in std::mem::take(&mut self.long) {
                self.add_long(length, count);
            }
        }
    }

    /// Lengths in ascending order with their lines.
    fn iter(&self) -> impl Iterator<Item = (u64, u64)> {
        let counts = self.counts.iter().enumerate();
        let dense = counts.map(|(length, &count)| (length as u64, count));
        let long = self.long.iter().map(|(&length, &count)| (length, count));
        dense.filter(|&(_, count)| count > 0).chain(long)
    }

    /// The smallest length that at least `numerator / denominator` of the
    /// lines do not exceed.
    fn percentile(&self, numerator: u128, denominator: u128) -> Option<u64> {
        let lines: u128 = self.iter().map(|(_, count)| u128::from(count)).sum();
        let rank = (lines * numerator).div_ceil(denominator).max(1);
        let mut seen = 0;
        let mut lengths = self.iter();
        let length = lengths.find_map(|(length, count)| {
            seen += u128::from(count);
            (seen >= rank).then_some(length)
        })?;
        // A step may begin below all that was seen in it.
        let shortest = self.long_range.map_or(0, |range| range.0);
        let rough = self.coarse && length >= DENSE as u64;
        Some(if rough { length.max(shortest) } else { length })
    }

    /// What the lengths say.
    pub fn answer(&self) -> LengthAnswer {
        let lines: u64 = self.iter().map(|(_, count)| count).sum();
        if lines == 0 {
            // `wc -L` of nothing is 0; there is no shortest line.
            return LengthAnswer {
                max: Some(0),
                ..LengthAnswer::default()
            };
        }
        let long = self.long_range;
        let dense = || self.counts.iter().position(|&count| count > 0);
        let max_dense = (self.counts.len() as u64).saturating_sub(1);
        let p999 = self.percentile(999, 1000);
        let rough = self.coarse && p999.is_some_and(|p| p >= DENSE as u64);
        LengthAnswer {
            min: dense().map(|d| d as u64).or(long.map(|l| l.0)),
            max: Some(long.map_or(max_dense, |l| l.1)),
            mean: Some(self.sum as f64 / lines as f64),
            p50: self.percentile(50, 100),
            p90: self.percentile(90, 100),
            p99: self.percentile(99, 100),
            p999,
            histogram: self.histogram(),
            exact: rough.then_some(false),
            method: rough.then_some("lengths from 4096 bytes on in 64 steps a doubling"),
            error: rough.then_some("percentiles up to 1/64 too small"),
        }
    }

    fn histogram(&self) -> Vec<(u64, u64, u64)> {
        let mut rows: Vec<(u64, u64, u64)> = Vec::new();
        for (length, count) in self.iter() {
            while rows.last().is_none_or(|row| row.1 <= length) {
                rows.push(match rows.last() {
                    None => bucket(length),
                    Some(row) => bucket(row.1),
                });
            }
            if let Some(row) = rows.last_mut() {
                row.2 += count;
            }
        }
        rows
    }
}

/// The power-of-two bucket a length lies in, empty: `0..1, 1..2, 2..4, 4..8`.
fn bucket(length: u64) -> (u64, u64, u64) {
    match length.checked_ilog2() {
        None => (0, 1, 0),
        Some(log) => (1 << log, (1u64 << log).saturating_mul(2), 0),
    }
}

/// The smallest length of the step this one lies in.
fn step(length: u64) -> u64 {
    let width = (1u64 << length.ilog2()) / u64::from(STEPS);
    length - length % width
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(lengths: impl IntoIterator<Item = u64>) -> LineLengths {
        let mut all = LineLengths::default();
        for length in lengths {
            all.add(length);
        }
        all
    }

    #[test]
    fn nothing_says_nothing() {
        let json = serde_json::to_string(&LineLengths::default().answer()).unwrap();
        assert_eq!(
            json,
            r#"{"min":null,"max":0,"mean":null,"p50":null,"p90":null,"p99":null,"p999":null,"histogram":[]}"#
        );
    }

    #[test]
    fn percentiles_are_nearest_rank() {
        let all = of(1..=1000).answer();
        assert_eq!(
            (all.min, all.max, all.mean),
            (Some(1), Some(1000), Some(500.5))
        );
        assert_eq!((all.p50, all.p90), (Some(500), Some(900)));
        assert_eq!((all.p99, all.p999), (Some(990), Some(999)));
        let two = of([3, 9000]).answer();
        assert_eq!(
            (two.p50, two.p90, two.max),
            (Some(3), Some(9000), Some(9000))
        );
        assert_eq!(two.exact, None);
    }

    #[test]
    fn the_histogram_has_no_gap() {
        assert_eq!(
            of([0, 0, 1, 7, 8]).answer().histogram,
            [(0, 1, 2), (1, 2, 1), (2, 4, 0), (4, 8, 1), (8, 16, 1)]
        );
        assert_eq!(of([5000]).answer().histogram, [(4096, 8192, 1)]);
        assert_eq!(
            of([u64::MAX - 1]).answer().histogram,
            [(1 << 63, u64::MAX, 1)]
        );
    }

    #[test]
    fn too_many_lengths_become_steps_wherever_the_cut_is() {
        let lengths = || (0..=DISTINCT as u64).map(|i| 5000 + i * 3);
        assert!(!of(lengths().skip(1)).coarse);
        let whole = of(lengths());
        assert!(whole.coarse);
        for cut in [1, 100, DISTINCT] {
            let mut left = of(lengths().take(cut));
            left.merge(&of(lengths().skip(cut)));
            assert_eq!(left, whole);
            let mut right = of(lengths().skip(cut));
            right.merge(&of(lengths().take(cut)));
            assert_eq!(right, whole);
        }
        let answer = whole.answer();
        assert_eq!(answer.exact, Some(false));
        assert_eq!(
            (answer.min, answer.max),
            (Some(5000), Some(5000 + 3 * DISTINCT as u64))
        );
        let (p50, want) = (answer.p50.unwrap(), 5000 + 3 * DISTINCT as u64 / 2);
        assert!(p50 <= want && want - p50 <= want / 64, "{p50} for {want}");
    }
}
