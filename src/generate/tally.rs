//! What is true of one block, added up while it is written.

use super::profile::{Mark, Said};

/// Lines and matches of one mark.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Occurrences {
    pub(super) lines: u64,
    pub(super) matches: u64,
    /// The number of the first line, from 1, and the offset of the first match.
    pub(super) first: Option<(u64, u64)>,
    /// The number of the last line, from 1, and the offset of the last match.
    pub(super) last: Option<(u64, u64)>,
}

impl Occurrences {
    fn add(&mut self, line: u64, offset: u64) {
        self.matches += 1;
        if self.last.is_none_or(|(last, _)| last != line) {
            self.lines += 1;
            self.first.get_or_insert((line, offset));
            self.last = Some((line, offset));
        }
    }

    /// Adds those of lines that begin behind the first `lines`.
    pub(super) fn append(&mut self, later: &Occurrences, lines: u64) {
        let there = |(line, offset)| (line + lines, offset);
        self.lines += later.lines;
        self.matches += later.matches;
        self.first = self.first.or(later.first.map(there));
        self.last = later.last.map(there).or(self.last);
    }
}

/// The longest line.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Longest {
    pub(super) length: u64,
    pub(super) line: u64,
    pub(super) offset: u64,
}

/// The totals of the lines that begin in a block. Line numbers count from its
/// first one, offsets from the start of the file.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) lines: u64,
    pub(super) events: u64,
    pub(super) words: u64,
    pub(super) empty: u64,
    /// Bytes that are not the first of a character.
    pub(super) no_characters: u64,
    pub(super) invalid_lines: u64,
    pub(super) nul_bytes: u64,
    pub(super) longest: Longest,
    pub(super) marks: [Occurrences; Mark::COUNT],
    /// Line and offset of each needle.
    pub(super) needles: Vec<(u64, u64)>,
    /// Bytes of content of each line.
    pub(super) lengths: Vec<u32>,
    /// The keys of events that have one; `None` for the one without a rank.
    pub(super) keys: Vec<Option<u32>>,
    /// Milliseconds, of events that have a latency.
    pub(super) latencies: Vec<u32>,
    /// Events by level, and without one.
    pub(super) levels: [u64; 5],
    /// Lines of the events of each hour, and those with [`Mark::Error`].
    pub(super) hours: [(u64, u64); 24],
    /// The times of the first and of the last event.
    pub(super) times: Option<(u64, u64)>,
}

impl Tally {
    /// That of no line, in a block that starts here.
    pub(super) fn new(start: u64) -> Tally {
        let room = if start < 1 << 20 { 0 } else { 1 << 13 };
        Tally {
            lengths: Vec::with_capacity(room),
            keys: Vec::with_capacity(room),
            latencies: Vec::with_capacity(room),
            ..Tally::default()
        }
    }

    /// Adds an event at this offset, with what it says and its marks.
    pub(super) fn event(
        &mut self,
        at: u64,
        text: &[u8],
        millis: u64,
        said: &Said,
        marks: &[(Mark, usize)],
    ) {
        let lines = self.lines;
        let mut start = 0;
        let mut marks = marks.iter().peekable();
        for end in memchr::memchr_iter(b'\n', text) {
            self.lines += 1;
            self.line(at + start as u64, &text[start..end]);
            while let Some(&(mark, place)) = marks.next_if(|(_, place)| *place < end) {
                let offset = at + place as u64;
                self.marks[mark as usize].add(self.lines, offset);
                if mark == Mark::Rare {
                    self.needles.push((self.lines, offset));
                }
            }
            start = end + 1;
        }
        // Words stand one space apart.
        self.words += bytecount::count(text, b' ') as u64;
        self.said(said);
        self.events += 1;
        let hour = &mut self.hours[(millis / 3_600_000) as usize];
        hour.0 += self.lines - lines;
        let first = lines + 1;
        let error = self.marks[Mark::Error as usize].last;
        hour.1 += u64::from(error.is_some_and(|(line, _)| line >= first));
        let begun = self.times.map_or(millis, |(begun, _)| begun);
        self.times = Some((begun, millis));
    }

    fn line(&mut self, offset: u64, text: &[u8]) {
        let length = text.len() - usize::from(text.last() == Some(&b'\r'));
        self.words += u64::from(length > 0);
        self.empty += u64::from(length == 0);
        self.lengths.push(length as u32);
        if length as u64 > self.longest.length {
            self.longest = Longest {
                length: length as u64,
                line: self.lines,
                offset,
            };
        }
    }

    fn said(&mut self, said: &Said) {
        if said.keyed {
            self.keys.push(said.key);
        }
        self.latencies.extend(said.latency);
        self.levels[said.level.map_or(4, |level| level as usize)] += 1;
        self.no_characters += said.no_characters;
        self.invalid_lines += u64::from(said.invalid);
        self.nul_bytes += u64::from(said.nul);
    }
}
