//! How many lines were written when.

mod answer;
mod buckets;
mod cells;
mod groups;
mod stretch;

pub use answer::{BaseYear, Bucket, Gap, Group, Peak, TimelineAnswer};
pub use cells::Tally;
pub use groups::Grouped;

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use self::{
    cells::{Cell, Cells},
    groups::Kept,
    stretch::{Stretch, Written},
};
use super::{CountPattern, Head, Kind, LineEnding, Needs, Scan, Shift, Statistic, sound};
use crate::{
    error::Result,
    header::Level,
    key::{Key, KeyOptions, KeyReader, Keys, encoded, encoded_level},
    line::line_end,
    pattern::{LineFinder, PatternOptions, Patterns},
    time::{Format, Reader, Zone},
};

/// What is asked of a [`Timeline`].
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct TimelineOptions {
    /// What is counted beside lines.
    pub patterns: Vec<CountPattern>,
    /// How patterns are read.
    pub pattern_options: PatternOptions,
    /// Count by these keys too.
    pub by: Vec<Key>,
    /// How keys are read.
    pub keys: KeyOptions,
    /// How many groups are told.
    pub limit: usize,
    /// Seconds of a bucket. Default: so that there are about a hundred.
    pub bucket: Option<u64>,
    /// Tell all gaps of at least so many seconds. Default: the longest ten of
    /// those that stand out, see [`TimelineAnswer::gaps`].
    pub gaps_over: Option<u64>,
    /// The zone in which days begin and times are shown.
    pub zone: Zone,
    /// How many cells of time are told apart: more of them become wider.
    pub most_cells: usize,
}

impl Default for TimelineOptions {
    fn default() -> TimelineOptions {
        TimelineOptions {
            patterns: Vec::new(),
            pattern_options: PatternOptions::default(),
            by: Vec::new(),
            keys: KeyOptions::default(),
            limit: 10,
            bucket: None,
            gaps_over: None,
            zone: Zone::utc(),
            most_cells: 1 << 20,
        }
    }
}

/// The statistic behind `swathe timeline`: lines, and those that match each of
/// some patterns, by when they were written.
///
/// A record without a timestamp was written when the one before it was. Lines
/// are counted in cells of a second; where more than a million different
/// seconds occur, in wider ones.
#[derive(Debug)]
pub struct Timeline {
    options: TimelineOptions,
    /// `None` if no key is counted by.
    keys: Option<Keys>,
    lf: Vec<Patterns>,
    crlf: OnceLock<Vec<Patterns>>,
}

/// What [`Timeline`] keeps of some lines.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct TimelinePartial {
    /// One for each source, in their order.
    stretches: Vec<Stretch>,
    /// Counts by time of all sources that write years.
    cells: Cells,
    /// Which keys are counted.
    kept: Kept,
}

/// What a thread keeps between chunks.
#[derive(Debug)]
pub struct TimelineWorker {
    reader: Option<Reader>,
    finders: Vec<LineFinder>,
    /// Where each pattern matches next.
    next: Vec<usize>,
    keys: Option<KeyReader>,
    line_ending: LineEnding,
    buffer: Vec<u8>,
    tally: Tally,
    /// Where lines are counted by level and nothing else: how many of each are
    /// at hand, those without one first.
    levels: Option<[u64; 1 + Level::ALL.len()]>,
}

impl Timeline {
    /// A timeline as asked for.
    ///
    /// # Errors
    /// When a pattern does not compile, or a key means nothing.
    pub fn new(options: TimelineOptions) -> Result<Timeline> {
        let keys = (!options.by.is_empty()).then(|| Keys::new(&options.by, &options.keys));
        Ok(Timeline {
            keys: keys.transpose()?,
            lf: compile(&options, false)?,
            crlf: OnceLock::new(),
            options,
        })
    }

    /// What was asked for.
    pub fn options(&self) -> &TimelineOptions {
        &self.options
    }
}

fn compile(options: &TimelineOptions, crlf: bool) -> Result<Vec<Patterns>> {
    let read = PatternOptions {
        crlf,
        ..options.pattern_options.clone()
    };
    let patterns = options.patterns.iter();
    patterns.map(|p| read.compile(&[&p.pattern])).collect()
}

impl Statistic for Timeline {
    type Partial = TimelinePartial;
    type Output = TimelineAnswer;
    type Worker = TimelineWorker;

    fn kind(&self) -> Kind {
        Kind::Timeline
    }

    fn needs(&self) -> Needs {
        Needs {
            head: true,
            ..Needs::NOTHING
        }
    }

    fn prepare(&self, head: &Head) -> Result<()> {
        if head.line_ending == LineEnding::Crlf && self.crlf.get().is_none() {
            let compiled = compile(&self.options, true)?;
            self.crlf.get_or_init(|| compiled);
        }
        match &self.keys {
            Some(keys) => keys.prepare(&head.origin()),
            None => Ok(()),
        }
    }

