//! From counts in cells to buckets, gaps and the peak.

use super::{
    TimelineOptions, TimelinePartial,
    buckets::{Starts, seconds_of},
    cells::{Cell, Cells, SECOND, Tally},
    stretch::{Stretch, YEAR},
};
use crate::time::{Stamp, Year, YearFrom, Zone, in_year, year_of};

/// How many gaps are told if all over a bound are not asked for.
const GAPS: usize = 10;

/// A gap stands out if it is so many times as long as the median: of events
/// that come by chance, one in a thousand does.
const STANDS_OUT: u64 = 10;

/// Of fewer it cannot be said what is usual.
const FEW: usize = 8;

/// What [`Timeline`](super::Timeline) found out.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TimelineAnswer {
    /// How timestamps are written, each way that occurs once.
    pub formats: Vec<String>,
    /// Seconds of a bucket. Of whole days where it is that many: days of the
    /// zone, which may be longer or shorter.
    pub bucket_seconds: u64,
    /// The buckets in order, empty ones included.
    pub buckets: Vec<Bucket>,
    /// All lines that have a time.
    pub timed: Tally,
    /// The earliest timestamp.
    pub first: Option<Stamp>,
    /// The latest.
    pub last: Option<Stamp>,
    /// The year of the first timestamp, if they are written without.
    pub base_year: Option<BaseYear>,
    /// Lines before the first timestamp of their source.
    pub unparsed_lines: u64,
    /// Lines whose timestamp is before that of the line before them.
    pub out_of_order: u64,
    /// Stretches of time without a line. The longest ten that stand out, the
    /// longest first: ten times as long as it usually takes to the next line,
    /// or any where there are too few to say what is usual. If all over a bound
    /// were asked for, these, in order.
    pub gaps: Vec<Gap>,
    /// Seconds within which times are told apart. Gaps shorter than twice this
    /// are not known.
    pub resolution_seconds: u64,
    /// The bucket with the most lines, the first of several.
    pub peak: Option<Peak>,
    /// The keys with the most lines, where they were asked for.
    pub groups: Vec<Group>,
    /// One in how many keys was counted; 1 if all were.
    pub kept_one_in: u64,
}

/// The lines of one key.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Group {
    /// The key, as [`encode`](crate::key::encode) writes it.
    pub key: Vec<u8>,
    /// Its lines that have a time.
    pub lines: u64,
}

/// The lines of some time.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Bucket {
    /// Where it begins.
    pub start: Stamp,
    /// Its lines.
    pub tally: Tally,
}

/// A stretch of time without a line.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Gap {
    /// The last timestamp before it.
    pub from: Stamp,
    /// The first behind it.
    pub to: Stamp,
}

impl Gap {
    /// How long it is, in nanoseconds.
    pub fn nanos(&self) -> u64 {
        self.to.nanos().abs_diff(self.from.nanos())
    }
}

/// A year that is not written.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct BaseYear {
    /// The year.
    pub value: i64,
    /// How it is known.
    pub from: YearFrom,
}

/// The bucket with the most lines.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Peak {
    /// Where it begins.
    pub start: Stamp,
    /// How many lines it has.
    pub lines: u64,
}

pub(super) fn finish(options: &TimelineOptions, partial: TimelinePartial) -> TimelineAnswer {
    let mut cells = partial.cells;
    let (mut formats, mut base_year, mut before) = (Vec::new(), None, None);
    let (mut unparsed, mut out_of_order) = (0, 0);
    for stretch in partial.stretches {
        if stretch.marks.is_none() && stretch.open.lines == 0 {
            // Nothing of it is selected.
            continue;
        }
        unparsed += stretch.open.lines;
        out_of_order += stretch.out_of_order;
        let Some(written) = &stretch.written else {
            continue;
        };
        if !formats.contains(&written.name) {
            formats.push(written.name.clone());
        }
        if let Some(year) = written.year
            && stretch.marks.is_some()
        {
            let first = first_year(&stretch, year, before);
            base_year.get_or_insert(BaseYear {
                value: first,
                from: year.from,
            });
            before = settle(stretch, first, options, &mut cells);
        }
    }
    let buckets = bucketed(options, &cells);
    let gaps = gaps(options, &cells);
    let mut timed = Tally::default();
    cells.iter().for_each(|(_, cell)| timed.add(&cell.tally));
    let groups = timed.groups.iter().map(|(key, lines)| Group {
        key: key.to_vec(),
        lines,
    });
    let mut groups: Vec<Group> = groups.collect();
    // Equal ones stay in the order of their keys.
    groups.sort_by_key(|group| std::cmp::Reverse(group.lines));
    groups.truncate(options.limit);
    let peak = buckets
        .1
        .iter()
        .rev()
        .max_by_key(|bucket| bucket.tally.lines);
    TimelineAnswer {
        formats,
        bucket_seconds: buckets.0,
        peak: peak.map(|bucket| Peak {
            start: bucket.start,
            lines: bucket.tally.lines,
        }),
        buckets: buckets.1,
        timed,
        first: cells
            .iter()
            .next()
            .map(|(_, cell)| Stamp::from_nanos(cell.first)),
        last: cells
            .iter()
            .map(|(_, cell)| Stamp::from_nanos(cell.last))
            .max(),
        base_year,
        unparsed_lines: unparsed,
        out_of_order,
        gaps,
        groups,
        kept_one_in: partial.kept.one_in(),
        resolution_seconds: cells.width().unsigned_abs(),
    }
}

