//! How large numbers are: of all records, or of those of each key.

mod answer;
mod narrow;
mod passes;
mod recent;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

pub use self::answer::{NumbersAnswer, ValuesAnswer, ValuesGroup};
use self::{
    narrow::Spans,
    passes::{Done, Stage},
    recent::{Recent, Repeated},
};
use super::{
    Head, Kind, Needs, Pass, RowLimit, Scan, Shift, Statistic, WireStatistic,
    groups::{Bounds, Group, GroupValue, Groups, unmerged},
    sound,
};
use crate::{
    error::Result,
    key::{KeyReader, Keys, Row, Unread, encoded},
    number::{Kind as NumberKind, NumberUnit, parse},
    sketch::{Moments, Quantiles, hash},
};

/// The percentiles that are computed, by name and in thousandths.
pub(super) const PERCENTILES: [(&str, u32); 5] = [
    ("p50", 500),
    ("p90", 900),
    ("p95", 950),
    ("p99", 990),
    ("p999", 999),
];

/// Where there are groups, each is exact for fewer different numbers; for yet fewer
/// where there is little memory.
const EXACT_IN_GROUPS: usize = 1 << 12;

/// What is computed, and what is shown of it.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ValuesOptions {
    /// What may stand behind a number.
    pub unit: NumberUnit,
    /// Every match that is not empty has a number. Default: the first of a
    /// record.
    pub all: bool,
    /// How many groups to show. Default: 20 to people.
    pub limit: RowLimit,
    /// Which of them.
    pub sort: ValuesSort,
    /// How many bytes groups may take before the source is read once more for
    /// the rest. Default: 1 GiB.
    pub memory: u64,
    /// How many groups there may be at once. Default: as many as fit.
    pub max_groups: Option<u64>,
    /// Read the source once more for percentiles that are not exact.
    pub exact: bool,
}

impl ValuesOptions {
    /// How many groups people are shown who do not say how many.
    pub(crate) const USUAL: usize = 20;
}

impl Default for ValuesOptions {
    fn default() -> ValuesOptions {
        ValuesOptions {
            unit: NumberUnit::Auto,
            all: false,
            limit: RowLimit::default(),
            sort: ValuesSort::Count,
            memory: 1 << 30,
            max_groups: None,
            exact: false,
        }
    }
}

/// Which groups come first; of equals the lesser key.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ValuesSort {
    /// The most numbers.
    #[default]
    Count,
    /// The largest sum.
    Sum,
    /// The largest number.
    Max,
    /// The largest 99th percentile.
    P99,
    /// The least key: value by value, each byte by byte, a missing one last.
    Key,
}

/// The statistic behind `swathe values`: sum, mean, percentiles and more of
/// the numbers in records, by key.
///
/// A record has one number, that of its first match. Records that have none
/// there are not counted; text that is no number is, as such. Groups that do
/// not fit into memory are looked at in further passes, each over some of the
/// keys, chosen by their hash.
#[derive(Debug)]
pub struct Values {
    what: Arc<What>,
    bounds: Bounds,
    stage: Stage,
}

/// What stays the same from pass to pass.
#[derive(Debug)]
struct What {
    keys: Keys,
    /// How many of the keys make a group; the one behind them is the number.
    by: usize,
    /// For how many different numbers a group is exact.
    exact_for: usize,
    options: ValuesOptions,
}

/// What [`Values`] keeps of some records.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ValuesPartial {
    totals: Totals,
    groups: Groups<Numbers>,
    /// Of a pass for exact percentiles; never of what is read back.
    #[serde(default, skip_serializing_if = "Spans::is_empty")]
    spans: Spans,
}

#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
struct Totals {
    records: u64,
    /// Records that have something where the number should be.
    matched: u64,
    /// How often there was something; more than `matched` if all matches count.
    rows: u64,
    /// Units that were seen; see [`Totals::unit`].
    units: u8,
    /// The sum of the hashes of all keys: another pass over the same has the
    /// same.
    check: u64,
}

/// The numbers of a group.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Numbers {
    moments: Moments,
    quantiles: Quantiles,
}

/// What a thread keeps between chunks.
#[derive(Debug)]
pub struct ValuesWorker {
    reader: KeyReader,
    key: Vec<u8>,
    /// Of the numbers of all records, which need no key.
    recent: Option<Recent>,
}

