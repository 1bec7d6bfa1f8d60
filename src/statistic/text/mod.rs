//! Everything that can be said about lines, words and characters in one look.

mod by;
mod lengths;
mod longest;
mod tally;
mod utf8;

pub use by::{TextBy, TextByAnswer, TextByPartial, TextByWorker, TextGroup};
pub use lengths::{LengthAnswer, LineLengths};
pub use longest::LongLine;
pub(super) use utf8::{Characters, characters};

use serde::{Deserialize, Serialize};

use self::{
    lengths::DENSE,
    longest::{Longest, keep_longest},
    tally::Tally,
};
use super::{
    Head, Kind, LineEnding, Needs, Scan, Shift, Statistic, WireStatistic, blocks::visit, sound,
};
use crate::{
    chunk::{ChunkPlan, Record},
    sketch::packed::is_zero,
};

/// Lines are gone over in pieces of this size, so that text that is not ASCII
/// is still in a core's cache when its characters are counted.
const WINDOW: u64 = 128 << 10;

/// The statistic behind `swathe stats`: what lines, words and characters a
/// text has and how long its lines are.
#[derive(Clone, Debug)]
pub struct Text {
    /// How many of the longest lines are named. Default: 5.
    pub longest: usize,
}

impl Default for Text {
    fn default() -> Text {
        Text { longest: 5 }
    }
}

/// What [`Text`] keeps of some lines.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct TextPartial {
    bytes: u64,
    newlines: u64,
    lines: u64,
    records: u64,
    words: u64,
    chars: u64,
    #[serde(default, skip_serializing_if = "is_zero")]
    blank_lines: u64,
    #[serde(default, skip_serializing_if = "is_zero")]
    crlf_lines: u64,
    #[serde(default, skip_serializing_if = "is_zero")]
    nul_bytes: u64,
    #[serde(default, skip_serializing_if = "is_zero")]
    invalid_utf8_lines: u64,
    #[serde(default, skip_serializing_if = "is_zero")]
    continuation_bytes: u64,
    lengths: LineLengths,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    longest: Vec<LongLine>,
}

/// What [`Text`] found out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TextAnswer {
    /// Bytes, decoded.
    pub bytes: u64,
    /// `\n` bytes, as `wc -l` counts.
    pub newlines: u64,
    /// Lines; one more than newlines where the last line has none.
    pub lines: u64,
    /// Records: as many as lines, unless a record may have several.
    pub records: u64,
    /// Runs of bytes other than space, `\t`, `\n`, `\v`, `\f` and `\r`.
    pub words: u64,
    /// Unicode scalar values in valid UTF-8; a byte that is not valid is none.
    pub chars: u64,
    /// Lines without content.
    pub empty_lines: u64,
    /// Lines without content other than white space, the empty ones included.
    pub blank_lines: u64,
    /// Lines that end with `\r\n`.
    pub crlf_lines: u64,
    /// Zero bytes.
    pub nul_bytes: u64,
    /// Lines that are not valid UTF-8.
    pub invalid_utf8_lines: u64,
    /// Some lines are not valid UTF-8 and others have characters of UTF-8 beyond ASCII,
    /// so that no one encoding reads all of them.
    pub mixed_encodings: bool,
    /// Whether the last line has its `\n`; `None` if there is no line.
    pub final_newline: Option<bool>,
    /// How lines end.
    pub line_ending: &'static str,
    /// How long lines are.
    pub line_length: LengthAnswer,
    /// The longest lines, longest first, of equals the earlier.
    pub longest_lines: Vec<LongLine>,
}

/// What a thread keeps between chunks.
#[derive(Debug)]
pub struct TextWorker {
    /// Lines of each length below `DENSE`; all zero between chunks.
    short: Vec<u64>,
    long: Vec<u64>,
    longest: Longest,
}

impl Statistic for Text {
    type Partial = TextPartial;
    type Output = TextAnswer;
    type Worker = TextWorker;

    fn needs(&self) -> Needs {
        Needs {
            line_numbers: true,
            head: true,
            times: false,
            format: false,
        }
    }

    fn worker(&self, _head: &Head) -> TextWorker {
        TextWorker {
            short: vec![0; DENSE],
            long: Vec::new(),
            longest: Longest::new(self.longest),
        }
    }

    fn identity(&self) -> TextPartial {
        TextPartial::default()
    }

