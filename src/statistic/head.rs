//! What the first bytes of a source decide for all of it.

use memchr::memchr;
use serde::{Deserialize, Serialize};

/// How lines end.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum LineEnding {
    /// With `\n`; a `\r` before it is content.
    #[default]
    Lf,
    /// With `\r\n`: one `\r` directly before the end of a line is no content.
    Crlf,
}

impl LineEnding {
    /// How many bytes of a line without its `\n` are content.
    #[inline]
    pub fn content_len(self, line: &[u8]) -> usize {
        let cr = self == LineEnding::Crlf && line.last() == Some(&b'\r');
        line.len() - usize::from(cr)
    }
}

/// What was decided from the head of a source before its chunks were scanned.
///
/// It is plain data: whoever scans a part of a source elsewhere is told the
/// head and never looks for it in that part.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Head {
    /// How lines end, as all statistics of the source take it.
    pub line_ending: LineEnding,
    /// The bytes of the whole source, where that is known beforehand.
    pub len: Option<u64>,
}

impl Head {
    /// How many bytes decide, whatever the size of a chunk: 64 KiB.
    pub const BYTES: usize = 64 << 10;

    /// What these first bytes of a source say; those behind
    /// [`Head::BYTES`] are not looked at.
    ///
    /// Lines end with `\r\n` if the first of them does; a source without a
    /// newline in its head has lines that end with `\n`.
    pub fn of(first: &[u8]) -> Head {
        let first = &first[..first.len().min(Head::BYTES)];
        let crlf = memchr(b'\n', first).is_some_and(|at| at > 0 && first[at - 1] == b'\r');
        Head::with(if crlf {
            LineEnding::Crlf
        } else {
            LineEnding::Lf
        })
    }

    /// A head where this was decided by the caller.
    pub fn with(line_ending: LineEnding) -> Head {
        Head {
            line_ending,
            ..Head::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_newline_decides() {
        let far = [vec![b'x'; Head::BYTES - 1], b"\r\n".to_vec()].concat();
        let near = [vec![b'x'; Head::BYTES - 2], b"\r\n".to_vec()].concat();
        for (first, want) in [
            (&b""[..], LineEnding::Lf),
            (b"\n", LineEnding::Lf),
            (b"\r\n", LineEnding::Crlf),
            (b"a\r\nb\n", LineEnding::Crlf),
            (b"a\nb\r\n", LineEnding::Lf),
            (b"a\rb", LineEnding::Lf),
            (&near, LineEnding::Crlf),
            (&far, LineEnding::Lf),
        ] {
            assert_eq!(Head::of(first).line_ending, want, "{} bytes", first.len());
        }
    }

    #[test]
    fn one_carriage_return_is_stripped() {
        assert_eq!(LineEnding::Crlf.content_len(b"a\r\r"), 2);
        assert_eq!(LineEnding::Crlf.content_len(b"a"), 1);
        assert_eq!(LineEnding::Lf.content_len(b"a\r"), 2);
        assert_eq!(LineEnding::Crlf.content_len(b""), 0);
    }
}
