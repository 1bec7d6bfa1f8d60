//! Leaving the page cache as it was found.

#![allow(unsafe_code, reason = "asking for the pages that are in memory")]

use std::{fs::File, io, ops::Range};

use memmap2::MmapOptions;
use rustix::fs::Advice;

/// How much of a file is looked at in one call.
const AT_A_TIME: u64 = 1 << 30;

/// The parts of a file that were not in the page cache; they are given back
/// when it is dropped.
#[derive(Debug)]
pub(super) struct Absent {
    file: File,
    parts: Vec<Range<u64>>,
}

impl Drop for Absent {
    fn drop(&mut self) {
        // What the system read ahead, too.
        self.give_back(&(0..u64::MAX));
    }
}

impl Absent {
    /// Those of the first `len` bytes, as it is now. Where the system does
    /// not tell, nothing counts as absent.
    ///
    /// # Errors
    /// When there are no more descriptors to be had.
    pub(super) fn of(file: &File, len: u64) -> io::Result<Absent> {
        let mut parts: Vec<Range<u64>> = Vec::new();
        for start in (0..len).step_by(AT_A_TIME as usize) {
            let size = AT_A_TIME.min(len - start);
            let page = rustix::param::page_size() as u64;
            for (number, &resident) in pages(file, start, size).iter().enumerate() {
                if resident & 1 != 0 {
                    continue;
                }
                let at = start + number as u64 * page;
                match parts.last_mut() {
                    Some(last) if last.end == at => last.end = at + page,
                    _ => parts.push(at..at + page),
                }
            }
        }
        let file = file.try_clone()?;
        Ok(Absent { file, parts })
    }

    /// Gives back what lies in this range and was brought in since.
    pub(super) fn give_back(&self, range: &Range<u64>) {
        let first = self.parts.partition_point(|part| part.end <= range.start);
        for part in &self.parts[first..] {
            let (start, end) = (part.start.max(range.start), part.end.min(range.end));
            let Some(len) = end.checked_sub(start).and_then(std::num::NonZeroU64::new) else {
                break;
            };
            // What stays in the cache is no harm but to others' files.
            let _ = rustix::fs::fadvise(&self.file, start, Some(len), Advice::DontNeed);
        }
    }
}

/// For each page of the range whether it is in memory; empty if that is not
/// known.
fn pages(file: &File, start: u64, len: u64) -> Vec<u8> {
    let Ok(len) = usize::try_from(len) else {
        return Vec::new();
    };
    // SAFETY: the map is never read: only its addresses are asked about.
    let Ok(map) = (unsafe { MmapOptions::new().offset(start).len(len).map(file) }) else {
        return Vec::new();
    };
    let mut pages = vec![0; len.div_ceil(rustix::param::page_size())];
    // SAFETY: the map begins at a page and is `len` bytes long, and there is a
    // byte for each of its pages.
    let done = unsafe {
        libc::mincore(
            map.as_ptr().cast_mut().cast(),
            len,
            pages.as_mut_ptr().cast(),
        )
    };
    if done == 0 { pages } else { Vec::new() }
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};

    use super::*;

    #[test]
    fn what_was_there_is_not_given_back() {
        let path = std::env::temp_dir().join(format!("swathe-resident-{}", std::process::id()));
        let mut file = File::create_new(&path).unwrap();
        file.write_all(&vec![b'x'; 1 << 20]).unwrap();
        file.sync_all().unwrap();
        let mut file = File::open(&path).unwrap();
        std::fs::remove_file(&path).unwrap();
        let resident = |file: &File| {
            pages(file, 0, 1 << 20)
                .iter()
                .filter(|&&p| p & 1 != 0)
                .count()
        };
        let before = resident(&file);
        let absent = Absent::of(&file, 1 << 20).unwrap();
        absent.give_back(&(0..1 << 20));
        assert_eq!(resident(&file), before);
        // A file system may keep all its files in memory; then nothing can be
        // given back, and nothing is.
        let _ = rustix::fs::fadvise(&file, 0, None, Advice::DontNeed);
        let absent = Absent::of(&file, 1 << 20).unwrap();
        let gone = resident(&file);
        file.read_to_end(&mut Vec::new()).unwrap();
        absent.give_back(&(0..1 << 20));
        assert_eq!(resident(&file), gone);
    }
}