impl Values {
    /// The numbers in the last of these keys, grouped by those before it.
    ///
    /// # Panics
    /// When there is no key.
    pub fn new(keys: Keys, options: ValuesOptions) -> Values {
        let by = keys.keys().len().checked_sub(1);
        let by = by.expect("the last key is the number");
        let bytes = (options.memory / 4 * 3).clamp(1, Bounds::MAX_BYTES);
        let bounds = Bounds {
            // One group is not left out, and takes what it may.
            bytes: if by == 0 { Bounds::MAX_BYTES } else { bytes },
            groups: options.max_groups.unwrap_or(u64::MAX).max(1),
            first: 0,
            last: u64::MAX,
            counters: 0,
        };
        let exact_for = if by == 0 {
            Quantiles::bound_within(bytes)
        } else {
            Quantiles::bound_within(bounds.for_value()).min(EXACT_IN_GROUPS)
        };
        Values {
            what: Arc::new(What {
                keys,
                by,
                exact_for,
                options,
            }),
            bounds,
            stage: Stage::First,
        }
    }

    /// Takes the number of a match. Returns whether there was something.
    #[inline]
    fn row(
        &self,
        row: &Row<'_>,
        key: &mut Vec<u8>,
        recent: &mut Option<Recent>,
        partial: &mut ValuesPartial,
    ) -> bool {
        let What { by, options, .. } = &*self.what;
        let Some(text) = row.get(*by) else {
            return false;
        };
        if let Some(recent) = recent {
            if let Some(repeated) = recent.count(text, options.unit) {
                self.repeated(repeated, partial);
            }
            return true;
        }
        let number = parse(text, options.unit);
        let key = encoded(row, *by, key);
        let hash = hash(key);
        let totals = &mut partial.totals;
        totals.rows += 1;
        totals.check = totals.check.wrapping_add(hash);
        totals.units |= number.map_or(0, |(_, kind)| unit_bit(kind));
        if let Stage::Narrow(_, targets) = &self.stage {
            if let Some((number, _)) = number {
                targets.add(key, number, &mut partial.spans);
            }
            return true;
        }
        let bound = self.what.exact_for;
        partial.groups.add(&self.bounds, (key, hash), 1, |numbers| {
            if let Some((number, _)) = number {
                numbers.add(number, 1, bound);
            }
        });
        true
    }

    /// Takes the same number of many records, where there is no key.
    fn repeated(&self, Repeated { number, times }: Repeated, partial: &mut ValuesPartial) {
        let (hash, rows) = (hash(b""), u64::from(times));
        let totals = &mut partial.totals;
        totals.rows += rows;
        totals.check = totals.check.wrapping_add(hash.wrapping_mul(rows));
        totals.units |= number.map_or(0, |(_, kind)| unit_bit(kind));
        let bound = self.what.exact_for;
        partial
            .groups
            .add(&self.bounds, (b"", hash), rows, |numbers| {
                if let Some((number, _)) = number {
                    numbers.add(number, times, bound);
                }
            });
    }
}

fn unit_bit(kind: NumberKind) -> u8 {
    match kind {
        NumberKind::Plain => 1,
        NumberKind::Time => 2,
        NumberKind::Size => 4,
    }
}

impl Totals {
    /// What the numbers are measured in.
    fn unit(&self, asked: NumberUnit) -> &'static str {
        match (asked, self.units & 6) {
            (NumberUnit::None, _) | (NumberUnit::Auto, 0) => "none",
            (NumberUnit::Time, _) | (NumberUnit::Auto, 2) => "seconds",
            (NumberUnit::Size, _) | (NumberUnit::Auto, 4) => "bytes",
            (NumberUnit::Auto, _) => "mixed",
        }
    }

    fn add(&mut self, later: Totals) {
        self.records += later.records;
        self.matched += later.matched;
        self.rows += later.rows;
        self.units |= later.units;
        self.check = self.check.wrapping_add(later.check);
    }
}

impl Numbers {
    #[inline]
    fn add(&mut self, number: f64, times: u32, bound: usize) {
        if self.quantiles.is_empty() {
            self.quantiles = Quantiles::bounded(bound);
        }
        self.moments.add_times(number, times);
        self.quantiles.add_times(number, u64::from(times));
    }
}

impl Numbers {
    /// Whether these can be those of so many records.
    fn are_of(&self, records: u64, bound: usize) -> bool {
        let (moments, quantiles) = (&self.moments, &self.quantiles);
        let bounded = quantiles.is_empty() || quantiles.bound() == bound;
        bounded && moments.count() == quantiles.total() && moments.count() <= records
    }
}

impl GroupValue for Numbers {
    const SIZE: usize = 152;

    fn merge(&mut self, other: Numbers) {
        self.moments.merge(&other.moments);
        self.quantiles.merge(&other.quantiles);
    }

