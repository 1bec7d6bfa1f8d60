//! How often each key comes, and which come most.

mod passes;
mod value;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use self::passes::Done;
pub use self::value::{Plain, Rich, RichAnswer, TopValue, ValueKeys};
use super::{
    Head, Kind, Needs, Pass, RowLimit, Scan, Shift, Statistic, WireStatistic,
    groups::{Bounds, Groups, MOST_UNMERGED, Sample, unmerged},
    sound,
};
use crate::{
    error::Result,
    key::{KeyReader, Keys, Row, Unread, decode, encoded},
    sketch::hash,
};

/// What is counted, and what is shown of it.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct TopOptions {
    /// How many groups to show. Default: 20 to people.
    pub limit: RowLimit,
    /// Which of them.
    pub sort: TopSort,
    /// Every match that is not empty counts. Default: the first of a record.
    pub all: bool,
    /// How many bytes groups may take before the source is read once more for
    /// the rest. Default: 1 GiB.
    pub memory: u64,
    /// How many groups there may be at once. Default: as many as fit.
    pub max_groups: Option<u64>,
}

impl TopOptions {
    /// How many groups people are shown who do not say how many.
    pub(crate) const USUAL: usize = 20;
}

impl Default for TopOptions {
    fn default() -> TopOptions {
        TopOptions {
            limit: RowLimit::default(),
            sort: TopSort::Count,
            all: false,
            memory: 1 << 30,
            max_groups: None,
        }
    }
}

/// Which groups come first.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TopSort {
    /// The largest count; of equals the lesser key.
    #[default]
    Count,
    /// The least key: value by value, each byte by byte, a missing one last.
    Key,
}

/// The statistic behind `swathe top`: records by key.
///
/// A record counts once, for the keys of its first match; a key it lacks is a
/// group of its own. `V` is what a group has beside its count: [`Plain`]
/// nothing, [`Rich`] a sum and a number of distinct values.
///
/// Groups that do not fit into memory are counted in further passes, each over
/// some of the keys, chosen by their hash, and what else they have is gathered when
/// it is known which are shown; the answer is the same. What is not counted in 64
/// passes is estimated.
#[derive(Debug)]
pub struct Top<V> {
    what: Arc<What>,
    bounds: Bounds,
    /// What the passes before this one came to.
    done: Option<Box<Done<V>>>,
}

/// What stays the same from pass to pass.
#[derive(Debug)]
struct What {
    keys: Keys,
    /// How many of the keys make a group: the first.
    by: usize,
    /// What values are made of.
    value: ValueKeys,
    options: TopOptions,
}

/// What [`Top`] keeps of some records.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
#[serde(bound = "V: TopValue")]
pub struct TopPartial<V> {
    totals: Totals,
    groups: Groups<V>,
    /// Which keys come often, if the source is not read again.
    sample: Sample,
}

#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
struct Totals {
    records: u64,
    matched: u64,
    /// What was counted: matches, or records.
    rows: u64,
    /// The sum of the hashes of all keys: another pass over the same has the
    /// same.
    check: u64,
    /// Keys too long to be kept.
    too_long: u64,
}

/// What [`Top`] found out.
#[derive(Clone, Debug, PartialEq)]
pub struct TopAnswer {
    /// The groups that come first.
    pub groups: Vec<TopGroup>,
    /// How many groups there are.
    pub distinct: u64,
    /// How far `distinct` may be off; `None` if it is exact.
    pub distinct_error: Option<f64>,
    /// Records with a match; all without a regex.
    pub matched: u64,
    /// Records without one.
    pub unmatched: u64,
    /// What the counts of all groups come to.
    pub counted: u64,
    /// What the counts of those not shown come to.
    pub other: u64,
    /// How many passes were made.
    pub passes: u32,
    /// Why the counts are not exact; `None` if they are.
    pub inexact: Option<Inexact>,
}

/// Why counts are not exact.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Inexact {
    /// There were more groups than fit, and the source cannot be read again, or was
    /// read often enough.
    /// Some groups are counted exactly, of others it is estimated how often
    /// they come.
    Estimated {
        /// An estimate is hardly ever too low, and with a probability of 98 %
        /// not more than this too high.
        too_high_by: u64,
        /// A group that comes less often than this may be missing with a
        /// probability of 2 % and more.
        missing_below: u64,
        /// With about so many bytes of memory all groups would have been counted; `None`
        /// if they fit, and it was the number of groups that was bounded.
        memory: Option<u64>,
    },
    /// So many keys were longer than all groups together may be; they are not
    /// counted.
    TooLong(u64),
    /// The source had changed when it was read again.
    Changed,
}

