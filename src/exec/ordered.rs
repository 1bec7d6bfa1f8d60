//! Tickets: result `i` is committed after result `i - 1`, by anybody.

use std::{
    collections::VecDeque,
    ops::{Deref, DerefMut},
};

use super::{
    Stop,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
};

/// Whether a run goes on.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Flow {
    /// More results are wanted.
    Continue,
    /// Enough: claim no more, drop what is still being scanned.
    Stop,
}

/// What takes in the results, one after the other, in claim order.
pub trait Commit<R> {
    /// Takes in the next result.
    fn commit(&mut self, result: R) -> Flow;
}

/// The state all workers of one run share.
pub(super) struct Ordered<R, C> {
    inner: Mutex<Inner<R, C>>,
    changed: Condvar,
    window: u64,
    stop: Stop,
}

struct Inner<R, C> {
    /// The ticket that is committed next.
    next: u64,
    /// Results that wait: `parked[i]` has ticket `next + i`.
    parked: VecDeque<Option<R>>,
    /// Absent while a worker commits.
    committer: Option<C>,
    /// How many wait for `changed`: waking nobody is a system call too, and
    /// most chunks are committed while nobody waits.
    waiting: u32,
}

impl<R, C: Commit<R>> Ordered<R, C> {
    pub(super) fn new(committer: C, window: u64, stop: Stop) -> Ordered<R, C> {
        let inner = Inner {
            next: 0,
            parked: VecDeque::new(),
            committer: Some(committer),
            waiting: 0,
        };
        Ordered {
            inner: Mutex::new(inner),
            changed: Condvar::new(),
            window,
            stop,
        }
    }

    pub(super) fn turn(&self, index: u64) -> Turn<'_, R, C> {
        Turn {
            ordered: Some(self),
            index,
        }
    }

    /// Waits until ticket `index` fits the window; false once the run stops.
    pub(super) fn wait_for_room(&self, index: u64) -> bool {
        let mut inner = self.lock();
        while index >= inner.next + self.window && !self.stop.is_set() {
            inner = self.wait(inner);
        }
        !self.stop.is_set()
    }

    pub(super) fn into_committer(self) -> C {
        let inner = self
            .inner
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        inner
            .committer
            .expect("every worker has put the committer back")
    }

    fn lock(&self) -> MutexGuard<'_, Inner<R, C>> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'g>(&self, mut guard: MutexGuard<'g, Inner<R, C>>) -> MutexGuard<'g, Inner<R, C>> {
        guard.waiting += 1;
        let woken = self.changed.wait(guard);
        let mut guard = woken.unwrap_or_else(PoisonError::into_inner);
        guard.waiting -= 1;
        guard
    }

    /// Wakes all who wait.
    fn wake(&self, inner: &Inner<R, C>) {
        if inner.waiting > 0 {
            self.changed.notify_all();
        }
    }

    fn end(&self) {
        self.stop.set();
        // Taken so that nobody is between its check and its wait.
        let inner = self.lock();
        self.wake(&inner);
    }

    /// What ends the run when it is dropped by a panic.
    pub(super) fn guard(&self) -> Guard<'_, R, C> {
        Guard(self)
    }

    /// Commits results from the front while there are any.
    fn drain<'g>(&'g self, mut inner: MutexGuard<'g, Inner<R, C>>) {
        loop {
            if inner.committer.is_none() || !matches!(inner.parked.front(), Some(Some(_))) {
                return;
            }
            let result = inner.parked.pop_front().flatten().expect("checked above");
            let mut committer = inner.committer.take().expect("checked above");
            // With the slot gone, `parked[0]` is the next ticket's.
            inner.next += 1;
            drop(inner);
            // Results that arrive after the end are not wanted any more.
            let flow = if self.stop.is_set() {
                Flow::Stop
            } else {
                committer.commit(result)
            };
            inner = self.lock();
            inner.committer = Some(committer);
            if flow == Flow::Stop {
                self.stop.set();
            }
            self.wake(&inner);
        }
    }
}