/// The year of the first timestamp of a source that writes none. `before` is
/// the last time of the source before it, as a clock shows it.
fn first_year(stretch: &Stretch, year: Year, before: Option<i64>) -> i64 {
    let Some(marks) = stretch.marks else {
        return year.first;
    };
    let begun = plain(marks.last).1 - plain(marks.first).1;
    match (year.from, before) {
        (YearFrom::Option, None) => year.first,
        // A rotated set goes on where the file before ended.
        (YearFrom::Option, Some(before)) => {
            let first = plain(marks.first).0 / SECOND;
            let near = year_of(before);
            let distance = |year: &i64| (in_year(first, *year) - before).abs();
            [near - 1, near, near + 1]
                .into_iter()
                .min_by_key(distance)
                .unwrap_or(near)
        }
        _ => year_of(year.place(plain(marks.last).0 / SECOND)) - begun,
    }
}

/// A timestamp in the year that has every day, and how many years later than
/// that it is.
fn plain(nanos: i64) -> (i64, i64) {
    let start = in_year(0, crate::time::NO_YEAR) * SECOND;
    let since = nanos.wrapping_sub(start);
    (start + since.rem_euclid(YEAR), since.div_euclid(YEAR))
}

/// Puts the counts of a source without years where they belong, the first of
/// them in this year. Gives its last time, as a clock shows it.
fn settle(
    stretch: Stretch,
    first: i64,
    options: &TimelineOptions,
    cells: &mut Cells,
) -> Option<i64> {
    let marks = stretch.marks?;
    let start = plain(marks.first).1;
    let wall = |nanos: i64| {
        let (plain, years) = plain(nanos);
        let second = in_year(plain.div_euclid(SECOND), first + years - start);
        (second, plain.rem_euclid(SECOND))
    };
    let instant = |nanos: i64| {
        let (second, rest) = wall(nanos);
        options
            .zone
            .instant(second)
            .saturating_mul(SECOND)
            .saturating_add(rest)
    };
    for cell in stretch.cells.into_values() {
        let placed = Cell {
            first: instant(cell.first),
            last: instant(cell.last),
            tally: cell.tally,
        };
        cells.add(placed, options.most_cells);
    }
    Some(wall(marks.last).0)
}

/// Seconds of a bucket, and all buckets.
fn bucketed(options: &TimelineOptions, cells: &Cells) -> (u64, Vec<Bucket>) {
    let mut all = cells.iter();
    let Some((_, first)) = all.next() else {
        return (options.bucket.unwrap_or(1), Vec::new());
    };
    let last = all.next_back().map_or(first, |(_, cell)| cell);
    let (from, to) = (first.first.div_euclid(SECOND), last.last.div_euclid(SECOND));
    let seconds = seconds_of(options.bucket, from, to, cells.width());
    let mut buckets: Vec<Bucket> = Starts::new(&options.zone, seconds, from)
        .take_while(|&start| start <= to)
        .filter_map(|start| Stamp::new(start, 0))
        .map(|start| Bucket {
            start,
            tally: Tally::default(),
        })
        .collect();
    let mut at = 0;
    for (_, cell) in cells.iter() {
        while buckets
            .get(at + 1)
            .is_some_and(|next| next.start.nanos() <= cell.first)
        {
            at += 1;
        }
        if let Some(bucket) = buckets.get_mut(at) {
            bucket.tally.add(&cell.tally);
        }
    }
    (seconds.unsigned_abs(), buckets)
}

fn gaps(options: &TimelineOptions, cells: &Cells) -> Vec<Gap> {
    let least = cells.width() * 2 * SECOND;
    let over = options.gaps_over.map(|seconds| {
        i64::try_from(seconds).map_or(i64::MAX, |seconds| seconds.saturating_mul(SECOND))
    });
    let least = over.map_or(least, |over| least.max(over)).unsigned_abs();
    let pairs = cells.iter().zip(cells.iter().skip(1));
    let mut gaps: Vec<Gap> = pairs
        .map(|((_, before), (_, behind))| Gap {
            from: Stamp::from_nanos(before.last),
            to: Stamp::from_nanos(behind.first),
        })
        .collect();
    let usual = usual(&gaps).filter(|_| over.is_none()).unwrap_or(0);
    let least = least.max(usual.saturating_mul(STANDS_OUT));
    gaps.retain(|gap| gap.nanos() >= least);
    if over.is_none() {
        gaps.sort_by_key(|gap| (std::cmp::Reverse(gap.nanos()), gap.from));
        gaps.truncate(GAPS);
    }
    gaps
}

/// How long it usually takes to the next line: the lower median.
fn usual(gaps: &[Gap]) -> Option<u64> {
    if gaps.len() < FEW {
        return None;
    }
    let mut nanos: Vec<u64> = gaps.iter().map(Gap::nanos).collect();
    let middle = (nanos.len() - 1) / 2;
    Some(*nanos.select_nth_unstable(middle).1)
}

/// The zone in which an answer is shown.
impl TimelineOptions {
    /// An instant as it is shown.
    pub fn show(&self, stamp: Stamp) -> String {
        Zone::show(&self.zone, stamp)
    }
}