/// One group.
#[derive(Clone, Debug, PartialEq)]
pub struct TopGroup {
    /// The values of its keys.
    pub key: Vec<Option<Vec<u8>>>,
    /// How often they came.
    pub count: u64,
    /// Whether that is exact.
    pub exact: bool,
    /// What else it has, if it is [`Rich`] and that is known.
    pub value: Option<RichAnswer>,
}

/// What a thread keeps between chunks.
#[derive(Debug)]
pub struct TopWorker {
    reader: KeyReader,
    key: Vec<u8>,
    /// How many groups the last chunk had.
    groups: u64,
}

impl<V: TopValue> Top<V> {
    /// Groups by the first `by` of these keys; `value` says which of the others
    /// are for what.
    pub fn new(keys: Keys, by: usize, value: ValueKeys, options: TopOptions) -> Top<V> {
        // A sketch and a sample of what does not fit need room as well, and what waits
        // to be merged.
        let counters = (options.memory / 64).clamp(64, 1 << 24);
        let counters = 1 << counters.ilog2();
        let groups = options.memory / 4 * 3 - (options.memory / 4).min(MOST_UNMERGED);
        let bounds = Bounds {
            bytes: groups.clamp(1, Bounds::MAX_BYTES),
            groups: options.max_groups.unwrap_or(u64::MAX).max(1),
            first: 0,
            last: u64::MAX,
            counters,
        };
        Top {
            what: Arc::new(What {
                keys,
                by,
                value,
                options,
            }),
            bounds,
            done: None,
        }
    }

    #[inline]
    fn row(&self, row: &Row<'_>, key: &mut Vec<u8>, partial: &mut TopPartial<V>) {
        let what = &*self.what;
        let key = encoded(row, what.by, key);
        let hash = hash(key);
        partial.totals.rows += 1;
        partial.totals.check = partial.totals.check.wrapping_add(hash);
        if key.len() as u64 > self.bounds.longest() {
            partial.totals.too_long += 1;
            return;
        }
        let key = (key, hash);
        if let Some(done) = &self.done {
            if !(self.bounds.keeps(0, hash) && done.wants(key.0, hash, &what.options)) {
                return;
            }
            if done.counts_only() {
                return partial.groups.add(&self.bounds, key, 1, |_| {});
            }
        } else {
            partial.sample.add(what.for_sample(), key.0, row.offset());
        }
        partial.groups.add(&self.bounds, key, 1, |value| {
            value.add(row, what.value, self.bounds.for_value());
        });
    }
}

impl What {
    /// How many bytes a sample of keys may take.
    fn for_sample(&self) -> u64 {
        self.options.memory / 16
    }
}

impl<V: TopValue> Statistic for Top<V> {
    type Partial = TopPartial<V>;
    type Output = TopAnswer;
    type Worker = TopWorker;

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

    fn worker(&self, head: &Head) -> TopWorker {
        TopWorker {
            reader: self.what.keys.reader(&head.origin()),
            key: Vec::new(),
            groups: 0,
        }
    }

    fn identity(&self) -> TopPartial<V> {
        TopPartial {
            totals: Totals::default(),
            groups: Groups::new(),
            sample: Sample::new(),
        }
    }

    fn scan(&self, worker: &mut TopWorker, scan: &Scan<'_>, partial: &mut TopPartial<V>) {
        let TopWorker {
            reader,
            key,
            groups,
        } = worker;
        if partial.totals.records == 0 {
            // The chunks of a source are much alike.
            partial.groups.expect(&self.bounds, *groups);
        }
        let all = self.what.options.all;
        // Where lines end is known, and each of them has a row.
        let cut = scan.ends().is_some() && reader.is_of_every_record();
        if scan.is_lines() && !cut {
            partial.totals.records += scan.lines();
            partial.totals.matched += reader.lines(scan.view(0, scan.bytes()), all, |row| {
                self.row(row, key, partial);
            });
            *groups = partial.groups.len();
            return;
        }
        for record in scan.records() {
            let bytes = &scan.bytes()[record.range.clone()];
            let line = bytes.strip_suffix(b"\n").unwrap_or(bytes);
            let content = &line[..scan.head().line_ending.content_len(line)];
            let view = scan.view(record.range.start, content);
            let matched = reader.record(view, all, |row| self.row(row, key, partial));
            partial.totals.records += 1;
            partial.totals.matched += u64::from(matched);
        }
        *groups = partial.groups.len();
    }

