//! How many lines were written when.

mod answer;
mod buckets;
mod cells;
mod done;
mod groups;
mod passes;
mod placed;
mod series;
mod stretch;

pub use answer::{BaseYear, Bucket, Gap, Group, Peak, TimelineAnswer};
pub use buckets::{Wider, WiderBecause};
pub use cells::Tally;
pub use done::NotExact;

use std::{
    ops::{Range, RangeInclusive},
    sync::{Arc, OnceLock},
};

use serde::{Deserialize, Serialize};

use self::{
    cells::{Cell, Cells, SECOND},
    done::Done,
    groups::{Grouped, Limits},
    series::Place,
    stretch::{Stretch, Written},
};
use super::{
    CountPattern, Head, Kind, LineEnding, Needs, Pass, RowLimit, Scan, Shift, Statistic,
    WireStatistic, sound,
};
use crate::{
    error::{Error, ErrorKind, Result},
    header::Level,
    key::{Key, KeyOptions, KeyReader, Keys, Unread, Watched, encoded, encoded_level},
    line::line_end,
    pattern::{LineFinder, PatternOptions, Patterns},
    sketch::hash,
    time::{Format, Reader, Zone},
};

/// What is asked of a [`Timeline`].
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct TimelineOptions {
    /// What is counted beside lines.
    pub patterns: Vec<CountPattern>,
    /// How patterns are read.
    pub pattern_options: PatternOptions,
    /// Count by these keys too.
    pub by: Vec<Key>,
    /// How keys are read.
    pub keys: KeyOptions,
    /// How many groups are told. Default: 10 to people.
    pub limit: RowLimit,
    /// How many bytes groups may take before times are told apart less well
    /// and the source is read once more. Default: 1 GiB.
    pub memory: u64,
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

impl TimelineOptions {
    /// How many groups people are told who do not say how many.
    const USUAL: usize = 10;

    /// How many groups are told at most.
    fn shown(&self) -> usize {
        self.limit.bound(TimelineOptions::USUAL)
    }
}

impl Default for TimelineOptions {
    fn default() -> TimelineOptions {
        TimelineOptions {
            patterns: Vec::new(),
            pattern_options: PatternOptions::default(),
            by: Vec::new(),
            keys: KeyOptions::default(),
            limit: RowLimit::default(),
            memory: 1 << 30,
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
///
/// Groups that do not fit into memory are counted in further passes: those find
/// the groups with the most lines, and the last of them counts these by time.
#[derive(Debug)]
pub struct Timeline {
    asked: Arc<Asked>,
    limits: Limits,
    /// What the passes before this one came to.
    done: Option<Box<Done>>,
}

/// What stays the same from pass to pass.
#[derive(Debug)]
struct Asked {
    options: TimelineOptions,
    /// `None` if no key is counted by.
    keys: Option<Keys>,
    lf: Vec<Patterns>,
    crlf: OnceLock<Vec<Patterns>>,
}

/// What [`Timeline`] keeps of some lines.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct TimelinePartial {
    /// One for each source, in their order.
    stretches: Vec<Stretch>,
    /// Counts by time of all sources that write years.
    cells: Cells,
    /// Counts by key and time, if keys are counted by.
    by: Option<Grouped>,
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
    /// Where lines are counted by level and nothing else.
    levels: Option<Levels>,
    /// Told there whether any line has a level.
    watched: Option<Watched>,
}

/// How many lines of each level are at hand, those without one first.
#[derive(Debug)]
struct Levels {
    counts: [u64; LEVELS],
    /// The level as a key, and its hash.
    keys: [(&'static [u8], u64); LEVELS],
}

const LEVELS: usize = 1 + Level::ALL.len();

impl Levels {
    fn new() -> Levels {
        let keys = std::array::from_fn(|at| {
            let key = encoded_level(at.checked_sub(1).map(|at| Level::ALL[at]));
            (key, hash(key))
        });
        Levels {
            counts: [0; LEVELS],
            keys,
        }
    }
}

/// Seconds that buckets and gaps can have.
const SPANS: RangeInclusive<u64> = 1..=36_525 * 86_400;

impl Timeline {
    /// A timeline as asked for.
    ///
    /// # Errors
    /// When a pattern does not compile, a key means nothing, or a bucket has no
    /// length that buckets can have.
    pub fn new(options: TimelineOptions) -> Result<Timeline> {
        let spans = options.bucket.iter().chain(&options.gaps_over);
        if spans.clone().any(|span| !SPANS.contains(span)) || options.most_cells == 0 {
            let why = "a bucket or a gap is at least a second and at most 36525d (100 years) long";
            return Err(Error::new(ErrorKind::Config(why.into())));
        }
        let keys = (!options.by.is_empty()).then(|| Keys::new(&options.by, &options.keys));
        Ok(Timeline {
            limits: Limits::new(options.memory),
            done: None,
            asked: Arc::new(Asked {
                keys: keys.transpose()?,
                lf: compile(&options, false)?,
                crlf: OnceLock::new(),
                options,
            }),
        })
    }

    /// What was asked for.
    pub fn options(&self) -> &TimelineOptions {
        &self.asked.options
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

    fn needs(&self) -> Needs {
        Needs {
            head: true,
            times: true,
            ..Needs::NOTHING
        }
    }

    fn prepare(&self, head: &Head) -> Result<()> {
        let asked = &*self.asked;
        if head.line_ending == LineEnding::Crlf && asked.crlf.get().is_none() {
            let compiled = compile(&asked.options, true)?;
            asked.crlf.get_or_init(|| compiled);
        }
        match &asked.keys {
            Some(keys) => keys.prepare(&head.origin()),
            None => Ok(()),
        }
    }

    fn unread(&self) -> Vec<Unread> {
        self.asked.keys.as_ref().map_or_else(Vec::new, Keys::unread)
    }

    fn worker(&self, head: &Head) -> TimelineWorker {
        let asked = &*self.asked;
        let patterns = match head.line_ending {
            LineEnding::Lf => &asked.lf,
            LineEnding::Crlf => asked.crlf.get().expect("compiled by `prepare`"),
        };
        let finders = patterns.iter().map(|p| LineFinder::new(&p.own(), false));
        TimelineWorker {
            reader: head.time.as_ref().map(Format::reader),
            finders: finders.collect(),
            next: Vec::new(),
            keys: asked.keys.as_ref().map(|keys| keys.reader(&head.origin())),
            line_ending: head.line_ending,
            buffer: Vec::new(),
            tally: Tally::default(),
            levels: (asked.options.by == [Key::Level]).then(Levels::new),
            watched: asked.keys.as_ref().map(Keys::watched),
        }
    }

    fn identity(&self) -> TimelinePartial {
        TimelinePartial {
            stretches: Vec::new(),
            cells: Cells::default(),
            by: self.asked.keys.as_ref().map(|_| Grouped::new(&self.limits)),
        }
    }

    fn scan(&self, worker: &mut TimelineWorker, scan: &Scan<'_>, partial: &mut TimelinePartial) {
        if scan.bytes().is_empty() {
            return;
        }
        partial.begin(scan.head());
        let has_year = partial.has_year();
        worker.begin();
        let bytes = scan.bytes();
        let mut at: Option<Cell> = None;
        let mut here = i64::MIN;
        let mut place = partial.place_behind();
        for record in scan.records() {
            let range = record.range;
            let offset = scan.absolute(range.start);
            let own = worker.stamp(&bytes[range.clone()], offset, has_year);
            if let Some(stamp) = own.or_else(|| partial.passed()) {
                let stamp = partial.in_its_year(stamp, has_year);
                let second = stamp.div_euclid(SECOND);
                match &mut at {
                    Some(at) if second == here => {
                        at.first = at.first.min(stamp);
                        at.last = at.last.max(stamp);
                    }
                    _ => {
                        self.flush(worker, partial, at.take(), place);
                        here = second;
                        at = Some(Cell::at(stamp));
                        place = partial.place(stamp);
                    }
                }
                partial.mark(stamp);
            }
            if let Some(by) = &mut partial.by {
                self.group(worker, scan, &range, (by, place));
            }
            worker.count(bytes, &range);
        }
        self.flush(worker, partial, at, place);
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
            let mut end = scan.bytes().len();
            let lines = scan.bytes().split_inclusive(|&b| b == b'\n');
            let mut backwards = lines.rev();
            backwards.find_map(|line| {
                end -= line.len();
                worker.stamp(line, scan.absolute(end), has_year)
            })
        } else {
            let stamps = scan.records();
            let stamps = stamps.map(|record| {
                let offset = scan.absolute(record.range.start);
                worker.stamp(&scan.bytes()[record.range], offset, has_year)
            });
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
        if let Some(groups) = &mut partial.by {
            groups.shift(by.sources);
        }
    }

    fn merge(&self, earlier: &mut TimelinePartial, later: TimelinePartial) {
        let most = self.asked.options.most_cells;
        let (mut by, mut level) = (later.by, 0);
        let mut stretches = later.stretches.into_iter();
        if let Some(stretch) = stretches.next() {
            let (source, open) = (stretch.source, stretch.open.lines > 0);
            let first = earlier.stretches.len() == 1;
            match earlier.stretches.last_mut() {
                Some(last) if last.source == source => {
                    let (place, moved) = last.append(stretch, &mut earlier.cells, most);
                    level = last.cells.level();
                    if let Some(by) = &mut by {
                        by.move_by(source, moved / SECOND);
                        match place {
                            Place::Open if first => {}
                            Place::Open if open => by.close(None),
                            place if open => by.close(Some(place)),
                            _ => {}
                        }
                    }
                }
                last => {
                    if let (Some(by), Some(_), true) = (&mut by, last, open) {
                        by.close(None);
                    }
                    earlier.stretches.push(stretch);
                }
            }
        }
        earlier.stretches.extend(stretches);
        earlier.cells.merge(later.cells, most);
        if let (Some(mine), Some(by)) = (&mut earlier.by, by) {
            mine.merge(&self.limits, by);
            mine.at_least(&self.limits, level.max(earlier.cells.level()));
        }
    }

    fn finish(&self, merged: TimelinePartial) -> TimelineAnswer {
        let done = self.done.as_deref();
        answer::finish(&self.asked.options, merged, (&self.limits, done))
    }

    fn next_pass(&self, mut merged: TimelinePartial) -> Pass<Timeline> {
        match passes::next(self, &mut merged) {
            Some((limits, done)) => Pass::Again(Timeline {
                asked: Arc::clone(&self.asked),
                limits,
                done: Some(Box::new(done)),
            }),
            None => Pass::Done(merged),
        }
    }
}

impl WireStatistic for Timeline {
    fn kind(&self) -> Kind {
        Kind::Timeline
    }

    fn accepts(&self, partial: &TimelinePartial, sources: u32) -> bool {
        let TimelinePartial {
            stretches,
            cells,
            by,
        } = partial;
        let tally = |tally: &Tally| tally.is_sound(self.asked.options.patterns.len());
        let lines = stretches.iter().map(Stretch::lines);
        sound::summable(lines.chain([cells.lines()]))
            && stretches.is_sorted_by(|a, b| a.source < b.source)
            && stretches.last().is_none_or(|last| last.source < sources)
            && stretches.iter().all(|stretch| stretch.is_sound(&tally))
            && cells.are_sound(&tally)
            && by.is_some() == self.asked.keys.is_some()
            && by
                .as_ref()
                .is_none_or(|by| by.is_sound(&self.limits, sources))
    }
}

impl Timeline {
    /// Counts a record that belongs to this place to its group.
    #[inline]
    fn group(
        &self,
        worker: &mut TimelineWorker,
        scan: &Scan<'_>,
        range: &Range<usize>,
        (by, place): (&mut Grouped, Place),
    ) {
        let Some(keys) = &mut worker.keys else {
            return;
        };
        let record = &scan.bytes()[range.clone()];
        let content = record.strip_suffix(b"\n").unwrap_or(record);
        let content = &content[..worker.line_ending.content_len(content)];
        let view = scan.view(range.start, content);
        if let Some(levels) = &mut worker.levels {
            levels.counts[view.level().map_or(0, |level| 1 + level as usize)] += 1;
        } else {
            let row = keys.values(view);
            let key = encoded(&row, row.len(), &mut worker.buffer);
            by.add(&self.limits, (key, hash(key)), place, 1);
        }
    }

    /// Puts the records at hand where they belong: in the cell, or if there is
    /// none, to the last line before them.
    fn flush(
        &self,
        worker: &mut TimelineWorker,
        partial: &mut TimelinePartial,
        cell: Option<Cell>,
        place: Place,
    ) {
        if worker.tally.lines == 0 && cell.is_none() {
            return;
        }
        if let (Some(levels), Some(by)) = (&mut worker.levels, &mut partial.by) {
            if let Some(watched) = &mut worker.watched {
                let some = levels.counts[1..].iter().any(|count| *count > 0);
                if some || levels.counts[0] > 0 {
                    watched.see(|_| (some, some));
                }
            }
            for (count, &key) in levels.counts.iter_mut().zip(&levels.keys) {
                if *count > 0 {
                    by.add(&self.limits, key, place, std::mem::take(count));
                }
            }
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
                cell.tally = std::mem::take(&mut worker.tally);
                cells.add(cell, self.asked.options.most_cells);
                if let Some(by) = &mut partial.by {
                    by.at_least(&self.limits, cells.level());
                }
            }
            (None, Some(marks)) => cells.follow(marks.last, &worker.tally),
            (None, None) => stretch.open.add(&worker.tally),
        }
        worker.tally.clear();
    }
}

impl TimelineWorker {
    fn begin(&mut self) {
        self.next.clear();
        self.next.resize(self.finders.len(), 0);
        self.tally.clear();
    }

    #[inline]
    fn stamp(&mut self, record: &[u8], offset: u64, has_year: bool) -> Option<i64> {
        let reader = self.reader.as_mut()?;
        let line = match record.last() {
            // Most records are one line, of which nobody has to look for the end.
            Some(b'\n') if record.len() < 200 => record,
            _ => &record[..line_end(record, 0, b'\n')],
        };
        let stamp = if has_year {
            reader.stamp_at(line, offset)
        } else {
            reader.without_year(line)
        };
        stamp.map(crate::time::Stamp::nanos)
    }

    /// Counts a record to those at hand.
    #[inline]
    fn count(&mut self, bytes: &[u8], range: &Range<usize>) {
        self.tally.lines += 1;
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
}

impl TimelinePartial {
    fn has_year(&self) -> bool {
        self.stretches.last().is_none_or(Stretch::has_year)
    }

    /// Where lines of this time belong.
    fn place(&self, stamp: i64) -> Place {
        let stretch = self.stretches.last();
        stretch.map_or(Place::Open, |stretch| stretch.place(stamp))
    }

    /// Where lines without a timestamp belong that follow.
    fn place_behind(&self) -> Place {
        let stretch = self.stretches.last();
        stretch.map_or(Place::Open, Stretch::place_behind)
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
}
