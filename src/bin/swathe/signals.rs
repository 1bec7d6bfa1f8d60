//! Ctrl-C and SIGTERM: the run ends, with whole lines.
//!
//! The main thread is asked to stop and normally ends the process itself. It
//! may be held up (by a pipe that brings nothing, by a line of gigabytes);
//! then the thread here ends the process, between two lines if one ends soon.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicI32, Ordering},
    },
    time::Duration,
};

use signal_hook::{
    consts::{SIGINT, SIGTERM, SIGXFSZ},
    iterator::Signals,
};
use swathe::exec::Stop;

use crate::{output::Output, progress::Meter};

/// What the main thread gets to end by itself. Short, since a person waits.
const GRACE: Duration = Duration::from_millis(100);
/// When the process ends at the latest.
const LIMIT: Duration = Duration::from_millis(500);
/// Between two looks whether a line has ended.
const STEP: Duration = Duration::from_millis(5);

/// Whether the run was interrupted, and what is to be stopped if it is.
#[derive(Clone, Default)]
pub(crate) struct Interrupt(Arc<State>);

#[derive(Default)]
struct State {
    /// The signal that came; 0 for none.
    signal: AtomicI32,
    /// What stops the work at hand.
    current: Mutex<Stop>,
}

impl Interrupt {
    /// Watches for signals from now on. Without a thread or a handler to
    /// spare, a signal ends the process at once, as it does any program.
    pub(crate) fn watch(output: &Output, meter: &Meter) -> Interrupt {
        let interrupt = Interrupt::default();
        if let Ok(mut signals) = Signals::new([SIGINT, SIGTERM]) {
            let (raised, output, meter) = (interrupt.clone(), output.clone(), meter.clone());
            let watch = move || {
                if let Some(signal) = signals.forever().next() {
                    raised.raise(signal);
                    end(signal, &output, &meter);
                }
            };
            let _ = std::thread::Builder::new()
                .name("swathe-signals".to_string())
                .spawn(watch);
        }
        interrupt
    }

    /// A flag for the next piece of work; it is set when a signal comes, or if
    /// one has.
    pub(crate) fn stop(&self) -> Stop {
        let stop = Stop::new();
        let mut current = self
            .0
            .current
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        *current = stop.clone();
        if self.signal().is_some() {
            stop.set();
        }
        stop
    }

    /// The signal that came, if one did.
    pub(crate) fn signal(&self) -> Option<i32> {
        match self.0.signal.load(Ordering::Acquire) {
            0 => None,
            signal => Some(signal),
        }
    }

    fn raise(&self, signal: i32) {
        // Under the lock: whoever makes a new flag then sees the signal.
        let current = self
            .0
            .current
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        self.0.signal.store(signal, Ordering::Release);
        current.set();
    }
}

/// Has a write beyond the limit on the size of files (`ulimit -f`) fail, as on a full
/// disk, and not end the process. Programs that are started have the limit as it was.
pub(crate) fn outlive_size_limit() {
    // A handler and not `SIG_IGN`, which those programs would inherit. Without one the
    // process ends there, as any does.
    let _ = signal_hook::flag::register(SIGXFSZ, Arc::default());
}

/// The status of a process that a signal ended, as the shell has it.
pub(crate) fn status(signal: i32) -> u8 {
    u8::try_from(128 + signal).unwrap_or(u8::MAX)
}

#[allow(clippy::exit, reason = "the main thread may never get to return")]
fn end(signal: i32, output: &Output, meter: &Meter) {
    let status = i32::from(status(signal));
    let limit = move || {
        std::thread::sleep(LIMIT);
        std::process::exit(status);
    };
    let limited = std::thread::Builder::new().spawn(limit);
    std::thread::sleep(GRACE);
    meter.end();
    if limited.is_ok() {
        // What writes may block for ever, on a pipe that nobody reads; the
        // thread above does not.
        loop {
            if let Some(_closed) = output.close_at_line_end() {
                std::process::exit(status);
            }
            std::thread::sleep(STEP);
        }
    }
    std::process::exit(status);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signal_stops_the_work_at_hand_and_all_that_follows() {
        let interrupt = Interrupt::default();
        let (first, second) = (interrupt.stop(), interrupt.stop());
        assert!(!first.is_set() && !second.is_set());
        assert_eq!(interrupt.signal(), None);
        interrupt.raise(SIGTERM);
        assert!(second.is_set());
        assert!(interrupt.stop().is_set());
        assert_eq!(interrupt.signal(), Some(SIGTERM));
    }

    #[test]
    fn statuses() {
        assert_eq!((status(SIGINT), status(SIGTERM)), (130, 143));
    }
}
