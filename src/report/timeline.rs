//! The rows of `swathe timeline`.

use schemars::JsonSchema;
use serde::Serialize;

use super::{
    Card, Cell, Chart, Column, KeyRow, Table, Tabular, Unit, Warning, grouped,
    shown::counted,
    times::{BaseYearRow, base_year_note, chosen},
    warnings::{Series, TOO_MANY},
};
use crate::{
    key::{Key, decode},
    statistic::{
        CountPattern, NotExact, Tally, TimelineAnswer, TimelineOptions, Wider, WiderBecause,
    },
};

/// What `swathe timeline` has to say.
#[derive(Clone, Debug, JsonSchema, Serialize)]
pub struct TimelineBody {
    /// How timestamps are written; `null` if there are none. Of sources that
    /// differ all ways, with commas between.
    pub format: Option<String>,
    /// The zone of timestamps that name none, and of those here.
    pub zone: String,
    /// What is counted beside lines, in the order of the counts.
    pub patterns: Vec<TimelinePattern>,
    /// Seconds of a bucket.
    pub bucket_seconds: u64,
    /// Seconds of the buckets that were asked for, if they are wider.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bucket_seconds_asked: Option<u64>,
    /// Why they are wider than was asked for, if they are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bucket_reason: Option<String>,
    /// The buckets in order, empty ones included.
    pub buckets: Vec<BucketRow>,
    /// The earliest timestamp.
    pub first: Option<String>,
    /// The latest.
    pub last: Option<String>,
    /// The year of the first timestamp, if they are written without.
    pub base_year: Option<BaseYearRow>,
    /// What was chosen for timestamps, in words, since nothing in the lines decides it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub chosen: Vec<String>,
    /// Lines before the first timestamp of their source.
    pub unparsed_lines: u64,
    /// Lines whose timestamp is before that of the line before them.
    pub out_of_order: u64,
    /// Stretches of time without a line.
    pub gaps: Vec<GapRow>,
    /// Seconds within which times are told apart; gaps shorter than twice this
    /// are not known.
    pub resolution_seconds: u64,
    /// The bucket with the most lines.
    pub peak: Option<PeakRow>,
    /// Lines by key, if that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<TimelineBy>,
}

/// Lines by key.
#[derive(Clone, Debug, JsonSchema, Serialize)]
pub struct TimelineBy {
    /// The keys.
    pub keys: Vec<String>,
    /// Those with the most lines.
    pub groups: Vec<TimelineGroup>,
    /// Lines of all others.
    pub other: u64,
    /// Those in each bucket.
    pub other_buckets: Vec<u64>,
    /// Whether these are the groups with the most lines; their counts are
    /// exact in any case.
    pub exact: bool,
    /// How the groups were chosen, if these may not be those.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<&'static str>,
    /// What may be wrong about them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// How many times the inputs were read.
    pub passes: u32,
    /// Whether the inputs were not what they had been when they were read
    /// again.
    #[serde(skip)]
    pub changed: bool,
}

/// The lines of one key.
#[derive(Clone, Debug, JsonSchema, Serialize)]
pub struct TimelineGroup {
    /// The key.
    pub key: KeyRow,
    /// All its lines.
    pub lines: u64,
    /// Those in each bucket.
    pub buckets: Vec<u64>,
}

/// A pattern that is counted.
#[derive(Clone, Debug, Eq, JsonSchema, PartialEq, Serialize)]
pub struct TimelinePattern {
    /// What the caller calls it.
    pub name: Option<String>,
    /// The pattern.
    pub pattern: String,
    /// Lines that match, in all buckets.
    pub lines: u64,
}

/// The lines of some time.
#[derive(Clone, Debug, Eq, JsonSchema, PartialEq, Serialize)]
pub struct BucketRow {
    /// Where it begins.
    pub start: String,
    /// All lines.
    pub lines: u64,
    /// Those that match each pattern.
    pub patterns: Vec<u64>,
}

