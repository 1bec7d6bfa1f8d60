//! How far a run has come, on standard error.
//!
//! Workers add to one counter; a thread of its own looks at it ten times a
//! second. It starts to show something after half a second, so that what is
//! quick never flickers. On a terminal that is a bar; elsewhere, where it was
//! asked for, a line every second.

use std::{
    io::IsTerminal as _,
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    thread::JoinHandle,
    time::{Duration, Instant},
};

use indicatif::{HumanBytes, ProgressBar, ProgressDrawTarget, ProgressStyle};
use swathe::progress::Progress;

use crate::{cli::reading::When, messages};

/// Before anything is shown.
const DELAY: Duration = Duration::from_millis(500);
/// Between two looks at the counter.
const TICK: Duration = Duration::from_millis(100);
/// Between two lines, where there is no terminal.
const LINE: Duration = Duration::from_secs(1);

/// Counts bytes and shows them; clones share the count.
#[derive(Clone)]
pub(crate) struct Meter(Arc<Shared>);

struct Shared {
    done: AtomicU64,
    state: Mutex<State>,
    ended: Condvar,
}

#[derive(Default)]
struct State {
    ended: bool,
    bar: Option<ProgressBar>,
    thread: Option<JoinHandle<()>>,
}

/// What a meter is told at the start.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MeterOptions {
    pub(crate) when: When,
    /// Bytes there are to read, where all sizes are known.
    pub(crate) total: Option<u64>,
    /// Results are shown on this terminal while the bar would be.
    pub(crate) results_on_terminal: bool,
}

impl MeterOptions {
    fn is_shown(self, stderr_is_terminal: bool) -> bool {
        match self.when {
            When::Always => true,
            When::Never => false,
            When::Auto => stderr_is_terminal && !self.results_on_terminal,
        }
    }
}

impl Meter {
    /// Starts to count, and to show the count if that is wanted.
    pub(crate) fn start(options: MeterOptions) -> Meter {
        let shared = Arc::new(Shared {
            done: AtomicU64::new(0),
            state: Mutex::default(),
            ended: Condvar::new(),
        });
        let terminal = std::io::stderr().is_terminal();
        if options.is_shown(terminal) {
            let watched = Arc::clone(&shared);
            // Without a thread to spare there is no progress to see, that is all.
            shared.lock().thread = std::thread::Builder::new()
                .name("swathe-progress".to_string())
                .spawn(move || watched.show(options.total, terminal))
                .ok();
        }
        Meter(shared)
    }

    /// Writes to the terminal with the bar out of the way.
    pub(crate) fn beside(&self, write: impl FnOnce()) {
        let state = self.0.lock();
        match &state.bar {
            Some(bar) => bar.suspend(write),
            None => write(),
        }
    }

    /// Removes what is shown. For good.
    pub(crate) fn end(&self) {
        let mut state = self.0.lock();
        state.ended = true;
        if let Some(bar) = state.bar.take() {
            bar.finish_and_clear();
        }
        let thread = state.thread.take();
        drop(state);
        self.0.ended.notify_all();
        if let Some(thread) = thread {
            let _ = thread.join();
        }
    }
}

impl Progress for Meter {
    fn advance(&self, bytes: u64) {
        self.0.done.fetch_add(bytes, Ordering::Relaxed);
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn show(&self, total: Option<u64>, terminal: bool) {
        let started = Instant::now();
        let Some(mut state) = self.pause(self.lock(), DELAY) else {
            return;
        };
        if terminal {
            state.bar = Some(bar(total, started.elapsed()));
        }
        loop {
            let done = self.done.load(Ordering::Relaxed);
            match &state.bar {
                Some(bar) => bar.set_position(total.map_or(done, |total| done.min(total))),
                None => messages::say(None, line(done, total, started.elapsed())),
            }
            let pause = if terminal { TICK } else { LINE };
            match self.pause(state, pause) {
                Some(next) => state = next,
                None => return,
            }
        }
    }

    /// Waits; nothing comes back once all has ended.
    fn pause<'s>(
        &'s self,
        state: MutexGuard<'s, State>,
        duration: Duration,
    ) -> Option<MutexGuard<'s, State>> {
        let (state, _) = self
            .ended
            .wait_timeout_while(state, duration, |state| !state.ended)
            .unwrap_or_else(PoisonError::into_inner);
        (!state.ended).then_some(state)
    }
}

fn bar(total: Option<u64>, elapsed: Duration) -> ProgressBar {
    let (template, fallback) = match total {
        Some(_) => (
            "{wide_bar} {bytes}/{total_bytes}  {bytes_per_sec}  {eta} left",
            ProgressStyle::default_bar(),
        ),
        None => (
            "{spinner} {bytes}  {bytes_per_sec}  {elapsed}",
            ProgressStyle::default_spinner(),
        ),
    };
    let style = fallback.clone().template(template).unwrap_or(fallback);
    ProgressBar::with_draw_target(total, ProgressDrawTarget::stderr())
        .with_style(style)
        .with_elapsed(elapsed)
}

fn line(done: u64, total: Option<u64>, elapsed: Duration) -> String {
    let millis = elapsed.as_millis().max(1);
    let rate = u128::from(done) * 1000 / millis;
    let rate = HumanBytes(u64::try_from(rate).unwrap_or(u64::MAX));
    match total {
        Some(total) => format!("{} of {}, {rate}/s", HumanBytes(done), HumanBytes(total)),
        None => format!("{}, {rate}/s", HumanBytes(done)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn when_it_is_shown() {
        for (when, results_on_terminal, stderr_is_terminal, want) in [
            (When::Auto, false, true, true),
            (When::Auto, true, true, false),
            (When::Auto, false, false, false),
            (When::Always, true, false, true),
            (When::Never, false, true, false),
        ] {
            let options = MeterOptions {
                when,
                total: None,
                results_on_terminal,
            };
            assert_eq!(options.is_shown(stderr_is_terminal), want, "{options:?}");
        }
    }

    #[test]
    fn the_line() {
        let second = Duration::from_secs(1);
        assert_eq!(
            line(1024, Some(4096), second),
            "1.00 KiB of 4.00 KiB, 1.00 KiB/s"
        );
        assert_eq!(line(1024, None, second), "1.00 KiB, 1.00 KiB/s");
    }
}
