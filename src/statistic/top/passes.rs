//! From pass to pass: what is known, and what is looked at next.

use std::{cmp::Ordering, sync::Arc};

use super::{TopOptions, TopPartial, TopSort, TopValue, Totals, What};
use crate::statistic::groups::{Bounds, Group, Sketch};

/// What some passes came to.
#[derive(Clone, Debug)]
pub(super) struct Done<V> {
    pub(super) totals: Totals,
    pub(super) passes: u32,
    /// The groups that come first among those counted, in order.
    pub(super) best: Vec<Best<V>>,
    /// Every key up to this hash was counted, or cannot be among the first.
    covered: u64,
    /// How often the range of the first pass was halved.
    pub(super) level: u8,
    /// How often keys beyond `covered` came at most.
    pub(super) others: Option<Arc<Sketch>>,
    /// How many different keys there are.
    pub(super) distinct: u64,
    /// How far that may be off, as a share of it.
    pub(super) distinct_error: Option<f64>,
    /// How many different keys were counted.
    counted: u64,
    /// Keys were left out because they cannot be among the first.
    pruned: bool,
    /// Bytes of groups to a hash, as the first pass had them.
    density: f64,
    /// A pass did not see what the first saw.
    pub(super) changed: bool,
}

/// A group that comes first.
#[derive(Clone, Debug)]
pub(super) struct Best<V> {
    pub(super) key: Vec<u8>,
    pub(super) group: Group<V>,
}

impl<V: TopValue> Done<V> {
    /// What is known after another pass.
    pub(super) fn after(
        before: Option<&Done<V>>,
        bounds: &Bounds,
        what: &What,
        partial: &mut TopPartial<V>,
    ) -> Done<V> {
        let groups = &mut partial.groups;
        let covered = bounds.last_at(groups.level());
        let kept = groups.len();
        let mut done = match before {
            Some(before) => before.clone(),
            None => Done {
                totals: partial.totals,
                passes: 0,
                best: Vec::new(),
                covered,
                level: groups.level(),
                others: groups.take_others().map(Arc::new),
                distinct: 0,
                distinct_error: None,
                counted: 0,
                pruned: false,
                density: groups.bytes() as f64 / covered.max(1) as f64,
                changed: false,
            },
        };
        done.passes += 1;
        done.covered = covered;
        done.changed |= done.totals != partial.totals;
        select(&mut done.best, groups.iter(), &what.options);
        done.counted += kept;
        if before.is_none() {
            done.distinct = kept;
            if done.level > 0 {
                let share = (covered as f64 + 1.0) / (u64::MAX as f64);
                done.distinct = (kept as f64 / share).round() as u64;
                // Each key is kept with this probability, by itself.
                done.distinct_error = Some(((1.0 - share) / kept.max(1) as f64).sqrt());
            }
        }
        if done.is_complete() && !done.pruned {
            done.distinct = done.counted;
            done.distinct_error = None;
        }
        done
    }

    /// Whether every key was counted that can be among the first.
    pub(super) fn is_complete(&self) -> bool {
        self.covered == u64::MAX
    }

    /// Which keys to count in the next pass; `None` if there is none.
    pub(super) fn next(&mut self, bounds: &Bounds, options: &TopOptions) -> Option<Bounds> {
        if self.is_complete() {
            return None;
        }
        let first = self.covered + 1;
        let left = u64::MAX - first;
        let share = match (self.last(options), &self.others, options.sort) {
            (Some(last), Some(others), TopSort::Count) => others.share_reaching(last.group.count),
            _ => 1.0,
        };
        let by_key = options.sort == TopSort::Key && self.last(options).is_some();
        self.pruned |= share < 1.0 || by_key;
        // With some room, since keys are not spread evenly.
        let wanted = self.density * share * left as f64 * 1.15;
        let parts = (wanted / bounds.bytes as f64).ceil().max(1.0) as u64;
        Some(Bounds {
            first,
            last: first + left / parts.max(1),
            counters: 0,
            ..*bounds
        })
    }

    /// The last of the groups to show, if there are as many already.
    fn last(&self, options: &TopOptions) -> Option<&Best<V>> {
        self.best.get(options.limit.checked_sub(1)?)
    }

    /// Whether a key can be among the first.
    #[inline]
    pub(super) fn wants(&self, key: &[u8], hash: u64, options: &TopOptions) -> bool {
        let Some(last) = self.last(options) else {
            return true;
        };
        match (&self.others, options.sort) {
            (Some(others), TopSort::Count) => others.at_most(hash) >= last.group.count,
            (None, TopSort::Count) => true,
            (_, TopSort::Key) => key < last.key.as_slice(),
        }
    }
}

/// Keeps the first of these groups and those already there, in order.
fn select<'a, V: TopValue + 'a>(
    best: &mut Vec<Best<V>>,
    groups: impl Iterator<Item = (&'a [u8], &'a Group<V>)>,
    options: &TopOptions,
) {
    let limit = options.limit;
    let order = |a: (&[u8], u64), b: (&[u8], u64)| match options.sort {
        TopSort::Count => b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)),
        TopSort::Key => a.0.cmp(b.0),
    };
    let both = |a: &Best<V>, b: &Best<V>| order(a.place(), b.place());
    let shrink = |best: &mut Vec<Best<V>>| {
        if best.len() > limit {
            best.select_nth_unstable_by(limit, both);
            best.truncate(limit);
        }
    };
    // What comes behind this one is not among the first.
    let mut bar: Option<Best<V>> = None;
    for (key, group) in groups {
        let behind = |bar: &Best<V>| order(bar.place(), (key, group.count)) == Ordering::Less;
        if bar.as_ref().is_some_and(behind) {
            continue;
        }
        best.push(Best {
            key: key.to_vec(),
            group: group.clone(),
        });
        if best.len() >= 2 * limit + 64 {
            shrink(best);
            bar = best.iter().max_by(|a, b| both(a, b)).cloned();
        }
    }
    shrink(best);
    best.sort_unstable_by(both);
}

impl<V> Best<V> {
    fn place(&self) -> (&[u8], u64) {
        (&self.key, self.group.count)
    }
}
