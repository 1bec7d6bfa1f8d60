//! What comes before a chunk, known to its worker early.
//!
//! Each worker publishes what its chunk adds (how many lines it has, or whether
//! its last timestamp lies in a range) as soon as it has it; a worker that must
//! know what comes before its chunk looks back here. So formatting happens in
//! the workers, and each line is counted once.
//! This is the decoupled look-back of parallel prefix sums (Merrill and
//! Garland, "Single-pass Parallel Prefix Scan with Decoupled Look-back",
//! 2016), with a lock for a chunk instead of atomics for a tile.

use std::{
    collections::BTreeMap,
    sync::{Condvar, Mutex, PoisonError},
};

use super::Stop;

/// How many lines stand before the chunks of a source.
pub type LineCounts = PrefixSum<u64>;

/// What adds up from chunk to chunk.
pub trait Add: Copy {
    /// This, and then that.
    #[must_use]
    fn and(self, later: Self) -> Self;
}

impl Add for u64 {
    fn and(self, later: u64) -> u64 {
        self + later
    }
}

/// The last there is.
impl Add for Option<bool> {
    fn and(self, later: Option<bool>) -> Option<bool> {
        later.or(self)
    }
}

/// The running sum over the chunks of one source.
#[derive(Debug)]
pub struct PrefixSum<T> {
    inner: Mutex<Prefix<T>>,
    changed: Condvar,
    stop: Stop,
}

#[derive(Debug)]
struct Prefix<T> {
    /// All chunks before this one have published.
    next: u64,
    /// The sum of all chunks before `next`.
    total: T,
    /// What came before its predecessors'.
    early: BTreeMap<u64, T>,
    /// The sum before each chunk that may still be asked for.
    starts: BTreeMap<u64, T>,
    /// How many chunks are under way at most.
    window: u64,
}

impl<T: Add> PrefixSum<T> {
    /// The sum for a source whose first chunk has `before` before it, where at
    /// most `window` chunks are under way at a time.
    pub fn new(before: T, window: usize, stop: Stop) -> PrefixSum<T> {
        let prefix = Prefix {
            next: 0,
            total: before,
            early: BTreeMap::new(),
            starts: BTreeMap::from([(0, before)]),
            window: window as u64,
        };
        PrefixSum {
            inner: Mutex::new(prefix),
            changed: Condvar::new(),
            stop,
        }
    }

    /// Says what chunk `index` adds. Once for every chunk.
    pub fn publish(&self, index: u64, added: T) {
        let mut prefix = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        prefix.early.insert(index, added);
        while let Some(added) = {
            let next = prefix.next;
            prefix.early.remove(&next)
        } {
            prefix.next += 1;
            prefix.total = prefix.total.and(added);
            let (next, total) = (prefix.next, prefix.total);
            prefix.starts.insert(next, total);
        }
        // A chunk that is under way lies less than a window behind the last
        // one claimed; what lies further back is done.
        let done = prefix.next.saturating_sub(prefix.window + 1);
        while prefix
            .starts
            .first_key_value()
            .is_some_and(|(&first, _)| first < done)
        {
            prefix.starts.pop_first();
        }
        self.changed.notify_all();
    }

    /// Waits until every chunk before `index` has published and returns the
    /// sum; `None` once the run has stopped.
    pub fn wait(&self, index: u64) -> Option<T> {
        // A predecessor counts for some 50 µs; sleeping and waking takes as
        // long, so look a few times first.
        for _ in 0..64 {
            if let Some(sum) = self.take(index) {
                return Some(sum);
            }
            std::hint::spin_loop();
        }
        let mut prefix = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(sum) = prefix.starts.get(&index).copied() {
                return Some(sum);
            }
            if self.stop.is_set() {
                return None;
            }
            let (guard, _) = self
                .changed
                .wait_timeout(prefix, std::time::Duration::from_millis(50))
                .unwrap_or_else(PoisonError::into_inner);
            prefix = guard;
        }
    }

    fn take(&self, index: u64) -> Option<T> {
        let prefix = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        prefix.starts.get(&index).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_in_whatever_order_the_counts_come() {
        let lines = LineCounts::new(100, 4, Stop::new());
        lines.publish(1, 20);
        lines.publish(2, 3);
        assert_eq!(lines.wait(0), Some(100));
        lines.publish(0, 1000);
        assert_eq!(lines.wait(1), Some(1100));
        assert_eq!(lines.wait(2), Some(1120));
        assert_eq!(lines.wait(3), Some(1123));
    }

    #[test]
    fn a_stopped_run_answers_none() {
        let stop = Stop::new();
        let lines = LineCounts::new(0, 4, stop.clone());
        stop.set();
        assert_eq!(lines.wait(5), None);
    }
}
