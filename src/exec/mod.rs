//! Where chunks run: many at once, their effects in order.
//!
//! [`Executor::run`] is the one place where threads exist. Each worker claims
//! the next task from one counter, scans it, and hands the result in through
//! its [`Turn`]. Results are committed strictly in claim order by whichever
//! worker completes the front: there is no channel, no consumer thread and no
//! waiting for a slow neighbour until the window is full.
//!
//! Two invariants keep it free of deadlock. The lowest outstanding task never
//! waits for anything but its own scan, because its turn is always next; and
//! a worker waits for room in the window only *before* it claims, so it never
//! holds a task that others wait for.
//!
//! A panic, in whatever is run here, stops the run and wakes all who wait, and then
//! goes on in who called [`Executor::run`].
//!
//! Memory is bounded by `window` results. What a single result may hold is the
//! scanner's business: one that grows too large calls [`Turn::take`], waits
//! until every earlier task is committed, and goes on with the committer in
//! its own hands, writing in pieces.
//!
//! Deliberately not here: what a task, a result or a commit is.

mod ordered;
#[cfg(test)]
pub(crate) mod panics;
mod prefix_sum;
mod stop;
mod sync;

pub use ordered::{Commit, CommitGuard, Flow, Turn};
pub use prefix_sum::{Add, LineCounts, PrefixSum};
pub use stop::Stop;

use std::sync::{Mutex, OnceLock};

use ordered::Ordered;

use crate::error::Result;

/// Runs tasks on a number of threads and commits their results in order.
///
/// Build it once and use it for every source: the threads are started by the
/// first run that has more than one task.
#[derive(Debug)]
pub struct Executor {
    threads: usize,
    window: usize,
    /// `None` where no thread can be had.
    pool: OnceLock<Option<rayon::ThreadPool>>,
}

impl Executor {
    /// An executor that uses this many threads, at least one.
    pub fn new(threads: usize) -> Executor {
        let threads = threads.max(1);
        Executor {
            threads,
            window: threads * 2,
            pool: OnceLock::new(),
        }
    }

    /// An executor with room for so many results for each thread, at least two: for
    /// tasks that are over sooner than a thread is woken.
    #[must_use]
    pub fn with_window(self, results: usize) -> Executor {
        Executor {
            window: self.threads * results.max(2),
            ..self
        }
    }

    /// How many threads a run may use.
    pub fn threads(&self) -> usize {
        self.threads
    }

    /// How many results may wait for their turn.
    ///
    /// Twice the threads unless it was said otherwise: enough that a worker goes on
    /// while another is held up for one chunk, small enough that memory does not
    /// depend on luck.
    pub fn window(&self) -> usize {
        self.window
    }

