//! How values are distributed.

use std::{cmp::Ordering, collections::HashMap, ops::Range};

use serde::{Deserialize, Serialize};

use super::{mix::Seeded, table_bytes, table_entries};

/// A step of a coarse distribution: values that agree in sign, exponent and
/// the first 6 bits of the fraction, 64 steps for every doubling.
const STEP_BITS: u32 = 52 - 6;

/// How finite numbers are distributed: exactly for up to
/// [`Quantiles::EXACT`] different ones, beyond that within 0.8 %.
///
/// It counts how often each number occurs. Where there are too many different
/// ones it counts those in each step of a fixed logarithmic scale instead.
/// Which it does depends on the numbers alone, not on their order.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(try_from = "Plain", into = "Plain")]
pub struct Quantiles {
    /// How often a number occurs, by its place among all numbers; or, if
    /// `coarse`, how many are in a step.
    counts: HashMap<u64, u64, Seeded>,
    coarse: bool,
    total: u64,
    /// The places of the smallest and the greatest.
    range: Option<(u64, u64)>,
    /// How many different numbers are kept as they are.
    bound: usize,
}

impl Default for Quantiles {
    fn default() -> Quantiles {
        Quantiles::bounded(Quantiles::EXACT)
    }
}

impl Quantiles {
    /// Up to so many different numbers are kept as they are.
    pub const EXACT: usize = 1 << 16;

    /// What is done beyond [`Quantiles::EXACT`], in words.
    pub const METHOD: &'static str = "histogram with 64 steps per doubling";

    /// How wrong that may be.
    pub const ERROR: &'static str = "0.8 % of the value";

    /// No number.
    pub fn new() -> Quantiles {
        Quantiles::default()
    }

    /// No number, and exact for fewer different ones, at most
    /// [`Quantiles::EXACT`]. Of those that are merged the lowest bound holds.
    pub fn bounded(bound: usize) -> Quantiles {
        Quantiles {
            counts: HashMap::default(),
            coarse: false,
            total: 0,
            range: None,
            bound: bound.min(Quantiles::EXACT),
        }
    }

    /// The greatest bound with which numbers take no more than so many bytes, but at
    /// least 28.
    pub(crate) fn bound_within(bytes: u64) -> usize {
        table_entries(bytes, size_of::<(u64, u64)>()).clamp(28, Quantiles::EXACT)
    }

    /// Adds a finite number; both zeros are one. Others are not numbers and
    /// are left out.
    #[inline]
    pub fn add(&mut self, number: f64) {
        self.add_times(number, 1);
    }

    /// Adds a number that came so many times.
    #[inline]
    pub fn add_times(&mut self, number: f64, times: u64) {
        if number.is_finite() && times > 0 {
            let place = place(number);
            self.total += times;
            self.widen(place, place);
            self.count(place, times);
        }
    }

    /// Adds the numbers of another.
    pub fn merge(&mut self, other: &Quantiles) {
        self.bound = self.bound.min(other.bound);
        if other.coarse || self.counts.len() > self.bound {
            self.coarsen();
        }
        self.total += other.total;
        if let Some((min, max)) = other.range {
            self.widen(min, max);
        }
        for (&key, &count) in &other.counts {
            if other.coarse {
                *self.counts.entry(key).or_default() += count;
            } else {
                self.count(key, count);
            }
        }
    }

    /// How many numbers there are.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// The smallest, exact.
    pub fn min(&self) -> Option<f64> {
        self.range.map(|(min, _)| number(min))
    }

    /// The greatest, exact.
    pub fn max(&self) -> Option<f64> {
        self.range.map(|(_, max)| number(max))
    }

    /// Whether [`at`](Quantiles::at) is exact.
    pub fn is_exact(&self) -> bool {
        !self.coarse
    }

