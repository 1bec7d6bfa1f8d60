//! Standard output: bytes leave in large pieces, and whole lines.
//!
//! [`Output`] is a buffer over the file descriptor, behind a lock, so that
//! the thread that watches for signals can close it at the end of a line.
//! The standard library's own handle would look for a line end in every
//! piece and hold back what follows it.

use std::{
    borrow::Cow,
    io::{self, IsTerminal as _, Write},
    os::fd::AsFd as _,
    sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError},
};

use memchr::memrchr;
use swathe::{harmless, source::widen_pipe};

use crate::closed;

/// Smaller writes are gathered up to this many bytes. ripgrep, grep and cat
/// write 64 to 128 KiB at a time; larger gains nothing measurable.
const CAPACITY: usize = 64 << 10;

/// When bytes leave.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Policy {
    /// With every line.
    Lines,
    /// When the buffer is full, and when the writer flushes.
    Blocks,
    /// When the buffer is full.
    FullBlocks,
}

/// A handle of the output; clones share it.
#[derive(Clone)]
pub(crate) struct Output(Arc<Mutex<Buffer>>);

struct Buffer {
    sink: Box<dyn Write + Send>,
    policy: Policy,
    /// What ends a line.
    terminator: u8,
    held: Vec<u8>,
    /// The last byte that left did not end a line.
    inside_line: bool,
    /// What is done for a terminal.
    shown: Shown,
}

/// How what is written is kept from driving a terminal. Files and pipes get the bytes
/// as they are.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Shown {
    /// The writer sees to that, or has nothing that comes from an input.
    AsWritten,
    /// With escapes for what a terminal would obey.
    Text,
    /// Text whose harmful characters are escaped as JSON escapes them.
    Json,
}

impl Shown {
    /// What is written for these bytes.
    fn of(self, bytes: &[u8]) -> Cow<'_, [u8]> {
        match self {
            Shown::AsWritten => Cow::Borrowed(bytes),
            Shown::Text => harmless::shown(bytes),
            Shown::Json => harmless::shown_json(bytes),
        }
    }
}

impl Output {
    /// Standard output.
    pub(crate) fn stdout(policy: Policy, terminator: u8, shown: Shown) -> Output {
        widen_pipe(io::stdout());
        let shown = if is_terminal() {
            shown
        } else {
            Shown::AsWritten
        };
        Output::new(Stdout, policy, terminator, shown)
    }

    fn new(
        sink: impl Write + Send + 'static,
        policy: Policy,
        terminator: u8,
        shown: Shown,
    ) -> Output {
        Output(Arc::new(Mutex::new(Buffer {
            sink: Box::new(sink),
            policy,
            terminator,
            held: Vec::new(),
            inside_line: false,
            shown,
        })))
    }

    /// Writes all that is held, whatever the policy.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(crate) fn finish(&self) -> io::Result<()> {
        self.lock().release_all()
    }

    /// Tries to end the output at the end of a line: writes the whole lines
    /// that are held and, if what has left then ends a line, lets nobody write
    /// for as long as the guard lives.
    pub(crate) fn close_at_line_end(&self) -> Option<impl Sized + '_> {
        let mut buffer = self.lock();
        let written = buffer.release_lines();
        // A reader that is gone does not miss the rest of a line.
        (written.is_err() || !buffer.inside_line).then_some(buffer)
    }

    /// Whether somebody is writing: for long, if what is written is not read.
    pub(crate) fn is_writing(&self) -> bool {
        matches!(self.0.try_lock(), Err(TryLockError::WouldBlock))
    }

    fn lock(&self) -> MutexGuard<'_, Buffer> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut buffer = self.lock();
        let shown = buffer.shown.of(bytes);
        buffer.put(&shown)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let mut buffer = self.lock();
        match buffer.policy {
            Policy::FullBlocks => Ok(()),
            Policy::Lines | Policy::Blocks => buffer.release_all(),
        }
    }
}

impl Buffer {
    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        if self.held.len() + bytes.len() > CAPACITY {
            self.release_all()?;
        }
        if bytes.len() >= CAPACITY {
            let sent = self.sink.write_all(bytes);
            self.note_sent(bytes.last().copied(), sent)?;
        } else {
            self.held.extend_from_slice(bytes);
        }
        match self.policy {
            Policy::Lines => self.release_lines(),
            Policy::Blocks | Policy::FullBlocks => Ok(()),
        }
    }

    fn release_all(&mut self) -> io::Result<()> {
        self.release(self.held.len())
    }

    fn release_lines(&mut self) -> io::Result<()> {
        match memrchr(self.terminator, &self.held) {
            Some(end) => self.release(end + 1),
            None => Ok(()),
        }
    }

    /// Writes the first `end` bytes that are held. They are gone even if that
    /// fails: what part of them was written is not known.
    fn release(&mut self, end: usize) -> io::Result<()> {
        let bytes = &self.held[..end];
        let last = bytes.last().copied();
        let sent = self.sink.write_all(bytes);
        self.held.drain(..end);
        self.note_sent(last, sent)
    }

    fn note_sent(&mut self, last: Option<u8>, sent: io::Result<()>) -> io::Result<()> {
        if let Some(last) = last {
            self.inside_line = sent.is_err() || last != self.terminator;
        }
        sent
    }
}

