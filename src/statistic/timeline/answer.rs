//! From counts in cells to buckets, gaps and the peak.

use super::{
    TimelineOptions, TimelinePartial,
    buckets::{Starts, Wider, WiderBecause, limit, seconds_of},
    cells::{Cell, Cells, SECOND, Tally},
    done::{Done, NotExact, not_exact},
    groups::{Grouped, Limits},
    placed::Placed,
    stretch::{Stretch, YEAR},
};
use crate::time::{Chosen, Stamp, Year, YearFrom, Zone, in_year, year_of};

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
    /// What was chosen for them, since nothing in the lines decides it.
    pub chosen: Vec<Chosen>,
    /// Seconds of a bucket. Of whole days where it is that many: days of the
    /// zone, which may be longer or shorter.
    pub bucket_seconds: u64,
    /// What was asked for instead, if they are wider than that.
    pub wider: Option<Wider>,
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
    /// Why these may not be those with the most lines.
    pub not_exact: Option<NotExact>,
    /// How many times the source was read.
    pub passes: u32,
}

/// The lines of one key.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Group {
    /// The key, as [`encode`](crate::key::encode) writes it.
    pub key: Vec<u8>,
    /// Its lines that have a time.
    pub lines: u64,
    /// Those of each bucket.
    pub buckets: Vec<u64>,
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

/// The answer after the last pass, whose limits these are; and what those before
/// it came to.
pub(super) fn finish(
    options: &TimelineOptions,
    partial: TimelinePartial,
    (limits, done): (&Limits, Option<&Done>),
) -> TimelineAnswer {
    let mut by = partial.by;
    let not_exact = by
        .as_mut()
        .and_then(|by| not_exact((limits, done), options, by));
    let mut placed = match &by {
        Some(by) if not_exact != Some(NotExact::Unfinished) => Placed::new(by, options.shown()),
        _ => Placed::default(),
    };
    let mut cells = partial.cells;
    let sources = Sources::settled(partial.stretches, options, &mut cells, &mut placed);
    let gaps = gaps(options, &cells);
    let resolution = cells.width();
    cells.at_least(placed.level());
    let numbers = 1 + options.patterns.len() + placed.len();
    let buckets = bucketed(options, &cells, (resolution, limit(numbers)));
    let mut timed = Tally::default();
    cells.iter().for_each(|(_, cell)| timed.add(&cell.tally));
    let peak = buckets
        .all
        .iter()
        .rev()
        .max_by_key(|bucket| bucket.tally.lines);
    TimelineAnswer {
        formats: sources.formats,
        chosen: sources.chosen,
        bucket_seconds: buckets.seconds,
        wider: buckets.wider,
        peak: peak.map(|bucket| Peak {
            start: bucket.start,
            lines: bucket.tally.lines,
        }),
        groups: placed.groups(&cells, &buckets.of_cells, buckets.all.len()),
        buckets: buckets.all,
        timed,
        first: cells
            .iter()
            .next()
            .map(|(_, cell)| Stamp::from_nanos(cell.first)),
        last: cells
            .iter()
            .map(|(_, cell)| Stamp::from_nanos(cell.last))
            .max(),
        base_year: sources.base_year,
        unparsed_lines: sources.unparsed,
        out_of_order: sources.out_of_order,
        gaps,
        not_exact,
        passes: done.map_or(1, Done::passes),
        resolution_seconds: resolution.unsigned_abs(),
    }
}

/// What is known of the sources, one by one.
#[derive(Default)]
struct Sources {
    formats: Vec<String>,
    chosen: Vec<Chosen>,
    base_year: Option<BaseYear>,
    unparsed: u64,
    out_of_order: u64,
}

impl Sources {
    /// Puts the counts of all sources without years where they belong.
    fn settled(
        stretches: Vec<Stretch>,
        options: &TimelineOptions,
        cells: &mut Cells,
        placed: &mut Placed,
    ) -> Sources {
        let (mut all, mut before) = (Sources::default(), None);
        for stretch in stretches {
            if stretch.marks.is_none() && stretch.open.lines == 0 {
                // Nothing of it is selected.
                continue;
            }
            all.unparsed += stretch.open.lines;
            all.out_of_order += stretch.out_of_order;
            let Some(written) = &stretch.written else {
                continue;
            };
            if !all.formats.contains(&written.name) {
                all.formats.push(written.name.clone());
            }
            for chosen in &written.chosen {
                if !all.chosen.contains(chosen) {
                    all.chosen.push(chosen.clone());
                }
            }
            if let Some(year) = written.year
                && stretch.marks.is_some()
            {
                let known = stretch.has_year();
                let first = if known {
                    year.first
                } else {
                    first_year(&stretch, year, before)
                };
                all.base_year.get_or_insert(BaseYear {
                    value: first,
                    from: year.from,
                });
                if known {
                    continue;
                }
                before = settle(stretch, first, options, cells, placed);
            }
        }
        all
    }
}