/// A stretch of time without a line.
#[derive(Clone, Debug, JsonSchema, PartialEq, Serialize)]
pub struct GapRow {
    /// The last timestamp before it.
    pub from: String,
    /// The first behind it.
    pub to: String,
    /// How long it is.
    pub seconds: f64,
}

/// The bucket with the most lines.
#[derive(Clone, Debug, Eq, JsonSchema, PartialEq, Serialize)]
pub struct PeakRow {
    /// Where it begins.
    pub start: String,
    /// How many lines it has.
    pub lines: u64,
}

impl TimelineBody {
    /// The rows of an answer to these options.
    pub fn new(answer: &TimelineAnswer, options: &TimelineOptions) -> TimelineBody {
        let show = |stamp| options.zone.show(stamp);
        let count = options.patterns.len();
        let of = |tally: &Tally| {
            let mut counts = tally.patterns.clone();
            counts.resize(count, 0);
            counts
        };
        let pattern = |(pattern, lines): (&CountPattern, u64)| TimelinePattern {
            name: pattern.name.clone(),
            pattern: pattern.pattern.clone(),
            lines,
        };
        let (buckets, gaps) = (answer.buckets.iter(), answer.gaps.iter());
        let by = (!options.by.is_empty()).then(|| TimelineBy::new(answer, &options.by));
        TimelineBody {
            format: (!answer.formats.is_empty()).then(|| answer.formats.join(", ")),
            zone: options.zone.name().to_string(),
            patterns: options
                .patterns
                .iter()
                .zip(of(&answer.timed))
                .map(pattern)
                .collect(),
            bucket_seconds: answer.bucket_seconds,
            bucket_seconds_asked: answer.wider.map(|wider| wider.asked),
            bucket_reason: answer.wider.map(reason),
            buckets: buckets
                .map(|bucket| BucketRow {
                    start: show(bucket.start),
                    lines: bucket.tally.lines,
                    patterns: of(&bucket.tally),
                })
                .collect(),
            first: answer.first.map(show),
            last: answer.last.map(show),
            base_year: answer.base_year.map(|year| BaseYearRow {
                value: year.value,
                from: year.from,
            }),
            chosen: chosen(answer),
            unparsed_lines: answer.unparsed_lines,
            out_of_order: answer.out_of_order,
            gaps: gaps
                .map(|gap| GapRow {
                    from: show(gap.from),
                    to: show(gap.to),
                    seconds: gap.nanos() as f64 / 1e9,
                })
                .collect(),
            resolution_seconds: answer.resolution_seconds,
            peak: answer.peak.map(|peak| PeakRow {
                start: show(peak.start),
                lines: peak.lines,
            }),
            by,
        }
    }

    fn notes(&self) -> Vec<String> {
        let (Some(first), Some(last)) = (&self.first, &self.last) else {
            let lines = counted(self.unparsed_lines, "line", "lines");
            let how = "--time-format says how they are written";
            return vec![format!("no timestamps found in {lines} ({how})")];
        };
        let format = self.format.as_deref().unwrap_or_default();
        let mut notes = vec![format!("{first} to {last}, written as {format}")];
        if let Some(year) = self.base_year {
            notes.push(base_year_note(year));
        }
        notes.extend(self.chosen.iter().cloned());
        if let Some(peak) = &self.peak {
            let (start, lines) = (&peak.start, grouped(peak.lines));
            notes.push(format!("most lines in one bucket: {lines} at {start}"));
        }
        notes.extend(self.wider());
        let mut odd = Vec::new();
        if self.unparsed_lines > 0 {
            let lines = lines(self.unparsed_lines);
            odd.push(format!("{lines} before the first timestamp"));
        }
        if self.out_of_order > 0 {
            let lines = lines(self.out_of_order);
            odd.push(format!("{lines} earlier than the line before"));
        }
        if !odd.is_empty() {
            notes.push(odd.join("; "));
        }
        if let Some(by) = &self.by {
            if let Some(error) = &by.error {
                notes.push(format!("NOT ALL GROUPS: {error}"));
            } else if by.passes > 1 {
                notes.push(format!(
                    "read {} times, since not all groups fit into memory (--memory)",
                    by.passes
                ));
            }
        }
        if self.resolution_seconds > 1 {
            notes.push(format!(
                "times are told apart within {} s only, since so many different seconds occur",
                self.resolution_seconds
            ));
        }
        notes
    }

