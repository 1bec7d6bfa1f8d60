//! The answer so far, again and again while input comes.

use std::{
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use crate::{
    request::{Collected, FilePartial},
    statistic::Statistic,
};

/// Who is shown what was gathered so far.
pub struct Live<'l, P> {
    every: Duration,
    show: &'l (dyn Fn(Collected<P>) + Sync),
    /// When the next answer is due.
    due: Mutex<Instant>,
}

impl<P> std::fmt::Debug for Live<'_, P> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Live")
            .field("every", &self.every)
            .finish_non_exhaustive()
    }
}

impl<'l, P: Clone + Send> Live<'l, P> {
    /// Shows every so often, from now on.
    pub fn new(every: Duration, show: &'l (dyn Fn(Collected<P>) + Sync)) -> Live<'l, P> {
        Live {
            every,
            show,
            due: Mutex::new(Instant::now() + every),
        }
    }

    /// Shows what was gathered if that is due.
    pub(super) fn look(&self, gathered: impl FnOnce() -> Collected<P>) {
        {
            let mut due = locked(&self.due);
            let now = Instant::now();
            if now < *due {
                return;
            }
            // What is late is not caught up on.
            *due = now + self.every;
        }
        (self.show)(gathered());
    }

    /// Scans a source; `gathered` is what there is at any moment meanwhile.
    pub(super) fn during<R>(
        &self,
        gathered: &(dyn Fn() -> Collected<P> + Sync),
        scan: impl FnOnce() -> R,
    ) -> R {
        let over = Over::default();
        std::thread::scope(|scope| {
            // Without a thread to spare nothing is shown before the end.
            let looks = || {
                while !over.within(locked(&self.due).saturating_duration_since(Instant::now())) {
                    self.look(gathered);
                }
            };
            let looking = std::thread::Builder::new().name("swathe-every".into());
            let _ = looking.spawn_scoped(scope, looks);
            let _ended = Ended(&over);
            scan()
        })
    }
}

/// Whether a scan is over.
#[derive(Default)]
struct Over {
    over: Mutex<bool>,
    changed: Condvar,
}

impl Over {
    /// Waits for so long, and says whether it is over.
    fn within(&self, span: Duration) -> bool {
        let over = locked(&self.over);
        let waited = self.changed.wait_timeout_while(over, span, |over| !*over);
        *waited.unwrap_or_else(PoisonError::into_inner).0
    }
}

/// Ends the looks when the scan ends, however it does.
struct Ended<'o>(&'o Over);

impl Drop for Ended<'_> {
    fn drop(&mut self) {
        *locked(&self.0.over) = true;
        self.0.changed.notify_all();
    }
}

/// What was gathered of the inputs before, with what there is of one that is read.
pub(super) fn with<S: Statistic>(
    statistic: &S,
    before: &Mutex<Collected<S::Partial>>,
    one: FilePartial<S::Partial>,
    per_file: bool,
) -> Collected<S::Partial> {
    let mut all = locked(before).clone();
    all.add(statistic, one, per_file);
    all
}

/// What it holds, whatever became of who held it last.
pub(super) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[test]
    fn looks_are_taken_until_the_scan_ends_and_not_after() {
        let (shown, seen) = mpsc::channel();
        let shown = Mutex::new(shown);
        let show = |all: Collected<u64>| locked(&shown).send(all.total).unwrap();
        let live = Live::new(Duration::from_millis(1), &show);
        let at = Mutex::new(0_u64);
        let gathered = || Collected {
            total: *locked(&at),
            sources: Vec::new(),
            bytes_on_disk: None,
            files: Vec::new(),
            cut_records: 0,
            errors: Vec::new(),
            skipped: std::collections::BTreeMap::new(),
        };
        let result = live.during(&gathered, || {
            for n in 1..5 {
                *locked(&at) = n;
                while seen.recv().unwrap() < n {}
            }
            "done"
        });
        assert_eq!(result, "done");
        assert!(seen.try_iter().all(|total| total == 4));
    }
}
