//! Ctrl-C and SIGTERM: the run ends, with whole lines.
//!
//! The main thread is asked to stop and normally ends the process itself. It
//! may be held up (by a pipe that brings nothing, by a line of gigabytes);
//! then a thread ends the process, between two lines if one ends soon. Where an answer
//! comes of what was read so far, that is waited for, unless nobody takes it. A second
//! signal ends the process at once.

use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicI32, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use signal_hook::{
    consts::{SIGINT, SIGTERM, SIGXFSZ},
    flag,
    iterator::Signals,
};
use swathe::exec::Stop;

use crate::{messages, output::Output, progress::Meter};

/// What the main thread gets to end by itself. Short, since a person waits.
const GRACE: Duration = Duration::from_millis(100);
/// When the process ends at the latest.
const LIMIT: Duration = Duration::from_millis(500);
/// Between two looks whether a line has ended.
const STEP: Duration = Duration::from_millis(5);
/// For how long an answer may be held up by who reads it.
const PATIENCE: Duration = Duration::from_secs(2);
/// What follows a signal sooner is the same interrupt: `timeout` sends its signal to
/// the process and then to its group.
const SAME: Duration = Duration::from_millis(250);

/// Whether the run was interrupted, and what is to be stopped if it is.
#[derive(Clone, Default)]
pub(crate) struct Interrupt(Arc<State>);

#[derive(Default)]
struct State {
    /// The signal that came; 0 for none.
    signal: AtomicI32,
    /// The signal that has come, known when it comes and not when the thread that watches for it
    /// is woken.
    come: Arc<AtomicUsize>,
    /// What stops the work at hand.
    current: Mutex<Stop>,
    /// What was read up to a signal is an answer, which is waited for.
    answers: AtomicBool,
    /// How the run ended is decided: a signal comes too late to change it.
    settled: AtomicBool,
}

impl Interrupt {
    /// Watches for signals from now on. Without a thread or a handler to
    /// spare, a signal ends the process at once, as it does any program.
    pub(crate) fn watch(output: &Output, meter: &Meter) -> Interrupt {
        let interrupt = Interrupt::default();
        for signal in [SIGINT, SIGTERM] {
            // Without it a signal may come a moment too late.
            let number = usize::try_from(signal).unwrap_or_default();
            let _ = flag::register_usize(signal, interrupt.0.come.clone(), number);
        }
        if let Ok(mut signals) = Signals::new([SIGINT, SIGTERM]) {
            let (raised, output, meter) = (interrupt.clone(), output.clone(), meter.clone());
            let watch = move || {
                let mut first: Option<Instant> = None;
                for signal in signals.forever() {
                    if raised.raise(signal) {
                        first = Some(Instant::now());
                        raised.end(signal, &output, &meter);
                    } else if first.is_some_and(|first| first.elapsed() >= SAME) {
                        exit(signal);
                    }
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
        let mut current = self.lock();
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

    /// Has an answer waited for from now on: it is made of what was read when a
    /// signal comes.
    pub(crate) fn answers(&self) {
        self.0.answers.store(true, Ordering::Release);
    }

    /// The signal that came; if none did, none changes any more how the run ends.
    pub(crate) fn settle(&self) -> Option<i32> {
        let _current = self.lock();
        let come = i32::try_from(self.0.come.load(Ordering::Acquire)).unwrap_or_default();
        if self.signal().is_none() {
            self.0.signal.store(come, Ordering::Release);
        }
        let signal = self.signal();
        let settled = signal.is_none();
        self.0.settled.fetch_or(settled, Ordering::Release);
        signal
    }

    /// Says that an answer is not about all there was to read.
    pub(crate) fn tell(&self) {
        if self.0.answers.load(Ordering::Acquire) {
            messages::say(
                None,
                "interrupted: the answer is for what was read up to then",
            );
        }
    }

    /// False if it is not the first, or comes too late.
    fn raise(&self, signal: i32) -> bool {
        // Under the lock: whoever makes a new flag then sees the signal.
        let current = self.lock();
        if self.signal().is_some() || self.0.settled.load(Ordering::Acquire) {
            return false;
        }
        self.0.signal.store(signal, Ordering::Release);
        current.set();
        true
    }

    fn lock(&self) -> MutexGuard<'_, Stop> {
        let current = self.0.current.lock();
        current.unwrap_or_else(PoisonError::into_inner)
    }

    /// Sees to it that the process ends, from a thread of its own.
    fn end(&self, signal: i32, output: &Output, meter: &Meter) {
        let (interrupt, output, meter) = (self.clone(), output.clone(), meter.clone());
        let end = move || {
            std::thread::sleep(GRACE);
            if interrupt.0.answers.load(Ordering::Acquire) {
                end_unread(signal, &output, &meter);
            }
            end(signal, &output, &meter);
        };
        if std::thread::Builder::new().spawn(end).is_err() {
            exit(signal);
        }
    }
}

/// Has a write beyond the limit on the size of files (`ulimit -f`) fail, as on a full
/// disk, and not end the process. Programs that are started have the limit as it was.
pub(crate) fn outlive_size_limit() {
    // A handler and not `SIG_IGN`, which those programs would inherit. Without one the
    // process ends there, as any does.
    let _ = flag::register(SIGXFSZ, Arc::default());
}

/// The status of a process that a signal ended, as the shell has it.
pub(crate) fn status(signal: i32) -> u8 {
    u8::try_from(128 + signal).unwrap_or(u8::MAX)
}

#[allow(clippy::exit, reason = "the main thread may never get to return")]
fn exit(signal: i32) -> ! {
    std::process::exit(i32::from(status(signal)));
}

/// Ends the process if the answer is not taken by who reads it.
fn end_unread(signal: i32, output: &Output, meter: &Meter) -> ! {
    let mut free = Instant::now();
    loop {
        std::thread::sleep(STEP * 10);
        if !output.is_writing() {
            free = Instant::now();
        } else if free.elapsed() > PATIENCE {
            meter.end();
            messages::say(None, "interrupted: nobody has read the answer");
            exit(signal);
        }
    }
}

fn end(signal: i32, output: &Output, meter: &Meter) -> ! {
    let limit = move || {
        std::thread::sleep(LIMIT.saturating_sub(GRACE));
        exit(signal);
    };
    let limited = std::thread::Builder::new().spawn(limit);
    meter.end();
    if limited.is_ok() {
        // What writes may block for ever, on a pipe that nobody reads; the
        // thread above does not.
        loop {
            if let Some(_closed) = output.close_at_line_end() {
                exit(signal);
            }
            std::thread::sleep(STEP);
        }
    }
    exit(signal);
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
        assert!(interrupt.raise(SIGTERM));
        assert!(!interrupt.raise(SIGINT));
        assert!(second.is_set());
        assert!(interrupt.stop().is_set());
        assert_eq!(interrupt.signal(), Some(SIGTERM));
        assert_eq!(interrupt.settle(), Some(SIGTERM));
    }

    #[test]
    fn a_signal_behind_the_end_changes_nothing() {
        let interrupt = Interrupt::default();
        assert_eq!(interrupt.settle(), None);
        assert!(!interrupt.raise(SIGINT));
        assert_eq!((interrupt.settle(), interrupt.signal()), (None, None));
    }

    #[test]
    fn statuses() {
        assert_eq!((status(SIGINT), status(SIGTERM)), (130, 143));
    }
}
