//! What is known of the groups with the most lines after some passes.

use std::sync::Arc;

use super::{
    TimelineOptions,
    groups::{Grouped, Limits, Only, Seen},
    series::Series,
};
use crate::statistic::groups::Sketch;

/// What some passes came to.
///
/// The first counts all keys by time, or as many as there is room for, and has a
/// sketch of the others. If those with the most lines are not known then, further
/// passes count keys that may come as often as those, and not by time. When they
/// are known, one more pass counts them by time, and no others.
#[derive(Clone, Debug)]
pub(super) struct Done {
    pub(super) passes: u32,
    seen: Seen,
    /// The groups with the most lines among those counted, in order.
    pub(super) best: Vec<(Vec<u8>, u64)>,
    /// Every key up to this hash was counted, or cannot be among them.
    pub(super) covered: u64,
    /// How often keys that the first pass did not keep came at most.
    pub(super) others: Option<Arc<Sketch>>,
    /// There are more groups, which were asked for and do not fit.
    more: bool,
    /// A pass did not see what the first saw.
    pub(super) changed: bool,
}

/// Why groups may not be those with the most lines, or not all of their lines
/// were counted.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum NotExact {
    /// There were more than fit, and the source cannot be read again: they are
    /// those with the most lines of a part of all groups.
    Part {
        /// One in how many groups was counted, chosen by hash.
        one_in: u64,
        /// A group that is missing has so many lines at most.
        lines: u64,
    },
    /// Not as many as were asked for fit.
    Few,
    /// Keys of so many records were longer than fits.
    TooLong(u64),
    /// The source had changed when it was read again.
    Changed,
    /// The source was not read to its end again.
    Unfinished,
}

/// The keys with the most lines, of equals the lesser, and what there is of
/// them.
pub(super) fn best(by: &Grouped, limit: usize) -> Vec<(&[u8], &Series)> {
    let mut all: Vec<_> = by.iter().collect();
    let order = |a: &(&[u8], &Series), b: &(&[u8], &Series)| {
        b.1.lines.cmp(&a.1.lines).then_with(|| a.0.cmp(b.0))
    };
    if limit < all.len() {
        all.select_nth_unstable_by(limit, order);
        all.truncate(limit);
    }
    all.sort_unstable_by(order);
    all
}

impl Done {
    /// What is known after another pass.
    pub(super) fn after(
        before: Option<&Done>,
        (limits, options): (&Limits, &TimelineOptions),
        by: &mut Grouped,
    ) -> Done {
        let others = by.take_others().map(Arc::new);
        let mut done = before.cloned().unwrap_or(Done {
            passes: 0,
            seen: by.seen,
            best: Vec::new(),
            covered: 0,
            others,
            more: false,
            changed: false,
        });
        done.passes += 1;
        done.changed |= done.seen != by.seen;
        done.covered = limits.last_of(by);
        let limit = match done.others {
            // All are there.
            None => options.shown(),
            Some(_) => options.shown().min(limits.groups()),
        };
        for (key, series) in best(by, limit) {
            done.best.push((key.to_vec(), series.lines));
        }
        done.best
            .sort_unstable_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        done.best.truncate(limit);
        done.more = limit < options.shown() && done.best.len() == limit;
        let most = done.others.as_ref().map_or(0, |others| others.most());
        if most == 0 || done.passes == 1 && done.least(options) > most {
            done.covered = u64::MAX;
        }
        done
    }

    /// The least count that may be among those with the most lines.
    pub(super) fn least(&self, options: &TimelineOptions) -> u64 {
        let last = self.best.get(options.shown().saturating_sub(1));
        last.map_or(1, |(_, lines)| *lines)
    }

    /// How often the source was read when the pass behind is over.
    pub(super) fn passes(&self) -> u32 {
        self.passes + 1
    }
}

/// Whether the groups of the last pass are those with the most lines, and if
/// not, why.
pub(super) fn not_exact(
    (limits, done): (&Limits, Option<&Done>),
    options: &TimelineOptions,
    by: &mut Grouped,
) -> Option<NotExact> {
    let too_long = (by.seen.too_long > 0).then_some(NotExact::TooLong(by.seen.too_long));
    let one_in = by.one_in();
    match (&limits.only, done) {
        (_, Some(done)) if done.changed || done.seen != by.seen => Some(NotExact::Changed),
        (Only::Frequent(..), _) => Some(NotExact::Unfinished),
        (Only::These(_), Some(done)) if one_in > 1 || done.more => Some(NotExact::Few),
        (Only::All, None) if one_in > 1 => {
            let done = Done::after(None, (limits, options), by);
            let lines = done.others.map_or(0, |others| others.most());
            let lines = lines.max(by.seen.too_long);
            let part = (done.covered < u64::MAX).then_some(NotExact::Part { one_in, lines });
            part.or(too_long)
        }
        _ => too_long,
    }
}