    fn shift(&self, _partial: &mut TopPartial<V>, _by: Shift) {}

    fn merge(&self, earlier: &mut TopPartial<V>, later: TopPartial<V>) {
        earlier.totals.add(later.totals);
        earlier.groups.merge(&self.bounds, later.groups);
        earlier.sample.merge(self.what.for_sample(), later.sample);
    }

    fn unmerged(&self) -> Option<u64> {
        Some(unmerged(self.what.options.memory))
    }

    fn weight(&self, partial: &TopPartial<V>) -> u64 {
        partial.groups.bytes() + partial.groups.others_bytes() + partial.sample.bytes()
    }

    fn finish(&self, mut merged: TopPartial<V>) -> TopAnswer {
        let limit = self.what.options.limit.bound(TopOptions::USUAL);
        let mut done = Done::after(self.done.as_deref(), &self.bounds, &self.what, &mut merged);
        let mut inexact = None;
        if done.changed {
            inexact = Some(Inexact::Changed);
        } else if done.totals.too_long > 0 {
            inexact = Some(Inexact::TooLong(done.totals.too_long));
        } else if !done.complete {
            let first = done.sample.take();
            let sample = first.as_deref().unwrap_or(&merged.sample);
            done.estimate(&self.what, sample);
            inexact = Some(Inexact::Estimated {
                too_high_by: done.others.as_ref().map_or(0, |others| others.excess()),
                missing_below: sample.surely(),
                memory: match self.what.options.max_groups {
                    Some(_) => None,
                    None => Some(done.memory().max(self.what.options.memory)),
                },
            });
        }
        let groups = done.best.into_iter().take(limit).map(|best| TopGroup {
            key: decode(&best.key, self.what.by),
            count: best.group.count,
            value: best.group.value.output().filter(|_| best.valued),
            exact: best.exact,
        });
        let groups: Vec<_> = groups.collect();
        // Of estimates, more may be shown than there are.
        let counts = groups.iter().map(|group| group.count);
        let shown = counts.fold(0, u64::saturating_add);
        TopAnswer {
            groups,
            distinct: done.distinct,
            distinct_error: done.distinct_error,
            matched: done.totals.matched,
            unmatched: done.totals.records.saturating_sub(done.totals.matched),
            counted: done.totals.rows,
            other: done.totals.rows.saturating_sub(shown),
            passes: done.passes,
            inexact,
        }
    }

    fn next_pass(&self, mut merged: TopPartial<V>) -> Pass<Top<V>> {
        let before = self.done.as_deref();
        let mut done = Done::after(before, &self.bounds, &self.what, &mut merged);
        match done.next(&self.bounds, &self.what.options) {
            Some(bounds) if !done.changed => {
                // If no pass is made after all, it says what may be missing.
                if before.is_none() {
                    done.sample = Some(Arc::new(merged.sample));
                }
                Pass::Again(Top {
                    what: self.what.clone(),
                    bounds,
                    done: Some(Box::new(done)),
                })
            }
            _ => {
                done.give_back(&mut merged);
                Pass::Done(merged)
            }
        }
    }
}

impl<V: TopValue> WireStatistic for Top<V> {
    fn kind(&self) -> Kind {
        Kind::Top
    }

    fn accepts(&self, partial: &TopPartial<V>, _sources: u32) -> bool {
        let TopPartial {
            totals,
            groups,
            sample,
        } = partial;
        let Totals {
            records,
            matched,
            rows,
            too_long,
            ..
        } = *totals;
        sound::counts([records])
            && matched <= records
            && too_long <= rows
            && groups.accepted(&self.bounds, rows, |group| {
                group.value.is_of(group.count, self.bounds.for_value())
            })
            && sample.is_of(rows)
    }
}

impl Totals {
    fn add(&mut self, later: Totals) {
        self.records += later.records;
        self.matched += later.matched;
        self.rows += later.rows;
        self.check = self.check.wrapping_add(later.check);
        self.too_long += later.too_long;
    }
}
