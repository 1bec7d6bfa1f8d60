//! Which records of a chunk are selected where a pattern alone does not say:
//! filters, ranges of lines or of time, records of many lines.
//!
//! A record is selected when it matches the pattern (or does not, with `-v`)
//! and passes every filter. The pattern is looked for first, since it is
//! mostly what is rare; only a record in which it matches is judged.

use std::ops::Range;

use memchr::memchr;

use super::{LineRange, job::Job, steps::Select, units::Units};
use crate::{
    exec::{LineCounts, PrefixSum},
    line::{between, count_terminators, line_start},
    pattern::LineFinder,
    select::RecordFilter,
    statistic::Scan,
};

/// A selected line or record.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Hit {
    pub(super) start: usize,
    pub(super) end: usize,
    /// Lines of the chunk before it, if lines are numbered.
    pub(super) line: u64,
}

/// What comes before a chunk. Asked only where it matters, since a worker may
/// have to wait for it; once the run has stopped, nothing is said that holds.
pub(super) trait Past {
    /// How many lines there are; `None` once the run has stopped.
    fn lines(&self) -> Option<u64>;
    /// Whether the last timestamp lies in the range of time, if there is one.
    fn in_time(&self) -> Option<bool>;
}

/// What workers tell each other about their chunks before they are done.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) lines: LineCounts,
    pub(super) in_time: PrefixSum<Option<bool>>,
}

impl Past for (u64, &Shared) {
    fn lines(&self) -> Option<u64> {
        self.1.lines.wait(self.0)
    }

    fn in_time(&self) -> Option<bool> {
        self.1.in_time.wait(self.0).flatten()
    }
}

/// A past that is known.
impl Past for (u64, Option<bool>) {
    fn lines(&self) -> Option<u64> {
        Some(self.0)
    }

    fn in_time(&self) -> Option<bool> {
        self.1
    }
}

/// Picks the selected records of chunks; one for each thread.
#[derive(Debug)]
pub(super) struct Picker {
    finder: LineFinder,
    judge: Option<RecordFilter>,
}

/// What was judged last of a chunk.
#[derive(Clone, Copy, Debug)]
struct Judged {
    /// All records that begin before this were looked at.
    upto: usize,
    /// Whether the last timestamp in them lies in the range of time.
    last: Option<bool>,
}

impl Picker {
    /// A picker for a job, if it needs one.
    pub(super) fn new(job: &Job<'_>) -> Option<Picker> {
        let head = job.head.as_ref()?;
        Some(Picker {
            finder: job.finder(),
            judge: job
                .filter
                .filter(|selector| !selector.is_everything())
                .map(|selector| selector.judge(head)),
        })
    }

    /// Shows the selected records of a chunk, in order, until `show` says that
    /// it is enough. `None` if the run has stopped.
    pub(super) fn pick(
        &mut self,
        job: &Job<'_>,
        (bytes, start): (&[u8], u64),
        past: &impl Past,
        mut show: impl FnMut(Hit) -> bool,
    ) -> Option<()> {
        let head = job.head.as_ref()?;
        let (units, terminator) = (job.context.units, job.context.terminator);
        let within = match job.options.range {
            Some(range) => range.part(bytes, terminator, past.lines()?),
            None => 0..bytes.len(),
        };
        if let Some(judge) = &mut self.judge {
            judge.forget();
        }
        let scan = Scan::new(bytes, start, head);
        let mut judged = Judged {
            upto: 0,
            last: None,
        };
        let (mut counted, mut line) = (0, 0);
        let mut at = match within.start {
            from if units.begins(bytes, start, from) => from,
            from => units.end(bytes, start, from),
        };
        let mut ahead = None;
        while let Some(unit) = self.next(job, (bytes, start), at, &mut ahead) {
            if unit.start >= within.end {
                break;
            }
            at = unit.end;
            if !self.holds(&scan, units, &unit, &mut judged, past) {
                continue;
            }
            if job.context.number {
                line += count_terminators(between(bytes, counted, unit.start), terminator);
                counted = unit.start;
            }
            let hit = Hit {
                start: unit.start,
                end: unit.end,
                line,
            };
            if !show(hit) {
                break;
            }
        }
        Some(())
    }

    /// All of them, for a chunk whose past is known.
    pub(super) fn all(
        &mut self,
        job: &Job<'_>,
        chunk: (&[u8], u64),
        past: (u64, Option<bool>),
    ) -> Vec<Range<usize>> {
        let mut hits = Vec::new();
        self.pick(job, chunk, &past, |hit| {
            hits.push(hit.start..hit.end);
            true
        });
        hits
    }

    /// The first unit at or after `at`, where one begins, that the pattern
    /// selects. `ahead` is where it matches next, as far as that is known.
    fn next(
        &self,
        job: &Job<'_>,
        (bytes, start): (&[u8], u64),
        mut at: usize,
        ahead: &mut Option<Range<usize>>,
    ) -> Option<Range<usize>> {
        let units = job.context.units;
        let none = bytes.len()..bytes.len();
        loop {
            if at >= bytes.len() {
                return None;
            }
            let found = match ahead.take() {
                Some(line) if line.start >= at => line,
                _ => self.finder.find(bytes, at).unwrap_or(none.clone()),
            };
            if !job.options.invert {
                if found == none {
                    return None;
                }
                let from = units.start(bytes, start, found.start, at);
                return Some(from..units.end(bytes, start, found.start));
            }
            let unit = at..units.end(bytes, start, at);
            let matches = found.start < unit.end;
            *ahead = Some(found);
            if !matches {
                return Some(unit);
            }
            at = unit.end;
        }
    }

