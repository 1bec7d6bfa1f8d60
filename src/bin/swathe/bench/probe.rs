//! What the machine itself can do: reading the bytes, and nothing else.

use std::{
    fs::File,
    hint::black_box,
    os::unix::fs::FileExt as _,
    path::Path,
    sync::atomic::{AtomicU64, Ordering},
    time::Instant,
};

/// Bytes read at once.
const PIECE: usize = 1 << 20;
/// Memory that is read: larger than any cache.
const MEMORY: usize = 256 << 20;
const PASSES: usize = 6;

/// Reads a file on so many threads into a buffer of each; bytes and seconds.
pub(crate) fn read(path: &Path, threads: usize) -> std::io::Result<(u64, f64)> {
    let file = File::open(path)?;
    let (next, done) = (AtomicU64::new(0), AtomicU64::new(0));
    let start = Instant::now();
    std::thread::scope(|scope| {
        let all: Vec<_> = (0..threads.max(1))
            .map(|_| scope.spawn(|| pieces(&file, &next, &done)))
            .collect();
        all.into_iter().try_for_each(|thread| {
            thread
                .join()
                .unwrap_or_else(|_| Err(std::io::Error::other("a thread ended early")))
        })
    })?;
    Ok((done.into_inner(), start.elapsed().as_secs_f64()))
}

fn pieces(file: &File, next: &AtomicU64, done: &AtomicU64) -> std::io::Result<()> {
    let mut buffer = vec![0; PIECE];
    loop {
        let at = next.fetch_add(PIECE as u64, Ordering::Relaxed);
        let mut filled = 0;
        while filled < PIECE {
            match file.read_at(&mut buffer[filled..], at + filled as u64)? {
                0 => break,
                read => filled += read,
            }
        }
        black_box(&buffer);
        done.fetch_add(filled as u64, Ordering::Relaxed);
        if filled < PIECE {
            return Ok(());
        }
    }
}

/// Reads memory on so many threads; bytes and seconds.
pub(crate) fn memory(threads: usize) -> (u64, f64) {
    let threads = threads.max(1);
    let words = vec![1u64; MEMORY / 8];
    let start = Instant::now();
    std::thread::scope(|scope| {
        for part in words.chunks(words.len().div_ceil(threads)) {
            scope.spawn(move || {
                for _ in 0..PASSES {
                    let sum = black_box(part)
                        .iter()
                        .fold(0u64, |sum, word| sum.wrapping_add(*word));
                    black_box(sum);
                }
            });
        }
    });
    ((MEMORY * PASSES) as u64, start.elapsed().as_secs_f64())
}