    /// That buckets are wider than was asked for, and why.
    fn wider(&self) -> Option<String> {
        let (asked, reason) = (self.bucket_seconds_asked?, self.bucket_reason.as_ref()?);
        Some(format!(
            "a bucket is {} s and not the {} s asked for: {reason}",
            grouped(self.bucket_seconds),
            grouped(asked)
        ))
    }
}

/// Why buckets are wider than was asked for.
fn reason(wider: Wider) -> String {
    match wider.because {
        WiderBecause::Seconds(width) => format!(
            "times are told apart within {} s only, since so many different seconds occur \
             (--since and --until choose some of them)",
            grouped(width)
        ),
        WiderBecause::Groups(width) => format!(
            "groups are told apart by time within {} s only, to fit into memory (--memory)",
            grouped(width)
        ),
        WiderBecause::Buckets(most) => format!(
            "there would be more than {} buckets (--since and --until choose some of them)",
            grouped(most)
        ),
    }
}

/// Why groups may not be those with the most lines: in a word or two, and with
/// what to do about it.
fn inexact(why: NotExact) -> (&'static str, String) {
    match why {
        NotExact::Part { one_in, lines } => (
            "part of the groups",
            format!(
                "only one in {} groups was counted, chosen by hash, and groups of up to {} \
                 lines may be missing; name files, which can be read again, or give more --memory",
                grouped(one_in),
                grouped(lines)
            ),
        ),
        NotExact::Few => (
            "as many groups as fit",
            "more groups were asked for than fit; give more --memory".into(),
        ),
        NotExact::TooLong(records) => (
            "keys that are not too long",
            format!(
                "the keys of {} are longer than --memory allows and were not counted",
                lines(records)
            ),
        ),
        NotExact::Changed => (
            "several passes",
            "the input changed between passes; run again".into(),
        ),
        NotExact::Unfinished => (
            "several passes",
            "the input was not read again to its end".into(),
        ),
    }
}

impl TimelineBy {
    fn new(answer: &TimelineAnswer, by: &[Key]) -> TimelineBy {
        let groups = answer.groups.iter().map(|group| TimelineGroup {
            key: KeyRow(decode(&group.key, by.len())),
            lines: group.lines,
            buckets: group.buckets.clone(),
        });
        let groups: Vec<TimelineGroup> = groups.collect();
        let shown: u64 = groups.iter().map(|group| group.lines).sum();
        let mut others: Vec<u64> = answer.buckets.iter().map(|b| b.tally.lines).collect();
        for group in &groups {
            for (other, lines) in others.iter_mut().zip(&group.buckets) {
                *other = other.saturating_sub(*lines);
            }
        }
        let inexact = answer.not_exact.map(inexact);
        TimelineBy {
            keys: by.iter().map(ToString::to_string).collect(),
            groups,
            other: answer.timed.lines.saturating_sub(shown),
            other_buckets: others,
            exact: inexact.is_none(),
            method: inexact.as_ref().map(|(method, _)| *method),
            error: inexact.map(|(_, error)| error),
            passes: answer.passes,
            changed: answer.not_exact == Some(NotExact::Changed),
        }
    }

    /// The key of the row of all lines that are in no other, cell by cell.
    fn other_key(&self) -> impl Iterator<Item = Cell> {
        let others = self.keys.iter().skip(1).map(|_| Cell::Null);
        std::iter::once(Cell::from("other")).chain(others)
    }

