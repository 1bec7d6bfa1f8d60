//! How many lines match each of several patterns, and how often.

mod finder;
mod grams;
mod layout;
mod marks;
mod needles;
mod plan;
mod search;
mod sink;
mod word;

use std::{collections::BTreeMap, sync::OnceLock};

use serde::{Deserialize, Serialize};

use self::{finder::Matcher, plan::Plans, search::Search, sink::Sink};
use super::{Head, Kind, LineEnding, Needs, Position, Scan, Shift, Statistic};
use crate::{
    chunk::{ChunkPlan, Record},
    error::Result,
    pattern::PatternOptions,
};

/// Lines are searched for one pattern after the other in pieces of this size,
/// small enough to stay in a core's second-level cache meanwhile.
const WINDOW: usize = 128 << 10;

/// A pattern to count.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct CountPattern {
    /// What the caller calls it.
    pub name: Option<String>,
    /// The pattern.
    pub pattern: String,
}

/// The statistic behind `swathe count`: each pattern as if it ran alone.
///
/// A line counts for every pattern that matches in it. Matches of a pattern do
/// not overlap; an empty match makes its line count but is not counted itself.
/// In a source whose lines end with `\r\n` patterns see lines without both.
#[derive(Debug)]
pub struct Count {
    patterns: Vec<CountPattern>,
    options: PatternOptions,
    lf: Plans,
    crlf: OnceLock<Plans>,
}

/// What [`Count`] keeps of some lines.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct CountPartial {
    lines: u64,
    any: u64,
    several: u64,
    /// The patterns that have matched, by their place.
    patterns: BTreeMap<u32, PatternTally>,
}

/// What one pattern has in some lines.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct PatternTally {
    /// Lines with a match.
    pub lines: u64,
    /// Matches that do not overlap and are not empty.
    pub matches: u64,
    /// The first match in the first of the lines.
    pub first: Position,
    /// The first match in the last of them.
    pub last: Position,
}

/// What [`Count`] found out.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CountAnswer {
    /// One for each pattern, in the order they were given.
    pub patterns: Vec<PatternCount>,
    /// All lines.
    pub lines_total: u64,
    /// Lines that match a pattern.
    pub lines_any: u64,
    /// Lines that match none.
    pub lines_none: u64,
    /// The matches of all patterns.
    pub matches_total: u64,
    /// Lines that match more than one pattern.
    pub multi_pattern_lines: u64,
}

/// The numbers of one pattern.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PatternCount {
    /// The pattern.
    pub pattern: CountPattern,
    /// What it has; `None` if it matches nowhere.
    pub tally: Option<PatternTally>,
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
        })
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

impl CountPartial {
    /// Appends what a pattern has behind these lines.
    fn add(&mut self, id: u32, tally: PatternTally) {
        self.patterns
            .entry(id)
            .and_modify(|mine| {
                mine.lines += tally.lines;
                mine.matches += tally.matches;
                mine.last = tally.last;
            })
            .or_insert(tally);
    }
}

impl Statistic for Count {
    type Partial = CountPartial;
    type Output = CountAnswer;
    type Worker = CountWorker;

    fn kind(&self) -> Kind {
        Kind::Count
    }

    fn needs(&self) -> Needs {
        Needs {
            line_numbers: true,
            head: true,
        }
    }

    fn prepare(&self, head: &Head) -> Result<()> {
        if head.line_ending == LineEnding::Crlf && self.crlf.get().is_none() {
            let options = options_for(&self.options, LineEnding::Crlf);
            let compiled = Plans::new(&self.patterns, &options)?;
            self.crlf.get_or_init(|| compiled);
        }
        Ok(())
    }

    fn worker(&self, head: &Head) -> CountWorker {
        let _ = head;
        let patterns = self.patterns.len();
        CountWorker {
            matchers: std::iter::repeat_with(|| None).take(patterns).collect(),
            sink: Sink::new(patterns, WINDOW),
        }
    }

    fn identity(&self) -> CountPartial {
        CountPartial::default()
    }

    fn scan(&self, worker: &mut CountWorker, scan: &Scan<'_>, partial: &mut CountPartial) {
        let bytes = scan.bytes();
        let plans = self.plans(scan.head());
        let CountWorker { matchers, sink } = worker;
        sink.begin(scan);
        let line = Record::Line(b'\n');
        for chunk in ChunkPlan::new(bytes, 0..bytes.len() as u64, WINDOW as u64, line) {
            let window = chunk.start as usize..chunk.end as usize;
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
        partial.lines += scan.lines();
        sink.end(scan, |id, tally| partial.add(id, tally));
    }

    fn shift(&self, partial: &mut CountPartial, by: Shift) {
        for tally in partial.patterns.values_mut() {
            tally.first.shift(by);
            tally.last.shift(by);
        }
    }

    fn merge(&self, earlier: &mut CountPartial, later: CountPartial) {
        earlier.lines += later.lines;
        earlier.any += later.any;
        earlier.several += later.several;
        for (id, tally) in later.patterns {
            earlier.add(id, tally);
        }
    }

    fn finish(&self, merged: CountPartial) -> CountAnswer {
        let tallies = merged.patterns.values();
        let patterns = (0..).zip(&self.patterns).map(|(id, pattern)| PatternCount {
            pattern: pattern.clone(),
            tally: merged.patterns.get(&id).copied(),
        });
        CountAnswer {
            patterns: patterns.collect(),
            lines_total: merged.lines,
            lines_any: merged.any,
            lines_none: merged.lines.saturating_sub(merged.any),
            matches_total: tallies.map(|tally| tally.matches).sum(),
            multi_pattern_lines: merged.several,
        }
    }
}