/// Ends the run when the thread that holds it panics, whatever it was doing: the
/// committer may be gone with it, and a task that others wait for.
pub(super) struct Guard<'a, R, C: Commit<R>>(&'a Ordered<R, C>);

impl<R, C: Commit<R>> Drop for Guard<'_, R, C> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.end();
        }
    }
}

/// The right of one task to have its result committed at its place.
///
/// Dropping it without using it means the worker failed: the run stops.
pub struct Turn<'a, R, C: Commit<R>> {
    ordered: Option<&'a Ordered<R, C>>,
    index: u64,
}

impl<R, C: Commit<R>> std::fmt::Debug for Turn<'_, R, C> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Turn")
            .field("index", &self.index)
            .finish_non_exhaustive()
    }
}

impl<'a, R, C: Commit<R>> Turn<'a, R, C> {
    /// The position of the task in claim order, from 0.
    pub fn index(&self) -> u64 {
        self.index
    }

    /// Leaves the result to be committed at its place, and returns at once
    /// unless this is the place to commit it and others that wait behind it.
    pub fn deposit(mut self, result: R) {
        let Some(ordered) = self.ordered.take() else {
            return;
        };
        let mut inner = ordered.lock();
        let place = (self.index - inner.next) as usize;
        while inner.parked.len() <= place {
            inner.parked.push_back(None);
        }
        inner.parked[place] = Some(result);
        ordered.drain(inner);
    }

    /// Waits until everything before this task is committed and gives the
    /// committer into the caller's hands; `None` once the run has stopped.
    pub fn take(mut self) -> Option<CommitGuard<'a, R, C>> {
        let ordered = self.ordered.take()?;
        let mut inner = ordered.lock();
        loop {
            if ordered.stop.is_set() {
                return None;
            }
            if inner.next == self.index
                && let Some(committer) = inner.committer.take()
            {
                return Some(CommitGuard {
                    ordered,
                    committer: Some(committer),
                });
            }
            inner = ordered.wait(inner);
        }
    }
}

impl<R, C: Commit<R>> Drop for Turn<'_, R, C> {
    fn drop(&mut self) {
        if let Some(ordered) = self.ordered {
            ordered.end();
        }
    }
}

/// The committer, held by the worker whose turn it is.
///
/// Dropping it without [`finish`](CommitGuard::finish) stops the run.
pub struct CommitGuard<'a, R, C: Commit<R>> {
    ordered: &'a Ordered<R, C>,
    committer: Option<C>,
}

impl<R, C: Commit<R> + std::fmt::Debug> std::fmt::Debug for CommitGuard<'_, R, C> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Held").field(&self.committer).finish()
    }
}

impl<R, C: Commit<R>> CommitGuard<'_, R, C> {
    /// Gives the committer back; the next result is committed.
    pub fn finish(mut self, flow: Flow) {
        self.put_back(flow);
    }

    fn put_back(&mut self, flow: Flow) {
        let Some(committer) = self.committer.take() else {
            return;
        };
        let mut inner = self.ordered.lock();
        inner.committer = Some(committer);
        inner.next += 1;
        // This task parked nothing: its slot, if later ones made it, goes.
        let slot = inner.parked.pop_front();
        debug_assert!(
            !matches!(slot, Some(Some(_))),
            "a held turn has no parked result"
        );
        if flow == Flow::Stop {
            self.ordered.stop.set();
        }
        self.ordered.wake(&inner);
        self.ordered.drain(inner);
    }
}

impl<R, C: Commit<R>> Drop for CommitGuard<'_, R, C> {
    fn drop(&mut self) {
        self.put_back(Flow::Stop);
    }
}

impl<R, C: Commit<R>> Deref for CommitGuard<'_, R, C> {
    type Target = C;

    fn deref(&self) -> &C {
        self.committer.as_ref().expect("held until it is put back")
    }
}

impl<R, C: Commit<R>> DerefMut for CommitGuard<'_, R, C> {
    fn deref_mut(&mut self) -> &mut C {
        self.committer.as_mut().expect("held until it is put back")
    }
}
