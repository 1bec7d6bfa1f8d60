//! What a filtered statistic keeps.

use serde::{Deserialize, Serialize};

use crate::statistic::Statistic;

/// What [`Filtered`](super::Filtered) keeps of some records.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct FilteredPartial<P> {
    /// Of selected records before the first with a time: they count if the
    /// last record with a time before these lies in the range.
    open: Option<P>,
    /// Of those that count.
    chosen: P,
    /// Whether the last record with a time lies in the range.
    last: Option<bool>,
    /// How many records were cut by force.
    cut: u64,
}

impl<P> FilteredPartial<P> {
    pub(super) fn nothing(inner: &impl Statistic<Partial = P>) -> FilteredPartial<P> {
        FilteredPartial {
            open: None,
            chosen: inner.identity(),
            last: None,
            cut: 0,
        }
    }

    pub(super) fn of(chosen: P, inner: &impl Statistic<Partial = P>) -> FilteredPartial<P> {
        FilteredPartial {
            chosen,
            ..FilteredPartial::nothing(inner)
        }
    }

    /// How many records were cut by force because they became too long.
    pub fn cut(&self) -> u64 {
        self.cut
    }

    /// What counts, if nothing comes before: what has no time does not.
    pub fn settled(self) -> P {
        self.chosen
    }

    /// What is chosen, without taking it.
    pub fn chosen(&self) -> &P {
        &self.chosen
    }

    /// Forgets what was counted, and remembers what decides about records that
    /// follow.
    #[must_use]
    pub fn forget(self, inner: &impl Statistic<Partial = P>) -> FilteredPartial<P> {
        FilteredPartial {
            last: self.last,
            ..FilteredPartial::nothing(inner)
        }
    }

    pub(super) fn count_cut(&mut self, cut: u64) {
        self.cut += cut;
    }

    /// Where the next records go: to the open ones or to those that count.
    pub(super) fn place(&mut self, open: bool, identity: impl FnOnce() -> P) -> &mut P {
        match (open, self.last) {
            (true, None) => self.open.get_or_insert_with(identity),
            _ => &mut self.chosen,
        }
    }

    /// Where what is left out goes by: nothing before the first time has one.
    pub(super) fn chosen_mut(&mut self) -> &mut P {
        &mut self.chosen
    }

    /// Whether records that have no time, behind these, count; `None` if it is
    /// not known yet.
    pub(super) fn last(&self) -> Option<bool> {
        self.last
    }

    pub(super) fn seen(&mut self, last: Option<bool>) {
        self.last = last.or(self.last);
    }

    pub(super) fn shift(&mut self, mut shift: impl FnMut(&mut P)) {
        self.open.iter_mut().for_each(&mut shift);
        shift(&mut self.chosen);
    }

    /// Whether this holds for what there is of the inner statistic.
    pub(super) fn all(&self, mut holds: impl FnMut(&P) -> bool) -> bool {
        self.open.as_ref().is_none_or(&mut holds) && holds(&self.chosen)
    }

    /// What all that is kept weighs.
    pub(super) fn weight(&self, weight: impl Fn(&P) -> u64) -> u64 {
        self.open.as_ref().map_or(0, &weight) + weight(&self.chosen)
    }

    pub(super) fn append(
        &mut self,
        inner: &impl Statistic<Partial = P>,
        later: FilteredPartial<P>,
    ) {
        if let Some(open) = later.open {
            match (self.last, &mut self.open) {
                (Some(true), _) => inner.merge(&mut self.chosen, open),
                (Some(false), _) => {}
                (None, Some(mine)) => inner.merge(mine, open),
                (None, None) => self.open = Some(open),
            }
        }
        inner.merge(&mut self.chosen, later.chosen);
        self.seen(later.last);
        self.cut += later.cut;
    }
}