/// What is said of a standard output that nobody can read.
const CLOSED: &str = "is closed, so what there is to print is lost (redirect it to a file)";

/// File descriptor 1, without a buffer.
struct Stdout;

impl Write for Stdout {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if closed::stdout() {
            return Err(io::Error::other(CLOSED));
        }
        loop {
            let stdout = io::stdout();
            match rustix::io::write(stdout.as_fd(), bytes) {
                // Somebody who shares the descriptor made it non-blocking.
                Err(rustix::io::Errno::AGAIN) => {
                    let event = rustix::event::PollFlags::OUT;
                    let mut ready = [rustix::event::PollFd::new(&stdout, event)];
                    rustix::event::poll(&mut ready, None)
                        .map(drop)
                        .or_else(retry)?;
                }
                Err(rustix::io::Errno::INTR) => {}
                other => return other.map_err(io::Error::from),
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn retry(error: rustix::io::Errno) -> rustix::io::Result<()> {
    match error {
        rustix::io::Errno::INTR => Ok(()),
        other => Err(other),
    }
}

/// True if standard output is a terminal.
pub(crate) fn is_terminal() -> bool {
    io::stdout().is_terminal()
}

/// The device and inode of standard output if it is a regular file.
pub(crate) fn identity() -> Option<(u64, u64)> {
    identity_of(io::stdout().as_fd())
}

/// The device and inode of an open file if it is a regular one.
pub(crate) fn identity_of(file: std::os::fd::BorrowedFd<'_>) -> Option<(u64, u64)> {
    let stat = rustix::fs::fstat(file).ok()?;
    rustix::fs::FileType::from_raw_mode(stat.st_mode)
        .is_file()
        .then_some((stat.st_dev, stat.st_ino))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Clone, Default)]
    struct Sent(Arc<Mutex<Vec<Vec<u8>>>>);

    impl Sent {
        fn pieces(&self) -> Vec<Vec<u8>> {
            std::mem::take(&mut self.0.lock().unwrap())
        }
    }

    impl Write for Sent {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().push(bytes.to_vec());
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn output(policy: Policy) -> (Output, Sent) {
        let sent = Sent::default();
        (
            Output::new(sent.clone(), policy, b'\n', Shown::AsWritten),
            sent,
        )
    }

    #[test]
    fn policies() {
        let none: Vec<Vec<u8>> = vec![];
        for (policy, written, flushed) in [
            (Policy::Lines, vec![b"a\nb\n".to_vec()], vec![b"c".to_vec()]),
            (Policy::Blocks, none.clone(), vec![b"a\nb\nc".to_vec()]),
            (Policy::FullBlocks, none.clone(), none.clone()),
        ] {
            let (mut output, sent) = output(policy);
            output.write_all(b"a\nb\nc").unwrap();
            assert_eq!(sent.pieces(), written, "{policy:?}");
            output.flush().unwrap();
            assert_eq!(sent.pieces(), flushed, "{policy:?}");
            output.finish().unwrap();
            let rest = (policy == Policy::FullBlocks).then(|| b"a\nb\nc".to_vec());
            assert_eq!(sent.pieces(), rest.into_iter().collect::<Vec<_>>());
        }
    }

    #[test]
    fn large_writes_pass_by_and_order_is_kept() {
        let (mut output, sent) = output(Policy::Blocks);
        let large = vec![b'x'; CAPACITY];
        output.write_all(b"first").unwrap();
        output.write_all(&large).unwrap();
        output.write_all(b"last").unwrap();
        output.finish().unwrap();
        assert_eq!(sent.pieces(), [b"first".to_vec(), large, b"last".to_vec()]);
    }

    #[test]
    fn small_writes_are_gathered() {
        let (mut output, sent) = output(Policy::Blocks);
        for _ in 0..10_000 {
            output.write_all(b"ten bytes\n").unwrap();
        }
        output.finish().unwrap();
        let pieces = sent.pieces();
        assert_eq!(pieces.concat(), b"ten bytes\n".repeat(10_000));
        assert_eq!(pieces.len(), 2);
    }

    #[test]
    fn closing_leaves_whole_lines() {
        for (write, flush, whole) in [
            ("a\nbc", false, Some("a\n")),
            ("", false, Some("")),
            ("abc", false, Some("")),
            ("a\nbc", true, None),
        ] {
            let (mut output, sent) = output(Policy::Blocks);
            output.write_all(write.as_bytes()).unwrap();
            if flush {
                output.flush().unwrap();
            }
            let closed = output.close_at_line_end().is_some();
            assert_eq!(closed, whole.is_some(), "{write:?}");
            if let Some(whole) = whole {
                assert_eq!(sent.pieces().concat(), whole.as_bytes());
            }
            output.write_all(b"d\n").unwrap();
            assert!(output.close_at_line_end().is_some());
            assert_eq!(sent.pieces().concat().last(), Some(&b'\n'));
        }
    }
}
