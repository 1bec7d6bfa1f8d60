//! What will be read soon, and is not in memory yet.
//!
//! The kernel reads ahead of a reader, but little (128 KiB where nobody changed
//! it), and less still ahead of a map that several threads look at. That leaves
//! a device idle most of the time. Where pages are found missing, some chunks
//! are asked for before they are needed, so that its queue is never empty.

use std::{fs, os::fd::AsFd};

use rustix::{
    fs::Advice,
    io::{Errno, ReadWriteFlags},
};

use super::{Content, Source, watch::Watch};

/// How far ahead of where a run is, once it has come as far as that: a second of
/// a slow disk is nobody's gain if the first chunk ends the run.
const MOST: u64 = 16 << 20;

/// For so many bytes one page is looked at, and all are asked for. A look costs
/// under a microsecond, a scan of so much a hundred.
const STEP: u64 = 4 << 20;

/// Where the kernel itself reads so far ahead, it is left to: it knows no worse
/// how to keep the queue full, and brings pages in large folios, which what is
/// asked for never is. With 8 MiB it took half the time, and a fifth of the
/// processor's, that asking took.
const KERNEL_READS: u64 = 4 << 20;

/// What the kernel reads ahead, and at once, where it does not say.
const USUAL: u64 = 128 << 10;

/// Asks for the bytes of a file before they are needed.
#[derive(Debug)]
pub(crate) struct Readahead<'s> {
    source: &'s Source,
    first: u64,
    end: u64,
    /// Everything before it was asked for, or is there.
    asked: u64,
    /// How much may be asked for in one call; 0 if nothing is to be. Not known
    /// before the first page is missing.
    at_once: Option<u64>,
}

