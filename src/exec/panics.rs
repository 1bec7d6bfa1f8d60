//! A panic at every hand-over of a run ends it, and none hangs.

use std::{sync::mpsc, time::Duration};

use super::{Commit, Executor, Flow, LineCounts, Stop, Turn};

/// How long something may take that would otherwise wait for ever.
pub(crate) const LIMIT: Duration = Duration::from_mins(1);

/// Runs something on a thread of its own, which ends with its panic if it does not
/// end by itself. True if it panicked.
pub(crate) fn panics(run: impl FnOnce() + Send + 'static) -> bool {
    let (over, wait) = mpsc::channel::<()>();
    let thread = std::thread::spawn(move || {
        let _over = over;
        run();
    });
    // Nothing is ever sent: what ends the wait in time is the end of the thread.
    let ended = wait.recv_timeout(LIMIT) == Err(mpsc::RecvTimeoutError::Disconnected);
    assert!(ended, "it hangs");
    thread.join().is_err()
}

/// Where a run panics.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Place {
    Nowhere,
    Worker,
    Claim,
    Scan,
    /// With results behind that wait for what it counts.
    Counted,
    Commit,
    /// The committer is in the hands of a worker.
    CommitGuard,
    HeldCommit,
}

struct Committer {
    place: Place,
    at: u64,
    next: u64,
}

impl Commit<u64> for Committer {
    fn commit(&mut self, result: u64) -> Flow {
        assert_eq!(result, self.next, "in order, each once");
        self.next += 1;
        assert!(self.place != Place::Commit || result != self.at, "meant to");
        Flow::Continue
    }
}

fn run(threads: usize, place: Place, at: u64, tasks: u64) {
    let stop = Stop::new();
    let executor = Executor::new(threads);
    let lines = LineCounts::new(0, executor.window(), stop.clone());
    let mut next = 0;
    let claim = move || {
        assert!(place != Place::Claim || next != at, "meant to");
        next += 1;
        (next <= tasks).then_some(next - 1)
    };
    let worker = || assert!(place != Place::Worker, "meant to");
    let scan = |(): &mut (), task: u64, turn: Turn<'_, u64, Committer>| {
        let here = task == at;
        assert!(place != Place::Scan || !here, "meant to");
        if place == Place::Counted {
            assert!(!here, "meant to");
            lines.publish(task, 1);
            if lines.wait(task).is_none() {
                return;
            }
        }
        if matches!(place, Place::CommitGuard | Place::HeldCommit) && here {
            let Some(mut held) = turn.take() else { return };
            assert!(place != Place::CommitGuard, "meant to");
            held.place = Place::Commit;
            let flow = held.commit(task);
            held.finish(flow);
        } else if task % 5 == 3 {
            let Some(mut held) = turn.take() else { return };
            let flow = held.commit(task);
            held.finish(flow);
        } else {
            turn.deposit(task);
        }
    };
    let committer = Committer { place, at, next: 0 };
    let committer = executor.run(&stop, claim, worker, scan, committer).unwrap();
    assert!(place != Place::Nowhere || committer.next == tasks);
}

#[test]
fn a_panic_ends_the_run_and_goes_on_in_its_caller() {
    use Place::{Claim, Commit, CommitGuard, Counted, HeldCommit, Nowhere, Scan, Worker};
    for place in [
        Nowhere,
        Worker,
        Claim,
        Scan,
        Counted,
        Commit,
        CommitGuard,
        HeldCommit,
    ] {
        for threads in [1, 2, 3, 8] {
            for at in [0, 1, 2, 17, 99] {
                let panicked = panics(move || run(threads, place, at, 100));
                assert_eq!(panicked, place != Nowhere, "{place:?} {threads} {at}");
            }
        }
    }
}

/// Runs within runs, as of large files among small ones.
#[test]
fn a_panic_inside_a_run_inside_a_run_ends_both() {
    for threads in [1, 2, 4] {
        let panicked = panics(move || {
            let inner = Executor::new(threads);
            let mut next = 0;
            let claim = move || {
                next += 1;
                (next <= 20).then_some(next - 1)
            };
            let scan = |(): &mut (), task: u64, turn: Turn<'_, u64, Committer>| {
                let Some(mut held) = turn.take() else { return };
                let flow = held.commit(task);
                if task == 7 {
                    let place = Place::Commit;
                    let mut next = 0;
                    let claim = move || {
                        next += 1;
                        (next <= 50).then_some(next - 1)
                    };
                    let scan = |(): &mut (), task, turn: Turn<'_, u64, Committer>| {
                        turn.deposit(task);
                    };
                    let committer = Committer {
                        place,
                        at: 30,
                        next: 0,
                    };
                    let _ = inner.run(&Stop::new(), claim, || (), scan, committer);
                }
                held.finish(flow);
            };
            let place = Place::Nowhere;
            let committer = Committer {
                place,
                at: 0,
                next: 0,
            };
            let _ = Executor::new(threads).run(&Stop::new(), claim, || (), scan, committer);
        });
        assert!(panicked, "{threads}");
    }
}