    fn columns(&self) -> Vec<Column> {
        self.keys.iter().map(Column::key).collect()
    }

    /// A row for every bucket and group, and for the lines of all others. A key
    /// may be called `other` too, so these are marked.
    fn table(&self, buckets: &[BucketRow]) -> Table {
        let mut columns = vec![Column::label("start")];
        columns.extend(self.columns());
        columns.push(Column::measure("lines").bar());
        columns.push(Column::label("other").data_only());
        let mut table = Table::new("groups", columns);
        for (at, bucket) in buckets.iter().enumerate() {
            let mut add = |key: &mut dyn Iterator<Item = Cell>, lines: u64, other: bool| {
                let mut cells = vec![Cell::from(bucket.start.as_str())];
                cells.extend(key);
                cells.extend([Cell::from(lines), Cell::from(other)]);
                table.row(cells);
            };
            for group in &self.groups {
                add(&mut group.key.cells(), group.buckets[at], false);
            }
            if self.other > 0 {
                add(&mut self.other_key(), self.other_buckets[at], true);
            }
        }
        table
    }

    /// A row for every group, and for the lines of all others.
    fn summary(&self) -> Table {
        let mut columns = self.columns();
        columns.push(Column::measure("lines"));
        columns.push(Column::detail("buckets"));
        let mut table = Table::new("groups", columns);
        let mut add = |key: &mut dyn Iterator<Item = Cell>, lines: u64, buckets: &[u64]| {
            let mut cells: Vec<Cell> = key.collect();
            cells.extend([Cell::from(lines), Cell::Series(buckets.to_vec())]);
            table.row(cells);
        };
        for group in &self.groups {
            add(&mut group.key.cells(), group.lines, &group.buckets);
        }
        if self.other > 0 {
            add(&mut self.other_key(), self.other, &self.other_buckets);
        }
        table
    }
}

impl Tabular for TimelineBody {
    fn tables(&self) -> Vec<Table> {
        if let Some(by) = &self.by {
            let mut groups = by.table(&self.buckets);
            groups.notes = self.notes();
            return vec![groups];
        }
        let mut tables = vec![self.by_bucket()];
        if !self.gaps.is_empty() {
            tables.push(self.gap_table());
        }
        tables
    }

    // One table of the groups instead of a row for each in every bucket.
    fn tables_for_people(&self) -> Vec<Table> {
        let mut tables = vec![self.by_bucket()];
        tables.extend(self.by.as_ref().map(TimelineBy::summary));
        if !self.gaps.is_empty() {
            tables.push(self.gap_table());
        }
        tables
    }

    fn warnings(&self) -> Vec<Warning> {
        let mut found = Vec::new();
        let (unparsed, disorder) = (self.unparsed_lines, self.out_of_order);
        if self.first.is_none() && unparsed > 0 {
            let message = "no timestamps were found (--time-format says how they are written)";
            found.push(Warning::counted("unparsed_timestamps", unparsed, message));
        } else if unparsed > 0 {
            let message = format!("{} before the first timestamp", lines(unparsed));
            found.push(Warning::counted("unparsed_timestamps", unparsed, message));
        }
        if disorder > 0 {
            let are = if disorder == 1 { "is" } else { "are" };
            let message = format!("{} {are} earlier than the line before", lines(disorder));
            found.push(Warning::counted("out_of_order", disorder, message));
        }
        if let Some(wider) = self.wider() {
            found.push(Warning::plain(
                "wider_buckets",
                format!("timeline: {wider}"),
            ));
        }
        if let Some(error) = self.by.as_ref().and_then(|by| by.error.as_ref()) {
            found.push(Warning::plain("not_exact", format!("timeline: {error}")));
        }
        found.extend(self.odd_times());
        found
    }

    fn charts(&self) -> Vec<Chart> {
        self.to_see()
    }