    fn weight(&self) -> u64 {
        /// Digits of two sums.
        const SUMS: u64 = 160;
        SUMS + self.quantiles.weight() as u64
    }
}

impl Statistic for Values {
    type Partial = ValuesPartial;
    type Output = ValuesAnswer;
    type Worker = ValuesWorker;

    fn needs(&self) -> Needs {
        Needs {
            line_numbers: false,
            head: true,
            times: self.what.keys.has_times(),
            format: self.what.keys.needs_format(),
        }
    }

    fn unread(&self) -> Vec<Unread> {
        self.what.keys.unread()
    }

    fn prepare(&self, head: &Head) -> Result<()> {
        self.what.keys.prepare(&head.origin())
    }

    fn worker(&self, head: &Head) -> ValuesWorker {
        ValuesWorker {
            reader: self.what.keys.reader(&head.origin()),
            key: Vec::new(),
            recent: (self.what.by == 0 && matches!(self.stage, Stage::First)).then(Recent::new),
        }
    }

    fn identity(&self) -> ValuesPartial {
        ValuesPartial {
            totals: Totals::default(),
            groups: Groups::new(),
            spans: Spans::default(),
        }
    }

    fn scan(&self, worker: &mut ValuesWorker, scan: &Scan<'_>, partial: &mut ValuesPartial) {
        let ValuesWorker {
            reader,
            key,
            recent,
        } = worker;
        let (bytes, offset) = (scan.bytes(), scan.absolute(0));
        let mut matched = 0;
        // The line of names is no record.
        let names = offset == 0 && !bytes.is_empty() && self.what.keys.needs_first_line();
        if scan.is_lines() && !self.what.options.all {
            reader.lines(scan.view(0, bytes), false, |row| {
                matched += u64::from(self.row(row, key, recent, partial));
            });
            partial.totals.records += scan.lines();
        } else {
            for record in scan.records() {
                let content = content(&bytes[record.range.clone()], scan.head());
                let record = scan.view(record.range.start, content);
                let mut any = false;
                reader.record(record, self.what.options.all, |row| {
                    any |= self.row(row, key, recent, partial);
                });
                matched += u64::from(any);
                partial.totals.records += 1;
            }
        }
        if let Some(recent) = recent {
            recent.hand_on(|repeated| self.repeated(repeated, partial));
        }
        partial.totals.records -= u64::from(names);
        partial.totals.matched += matched;
    }

    fn shift(&self, _partial: &mut ValuesPartial, _by: Shift) {}

    fn merge(&self, earlier: &mut ValuesPartial, later: ValuesPartial) {
        earlier.totals.add(later.totals);
        earlier.groups.merge(&self.bounds, later.groups);
        if let Stage::Narrow(_, targets) = &self.stage {
            targets.merge(&mut earlier.spans, &later.spans);
        }
    }

    fn unmerged(&self) -> Option<u64> {
        (self.what.by > 0).then(|| unmerged(self.what.options.memory))
    }

    fn weight(&self, partial: &ValuesPartial) -> u64 {
        partial.groups.bytes()
    }

    fn finish(&self, merged: ValuesPartial) -> ValuesAnswer {
        let done = Done::after(&self.stage, &self.bounds, &self.what, &merged);
        done.answer(&self.what)
    }

    fn next_pass(&self, merged: ValuesPartial) -> Pass<Values> {
        let done = Done::after(&self.stage, &self.bounds, &self.what, &merged);
        match done.next(&self.bounds, &self.what) {
            Some((bounds, stage)) => Pass::Again(Values {
                what: Arc::clone(&self.what),
                bounds,
                stage,
            }),
            None => Pass::Done(merged),
        }
    }
}

impl WireStatistic for Values {
    fn kind(&self) -> Kind {
        Kind::Values
    }

    fn accepts(&self, partial: &ValuesPartial, _sources: u32) -> bool {
        let ValuesPartial {
            totals,
            groups,
            spans,
        } = partial;
        let sound = |group: &Group<Numbers>| group.value.are_of(group.count, self.what.exact_for);
        sound::counts([totals.records])
            && totals.matched <= totals.records
            && groups.accepted(&self.bounds, totals.rows, sound)
            // Another pass has them, and it is not written.
            && spans.is_empty()
    }
}

/// A record without the end of its last line.
fn content<'a>(record: &'a [u8], head: &Head) -> &'a [u8] {
    match record.strip_suffix(b"\n") {
        Some(line) => &line[..head.line_ending.content_len(line)],
        None => record,
    }
}
