//! How many lines match each of several patterns, and how often.

mod answer;
mod finder;
mod marks;
mod needles;
mod plan;
mod search;
mod sink;
mod tallies;

pub use answer::{CountAnswer, CountPattern, PatternCount, PatternTally};

use std::{collections::BTreeMap, ops::Range, sync::OnceLock};

use serde::{Deserialize, Serialize};

use self::{finder::Matcher, plan::Plans, search::Search, sink::Sink, tallies::Tallies};
use super::{Head, Kind, LineEnding, Needs, Scan, Shift, Statistic, WireStatistic, sound};
use crate::{
    chunk::{ChunkPlan, Record},
    error::{Error, ErrorKind, Result},
    pattern::PatternOptions,
};

/// Lines are searched for one pattern after the other in pieces of this size,
/// small enough to stay in a core's second-level cache meanwhile.
const WINDOW: usize = 128 << 10;

/// The statistic behind `swathe count`: each pattern as if it ran alone.
///
/// A line counts for every pattern that matches in it. Matches of a pattern do
/// not overlap; an empty match makes its line count but is not counted itself.
/// In a source whose lines end with `\r\n` patterns see lines without both.
/// Where a record is several lines, records count in place of lines; a match
/// still lies in one line.
#[derive(Debug)]
pub struct Count {
    patterns: Vec<CountPattern>,
    options: PatternOptions,
    /// Equal parts of each source that matches are counted in.
    parts: u32,
    lf: Plans,
    crlf: OnceLock<Plans>,
}

/// What [`Count`] keeps of some lines.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct CountPartial {
    lines: u64,
    any: u64,
    several: u64,
    patterns: Tallies,
    /// The matches of each pattern in each part of the source, where wanted.
    positions: BTreeMap<u32, Vec<u64>>,
}

/// What a thread keeps between chunks.
#[derive(Debug)]
pub struct CountWorker {
    matchers: Vec<Option<Matcher>>,
    sink: Sink,
}

impl Count {
    /// Counts these patterns, read and compiled as the options say.
    ///
    /// Whether lines end with `\r\n` is decided for each source, whatever the
    /// options say.
    ///
    /// # Errors
    /// When a pattern does not compile.
    pub fn new(patterns: Vec<CountPattern>, options: &PatternOptions) -> Result<Count> {
        Ok(Count {
            lf: Plans::new(&patterns, &options_for(options, LineEnding::Lf))?,
            crlf: OnceLock::new(),
            patterns,
            options: options.clone(),
            parts: 0,
        })
    }

    /// Counts the matches also in so many equal parts of each source, by where
    /// they start; 0 for none. The size of a source must be known from the
    /// start.
    #[must_use]
    pub fn in_parts(self, parts: u32) -> Count {
        Count { parts, ..self }
    }

    fn plans(&self, head: &Head) -> &Plans {
        match head.line_ending {
            LineEnding::Lf => &self.lf,
            LineEnding::Crlf => self.crlf.get().expect("compiled by `prepare`"),
        }
    }
}

/// The options as they are for lines that end like this.
fn options_for(options: &PatternOptions, line_ending: LineEnding) -> PatternOptions {
    PatternOptions {
        crlf: line_ending == LineEnding::Crlf,
        ..options.clone()
    }
}

/// Pieces of a chunk of about [`WINDOW`] bytes, each whole records: lines, or
/// what ends where `records` says.
fn windows(bytes: &[u8], records: Option<&[usize]>) -> Vec<Range<usize>> {
    let Some(ends) = records else {
        let line = Record::Line(b'\n');
        let plan = ChunkPlan::new(bytes, 0..bytes.len() as u64, WINDOW as u64, line);
        return plan
            .map(|chunk| chunk.start as usize..chunk.end as usize)
            .collect();
    };
    let (mut windows, mut start) = (Vec::new(), 0);
    for &end in ends {
        if end - start >= WINDOW || end == bytes.len() {
            windows.push(start..end);
            start = end;
        }
    }
    windows
}

/// Adds the matches in each part.
fn add_parts(mine: &mut BTreeMap<u32, Vec<u64>>, id: u32, matches: Vec<u64>) {
    let Some(all) = mine.get_mut(&id) else {
        mine.insert(id, matches);
        return;
    };
    if all.len() < matches.len() {
        all.resize(matches.len(), 0);
    }
    for (all, more) in all.iter_mut().zip(matches) {
        *all += more;
    }
}

