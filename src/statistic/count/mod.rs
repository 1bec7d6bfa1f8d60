//! How many lines match each of several patterns, and how often.

mod finder;
mod marks;

use std::{collections::BTreeMap, sync::OnceLock};

use serde::{Deserialize, Serialize};

use self::{
    finder::{Finder, Found, Matcher, options_for},
    marks::Marks,
};
use super::{Head, Kind, LineEnding, Needs, Position, Scan, Shift, Statistic};
use crate::{
    chunk::{ChunkPlan, Record},
    error::Result,
    line::count_terminators,
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
    lf: Vec<Finder>,
    crlf: OnceLock<Vec<Finder>>,
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
    /// Wanted from the second pattern on.
    marks: Option<Marks>,
    places: Vec<Place>,
}

/// A match whose line number is wanted.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
struct Place {
    at: usize,
    pattern: u32,
    last: bool,
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
            lf: finders(&patterns, &options_for(options, LineEnding::Lf))?,
            crlf: OnceLock::new(),
            patterns,
            options: options.clone(),
        })
    }

    fn finders(&self, head: &Head) -> &[Finder] {
        match head.line_ending {
            LineEnding::Lf => &self.lf,
            LineEnding::Crlf => self.crlf.get().expect("compiled by `prepare`"),
        }
    }

    /// Counts in some whole lines of the chunk, which start at `base`.
    /// Returns how many newlines they have.
    fn scan_window(
        &self,
        worker: &mut CountWorker,
        scan: &Scan<'_>,
        (base, lines_before): (usize, u64),
        window: &[u8],
        partial: &mut CountPartial,
    ) -> u64 {
        let mut hit_lines = 0;
        worker.places.clear();
        for (id, finder) in (0..).zip(self.finders(scan.head())) {
            let mut found = Found::nothing(window, worker.marks.as_mut());
            finder.search(worker.matchers[id as usize].as_mut(), &mut found);
            let Some(first) = found.first else { continue };
            hit_lines += found.lines;
            let nowhere = scan.position(base, lines_before);
            let tally = partial.patterns.entry(id).or_insert(PatternTally {
                lines: 0,
                matches: 0,
                first: nowhere,
                last: nowhere,
            });
            if tally.lines == 0 {
                worker.places.push(Place {
                    at: first,
                    pattern: id,
                    last: false,
                });
            }
            tally.lines += found.lines;
            tally.matches += found.matches;
            worker.places.push(Place {
                at: found.last,
                pattern: id,
                last: true,
            });
        }
        let (any, several) = match &mut worker.marks {
            None => (hit_lines, 0),
            Some(_) if hit_lines == 0 => (0, 0),
            Some(marks) => marks.take(),
        };
        partial.any += any;
        partial.several += several;

        // Newlines are counted once, from one place to the next.
        worker.places.sort_unstable();
        let (mut counted, mut newlines) = (0, 0);
        for place in &worker.places {
            newlines += count_terminators(&window[counted..place.at], b'\n');
            counted = place.at;
            if let Some(tally) = partial.patterns.get_mut(&place.pattern) {
                let position = scan.position(base + place.at, lines_before + newlines);
                *(if place.last {
                    &mut tally.last
                } else {
                    &mut tally.first
                }) = position;
            }
        }
        newlines + count_terminators(&window[counted..], b'\n')
    }
}

fn finders(patterns: &[CountPattern], options: &PatternOptions) -> Result<Vec<Finder>> {
    let patterns = patterns.iter();
    patterns.map(|p| Finder::new(&p.pattern, options)).collect()
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
            let compiled = finders(&self.patterns, &options)?;
            self.crlf.get_or_init(|| compiled);
        }
        Ok(())
    }

    fn worker(&self, head: &Head) -> CountWorker {
        CountWorker {
            matchers: self.finders(head).iter().map(Finder::matcher).collect(),
            marks: (self.patterns.len() > 1).then(|| Marks::new(WINDOW)),
            places: Vec::new(),
        }
    }

    fn identity(&self) -> CountPartial {
        CountPartial::default()
    }

    fn scan(&self, worker: &mut CountWorker, scan: &Scan<'_>, partial: &mut CountPartial) {
        let bytes = scan.bytes();
        let mut newlines = 0;
        let line = Record::Line(b'\n');
        for chunk in ChunkPlan::new(bytes, 0..bytes.len() as u64, WINDOW as u64, line) {
            let (start, end) = (chunk.start as usize, chunk.end as usize);
            let from = (start, newlines);
            newlines += self.scan_window(worker, scan, from, &bytes[start..end], partial);
        }
        scan.tell_newlines(newlines);
        partial.lines += scan.lines();
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
            earlier
                .patterns
                .entry(id)
                .and_modify(|mine| {
                    mine.lines += tally.lines;
                    mine.matches += tally.matches;
                    mine.last = tally.last;
                })
                .or_insert(tally);
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
