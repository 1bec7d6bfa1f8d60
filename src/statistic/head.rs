//! What the first bytes of a source decide for all of it.

use memchr::{memchr, memrchr};
use serde::{Deserialize, Serialize};

use crate::{
    chunk::Record,
    error::Result,
    format::{Formats, LogFormat, pair_names},
    key::Origin,
    source::Source,
    time::{self, Format},
};

/// How lines end.
#[derive(
    Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize, schemars::JsonSchema,
)]
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
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Head {
    /// How lines end, as all statistics of the source take it.
    pub line_ending: LineEnding,
    /// The bytes of the whole source, where that is known beforehand.
    pub len: Option<u64>,
    /// What one record is; decided by the caller.
    pub record: Record,
    /// How timestamps are written; `None` if there are none in the head.
    pub time: Option<Format>,
    /// The name of the source, as bytes.
    #[serde(with = "serde_bytes")]
    pub name: Vec<u8>,
    /// How records look, where that was asked for and is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<LogFormat>,
    /// The names of columns in the first line that begins with `#Fields:`, where a source
    /// begins with `#`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<String>,
    /// The names in `name=value` pairs of the first records, where the format was asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pairs: Vec<String>,
    /// The first line, without its end, at most [`Head::FIRST_LINE`] bytes of
    /// it: the names of columns, where a source begins with them.
    #[serde(with = "serde_bytes")]
    pub first_line: Vec<u8>,
}

impl Head {
    /// How many bytes decide, whatever the size of a chunk: 64 KiB.
    pub const BYTES: usize = 64 << 10;

    /// How much of the first line is kept: 4 KiB.
    pub const FIRST_LINE: usize = 4 << 10;

    /// What these first bytes of a source say; those behind
    /// [`Head::BYTES`] are not looked at.
    ///
    /// Lines end with `\r\n` if the first of them does; a source without a
    /// newline in its head has lines that end with `\n`.
    pub fn of(first: &[u8]) -> Head {
        Head::of_with(first, &time::Options::default(), None)
    }

    /// What the first bytes of a source say, where the caller knows something about
    /// timestamps; how records look only where formats are given.
    pub fn of_with(first: &[u8], times: &time::Options, formats: Option<&Formats>) -> Head {
        let whole = first.len() < Head::BYTES;
        let first = &first[..first.len().min(Head::BYTES)];
        let newline = memchr(b'\n', first);
        let line = &first[..newline.unwrap_or(first.len())];
        let crlf = newline.is_some() && line.ends_with(b"\r");
        let line_ending = if crlf {
            LineEnding::Crlf
        } else {
            LineEnding::Lf
        };
        let kept = line_ending.content_len(line).min(Head::FIRST_LINE);
        // A line that the head cuts off says nothing.
        let last = memrchr(b'\n', first).filter(|_| !whole);
        let lines = last.map_or(first, |last| &first[..=last]);
        Head {
            time: Format::detect(lines, times),
            format: formats.and_then(|formats| formats.detect(lines)),
            columns: fields(lines),
            pairs: formats.map_or_else(Vec::new, |_| pair_names(lines.split(|b| *b == b'\n'))),
            first_line: line[..kept].to_vec(),
            ..Head::with(line_ending)
        }
    }

    /// What the first bytes of a source that has a length say, and where `needs_times`,
    /// of which dates its lines are if they do not say it all; how records look only where formats
    /// are given. `None` of a stream.
    ///
    /// # Errors
    /// When they cannot be read.
    pub(crate) fn of_source(
        source: &Source,
        (times, needs_times): (&time::Options, bool),
        formats: Option<&Formats>,
    ) -> Result<Option<Head>> {
        let Some(len) = source.len() else {
            return Ok(None);
        };
        let mut first = Vec::new();
        let bytes = if let Some(bytes) = source.as_slice() {
            bytes
        } else {
            first.resize(len.min(Head::BYTES as u64) as usize, 0);
            source.read_at(&mut first, 0)?;
            &first
        };
        let mut head = Head::of_with(bytes, times, formats);
        if let Some(format) = &mut head.time
            && needs_times
        {
            // What cannot be read is met again by who reads all of it.
            format.find_dates(len, &mut |buffer, at| source.read_at(buffer, at).is_ok());
        }
        Ok(Some(head))
    }

    /// What keys need to know of the source.
    pub(crate) fn origin(&self) -> Origin<'_> {
        Origin {
            crlf: self.line_ending == LineEnding::Crlf,
            first_line: &self.first_line,
            path: &self.name,
            time: self.time.as_ref(),
            format: self.format.as_ref(),
            columns: &self.columns,
            pairs: &self.pairs,
        }
    }

    /// True if the source holds no byte, or begins with an empty line and has
    /// no timestamps.
    pub(crate) fn is_empty(&self) -> bool {
        self.first_line.is_empty() && self.time.is_none()
    }

    /// A head where this was decided by the caller.
    pub fn with(line_ending: LineEnding) -> Head {
        Head {
            line_ending,
            len: None,
            record: Record::Line(b'\n'),
            time: None,
            format: None,
            columns: Vec::new(),
            pairs: Vec::new(),
            name: Vec::new(),
            first_line: Vec::new(),
        }
    }
}

/// The names in the first line that begins with `#Fields:`, where the first line of all
/// begins with `#`.
fn fields(lines: &[u8]) -> Vec<String> {
    if lines.first() != Some(&b'#') {
        return Vec::new();
    }
    let mut lines = lines.split(|b| *b == b'\n');
    let names = lines.find_map(|line| line.strip_prefix(b"#Fields:"));
    let names = String::from_utf8_lossy(names.unwrap_or_default());
    names.split_whitespace().map(str::to_string).collect()
}

impl Default for Head {
    fn default() -> Head {
        Head::with(LineEnding::default())
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
