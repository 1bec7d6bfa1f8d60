//! The one place that knows where a record starts.

use memchr::memchr;

/// What one event is.
///
/// Every cut of every source goes through [`Record::next_start`]; a record
/// that spans lines (a stack trace) needs another variant here and nothing
/// else in the way chunks are cut.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Record {
    /// A line that ends with this byte.
    Line(u8),
}

impl Record {
    /// The first record start at or after `at`, or `None` if there is none
    /// before the end of the slice.
    ///
    /// The slice must begin at a record start, or hold at least
    /// [`look_back`](Record::look_back) bytes before `at`.
    #[inline]
    pub fn next_start(&self, haystack: &[u8], at: usize) -> Option<usize> {
        match *self {
            Record::Line(terminator) => {
                if at == 0 {
                    return Some(0);
                }
                let start = at + memchr(terminator, &haystack[at - 1..])?;
                (start < haystack.len()).then_some(start)
            }
        }
    }

    /// The last record start at or before the end of `haystack` that is
    /// certain without seeing what follows; where a stream may be cut.
    ///
    /// `None` when the slice holds no border behind its own start.
    #[inline]
    pub fn last_border(&self, haystack: &[u8]) -> Option<usize> {
        match *self {
            Record::Line(terminator) => memchr::memrchr(terminator, haystack).map(|i| i + 1),
        }
    }

    /// How many bytes before a position decide whether a record starts there.
    pub fn look_back(&self) -> usize {
        match self {
            Record::Line(_) => 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn next_start_of_a_line() {
        let r = Record::Line(b'\n');
        let h = b"ab\n\ncd\n";
        let got: Vec<_> = (0..=h.len()).map(|at| r.next_start(h, at)).collect();
        let want = [
            Some(0),
            Some(3),
            Some(3),
            Some(3),
            Some(4),
            None,
            None,
            None,
        ];
        assert_eq!(got, want);
    }

    #[test]
    fn last_border_of_a_stream() {
        let r = Record::Line(b'\n');
        assert_eq!(r.last_border(b"ab"), None);
        assert_eq!(r.last_border(b"ab\ncd"), Some(3));
        assert_eq!(r.last_border(b"ab\n"), Some(3));
    }
}
