//! From pass to pass: which groups have the most lines.

use std::sync::Arc;

use super::{
    Timeline, TimelinePartial, answer,
    done::Done,
    groups::{Limits, Only},
};

/// What the next pass counts; `None` if there is none.
pub(super) fn next(timeline: &Timeline, merged: &mut TimelinePartial) -> Option<(Limits, Done)> {
    let (limits, options) = (&timeline.limits, timeline.options());
    if matches!(limits.only, Only::These(_)) {
        return None;
    }
    let by = merged.by.as_mut()?;
    let done = Done::after(timeline.done.as_deref(), (limits, options), by);
    if done.changed {
        return None;
    }
    if let (true, Some(others)) = (done.covered < u64::MAX, &done.others) {
        let (first, others) = (done.covered + 1, Arc::clone(others));
        return Some((limits.frequent(first, done.least(options), others), done));
    }
    let width = by.width();
    let fewer = by.len() > done.best.len() as u64;
    if done.passes > 1 || fewer && width > 1 && answer::wants_narrower(options, merged, width) {
        let keys = done.best.iter().map(|(key, _)| key.as_slice());
        return Some((limits.these(keys), done));
    }
    if let (Some(by), Some(others)) = (&mut merged.by, done.others) {
        by.put_others(Arc::unwrap_or_clone(others));
    }
    None
}
