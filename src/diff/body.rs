//! What `swathe diff` has to say, as its JSON has it.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Flag, Per};
use crate::report::{ExampleRow, KeyRow, Name, Selected, Unit, Warning};

/// What has changed. See [the rules](super).
#[derive(Clone, Debug, JsonSchema, Serialize)]
pub struct DiffBody {
    /// What it is called.
    pub title: String,
    /// What counts were divided by to be judged: `line` or `second`.
    pub per: Per,
    /// From which ratio on, or one by it, a row has shifted.
    pub ratio: f64,
    /// By how much counts had to differ, in as much as the smaller side has.
    pub floor: u64,
    /// What was before.
    pub before: SideRow,
    /// What is after.
    pub after: SideRow,
    /// How many rows there are of each flag, shown or not.
    #[serde(flatten)]
    pub changes: Changes,
    /// The sections that both sides have.
    pub sections: Vec<DiffSection>,
    /// What could not be compared, and what is odd.
    pub warnings: Vec<Warning>,
    /// See [`DiffBody::beyond`].
    #[serde(skip)]
    pub(super) severities: Vec<f64>,
}

/// One of the two sides.
#[derive(Clone, Debug, JsonSchema, Serialize)]
pub struct SideRow {
    /// The files it is of.
    pub sources: Vec<Name>,
    /// All records (lines, unless it is said what a record is); `null` if every
    /// section has conditions of its own.
    pub records: Option<u64>,
    /// Its seconds: of its range of time if that has both ends, else from the
    /// first timestamp to the last; `null` if that is not known.
    pub seconds: Option<f64>,
    /// Records per second.
    pub per_second: Option<f64>,
    /// The first timestamp.
    pub first: Option<String>,
    /// The last.
    pub last: Option<String>,
    /// Which records count.
    #[serde(flatten)]
    pub selected: Selected,
}

/// How many rows there are of each flag.
#[derive(Clone, Copy, Debug, Default, Eq, JsonSchema, PartialEq, Serialize)]
pub struct Changes {
    /// There were none before.
    pub new: u64,
    /// There are none any more.
    pub gone: u64,
    /// There are many more, or many less.
    pub shifted: u64,
    /// It would be one of these, but the counts are too small to say.
    pub few: u64,
    /// None of these.
    pub unchanged: u64,
}

/// One question, answered of both sides.
#[derive(Clone, Debug, JsonSchema, Serialize)]
pub struct DiffSection {
    /// What was asked: `count`, `top`, `values`, `timeline`, `templates`,
    /// `stats` or `levels`.
    pub kind: &'static str,
    /// What the section is called.
    pub title: String,
    /// Which records it is about, where that is not all: the conditions.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub only: Vec<String>,
    /// What the keys of rows are.
    pub keys: Vec<String>,
    /// How many rows there are of each flag, shown or not.
    #[serde(flatten)]
    pub changes: Changes,
    /// Counts, the greatest shifts first.
    pub rows: Vec<ChangeRow>,
    /// What percentiles are measured in: `none`, `seconds` or `bytes`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<&'static str>,
    /// Percentiles, the greatest shifts first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub percentiles: Vec<PercentileRow>,
    /// Sums and different values of groups, the greatest shifts first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub measures: Vec<MeasureRow>,
    /// How many rows are not shown.
    pub not_shown: u64,
    /// How bad each row is, shown or not.
    #[serde(skip)]
    pub(super) severities: Vec<f64>,
    /// What the rows are.
    #[serde(skip)]
    pub(super) rows_are: &'static str,
}

/// A count of both sides.
#[derive(Clone, Debug, JsonSchema, Serialize)]
pub struct ChangeRow {
    /// What is counted: a pattern, the key of a group, a template, a level, or
    /// the name of a total.
    pub key: KeyRow,
    /// How many there were; `null` if that is not known.
    pub before: Option<u64>,
    /// How many there are.
    pub after: Option<u64>,
    /// The rate per line after, by that before; `null` if there is none.
    pub per_line: Option<f64>,
    /// The rate per second after, by that before; `null` if there is none.
    pub per_second: Option<f64>,
    /// What has become of it.
    pub flag: Flag,
    /// What rows are ordered by.
    pub score: f64,
    /// Of a template the first line of it, after, or else before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub example: Option<ExampleRow>,
}

/// A percentile of both sides.
#[derive(Clone, Debug, JsonSchema, Serialize)]
pub struct PercentileRow {
    /// The key of its group; `null` without groups.
    pub key: KeyRow,
    /// Which one: `p50`, `p90`, `p95`, `p99` or `p999`.
    pub percentile: &'static str,
    /// What it was; `null` of no number.
    pub before: Option<f64>,
    /// What it is.
    pub after: Option<f64>,
    /// After by before; `null` if that is no number.
    pub ratio: Option<f64>,
    /// What has become of it.
    pub flag: Flag,
    /// What rows are ordered by.
    pub score: f64,
}

/// What is known of a group beside how many records it has.
#[derive(Clone, Copy, Debug, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// What its numbers come to.
    Sum,
    /// How many different values it has.
    Distinct,
}

impl Measure {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Measure::Sum => "sum",
            Measure::Distinct => "distinct",
        }
    }
}

/// A sum, or a number of different values, of a group that both sides have.
#[derive(Clone, Debug, JsonSchema, Serialize)]
pub struct MeasureRow {
    /// The key of its group.
    pub key: KeyRow,
    /// What it is.
    pub measure: Measure,
    /// What it was.
    pub before: f64,
    /// What it is now.
    pub after: f64,
    /// After by before, as they are; `null` if that is no number.
    pub ratio: Option<f64>,
    /// After by before of what there is per line, or per second if that is what is
    /// judged by; `null` if that is not known.
    pub per_volume: Option<f64>,
    /// What has become of it.
    pub flag: Flag,
    /// What rows are ordered by.
    pub score: f64,
}

impl DiffBody {
    /// How many rows are new, gone, or have a ratio of at least this or one by
    /// it, and are not too few to say.
    pub fn beyond(&self, ratio: f64) -> u64 {
        let beyond = self.severities.iter().filter(|&&s| s >= ratio && s > 1.0);
        beyond.count() as u64
    }

    /// Whether there is something per second.
    pub(super) fn has_seconds(&self) -> bool {
        self.before.seconds.is_some() && self.after.seconds.is_some()
    }
}

impl Changes {
    pub(super) fn count(&mut self, flag: Flag) {
        *match flag {
            Flag::New => &mut self.new,
            Flag::Gone => &mut self.gone,
            Flag::Shifted => &mut self.shifted,
            Flag::Few => &mut self.few,
            Flag::Unchanged => &mut self.unchanged,
        } += 1;
    }

    pub(super) fn add(&mut self, other: Changes) {
        self.new += other.new;
        self.gone += other.gone;
        self.shifted += other.shifted;
        self.few += other.few;
        self.unchanged += other.unchanged;
    }
}

impl DiffSection {
    pub(super) fn measured(&self) -> Unit {
        match self.unit {
            Some("seconds") => Unit::Seconds,
            Some("bytes") => Unit::Bytes,
            _ => Unit::Plain,
        }
    }
}
