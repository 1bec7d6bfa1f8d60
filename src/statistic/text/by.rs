//! Lines, words and characters of the records of each key.

use memchr::memchr_iter;
use serde::{Deserialize, Serialize};

use super::{TextAnswer, TextPartial, characters};
use crate::{
    error::Result,
    key::{KeyReader, Keys, Unread, decode, encoded},
    line::Lines,
    sketch::hash,
    statistic::{
        Head, Kind, LineEnding, Needs, RowLimit, Scan, Shift, Statistic, WireStatistic,
        groups::{Bounds, GroupValue, Groups, unmerged},
        wc::words,
    },
};

/// The statistic behind `swathe stats --by`: what [`Text`](super::Text) says,
/// of the records of each key.
///
/// The longest lines are not named. If not all groups fit into memory, some are
/// kept, chosen by the hash of their key.
#[derive(Debug)]
pub struct TextBy {
    keys: Keys,
    limit: RowLimit,
    bounds: Bounds,
}

/// What [`TextBy`] keeps of some records.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct TextByPartial {
    records: u64,
    groups: Groups<GroupText>,
}

#[derive(Clone, Debug, Default, Deserialize, Serialize)]
struct GroupText(TextPartial);

/// What [`TextBy`] found out.
#[derive(Clone, Debug, PartialEq)]
pub struct TextByAnswer {
    /// The groups with the most records, of equals that of the lesser key.
    pub groups: Vec<TextGroup>,
    /// How many groups there are, or about so many; see `kept_one_in`.
    pub distinct: u64,
    /// Records of groups that are not shown.
    pub other: u64,
    /// Of how many groups one was looked at; 1 if all were.
    pub kept_one_in: u64,
}

/// One group.
#[derive(Clone, Debug, PartialEq)]
pub struct TextGroup {
    /// The values of its keys.
    pub key: Vec<Option<Vec<u8>>>,
    /// Its numbers.
    pub answer: TextAnswer,
}

/// What a thread keeps between chunks.
#[derive(Debug)]
pub struct TextByWorker {
    reader: KeyReader,
    key: Vec<u8>,
}

impl TextBy {
    /// How many groups people are shown who do not say how many.
    const USUAL: usize = 20;

    /// Groups by these keys, shows `limit` of them, and keeps as many as fit
    /// into so many bytes.
    pub fn new(keys: Keys, limit: RowLimit, memory: u64) -> TextBy {
        TextBy {
            keys,
            limit,
            bounds: Bounds {
                bytes: (memory / 4 * 3).clamp(1, Bounds::MAX_BYTES),
                groups: u64::MAX,
                first: 0,
                last: u64::MAX,
                counters: 0,
            },
        }
    }
}

impl TextPartial {
    /// Adds whole lines; for few of them at a time.
    fn add_lines(&mut self, bytes: &[u8], line_ending: LineEnding) {
        let found = characters(bytes);
        self.bytes += bytes.len() as u64;
        self.words += words(bytes);
        self.chars += found.chars;
        self.invalid_utf8_lines += found.invalid_lines;
        self.continuation_bytes += found.continuation_bytes;
        self.nul_bytes += memchr_iter(0, bytes).count() as u64;
        for range in Lines::new(bytes, b'\n') {
            let line = &bytes[range];
            let (content, ended) = match line.strip_suffix(b"\n") {
                Some(content) => (content, true),
                None => (line, false),
            };
            self.lines += 1;
            self.newlines += u64::from(ended);
            self.crlf_lines += u64::from(ended && content.ends_with(b"\r"));
            let content = &content[..line_ending.content_len(content)];
            let blank = content.iter().all(|b| matches!(b, b' ' | 9..=13));
            self.blank_lines += u64::from(blank);
            self.lengths.add(content.len() as u64);
        }
    }
}

impl GroupValue for GroupText {
    const SIZE: usize = 200;