    /// Whether a unit passes the filters.
    fn holds(
        &mut self,
        scan: &Scan<'_>,
        units: Units<'_>,
        unit: &Range<usize>,
        judged: &mut Judged,
        past: &impl Past,
    ) -> bool {
        let Some(judge) = &mut self.judge else {
            return true;
        };
        if judge.has_time() {
            let (bytes, base) = (scan.bytes(), scan.absolute(0));
            let last = last_time(judge, units, (bytes, base), judged.upto..unit.end);
            *judged = Judged {
                upto: unit.end,
                last: last.or(judged.last),
            };
            let in_time = match judged.last {
                Some(in_time) => in_time,
                // What comes before the first timestamp lies in no range.
                None => past.in_time().unwrap_or(false),
            };
            if !in_time {
                return false;
            }
        }
        judge.holds(scan, unit)
    }

    /// Whether a range of time is asked for.
    pub(super) fn has_time(&self) -> bool {
        self.judge.as_ref().is_some_and(RecordFilter::has_time)
    }

    /// Whether the last timestamp of a chunk lies in the range of time.
    pub(super) fn last_in_time(&mut self, job: &Job<'_>, chunk: (&[u8], u64)) -> Option<bool> {
        let judge = self.judge.as_mut().filter(|judge| judge.has_time())?;
        last_time(judge, job.context.units, chunk, 0..chunk.0.len())
    }
}

/// Whether the last timestamp of the units that begin in a part lies in the
/// range of time, found from the end backwards.
fn last_time(
    judge: &mut RecordFilter,
    units: Units<'_>,
    (bytes, base): (&[u8], u64),
    part: Range<usize>,
) -> Option<bool> {
    let mut end = part.end;
    while end > part.start {
        let line = line_start(bytes, end - 1, b'\n');
        if units.begins(bytes, base, line)
            && let Some(in_time) = judge.time(&bytes[line..end], base + line as u64)
        {
            return Some(in_time);
        }
        end = line;
    }
    None
}

impl LineRange {
    /// The part of a chunk that holds them, where so many lines come before it.
    pub(super) fn part(self, bytes: &[u8], terminator: u8, before: u64) -> Range<usize> {
        // How many lines of the chunk come before the first one, and how many
        // before the one behind the last.
        let skipped = self.first.saturating_sub(1).saturating_sub(before);
        let upto = self.last.saturating_sub(before);
        if upto <= skipped {
            return bytes.len()..bytes.len();
        }
        let start = skip(bytes, terminator, skipped);
        start..start + skip(&bytes[start..], terminator, upto - skipped)
    }
}

/// The position behind so many lines.
fn skip(bytes: &[u8], terminator: u8, lines: u64) -> usize {
    if lines >= bytes.len() as u64 {
        return bytes.len();
    }
    let (mut at, mut left) = (0, lines);
    // By blocks first: to count is much faster than to stop at each.
    for block in bytes.chunks(4096) {
        let here = count_terminators(block, terminator);
        if here >= left {
            break;
        }
        (at, left) = (at + block.len(), left - here);
    }
    for _ in 0..left {
        match memchr(terminator, &bytes[at..]) {
            Some(end) => at += end + 1,
            None => return bytes.len(),
        }
    }
    at
}

/// The selected units of a chunk, for those who go through it in turn.
pub(super) struct Picked<'a> {
    pub(super) hits: &'a [Range<usize>],
    pub(super) units: Units<'a>,
    /// The absolute offset of the chunk.
    pub(super) start: u64,
}

impl Select for Picked<'_> {
    fn find(&self, _bytes: &[u8], at: usize) -> Option<Range<usize>> {
        let next = self.hits.partition_point(|hit| hit.start < at);
        self.hits.get(next).cloned()
    }

    fn selects(&self, _bytes: &[u8], unit: &Range<usize>) -> bool {
        let found = self.hits.binary_search_by_key(&unit.start, |hit| hit.start);
        found.is_ok()
    }

    fn end(&self, bytes: &[u8], at: usize) -> usize {
        self.units.end(bytes, self.start, at)
    }

    fn is_slow(&self) -> bool {
        false
    }

    fn inverts(&self) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_of_lines_in_a_chunk() {
        let text = b"a\nbb\n\nc";
        for (first, last, before, want) in [
            (1, u64::MAX, 0, 0..7),
            (1, 1, 0, 0..2),
            (2, 3, 0, 2..6),
            (4, 9, 0, 6..7),
            (5, 9, 0, 7..7),
            (5, 6, 4, 0..5),
            (5, 6, 6, 7..7),
            (1, 5, 4, 0..2),
            (0, 3, 0, 0..6),
        ] {
            let range = LineRange { first, last };
            let part = range.part(text, b'\n', before);
            assert_eq!(part, want, "{first}..{last} after {before}");
        }
        let long = b"x\n".repeat(10_000);
        assert_eq!(skip(&long, b'\n', 9_000), 18_000);
        assert_eq!(skip(&long, b'\n', 2048), 4096);
    }
}
