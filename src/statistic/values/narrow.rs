//! Exact quantiles of numbers that did not fit: where they lie is known to a
//! step, and another look at the source finds them in it.

use std::{collections::HashMap, ops::Range};

use serde::{Deserialize, Serialize};

use super::PERCENTILES;
use crate::sketch::{Quantiles, number, place};

/// Up to so many different numbers of a range are kept as they are.
const EXACT: usize = 1 << 16;

/// Beyond, a range is counted in this many parts, as a power of two.
const PARTS: u32 = 12;

/// A range of numbers that holds quantiles of a group.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Target {
    /// Which of the groups.
    pub(super) group: usize,
    /// Its first place; its length is a power of two and divides it.
    low: u64,
    /// The power.
    bits: u32,
    /// Which of the percentiles, and its rank in the range.
    wanted: Vec<(usize, u64)>,
}

impl Target {
    /// The ranges that the percentiles of a group lie in. None if they are
    /// known.
    pub(super) fn of(group: usize, quantiles: &Quantiles) -> Vec<Target> {
        let mut targets: Vec<Target> = Vec::new();
        for (i, &(_, thousandths)) in PERCENTILES.iter().enumerate() {
            let Some((places, rank)) = quantiles.step(thousandths) else {
                continue;
            };
            let bits = (places.end - places.start).trailing_zeros();
            add(&mut targets, group, (places.start, bits), (i, rank));
        }
        targets
    }

    fn places(&self) -> Range<u64> {
        self.low..self.low + (1 << self.bits)
    }
}

fn add(targets: &mut Vec<Target>, group: usize, (low, bits): (u64, u32), wanted: (usize, u64)) {
    let same =
        |target: &&mut Target| target.group == group && (target.low, target.bits) == (low, bits);
    match targets.iter_mut().find(same) {
        Some(target) => target.wanted.push(wanted),
        None => targets.push(Target {
            group,
            low,
            bits,
            wanted: vec![wanted],
        }),
    }
}

/// The ranges that are looked at in a pass.
#[derive(Clone, Debug)]
pub(super) struct Targets {
    all: Vec<Target>,
    /// The ranges of a group, by its key.
    of_key: HashMap<Vec<u8>, Vec<usize>>,
}

impl Targets {
    /// These ranges; `key` gives the key of a group.
    pub(super) fn new(all: Vec<Target>, key: impl Fn(usize) -> Vec<u8>) -> Targets {
        let mut of_key: HashMap<_, Vec<usize>> = HashMap::new();
        for (i, target) in all.iter().enumerate() {
            of_key.entry(key(target.group)).or_default().push(i);
        }
        Targets { all, of_key }
    }

    /// Adds a number to the ranges of its group that hold it.
    #[inline]
    pub(super) fn add(&self, key: &[u8], value: f64, spans: &mut Spans) {
        let Some(targets) = self.of_key.get(key) else {
            return;
        };
        let place = place(value);
        for &i in targets {
            let target = &self.all[i];
            if target.places().contains(&place) {
                spans.at(i).add(target, place, 1);
            }
        }
    }

    pub(super) fn merge(&self, earlier: &mut Spans, later: &Spans) {
        for (i, (target, span)) in self.all.iter().zip(&later.0).enumerate() {
            if !span.is_empty() {
                earlier.at(i).merge(target, span);
            }
        }
    }

    /// What the spans say: each quantile that is found, by group and
    /// percentile, and the ranges to look at once more.
    pub(super) fn found(&self, spans: &Spans) -> (Vec<(usize, usize, f64)>, Vec<Target>) {
        let (mut found, mut left) = (Vec::new(), Vec::new());
        for (target, span) in self.all.iter().zip(&spans.0) {
            for &(percentile, rank) in &target.wanted {
                match span.at_rank(rank) {
                    None => {}
                    Some((key, _)) if !span.coarse => {
                        found.push((target.group, percentile, number(key)));
                    }
                    Some((key, rank)) => {
                        let bits = target.bits - PARTS;
                        add(
                            &mut left,
                            target.group,
                            (key << bits, bits),
                            (percentile, rank),
                        );
                    }
                }
            }
        }
        (found, left)
    }
}

/// What some records have in each of the ranges.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub(super) struct Spans(Vec<Span>);

impl Spans {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn at(&mut self, i: usize) -> &mut Span {
        if self.0.len() <= i {
            self.0.resize_with(i + 1, Span::default);
        }
        &mut self.0[i]
    }
}

