//! Whether a file is still what it was when it was opened.
//!
//! What counts is the open file, not its name: renaming it, or putting another
//! in its place, changes nothing.
//!
//! A file that was ever seen shorter than it was has lost for good. It may
//! have been cut to nothing and be growing again (`copytruncate` and a busy
//! logger), so that bytes within its new size are new ones.
//!
//! Not found out: a file that is cut and grows beyond its old size between
//! two looks, and bytes changed through somebody else's map of the file, which
//! need not change its time.

use std::{
    fs::File,
    io,
    ops::Range,
    os::unix::fs::FileExt,
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use rustix::fs::FileType;

use super::resident::Absent;
use crate::error::ErrorKind;

/// What [`Source::verify`](super::Source::verify) found out about a source that held.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Verdict {
    /// The file has become longer since it was opened. What was added was not
    /// looked at.
    pub grew: bool,
}

/// What identifies the state of a file.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Snapshot {
    /// Bytes.
    pub(super) size: u64,
    /// Device and inode.
    pub(super) identity: (u64, u64),
    /// Time of the last change of content: seconds and nanoseconds.
    pub(super) modified: (i64, i64),
    /// It is a regular file.
    pub(super) is_file: bool,
}

impl Snapshot {
    #[allow(
        clippy::cast_sign_loss,
        clippy::cast_possible_wrap,
        clippy::cast_lossless,
        clippy::unnecessary_cast,
        reason = "the widths of these fields depend on the platform"
    )]
    fn of(file: &File) -> io::Result<Snapshot> {
        let stat = rustix::fs::fstat(file)?;
        Ok(Snapshot {
            size: stat.st_size as u64,
            identity: (stat.st_dev as u64, stat.st_ino as u64),
            modified: (stat.st_mtime as i64, stat.st_mtime_nsec as i64),
            is_file: FileType::from_raw_mode(stat.st_mode as _) == FileType::RegularFile,
        })
    }
}

/// A page of a map that was missing when it was touched.
#[derive(Clone, Copy, Debug)]
struct Missing {
    /// Its offset in the file.
    at: u64,
    /// Whether it can be read now.
    readable: bool,
}

/// What happened to a file, offsets in the file.
#[derive(Debug, Eq, PartialEq)]
enum Finding {
    Same { grew: bool },
    Shrank { to: u64 },
    Unreadable { at: u64 },
    Modified,
}

/// An open file and what it was when it was opened.
#[derive(Debug)]
pub(super) struct Watch {
    pub(super) file: File,
    pub(super) opened: Snapshot,
    /// The smallest size it was ever seen to have.
    smallest: AtomicU64,
    /// What is to be given back to the system once it was read.
    absent: Option<Absent>,
}

impl Watch {
    pub(super) fn new(file: File) -> io::Result<Watch> {
        let opened = Snapshot::of(&file)?;
        let smallest = AtomicU64::new(opened.size);
        Ok(Watch {
            file,
            opened,
            smallest,
            absent: None,
        })
    }

    /// Watches a file that was opened before, and is to be what it was then.
    pub(super) fn since(self, opened: Snapshot) -> Watch {
        Watch {
            opened,
            smallest: AtomicU64::new(opened.size),
            ..self
        }
    }

    /// Watches the file through another descriptor.
    pub(super) fn again(&self) -> io::Result<Watch> {
        Ok(Watch {
            file: self.file.try_clone()?,
            opened: self.opened,
            smallest: AtomicU64::new(self.smallest()),
            absent: None,
        })
    }

    /// Gives back to the system what is read of it, unless it is in memory
    /// now.
    pub(super) fn leave_no_trace(&mut self) {
        self.absent = Absent::of(&self.file, self.opened.size).ok();
    }

    /// These bytes of the file were read.
    pub(super) fn give_back(&self, range: Range<u64>) {
        if let Some(absent) = &self.absent {
            absent.give_back(&range);
        }
    }

    /// True unless it was seen shorter than it was when it was opened.
    pub(super) fn holds(&self) -> bool {
        // Asking costs 0.3 µs.
        self.look().is_ok() && self.smallest() >= self.opened.size
    }

