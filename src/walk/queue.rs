//! A bounded queue from the one who finds to the one who reads.
//!
//! Both sides sleep in long stretches: one that is held up is woken when half
//! of the queue is empty, or has something in it, and not for every single
//! item, since that costs as much as to search a small file.

use std::{
    collections::VecDeque,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
};

/// What waits at most. A name and its place are some 100 bytes.
const CAPACITY: usize = 4096;

#[derive(Debug)]
struct Shared<T> {
    /// What waits at most.
    capacity: usize,
    state: Mutex<State<T>>,
    changed: Condvar,
}

#[derive(Debug)]
struct State<T> {
    items: VecDeque<T>,
    /// No more will come, or no more is wanted.
    closed: bool,
    /// All there was to find was put in.
    finished: bool,
    full: bool,
    hungry: bool,
}

/// The side that puts in; dropping it ends the queue, [`finish`](Sender::finish) says
/// that it is whole.
#[derive(Debug)]
pub(super) struct Sender<T>(Arc<Shared<T>>);

/// The side that takes out; dropping it tells the other that it may stop.
#[derive(Debug)]
pub(super) struct Receiver<T>(Arc<Shared<T>>);

/// A queue.
pub(super) fn queue<T>() -> (Sender<T>, Receiver<T>) {
    of_capacity(CAPACITY)
}

/// A queue that is never full: for one who puts all in before any is taken out.
pub(super) fn unbounded<T>() -> (Sender<T>, Receiver<T>) {
    of_capacity(usize::MAX)
}

fn of_capacity<T>(capacity: usize) -> (Sender<T>, Receiver<T>) {
    let shared = Arc::new(Shared {
        capacity,
        state: Mutex::new(State {
            items: VecDeque::new(),
            closed: false,
            finished: false,
            full: false,
            hungry: false,
        }),
        changed: Condvar::new(),
    });
    (Sender(shared.clone()), Receiver(shared))
}

impl<T> Shared<T> {
    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'g>(&self, guard: MutexGuard<'g, State<T>>) -> MutexGuard<'g, State<T>> {
        self.changed
            .wait(guard)
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn close(&self) {
        self.lock().closed = true;
        self.changed.notify_all();
    }
}

impl<T> Sender<T> {
    /// Puts an item in, when there is room; false if nobody wants it.
    pub(super) fn send(&self, item: T) -> bool {
        let mut state = self.0.lock();
        if state.items.len() >= self.0.capacity {
            state.full = true;
            while state.full && !state.closed {
                state = self.0.wait(state);
            }
        }
        if state.closed {
            return false;
        }
        state.items.push_back(item);
        if std::mem::take(&mut state.hungry) {
            self.0.changed.notify_all();
        }
        true
    }
}

impl<T> Sender<T> {
    /// All there was to find was put in.
    pub(super) fn finish(self) {
        self.0.lock().finished = true;
    }
}

impl<T> Receiver<T> {
    /// Whether, when no more will come, that is because there is no more.
    pub(super) fn is_whole(&self) -> bool {
        self.0.lock().finished
    }

    /// Up to `most` items that are there, at least one; none when no more will
    /// come.
    pub(super) fn receive(&self, most: usize) -> Vec<T> {
        let mut state = self.0.lock();
        loop {
            if !state.items.is_empty() {
                let most = most.min(state.items.len());
                let items = state.items.drain(..most).collect();
                if state.full && state.items.len() <= self.0.capacity / 2 {
                    state.full = false;
                    self.0.changed.notify_all();
                }
                return items;
            }
            if state.closed {
                return Vec::new();
            }
            state.hungry = true;
            state = self.0.wait(state);
        }
    }
}

impl<T> Drop for Sender<T> {
    fn drop(&mut self) {
        self.0.close();
    }
}

impl<T> Drop for Receiver<T> {
    fn drop(&mut self) {
        self.0.close();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_comes_out_in_order() {
        let (sender, receiver) = queue();
        let thread = std::thread::spawn(move || (0..20_000).all(|i| sender.send(i)));
        let got: Vec<i32> = std::iter::repeat_with(|| receiver.receive(7))
            .take_while(|items| !items.is_empty())
            .flatten()
            .collect();
        assert_eq!(got, (0..20_000).collect::<Vec<_>>());
        assert!(thread.join().unwrap());
    }

    #[test]
    fn who_finds_and_panics_has_not_found_all() {
        for panics in [false, true] {
            let (sender, receiver) = queue();
            let thread = std::thread::spawn(move || {
                sender.send(1);
                assert!(!panics, "meant to");
                sender.finish();
            });
            assert_eq!(receiver.receive(7), [1]);
            assert!(receiver.receive(7).is_empty());
            assert_eq!(receiver.is_whole(), !panics);
            assert_eq!(thread.join().is_err(), panics);
        }
    }

    #[test]
    fn who_finds_ends_when_nobody_reads() {
        let (sender, receiver) = queue();
        let thread = std::thread::spawn(move || (0..1 << 20).find(|&i| !sender.send(i)));
        assert_eq!(receiver.receive(1), [0]);
        drop(receiver);
        assert!(thread.join().unwrap().is_some());
    }
}