/// How often each number of a range occurs; or how many there are in each part
/// of it.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(from = "Plain", into = "Plain")]
struct Span {
    counts: HashMap<u64, u64>,
    coarse: bool,
}

impl Span {
    fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    fn add(&mut self, target: &Target, place: u64, count: u64) {
        if self.coarse {
            *self
                .counts
                .entry(place >> (target.bits - PARTS))
                .or_default() += count;
            return;
        }
        *self.counts.entry(place).or_default() += count;
        if self.counts.len() > EXACT {
            self.coarsen(target);
        }
    }

    fn coarsen(&mut self, target: &Target) {
        // A range with more numbers than are kept has more than twelve bits.
        if !self.coarse && target.bits > PARTS {
            self.coarse = true;
            for (place, count) in std::mem::take(&mut self.counts) {
                self.add(target, place, count);
            }
        }
    }

    fn merge(&mut self, target: &Target, other: &Span) {
        if other.coarse {
            self.coarsen(target);
        }
        for (&key, &count) in &other.counts {
            if other.coarse {
                *self.counts.entry(key).or_default() += count;
            } else {
                self.add(target, key, count);
            }
        }
    }

    /// What has this rank, from 1, and the rank in it.
    fn at_rank(&self, rank: u64) -> Option<(u64, u64)> {
        let mut below = 0;
        for (key, count) in sorted(&self.counts) {
            if below + count >= rank {
                return Some((key, rank - below));
            }
            below += count;
        }
        None
    }
}

fn sorted(counts: &HashMap<u64, u64>) -> Vec<(u64, u64)> {
    let mut sorted: Vec<_> = counts.iter().map(|(&key, &count)| (key, count)).collect();
    sorted.sort_unstable();
    sorted
}

/// A [`Span`] as plain data, in order.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Plain {
    coarse: bool,
    counts: Vec<(u64, u64)>,
}

impl From<Span> for Plain {
    fn from(span: Span) -> Plain {
        Plain {
            coarse: span.coarse,
            counts: sorted(&span.counts),
        }
    }
}

impl From<Plain> for Span {
    fn from(plain: Plain) -> Span {
        Span {
            coarse: plain.coarse,
            counts: plain.counts.into_iter().collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Narrows until every percentile is found; returns them and the passes.
    fn exact(numbers: &[f64], bound: usize) -> (Vec<f64>, usize) {
        let mut quantiles = Quantiles::bounded(bound);
        numbers
            .iter()
            .copied()
            .for_each(|number| quantiles.add(number));
        let mut targets = Target::of(0, &quantiles);
        let (mut results, mut passes) = (vec![f64::NAN; PERCENTILES.len()], 0);
        while !targets.is_empty() {
            passes += 1;
            let pass = Targets::new(targets, |_| b"k".to_vec());
            let halves = numbers.split_at(numbers.len() / 3);
            let mut spans = [Spans::default(), Spans::default()];
            for (half, spans) in [halves.0, halves.1].into_iter().zip(&mut spans) {
                for &number in half {
                    pass.add(b"k", number, spans);
                    pass.add(b"other", number, spans);
                }
            }
            let [mut first, second] = spans;
            let text = serde_json::to_string(&second).unwrap();
            pass.merge(&mut first, &serde_json::from_str(&text).unwrap());
            let (found, left) = pass.found(&first);
            for (_, percentile, number) in found {
                results[percentile] = number;
            }
            targets = left;
        }
        (results, passes)
    }

    fn naive(numbers: &[f64]) -> Vec<f64> {
        let mut sorted = numbers.to_vec();
        sorted.sort_by(f64::total_cmp);
        let at = |thousandths: u32| {
            let rank = (sorted.len() * thousandths as usize).div_ceil(1000).max(1);
            sorted[rank - 1]
        };
        PERCENTILES.iter().map(|&(_, t)| at(t)).collect()
    }

    #[test]
    fn one_more_pass_finds_them() {
        let numbers: Vec<f64> = (0..5000)
            .map(|i| f64::from(i * 37 % 5003) / 3.0 - 500.0)
            .collect();
        assert_eq!(exact(&numbers, 100), (naive(&numbers), 1));
    }

    #[test]
    fn two_more_where_numbers_are_close() {
        let numbers: Vec<f64> = (0..300_000)
            .map(|i| 1.0 + f64::from(i * 7 % 300_000) * 1e-9)
            .collect();
        assert_eq!(exact(&numbers, 100), (naive(&numbers), 2));
    }
}
