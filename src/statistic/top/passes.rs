//! From pass to pass: what is known, and what is looked at next.

use std::{cmp::Ordering, collections::HashSet, sync::Arc};

use super::{TopOptions, TopPartial, TopSort, TopValue, Totals, What};
use crate::{
    sketch::hash,
    statistic::groups::{Bounds, Group, Groups, MOST_PASSES, Sample, Sketch},
};

/// What some passes came to.
///
/// The first pass keeps the groups of some keys and has a sketch of the
/// others. The second counts the keys that may come so often that few of them
/// can: where some keys come much more often than most, the first groups are
/// among them. If not, further passes take the rest in parts. What groups have beside
/// their counts takes more room: the first pass has it of those it keeps, and when it
/// is known which groups come first, the last passes gather it of these.
#[derive(Clone, Debug)]
pub(super) struct Done<V> {
    pub(super) totals: Totals,
    pub(super) passes: u32,
    /// The groups that come first among those counted, in order.
    pub(super) best: Vec<Best<V>>,
    /// There is no room for more of them.
    full: bool,
    /// Every key up to this hash was counted, or cannot be among the first.
    covered: u64,
    /// The pass at hand counts the keys that may come as often as this.
    looking_for: Option<u64>,
    /// Nothing that was not counted can be among the first.
    pub(super) complete: bool,
    /// How often keys that the first pass did not keep came at most.
    pub(super) others: Option<Arc<Sketch>>,
    /// The sample of the first pass, which a later one has not.
    pub(super) sample: Option<Arc<Sample>>,
    /// How many different keys there are.
    pub(super) distinct: u64,
    /// How far that may be off, as a share of it.
    pub(super) distinct_error: Option<f64>,
    /// How many different keys were counted in parts of the range.
    counted: u64,
    /// Keys were left out of these because they cannot be among the first.
    pruned: bool,
    /// Bytes that a group takes: with its value, and while it is only counted.
    weight: [f64; 2],
    /// The pass at hand gathers the values of these.
    gathers: Option<Keys>,
    /// By how much values of these are likely to be heavier than others.
    heavier: f64,
    /// A pass did not see what the first saw.
    pub(super) changed: bool,
}

type Keys = HashSet<Vec<u8>, foldhash::fast::RandomState>;

/// A group that comes first.
#[derive(Clone, Debug)]
pub(super) struct Best<V> {
    pub(super) key: Vec<u8>,
    pub(super) group: Group<V>,
    /// Whether its count is no estimate.
    pub(super) exact: bool,
    /// Whether what it has beside is known.
    pub(super) valued: bool,
}

impl<V: TopValue> Done<V> {
    /// What is known after another pass.
    pub(super) fn after(
        before: Option<&Done<V>>,
        bounds: &Bounds,
        what: &What,
        partial: &mut TopPartial<V>,
    ) -> Done<V> {
        if let Some(before) = before
            && partial.totals == Totals::default()
        {
            // It was not made.
            return before.clone();
        }
        let groups = &mut partial.groups;
        let (kept, covered) = (groups.len(), bounds.last_at(groups.level()));
        let mut done = match before {
            Some(before) => before.clone(),
            None => Done::first(covered, partial.totals, groups, partial.sample.len()),
        };
        done.passes += 1;
        done.changed |= done.totals != partial.totals;
        if done.gathers.take().is_some() {
            done.gathered(groups);
            return done;
        }
        let valued = !(V::ANY && done.passes > 1);
        done.full = select(&mut done.best, groups.iter(), valued, &what.options);
        let least = done.last().map(|last| last.group.count);
        // Looking for those that come once is looking for all.
        if let Some(count) = done.looking_for.take().filter(|&count| count > 1) {
            // If they did not fit or do not suffice, further passes find all.
            done.complete = groups.level() == 0 && least >= Some(count);
            return done;
        }
        done.covered = covered;
        done.counted += kept;
        done.complete = covered == u64::MAX;
        if done.complete && !done.pruned {
            (done.distinct, done.distinct_error) = (done.counted, None);
        }
        if let Some(others) = done.others.as_ref().filter(|_| done.passes == 1) {
            let count = what.options.sort == TopSort::Count;
            done.complete |= count && least > Some(others.most());
        }
        done
    }

    /// Takes the values of groups whose counts are known.
    fn gathered(&mut self, groups: &Groups<V>) {
        if groups.level() > 0 {
            self.heavier *= 8.0;
        }
        let mut places: Vec<usize> = (0..self.best.len()).collect();
        places.sort_unstable_by(|&a, &b| self.best[a].key.cmp(&self.best[b].key));
        for (key, group) in groups.iter() {
            let at = places.binary_search_by(|&at| self.best[at].key.as_slice().cmp(key));
            if let Ok(at) = at {
                let best = &mut self.best[places[at]];
                self.changed |= best.group.count != group.count;
                best.group.value = group.value.clone();
                best.valued = true;
            }
        }
    }

