//! Results are committed in order, each once, and nobody waits for ever, however threads
//! are interleaved: `exec/ordered.rs` over a model of threads that chooses at each step
//! which of them goes on (the crate shuttle).

#![allow(
    unreachable_pub,
    dead_code,
    reason = "sources of the library, of which a part is tested here"
)]

use std::sync::Arc;

use shuttle::{check_random, thread};

#[path = "../../src/exec/ordered.rs"]
mod ordered;
#[path = "../../src/exec/stop.rs"]
mod stop;

/// What `exec/sync.rs` is in the library.
mod sync {
    pub(super) use std::sync::PoisonError;

    pub(super) use shuttle::sync::{
        Arc, Condvar, Mutex, MutexGuard,
        atomic::{AtomicBool, Ordering},
    };
}

use ordered::{Commit, Flow, Ordered};
pub use stop::Stop;

/// How many interleavings are tried of each case.
const TRIES: usize = 2000;

/// What was committed, and after how many results it has enough.
struct Committed(Vec<u64>, usize);

impl Commit<u64> for Committed {
    fn commit(&mut self, result: u64) -> Flow {
        self.0.push(result);
        if self.0.len() == self.1 {
            Flow::Stop
        } else {
            Flow::Continue
        }
    }
}

/// What a thread does with a task.
#[derive(Clone, Copy, Debug)]
enum Does {
    Deposit,
    /// Waits for its turn, and commits itself.
    Take,
    /// Fails: its turn is dropped.
    Drop,
}

/// Has three threads do tasks by `does`, in every way that is tried.
fn run(tasks: u64, window: u64, enough: usize, does: fn(u64) -> Does) {
    let body = move || {
        let stop = Stop::new();
        let committed = Committed(Vec::new(), enough);
        let ordered = Arc::new(Ordered::new(committed, window, stop.clone()));
        let next = Arc::new(shuttle::sync::Mutex::new(0));
        let work = |ordered: Arc<Ordered<u64, Committed>>, next: Arc<shuttle::sync::Mutex<u64>>| {
            move || loop {
                // As the executor claims: room first, then the task, under one lock.
                let mut claims = next.lock().unwrap();
                if *claims == tasks || !ordered.wait_for_room(*claims) {
                    return;
                }
                let task = *claims;
                *claims += 1;
                drop(claims);
                let turn = ordered.turn(task);
                match does(task) {
                    Does::Deposit => turn.deposit(task),
                    Does::Take => {
                        let Some(mut held) = turn.take() else { return };
                        let flow = held.commit(task);
                        held.finish(flow);
                    }
                    Does::Drop => drop(turn),
                }
            }
        };
        let threads: Vec<_> = (0..3)
            .map(|_| thread::spawn(work(ordered.clone(), next.clone())))
            .collect();
        for thread in threads {
            thread.join().unwrap();
        }
        let ordered = Arc::into_inner(ordered).expect("all threads are done");
        let committed = ordered.into_committer().0;
        let in_order = committed.iter().copied().eq(0..committed.len() as u64);
        assert!(in_order, "{committed:?}");
        if !stop.is_set() {
            assert_eq!(committed.len() as u64, tasks);
        } else if (0..tasks).all(|task| !matches!(does(task), Does::Drop)) {
            assert_eq!(committed.len(), enough);
        }
    };
    check_random(body, TRIES);
}

#[test]
fn results_are_in_order_however_threads_are_interleaved() {
    for window in [1, 2, 6] {
        run(6, window, usize::MAX, |_| Does::Deposit);
        run(6, window, usize::MAX, |_| Does::Take);
        run(6, window, usize::MAX, |task| match task % 2 {
            0 => Does::Take,
            _ => Does::Deposit,
        });
    }
}

#[test]
fn a_run_that_has_enough_commits_nothing_more() {
    for enough in [1, 3] {
        run(6, 2, enough, |_| Does::Deposit);
        run(6, 2, enough, |task| match task % 3 {
            0 => Does::Take,
            _ => Does::Deposit,
        });
    }
}

#[test]
fn nobody_waits_for_a_task_that_failed() {
    for window in [1, 2, 6] {
        run(6, window, usize::MAX, |task| match task {
            2 => Does::Drop,
            1 | 4 => Does::Take,
            _ => Does::Deposit,
        });
    }
}
