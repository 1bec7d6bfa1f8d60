//! From pass to pass: what is known, and what is looked at next.

use std::cmp::Ordering;

use super::{
    Numbers, NumbersAnswer, PERCENTILES, Totals, ValuesAnswer, ValuesGroup, ValuesOptions,
    ValuesPartial, ValuesSort, What,
    narrow::{Target, Targets},
};
use crate::{
    key::decode,
    statistic::groups::{Bounds, Group, GroupValue as _, MOST_PASSES},
};

/// What a pass is for.
#[derive(Debug)]
pub(super) enum Stage {
    /// Everything.
    First,
    /// Groups that did not fit in the passes before.
    Groups(Box<Done>),
    /// The exact percentiles of the groups that are shown.
    Narrow(Box<Done>, Targets),
}

/// What some passes came to.
#[derive(Clone, Debug)]
pub(super) struct Done {
    totals: Totals,
    passes: u32,
    /// The groups that come first among those looked at, in order.
    best: Vec<Best>,
    /// Groups up to this hash were looked at.
    covered: u64,
    /// How many.
    groups: u64,
    /// Bytes of groups to a hash, as the first pass had them.
    density: f64,
    /// A pass did not see what the first saw.
    changed: bool,
    /// Ranges that hold percentiles which are not known yet.
    left: Vec<Target>,
}

/// A group that comes first.
#[derive(Clone, Debug)]
struct Best {
    key: Vec<u8>,
    group: Group<Numbers>,
    percentiles: [Option<f64>; PERCENTILES.len()],
    /// Whether they are exact.
    exact: bool,
}

/// The place of the 99th among the percentiles.
const P99: usize = 3;

impl Done {
    /// What is known after another pass.
    pub(super) fn after(
        stage: &Stage,
        bounds: &Bounds,
        what: &What,
        partial: &ValuesPartial,
    ) -> Done {
        if let Stage::Groups(done) | Stage::Narrow(done, _) = stage
            && partial.totals == Totals::default()
        {
            // The pass was not made.
            return Done::clone(done);
        }
        let groups = &partial.groups;
        let covered = bounds.last_at(groups.level());
        let mut done = match stage {
            Stage::First => Done {
                totals: partial.totals,
                passes: 0,
                best: Vec::new(),
                covered,
                groups: 0,
                density: groups.bytes() as f64 / covered.max(1) as f64,
                changed: false,
                left: Vec::new(),
            },
            Stage::Groups(done) | Stage::Narrow(done, _) => Done::clone(done),
        };
        done.passes += 1;
        done.changed |= done.totals != partial.totals;
        if let Stage::Narrow(_, targets) = stage {
            let (found, left) = targets.found(&partial.spans);
            for (group, percentile, number) in found {
                done.best[group].percentiles[percentile] = Some(number);
            }
            done.left = left;
            return done;
        }
        done.covered = covered;
        done.groups += groups.len();
        done.select(groups.iter(), &what.options);
        if done.covered == u64::MAX && what.options.exact {
            let best = done.best.iter().enumerate();
            let targets = best.flat_map(|(i, best)| Target::of(i, &best.group.value.quantiles));
            done.left = targets.collect();
        }
        done
    }