    /// Puts back what was taken out of the partial of the first pass, so that
    /// the same is known of it again.
    pub(super) fn give_back(self, partial: &mut TopPartial<V>) {
        if let Some(others) = self.others.filter(|_| self.passes == 1) {
            partial.groups.put_others(Arc::unwrap_or_clone(others));
        }
    }

    /// Whether the pass at hand leaves values for later.
    #[inline]
    pub(super) fn counts_only(&self) -> bool {
        V::ANY && self.gathers.is_none()
    }

    /// How much memory would have sufficed for all groups at once.
    pub(super) fn memory(&self) -> u64 {
        rounded(self.weight[0] * self.distinct as f64 * 2.0)
    }

    /// Before anything is known but what the first pass has kept.
    fn first(covered: u64, totals: Totals, groups: &mut Groups<V>, drawn: u64) -> Done<V> {
        let kept = groups.len();
        let share = (covered as f64 + 1.0) / (u64::MAX as f64);
        let halved = groups.level() > 0;
        Done {
            totals,
            passes: 0,
            best: Vec::new(),
            full: false,
            covered,
            looking_for: None,
            complete: false,
            others: groups.take_others().map(Arc::new),
            sample: None,
            distinct: if halved {
                // None may have been kept of a few.
                rounded(kept as f64 / share).max(drawn).max(1)
            } else {
                kept
            },
            // Each key is kept with this probability, by itself.
            distinct_error: halved.then(|| ((1.0 - share) / kept.max(1) as f64).sqrt()),
            counted: 0,
            pruned: false,
            weight: [0, groups.weight()]
                .map(|less| (groups.bytes() - less) as f64 / kept.max(1) as f64),
            gathers: None,
            heavier: 2.0,
            changed: false,
        }
    }

    /// Which keys to count in the next pass; `None` if there is none.
    pub(super) fn next(&mut self, bounds: &Bounds, options: &TopOptions) -> Option<Bounds> {
        if self.complete {
            let more = self.passes < 2 * MOST_PASSES;
            return more.then(|| self.gather(bounds))?;
        }
        if self.passes >= MOST_PASSES {
            return None;
        }
        let first = self.covered + 1;
        let rest = Bounds {
            first,
            last: u64::MAX,
            counters: 0,
            ..*bounds
        };
        let weight = self.weight[usize::from(V::ANY)];
        let all = weight * self.distinct as f64;
        let fit = (bounds.groups as f64 * weight).min(bounds.bytes as f64);
        let (count, sketch) = (options.sort == TopSort::Count, self.others.clone());
        if let Some(others) = sketch.as_ref().filter(|_| count && self.passes == 1) {
            let room = fit / 2.0 / all;
            let floor = self.floor();
            self.looking_for = frequent(others, floor, self.distinct, room);
            if self.looking_for.is_some() {
                return Some(rest);
            }
        }
        let mut share = 1.0;
        if let Some(others) = sketch.filter(|_| count) {
            share = others.share_reaching(self.floor(), self.distinct);
        }
        self.pruned |= self.prunes(options);
        let left = u64::MAX - first;
        // With some room, since keys are not spread evenly.
        let wanted = all * share * (left as f64 / u64::MAX as f64) * 1.1;
        let parts = rounded((wanted / fit).ceil()).max(1);
        Some(Bounds {
            last: first + left / parts,
            ..rest
        })
    }

    /// A pass for the values of the groups that come first, where they are not known:
    /// of as many as are likely to fit.
    fn gather(&mut self, bounds: &Bounds) -> Option<Bounds> {
        let lacking = self.best.iter().filter(|best| !best.valued);
        let value = rounded((self.weight[0] - self.weight[1]) * self.heavier);
        let (mut left, mut keys) = (bounds.bytes, Keys::default());
        for best in lacking.take(usize::try_from(bounds.groups).unwrap_or(usize::MAX)) {
            let each = Groups::<V>::reckoned(best.key.len(), value);
            if each > left && !keys.is_empty() {
                break;
            }
            left = left.saturating_sub(each);
            keys.insert(best.key.clone());
        }
        self.gathers = (!keys.is_empty()).then_some(keys);
        self.gathers.as_ref()?;
        Some(Bounds {
            first: 0,
            last: u64::MAX,
            counters: 0,
            ..*bounds
        })
    }