    /// How many bytes the numbers or steps are reckoned at. It is a function of the
    /// numbers alone and never becomes less by adding one: what is no longer exact
    /// is taken for full, which it seldom is.
    pub fn weight(&self) -> usize {
        let kept = if self.coarse {
            self.bound
        } else {
            self.counts.len()
        };
        table_bytes(kept, size_of::<(u64, u64)>())
    }

    /// How many different numbers are kept as they are.
    pub fn bound(&self) -> usize {
        self.bound
    }

    /// True if there is no number.
    pub fn is_empty(&self) -> bool {
        self.total == 0
    }

    /// Gives up exactness to take less memory.
    pub fn coarsen(&mut self) {
        if self.coarse {
            return;
        }
        self.coarse = true;
        let counts = std::mem::take(&mut self.counts);
        for (place, count) in counts {
            self.count(place, count);
        }
    }

    /// The nearest-rank quantiles: for each share, in thousandths, the smallest
    /// number such that at least that share of the numbers is not greater.
    /// `None` of no number.
    pub fn at<const N: usize>(&self, thousandths: [u32; N]) -> [Option<f64>; N] {
        let sorted = self.sorted();
        thousandths.map(|share| {
            let rank = rank(share, self.total)?;
            let mut below = 0;
            let &(key, _) = sorted.iter().find(|(_, count)| {
                below += count;
                below >= rank
            })?;
            Some(self.shown(key))
        })
    }

    /// Where the quantile of this many thousandths lies if it is not exact: the
    /// step, as the places it has, and the rank of the quantile in it, from 1.
    pub(crate) fn step(&self, thousandths: u32) -> Option<(Range<u64>, u64)> {
        let rank = rank(thousandths, self.total).filter(|_| self.coarse)?;
        let mut below = 0;
        for (key, count) in self.sorted() {
            if below + count >= rank {
                let low = key << STEP_BITS;
                return Some((low..low + STEP_MASK + 1, rank - below));
            }
            below += count;
        }
        None
    }

    /// From, to and how many: a row for every power of two that has numbers,
    /// in ascending order. A row holds those from `from` up to but not `to`;
    /// of negative numbers those above `from` up to `to`. The row of zero ends
    /// where the next begins, or at 1.
    pub fn histogram(&self) -> Vec<(f64, f64, u64)> {
        let fold = if self.coarse { 6 } else { 52 };
        let mut rows: Vec<(u64, u64)> = Vec::new();
        for (key, count) in self.sorted() {
            let octave = key >> fold;
            match rows.last_mut() {
                Some((last, sum)) if *last == octave => *sum += count,
                _ => rows.push((octave, count)),
            }
        }
        let edge = |octave: u64| {
            let edge = number(octave << 52);
            // Behind the greatest there is no number.
            if edge.is_finite() { edge } else { f64::MAX }
        };
        let mut shown: Vec<(f64, f64, u64)> = Vec::new();
        for &(octave, count) in rows.iter().rev() {
            shown.push(match octave.cmp(&(ZERO >> 52)) {
                Ordering::Less => {
                    // The place of least magnitude; below the normal numbers, zero.
                    let least = number((octave << 52) | (u64::MAX >> 12)) + 0.0;
                    let most = (least * 2.0).clamp(f64::MIN, -f64::MIN_POSITIVE);
                    (most, least, count)
                }
                Ordering::Equal => {
                    let next = shown.last().map_or(1.0, |row| row.0);
                    (0.0, next, count)
                }
                Ordering::Greater => (edge(octave), edge(octave + 1), count),
            });
        }
        shown.reverse();
        shown
    }

    /// Keys in ascending order with their counts.
    fn sorted(&self) -> Vec<(u64, u64)> {
        let mut sorted: Vec<_> = self.counts.iter().map(|(&k, &n)| (k, n)).collect();
        sorted.sort_unstable();
        sorted
    }

