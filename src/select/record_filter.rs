//! Judging the records of a scan.

use std::ops::Range;

use super::Selection;
use crate::{
    key::ConditionReader,
    line::{count_terminators, line_end},
    pattern::{LineFinder, Patterns},
    statistic::{Head, LineEnding, RecordSpan, Scan},
    time::{Reader, Stamp},
};

/// Judges records; each thread has its own.
#[derive(Debug)]
pub struct RecordFilter {
    and: Vec<Lookout>,
    not: Vec<Lookout>,
    conditions: Option<ConditionReader>,
    clock: Option<Clock>,
    line_ending: LineEnding,
}

/// Selected records that follow each other.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Run {
    /// Their bytes in the scan.
    pub range: Range<usize>,
    /// How many lines of the scan stand before them.
    pub lines_before: u64,
    /// They have no time of their own, and no record before them in the scan
    /// has one: they count if the last one with a time before the scan does.
    pub open: bool,
}

/// What a scan leaves for the one behind it.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Seen {
    /// Whether the last record with a time lies in the range of time; `None` if
    /// none has one.
    pub last: Option<bool>,
}

#[derive(Debug)]
struct Clock {
    /// `None` where a source has no timestamps.
    reader: Option<Reader>,
    since: Stamp,
    until: Option<Stamp>,
}

impl RecordFilter {
    pub(super) fn new(
        selection: &Selection,
        (and, not): (&[Patterns], &[Patterns]),
        conditions: Option<ConditionReader>,
        head: &Head,
    ) -> RecordFilter {
        let lookouts = |patterns: &[Patterns]| patterns.iter().map(Lookout::new).collect();
        RecordFilter {
            and: lookouts(and),
            not: lookouts(not),
            conditions,
            clock: selection.has_time().then(|| Clock {
                reader: head.time.as_ref().map(crate::time::Format::reader),
                since: selection.since.unwrap_or(Stamp::from_nanos(i64::MIN)),
                until: selection.until,
            }),
            line_ending: head.line_ending,
        }
    }

    /// Goes to other bytes: what was found ahead in the last ones is forgotten.
    pub(crate) fn forget(&mut self) {
        for lookout in self.and.iter_mut().chain(&mut self.not) {
            lookout.next = Next::Unknown;
        }
    }

    /// Whether a range of time is asked for.
    pub(crate) fn has_time(&self) -> bool {
        self.clock.is_some()
    }

    /// Whether the time of a line that begins at this absolute offset lies in the range;
    /// `None` if it has none.
    #[inline]
    pub(crate) fn time(&mut self, line: &[u8], offset: u64) -> Option<bool> {
        self.clock.as_mut()?.judge(line, offset)
    }

    /// Shows the runs of selected records in a scan, each as long as can be.
    pub fn runs(&mut self, scan: &Scan<'_>, show: impl FnMut(Run)) -> Seen {
        self.forget();
        let mut runs = Runs {
            show,
            pending: None,
        };
        let seen = if scan.is_lines() && self.clock.is_none() && !self.and.is_empty() {
            self.hit_by_hit(scan, &mut runs);
            Seen::default()
        } else {
            self.one_by_one(scan, &mut runs)
        };
        runs.end();
        seen
    }

    fn one_by_one(&mut self, scan: &Scan<'_>, runs: &mut Runs<impl FnMut(Run)>) -> Seen {
        let bytes = scan.bytes();
        let mut last = None;
        for record in scan.records() {
            if let Some(clock) = &mut self.clock {
                let first = line_end(bytes, record.range.start, b'\n');
                let line = &bytes[record.range.start..first.min(record.range.end)];
                last = clock
                    .judge(line, scan.absolute(record.range.start))
                    .or(last);
                if last == Some(false) {
                    continue;
                }
            }
            if self.holds(scan, &record.range) {
                runs.add(record, self.clock.is_some() && last.is_none());
            }
        }
        Seen { last }
    }

    /// Every line is a record, and one pattern must match: from one of its
    /// matches to the next.
    fn hit_by_hit(&mut self, scan: &Scan<'_>, runs: &mut Runs<impl FnMut(Run)>) {
        let bytes = scan.bytes();
        let (mut at, mut lines) = (0, 0);
        while let Some(line) = self.and[0].find(bytes, at) {
            lines += count_terminators(&bytes[at..line.start], b'\n');
            at = line.end;
            if self.holds(scan, &line) {
                let record = RecordSpan {
                    range: line,
                    lines_before: lines,
                    lines: 1,
                    forced: false,
                };
                runs.add(record, false);
            }
            lines += 1;
        }
    }

    /// Whether a record is selected, its time aside. Since
    /// [`forget`](RecordFilter::forget), the scan was the same and records came in
    /// order.
    pub(crate) fn holds(&mut self, scan: &Scan<'_>, range: &Range<usize>) -> bool {
        let bytes = scan.bytes();
        let mut matches = |lookout: &mut Lookout| {
            let found = lookout.find(bytes, range.start);
            found.is_some_and(|line| line.start < range.end)
        };
        if !self.and.iter_mut().all(&mut matches) || self.not.iter_mut().any(&mut matches) {
            return false;
        }
        let Some(conditions) = &mut self.conditions else {
            return true;
        };
        let record = &bytes[range.clone()];
        let content = record.strip_suffix(b"\n").unwrap_or(record);
        let content = &content[..self.line_ending.content_len(content)];
        conditions.holds(scan.view(range.start, content))
    }
}

impl Clock {
    /// Whether the time of a line lies in the range, if it has one.
    #[inline]
    fn judge(&mut self, line: &[u8], offset: u64) -> Option<bool> {
        let stamp = self.reader.as_mut()?.stamp_at(line, offset)?;
        Some(stamp >= self.since && self.until.is_none_or(|until| stamp < until))
    }
}

/// Looks ahead for the lines in which a pattern matches.
#[derive(Debug)]
struct Lookout {
    finder: LineFinder,
    next: Next,
}

#[derive(Clone, Debug)]
enum Next {
    Unknown,
    Line(Range<usize>),
    None,
}

impl Lookout {
    fn new(patterns: &Patterns) -> Lookout {
        Lookout {
            finder: LineFinder::new(&patterns.own(), false),
            next: Next::Unknown,
        }
    }

    /// The first line at or after `from`, a line start, in which it matches.
    /// `from` never goes back in the same bytes.
    #[inline]
    fn find(&mut self, bytes: &[u8], from: usize) -> Option<Range<usize>> {
        match &self.next {
            Next::None => return None,
            Next::Line(line) if line.start >= from => return Some(line.clone()),
            _ => {}
        }
        let line = self.finder.find_content(bytes, from);
        self.next = line.clone().map_or(Next::None, Next::Line);
        line
    }
}

/// Joins records to runs.
struct Runs<F> {
    show: F,
    pending: Option<Run>,
}

impl<F: FnMut(Run)> Runs<F> {
    #[inline]
    fn add(&mut self, record: RecordSpan, open: bool) {
        match &mut self.pending {
            Some(run) if run.range.end == record.range.start && run.open == open => {
                run.range.end = record.range.end;
            }
            _ => {
                self.end();
                self.pending = Some(Run {
                    range: record.range,
                    lines_before: record.lines_before,
                    open,
                });
            }
        }
    }

    fn end(&mut self) {
        if let Some(run) = self.pending.take() {
            (self.show)(run);
        }
    }
}