    /// Adds groups that were not counted by what is known of them.
    pub(super) fn estimate(&mut self, what: &What, sample: &Sample) {
        let Some(others) = self.others.as_ref() else {
            return;
        };
        let mut best: Vec<&[u8]> = self.best.iter().map(|best| &*best.key).collect();
        best.sort_unstable();
        let counted = |key: &[u8]| hash(key) <= self.covered || best.binary_search(&key).is_ok();
        let drawn = sample.iter().filter(|(key, _)| !counted(key));
        let estimated = drawn.map(|(key, drawn)| Best {
            key: key.to_vec(),
            group: Group {
                count: others.at_most(hash(key)).min(drawn.hardly_more_than()),
                value: V::default(),
            },
            exact: false,
            valued: false,
        });
        let estimated: Vec<_> = estimated.collect();
        self.best.extend(estimated);
        self.full = select(&mut self.best, std::iter::empty(), false, &what.options);
    }

    /// Whether keys are left out that cannot be among the first.
    fn prunes(&self, options: &TopOptions) -> bool {
        match options.sort {
            TopSort::Count => self.floor() > 1,
            TopSort::Key => self.last().is_some(),
        }
    }

    /// The last of the groups to show, if there is no room for more.
    fn last(&self) -> Option<&Best<V>> {
        self.best.last().filter(|_| self.full)
    }

    /// The least count that may be among the first.
    fn floor(&self) -> u64 {
        self.last().map_or(1, |last| last.group.count)
    }

    /// Whether a key is to be counted in this pass.
    #[inline]
    pub(super) fn wants(&self, key: &[u8], hash: u64, options: &TopOptions) -> bool {
        if let Some(gathers) = &self.gathers {
            return gathers.contains(key);
        }
        match options.sort {
            TopSort::Count => {
                let least = self.looking_for.unwrap_or_else(|| self.floor());
                let others = self.others.as_ref().filter(|_| least > 1);
                others.is_none_or(|others| others.at_most(hash) >= least)
            }
            TopSort::Key => self.last().is_none_or(|last| key < last.key.as_slice()),
        }
    }
}

/// From which count on so few keys may come so often that they fit into a share
/// of the room that all would take; `None` if there is no such count. Keys that
/// come less often than `floor` do not matter.
fn frequent(others: &Sketch, floor: u64, keys: u64, room: f64) -> Option<u64> {
    let fits = |count| others.share_reaching(count, keys) <= room;
    if fits(floor) {
        return Some(floor);
    }
    let (mut low, mut high) = (floor, others.most().saturating_add(1));
    while low + 1 < high {
        let middle = low + (high - low) / 2;
        if fits(middle) {
            high = middle;
        } else {
            low = middle;
        }
    }
    (high <= others.most()).then_some(high)
}

/// A number that is not negative, rounded.
#[expect(clippy::cast_sign_loss, reason = "it is not negative")]
fn rounded(number: f64) -> u64 {
    number.round() as u64
}

/// Keeps the first of these groups and those already there, in order; true if there
/// is no room for more.
fn select<'a, V: TopValue + 'a>(
    best: &mut Vec<Best<V>>,
    groups: impl Iterator<Item = (&'a [u8], &'a Group<V>)>,
    valued: bool,
    options: &TopOptions,
) -> bool {
    let limit = options.limit.bound(TopOptions::USUAL);
    let order = |a: (&[u8], u64), b: (&[u8], u64)| match options.sort {
        TopSort::Count => b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)),
        TopSort::Key => a.0.cmp(b.0),
    };
    let both = |a: &Best<V>, b: &Best<V>| order(a.place(), b.place());
    // A group that was counted in two passes has the same count in both.
    let shrink = |best: &mut Vec<Best<V>>| {
        best.sort_unstable_by(|a, b| both(a, b).then(b.valued.cmp(&a.valued)));
        best.dedup_by(|a, b| a.key == b.key);
        let weight = |best: &Best<V>| best.weight();
        let kept = (options.limit).kept(best, TopOptions::USUAL, options.memory, weight);
        let full = kept < best.len() || kept == limit;
        best.truncate(kept);
        full
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
            exact: true,
            valued,
        });
        if best.len() >= limit.saturating_mul(2).saturating_add(64) {
            let full = shrink(best);
            bar = best.last().filter(|_| full).cloned();
        }
    }
    shrink(best)
}

impl<V: TopValue> Best<V> {
    /// About how many bytes it takes.
    fn weight(&self) -> u64 {
        (self.key.len() + size_of::<Best<V>>()) as u64 + self.group.value.weight()
    }
    fn place(&self) -> (&[u8], u64) {
        (&self.key, self.group.count)
    }
}
