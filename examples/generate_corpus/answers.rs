//! What is true of the log, added up while it is written.

use std::fmt::Write as _;

/// A text whose every occurrence is known, by its place in [`PATTERNS`].
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Mark {
    Request,
    Error,
    Trouble,
    ServerError,
    Retry,
    Rare,
    LongWord,
    Accent,
}

/// The pattern that finds each [`Mark`], in the order of its variants, and
/// whether it is meant without regard to case.
const PATTERNS: [(&str, bool); 8] = [
    ("req=", false),
    ("ERROR", false),
    ("timeout|refused|declined", true),
    ("status=5[0-9][0-9]", false),
    ("retry=", false),
    ("ledger out of balance", false),
    ("[A-Za-z]{30}", false),
    ("Zoë", false),
];

#[derive(Clone, Default)]
struct Count {
    lines: u64,
    matches: u64,
    first: Option<(u64, u64)>,
    last: Option<(u64, u64)>,
}

/// The totals of the lines so far.
#[derive(Default)]
pub(crate) struct Answers {
    bytes: u64,
    lines: u64,
    words: u64,
    chars: u64,
    /// Length, line and offset of the longest line, the earliest of equals.
    longest: (u64, u64, u64),
    counts: Vec<Count>,
}

impl Answers {
    /// Those of an empty log.
    pub(crate) fn new() -> Answers {
        Answers {
            counts: vec![Count::default(); PATTERNS.len()],
            ..Answers::default()
        }
    }

    /// How many bytes there are so far.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Adds a line with its terminator and what was planted in it, in order.
    pub(crate) fn add(&mut self, line: &[u8], marks: &[(Mark, usize)]) {
        let number = self.lines + 1;
        let length = line.len() as u64 - 1;
        if length > self.longest.0 {
            self.longest = (length, number, self.bytes);
        }
        for &(mark, at) in marks {
            let count = &mut self.counts[mark as usize];
            count.matches += 1;
            if count.last.is_none_or(|(line, _)| line != number) {
                let here = (number, self.bytes + at as u64);
                count.lines += 1;
                count.first.get_or_insert(here);
                count.last = Some(here);
            }
        }
        // Words stand one space apart: as many as spaces, and one.
        self.words += bytecount::count(line, b' ') as u64 + 1;
        self.chars += bytecount::num_chars(line) as u64;
        self.bytes += line.len() as u64;
        self.lines = number;
    }

    /// The answers as a JSON document.
    pub(crate) fn json(&self, seed: u64, needles: u64) -> String {
        let (length, line, offset) = self.longest;
        let mut text = format!(
            "{{\n  \"profile\": \"app\", \"seed\": {seed}, \"needles\": {needles},\n  \
             \"bytes\": {}, \"newlines\": {lines}, \"lines\": {lines},\n  \
             \"words\": {}, \"chars\": {},\n  \
             \"longest_line\": {{\"length\": {length}, \"line\": {line}, \"offset\": {offset}}},\n  \
             \"patterns\": [\n",
            self.bytes,
            self.words,
            self.chars,
            lines = self.lines,
        );
        for (i, (count, (pattern, ignore_case))) in self.counts.iter().zip(PATTERNS).enumerate() {
            let separator = if i + 1 < PATTERNS.len() { "," } else { "" };
            // Writing to a string cannot fail.
            let _ = writeln!(
                text,
                "    {{\"pattern\": \"{pattern}\", \"ignore_case\": {ignore_case}, \
                 \"lines\": {}, \"matches\": {}, \"first\": {}, \"last\": {}}}{separator}",
                count.lines,
                count.matches,
                place(count.first),
                place(count.last),
            );
        }
        text + "  ]\n}\n"
    }
}

fn place(at: Option<(u64, u64)>) -> String {
    at.map_or("null".into(), |(line, offset)| {
        format!("{{\"line\": {line}, \"offset\": {offset}}}")
    })
}