    /// Claims tasks until there are none, scans them, commits in claim order.
    ///
    /// `claim` runs under a lock, in order, and may block (a pipe). `worker`
    /// makes what each thread keeps between tasks. `scan` must end by giving
    /// its [`Turn`] a result or by taking it; a turn that is dropped stops the
    /// run. The committer is handed back when all is done or `stop` was set.
    ///
    /// # Errors
    /// When the threads cannot be started.
    ///
    /// # Panics
    /// When one of those it is given panics: the run is stopped, nothing more is
    /// committed, and once all threads have ended the panic goes on here.
    pub fn run<T, R, C, W>(
        &self,
        stop: &Stop,
        mut claim: impl FnMut() -> Option<T> + Send,
        worker: impl Fn() -> W + Sync,
        scan: impl Fn(&mut W, T, Turn<'_, R, C>) + Sync,
        committer: C,
    ) -> Result<C>
    where
        T: Send,
        R: Send,
        C: Commit<R> + Send,
    {
        let ordered = Ordered::new(committer, self.window() as u64, stop.clone());
        // The first task runs here: a small file never starts a thread, and
        // what a pipe has brought so far is out before we wait for more.
        let mut local = worker();
        let mut index = 0;
        let inline = if self.threads == 1 { u64::MAX } else { 1 };
        while index < inline && !stop.is_set() {
            let Some(task) = claim() else {
                return Ok(ordered.into_committer());
            };
            scan(&mut local, task, ordered.turn(index));
            index += 1;
        }
        drop(local);
        if stop.is_set() {
            return Ok(ordered.into_committer());
        }
        let Some(second) = claim() else {
            return Ok(ordered.into_committer());
        };

        let claims = Mutex::new((index, Some(second), claim));
        let work = || {
            let _guard = ordered.guard();
            let mut state = worker();
            loop {
                // What has panicked is not asked for more.
                let Ok(mut claims) = claims.lock() else {
                    return;
                };
                if !ordered.wait_for_room(claims.0) {
                    return;
                }
                let task = match claims.1.take() {
                    Some(task) => task,
                    None => match (claims.2)() {
                        Some(task) => task,
                        None => return,
                    },
                };
                let index = claims.0;
                claims.0 += 1;
                drop(claims);
                scan(&mut state, task, ordered.turn(index));
            }
        };
        match self.pool() {
            Some(pool) => drop(pool.broadcast(|_| work())),
            None => work(),
        }
        Ok(ordered.into_committer())
    }

    /// How many threads there are, if a run has needed them: fewer than asked for where
    /// the system has no more.
    pub fn started(&self) -> Option<usize> {
        let pool = self.pool.get()?;
        Some(
            pool.as_ref()
                .map_or(1, rayon::ThreadPool::current_num_threads),
        )
    }

    /// As many threads as can be had, up to those asked for.
    fn pool(&self) -> Option<&rayon::ThreadPool> {
        let build = |threads| {
            let builder = rayon::ThreadPoolBuilder::new().num_threads(threads);
            let builder = builder.thread_name(|i| format!("swathe-{i}"));
            builder.build().ok()
        };
        let halves = std::iter::successors(Some(self.threads), |&threads| Some(threads / 2));
        let fewer = || halves.take_while(|&threads| threads > 1).find_map(build);
        self.pool.get_or_init(fewer).as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Collect(Vec<u64>, u64);

    impl Commit<u64> for Collect {
        fn commit(&mut self, result: u64) -> Flow {
            self.0.push(result);
            if self.0.len() as u64 == self.1 {
                Flow::Stop
            } else {
                Flow::Continue
            }
        }
    }

    fn tasks(n: u64) -> impl FnMut() -> Option<u64> + Send {
        let mut next = 0;
        move || {
            next += 1;
            (next <= n).then_some(next - 1)
        }
    }

    #[test]
    fn results_are_committed_in_claim_order() {
        for threads in [1, 2, 3, 8] {
            for n in [0, 1, 2, 3, 500] {
                let exec = Executor::new(threads);
                let got = exec
                    .run(
                        &Stop::new(),
                        tasks(n),
                        || (),
                        |(), task, turn| {
                            if task % 7 == 0 {
                                std::thread::yield_now();
                            }
                            if task % 5 == 3 {
                                let Some(mut held) = turn.take() else { return };
                                let flow = held.commit(task);
                                held.finish(flow);
                            } else {
                                turn.deposit(task);
                            }
                        },
                        Collect(vec![], u64::MAX),
                    )
                    .unwrap();
                assert_eq!(got.0, (0..n).collect::<Vec<_>>(), "threads {threads}");
            }
        }
    }

    #[test]
    fn stop_ends_all_workers_and_commits_nothing_more() {
        for threads in [1, 2, 8] {
            let exec = Executor::new(threads);
            let got = exec
                .run(
                    &Stop::new(),
                    tasks(u64::MAX),
                    || (),
                    |(), task, turn| turn.deposit(task),
                    Collect(vec![], 10),
                )
                .unwrap();
            assert_eq!(got.0, (0..10).collect::<Vec<_>>());
        }
    }

    #[test]
    fn without_a_thread_to_be_had_all_runs_on_the_one_there_is() {
        let exec = Executor {
            pool: OnceLock::from(None),
            ..Executor::new(8)
        };
        let here = std::thread::current().id();
        let got = exec.run(
            &Stop::new(),
            tasks(100),
            || (),
            |(), task, turn| {
                assert_eq!(std::thread::current().id(), here);
                turn.deposit(task);
            },
            Collect(vec![], u64::MAX),
        );
        assert_eq!(got.unwrap().0, (0..100).collect::<Vec<_>>());
        assert_eq!(exec.started(), Some(1));
        let exec = Executor::new(3);
        assert_eq!(exec.started(), None);
        assert!(exec.pool().is_some());
        assert_eq!(exec.started(), Some(3));
    }

    #[test]
    fn a_child_ends_with_its_parent_and_not_the_other_way() {
        let parent = Stop::new();
        let (one, two) = (parent.child(), parent.child());
        one.set();
        assert!(one.is_set() && !two.is_set() && !parent.is_set());
        let alone = two.apart();
        parent.set();
        assert!(two.is_set() && !alone.is_set());
        two.set();
        assert!(alone.is_set());
    }
}
