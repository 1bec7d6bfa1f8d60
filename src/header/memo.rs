//! Headers of a chunk's lines, for whoever asks next.
//!
//! Without them, a report of levels and templates takes 1.25 times as long
//! (`report-levels-templates` in `benches/statistics.rs`).

use std::cell::RefCell;

use super::{Header, Level};

/// How far into a chunk headers are kept, in bytes: more than usual chunks
/// have, and a line of gigabytes costs no memory.
const COVERED: usize = 4 << 20;

/// Bytes of a chunk that share one place. Most lines are longer; of shorter
/// ones some are read again.
const GRAIN: usize = 32;

/// Headers that were read before, where several ask for those of the same
/// lines: the sections of a report each by the level, the template, a condition.
///
/// A header costs as much as the rest of what is done to a line, so it is read
/// once. It is a function of the line alone, so nothing tells who read it.
#[derive(Debug, Default)]
pub struct HeaderMemo(RefCell<Memo>);

#[derive(Debug, Default)]
struct Memo {
    /// The absolute offset of the chunk.
    base: u64,
    /// By place in the chunk, one more than the number of what was found.
    index: Vec<u32>,
    found: Vec<Found>,
}

/// A header, in a third of its size.
#[derive(Clone, Copy, Debug)]
struct Found {
    at: u32,
    len: u32,
    start: u32,
    end: u32,
    level: Option<Level>,
}

impl HeaderMemo {
    /// Goes to another chunk, of so many bytes from this absolute offset on.
    pub fn begin(&self, offset: u64, len: usize) {
        let mut memo = self.0.borrow_mut();
        memo.base = offset;
        memo.found.clear();
        memo.index.clear();
        memo.index.resize(len.min(COVERED).div_ceil(GRAIN), 0);
    }

    /// The header of a line of the chunk that is at this absolute offset,
    /// without its terminator.
    pub fn of(&self, offset: u64, line: &[u8]) -> Header {
        let mut memo = self.0.borrow_mut();
        let at = offset.wrapping_sub(memo.base);
        let place = usize::try_from(at).unwrap_or(usize::MAX) / GRAIN;
        let (Some(&number), Ok(len)) = (memo.index.get(place), u32::try_from(line.len())) else {
            return Header::of(line);
        };
        let at = at as u32;
        if let Some(found) = memo.found.get((number as usize).wrapping_sub(1))
            && (found.at, found.len) == (at, len)
        {
            return Header {
                start: found.start as usize,
                end: found.end as usize,
                level: found.level,
            };
        }
        let header = Header::of(line);
        // Lines that share their places must not be kept again and again.
        if memo.found.len() < memo.index.len() {
            memo.found.push(Found {
                at,
                len,
                start: header.start as u32,
                end: header.end as u32,
                level: header.level,
            });
            memo.index[place] = memo.found.len() as u32;
        }
        header
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_what_is_read() {
        let lines = [
            "2026-11-23T14:30:05.123Z ERROR web-06 billing[16299]: req=17c8 failed",
            "{\"level\":\"warn\",\"msg\":\"x\"}",
            "level=info msg=\"a b\"",
            "x",
            "",
            "  at com.example.Service",
            "<34>Oct 11 22:14:15 host su: failed",
            "[error] of a line that is short",
        ];
        let memo = HeaderMemo::default();
        for base in [0, 7 << 32] {
            let bytes: usize = lines.iter().map(|line| line.len() + 1).sum();
            // Of a chunk that is said to be shorter some are not kept.
            for len in [bytes, bytes / 2, 0] {
                memo.begin(base, len);
                for _ in 0..3 {
                    let mut at = base;
                    for line in lines {
                        let header = memo.of(at, line.as_bytes());
                        assert_eq!(header, Header::of(line.as_bytes()), "{line}");
                        let level = super::super::level::of(line.as_bytes());
                        assert_eq!(header.level, level, "{line}");
                        at += line.len() as u64 + 1;
                    }
                }
            }
        }
        memo.begin(0, 64);
        assert_eq!(memo.of(0, b"ERROR: x").level, Some(Level::Error));
        assert_eq!(memo.of(0, b"ERROR: x y").level, Some(Level::Error));
        assert_eq!(memo.of(1, b"WARN: x").level, Some(Level::Warn));
        memo.begin(0, 64);
        assert_eq!(memo.of(0, b"INFO: xx").level, Some(Level::Info));
    }
}