    /// Keeps the first of these groups and those already there, in order.
    fn select<'a>(
        &mut self,
        groups: impl Iterator<Item = (&'a [u8], &'a Group<Numbers>)>,
        options: &ValuesOptions,
    ) {
        // Groups are large: only those that stay are copied.
        let mut found: Vec<_> = groups
            .map(|(key, group)| (rank(group, options.sort), key, group))
            .collect();
        found.sort_unstable_by(|a, b| order((a.0, a.1), (b.0, b.1)));
        let weight = |(_, key, group): &(_, &[u8], &Group<Numbers>)| weight(key, group);
        let kept = first(&found, options, |found| found.0, weight);
        let found = found[..kept].iter();
        self.best
            .extend(found.map(|(_, key, group)| Best::new(key, group)));
        let of = |best: &Best| rank(&best.group, options.sort);
        self.best
            .sort_by(|a, b| order((of(a), &a.key), (of(b), &b.key)));
        let weight = |best: &Best| self::weight(&best.key, &best.group);
        let kept = first(&self.best, options, of, weight);
        self.best.truncate(kept);
    }

    /// What to look at in the next pass; `None` if there is none.
    pub(super) fn next(self, bounds: &Bounds, what: &What) -> Option<(Bounds, Stage)> {
        if self.changed || self.passes >= MOST_PASSES {
            return None;
        }
        if self.covered < u64::MAX {
            let first = self.covered + 1;
            let left = u64::MAX - first;
            // With some room, since keys are not spread evenly.
            let wanted = self.density * left as f64 * 1.15;
            let parts = (wanted / bounds.bytes as f64).ceil().max(1.0);
            // Not less than one, and never more than there are groups.
            #[expect(clippy::cast_sign_loss, reason = "it is at least 1")]
            let parts = parts as u64;
            let next = Bounds {
                first,
                last: first + left / parts,
                ..*bounds
            };
            return Some((next, Stage::Groups(Box::new(self))));
        }
        if self.left.is_empty() || !what.options.exact {
            return None;
        }
        let targets = Targets::new(self.left.clone(), |group| self.best[group].key.clone());
        Some((*bounds, Stage::Narrow(Box::new(self), targets)))
    }

    pub(super) fn answer(self, what: &What) -> ValuesAnswer {
        let share = (self.covered as f64 + 1.0) / (u64::MAX as f64);
        let complete = self.covered == u64::MAX;
        let limit = match what.by {
            0 => 1,
            _ => what.options.limit.bound(ValuesOptions::USUAL),
        };
        let mut best = self.best;
        for (i, best) in best.iter_mut().enumerate() {
            let open = self.left.iter().any(|target| target.group == i);
            best.exact |= what.options.exact && complete && !open;
        }
        if what.options.sort == ValuesSort::P99 {
            let of = |best: &Best| best.percentiles[P99].unwrap_or(f64::NEG_INFINITY);
            best.sort_by(|a, b| order((of(a), &a.key), (of(b), &b.key)));
        }
        let best = best.into_iter().take(limit);
        let mut groups: Vec<ValuesGroup> = best
            .map(|best| ValuesGroup {
                key: key_of(&best.key, what.by),
                numbers: best.answer(),
            })
            .collect();
        if groups.is_empty() && what.by == 0 {
            groups.push(ValuesGroup {
                key: Vec::new(),
                numbers: Best::new(b"", &Group::default()).answer(),
            });
        }
        let rows = |group: &ValuesGroup| group.numbers.count + group.numbers.not_a_number;
        let shown: u64 = groups.iter().map(rows).sum();
        #[expect(clippy::cast_sign_loss, reason = "a share is positive")]
        let [estimate, kept] = [self.groups as f64, 1.0].map(|n| (n / share).round() as u64);
        ValuesAnswer {
            groups,
            unit: self.totals.unit(what.options.unit),
            // None may have been kept of a few.
            distinct: if complete {
                self.groups
            } else {
                estimate.max(u64::from(self.totals.rows > 0))
            },
            // Each key is kept with this probability, by itself.
            distinct_error: (!complete).then(|| ((1.0 - share) / self.groups.max(1) as f64).sqrt()),
            matched: self.totals.matched,
            unmatched: self.totals.records.saturating_sub(self.totals.matched),
            other: self.totals.rows.saturating_sub(shown),
            passes: self.passes,
            kept_one_in: if complete { 1 } else { kept },
            changed: self.changed,
        }
    }
}

/// What a group is ordered by: the greater first.
type Rank = f64;

fn rank(group: &Group<Numbers>, sort: ValuesSort) -> Rank {
    let numbers = &group.value;
    match sort {
        ValuesSort::Count => numbers.moments.count() as f64,
        ValuesSort::Sum => numbers.moments.sum(),
        ValuesSort::Max => numbers.quantiles.max().unwrap_or(f64::NEG_INFINITY),
        ValuesSort::P99 => numbers.quantiles.at([990])[0].unwrap_or(f64::NEG_INFINITY),
        ValuesSort::Key => 0.0,
    }
}

fn order(a: (Rank, &[u8]), b: (Rank, &[u8])) -> Ordering {
    b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1))
}

/// How many of these, which are in order, are among the first. Where
/// percentiles are still to be made exact, those whose 99th lies in the step of
/// the last one's may yet come before it.
fn first<T>(
    ranked: &[T],
    options: &ValuesOptions,
    rank: impl Fn(&T) -> Rank,
    weight: impl Fn(&T) -> u64,
) -> usize {
    let (limit, usual) = (options.limit, ValuesOptions::USUAL);
    let kept = limit.kept(ranked, usual, options.memory, weight);
    if !options.exact || options.sort != ValuesSort::P99 || kept == 0 {
        return kept;
    }
    let last = rank(&ranked[kept - 1]);
    let ties = ranked[kept..]
        .iter()
        .take_while(|other| rank(other) >= last);
    kept + ties.count()
}

/// About how many bytes a group takes.
fn weight(key: &[u8], group: &Group<Numbers>) -> u64 {
    (key.len() + size_of::<Best>()) as u64 + group.value.weight()
}

/// The values of the keys that a group was found by.
fn key_of(key: &[u8], by: usize) -> Vec<Option<Vec<u8>>> {
    if by == 0 { Vec::new() } else { decode(key, by) }
}

impl Best {
    fn new(key: &[u8], group: &Group<Numbers>) -> Best {
        let thousandths = PERCENTILES.map(|(_, thousandths)| thousandths);
        Best {
            key: key.to_vec(),
            group: group.clone(),
            percentiles: group.value.quantiles.at(thousandths),
            exact: group.value.quantiles.is_exact(),
        }
    }

    fn answer(self) -> NumbersAnswer {
        let Numbers { moments, quantiles } = &self.group.value;
        NumbersAnswer {
            count: moments.count(),
            not_a_number: self.group.count.saturating_sub(moments.count()),
            sum: moments.sum(),
            min: quantiles.min(),
            max: quantiles.max(),
            mean: moments.mean(),
            stddev: moments.stddev(),
            percentiles: self.percentiles,
            exact: self.exact,
            histogram: quantiles.histogram(),
        }
    }
}
