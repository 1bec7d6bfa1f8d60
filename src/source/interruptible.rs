//! Reads a descriptor without being caught in the read.

use std::{
    fs::File,
    io::{self, Read},
    os::fd::AsFd,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    io::Errno,
};

use crate::exec::Stop;

/// How long a reader may not notice that it should stop.
const PATIENCE: Duration = Duration::from_millis(100);

/// How long a pause must be to count as one: a writer that is only being
/// scheduled is back sooner.
const PAUSE: Duration = Duration::from_millis(2);

/// A descriptor that is waited for before it is read, so that waiting can be
/// ended and asked about.
///
/// Its flags are left as they are, blocking or not: those of standard input
/// belong to whoever started us, too.
#[derive(Debug)]
pub(super) struct InterruptibleReader {
    file: File,
    stop: Mutex<Stop>,
}

impl InterruptibleReader {
    pub(super) fn new(file: File) -> InterruptibleReader {
        InterruptibleReader {
            file,
            stop: Mutex::new(Stop::new()),
        }
    }

    /// Makes reads end, as at the end of input, once `stop` is set.
    pub(super) fn set_stop(&self, stop: Stop) {
        *self.stop.lock().unwrap_or_else(PoisonError::into_inner) = stop;
    }

    /// True if bytes, or the end, are there now or in a moment.
    pub(super) fn more_soon(&self) -> bool {
        wait(&self.file, PAUSE).unwrap_or(true)
    }

    fn stopped(&self) -> bool {
        self.stop
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .is_set()
    }
}

/// Reads a [`InterruptibleReader`] that others ask about meanwhile.
#[derive(Debug)]
pub(super) struct TapReader(pub(super) Arc<InterruptibleReader>);

impl Read for TapReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let tap = &*self.0;
        while !tap.stopped() {
            if !wait(&tap.file, PATIENCE)? {
                continue;
            }
            match (&tap.file).read(buffer) {
                // Somebody else who reads the same pipe was faster.
                Err(e) if e.kind() == io::ErrorKind::WouldBlock => {}
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                other => return other,
            }
        }
        Ok(0)
    }
}

/// Waits until there is something to read, or the end; false if neither came
/// in time or a signal did.
pub(super) fn wait(fd: impl AsFd, timeout: Duration) -> io::Result<bool> {
    let mut fds = [PollFd::new(&fd, PollFlags::IN)];
    let timeout = Timespec {
        tv_sec: timeout.as_secs().try_into().unwrap_or(i64::MAX),
        tv_nsec: timeout.subsec_nanos().into(),
    };
    match poll(&mut fds, Some(&timeout)) {
        Ok(ready) => Ok(ready > 0),
        Err(Errno::INTR) => Ok(false),
        Err(e) => Err(e.into()),
    }
}