impl Statistic for Count {
    type Partial = CountPartial;
    type Output = CountAnswer;
    type Worker = CountWorker;

    fn needs(&self) -> Needs {
        Needs {
            line_numbers: true,
            head: true,
            times: false,
            format: false,
        }
    }

    fn prepare(&self, head: &Head) -> Result<()> {
        if head.line_ending == LineEnding::Crlf && self.crlf.get().is_none() {
            let options = options_for(&self.options, LineEnding::Crlf);
            let compiled = Plans::new(&self.patterns, &options)?;
            self.crlf.get_or_init(|| compiled);
        }
        if self.parts > 0 && head.len.is_none() {
            let why = "matches by position need the size beforehand, which is not known of a \
                       pipe and of text that is decoded; count in a plain file";
            return Err(Error::new(ErrorKind::Config(why.into())));
        }
        Ok(())
    }

    fn worker(&self, head: &Head) -> CountWorker {
        let patterns = self.patterns.len();
        let len = head.len.unwrap_or_default();
        CountWorker {
            matchers: std::iter::repeat_with(|| None).take(patterns).collect(),
            sink: Sink::new(patterns, WINDOW).in_parts(self.parts, len),
        }
    }

    fn identity(&self) -> CountPartial {
        CountPartial::default()
    }

    fn scan(&self, worker: &mut CountWorker, scan: &Scan<'_>, partial: &mut CountPartial) {
        let bytes = scan.bytes();
        let plans = self.plans(scan.head());
        let CountWorker { matchers, sink } = worker;
        let records = (!scan.is_lines()).then(|| {
            let records = scan.records();
            records.map(|record| record.range.end).collect::<Vec<_>>()
        });
        let windows = windows(bytes, records.as_deref());
        let many = records.as_ref().map(|records| records.len() as u64);
        sink.begin(scan, records);
        for window in windows {
            sink.begin_window(window.start);
            let search = Search {
                plans,
                matchers,
                sink,
                bytes,
                absolute: scan.absolute(0),
                window: window.clone(),
            };
            search.run();
            let (any, several) = sink.end_window(bytes, window.end);
            partial.any += any;
            partial.several += several;
        }
        scan.tell_newlines(sink.newlines_before(bytes, bytes.len()));
        partial.lines += many.unwrap_or_else(|| scan.lines());
        sink.end(scan, |id, tally| partial.patterns.append(id, tally));
        sink.end_parts(|id, matches| add_parts(&mut partial.positions, id, matches));
    }

    fn shift(&self, partial: &mut CountPartial, by: Shift) {
        partial.patterns.shift(by);
    }

    fn merge(&self, earlier: &mut CountPartial, later: CountPartial) {
        earlier.lines += later.lines;
        earlier.any += later.any;
        earlier.several += later.several;
        earlier.patterns.append_all(later.patterns);
        for (id, matches) in later.positions {
            add_parts(&mut earlier.positions, id, matches);
        }
    }

    fn finish(&self, mut merged: CountPartial) -> CountAnswer {
        let parts = self.parts as usize;
        let mut positions = |id| {
            let mut matches = merged.positions.remove(&id).unwrap_or_default();
            matches.resize(parts, 0);
            (parts > 0).then_some(matches)
        };
        let tallies = &merged.patterns;
        let patterns = (0..).zip(&self.patterns).map(|(id, pattern)| PatternCount {
            pattern: pattern.clone(),
            tally: tallies.get(id),
            positions: positions(id),
        });
        CountAnswer {
            patterns: patterns.collect(),
            lines_total: merged.lines,
            lines_any: merged.any,
            lines_none: merged.lines.saturating_sub(merged.any),
            matches_total: tallies.matches(),
            multi_pattern_lines: merged.several,
        }
    }
}

impl WireStatistic for Count {
    fn kind(&self) -> Kind {
        Kind::Count
    }

    fn accepts(&self, partial: &CountPartial, sources: u32) -> bool {
        let CountPartial {
            lines,
            any,
            several,
            patterns,
            positions,
        } = partial;
        let (known, parts) = (self.patterns.len(), self.parts as usize);
        let parts = |(&id, matches): (&u32, &Vec<u64>)| {
            let matches = (matches.len() <= parts, matches.iter().copied());
            (id as usize) < known && matches.0 && sound::summable(matches.1)
        };
        sound::counts([*lines])
            && any <= lines
            && several <= any
            && patterns.are_of(known, *lines, sources)
            && positions.iter().all(parts)
    }
}