    fn merge(&mut self, other: GroupText) {
        // They are not named here, and there are none.
        let _ = self.0.append(other.0);
    }

    fn weight(&self) -> u64 {
        /// A group with more than a thousand different lengths beyond 4096 bytes is
        /// taken for one, so that no group fills the memory.
        const MOST: u64 = 1 << 16;
        self.0.lengths.weight().min(MOST)
    }
}

impl Statistic for TextBy {
    type Partial = TextByPartial;
    type Output = TextByAnswer;
    type Worker = TextByWorker;

    fn needs(&self) -> Needs {
        Needs {
            line_numbers: false,
            head: true,
            times: self.keys.has_times(),
            format: self.keys.needs_format(),
        }
    }

    fn unread(&self) -> Vec<Unread> {
        self.keys.unread()
    }

    fn prepare(&self, head: &Head) -> Result<()> {
        self.keys.prepare(&head.origin())
    }

    fn worker(&self, head: &Head) -> TextByWorker {
        TextByWorker {
            reader: self.keys.reader(&head.origin()),
            key: Vec::new(),
        }
    }

    fn identity(&self) -> TextByPartial {
        TextByPartial {
            records: 0,
            groups: Groups::new(),
        }
    }

    fn scan(&self, worker: &mut TextByWorker, scan: &Scan<'_>, partial: &mut TextByPartial) {
        let TextByWorker { reader, key } = worker;
        let (line_ending, by) = (scan.head().line_ending, self.keys.keys().len());
        for record in scan.records() {
            let bytes = &scan.bytes()[record.range.clone()];
            let line = bytes.strip_suffix(b"\n").unwrap_or(bytes);
            let content = &line[..line_ending.content_len(line)];
            let view = scan.view(record.range.start, content);
            reader.record(view, false, |row| {
                let key = encoded(row, by, key);
                partial.records += 1;
                let place = (key, hash(key));
                partial.groups.add(&self.bounds, place, 1, |group| {
                    group.0.records += 1;
                    group.0.add_lines(bytes, line_ending);
                });
            });
        }
    }

    fn shift(&self, _partial: &mut TextByPartial, _by: Shift) {}

    fn merge(&self, earlier: &mut TextByPartial, later: TextByPartial) {
        earlier.records += later.records;
        earlier.groups.merge(&self.bounds, later.groups);
    }

    fn unmerged(&self) -> Option<u64> {
        Some(unmerged(self.bounds.bytes))
    }

    fn weight(&self, partial: &TextByPartial) -> u64 {
        partial.groups.bytes()
    }

    fn finish(&self, merged: TextByPartial) -> TextByAnswer {
        let groups = &merged.groups;
        let mut sorted: Vec<_> = groups.iter().collect();
        sorted.sort_unstable_by(|a, b| b.1.count.cmp(&a.1.count).then_with(|| a.0.cmp(b.0)));
        sorted.truncate(self.limit.bound(TextBy::USUAL));
        let shown: u64 = sorted.iter().map(|(_, group)| group.count).sum();
        let level = u32::from(groups.level().min(63));
        let shown_groups = sorted.into_iter().map(|(key, group)| TextGroup {
            key: decode(key, self.keys.keys().len()),
            answer: group.value.0.clone().answer(),
        });
        TextByAnswer {
            groups: shown_groups.collect(),
            // None may have been kept of a few.
            distinct: groups
                .len()
                .saturating_mul(1 << level)
                .max(u64::from(merged.records > 0)),
            other: merged.records.saturating_sub(shown),
            kept_one_in: 1 << level,
        }
    }
}

impl WireStatistic for TextBy {
    fn kind(&self) -> Kind {
        Kind::TextBy
    }

    fn accepts(&self, partial: &TextByPartial, _sources: u32) -> bool {
        let sound = |GroupText(text): &GroupText| text.is_sound() && text.longest.is_empty();
        let groups = &partial.groups;
        groups.accepted(&self.bounds, partial.records, |group| sound(&group.value))
    }
}