    /// The number a key stands for: of a step its middle, which no number in
    /// it is further away from than half its width.
    fn shown(&self, key: u64) -> f64 {
        if !self.coarse {
            return number(key);
        }
        let (low, high) = (key << STEP_BITS, (key << STEP_BITS) | STEP_MASK);
        if (low..=high).contains(&ZERO) {
            return 0.0;
        }
        let middle = number(low) / 2.0 + number(high) / 2.0;
        let (min, max) = self.range.unwrap_or((ZERO, ZERO));
        middle.clamp(number(min), number(max))
    }

    fn widen(&mut self, min: u64, max: u64) {
        let (a, b) = self.range.unwrap_or((min, max));
        self.range = Some((a.min(min), b.max(max)));
    }

    fn count(&mut self, place: u64, count: u64) {
        if self.coarse {
            *self.counts.entry(place >> STEP_BITS).or_default() += count;
            return;
        }
        *self.counts.entry(place).or_default() += count;
        if self.counts.len() > self.bound {
            self.coarsen();
        }
    }
}

const STEP_MASK: u64 = (1 << STEP_BITS) - 1;

/// The place of zero among all numbers.
const ZERO: u64 = 1 << 63;

/// The place of a finite number among all numbers: of two numbers the smaller
/// has the smaller place.
pub(crate) fn place(number: f64) -> u64 {
    // Minus zero is zero.
    let bits = (number + 0.0).to_bits();
    if bits >> 63 == 1 { !bits } else { bits | ZERO }
}

/// The number at a place.
pub(crate) fn number(place: u64) -> f64 {
    f64::from_bits(if place >= ZERO { place ^ ZERO } else { !place })
}

/// The rank, from 1, of the quantile of this many thousandths among `total`.
pub(crate) fn rank(thousandths: u32, total: u64) -> Option<u64> {
    let rank = (u128::from(total) * u128::from(thousandths)).div_ceil(1000);
    (total > 0).then(|| (rank as u64).clamp(1, total))
}

/// What is written: pairs in ascending order. Where numbers are kept as they are, the
/// first and the last of these say the range.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Plain {
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    coarse: bool,
    counts: Vec<(u64, u64)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    range: Option<(u64, u64)>,
    bound: usize,
}

impl From<Quantiles> for Plain {
    fn from(quantiles: Quantiles) -> Plain {
        Plain {
            coarse: quantiles.coarse,
            counts: quantiles.sorted(),
            range: quantiles.range.filter(|_| quantiles.coarse),
            bound: quantiles.bound,
        }
    }
}

impl TryFrom<Plain> for Quantiles {
    type Error = &'static str;

    fn try_from(plain: Plain) -> Result<Quantiles, &'static str> {
        let mut counts = plain.counts.iter();
        let total = counts.try_fold(0u64, |sum, &(_, count)| sum.checked_add(count));
        let shift = if plain.coarse { STEP_BITS } else { 0 };
        let ends = plain.counts.first().zip(plain.counts.last());
        let range = match ends.filter(|_| !plain.coarse) {
            Some((first, last)) => Some((first.0, last.0)),
            None => plain.range,
        };
        let told = plain.coarse || plain.range.is_none();
        let inside = told
            && match range {
                None => plain.counts.is_empty(),
                Some((min, max)) => {
                    let keys = (min >> shift)..=(max >> shift);
                    number(min).is_finite()
                        && number(max).is_finite()
                        && min <= max
                        && !plain.counts.is_empty()
                        && plain.counts.iter().all(|(key, _)| keys.contains(key))
                }
            };
        let sorted = plain.counts.is_sorted_by(|a, b| a.0 < b.0);
        let full = !plain.coarse && plain.counts.len() > plain.bound;
        if !inside || !sorted || full || plain.bound > Quantiles::EXACT {
            return Err("numbers out of range");
        }
        Ok(Quantiles {
            coarse: plain.coarse,
            counts: plain.counts.into_iter().collect(),
            total: total.ok_or("counts beyond 2^64")?,
            range,
            bound: plain.bound,
        })
    }
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "exact is what is promised")]
#[path = "quantiles_tests.rs"]
mod tests;
