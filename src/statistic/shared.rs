//! What statistics that see the same lines need not find out each by itself.

use memchr::memchr_iter;

use crate::header::HeaderMemo;

/// Bytes in which the ends of lines are kept: what has more is one line, or
/// nearly.
const COVERED: usize = 4 << 20;

/// Where the lines of some bytes end, and their headers.
#[derive(Debug, Default)]
pub struct Shared {
    headers: HeaderMemo,
    ends: Vec<u32>,
    /// Whether `ends` is kept.
    known: bool,
}

impl Shared {
    /// Goes to other lines, the first of which is at this absolute offset.
    pub(super) fn begin(&mut self, bytes: &[u8], offset: u64) {
        self.headers.begin(offset, bytes.len());
        self.ends.clear();
        self.known = bytes.len() <= COVERED;
        if self.known {
            let ends = memchr_iter(b'\n', bytes).map(|at| at as u32 + 1);
            self.ends.extend(ends);
            if bytes.last().is_some_and(|&last| last != b'\n') {
                self.ends.push(bytes.len() as u32);
            }
        }
    }

    /// Their headers.
    pub(super) fn headers(&self) -> &HeaderMemo {
        &self.headers
    }

    /// Where each line ends, with its terminator; `None` where that takes too
    /// much memory.
    pub(super) fn ends(&self) -> Option<&[u32]> {
        self.known.then_some(&*self.ends)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistic::{Head, Scan};

    #[test]
    fn lines_are_the_same_whoever_finds_them() {
        let mut shared = Shared::default();
        for text in [
            &b""[..],
            b"\n",
            b"a",
            b"a\n",
            b"\n\na",
            b"ab\r\n\ncd\n",
            b"x\ny",
        ] {
            let head = Head::of(text);
            let alone = Scan::new(text, 7, &head);
            let want: Vec<_> = alone.records().collect();
            for part in 0..=want.len() {
                // Of a part of it, the ends of its lines are others.
                let at = want
                    .get(part)
                    .map_or(text.len(), |record| record.range.start);
                let rest = alone.part(at..text.len(), part as u64);
                let among = rest.sharing(&mut shared);
                assert!(among.ends().is_some());
                assert_eq!(
                    among.records().collect::<Vec<_>>(),
                    rest.records().collect::<Vec<_>>()
                );
                assert_eq!(among.newlines(), alone.part(at..text.len(), 0).newlines());
            }
            let among = alone.sharing(&mut shared);
            assert_eq!(among.records().collect::<Vec<_>>(), want);
            assert!(among.part(0..text.len(), 0).ends().is_none());
        }
        let long = vec![b'x'; COVERED + 1];
        let head = Head::of(&long);
        let alone = Scan::new(&long, 0, &head);
        assert_eq!(alone.sharing(&mut shared).records().count(), 1);
    }
}
