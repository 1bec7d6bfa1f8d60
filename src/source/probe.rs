//! Whether this file, on this machine, is faster read than mapped.
//!
//! What a map costs depends on how the page cache holds the file. Where it
//! came from the disk or was written in large pieces, in large folios, a map
//! is the faster way; where a logger wrote it line by line, or on kernels
//! whose file system knows no large folios, each 4 KiB page is put into the
//! map and taken out again for more than copying it costs. The newline count
//! of the table in [`populate`](super::Source::populate), in GB/s on 1 and on
//! 2 threads:
//!
//! | 2 GB in page cache     | map         | read, 512 KiB at a time |
//! |------------------------|-------------|-------------------------|
//! | written by 20 MB       | 18.1 / 38.3 | 15.2 / 34.1             |
//! | written by 4000 bytes  | 6.8 / 10.4  | 13.5 / 21.1             |
//!
//! There is no telling from outside, so both are tried on a few samples.

use std::{
    fs::File,
    hint::black_box,
    io::IoSliceMut,
    time::{Duration, Instant},
};

use rustix::io::{ReadWriteFlags, preadv2};

use super::map::GuardedMap;

/// The smallest file this is tried on: a third of a millisecond must not
/// matter.
const WORTH: u64 = 64 << 20;

/// How much of the file a sample is, in bytes: what a worker would read at a
/// time.
const SAMPLE: usize = 512 << 10;

/// How long it took to have a sample in memory.
#[derive(Debug)]
struct Times {
    mapped: Duration,
    read: Duration,
}

/// True if reading is faster; false if the file is small or not in the page
/// cache (what comes from the disk then comes in large folios).
pub(super) fn reading_is_faster(file: &File, len: u64) -> bool {
    if len < WORTH {
        return false;
    }
    // Ones: the pages of a buffer of zeros would come in during the sample.
    let mut buffer = vec![1; SAMPLE];
    let mut faster = 0;
    for quarter in 1..=3 {
        let at = (len / 4 * quarter) as usize & !(SAMPLE - 1);
        let Some(times) = sample(file, len, at, &mut buffer) else {
            return false;
        };
        faster += u32::from(times.read < times.mapped);
    }
    faster >= 2
}

/// Reads and maps the sample at `at`; `None` where it is not in the page cache
/// or cannot be mapped.
fn sample(file: &File, len: u64, at: usize, buffer: &mut [u8]) -> Option<Times> {
    let begin = Instant::now();
    let mut into = [IoSliceMut::new(buffer)];
    let got = preadv2(file, &mut into, at as u64, ReadWriteFlags::NOWAIT).ok()?;
    if got < SAMPLE {
        return None;
    }
    let read = begin.elapsed();
    let begin = Instant::now();
    let map = GuardedMap::new(file, len)?;
    let pages = map.bytes().get(at..at + SAMPLE)?.chunks(4096);
    black_box(pages.map(|page| u32::from(page[0])).sum::<u32>());
    // Taking the pages out of the map is a third of its price.
    drop(map);
    let mapped = begin.elapsed();
    Some(Times { mapped, read })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_is_taken_of_what_is_there() {
        let path = std::env::temp_dir().join(format!("swathe-probe-{}", std::process::id()));
        std::fs::write(&path, vec![b'x'; 3 * SAMPLE]).unwrap();
        let file = File::open(&path).unwrap();
        let len = 3 * SAMPLE as u64;
        let mut buffer = vec![0; SAMPLE];
        // Not every file system can read without waiting.
        if let Some(times) = sample(&file, len, SAMPLE, &mut buffer) {
            assert!(times.read > Duration::ZERO && times.mapped > Duration::ZERO);
            assert!(buffer.iter().all(|&b| b == b'x'));
        }
        assert!(
            sample(&file, len, 5 * SAMPLE / 2, &mut buffer).is_none(),
            "beyond the end"
        );
        assert!(!reading_is_faster(&file, len), "too small to matter");
        std::fs::remove_file(&path).unwrap();
    }
}