    fn worker(&self, head: &Head) -> TimelineWorker {
        let patterns = match head.line_ending {
            LineEnding::Lf => &self.lf,
            LineEnding::Crlf => self.crlf.get().expect("compiled by `prepare`"),
        };
        let finders = patterns.iter().map(|p| LineFinder::new(&p.own(), false));
        TimelineWorker {
            reader: head.time.as_ref().map(Format::reader),
            finders: finders.collect(),
            next: Vec::new(),
            keys: self.keys.as_ref().map(|keys| keys.reader(&head.origin())),
            line_ending: head.line_ending,
            buffer: Vec::new(),
            tally: Tally::default(),
            levels: (self.options.by == [Key::Level]).then_some([0; 1 + Level::ALL.len()]),
        }
    }

    fn identity(&self) -> TimelinePartial {
        TimelinePartial::default()
    }

    fn scan(&self, worker: &mut TimelineWorker, scan: &Scan<'_>, partial: &mut TimelinePartial) {
        if scan.bytes().is_empty() {
            return;
        }
        partial.begin(scan.head());
        let (has_year, most) = (partial.has_year(), self.options.most_cells);
        worker.begin();
        let bytes = scan.bytes();
        let mut at: Option<Cell> = None;
        let mut here = i64::MIN;
        for record in scan.records() {
            let range = record.range;
            let own = worker.stamp(&bytes[range.clone()], has_year);
            if let Some(stamp) = own.or_else(|| partial.passed()) {
                let stamp = partial.in_its_year(stamp, has_year);
                match &mut at {
                    Some(at) if partial.cells(has_year).cell_of(stamp) == here => {
                        at.first = at.first.min(stamp);
                        at.last = at.last.max(stamp);
                    }
                    _ => {
                        worker.flush(partial, at.take(), most);
                        here = partial.cells(has_year).cell_of(stamp);
                        at = Some(Cell::at(stamp));
                    }
                }
                partial.mark(stamp);
            }
            worker.count(scan, &range);
        }
        worker.flush(partial, at, most);
    }

    /// A line without a timestamp belongs to the last one that has one, whether
    /// that is selected or not.
    fn pass_by(&self, worker: &mut TimelineWorker, scan: &Scan<'_>, partial: &mut TimelinePartial) {
        if scan.bytes().is_empty() || worker.reader.is_none() {
            return;
        }
        partial.begin(scan.head());
        let has_year = partial.has_year();
        let last = if scan.is_lines() {
            let lines = scan.bytes().split_inclusive(|&b| b == b'\n');
            let mut backwards = lines.rev();
            backwards.find_map(|line| worker.stamp(line, has_year))
        } else {
            let stamps = scan.records();
            let stamps = stamps.map(|record| worker.stamp(&scan.bytes()[record.range], has_year));
            stamps.flatten().last()
        };
        if let (Some(_), Some(stretch)) = (last, partial.stretches.last_mut()) {
            stretch.passed = last;
        }
    }

    fn shift(&self, partial: &mut TimelinePartial, by: Shift) {
        for stretch in &mut partial.stretches {
            stretch.source += by.sources;
        }
    }

    fn merge(&self, earlier: &mut TimelinePartial, later: TimelinePartial) {
        let most = self.options.most_cells;
        let mut later = later;
        earlier.agree(&mut later);
        let mut stretches = later.stretches.into_iter();
        if let Some(stretch) = stretches.next() {
            match earlier.stretches.last_mut() {
                Some(last) if last.source == stretch.source => {
                    last.append(stretch, &mut earlier.cells, most);
                }
                _ => earlier.stretches.push(stretch),
            }
        }
        earlier.stretches.extend(stretches);
        earlier.cells.merge(later.cells, most);
    }

    fn accepts(&self, partial: &TimelinePartial, sources: u32) -> bool {
        let TimelinePartial {
            stretches,
            cells,
            kept,
        } = partial;
        let tally = |tally: &Tally| {
            let grouped = self.keys.is_some() || tally.groups.is_empty();
            grouped && tally.is_sound(self.options.patterns.len(), kept)
        };
        let lines = stretches.iter().map(Stretch::lines);
        sound::summable(lines.chain([cells.lines()]))
            && stretches.is_sorted_by(|a, b| a.source < b.source)
            && stretches.last().is_none_or(|last| last.source < sources)
            && stretches.iter().all(|stretch| stretch.is_sound(&tally))
            && cells.are_sound(&tally)
            && kept.is_sound()
    }

    fn finish(&self, merged: TimelinePartial) -> TimelineAnswer {
        answer::finish(&self.options, merged)
    }
}