    fn cards(&self) -> Vec<Card> {
        self.to_see_first()
    }
}

impl TimelineBody {
    /// Lines that say that something failed, in each bucket; `None` where the keys do not
    /// tell.
    pub(super) fn failed(&self) -> Option<(Vec<u64>, Failures)> {
        let by = self.by.as_ref()?;
        let (is_failure, which): (fn(&[u8]) -> bool, _) = match by.keys.as_slice() {
            [key] if key == "level" => (is_error, Failures::Levels),
            [key] if key == "status" => (is_server_error, Failures::Statuses),
            _ => return None,
        };
        let mut failed = vec![0; self.buckets.len()];
        for group in &by.groups {
            if group
                .key
                .0
                .first()
                .and_then(Option::as_deref)
                .is_some_and(is_failure)
            {
                for (sum, lines) in failed.iter_mut().zip(&group.buckets) {
                    *sum += lines;
                }
            }
        }
        Some((failed, which))
    }

    /// What is odd about how many lines there are when.
    fn odd_times(&self) -> Vec<Warning> {
        let starts: Vec<&str> = self.buckets.iter().map(|b| b.start.as_str()).collect();
        let lines: Vec<u64> = self.buckets.iter().map(|bucket| bucket.lines).collect();
        let series = Series {
            starts: &starts,
            seconds: self.bucket_seconds,
            lines: &lines,
        };
        let mut found = Vec::new();
        match self.failed() {
            Some((failed, Failures::Levels)) => {
                found.extend(series.errors(&failed, "errors", None));
            }
            Some((failed, Failures::Statuses)) => {
                let what = "server errors (5xx)";
                found.extend(series.errors(&failed, what, Some(TOO_MANY)));
            }
            None => {}
        }
        found.extend(series.burst());
        found.extend(series.silence());
        found.extend(series.gaps(&self.gaps));
        found
    }

    fn by_bucket(&self) -> Table {
        let mut columns = vec![Column::label("start"), Column::measure("lines").bar()];
        let names = self.patterns.iter();
        columns.extend(names.flat_map(|pattern| {
            let name = pattern.name.as_ref().unwrap_or(&pattern.pattern);
            let share = Column::detail(format!("{name} percent"));
            [
                Column::measure(name).typed(),
                share.unit(Unit::Percent).typed().spare(),
            ]
        }));
        let mut buckets = Table::new("buckets", columns);
        for bucket in &self.buckets {
            let mut cells = vec![Cell::from(bucket.start.as_str()), Cell::from(bucket.lines)];
            cells.extend(bucket.patterns.iter().flat_map(|&lines| {
                let share = 100.0 * lines as f64 / bucket.lines as f64;
                [Cell::from(lines), Cell::from(share)]
            }));
            buckets.row(cells);
        }
        buckets.notes = self.notes();
        buckets
    }

    fn gap_table(&self) -> Table {
        let mut gaps = Table::new(
            "gaps",
            [
                Column::label("from"),
                Column::label("to"),
                Column::measure("seconds").unit(Unit::Seconds),
            ],
        );
        for gap in &self.gaps {
            gaps.row([
                Cell::from(gap.from.as_str()),
                Cell::from(gap.to.as_str()),
                Cell::from(gap.seconds),
            ]);
        }
        gaps
    }
}

fn is_error(level: &[u8]) -> bool {
    matches!(level, b"error" | b"fatal")
}

/// Whether this is a status of HTTP by which a server says that it failed.
fn is_server_error(status: &[u8]) -> bool {
    matches!(status, [b'5', a, b] if a.is_ascii_digit() && b.is_ascii_digit())
}

/// What says that something failed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Failures {
    /// The level of a line.
    Levels,
    /// The status of an answer.
    Statuses,
}

/// `1 line`, `1,234 lines`.
fn lines(count: u64) -> String {
    format!(
        "{} line{}",
        grouped(count),
        if count == 1 { "" } else { "s" }
    )
}
