//! What a search takes from others on the machine, and what `--gentle` leaves them.

use std::{
    hint::black_box,
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
    time::{Duration, Instant},
};

use swathe::Result;

use super::{
    child::Call,
    measure::{Bench, median},
    rows::Neighbour,
    workload::Workload,
};

/// What each thread of the neighbour goes through again and again: more than is
/// near a core, so that it notices who else wants memory.
const WORDS: usize = (8 << 20) / 8;
/// Steps of a pass, counted one by one: a short run must not fall between two.
const STEPS: usize = 64;
/// For how long it is alone.
const ALONE: Duration = Duration::from_millis(300);

/// What one run took.
struct Beside {
    seconds: f64,
    /// The neighbour's speed, through that it had alone.
    keeps: f64,
    in_cache: Option<f64>,
}

impl Bench<'_> {
    /// Searches beside a neighbour that computes on half of the cores, with and without
    /// `--gentle`. On all of them a gentle search would not end.
    ///
    /// # Errors
    /// When a run of swathe fails.
    pub(super) fn neighbours(&mut self, cores: usize, caches: &[bool]) -> Result<()> {
        let busy = (cores / 2).max(1);
        for &cold in caches {
            self.say("what a search takes from a neighbour");
            let mut taken = [Vec::new(), Vec::new()];
            for round in 0..=self.asked.runs {
                let (alone, ()) = beside(busy, || std::thread::sleep(ALONE));
                for (gentle, taken) in taken.iter_mut().enumerate() {
                    if self.session.interrupt.signal().is_some() {
                        return Ok(());
                    }
                    let one = self.beside(gentle == 1, cold, busy, alone)?;
                    // The first round does not count.
                    taken.extend((round > 0).then_some(one));
                }
            }
            for (gentle, taken) in taken.iter().enumerate() {
                let of = |what: fn(&Beside) -> f64| median(taken.iter().map(what).collect());
                let kept: Vec<f64> = taken.iter().filter_map(|one| one.in_cache).collect();
                let (seconds, keeps) = (of(|one| one.seconds), of(|one| one.keeps));
                self.neighbours.push(Neighbour {
                    cache: if cold { "cold" } else { "warm" },
                    gentle: gentle == 1,
                    seconds,
                    keeps,
                    loses_seconds: busy as f64 * seconds * (1.0 - keeps),
                    left_in_cache: (!kept.is_empty()).then(|| median(kept)),
                });
            }
        }
        Ok(())
    }

    fn beside(&mut self, gentle: bool, cold: bool, busy: usize, alone: f64) -> Result<Beside> {
        let mut call = Call::new(&self.own, &[]);
        let arguments = Workload::Rare.arguments(self.choice);
        call.arguments.extend(arguments.iter().map(Into::into));
        if gentle {
            call = call.with("--gentle");
        }
        let call = call.with("--").with(&self.file.path);
        self.prepare(cold);
        let (rate, run) = beside(busy, || Self::run(&call, Workload::Rare.may_find_nothing()));
        Ok(Beside {
            seconds: run?.wall,
            keeps: rate / alone.max(1e-9),
            in_cache: if cold { self.file.left() } else { None },
        })
    }
}

/// Does something while so many threads compute: how many steps they did in a
/// second, and what came of it.
fn beside<T>(threads: usize, work: impl FnOnce() -> T) -> (f64, T) {
    let (ended, steps) = (AtomicBool::new(false), AtomicU64::new(0));
    std::thread::scope(|scope| {
        for _ in 0..threads.max(1) {
            scope.spawn(|| compute(&ended, &steps));
        }
        // Whoever has not begun has done nothing yet.
        while steps.load(Ordering::Relaxed) < threads.max(1) as u64 {
            std::thread::yield_now();
        }
        let (start, before) = (Instant::now(), steps.load(Ordering::Relaxed));
        let done = work();
        let rate = (steps.load(Ordering::Relaxed) - before) as f64 / start.elapsed().as_secs_f64();
        ended.store(true, Ordering::Relaxed);
        (rate, done)
    })
}

fn compute(ended: &AtomicBool, steps: &AtomicU64) {
    let words = vec![1u64; WORDS];
    while !ended.load(Ordering::Relaxed) {
        for part in words.chunks(WORDS / STEPS) {
            black_box(part.iter().fold(0u64, |sum, word| sum.wrapping_add(*word)));
            steps.fetch_add(1, Ordering::Relaxed);
        }
    }
}