    /// Fills `buffer` from `offset` on; how many bytes there were, less than
    /// asked for only where the file ends.
    pub(super) fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let mut got = 0;
        while got < buffer.len() {
            match self.file.read_at(&mut buffer[got..], offset + got as u64) {
                Ok(0) => break,
                Ok(n) => got += n,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return Err(e),
            }
        }
        Ok(got)
    }

    /// Notes that the file was found to end at `size`, and how long it is now.
    pub(super) fn ends_at(&self, size: u64) {
        self.smallest.fetch_min(size, Ordering::Relaxed);
        // Should this fail, what was noted stands.
        let _ = self.look();
    }

    /// The smallest size it was ever seen to have.
    pub(super) fn smallest(&self) -> u64 {
        self.smallest.load(Ordering::Relaxed)
    }

    /// What became of the file. `base` is where in it the source begins,
    /// `first_bad` the first page a map of it lacked, `published` how far, as
    /// an offset in the source, results were checked and used. Those hold even
    /// if the file has lost the bytes since; not knowing, only what it still
    /// has is called intact.
    pub(super) fn verify(
        &self,
        base: u64,
        first_bad: Option<u64>,
        published: Option<u64>,
    ) -> Result<Verdict, ErrorKind> {
        let missing = first_bad.map(|at| Missing {
            at,
            readable: matches!(self.read_at(&mut [0], at), Ok(1)),
        });
        let mut finding = self.find(missing)?;
        // A writer that appends changes the time first and the size a moment
        // later; see whether this is one.
        for _ in 0..3 {
            if finding != Finding::Modified {
                break;
            }
            std::thread::sleep(Duration::from_millis(5));
            finding = self.find(missing)?;
        }
        let intact = |at: u64| published.unwrap_or(at.saturating_sub(base));
        match finding {
            Finding::Same { grew } => Ok(Verdict { grew }),
            Finding::Shrank { to } => Err(ErrorKind::Shrank {
                from: self.opened.size,
                to,
                intact: intact(first_bad.unwrap_or(to).min(to)),
            }),
            Finding::Unreadable { at } => Err(ErrorKind::Unreadable { at: intact(at) }),
            Finding::Modified => Err(ErrorKind::Modified {
                size: self.opened.size,
            }),
        }
    }

    fn find(&self, missing: Option<Missing>) -> Result<Finding, ErrorKind> {
        let now = self.look().map_err(ErrorKind::Io)?;
        Ok(judge(self.opened, now, self.smallest(), missing))
    }

    fn look(&self) -> io::Result<Snapshot> {
        let now = Snapshot::of(&self.file)?;
        self.smallest.fetch_min(now.size, Ordering::Relaxed);
        Ok(now)
    }
}

/// Size first, then pages, then time: a file that was cut was also modified.
fn judge(opened: Snapshot, now: Snapshot, smallest: u64, missing: Option<Missing>) -> Finding {
    let modified = now.modified != opened.modified;
    if smallest < opened.size {
        return Finding::Shrank { to: smallest };
    }
    match missing {
        // It is there again, and somebody wrote: it had been cut and has
        // grown again, unseen. It cannot have been longer than this.
        Some(Missing { at, readable: true }) if modified => Finding::Shrank { to: at },
        Some(Missing { at, .. }) => Finding::Unreadable { at },
        None if now.size > opened.size => Finding::Same { grew: true },
        None if modified => Finding::Modified,
        None => Finding::Same { grew: false },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn snapshot(size: u64, seconds: i64) -> Snapshot {
        Snapshot {
            size,
            identity: (1, 2),
            modified: (seconds, 0),
            is_file: true,
        }
    }

    #[test]
    fn judged_in_the_order_size_pages_time() {
        let gone = |at| {
            Some(Missing {
                at,
                readable: false,
            })
        };
        let back = |at| Some(Missing { at, readable: true });
        let rows = [
            // size now, modified, smallest size seen, missing page
            ((100, 7), 100, None, Finding::Same { grew: false }),
            ((150, 7), 100, None, Finding::Same { grew: true }),
            ((150, 8), 100, None, Finding::Same { grew: true }),
            ((100, 8), 100, None, Finding::Modified),
            ((40, 8), 40, None, Finding::Shrank { to: 40 }),
            // A clock that stands still.
            ((40, 7), 40, None, Finding::Shrank { to: 40 }),
            // Grown again since, beyond its old size or not.
            ((90, 8), 40, None, Finding::Shrank { to: 40 }),
            ((900, 8), 40, None, Finding::Shrank { to: 40 }),
            ((40, 8), 40, gone(64), Finding::Shrank { to: 40 }),
            ((100, 7), 100, gone(64), Finding::Unreadable { at: 64 }),
            ((100, 8), 100, gone(64), Finding::Unreadable { at: 64 }),
            ((100, 7), 100, back(64), Finding::Unreadable { at: 64 }),
            ((900, 8), 100, back(64), Finding::Shrank { to: 64 }),
        ];
        for ((size, seconds), smallest, missing, want) in rows {
            let got = judge(snapshot(100, 7), snapshot(size, seconds), smallest, missing);
            assert_eq!(got, want, "{size} {seconds} {smallest} {missing:?}");
        }
    }
}