impl<'s> Readahead<'s> {
    /// For a run through this range, which has not begun.
    pub(crate) fn new(source: &'s Source, range: std::ops::Range<u64>) -> Readahead<'s> {
        Readahead {
            source,
            first: range.start,
            end: range.end,
            asked: range.start,
            at_once: None,
        }
    }

    /// The run has come to `at`; to be called before anything behind it is
    /// looked at, in order.
    pub(crate) fn come_to(&mut self, at: u64) {
        let (Content::Map(_) | Content::File, Some(watch)) =
            (&self.source.content, &self.source.watch)
        else {
            return;
        };
        let base = self.source.base;
        while let Some(step) = self.next_step(at) {
            if self.at_once != Some(0) && is_missing(watch, step.start + base) {
                let at_once = *self.at_once.get_or_insert_with(|| at_once(watch));
                ask(watch, step.start + base..step.end + base, at_once);
            }
        }
    }

    /// What is to be seen to next when the run is at `at`.
    fn next_step(&mut self, at: u64) -> Option<std::ops::Range<u64>> {
        let far = at.saturating_sub(self.first).min(MOST);
        let start = self.asked.max(at);
        if start > at + far || start >= self.end {
            return None;
        }
        self.asked = start.saturating_add(STEP).min(self.end);
        Some(start..self.asked)
    }
}

/// Whether the page of this byte would have to be waited for. Not, where that
/// cannot be known: on file systems in memory, for one.
fn is_missing(watch: &Watch, at: u64) -> bool {
    let mut byte = [0];
    let mut buffers = [std::io::IoSliceMut::new(&mut byte)];
    let file = watch.file.as_fd();
    let read = rustix::io::preadv2(file, &mut buffers, at, ReadWriteFlags::NOWAIT);
    read == Err(Errno::AGAIN)
}

/// Has the system read a range, without waiting for it.
fn ask(watch: &Watch, range: std::ops::Range<u64>, at_once: u64) {
    let mut at = range.start;
    while at < range.end && at_once > 0 {
        let len = at_once.min(range.end - at);
        let some = std::num::NonZeroU64::new(len);
        // What is not read now is read when it is needed.
        let _ = rustix::fs::fadvise(&watch.file, at, some, Advice::WillNeed);
        at += len;
    }
}

/// How much of one call the kernel heeds on the device of this file; 0 if it
/// reads far enough ahead by itself.
fn at_once(watch: &Watch) -> u64 {
    let device = watch.opened.identity.0;
    let (major, minor) = (rustix::fs::major(device), rustix::fs::minor(device));
    // A part of a disk has neither: its disk does.
    let number = |name: &str| {
        let of = |up: &str| format!("/sys/dev/block/{major}:{minor}{up}/queue/{name}");
        let text = fs::read_to_string(of("")).or_else(|_| fs::read_to_string(of("/..")));
        kilobytes(&text.ok()?)
    };
    limit(number("read_ahead_kb"), number("max_sectors_kb"))
}

fn kilobytes(text: &str) -> Option<u64> {
    text.trim().parse::<u64>().ok()?.checked_mul(1024)
}

/// The kernel reads no more for one call than it reads ahead, or the device
/// takes in one request, whichever is more.
fn limit(ahead: Option<u64>, request: Option<u64>) -> u64 {
    match ahead.unwrap_or(USUAL) {
        KERNEL_READS.. => 0,
        ahead => ahead.max(request.unwrap_or(0)).clamp(USUAL, STEP),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceOptions;

    const MIB: u64 = 1 << 20;

    /// Up to where it was asked when a run had come so far.
    fn asked(ahead: &mut Readahead<'_>, at: u64) -> u64 {
        let mut before = ahead.asked;
        while let Some(step) = ahead.next_step(at) {
            assert!(step.start >= before && step.end <= ahead.end && step.start < step.end);
            before = step.end;
        }
        ahead.asked
    }

    #[test]
    fn as_far_ahead_as_a_run_has_come_and_no_farther_than_its_end() {
        let source = Source::from_bytes("x", []);
        let mut ahead = Readahead::new(&source, 3..100 * MIB);
        assert_eq!(asked(&mut ahead, 3), 4 * MIB + 3);
        assert_eq!(asked(&mut ahead, 3 + MIB), 4 * MIB + 3);
        assert_eq!(asked(&mut ahead, 3 + 4 * MIB), 12 * MIB + 3);
        assert_eq!(asked(&mut ahead, 3 + 20 * MIB), 40 * MIB + 3);
        // A line that is longer than what was asked for.
        assert_eq!(asked(&mut ahead, 70 * MIB), 90 * MIB);
        assert_eq!(asked(&mut ahead, 99 * MIB), 100 * MIB);
        assert_eq!(asked(&mut ahead, 100 * MIB), 100 * MIB);
        let mut none = Readahead::new(&source, 5..5);
        assert_eq!(asked(&mut none, 5), 5);
    }

    #[test]
    fn the_kernel_is_left_to_where_it_reads_far_ahead() {
        for (ahead, request, want) in [
            (None, None, USUAL),
            (Some(0), None, USUAL),
            (Some(128 << 10), Some(1280 << 10), 1280 << 10),
            (Some(512 << 10), Some(64 << 10), 512 << 10),
            (Some(128 << 10), Some(1 << 30), STEP),
            (Some(KERNEL_READS), Some(MIB), 0),
        ] {
            assert_eq!(limit(ahead, request), want, "{ahead:?} {request:?}");
        }
        assert_eq!(kilobytes("128\n"), Some(128 << 10));
        assert_eq!(kilobytes("much"), None);
    }

    #[test]
    fn what_was_missing_is_read_the_same() {
        let path = std::env::temp_dir().join(format!("swathe-ahead-{}", std::process::id()));
        let text: Vec<u8> = (0..9 * MIB).map(|i| (i % 251) as u8).collect();
        fs::write(&path, &text).unwrap();
        let source = Source::open(&path, &SourceOptions::default()).unwrap();
        let watch = source.watch.as_ref().unwrap();
        watch.file.sync_all().unwrap();
        // A file system in memory keeps it; then nothing is ever missing.
        let _ = rustix::fs::fadvise(&watch.file, 0, None, Advice::DontNeed);
        for at_once in [USUAL, STEP, 0] {
            ask(watch, 0..9 * MIB + 5, at_once);
            let mut ahead = Readahead::new(&source, 0..9 * MIB);
            ahead.at_once = Some(at_once);
            let mut read = vec![0; text.len()];
            for at in (0..9 * MIB).step_by(1 << 20) {
                ahead.come_to(at);
                let part = &mut read[at as usize..][..1 << 20];
                source.read_at(part, at).unwrap();
            }
            assert!(read == text && ahead.asked == 9 * MIB);
            assert!(!is_missing(watch, 5 * MIB));
        }
        assert_eq!(at_once(watch) & 1023, 0);
        fs::remove_file(path).unwrap();
    }
}