    fn scan(&self, worker: &mut TextWorker, scan: &Scan<'_>, into: &mut TextPartial) {
        let bytes = scan.bytes();
        let line_ending = scan.head().line_ending;
        let TextWorker {
            short,
            long,
            longest,
        } = worker;
        let short = short.first_chunk_mut().expect("made with this length");
        let mut tally = Tally::new(line_ending == LineEnding::Crlf, short, long, longest);
        let mut decoded = Characters::default();
        let line = Record::Line(b'\n');
        for chunk in ChunkPlan::new(bytes, 0..bytes.len() as u64, WINDOW, line) {
            let (start, end) = (chunk.start as usize, chunk.end as usize);
            tally.begin(start);
            tally = visit(&bytes[start..end], tally);
            if tally.high == 0 {
                decoded.chars += chunk.len();
            } else {
                decoded.add(characters(&bytes[start..end]));
            }
        }
        let newlines = tally.lines;
        scan.tell_newlines(newlines);
        if scan.is_unterminated() {
            let line = &bytes[tally.line_start..];
            tally.line(line_ending.content_len(line));
            tally.blank += u64::from(line.iter().all(|b| matches!(b, b' ' | 9..=13)));
        }
        let mut partial = TextPartial {
            bytes: bytes.len() as u64,
            newlines,
            lines: scan.lines(),
            records: if scan.is_lines() {
                scan.lines()
            } else {
                scan.records().count() as u64
            },
            words: tally.words,
            chars: decoded.chars,
            blank_lines: tally.blank,
            crlf_lines: tally.crlf,
            nul_bytes: tally.nul,
            invalid_utf8_lines: decoded.invalid_lines,
            continuation_bytes: decoded.continuation_bytes,
            ..TextPartial::default()
        };
        partial.lengths.take(short);
        for length in long.drain(..) {
            partial.lengths.add(length);
        }
        partial.longest = longest.take(|start, line| scan.position(start, line));
        self.merge(into, partial);
    }

    fn shift(&self, partial: &mut TextPartial, by: Shift) {
        for line in &mut partial.longest {
            line.position.shift(by);
        }
    }

    fn merge(&self, earlier: &mut TextPartial, later: TextPartial) {
        let longest = earlier.append(later);
        earlier.longest.extend(longest);
        keep_longest(&mut earlier.longest, self.longest);
    }

    fn finish(&self, merged: TextPartial) -> TextAnswer {
        merged.answer()
    }
}

impl WireStatistic for Text {
    fn kind(&self) -> Kind {
        Kind::Text
    }

    fn accepts(&self, partial: &TextPartial, sources: u32) -> bool {
        let long =
            |long: &LongLine| sound::counts([long.length]) && sound::place(long.position, sources);
        partial.is_sound()
            && partial.longest.len() <= self.longest
            && partial.longest.iter().all(long)
    }
}

impl TextPartial {
    /// Adds the numbers of what follows, and gives back its longest lines.
    fn append(&mut self, later: TextPartial) -> Vec<LongLine> {
        self.bytes += later.bytes;
        self.newlines += later.newlines;
        self.lines += later.lines;
        self.records += later.records;
        self.words += later.words;
        self.chars += later.chars;
        self.blank_lines += later.blank_lines;
        self.crlf_lines += later.crlf_lines;
        self.nul_bytes += later.nul_bytes;
        self.invalid_utf8_lines += later.invalid_utf8_lines;
        self.continuation_bytes += later.continuation_bytes;
        self.lengths.merge(&later.lengths);
        later.longest
    }

    /// Whether these numbers can be of the same lines.
    fn is_sound(&self) -> bool {
        let some = [
            self.records,
            self.blank_lines,
            self.invalid_utf8_lines,
            self.newlines,
            self.crlf_lines,
        ];
        let others = [
            self.bytes,
            self.words,
            self.chars,
            self.nul_bytes,
            self.continuation_bytes,
        ];
        sound::counts(others)
            && some.into_iter().all(|lines| lines <= self.lines)
            && self.lengths.are_of(self.lines)
    }

    fn answer(self) -> TextAnswer {
        let line_ending = match (self.newlines, self.crlf_lines) {
            (0, _) => "none",
            (_, 0) => "lf",
            (newlines, crlf) if newlines == crlf => "crlf",
            _ => "mixed",
        };
        TextAnswer {
            bytes: self.bytes,
            newlines: self.newlines,
            lines: self.lines,
            records: self.records,
            words: self.words,
            chars: self.chars,
            empty_lines: self.lengths.of(0),
            blank_lines: self.blank_lines,
            crlf_lines: self.crlf_lines,
            nul_bytes: self.nul_bytes,
            invalid_utf8_lines: self.invalid_utf8_lines,
            mixed_encodings: self.invalid_utf8_lines > 0 && self.continuation_bytes > 0,
            final_newline: (self.lines > 0).then_some(self.lines == self.newlines),
            line_ending,
            line_length: self.lengths.answer(),
            longest_lines: self.longest,
        }
    }
}