impl TimelineWorker {
    fn begin(&mut self) {
        self.next.clear();
        self.next.resize(self.finders.len(), 0);
        self.tally.clear();
    }

    #[inline]
    fn stamp(&mut self, record: &[u8], has_year: bool) -> Option<i64> {
        let reader = self.reader.as_mut()?;
        let line = match record.last() {
            // Most records are one line, of which nobody has to look for the end.
            Some(b'\n') if record.len() < 200 => record,
            _ => &record[..line_end(record, 0, b'\n')],
        };
        let stamp = if has_year {
            reader.stamp(line)
        } else {
            reader.without_year(line)
        };
        stamp.map(crate::time::Stamp::nanos)
    }

    /// Counts a record to those at hand.
    #[inline]
    fn count(&mut self, scan: &Scan<'_>, range: &std::ops::Range<usize>) {
        let bytes = scan.bytes();
        self.tally.lines += 1;
        if let Some(keys) = &mut self.keys {
            let record = &bytes[range.clone()];
            let content = record.strip_suffix(b"\n").unwrap_or(record);
            let content = &content[..self.line_ending.content_len(content)];
            let view = scan.view(range.start, content);
            if let Some(levels) = &mut self.levels {
                levels[view.level().map_or(0, |level| 1 + level as usize)] += 1;
            } else {
                let row = keys.values(view);
                let key = encoded(&row, row.len(), &mut self.buffer);
                self.tally.groups.count(key, 1);
            }
        }
        for pattern in 0..self.finders.len() {
            if self.next[pattern] < range.start || self.next[pattern] == 0 {
                let found = self.finders[pattern].find_content(bytes, range.start);
                self.next[pattern] = found.map_or(usize::MAX, |line| line.start);
            }
            if range.contains(&self.next[pattern]) {
                self.tally.hit(pattern, self.finders.len());
            }
        }
    }

    /// Puts the records at hand where they belong: in the cell, or if there is
    /// none, to the last line before them.
    fn flush(&mut self, partial: &mut TimelinePartial, cell: Option<Cell>, most: usize) {
        if self.tally.lines == 0 && cell.is_none() {
            return;
        }
        for (count, at) in self.levels.iter_mut().flatten().zip(0_usize..) {
            if *count > 0 {
                let level = at.checked_sub(1).map(|at| Level::ALL[at]);
                self.tally
                    .groups
                    .count(encoded_level(level), std::mem::take(count));
            }
        }
        if self.keys.is_some() && partial.kept.take(&mut self.tally.groups) {
            self.tally.groups.keep(&partial.kept);
            partial.forget();
        }
        let Some(stretch) = partial.stretches.last_mut() else {
            return;
        };
        let cells = if stretch.has_year() {
            &mut partial.cells
        } else {
            &mut stretch.cells
        };
        match (cell, &stretch.marks) {
            (Some(mut cell), _) => {
                cell.tally = std::mem::take(&mut self.tally);
                cells.add(cell, most);
            }
            (None, Some(marks)) => cells.follow(marks.last, &self.tally),
            (None, None) => stretch.open.add(&self.tally),
        }
        self.tally.clear();
    }
}

impl TimelinePartial {
    fn has_year(&self) -> bool {
        self.stretches.last().is_none_or(Stretch::has_year)
    }

    /// Where the lines of the last source are counted.
    fn cells(&self, has_year: bool) -> &Cells {
        match self.stretches.last() {
            Some(stretch) if !has_year => &stretch.cells,
            _ => &self.cells,
        }
    }

    fn in_its_year(&self, stamp: i64, has_year: bool) -> i64 {
        match self.stretches.last() {
            Some(stretch) if !has_year => stretch.in_its_year(stamp),
            _ => stamp,
        }
    }

    /// Makes ready for lines of a source that begins like this.
    fn begin(&mut self, head: &Head) {
        if self.stretches.is_empty() {
            self.stretches.push(Stretch {
                written: head.time.as_ref().map(Written::of),
                ..Stretch::default()
            });
        }
    }

    /// The last timestamp, if it is one of a line that was not selected.
    fn passed(&self) -> Option<i64> {
        self.stretches.last()?.passed
    }

    fn mark(&mut self, stamp: i64) {
        if let Some(stretch) = self.stretches.last_mut() {
            stretch.mark(stamp);
        }
    }

    /// Forgets keys that are not counted.
    fn forget(&mut self) {
        self.cells.keep(&self.kept);
        for stretch in &mut self.stretches {
            stretch.keep(&self.kept);
        }
    }

    /// Makes both count the same keys.
    fn agree(&mut self, later: &mut TimelinePartial) {
        let before = self.kept.level();
        self.kept.merge(&later.kept);
        if self.kept.level() > before {
            self.forget();
        }
        if self.kept.level() > later.kept.level() {
            later.kept.clone_from(&self.kept);
            later.forget();
        }
    }
}