/// Whether buckets would be less wide if groups were told apart by time as well
/// as all lines are, and not within so many seconds only.
pub(super) fn wants_narrower(
    options: &TimelineOptions,
    partial: &TimelinePartial,
    width: i64,
) -> bool {
    let lines = TimelinePartial {
        by: None,
        ..partial.clone()
    };
    let answer = finish(options, lines, (&Limits::new(options.memory), None));
    let second = |stamp: Option<Stamp>| stamp.map(|stamp| stamp.nanos().div_euclid(SECOND));
    let (Some(from), Some(to)) = (second(answer.first), second(answer.last)) else {
        return false;
    };
    let narrow = i64::try_from(answer.resolution_seconds).unwrap_or(1);
    let groups = partial.by.as_ref().map_or(0, Grouped::len);
    let groups = options
        .shown()
        .min(usize::try_from(groups).unwrap_or(usize::MAX));
    let most = limit(1 + options.patterns.len() + groups);
    let seconds = |cell: i64| seconds_of(options.bucket, (from, to), cell, most);
    seconds(narrow) < seconds(narrow.max(width))
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
    mut stretch: Stretch,
    first: i64,
    options: &TimelineOptions,
    cells: &mut Cells,
    placed: &mut Placed,
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
    stretch.cells.at_least(placed.level());
    placed.settle(stretch.source, &stretch.cells, instant);
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

/// All buckets.
struct Buckets {
    seconds: u64,
    wider: Option<Wider>,
    all: Vec<Bucket>,
    /// Which of them each cell is in.
    of_cells: Vec<(i64, usize)>,
}

/// The buckets of these cells, which are wider where groups are: `resolution` is
/// how wide they are else. At most `most` of them.
fn bucketed(options: &TimelineOptions, cells: &Cells, (resolution, most): (i64, i64)) -> Buckets {
    let mut all = cells.iter();
    let Some((_, first)) = all.next() else {
        return Buckets {
            seconds: options.bucket.unwrap_or(1),
            wider: None,
            all: Vec::new(),
            of_cells: Vec::new(),
        };
    };
    let last = all.next_back().map_or(first, |(_, cell)| cell);
    let (from, to) = (first.first.div_euclid(SECOND), last.last.div_euclid(SECOND));
    let seconds = seconds_of(options.bucket, (from, to), cells.width(), most).unsigned_abs();
    let mut buckets: Vec<Bucket> = Starts::new(&options.zone, seconds.cast_signed(), from)
        .take_while(|&start| start <= to)
        .filter_map(|start| Stamp::new(start, 0))
        .map(|start| Bucket {
            start,
            tally: Tally::default(),
        })
        .collect();
    let (mut at, mut of_cells) = (0, Vec::new());
    for (key, cell) in cells.iter() {
        while buckets
            .get(at + 1)
            .is_some_and(|next| next.start.nanos() <= cell.first)
        {
            at += 1;
        }
        if let Some(bucket) = buckets.get_mut(at) {
            bucket.tally.add(&cell.tally);
            of_cells.push((key, at));
        }
    }
    let because = |asked: u64| {
        let told_apart = |width: i64| asked.is_multiple_of(width.unsigned_abs());
        match cells.width() {
            _ if !told_apart(resolution) => WiderBecause::Seconds(resolution.unsigned_abs()),
            width if !told_apart(width) => WiderBecause::Groups(width.unsigned_abs()),
            _ => WiderBecause::Buckets(most.unsigned_abs()),
        }
    };
    let asked = options.bucket.filter(|&asked| asked < seconds);
    Buckets {
        seconds,
        wider: asked.map(|asked| Wider {
            asked,
            because: because(asked),
        }),
        all: buckets,
        of_cells,
    }
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
